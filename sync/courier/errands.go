package courier

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// How long the next try waits when the line is down: twice as long each time, and
// never two boxes in step.
const (
	firstPause = 5 * time.Second
	lastPause  = 5 * time.Minute
)

// Errands goes to the centre by itself: when a session has ended, when a line
// appears, and whenever it is asked. It runs one errand at a time.
type Errands struct {
	config Config
	wake   func() (changed <-chan struct{}, idle bool)

	one  sync.Mutex // held by the errand in hand
	kick chan struct{}
	stop context.CancelFunc
	gone chan struct{}

	known func() // reads the pairing, for whoever first asks how delivery stands

	mu    sync.Mutex
	state State
	told  chan struct{} // closed and replaced at each change of state
}

// State is how delivery stands, for the IT page.
type State struct {
	Paired   bool
	Centre   string // its name
	URL      string
	Running  bool
	Progress Progress
	Err      error     // of the last errand; nil: it was delivered
	Last     time.Time // the end of the last errand
	Good     time.Time // the end of the last one that reached the centre and delivered all
	Next     time.Time // when it tries again by itself; zero: when something is new
}

// Begin starts going by itself. wake tells what to wait for before the record has
// changed again, and whether the room is idle: a session in progress is not
// disturbed.
func Begin(c Config, wake func() (changed <-chan struct{}, idle bool)) *Errands {
	ctx, stop := context.WithCancel(context.Background())
	e := &Errands{config: c, wake: wake, kick: make(chan struct{}, 1), stop: stop, gone: make(chan struct{}), told: make(chan struct{})}
	e.known = sync.OnceFunc(func() { e.pairing(ctx) })
	go e.run(ctx)
	return e
}

// Close ends an errand in hand where it is; the next one goes on from there.
func (e *Errands) Close() error {
	e.stop()
	<-e.gone
	return nil
}

// State tells how delivery stands, and what is closed when that changes.
func (e *Errands) State() (State, <-chan struct{}) {
	e.known()
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.state
	s.Progress = s.Progress.copied()
	return s, e.told
}

// Pair introduces the room to a centre, and goes there.
func (e *Errands) Pair(ctx context.Context, url, code string) error {
	if _, err := Pair(ctx, e.config, url, code); err != nil {
		return err
	}
	e.pairing(ctx)
	e.Kick()
	return nil
}

// Kick makes it go now.
func (e *Errands) Kick() {
	select {
	case e.kick <- struct{}{}:
	default:
	}
}

// Now goes at once and waits for the end.
func (e *Errands) Now(ctx context.Context) error { return e.errand(ctx) }

func (e *Errands) pairing(ctx context.Context) {
	centre, err := e.config.Receipts.Centre(ctx)
	e.change(func(s *State) {
		s.Paired = err == nil
		s.Centre, s.URL = centre.Name, centre.URL
		if err != nil && !errors.Is(err, ErrUnpaired) {
			s.Err = err
		}
	})
}

func (e *Errands) change(fn func(*State)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	fn(&e.state)
	close(e.told)
	e.told = make(chan struct{})
}

// run is the one that goes by itself.
func (e *Errands) run(ctx context.Context) {
	defer close(e.gone)
	if e.config.Settled != nil {
		select {
		case <-e.config.Settled:
		case <-ctx.Done():
		}
	}
	pause := time.Duration(0)
	for ctx.Err() == nil {
		changed, idle := e.wake()
		state, _ := e.State()
		var err error
		if state.Paired && idle && (state.Err != nil || state.Last.IsZero() || e.news(ctx)) {
			err = e.errand(ctx)
		}
		if !e.rest(ctx, changed, e.next(&pause, err)) {
			return
		}
	}
}

// news tells whether there is an entry nobody has signed for. What changes beside
// the record, as a tablet that connects, is not worth a question to the centre.
func (e *Errands) news(ctx context.Context) bool {
	for _, l := range e.config.Journal.Logs() {
		if r, err := e.config.Receipts.Of(ctx, l.Name); err != nil || r.Size < l.Size {
			return true
		}
	}
	return false
}

// next is how long to rest: not at all before something is new, or longer after
// each failure.
func (e *Errands) next(pause *time.Duration, err error) <-chan time.Time {
	if err == nil {
		*pause = 0
		e.change(func(s *State) { s.Next = time.Time{} })
		return nil
	}
	*pause = min(max(2**pause, firstPause), lastPause)
	wait := *pause/2 + rand.N(*pause)
	e.change(func(s *State) { s.Next = e.config.Now().Add(wait) })
	return time.After(wait)
}

// rest waits for something new, the time to try again, or a kick.
func (e *Errands) rest(ctx context.Context, changed <-chan struct{}, due <-chan time.Time) bool {
	select {
	case <-ctx.Done():
		return false
	case <-e.kick:
	case <-due:
	case <-changed:
		// Entries come by the hundred; one errand takes them all.
		select {
		case <-ctx.Done():
			return false
		case <-time.After(time.Second):
		}
	}
	return true
}

// errand is one way to the centre and back.
func (e *Errands) errand(ctx context.Context) error {
	e.one.Lock()
	defer e.one.Unlock()
	c := e.config
	told := c.Told
	c.Told = func(p Progress) {
		e.change(func(s *State) { s.Progress = p })
		if told != nil {
			told(p)
		}
	}
	e.change(func(s *State) { s.Running = true })
	p, err := deliver(ctx, c)
	now := c.Now()
	e.change(func(s *State) {
		s.Running, s.Err, s.Last = false, err, now
		if p.Logs != nil {
			s.Progress = p.copied()
		}
		if err == nil {
			s.Good = now
		}
	})
	if err != nil {
		c.Log.Warn("delivering to the centre", "err", err)
	}
	return err
}

func deliver(ctx context.Context, c Config) (Progress, error) {
	courier, err := New(ctx, c)
	if err != nil {
		return Progress{}, err
	}
	return courier.Deliver(ctx)
}
