package journal

import (
	"context"
	"database/sql"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

type tx = *sql.Tx

// schema is explained in doc.go; a stranger reads the tables from there.
const schema = `
CREATE TABLE IF NOT EXISTS log (
	n    INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS entry (
	log  INTEGER NOT NULL REFERENCES log,
	seq  INTEGER NOT NULL,
	id   TEXT NOT NULL,
	line BLOB NOT NULL,
	PRIMARY KEY (log, seq),
	UNIQUE (log, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS body (
	log  INTEGER NOT NULL,
	seq  INTEGER NOT NULL,
	salt BLOB NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (log, seq),
	FOREIGN KEY (log, seq) REFERENCES entry
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS node (
	log  INTEGER NOT NULL REFERENCES log,
	n    INTEGER NOT NULL,
	hash BLOB NOT NULL,
	PRIMARY KEY (log, n)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint (
	log   INTEGER NOT NULL REFERENCES log,
	epoch INTEGER NOT NULL,
	size  INTEGER NOT NULL,
	note  BLOB NOT NULL,
	PRIMARY KEY (log, epoch)
) WITHOUT ROWID;
`

// insert collects rows of one table and writes many with one statement, so that
// a batch costs few calls. The few texts it makes are kept prepared by the driver.
type insert struct {
	into string
	cols int
	args []any
}

const manyRows = 32

func (i *insert) add(args ...any) { i.args = append(i.args, args...) }

func (i *insert) run(ctx context.Context, t tx) error {
	for args := i.args; len(args) > 0; {
		rows := 1
		if len(args) >= manyRows*i.cols {
			rows = manyRows
		}
		if _, err := t.ExecContext(ctx, i.text(rows), args[:rows*i.cols]...); err != nil {
			return err
		}
		args = args[rows*i.cols:]
	}
	return nil
}

func (i *insert) text(rows int) string {
	row := "(?" + strings.Repeat(",?", i.cols-1) + ")"
	return "INSERT INTO " + i.into + " VALUES " + row + strings.Repeat(","+row, rows-1)
}

// source is whatever can be asked: the read handle, or one transaction of it.
type source interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// nodes reads a log's tree from the database.
func nodes(ctx context.Context, from source, log int64) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, n := range indexes {
			var h []byte
			if err := from.QueryRowContext(ctx, `SELECT hash FROM node WHERE log = ? AND n = ?`, log, n).Scan(&h); err != nil {
				return nil, err
			}
			copy(hashes[i][:], h)
		}
		return hashes, nil
	}
}
