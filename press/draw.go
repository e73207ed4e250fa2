package press

import (
	"context"
	"errors"
	"fmt"
	"time"

	"phonghop/meeting"
	"phonghop/pages"
	"phonghop/store"
)

// mostTries is how often a paper is begun that fails for no reason of its own.
const mostTries = 3

// errYield ends the drawing of a paper for a more urgent one.
var errYield = errors.New("press: a more urgent paper")

// next is the paper to draw now: nil where there is none, or no space for it.
func (p *Press) next() *sheet {
	if p.blocked() {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var best *sheet
	now := time.Now()
	for _, s := range p.sheets {
		if s.needed(now) && (best == nil || s.before(best)) {
			best = s
		}
	}
	return best
}

// blocked tells whether the disk has no room for pages, and shows it.
func (p *Press) blocked() bool {
	full := p.ledger.full()
	if !full && p.free != nil {
		left, err := p.free()
		full = err == nil && left < leaveFree
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	full = full || time.Now().Before(p.fullUntil)
	for _, s := range p.sheets {
		p.note(s, full)
	}
	return full
}

// note shows, or no longer shows, that a full disk keeps a paper from being
// drawn. mu is held.
func (p *Press) note(s *sheet, full bool) {
	switch {
	case full && s.trouble == "" && s.needed(time.Now()):
		s.trouble = meeting.TroubleDiskFull
	case !full && s.trouble == meeting.TroubleDiskFull:
		s.trouble = ""
	default:
		return
	}
	s.news()
	p.bell.ring()
}

// draw draws one paper, or as much of it as there is time for.
func (p *Press) draw(s *sheet) {
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	for _, page := range p.begin(s, cancel) {
		p.pages.Want(s.paper.Ref, page)
	}
	run := &indexing{press: p, doc: string(s.paper.Ref)}
	book, err := p.pages.Draw(ctx, s.paper, func(pg pages.Page) error { return p.drawn(ctx, s, run, pg) })
	yielded := p.finish()
	if err == nil || errors.Is(err, pages.ErrNoOffice) {
		if failed := run.done(ctx, book.Pages); failed != nil {
			err = failed
		}
	}
	if p.ctx.Err() != nil || yielded && err != nil && !errors.Is(err, store.ErrFull) {
		return
	}
	p.conclude(s, book, err)
}

// begin notes which paper is being drawn, and answers with the pages to begin
// with: those waited for, else the first that is missing.
func (p *Press) begin(s *sheet, cancel context.CancelFunc) (first []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current, p.yield, p.yielding = s, cancel, false
	p.turn++
	p.resumed = s.known > 0
	for page := range s.waiting {
		first = append(first, page)
	}
	if len(first) == 0 && p.resumed {
		first = append(first, s.missing())
	}
	return first
}

func (p *Press) finish() (yielded bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current, p.yield = nil, nil
	return p.yielding
}

// drawn takes in one page. Its error ends the drawing.
func (p *Press) drawn(ctx context.Context, s *sheet, run *indexing, pg pages.Page) error {
	if pg.Number < 1 || pg.Number > mostPages {
		return fmt.Errorf("a page of number %d was drawn", pg.Number)
	}
	if missing := p.takeIn(s, pg); missing > 0 {
		p.pages.Want(s.paper.Ref, missing)
	}
	if err := run.add(ctx, pg); err != nil {
		return err
	}
	if time.Since(p.looked) >= p.pace.look {
		p.look()
		p.record()
	}
	if p.blocked() {
		return store.ErrFull
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.moreUrgent(s) {
		p.yielding = true
		return errYield
	}
	return nil
}

// takeIn makes a page known to whoever waits for it. In a drawing that was taken
// up again it answers with the page to go on with.
func (p *Press) takeIn(s *sheet, pg pages.Page) (missing int) {
	im := Image{Ref: pg.Image, W: pg.W, H: pg.H, Coarse: pg.Coarse}
	if pg.Failed {
		im = Image{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	was := s.draw(pg.Number, im, p.documents.Has)
	if was != "" && was != im.Ref {
		p.log.Warn("a lost page image was drawn again and differs from the record",
			"document", s.paper.Ref, "page", pg.Number, "recorded", was, "drawn", im.Ref)
	}
	if p.resumed && !s.complete() {
		missing = s.missing()
	}
	s.news()
	p.bell.ring()
	return missing
}

// moreUrgent tells whether another paper should be drawn before s. mu is held.
func (p *Press) moreUrgent(s *sheet) bool {
	now := time.Now()
	for _, o := range p.sheets {
		if o != s && o.rank() < s.rank() && o.needed(now) {
			return true
		}
	}
	return false
}

// conclude notes what became of a paper.
func (p *Press) conclude(s *sheet, book pages.Book, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if book.Renderer != "" {
		s.renderer = book.Renderer
	}
	trouble, kind := judged(book, err)
	switch kind {
	case readable:
		s.trouble, s.indexed, s.words, s.tries = trouble, true, book.Pages, 0
		s.settle(book.Pages)
	case hopeless:
		s.trouble, s.ended = trouble, true
	case noSpace:
		p.fullUntil = time.Now().Add(p.pace.again)
		s.trouble = trouble
	case unclear:
		p.retry(s, err)
	}
	s.news()
	p.bell.ring()
}

// settle ends a drawing of so many pages: one that never came has failed. A
// record that has them all counted keeps its number.
func (s *sheet) settle(drawn int) {
	if !s.complete() {
		s.total = drawn
	}
	for n := 1; n <= s.total; n++ {
		l := s.leaf(n)
		if !l.known {
			l.known = true
			s.known++
		}
		s.find(l)
	}
	if s.total == 0 {
		s.trouble, s.ended = meeting.TroubleNoPages, true
	}
}

// retry gives a paper that failed for no reason of its own another chance, a few
// times. mu is held.
func (p *Press) retry(s *sheet, err error) {
	s.tries++
	s.after = time.Now().Add(time.Duration(s.tries) * p.pace.again)
	p.log.Error("drawing a paper", "document", s.paper.Ref, "name", s.paper.Name, "try", s.tries, "err", err)
	if s.tries >= mostTries {
		s.ended = true
		s.trouble = meeting.TroubleUnreadable
	}
}

// verdict is what the end of a drawing means for the paper.
type verdict int

const (
	readable verdict = iota // all its pages are there
	hopeless                // it cannot be drawn; its bytes will not change
	noSpace                 // the disk is full
	unclear                 // something else went wrong: once more
)

func judged(book pages.Book, err error) (meeting.Trouble, verdict) {
	switch {
	case errors.Is(err, store.ErrFull):
		return meeting.TroubleDiskFull, noSpace
	case errors.Is(err, pages.ErrEncrypted):
		return meeting.TroubleEncrypted, hopeless
	case errors.Is(err, pages.ErrDamaged):
		return meeting.TroubleUnreadable, hopeless
	case errors.Is(err, pages.ErrTooMany):
		return meeting.TroubleTooLarge, hopeless
	case errors.Is(err, pages.ErrUnsupported):
		return meeting.TroubleNoPages, hopeless
	case errors.Is(err, pages.ErrNoOffice) && book.Pages == 0:
		return meeting.TroubleOfficeMissing, hopeless
	case err == nil && !book.NoOffice && book.OldFont:
		return meeting.TroubleOldFont, readable
	case err == nil && !book.NoOffice:
		return "", readable
	case err == nil || errors.Is(err, pages.ErrNoOffice):
		return meeting.TroubleOfficeMissing, readable
	}
	return "", unclear
}
