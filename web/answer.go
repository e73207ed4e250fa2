package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"phonghop/meeting"
	"phonghop/rehearsal"
	"phonghop/room"
	"phonghop/templates"
)

// do carries out one press of a key on the session and answers it: nothing for
// htmx (the stream shows what changed), the entry's number for a program, and
// back to its page for a plain form.
func (w *Web) do(rw http.ResponseWriter, r *http.Request, verb room.Verb) {
	answer, err := w.order(r, verb)
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.done(rw, r, answer)
}

// order is do without the answer, for handlers that answer in their own way.
func (w *Web) order(r *http.Request, verb room.Verb) (room.Answer, error) {
	c := w.command(r)
	c.Verb = verb
	return w.Room.Do(r.Context(), c)
}

// command reads who presses and which form was pressed. The key of an entry is
// made of the person, the address and all that the form says, its number with
// it: a form sent twice is one entry, and two keys of one page are two. A
// program that sends no number gets a random key.
func (w *Web) command(r *http.Request) room.Command {
	v := w.visitor(r)
	c := room.Command{By: v.Person, Seat: v.Place, Saw: -1}
	if saw, err := strconv.Atoi(r.PostFormValue("saw")); err == nil {
		c.Saw = saw
	}
	if r.PostFormValue("key") != "" {
		sum := sha256.Sum256([]byte(string(v.Person) + "\n" + r.URL.Path + "\n" + r.PostForm.Encode()))
		c.Key = hex.EncodeToString(sum[:])[:32]
	}
	return c
}

// done answers a command that stands.
func (w *Web) done(rw http.ResponseWriter, r *http.Request, a room.Answer) {
	switch {
	case wantsJSON(r):
		w.writeJSON(rw, http.StatusOK, entryJSON(a))
	case isFragment(r):
		rw.WriteHeader(http.StatusNoContent)
	default:
		w.back(rw, r)
	}
}

// settled answers something done that is no entry of the session.
func (w *Web) settled(rw http.ResponseWriter, r *http.Request) { w.done(rw, r, room.Answer{}) }

// tell answers with one sentence of ours, where no rule of the session speaks.
func (w *Web) tell(rw http.ResponseWriter, r *http.Request, status int, sentence string) {
	switch {
	case wantsJSON(r):
		w.writeJSON(rw, status, plea{Message: sentence})
	case isFragment(r):
		w.render(rw, r, status, templates.NoticeBody(sentence))
	default:
		w.render(rw, r, status, templates.Sorry(w.page(r), sentence))
	}
}

// entryJSON names the entry a command came to; nothing where it changed nothing.
func entryJSON(a room.Answer) any {
	if a.Entry.ID == "" {
		return struct{}{}
	}
	return struct {
		Entry int64 `json:"entry"`
	}{a.Entry.Seq}
}

// refuse answers a command that was not carried out, whatever the reason.
func (w *Web) refuse(rw http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) {
		return // nobody is there to read it
	}
	p := w.plea(r, err)
	switch {
	case wantsJSON(r):
		w.writeJSON(rw, p.status, p)
	case isFragment(r):
		w.render(rw, r, p.status, templates.NoticeBody(p.Message))
	case p.status == http.StatusConflict:
		w.remember(rw, r, p)
		w.back(rw, r)
	default:
		w.render(rw, r, p.status, templates.Sorry(w.page(r), p.Message))
	}
}

// plea is why something was not done, as it is told to people and programs.
type plea struct {
	Refused string `json:"refused,omitempty"`
	Fault   string `json:"fault,omitempty"`
	Message string `json:"message"`
	status  int
	count   int
}

// plea tells a refusal, an ended or full journal and a fault apart; only a fault
// gets a number and a line in the log.
func (w *Web) plea(r *http.Request, err error) plea {
	lang := w.langOf(r)
	var refusal meeting.Refusal
	var unstaged rehearsal.Refusal
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &refusal):
		return plea{Refused: string(refusal), Message: templates.Refusal(lang, err), status: http.StatusConflict, count: countOf(err)}
	case errors.As(err, &unstaged):
		name := meeting.Refusal("rehearsal-" + string(unstaged))
		return plea{Refused: string(name), Message: templates.Refusal(lang, name), status: http.StatusConflict}
	case errors.Is(err, room.ErrEnd):
		return plea{Refused: "ended", Message: lang.T("notice.ended"), status: http.StatusServiceUnavailable}
	case errors.Is(err, room.ErrNewer):
		return plea{Refused: "newer", Message: lang.T("notice.newer"), status: http.StatusServiceUnavailable}
	case errors.Is(err, room.ErrFull):
		return plea{Refused: "full", Message: lang.T("notice.full"), status: http.StatusInsufficientStorage}
	case errors.Is(err, room.ErrClosed):
		return plea{Refused: "stopping", Message: lang.T("notice.stopping"), status: http.StatusServiceUnavailable}
	case errors.As(err, &large):
		return plea{Refused: "too-large", Message: lang.T("fault.large", large.Limit>>10), status: http.StatusRequestEntityTooLarge}
	}
	number := faultNumber()
	w.Log.Error("fault", "number", number, "route", r.Pattern, "err", err)
	return plea{Fault: number, Message: lang.T("fault.number", number), status: http.StatusServiceUnavailable}
}

func countOf(err error) int {
	if counted, ok := errors.AsType[*meeting.Counted](err); ok {
		return counted.N
	}
	return 0
}

// faultNumber is short enough to read out over a telephone.
func faultNumber() string {
	n, err := rand.Int(rand.Reader, big.NewInt(90_000))
	if err != nil {
		return "00000"
	}
	return strconv.FormatInt(n.Int64()+10_000, 10)
}

// render draws a page whole before the first byte leaves, so that a fault in the
// middle is still a fault page and not half a page.
func (w *Web) render(rw http.ResponseWriter, r *http.Request, status int, c templ.Component) {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		number := faultNumber()
		w.Log.Error("fault", "number", number, "route", r.Pattern, "err", fmt.Errorf("drawing the page: %w", err))
		http.Error(rw, w.langOf(r).T("fault.number", number), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	rw.WriteHeader(status)
	rw.Write(b.Bytes())
}

func (w *Web) writeJSON(rw http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"message":"not representable"}`)
		w.Log.Error("writing an answer", "err", err)
	}
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.Header().Set("Content-Length", strconv.Itoa(len(body)))
	rw.WriteHeader(status)
	rw.Write(body)
}

// back sends a plain form's sender to the page the form stood on.
func (w *Web) back(rw http.ResponseWriter, r *http.Request) {
	to := "/"
	if u, err := url.Parse(r.Referer()); err == nil && u.Host == r.Host {
		to = "/" + strings.TrimLeft(u.EscapedPath(), `/\`) // "//elsewhere" is another host
	}
	see(rw, r, to)
}

// see sends a browser to another of our pages.
func see(rw http.ResponseWriter, r *http.Request, path string) {
	http.Redirect(rw, r, path, http.StatusSeeOther)
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}

// isFragment tells whether htmx asks: it wants a part of a page, not a page.
func isFragment(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }
