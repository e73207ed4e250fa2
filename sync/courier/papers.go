package courier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/sync/letters"
)

// pagesDrawn is the one kind whose documents are not brought: pictures of pages,
// which the centre can draw again from the paper. The courier knows nothing else of
// kinds.
const pagesDrawn = "PagesDrawn"

// survey counts what there is to do, for the three columns.
func (c *Courier) survey(ctx context.Context, logs []journal.Log, heads letters.Heads) error {
	c.p = Progress{Logs: map[string]*LogProgress{}}
	for _, l := range logs {
		head := heads.Logs[l.Name]
		c.p.order = append(c.p.order, l.Name)
		c.p.Logs[l.Name] = &LogProgress{Here: l.Size, Sent: min(head.Size, l.Size)}
		if r, err := c.Receipts.Of(ctx, l.Name); err != nil {
			return err
		} else if r.Size > 0 {
			c.p.confirm(l.Name, r.Size, r.At)
		}
	}
	c.tell()
	return nil
}

// papers sends the documents that entries of the log name and the centre lacks.
func (c *Courier) papers(ctx context.Context, l journal.Log, cleared bool) error {
	refs, err := c.named(ctx, l.Name, cleared)
	if err != nil {
		return err
	}
	return c.bring(ctx, refs)
}

// named lists the documents of a log in the order in which they are named.
func (c *Courier) named(ctx context.Context, log string, cleared bool) ([]string, error) {
	seen := map[string]bool{}
	var refs []string
	for e, err := range c.Journal.Named(ctx, log, 0) {
		if err != nil {
			return nil, err
		}
		if e.Hold && !cleared || e.Kind == pagesDrawn {
			continue
		}
		for _, ref := range e.Refs {
			if !seen[ref] {
				seen[ref] = true
				refs = append(refs, ref)
			}
		}
	}
	return refs, nil
}

// bring asks which documents are missing and sends those.
func (c *Courier) bring(ctx context.Context, refs []string) error {
	for part := range slices.Chunk(refs, letters.MaxRefs) {
		var lacks letters.Missing
		if err := c.line.ask(ctx, http.MethodPost, c.path("documents"), jsonOf(letters.Want{Refs: part}), &lacks); err != nil {
			return fmt.Errorf("asking which papers are missing: %w", err)
		}
		var todo []string
		for _, ref := range part {
			if at, missing := lacks.Missing[ref]; missing {
				todo = append(todo, ref)
				c.p.Bytes += c.sizeOf(ref) - at
			}
		}
		for _, ref := range todo {
			if err := c.document(ctx, documents.Ref(ref), lacks.Missing[ref]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Courier) sizeOf(ref string) int64 {
	f, err := c.Documents.Open(documents.Ref(ref))
	if err != nil {
		return 0
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// document sends one document from where the centre has it.
func (c *Courier) document(ctx context.Context, ref documents.Ref, from int64) error {
	f, err := c.Documents.Open(ref)
	if errors.Is(err, documents.ErrMissing) {
		return fmt.Errorf("%w: %w", ErrLost, err)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	for tries := 0; ; tries++ {
		err := c.pieces(ctx, ref, f, from, info.Size())
		var refusal *letters.Refusal
		if err == nil || tries == 2 || !errors.As(err, &refusal) || refusal.Name != letters.Offset && refusal.Name != letters.Hash {
			return err
		}
		// A piece whose answer was lost has arrived; or its end was wrong and the
		// centre has dropped it. Ask where it stands, and go on.
		if err := c.Documents.Check(ref); err != nil {
			return fmt.Errorf("%w: %w", ErrLost, err)
		}
		if from, err = c.line.offset(ctx, c.path("documents/"+string(ref))); err != nil {
			return err
		}
	}
}

func (c *Courier) pieces(ctx context.Context, ref documents.Ref, f *os.File, from, size int64) error {
	for from < size {
		n := min(size-from, pieceMost)
		piece := io.NewSectionReader(f, from, n)
		if err := c.line.piece(ctx, c.path("documents/"+string(ref)), from, size, &counting{piece, c}, n); err != nil {
			return fmt.Errorf("sending paper %s: %w", ref, err)
		}
		from += n
	}
	return nil
}

// counting tells the progress while bytes leave.
type counting struct {
	r io.Reader
	c *Courier
}

func (k *counting) Read(p []byte) (int, error) {
	n, err := k.r.Read(p)
	k.c.p.BytesSent += int64(n)
	k.c.tell()
	return n, err
}
