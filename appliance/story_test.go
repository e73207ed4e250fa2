package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"phonghop": main})
}

// The stories in testdata are held by the whole binary. Beside testscript's own
// commands they know
//
//	room start [FLAG...]        start serve on a free port and wait for "ready"; $ROOM is its address
//	room kill | room stop       kill -9, or ask it to end and wait
//	seat NAME NUMBER            sit down by the link of seats.csv
//	[!] press NAME PATH [F=V…]  press a key; {3} is item 3, {vote} the last vote
//	[!] tap NUMBER CHOICE N     a ballot from a seat's tablet
//	vote CHOICE NUMBER…         first ballots of these seats (02-07 is a range)
//	sees NAME WHERE VALUE       what a screen holds: votes.0.result.for 18
//	centre start | centre stop  a centre on a free port; $CENTRE is its address
//	[!] opens PATH              whether a page opens for a stranger
//	spoil FILE OLD NEW          change bytes behind the room's back
//
// and what was answered can be matched by stdout.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			w := &world{dir: filepath.Join(e.WorkDir, "data"), tablets: map[string]*http.Client{}}
			e.Values[theWorld] = w
			e.Defer(w.kill)
			e.Defer(w.killCentre)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"room": in((*world).room), "centre": in((*world).atCentre), "seat": in((*world).seat), "press": in((*world).press), "tap": in((*world).tap),
			"vote": in((*world).vote), "sees": in((*world).sees), "opens": in((*world).opens), "spoil": in((*world).spoil),
		},
	})
}

// theWorld is where a script keeps its world.
const theWorld = "world"

// world is one story: a data folder, the process that serves it, and the tablets.
type world struct {
	dir     string
	address string
	process *exec.Cmd
	centre  *exec.Cmd
	tablets map[string]*http.Client
}

// in makes a command of a method; what it returns as refused must be wanted.
func in(do func(*world, *testscript.TestScript, []string) (refused bool)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if refused := do(ts.Value(theWorld).(*world), ts, args); refused != neg {
			ts.Fatalf("refused: %v", refused)
		}
	}
}

func (w *world) room(ts *testscript.TestScript, args []string) bool {
	switch args[0] {
	case "start":
		w.start(ts, args[1:])
	case "kill":
		w.kill()
	case "stop":
		ts.Check(w.process.Process.Signal(syscall.SIGTERM))
		ts.Check(w.process.Wait())
		w.process = nil
	default:
		ts.Fatalf("room %s", args[0])
	}
	return false
}

func (w *world) start(ts *testscript.TestScript, flags []string) {
	args := append([]string{"serve", "--data", w.dir, "--listen", "127.0.0.1:0"}, flags...)
	w.process = exec.Command(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "phonghop"), args...)
	log, err := os.OpenFile(w.dir+".log", os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	ts.Check(err)
	defer log.Close()
	w.process.Stderr = log
	out, err := w.process.StdoutPipe()
	ts.Check(err)
	ts.Check(w.process.Start())
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		ts.Fatalf("the room did not start:\n%s", ts.ReadFile(w.dir+".log"))
	}
	address, ready := strings.CutPrefix(strings.TrimSpace(first), "ready ")
	if !ready {
		ts.Fatalf("the first line is %q", first)
	}
	w.address = address
	ts.Setenv("ROOM", address)
	fmt.Fprint(ts.Stdout(), first)
	if second, err := lines.ReadString('\n'); err == nil {
		third, _ := lines.ReadString('\n')
		fmt.Fprint(ts.Stdout(), second, third)
	}
	go io.Copy(io.Discard, lines)
}

// atCentre starts a centre beside the room, or stops it.
func (w *world) atCentre(ts *testscript.TestScript, args []string) bool {
	if args[0] == "stop" {
		w.killCentre()
		return false
	}
	w.centre = exec.Command(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "phonghop"), "centre", "--data", filepath.Join(filepath.Dir(w.dir), "centre"), "--listen", "127.0.0.1:0")
	out, err := w.centre.StdoutPipe()
	ts.Check(err)
	ts.Check(w.centre.Start())
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	ts.Check(err)
	ts.Setenv("CENTRE", strings.TrimSpace(strings.TrimPrefix(first, "ready ")))
	go io.Copy(io.Discard, lines)
	return false
}

func (w *world) killCentre() {
	if w.centre != nil {
		w.centre.Process.Kill()
		w.centre.Wait()
		w.centre = nil
	}
}

func (w *world) kill() {
	if w.process != nil {
		w.process.Process.Kill()
		w.process.Wait()
		w.process = nil
	}
}

// seat sits somebody down by the link of their card.
func (w *world) seat(ts *testscript.TestScript, args []string) bool {
	jar, err := cookiejar.New(nil)
	ts.Check(err)
	tablet := &http.Client{Jar: jar}
	w.tablets[args[0]] = tablet
	r, err := tablet.Get(w.address + "/enter/" + w.token(ts, args[1]))
	ts.Check(err)
	defer r.Body.Close()
	return r.StatusCode != http.StatusOK
}

