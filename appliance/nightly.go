package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"phonghop/backup"
	"phonghop/meeting"
)

const (
	nightly     = 2 // o'clock, by the box
	backupsKept = 14
)

// backups makes a backup into a folder (a second disk) when a session has closed
// and each night in which something is new, and keeps the newest fourteen.
type backups struct {
	h    *house
	dir  string
	stop context.CancelFunc
	all  sync.WaitGroup

	mu   sync.Mutex
	last backup.Info
	err  error
	at   time.Time // of the last try
}

// backUpTo begins; "" is no second disk. A recovery key that was never made is
// said in the log each time: without it nothing can be backed up.
func (h *house) backUpTo(dir string) {
	ctx, stop := context.WithCancel(context.Background())
	h.backups = &backups{h: h, dir: dir, stop: stop}
	if dir == "" {
		return
	}
	h.backups.all.Go(func() { h.backups.run(ctx) })
	h.closing(func() error { stop(); h.backups.all.Wait(); return nil })
}

func (b *backups) run(ctx context.Context) {
	done := int64(-1) // the journal's size when it was backed up last
	closed := b.h.room.State().Session.Phase() == meeting.Closed
	for {
		s := b.h.room.State()
		now := s.Session.Phase() == meeting.Closed
		if s.Journal != done && now && !closed {
			done = b.make(ctx, s.Journal, done)
		}
		closed = now
		wait := time.NewTimer(untilNight(time.Now()))
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-s.Superseded():
			wait.Stop()
		case <-wait.C:
			if s := b.h.room.State(); s.Journal != done {
				done = b.make(ctx, s.Journal, done)
			}
		}
	}
}

func untilNight(now time.Time) time.Duration {
	next := time.Date(now.Year(), now.Month(), now.Day(), nightly, 0, 0, 0, now.Location())
	if !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	return next.Sub(now)
}

// make makes one and tells how far the journal is backed up then.
func (b *backups) make(ctx context.Context, journal, before int64) int64 {
	info, err := backup.Write(ctx, b.h.dir, filepath.Join(b.dir, backupName(time.Now())), time.Now())
	if err == nil {
		err = b.prune()
	}
	b.mu.Lock()
	b.err, b.at = err, time.Now()
	if info.Path != "" {
		b.last = info
	}
	b.mu.Unlock()
	if err != nil {
		b.h.log.Error("backing up", "to", b.dir, "err", err)
		return before
	}
	b.h.log.Info("backed up and tried", "file", info.Path, "bytes", info.Bytes, "entries", info.Entries)
	return journal
}

// prune removes the oldest backups beyond those kept.
func (b *backups) prune() error {
	list, err := os.ReadDir(b.dir)
	if err != nil {
		return fmt.Errorf("looking for old backups: %w", err)
	}
	var ours []string
	for _, f := range list {
		if strings.HasPrefix(f.Name(), "phonghop-") && strings.HasSuffix(f.Name(), backupEnding) {
			ours = append(ours, f.Name())
		}
	}
	slices.Sort(ours)
	var errs []error
	for len(ours) > backupsKept {
		errs = append(errs, os.Remove(filepath.Join(b.dir, ours[0])))
		ours = ours[1:]
	}
	return errors.Join(errs...)
}
