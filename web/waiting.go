package web

import (
	"errors"
	"net/http"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/templates"
)

// waiting is the page of a tablet whose seat another one has. It asks for the
// seat and looks again by itself, with or without script.
func (w *Web) waiting(rw http.ResponseWriter, r *http.Request) {
	w.showWaiting(rw, r, http.StatusOK, "")
}

func (w *Web) showWaiting(rw http.ResponseWriter, r *http.Request, status int, sentence string) {
	v := w.visitor(r)
	if v.cookie == "" || v.PIN != access.PINDone || v.Bound || !w.taken(v) {
		see(rw, r, "/")
		return
	}
	seat, err := w.Access.Bind(r.Context(), v.cookie, w.Now())
	switch {
	case err == nil || errors.Is(err, access.ErrUnknown):
		see(rw, r, "/")
	case !errors.Is(err, access.ErrTaken):
		w.refuse(rw, r, err)
	default:
		w.render(rw, r, status, templates.Waiting(w.page(r), w.welcome(w.nameOf(v.Seat.Person)), seat.Yields, sentence))
	}
}

// takeOver gives the seat to this tablet by the code the secretary read out.
func (w *Web) takeOver(rw http.ResponseWriter, r *http.Request) {
	v := w.visitor(r)
	_, err := w.Access.TakeOver(r.Context(), v.cookie, r.PostFormValue("code"), w.device(rw, r), w.Now())
	if err == nil || v.cookie == "" {
		see(rw, r, "/")
		return
	}
	status, sentence := w.refused(rw, r, err, "waiting.wrong")
	if status == 0 {
		w.refuse(rw, r, err)
		return
	}
	w.showWaiting(rw, r, status, sentence)
}

// decideSeat lets a waiting tablet in or sends it away, or takes a seat from
// every tablet that has it.
func (w *Web) decideSeat(rw http.ResponseWriter, r *http.Request) {
	v, seat := w.visitor(r), r.PathValue("seat")
	var err error
	switch r.PathValue("verb") {
	case "allow":
		err = w.Access.Allow(r.Context(), w.askingFor(seat), w.deciding(v), w.Now())
	case "deny":
		err = w.Access.Deny(r.Context(), w.askingFor(seat), w.deciding(v))
	case "release":
		err = w.release(r, v, seat)
	default:
		w.nothingHere(rw, r)
		return
	}
	if status, sentence := w.refused(rw, r, err, "waiting.gone"); status != 0 {
		w.tell(rw, r, status, sentence)
		return
	}
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.settled(rw, r)
}

// deciding is the visitor as access must know them: the session's secretary has
// that role here even where the card does not say so.
func (w *Web) deciding(v visitor) access.Seat {
	seat := v.Seat
	if w.staff(v) {
		seat.Roles |= access.Secretary
	}
	return seat
}

// askingFor finds the waiting tablet by its own id or by whose seat it wants.
func (w *Web) askingFor(seat string) string {
	for _, t := range w.Access.Waiting(w.Now()) {
		if t.Person == seat {
			return t.ID
		}
	}
	return seat
}

func (w *Web) release(r *http.Request, v visitor, person string) error {
	if !w.staff(v) {
		return meeting.NotAllowed
	}
	for _, session := range []string{string(w.state().Session.ID()), ""} {
		if err := w.Access.Release(r.Context(), session, person); err != nil {
			return err
		}
	}
	return nil
}