func (w *world) token(ts *testscript.TestScript, number string) string {
	raw, err := os.ReadFile(filepath.Join(w.dir, seatsFile))
	ts.Check(err)
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	ts.Check(err)
	for _, row := range rows[1:] {
		if row[0] == number {
			return row[3]
		}
	}
	ts.Fatalf("no seat %s", number)
	return ""
}

func (w *world) tablet(ts *testscript.TestScript, name string) *http.Client {
	if w.tablets[name] == nil {
		ts.Fatalf("%s has not sat down", name)
	}
	return w.tablets[name]
}

func (w *world) press(ts *testscript.TestScript, args []string) bool {
	form := url.Values{}
	for _, field := range args[2:] {
		name, value, _ := strings.Cut(field, "=")
		form.Set(name, value)
	}
	return w.post(ts, args[0], w.path(ts, args[0], args[1]), form)
}

// post presses a key as a program would; 409 is a refusal.
func (w *world) post(ts *testscript.TestScript, name, path string, form url.Values) bool {
	q, err := http.NewRequest(http.MethodPost, w.address+path, strings.NewReader(form.Encode()))
	ts.Check(err)
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept", "application/json")
	r, err := w.tablet(ts, name).Do(q)
	ts.Check(err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n", body)
	if r.StatusCode != http.StatusOK && r.StatusCode != http.StatusConflict {
		ts.Fatalf("%s: %s %s", path, r.Status, body)
	}
	return r.StatusCode == http.StatusConflict
}

// path fills in the ids that people know by number.
func (w *world) path(ts *testscript.TestScript, name, path string) string {
	before, rest, ok := strings.Cut(path, "{")
	if !ok {
		return path
	}
	what, after, _ := strings.Cut(rest, "}")
	s := w.screen(ts, name)
	where := "votes.-1.id"
	if number, err := strconv.Atoi(what); err == nil {
		where = fmt.Sprintf("agenda.%d.id", number-1)
	}
	return before + at(s, where) + after
}

func (w *world) tap(ts *testscript.TestScript, args []string) bool {
	if w.tablets[args[0]] == nil {
		w.seat(ts, []string{args[0], args[0]})
	}
	path := w.path(ts, args[0], "/votes/{vote}/ballot")
	return w.post(ts, args[0], path, url.Values{"choice": {args[1]}, "n": {args[2]}})
}

func (w *world) vote(ts *testscript.TestScript, args []string) bool {
	for _, seats := range args[1:] {
		from, to, ranged := strings.Cut(seats, "-")
		if !ranged {
			to = from
		}
		first, err := strconv.Atoi(from)
		ts.Check(err)
		last, err := strconv.Atoi(to)
		ts.Check(err)
		for i := first; i <= last; i++ {
			if w.tap(ts, []string{fmt.Sprintf("%02d", i), args[0], "1"}) {
				return true
			}
		}
	}
	return false
}

// screen is what somebody may see now, as programs get it.
func (w *world) screen(ts *testscript.TestScript, name string) any {
	r, err := w.tablet(ts, name).Get(w.address + "/api/session")
	ts.Check(err)
	defer r.Body.Close()
	var s any
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil {
		ts.Fatalf("%s: %s: %v", name, r.Status, err)
	}
	return s
}

func (w *world) sees(ts *testscript.TestScript, args []string) bool {
	if got := at(w.screen(ts, args[0]), args[1]); got != args[2] {
		ts.Fatalf("%s sees %s = %q, not %q", args[0], args[1], got, args[2])
	}
	return false
}

// at follows a dotted path; -1 is the last of a list, "nothing" what is not there.
func at(v any, path string) string {
	for step := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			i, err := strconv.Atoi(step)
			if i < 0 {
				i += len(in)
			}
			if err != nil || i < 0 || i >= len(in) {
				return "nothing"
			}
			v = in[i]
		}
	}
	if v == nil {
		return "nothing"
	}
	return fmt.Sprint(v)
}

func (w *world) opens(ts *testscript.TestScript, args []string) bool {
	path := strings.TrimPrefix(args[0], w.address)
	r, err := http.Get(w.address + path)
	ts.Check(err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n", body)
	return r.StatusCode != http.StatusOK
}

func (w *world) spoil(ts *testscript.TestScript, args []string) bool {
	path := ts.MkAbs(args[0])
	raw, err := os.ReadFile(path)
	ts.Check(err)
	if !bytes.Contains(raw, []byte(args[1])) || len(args[1]) != len(args[2]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, bytes.Replace(raw, []byte(args[1]), []byte(args[2]), 1), 0o600))
	return false
}
