package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"phonghop/meeting"
	"phonghop/room"
	"phonghop/templates"
)

const (
	tickEvery = 2 * time.Second  // a tablet that hears nothing for about 5 s dials again
	stuck     = 10 * time.Second // a write that takes longer, or half of it, ends the stream
)

// stream is one tablet's line: who is there, and what they were sent.
type stream struct {
	web    *Web
	rw     http.ResponseWriter
	r      *http.Request
	screen meeting.Screen
	at     string // which of the screen's pages
	who    visitor
	lang   templates.Lang
	sent   sentTags
	own    ownKey                 // of the own panels as last drawn
	state  *templates.MemberState // the same, as far as it was told; all in one state point to one
	told   toldBallot
	nobody bool      // no tablet asked for a seat, as last sent
	until  time.Time // the deadline of the line

	counted, gone func() // undo what was counted when it began; gone is nil for the hall

	job   job // the drawer's, from jobs until drawn
	drawn chan struct{}
}

// live keeps a screen at what the room is doing: everything at once, then what
// changed. With once=1 it ends after the first message, for networks that hold
// streams back.
//
// A line waits for hours in run. What stands on the stack below it is paid for by
// every tablet, and with some hundred bytes more Go keeps 16 kB for each where 8 do: what a
// stream begins with is made in functions that have returned by then.
func (w *Web) live(rw http.ResponseWriter, r *http.Request) {
	s := w.dial(rw, r)
	if s == nil {
		return
	}
	defer s.hungUp()
	if err := s.run(r.URL.Query().Get("once") != ""); err != nil {
		s.ended(err)
	}
}

// dial begins a stream to a visitor; nil where that screen is not theirs, which is
// answered here.
func (w *Web) dial(rw http.ResponseWriter, r *http.Request) *stream {
	asked := r.URL.Query() // and not the form: that would stay as long as the line
	s := &stream{
		web: w, rw: rw, r: r, screen: meeting.Screen(asked.Get("screen")), who: w.visitor(r),
		at: cmp.Or(asked.Get("at"), templates.PageHome), lang: w.langOf(r),
		drawn: make(chan struct{}, 1),
	}
	if !w.mayWatch(s.who, s.screen, w.state().Session) {
		w.writeJSON(rw, http.StatusForbidden, plea{Refused: string(meeting.NotAllowed), Message: templates.Refusal(s.lang, meeting.NotAllowed)})
		return nil
	}
	rw.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	rw.Header().Set("X-Accel-Buffering", "no")
	s.counted = w.meter.streaming()
	if s.screen != meeting.HallScreen {
		s.gone = w.Room.Connected(s.who.Person)
	}
	return s
}

// hungUp takes a stream off what counts streams.
func (s *stream) hungUp() {
	if s.gone != nil {
		s.gone()
	}
	s.counted()
}

func (s *stream) ended(err error) {
	s.web.Log.Debug("stream ended", "screen", s.screen, "err", err)
}

// run sends frames until the tablet, the server or the end of the seat stops it.
// It always takes the newest frame, so a slow tablet skips. With each beat it
// looks again at who sits here, which keeps the seat.
func (s *stream) run(once bool) error {
	beat := time.NewTicker(tickEvery)
	defer beat.Stop()
	first := s.tick()
	for {
		f := s.web.hub.frame.Load()
		if to := s.elsewhere(f.snap); to != "" {
			return s.write(append(first, "event: go\ndata: "+to+"\n\n"...))
		}
		if err := s.send(first, f); err != nil || once {
			return err
		}
		first = nil
		select {
		case <-f.over:
		case <-beat.C:
			first = s.tick()
		case <-s.r.Context().Done():
			return nil
		case <-s.web.closed:
			return nil
		}
	}
}

// scratch is what a drawer works with for a stream, which writes from it and gives
// it back: a thousand streams that wait for their turn hold none.
type scratch struct {
	message []byte
	mine    meeting.Mine
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// send brings the tablet up to a frame, in one write. What to say is worked out by
// the drawers.
func (s *stream) send(first []byte, f *frame) error {
	s.job = job{first: first, frame: f}
	select {
	case s.web.jobs <- s:
	case <-s.web.closed:
		return errClosing
	}
	select {
	case <-s.drawn:
	case <-s.web.closed:
		return errClosing // a drawer may still be at it
	}
	err := s.job.err
	if err == nil {
		err = s.write(s.job.with.message)
	}
	scratches.Put(s.job.with)
	s.job = job{}
	return err
}

var errClosing = errors.New("the room is stopping")

// job is what a drawer works out for a stream.
type job struct {
	first []byte // what the message begins with
	frame *frame
	with  *scratch // the drawer's, who hands it on
	err   error
}

// drawers are as many as there are processors. Views are large values, and drawing
// goes deep: on its own goroutine each of a thousand streams would keep a stack of
// 32 kB for it, where 8 are enough to write.
func (w *Web) drawers() {
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for {
				select {
				case s := <-w.jobs:
					s.work()
				case <-w.closed:
					return
				}
			}
		}()
	}
}

