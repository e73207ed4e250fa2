package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// shelf is a room that takes files in pieces, and stumbles where a test says so.
type shelf struct {
	mu       sync.Mutex
	files    map[string][]byte // by item and name
	begun    []map[string]any
	pieces   int
	stumbles map[int]http.HandlerFunc // by the number of the piece, from 1
	assets   map[string][]byte
}

const uploadPage = `<!doctype html><html lang="vi"><head><script src="/assets/main.js" defer></script></head><body><main>
<form data-uploads="i3" data-replaces="%s"><input type="file" multiple>
<ul data-sent data-waiting="chờ" data-going="{got}/{size}, {rate}/giây, còn {left}" data-seconds="{n} giây" data-minutes="{n} phút"
 data-lost="mất nối ở {got}" data-done="xong" data-failed="hỏng" data-empty="rỗng"></ul>
<template data-row><li><b></b><span></span><progress max="100" value="0"></progress></li></template></form></main></body></html>`

func (x *shelf) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, uploadPage, q.FormValue("replaces"))
	})
	mux.HandleFunc("GET /assets/{name}", func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Write(x.assets[q.PathValue("name")])
	})
	mux.HandleFunc("POST /uploads", x.begin)
	mux.HandleFunc("PATCH /uploads/{id}", x.append)
	mux.ServeHTTP(w, q)
}

func (x *shelf) begin(w http.ResponseWriter, q *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var asked map[string]any
	if err := json.NewDecoder(q.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	x.begun = append(x.begun, asked)
	id := fmt.Sprintf("%v %v", asked["item"], asked["file"])
	answerJSON(w, http.StatusOK, map[string]any{"id": id, "offset": len(x.files[id])})
}

func (x *shelf) append(w http.ResponseWriter, q *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.pieces++
	if stumble := x.stumbles[x.pieces]; stumble != nil {
		stumble(w, q)
		return
	}
	id := q.PathValue("id")
	at, err := strconv.Atoi(q.Header.Get("Upload-Offset"))
	status := http.StatusNoContent
	if err != nil || at != len(x.files[id]) {
		status = http.StatusConflict
	} else {
		body, _ := io.ReadAll(q.Body)
		x.files[id] = append(x.files[id], body...)
	}
	w.Header().Set("Upload-Offset", strconv.Itoa(len(x.files[id])))
	w.WriteHeader(status)
}

// cut breaks the line in the middle of a piece.
func (x *shelf) cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// reader is a page of a browser that sends files to a shelf.
type reader struct {
	t    *testing.T
	ctx  context.Context
	x    *shelf
	here string
}

// chooses gives the page's input files of these sizes, as a hand would.
func (r *reader) chooses(sizes ...int) {
	r.t.Helper()
	script := `(() => { const all = new DataTransfer(), input = document.querySelector("input");`
	for i, n := range sizes {
		script += fmt.Sprintf(`all.items.add(new File([new Uint8Array(%d).fill(%d)], "tep-%d.pdf", {lastModified: 1700000000000}));`, n, i+1, i+1)
	}
	script += `input.files = all.files; input.dispatchEvent(new Event("change", {bubbles: true})); return true })()`
	if ok, err := chromedp.Run(r.ctx, chromedp.Evaluate[bool](script)); err != nil || !ok {
		r.t.Fatal(err)
	}
}

// says waits until a file's line says something.
func (r *reader) says(row int, text string) {
	r.t.Helper()
	expression := fmt.Sprintf(`(document.querySelectorAll("[data-sent] li span")[%d]?.textContent ?? "").includes(%q)`, row, text)
	deadline := time.Now().Add(patience)
	for {
		ok, err := chromedp.Run(r.ctx, chromedp.Evaluate[bool](expression))
		if err != nil {
			r.t.Fatal(err)
		}
		if ok {
			return
		}
		if time.Now().After(deadline) {
			shown, _ := chromedp.Run(r.ctx, chromedp.Evaluate[string](`document.querySelector("[data-sent]").textContent`))
			r.t.Fatalf("the line never says %q but %q", text, shown)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (r *reader) opens(query string) {
	r.t.Helper()
	if err := chromedp.Do(r.ctx, chromedp.Navigate(r.here+"/"+query)); err != nil {
		r.t.Fatal(err)
	}
}

// holds tells whether the shelf has a file whole: every byte, in order.
func (r *reader) holds(id string, size int, mark byte) {
	r.t.Helper()
	r.x.mu.Lock()
	defer r.x.mu.Unlock()
	got := r.x.files[id]
	if len(got) != size {
		r.t.Fatalf("%s has %d bytes of %d", id, len(got), size)
	}
	for i, b := range got {
		if b != mark {
			r.t.Fatalf("%s: byte %d is %d", id, i, b)
		}
	}
}

const some = 9 << 20 // bytes: two pieces and a part

func TestUploads(t *testing.T) {
	inRoot(t)
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		lacking(t, "no browser: apt-get install chromium")
	}
	files := servedFiles(t)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(chromium), chromedp.Headless, chromedp.NoSandbox)
	t.Cleanup(stop)
	for name, play := range map[string]func(*reader){
		"several files":           severalFiles,
		"the line is cut":         uploadIsCut,
		"the page is loaded anew": uploadGoesOn,
		"the room has more of it": roomHasMore,
		"the room says no":        roomSaysNo,
		"a new version":           newVersion,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, quit := chromedp.NewContext(allocator)
			t.Cleanup(quit)
			x := &shelf{files: map[string][]byte{}, stumbles: map[int]http.HandlerFunc{}, assets: files}
			server := httptest.NewServer(x)
			t.Cleanup(server.Close)
			r := &reader{t: t, ctx: ctx, x: x, here: server.URL}
			r.opens("")
			play(r)
		})
	}
}

