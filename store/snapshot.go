package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
)

// Snapshot copies a database as it is at one moment into a new file, beside
// whoever writes to it. The copy is not synced: whoever keeps it does that.
func Snapshot(ctx context.Context, from, to string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	in, err := bare("file:" + from + "?mode=ro&_busy_timeout=10000")
	if err != nil {
		return named("copying "+from, err)
	}
	defer in.Close()
	out, err := bare("file:" + to + "?mode=rwc")
	if err != nil {
		return named("copying "+from, err)
	}
	if err := errors.Join(copyAll(out, in), out.Close()); err != nil {
		return named("copying "+from, err)
	}
	return nil
}

func bare(dsn string) (*sqlite3.SQLiteConn, error) {
	var c driver.Conn
	c, err := (&sqlite3.SQLiteDriver{}).Open(dsn)
	if err != nil {
		return nil, err
	}
	return c.(*sqlite3.SQLiteConn), nil
}

// copyAll takes every page in one step, under one read lock.
func copyAll(out, in *sqlite3.SQLiteConn) error {
	b, err := out.Backup("main", in, "main")
	if err != nil {
		return err
	}
	done, err := b.Step(-1)
	if err == nil && !done {
		err = fmt.Errorf("it could not be copied in one step")
	}
	return errors.Join(err, b.Finish())
}
