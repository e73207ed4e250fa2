package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"
)

// Person is somebody who gets a card, with the place printed on it.
type Person struct {
	ID, Seat string
	Roles    Roles
}

// Card is what is printed. Token and Code exist in plain only here: a card that
// is printed again is a new card.
type Card struct {
	Person, Seat, Token, Code string
}

// Issued tells when a person's card was made and whether it was ever used.
type Issued struct {
	Person string
	At     time.Time
	Used   bool
}

// IssueCards makes a card for each person of a session, or of the room itself
// where session is "", and gives them these roles there. Their earlier cards
// end, and tablets that signed in with them without being bound; bound tablets
// stay. All cards are new or none.
func (a *Access) IssueCards(ctx context.Context, session string, people []Person, now time.Time) ([]Card, error) {
	a.writing.Lock()
	defer a.writing.Unlock()
	taken := maps.Clone(a.table.Load().codes)
	cards := make([]Card, len(people))
	err := a.write(ctx, "issue cards", func(tx *sql.Tx) error {
		for i, p := range people {
			cards[i] = Card{Person: p.ID, Seat: p.Seat, Token: rand.Text(), Code: a.freeCode(taken)}
			if err := a.issue(ctx, tx, session, p, cards[i], now); err != nil {
				return fmt.Errorf("card of %s: %w", p.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return cards, nil
}

func (a *Access) issue(ctx context.Context, tx *sql.Tx, session string, p Person, c Card, now time.Time) error {
	token, code := hashOf(c.Token), a.codeHash(c.Code)
	if err := exec(ctx, tx, `INSERT OR REPLACE INTO cards (session, person, token, code, issued) VALUES (?, ?, ?, ?, ?)`,
		session, p.ID, token[:], code[:], now.UnixMilli()); err != nil {
		return err
	}
	if err := exec(ctx, tx, `DELETE FROM seats WHERE session = ? AND person = ? AND bound = 0`, session, p.ID); err != nil {
		return err
	}
	return setRoles(ctx, tx, place{session, p.ID}, p.Roles)
}

// freeCode draws six digits that no live card has, and notes them as taken.
func (a *Access) freeCode(taken map[hash]card) string {
	for {
		code := digits(6)
		h := a.codeHash(code)
		if _, live := taken[h]; !live {
			taken[h] = card{}
			return code
		}
	}
}

// digits draws a random number of so many digits. The system's random numbers
// never fail.
func digits(places int) string {
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	n, _ := rand.Int(rand.Reader, limit)
	return fmt.Sprintf("%0*d", places, n)
}

// SetRoles changes what a person is in a session, or in the room where session
// is "": the chair is somebody else, a second secretary joins.
func (a *Access) SetRoles(ctx context.Context, session, person string, roles Roles) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	return a.write(ctx, "set roles", func(tx *sql.Tx) error { return setRoles(ctx, tx, place{session, person}, roles) })
}

func setRoles(ctx context.Context, tx *sql.Tx, p place, roles Roles) error {
	if roles == 0 {
		return exec(ctx, tx, `DELETE FROM roles WHERE session = ? AND person = ?`, p.session, p.person)
	}
	return exec(ctx, tx, `INSERT OR REPLACE INTO roles (session, person, roles) VALUES (?, ?, ?)`, p.session, p.person, roles)
}

// Issued lists the live cards of a session by person.
func (a *Access) Issued(session string) []Issued {
	var list []Issued
	for p, c := range a.table.Load().cards {
		if p.session == session {
			list = append(list, Issued{p.person, c.issued, c.used})
		}
	}
	slices.SortFunc(list, func(x, y Issued) int { return cmp.Compare(x.Person, y.Person) })
	return list
}

// EndCard ends one card, for somebody who leaves the list, with every tablet
// signed in by it.
func (a *Access) EndCard(ctx context.Context, session, person string) error {
	return a.end(ctx, "end a card", ` WHERE session = ? AND person = ?`, session, person)
}

// EndSession ends the cards, tablets and roles of a session.
func (a *Access) EndSession(ctx context.Context, session string) error {
	return a.end(ctx, "end the cards of a session", ` WHERE session = ?`, session)
}

func (a *Access) end(ctx context.Context, what, where string, args ...any) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	return a.write(ctx, what, func(tx *sql.Tx) error {
		for _, table := range []string{"cards", "seats", "roles"} {
			if err := exec(ctx, tx, `DELETE FROM `+table+where, args...); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		return nil
	})
}
