package powercut

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"phonghop/journal"
)

// recorder compiles the recorder. cgo has a C compiler at hand already.
func recorder(t *testing.T) string {
	t.Helper()
	lib := filepath.Join(t.TempDir(), "recorder.so")
	out, err := exec.Command("gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", lib, "testdata/recorder.c", "-ldl", "-lpthread").CombinedOutput()
	if err != nil {
		t.Fatalf("compiling the recorder (it needs gcc, as cgo does): %v\n%s", err, out)
	}
	return lib
}

// recording is what one or more writers did in one folder.
type recording struct {
	dir   string
	ops   []Op
	marks []placed
	whole map[int64]bool // sizes of the session's log that some answer published
	calm  bool           // every commit was answered: whole is complete
	goOn  bool           // nothing planted: the session can be held further after a cut
}

// placed is a mark and where in the trace it stands.
type placed struct {
	at int
	mark
}

// record lets writers play one after the other in one folder, each in its own
// process.
func record(t *testing.T, plays ...play) *recording {
	t.Helper()
	s := stage{t, fast(t), fast(t), recorder(t)}
	r := &recording{dir: s.dir, whole: map[int64]bool{}, calm: true, goOn: true}
	for _, p := range plays {
		s.run(p)
		r.goOn = r.goOn && !p.planted()
		r.calm = r.calm && (p.Batches || !p.killed()) // killed between a commit and its answers
	}
	var err error
	if r.ops, err = ReadTrace(s.trace()); err != nil {
		t.Fatal(err)
	}
	r.readMarks(t)
	if syncs := r.count(Sync); syncs == 0 {
		t.Fatal("the recorder saw no sync: is this test linked statically?")
	}
	return r
}

// stage is where writers play.
type stage struct {
	t         *testing.T
	dir, side string // what is watched; what is beside it
	lib       string
}

func (s stage) trace() string   { return filepath.Join(s.side, "trace") }
func (s stage) control() string { return filepath.Join(s.side, "control") }

func (s stage) run(p play) {
	s.t.Helper()
	if err := os.WriteFile(s.control(), make([]byte, 6*8), 0o600); err != nil {
		s.t.Fatal(err)
	}
	c, err := s.writer(p)
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := c.CombinedOutput()
	killed := c.ProcessState != nil && c.ProcessState.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	if killed != p.killed() || err != nil && !killed {
		s.t.Fatalf("the writer ended with %v (killed: %v)\n%s", err, killed, out)
	}
}

// writer is this binary again, as a writer under the recorder.
func (s stage) writer(p play) (*exec.Cmd, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), "LD_PRELOAD="+s.lib, "POWERCUT_DIR="+s.dir, "POWERCUT_TRACE="+s.trace(),
		"POWERCUT_CONTROL="+s.control(), "POWERCUT_PLAY="+string(text),
		"GORACE="+os.Getenv("GORACE")+" atexit_sleep_ms=0") // or each writer ends a second late
	return c, nil
}

// fast is a folder in memory where there is one: what is really on disk plays no
// part, the trace decides.
func fast(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "powercut")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func (r *recording) readMarks(t *testing.T) {
	t.Helper()
	for i, op := range r.ops {
		if op.Kind != Mark {
			continue
		}
		p := placed{at: i}
		if err := json.Unmarshal(op.Bytes, &p.mark); err != nil {
			t.Fatal(err)
		}
		r.marks = append(r.marks, p)
		if p.Size > 0 && p.Log != journal.RoomLog {
			r.whole[p.Size] = true
		}
		r.calm = r.calm && p.What != commitError && p.What != ended
	}
}

func (r *recording) count(k Kind) (n int) {
	for _, op := range r.ops {
		if op.Kind == k {
			n++
		}
	}
	return n
}

func (r *recording) marked(what string) (n int) {
	for _, m := range r.marks {
		if m.What == what {
			n++
		}
	}
	return n
}

// key is the room's key, which a cut folder is given: see the package's text.
func (r *recording) key(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(r.dir, "keys", "room"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
