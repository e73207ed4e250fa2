package press

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/pages"
	"phonghop/search"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeDrawer draws pages of text; a test holds it at any page.
type fakeDrawer struct {
	docs *documents.Store

	mu     sync.Mutex
	papers map[documents.Ref]fakePaper
	wanted map[documents.Ref][]int
	drawn  []string // "name/page", as they were drawn
	ink    string   // part of every image: another one is another renderer
	fines  int
	gates  map[string]chan struct{} // "name/page": not drawn before it is closed
}

type fakePaper struct {
	name  string
	pages int
	bad   map[int]bool // pages that fail
	err   []error      // of the first drawings, one after the other
	book  pages.Book
}

func (d *fakeDrawer) Want(ref documents.Ref, page int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wanted[ref] = append(d.wanted[ref], page)
}

func (d *fakeDrawer) Draw(ctx context.Context, paper pages.Paper, done func(pages.Page) error) (pages.Book, error) {
	left := map[int]bool{}
	fp := d.paper(paper.Ref)
	for n := range fp.pages {
		left[n+1] = true
	}
	for len(left) > 0 {
		n := d.pick(paper.Ref, left)
		delete(left, n)
		pg, err := d.page(ctx, paper.Ref, n)
		if err == nil {
			err = done(pg)
		}
		if err != nil {
			return pages.Book{}, err
		}
	}
	err := d.nextError(paper.Ref)
	book := fp.book
	book.Pages, book.Renderer = fp.pages, "fake 1"
	return book, err
}

func (d *fakeDrawer) paper(ref documents.Ref) fakePaper {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.papers[ref]
}

func (d *fakeDrawer) nextError(ref documents.Ref) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	fp := d.papers[ref]
	if len(fp.err) == 0 {
		return nil
	}
	err := fp.err[0]
	fp.err = fp.err[1:]
	d.papers[ref] = fp
	return err
}

// pick is the page wanted first, else the lowest.
func (d *fakeDrawer) pick(ref documents.Ref, left map[int]bool) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.wanted[ref] {
		if left[n] {
			return n
		}
	}
	return slices.Min(slices.Collect(maps.Keys(left)))
}

func (d *fakeDrawer) page(ctx context.Context, ref documents.Ref, n int) (pages.Page, error) {
	fp := d.paper(ref)
	name := fmt.Sprintf("%s/%d", fp.name, n)
	d.mu.Lock()
	gate, ink := d.gates[name], d.ink
	d.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return pages.Page{}, ctx.Err()
		}
	}
	d.mu.Lock()
	d.drawn = append(d.drawn, name)
	d.mu.Unlock()
	pg := pages.Page{Number: n, Text: "chữ của " + name, W: 100, H: 141, Failed: fp.bad[n]}
	if pg.Failed {
		return pg, nil
	}
	image, _, err := d.docs.PutBytes(ctx, []byte("image of "+name+ink))
	pg.Image = image
	return pg, err
}

func (d *fakeDrawer) Fine(ctx context.Context, paper pages.Paper, n int) (pages.Page, error) {
	d.mu.Lock()
	d.fines++
	d.mu.Unlock()
	image, _, err := d.docs.PutBytes(ctx, fmt.Appendf(nil, "fine %s/%d", d.paper(paper.Ref).name, n))
	return pages.Page{Number: n, Image: image, W: 2480, H: 3508}, err
}

func (d *fakeDrawer) list() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.drawn)
}

// fakeLedger is a room of a few papers.
type fakeLedger struct {
	mu      sync.Mutex
	list    []placed
	old     []placed
	reading chan struct{} // the past is not told before it is closed
	next    chan struct{}
	isFull  bool
	err     error
	entries []string // "paper from-to of total"
}

func (l *fakeLedger) papers() []placed {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}

func (l *fakeLedger) past(ctx context.Context) ([]placed, error) {
	if l.reading != nil {
		<-l.reading
	}
	return l.old, nil
}

func (l *fakeLedger) changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next
}

func (l *fakeLedger) full() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.isFull
}

