package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// overlap holds what was delivered again against what is here, and answers with
// the entries that are new.
func (r *receiver) overlap(ctx context.Context) ([]Delivered, error) {
	t := r.w.t
	again := min(t.size, r.d.End()) - r.d.From
	for seen := int64(0); seen < again; {
		page, err := records(ctx, r.j.db.Read(), t.n, r.d.From+seen, int(min(pageRows, again-seen)))
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			return nil, ErrNoEntry
		}
		for _, rec := range page {
			d := r.d.Entries[seen]
			if line := rec.Line(); !bytes.Equal(line, d.Line) {
				return r.divide(ctx, rec.Seq, line, r.d.Entries[seen:])
			}
			if err := r.follow(ctx, rec, d); err != nil {
				return nil, err
			}
			seen++
		}
	}
	return r.d.Entries[max(again, 0):], nil
}

// follow takes a body that was withheld before.
func (r *receiver) follow(ctx context.Context, rec Record, d Delivered) error {
	if d.Body == nil || rec.Body != nil {
		return nil
	}
	if err := r.w.body(rec.Entry, row{seq: rec.Seq, salt: d.Salt, body: d.Body}); err != nil {
		return err
	}
	gone, err := r.erasedHere(ctx)
	if err != nil || slices.Contains(gone, rec.Seq) {
		return err
	}
	r.bodies.add(r.w.t.n, rec.Seq, d.Salt, d.Body)
	return nil
}

