package access

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"sync/atomic"
	"time"
)

// The code column is an HMAC, token, cookie and device are SHA-256, all of 32
// bytes; times are Unix milliseconds. Ended rows are deleted.
const schema = `
CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS cards (session TEXT NOT NULL, person TEXT NOT NULL, token BLOB NOT NULL UNIQUE, code BLOB NOT NULL UNIQUE,
	issued INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (session, person)) STRICT;
CREATE TABLE IF NOT EXISTS roles (session TEXT NOT NULL, person TEXT NOT NULL, roles INTEGER NOT NULL, PRIMARY KEY (session, person)) STRICT;
CREATE TABLE IF NOT EXISTS seats (id TEXT PRIMARY KEY, cookie BLOB NOT NULL UNIQUE, session TEXT NOT NULL, person TEXT NOT NULL, device BLOB NOT NULL,
	bound INTEGER NOT NULL, proven INTEGER NOT NULL, held INTEGER NOT NULL, since INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS pins (person TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS devices (person TEXT NOT NULL, device BLOB NOT NULL, PRIMARY KEY (person, device)) STRICT;
CREATE TABLE IF NOT EXISTS claim (id INTEGER PRIMARY KEY CHECK (id = 1), token BLOB NOT NULL, expires INTEGER NOT NULL) STRICT;
`

type hash [sha256.Size]byte

// hashOf is asked at every request and for every message of a stream; a cookie fits
// into the array, so asking costs no memory.
func hashOf(secret string) hash {
	var room [64]byte
	return sha256.Sum256(append(room[:0], secret...))
}

// codeHash keys a six-digit code; package doc says what that is worth.
func (a *Access) codeHash(code string) hash {
	mac := hmac.New(sha256.New, a.secret)
	mac.Write([]byte(code))
	return hash(mac.Sum(nil))
}

// newCookie makes the 32 random bytes of a seat's cookie.
func newCookie() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// place is what one tablet can be bound to: a person in a session, or in the
// room itself where session is "".
type place struct{ session, person string }

type card struct {
	place
	issued time.Time
	used   bool
}

type seat struct {
	id string
	place
	device              hash
	bound, proven, held bool
	since               time.Time
	seen                *atomic.Int64 // since opened; shared by all tables that hold the seat
}

// proof is a device on which a person's PIN was right.
type proof struct {
	person string
	device hash
}

type claim struct {
	token   hash
	expires time.Time
}

// table is all of access.db, immutable once published.
type table struct {
	tokens, codes map[hash]card
	cards         map[place]card
	roles         map[place]Roles
	seats         map[hash]*seat // by cookie
	byID          map[string]*seat
	holders       map[place]*seat
	pins          map[string]string
	proofs        map[proof]bool
	claim         claim
}

// rolesOf joins what a person is in the session with what they are in the room.
func (t *table) rolesOf(p place) Roles { return t.roles[p] | t.roles[place{"", p.person}] }

// pin tells what is still asked of a seat. A bound one is asked no more: a
// member to whom the chair is handed presides at once.
func (t *table) pin(s *seat) PIN {
	switch {
	case s.bound || s.proven || !t.rolesOf(s.place).Any(needPIN):
		return PINDone
	case t.pins[s.person] == "":
		return PINChoose
	}
	return PINEnter
}

// reload reads access.db back and publishes it. The caller holds writing, or
// nobody else has the Access yet.
func (a *Access) reload(ctx context.Context, from querier) error {
	t := &table{
		tokens: map[hash]card{}, codes: map[hash]card{}, cards: map[place]card{}, roles: map[place]Roles{},
		seats: map[hash]*seat{}, byID: map[string]*seat{}, holders: map[place]*seat{}, pins: map[string]string{}, proofs: map[proof]bool{},
	}
	for _, read := range []func(context.Context, querier, *table) error{a.readCards, a.readRoles, a.readSeats, a.readPINs, a.readProofs, a.readClaim} {
		if err := read(ctx, from, t); err != nil {
			return fmt.Errorf("read access.db back: %w", err)
		}
	}
	a.table.Store(t)
	a.queue.keep(t.byID)
	return nil
}

// querier is who reads: the readers' handle, or a transaction that sees what it wrote.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// rows runs a query and hands every row to scan.
func rows(ctx context.Context, from querier, query string, scan func(*sql.Rows) error) error {
	rows, err := from.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (a *Access) readCards(ctx context.Context, from querier, t *table) error {
	return rows(ctx, from, `SELECT session, person, token, code, issued, used FROM cards`, func(r *sql.Rows) error {
		var c card
		var token, code []byte
		var issued int64
		if err := r.Scan(&c.session, &c.person, &token, &code, &issued, &c.used); err != nil {
			return err
		}
		c.issued = time.UnixMilli(issued)
		t.tokens[hash(token)], t.codes[hash(code)], t.cards[c.place] = c, c, c
		return nil
	})
}

func (a *Access) readRoles(ctx context.Context, from querier, t *table) error {
	return rows(ctx, from, `SELECT session, person, roles FROM roles`, func(r *sql.Rows) error {
		var p place
		var roles Roles
		err := r.Scan(&p.session, &p.person, &roles)
		t.roles[p] = roles
		return err
	})
}

// readSeats carries over when each tablet was last seen; those of an earlier
// run count as seen at Open.
func (a *Access) readSeats(ctx context.Context, from querier, t *table) error {
	before := a.table.Load().byID
	return rows(ctx, from, `SELECT id, cookie, session, person, device, bound, proven, held, since FROM seats`, func(r *sql.Rows) error {
		s := &seat{seen: new(atomic.Int64)}
		var cookie, device []byte
		var since int64
		if err := r.Scan(&s.id, &cookie, &s.session, &s.person, &device, &s.bound, &s.proven, &s.held, &since); err != nil {
			return err
		}
		s.device, s.since = hash(device), time.UnixMilli(since)
		if old := before[s.id]; old != nil {
			s.seen = old.seen
		}
		t.seats[hash(cookie)], t.byID[s.id] = s, s
		if s.bound {
			t.holders[s.place] = s
		}
		return nil
	})
}

func (a *Access) readPINs(ctx context.Context, from querier, t *table) error {
	return rows(ctx, from, `SELECT person, hash FROM pins`, func(r *sql.Rows) error {
		var person, phc string
		err := r.Scan(&person, &phc)
		t.pins[person] = phc
		return err
	})
}

func (a *Access) readProofs(ctx context.Context, from querier, t *table) error {
	return rows(ctx, from, `SELECT person, device FROM devices`, func(r *sql.Rows) error {
		var person string
		var device []byte
		if err := r.Scan(&person, &device); err != nil {
			return err
		}
		t.proofs[proof{person, hash(device)}] = true
		return nil
	})
}

func (a *Access) readClaim(ctx context.Context, from querier, t *table) error {
	return rows(ctx, from, `SELECT token, expires FROM claim`, func(r *sql.Rows) error {
		var token []byte
		var expires int64
		if err := r.Scan(&token, &expires); err != nil {
			return err
		}
		t.claim = claim{hash(token), time.UnixMilli(expires)}
		return nil
	})
}

// exec runs one statement inside a transaction.
func exec(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}
