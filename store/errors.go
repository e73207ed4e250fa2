package store

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

var (
	// ErrFull means the disk is full. What was being written is gone as a whole
	// and nothing is uncertain.
	ErrFull = errors.New("the disk is full")
	// ErrUncertain means a commit may or may not be on disk. Answer nobody, and
	// call Reopen.
	ErrUncertain = errors.New("it is uncertain whether the last commit is on disk")
	// ErrEnd means the file cannot be trusted any more. It stays so until the
	// program is started again.
	ErrEnd = errors.New("the database can no longer be written safely")
	// ErrReadOnly is the answer to a write on a database opened for reading.
	ErrReadOnly = errors.New("the database was opened for reading only")
	// ErrLocked means another process holds the data folder.
	ErrLocked = errors.New("the data folder is in use by another process")
)

// both gives err a name callers can test for, without losing err itself.
func both(name error, doing string, err error) error {
	return fmt.Errorf("%s: %w: %w", doing, name, err)
}

func sqliteCode(err error) sqlite3.ErrNo {
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return e.Code
	}
	return 0
}

// isFull is true only for a write the disk had no room for. SQLite reports an
// fsync that failed for lack of space as an I/O error, and rightly so: that one
// is uncertain.
func isFull(err error) bool {
	if code := sqliteCode(err); code != 0 {
		return code == sqlite3.ErrFull
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

func isIO(err error) bool { return sqliteCode(err) == sqlite3.ErrIoErr }

// Full names a full disk as ErrFull, whoever wrote to it. Another error comes back
// as it is.
func Full(err error) error {
	if errors.Is(err, ErrFull) || !isFull(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrFull, err)
}

// named wraps a file error, as ErrFull where that is what it was.
func named(doing string, err error) error {
	if isFull(err) {
		return both(ErrFull, doing, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
