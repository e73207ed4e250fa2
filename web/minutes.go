package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"phonghop/drafts"
	"phonghop/meeting"
	"phonghop/minutes"
	"phonghop/room"
	"phonghop/templates"
	"phonghop/viet"
)

// Imprint is what the technical page of the minutes says of this room.
type Imprint struct {
	Key    string                         // fingerprint of the room's key
	Origin func(meeting.SessionID) string // name of a session's log; may be nil
}

// writeMost is what one text of the minutes may bring: 20,000 characters as a
// form writes them, nine bytes to most Vietnamese letters.
const writeMost = 256 << 10

// sessionAsked is the session a page or form of the minutes is about: the one it
// names, else the one in the room.
func (w *Web) sessionAsked(r *http.Request) (*meeting.Session, error) {
	now := w.state().Session
	id := meeting.SessionID(r.FormValue("session"))
	if id == "" || id == now.ID() {
		return now, nil
	}
	return w.Room.Session(r.Context(), id)
}

// minuted is sessionAsked for whoever holds a right in it.
func (w *Web) minuted(r *http.Request, right meeting.Right) (*meeting.Session, error) {
	s, err := w.sessionAsked(r)
	if err != nil {
		return nil, err
	}
	if !s.May(w.person(r), right) {
		return nil, meeting.NotAllowed
	}
	return s, nil
}

// orderIn is order on the session a form names.
func (w *Web) orderIn(r *http.Request, verb room.Verb) (room.Answer, error) {
	c := w.command(r)
	c.Verb, c.Session = verb, meeting.SessionID(r.PostFormValue("session"))
	return w.Room.Do(r.Context(), c)
}

// doMinutes is do for the forms of the minutes: they lead back to the session's
// own page.
func (w *Web) doMinutes(rw http.ResponseWriter, r *http.Request, verb room.Verb) {
	answer, err := w.orderIn(r, verb)
	w.answerMinutes(rw, r, answer, err)
}

func (w *Web) answerMinutes(rw http.ResponseWriter, r *http.Request, a room.Answer, err error) {
	switch {
	case err == nil && (wantsJSON(r) || isFragment(r)):
		w.done(rw, r, a)
	case err == nil:
		see(rw, r, templates.MinutesHref(meeting.SessionID(r.PostFormValue("session"))))
	case wantsJSON(r) || isFragment(r) || errors.Is(err, context.Canceled):
		w.refuse(rw, r, err)
	default:
		p := w.plea(r, err)
		if p.status != http.StatusConflict {
			w.render(rw, r, p.status, templates.Sorry(w.page(r), p.Message))
			return
		}
		w.remember(rw, r, p)
		see(rw, r, templates.MinutesHref(meeting.SessionID(r.PostFormValue("session"))))
	}
}

// minutesPage is the live editor.
func (w *Web) minutesPage(rw http.ResponseWriter, r *http.Request) {
	d, err := w.minutesDesk(r)
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.render(rw, r, http.StatusOK, templates.MinutesPage(w.page(r), d))
}

// minutesPart is what may have changed on it; nothing where nothing did.
func (w *Web) minutesPart(rw http.ResponseWriter, r *http.Request) {
	d, err := w.minutesDesk(r)
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	rw.Header().Set("Minutes-Seq", strconv.FormatInt(d.Seq, 10))
	if r.FormValue("seq") == strconv.FormatInt(d.Seq, 10) {
		rw.WriteHeader(http.StatusNoContent)
		return
	}
	w.sendPanels(rw, r, templates.MinutesPanels(w.page(r), d))
}