// work does a stream's job. A page that panics ends the stream it was for, and not
// the room.
func (s *stream) work() {
	with := scratches.Get().(*scratch)
	with.message = append(with.message[:0], s.job.first...)
	s.job.with = with
	defer func() {
		if p := recover(); p != nil {
			s.web.Log.Error("panic", "panic", p, "stack", string(debug.Stack()))
			s.job.err = fmt.Errorf("panic: %v", p)
		}
		s.drawn <- struct{}{}
	}()
	s.job.err = s.show(with, s.job.frame)
}

// elsewhere is the page this tablet belongs on, if not here any more: its seat
// was given to another, or its person's screen is another now.
func (s *stream) elsewhere(snap *room.Snapshot) string {
	seat, ok := s.web.Access.Who(s.who.cookie, s.web.Now())
	if !ok || !seat.Bound {
		return "/"
	}
	s.who.Seat = seat
	if !s.web.mayWatch(s.who, s.screen, snap.Session) {
		return "/"
	}
	return ""
}

// show adds to the message the panels that differ from those this stream sent before.
func (s *stream) show(with *scratch, f *frame) error {
	key := shareKey{audience(f.snap.Session, s.screen, s.who.Person), s.lang}
	shared := f.share(key, func() *share { return s.web.draw(f, s.screen, key) })
	if shared.err != nil {
		return shared.err
	}
	own, err := s.ownPanels(with, f, key, shared)
	if err != nil {
		return err
	}
	with.message = append(with.message, s.receipt(f, shared)...)
	head := len(with.message)
	with.message = fmt.Appendf(with.message, "id: %d.%d\n", f.snap.Journal, f.snap.Present)
	empty := len(with.message)
	with.message = s.add(with.message, shared.panels)
	for _, panels := range own {
		with.message = s.add(with.message, panels)
	}
	if len(with.message) == empty {
		with.message = with.message[:head]
		return nil
	}
	with.message = append(with.message, '\n')
	return nil
}

// draw renders what one audience shares in one language.
func (w *Web) draw(f *frame, screen meeting.Screen, k shareKey) *share {
	s := &share{page: w.pageFor(screen, w.pageIn(k.lang, f.snap), f.snap), view: f.cut(k.audience)}
	panels := []templates.Panel{{ID: "standing", Body: templates.Standing(s.page)}}
	if shared := w.screens[screen].shared; shared != nil {
		panels = append(panels, shared(s.page, s.view)...)
	}
	s.panels, s.err = w.rendered(panels)
	return s
}

// owned are the panels of one person, as they are drawn: the tablets that ask for
// their seat, what everybody in their state has, and the ballot they cast.
type owned [3][]sentPanel

// ownPanels draws what is personal, where it may have changed. Tablets that ask
// for a seat are looked at every time: they turn to yielding by time alone.
func (s *stream) ownPanels(with *scratch, f *frame, key shareKey, shared *share) (out owned, err error) {
	if out[0], err = s.waiting(shared); err != nil {
		return out, err
	}
	screen, now := s.web.screens[s.screen], ownOf(f, shared.view, s.who.Person)
	if screen.own == nil || !screen.whole && now == s.own {
		return out, nil
	}
	s.own = now
	if !screen.shares {
		mine, _ := f.snap.Session.Mine(s.who.Person)
		out[1], err = s.web.rendered(screen.own(shared.page, shared.view, mine, s.at))
		return out, err
	}
	with.mine = s.mine(f.snap.Session)
	if out[1], err = s.drawState(f, key, shared, &with.mine); err != nil {
		return out, err
	}
	out[2], err = s.drawChoice(f, key, shared, &with.mine)
	return out, err
}

// waiting are the tablets that ask for a seat; mostly there are none, and were none.
func (s *stream) waiting(shared *share) ([]sentPanel, error) {
	asking := s.web.asking(s.who, s.web.Now())
	before := s.nobody
	s.nobody = len(asking) == 0
	if s.nobody && before {
		return nil, nil
	}
	p := shared.page
	p.Waiting = asking
	return s.web.rendered([]templates.Panel{{ID: "waiting", Body: templates.WaitingTablets(p)}})
}

// drawState draws what one person has, or takes what was drawn in this frame for
// another in the same state. Here the room saves most: see templates.MemberState.
func (s *stream) drawState(f *frame, key shareKey, shared *share, mine *meeting.Mine) ([]sentPanel, error) {
	state := templates.MemberStateOf(&shared.page, &shared.view, mine, s.at)
	if state.Shared() && s.state != nil && *s.state == state.Told() {
		return nil, nil
	}
	draw := func() stateDrawn {
		told := templates.MemberStateOf(&shared.page, &shared.view, mine, s.at).Told()
		panels, err := s.web.rendered(s.web.screens[s.screen].own(shared.page, shared.view, *mine, s.at))
		return stateDrawn{panels, err, &told}
	}
	var d stateDrawn
	if state.Shared() {
		d = once(f, f.states, stateShare{key, state}, draw)
	} else {
		d = draw()
	}
	s.state = d.told
	return d.panels, d.err
}

