package web

import (
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/templates"
	"phonghop/viet"
)

// The keys of a member's tablet.

// markSelf is CÓ MẶT, and leaving the room again.
func (w *Web) markSelf(rw http.ResponseWriter, r *http.Request) {
	away := r.PostFormValue("state") == "away"
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		if away {
			return s.MarkAway(a, a.By, "")
		}
		return s.MarkPresent(a, a.By)
	})
}

func (w *Web) askFloor(rw http.ResponseWriter, r *http.Request) {
	topic, reply := r.PostFormValue("topic"), r.PostFormValue("reply") != ""
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AskFloor(a, topic, reply) })
}

// withdrawAsk takes back one's own registration, or, by whoever conducts,
// another's.
func (w *Web) withdrawAsk(rw http.ResponseWriter, r *http.Request) {
	who := personNamed(r)
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		if who == "" {
			return s.WithdrawAsk(a, a.By)
		}
		return s.WithdrawAsk(a, who)
	})
}

func (w *Web) yieldFloor(rw http.ResponseWriter, r *http.Request) {
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Yield(a, a.By) })
}

func (w *Web) writeOpinion(rw http.ResponseWriter, r *http.Request) {
	id, text, reserved := itemAt(r), r.PostFormValue("text"), r.PostFormValue("reservation") != ""
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.WriteOpinion(a, id, text, reserved)
	})
}

// ballotAnswer is the ballot that stands, as tablets and programs read it: a
// fixed point of the interface (README).
type ballotAnswer struct {
	Entry  int64        `json:"entry"`
	N      int          `json:"n"`
	At     string       `json:"at"`
	Choice rules.Choice `json:"choice"`
	Code   string       `json:"code"`
	Clock  string       `json:"clock"` // the same time as screens show it
}

func ballotOf(b meeting.Ballot) ballotAnswer {
	return ballotAnswer{
		Entry: b.Entry, N: b.N, At: b.At.UTC().Format(time.RFC3339Nano), Choice: b.Choice, Code: b.Code,
		Clock: viet.ClockSeconds(b.At),
	}
}

// castBallot takes one tap. Whatever became of it, the answer is the ballot that
// stands after it: an old or repeated tap is answered with the newer ballot.
func (w *Web) castBallot(rw http.ResponseWriter, r *http.Request) {
	id, choice := voteAt(r), rules.Choice(r.PostFormValue("choice"))
	n, ok := tapNumber(r)
	if !ok {
		w.refuse(rw, r, meeting.BadN)
		return
	}
	c := w.command(r)
	c.Key = "" // a ballot's id is VOTE/MEMBER/n
	c.Verb = func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, id, n, choice) }
	answer, err := w.Room.Do(r.Context(), c)
	if err != nil {
		w.refuseBallot(rw, r, c.By, id, err)
		return
	}
	if !wantsJSON(r) {
		w.done(rw, r, answer)
		return
	}
	stands, _ := answer.State.Session.BallotOf(c.By, id)
	w.writeJSON(rw, http.StatusOK, ballotOf(stands))
}

// tapNumber reads n: absent (0) is for programs, anything else must be a number.
func tapNumber(r *http.Request) (int, bool) {
	typed := r.PostFormValue("n")
	if typed == "" {
		return 0, true
	}
	n, err := strconv.Atoi(typed)
	return n, err == nil && n > 0
}

// refuseBallot says no, together with the ballot that stands.
func (w *Web) refuseBallot(rw http.ResponseWriter, r *http.Request, who meeting.PersonID, id meeting.VoteID, err error) {
	var refusal meeting.Refusal
	if !wantsJSON(r) || !errors.As(err, &refusal) {
		w.refuse(rw, r, err)
		return
	}
	p := w.plea(r, err)
	body := struct {
		Refused string        `json:"refused"`
		Message string        `json:"message"`
		Ballot  *ballotAnswer `json:"ballot,omitempty"`
	}{Refused: p.Refused, Message: p.Message}
	if stands, ok := w.state().Session.BallotOf(who, id); ok {
		a := ballotOf(stands)
		body.Ballot = &a
	}
	w.writeJSON(rw, p.status, body)
}

// itemPage is one item of the agenda with its papers.
func (w *Web) itemPage(rw http.ResponseWriter, r *http.Request) {
	v, m := w.viewOf(r)
	at := slices.IndexFunc(v.Agenda, func(it meeting.ItemView) bool { return it.ID == itemAt(r) })
	if at < 0 {
		w.refuse(rw, r, meeting.NoSuchItem)
		return
	}
	w.render(rw, r, http.StatusOK, templates.MemberItemPage(w.page(r), v, m, v.Agenda[at]))
}

func (w *Web) ownRecord(rw http.ResponseWriter, r *http.Request) {
	v, m := w.viewOf(r)
	w.render(rw, r, http.StatusOK, templates.MemberRecordPage(w.page(r), v, m))
}

// paper hands out a paper as the file it is. Only what a browser draws without
// running anything is shown in place; the rest is offered for download.
func (w *Web) paper(rw http.ResponseWriter, r *http.Request) {
	l, err := w.leafAt(r, "")
	if err != nil {
		w.noPaper(rw, r, err)
		return
	}
	x := l.paper
	file, err := w.document(x.Ref)
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	defer file.Close()
	way := "attachment"
	if slices.Contains([]string{"application/pdf", "image/png", "image/jpeg", "text/plain"}, x.Type) {
		way = "inline"
	}
	h := rw.Header()
	h.Set("Content-Type", x.Type)
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": x.Name}))
	h.Set("ETag", `"`+x.Ref+`"`)
	h.Set("Cache-Control", "private, no-cache")
	if x.Recall {
		h.Set("Cache-Control", "no-store")
	}
	http.ServeContent(rw, r, "", time.Time{}, file)
}
