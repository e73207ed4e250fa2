package room

import (
	"context"
	"fmt"
	"slices"

	"phonghop/journal"
	"phonghop/meeting"
)

// EntryOf is a journal record as meeting reads it.
func EntryOf(rec journal.Record) meeting.Entry {
	e := meeting.Entry{
		Seq: rec.Seq, ID: rec.ID, Kind: meeting.Kind(rec.Kind), At: rec.At, By: meeting.PersonID(rec.By),
		Seat: rec.Seat, Refs: rec.Refs, Data: rec.Data, Body: rec.Body, Detail: rec.Detail, Hold: rec.Hold,
	}
	switch e.Kind {
	case meeting.BallotCast:
		e.Code = journal.BallotCode(rec.Leaf)
	case meeting.VoteClosed:
		e.Code = journal.ResultCode(rec.Leaf)
	}
	return e
}

// Folded is a session as its log tells it.
type Folded struct {
	*meeting.Session
	Ballots int64 // entries of kind BallotCast
	Unknown meeting.Kind
}

// Replay folds a session's log. Unknown names the first kind this program does
// not know; a room stops there, a centre goes on.
func Replay(ctx context.Context, j *journal.Journal, log string) (Folded, error) {
	f := Folded{Session: meeting.NewSession()}
	for rec, err := range j.Records(ctx, log, 0) {
		if err != nil {
			return Folded{}, fmt.Errorf("replaying %s: %w", log, err)
		}
		if !f.Apply(EntryOf(rec)) && f.Unknown == "" {
			f.Unknown = meeting.Kind(rec.Kind)
		}
		if meeting.Kind(rec.Kind) == meeting.BallotCast {
			f.Ballots++
		}
	}
	return f, nil
}

// replayHouse folds the room's log.
func replayHouse(ctx context.Context, j *journal.Journal) (house *meeting.Room, unknown meeting.Kind, err error) {
	house = meeting.NewRoom()
	for rec, err := range j.Records(ctx, journal.RoomLog, 0) {
		if err != nil {
			return nil, "", fmt.Errorf("replaying the room's log: %w", err)
		}
		if !house.Apply(EntryOf(rec)) && unknown == "" {
			unknown = meeting.Kind(rec.Kind)
		}
	}
	return house, unknown, nil
}

// load reads the journal and publishes what it says. Opening a room and going on
// after an uncertain commit are this same path.
func (r *Room) load(ctx context.Context) error {
	house, unknown, err := replayHouse(ctx, r.journal)
	if err != nil {
		return err
	}
	present := Folded{Session: meeting.NewSession()}
	var past []SessionInfo
	for _, log := range sessionLogs(r.journal.Logs()) {
		if present.Phase() != meeting.Nothing {
			past = append(past, infoOf(present.Session))
		}
		if present, err = Replay(ctx, r.journal, log); err != nil {
			return err
		}
	}
	ended := newer(unknown, present.Unknown)
	if ended != nil {
		r.log.Error("the journal is newer than this program", "room", unknown, "session", present.Unknown)
	}
	r.show(func(s *Snapshot) {
		s.Session, s.House, s.past, s.Ended = present.Session, house, past, ended
		s.Journal = present.Size() + house.Size()
		s.Acts = s.Journal - present.Ballots
	})
	return nil
}

func newer(kinds ...meeting.Kind) error {
	for _, k := range kinds {
		if k != "" {
			return fmt.Errorf("%w: %s", ErrNewer, k)
		}
	}
	return nil
}

// sessionLogs names the logs of sessions, in the order in which they came into
// the room: the last is the one in it. Their ids carry a clock that may have
// jumped and order nothing.
func sessionLogs(logs []journal.Log) []string {
	var names []string
	for _, l := range logs {
		if l.Name != journal.RoomLog && l.Size > 0 {
			names = append(names, l.Name)
		}
	}
	return names
}

// Record is a session of this room as its log tells it, for its record page:
// the one in the room as published, an earlier one replayed.
func (r *Room) Record(ctx context.Context, id meeting.SessionID) (*meeting.Session, error) {
	s := r.State()
	if s.Session.ID() == id && id != "" {
		return s.Session, nil
	}
	known := slices.ContainsFunc(s.past, func(i SessionInfo) bool { return i.ID == id })
	if !known {
		return nil, meeting.NoSession
	}
	f, err := Replay(ctx, r.journal, string(id))
	if err != nil {
		return nil, &Fault{err}
	}
	return f.Session, nil
}
