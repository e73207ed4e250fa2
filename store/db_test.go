package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mattn/go-sqlite3"
)

const numbers = `CREATE TABLE IF NOT EXISTS number (n INTEGER PRIMARY KEY, pad BLOB);`

func open(t *testing.T, path string) *DB {
	t.Helper()
	d, err := Open(t.Context(), path, numbers)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func put(d *DB, n int) error {
	return d.Write(context.Background(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO number VALUES (?, NULL)`, n)
		return err
	})
}

func count(t *testing.T, d *DB) (n int) {
	t.Helper()
	if err := d.Read().QueryRow(`SELECT count(*) FROM number`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWriteAndOpenAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder with ?#%", "a.db")
	d := open(t, path)
	if err := put(d, 1); err != nil {
		t.Fatal(err)
	}
	own := errors.New("no")
	if err := d.Write(t.Context(), func(tx *sql.Tx) error {
		tx.Exec(`INSERT INTO number VALUES (2, NULL)`)
		return own
	}); err != own {
		t.Errorf("fn's own error came back as %v", err)
	}
	if n := count(t, d); n != 1 {
		t.Errorf("%d rows after a rollback", n)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Write(cancelled, func(*sql.Tx) error { t.Error("began"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := d.Write(ctx, func(tx *sql.Tx) error {
		cancel()
		_, err := tx.Exec(`INSERT INTO number VALUES (3, NULL)`)
		return err
	}); err != nil {
		t.Errorf("cancelled within: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if err := put(d, 9); err == nil {
		t.Error("written after closing")
	}
	if n := count(t, open(t, path)); n != 2 {
		t.Errorf("%d rows after opening again", n)
	}
}

func TestPanicInsideLeavesNothing(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "a.db"))
	func() {
		defer func() { recover() }()
		d.Write(t.Context(), func(tx *sql.Tx) error {
			tx.Exec(`INSERT INTO number VALUES (1, NULL)`)
			panic("x")
		})
	}()
	if err := put(d, 2); err != nil || count(t, d) != 1 {
		t.Errorf("%v, %d rows", err, count(t, d))
	}
}

// Every connection is asked what it will do; readers cannot write.
func TestPragmas(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "a.db"))
	for name, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1"} {
		var got string
		if err := d.writer.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != want {
			t.Errorf("the writer has %s=%s, %v", name, got, err)
		}
	}
	if _, err := d.Read().Exec(`INSERT INTO number VALUES (1, NULL)`); err == nil {
		t.Error("a reader wrote")
	}
	if _, err := OpenWith(t.Context(), filepath.Join(t.TempDir(), "b.db"), numbers, Pragmas{Synchronous: "fool"}); err == nil {
		t.Error("a misspelt pragma was taken")
	}
	weak, err := OpenWith(t.Context(), filepath.Join(t.TempDir(), "c.db"), numbers, Pragmas{Synchronous: "normal", NoCheckpoint: true})
	if err != nil {
		t.Fatal(err)
	}
	weak.Close()
	drv := &sqlite3.SQLiteDriver{}
	c, err := drv.Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := assert(c.(*sqlite3.SQLiteConn), map[string]string{"journal_mode": "wal"}); err == nil {
		t.Error("a connection that is not in WAL mode was taken")
	}
}

// failing is a commit that reports an I/O error, having or not having happened.
func failing(durable bool) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		end := tx.Rollback
		if durable {
			end = tx.Commit
		}
		return errors.Join(end(), sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrFsync})
	}
}

func TestCommitError(t *testing.T) {
	for _, durable := range []bool{true, false} {
		t.Run(fmt.Sprintf("durable=%v", durable), func(t *testing.T) {
			d := open(t, filepath.Join(t.TempDir(), "a.db"))
			d.commit = failing(durable)
			if err := put(d, 1); !errors.Is(err, ErrUncertain) || errors.Is(err, ErrFull) {
				t.Fatal(err)
			}
			d.commit = (*sql.Tx).Commit
			if err := put(d, 2); !errors.Is(err, ErrUncertain) {
				t.Errorf("written before reopening: %v", err)
			}
			if err := d.Reopen(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := count(t, d); (n == 1) != durable {
				t.Errorf("%d rows", n)
			}
			const oneFrame = 32 + 24 + 4096 // of the commit that syncs the emptied log
			if info, err := os.Stat(d.path + "-wal"); err != nil || info.Size() > oneFrame {
				t.Errorf("the log was not emptied: %v", err)
			}
			if err := put(d, 2); err != nil {
				t.Error(err)
			}
		})
	}
}

// An I/O error before the commit is not trusted either.
func TestErrorsInsideATransaction(t *testing.T) {
	tests := []struct {
		err             error
		uncertain, full bool
	}{
		{sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrWrite}, true, false},
		{sqlite3.Error{Code: sqlite3.ErrFull}, false, true},
		{sqlite3.Error{Code: sqlite3.ErrConstraint}, false, false},
		{fmt.Errorf("reading: %w", os.ErrNotExist), false, false},
	}
	for _, tt := range tests {
		d := open(t, filepath.Join(t.TempDir(), "a.db"))
		err := d.Write(t.Context(), func(*sql.Tx) error { return tt.err })
		if errors.Is(err, ErrUncertain) != tt.uncertain || errors.Is(err, ErrFull) != tt.full || !errors.Is(err, tt.err) {
			t.Errorf("%v became %v", tt.err, err)
		}
		if err := put(d, 1); (err == nil) == tt.uncertain {
			t.Errorf("after %v: %v", tt.err, err)
		}
	}
}

// A COMMIT refused by SQLite itself is treated as uncertain, too.
func TestCommitRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	d, err := Open(t.Context(), path, numbers+`CREATE TABLE IF NOT EXISTS child (n INTEGER REFERENCES number DEFERRABLE INITIALLY DEFERRED);`)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO child VALUES (7)`)
		return err
	})
	if !errors.Is(err, ErrUncertain) {
		t.Fatal(err)
	}
	if err := d.Reopen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := put(d, 1); err != nil {
		t.Error(err)
	}
}

