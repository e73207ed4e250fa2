package web

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/templates"
)

// front leads everybody to where they belong.
func (w *Web) front(rw http.ResponseWriter, r *http.Request) {
	v := w.visitor(r)
	switch {
	case v.cookie != "":
		w.elsewhere(rw, r, v)
	case w.hasBoard() && !w.inPane(r):
		see(rw, r, "/board")
	default:
		see(rw, r, "/join")
	}
}

// enter is the link in a seat card's code. It signs the tablet in and says
// nothing; the seat is bound when the tablet first acts.
func (w *Web) enter(rw http.ResponseWriter, r *http.Request) {
	d := w.device(rw, r)
	if cookie, ok := w.boardSeat(r, d); ok {
		w.sit(rw, r, cookie)
		see(rw, r, "/")
		return
	}
	cookie, _, err := w.Access.EnterToken(r.Context(), r.PathValue("token"), d, w.Now())
	if err != nil {
		w.sayAtDoor(rw, r, err, "join.old-card")
		return
	}
	w.sit(rw, r, cookie)
	see(rw, r, "/")
}

func (w *Web) joinPage(rw http.ResponseWriter, r *http.Request) {
	w.device(rw, r)
	w.render(rw, r, http.StatusOK, templates.Join(w.page(r), w.welcome(""), ""))
}

// join signs a tablet in by the six digits of a card.
func (w *Web) join(rw http.ResponseWriter, r *http.Request) {
	cookie, _, err := w.Access.EnterCode(r.Context(), r.PostFormValue("code"), w.device(rw, r), w.Now())
	if err != nil {
		w.sayAtDoor(rw, r, err, "join.wrong-code")
		return
	}
	w.sit(rw, r, cookie)
	see(rw, r, "/")
}

// sayAtDoor shows the page of the code again with what went wrong.
func (w *Web) sayAtDoor(rw http.ResponseWriter, r *http.Request, err error, unknown string) {
	status, sentence := w.refused(rw, r, err, unknown)
	if status == 0 {
		w.refuse(rw, r, err)
		return
	}
	if wantsJSON(r) {
		w.writeJSON(rw, status, plea{Refused: "not-signed-in", Message: sentence})
		return
	}
	w.render(rw, r, status, templates.Join(w.page(r), w.welcome(""), sentence))
}

// refused is the sentence for what access says no to, with its status; 0 where
// it is no refusal but a fault.
func (w *Web) refused(rw http.ResponseWriter, r *http.Request, err error, unknown string) (int, string) {
	lang := w.langOf(r)
	if slow, ok := errors.AsType[access.Slow](err); ok {
		seconds := int(math.Ceil(slow.Wait.Seconds()))
		rw.Header().Set("Retry-After", strconv.Itoa(seconds))
		return http.StatusTooManyRequests, lang.T("join.slow", templates.Lasts(lang, slow.Wait))
	}
	for _, known := range []struct {
		err error
		key string
	}{
		{access.ErrUnknown, unknown}, {access.ErrExpired, "claim.expired"}, {access.ErrWrongPIN, "pin.wrong"},
		{access.ErrWeakPIN, "pin.weak"}, {access.ErrHasPIN, "pin.has"}, {access.ErrSeen, "waiting.seen"},
		{access.ErrNotYours, "waiting.not-yours"}, {access.ErrTaken, "waiting.taken"},
	} {
		if errors.Is(err, known.err) {
			return http.StatusForbidden, lang.T(known.key)
		}
	}
	return 0, ""
}

// welcome is what the first pages say of the session and of who comes.
func (w *Web) welcome(who string) templates.Welcome {
	s := w.state().Session
	return templates.Welcome{Phase: s.Phase(), Header: s.Header(), Name: who, Claimed: s.Phase() != meeting.Nothing || w.Access.Claimed()}
}

func (w *Web) pinPage(rw http.ResponseWriter, r *http.Request) {
	w.askPIN(rw, r, http.StatusOK, "")
}

// askPIN shows the page of the PIN, or leads on where none is asked.
func (w *Web) askPIN(rw http.ResponseWriter, r *http.Request, status int, sentence string) {
	v := w.visitor(r)
	if v.cookie == "" || v.PIN == access.PINDone {
		see(rw, r, "/")
		return
	}
	w.render(rw, r, status, templates.PIN(w.page(r), w.welcome(w.nameOf(v.Seat.Person)), v.PIN == access.PINChoose, sentence))
}

// pin takes a PIN: chosen at the first sign-in, else proven on this device.
func (w *Web) pin(rw http.ResponseWriter, r *http.Request) {
	v, pin := w.visitor(r), r.PostFormValue("pin")
	var err error
	switch {
	case v.PIN == access.PINDone:
	case v.PIN == access.PINEnter:
		err = w.Access.EnterPIN(r.Context(), v.cookie, pin, w.device(rw, r), w.Now())
	case pin != r.PostFormValue("again"):
		w.askPIN(rw, r, http.StatusForbidden, w.langOf(r).T("pin.differ"))
		return
	default:
		err = w.Access.ChoosePIN(r.Context(), v.cookie, pin, w.Now())
	}
	if err == nil {
		see(rw, r, "/")
		return
	}
	status, sentence := w.refused(rw, r, err, "join.old-card")
	if status == 0 {
		w.refuse(rw, r, err)
		return
	}
	w.askPIN(rw, r, status, sentence)
}

// leave signs this tablet out.
func (w *Web) leave(rw http.ResponseWriter, r *http.Request) {
	if v := w.visitor(r); v.cookie != "" {
		if err := w.Access.Leave(r.Context(), v.cookie); err != nil {
			w.refuse(rw, r, err)
			return
		}
	}
	w.setCookie(rw, r, seatCookie, "", -1)
	wipe(rw)
	see(rw, r, "/join")
}
