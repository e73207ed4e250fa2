package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"phonghop/meeting"
	"phonghop/rules"
)

// The keys of whoever conducts: chair and secretary press the same ones, and
// the session decides which of them may.

func itemAt(r *http.Request) meeting.ItemID     { return meeting.ItemID(r.PathValue("item")) }
func voteAt(r *http.Request) meeting.VoteID     { return meeting.VoteID(r.PathValue("vote")) }
func personAt(r *http.Request) meeting.PersonID { return meeting.PersonID(r.PathValue("person")) }
func personNamed(r *http.Request) meeting.PersonID {
	return meeting.PersonID(r.PostFormValue("person"))
}

func (w *Web) openSession(rw http.ResponseWriter, r *http.Request) {
	override := r.PostFormValue("override")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, override) })
}

func (w *Web) closeSession(rw http.ResponseWriter, r *http.Request) {
	w.do(rw, r, (*meeting.Session).Close)
}

func (w *Web) beginRecess(rw http.ResponseWriter, r *http.Request) {
	minutes := number(r, "minutes")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.BeginRecess(a, minutes) })
}

func (w *Web) endRecess(rw http.ResponseWriter, r *http.Request) {
	w.do(rw, r, (*meeting.Session).EndRecess)
}

// handOver gives the chair to another member; what their cards and tablets may
// decide follows.
func (w *Web) handOver(rw http.ResponseWriter, r *http.Request) {
	from, to := w.state().Session.Presiding(), personNamed(r)
	answer, err := w.order(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.HandOver(a, to) })
	if err == nil {
		err = w.setDuties(r, answer.State.Session, from, to)
	}
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.done(rw, r, answer)
}

// setDuties tells access what these people are in the session now.
func (w *Web) setDuties(r *http.Request, s *meeting.Session, people ...meeting.PersonID) error {
	for _, id := range people {
		p, ok := s.Person(id)
		if !ok {
			continue
		}
		seat := meeting.SeatView{Person: p, Presiding: s.Presiding() == id}
		if err := w.Access.SetRoles(r.Context(), string(s.ID()), string(id), rolesOf(seat)); err != nil {
			return err
		}
	}
	return nil
}

func (w *Web) openItem(rw http.ResponseWriter, r *http.Request) {
	id := itemAt(r)
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, id) })
}

func (w *Web) closeItem(rw http.ResponseWriter, r *http.Request) {
	id := itemAt(r)
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseItem(a, id) })
}

func (w *Web) deferItem(rw http.ResponseWriter, r *http.Request) {
	id, reason := itemAt(r), r.PostFormValue("reason")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Defer(a, id, reason) })
}

func (w *Web) restoreItem(rw http.ResponseWriter, r *http.Request) {
	id := itemAt(r)
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Restore(a, id) })
}

func (w *Web) giveFloor(rw http.ResponseWriter, r *http.Request) {
	who, seconds := personNamed(r), number(r, "seconds")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.GiveFloor(a, who, seconds) })
}

func (w *Web) extendFloor(rw http.ResponseWriter, r *http.Request) {
	seconds := number(r, "seconds")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Extend(a, seconds) })
}

func (w *Web) stopFloor(rw http.ResponseWriter, r *http.Request) {
	who := personNamed(r)
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Yield(a, who) })
}

// openVote answers a program with the vote it has opened.
func (w *Web) openVote(rw http.ResponseWriter, r *http.Request) {
	on, id := itemAt(r), meeting.VoteID(uuid.Must(uuid.NewV7()).String())
	motion, seconds, override := r.PostFormValue("motion"), number(r, "seconds"), r.PostFormValue("override")
	answer, err := w.order(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, id, on, motion, seconds, override)
	})
	switch {
	case err != nil:
		w.refuse(rw, r, err)
	case wantsJSON(r):
		opened := struct {
			Entry int64          `json:"entry"`
			Vote  meeting.VoteID `json:"vote"` // of the entry: a form sent twice has opened one
		}{Entry: answer.Entry.Seq}
		if err := json.Unmarshal(answer.Entry.Data, &opened); err != nil {
			w.refuse(rw, r, fmt.Errorf("reading which vote was opened: %w", err))
			return
		}
		w.writeJSON(rw, http.StatusOK, opened)
	default:
		w.done(rw, r, answer)
	}
}

func (w *Web) closeVote(rw http.ResponseWriter, r *http.Request) {
	id, anyway := voteAt(r), r.PostFormValue("anyway") != ""
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, id, anyway) })
}

func (w *Web) annulVote(rw http.ResponseWriter, r *http.Request) {
	id, reason := voteAt(r), r.PostFormValue("reason")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Annul(a, id, reason) })
}

// enterBallot enters a ballot for a member without a tablet.
func (w *Web) enterBallot(rw http.ResponseWriter, r *http.Request) {
	id, member := voteAt(r), meeting.PersonID(r.PostFormValue("member"))
	choice, reason := rules.Choice(r.PostFormValue("choice")), r.PostFormValue("reason")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.CastFor(a, id, member, choice, reason)
	})
}

func (w *Web) markPerson(rw http.ResponseWriter, r *http.Request) {
	who, away, reason := personAt(r), r.PostFormValue("state") == "away", r.PostFormValue("reason")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		if away {
			return s.MarkAway(a, who, reason)
		}
		return s.MarkPresent(a, who)
	})
}

// markAll marks everybody here whose tablet is connected: a seat that is taken
// is somebody at the table, and the secretary has looked up before pressing.
func (w *Web) markAll(rw http.ResponseWriter, r *http.Request) {
	var here []meeting.PersonID
	for id, t := range w.state().Tablets {
		if t.Connected {
			here = append(here, id)
		}
	}
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.MarkAll(a, attendees(s, here))
	})
}

// attendees leaves out the secretaries and puts people in protocol order, so
// that the record does not depend on the order of a map.
func attendees(s *meeting.Session, here []meeting.PersonID) []meeting.PersonID {
	connected := map[meeting.PersonID]bool{}
	for _, id := range here {
		connected[id] = true
	}
	var out []meeting.PersonID
	for _, seat := range s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Roll {
		if connected[seat.ID] && seat.Role != meeting.RoleSecretary {
			out = append(out, seat.ID)
		}
	}
	return out
}

func (w *Web) reportAbsence(rw http.ResponseWriter, r *http.Request) {
	who, reason := personAt(r), r.PostFormValue("reason")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.ReportAbsence(a, who, reason)
	})
}

func (w *Web) answerAbsence(rw http.ResponseWriter, r *http.Request) {
	who, agreed := personAt(r), r.PostFormValue("agreed") == "1"
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AnswerAbsence(a, who, agreed)
	})
}

func (w *Web) undo(rw http.ResponseWriter, r *http.Request) {
	seq, _ := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	presided := w.state().Session.Presiding()
	answer, err := w.order(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Undo(a, seq) })
	if now := w.state().Session; err == nil && now.Presiding() != presided { // it was the handing over of the chair
		err = w.setDuties(r, now, presided, now.Presiding())
	}
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.done(rw, r, answer)
}
