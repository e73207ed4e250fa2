package journal

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// storedCheckpoint is a row of the table checkpoint.
type storedCheckpoint struct {
	epoch int
	size  int64
	note  []byte
}

// checkpoints holds the signed checkpoints of every epoch against the tree. In a
// log that was only glanced at, the newest one's word is taken for the root.
func (w *walk) checkpoints(ctx context.Context) error {
	kept, err := w.kept(ctx)
	if err != nil {
		return err
	}
	if len(kept) == 0 && w.t.size > 0 {
		return w.bad(-1, "it has no signed checkpoint")
	}
	for i, c := range kept {
		s, err := openCheckpoint(c.note, w.v.epochs.of(w.v.prefix))
		if err != nil {
			return w.bad(-1, "%v", err)
		}
		if s.Log != w.t.name || s.Epoch != c.epoch || s.size != c.size {
			return w.bad(-1, "the checkpoint of %s at %d stands in the place of another", s.Origin, s.size)
		}
		if i < len(kept)-1 {
			err = w.older(ctx, s)
		} else {
			err = w.newest(s, c.note)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) kept(ctx context.Context) ([]storedCheckpoint, error) {
	rows, err := w.from.QueryContext(ctx, `SELECT epoch, size, note FROM checkpoint WHERE log = ? ORDER BY epoch`, w.t.n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var kept []storedCheckpoint
	for rows.Next() {
		var c storedCheckpoint
		if err := rows.Scan(&c.epoch, &c.size, &c.note); err != nil {
			return nil, err
		}
		kept = append(kept, c)
	}
	return kept, rows.Err()
}

// older is the last checkpoint of an epoch that is over.
func (w *walk) older(ctx context.Context, s signed) error {
	if s.size > w.t.size {
		return w.bad(w.t.size, "it is missing: epoch %d signed %d entries", s.Epoch, s.size)
	}
	root, err := tlog.TreeHash(s.size, nodes(ctx, w.from, w.t.n))
	if err != nil {
		return fmt.Errorf("the tree at %d: %w", s.size, err)
	}
	if root != s.root {
		return w.bad(-1, "its first %d entries are not those signed in epoch %d", s.size, s.Epoch)
	}
	return nil
}

func (w *walk) newest(s signed, note []byte) error {
	glanced := w.t.ids == nil
	switch {
	case s.size > w.t.size:
		return w.bad(w.t.size, "it is missing: %d entries were signed", s.size)
	case s.size < w.t.size:
		return w.bad(s.size, "it was never signed: the checkpoint ends before it")
	case !glanced && s.root != w.t.root:
		return w.bad(-1, "its %d entries are not those that were signed", s.size)
	case !w.t.sealed && s.Epoch != len(w.v.epochs.keys):
		return w.bad(-1, "it is signed for epoch %d while the room is in epoch %d", s.Epoch, len(w.v.epochs.keys))
	}
	w.t.root, w.t.epoch, w.t.note = s.root, s.Epoch, note
	return nil
}