func (l *fakeLedger) record(_ context.Context, p placed, d meeting.Drawn) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	l.entries = append(l.entries, fmt.Sprintf("%s %d-%d of %d", d.Paper, d.From, d.From+len(d.Images)-1, d.Total))
	for i := range l.list {
		if pl := &l.list[i]; pl.ID == d.Paper {
			pl.Images, pl.W, pl.H = append(pl.Images, d.Images...), append(pl.W, d.W...), append(pl.H, d.H...)
			pl.Pages.Pages, pl.Total = len(pl.Images), d.Total
		}
	}
	return nil
}

// change is what a room does between two snapshots.
func (l *fakeLedger) change(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fn()
	close(l.next)
	l.next = make(chan struct{})
}

func (l *fakeLedger) recorded() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries)
}

// shop is a press with all it works with.
type shop struct {
	*Press
	t      *testing.T
	dir    string
	drawer *fakeDrawer
	ledger *fakeLedger
	docs   *documents.Store
	index  *search.Index
	free   uint64
	pace   pace
}

func hasty() pace {
	return pace{look: time.Millisecond, yield: 10 * time.Millisecond, again: 10 * time.Millisecond, sweep: time.Hour, tell: time.Millisecond}
}

// shut is a shop that is not open yet.
func shut(t *testing.T) *shop {
	t.Helper()
	dir := t.TempDir()
	docs, err := documents.Open(filepath.Join(dir, "documents"))
	if err != nil {
		t.Fatal(err)
	}
	return &shop{
		t: t, dir: dir, docs: docs, ledger: &fakeLedger{next: make(chan struct{})}, free: leaveFree, pace: hasty(),
		drawer: &fakeDrawer{docs: docs, papers: map[documents.Ref]fakePaper{}, wanted: map[documents.Ref][]int{}, gates: map[string]chan struct{}{}},
	}
}

func (s *shop) open() *shop {
	s.t.Helper()
	s.index = search.New(filepath.Join(s.dir, "search.db"))
	s.Press = start(Config{
		Documents: s.docs, Pages: s.drawer, Search: s.index, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Free: func() (uint64, error) { s.ledger.mu.Lock(); defer s.ledger.mu.Unlock(); return s.free, nil },
	}, s.ledger, s.pace)
	s.t.Cleanup(s.close)
	return s
}

func (s *shop) close() {
	if s.Press == nil {
		return
	}
	if err := errors.Join(s.Close(), s.index.Close()); err != nil {
		s.t.Error(err)
	}
	s.Press = nil
}

// paper makes a document of so many pages and, with an id, places it.
func (s *shop) paper(name string, n int, u urgency) documents.Ref {
	s.t.Helper()
	ref, _, err := s.docs.PutBytes(s.t.Context(), []byte("paper "+name))
	if err != nil {
		s.t.Fatal(err)
	}
	s.drawer.mu.Lock()
	s.drawer.papers[ref] = fakePaper{name: name, pages: n}
	s.drawer.mu.Unlock()
	if u == arriving {
		return ref
	}
	s.ledger.change(func() {
		pl := placed{session: "s1", urgency: u}
		pl.ID, pl.Ref, pl.Name = meeting.PaperID(name), string(ref), name
		s.ledger.list = append(s.ledger.list, pl)
	})
	return ref
}

func (s *shop) alter(ref documents.Ref, change func(*fakePaper)) {
	s.drawer.mu.Lock()
	defer s.drawer.mu.Unlock()
	fp := s.drawer.papers[ref]
	change(&fp)
	s.drawer.papers[ref] = fp
}

// gate holds a page back until the answer is called.
func (s *shop) gate(page string) (open func()) {
	c := make(chan struct{})
	s.drawer.mu.Lock()
	defer s.drawer.mu.Unlock()
	s.drawer.gates[page] = c
	return func() { close(c) }
}

// until waits for the press to come to a state.
func (s *shop) until(what string, is func() bool) {
	s.t.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		changed := s.Changes()
		if is() {
			return
		}
		select {
		case <-changed:
		case <-time.After(5 * time.Millisecond): // the record and the index ring no bell
		case <-deadline:
			s.t.Fatalf("%s: not within 20 s; drawn %q, recorded %q", what, s.drawer.list(), s.ledger.recorded())
		}
	}
}

func (s *shop) untilRecorded(want ...string) {
	s.t.Helper()
	s.until(fmt.Sprint("recorded ", want), func() bool {
		got := s.ledger.recorded()
		slices.Sort(got)
		return slices.Equal(got, want)
	})
}
