package access

import (
	"cmp"
	"context"
	"crypto/subtle"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"time"
)

// waitingGone is when a waiting tablet that no longer asks leaves the list. Its
// page looks again every 30 s at the latest (templates, waitingLooks).
const waitingGone = 45 * time.Second

// mostTakeOvers is how many wrong codes a waiting tablet may type before the
// secretary sees a new one.
const mostTakeOvers = 5

// Waiting is a second tablet that asks for a seat. Code is for the secretary's
// eyes only; it is enough once Yields.
type Waiting struct {
	ID              string // of the waiting Seat
	Session, Person string
	Since           time.Time
	Taken           bool // false: the seat is free, but the room is being guessed at
	Yields          bool
	Code            string
}

// queue is who waits; a restart forgets it, and the tablets ask again.
type queue struct {
	mu   sync.Mutex
	list map[string]*asking
}

type asking struct {
	since time.Time
	code  string
	wrong int
}

// add reports whether the seat is new to the queue.
func (q *queue) add(s *seat, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.list[s.id] != nil {
		return false
	}
	if q.list == nil {
		q.list = map[string]*asking{}
	}
	q.list[s.id] = &asking{since: now, code: digits(4)}
	return true
}

func (q *queue) has(id string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.list[id] != nil
}

// keep forgets those whose seat has ended or was bound.
func (q *queue) keep(seats map[string]*seat) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for id := range q.list {
		if s := seats[id]; s == nil || s.bound {
			delete(q.list, id)
		}
	}
}

// try compares a code; after a few wrong ones it draws another.
func (q *queue) try(id, code string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	ask := q.list[id]
	if ask == nil {
		return false
	}
	if subtle.ConstantTimeCompare([]byte(ask.code), []byte(code)) == 1 {
		return true
	}
	if ask.wrong++; ask.wrong >= mostTakeOvers {
		for old := ask.code; ask.code == old; {
			ask.code = digits(4)
		}
		ask.wrong = 0
	}
	return false
}

// yields: the seat is taken by a tablet that has been silent for half a minute.
func (a *Access) yields(t *table, s *seat, now time.Time) bool {
	holder := t.holders[s.place]
	return holder != nil && holder != s && now.Sub(a.lastSeen(holder)) >= unseen
}

// Waiting lists the tablets that ask for a seat, the longest waiting first. The
// secretary sees all; a member those for their own seat, without the code.
func (a *Access) Waiting(now time.Time) []Waiting {
	t := a.table.Load()
	a.queue.mu.Lock()
	defer a.queue.mu.Unlock()
	var list []Waiting
	for id, ask := range a.queue.list {
		s := t.byID[id]
		if s == nil || now.Sub(a.lastSeen(s)) > waitingGone {
			continue
		}
		list = append(list, Waiting{ID: id, Session: s.session, Person: s.person, Since: ask.since,
			Taken: t.holders[s.place] != nil, Yields: a.yields(t, s, now), Code: ask.code})
	}
	slices.SortFunc(list, func(x, y Waiting) int { return cmp.Or(x.Since.Compare(y.Since), cmp.Compare(x.ID, y.ID)) })
	return list
}

// Allow gives the seat to the waiting tablet; the first one ends. by is the
// first tablet itself, or a bound secretary or IT.
func (a *Access) Allow(ctx context.Context, id string, by Seat, now time.Time) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	s, err := a.asked(id, by)
	if err != nil {
		return err
	}
	return a.handOver(ctx, s)
}

// Deny sends the waiting tablet away.
func (a *Access) Deny(ctx context.Context, id string, by Seat) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	if _, err := a.asked(id, by); err != nil {
		return err
	}
	return a.write(ctx, "deny a seat", func(tx *sql.Tx) error { return exec(ctx, tx, `DELETE FROM seats WHERE id = ?`, id) })
}

// asked finds a waiting seat that by may decide about.
func (a *Access) asked(id string, by Seat) (*seat, error) {
	s := a.table.Load().byID[id]
	if s == nil || !a.queue.has(id) {
		return nil, ErrUnknown
	}
	officer := by.Roles.Any(Secretary | IT)
	first := by.Session == s.session && by.Person == s.person
	if !by.Bound || by.PIN != PINDone || !officer && !first {
		return nil, ErrNotYours
	}
	return s, nil
}

// handOver binds s and ends the tablets that had its place. The caller holds
// writing.
func (a *Access) handOver(ctx context.Context, s *seat) error {
	return a.write(ctx, "hand a seat over", func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `DELETE FROM seats WHERE session = ? AND person = ? AND bound = 1`, s.session, s.person); err != nil {
			return err
		}
		return bind(ctx, tx, s)
	})
}

// TakeOver gives the seat to a waiting tablet on which the code was typed that
// the secretary reads out, once the first tablet has been unseen for 30 s.
// Wrong codes slow the device.
func (a *Access) TakeOver(ctx context.Context, cookie, code string, d Device, now time.Time) (Seat, error) {
	a.writing.Lock()
	defer a.writing.Unlock()
	t := a.table.Load()
	s, ok := t.seats[hashOf(cookie)]
	switch {
	case !ok || !a.queue.has(s.id):
		return Seat{}, ErrUnknown
	case t.pin(s) != PINDone:
		return a.view(t, s, now), ErrPIN
	case !a.yields(t, s, now):
		return a.view(t, s, now), ErrSeen
	}
	if err := a.tries.begin(d, now); err != nil {
		return a.view(t, s, now), err
	}
	if !a.queue.try(s.id, strings.TrimSpace(code)) {
		return a.view(t, s, now), ErrUnknown
	}
	a.tries.right(d)
	if err := a.handOver(ctx, s); err != nil {
		return Seat{}, err
	}
	taken, ok := a.Who(cookie, now)
	return taken, known(ok)
}
