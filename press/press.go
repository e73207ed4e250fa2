package press

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/pages"
	"phonghop/room"
	"phonghop/search"
)

var (
	// ErrNoPage: the paper has no page of this number.
	ErrNoPage = errors.New("press: no such page")
	// ErrFailed: this page, or the whole paper, could not be drawn; the original
	// is there.
	ErrFailed = errors.New("press: the page could not be drawn")
	// ErrClosed: the program is stopping.
	ErrClosed = errors.New("press: closed")
)

// Drawer draws papers: package pages, or what a test puts in its place.
type Drawer interface {
	Draw(ctx context.Context, paper pages.Paper, done func(pages.Page) error) (pages.Book, error)
	Want(ref documents.Ref, page int)
	Fine(ctx context.Context, paper pages.Paper, page int) (pages.Page, error)
}

// Config is what a press works with.
type Config struct {
	Room      *room.Room
	Documents *documents.Store
	Pages     Drawer
	Search    *search.Index
	Log       *slog.Logger
	Free      func() (uint64, error) // bytes left on the disk; nil: nobody asks
	Settled   <-chan struct{}        // closed when drawing may begin; nil: at once
}

// Image is the picture of one page.
type Image struct {
	Ref    documents.Ref
	W, H   int
	Coarse bool // drawn in a hurry; the original says more
}

// State is how far a paper has come.
type State struct {
	Total    int // 0: not known yet
	Drawn    int // pages with an image
	Renderer string
	Trouble  meeting.Trouble
	Failed   []int // pages without an image, by number
}

// mostPages is the highest page number believed.
const mostPages = 5000

// leaveFree is how much of the disk is left to the record and to papers.
const leaveFree = 256 << 20

// pace is how patient the press is; tests are less so.
type pace struct {
	look  time.Duration // between two looks at a room that keeps changing
	yield time.Duration // for the page in hand, before a paper in need takes its turn
	again time.Duration // before a disk that is full, or a paper that failed, is tried again
	sweep time.Duration // between two comparisons with the index, which may have begun anew
	tell  time.Duration // between two signals to the screens
}

func usual() pace {
	return pace{look: 250 * time.Millisecond, yield: time.Second, again: 5 * time.Second, sweep: time.Minute, tell: 250 * time.Millisecond}
}

// Press is the drawing of all papers.
type Press struct {
	ledger    ledger
	documents *documents.Store
	pages     Drawer
	search    *search.Index
	log       *slog.Logger
	free      func() (uint64, error)
	pace      pace
	settled   <-chan struct{}

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	gone   sync.WaitGroup
	poke   chan struct{} // one signal: look for work

	mu        sync.Mutex // guards what follows
	sheets    map[documents.Ref]*sheet
	fine      map[fineKey]*fineCall
	current   *sheet             // being drawn
	yield     context.CancelFunc // ends the drawing of current
	yielding  bool
	resumed   bool      // some pages of current were there before
	turn      int       // counts drawings begun
	fullUntil time.Time // the disk was full: nothing is drawn before
	bell      bell

	// Owned by run, and by what Draw calls back while run waits for it.
	recorded map[meeting.PaperID]int // pages that the room has written down, or will not
	looked   time.Time
	swept    time.Time
}

// New starts a press. It must be closed before what it works with.
func New(c Config) *Press {
	return start(c, &roomLedger{room: c.Room}, usual())
}

func start(c Config, l ledger, pace pace) *Press {
	p := &Press{
		ledger: l, documents: c.Documents, pages: c.Pages, search: c.Search, log: c.Log, free: c.Free, pace: pace, settled: c.Settled,
		poke:   make(chan struct{}, 1),
		sheets: map[documents.Ref]*sheet{}, fine: map[fineKey]*fineCall{}, recorded: map[meeting.PaperID]int{},
	}
	p.bell.init(pace.tell)
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.adopt(l.papers(), false)
	p.gone.Go(p.run)
	return p
}

// Close stops the drawing and waits for it. What is not recorded is drawn again
// after the next start.
func (p *Press) Close() error {
	p.mu.Lock() // whoever begins something after this sees the end
	p.cancel()
	p.mu.Unlock()
	p.gone.Wait()
	p.bell.end()
	return nil
}

// run is the one who draws.
func (p *Press) run() {
	if p.settled != nil {
		select {
		case <-p.ctx.Done():
		case <-p.settled:
		}
	}
	p.seed()
	for p.ctx.Err() == nil {
		changed := p.look()
		p.compare()
		p.record()
		if s := p.next(); s != nil {
			p.draw(s)
			continue
		}
		p.wait(changed)
	}
}

// seed takes in the papers of earlier sessions, for whoever reads or searches
// them. Nothing is drawn before: their images are in their records.
func (p *Press) seed() {
	past, err := p.ledger.past(p.ctx)
	if err != nil && p.ctx.Err() == nil {
		p.log.Error("reading the papers of earlier sessions", "err", err)
	}
	p.adopt(past, true)
}

// look takes in what the room has now, and answers with the signal of a change.
func (p *Press) look() <-chan struct{} {
	changed := p.ledger.changed()
	p.adopt(p.ledger.papers(), false)
	p.looked = time.Now()
	return changed
}

// wait returns when there may be something to do.
func (p *Press) wait(changed <-chan struct{}) {
	soon := time.NewTimer(max(p.pace.look-time.Since(p.looked), 0))
	defer soon.Stop()
	select { // a room that votes changes a hundred times a second
	case <-p.ctx.Done():
		return
	case <-p.poke:
		return
	case <-soon.C:
	}
	again := time.NewTimer(p.pace.again)
	defer again.Stop()
	select {
	case <-p.ctx.Done():
	case <-p.poke:
	case <-changed:
	case <-again.C:
	}
}

func (p *Press) wake() {
	select {
	case p.poke <- struct{}{}:
	default:
	}
}
