package store

import (
	"context"
	"database/sql"
	"sync"
)

// Later is a DB that is opened, or made, by whoever first asks for it: a room's start
// waits for no file that its first page does not need.
type Later struct {
	path, schema string

	mu     sync.Mutex // held while the file is opened
	db     *DB
	closed bool
}

// OpenLater names the file and touches nothing yet.
func OpenLater(path, schema string) *Later { return &Later{path: path, schema: schema} }

// DB is the open file. Where opening failed the next who asks tries again: a full disk
// may have room by then. After Close it answers sql.ErrConnDone.
func (l *Later) DB(ctx context.Context) (*DB, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, sql.ErrConnDone
	}
	if l.db == nil {
		db, err := Open(context.WithoutCancel(ctx), l.path, l.schema)
		if err != nil {
			return nil, err
		}
		l.db = db
	}
	return l.db, nil
}

// Read is DB.Read of the open file.
func (l *Later) Read(ctx context.Context) (*sql.DB, error) {
	db, err := l.DB(ctx)
	if err != nil {
		return nil, err
	}
	return db.Read(), nil
}

// Write is DB.Write to the open file.
func (l *Later) Write(ctx context.Context, fn func(*sql.Tx) error) error {
	db, err := l.DB(ctx)
	if err != nil {
		return err
	}
	return db.Write(ctx, fn)
}

// Path is the file's name.
func (l *Later) Path() string { return l.path }

// Close lets go of the file.
func (l *Later) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.db == nil {
		return nil
	}
	return l.db.Close()
}
