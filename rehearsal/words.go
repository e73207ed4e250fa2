package rehearsal

import (
	"fmt"

	"phonghop/meeting"
	"phonghop/viet"
)

// What those of a rehearsal are called who are in no list of people. Names are
// data, and people read them: Vietnamese, as every name here.
const (
	conductorName = "Máy điều khiển diễn tập"
	chairName     = "Chủ tọa diễn tập"
	plainTitle    = "Nội dung diễn tập"
	closedTitle   = "Nội dung họp kín"
	override      = "Diễn tập"
)

// ghost is the i-th of so many; it sits at T1, T2, … unless somebody does.
func ghost(i, of int, taken map[string]bool) meeting.Person {
	seat := fmt.Sprintf("T%d", i+1)
	if taken[seat] {
		seat = ""
	}
	return meeting.Person{
		Seat: seat, ID: fresh[meeting.PersonID](), Name: fmt.Sprintf("Máy thử %0*d", len(fmt.Sprint(of)), i+1),
		Role: meeting.RoleMember, Votes: true, Order: 10_000 + i,
	}
}

func extra(i int) meeting.Person {
	return meeting.Person{
		ID: fresh[meeting.PersonID](), Name: fmt.Sprintf("Máy vào thêm %d", i), Role: meeting.RoleMember, Votes: true, Order: 20_000 + i,
	}
}

// plainHeader is for a room in which no session is prepared.
func plainHeader() meeting.Header {
	return meeting.Header{Number: 1, Kind: "regular", Body: viet.Clean("Diễn tập")}
}