func severalFiles(r *reader) {
	r.chooses(some, 10, 0)
	r.says(2, "rỗng")
	r.says(0, "xong")
	r.says(1, "xong")
	r.holds("i3 tep-1.pdf", some, 1)
	r.holds("i3 tep-2.pdf", 10, 2)
	r.x.mu.Lock()
	defer r.x.mu.Unlock()
	if r.x.pieces != 4 || len(r.x.begun) != 2 {
		r.t.Errorf("%d pieces of %d files", r.x.pieces, len(r.x.begun))
	}
	if r.x.begun[0]["modified"] != 1700000000000.0 || r.x.begun[0]["replaces"] != "" {
		r.t.Errorf("begun as %v", r.x.begun[0])
	}
}

func uploadIsCut(r *reader) {
	r.x.stumbles[2] = r.x.cut
	r.x.stumbles[3] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	r.chooses(some)
	r.says(0, "mất nối ở 4 MB")
	r.says(0, "xong")
	r.holds("i3 tep-1.pdf", some, 1)
}

func uploadGoesOn(r *reader) {
	down := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	for i := 2; i < 50; i++ {
		r.x.stumbles[i] = down
	}
	r.chooses(some)
	r.says(0, "mất nối ở 4 MB")
	r.opens("?again")
	r.x.mu.Lock()
	clear(r.x.stumbles)
	before := r.x.pieces
	r.x.mu.Unlock()
	r.chooses(some)
	r.says(0, "xong")
	r.holds("i3 tep-1.pdf", some, 1)
	r.x.mu.Lock()
	defer r.x.mu.Unlock()
	if sent := r.x.pieces - before; sent != 2 {
		r.t.Errorf("%d pieces were sent after the page was loaded anew, 2 were missing", sent)
	}
}

func roomHasMore(r *reader) {
	r.x.stumbles[1] = func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.x.files[q.PathValue("id")] = body // taken, but its answer never arrives
		panic(http.ErrAbortHandler)
	}
	r.chooses(some)
	r.says(0, "xong")
	r.holds("i3 tep-1.pdf", some, 1)
}

func roomSaysNo(r *reader) {
	r.x.stumbles[1] = func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusInsufficientStorage, map[string]any{"message": "Ổ đĩa đã đầy."})
	}
	r.chooses(some, 10)
	r.says(0, "Ổ đĩa đã đầy.")
	r.says(1, "xong")
}

func newVersion(r *reader) {
	r.opens("?replaces=p1")
	r.chooses(10, 20)
	r.says(0, "xong")
	r.x.mu.Lock()
	defer r.x.mu.Unlock()
	if len(r.x.begun) != 1 || r.x.begun[0]["replaces"] != "p1" {
		r.t.Errorf("begun: %v", r.x.begun)
	}
}
