package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// plan is a batch as rows, computed before the transaction begins so that the
// disk is not kept waiting.
type plan struct {
	logs    []planned
	entries insert
	bodies  insert
	nodes   insert
	erase   []place
	epochs  epochs
}

type planned struct {
	fresh bool
	was   *tree // as published
	next  *tree
	ids   map[string]int64
}

type place struct{ log, seq int64 }

func (b *Batch) plan() (*plan, error) {
	p := &plan{entries: insert{into: "entry", cols: 4}, bodies: insert{into: "body", cols: 4}, nodes: insert{into: "node", cols: 3}}
	epochs, err := b.epochs()
	if err != nil {
		return nil, err
	}
	p.epochs = epochs
	trees := b.trees(p)
	for i := range b.recs {
		if err := p.append(&b.recs[i], trees[b.recs[i].log]); err != nil {
			return nil, err
		}
	}
	for _, l := range p.logs {
		if err := b.j.sign(l.next, p.epochs); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// epochs are the keys as they will be, after checking that ours is the last.
func (b *Batch) epochs() (epochs, error) {
	e := b.j.epochs
	for i := range b.recs {
		if r := &b.recs[i]; r.Log == RoomLog {
			if err := e.learn(b.j.prefix, r.Entry); err != nil {
				return e, err
			}
		}
	}
	if !e.current(b.j.key) {
		return e, ErrEpoch
	}
	return e, nil
}

// trees makes a working copy of each log that grows, in the order in which they
// appear, so that equal batches give equal files.
func (b *Batch) trees(p *plan) map[*growing]*tree {
	trees := map[*growing]*tree{}
	var number int64 // the last one given
	for _, t := range b.j.logs {
		number = max(number, t.n)
	}
	for i := range b.recs {
		g := b.recs[i].log
		if trees[g] != nil {
			continue
		}
		next := *g.tree
		if g.fresh {
			number++
			next.n = number
		}
		next.sealed = g.sealed
		trees[g] = &next
		p.logs = append(p.logs, planned{g.fresh, g.tree, &next, make(map[string]int64, len(g.ids))})
	}
	return trees
}

func (p *plan) append(a *added, t *tree) error {
	hashes, err := t.edge.grow(a.Seq, a.Leaf)
	if err != nil {
		return err
	}
	t.size = a.Seq + 1
	p.entries.add(t.n, a.Seq, a.ID, a.line)
	if a.Body != nil {
		p.bodies.add(t.n, a.Seq, a.Salt, a.Body)
	}
	for i := range hashes {
		p.nodes.add(t.n, tlog.StoredHashIndex(0, a.Seq)+int64(i), hashes[i][:])
	}
	if a.Kind == DetailErased {
		for _, seq := range erased(a.Entry) {
			p.erase = append(p.erase, place{t.n, seq})
		}
	}
	l := slices.IndexFunc(p.logs, func(l planned) bool { return l.next == t })
	p.logs[l].ids[a.ID] = a.Seq
	return nil
}

func (p *plan) write(ctx context.Context, t tx) error {
	for _, l := range p.logs {
		if l.fresh {
			if _, err := t.ExecContext(ctx, `INSERT INTO log VALUES (?, ?)`, l.next.n, l.next.name); err != nil {
				return err
			}
		}
	}
	for _, rows := range []*insert{&p.entries, &p.bodies, &p.nodes} {
		if err := rows.run(ctx, t); err != nil {
			return err
		}
	}
	for _, e := range p.erase {
		if _, err := t.ExecContext(ctx, `DELETE FROM body WHERE log = ? AND seq = ?`, e.log, e.seq); err != nil {
			return err
		}
	}
	for _, l := range p.logs {
		if _, err := t.ExecContext(ctx, `INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?)`, l.next.n, l.next.epoch, l.next.size, l.next.note); err != nil {
			return err
		}
	}
	return nil
}

// publish lets readers see what is on disk now.
func (j *Journal) publish(p *plan) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.epochs = p.epochs
	for _, l := range p.logs {
		if l.fresh {
			l.was.n = l.next.n
			j.logs[l.next.name] = l.was
		}
		l.was.take(l.next, l.ids)
	}
}

// understand checks an entry the journal itself must act on.
func (b *Batch) understand(e Entry) error {
	switch {
	case b.j.key == nil:
		return ErrReadOnly
	case e.Kind == EpochBegan && !b.heir:
		return ErrEpoch
	case e.Kind == RoomFounded && e.Log == RoomLog:
		known := b.j.epochs
		return known.learn(b.j.prefix, e)
	case e.Kind == DetailErased:
		if seqs := erased(e); len(seqs) == 0 || slices.Min(seqs) < 0 || slices.Max(seqs) >= e.Seq {
			return fmt.Errorf("%w: entries must name earlier entries of this log", ErrData)
		}
	}
	return nil
}

// erased are the entries whose bodies a DetailErased takes away.
func erased(e Entry) []int64 {
	var d struct {
		Entries []int64 `json:"entries"`
	}
	if json.Unmarshal(e.Data, &d) != nil {
		return nil
	}
	return d.Entries
}