// minutesDesk gathers what the page of a session's minutes shows.
func (w *Web) minutesDesk(r *http.Request) (templates.MinutesDesk, error) {
	s, err := w.minuted(r, meeting.ToWrite)
	if err != nil {
		return templates.MinutesDesk{}, err
	}
	who, a := w.person(r), s.Account()
	if a.Phase == meeting.Preparing || a.Phase == meeting.Nothing {
		return templates.MinutesDesk{}, meeting.NotSitting
	}
	d := templates.MinutesDesk{
		Account: a, Seq: a.Size, Mark: "⟦" + rand.Text()[:12] + "⟧", Key: newKey(), Link: w.linkFor(r),
		Editable: !a.Minutes.Locked && a.Phase != meeting.Sealed,
		MayLock:  s.May(who, meeting.ToLock) && a.Phase == meeting.Closed, MayTake: s.May(who, meeting.ToReturn) && a.Phase == meeting.Closed,
	}
	d.As, d.Done = mayConfirm(s, a.Minutes, who)
	kept, err := w.draftsOf(r.Context(), who, s.ID())
	if err != nil {
		return templates.MinutesDesk{}, err
	}
	lang := w.langOf(r)
	list := fieldsOf(lang, a, kept)
	if err := w.lookAround(r.Context(), &d, list, who); err != nil {
		return templates.MinutesDesk{}, err
	}
	d.Fields = map[string]templates.MinutesField{}
	for _, f := range list {
		d.Fields[f.Name] = f
	}
	d.Blocks = minutes.Minutes(w.sourceOf(marked(a, d), false)).Blocks
	return d, nil
}

// mayConfirm is what somebody may confirm the minutes as, and whether they have.
func mayConfirm(s *meeting.Session, m meeting.MinutesState, who meeting.PersonID) (as meeting.Role, done bool) {
	p, _ := s.Person(who)
	switch {
	case who == s.Presiding():
		as = meeting.RoleChair
	case p.Role == meeting.RoleSecretary:
		as = meeting.RoleSecretary
	}
	return as, slices.ContainsFunc(m.Confirmed, func(c meeting.Confirmed) bool { return c.ID == who && c.As == as })
}

// lookAround adds what lies beside the form: what changed since the reader looked,
// files that wait, earlier sessions.
func (w *Web) lookAround(ctx context.Context, d *templates.MinutesDesk, list []templates.MinutesField, who meeting.PersonID) error {
	for _, e := range w.Room.Sessions() {
		if e.ID != d.Account.ID && (e.Phase == meeting.Closed || e.Phase == meeting.Sealed) {
			d.Earlier = append(d.Earlier, templates.EarlierMinutes{ID: e.ID, Number: e.Number})
		}
	}
	if w.Drafts == nil {
		return nil
	}
	look, err := w.lastLook(ctx, d.Account, who)
	if err != nil {
		return err
	}
	d.Since = look.At
	for _, f := range list {
		if f.Text != "" && look.Seen[f.Name] != fingerprint(f.Text) || f.Text == "" && look.Seen[f.Name] != "" {
			d.Changed = append(d.Changed, f)
		}
	}
	waiting, err := w.Drafts.Waiting(ctx, string(d.Account.ID))
	for _, x := range waiting {
		d.Waiting = append(d.Waiting, templates.ReturnedFile{Ref: x.Ref, Name: x.Name, At: x.At})
	}
	return err
}

// lockLook is whose look the text was when it was locked last.
const lockLook = "(lock)"

// lastLook is the newer of one's own look and the lock.
func (w *Web) lastLook(ctx context.Context, a meeting.Account, who meeting.PersonID) (drafts.Look, error) {
	own, _, err := w.Drafts.LastLook(ctx, string(who), string(a.ID))
	if err != nil {
		return own, err
	}
	lock, ok, err := w.Drafts.LastLook(ctx, lockLook, string(a.ID))
	if ok && lock.At.After(own.At) {
		return lock, err
	}
	return own, err
}

func (w *Web) seeMinutes(ctx context.Context, a meeting.Account, who string) error {
	if w.Drafts == nil {
		return nil
	}
	look := drafts.Look{Seen: map[string]string{}, At: w.Now()}
	for _, f := range fieldsOf(templates.Vietnamese, a, nil) {
		if f.Text != "" {
			look.Seen[f.Name] = fingerprint(f.Text)
		}
	}
	return w.Drafts.Saw(ctx, who, string(a.ID), look)
}

// seenMinutes is ĐÃ XEM: what stands now is no longer new to this reader.
func (w *Web) seenMinutes(rw http.ResponseWriter, r *http.Request) {
	s, err := w.minuted(r, meeting.ToWrite)
	if err == nil {
		err = w.seeMinutes(r.Context(), s.Account(), string(w.person(r)))
	}
	w.answerMinutes(rw, r, room.Answer{}, err)
}

func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

