package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"phonghop/meeting"
	"phonghop/store"
)

// making marks a folder whose demo is being made. One that is found at a start
// was cut off; nobody has used what lies there.
const making = "making"

// stagedClock is the room's wall clock. While the demo's session is made it
// stands where the session's story is; otherwise it is the time.
type stagedClock struct{ at atomic.Pointer[time.Time] }

func (c *stagedClock) now() time.Time {
	if at := c.at.Load(); at != nil {
		return *at
	}
	return time.Now()
}

// checkFolder refuses to begin a demo beside something else. A journal that is there
// says itself of which sort it is, when it is opened.
func checkFolder(dir string, demo bool) error {
	if _, err := os.Stat(filepath.Join(dir, "journal.db")); demo && errors.Is(err, fs.ErrNotExist) {
		return checkEmpty(dir)
	}
	return nil
}

var (
	errOtherSort = errors.New("thư mục này không dùng được: phiên mẫu và phòng thật không dùng chung thư mục (a demo and a real room never share a folder)")
	errNotEmpty  = errors.New("thư mục này không trống và không phải của phiên mẫu (this folder is neither empty nor a demo's)")
)

// checkEmpty refuses a folder that holds anything but what a demo that was cut
// off at its very beginning leaves.
func checkEmpty(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("looking into the data folder: %w", err)
	}
	for _, f := range list {
		if !slices.Contains([]string{"lock", "control", "reserve", "keys", making}, f.Name()) {
			return &usageError{fmt.Errorf("%s: %w", dir, errNotEmpty)}
		}
	}
	return nil
}

// clearUnfinished removes a demo that was cut off while it was made.
func clearUnfinished(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, making)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, name := range []string{"journal.db*", "access.db*", "keys", "documents", "tls", receiptsFile + "*", "search.db*", "drafts.db*", "inbox", "cache", seatsFile} {
		found, err := filepath.Glob(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("clearing an unfinished demo: %w", err)
		}
		for _, path := range found {
			if err := os.RemoveAll(path); err != nil {
				return fmt.Errorf("clearing an unfinished demo: %w", err)
			}
		}
	}
	return store.Remove(filepath.Join(dir, making))
}

// beginDemo makes session 47 where there is none, or where it has been closed;
// else it goes on.
func (h *house) beginDemo(ctx context.Context) (err error) {
	switch h.room.State().Session.Phase() {
	case meeting.Nothing, meeting.Closed, meeting.Sealed:
		if err := h.makeDemo(ctx); err != nil {
			return fmt.Errorf("making the demo: %w", err)
		}
	}
	h.seats, err = h.readSeats()
	if errors.Is(err, fs.ErrNotExist) {
		err = h.issueSeats(ctx)
	}
	return err
}

func (h *house) makeDemo(ctx context.Context) error {
	mark := filepath.Join(h.dir, making)
	if err := store.WriteFile(mark, nil, 0o600); err != nil {
		return err
	}
	defer h.clock.at.Store(nil)
	if err := h.playDemo(ctx); err != nil {
		return err
	}
	h.clock.at.Store(nil)
	if err := h.issueSeats(ctx); err != nil {
		return err
	}
	return store.Remove(mark)
}
