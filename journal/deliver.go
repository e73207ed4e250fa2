package journal

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// Delivery is a piece of one log on its way to a copy of the journal: at the
// centre, in a parcel, on the way back from a backup. It proves itself: Receive
// believes nothing of it that its signed checkpoint does not cover.
type Delivery struct {
	Log         string      `json:"log"`
	From        int64       `json:"from"`        // seq of the first entry
	Entries     []Delivered `json:"entries"`     // in order, without a gap
	Checkpoints [][]byte    `json:"checkpoints"` // the last signed one of each epoch, oldest first
	Proof       []tlog.Hash `json:"proof"`       // that the log up to the last entry is the beginning of what the newest checkpoint signs (RFC 6962, 2.1.2); empty when it ends there
}

// Delivered is one entry with what lies beside it. Salt and Body are nil where
// there is no detail, or where it is withheld from this receiver.
type Delivered struct {
	Line []byte `json:"line"`
	Salt []byte `json:"salt,omitempty"`
	Body []byte `json:"body,omitempty"`
}

// MaxDelivery is what a delivery may measure as JSON, before it is compressed.
const MaxDelivery = 32 << 20

// Write writes the delivery as it travels: JSON, its byte strings in base64,
// compressed by gzip.
func (d Delivery) Write(w io.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return fmt.Errorf("writing a delivery: %w", err)
	}
	if err := json.NewEncoder(z).Encode(d); err != nil {
		return fmt.Errorf("writing a delivery: %w", err)
	}
	return z.Close()
}

// ReadDelivery reads what Write wrote. It checks the form only; Receive checks
// what it says.
func ReadDelivery(r io.Reader) (d Delivery, err error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return d, fmt.Errorf("reading a delivery: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(z, MaxDelivery+1))
	if err != nil {
		return d, fmt.Errorf("reading a delivery: %w", err)
	}
	if len(text) > MaxDelivery {
		return d, fmt.Errorf("reading a delivery: it measures more than %d bytes", MaxDelivery)
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return d, fmt.Errorf("reading a delivery: %w", err)
	}
	return d, nil
}

// End is the seq after the last entry.
func (d Delivery) End() int64 { return d.From + int64(len(d.Entries)) }

// Portion says how much of a log to hand on at a time, and to whom.
type Portion struct {
	Entries int  // at most; 0 none, only the checkpoints
	Bytes   int  // after which no further entry is added
	Cleared bool // the receiver may have what is marked hold
}

// Deliver makes a delivery of the entries from a seq on, as the log was when
// asked. The proof ties it to the newest checkpoint, so a receiver that is cut
// off after any delivery holds nothing unproven.
func (j *Journal) Deliver(ctx context.Context, log string, from int64, p Portion) (Delivery, error) {
	t, err := j.begun(ctx, log)
	if err != nil {
		return Delivery{}, err
	}
	d, err := j.deliver(ctx, t, from, p)
	if err != nil {
		return Delivery{}, fmt.Errorf("handing on log %s from %d: %w", log, from, err)
	}
	return d, nil
}

func (j *Journal) deliver(ctx context.Context, t *tree, from int64, p Portion) (Delivery, error) {
	read, err := j.db.Read().BeginTx(ctx, nil)
	if err != nil {
		return Delivery{}, err
	}
	defer read.Rollback()
	all, err := keptCheckpoints(ctx, read, oneLog, t.n)
	if err != nil {
		return Delivery{}, err
	}
	kept := all[t.n]
	if len(kept) == 0 || from > kept[len(kept)-1].size {
		return Delivery{}, ErrNoEntry
	}
	d := Delivery{Log: t.name, From: from}
	for _, c := range kept {
		d.Checkpoints = append(d.Checkpoints, c.note)
	}
	size := kept[len(kept)-1].size
	if d.Entries, err = portion(ctx, read, t.n, from, size, p); err != nil {
		return Delivery{}, err
	}
	if end := d.End(); end > 0 && end < size {
		d.Proof, err = tlog.ProveTree(size, end, nodes(ctx, read, t.n))
	}
	return d, err
}

// portion reads entries until one of the limits is reached.
func portion(ctx context.Context, from source, log, seq, size int64, p Portion) ([]Delivered, error) {
	var out []Delivered
	total := 0
	for len(out) < p.Entries && total < p.Bytes && seq < size {
		page, err := asStored(ctx, from, log, seq, min(pageRows, p.Entries-len(out)))
		if err != nil {
			return nil, err
		}
		for _, d := range page {
			if seq >= size || total >= p.Bytes {
				return out, nil
			}
			if !p.Cleared && held(d.Line) {
				d.Salt, d.Body = nil, nil
			}
			out = append(out, d)
			total += len(d.Line) + len(d.Body)
			seq++
		}
		if len(page) == 0 {
			return nil, ErrNoEntry
		}
	}
	return out, nil
}

// asStored reads entries as they lie in the tables: whoever receives them checks
// them, so the sender need not.
func asStored(ctx context.Context, from source, log, seq int64, most int) ([]Delivered, error) {
	rows, err := from.QueryContext(ctx, `SELECT e.line, b.salt, b.body FROM entry e LEFT JOIN body b ON b.log = e.log AND b.seq = e.seq
		WHERE e.log = ? AND e.seq >= ? ORDER BY e.seq LIMIT ?`, log, seq, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	page := make([]Delivered, 0, most)
	for rows.Next() {
		var d Delivered
		if err := rows.Scan(&d.Line, &d.Salt, &d.Body); err != nil {
			return nil, err
		}
		page = append(page, d)
	}
	return page, rows.Err()
}

// held reads hold from a canonical line: no string before it can hold a bare
// quotation mark, so its first occurrence is the member itself.
func held(line []byte) bool {
	_, after, _ := bytes.Cut(line, []byte(`],"hold":`))
	return bytes.HasPrefix(after, []byte("true"))
}

// Named goes through the entries of a log, from one on, that name documents: the
// few that whoever brings papers about must look at.
func (j *Journal) Named(ctx context.Context, log string, from int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		t, err := j.tree(ctx, log)
		if err != nil {
			yield(Entry{}, err)
		}
		for t != nil {
			page, err := namedFrom(ctx, j.db.Read(), t.n, from)
			if err != nil {
				yield(Entry{}, fmt.Errorf("reading what log %s names: %w", log, err))
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
				from = e.Seq + 1
			}
			if len(page) < pageRows {
				return
			}
		}
	}
}

func namedFrom(ctx context.Context, from source, log, seq int64) ([]Entry, error) {
	rows, err := from.QueryContext(ctx, `SELECT line FROM entry WHERE log = ? AND seq >= ? AND instr(line, CAST('"refs":[]' AS BLOB)) = 0 ORDER BY seq LIMIT ?`, log, seq, pageRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []Entry
	for rows.Next() {
		var line []byte
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		e, err := ParseEntry(line)
		if err != nil {
			return nil, err
		}
		page = append(page, e)
	}
	return page, rows.Err()
}

// RootAt is the root of a log's first entries: two journals that have the same
// one at a size agree on every entry before it.
func (j *Journal) RootAt(ctx context.Context, log string, size int64) (tlog.Hash, error) {
	t, err := j.begun(ctx, log)
	if err != nil {
		return tlog.Hash{}, err
	}
	if size < 0 || size > t.size {
		return tlog.Hash{}, fmt.Errorf("%w: %d in log %s", ErrNoEntry, size, log)
	}
	root, err := tlog.TreeHash(size, nodes(ctx, j.db.Read(), t.n))
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("the root of log %s at %d: %w", log, size, err)
	}
	return root, nil
}
