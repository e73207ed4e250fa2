package access

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"
)

// unseen is how long a bound tablet must be silent before it yields.
const unseen = 30 * time.Second

// Who turns a cookie into the person who sits there, and notes that the tablet
// was seen. It touches no disk. A stream calls it again with every heartbeat:
// that keeps the seat, and tells when it has ended.
func (a *Access) Who(cookie string, now time.Time) (Seat, bool) {
	t := a.table.Load()
	s, ok := t.seats[hashOf(cookie)]
	if !ok {
		return Seat{}, false
	}
	s.seen.Store(int64(now.Sub(a.opened)))
	return a.view(t, s, now), true
}

func (a *Access) view(t *table, s *seat, now time.Time) Seat {
	v := Seat{ID: s.id, Session: s.session, Person: s.person, Roles: t.rolesOf(s.place), PIN: t.pin(s), Bound: s.bound, Since: s.since}
	if !s.bound {
		v.Waits = a.queue.has(s.id)
		v.Yields = v.Waits && a.yields(t, s, now)
	}
	return v
}

// Bind ties the seat to this tablet, at its first POST or stream; later calls
// cost a look-up. ErrTaken: another tablet has the seat, or the room is being
// guessed at; this one waits now. ErrPIN: the PIN comes first.
func (a *Access) Bind(ctx context.Context, cookie string, now time.Time) (Seat, error) {
	if s, ok := a.Who(cookie, now); !ok || s.Bound {
		return s, known(ok)
	}
	h := hashOf(cookie)
	s, ok := a.table.Load().seats[h]
	if !ok {
		return Seat{}, ErrUnknown
	}
	err := a.take(ctx, &turn{place: s.place, device: s.device, decide: func(t *table) (write, error) { return a.binding(t, h, now) }})
	if err != nil && !errors.Is(err, ErrPIN) && !errors.Is(err, ErrTaken) {
		return Seat{}, err
	}
	seat, ok := a.Who(cookie, now)
	return seat, cmp.Or(err, known(ok))
}

// binding decides on one tablet that wants its seat.
func (a *Access) binding(t *table, cookie hash, now time.Time) (write, error) {
	s, ok := t.seats[cookie]
	if !ok {
		return nil, ErrUnknown
	}
	shared := t.rolesOf(s.place).Has(Hall)
	switch holder := t.holders[s.place]; {
	case s.bound:
		return nil, nil
	case t.pin(s) != PINDone:
		return nil, ErrPIN
	case s.held, holder != nil && holder != s && !shared:
		if a.queue.add(s, now) {
			a.changed()
		}
		return nil, ErrTaken
	}
	return func(ctx context.Context, tx *sql.Tx) error { return bind(ctx, tx, s) }, nil
}

func known(ok bool) error {
	if !ok {
		return ErrUnknown
	}
	return nil
}

// bind also ends what the device had by other cards: its browser has one
// cookie, nobody could use them.
func bind(ctx context.Context, tx *sql.Tx, s *seat) error {
	if err := exec(ctx, tx, `DELETE FROM seats WHERE device = ? AND id <> ?`, s.device[:], s.id); err != nil {
		return err
	}
	return exec(ctx, tx, `UPDATE seats SET bound = 1, held = 0 WHERE id = ?`, s.id)
}

// Leave signs this tablet out.
func (a *Access) Leave(ctx context.Context, cookie string) error {
	h := hashOf(cookie)
	a.writing.Lock()
	defer a.writing.Unlock()
	return a.write(ctx, "sign a tablet out", func(tx *sql.Tx) error { return exec(ctx, tx, `DELETE FROM seats WHERE cookie = ?`, h[:]) })
}

// Release sends every tablet of a person away; their card still lets them in.
// The caller has made sure that the secretary asks.
func (a *Access) Release(ctx context.Context, session, person string) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	return a.write(ctx, "release a seat", func(tx *sql.Tx) error {
		return exec(ctx, tx, `DELETE FROM seats WHERE session = ? AND person = ?`, session, person)
	})
}

// Bound maps each person of a session whose seat is bound to when their tablet
// was last seen.
func (a *Access) Bound(session string) map[string]time.Time {
	list := map[string]time.Time{}
	for p, s := range a.table.Load().holders {
		if p.session == session {
			list[p.person] = a.lastSeen(s)
		}
	}
	return list
}

func (a *Access) lastSeen(s *seat) time.Time { return a.opened.Add(time.Duration(s.seen.Load())) }
