package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"phonghop/access"
	"phonghop/journal"
	"phonghop/room"
	"phonghop/store"
)

// GhostsMost is how many simulated tablets a rehearsal takes.
const GhostsMost = 2_000

// spare is what must be free on the disk before a rehearsal begins: it must never
// be what fills it.
const spare = 512 << 20

// Refusal is why there is no rehearsal, or none any more. The value is its name in
// the interface; the sentence people read lives in templates.
type Refusal string

func (r Refusal) Error() string { return "rehearsal: " + string(r) }

// Why none begins, or somebody may not join.
const (
	VoteOpen  Refusal = "vote-open"   // in the real room; it ends a rehearsal too
	AlreadyOn Refusal = "already-on"  // one at a time
	BadNumber Refusal = "bad-number"  // from 1 to GhostsMost
	DiskFull  Refusal = "disk-full"   // too little space; it ends one too
	RoomEnded Refusal = "room-ended"  // the journal can no longer be written; it ends one too
	NoneOn    Refusal = "none-on"     //
	NotInCopy Refusal = "not-in-copy" // somebody who was not in the session when it was copied
	Crowded   Refusal = "crowded"     // too many tablets without a seat
	TrialOpen Refusal = "trial-open"  // people join between the trial votes
	FewFiles  Refusal = "few-files"   // the system allows too few connections for so many
)

// Why one has ended, beside those above.
const (
	Opened      Refusal = "opened"       // the real session, which had not when it began
	Asked       Refusal = "asked"        // somebody ended it
	ChairClosed Refusal = "chair-closed" // its chair closed the session
	Idle        Refusal = "idle"         // nothing happened for long
	Stopping    Refusal = "stopping"     // the program stops
)

// Refusals lists them all, for the test that each has its sentence.
func Refusals() []Refusal {
	return []Refusal{VoteOpen, AlreadyOn, BadNumber, DiskFull, RoomEnded, NoneOn, NotInCopy, Crowded, TrialOpen, FewFiles, Opened, Asked, ChairClosed, Idle, Stopping}
}

// Config is the room beside which rehearsals are staged.
type Config struct {
	Dir  string // the data folder
	Room *room.Room
	Now  func() time.Time
	Log  *slog.Logger
	// Recount checks a journal as an auditor does and answers how many things are
	// wrong; nil: nobody does.
	Recount func(ctx context.Context, path string) (wrong int, err error)
}

// Stage is where rehearsals are held, one at a time. All methods may be called
// from any goroutine.
type Stage struct {
	Config
	idle, lonely time.Duration // idleMost, lonelyMost; tests are less patient
	free         func(string) (uint64, error)

	mu      sync.Mutex
	running *Run // nil: none. It stays until its files are gone
}

// New makes a stage.
func New(c Config) *Stage {
	return &Stage{Config: c, idle: idleMost, lonely: lonelyMost, free: store.Free}
}

// Running is the rehearsal that is on; nil where there is none.
func (s *Stage) Running() *Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}

// Begin stages a rehearsal with so many ghosts. A lonely one is conducted from
// another machine: it ends soon after whoever conducts is gone. Whoever begins one
// waits for Ending, has every tablet leave, and calls Close.
func (s *Stage) Begin(ctx context.Context, ghosts int, lonely bool) (*Run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.may(ghosts); err != nil {
		return nil, err
	}
	r, err := s.open(ctx)
	if err == nil {
		if err = r.prepare(ctx, s.Room.State(), ghosts); err != nil {
			err = errors.Join(err, r.close())
		}
	}
	if err != nil {
		err = errors.Join(err, Sweep(s.Dir))
		if errors.Is(err, store.ErrFull) || errors.Is(err, room.ErrFull) {
			return nil, DiskFull
		}
		return nil, fmt.Errorf("staging a rehearsal: %w", err)
	}
	s.running = r
	go r.watch(lonely)
	return r, nil
}

// may refuses a rehearsal that must not be.
func (s *Stage) may(ghosts int) error {
	real := s.Room.State()
	free, err := s.free(s.Dir)
	switch {
	case s.running != nil:
		return AlreadyOn
	case ghosts < 1 || ghosts > GhostsMost:
		return BadNumber
	case voting(real.Session):
		return VoteOpen
	case real.Ended != nil:
		return RoomEnded
	case real.Full || err == nil && free < spare:
		return DiskFull
	}
	return err
}

// open makes the files of a rehearsal and what works on them.
func (s *Stage) open(ctx context.Context) (r *Run, err error) {
	if err := Sweep(s.Dir); err != nil {
		return nil, err
	}
	r = &Run{stage: s, ending: make(chan struct{}), gone: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close())
		}
	}()
	r.path = filepath.Join(s.Dir, journalFile)
	r.journal, err = journal.Open(ctx, journal.Config{Path: r.path, Key: journal.NewKey(), Prefix: "phonghop-rehearsal"})
	if err != nil {
		return r, err
	}
	if r.Access, err = access.OpenAt(ctx, filepath.Join(s.Dir, accessFile), s.Now()); err != nil {
		return r, err
	}
	r.Room, err = room.Open(ctx, room.Config{Journal: r.journal, Now: s.Now, Log: s.Log})
	return r, err
}

// Recounted is what checking a rehearsal's journal came to.
type Recounted struct {
	Entries int64 `json:"entries"`
	Wrong   int   `json:"wrong"`
}

// Recount checks the rehearsal's journal as it is now: every entry, every
// signature, every vote counted again.
func (r *Run) Recount(ctx context.Context) (out Recounted, err error) {
	if r.stage.Recount == nil {
		return out, errors.New("rehearsal: nobody counts again")
	}
	out.Entries = r.Room.State().Journal
	out.Wrong, err = r.stage.Recount(ctx, r.path)
	return out, err
}
