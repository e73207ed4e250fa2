package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Folder is a data folder held by this process; nobody else writes in it.
type Folder struct {
	dir  string
	lock *os.File
}

// LockFolder makes dir if it is missing and takes its lock, the file "lock". It
// answers ErrLocked at once if another process has it. The system lets go of the
// lock when the process ends, however it ends.
func LockFolder(dir string) (*Folder, error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, named("locking "+dir, err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = ErrLocked
		}
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	return &Folder{dir, f}, nil
}

// Dir is the folder's name.
func (f *Folder) Dir() string { return f.dir }

// Close gives the folder up. The file "lock" stays: removing it would let two
// processes hold two locks of one name.
func (f *Folder) Close() error { return f.lock.Close() }
