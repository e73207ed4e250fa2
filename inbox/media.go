package inbox

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"phonghop/meeting"
	"phonghop/store"
)

const (
	mediumDeep = 4   // folders looked into on a drive
	mediumMost = 200 // papers taken from one
	mediumLook = 20_000
)

// Medium is a USB drive that is plugged in. Nothing on it is ever run, and
// nothing is ever written to it.
type Medium struct {
	Name, Path string
	Files      int   // that look like papers
	Free       int64 // bytes free in the inbox, where they would go
}

// Media lists what is mounted where drives are.
func (in *Inbox) Media() []Medium {
	points, err := mountPoints(in.c.Mountinfo)
	if err != nil {
		in.c.Log.Warn("drives cannot be listed", "err", err)
		return nil
	}
	free, _ := store.Free(in.c.Dir)
	var out []Medium
	for _, point := range points {
		if in.forMedia(point) && !slices.ContainsFunc(out, func(m Medium) bool { return m.Path == point }) {
			name, _ := eyeName(filepath.Base(point))
			out = append(out, Medium{Name: name, Path: point, Files: len(papersOn(point)), Free: int64(free)})
		}
	}
	return out
}

func (in *Inbox) forMedia(point string) bool {
	return slices.ContainsFunc(in.c.Media, func(root string) bool {
		return point == root || strings.HasPrefix(point, strings.TrimSuffix(root, "/")+"/")
	})
}

// papersOn are the files of a drive that are called as papers are, by their path
// on it. Links are not followed, and no drive is searched without end.
func papersOn(point string) []string {
	var out []string
	looked := 0
	_ = filepath.WalkDir(point, func(path string, d fs.DirEntry, err error) error {
		looked++
		switch {
		case looked > mediumLook || len(out) >= mediumMost:
			return filepath.SkipAll
		case err != nil:
			return nil //nolint:nilerr // a drive may be half readable
		case path != point && ignored(d.Name()):
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		below := strings.TrimPrefix(strings.TrimPrefix(path, point), "/")
		if d.IsDir() && strings.Count(below, "/") >= mediumDeep {
			return filepath.SkipDir
		}
		ext := strings.ToLower(filepath.Ext(below))
		if d.Type().IsRegular() && ext != "" && strings.Contains(endings, " "+ext+" ") {
			out = append(out, below)
		}
		return nil
	})
	return out
}

// TakeFrom copies the papers of a drive into an item's folder, where they are
// dealt with like any others. Files that are there already are left out, so that
// it may be asked again after a drive was pulled out.
func (in *Inbox) TakeFrom(ctx context.Context, path string, item meeting.ItemID) error {
	points, err := mountPoints(in.c.Mountinfo)
	if err != nil {
		return err
	}
	if !slices.Contains(points, path) || !in.forMedia(path) {
		return ErrNoMedium
	}
	in.mu.Lock()
	session := in.session
	in.mu.Unlock()
	dir, err := in.folderOf(session, item)
	if err != nil {
		return err
	}
	defer signal(in.kicked)
	var failed error
	for _, name := range papersOn(path) {
		err := in.takeOne(ctx, path, name, dir)
		if errors.Is(err, store.ErrFull) || ctx.Err() != nil {
			return err
		}
		if err != nil {
			in.c.Log.Error("a file of a drive could not be read", "drive", path, "file", name, "err", err)
			failed = err
		}
	}
	return failed
}

func (in *Inbox) takeOne(ctx context.Context, point, name, dir string) error {
	f, err := openBelow(point, name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	file := filepath.Base(name)
	there, err := os.Lstat(filepath.Join(dir, uploadName(file)))
	switch {
	case err == nil && there.Size() == info.Size():
		return nil
	case info.Size() > in.c.Most:
		in.c.Log.Warn("a file of a drive is too large", "drive", point, "file", name, "size", info.Size())
		return fmt.Errorf("%w: %s", ErrTooLarge, name)
	}
	part := filepath.Join(in.c.Dir, fmt.Sprintf(".usb-%x.part", sha256.Sum256([]byte(point+"/"+name))))
	if _, err := store.WriteFrom(part, store.UntilDone(ctx, f), 0o660); err != nil {
		return fmt.Errorf("taking %s from a drive: %w", name, store.Full(err))
	}
	in.c.Log.Info("a file is taken from a drive", "drive", point, "file", name, "size", info.Size())
	return in.deliver(part, dir, file, origin{From: "usb", File: uploadName(file)})
}
