package courier

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"

	"phonghop/journal"
	"phonghop/sync/letters"
)

// entries sends what the centre lacks of a log, portion by portion.
func (c *Courier) entries(ctx context.Context, l journal.Log, head letters.Head, cleared bool) error {
	from, err := c.from(ctx, l, head)
	if err != nil {
		return err
	}
	for {
		d, err := c.Journal.Deliver(ctx, l.Name, from, journal.Portion{Entries: entriesAtOnce, Bytes: bytesAtOnce, Cleared: cleared})
		if err != nil {
			return err
		}
		if head, err = c.send(ctx, d); err != nil {
			return fmt.Errorf("sending entries %d to %d of log %s: %w", from, d.End()-1, l.Name, err)
		}
		from = d.End()
		c.p.send(l.Name, from)
		c.tell()
		if from >= l.Size || len(d.Entries) == 0 {
			break
		}
	}
	if c.confirmed(ctx, journal.Log{Name: l.Name, Size: from, Epoch: l.Epoch}, head) {
		return nil
	}
	return fmt.Errorf("log %s is at the centre and has no receipt: a paper it names is missing there", l.Name)
}

// from is the first entry to send: after what the centre has, or, where this box
// was restored, after the last one both have.
func (c *Courier) from(ctx context.Context, l journal.Log, head letters.Head) (int64, error) {
	if head.Size == 0 || c.anew {
		return 0, nil
	}
	if head.Size <= l.Size {
		same, err := c.sameAt(ctx, l.Name, head.Size, head.Root)
		if err != nil || same {
			return head.Size, err
		}
	}
	return c.common(ctx, l.Name, min(head.Size, l.Size))
}

func (c *Courier) send(ctx context.Context, d journal.Delivery) (head letters.Head, err error) {
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		return head, err
	}
	return head, c.line.ask(ctx, http.MethodPost, c.path("logs/"+d.Log), &b, &head)
}

func (c *Courier) sameAt(ctx context.Context, log string, size int64, root string) (bool, error) {
	ours, err := c.Journal.RootAt(ctx, log, size)
	return hex.EncodeToString(ours[:]) == root, err
}

// common is how many entries both have, found by halving: a dozen questions for
// ten thousand entries.
func (c *Courier) common(ctx context.Context, log string, most int64) (int64, error) {
	low, high := int64(0), most // low is common; high may not be
	for low < high {
		middle := (low + high + 1) / 2
		var theirs letters.Root
		if err := c.line.ask(ctx, http.MethodGet, c.path("logs/"+log+"/roots/"+strconv.FormatInt(middle, 10)), nil, &theirs); err != nil {
			return 0, fmt.Errorf("looking for the first entry that differs: %w", err)
		}
		same, err := c.sameAt(ctx, log, middle, theirs.Root)
		if err != nil {
			return 0, err
		}
		if same {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low, nil
}

// fork names the first entry in which the box and the centre differ.
func (c *Courier) fork(ctx context.Context, log string, most int64) error {
	first, err := c.common(ctx, log, most)
	if err != nil {
		return err
	}
	return &letters.Refusal{
		Name: letters.Fork, Log: log, Entry: first,
		Message: "Nội dung trên máy này khác với nội dung trung tâm đã nhận. Không bên nào bị ghi đè. Hãy giữ nguyên máy và báo người quản trị.",
	}
}