// drawChoice draws the ballot beside the result, where their page has one.
func (s *stream) drawChoice(f *frame, key shareKey, shared *share, mine *meeting.Mine) ([]sentPanel, error) {
	if s.at != templates.PageHome {
		return nil, nil
	}
	choice := templates.ChoiceOf(&shared.page, &shared.view, mine)
	if s.web.tag(choice) == s.sent.of("own-choice") {
		return nil, nil
	}
	d := once(f, f.choices, choiceShare{key, choice}, func() choiceDrawn {
		panels, err := s.web.rendered([]templates.Panel{templates.OwnChoice(shared.page, shared.view, *mine)})
		return choiceDrawn{panels, err}
	})
	return d.panels, d.err
}

// mine is what a page of one person needs: all votes so far only where it lists them.
func (s *stream) mine(session *meeting.Session) meeting.Mine {
	cut := (*meeting.Session).Glance
	if s.at == templates.PageRecord {
		cut = (*meeting.Session).Mine
	}
	mine, _ := cut(session, s.who.Person)
	return mine
}

// toldBallot is the ballot a tablet knows to stand.
type toldBallot struct {
	vote meeting.VoteID
	n    int
}

// receipt is the message with the ballot that stands, where it is another than
// this tablet was told: what a press is answered with, said again on the line in
// case the answer was lost. The sheet is not drawn again for it.
func (s *stream) receipt(f *frame, shared *share) []byte {
	vote := shared.view.Vote
	if vote == nil {
		return nil
	}
	known := s.told
	b, _ := f.snap.Session.BallotOf(s.who.Person, vote.ID)
	s.told = toldBallot{vote.ID, b.N}
	if b.N == 0 || known.vote != vote.ID || known.n == b.N || !templates.ToldByReceipt(shared.view.Rules.ChangeUntilClose, b) {
		return nil
	}
	said, err := json.Marshal(struct {
		Vote meeting.VoteID `json:"vote"`
		ballotAnswer
	}{vote.ID, ballotOf(b)})
	if err != nil {
		return nil
	}
	return fmt.Appendf(nil, "event: ballot\ndata: %s\n\n", said)
}

// ownKey changes whenever a person's own panels may. Other people's ballots are
// not in it.
type ownKey struct {
	drawn   bool
	session meeting.SessionID
	acts    int64
	present int64
	mine    int
	ballot  meeting.Ballot
}

func ownOf(f *frame, v meeting.View, who meeting.PersonID) ownKey {
	s := f.snap.Session
	k := ownKey{drawn: true, session: s.ID(), acts: f.snap.Acts, present: f.snap.Present, mine: s.Acts(who)}
	if v.Vote != nil {
		k.ballot, _ = s.BallotOf(who, v.Vote.ID)
	}
	return k
}

// sentTags are the panels as last sent, by sentPanel.again. A page has about
// twenty; a map of them is four times as large.
type sentTags []sentTag

type sentTag struct {
	panel string
	again uint64
}

func (t sentTags) of(panel string) uint64 {
	for _, s := range t {
		if s.panel == panel {
			return s.again
		}
	}
	return 0
}

// change notes that a panel is sent; false where it was sent like this before.
func (t *sentTags) change(panel string, again uint64) bool {
	for i, s := range *t {
		if s.panel == panel {
			(*t)[i].again = again
			return s.again != again
		}
	}
	*t = append(*t, sentTag{panel, again})
	return true
}

// add appends what this page holds and was not sent yet.
func (s *stream) add(message []byte, panels []sentPanel) []byte {
	holds := s.web.screens[s.screen].holds
	for _, p := range panels {
		if holds != nil && !holds(s.at, p.id) {
			continue
		}
		if !s.sent.change(p.id, p.again) {
			continue
		}
		message = append(message, p.bytes...)
	}
	return message
}

// tick says that the line is alive and what time it is in the room.
func (s *stream) tick() []byte {
	now, clock := s.web.clock.read()
	return fmt.Appendf(nil, "event: tick\ndata: {\"clock\":%d,\"now\":%d}\n\n", clock, now.UnixMilli())
}

// write sends what there is now. A tablet that takes nothing for long is let go;
// it dials again when it is back.
func (s *stream) write(message []byte) error {
	if len(message) == 0 {
		return nil
	}
	rc := http.NewResponseController(s.rw)
	if now := time.Now(); s.until.Sub(now) < stuck/2 {
		s.until = now.Add(stuck)
		if err := rc.SetWriteDeadline(s.until); err != nil {
			return fmt.Errorf("setting the deadline of a stream: %w", err)
		}
	}
	n, err := s.rw.Write(message)
	s.web.meter.streamed(n)
	if err != nil {
		return fmt.Errorf("writing to a stream: %w", err)
	}
	if err := rc.Flush(); err != nil {
		return fmt.Errorf("sending to a stream: %w", err)
	}
	return nil
}
