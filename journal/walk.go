package journal

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"
)

// verifier reads a journal, each log within one transaction, so that one that
// grows meanwhile is seen as it was. It never holds a transaction for longer:
// store.Reopen waits for readers.
type verifier struct {
	db     *sql.DB
	prefix string
	epochs epochs
	copy   bool  // it is the copy of a room's journal: logs may be on their way
	last   int64 // number of the log begun last
	keep   bool  // the walks keep what they read
}

// all walks the room's log first, since its entries name the keys, and then the
// others beside each other. Those for which whole is false are only taken over.
func (v *verifier) all(ctx context.Context, whole func(walk) bool) ([]walk, error) {
	if err := v.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'tail')`).Scan(&v.copy); err != nil {
		return nil, err
	}
	walks, err := v.list(ctx)
	if err != nil {
		return nil, err
	}
	if len(walks) > 0 {
		if err := walks[0].take(ctx, whole); err != nil {
			return nil, err
		}
	}
	var rest errgroup.Group
	rest.SetLimit(runtime.NumCPU())
	for i := 1; i < len(walks); i++ {
		rest.Go(func() error { return walks[i].take(ctx, whole) })
	}
	if err := rest.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(walks, func(a, b walk) int { return int(a.t.n - b.t.n) })
	return walks, nil
}

// list finds the logs as they end now, and their checkpoints, in one transaction.
func (v *verifier) list(ctx context.Context) ([]walk, error) {
	from, err := v.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer from.Rollback()
	walks, err := v.ends(ctx, from)
	if err != nil {
		return nil, err
	}
	kept, err := keptCheckpoints(ctx, from, 0, v.last)
	for i := range walks {
		walks[i].kept = kept[walks[i].t.n]
	}
	return walks, err
}

// ends are the logs, the room's first, each with its size and last line.
func (v *verifier) ends(ctx context.Context, from source) ([]walk, error) {
	rows, err := from.QueryContext(ctx, `SELECT l.n, l.name, coalesce(e.seq + 1, 0), e.line
		FROM log l LEFT JOIN entry e ON e.log = l.n AND e.seq = (SELECT max(seq) FROM entry WHERE log = l.n)
		ORDER BY l.name <> 'room', l.n`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var walks []walk
	for rows.Next() {
		w := walk{v: v, t: newTree(0, "")}
		if err := rows.Scan(&w.t.n, &w.t.name, &w.t.size, &w.lastLine); err != nil {
			return nil, err
		}
		walks = append(walks, w)
		v.last = max(v.last, w.t.n)
	}
	return walks, rows.Err()
}

// walk is one log being read. t is what has been read of it so far.
type walk struct {
	v        *verifier
	lastLine []byte             // as listed
	kept     []storedCheckpoint // as listed
	from     source
	t        *tree
	records  []Record                   // where the verifier keeps them
	stored   []storedNode               // the tree's nodes from the present entry on, a page of them
	made     func(n int64, h tlog.Hash) // takes the nodes instead of comparing; Receive's
	erased   []int64
	withheld int
	wrong    *Wrong
}

type storedNode struct {
	n    int64
	hash []byte
}

func (w *walk) bad(seq int64, format string, args ...any) *Wrong {
	return &Wrong{w.t.name, seq, fmt.Sprintf(format, args...)}
}

// take reads a log and keeps what is wrong with it; other errors are returned.
func (w *walk) take(ctx context.Context, whole func(walk) bool) error {
	err := w.read(ctx, whole)
	if wrong, ok := errors.AsType[*Wrong](err); ok {
		w.wrong = wrong
	} else if err != nil {
		return fmt.Errorf("reading log %s: %w", w.t.name, err)
	}
	return nil
}

// read reads a log whole, within one transaction, or takes over what was listed.
func (w *walk) read(ctx context.Context, whole func(walk) bool) error {
	last, err := ParseEntry(w.lastLine)
	w.t.sealed = err == nil && last.Kind == RecordSealed
	if !whole(*w) {
		w.t.ids, w.from = nil, w.v.db
		return w.checkpoints(ctx, w.kept)
	}
	from, err := w.v.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer from.Rollback()
	w.t.size, w.t.sealed, w.from = 0, false, from
	return w.run(ctx)
}

func (w *walk) run(ctx context.Context) error {
	for {
		page, err := w.page(ctx)
		if err != nil {
			return err
		}
		for _, r := range page {
			if err := w.entry(r); err != nil {
				return err
			}
		}
		if len(page) < pageRows {
			return w.finish(ctx)
		}
	}
}

// row is an entry as it lies in the tables.
type row struct {
	seq        int64
	id         string
	line       []byte
	salt, body []byte
}

func (w *walk) page(ctx context.Context) ([]row, error) {
	if err := w.readNodes(ctx); err != nil {
		return nil, err
	}
	rows, err := w.from.QueryContext(ctx, `SELECT e.seq, e.id, e.line, b.salt, b.body FROM entry e LEFT JOIN body b ON b.log = e.log AND b.seq = e.seq
		WHERE e.log = ? AND e.seq >= ? ORDER BY e.seq LIMIT ?`, w.t.n, w.t.size, pageRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.seq, &r.id, &r.line, &r.salt, &r.body); err != nil {
			return nil, err
		}
		page = append(page, r)
	}
	return page, rows.Err()
}

func (w *walk) readNodes(ctx context.Context) error {
	first := tlog.StoredHashCount(w.t.size)
	rows, err := w.from.QueryContext(ctx, `SELECT n, hash FROM node WHERE log = ? AND n >= ? ORDER BY n LIMIT ?`,
		w.t.n, first, tlog.StoredHashCount(w.t.size+pageRows)-first)
	if err != nil {
		return err
	}
	defer rows.Close()
	w.stored = w.stored[:0]
	for rows.Next() {
		var s storedNode
		if err := rows.Scan(&s.n, &s.hash); err != nil {
			return err
		}
		w.stored = append(w.stored, s)
	}
	return rows.Err()
}

func (w *walk) entry(r row) error {
	seq := w.t.size
	if r.seq != seq {
		return w.bad(seq, "it is missing")
	}
	e, err := ParseEntry(r.line)
	if err != nil {
		return w.bad(seq, "%v", err)
	}
	return w.accept(e, r)
}

// accept takes the entry of a line as the next one.
func (w *walk) accept(e Entry, r row) error {
	seq := w.t.size
	_, twice := w.t.ids[e.ID]
	switch {
	case e.Log != w.t.name || e.Seq != seq || e.ID != r.id:
		return w.bad(seq, "another entry stands in its place (%s, %d, %s)", e.Log, e.Seq, e.ID)
	case twice:
		return w.bad(seq, "its id %s is there already", e.ID)
	case w.t.sealed:
		return w.bad(seq, "it follows the seal")
	}
	if err := w.body(e, r); err != nil {
		return err
	}
	if err := w.kind(e); errors.Is(err, ErrForeignKey) {
		return err
	} else if err != nil {
		return w.bad(seq, "%v", err)
	}
	w.t.ids[e.ID] = seq
	w.t.size++
	leaf := tlog.RecordHash(r.line)
	if w.v.keep {
		w.records = append(w.records, Record{e, leaf, r.salt, r.body})
	}
	return w.grow(seq, leaf)
}

func (w *walk) body(e Entry, r row) error {
	switch {
	case r.salt == nil && r.body == nil:
		if e.Detail != "" {
			w.withheld++
		}
	case len(r.salt) != 32 || len(r.body) > MaxBody || detail(r.salt, r.body) != e.Detail:
		return w.bad(e.Seq, "its body is not the one it names")
	}
	return nil
}

// kind looks at the few kinds that are the journal's business.
func (w *walk) kind(e Entry) error {
	switch e.Kind {
	case RecordSealed:
		w.t.sealed = true
	case DetailErased:
		w.erased = append(w.erased, erased(e)...)
	case RoomFounded, EpochBegan:
		return w.epoch(e)
	}
	return nil
}

func (w *walk) epoch(e Entry) error {
	if w.t.name == RoomLog {
		if w.v.prefix == "" {
			w.v.prefix = prefixIn(e)
		}
		if err := w.v.epochs.learn(w.v.prefix, e); err != nil {
			return err
		}
	}
	if e.Kind == RoomFounded {
		return nil
	}
	root, err := tlog.TreeHash(w.t.size, &w.t.edge)
	if err != nil {
		return err
	}
	return w.v.epochs.succeeds(w.v.prefix, e, hex.EncodeToString(root[:]))
}

// prefixIn is the prefix a reader without a key finds in the founding entry.
func prefixIn(e Entry) string {
	var d dataKey
	if json.Unmarshal(e.Data, &d) != nil {
		return ""
	}
	o, _, _ := parseVerifier(d.Key)
	return o.Prefix
}
