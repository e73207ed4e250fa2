// Package room runs the sessions of one meeting room: every press of a key in
// the room comes through here, is decided once, written to disk, and only then
// answered and shown.
//
// One goroutine, run, owns the working copy of the session and the journal's
// batch. It takes whatever is waiting, decides each command after those before
// it, commits the batch with one fsync, publishes the next [Snapshot] and only
// then answers. So readers see nothing that could be lost, and "ĐÃ GHI" on a
// tablet means: on disk.
//
// Three things can go wrong, and they are kept apart. A refusal
// (meeting.Refusal) is a rule saying no: nothing was recorded. A [Fault] is the
// world breaking: the asker may ask again with the same key and is answered once.
// [ErrEnd] is the journal that can no longer be written: the room takes nothing
// more, keeps showing what it has, and does not pretend otherwise.
//
// Beside the session the room keeps the present, which is not history: which
// tablets are connected. It is never journaled and is lost at a restart.
package room

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/store"
)

var (
	// ErrEnd: the journal cannot be written any more. It stays so until somebody
	// has looked at the disk and started the program again.
	ErrEnd = errors.New("room: the journal can no longer be written")
	// ErrFull: the disk is full. Reading goes on; only what ends something is taken.
	ErrFull = errors.New("room: the disk is full")
	// ErrNewer: the journal holds a kind of entry this program does not know. It
	// is shown and never written to.
	ErrNewer = errors.New("room: the journal was written by a newer program")
	// ErrClosed: the program is stopping.
	ErrClosed = errors.New("room: closed")
)

// Fault is the world breaking while a command was taken. Nobody knows for the
// asker whether it was recorded; asking again with the same key (a ballot: with
// the same n) is always safe.
type Fault struct{ Err error }

func (f *Fault) Error() string { return "room: " + f.Err.Error() }
func (f *Fault) Unwrap() error { return f.Err }

// Config is what a room stands on.
type Config struct {
	Journal *journal.Journal
	Now     func() time.Time // the wall clock; it may jump, nothing rests on it
	Log     *slog.Logger
	Reserve *store.Reserve // given up when the disk is full; may be nil
	Reading *Reading       // what was read while the journal was opened; nil: Open reads it
}

// Room is a meeting room at work.
type Room struct {
	journal *journal.Journal
	now     func() time.Time
	log     *slog.Logger
	reserve *store.Reserve
	reading *Reading  // until it is taken over
	began   time.Time // of the room's own clock

	orders chan *order
	stop   chan struct{} // closed by Close
	gone   chan struct{} // closed when run has returned
	once   sync.Once
	beside sync.WaitGroup // sealOld

	state   atomic.Pointer[Snapshot]
	publish sync.Mutex // held while a snapshot is made from the one before
	present present

	// commit and recover are the journal's own; tests put faults before them.
	commit  func(context.Context, *journal.Batch) error
	recover func(context.Context) error
}

// Open replays the room's log and the session in the room, and starts the
// writer. The room must be closed before its journal.
func Open(ctx context.Context, c Config) (*Room, error) {
	r := unstarted(c)
	if err := r.load(ctx); err != nil {
		return nil, err
	}
	go r.run()
	r.beside.Go(r.sealOld)
	return r, nil
}

func unstarted(c Config) *Room {
	r := &Room{
		journal: c.Journal, now: c.Now, log: c.Log, reserve: c.Reserve, reading: c.Reading, began: time.Now(),
		orders: make(chan *order, batchMost), stop: make(chan struct{}), gone: make(chan struct{}),
		recover: c.Journal.Recover,
	}
	r.commit = func(ctx context.Context, b *journal.Batch) error { return b.Commit(ctx) }
	r.state.Store(emptySnapshot())
	r.present.init(r.refresh)
	return r
}

// Close finishes the batch in hand, answers whoever still waits with ErrClosed
// and stops. The journal stays open.
func (r *Room) Close() error {
	r.once.Do(func() { close(r.stop) })
	<-r.gone
	r.beside.Wait()
	r.present.end()
	return nil
}

// State is the newest published state; all of it is on disk.
func (r *Room) State() *Snapshot { return r.state.Load() }

// Clock is the room's own clock in milliseconds: it never jumps. Countdowns are
// counted on it, since the wall clock of a box may be corrected mid-session.
func (r *Room) Clock() int64 { return time.Since(r.began).Milliseconds() }

// Command is one press of a key.
type Command struct {
	// Key becomes the entry's id; a key that is in the log is answered from the
	// log. "" is a random one. Ballots leave it empty: theirs is VOTE/MEMBER/n,
	// and what answers a repeated tap is the ballot that stands.
	Key  string
	By   meeting.PersonID
	Seat string // the tablet's place
	Saw  int    // View.Stage of the form; -1 not stated
	Verb Verb

	// Session is "" for the one in the room; else an earlier one that has closed
	// and is not sealed: its minutes, files and tasks.
	Session meeting.SessionID
}

// Verb decides on the session as it is when the command's turn comes.
type Verb func(*meeting.Session, meeting.Act) ([]meeting.Event, error)

// Answer is what a command came to, after it is on disk.
type Answer struct {
	Entry meeting.Entry // the first entry of the command; zero when nothing new
	Fresh bool          // recorded now; false: it stood already
	State *Snapshot     // holds the effect
}

// Do carries out a command on the session in the room. It answers after the
// fsync. The error is a meeting.Refusal (nothing recorded), a *Fault (ask
// again), ErrFull, ErrEnd, ErrNewer, ErrClosed or the context's; a command
// whose asker has gone may still be recorded.
func (r *Room) Do(ctx context.Context, c Command) (Answer, error) {
	return r.order(ctx, func(d *desk) (Answer, error) { return d.do(c) })
}

// Preparation makes a new session. last is the session before it (of phase
// Nothing where there is none), id the new one's.
type Preparation func(last *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error)

// Prepare opens a new session's log. It is refused (SessionInRoom) while the
// session in the room has not been closed.
func (r *Room) Prepare(ctx context.Context, key string, by meeting.PersonID, verb Preparation) (Answer, error) {
	return r.order(ctx, func(d *desk) (Answer, error) { return d.prepare(key, by, verb) })
}

// RoomVerb decides on the room itself: its name, its staff.
type RoomVerb func(*meeting.Room, meeting.Act) ([]meeting.Event, error)

// DoRoom carries out a command on the room's own log.
func (r *Room) DoRoom(ctx context.Context, key string, by meeting.PersonID, verb RoomVerb) (Answer, error) {
	return r.order(ctx, func(d *desk) (Answer, error) { return d.doRoom(key, by, verb) })
}