func TestTwoFailedReopeningsAreTheEnd(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "a.db"))
	d.commit = failing(true)
	put(d, 1)
	d.commit = (*sql.Tx).Commit
	path := d.path
	d.path = filepath.Join(t.TempDir(), "gone", "a.db")
	if err := d.Reopen(t.Context()); !errors.Is(err, ErrUncertain) || errors.Is(err, ErrEnd) {
		t.Fatalf("the first: %v", err)
	}
	d.path = path
	if err := d.Reopen(t.Context()); err != nil {
		t.Fatalf("one failure is forgiven: %v", err)
	}
	d.path = filepath.Join(t.TempDir(), "gone", "a.db")
	d.Reopen(t.Context())
	if err := d.Reopen(t.Context()); !errors.Is(err, ErrEnd) {
		t.Fatalf("the second running: %v", err)
	}
	d.path = path
	if err := errors.Join(d.Reopen(t.Context())); !errors.Is(err, ErrEnd) {
		t.Errorf("the end is not for good: %v", err)
	}
	if err := put(d, 2); !errors.Is(err, ErrEnd) {
		t.Errorf("written after the end: %v", err)
	}
}

// While somebody reads an old state, the log cannot be emptied: busy is not 0,
// nothing is proven, and nobody is answered.
func TestBusyCheckpointIsRefused(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "a.db"))
	if err := put(d, 1); err != nil {
		t.Fatal(err)
	}
	other, err := OpenReader(t.Context(), d.path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	reading, err := other.Read().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reading.QueryRow(`SELECT count(*) FROM number`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if err := put(d, 2); err != nil {
		t.Fatal(err)
	}
	d.patience = 20
	err = d.Reopen(t.Context())
	if !errors.Is(err, ErrUncertain) || !strings.Contains(err.Error(), "checkpoint") {
		t.Errorf("reopened while somebody reads: %v", err)
	}
	reading.Rollback()
	if err := d.Reopen(t.Context()); err != nil {
		t.Errorf("reopening afterwards: %v", err)
	}
	if err := other.Write(t.Context(), func(*sql.Tx) error { return nil }); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a reader's Write: %v", err)
	}
	if err := other.Reopen(t.Context()); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a reader's Reopen: %v", err)
	}
}
