package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// pageRows is how many records are read at a time. No statement stays open while
// the caller works, so a slow reader holds nobody up, Reopen least of all.
const pageRows = 128

// Records reads a log from an entry on, in order, as it was when asked last; a
// log nobody has begun is empty. After an error it ends.
func (j *Journal) Records(ctx context.Context, log string, from int64) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		t, err := j.tree(ctx, log)
		if err != nil {
			yield(Record{}, err)
		}
		for t != nil {
			page, err := records(ctx, j.db.Read(), t.n, from, pageRows)
			if err != nil {
				yield(Record{}, fmt.Errorf("reading log %s from %d: %w", log, from, err))
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			if len(page) < pageRows {
				return
			}
			from += pageRows
		}
	}
}

func records(ctx context.Context, from source, log, seq int64, most int) ([]Record, error) {
	stored, err := asStored(ctx, from, log, seq, most)
	if err != nil {
		return nil, err
	}
	page := make([]Record, 0, len(stored))
	for _, d := range stored {
		e, err := ParseEntry(d.Line)
		if err != nil {
			return nil, err
		}
		page = append(page, Record{Entry: e, Salt: d.Salt, Body: d.Body, Leaf: tlog.RecordHash(d.Line)})
	}
	return page, nil
}

// At reads one entry.
func (j *Journal) At(ctx context.Context, log string, seq int64) (Record, error) {
	t, err := j.begun(ctx, log)
	if err != nil {
		return Record{}, err
	}
	one, err := records(ctx, j.db.Read(), t.n, seq, 1)
	if err == nil && (len(one) == 0 || one[0].Seq != seq) {
		err = ErrNoEntry
	}
	if err != nil {
		return Record{}, fmt.Errorf("reading entry %d of log %s: %w", seq, log, err)
	}
	return one[0], nil
}

// ByID finds an entry by its id. It sees what is committed.
func (j *Journal) ByID(log, id string) (Record, bool, error) {
	seq, ok, err := j.seqOf(log, id)
	if err != nil || !ok {
		return Record{}, false, err
	}
	r, err := j.At(context.Background(), log, seq)
	return r, err == nil, err
}

func (j *Journal) seqOf(log, id string) (int64, bool, error) {
	t, err := j.tree(context.Background(), log)
	if t == nil || err != nil {
		return 0, false, err
	}
	if t.ids != nil {
		j.mu.RLock()
		defer j.mu.RUnlock()
		seq, ok := t.ids[id]
		return seq, ok, nil
	}
	var seq int64
	err = j.db.Read().QueryRow(`SELECT seq FROM entry WHERE log = ? AND id = ?`, t.n, id).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return seq, err == nil, err
}
