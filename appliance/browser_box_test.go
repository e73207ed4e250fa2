package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// box is a demo room that runs as a process of its own.
type box struct {
	t       *testing.T
	dir     string
	address string // "http://127.0.0.1:PORT"
	process *exec.Cmd
	links   map[string]string // seat: token; "" is the hall
	seats   map[string]*http.Client
}

func newBox(t *testing.T) *box {
	t.Helper()
	b := &box{t: t, dir: filepath.Join(t.TempDir(), "data"), seats: map[string]*http.Client{}}
	t.Cleanup(b.kill)
	b.start("127.0.0.1:0")
	h := &house{dir: b.dir}
	links, err := h.readSeats()
	if err != nil {
		t.Fatal(err)
	}
	b.links = map[string]string{}
	for _, l := range links {
		b.links[l.seat] = l.token
	}
	return b
}

func (b *box) start(listen string) {
	b.t.Helper()
	errs, err := os.OpenFile(b.dir+".log", os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		b.t.Fatal(err)
	}
	defer errs.Close()
	b.process = exec.Command("phonghop", "serve", "--demo", "--data", b.dir, "--listen", listen)
	b.process.Stderr = errs
	out, err := b.process.StdoutPipe()
	if err == nil {
		err = b.process.Start()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first, _ := lines.ReadString('\n')
	address, ready := strings.CutPrefix(strings.TrimSpace(first), "ready ")
	if !ready {
		said, _ := os.ReadFile(b.dir + ".log")
		b.t.Fatalf("the room did not start: %q\n%s", first, said)
	}
	b.address = address
	go io.Copy(io.Discard, lines)
}

// startAgain starts the room where it was.
func (b *box) startAgain() {
	b.t.Helper()
	b.start(strings.TrimPrefix(b.address, "http://"))
}

func (b *box) kill() {
	if b.process != nil {
		b.process.Process.Kill()
		b.process.Wait()
		b.process = nil
	}
}

func (b *box) stop() {
	b.t.Helper()
	if err := b.process.Process.Signal(syscall.SIGTERM); err != nil {
		b.t.Fatal(err)
	}
	if err := b.process.Wait(); err != nil {
		b.t.Errorf("the room ended with %v", err)
	}
	b.process = nil
}

// verify lets the program check what the room has written.
func (b *box) verify() string {
	b.t.Helper()
	out, err := exec.Command("phonghop", "verify", b.dir).CombinedOutput()
	if err != nil {
		b.t.Errorf("verify: %v\n%s", err, out)
	}
	return string(out)
}

// seat is somebody whose tablet is a program.
func (b *box) seat(seat string) *http.Client {
	b.t.Helper()
	if c := b.seats[seat]; c != nil {
		return c
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	r, err := c.Get(b.address + "/enter/" + b.links[seat])
	if err != nil {
		b.t.Fatal(err)
	}
	r.Body.Close()
	b.seats[seat] = c
	return c
}

// press presses a key from a seat, and must be obeyed.
func (b *box) press(seat, path string, fields ...string) {
	b.t.Helper()
	if status, body := b.tries(seat, path, fields...); status != http.StatusOK {
		b.t.Fatalf("seat %s, %s: %d %s", seat, path, status, body)
	}
}

func (b *box) tries(seat, path string, fields ...string) (int, string) {
	b.t.Helper()
	form := url.Values{}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		form.Add(name, value)
	}
	q, err := http.NewRequest(http.MethodPost, b.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept", "application/json")
	r, err := b.seat(seat).Do(q)
	if err != nil {
		b.t.Errorf("seat %s, %s: %v", seat, path, err)
		return 0, ""
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Errorf("seat %s, %s: %v", seat, path, err)
	}
	return r.StatusCode, string(body)
}

// sees is what somebody's screen holds, as programs get it.
func (b *box) sees(seat, where string) string {
	b.t.Helper()
	return at(b.ask(b.seat(seat), "/api/session"), where)
}

// ballots is how many the session's log holds: papers are being drawn meanwhile,
// which makes entries too.
func (b *box) ballots() string {
	b.t.Helper()
	r, err := http.Get(b.address + "/metrics")
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		if n, ok := strings.CutPrefix(lines.Text(), "phonghop_ballots "); ok {
			return n
		}
	}
	b.t.Fatal("no count of ballots in the metrics")
	return ""
}

func (b *box) ask(c *http.Client, path string) (v any) {
	b.t.Helper()
	r, err := c.Get(b.address + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
		b.t.Fatalf("%s: %s: %v", path, r.Status, err)
	}
	return v
}

// opensVote puts a motion on the open item to the vote, from the chair's seat.
func (b *box) opensVote(motion string) {
	b.t.Helper()
	b.press("01", "/items/"+b.sees("01", "agenda.2.id")+"/votes", "motion="+motion, "seconds=600")
}

// vote is the path of something about the last vote.
func (b *box) vote(what string) string {
	b.t.Helper()
	return "/votes/" + b.sees("01", "votes.-1.id") + "/" + what
}

// line is what lies between a tablet and the room. It can fail as networks do.
type line struct {
	faults
	mu     sync.Mutex
	room   http.Handler
	server *httptest.Server
	taps   []string // ballots as they went by: "1 for"
}

// faults are what is wrong with a line.
type faults struct {
	cut   bool // nothing passes
	mute  int  // so many streams more are answered 503
	drops bool // ballots arrive, and their answers are lost
}

func (b *box) line() *line {
	to, err := url.Parse(b.address)
	if err != nil {
		b.t.Fatal(err)
	}
	l := &line{room: &httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}}
	l.server = httptest.NewServer(l)
	b.t.Cleanup(func() {
		l.fails(faults{cut: true})
		l.server.Close()
	})
	return l
}

// fails makes the line like this from now on; what is under way is lost.
func (l *line) fails(how faults) {
	l.mu.Lock()
	l.faults = how
	l.mu.Unlock()
	l.server.CloseClientConnections()
}

func (l *line) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	ballot := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/ballot")
	now := l.passes(r, ballot)
	switch {
	case now.cut:
		panic(http.ErrAbortHandler)
	case now.mute > 0 && r.URL.Path == "/live":
		http.Error(rw, "the room is not there yet", http.StatusServiceUnavailable)
	case now.drops && ballot:
		l.room.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	default:
		l.room.ServeHTTP(rw, r)
	}
}

// passes notes what goes by, and says how the line is now.
func (l *line) passes(r *http.Request, ballot bool) faults {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.faults
	if r.URL.Path == "/live" && l.mute > 0 {
		l.mute--
	}
	if ballot && !now.cut {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body))
		l.taps = append(l.taps, form.Get("n")+" "+form.Get("choice"))
	}
	return now
}

// went is the ballots that went by so far.
func (l *line) went() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprint(l.taps)
}

// waits waits for what happens in the room, unseen by any tablet.
func (b *box) waits(until func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); !until(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatal("it never happened")
		}
	}
}

func plus(n string, more int) string {
	var i int
	fmt.Sscan(n, &i)
	return fmt.Sprint(i + more)
}
