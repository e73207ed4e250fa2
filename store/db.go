package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/mattn/go-sqlite3"
)

// DB is a durable SQLite file: one connection that writes, some that read.
type DB struct {
	path, schema string
	pragmas      Pragmas
	patience     int
	reader       atomic.Pointer[sql.DB]

	mu        sync.Mutex // held through Write, Reopen and Close; guards what follows
	pool      *sql.DB
	writer    *sql.Conn // held for good: database/sql must not open another in silence
	uncertain bool      // set by a failed commit, cleared by Reopen
	failed    int       // reopenings that failed, one after the other
	end       error     // ErrEnd, once it has come to that

	commit func(*sql.Tx) error // (*sql.Tx).Commit; a test puts a fault in its place
}

// Open opens or creates the file, with its folder, runs schema (made of CREATE
// ... IF NOT EXISTS) and demands the checkpoint described in the package's text.
// On a full disk it fails with ErrFull: give up the reserve and open again.
func Open(ctx context.Context, path, schema string) (*DB, error) {
	return OpenWith(ctx, path, schema, Pragmas{})
}

// OpenWith is Open with something taken away. It exists for the fault harness.
func OpenWith(ctx context.Context, path, schema string, p Pragmas) (*DB, error) {
	d := &DB{path: path, schema: schema, pragmas: p, patience: patience, commit: (*sql.Tx).Commit}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := d.open(ctx); err != nil {
		d.close()
		return nil, named("opening "+path, err)
	}
	return d, nil
}

// OpenReader opens an existing file for reading only, beside the process that
// writes it. It changes nothing and demands no checkpoint; Write and Reopen
// answer ErrReadOnly.
func OpenReader(ctx context.Context, path string) (*DB, error) {
	d := &DB{path: path, patience: patience, end: ErrReadOnly}
	err := d.openReader()
	if err == nil {
		err = d.Read().PingContext(ctx)
	}
	if err != nil {
		d.close()
		return nil, fmt.Errorf("opening %s for reading: %w", path, err)
	}
	return d, nil
}

func (d *DB) open(ctx context.Context) (err error) {
	if d.pool, err = pool(d.path, true, d.pragmas, d.patience); err != nil {
		return err
	}
	d.pool.SetMaxOpenConns(1)
	if d.writer, err = d.pool.Conn(ctx); err != nil {
		return err
	}
	if _, err = d.writer.ExecContext(ctx, d.schema); err != nil {
		return fmt.Errorf("making the tables: %w", err)
	}
	if err = d.checkpoint(ctx); err != nil {
		return err
	}
	if err = syncFolder(filepath.Dir(d.path)); err != nil {
		return err
	}
	return d.openReader()
}

// openReader makes the handle for readers; it connects when somebody reads.
func (d *DB) openReader() error {
	r, err := pool(d.path, false, d.pragmas, d.patience)
	if err != nil {
		return err
	}
	r.SetMaxOpenConns(8)
	r.SetMaxIdleConns(8)
	d.reader.Store(r)
	return nil
}

// checkpoint copies the write-ahead log into the database, fsyncs it and empties
// the log. busy = 0 is the only proof that all that was read is also on disk.
func (d *DB) checkpoint(ctx context.Context) error {
	if d.pragmas.NoCheckpoint {
		return nil
	}
	var busy, frames, copied int
	err := d.writer.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &copied)
	switch {
	case err != nil:
		return fmt.Errorf("the checkpoint that proves the file is on disk: %w", err)
	case busy != 0:
		return errors.New("the checkpoint that proves the file is on disk: somebody keeps reading")
	}
	// SQLite does not fsync the emptying of the log. Until the log is synced again
	// a power cut may bring its old end back, over the newer database; entries
	// answered from there would be gone. One small commit syncs it.
	if _, err := d.writer.ExecContext(ctx, "PRAGMA user_version = 1"); err != nil {
		return fmt.Errorf("the commit that proves the log is empty on disk: %w", err)
	}
	return nil
}

// Alone lends the writer's connection to who reads before anybody else does: a start
// does not open a second one for what nobody can change meanwhile.
func (d *DB) Alone(fn func(*sql.Conn) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.usable(); err != nil {
		return err
	}
	return fn(d.writer)
}

// Read is the handle for readers: they see what is committed and can write
// nothing. After a Reopen it is another one, so do not keep it.
func (d *DB) Read() *sql.DB { return d.reader.Load() }

// Path is the file's name.
func (d *DB) Path() string { return d.path }

// Write runs fn in one transaction, which is on disk, fsynced, when Write
// returns nil. The errors are those of the package's text; fn's own error is
// returned as it is, the transaction rolled back. Cancelling ctx stops a Write
// only before it has begun.
//
// A crash in here leaves the file as before or with the whole transaction.
func (d *DB) Write(ctx context.Context, fn func(*sql.Tx) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.usable(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := d.writer.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return d.broken("beginning a transaction", err)
	}
	defer tx.Rollback() // for a panic in fn; otherwise it is done already
	if err := fn(tx); err != nil {
		tx.Rollback() // its own error is judged by whether a transaction is left
		return d.broken("", err)
	}
	if err := d.commit(tx); err != nil {
		return d.commitFailed(err)
	}
	return nil
}

func (d *DB) usable() error {
	switch {
	case d.end != nil:
		return d.end
	case d.uncertain:
		return fmt.Errorf("%s was not reopened: %w", d.path, ErrUncertain)
	}
	return nil
}

// broken judges an error before the commit.
func (d *DB) broken(doing string, err error) error {
	switch {
	case !d.idle() || isIO(err):
		d.uncertain = true
		return both(ErrUncertain, "writing "+d.path, err)
	case isFull(err):
		return both(ErrFull, "writing "+d.path, err)
	case doing == "":
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// commitFailed judges an error of COMMIT. Only a full disk, met while writing
// and not while syncing, is known to have left nothing.
func (d *DB) commitFailed(err error) error {
	if isFull(err) && d.idle() {
		return both(ErrFull, "committing to "+d.path, err)
	}
	d.uncertain = true
	return both(ErrUncertain, "committing to "+d.path, err)
}

// idle tells whether the writer stands outside any transaction. A ROLLBACK that
// reports an error has often happened all the same; this is what counts.
func (d *DB) idle() bool {
	idle := false
	err := d.writer.Raw(func(c any) error {
		idle = c.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return err == nil && idle
}

// Reopen is the way back from ErrUncertain: close, open, and the checkpoint. If
// it fails twice running it answers ErrEnd, and so does everything after it.
func (d *DB) Reopen(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.end != nil {
		return d.end
	}
	d.uncertain = true
	d.close() // what closing complains of, opening finds again
	err := d.open(ctx)
	if err == nil {
		d.uncertain, d.failed = false, 0
		return nil
	}
	if d.failed++; d.failed >= 2 {
		d.end = both(ErrEnd, "reopening "+d.path, err)
		return d.end
	}
	return both(ErrUncertain, "reopening "+d.path, named("opening", err))
}

// Close lets go of the file.
func (d *DB) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.end == nil {
		d.end = sql.ErrConnDone
	}
	return d.close()
}

func (d *DB) close() error {
	var errs []error
	if r := d.reader.Load(); r != nil {
		errs = append(errs, r.Close())
	}
	if d.writer != nil {
		errs = append(errs, d.writer.Close())
		d.writer = nil
	}
	if d.pool != nil {
		errs = append(errs, d.pool.Close())
		d.pool = nil
	}
	return errors.Join(errs...)
}
