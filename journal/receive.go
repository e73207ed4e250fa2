package journal

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"golang.org/x/mod/sumdb/tlog"
)

var (
	// ErrGap: the delivery begins after what is here.
	ErrGap = errors.New("entries before these are missing")
	// ErrUnsigned: no checkpoint signs what was delivered.
	ErrUnsigned = errors.New("no signed checkpoint covers these entries")
	// ErrNewEpoch: the room goes on with a new key, after a restore. Somebody must
	// say that this is known.
	ErrNewEpoch = errors.New("the room has begun a new epoch with a new key")
	// ErrCopy: only a copy receives, and a copy does nothing else.
	ErrCopy = errors.New("only a copy of a journal receives")
)

// Fork is a log that went another way than the one here: the same place holds
// two different entries, both signed. Nothing of the delivery was taken.
type Fork struct {
	Log    string
	Seq    int64  // the first entry that differs; -1: known only from the roots
	Ours   []byte // the line here
	Theirs []byte // the line delivered
}

func (f *Fork) Error() string {
	if f.Seq < 0 {
		return fmt.Sprintf("log %s: its earlier entries are not those that are here", f.Log)
	}
	return fmt.Sprintf("log %s, entry %d: another entry is here in its place", f.Log, f.Seq)
}

// Consent is what a person has agreed to beforehand.
type Consent struct {
	NewEpoch bool // the room was restored and signs with a new key
}

// copySchema is what only a copy has. tail ties entries whose checkpoint signs
// more than has arrived to that checkpoint; orphan keeps what a room that was
// restored from a backup no longer has.
const copySchema = `
CREATE TABLE IF NOT EXISTS tail (
	log   INTEGER PRIMARY KEY REFERENCES log,
	note  BLOB NOT NULL,
	proof BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS orphan (
	log   INTEGER NOT NULL REFERENCES log,
	epoch INTEGER NOT NULL,
	seq   INTEGER NOT NULL,
	line  BLOB NOT NULL,
	salt  BLOB,
	body  BLOB,
	PRIMARY KEY (log, epoch, seq)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS orphan_checkpoint (
	log   INTEGER NOT NULL REFERENCES log,
	epoch INTEGER NOT NULL,
	size  INTEGER NOT NULL,
	note  BLOB NOT NULL,
	PRIMARY KEY (log, epoch)
) WITHOUT ROWID;
`

// Receive takes a delivery into a copy; one goroutine at a time. It goes by the same checks as Open: each line and
// body, ids, order, seal and epochs; what is here already must be the same to
// the byte; the root over all of it must be the one that is signed, or proven to
// be its beginning. After nil it is on disk; otherwise nothing of it was taken.
// The same delivery twice changes nothing. A body that was withheld may follow.
//
// The errors are a *Wrong, a *Fork, ErrGap, ErrUnsigned, ErrNewEpoch,
// ErrForeignKey, or why it could not be written.
func (j *Journal) Receive(ctx context.Context, d Delivery, c Consent) (Log, error) {
	if !j.copies {
		return Log{}, ErrCopy
	}
	r := &receiver{j: j, d: d, consent: c, cut: -1, fresh: map[int64]tlog.Hash{},
		entries: insert{into: "entry", cols: 4}, bodies: insert{into: "body", cols: 4}, nodes: insert{into: "node", cols: 3}}
	if err := r.take(ctx); err != nil {
		return Log{}, fmt.Errorf("receiving log %s from %d: %w", d.Log, d.From, err)
	}
	t, _ := j.known(d.Log)
	return t.log(), nil
}

// receiver is one delivery being taken. It changes nothing before its rows are
// written.
type receiver struct {
	j       *Journal
	d       Delivery
	consent Consent

	was   *tree // nil: the log is new here
	w     walk  // w.t becomes the next tree
	cut   int64 // where the tail of an older epoch is set aside; -1 nowhere
	fresh map[int64]tlog.Hash

	entries, bodies, nodes insert

	kept []signedNote
	tail *signedNote
}

type signedNote struct {
	signed
	note []byte
}

func (r *receiver) take(ctx context.Context) error {
	if !logName(r.d.Log) {
		return ErrLog
	}
	r.begin()
	if r.d.From < 0 || r.d.From > r.w.t.size {
		return fmt.Errorf("%w: %d are here", ErrGap, r.w.t.size)
	}
	rest, err := r.overlap(ctx)
	if err != nil {
		return err
	}
	for _, e := range rest {
		if err := r.entry(e); err != nil {
			return err
		}
	}
	if err := r.cover(ctx); err != nil {
		return err
	}
	if err := r.j.write(ctx, func(t tx) error { return r.write(ctx, t) }); err != nil {
		return err
	}
	r.publish()
	return nil
}

