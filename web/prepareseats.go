package web

import (
	"net/http"
	"strconv"
	"strings"

	"phonghop/meeting"
	"phonghop/templates"
	"phonghop/viet"
)

func (w *Web) prepareSeats(rw http.ResponseWriter, r *http.Request) {
	w.render(rw, r, http.StatusOK, templates.PrepareSeats(w.page(r), w.clerkView(), newKey()))
}

// setSeats changes the plan, fills it in order, or takes it as typed.
func (w *Web) setSeats(rw http.ResponseWriter, r *http.Request) {
	switch r.PostFormValue("do") {
	case "size":
		rows, cols := number(r, "rows"), number(r, "cols")
		w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			h := s.Header()
			h.Rows, h.Cols = rows, cols
			return s.Change(a, h, s.Rules())
		})
	case "order":
		w.seatInOrder(rw, r)
	default:
		chosen := chosenSeats(r)
		w.doAndTurn(rw, r, "", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.SeatAll(a, asChosen(s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}), chosen))
		})
	}
}

func (w *Web) seatInOrder(rw http.ResponseWriter, r *http.Request) {
	v := w.clerkView()
	if seats, people := v.Header.Rows*v.Header.Cols, len(inOrder(v)); seats < people {
		w.tell(rw, r, http.StatusConflict, w.langOf(r).T("seats.few", seats, people))
		return
	}
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.SeatAll(a, inOrder(s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen})))
	})
}

// inOrder gives everybody but the secretary the next seat, in protocol order.
func inOrder(v meeting.View) []meeting.Person {
	var people []meeting.Person
	for _, seat := range v.Roll {
		if seat.Role != meeting.RoleSecretary {
			seat.Seat = templates.SeatNumber(len(people))
			people = append(people, seat.Person)
		}
	}
	return people
}

// chosenSeats reads who was put where: person by seat number.
func chosenSeats(r *http.Request) map[meeting.PersonID][]string {
	chosen := map[meeting.PersonID][]string{}
	for name, values := range r.PostForm {
		if seat, ok := strings.CutPrefix(name, "seat-"); ok && len(values) == 1 && values[0] != "" {
			id := meeting.PersonID(values[0])
			chosen[id] = append(chosen[id], seat)
		}
	}
	return chosen
}

// asChosen is everybody with their new seat. Somebody put on two seats keeps
// the one that is new to them.
func asChosen(v meeting.View, chosen map[meeting.PersonID][]string) []meeting.Person {
	var people []meeting.Person
	for _, seat := range v.Roll {
		old := seat.Seat
		if len(chosen[seat.ID]) == 0 && (seat.Role == meeting.RoleSecretary || !inPlan(v, old)) {
			continue
		}
		seat.Seat = ""
		for _, s := range chosen[seat.ID] {
			if seat.Seat == "" || seat.Seat == old {
				seat.Seat = s
			}
		}
		people = append(people, seat.Person)
	}
	return people
}

// seatNamed reads a seat as people write it: 7 is the seat that the plan and
// the cards call 07.
func seatNamed(typed string) string {
	typed = viet.Clean(typed)
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 {
		return templates.SeatNumber(n - 1)
	}
	return typed
}

// inPlan tells whether a seat number is one the plan shows.
func inPlan(v meeting.View, seat string) bool {
	n, err := strconv.Atoi(seat)
	return err == nil && n >= 1 && n <= v.Header.Rows*v.Header.Cols && templates.SeatNumber(n-1) == seat
}
