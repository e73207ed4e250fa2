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
	db     handle
	prefix string
	epochs epochs
	copy   bool         // it is the copy of a room's journal: logs may be on their way
	last   int64        // number of the log begun last
	follow func(Record) // Config's; nil: nobody
}

// handle is a way to the database, which a verifier has to itself for a transaction.
type handle interface {
	source
	BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error)
}

// Which logs are meant, as a clause on the table log l.
const (
	everyLog   = ``
	oneLog     = `WHERE l.n = ?`
	logsAtWork = `WHERE l.name = 'room' OR l.n = (SELECT max(n) FROM log)`
	logsAside  = `WHERE l.name <> 'room' AND l.n < (SELECT max(n) FROM log)`
)

// all walks the room's log first, since its entries name the keys, and then the
// others beside each other. Those for which whole is false are only taken over.
func (v *verifier) all(ctx context.Context, which string, whole func(walk) bool) ([]walk, error) {
	if err := v.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'tail')`).Scan(&v.copy); err != nil {
		return nil, err
	}
	walks, err := v.list(ctx, which)
	if err != nil {
		return nil, err
	}
	first := 0
	if len(walks) > 0 && walks[0].t.name == RoomLog {
		if err := walks[0].take(ctx, whole); err != nil {
			return nil, err
		}
		first = 1
	}
	var rest errgroup.Group
	rest.SetLimit(runtime.NumCPU())
	for i := first; i < len(walks); i++ {
		rest.Go(func() error { return walks[i].take(ctx, whole) })
	}
	if err := rest.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(walks, func(a, b walk) int { return int(a.t.n - b.t.n) })
	return walks, nil
}

// list finds logs as they end now, and their checkpoints, in one transaction.
func (v *verifier) list(ctx context.Context, which string) ([]walk, error) {
	from, err := v.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer from.Rollback()
	walks, err := v.ends(ctx, from, which)
	if err != nil {
		return nil, err
	}
	kept, err := keptCheckpoints(ctx, from, which)
	for i := range walks {
		walks[i].kept = kept[walks[i].t.n]
	}
	return walks, err
}

// ends are the logs, the room's first, each with its size and last line.
func (v *verifier) ends(ctx context.Context, from source, which string) ([]walk, error) {
	rows, err := from.QueryContext(ctx, `SELECT l.n, l.name, coalesce(e.seq + 1, 0), e.line
		FROM log l LEFT JOIN entry e ON e.log = l.n AND e.seq = (SELECT max(seq) FROM entry WHERE log = l.n) `+which+`
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
	stored   []storedNode               // the tree's nodes from the present entry on, a page of them
	made     func(n int64, h tlog.Hash) // takes the nodes instead of comparing; Receive's
	again    []byte                     // the present entry, written anew
	erased   []int64
	withheld int
	wrong    *Wrong
}

// storedNode is a node as it lies in the tables; hash is zero where that is no hash.
type storedNode struct {
	n    int64
	hash tlog.Hash
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
	w.t.ids = make(map[string]int64, min(max(w.t.size, 0), 1<<12)) // not more on the word of what is not verified yet
	w.t.size, w.t.sealed, w.from = 0, false, from
	return w.run(ctx)
}

// run reads the pages of the log on one processor and verifies them on another: a
// start waits for this.
func (w *walk) run(ctx context.Context) error {
	pages := make(chan page, 1)
	reading, stop := context.WithCancel(ctx)
	var reader errgroup.Group
	reader.Go(func() error {
		defer close(pages)
		return w.pages(reading, pages)
	})
	err := w.entries(pages)
	stop()
	if failed := reader.Wait(); err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	return w.finish(ctx)
}

func (w *walk) entries(pages <-chan page) error {
	for p := range pages {
		w.stored = p.nodes
		for _, r := range p.rows {
			if err := w.entry(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// pages reads the log from its beginning; nobody else uses the transaction meanwhile.
func (w *walk) pages(ctx context.Context, to chan<- page) error {
	for seq := int64(0); ; seq += pageRows {
		p, err := w.page(ctx, seq)
		if err != nil {
			return err
		}
		select {
		case to <- p:
		case <-ctx.Done():
			return ctx.Err()
		}
		if len(p.rows) < pageRows {
			return nil
		}
	}
}

// page is so many entries, and the nodes of the tree that they complete.
type page struct {
	rows  []row
	nodes []storedNode
}

// row is an entry as it lies in the tables.
type row struct {
	seq        int64
	id         string
	line       []byte
	salt, body []byte
}

func (w *walk) page(ctx context.Context, seq int64) (p page, err error) {
	if p.nodes, err = w.nodes(ctx, seq); err != nil {
		return page{}, err
	}
	rows, err := w.from.QueryContext(ctx, `SELECT e.seq, e.id, e.line, b.salt, b.body FROM entry e LEFT JOIN body b ON b.log = e.log AND b.seq = e.seq
		WHERE e.log = ? AND e.seq >= ? ORDER BY e.seq LIMIT ?`, w.t.n, seq, pageRows)
	if err != nil {
		return page{}, err
	}
	defer rows.Close()
	p.rows = make([]row, 0, pageRows)
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.seq, &r.id, &r.line, &r.salt, &r.body); err != nil {
			return page{}, err
		}
		p.rows = append(p.rows, r)
	}
	return p, rows.Err()
}

func (w *walk) nodes(ctx context.Context, seq int64) ([]storedNode, error) {
	first := tlog.StoredHashCount(seq)
	rows, err := w.from.QueryContext(ctx, `SELECT n, hash FROM node WHERE log = ? AND n >= ? ORDER BY n LIMIT ?`,
		w.t.n, first, tlog.StoredHashCount(seq+pageRows)-first)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	nodes := make([]storedNode, 0, 2*pageRows)
	for rows.Next() {
		var (
			s   storedNode
			raw sql.RawBytes
		)
		if err := rows.Scan(&s.n, &raw); err != nil {
			return nil, err
		}
		if len(raw) == len(s.hash) {
			s.hash = tlog.Hash(raw)
		}
		nodes = append(nodes, s)
	}
	return nodes, rows.Err()
}

func (w *walk) entry(r row) error {
	seq := w.t.size
	if r.seq != seq {
		return w.bad(seq, "it is missing")
	}
	e, again, err := parseEntry(r.line, w.again)
	if err != nil {
		return w.bad(seq, "%v", err)
	}
	w.again = again
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
	if err := w.kind(e); errors.Is(err, ErrForeignKey) || errors.Is(err, ErrPrefix) {
		return err
	} else if err != nil {
		return w.bad(seq, "%v", err)
	}
	w.t.ids[e.ID] = seq
	w.t.size++
	leaf := tlog.RecordHash(r.line)
	if err := w.grow(seq, leaf); err != nil {
		return err
	}
	if w.v.follow != nil {
		w.v.follow(Record{e, leaf, r.salt, r.body})
	}
	return nil
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
