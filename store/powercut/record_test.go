package powercut

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"phonghop/journal"
)

// recorder compiles the recorder, once.
var recorder = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "powercut")
	if err != nil {
		return "", err
	}
	lib := filepath.Join(dir, "recorder.so")
	out, err := exec.Command("gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", lib, "testdata/recorder.c", "-ldl", "-lpthread").CombinedOutput()
	if err != nil {
		return "", errors.New("compiling the recorder: " + err.Error() + "\n" + string(out))
	}
	return lib, nil
})

// recording is what one or more writers did in one folder.
type recording struct {
	dir   string
	ops   []Op
	marks []placed
	whole map[int64]bool // sizes of the session's log that some answer published
	calm  bool           // no commit error was met: whole is complete
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
	dir, side := fast(t), fast(t)
	trace := filepath.Join(side, "trace")
	for _, p := range plays {
		run(t, p, dir, trace, filepath.Join(side, "control"))
	}
	ops, err := ReadTrace(trace)
	if err != nil {
		t.Fatal(err)
	}
	r := &recording{dir: dir, ops: ops, whole: map[int64]bool{}, calm: true}
	r.readMarks(t)
	if syncs := r.count(Sync); syncs == 0 {
		t.Fatal("the recorder saw no sync: is this test linked statically?")
	}
	return r
}

func run(t *testing.T, p play, dir, trace, control string) {
	t.Helper()
	lib, err := recorder()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(control, make([]byte, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), "LD_PRELOAD="+lib, "POWERCUT_DIR="+dir, "POWERCUT_TRACE="+trace, "POWERCUT_CONTROL="+control, "POWERCUT_PLAY="+string(text))
	out, err := c.CombinedOutput()
	if killed := c.ProcessState != nil && c.ProcessState.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL; killed != (p.Kill > 0) || err != nil && !killed {
		t.Fatalf("the writer ended with %v (killed: %v)\n%s", err, killed, out)
	}
}

// fast is a folder in memory where there is one: what is really on disk plays no
// part, the trace decides.
func fast(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "powercut")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
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
		r.calm = r.calm && p.What != fault_
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
