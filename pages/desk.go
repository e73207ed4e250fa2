package pages

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// hold waits for the turn with the child. The context it answers with ends with
// Close too, and done must be called.
func (p *Pages) hold(ctx context.Context) (_ context.Context, done func(), _ error) {
	select {
	case <-p.turn:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	case <-p.life.Done():
		return nil, nil, ErrClosed
	}
	if p.life.Err() != nil {
		p.turn <- struct{}{}
		return nil, nil, ErrClosed
	}
	ctx, cancel := context.WithCancelCause(ctx)
	unhook := context.AfterFunc(p.life, func() { cancel(ErrClosed) })
	return ctx, func() {
		unhook()
		cancel(nil)
		p.turn <- struct{}{}
	}, nil
}

// rest lets a child go that has had no work for a while.
func (p *Pages) rest() {
	<-p.turn
	if time.Since(p.used) >= p.Limits.Idle {
		p.letGo()
	}
	p.turn <- struct{}{}
}

func (p *Pages) letGo() {
	if p.child != nil {
		p.child.end()
		p.child = nil
	}
}

// ready sees to it that a child runs whose renderer is ready. The turn is held.
func (p *Pages) ready(ctx context.Context) error {
	if p.child != nil && p.child.alive() {
		return nil
	}
	if err := p.begin(ctx); err != nil {
		return err
	}
	if resident(p.child.process.Process.Pid, 0) < p.Limits.Memory/4 {
		return nil
	}
	return p.begin(ctx) // that one compiled the renderer; another only loads it and is slim
}

// begin starts a child in the place of one that may be there. That this fails is
// no fault of a paper.
func (p *Pages) begin(ctx context.Context) error {
	p.letGo()
	cache := filepath.Join(p.Cache, "renderer")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return fmt.Errorf("making the folder of the renderer: %w", err)
	}
	c, err := begin(p.Command, cache, p.Limits, p.Log)
	if err != nil {
		return err
	}
	p.child = c
	_, _, err = p.call(ctx, ask{Op: opStart}, nil, p.Limits.Start)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil || errors.Is(err, ErrClosed):
	default:
		err = fmt.Errorf("%w: %s", errRenderer, err.Error()) // not a paper's errChild
	}
	p.letGo()
	return err
}

// open sees to it that the child has the paper open. The turn is held.
func (p *Pages) open(ctx context.Context, s source) (answer, error) {
	if err := p.ready(ctx); err != nil {
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
	defer f.Close()
	a, _, err := p.call(ctx, ask{Op: opOpen, Doc: string(s.ref), Type: s.mime, Text: s.text}, f, p.Limits.Open)
	if err != nil {
		return answer{}, err
	}
	c.books[s.ref] = a
	c.open = append(c.open, s.ref)
	if len(c.open) <= papersOpen {
		return a, nil
	}
	oldest := c.open[0]
	c.open = c.open[1:]
	delete(c.books, oldest)
	_, _, err = p.call(ctx, ask{Op: opClose, Doc: string(oldest)}, nil, p.Limits.Open)
	return a, err
}

// look asks the child what an office paper is like.
func (p *Pages) look(ctx context.Context, s source) (answer, error) {
	ctx, done, err := p.hold(ctx)
	if err != nil {
		return answer{}, err
	}
	defer done()
	if err := p.ready(ctx); err != nil {
		return answer{}, err
	}
	f, err := p.Documents.Open(s.ref)
	if err != nil {
		return answer{}, err
	}
	defer f.Close()
	a, _, err := p.call(ctx, ask{Op: opLook}, f, p.Limits.Open)
	return a, err
}

// call asks the child. One that has ended, or is not to be trusted any more, is
// let go. The turn is held.
func (p *Pages) call(ctx context.Context, a ask, paper *os.File, within time.Duration) (answer, []byte, error) {
	p.idle.Stop()
	reply, picture, err := p.child.call(ctx, a, paper, within)
	p.used = time.Now()
	p.idle.Reset(p.Limits.Idle)
	if err != nil || reply.Spent {
		p.letGo()
	}
	if p.life.Err() != nil {
		return answer{}, nil, ErrClosed
	}
	if err == nil {
		err = reply.failure()
	}
	return reply, picture, err
}
