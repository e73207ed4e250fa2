// Package courier brings what happened in the room to the centre, and comes back
// with a receipt for it.
//
// It asks the centre what it has (one request, which is all there is when nothing
// is new), sends the papers it lacks, then the entries after the ones it has, and
// keeps the centre's countersignature: the receipt. Nothing is remembered of what
// was sent, so nothing can be remembered wrongly; cut off anywhere and run again,
// it goes on where the centre says it stands. It reads the room's journal and
// never writes to it.
package courier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/sync/letters"
)

// Config is what a courier carries, and where to.
type Config struct {
	Journal   *journal.Journal
	Documents *documents.Store
	Receipts  *Receipts
	Name      string // of the room, for people
	Prefix    string // of its origins
	Log       *slog.Logger
	Now       func() time.Time
	Rate      int64             // bytes a second at most; 0 no limit
	Transport http.RoundTripper // nil: the usual one, pinned to the centre's certificate
	Told      func(Progress)    // called often, from one goroutine; may be nil
	Settled   <-chan struct{}   // closed when going by itself may begin; nil: at once
}

// What one request carries. A line that breaks loses at most one of these.
const (
	entriesAtOnce = 4000
	bytesAtOnce   = 4 << 20
	pieceMost     = 8 << 20
)

// The ways in which an errand ends unfinished. Refusals of the centre are a
// *letters.Refusal; anything else is the line.
var (
	// ErrUnpaired: no centre is known yet.
	ErrUnpaired = errors.New("courier: no centre is paired")
	// ErrAhead: the centre holds more of a log than this box: an older copy of
	// journal.db is in use here.
	ErrAhead = errors.New("courier: the centre holds more than this box")
	// ErrLost: a paper an entry names is not on this box any more.
	ErrLost = errors.New("courier: a paper is missing on this box")
)

// Ahead says of which log the centre holds more.
type Ahead struct {
	Log        string
	Here, Held int64
}

func (a *Ahead) Error() string {
	return fmt.Sprintf("courier: the centre holds %d entries of log %s, this box %d", a.Held, a.Log, a.Here)
}
func (a *Ahead) Unwrap() error { return ErrAhead }

// Courier does one errand at a time.
type Courier struct {
	Config
	centre Centre
	line   *line
	p      Progress
	began  time.Time
	anew   bool // the centre was cleared since: what was held back follows
}

// New makes a courier. It reads from the receipts which centre to go to.
func New(ctx context.Context, c Config) (*Courier, error) {
	centre, err := c.Receipts.Centre(ctx)
	if err != nil {
		return nil, err
	}
	return &Courier{Config: c, centre: centre, line: newLine(centre, c.Transport, c.Rate)}, nil
}

// Deliver brings everything to the centre and keeps the receipts. Running it
// twice changes nothing. What was confirmed before an error stays confirmed.
func (c *Courier) Deliver(ctx context.Context) (Progress, error) {
	c.began = c.Now()
	heads, err := c.heads(ctx)
	if err != nil {
		return c.p, err
	}
	was, err := c.Receipts.cleared(ctx)
	if err != nil {
		return c.p, err
	}
	c.anew = heads.Cleared && !was
	logs := c.roomFirst()
	if err := c.survey(ctx, logs, heads); err != nil {
		return c.p, err
	}
	for _, l := range logs {
		if err := c.log(ctx, l, heads.Logs[l.Name], heads.Cleared); err != nil {
			return c.p, err
		}
	}
	if heads.Cleared != was {
		if err := c.Receipts.setCleared(ctx, heads.Cleared); err != nil {
			return c.p, err
		}
	}
	return c.p, nil
}

// roomFirst: its log names the keys of all others.
func (c *Courier) roomFirst() []journal.Log {
	logs := c.Journal.Logs()
	slices.SortStableFunc(logs, func(a, b journal.Log) int {
		switch {
		case a.Name == journal.RoomLog && b.Name != journal.RoomLog:
			return -1
		case b.Name == journal.RoomLog && a.Name != journal.RoomLog:
			return 1
		}
		return 0
	})
	return logs
}

func (c *Courier) heads(ctx context.Context) (letters.Heads, error) {
	var h letters.Heads
	if err := c.line.ask(ctx, http.MethodGet, c.path("heads"), nil, &h); err != nil {
		return h, fmt.Errorf("asking the centre what it has: %w", err)
	}
	return h, nil
}

func (c *Courier) path(rest string) string { return "/api/rooms/" + c.Journal.Room() + "/" + rest }

// log delivers one log: its papers, then its entries.
func (c *Courier) log(ctx context.Context, l journal.Log, head letters.Head, cleared bool) error {
	if l.Size == 0 {
		return nil
	}
	if err := c.compare(ctx, l, head); err != nil {
		return err
	}
	if !c.anew && c.confirmed(ctx, l, head) {
		return nil
	}
	if err := c.papers(ctx, l, cleared); err != nil {
		return err
	}
	return c.entries(ctx, l, head, cleared)
}

// confirmed keeps the receipt the centre already had for us.
func (c *Courier) confirmed(ctx context.Context, l journal.Log, head letters.Head) bool {
	if head.Size != l.Size || head.Receipt == "" {
		return false
	}
	o, size, at, err := journal.CheckCosigned([]byte(head.Receipt), c.centre.Cosigner)
	if err != nil || o.Log != l.Name || size != l.Size || o.Epoch != l.Epoch {
		return false
	}
	if err := c.Receipts.keep(ctx, Receipt{l.Name, size, at, []byte(head.Receipt)}); err != nil {
		c.Log.Warn("keeping a receipt", "log", l.Name, "err", err)
	}
	c.p.confirm(l.Name, size, at)
	c.tell()
	return true
}

// compare makes sure that what the centre has is the beginning of what is here.
func (c *Courier) compare(ctx context.Context, l journal.Log, head letters.Head) error {
	if head.Size == 0 {
		return nil
	}
	if head.Size > l.Size {
		if c.restored(ctx, l) {
			return nil // the centre sets the old tail aside
		}
		return &Ahead{l.Name, l.Size, head.Size}
	}
	same, err := c.sameAt(ctx, l.Name, head.Size, head.Root)
	if err != nil || same || c.restored(ctx, l) {
		return err
	}
	return c.fork(ctx, l.Name, head.Size)
}

// restored tells whether this log has begun an epoch the centre has not heard of.
func (c *Courier) restored(ctx context.Context, l journal.Log) bool {
	r, err := c.Receipts.Of(ctx, l.Name)
	if err != nil || r.Note == nil {
		return l.Epoch > 1
	}
	o, err := journal.CheckpointOrigin(r.Note)
	return err == nil && l.Epoch > o.Epoch
}
