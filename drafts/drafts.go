package drafts

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"phonghop/store"
)

const schema = `
CREATE TABLE IF NOT EXISTS draft (person TEXT, session TEXT, place TEXT, text TEXT NOT NULL, at INTEGER NOT NULL,
	PRIMARY KEY (person, session, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS look (person TEXT, session TEXT, seen TEXT NOT NULL, at INTEGER NOT NULL,
	PRIMARY KEY (person, session)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (session TEXT, ref TEXT, name TEXT NOT NULL, size INTEGER NOT NULL, at INTEGER NOT NULL,
	settled INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (session, ref)) WITHOUT ROWID;`

// most is how much one person keeps in one session.
const most = 2000

// ErrTooMany means that one person's drafts of one session are as many as are kept.
var ErrTooMany = errors.New("drafts: too many drafts of one session")

// Store is the drafts of a room.
type Store struct{ file *store.Later }

// Place is where somebody types.
type Place struct{ Person, Session, Block string }

// Draft is what stands there, not recorded yet.
type Draft struct {
	Text string
	At   time.Time
}

// Look is what somebody saw of the minutes when they last looked: a fingerprint
// for each block.
type Look struct {
	Seen map[string]string
	At   time.Time
}

// Waiting is a file that came back and was not decided about yet.
type Waiting struct {
	Ref, Name string
	Size      int64
	At        time.Time
}

// New is the drafts in a file.
func New(path string) *Store { return &Store{store.OpenLater(path, schema)} }

// Path is the file's name.
func (s *Store) Path() string { return s.file.Path() }

// Close lets go of the file.
func (s *Store) Close() error { return s.file.Close() }

// Keep puts a draft down; when it returns, a power cut does not take it.
func (s *Store) Keep(ctx context.Context, p Place, text string, at time.Time) error {
	return s.write(ctx, "keeping a draft", func(tx *sql.Tx) error {
		var n int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM draft WHERE person = ? AND session = ? AND place <> ?`,
			p.Person, p.Session, p.Block).Scan(&n)
		if err != nil {
			return err
		}
		if n >= most {
			return ErrTooMany
		}
		_, err = tx.ExecContext(ctx, `INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)`,
			p.Person, p.Session, p.Block, text, at.UnixMilli())
		return err
	})
}

// Drop ends a draft: its text was recorded, or given up. No draft is no error.
func (s *Store) Drop(ctx context.Context, p Place) error {
	return s.write(ctx, "dropping a draft", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM draft WHERE person = ? AND session = ? AND place = ?`, p.Person, p.Session, p.Block)
		return err
	})
}

// Of are a person's drafts of a session, by place.
func (s *Store) Of(ctx context.Context, person, session string) (map[string]Draft, error) {
	db, err := s.file.Read(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT place, text, at FROM draft WHERE person = ? AND session = ?`, person, session)
	if err != nil {
		return nil, fmt.Errorf("reading drafts: %w", err)
	}
	defer rows.Close()
	found := map[string]Draft{}
	for rows.Next() {
		var place string
		var d Draft
		var at int64
		if err := rows.Scan(&place, &d.Text, &at); err != nil {
			return nil, fmt.Errorf("reading drafts: %w", err)
		}
		d.At = time.UnixMilli(at)
		found[place] = d
	}
	return found, rows.Err()
}

// Saw remembers what a person has seen of a session's minutes.
func (s *Store) Saw(ctx context.Context, person, session string, l Look) error {
	seen, err := json.Marshal(l.Seen)
	if err != nil {
		return fmt.Errorf("keeping a look: %w", err)
	}
	return s.write(ctx, "keeping a look", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO look VALUES (?, ?, ?, ?)`, person, session, string(seen), l.At.UnixMilli())
		return err
	})
}

// LastLook is what they saw; ok is false for whoever has not looked yet.
func (s *Store) LastLook(ctx context.Context, person, session string) (l Look, ok bool, err error) {
	db, err := s.file.Read(ctx)
	if err != nil {
		return Look{}, false, err
	}
	var seen string
	var at int64
	err = db.QueryRowContext(ctx, `SELECT seen, at FROM look WHERE person = ? AND session = ?`, person, session).Scan(&seen, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Look{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(seen), &l.Seen)
	}
	if err != nil {
		return Look{}, false, fmt.Errorf("reading a look: %w", err)
	}
	l.At = time.UnixMilli(at)
	return l, true, nil
}

// Await notes a file that came back; the same file is noted once.
func (s *Store) Await(ctx context.Context, session string, w Waiting) error {
	return s.write(ctx, "noting a returned file", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO waiting (session, ref, name, size, at) VALUES (?, ?, ?, ?, ?)`, session, w.Ref, w.Name, w.Size, w.At.UnixMilli())
		return err
	})
}

// Settle takes a file out of the list, for good: found again, it does not wait anew.
func (s *Store) Settle(ctx context.Context, session, ref string) error {
	return s.write(ctx, "settling a returned file", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE waiting SET settled = 1 WHERE session = ? AND ref = ?`, session, ref)
		return err
	})
}

// Waiting lists the files of a session that wait, oldest first.
func (s *Store) Waiting(ctx context.Context, session string) ([]Waiting, error) {
	db, err := s.file.Read(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT ref, name, size, at FROM waiting WHERE session = ? AND settled = 0 ORDER BY at, ref`, session)
	if err != nil {
		return nil, fmt.Errorf("listing returned files: %w", err)
	}
	defer rows.Close()
	var all []Waiting
	for rows.Next() {
		var w Waiting
		var at int64
		if err := rows.Scan(&w.Ref, &w.Name, &w.Size, &at); err != nil {
			return nil, fmt.Errorf("listing returned files: %w", err)
		}
		w.At = time.UnixMilli(at)
		all = append(all, w)
	}
	return all, rows.Err()
}

func (s *Store) write(ctx context.Context, doing string, fn func(*sql.Tx) error) error {
	db, err := s.file.DB(ctx)
	if err == nil {
		err = db.Write(ctx, fn)
	}
	if errors.Is(err, store.ErrUncertain) {
		err = errors.Join(err, db.Reopen(ctx))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
