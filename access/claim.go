package access

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// claimFor is how long a claim link works.
const claimFor = 30 * time.Minute

// standing are the roles a claim gives.
const standing = Secretary | IT

// NewClaim makes the link that makes one person secretary and IT; an earlier
// link ends. The cards of those who hold these roles now end too, so that a
// lost card is worth nothing; their bound tablets go on until the link is used.
func (a *Access) NewClaim(ctx context.Context, now time.Time) (token string, err error) {
	a.writing.Lock()
	defer a.writing.Unlock()
	token = rand.Text()
	h := hashOf(token)
	err = a.write(ctx, "make a claim link", func(tx *sql.Tx) error {
		for _, person := range a.officers() {
			if err := exec(ctx, tx, `DELETE FROM cards WHERE person = ?`, person); err != nil {
				return err
			}
		}
		return exec(ctx, tx, `INSERT OR REPLACE INTO claim (id, token, expires) VALUES (1, ?, ?)`, h[:], now.Add(claimFor).UnixMilli())
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// officers are the people who are secretary or IT of the room itself.
func (a *Access) officers() []string {
	var list []string
	for p, roles := range a.table.Load().roles {
		if p.session == "" && roles.Any(standing) {
			list = append(list, p.person)
		}
	}
	return list
}

// Claimed reports whether the room has a secretary or IT.
func (a *Access) Claimed() bool { return len(a.officers()) > 0 }

// CheckClaim looks at a claim link without using it up.
func (a *Access) CheckClaim(token string, now time.Time) error {
	c := a.table.Load().claim
	switch {
	case c.token == hash{} || c.token != hashOf(strings.ToUpper(token)):
		return ErrUnknown
	case now.After(c.expires):
		return ErrExpired
	}
	return nil
}

// Claim uses the link up: person becomes secretary and IT of the room with this
// PIN, and this tablet is bound to them. Whoever held these roles loses them,
// with their tablets and PIN.
func (a *Access) Claim(ctx context.Context, token, person, pin string, d Device, now time.Time) (cookie string, s Seat, err error) {
	if !soundPIN(pin) {
		return "", Seat{}, ErrWeakPIN
	}
	if err := a.CheckClaim(token, now); err != nil {
		return "", Seat{}, err
	}
	phc, err := a.hashPIN(ctx, pin)
	if err != nil {
		return "", Seat{}, err
	}
	a.writing.Lock()
	defer a.writing.Unlock()
	if err := a.CheckClaim(token, now); err != nil { // somebody else was quicker
		return "", Seat{}, err
	}
	cookie = newCookie()
	first := &seat{id: rand.Text(), place: place{"", person}, device: deviceHash(d), bound: true, proven: true, since: now}
	err = a.write(ctx, "claim the room", func(tx *sql.Tx) error {
		if err := a.dismiss(ctx, tx); err != nil {
			return err
		}
		return install(ctx, tx, cookie, first, phc)
	})
	if err != nil {
		return "", Seat{}, err
	}
	s, _ = a.Who(cookie, now)
	return cookie, s, nil
}

// dismiss ends the link and all that the officers before had.
func (a *Access) dismiss(ctx context.Context, tx *sql.Tx) error {
	if err := exec(ctx, tx, `DELETE FROM claim`); err != nil {
		return err
	}
	for _, person := range a.officers() {
		for _, statement := range []string{
			`DELETE FROM roles WHERE session = '' AND person = ?`, `DELETE FROM cards WHERE person = ?`, `DELETE FROM seats WHERE person = ?`,
		} {
			if err := exec(ctx, tx, statement, person); err != nil {
				return fmt.Errorf("dismiss %s: %w", person, err)
			}
		}
		if err := forgetPIN(ctx, tx, person); err != nil {
			return fmt.Errorf("dismiss %s: %w", person, err)
		}
	}
	return nil
}

func install(ctx context.Context, tx *sql.Tx, cookie string, s *seat, phc string) error {
	if err := exec(ctx, tx, `INSERT OR REPLACE INTO pins (person, hash) VALUES (?, ?)`, s.person, phc); err != nil {
		return err
	}
	if err := setRoles(ctx, tx, s.place, standing); err != nil {
		return err
	}
	if err := insertSeat(ctx, tx, cookie, s); err != nil {
		return err
	}
	if err := bind(ctx, tx, s); err != nil {
		return err
	}
	return prove(ctx, tx, s)
}