// begin makes the working copy of the log.
func (r *receiver) begin() {
	j := r.j
	j.mu.RLock()
	defer j.mu.RUnlock()
	r.was = j.logs[r.d.Log]
	next := newTree(0, r.d.Log)
	if r.was != nil {
		*next = *r.was
		next.ids = maps.Clone(r.was.ids)
	} else {
		for _, t := range j.logs {
			next.n = max(next.n, t.n)
		}
		next.n++
	}
	r.w = walk{t: next, v: &verifier{db: j.db.Read(), prefix: j.prefix, epochs: j.epochs}, made: r.node}
}

func (r *receiver) node(n int64, h tlog.Hash) {
	r.fresh[n] = h
	r.nodes.add(r.w.t.n, n, h[:])
}

// entry takes the next entry as a start would read it.
func (r *receiver) entry(d Delivered) error {
	seq := r.w.t.size
	e, err := ParseEntry(d.Line)
	if err != nil {
		return r.w.bad(seq, "%v", err)
	}
	if e.Kind == EpochBegan && r.d.Log == RoomLog && !r.consent.NewEpoch {
		return ErrNewEpoch
	}
	if err := r.w.accept(e, row{seq, e.ID, d.Line, d.Salt, d.Body}); err != nil {
		return err
	}
	r.entries.add(r.w.t.n, seq, e.ID, d.Line)
	if d.Body != nil {
		r.bodies.add(r.w.t.n, seq, d.Salt, d.Body)
	}
	return nil
}

// cover finds the checkpoint that signs what is here now.
func (r *receiver) cover(ctx context.Context) error {
	t := r.w.t
	root, err := tlog.TreeHash(t.size, r.reader(ctx))
	if err != nil {
		return err
	}
	t.root = root
	for i, text := range r.d.Checkpoints {
		s, err := openCheckpoint(text, r.w.v.epochs.of(r.w.v.prefix))
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUnsigned, err)
		}
		if s.Log != t.name {
			return r.w.bad(-1, "the checkpoint of %s was delivered with it", s.Origin)
		}
		if s.size > t.size && i < len(r.d.Checkpoints)-1 {
			continue // the end of an older epoch that has not come yet
		}
		if err := r.checkpoint(ctx, signedNote{s, text}); err != nil {
			return err
		}
	}
	return r.covered()
}

// checkpoint holds one against the tree: the newest may sign more than is here.
func (r *receiver) checkpoint(ctx context.Context, s signedNote) error {
	t := r.w.t
	switch {
	case s.size > t.size:
		if err := tlog.CheckTree(r.d.Proof, s.size, s.root, t.size, t.root); t.size > 0 && err != nil {
			return &Fork{Log: t.name, Seq: -1}
		}
		r.tail = &s
		return nil
	case s.size == t.size:
		if s.root != t.root {
			return &Fork{Log: t.name, Seq: -1}
		}
	default:
		root, err := tlog.TreeHash(s.size, r.reader(ctx))
		if err != nil {
			return fmt.Errorf("the tree at %d: %w", s.size, err)
		}
		if root != s.root {
			return &Fork{Log: t.name, Seq: -1}
		}
	}
	r.kept = append(r.kept, s)
	return nil
}

// covered settles which note stands for the log: it must reach its end.
func (r *receiver) covered() error {
	t := r.w.t
	last := r.tail
	if n := len(r.kept); last == nil && n > 0 && r.kept[n-1].size == t.size {
		last = &r.kept[n-1]
	}
	switch {
	case last != nil:
		t.note, t.epoch, t.signed = last.note, last.Epoch, last.size
	case r.was == nil || t.size != r.was.size || r.cut >= 0:
		return ErrUnsigned
	}
	return nil
}

// reader reads the tree with what was made now over what is stored.
func (r *receiver) reader(ctx context.Context) tlog.HashReaderFunc {
	stored := nodes(ctx, r.j.db.Read(), r.w.t.n)
	return func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, n := range indexes {
			if h, ok := r.fresh[n]; ok {
				hashes[i] = h
				continue
			}
			one, err := stored([]int64{n})
			if err != nil {
				return nil, err
			}
			hashes[i] = one[0]
		}
		return hashes, nil
	}
}

// publish lets readers see what is on disk now.
func (r *receiver) publish() {
	j := r.j
	j.mu.Lock()
	defer j.mu.Unlock()
	j.prefix, j.epochs = r.w.v.prefix, r.w.v.epochs
	if r.w.t.sealed {
		r.w.t.ids = nil // as a start would keep it
	}
	j.logs[r.d.Log] = r.w.t
}
