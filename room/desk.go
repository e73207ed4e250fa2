package room

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"phonghop/journal"
	"phonghop/meeting"
)

// desk is the working copy of one batch: the state after the commands decided so
// far, and the entries they want written. Owned by run; thrown away if the
// commit fails.
//
// A command touches it in three steps: decide (the verb changes nothing), record
// (into the batch, taken back whole if any entry does not fit), apply. A refused
// or failed command stops before the third, so there is nothing to undo.
type desk struct {
	session *meeting.Session
	house   *meeting.Room
	batch   *journal.Batch
	past    []bygone
	closed  []*meeting.Session // earlier ones; a changed one is a fork of its own
	touched bool               // one of closed has changed
	replay  func(log string) (Folded, error)
	now     func() time.Time
	full    bool
	ballots int64 // BallotCast entries in the session's log
	log     func(ctx context.Context, name string, from int64) iter.Seq2[journal.Record, error]
	leaves  map[string][]tlog.Hash // of each session's entries in this batch
	fault   func(msg string, args ...any)
}

func (r *Room) newDesk() *desk {
	s := r.State()
	return &desk{
		session: s.Session.Fork(), house: s.House.Fork(), batch: r.journal.Begin(),
		past: s.past, closed: s.closed, leaves: map[string][]tlog.Hash{},
		replay: func(log string) (Folded, error) { return Replay(context.Background(), r.journal, log) },
		now:    r.now, full: s.Full, ballots: s.Journal - s.Acts,
		log: r.journal.Records, fault: r.log.Error,
	}
}

// onto puts the desk into the snapshot to publish.
func (d *desk) onto(s *Snapshot) {
	s.Session, s.House, s.past, s.closed = d.session, d.house, d.past, d.closed
	if d.touched {
		s.Present++ // whoever looks at an earlier session must hear of it
	}
	s.Journal = d.session.Size() + d.house.Size()
	s.Acts = s.Journal - d.ballots
}

func (d *desk) do(c Command) (Answer, error) {
	if c.Session != "" && c.Session != d.session.ID() {
		return d.doEarlier(c)
	}
	log := string(d.session.ID())
	if found, err := d.standing(log, c.Key, c.By); found != nil || err != nil {
		return answerOf(found, false), err
	}
	at := d.time()
	events, err := d.decided(func() ([]meeting.Event, error) {
		return c.Verb(d.session, meeting.Act{By: c.By, At: at, Saw: c.Saw})
	})
	if err != nil || len(events) == 0 {
		return Answer{}, err
	}
	return d.take(c, at, events)
}

func (d *desk) prepare(key string, by meeting.PersonID, verb Preparation) (Answer, error) {
	if found, err := d.standing(string(d.session.ID()), key, by); found != nil || err != nil {
		return answerOf(found, false), err
	}
	if !over(d.session.Phase()) {
		return Answer{}, meeting.SessionInRoom
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Answer{}, &Fault{fmt.Errorf("naming a session: %w", err)}
	}
	at := d.time()
	events, err := d.decided(func() ([]meeting.Event, error) {
		return verb(d.session, meeting.SessionID(id.String()), meeting.Act{By: by, At: at, Saw: -1})
	})
	if err != nil || len(events) == 0 {
		return Answer{}, err
	}
	events = append(events, meeting.Carry(d.session)...)
	return d.replaceSession(id.String(), Command{Key: key, By: by}, at, events)
}

// replaceSession brings a new session into the room.
func (d *desk) replaceSession(log string, c Command, at time.Time, events []meeting.Event) (Answer, error) {
	records, err := d.record(log, c, at, events)
	if err != nil {
		return Answer{}, err
	}
	if d.session.Phase() != meeting.Nothing {
		info := infoOf(d.session)
		d.past = append(slices.Clip(d.past), bygone{id: info.ID, brief: func() SessionInfo { return info }})
		d.closed = append(slices.Clip(d.closed), d.session)
	}
	d.session, d.ballots = meeting.NewSession(), 0
	d.apply(records)
	return answerOf(&records[0], true), nil
}

func (d *desk) doRoom(key string, by meeting.PersonID, verb RoomVerb) (Answer, error) {
	if found, err := d.standing(journal.RoomLog, key, by); found != nil || err != nil {
		return answerOf(found, false), err
	}
	at := d.time()
	events, err := d.decided(func() ([]meeting.Event, error) {
		return verb(d.house, meeting.Act{By: by, At: at, Saw: -1})
	})
	if err != nil || len(events) == 0 {
		return Answer{}, err
	}
	records, err := d.record(journal.RoomLog, Command{Key: key, By: by}, at, events)
	if err != nil {
		return Answer{}, err
	}
	for _, rec := range records {
		d.house.Apply(EntryOf(rec))
	}
	return answerOf(&records[0], true), nil
}
