package press

import (
	"context"
	"time"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/pages"
	"phonghop/store"
)

// Prepare has a paper drawn that came in and is not placed yet. It waits for
// nothing.
func (p *Press) Prepare(paper pages.Paper) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.sheetOf(paper, arriving)
	if s.urgency > arriving && len(s.uses) == 0 {
		s.urgency = arriving
	}
	p.urge(s)
}

// State is how far a paper has come; of an unknown one, nowhere.
func (p *Press) State(ref documents.Ref) State {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.sheets[ref]; s != nil {
		return s.state()
	}
	return State{}
}

// Changes is closed at the next change of any state. A watcher asks again then;
// changes are gathered, so it is woken a few times a second at most.
func (p *Press) Changes() <-chan struct{} { return p.bell.wait() }

// Page is the image of a page of a document, from 1. One that is drawn is there
// at once; for another the drawing begins with it and Page waits, as long as ctx
// does. Whoever asks must have asked the session whether it may be read. The
// errors are ErrNoPage, ErrFailed, store.ErrFull, ErrClosed and the context's.
func (p *Press) Page(ctx context.Context, ref documents.Ref, typ string, page int) (Image, error) {
	if page < 1 || page > mostPages {
		return Image{}, ErrNoPage
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.sheetOf(pages.Paper{Ref: ref, Type: typ}, bygone)
	for waits := false; ; {
		im, settled, err := p.answer(s, page)
		if settled {
			return im, err
		}
		if !waits {
			waits = true
			s.waiting[page]++
			defer p.leave(s, page)
			p.urge(s)
			p.want(ref, page)
			continue
		}
		if err := p.pause(ctx, s.changed); err != nil {
			return Image{}, err
		}
	}
}

// answer is what can be said of a page now; settled: it will stay so. mu is held.
func (p *Press) answer(s *sheet, page int) (im Image, settled bool, err error) {
	if s.total > 0 && page > s.total {
		return Image{}, true, ErrNoPage
	}
	if page <= len(s.leaves) {
		l := &s.leaves[page-1]
		if l.Ref != "" && !l.lost && !p.documents.Has(l.Ref) {
			s.lose(l)
		}
		if l.known && !l.lost {
			return l.Image, true, failed(l)
		}
	}
	switch {
	case s.ended:
		return Image{}, true, ErrFailed
	case s.trouble == meeting.TroubleDiskFull:
		return Image{}, true, store.ErrFull
	case p.ctx.Err() != nil:
		return Image{}, true, ErrClosed
	}
	return Image{}, false, nil
}

func failed(l *leaf) error {
	if l.Ref == "" {
		return ErrFailed
	}
	return nil
}

// want moves a page to the front. mu is held, but not while the drawing is asked:
// it may be about to hand us a page.
func (p *Press) want(ref documents.Ref, page int) {
	p.mu.Unlock()
	defer p.mu.Lock()
	p.pages.Want(ref, page)
}

// pause lets go of mu until a page has come.
func (p *Press) pause(ctx context.Context, changed <-chan struct{}) error {
	p.mu.Unlock()
	defer p.mu.Lock()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-p.ctx.Done():
		return ErrClosed
	}
}

// leave takes one who waited off the list. mu is held.
func (p *Press) leave(s *sheet, page int) {
	if s.waiting[page]--; s.waiting[page] == 0 {
		delete(s.waiting, page)
	}
}

// urge sees to it that a paper gets its turn: at the next page of the one in
// hand, or soon. mu is held.
func (p *Press) urge(s *sheet) {
	p.wake()
	if p.current == nil || p.current == s {
		return
	}
	turn := p.turn
	time.AfterFunc(p.pace.yield, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.turn == turn && p.current != nil && p.moreUrgent(p.current) {
			p.yielding = true
			p.yield()
		}
	})
}

type fineKey struct {
	ref  documents.Ref
	page int
}

// fineCall is one fine image, being drawn or there.
type fineCall struct {
	done  chan struct{}
	image Image
	err   error
}

// Fine is a page drawn fine enough to look into. Many who ask for one page wait
// for one drawing, and all get the same image.
func (p *Press) Fine(ctx context.Context, ref documents.Ref, typ string, page int) (Image, error) {
	if _, err := p.Page(ctx, ref, typ, page); err != nil {
		return Image{}, err // it knows which pages there are
	}
	c := p.fineCall(pages.Paper{Ref: ref, Type: typ}, page)
	select {
	case <-c.done:
		return c.image, c.err
	case <-ctx.Done():
		return Image{}, ctx.Err()
	}
}

// fineCall finds the call for a page or begins it; one that failed, or whose
// file is gone, is begun again.
func (p *Press) fineCall(paper pages.Paper, page int) *fineCall {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := fineKey{paper.Ref, page}
	if c := p.fine[key]; c != nil && !p.stale(c) {
		return c
	}
	c := &fineCall{done: make(chan struct{})}
	p.fine[key] = c
	if p.ctx.Err() != nil {
		c.err = ErrClosed
		close(c.done)
		return c
	}
	p.gone.Go(func() {
		defer close(c.done)
		pg, err := p.pages.Fine(p.ctx, paper, page)
		c.image, c.err = Image{Ref: pg.Image, W: pg.W, H: pg.H, Coarse: pg.Coarse}, err
		if err == nil && pg.Failed {
			c.err = ErrFailed
		}
	})
	return c
}

func (p *Press) stale(c *fineCall) bool {
	select {
	case <-c.done:
		return c.err != nil || !p.documents.Has(c.image.Ref)
	default:
		return false
	}
}
