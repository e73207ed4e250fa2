package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// Pragmas weaken a database. The zero value weakens nothing and is what every
// program uses; the rest exists for the fault harness, which must show that
// without these two rules acknowledged entries are lost.
type Pragmas struct {
	Synchronous  string // "" is FULL
	NoCheckpoint bool   // opening and reopening do not demand the checkpoint
}

func (p Pragmas) synchronous() string {
	if p.Synchronous == "" {
		return "FULL"
	}
	return strings.ToUpper(p.Synchronous)
}

// connector opens connections that have asserted what they promise. It stands in
// place of a registered driver name, so nothing global is touched.
type connector struct {
	dsn string
	drv *sqlite3.SQLiteDriver
}

func (c *connector) Connect(context.Context) (driver.Conn, error) { return c.drv.Open(c.dsn) }
func (c *connector) Driver() driver.Driver                        { return c.drv }

// patience is how long a connection waits for others, in milliseconds; for the
// checkpoint, until readers are done with what they were reading.
const patience = 10_000

func pool(path string, writer bool, p Pragmas, patience int) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	q := url.Values{
		"_busy_timeout": {strconv.Itoa(patience)}, "_foreign_keys": {"on"}, "_secure_delete": {"on"},
		"_synchronous": {p.synchronous()}, "_stmt_cache_size": {"32"},
	}
	want := map[string]string{"foreign_keys": "1", "synchronous": level(p.synchronous()), "journal_mode": "wal"}
	if writer {
		q.Set("_journal_mode", "WAL")
		q.Set("_txlock", "immediate")
	} else {
		q.Set("mode", "rw")
		q.Set("_query_only", "on")
		want["query_only"] = "1"
	}
	dsn := "file:" + (&url.URL{Path: abs}).EscapedPath() + "?" + q.Encode()
	hook := func(c *sqlite3.SQLiteConn) error { return assert(c, want) }
	return sql.OpenDB(&connector{dsn, &sqlite3.SQLiteDriver{ConnectHook: hook}}), nil
}

// level is how PRAGMA synchronous answers.
func level(synchronous string) string {
	return map[string]string{"OFF": "0", "NORMAL": "1", "FULL": "2", "EXTRA": "3"}[synchronous]
}

// assert asks the connection itself what it will do.
func assert(c *sqlite3.SQLiteConn, want map[string]string) error {
	for name, value := range want {
		got, err := pragma(c, name)
		if err != nil {
			return fmt.Errorf("asking for %s: %w", name, err)
		}
		if got != value {
			return fmt.Errorf("the connection has %s=%s, not %s", name, got, value)
		}
	}
	return nil
}

func pragma(c *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := c.Query("PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	row := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(row); errors.Is(err, io.EOF) || len(row) == 0 {
		return "", fmt.Errorf("no answer")
	} else if err != nil {
		return "", err
	}
	return fmt.Sprint(row[0]), nil
}
