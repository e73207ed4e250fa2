package web

import (
	"net/http"
	"strconv"

	"phonghop/meeting"
	"phonghop/templates"
)

// The words of the record: what chair and secretary write, and the record as a
// page to print.

func (w *Web) conclude(rw http.ResponseWriter, r *http.Request) {
	id, text := itemAt(r), r.PostFormValue("text")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Conclude(a, id, text) })
}

func (w *Web) note(rw http.ResponseWriter, r *http.Request) {
	id, text := meeting.ItemID(r.PostFormValue("item")), r.PostFormValue("text")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Note(a, id, text) })
}

func (w *Web) correct(rw http.ResponseWriter, r *http.Request) {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil {
		seq = -1
	}
	text := r.PostFormValue("text")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Correct(a, seq, text) })
}

// record is the plain record of the session in the room, or of an earlier one
// by its id, drawn from the journal: for whoever keeps it or presides.
func (w *Web) record(rw http.ResponseWriter, r *http.Request) {
	who := w.visitor(r)
	if !w.staff(who) && !w.state().Session.May(who.Person, meeting.ToRecord) {
		w.refuse(rw, r, meeting.NotAllowed)
		return
	}
	id := meeting.SessionID(r.FormValue("session"))
	if id == "" {
		id = w.state().Session.ID()
	}
	s, err := w.Room.Record(r.Context(), id)
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	chain := templates.Chain{Entries: s.Size()}
	if entries, root, ok := w.Room.Root(id); ok {
		chain = templates.Chain{Entries: entries, Root: root}
	}
	v := s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen})
	w.render(rw, r, http.StatusOK, templates.RecordPage(w.page(r), v, chain))
}
