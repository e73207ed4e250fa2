package room

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

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
	case meeting.BallotCast, meeting.MinutesConfirmed:
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
		f.take(rec)
	}
	return f, nil
}

func (f *Folded) take(rec journal.Record) {
	if !f.Apply(EntryOf(rec)) && f.Unknown == "" {
		f.Unknown = meeting.Kind(rec.Kind)
	}
	if meeting.Kind(rec.Kind) == meeting.BallotCast {
		f.Ballots++
	}
}

// foldedHouse is the room as its log tells it.
type foldedHouse struct {
	*meeting.Room
	unknown meeting.Kind
}

// replayHouse folds the room's log.
func replayHouse(ctx context.Context, j *journal.Journal) (foldedHouse, error) {
	h := foldedHouse{Room: meeting.NewRoom()}
	for rec, err := range j.Records(ctx, journal.RoomLog, 0) {
		if err != nil {
			return h, fmt.Errorf("replaying the room's log: %w", err)
		}
		h.take(rec)
	}
	return h, nil
}

func (h *foldedHouse) take(rec journal.Record) {
	if !h.Apply(EntryOf(rec)) && h.unknown == "" {
		h.unknown = meeting.Kind(rec.Kind)
	}
}

// load reads the journal and publishes what it says. Opening a room and going on
// after an uncertain commit are this same path.
func (r *Room) load(ctx context.Context) error {
	house, present := r.reading.take()
	r.reading = nil
	var err error
	if house.Room == nil {
		if house, err = replayHouse(ctx, r.journal); err != nil {
			return err
		}
	}
	present, past, err := r.replaySessions(ctx, present)
	if err != nil {
		return err
	}
	ended := newer(house.unknown, present.Unknown)
	if ended != nil {
		r.log.Error("the journal is newer than this program", "room", house.unknown, "session", present.Unknown)
	}
	r.show(func(s *Snapshot) {
		s.Session, s.House, s.past, s.closed, s.Ended = present.Session, house.Room, past, nil, ended
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

// replaySessions folds the session in the room; of those before it only their
// names are taken. The journal lists logs as they were begun: the last is the one
// in the room. (Their ids carry a clock that may have jumped and order nothing.) What
// has been read already is not read again.
func (r *Room) replaySessions(ctx context.Context, read Folded) (present Folded, past []bygone, err error) {
	logs := slices.DeleteFunc(r.journal.Names(), func(log string) bool { return log == journal.RoomLog })
	if len(logs) == 0 {
		return Folded{Session: meeting.NewSession()}, nil, nil
	}
	last := len(logs) - 1
	for _, log := range logs[:last] {
		past = append(past, bygone{id: meeting.SessionID(log), brief: sync.OnceValue(func() SessionInfo { return r.brief(log) })})
	}
	if read.Session != nil {
		return read, past, nil
	}
	present, err = Replay(ctx, r.journal, logs[last])
	return present, past, err
}

// brief reads a session that has left the room as far as its opening: there its
// header was frozen. Whether its record is sealed the journal knows, and whether it is
// still what was signed: nothing is read of one that is not.
func (r *Room) brief(log string) SessionInfo {
	l, _ := r.journal.Log(log)
	if wrong, ok := errors.AsType[*journal.Wrong](l.Err); ok {
		return SessionInfo{ID: meeting.SessionID(log), wrong: wrong}
	}
	s := meeting.NewSession()
	for rec, err := range r.journal.Records(context.Background(), log, 0) {
		if err != nil {
			r.log.Error("reading the head of an earlier session", "session", log, "err", err)
			break
		}
		s.Apply(EntryOf(rec))
		if meeting.Kind(rec.Kind) == meeting.SessionOpened {
			break
		}
	}
	info := infoOf(s)
	info.ID, info.Phase = meeting.SessionID(log), meeting.Closed
	if l.Sealed {
		info.Phase = meeting.Sealed
	}
	return info
}

// Record is a session of this room as its log tells it, for its record page:
// the one in the room as published, an earlier one replayed.
func (r *Room) Record(ctx context.Context, id meeting.SessionID) (*meeting.Session, error) {
	s := r.State()
	if s.Session.ID() == id && id != "" {
		return s.Session, nil
	}
	known := slices.ContainsFunc(s.past, func(b bygone) bool { return b.id == id })
	if !known {
		return nil, meeting.NoSession
	}
	f, err := Replay(ctx, r.journal, string(id))
	if err != nil {
		return nil, &Fault{err}
	}
	return f.Session, nil
}

// Session is any session of this room: the one in it, an earlier one that has been
// worked on since, or one replayed from its log. meeting.NoSession where there is
// none.
func (r *Room) Session(ctx context.Context, id meeting.SessionID) (*meeting.Session, error) {
	if s := r.State().Closed(id); s != nil {
		return s, nil
	}
	return r.Record(ctx, id)
}

// Root is how far a session's log has come on disk, and the root of its tree.
func (r *Room) Root(id meeting.SessionID) (entries int64, root string, ok bool) {
	l, ok := r.journal.Log(string(id))
	if !ok || l.Err != nil {
		return 0, "", false
	}
	return l.Size, l.Root.String(), true
}
