package access

import (
	"context"
	"crypto/rand"
	"database/sql"
	"strings"
	"time"
)

// mostUnbound is how many tablets may be signed in by one card without being
// bound; link previews leave such. The oldest go first.
const mostUnbound = 8

// EnterToken signs a tablet in by the link of a card and returns the value of
// its cookie. A tablet that was bound by this card stays bound. A wrong token
// slows nobody: it cannot be guessed, and old cards are scanned in good faith.
func (a *Access) EnterToken(ctx context.Context, token string, d Device, now time.Time) (cookie string, s Seat, err error) {
	h := hashOf(strings.ToUpper(token))
	return a.enter(ctx, func(t *table) (card, bool) { c, ok := t.tokens[h]; return c, ok }, d, false, now)
}

// EnterCode does the same by the six digits of a card. It may refuse with Slow.
// While the room is being guessed at, the seat waits for a yes even if it is
// free.
func (a *Access) EnterCode(ctx context.Context, code string, d Device, now time.Time) (cookie string, s Seat, err error) {
	if err := a.tries.begin(d, now); err != nil {
		return "", Seat{}, err
	}
	h := a.codeHash(strings.Join(strings.Fields(code), ""))
	if _, ok := a.table.Load().codes[h]; !ok {
		a.tries.wrongCode(now)
		return "", Seat{}, ErrUnknown
	}
	a.tries.right(d)
	return a.enter(ctx, func(t *table) (card, bool) { c, ok := t.codes[h]; return c, ok }, d, a.tries.alarm(now), now)
}

// enter writes the new seat of a device. What the device had by the same card,
// bound or proven, it keeps. find is asked again when the turn has come: the card
// may have ended meanwhile.
func (a *Access) enter(ctx context.Context, find func(*table) (card, bool), d Device, held bool, now time.Time) (string, Seat, error) {
	c, ok := find(a.table.Load())
	if !ok {
		return "", Seat{}, ErrUnknown
	}
	cookie, device := newCookie(), deviceHash(d)
	err := a.take(ctx, &turn{place: c.place, device: device, decide: func(t *table) (write, error) {
		if _, ok := find(t); !ok {
			return nil, ErrUnknown
		}
		s := &seat{id: rand.Text(), place: c.place, device: device, held: held, since: now}
		s.proven = t.proofs[proof{s.person, device}]
		if old := t.holders[s.place]; old != nil && old.device == device {
			s.bound, s.proven, s.held = true, s.proven || old.proven, false
		}
		return func(ctx context.Context, tx *sql.Tx) error { return enter(ctx, tx, cookie, s) }, nil
	}})
	if err != nil {
		return "", Seat{}, err
	}
	view, _ := a.Who(cookie, now)
	return cookie, view, nil
}

// enter replaces what the device had by this card, and ends the oldest tablets
// that were signed in by it and never bound.
func enter(ctx context.Context, tx *sql.Tx, cookie string, s *seat) error {
	if err := exec(ctx, tx, `UPDATE cards SET used = 1 WHERE session = ? AND person = ?`, s.session, s.person); err != nil {
		return err
	}
	if err := exec(ctx, tx, `DELETE FROM seats WHERE session = ? AND person = ? AND device = ?`, s.session, s.person, s.device[:]); err != nil {
		return err
	}
	if err := exec(ctx, tx, `DELETE FROM seats WHERE id IN (SELECT id FROM seats WHERE session = ? AND person = ? AND bound = 0
		ORDER BY since DESC, rowid DESC LIMIT -1 OFFSET ?)`, s.session, s.person, mostUnbound-1); err != nil {
		return err
	}
	return insertSeat(ctx, tx, cookie, s)
}

func insertSeat(ctx context.Context, tx *sql.Tx, cookie string, s *seat) error {
	h := hashOf(cookie)
	return exec(ctx, tx, `INSERT INTO seats (id, cookie, session, person, device, bound, proven, held, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.id, h[:], s.session, s.person, s.device[:], s.bound, s.proven, s.held, s.since.UnixMilli())
}

// deviceHash tells devices apart; one without a cookie is like no other.
func deviceHash(d Device) hash {
	if d.Cookie == "" {
		return hashOf(rand.Text())
	}
	return hashOf(d.Cookie)
}
