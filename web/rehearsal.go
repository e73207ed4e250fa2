package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"phonghop/ghosts"
	"phonghop/rehearsal"
	"phonghop/room"
)

// Reach tells where so many simulated tablets of this very process find the room,
// or why it cannot take them (rehearsal.FewFiles).
type Reach func(tablets int) (ghosts.Room, error)

const (
	peopleWithin  = time.Minute      // how long a trial vote waits for people at their own tablets
	leaveWithin   = 3 * time.Second  // how long the tablets of a rehearsal may take to leave
	recountFor    = 30 * time.Second // how long a recount may take
	recountMost   = 20_000           // entries: a longer log is counted again at the end alone
	castLinkLasts = 30 * time.Minute
	joinLetters   = 8 // of the address for tablets without a seat: it may be typed
)

// theatre holds the rehearsals of a room, one after the other.
type theatre struct {
	web     *Web
	changes chan struct{} // yields when one begins or ends

	on      atomic.Pointer[show]
	staging sync.Mutex // held while one is staged, which may take seconds

	mu     sync.Mutex
	last   *ghosts.Report // of the last that ended
	link   string         // lets one computer begin one; "" none
	till   time.Time      // of the link
	closed bool
	all    sync.WaitGroup
}

func newTheatre(w *Web) *theatre { return &theatre{web: w, changes: make(chan struct{}, 1)} }

// show is one rehearsal with its pages, and the ghosts where they are in this box.
type show struct {
	run   *rehearsal.Run
	web   *Web
	pages http.Handler
	key   string // ends it from elsewhere
	join  string // lets a tablet without a seat in

	play *ghosts.Play // nil: the ghosts are elsewhere
	more chan struct{}
	done chan struct{} // closed when all of it is gone

	mu        sync.Mutex
	closed    bool
	inside    sync.WaitGroup    // requests
	recounted *ghosts.Recounted // set before done
}

// current is the rehearsal that is on; nil where there is none.
func (s *theatre) current() *show { return s.on.Load() }

// begin stages a rehearsal. In the box means that its ghosts are, too.
func (s *theatre) begin(ctx context.Context, tablets int, inBox bool) (*show, error) {
	s.staging.Lock()
	defer s.staging.Unlock()
	var where ghosts.Room
	if inBox && tablets <= rehearsal.GhostsMost {
		var err error
		if where, err = s.web.Reach(tablets); err != nil {
			return nil, err
		}
	}
	run, err := s.web.Stage.Begin(ctx, tablets, !inBox)
	if err != nil {
		return nil, err
	}
	sh := &show{run: run, key: rand.Text(), join: rand.Text()[:joinLetters], more: make(chan struct{}, 1), done: make(chan struct{})}
	sh.web = s.web.stagedFor(run)
	sh.pages = sh.web.stagedHandler()
	if inBox {
		sh.play = ghosts.NewPlay(where, sh.cast(), true, nil)
	}
	if !s.raise(sh) {
		sh.web.Close()
		return nil, errors.Join(room.ErrClosed, run.Close())
	}
	return sh, nil
}

// raise shows a rehearsal, unless the program stops.
func (s *theatre) raise(sh *show) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.on.Store(sh)
	s.all.Go(func() { s.hold(sh) })
	s.changed()
	return true
}

// stagedFor are the pages of a rehearsal: those of a sitting, over its own room.
func (w *Web) stagedFor(run *rehearsal.Run) *Web {
	c := w.Config
	return New(Config{
		Room: run.Room, Access: run.Access, Log: c.Log, Now: c.Now, Demo: c.Demo, Loopback: c.Loopback, Secure: c.Secure, Insecure: c.Insecure,
		Hosts: c.Hosts, Address: c.Address, SecurePort: c.SecurePort, Board: c.Board, Staged: true,
	})
}

// hold plays a rehearsal to its end and clears the stage. Tablets are sent away
// first: a vote may be waiting for them.
func (s *theatre) hold(sh *show) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var played sync.WaitGroup
	if sh.play != nil {
		played.Go(func() { sh.perform(ctx, s.web) })
	}
	<-sh.run.Ending()
	if sh.play != nil {
		sh.play.Heed(ctx)
	}
	cancel()
	if err := sh.run.Dismiss(context.Background()); err != nil {
		s.web.Log.Error("sending the tablets of a rehearsal away", "err", err)
	}
	played.Wait()
	sh.recount(s.web)
	sh.empty()
	s.keep(sh)
	sh.web.Close()
	sh.inside.Wait()
	if err := sh.run.Close(); err != nil {
		s.web.Log.Error("clearing a rehearsal away", "err", err)
	}
	s.on.Store(nil)
	close(sh.done)
	s.changed()
}

