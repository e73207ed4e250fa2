package press

import (
	"context"
	"errors"

	"phonghop/pages"
	"phonghop/search"
	"phonghop/store"
)

// indexRun is how many pages are put into the index together.
const indexRun = 32

// indexing gathers the words of a paper for the index.
type indexing struct {
	press *Press
	doc   string
	run   []search.Page
}

func (x *indexing) add(ctx context.Context, pg pages.Page) error {
	page := search.Page{Number: pg.Number, Text: pg.Text}
	for _, w := range pg.Words {
		page.Words = append(page.Words, search.Word(w))
	}
	if x.run = append(x.run, page); len(x.run) < indexRun {
		return nil
	}
	return x.flush(ctx)
}

// flush writes what was gathered. Only a full disk is the paper's trouble: an
// index that fails otherwise must not keep it from being read.
func (x *indexing) flush(ctx context.Context) error {
	err := x.press.search.Put(ctx, x.doc, x.run)
	x.run = nil
	if err == nil || errors.Is(err, store.ErrFull) || ctx.Err() != nil {
		return err
	}
	x.press.log.Error("indexing a paper", "document", x.doc, "err", err)
	return nil
}

// done completes the index of a paper of so many pages.
func (x *indexing) done(ctx context.Context, pages int) error {
	if err := x.flush(ctx); err != nil {
		return err
	}
	err := x.press.search.Done(ctx, x.doc, pages)
	switch {
	case err == nil, errors.Is(err, store.ErrFull), errors.Is(err, search.ErrIncomplete), ctx.Err() != nil:
		return err
	}
	x.press.log.Error("completing the index of a paper", "document", x.doc, "err", err)
	return nil
}
