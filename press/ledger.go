package press

import (
	"context"
	"fmt"
	"slices"

	"phonghop/meeting"
	"phonghop/room"
)

// placed is one paper of a session, and how urgent it is there.
type placed struct {
	session meeting.SessionID
	sealed  bool // its record takes nothing more
	urgency urgency
	meeting.Pages
}

// ledger is the room as the press sees it.
type ledger interface {
	papers() []placed                           // of the sessions that are not sealed; the most urgent first
	past(ctx context.Context) ([]placed, error) // of those that are
	changed() <-chan struct{}                   // closed when papers may answer otherwise
	full() bool                                 // the room has no space for its own record
	record(context.Context, placed, meeting.Drawn) error
}

// roomLedger is a real room. What it answered for a session it keeps until that
// session has changed; ballots change no papers.
type roomLedger struct {
	room *room.Room
	kept map[meeting.SessionID]kept // owned by the press's run
}

type kept struct {
	of   *meeting.Session
	acts int64
	list []placed
}

func (l *roomLedger) changed() <-chan struct{} { return l.room.State().Superseded() }
func (l *roomLedger) full() bool               { return l.room.State().Full }

func (l *roomLedger) papers() []placed {
	now := l.room.State()
	last := l.kept
	l.kept = map[meeting.SessionID]kept{}
	id := now.Session.ID()
	k, ok := last[id]
	if !ok || k.acts != now.Acts {
		k = kept{now.Session, now.Acts, ranked(now.Session)}
	}
	l.kept[id] = k
	list := slices.Clip(k.list)
	for _, s := range now.Bygone() {
		if s.ID() == id {
			continue
		}
		k, ok := last[s.ID()]
		if !ok || k.of != s {
			k = kept{of: s, list: of(s, bygone)}
		}
		l.kept[s.ID()] = k
		list = append(list, k.list...)
	}
	return list
}

// ranked lists the papers of the session in the room, those of the open item
// first.
func ranked(s *meeting.Session) []placed {
	if s.Phase() == meeting.Nothing {
		return nil
	}
	open := openItem(s)
	list := of(s, placedAt)
	for i, p := range list {
		switch {
		case p.Superseded || p.Withdrawn:
			list[i].urgency = replaced
		case p.ItemNo == open:
			list[i].urgency = inHand
		case p.ItemNo == open+1:
			list[i].urgency = upNext
		}
	}
	slices.SortStableFunc(list, func(a, b placed) int { return int(a.urgency) - int(b.urgency) })
	return list
}

// openItem is the number of the item that is open, or was last; 0 before the
// first.
func openItem(s *meeting.Session) (number int) {
	for _, it := range s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Agenda {
		if it.State == meeting.ItemOpen {
			return it.Number
		}
		if it.State == meeting.ItemDone {
			number = max(number, it.Number)
		}
	}
	return number
}

func of(s *meeting.Session, u urgency) (list []placed) {
	for _, p := range s.Drawings() {
		list = append(list, placed{session: s.ID(), sealed: s.Phase() == meeting.Sealed, urgency: u, Pages: p})
	}
	return list
}

func (l *roomLedger) past(ctx context.Context) (list []placed, err error) {
	now := l.room.State()
	for _, info := range l.room.Sessions() {
		if info.ID == now.Session.ID() || now.Closed(info.ID) != nil {
			continue
		}
		s, err := l.room.Session(ctx, info.ID)
		if err != nil {
			return list, fmt.Errorf("session %s: %w", info.ID, err)
		}
		list = append(list, of(s, bygone)...)
	}
	return list, ctx.Err()
}

// record has the room write down a run of pages. The key names the run, so a
// press that asks again after a fault is answered once.
func (l *roomLedger) record(ctx context.Context, p placed, d meeting.Drawn) error {
	_, err := l.room.Do(ctx, room.Command{
		Key: fmt.Sprintf("pages/%s/%d", p.ID, d.From), Saw: -1, Session: p.session,
		Verb: func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.DrawPages(a, d) },
	})
	return err
}
