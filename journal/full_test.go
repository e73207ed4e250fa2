package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"phonghop/store"
)

// A small disk fills up while a session goes on. Each batch is whole or gone,
// nothing is uncertain, what was acknowledged is read, and when the reserve has
// been given up the session can be closed.
func TestDiskFull(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PHONGHOP_TEST_FULL="+t.TempDir())
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	err := cmd.Run()
	exit, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case err != nil && !ended || ended && exit.ExitCode() == noDisk:
		const how = "a small disk needs user namespaces: sysctl -w kernel.unprivileged_userns_clone=1, or run as root (%v)"
		if os.Getenv("CI") == "true" {
			t.Fatalf(how, err)
		}
		t.Skipf(how, err)
	case err != nil:
		t.Errorf("%v\n%s", err, &out)
	}
}

const noDisk = 77 // the child could not mount anything

// fillDisk is the child: it mounts a disk of 3 MB on dir and fills it.
func fillDisk(dir string) error {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(noDisk)
	}
	ctx := context.Background()
	reserve, err := store.OpenReserve(dir, 1<<20)
	if err != nil || !reserve.Held() {
		return fmt.Errorf("the reserve: %v", err)
	}
	key, err := OpenKey(dir)
	if err != nil {
		return err
	}
	c := Config{Path: filepath.Join(dir, "journal.db"), Key: key}
	j, err := Open(ctx, c)
	if err != nil {
		return err
	}
	n, err := commitUntil(ctx, j, 0)
	if !errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrUncertain) || n < 20 {
		return fmt.Errorf("after %d entries: %w", n, err)
	}
	if m, err := commitUntil(ctx, j, n); m-n > 20 || !errors.Is(err, store.ErrFull) {
		return fmt.Errorf("the disk was full and took %d more: %w", m-n, err)
	}
	if err := intact(ctx, j, n); err != nil {
		return err
	}
	return afterwards(ctx, j, c, reserve)
}

// commitUntil commits batches of five until one fails; it tells how many entries
// there are.
func commitUntil(ctx context.Context, j *Journal, n int) (int, error) {
	for {
		b := j.Begin()
		for i := range 5 {
			d := ballot(n + i)
			d.Body = bytes.Repeat([]byte{byte(i)}, 3000)
			if _, err := b.Add(session, d); err != nil {
				return n, err
			}
		}
		if err := b.Commit(ctx); err != nil {
			return n, err
		}
		n += 5
	}
}

func intact(ctx context.Context, j *Journal, atLeast int) error {
	if _, err := j.Verify(ctx); err != nil {
		return err
	}
	if n := j.Logs()[0].Size; n < int64(atLeast) {
		return fmt.Errorf("%d entries of %d acknowledged", n, atLeast)
	}
	return nil
}

// afterwards gives the reserve up, closes the session, and starts anew.
func afterwards(ctx context.Context, j *Journal, c Config, reserve *store.Reserve) error {
	if err := reserve.Release(); err != nil {
		return err
	}
	b := j.Begin()
	if _, err := b.Add(session, Draft{ID: "close", Kind: "SessionClosed", At: at(0)}); err != nil {
		return err
	}
	if err := b.Commit(ctx); err != nil {
		return fmt.Errorf("closing with the reserve given up: %w", err)
	}
	size := int(j.Logs()[0].Size)
	if err := j.Close(); err != nil {
		return err
	}
	j, err := Open(ctx, c)
	if err != nil {
		return err
	}
	defer j.Close()
	return intact(ctx, j, size)
}
