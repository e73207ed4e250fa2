package room

import (
	"context"
	"slices"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
)

// doEarlier carries out a command on a session that has left the room: its
// minutes, its files and tasks go on until it is sealed.
func (d *desk) doEarlier(c Command) (Answer, error) {
	log := string(c.Session)
	if found, err := d.standing(log, c.Key, c.By); found != nil || err != nil {
		return answerOf(found, false), err
	}
	session, err := d.earlier(c.Session)
	if err != nil {
		return Answer{}, err
	}
	at := d.time()
	events, err := d.decided(func() ([]meeting.Event, error) {
		return c.Verb(session, meeting.Act{By: c.By, At: at, Saw: c.Saw})
	})
	if err != nil || len(events) == 0 {
		return Answer{}, err
	}
	mark := d.batch.Mark()
	records, err := d.record(log, c, at, events)
	if err != nil {
		return Answer{}, err
	}
	root, err := d.pin(c, at, records)
	if err != nil {
		d.batch.Rewind(mark)
		return Answer{}, err
	}
	d.applyEarlier(session, records)
	if root != nil {
		d.house.Apply(EntryOf(*root))
	}
	return answerOf(&records[0], true), nil
}

// earlier is a working copy of an earlier session. One nobody has asked for since
// the start is read from its log first.
func (d *desk) earlier(id meeting.SessionID) (*meeting.Session, error) {
	if i := d.closedAt(id); i >= 0 {
		return d.closed[i].Fork(), nil
	}
	if !slices.ContainsFunc(d.past, func(b bygone) bool { return b.id == id }) {
		return nil, meeting.NoSession
	}
	f, err := d.replay(string(id))
	if err != nil {
		return nil, &Fault{err}
	}
	if f.Unknown != "" {
		return nil, newer(f.Unknown)
	}
	return f.Session, nil
}

func (d *desk) closedAt(id meeting.SessionID) int {
	return slices.IndexFunc(d.closed, func(s *meeting.Session) bool { return s.ID() == id })
}

func (d *desk) applyEarlier(s *meeting.Session, records []journal.Record) {
	for _, rec := range records {
		s.Apply(EntryOf(rec))
		d.leaves[rec.Log] = append(d.leaves[rec.Log], rec.Leaf)
	}
	d.touched = true
	d.closed = slices.Clone(d.closed)
	if i := d.closedAt(s.ID()); i >= 0 {
		d.closed[i] = s
	} else {
		d.closed = append(d.closed, s)
	}
	if s.Phase() == meeting.Sealed {
		d.past = slices.Clone(d.past)
		for i := range d.past {
			if d.past[i].id == s.ID() {
				d.past[i].sealed = true
			}
		}
	}
}

// sealEvery is how often the room looks for records to seal by itself.
const sealEvery = 24 * time.Hour

// sealOld seals what has been locked for 30 days: shortly after the start, and
// once a day. It asks as everybody does.
func (r *Room) sealOld() {
	wait := time.NewTimer(time.Minute)
	defer wait.Stop()
	for {
		select {
		case <-r.stop:
			return
		case <-wait.C:
		}
		wait.Reset(sealEvery)
		r.sealDue(context.Background())
	}
}

func (r *Room) sealDue(ctx context.Context) {
	for _, info := range r.Sessions() {
		select {
		case <-r.stop:
			return
		default:
		}
		if info.Phase != meeting.Closed {
			continue
		}
		s, err := r.Session(ctx, info.ID)
		if err != nil || !s.SealDue(r.now()) {
			continue
		}
		_, err = r.Do(ctx, Command{Key: "seal/" + string(info.ID), Session: info.ID, Saw: -1,
			Verb: func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.SealRecord(a) }})
		if err != nil {
			r.log.Error("sealing a record 30 days after its minutes were locked", "session", info.ID, "err", err)
		}
	}
}
