package powercut

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/store"
)

const (
	batchLog  = "session-1"
	batchSize = 10
)

// writeBatches appends Votes batches of ballots through the journal alone. It
// marks the size each batch reaches, so that half a batch cannot pass.
func (w *writer) writeBatches() error {
	if err := w.commit(w.founding()); err != nil {
		return err
	}
	for number := 1; number <= w.Votes; number++ {
		if err := w.askFor(number); err != nil {
			return err
		}
		if err := w.commit(w.ballots(number)); err != nil {
			return fmt.Errorf("batch %d: %w", number, err)
		}
	}
	return nil
}

// drafts are the entries of one batch, all for one log.
type drafts struct {
	log  string
	list []journal.Draft
}

func (w *writer) founding() drafts {
	data, _ := json.Marshal(map[string]any{"name": "Phòng A2", "slug": "a2", "key": w.journal.PublicKey(), "epoch": 1})
	return drafts{journal.RoomLog, []journal.Draft{{ID: "found", Kind: journal.RoomFounded, At: time.Now(), Data: data}}}
}

func (w *writer) ballots(number int) drafts {
	d := drafts{log: batchLog}
	body, _ := json.Marshal(map[string]string{"reason": strings.Repeat("x", w.Text)})
	for i := range batchSize {
		m := string(member(i))
		data, _ := json.Marshal(map[string]any{"vote": voteNo(number), "member": m, "n": 1, "choice": "for"})
		d.list = append(d.list, journal.Draft{
			ID: fmt.Sprintf("%s/%s/1", voteNo(number), m), Kind: string(meeting.BallotCast), By: m,
			At: time.Now(), Data: data, Body: body,
		})
	}
	return d
}

// commit commits a batch, whatever it takes, and only then acknowledges it.
func (w *writer) commit(d drafts) error {
	for {
		records, err := w.try(d)
		switch {
		case err == nil:
			return w.acknowledge(records)
		case errors.Is(err, store.ErrFull):
			err = w.makeRoom(d)
		case errors.Is(err, store.ErrUncertain):
			err = w.mark(mark{What: commitError, ID: err.Error()})
			err = errors.Join(err, w.journal.Recover(context.Background()))
		}
		if err != nil {
			return err
		}
	}
}

// try writes the entries of a batch that are not in the log yet.
func (w *writer) try(d drafts) ([]journal.Record, error) {
	b := w.journal.Begin()
	defer b.Discard()
	records := make([]journal.Record, 0, len(d.list))
	for _, draft := range d.list {
		rec, found, err := b.Find(d.log, draft.ID)
		if err == nil && !found {
			rec, err = b.Add(d.log, draft)
		}
		if err != nil {
			return nil, err
		}
		records = append(records, rec)
	}
	if b.Len() == 0 {
		return records, nil
	}
	return records, b.Commit(context.Background())
}

func (w *writer) acknowledge(records []journal.Record) error {
	size := records[len(records)-1].Seq + 1
	for _, r := range records {
		m := mark{What: kept, Log: r.Log, Entry: r.Seq, ID: r.ID, Code: journal.BallotCode(r.Leaf), Size: size}
		if err := w.mark(m); err != nil {
			return err
		}
	}
	return nil
}

// makeRoom is what a full disk asks for: what was there is still there, nothing
// of the batch is, and once there is space writing goes on.
func (w *writer) makeRoom(d drafts) error {
	if err := w.mark(mark{What: full}); err != nil {
		return err
	}
	if _, err := w.journal.Verify(context.Background()); err != nil {
		return fmt.Errorf("verifying on a full disk: %w", err)
	}
	for _, draft := range d.list {
		if _, found, err := w.journal.ByID(d.log, draft.ID); err != nil || found {
			return fmt.Errorf("entry %s of a batch that found no room is there: %v, %v", draft.ID, found, err)
		}
	}
	return w.ask(control{})
}
