package checkup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

const (
	syncTries = 20
	syncBytes = 4096 // a page of the record's
)

func lookAtDisk(data string) (d Disk) {
	var s unix.Statfs_t
	if err := unix.Statfs(data, &s); err != nil {
		d.Err = fmt.Errorf("asking for free space: %w", err)
		return d
	}
	d.Free, d.Total = s.Bavail*uint64(s.Bsize), s.Blocks*uint64(s.Bsize)
	d.Memory = s.Type == unix.TMPFS_MAGIC || s.Type == unix.RAMFS_MAGIC
	_, err := os.Stat(filepath.Join(data, "reserve"))
	d.Reserve = err == nil
	d.Sync, _ = syncSpeed(data) // not to be allowed to write is said of the speed
	return d
}

// syncSpeed appends to a file of its own, makes each piece last, and answers how
// long the middle one took. A crash here leaves a small file that nothing reads.
func syncSpeed(dir string) (middle time.Duration, err error) {
	f, err := os.CreateTemp(dir, ".checkup-*")
	if err != nil {
		return 0, fmt.Errorf("timing the disk: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	var took []time.Duration
	for range syncTries {
		began := time.Now()
		if _, err := f.Write(make([]byte, syncBytes)); err != nil {
			return 0, fmt.Errorf("timing the disk: %w", err)
		}
		if err := f.Sync(); err != nil {
			return 0, fmt.Errorf("timing the disk: %w", err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return max(took[syncTries/2], 1), nil
}
