package room

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"phonghop/journal"
	"phonghop/meeting"
)

// ending are the kinds taken while the disk is full: they end what is open.
var ending = []meeting.Kind{
	meeting.VoteClosed, meeting.FloorYielded, meeting.ItemClosed, meeting.SessionClosed, meeting.RecordSealed,
}

// pinning are the kinds after which the room's own log keeps the session's root.
var pinning = []meeting.Kind{meeting.SessionClosed, meeting.MinutesLocked, meeting.RecordSealed}

// standing answers a repeated key from the log.
func (d *desk) standing(log, key string, by meeting.PersonID) (*journal.Record, error) {
	if key == "" || log == "" {
		return nil, nil
	}
	rec, found, err := d.batch.Find(log, key)
	switch {
	case err != nil:
		return nil, &Fault{fmt.Errorf("looking for key %q: %w", key, err)}
	case !found:
		return nil, nil
	case rec.By != string(by):
		return nil, meeting.KeyOfAnother
	}
	return &rec, nil
}

// decided runs a verb. A verb that panics is a fault of its command alone: it
// has changed nothing, and the room must not stop for it.
func (d *desk) decided(verb func() ([]meeting.Event, error)) (events []meeting.Event, err error) {
	defer func() {
		if what := recover(); what != nil {
			d.fault("a verb panicked", "panic", what, "stack", string(debug.Stack()))
			events, err = nil, &Fault{fmt.Errorf("deciding: %v", what)}
		}
	}()
	events, err = verb()
	if err == nil && d.full && !endsOnly(events) {
		return nil, ErrFull
	}
	return events, err
}

func endsOnly(events []meeting.Event) bool {
	return !slices.ContainsFunc(events, func(e meeting.Event) bool { return !slices.Contains(ending, e.Kind) })
}

// take records and applies a command on the session in the room; what ends the
// sitting or its record is pinned in the room's log by the same batch.
func (d *desk) take(c Command, at time.Time, events []meeting.Event) (Answer, error) {
	mark := d.batch.Mark()
	records, err := d.record(string(d.session.ID()), c, at, events)
	if err != nil {
		return Answer{}, err
	}
	root, err := d.pin(c, at, records)
	if err != nil {
		d.batch.Rewind(mark)
		return Answer{}, err
	}
	d.apply(records)
	if root != nil {
		d.house.Apply(EntryOf(*root))
	}
	return answerOf(&records[0], true), nil
}

// apply folds recorded entries into the session.
func (d *desk) apply(records []journal.Record) {
	for _, rec := range records {
		d.session.Apply(EntryOf(rec))
		d.leaves[rec.Log] = append(d.leaves[rec.Log], rec.Leaf)
		if meeting.Kind(rec.Kind) == meeting.BallotCast {
			d.ballots++
		}
	}
}

// record adds a command's entries to the batch, all of them or none.
func (d *desk) record(log string, c Command, at time.Time, events []meeting.Event) ([]journal.Record, error) {
	if log == "" {
		return nil, &Fault{errors.New("recording without a log")}
	}
	key := c.Key
	if key == "" {
		key = rand.Text()
	}
	mark := d.batch.Mark()
	records := make([]journal.Record, 0, len(events))
	for i, e := range events {
		rec, err := d.add(log, numbered(key, i), c, at, e)
		if err != nil {
			d.batch.Rewind(mark)
			return nil, &Fault{fmt.Errorf("recording %s: %w", e.Kind, err)}
		}
		records = append(records, rec)
	}
	return records, nil
}

// numbered is the id of a command's entry: KEY, KEY/2, KEY/3.
func numbered(key string, i int) string {
	if i == 0 {
		return key
	}
	return key + "/" + strconv.Itoa(i+1)
}

func (d *desk) add(log, id string, c Command, at time.Time, e meeting.Event) (journal.Record, error) {
	if e.ID != "" {
		id = e.ID // a ballot's: VOTE/MEMBER/n
	}
	data, err := encode(e.Data)
	if err != nil {
		return journal.Record{}, err
	}
	draft := journal.Draft{
		ID: id, Kind: string(e.Kind), By: string(c.By), Seat: c.Seat, At: at,
		Refs: e.Refs, Hold: e.Hold, Data: data,
	}
	if e.Detail != nil {
		if draft.Body, err = encode(e.Detail); err != nil {
			return journal.Record{}, err
		}
	}
	return d.batch.Add(log, draft)
}

// encode writes JSON as the journal keeps it: Vietnamese and signs as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// pin writes the session's root into the room's log where the records end the
// sitting, lock its minutes or seal its record.
func (d *desk) pin(c Command, at time.Time, records []journal.Record) (*journal.Record, error) {
	ends := slices.ContainsFunc(records, func(r journal.Record) bool {
		return slices.Contains(pinning, meeting.Kind(r.Kind))
	})
	if !ends {
		return nil, nil
	}
	log := records[0].Log
	size, root, err := d.root(log, records)
	if err != nil {
		return nil, &Fault{fmt.Errorf("the root of %s: %w", log, err)}
	}
	id := numbered(records[0].ID, len(records))
	said := meeting.Root(meeting.SessionID(log), size, hex.EncodeToString(root[:]))
	rec, err := d.add(journal.RoomLog, id, c, at, said)
	if err != nil {
		return nil, &Fault{fmt.Errorf("recording %s: %w", meeting.SessionRoot, err)}
	}
	return &rec, nil
}

// root is the RFC 6962 root of a log as these records, not yet written, leave
// it. It reads the whole log: sessions end once.
func (d *desk) root(log string, records []journal.Record) (int64, tlog.Hash, error) {
	var leaves []tlog.Hash
	for rec, err := range d.log(context.Background(), log, 0) {
		if err != nil {
			return 0, tlog.Hash{}, err
		}
		leaves = append(leaves, rec.Leaf)
	}
	leaves = append(leaves, d.leaves[log]...)
	for _, rec := range records {
		leaves = append(leaves, rec.Leaf)
	}
	return int64(len(leaves)), TreeRoot(leaves), nil
}

// TreeRoot is the RFC 6962 root of at least one leaf: the tree splits at the
// largest power of two below their number.
func TreeRoot(leaves []tlog.Hash) tlog.Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1 << (bits.Len(uint(len(leaves)-1)) - 1)
	return tlog.NodeHash(TreeRoot(leaves[:k]), TreeRoot(leaves[k:]))
}

// time is the wall clock as entries carry it. It may jump; nothing rests on it.
func (d *desk) time() time.Time { return d.now().UTC().Truncate(time.Millisecond) }

func answerOf(rec *journal.Record, fresh bool) Answer {
	if rec == nil {
		return Answer{}
	}
	return Answer{Entry: EntryOf(*rec), Fresh: fresh}
}

// over tells whether a session has left the room.
func over(p meeting.Phase) bool {
	return p == meeting.Nothing || p == meeting.Closed || p == meeting.Sealed
}