// erasedHere are the entries whose bodies were erased and must not come back.
func (r *receiver) erasedHere(ctx context.Context) ([]int64, error) {
	rows, err := r.j.db.Read().QueryContext(ctx, `SELECT line FROM entry WHERE log = ? AND instr(line, CAST('"kind":"DetailErased"' AS BLOB)) > 0`, r.w.t.n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var gone []int64
	for rows.Next() {
		var line []byte
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		if e, err := ParseEntry(line); err == nil && e.Kind == DetailErased {
			gone = append(gone, erased(e)...)
		}
	}
	return gone, rows.Err()
}

// divide meets the first entry that differs. There is one honest reason: the
// room was restored from a backup and went on in a new epoch, so that what came
// after the backup is no longer part of it. That tail is set aside, not dropped.
// Everything else is a fork.
func (r *receiver) divide(ctx context.Context, seq int64, ours []byte, theirs []Delivered) ([]Delivered, error) {
	fork := &Fork{r.d.Log, seq, ours, theirs[0].Line}
	e, err := ParseEntry(theirs[0].Line)
	if err != nil || e.Kind != EpochBegan || !r.newer(e) || r.w.t.ids == nil { // a sealed log keeps its epoch
		return nil, fork
	}
	if r.d.Log == RoomLog && !r.consent.NewEpoch {
		return nil, ErrNewEpoch
	}
	for rec, err := range r.j.Records(ctx, r.d.Log, seq) {
		if err != nil {
			return nil, err
		}
		if rec.Kind == EpochBegan {
			return nil, fork // that epoch has been used up: two rooms go on from one backup
		}
	}
	if err := r.cutAt(ctx, seq); err != nil {
		return nil, fmt.Errorf("setting aside the entries from %d on: %w", seq, err)
	}
	return theirs, nil
}

// newer tells whether the epoch an entry begins comes after the log's own.
func (r *receiver) newer(e Entry) bool {
	var d dataKey
	return json.Unmarshal(e.Data, &d) == nil && d.Epoch > r.w.t.epoch
}

// cutAt takes the working copy back to a size.
func (r *receiver) cutAt(ctx context.Context, size int64) error {
	t := r.w.t
	r.cut, t.size, t.sealed, t.edge = size, size, false, edge{}
	for level := range t.edge {
		if size>>level&1 == 0 {
			continue
		}
		h, err := nodes(ctx, r.j.db.Read(), t.n)([]int64{tlog.StoredHashIndex(level, size>>level-1)})
		if err != nil {
			return err
		}
		t.edge[level] = h[0]
	}
	for id, seq := range t.ids {
		if seq >= size {
			delete(t.ids, id)
		}
	}
	return nil
}

// write puts everything into one transaction.
func (r *receiver) write(ctx context.Context, t tx) error {
	if r.was == nil {
		if _, err := t.ExecContext(ctx, `INSERT INTO log VALUES (?, ?)`, r.w.t.n, r.w.t.name); err != nil {
			return err
		}
	}
	if r.cut >= 0 {
		if err := r.setAside(ctx, t); err != nil {
			return err
		}
	}
	for _, rows := range []*insert{&r.entries, &r.bodies, &r.nodes} {
		if err := rows.run(ctx, t); err != nil {
			return err
		}
	}
	for _, seq := range r.w.erased {
		if _, err := t.ExecContext(ctx, `DELETE FROM body WHERE log = ? AND seq = ?`, r.w.t.n, seq); err != nil {
			return err
		}
	}
	return r.writeNotes(ctx, t)
}

func (r *receiver) writeNotes(ctx context.Context, t tx) error {
	n := r.w.t.n
	for _, c := range r.kept {
		// An older one of the same epoch never takes the place of a newer.
		if _, err := t.ExecContext(ctx, `INSERT INTO checkpoint VALUES (?, ?, ?, ?)
			ON CONFLICT (log, epoch) DO UPDATE SET size = excluded.size, note = excluded.note WHERE excluded.size > size`, n, c.Epoch, c.size, c.note); err != nil {
			return err
		}
	}
	if r.tail != nil {
		_, err := t.ExecContext(ctx, `INSERT OR REPLACE INTO tail VALUES (?, ?, ?)`, n, r.tail.note, joined(r.d.Proof))
		return err
	}
	if r.w.t.signed != r.w.t.size {
		return nil // an old delivery came again while more is still on its way
	}
	_, err := t.ExecContext(ctx, `DELETE FROM tail WHERE log = ?`, n)
	return err
}

// setAside moves what the room no longer has to where it stays visible.
func (r *receiver) setAside(ctx context.Context, t tx) error {
	n, epoch := r.w.t.n, r.was.epoch
	for _, s := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO orphan SELECT e.log, ?, e.seq, e.line, b.salt, b.body FROM entry e LEFT JOIN body b ON b.log = e.log AND b.seq = e.seq WHERE e.log = ? AND e.seq >= ?`, []any{epoch, n, r.cut}},
		{`INSERT INTO orphan_checkpoint SELECT log, epoch, size, note FROM checkpoint WHERE log = ? AND size > ?`, []any{n, r.cut}},
		{`DELETE FROM checkpoint WHERE log = ? AND size > ?`, []any{n, r.cut}},
		{`DELETE FROM tail WHERE log = ?`, []any{n}},
		{`DELETE FROM body WHERE log = ? AND seq >= ?`, []any{n, r.cut}},
		{`DELETE FROM entry WHERE log = ? AND seq >= ?`, []any{n, r.cut}},
		{`DELETE FROM node WHERE log = ? AND n >= ?`, []any{n, tlog.StoredHashCount(r.cut)}},
	} {
		if _, err := t.ExecContext(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

func joined(proof []tlog.Hash) []byte {
	b := make([]byte, 0, len(proof)*tlog.HashSize)
	for _, h := range proof {
		b = append(b, h[:]...)
	}
	return b
}

func split(b []byte) []tlog.Hash {
	var proof []tlog.Hash
	for ; len(b) >= tlog.HashSize; b = b[tlog.HashSize:] {
		proof = append(proof, tlog.Hash(b[:tlog.HashSize]))
	}
	return proof
}

// Orphan is the end of a log that its room no longer has, after a restore.
type Orphan struct {
	Log   string
	Epoch int
	From  int64
	Size  int64 // entries, not the last seq
}

// Orphans lists what was set aside in a copy.
func (j *Journal) Orphans(ctx context.Context) ([]Orphan, error) {
	rows, err := j.db.Read().QueryContext(ctx, `SELECT l.name, o.epoch, min(o.seq), count(*) FROM orphan o JOIN log l ON l.n = o.log GROUP BY o.log, o.epoch ORDER BY o.log, o.epoch`)
	if err != nil {
		return nil, fmt.Errorf("listing what was set aside: %w", err)
	}
	defer rows.Close()
	var all []Orphan
	for rows.Next() {
		var o Orphan
		if err := rows.Scan(&o.Log, &o.Epoch, &o.From, &o.Size); err != nil {
			return nil, fmt.Errorf("listing what was set aside: %w", err)
		}
		all = append(all, o)
	}
	return all, rows.Err()
}
