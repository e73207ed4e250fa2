package room

import (
	"maps"
	"sync"
	"time"

	"phonghop/meeting"
)

// How long changes of the present are gathered before they are shown. A tablet
// that turns a page drops its stream and comes back: that is not a departure.
const (
	arrivals   = 150 * time.Millisecond
	departures = 3 * time.Second
)

// present is who is connected now. It is kept beside the session, never
// journaled, and lost at a restart.
type present struct {
	leave   time.Duration // departures; a test is less patient
	mu      sync.Mutex
	screens map[meeting.PersonID]*screen
	timer   *time.Timer
	due     time.Time // of the timer; zero: not running
	ended   bool
}

type screen struct {
	streams int
	changed time.Time // monotonic: for the grace of a departure
}

func (p *present) init(refresh func()) {
	p.leave = departures
	p.screens = map[meeting.PersonID]*screen{}
	p.timer = time.AfterFunc(time.Hour, refresh)
	p.timer.Stop()
}

func (p *present) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	p.timer.Stop()
}

// Connected notes that a stream of this person's tablet came. gone is called
// once when the stream ends; calling it again does nothing.
func (r *Room) Connected(who meeting.PersonID) (gone func()) {
	r.present.move(who, +1, arrivals)
	return sync.OnceFunc(func() { r.present.move(who, -1, r.present.leave) })
}

// ShowArrivals shows another list of the files that came in. The list is the
// room's from now on.
func (r *Room) ShowArrivals(list []meeting.Arrival) {
	r.show(func(s *Snapshot) {
		s.Arrivals = list
		s.Present++
	})
}

func (p *present) move(who meeting.PersonID, by int, within time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.screens[who]
	if s == nil {
		s = &screen{}
		p.screens[who] = s
	}
	s.streams += by
	s.changed = time.Now()
	p.schedule(s.changed.Add(within))
}

// schedule sees to it that refresh runs at due or before. mu is held.
func (p *present) schedule(due time.Time) {
	if p.ended || !p.due.IsZero() && !due.Before(p.due) {
		return
	}
	p.due = due
	p.timer.Reset(time.Until(due))
}

// refresh publishes who is connected, if that changed.
func (r *Room) refresh() {
	tablets := r.present.tablets(r.State().Tablets, r.now())
	if tablets == nil {
		return
	}
	r.show(func(s *Snapshot) {
		s.Tablets = tablets
		s.Present++
	})
}

// tablets is the map to show next, or nil where nothing changed against shown.
func (p *present) tablets(shown map[meeting.PersonID]Tablet, now time.Time) map[meeting.PersonID]Tablet {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due = time.Time{}
	next := map[meeting.PersonID]Tablet{}
	maps.Copy(next, shown)
	changed := false
	for who, s := range p.screens {
		connected := s.streams > 0
		if connected == shown[who].Connected {
			continue
		}
		if left := time.Until(s.changed.Add(p.leave)); !connected && left > 0 {
			p.schedule(time.Now().Add(left))
			continue
		}
		next[who] = Tablet{Connected: connected, Seen: now}
		changed = true
	}
	if !changed || p.ended {
		return nil
	}
	return next
}
