package templates

import (
	"fmt"

	"phonghop/meeting"
)

// SeatNumber names the seats of a plan in reading order: "01", "02", …
func SeatNumber(i int) string { return fmt.Sprintf("%02d", i+1) }

// place is one seat of the plan and who sits there.
type place struct {
	Number string
	Person meeting.Person
}

// plan is the seats of a room in rows, with who sits there.
func plan(v meeting.View) [][]place {
	at := map[string]meeting.Person{}
	for _, s := range v.Roll {
		if s.Seat != "" {
			at[s.Seat] = s.Person
		}
	}
	rows := make([][]place, v.Header.Rows)
	for r := range rows {
		for c := range v.Header.Cols {
			number := SeatNumber(r*v.Header.Cols + c)
			rows[r] = append(rows[r], place{number, at[number]})
		}
	}
	return rows
}

// seated are the people who need a seat: all but the secretaries.
func seated(v meeting.View) []meeting.SeatView {
	var out []meeting.SeatView
	for _, s := range v.Roll {
		if s.Role != meeting.RoleSecretary {
			out = append(out, s)
		}
	}
	return out
}

// withoutSeat are those of them who have none.
func withoutSeat(v meeting.View) []meeting.SeatView {
	var out []meeting.SeatView
	for _, s := range seated(v) {
		if s.Seat == "" {
			out = append(out, s)
		}
	}
	return out
}

// offPlan are people whose seat is none that the plan shows.
func offPlan(v meeting.View) []meeting.SeatView {
	shown := map[string]bool{}
	for i := range v.Header.Rows * v.Header.Cols {
		shown[SeatNumber(i)] = true
	}
	var out []meeting.SeatView
	for _, s := range v.Roll {
		if s.Seat != "" && !shown[s.Seat] {
			out = append(out, s)
		}
	}
	return out
}
