package journal

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Draft is an entry before it has a place in a log. Its slices are kept; nobody
// may change them afterwards.
type Draft struct {
	ID   string
	Kind string
	At   time.Time
	By   string
	Seat string
	Refs []string
	Hold bool
	Data json.RawMessage
	Body []byte // free text; becomes the detail
}

// Record is an entry with what lies beside it.
type Record struct {
	Entry
	Leaf tlog.Hash
	Salt []byte // nil with Body: withheld, erased, or there is no detail
	Body []byte
}

// Batch is what is committed with one fsync: the entries of many commands, in
// any logs. It belongs to the one goroutine that writes, and nothing of it is
// on disk before Commit has returned nil.
type Batch struct {
	j    *Journal
	recs []added
	logs map[string]*growing
	heir bool // BeginEpoch's own: may hold EpochBegan
}

type added struct {
	Record
	line []byte
	log  *growing
}

// growing is a log as the batch will leave it.
type growing struct {
	tree   *tree // as published; a new one for a new log
	fresh  bool
	size   int64
	sealed bool
	ids    map[string]int // in recs
}

// Begin starts a batch. A batch still open from before is dropped.
func (j *Journal) Begin() *Batch {
	j.open = &Batch{j: j, logs: map[string]*growing{}}
	return j.open
}

// Len counts the entries in the batch.
func (b *Batch) Len() int { return len(b.recs) }

// Add gives a draft its place in a log, which it begins if there is none of that
// name. Nothing is written yet. It answers ErrDuplicate, with the record, if the
// id is in the log or in the batch; ErrSealed; a *Wrong where the log is not what
// was signed; or why this cannot be an entry.
func (b *Batch) Add(log string, d Draft) (Record, error) {
	if b.j.open != b {
		return Record{}, ErrBatch
	}
	if r, found, err := b.Find(log, d.ID); err != nil || found {
		if found {
			err = fmt.Errorf("%w: %s", ErrDuplicate, d.ID)
		}
		return r, err
	}
	g, err := b.growing(log)
	var a added
	if err == nil {
		a, err = b.make(g, d)
	}
	if err != nil {
		return Record{}, fmt.Errorf("adding %s to log %s: %w", d.Kind, log, err)
	}
	b.keep(a)
	return a.Record, nil
}

func (b *Batch) growing(log string) (*growing, error) {
	if g := b.logs[log]; g != nil {
		return g, nil
	}
	t, err := b.j.wake(context.Background(), log)
	if err != nil {
		return nil, err
	}
	g := &growing{tree: t, ids: map[string]int{}}
	if g.tree == nil {
		g.tree, g.fresh = newTree(0, log), true
	}
	g.size, g.sealed = g.tree.size, g.tree.sealed
	return g, nil
}

// make computes the entry; it changes nothing.
func (b *Batch) make(g *growing, d Draft) (added, error) {
	if g.sealed {
		return added{}, ErrSealed
	}
	r := Record{Entry: Entry{V: Version, Log: g.tree.name, Seq: g.size, ID: d.ID, Kind: d.Kind,
		At: d.At.UTC().Truncate(time.Millisecond), By: d.By, Seat: d.Seat, Refs: d.Refs, Hold: d.Hold, Data: d.Data}}
	if err := r.check(); err != nil {
		return added{}, err
	}
	if len(d.Body) > MaxBody {
		return added{}, ErrBody
	}
	if len(d.Body) > 0 {
		r.Salt, r.Body = make([]byte, 32), d.Body
		rand.Read(r.Salt)
		r.Detail = detail(r.Salt, r.Body)
	}
	r.Data = appendData(make([]byte, 0, len(d.Data)+2), d.Data)
	line := r.Line()
	if len(line) > MaxLine {
		return added{}, ErrTooLong
	}
	r.Leaf = tlog.RecordHash(line)
	return added{r, line, g}, b.understand(r.Entry)
}

// detail is the hash that stands in an entry for its body.
func detail(salt, body []byte) string {
	h := sha256.New()
	h.Write(salt)
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

func (b *Batch) keep(a added) {
	a.log.ids[a.ID] = len(b.recs)
	a.log.size++
	a.log.sealed = a.Kind == RecordSealed
	b.logs[a.Log] = a.log
	b.recs = append(b.recs, a)
}

// Find looks an id up in the batch and in the log.
func (b *Batch) Find(log, id string) (Record, bool, error) {
	if g := b.logs[log]; g != nil {
		if i, ok := g.ids[id]; ok {
			return b.recs[i].Record, true, nil
		}
	}
	return b.j.ByID(log, id)
}

// Mark is the place to Rewind to.
func (b *Batch) Mark() int { return len(b.recs) }

// Rewind drops what was added since the mark: what one command added before it
// was refused.
func (b *Batch) Rewind(mark int) {
	for i := len(b.recs) - 1; i >= mark; i-- {
		a := &b.recs[i]
		delete(a.log.ids, a.ID)
		a.log.size--
		a.log.sealed = false // nothing can have followed a seal
	}
	clear(b.recs[mark:])
	b.recs = b.recs[:mark]
}

// Discard drops the batch; nothing of it was written.
func (b *Batch) Discard() {
	if b.j.open == b {
		b.j.open = nil
	}
}

// Commit writes the batch in one transaction with one fsync: entries, bodies,
// tree nodes, and a signed checkpoint for each log. The batch is done afterwards,
// whatever the answer. After nil all of it is on disk; after store.ErrFull or any
// other error none of it is; after store.ErrUncertain nobody knows: answer
// nobody, and Recover.
//
// A crash in here leaves all of the batch or nothing.
func (b *Batch) Commit(ctx context.Context) error {
	if b.j.open != b {
		return ErrBatch
	}
	b.j.open = nil
	if len(b.recs) == 0 {
		return nil
	}
	p, err := b.plan()
	if err != nil {
		return fmt.Errorf("preparing a batch: %w", err)
	}
	if err := b.j.write(ctx, func(t tx) error { return p.write(ctx, t) }); err != nil {
		return fmt.Errorf("committing %d entries: %w", len(b.recs), err)
	}
	b.j.publish(p)
	return nil
}
