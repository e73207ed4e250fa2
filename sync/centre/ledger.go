package centre

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"phonghop/store"
)

const schema = `
CREATE TABLE IF NOT EXISTS room (
	id      TEXT PRIMARY KEY,
	prefix  TEXT NOT NULL,
	name    TEXT NOT NULL,
	token   BLOB NOT NULL,
	paired  INTEGER NOT NULL,
	revoked INTEGER NOT NULL DEFAULT 0,
	cleared INTEGER NOT NULL DEFAULT 0,
	epoch   INTEGER NOT NULL DEFAULT 1,
	seen    INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS code (
	hash BLOB PRIMARY KEY,
	ends INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS receipt (
	room TEXT NOT NULL REFERENCES room,
	log  TEXT NOT NULL,
	size INTEGER NOT NULL,
	at   INTEGER NOT NULL,
	note BLOB NOT NULL,
	PRIMARY KEY (room, log)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS admin (
	hash BLOB PRIMARY KEY
) WITHOUT ROWID;
`

// ledger is what the centre knows besides the rooms' own records.
type ledger struct{ db *store.DB }

func openLedger(ctx context.Context, path string) (*ledger, error) {
	db, err := store.Open(ctx, path, schema)
	if err != nil {
		return nil, fmt.Errorf("opening the centre's ledger: %w", err)
	}
	return &ledger{db}, nil
}

// Room is a room as the centre knows it.
type Room struct {
	ID      string
	Prefix  string
	Name    string
	Paired  time.Time
	Seen    time.Time // its last request; zero: none yet
	Revoked bool
	Cleared bool // this centre may have what the room marks hold
	Epoch   int  // the newest somebody has agreed to
}

// Receipt is what the centre has signed for one log.
type Receipt struct {
	Log  string
	Size int64
	At   time.Time
	Note []byte // the countersigned checkpoint
}

const roomColumns = `id, prefix, name, paired, seen, revoked, cleared, epoch`

func scanRoom(row interface{ Scan(...any) error }) (Room, error) {
	var r Room
	var paired, seen int64
	err := row.Scan(&r.ID, &r.Prefix, &r.Name, &paired, &seen, &r.Revoked, &r.Cleared, &r.Epoch)
	r.Paired = time.Unix(paired, 0).UTC()
	if seen > 0 {
		r.Seen = time.Unix(seen, 0).UTC()
	}
	return r, err
}

func (l *ledger) rooms(ctx context.Context) ([]Room, error) {
	rows, err := l.db.Read().QueryContext(ctx, `SELECT `+roomColumns+` FROM room ORDER BY name, id`)
	if err != nil {
		return nil, fmt.Errorf("listing rooms: %w", err)
	}
	defer rows.Close()
	var all []Room
	for rows.Next() {
		r, err := scanRoom(rows)
		if err != nil {
			return nil, fmt.Errorf("listing rooms: %w", err)
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// room finds a room; ok is false where there is none of that name.
func (l *ledger) room(ctx context.Context, id string) (r Room, ok bool, err error) {
	r, err = scanRoom(l.db.Read().QueryRowContext(ctx, `SELECT `+roomColumns+` FROM room WHERE id = ?`, id))
	return found(r, err)
}

// holder finds the room whose word this is.
func (l *ledger) holder(ctx context.Context, token string) (r Room, ok bool, err error) {
	r, err = scanRoom(l.db.Read().QueryRowContext(ctx, `SELECT `+roomColumns+` FROM room WHERE token = ?`, hashed(token)))
	return found(r, err)
}

func found[T any](v T, err error) (T, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	if err != nil {
		return v, false, fmt.Errorf("reading the centre's ledger: %w", err)
	}
	return v, true, nil
}

// admit keeps a paired room with a new word, and uses its code up. A room that
// pairs again gets a new word; the old one is worth nothing then.
func (l *ledger) admit(ctx context.Context, r Room, token, code string) error {
	return l.exec(ctx, func(t *sql.Tx) error {
		if code != "" {
			if _, err := t.ExecContext(ctx, `DELETE FROM code WHERE hash = ?`, hashed(code)); err != nil {
				return err
			}
		}
		_, err := t.ExecContext(ctx, `INSERT INTO room (id, prefix, name, token, paired) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, token = excluded.token, paired = excluded.paired, revoked = 0`,
			r.ID, r.Prefix, r.Name, hashed(token), r.Paired.Unix())
		return err
	})
}

func (l *ledger) exec(ctx context.Context, fn func(*sql.Tx) error) error {
	if err := l.db.Write(ctx, fn); err != nil {
		return fmt.Errorf("writing the centre's ledger: %w", err)
	}
	return nil
}

func (l *ledger) set(ctx context.Context, query string, args ...any) error {
	return l.exec(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, query, args...)
		return err
	})
}

func (l *ledger) codeEnds(ctx context.Context, secret string) (ends time.Time, ok bool, err error) {
	var unix int64
	err = l.db.Read().QueryRowContext(ctx, `SELECT ends FROM code WHERE hash = ?`, hashed(secret)).Scan(&unix)
	return found(time.Unix(unix, 0), err)
}

func (l *ledger) receipts(ctx context.Context, room string) (map[string]Receipt, error) {
	rows, err := l.db.Read().QueryContext(ctx, `SELECT log, size, at, note FROM receipt WHERE room = ?`, room)
	if err != nil {
		return nil, fmt.Errorf("reading receipts: %w", err)
	}
	defer rows.Close()
	all := map[string]Receipt{}
	for rows.Next() {
		var r Receipt
		var at int64
		if err := rows.Scan(&r.Log, &r.Size, &at, &r.Note); err != nil {
			return nil, fmt.Errorf("reading receipts: %w", err)
		}
		r.At = time.Unix(at, 0).UTC()
		all[r.Log] = r
	}
	return all, rows.Err()
}

func (l *ledger) keep(ctx context.Context, room string, r Receipt) error {
	return l.set(ctx, `INSERT OR REPLACE INTO receipt VALUES (?, ?, ?, ?, ?)`, room, r.Log, r.Size, r.At.Unix(), r.Note)
}

// hashed is how words and codes are kept.
func hashed(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}
