package pages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"phonghop/documents"
)

// Config is what drawing stands on.
type Config struct {
	Documents *documents.Store
	Cache     string   // folder for the compiled renderer and LibreOffice's profile; disposable
	Command   []string // the child; empty: this program, "pages"
	Office    string   // path of soffice; "" looks for it, "-" is none
	Log       *slog.Logger
	Limits    Limits
}

// How fine pages are drawn.
const (
	usualDPI  = 150
	coarseDPI = 75
	fineDPI   = 300
)

// Pages draws papers, one page after the other.
type Pages struct {
	Config
	office string

	mu     sync.Mutex // held while the child is asked
	child  *child     // nil: none runs
	idle   *time.Timer
	closed bool

	want struct {
		sync.Mutex
		pages map[documents.Ref][]int
	}
	sources struct { // what is drawn in the place of a paper: LibreOffice's PDF
		sync.Mutex
		via map[documents.Ref]source
	}
}

// source is where the pages of a paper come from.
type source struct {
	ref      documents.Ref
	mime     string
	text     bool // its bare text is set
	noOffice bool
	oldFont  bool
}

// New makes a drawer. The child starts when it is needed.
func New(c Config) *Pages {
	c.Limits = c.Limits.settled()
	if len(c.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			self = os.Args[0]
		}
		c.Command = []string{self, "pages"}
	}
	c.Command = append(c.Command, "--cache", filepath.Join(c.Cache, "renderer"))
	p := &Pages{Config: c, office: findOffice(c.Office)}
	p.want.pages = map[documents.Ref][]int{}
	p.sources.via = map[documents.Ref]source{}
	p.idle = time.AfterFunc(time.Hour, p.rest)
	p.idle.Stop()
	return p
}

// Close ends the child. A page in hand is finished first.
func (p *Pages) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.idle.Stop()
	p.letGo()
	return nil
}

func (p *Pages) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letGo()
}

func (p *Pages) letGo() {
	if p.child != nil {
		p.child.end()
		p.child = nil
	}
}

// Want moves a page of a paper, and the two after it, to the front of a drawing
// that runs or waits. Pages that are not there are no matter.
func (p *Pages) Want(ref documents.Ref, page int) {
	p.want.Lock()
	defer p.want.Unlock()
	was := p.want.pages[ref]
	if len(was) > 60 {
		was = was[:60]
	}
	if len(p.want.pages) > 1000 {
		clear(p.want.pages)
	}
	p.want.pages[ref] = append([]int{page, page + 1, page + 2}, was...)
}

func (p *Pages) wanted(ref documents.Ref, todo map[int]bool) int {
	p.want.Lock()
	defer p.want.Unlock()
	for len(p.want.pages[ref]) > 0 {
		page := p.want.pages[ref][0]
		p.want.pages[ref] = p.want.pages[ref][1:]
		if todo[page] {
			return page
		}
	}
	delete(p.want.pages, ref)
	return 0
}

// Draw draws a paper and hands each page to done as soon as it is kept: wanted
// pages first, then in order. An error of done ends it and is returned as it is.
// A page that cannot be drawn is Failed and the others go on. With ErrNoOffice
// nothing was drawn.
func (p *Pages) Draw(ctx context.Context, paper Paper, done func(Page) error) (Book, error) {
	s, err := p.source(ctx, paper)
	if err != nil {
		return Book{}, fmt.Errorf("drawing %s: %w", paper.Ref, err)
	}
	total, old, err := p.count(ctx, s)
	if err != nil {
		return Book{}, fmt.Errorf("drawing %s: %w", paper.Ref, err)
	}
	book := Book{Pages: total, Renderer: Renderer(), NoOffice: s.noOffice, OldFont: s.oldFont || old}
	if s.ref != paper.Ref {
		book.Via = s.ref
	}
	todo := make(map[int]bool, total)
	for n := 1; n <= total; n++ {
		todo[n] = true
	}
	for next := 1; len(todo) > 0; {
		n := p.wanted(paper.Ref, todo)
		for n == 0 {
			if todo[next] {
				n = next
			}
			next++
		}
		delete(todo, n)
		page, err := p.page(ctx, s, n)
		if err != nil {
			return book, fmt.Errorf("drawing page %d of %s: %w", n, paper.Ref, err)
		}
		page.Total = total
		if err := done(page); err != nil {
			return book, err
		}
	}
	return book, nil
}

