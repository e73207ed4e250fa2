package rehearsal

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"phonghop/access"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
)

const (
	idleMost   = 30 * time.Minute // without an entry
	lonelyMost = 2 * time.Minute  // without any ghost, where they come from elsewhere
	lookEvery  = time.Second
	extrasMost = 200 // tablets without a seat
)

// Card lets one simulated tablet in.
type Card struct {
	Name   string           `json:"name"`
	Person meeting.PersonID `json:"person"`
	Token  string           `json:"token"`
}

// Run is one rehearsal. Room and Access are its own and end with it.
type Run struct {
	Room      *room.Room
	Access    *access.Access
	Conductor Card
	Ghosts    []Card

	stage   *Stage
	journal *journal.Journal
	path    string
	script  script
	early   bool // the real session had not opened when it began

	mu     sync.Mutex
	why    error // why it ends; nil while it goes on
	joined []meeting.Person
	extras int

	ending chan struct{} // closed by End
	gone   chan struct{} // closed when watch has returned
}

// Ending is closed when the rehearsal is over: its tablets leave now.
func (r *Run) Ending() <-chan struct{} { return r.ending }

// Why is the reason of the end; nil while it goes on.
func (r *Run) Why() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.why
}

// End ends it; the first reason stands.
func (r *Run) End(why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.why == nil {
		r.why = why
		close(r.ending)
	}
}

// Item is the item on which trial votes are held.
func (r *Run) Item() meeting.ItemID { return r.script.first() }

// Base is how many entries the room's own log of the rehearsal has: what a
// stream's number is above the session's.
func (r *Run) Base() int64 { return r.Room.State().House.Size() }

// watch ends the rehearsal when something else matters more, or nobody is there.
func (r *Run) watch(lonely bool) {
	defer close(r.gone)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	acted, here := time.Now(), time.Now()
	for r.Why() == nil {
		real, own := r.stage.Room.State(), r.Room.State()
		if why := r.over(real, own); why != nil {
			r.End(why)
			return
		}
		if lonely && haunted(own, r.Ghosts) {
			here = time.Now()
		}
		if time.Since(acted) > r.stage.idle || lonely && time.Since(here) > r.stage.lonely {
			r.End(Idle)
			return
		}
		select {
		case <-r.ending:
		case <-real.Superseded():
		case <-own.Superseded():
			acted = time.Now()
		case <-look.C:
		}
	}
}

// haunted tells whether any ghost is at its screen.
func haunted(s *room.Snapshot, ghosts []Card) bool {
	return slices.ContainsFunc(ghosts, func(g Card) bool { return s.Tablets[g.Person].Connected })
}

// over tells whether the two rooms leave a rehearsal no place.
func (r *Run) over(real, own *room.Snapshot) error {
	switch {
	case voting(real.Session):
		return VoteOpen
	case r.early && real.Session.Phase() == meeting.Sitting:
		return Opened
	case real.Ended != nil || own.Ended != nil:
		return RoomEnded
	case real.Full || own.Full:
		return DiskFull
	case !live(own.Session.Phase()):
		return ChairClosed
	}
	return nil
}

func voting(s *meeting.Session) bool {
	return s.Phase() == meeting.Sitting && s.SeenBy(meeting.Audience{Screen: meeting.HallScreen}).Vote != nil
}

// Dismiss signs every tablet out, which sends its screen back to where it came from.
func (r *Run) Dismiss(ctx context.Context) error { return r.Access.EndSession(ctx, r.session()) }

// Close ends the rehearsal, if nobody has, and removes its files. The next one may
// begin then.
func (r *Run) Close() error {
	r.End(Stopping)
	<-r.gone
	err := errors.Join(r.close(), Sweep(r.stage.Dir))
	r.stage.mu.Lock()
	defer r.stage.mu.Unlock()
	if r.stage.running == r {
		r.stage.running = nil
	}
	return err
}

// close lets go of what was opened.
func (r *Run) close() error {
	var errs []error
	if r.Room != nil {
		errs = append(errs, r.Room.Close())
	}
	if r.Access != nil {
		errs = append(errs, r.Access.Close())
	}
	if r.journal != nil {
		errs = append(errs, r.journal.Close())
	}
	return errors.Join(errs...)
}

func (r *Run) session() string { return string(r.Room.State().Session.ID()) }

// do carries out a verb as whoever conducts.
func (r *Run) do(ctx context.Context, verb room.Verb) error {
	_, err := r.Room.Do(ctx, room.Command{By: r.script.conductor.ID, Saw: -1, Verb: verb})
	return err
}
