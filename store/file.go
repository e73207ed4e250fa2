package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// WriteFile puts data at path so that a power cut leaves the old content or the
// new, never a part, and after it has returned nil: the new. Missing folders are
// made, as durably.
//
// System calls: openat(O_CREAT|O_EXCL) of a temporary name beside path, write,
// fchmod, fsync, close, renameat, open of the folder, fsync of the folder, close.
// A crash before the rename leaves a stray ".tmp-*"; nothing reads those.
func WriteFile(path string, data []byte, perm fs.FileMode) error {
	_, err := WriteFrom(path, bytes.NewReader(data), perm)
	return err
}

// WriteFrom is WriteFile for a stream; it tells how many bytes came.
func WriteFrom(path string, r io.Reader, perm fs.FileMode) (n int64, err error) {
	dir := filepath.Dir(path)
	if err := makeFolder(dir); err != nil {
		return 0, err
	}
	f, err := os.CreateTemp(dir, ".tmp-*")
	if err != nil {
		return 0, named("writing "+path, err)
	}
	n, err = fill(f, r, perm)
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return n, named("writing "+path, errors.Join(err, os.Remove(f.Name())))
	}
	return n, syncFolder(dir)
}

// UntilDone reads from r until ctx is done: a copy stops when its asker has gone.
func UntilDone(ctx context.Context, r io.Reader) io.Reader { return untilDone{ctx, r} }

type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// fill writes, syncs and closes the temporary file.
func fill(f *os.File, r io.Reader, perm fs.FileMode) (int64, error) {
	n, err := io.Copy(f, r)
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	return n, errors.Join(err, f.Close())
}

// Adopt makes a file that was written beside path, on the same disk, durable
// under that name. The caller still closes f.
//
// System calls: fchmod, fsync, renameat, open of the folder, fsync of the folder,
// close. A crash before the rename leaves f under its old name.
func Adopt(f *os.File, path string, perm fs.FileMode) error {
	dir := filepath.Dir(path)
	if err := makeFolder(dir); err != nil {
		return err
	}
	err := f.Chmod(perm)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return named("keeping "+path, err)
	}
	return syncFolder(dir)
}

// makeFolder makes dir and what is missing above it, for the owner only: withheld
// texts lie in there. Each new name is fsynced
// in the folder that holds it.
func makeFolder(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is a file, not a folder", dir)
		}
		return nil
	}
	parent := filepath.Dir(dir)
	if parent == dir {
		return fmt.Errorf("there is no folder %s", dir)
	}
	if err := makeFolder(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return named("making the folder "+dir, err)
	}
	return syncFolder(parent)
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("syncing the folder %s: %w", dir, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("syncing the folder %s: %w", dir, err)
	}
	return nil
}

// Remove deletes a file durably. A file that is not there is no error.
func Remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing %s: %w", path, err)
	}
	return syncFolder(filepath.Dir(path))
}

// Free tells how many bytes an ordinary user can still write where path lies.
func Free(path string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return 0, fmt.Errorf("asking for free space at %s: %w", path, err)
	}
	return s.Bavail * uint64(s.Bsize), nil
}