// Fine draws one page at 300 dpi, for looking closely. It goes between the pages
// of a Draw.
func (p *Pages) Fine(ctx context.Context, paper Paper, n int) (Page, error) {
	s, err := p.source(ctx, paper)
	if err != nil {
		return Page{}, fmt.Errorf("drawing %s: %w", paper.Ref, err)
	}
	page, err := p.try(ctx, s, n, fineDPI)
	if errors.Is(err, errChild) || errors.Is(err, ErrDamaged) {
		return Page{Number: n, Failed: true}, nil
	}
	if err != nil {
		return Page{}, fmt.Errorf("drawing page %d of %s closely: %w", n, paper.Ref, err)
	}
	return page, nil
}

// page draws one page at 150 dpi, else at 75, else not at all. Only the end of ctx
// and a disk that takes nothing more are errors.
func (p *Pages) page(ctx context.Context, s source, n int) (Page, error) {
	for _, dpi := range []int{usualDPI, coarseDPI} {
		page, err := p.try(ctx, s, n, dpi)
		switch {
		case err == nil:
			page.Coarse = dpi == coarseDPI
			return page, nil
		case ctx.Err() != nil:
			return Page{}, ctx.Err()
		case !errors.Is(err, errChild) && !errors.Is(err, ErrDamaged):
			return Page{}, err
		}
		p.Log.Warn("a page could not be drawn", "document", s.ref, "page", n, "dpi", dpi, "err", err)
	}
	return Page{Number: n, Failed: true}, nil
}

// try draws a page once and keeps its picture.
func (p *Pages) try(ctx context.Context, s source, n, dpi int) (Page, error) {
	a, picture, err := p.ask(ctx, s, ask{Op: "draw", Page: n, DPI: dpi}, p.Limits.Page)
	if err != nil {
		return Page{}, err
	}
	if a.Fail != "" || len(picture) == 0 {
		return Page{}, fmt.Errorf("%w: %s", ErrDamaged, a.What)
	}
	ref, _, err := p.Documents.PutBytes(ctx, picture)
	if err != nil {
		return Page{}, err
	}
	return Page{Number: n, Image: ref, W: a.W, H: a.H, Words: a.Words, Text: a.Text}, nil
}

// count opens a paper and tells how many pages it has. A child that ends over it
// gets a second try, then the paper is called damaged.
func (p *Pages) count(ctx context.Context, s source) (int, bool, error) {
	for tries := 0; ; tries++ {
		a, err := p.opened(ctx, s)
		if errors.Is(err, errChild) && tries == 0 {
			continue
		}
		if errors.Is(err, errChild) {
			return 0, false, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return a.Pages, a.OldFont, err
	}
}

func (p *Pages) opened(ctx context.Context, s source) (answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open(ctx, s)
}

// ask asks the child about a paper, which is opened in it if it is not yet.
func (p *Pages) ask(ctx context.Context, s source, a ask, within time.Duration) (answer, []byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.open(ctx, s); err != nil {
		return answer{}, nil, err
	}
	a.Doc = string(s.ref)
	return p.call(ctx, a, within)
}

// call asks, and lets a child go that has ended. mu is held.
func (p *Pages) call(ctx context.Context, a ask, within time.Duration) (answer, []byte, error) {
	reply, picture, err := p.child.call(ctx, a, within)
	if err != nil {
		p.letGo()
	}
	p.idle.Reset(p.Limits.Idle)
	return reply, picture, err
}

// open sees to it that a child runs and has the paper open. mu is held.
func (p *Pages) open(ctx context.Context, s source) (answer, error) {
	if err := p.ready(); err != nil {
		return answer{}, err
	}
	c := p.child
	if a, ok := c.books[s.ref]; ok {
		return a, nil
	}
	f, err := p.Documents.Open(s.ref)
	if err != nil {
		return answer{}, err
	}
	path := f.Name()
	f.Close()
	a, _, err := p.call(ctx, ask{Op: "open", Doc: string(s.ref), Path: path, Type: s.mime, Text: s.text}, p.Limits.Open)
	if err != nil {
		return answer{}, err
	}
	if err := a.failure(); err != nil {
		return answer{}, err
	}
	c.books[s.ref] = a
	c.open = append(c.open, s.ref)
	if len(c.open) > papersOpen {
		oldest := c.open[0]
		c.open = c.open[1:]
		delete(c.books, oldest)
		if _, _, err := p.call(ctx, ask{Op: "close", Doc: string(oldest)}, p.Limits.Open); err != nil {
			return answer{}, err
		}
	}
	return a, nil
}

func (p *Pages) ready() error {
	if p.closed {
		return ErrClosed
	}
	if p.child != nil && p.child.alive() {
		return nil
	}
	p.letGo()
	c, err := begin(p.Command, p.Limits, p.Log)
	if err != nil {
		return err
	}
	p.child = c
	return nil
}
