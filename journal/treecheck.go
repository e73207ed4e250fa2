package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// grow appends the leaf to the tree in memory and holds each node that this
// completes against the one stored.
func (w *walk) grow(seq int64, leaf tlog.Hash) error {
	hashes, err := w.t.edge.grow(seq, leaf)
	if err != nil {
		return err
	}
	for i, h := range hashes {
		n := tlog.StoredHashIndex(0, seq) + int64(i)
		switch {
		case w.made != nil:
			w.made(n, h)
			continue
		case len(w.stored) == 0 || w.stored[0].n != n:
			return w.bad(seq, "a node of the tree over it is missing")
		case w.stored[0].hash != h && i == 0:
			return w.bad(seq, "its bytes do not have the hash in the tree")
		case w.stored[0].hash != h:
			return w.bad(seq, "the node of the tree that ends with it, %d levels up, is not the hash of what is below", i)
		}
		w.stored = w.stored[1:]
	}
	return nil
}

func (w *walk) finish(ctx context.Context) error {
	root, err := tlog.TreeHash(w.t.size, &w.t.edge)
	if err != nil {
		return err
	}
	w.t.root = root
	kept, err := keptCheckpoints(ctx, w.from, oneLog, w.t.n)
	if err != nil {
		return err
	}
	if err := w.checkpoints(ctx, kept[w.t.n]); err != nil {
		return err
	}
	return w.leftovers(ctx)
}

// leftovers finds what lies in the tables and belongs to no entry.
func (w *walk) leftovers(ctx context.Context) error {
	for _, seq := range w.erased {
		if there, err := w.exists(ctx, `SELECT EXISTS (SELECT 1 FROM body WHERE log = ? AND seq = ?)`, seq); there || err != nil {
			return preferring(err, w.bad(seq, "its body is still here although it was erased"))
		}
	}
	if there, err := w.exists(ctx, `SELECT EXISTS (SELECT 1 FROM body WHERE log = ? AND seq >= ?)`, w.t.size); there || err != nil {
		return preferring(err, w.bad(w.t.size, "there is a body without the entry"))
	}
	if there, err := w.exists(ctx, `SELECT EXISTS (SELECT 1 FROM node WHERE log = ? AND n >= ?)`, tlog.StoredHashCount(w.t.size)); there || err != nil {
		return preferring(err, w.bad(w.t.size, "there are nodes of the tree without the entry"))
	}
	return nil
}

// preferring is the error of reading, if there is one.
func preferring(err error, wrong *Wrong) error {
	if err != nil {
		return err
	}
	return wrong
}

func (w *walk) exists(ctx context.Context, query string, n int64) (there bool, err error) {
	err = w.from.QueryRowContext(ctx, query, w.t.n, n).Scan(&there)
	return there, err
}

// storedCheckpoint is a row of the table checkpoint.
type storedCheckpoint struct {
	epoch int
	size  int64
	note  []byte
}

// checkpoints holds the signed checkpoints of every epoch against the tree. In a
// log that was only glanced at, the newest one's word is taken for the root.
func (w *walk) checkpoints(ctx context.Context, kept []storedCheckpoint) error {
	tail, err := w.tail(ctx)
	if err != nil {
		return err
	}
	if len(kept) == 0 && tail == nil && w.t.size > 0 {
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
		if i < len(kept)-1 || tail != nil {
			err = w.older(ctx, s)
		} else {
			err = w.newest(s, c.note)
		}
		if err != nil {
			return err
		}
	}
	if tail != nil {
		return w.coming(ctx, *tail)
	}
	return nil
}

// storedTail ties a log of a copy that is still being received to the
// checkpoint that signs all of it.
type storedTail struct{ note, proof []byte }

// tail is nil in a room's own journal, and where all that is signed has come.
func (w *walk) tail(ctx context.Context) (*storedTail, error) {
	if !w.v.copy {
		return nil, nil
	}
	var t storedTail
	err := w.from.QueryRowContext(ctx, `SELECT note, proof FROM tail WHERE log = ?`, w.t.n).Scan(&t.note, &t.proof)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &t, err
}

// coming checks a log of which only the beginning has arrived.
func (w *walk) coming(ctx context.Context, tail storedTail) error {
	s, err := openCheckpoint(tail.note, w.v.epochs.of(w.v.prefix))
	if err != nil {
		return w.bad(-1, "%v", err)
	}
	root, err := tlog.TreeHash(w.t.size, nodes(ctx, w.from, w.t.n))
	if err != nil {
		return err
	}
	if s.Log != w.t.name || s.size <= w.t.size || w.t.size > 0 && tlog.CheckTree(split(tail.proof), s.size, s.root, w.t.size, root) != nil {
		return w.bad(-1, "its %d entries are not the beginning of what was signed", w.t.size)
	}
	w.t.root, w.t.epoch, w.t.note, w.t.signed = root, s.Epoch, tail.note, s.size
	return nil
}

// keptCheckpoints are those of the logs meant, by number, each log's oldest first.
func keptCheckpoints(ctx context.Context, from source, which string, args ...any) (map[int64][]storedCheckpoint, error) {
	rows, err := from.QueryContext(ctx, `SELECT l.n, c.epoch, c.size, c.note FROM log l JOIN checkpoint c ON c.log = l.n `+which+` ORDER BY l.n, c.epoch`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	kept := map[int64][]storedCheckpoint{}
	for rows.Next() {
		var (
			log int64
			c   storedCheckpoint
		)
		if err := rows.Scan(&log, &c.epoch, &c.size, &c.note); err != nil {
			return nil, err
		}
		kept[log] = append(kept[log], c)
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
	case !w.t.sealed && !w.v.copy && s.Epoch != len(w.v.epochs.keys):
		return w.bad(-1, "it is signed for epoch %d while the room is in epoch %d", s.Epoch, len(w.v.epochs.keys))
	}
	w.t.root, w.t.epoch, w.t.note, w.t.signed = s.root, s.Epoch, note, s.size
	return nil
}
