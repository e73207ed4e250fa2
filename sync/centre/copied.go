package centre

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/sync/letters"
)

// copied is one room's journal as the centre holds it. mu keeps receiving and
// countersigning of one room in order; reading needs no lock.
type copied struct {
	Room
	journal *journal.Journal
	mu      sync.Mutex
	signed  map[string]Receipt // by log
	refs    map[string]int64   // how far the documents of a log were looked for
}

// copyOf opens a room's copy, once.
func (z *Centre) copyOf(ctx context.Context, r Room) (*copied, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if c := z.rooms[r.ID]; c != nil {
		return c, nil
	}
	j, err := journal.Open(ctx, journal.Config{Path: filepath.Join(z.Dir, "rooms", r.ID, "journal.db"), Copy: true})
	if err != nil {
		return nil, fmt.Errorf("opening the copy of room %s: %w", r.ID, err)
	}
	signed, err := z.ledger.receipts(ctx, r.ID)
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	c := &copied{Room: r, journal: j, signed: signed, refs: map[string]int64{}}
	z.rooms[r.ID] = c
	return c, nil
}

// heads is what the centre holds of the room: the answer to "what is new?".
func (z *Centre) heads(ctx context.Context, r Room) (letters.Heads, error) {
	c, err := z.copyOf(ctx, r)
	if err != nil {
		return letters.Heads{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	h := letters.Heads{Logs: map[string]letters.Head{}, Cleared: r.Cleared}
	for _, l := range c.journal.Logs() {
		h.Logs[l.Name] = c.head(l)
	}
	return h, nil
}

func (c *copied) head(l journal.Log) letters.Head {
	return letters.Head{Size: l.Size, Root: hex.EncodeToString(l.Root[:]), Signed: l.Signed, Receipt: string(c.signed[l.Name].Note)}
}

// receive takes a delivery and answers with what is held then. The receipt is
// new as soon as all of the log and its papers are here.
func (z *Centre) receive(ctx context.Context, r Room, d journal.Delivery) (letters.Head, error) {
	c, err := z.copyOf(ctx, r)
	if err != nil {
		return letters.Head{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if d.Log == journal.RoomLog && c.journal.Room() == "" {
		if err := founds(r, d); err != nil {
			return letters.Head{}, err
		}
	}
	l, err := c.journal.Receive(ctx, d, journal.Consent{NewEpoch: r.Epoch > len(c.journal.PublicKeys())})
	if err != nil {
		return letters.Head{}, err
	}
	if err := z.countersign(ctx, c, l); err != nil {
		return letters.Head{}, err
	}
	return c.head(l), nil
}

// errForeign: what was sent is another room's.
var errForeign = errors.New("it is the log of another room")

// founds makes sure that the first log to come is that of the room that paired:
// its id is the hash of the key in it.
func founds(r Room, d journal.Delivery) error {
	if len(d.Checkpoints) == 0 {
		return journal.ErrUnsigned
	}
	o, err := journal.CheckpointOrigin(d.Checkpoints[0])
	if err != nil {
		return err
	}
	if o.Room != r.ID || o.Prefix != r.Prefix {
		return fmt.Errorf("%w: %s/%s, not %s/%s", errForeign, o.Prefix, o.Room, r.Prefix, r.ID)
	}
	return nil
}

// countersign gives the receipt when a log is whole and its papers are here. c.mu
// is held. A crash before it is kept costs nothing: the next request gives it.
func (z *Centre) countersign(ctx context.Context, c *copied, l journal.Log) error {
	if l.Size == 0 || l.Size != l.Signed || c.signed[l.Name].Size == l.Size && l.Epoch == epochOf(c.signed[l.Name].Note) {
		return nil
	}
	if lacks, err := z.lacks(ctx, c, l); err != nil || lacks {
		return err
	}
	checkpoint, err := c.journal.Checkpoint(l.Name)
	if err != nil {
		return err
	}
	note, err := z.cosigner.Cosign(checkpoint, z.Now())
	if err != nil {
		return err
	}
	receipt := Receipt{l.Name, l.Size, z.Now().UTC(), note}
	if err := z.ledger.keep(ctx, c.ID, receipt); err != nil {
		return err
	}
	c.signed[l.Name] = receipt
	return nil
}

func epochOf(note []byte) int {
	o, err := journal.CheckpointOrigin(note)
	if err != nil {
		return 0
	}
	return o.Epoch
}

// lacks tells whether a document is missing that an entry names. What is held
// back from this centre is not missed, nor are page images, which can be drawn
// again from their paper.
func (z *Centre) lacks(ctx context.Context, c *copied, l journal.Log) (bool, error) {
	for e, err := range c.journal.Named(ctx, l.Name, c.refs[l.Name]) {
		if err != nil {
			return false, err
		}
		if !e.Hold && meeting.Kind(e.Kind) != meeting.PagesDrawn && !z.all(e.Refs) {
			return true, nil
		}
		c.refs[l.Name] = e.Seq + 1
	}
	c.refs[l.Name] = l.Size
	return false, nil
}

func (z *Centre) all(refs []string) bool {
	for _, ref := range refs {
		if !z.documents.Has(documents.Ref(ref)) {
			return false
		}
	}
	return true
}

// settle gives receipts that waited for a document.
func (z *Centre) settle(ctx context.Context, r Room) error {
	c, err := z.copyOf(ctx, r)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.journal.Logs() {
		if err := z.countersign(ctx, c, l); err != nil {
			return err
		}
	}
	return nil
}