// perform has the ghosts of this box play: they come in, ask to speak, and vote
// once, then whenever that is wanted.
func (sh *show) perform(ctx context.Context, w *Web) {
	defer sh.play.Leave()
	defer sh.play.Rest()
	if err := errors.Join(sh.play.ComeIn(ctx), sh.play.AskFloor(ctx)); err != nil {
		sh.stumble(ctx, w, err)
	}
	sh.again()
	for {
		select {
		case <-ctx.Done():
			return
		case <-sh.more:
		}
		if err := sh.play.Vote(ctx, peopleWithin); err != nil {
			sh.stumble(ctx, w, err)
		}
		if ctx.Err() == nil && sh.run.Room.State().Journal < recountMost {
			sh.recount(w)
		}
		sh.play.Rest()
	}
}

// again asks for one more trial vote; asked while one is waited for, it is one.
func (sh *show) again() {
	select {
	case sh.more <- struct{}{}:
	default:
	}
}

// stumble notes what kept the play from going on, unless it was told to stop.
func (sh *show) stumble(ctx context.Context, w *Web, err error) {
	if ctx.Err() == nil {
		w.Log.Warn("a rehearsal stumbled", "err", err)
		sh.play.Failed(err)
	}
}

// recount has the log of the rehearsal counted again as an auditor would.
func (sh *show) recount(w *Web) {
	ctx, cancel := context.WithTimeout(context.Background(), recountFor)
	defer cancel()
	again, err := sh.run.Recount(ctx)
	if err != nil {
		w.Log.Error("recounting a rehearsal", "err", err)
		return
	}
	sh.mu.Lock()
	sh.recounted = &ghosts.Recounted{Entries: again.Entries, Wrong: again.Wrong}
	sh.mu.Unlock()
	if sh.play != nil {
		sh.play.Close(sh.recounted, sh.names(), "")
	}
}

// empty lets nobody in any more and gives those inside a moment to leave.
func (sh *show) empty() {
	sh.mu.Lock()
	sh.closed = true
	sh.mu.Unlock()
	left := make(chan struct{})
	go func() { sh.inside.Wait(); close(left) }()
	select {
	case <-left:
	case <-time.After(leaveWithin):
	}
}

// keep has the last report outlive its rehearsal.
func (s *theatre) keep(sh *show) {
	if sh.play == nil {
		return
	}
	sh.play.Close(sh.recounted, sh.names(), sh.why())
	report := sh.play.Report()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = &report
}

// why is the reason of the end as programs read it.
func (sh *show) why() string {
	var r rehearsal.Refusal
	if errors.As(sh.run.Why(), &r) {
		return string(r)
	}
	return ""
}

// names are the people who joined at their own tablets.
func (sh *show) names() []string {
	names := []string{}
	for _, p := range sh.run.Joined() {
		names = append(names, p.Name)
	}
	return names
}

// cast is what ghosts need to play.
func (sh *show) cast() ghosts.Cast {
	part := func(c rehearsal.Card) ghosts.Part {
		return ghosts.Part{Name: c.Name, Person: string(c.Person), Token: c.Token}
	}
	c := ghosts.Cast{Key: sh.key, Item: string(sh.run.Item()), Base: sh.run.Base(), Conductor: part(sh.run.Conductor)}
	for _, g := range sh.run.Ghosts {
		c.Ghosts = append(c.Ghosts, part(g))
	}
	return c
}

// end asks for the end of the rehearsal that is on and waits until it is gone.
func (s *theatre) end(ctx context.Context, sh *show) error {
	sh.run.End(rehearsal.Asked)
	select {
	case <-sh.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close ends what is on, and lets nothing begin.
func (s *theatre) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	if on := s.on.Load(); on != nil {
		on.run.End(rehearsal.Stopping)
	}
	s.all.Wait()
}

// newLink makes the link by which another computer begins one rehearsal.
func (s *theatre) newLink(now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link, s.till = rand.Text(), now.Add(castLinkLasts)
	return s.link
}

// useLink uses the link up.
func (s *theatre) useLink(link string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link == "" || !strings.EqualFold(link, s.link) || now.After(s.till) {
		return false
	}
	s.link = ""
	return true
}

func (s *theatre) changed() {
	select {
	case s.changes <- struct{}{}:
	default:
	}
}

// either yields when one of two channels does, until the end.
func either(closed, a, b <-chan struct{}) <-chan struct{} {
	out := make(chan struct{}, 1)
	go func() {
		for {
			select {
			case <-closed:
				return
			case <-a:
			case <-b:
			}
			select {
			case out <- struct{}{}:
			default:
			}
		}
	}()
	return out
}
