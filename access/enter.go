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
	a.writing.Lock()
	defer a.writing.Unlock()
	c, ok := a.table.Load().tokens[hashOf(strings.ToUpper(token))]
	if !ok {
		return "", Seat{}, ErrUnknown
	}
	return a.enter(ctx, c.place, d, false, now)
}

// EnterCode does the same by the six digits of a card. It may refuse with Slow.
// While the room is being guessed at, the seat waits for a yes even if it is
// free.
func (a *Access) EnterCode(ctx context.Context, code string, d Device, now time.Time) (cookie string, s Seat, err error) {
	if err := a.tries.begin(d, now); err != nil {
		return "", Seat{}, err
	}
	a.writing.Lock()
	defer a.writing.Unlock()
	c, ok := a.table.Load().codes[a.codeHash(strings.Join(strings.Fields(code), ""))]
	if !ok {
		a.tries.wrongCode(now)
		return "", Seat{}, ErrUnknown
	}
	a.tries.right(d)
	return a.enter(ctx, c.place, d, a.tries.alarm(now), now)
}

// enter writes the new seat of a device. What the device had by the same card,
// bound or proven, it keeps. The caller holds writing.
func (a *Access) enter(ctx context.Context, p place, d Device, held bool, now time.Time) (string, Seat, error) {
	cookie, device := newCookie(), deviceHash(d)
	s := &seat{id: rand.Text(), place: p, device: device, held: held, since: now}
	t := a.table.Load()
	s.proven = t.proofs[proof{p.person, device}]
	if old := t.holders[p]; old != nil && old.device == device {
		s.bound, s.proven, s.held = true, s.proven || old.proven, false
	}
	err := a.write(ctx, "sign a tablet in", func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `UPDATE cards SET used = 1 WHERE session = ? AND person = ?`, p.session, p.person); err != nil {
			return err
		}
		if err := exec(ctx, tx, `DELETE FROM seats WHERE session = ? AND person = ? AND device = ?`, p.session, p.person, device[:]); err != nil {
			return err
		}
		if err := exec(ctx, tx, `DELETE FROM seats WHERE id IN (SELECT id FROM seats WHERE session = ? AND person = ? AND bound = 0
			ORDER BY since DESC, rowid DESC LIMIT -1 OFFSET ?)`, p.session, p.person, mostUnbound-1); err != nil {
			return err
		}
		return insertSeat(ctx, tx, cookie, s)
	})
	if err != nil {
		return "", Seat{}, err
	}
	view, _ := a.Who(cookie, now)
	return cookie, view, nil
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
