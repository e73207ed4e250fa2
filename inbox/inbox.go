// Package inbox is how papers come in: whatever is dropped into the session's
// folder, sent from a browser or fetched from a USB drive is looked at once, and
// becomes a paper of its item or a line in the secretary's list.
//
// The folder is an inbox, not a mirror. What lies there is read and never
// changed, moved or deleted; once a file is a paper, nothing done to the file
// changes the paper. A file is taken when it has settled: nothing changed for a
// moment, and its end is there. Its bytes go into documents first; only then is
// it decided what becomes of it. Before the opening a new paper appears at once.
// During the session, and where it would replace a paper, it waits for PHÁT.
//
// On disk, under Config.Dir: one folder a session, in it one an item, made here
// and never deleted; hidden files beside them, .SESSION.json (which folder is
// whose, what was held or dismissed) and .upload-*.part (uploads that broke off).
// Losing the first costs a second question to the secretary, never a second
// paper: what was placed is in the journal, under a key made of item and bytes.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/room"
)

var (
	// ErrNoArrival: no such file waits, or its bytes have changed since it was shown.
	ErrNoArrival = errors.New("inbox: no such arrival")
	// ErrTooLarge: more bytes than a paper may have.
	ErrTooLarge = errors.New("inbox: too large")
	// ErrNoMedium: not a drive that is plugged in.
	ErrNoMedium = errors.New("inbox: no such drive")
)

// ErrOffset means that the piece does not begin where the last one ended.
type ErrOffset struct{ At int64 }

func (e ErrOffset) Error() string { return fmt.Sprintf("inbox: the upload goes on at byte %d", e.At) }

// Quiet is how long a file must rest before it is looked at. The zero value is
// what rooms use; tests are less patient.
type Quiet struct {
	Complete time.Duration // with its end there: 0.7 s
	Any      time.Duration // else: 2 s
	Rescan   time.Duration // between two looks at everything: 4 s
	Retry    time.Duration // before a file that could not be read, or found the disk full: 10 s
}

// Config is what an inbox works with.
type Config struct {
	Dir       string // DATA/inbox
	Room      *room.Room
	Documents *documents.Store
	// Prepare is told of bytes that came, so that they are drawn before PHÁT; may be nil.
	Prepare func(ref documents.Ref, typ, name string)
	// Drawn tells how far bytes have been drawn; may be nil. Wake after it changes.
	Drawn func(ref documents.Ref) (drawn, total int, trouble meeting.Trouble)
	// Returned is told of a settled file in the minutes' folder; may be nil. It is
	// called again for the same file after a restart and after each change.
	Returned  func(path string)
	Media     []string // where USB drives are mounted
	Mountinfo string   // "" is /proc/self/mountinfo
	Now       func() time.Time
	Log       *slog.Logger
	Most      int64 // bytes of one paper; 0 is 300 MB
	Quiet     Quiet
}

// Inbox is the way in. Its methods may be called by many at once.
type Inbox struct {
	c      Config
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	gone   sync.WaitGroup
	events *fsnotify.Watcher
	mounts *mountWatch
	kicked chan struct{} // one signal: look at the folder
	ready  chan struct{} // one signal: something to take
	dirty  chan struct{} // one signal: the list may have changed

	laws    atomic.Pointer[law]
	placing sync.Mutex        // one decision at a time; guards arrivals; taken before mu
	shown   []meeting.Arrival // under placing

	mu      sync.Mutex // guards what follows
	session meeting.SessionID
	root    string           // the session's folder; "" without a session
	watched map[string]inode // folders under fsnotify
	files   map[string]*file // by path below root
	memory  *memory
	uploads map[string]*spool
	done    map[string]int64 // uploads finished since the start, and their size
}

// Open makes the folder, looks at what is there, and starts watching. The inbox
// must be closed before the room.
func Open(ctx context.Context, c Config) (*Inbox, error) {
	c = c.usual()
	if err := os.MkdirAll(c.Dir, 0o770); err != nil {
		return nil, fmt.Errorf("opening the inbox: %w", err)
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("opening the inbox: %w", err)
	}
	c.Dir = dir
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching the inbox: %w", err)
	}
	in := &Inbox{
		c: c, events: events, kicked: make(chan struct{}, 1), ready: make(chan struct{}, 1), dirty: make(chan struct{}, 1),
		watched: map[string]inode{}, files: map[string]*file{}, uploads: map[string]*spool{}, done: map[string]int64{},
	}
	in.ctx, in.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if in.mounts, err = watchMounts(c.Mountinfo); err != nil {
		c.Log.Warn("mounts are not watched; the inbox is looked at from time to time instead", "err", err)
	}
	in.dropStale()
	in.follow()
	in.gone.Go(in.watch)
	in.gone.Go(in.take)
	in.gone.Go(in.show)
	return in, nil
}

func (c Config) usual() Config {
	c.Mountinfo = or(c.Mountinfo, "/proc/self/mountinfo")
	c.Most = or(c.Most, 300<<20)
	c.Quiet.Complete = or(c.Quiet.Complete, 700*time.Millisecond)
	c.Quiet.Any = or(c.Quiet.Any, 2*time.Second)
	c.Quiet.Rescan = or(c.Quiet.Rescan, 4*time.Second)
	c.Quiet.Retry = or(c.Quiet.Retry, 10*time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

func or[T comparable](given, usual T) T {
	var none T
	if given == none {
		return usual
	}
	return given
}

// Close stops watching and waits for the file in hand. What waited is found
// again at the next start.
func (in *Inbox) Close() error {
	in.cancel()
	in.gone.Wait()
	in.mounts.close()
	return in.events.Close()
}

// Folder is where to drop files now; "" without a session.
func (in *Inbox) Folder() string {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.root
}

// Wake has the list drawn up again: pages of something in it were drawn.
func (in *Inbox) Wake() { signal(in.dirty) }

// signal leaves one signal; nobody waits.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
