package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"phonghop/ghosts"
)

// soak is a session of eight hours played in minutes: what it leaves behind in the
// server's memory beyond its record is a leak. A room that is opened anew on the
// same journal holds the record and nothing else, so that is what it is held
// against.
type soak struct {
	*bench
	length  time.Duration
	hours   int
	tablets int
	votes   int
	anew    bool // hold the heap against the room opened anew
	out     io.Writer

	began    time.Time
	hall     *hall
	observer *ghosts.Tablet // reads the server's own figures, on a line that stays open
	clerk    *ghosts.Tablet
	people   []*sitter
	dice     *rand.Rand
	counts   soakCounts
	readings []reading
}

// soakCounts are what the tablets did, and were acknowledged.
type soakCounts struct {
	votes, ballots, dropped, pages, speeches, opinions, papers, strangers int
}

// soakRun is "bench soak": it writes a table, and a leak is an error.
func soakRun(ctx context.Context, args []string, out io.Writer) (err error) {
	f := flag.NewFlagSet("soak", flag.ContinueOnError)
	s := &soak{bench: &bench{}, out: out}
	f.DurationVar(&s.length, "length", 10*time.Minute, "how long the eight hours take")
	f.IntVar(&s.hours, "hours", 8, "hours of the session")
	f.IntVar(&s.tablets, "tablets", 100, "tablets beside the chair's")
	f.IntVar(&s.votes, "votes", 64, "votes in all")
	f.BoolVar(&s.anew, "anew", true, "hold the memory against the room opened anew")
	f.StringVar(&s.binary, "binary", "bin/phonghop", "the room's program")
	if err := f.Parse(args); err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("", "phonghop-soak-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.dir)) }()
	v, err := s.play(ctx)
	if err != nil {
		return err
	}
	return v.err()
}

// play holds the session, opens the room anew, and judges.
func (s *soak) play(ctx context.Context) (v soakVerdict, err error) {
	st, err := s.stage(ctx, s.tablets, "soak")
	if err != nil {
		return v, err
	}
	clerk, err := st.seatClerk(ctx)
	if err != nil {
		return v, fmt.Errorf("signing the secretary in: %w", err)
	}
	s.dice = rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a play, the same each time
	fmt.Fprintln(s.out, readingHead)
	if err := s.during(ctx, st, clerk, s.session); err != nil {
		return v, err
	}
	if s.anew {
		if err := s.during(ctx, st, clerk, s.openedAnew); err != nil {
			return v, err
		}
	}
	v = s.judge()
	fmt.Fprint(s.out, v)
	return v, nil
}

// during does something while the room is open on the stage.
func (s *soak) during(ctx context.Context, st *stage, clerk cookie, do func(context.Context) error) (err error) {
	server, err := start(ctx, s.serve(st.Dir, false)...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	if s.hall, err = enter(server, st, s.tablets); err != nil {
		return err
	}
	room, err := server.room()
	if err != nil {
		return err
	}
	s.began = time.Now()
	s.observer = ghosts.NewTablet(room, "observer")
	s.clerk = ghosts.NewTablet(room, clerk.Seat).Holding(map[string]string{"seat": clerk.Value})
	s.people = nil
	for _, t := range s.hall.crowd {
		s.people = append(s.people, &sitter{Tablet: t})
	}
	defer s.leave()
	return do(ctx)
}

// session is the eight hours, from the empty room to the empty room.
func (s *soak) session(ctx context.Context) error {
	if err := s.once(ctx); err != nil {
		return err
	}
	if err := s.rest(ctx, "empty"); err != nil {
		return err
	}
	if err := s.arrive(ctx); err != nil {
		return err
	}
	if err := s.rest(ctx, "all in"); err != nil {
		return err
	}
	for hour := range s.hours {
		if err := s.hour(ctx, hour); err != nil {
			return fmt.Errorf("hour %d: %w", hour+1, err)
		}
		if err := s.rest(ctx, fmt.Sprintf("hour %d", hour+1)); err != nil {
			return err
		}
	}
	s.leave()
	return s.rest(ctx, "all gone")
}

// openedAnew is the same room after a start: everybody looks and listens, and that
// is all.
func (s *soak) openedAnew(ctx context.Context) error {
	if err := s.once(ctx); err != nil {
		return err
	}
	if err := s.arrive(ctx); err != nil {
		return err
	}
	return s.rest(ctx, "anew")
}

// once has everybody come in, look around and leave, so that the server has opened
// what it keeps open from then on: an empty room after that is the measure for an
// empty room at the end.
func (s *soak) once(ctx context.Context) error {
	if err := s.arrive(ctx); err != nil {
		return err
	}
	if err := s.know(ctx); err != nil {
		return err
	}
	if err := s.read(ctx); err != nil {
		return err
	}
	s.leave()
	return nil
}

// arrive has everybody listen, and waits until every screen is on.
func (s *soak) arrive(ctx context.Context) error {
	for _, p := range s.people {
		p.listen(ctx)
	}
	return s.allOn(ctx)
}

// allOn waits until the screens of all who listen show the room.
func (s *soak) allOn(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, p := range s.people {
		if p.watch == nil {
			continue
		}
		if _, err := p.watch.Mark(1).Wait(within); err != nil {
			return fmt.Errorf("the screen of %s stays off: %w", p.Seat, err)
		}
	}
	return nil
}

// leave turns every screen off and hangs up every line but the observer's.
func (s *soak) leave() {
	for _, p := range s.people {
		p.drop()
	}
	s.hang()
}

// hang closes the lines for presses, as a browser does after a while: how many are
// open is then no matter of chance.
func (s *soak) hang() {
	s.hall.leave()
	s.clerk.Hang()
}

// sitter is a member with their tablet.
type sitter struct {
	*ghosts.Tablet
	person string
	watch  *ghosts.Watch // nil: the screen is off
	cast   string        // the ballot that was acknowledged last
}

func (p *sitter) listen(ctx context.Context) {
	if p.watch == nil {
		p.watch = ghosts.Crowd{p.Tablet}.WatchScreens(ctx, "member")
	}
}

// drop is a tablet that goes to sleep, or out of the reach of the network.
func (p *sitter) drop() {
	if p.watch != nil {
		p.watch.Stop()
		p.watch = nil
	}
	p.Hang()
}
