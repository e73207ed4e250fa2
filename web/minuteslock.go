package web

import (
	"net/http"

	"phonghop/meeting"
	"phonghop/room"
)

// lockMinutes is KHÓA BIÊN BẢN. What the text was then is what everybody has seen.
func (w *Web) lockMinutes(rw http.ResponseWriter, r *http.Request) {
	answer, err := w.orderIn(r, (*meeting.Session).Lock)
	if err == nil {
		if s, lookErr := w.sessionAsked(r); lookErr == nil {
			if err := w.seeMinutes(r.Context(), s.Account(), lockLook); err != nil {
				w.Log.Warn("keeping what the minutes were when locked", "session", s.ID(), "err", err)
			}
		}
	}
	w.answerMinutes(rw, r, answer, err)
}

// unlockMinutes is MỞ KHÓA, with a reason.
func (w *Web) unlockMinutes(rw http.ResponseWriter, r *http.Request) {
	reason := r.PostFormValue("reason")
	w.doMinutes(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Unlock(a, reason) })
}

// confirmMinutes is XÁC NHẬN BẰNG PIN: the PIN is proven here and now, then the
// yes to the filed PDF of the lock that stands is recorded. The PIN itself goes
// into nothing that is kept, not even hashed into the entry's id.
func (w *Web) confirmMinutes(rw http.ResponseWriter, r *http.Request) {
	v, pin, as := w.visitor(r), r.PostFormValue("pin"), meeting.Role(r.PostFormValue("as"))
	r.PostForm.Del("pin")
	r.Form.Del("pin")
	s, err := w.sessionAsked(r)
	if err != nil {
		w.answerMinutes(rw, r, room.Answer{}, err)
		return
	}
	if err := w.Access.EnterPIN(r.Context(), v.cookie, pin, w.device(rw, r), w.Now()); err != nil {
		if status, sentence := w.refused(rw, r, err, "join.old-card"); status != 0 {
			w.tell(rw, r, status, sentence)
			return
		}
		w.refuse(rw, r, err)
		return
	}
	ref := ""
	if f, ok := currentPDF(s.Account().Minutes); ok {
		ref = f.Ref
	}
	w.doMinutes(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.ConfirmMinutes(a, as, ref) })
}