func (w *Web) draftsOf(ctx context.Context, who meeting.PersonID, id meeting.SessionID) (map[string]drafts.Draft, error) {
	if w.Drafts == nil {
		return nil, nil
	}
	return w.Drafts.Of(ctx, string(who), string(id))
}

// keepDraft keeps what is being typed; it is no entry yet.
func (w *Web) keepDraft(rw http.ResponseWriter, r *http.Request) {
	s, err := w.minuted(r, meeting.ToWrite)
	switch {
	case err != nil:
		w.refuse(rw, r, err)
		return
	case w.Drafts == nil:
		w.tell(rw, r, http.StatusNotFound, w.langOf(r).T("min.no-drafts"))
		return
	}
	now := w.Now()
	at := drafts.Place{Person: string(w.person(r)), Session: string(s.ID()), Block: r.PostFormValue("place")}
	if _, ok := placeNamed(at.Block); !ok {
		w.refuse(rw, r, meeting.NoSuchPlace)
		return
	}
	if err := w.Drafts.Keep(r.Context(), at, r.PostFormValue("text"), now); err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.writeJSON(rw, http.StatusOK, struct {
		Saved string `json:"saved"`
	}{viet.ClockSeconds(now)})
}

// writeMinutes records a text of the minutes; the draft of it ends.
func (w *Web) writeMinutes(rw http.ResponseWriter, r *http.Request) {
	name, text := r.PostFormValue("place"), strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	at, ok := placeNamed(name)
	if !ok {
		w.answerMinutes(rw, r, room.Answer{}, meeting.NoSuchPlace)
		return
	}
	answer, err := w.orderIn(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		if at.Block == conclusion {
			return s.Conclude(a, at.Item, text)
		}
		return s.Write(a, at, text)
	})
	if err == nil {
		err = w.dropDraft(r, name)
	}
	w.answerMinutes(rw, r, answer, err)
}

func (w *Web) dropDraft(r *http.Request, name string) error {
	if w.Drafts == nil {
		return nil
	}
	s, err := w.sessionAsked(r)
	if err != nil {
		return err
	}
	return w.Drafts.Drop(r.Context(), drafts.Place{Person: string(w.person(r)), Session: string(s.ID()), Block: name})
}

// acceptWords is NHẬN: a speaker's own wording becomes the text.
func (w *Web) acceptWords(rw http.ResponseWriter, r *http.Request) {
	turn := turnNamed(r)
	w.doMinutes(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AcceptWords(a, turn) })
}

// ownWords is a speaker's page: what the minutes say of their speeches.
func (w *Web) ownWords(rw http.ResponseWriter, r *http.Request) {
	v, m := w.viewOf(r)
	w.render(rw, r, http.StatusOK, templates.WordsPage(w.page(r), v, m, newKey()))
}

func (w *Web) confirmWords(rw http.ResponseWriter, r *http.Request) {
	turn := turnNamed(r)
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.ConfirmWords(a, turn) })
}

func (w *Web) proposeWords(rw http.ResponseWriter, r *http.Request) {
	turn, text := turnNamed(r), strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.ProposeWords(a, turn, text) })
}

func turnNamed(r *http.Request) int64 {
	turn, err := strconv.ParseInt(r.PostFormValue("turn"), 10, 64)
	if err != nil {
		return -1
	}
	return turn
}

// sourceOf is what the minutes of an account are drawn from.
func (w *Web) sourceOf(a meeting.Account, draft bool) minutes.Source {
	src := minutes.Source{
		Account: a, Office: w.particulars().Office, Key: w.Minutes.Key, Demo: w.Demo, Draft: draft, At: w.Now(),
		Link: w.Address() + "/minutes/" + string(a.ID) + "/bien-ban.pdf", Pages: map[meeting.PaperID]int{},
	}
	if w.Minutes.Origin != nil {
		src.Origin = w.Minutes.Origin(a.ID)
	}
	for _, it := range a.Items {
		for _, p := range it.Papers {
			src.Pages[p.ID] = p.Total
		}
	}
	return src
}

// drawnAt is the moment the minutes are of: the lock, or the end of the sitting.
func drawnAt(a meeting.Account) time.Time {
	if a.Minutes.Locked {
		return a.Minutes.LockedAt
	}
	return a.Ended
}
