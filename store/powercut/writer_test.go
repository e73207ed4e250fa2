package powercut

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"phonghop/journal"
	"phonghop/room"
	"phonghop/store"
)

// TestMain lets this binary be the writer too: the tests start it again, with
// the recorder before its libc.
func TestMain(m *testing.M) {
	text := os.Getenv("POWERCUT_PLAY")
	if text == "" {
		os.Exit(m.Run())
	}
	if err := write(text); err != nil {
		fmt.Fprintln(os.Stderr, "the writer:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// play is what a writer is told to do.
type play struct {
	Seed    uint64
	Batches bool // entries through journal.Batch alone; else a session through room.Do
	First   int  // the first vote; 1 makes the session, higher goes on with it
	Votes   int
	Members int
	Text    int // bytes of the text beside each entry of a batch
	Faults  []fault

	Pragmas  store.Pragmas // planted: a weaker store
	WithoutN bool          // planted: ballots that do not say which tap they are
	Clock    bool          // the wall clock jumps by years
}

// fault is asked of the recorder when a vote (or batch) of that number begins.
type fault struct {
	Vote int
	control
}

// control is the recorder's struct control.
type control struct{ SyncAfter, SyncFail, WriteAfter, WriteFail, KillAt, SyncKill int64 }

// mark is what the writer puts into the trace.
type mark struct {
	What string `json:"what"` // one of those below

	Log   string `json:"log,omitempty"`
	Entry int64  `json:"entry"`
	ID    string `json:"id,omitempty"`
	Code  string `json:"code,omitempty"`
	Size  int64  `json:"size,omitempty"` // of the session's log as published with the answer

	Vote   string `json:"vote,omitempty"`
	Member string `json:"member,omitempty"`
	Tap    int    `json:"tap,omitempty"`
	N      int    `json:"n,omitempty"`
	Choice string `json:"choice,omitempty"`
}

// The marks of a writer.
const (
	kept        = "kept"   // an entry was acknowledged
	sent        = "sent"   // a member tapped
	shown       = "shown"  // a member reads ĐÃ GHI, and which ballot stands
	unread      = "unread" // an answer that got lost on the way
	commitError = "fault"  // a commit error was met
	full        = "full"   // the disk was full, nothing was acknowledged
	ended       = "ended"  // the journal can no longer be written
)

// writer is a process at work under the recorder.
type writer struct {
	play
	dir     string
	marks   *Marker
	control *os.File
	journal *journal.Journal
	room    *room.Room
}

func write(text string) error {
	w := &writer{dir: os.Getenv("POWERCUT_DIR")}
	err := json.Unmarshal([]byte(text), &w.play)
	if err != nil {
		return err
	}
	if w.marks, err = OpenMarker(os.Getenv("POWERCUT_TRACE")); err != nil {
		return err
	}
	if w.control, err = os.OpenFile(os.Getenv("POWERCUT_CONTROL"), os.O_WRONLY, 0); err != nil {
		return err
	}
	if w.journal, err = open(w.dir, w.Pragmas); err != nil {
		return err
	}
	defer w.journal.Close()
	if w.Batches {
		return w.writeBatches()
	}
	w.room, err = room.Open(context.Background(), room.Config{Journal: w.journal, Now: w.clock(), Log: quiet()})
	if err != nil {
		return err
	}
	defer w.room.Close()
	err = w.hold()
	if errors.Is(err, room.ErrEnd) {
		return w.mark(mark{What: ended})
	}
	return err
}

// open opens a journal as the program does, with its key.
func open(dir string, p store.Pragmas) (*journal.Journal, error) {
	key, err := journal.OpenKey(dir)
	if err != nil {
		return nil, err
	}
	return journal.Open(context.Background(), journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key, Pragmas: p})
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// clock is the wall clock, or one that is years off in turns.
func (w *writer) clock() func() time.Time {
	if !w.Clock {
		return time.Now
	}
	reads := 0 // by the room's one goroutine
	return func() time.Time {
		reads++
		return time.Now().AddDate([]int{0, -3, 2, 11}[reads/7%4], 0, 0)
	}
}

func (w *writer) mark(m mark) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return w.marks.Mark(text)
}

// planted tells whether something is taken away from what the program does.
func (p play) planted() bool { return p.Pragmas != store.Pragmas{} || p.WithoutN }

// killed tells whether the process is to die by kill -9.
func (p play) killed() bool {
	return slices.ContainsFunc(p.Faults, func(f fault) bool { return f.KillAt > 0 || f.SyncKill > 0 })
}

// ask hands the recorder the faults of a vote; the zero control takes all back.
func (w *writer) ask(c control) error {
	var b []byte
	for _, n := range []int64{c.SyncAfter, c.SyncFail, c.WriteAfter, c.WriteFail, c.KillAt, c.SyncKill} {
		b = binary.LittleEndian.AppendUint64(b, uint64(n))
	}
	_, err := w.control.WriteAt(b, 0)
	return err
}

func (w *writer) askFor(vote int) error {
	for _, f := range w.Faults {
		if f.Vote == vote {
			return w.ask(f.control)
		}
	}
	return nil
}
