package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/room"
	"phonghop/templates"
)

const (
	tickEvery = 2 * time.Second  // a tablet that hears nothing for about 5 s dials again
	stuck     = 10 * time.Second // a write that takes longer ends the stream
)

// stream is one tablet's line: who is there, and what they were sent.
type stream struct {
	web    *Web
	rw     http.ResponseWriter
	r      *http.Request
	screen meeting.Screen
	who    visitor
	lang   templates.Lang
	sent   map[string]uint64 // sum of each panel as last sent
	own    ownKey            // of the own panels as last drawn
}

// live keeps a screen at what the room is doing: everything at once, then what
// changed. With once=1 it ends after the first message, for networks that hold
// streams back.
func (w *Web) live(rw http.ResponseWriter, r *http.Request) {
	s := &stream{
		web: w, rw: rw, r: r, screen: meeting.Screen(r.FormValue("screen")), who: w.visitor(r),
		lang: w.langOf(r), sent: map[string]uint64{},
	}
	if !w.mayWatch(s.who, s.screen, w.state().Session) {
		w.writeJSON(rw, http.StatusForbidden, plea{Refused: string(meeting.NotAllowed), Message: templates.Refusal(s.lang, meeting.NotAllowed)})
		return
	}
	rw.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	rw.Header().Set("X-Accel-Buffering", "no")
	defer w.meter.streaming()()
	if s.screen != meeting.HallScreen {
		defer w.Room.Connected(s.who.Person)()
	}
	if err := s.run(r.FormValue("once") != ""); err != nil {
		w.Log.Debug("stream ended", "screen", s.screen, "err", err)
	}
}

// run sends frames until the tablet, the server or the end of the seat stops it.
// It always takes the newest frame, so a slow tablet skips.
func (s *stream) run(once bool) error {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	if err := s.tick(); err != nil {
		return err
	}
	for {
		f := s.web.hub.frame.Load()
		if to := s.elsewhere(f.snap); to != "" {
			return s.write("event: go\ndata: " + to + "\n\n")
		}
		if err := s.show(f); err != nil || once {
			return err
		}
		select {
		case <-f.over:
		case <-tick.C:
			if err := s.tick(); err != nil {
				return err
			}
		case <-s.r.Context().Done():
			return nil
		case <-s.web.closed:
			return nil
		}
	}
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

// show sends the panels that differ from those this stream sent before.
func (s *stream) show(f *frame) error {
	key := shareKey{audience(f.snap.Session, s.screen, s.who.Person), s.lang}
	shared := f.share(key, func() *share { return s.web.draw(f, s.screen, key) })
	if shared.err != nil {
		return shared.err
	}
	var html bytes.Buffer
	s.add(&html, shared.panels)
	own, err := s.ownPanels(f, shared)
	if err != nil {
		return err
	}
	s.add(&html, own)
	if html.Len() == 0 {
		return nil
	}
	return s.write(fmt.Sprintf("id: %d.%d\n", f.snap.Journal, f.snap.Present) + asData(html.String()))
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

// ownPanels draws what is personal, where it may have changed. Tablets that ask
// for a seat are looked at every time: they turn to yielding by time alone.
func (s *stream) ownPanels(f *frame, shared *share) ([]sentPanel, error) {
	p := shared.page
	p.Waiting = s.web.asking(s.who, s.web.Now())
	panels := []templates.Panel{{ID: "waiting", Body: templates.WaitingTablets(p)}}
	screen, key := s.web.screens[s.screen], ownOf(f, shared.view, s.who.Person)
	if screen.own != nil && (screen.whole || key != s.own) {
		s.own = key
		mine, _ := f.snap.Session.Mine(s.who.Person)
		panels = append(panels, screen.own(p, shared.view, mine)...)
	}
	return s.web.rendered(panels)
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

func (s *stream) add(html *bytes.Buffer, panels []sentPanel) {
	for _, p := range panels {
		if sum, known := s.sent[p.id]; known && sum == p.sum {
			continue
		}
		s.sent[p.id] = p.sum
		html.Write(p.bytes)
	}
}

// asData writes html as the data of one message: a line of it cannot end one.
func asData(html string) string {
	html = strings.ReplaceAll(html, "\r", "")
	return "data: " + strings.ReplaceAll(html, "\n", "\ndata: ") + "\n\n"
}

// tick says that the line is alive and what time it is in the room.
func (s *stream) tick() error {
	now, clock := s.web.clock.read()
	return s.write(fmt.Sprintf("event: tick\ndata: {\"clock\":%d,\"now\":%d}\n\n", clock, now.UnixMilli()))
}

// write sends one message now. A tablet that takes nothing for long is let go;
// it dials again when it is back.
func (s *stream) write(message string) error {
	rc := http.NewResponseController(s.rw)
	if err := rc.SetWriteDeadline(time.Now().Add(stuck)); err != nil {
		return fmt.Errorf("setting the deadline of a stream: %w", err)
	}
	n, err := s.rw.Write([]byte(message))
	s.web.meter.streamed(n)
	if err != nil {
		return fmt.Errorf("writing to a stream: %w", err)
	}
	if err := rc.Flush(); err != nil {
		return fmt.Errorf("sending to a stream: %w", err)
	}
	return nil
}
