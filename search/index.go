package search

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/mattn/go-sqlite3"

	"phonghop/store"
)

// version of the schema. Any other one in the file means: begin anew.
const version = 1

// The words are cut before they come here, so the plainest tokenizer serves: it
// splits at the spaces we put.
const schema = `
CREATE TABLE IF NOT EXISTS paper (
	id    INTEGER PRIMARY KEY,
	doc   TEXT NOT NULL UNIQUE,
	pages INTEGER -- how many it has, once all of them are in
);
CREATE TABLE IF NOT EXISTS page (
	id     INTEGER PRIMARY KEY,
	paper  INTEGER NOT NULL,
	number INTEGER NOT NULL,
	text   TEXT NOT NULL,
	words  BLOB NOT NULL,
	UNIQUE (paper, number)
);
CREATE VIRTUAL TABLE IF NOT EXISTS word USING fts4(folded, spelt, tokenize=simple, matchinfo=fts3);
`

// probe reads what an index of ours has; other tables of these names fail.
const probe = `SELECT count(*) FROM (SELECT docid FROM word WHERE spelt MATCH '"x"' LIMIT 1)
	LEFT JOIN (SELECT id, number, text, words, pages FROM page LEFT JOIN (SELECT id AS whose, doc, pages FROM paper) ON paper = whose)`

// ErrIncomplete means that Done was told of more pages than are in the index.
var ErrIncomplete = errors.New("search: pages are missing in the index")

// Index is the words of all papers. It may be used by many at once.
type Index struct {
	path string

	mu      sync.RWMutex // held for writing only while the file is opened or begun anew
	handles              // none before the first use, and where beginning anew has failed: it is tried again
	opened  bool
	closed  bool

	life  context.Context // ends with Close, and with it the check
	stop  context.CancelFunc
	check sync.WaitGroup
}

// handles are the connections to the file: one that writes, some that read.
type handles struct{ writer, reader *sql.DB }

// New is the index in a file. The file is opened by whoever first asks for something,
// or begun anew where there is none, where it is damaged, or where another version
// wrote it. From then on the whole of it is checked beside what it is asked: that takes
// seconds for many thousand pages, and a room that starts again during a session has
// none.
func New(path string) *Index {
	life, stop := context.WithCancel(context.Background())
	return &Index{path: path, life: life, stop: stop}
}

// open opens the file, once; where that fails the next who asks tries again.
func (x *Index) open() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.closed:
		return sql.ErrConnDone
	case x.opened:
		return nil
	}
	h, err := open(x.path)
	if foreign(err) {
		h, err = begin(x.path)
	}
	if err != nil {
		return fmt.Errorf("opening the search index: %w", err)
	}
	x.handles, x.opened = h, true
	x.check.Go(x.readThrough)
	return nil
}

// readThrough reads the file to its end; damage ends in a new one.
func (x *Index) readThrough() {
	_ = x.do("checking the search index", func(h handles) error { // whoever asks next meets the same error
		var verdict string
		err := h.reader.QueryRowContext(x.life, "PRAGMA quick_check(1)").Scan(&verdict)
		if err == nil && verdict != "ok" {
			return sqlite3.Error{Code: sqlite3.ErrCorrupt}
		}
		return err
	})
}

// Close lets go of the file.
func (x *Index) Close() error {
	x.stop()
	x.mu.Lock()
	x.closed = true
	x.mu.Unlock()
	x.check.Wait()
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.handles.close()
}

// begin removes the file and makes an empty one.
func begin(path string) (handles, error) {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return handles{}, err
		}
	}
	return open(path)
}

var (
	errVersion = errors.New("another version of the index")
	errNone    = errors.New("the index could not be begun anew")
)

func open(path string) (h handles, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // the texts of papers are not for everybody
	if err != nil {
		return handles{}, err
	}
	f.Close()
	if h.writer, err = connect(path, url.Values{"_journal_mode": {"WAL"}, "_txlock": {"immediate"}}, 1); err != nil {
		return handles{}, err
	}
	if err = prepare(h.writer); err == nil {
		h.reader, err = connect(path, url.Values{"_query_only": {"on"}}, 4)
	}
	if err != nil {
		return handles{}, errors.Join(err, h.close())
	}
	return h, nil
}

func connect(path string, more url.Values, most int) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	more.Set("_synchronous", "NORMAL")
	more.Set("_secure_delete", "on")
	more.Set("_busy_timeout", "10000")
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: abs}).EscapedPath()+"?"+more.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	return db, nil
}

// prepare sees that the file is ours.
func prepare(db *sql.DB) error {
	var found int
	if err := db.QueryRow("PRAGMA user_version").Scan(&found); err != nil {
		return err
	}
	if found != 0 && found != version {
		return errVersion
	}
	if _, err := db.Exec(schema + fmt.Sprintf("PRAGMA user_version = %d;", version)); err != nil {
		return err
	}
	return db.QueryRow(probe).Scan(&found)
}

func (h handles) close() error {
	var errs []error
	for _, db := range []*sql.DB{h.reader, h.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// damaged tells an error that only a new file can end.
func damaged(err error) bool {
	var e sqlite3.Error
	if errors.As(err, &e) {
		return e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB
	}
	return errors.Is(err, errNone)
}

// foreign tells, while opening, a file that is not an index of ours: damaged, of
// another version, or with other tables.
func foreign(err error) bool {
	var e sqlite3.Error
	return damaged(err) || errors.Is(err, errVersion) || errors.As(err, &e) && e.Code == sqlite3.ErrError
}

// do runs fn on the file; one that turns out to be damaged is begun anew and fn
// runs again, on the empty one.
func (x *Index) do(doing string, fn func(handles) error) error {
	h, err := x.once(fn)
	if damaged(err) {
		if err = x.renew(h); err == nil {
			_, err = x.once(fn)
		}
	}
	if err == nil {
		return nil
	}
	var e sqlite3.Error
	if errors.As(err, &e) && e.Code == sqlite3.ErrFull {
		return fmt.Errorf("%s: %w: %w", doing, store.ErrFull, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func (x *Index) once(fn func(handles) error) (handles, error) {
	x.mu.RLock()
	if !x.opened {
		x.mu.RUnlock()
		if err := x.open(); err != nil {
			return handles{}, err
		}
		x.mu.RLock()
	}
	defer x.mu.RUnlock()
	if x.writer == nil {
		return handles{}, errNone
	}
	return x.handles, fn(x.handles)
}

// renew begins the file anew, unless somebody else has done so since.
func (x *Index) renew(bad handles) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return sql.ErrConnDone
	}
	if x.handles != bad {
		return nil
	}
	x.handles.close() // what it complains of is what led here
	var err error
	if x.handles, err = begin(x.path); err != nil {
		return fmt.Errorf("%w: %w", errNone, err)
	}
	return nil
}

// write runs fn in one transaction.
func (x *Index) write(ctx context.Context, doing string, fn func(*sql.Tx) error) error {
	return x.do(doing, func(h handles) error {
		tx, err := h.writer.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}
