package pages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"phonghop/documents"
)

// Config is what drawing stands on.
type Config struct {
	Documents *documents.Store
	Cache     string   // folder for the compiled renderer and LibreOffice's profile; disposable
	Command   []string // what runs Main; empty: this program, "pages"
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
	office func() string // path of LibreOffice, looked for once it is needed; "" is none
	wish   wishes

	life context.Context // ends with Close
	die  context.CancelFunc

	turn  chan struct{} // holds one token: whoever has it may use what follows
	child *child        // nil: none runs
	used  time.Time     // when the child last answered
	idle  *time.Timer

	converting chan struct{} // holds one token, for whoever has LibreOffice work
	sources    struct {      // what is drawn in the place of a paper: LibreOffice's PDF
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
	p := &Pages{Config: c, office: sync.OnceValue(func() string { return findOffice(c.Office) }), turn: make(chan struct{}, 1), converting: make(chan struct{}, 1)}
	p.life, p.die = context.WithCancel(context.Background())
	p.wish.pages = map[documents.Ref][]int{}
	p.sources.via = map[documents.Ref]source{}
	p.idle = time.AfterFunc(time.Hour, p.rest)
	p.idle.Stop()
	p.turn <- struct{}{}
	p.converting <- struct{}{}
	return p
}

// Close ends the child, and with it a page in hand.
func (p *Pages) Close() error {
	p.die()
	<-p.turn
	p.idle.Stop()
	p.letGo()
	p.turn <- struct{}{}
	return nil
}

// Ready starts the child and makes the renderer ready. The very first time that
// takes seconds, which a room would rather spend before its first paper comes.
func (p *Pages) Ready(ctx context.Context) error {
	ctx, done, err := p.hold(ctx)
	if err != nil {
		return err
	}
	defer done()
	return p.ready(ctx)
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
	total, err := p.count(ctx, s)
	if err != nil {
		return Book{}, fmt.Errorf("drawing %s: %w", paper.Ref, err)
	}
	book := Book{Pages: total, Renderer: Renderer(), NoOffice: s.noOffice, OldFont: s.oldFont}
	if s.ref != paper.Ref {
		book.Via = s.ref
	}
	order := p.wish.order(paper.Ref, total)
	for n := order.next(); n > 0; n = order.next() {
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

// page draws one page at 150 dpi; where that is too much, at 75; else not at all.
// If the child just ended, once more: perhaps it was not this page that did it.
// Only the end of ctx, a child that cannot start and a disk that takes nothing
// more are errors.
func (p *Pages) page(ctx context.Context, s source, n int) (Page, error) {
	dpi, ended := usualDPI, false
	for {
		page, err := p.try(ctx, s, n, dpi)
		tooMuch := errors.Is(err, errLate) || errors.Is(err, errLarge) || errors.Is(err, ErrDamaged)
		switch {
		case err == nil:
			page.Coarse = dpi == coarseDPI
			return page, nil
		case !errors.Is(err, errChild) && !errors.Is(err, ErrDamaged):
			return Page{}, err
		}
		p.Log.Warn("a page could not be drawn", "document", s.ref, "page", n, "dpi", dpi, "err", err)
		switch {
		case tooMuch && dpi == usualDPI:
			dpi = coarseDPI
		case !tooMuch && !ended:
			ended = true
		default:
			return Page{Number: n, Failed: true}, nil
		}
	}
}

// try draws a page once and keeps its picture.
func (p *Pages) try(ctx context.Context, s source, n, dpi int) (Page, error) {
	a, picture, err := p.drawn(ctx, s, n, dpi)
	if err != nil {
		return Page{}, err
	}
	if len(picture) == 0 {
		return Page{}, fmt.Errorf("%w: there is no picture", ErrDamaged)
	}
	ref, _, err := p.Documents.PutBytes(ctx, picture)
	if err != nil {
		return Page{}, err
	}
	return Page{Number: n, Image: ref, W: a.W, H: a.H, Words: a.Words, Text: a.Text}, nil
}

// drawn has the child draw a page of a paper, which it opens first where it has
// to.
func (p *Pages) drawn(ctx context.Context, s source, n, dpi int) (answer, []byte, error) {
	ctx, done, err := p.hold(ctx)
	if err != nil {
		return answer{}, nil, err
	}
	defer done()
	if _, err := p.open(ctx, s); err != nil {
		return answer{}, nil, err
	}
	return p.call(ctx, ask{Op: opDraw, Doc: string(s.ref), Page: n, DPI: dpi}, nil, p.Limits.Page)
}

// count opens a paper and tells how many pages it has. A child that ends over it
// gets a second try, then the paper is called damaged.
func (p *Pages) count(ctx context.Context, s source) (int, error) {
	for tries := 0; ; tries++ {
		pages, err := p.opened(ctx, s)
		switch {
		case errors.Is(err, errChild) && tries == 0:
		case errors.Is(err, errChild):
			return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
		default:
			return pages, err
		}
	}
}

func (p *Pages) opened(ctx context.Context, s source) (int, error) {
	ctx, done, err := p.hold(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	a, err := p.open(ctx, s)
	return a.Pages, err
}
