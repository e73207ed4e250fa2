package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
)

// Reserve is space laid aside, as a file named "reserve", to be given up when
// the disk is full, so that a session can still be closed and taken along.
type Reserve struct {
	path string
	size int64

	mu   sync.Mutex
	held bool
}

// OpenReserve lays size bytes aside in dir, or finds them there. On a full disk
// it succeeds without holding anything: a room must start all the same.
func OpenReserve(dir string, size int64) (*Reserve, error) {
	r := &Reserve{path: filepath.Join(dir, "reserve"), size: size}
	if info, err := os.Stat(r.path); err == nil && info.Size() == size {
		r.held = true
		return r, nil
	}
	if err := r.Refill(); err != nil && !errors.Is(err, ErrFull) {
		return nil, err
	}
	return r, nil
}

// Held tells whether the space is laid aside now.
func (r *Reserve) Held() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.held
}

// Release gives the space up. Doing so twice is no error.
func (r *Reserve) Release() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := Remove(r.path); err != nil {
		return err
	}
	r.held = false
	return nil
}

// Refill lays the space aside again. It answers ErrFull unless as much again
// would stay free, so that it never takes what a session needs.
func (r *Reserve) Refill() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held {
		return nil
	}
	if err := Remove(r.path); err != nil { // left over, of another size
		return err
	}
	free, err := Free(filepath.Dir(r.path))
	if err != nil {
		return err
	}
	if free < 2*uint64(r.size) {
		return fmt.Errorf("laying %d bytes aside: %w", r.size, ErrFull)
	}
	if err := r.allocate(); err != nil {
		return named("laying space aside", errors.Join(err, Remove(r.path)))
	}
	r.held = true
	return nil
}

// allocate makes the file of real blocks, not of a hole.
func (r *Reserve) allocate() error {
	f, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = unix.Fallocate(int(f.Fd()), 0, 0, r.size)
	if errors.Is(err, unix.EOPNOTSUPP) {
		err = writeZeros(f, r.size)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func writeZeros(f *os.File, size int64) error {
	block := make([]byte, 1<<16)
	for size > 0 {
		n, err := f.Write(block[:min(size, int64(len(block)))])
		if err != nil {
			return err
		}
		size -= int64(n)
	}
	return nil
}
