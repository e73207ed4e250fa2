package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed testdata/page.html
var pageFile embed.FS

// fakeRoom is as much of a room as the scripts need: one page, its stream, and
// forms that answer what a test says.
type fakeRoom struct {
	page  *template.Template
	files map[string][]byte // under /assets/, by plain and by marked name
	since time.Time

	mu       sync.Mutex
	state    // what the pages show
	awake    chan struct{}
	cut      chan struct{}
	refusals int  // this many of the next streams get 503
	hush     bool // streams stay open and say nothing
	hold     bool // something on the way holds streams back
	lastIDs  []string
	posts    []url.Values
	answer   http.HandlerFunc
}

type state struct {
	Count, NextN int
	Rows         []int
	Step         string
	Ends, Since  int64
	Stands       string
	Open         bool
	goTo         string
}

func (s state) Choices() []string { return []string{"for", "against", "abstain"} }

func (s state) State(choice string) string {
	switch s.Stands {
	case "":
		return ""
	case choice:
		return "recorded"
	}
	return "other"
}

func (s state) Say(choice string) string {
	if s.Stands == choice {
		return "ĐÃ GHI"
	}
	return ""
}

func (r *fakeRoom) Panels() []string {
	return []string{"count-panel", "notes", "step", "time", "sheet"}
}

func (r *fakeRoom) Clock() int64 { return time.Since(r.since).Milliseconds() }

func (r *fakeRoom) Now() int64 { return time.Now().UnixMilli() }

// Draw is the inside of a panel.
func (r *fakeRoom) Draw(panel string) (template.HTML, error) {
	var out bytes.Buffer
	err := r.page.ExecuteTemplate(&out, strings.TrimSuffix(panel, "-panel"), r.state)
	return template.HTML(out.String()), err
}

func newFakeRoom(files map[string][]byte) (*fakeRoom, error) {
	page, err := template.ParseFS(pageFile, "testdata/page.html")
	return &fakeRoom{
		page: page, files: files, since: time.Now(),
		state: state{NextN: 1, Rows: []int{1, 2}, Step: "MỞ", Open: true, Ends: 1 << 40},
		awake: make(chan struct{}), cut: make(chan struct{}),
	}, err
}

// change alters what is shown and wakes the streams; it returns the new count.
func (r *fakeRoom) change(alter func(*state)) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Count++
	if alter != nil {
		alter(&r.state)
	}
	close(r.awake)
	r.awake = make(chan struct{})
	return strconv.Itoa(r.Count)
}

// set alters how the room behaves.
func (r *fakeRoom) set(alter func(*fakeRoom)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	alter(r)
}

// drop cuts every stream.
func (r *fakeRoom) drop() {
	r.set(func(r *fakeRoom) {
		close(r.cut)
		r.cut = make(chan struct{})
	})
}

func (r *fakeRoom) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'")
	switch path := q.URL.Path; {
	case path == "/live":
		r.live(w, q)
	case q.Method == http.MethodPost:
		r.post(w, q)
	case path == "/elsewhere":
		fmt.Fprint(w, "<!doctype html><title>elsewhere</title>")
	case path == "/":
		r.mu.Lock()
		defer r.mu.Unlock()
		r.page.Execute(w, r)
	default:
		name := strings.TrimPrefix(path, "/assets/")
		http.ServeContent(w, q, name, time.Time{}, bytes.NewReader(r.files[name]))
	}
}

func (r *fakeRoom) post(w http.ResponseWriter, q *http.Request) {
	q.ParseForm()
	r.mu.Lock()
	r.posts = append(r.posts, q.PostForm)
	answer := r.answer
	r.mu.Unlock()
	switch {
	case answer != nil:
		answer(w, q)
	case q.Header.Get("HX-Request") != "":
		w.WriteHeader(http.StatusNoContent)
	default:
		http.Redirect(w, q, "/", http.StatusSeeOther)
	}
}

func (r *fakeRoom) live(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	r.lastIDs = append(r.lastIDs, q.Header.Get("Last-Event-ID"))
	refuse, held, cut := r.refusals > 0, r.hold && !q.URL.Query().Has("once"), r.cut
	r.refusals--
	r.mu.Unlock()
	switch {
	case refuse:
		http.Error(w, "<b>not yet</b>", http.StatusServiceUnavailable)
	case held:
		select {
		case <-cut:
		case <-q.Context().Done():
		}
	default:
		r.stream(w, q, cut)
	}
}

func (r *fakeRoom) stream(w http.ResponseWriter, q *http.Request, cut chan struct{}) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	sent := map[string]template.HTML{}
	beat := true
	for {
		r.mu.Lock()
		message, awake := r.message(sent, beat), r.awake
		r.mu.Unlock()
		fmt.Fprint(w, message)
		http.NewResponseController(w).Flush()
		if q.URL.Query().Has("once") {
			return
		}
		select {
		case <-awake:
			beat = false
		case <-tick.C:
			beat = true
		case <-cut:
			panic(http.ErrAbortHandler)
		case <-q.Context().Done():
			return
		}
	}
}

// message is what a stream that sent so much says next.
func (r *fakeRoom) message(sent map[string]template.HTML, beat bool) string {
	if r.hush {
		return ""
	}
	var out, panels strings.Builder
	if beat {
		fmt.Fprintf(&out, "event: tick\ndata: {\"clock\":%d,\"now\":%d}\n\n", r.Clock(), r.Now())
	}
	if r.goTo != "" {
		fmt.Fprintf(&out, "event: go\ndata: %s\n\n", r.goTo)
	}
	for _, id := range r.Panels() {
		html, err := r.Draw(id)
		if err != nil {
			return err.Error()
		}
		if sent[id] != html {
			sent[id] = html
			fmt.Fprintf(&panels, "<hx-partial hx-target=\"#%s\" hx-swap=\"innerMorph\">%s</hx-partial>\n", id, html)
		}
	}
	if panels.Len() > 0 {
		lines := strings.ReplaceAll(strings.TrimSpace(panels.String()), "\n", "\ndata: ")
		fmt.Fprintf(&out, "id: %d.0\ndata: %s\n\n", r.Count, lines)
	}
	return out.String()
}

// receipt answers a ballot with what was asked for.
func receipt(w http.ResponseWriter, q *http.Request) {
	n, _ := strconv.Atoi(q.PostForm.Get("n"))
	answerJSON(w, http.StatusOK, map[string]any{
		"entry": 7, "n": n, "at": "2026-11-24T09:42:17+07:00", "choice": q.PostForm.Get("choice"), "code": "K7Q2",
	})
}

func answerJSON(w http.ResponseWriter, status int, what map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(what)
}
