package pages

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"phonghop/documents"
)

// What takes for ever, or more memory than there is, costs its own picture and no
// more: the next paper is drawn.
func TestAPageThatCannotBeDrawn(t *testing.T) {
	need(t, "gs")
	if err := drawer(t, nil).Ready(t.Context()); err != nil { // compiling the renderer takes more memory than drawing
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		path, mime string
		limits     Limits
	}{
		"a map of 300,000 strokes": {strokes(t, 300_000), typePDF, Limits{Page: 30 * time.Millisecond}},
		"forms in forms":           {wrote(t, "endless.pdf", endless()), typePDF, Limits{Page: 500 * time.Millisecond}},
		"2 GB of nothing":          {wrote(t, "bomb.pdf", bomb(t, 2<<10)), typePDF, Limits{}},
		"more than its memory":     {wrote(t, "large.png", pngOf(t, 5000, 5000)), "image/png", Limits{Memory: 160 << 20}},
	} {
		t.Run(name, func(t *testing.T) {
			p := drawer(t, func(c *Config) { c.Limits = row.limits })
			book, all, err := drawn(t, p, row.path, row.mime)
			if err != nil || len(all) != 1 || !all[0].Failed || all[0].Number != 1 {
				t.Errorf("%+v, %+v, %v", book, all, err)
			}
			p.Limits = Limits{}.settled()
			stillDraws(t, p)
		})
	}
}

// A child that is killed in the middle of a page is replaced and the page drawn
// again, as fine as before; if it dies over it again the page has failed.
func TestAChildThatDies(t *testing.T) {
	need(t, "gs")
	path := psPDF(t, "two.pdf", onePage+onePage)
	for deaths, want := range map[int]string{0: "[false false]", 1: "[false false]", 2: "[true false]", 3: "[true false]", 4: "[true true]"} {
		count := filepath.Join(cacheFor(t), "renderer", "deaths-"+strconv.Itoa(os.Getpid()))
		p := drawer(t, func(c *Config) {
			c.Command = []string{os.Getenv(self), "dying", strconv.Itoa(deaths), count}
		})
		_, all, err := drawn(t, p, path, typePDF)
		if err != nil || len(all) != 2 {
			t.Fatalf("%d deaths: %+v, %v", deaths, all, err)
		}
		if got := fmt.Sprint([]bool{all[0].Failed, all[1].Failed}); got != want || all[0].Coarse || all[1].Coarse {
			t.Errorf("%d deaths: failed %s, not %s; %+v", deaths, got, want, all)
		}
		if err := os.Remove(count); err != nil && deaths > 0 {
			t.Error(err)
		}
	}
}

// dying is the input of a child that dies when it is asked to draw, the first so
// many times; count is a file that remembers.
type dying struct {
	io.Reader
	times int
	count string
}

func (d dying) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	if bytes.Contains(p[:n], []byte(`"op":"draw"`)) {
		if deaths, _ := os.ReadFile(d.count); len(deaths) < d.times {
			_ = os.WriteFile(d.count, append(deaths, 'x'), 0o600)
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	return n, err
}

// A child that does not start is no fault of a paper.
func TestAChildThatDoesNotStart(t *testing.T) {
	plain := wrote(t, "plain.pdf", rawPDF(page("0 0 200 200", "", "")))
	for name, change := range map[string]func(*Config){
		"no program":    func(c *Config) { c.Command = []string{"/nonexistent/phonghop", "pages"} },
		"ends at once":  func(c *Config) { c.Command = []string{"/bin/false"} },
		"little memory": func(c *Config) { c.Limits.Memory = 20 << 20 },
		"no folder":     func(c *Config) { c.Cache = plain },
	} {
		p := drawer(t, change)
		if _, all, err := drawn(t, p, plain, typePDF); err == nil || errors.Is(err, ErrDamaged) || len(all) > 0 {
			t.Errorf("%s: %v", name, err)
		}
		if err := p.Ready(t.Context()); err == nil {
			t.Errorf("%s: it is ready", name)
		}
	}
}

// It ends when there is nothing to do, and is there again when there is.
func TestAnIdleChildEnds(t *testing.T) {
	p := drawer(t, func(c *Config) { c.Limits.Idle = 50 * time.Millisecond })
	for range 2 {
		if err := p.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		<-p.turn
		c := p.child
		p.turn <- struct{}{}
		if c == nil {
			continue // it was faster
		}
		select {
		case <-c.ended:
		case <-time.After(10 * time.Second):
			t.Fatal("it is idle and stays")
		}
	}
	stillDraws(t, p)
}

// Close and an asker who leaves end a page that would take for ever.
func TestAPageInHandCanBeEnded(t *testing.T) {
	path := wrote(t, "endless.pdf", endless())
	p := drawer(t, nil)
	if err := p.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, leave)
	if _, err := p.Draw(ctx, p.paperOf(t, path, typePDF), func(Page) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("the asker left: %v", err)
	}
	stillDraws(t, p)
	time.AfterFunc(100*time.Millisecond, func() { p.Close() })
	if _, _, err := drawn(t, p, path, typePDF); !errors.Is(err, ErrClosed) {
		t.Errorf("closed in the middle: %v", err)
	}
	if _, _, err := drawn(t, p, path, typePDF); !errors.Is(err, ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// The child dies with the process that started it, even in the middle of a page.
func TestTheChildDiesWithItsParent(t *testing.T) {
	parent := exec.Command(os.Getenv(self), "parent", t.TempDir(), wrote(t, "endless.pdf", endless()))
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	began := ticks(child)
	within(t, "the child does not draw", func() bool { return ticks(child) > began+20 })
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	within(t, "the child lives on", func() bool { return ticks(child) < 0 })
}

// drawUntilKilled is that parent: it says which child draws, and never ends.
func drawUntilKilled(dir, path string) {
	docs, err := documents.Open(filepath.Join(dir, "documents"))
	if err != nil {
		panic(err)
	}
	p := New(Config{Documents: docs, Cache: filepath.Join(os.TempDir(), "phonghop-test-renderer"), Command: []string{os.Getenv(self), "child"}, Log: slog.New(slog.DiscardHandler)})
	if err := p.Ready(context.Background()); err != nil {
		panic(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	ref, _, err := docs.PutBytes(context.Background(), data)
	if err != nil {
		panic(err)
	}
	fmt.Println(p.child.process.Process.Pid)
	_, _ = p.Draw(context.Background(), Paper{Ref: ref, Type: typePDF}, func(Page) error { return nil })
}

func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
	}
}

// ticks is how much processor time a process has used; -1: it has ended.
func ticks(pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return -1
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	if fields[0] == "Z" {
		return -1
	}
	n, _ := strconv.Atoi(fields[11])
	return n
}
