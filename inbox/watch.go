package inbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"phonghop/meeting"
)

const (
	gather  = 50 * time.Millisecond  // events are gathered before the folder is looked at
	notice  = 250 * time.Millisecond // between two looks at a room that keeps changing
	deepest = 8                      // folders within folders
	mostIn  = 5000                   // files looked at in one session's folder
)

// inode tells a folder from another that came in its place, as a mount does.
type inode struct{ dev, ino uint64 }

// watch looks at the folder when the system says something happened in it, when
// a mount came or went, when the room changed, when a file may have settled, and
// every few seconds all the same.
func (in *Inbox) watch() {
	due := time.NewTimer(0)
	defer due.Stop()
	rescan := time.NewTicker(in.c.Quiet.Rescan)
	defer rescan.Stop()
	state := in.c.Room.State()
	acts, at := state.Acts, time.Now()
	for {
		wait := gather
		select {
		case <-in.ctx.Done():
			return
		case e := <-in.events.Events:
			if e.Op == fsnotify.Chmod {
				wait = in.c.Quiet.Complete
			}
		case err := <-in.events.Errors:
			in.complain(err)
			wait = 0
		case <-in.mounts.changed:
			in.c.Log.Info("a drive came or went; the inbox is looked at again")
		case <-in.kicked:
			wait = 0
		case <-rescan.C:
			wait = 0
		case <-state.Superseded():
			state = in.c.Room.State()
			if state.Acts == acts {
				continue
			}
			acts, wait = state.Acts, notice
		case <-due.C:
			in.follow()
			in.scan()
			signal(in.dirty)
			wait, at = in.next(), time.Now().Add(in.c.Quiet.Rescan)
		}
		if soon := time.Now().Add(wait); soon.Before(at) { // what comes meanwhile never puts a look off
			at = soon
		}
		due.Reset(time.Until(at))
	}
}

// next is when a file may have settled.
func (in *Inbox) next() time.Duration {
	in.mu.Lock()
	defer in.mu.Unlock()
	wait := in.c.Quiet.Rescan
	for _, f := range in.files {
		if left, ok := in.settlesIn(f); ok {
			wait = min(wait, left)
		}
	}
	return max(wait, time.Millisecond)
}

func (in *Inbox) complain(err error) {
	if errors.Is(err, fsnotify.ErrEventOverflow) {
		in.c.Log.Warn("more happened in the inbox than was told; it is looked at whole")
		return
	}
	in.c.Log.Warn("watching the inbox", "err", err)
}

// scan looks at everything in the session's folder.
func (in *Inbox) scan() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.root == "" {
		return
	}
	w := walk{in: in, seen: map[string]bool{}, dirs: map[string]bool{}}
	w.folder(in.root, 0)
	for path, f := range in.files {
		if !w.seen[path] {
			in.forget(path, f)
		}
	}
	for dir := range in.watched {
		if !w.dirs[dir] {
			in.unwatch(dir)
		}
	}
	in.settleAll()
}

// forget drops a file that is gone. What became of its bytes stays. mu is held.
func (in *Inbox) forget(path string, f *file) {
	if len(f.arrivals) > 0 || f.stage == pending {
		in.c.Log.Info("a file left the inbox", "file", path)
	}
	delete(in.files, path)
}

type walk struct {
	in         *Inbox
	seen, dirs map[string]bool
}

// folder watches a folder before it reads it, so that what comes in between is
// told. Links to folders are shown, never entered. mu of the inbox is held.
func (w *walk) folder(dir string, depth int) {
	w.dirs[dir] = true
	w.in.observe(dir)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.in.c.Log.Warn("a folder of the inbox cannot be read", "folder", dir, "err", err)
	}
	for _, e := range entries {
		if ignored(e.Name()) || len(w.seen) >= mostIn {
			continue
		}
		path := filepath.Join(dir, e.Name())
		switch {
		case !e.IsDir():
			w.one(path)
		case depth < deepest:
			w.folder(path, depth+1)
		}
	}
}

func (w *walk) one(path string) {
	info, err := os.Lstat(path)
	if err != nil {
		return // it left between two calls; nothing to say
	}
	if t := info.Mode().Type(); t != 0 && t != fs.ModeSymlink {
		return // a pipe or a device
	}
	below := strings.TrimPrefix(path, w.in.root+"/")
	w.seen[below] = true
	w.in.meet(below, looksOf(info))
}

// observe keeps a folder under watch, again where another came in its place.
// mu is held.
func (in *Inbox) observe(dir string) {
	info, err := os.Lstat(dir)
	if err != nil {
		return
	}
	id := looksOf(info).inode
	if in.watched[dir] == id {
		return
	}
	in.unwatch(dir)
	if err := in.events.Add(dir); err != nil {
		in.c.Log.Warn("a folder of the inbox cannot be watched; it is looked at from time to time", "folder", dir, "err", err)
		return
	}
	in.watched[dir] = id
}

// unwatch lets go of a folder; one that is gone has let go by itself.
func (in *Inbox) unwatch(dir string) {
	if _, ok := in.watched[dir]; ok {
		_ = in.events.Remove(dir)
		delete(in.watched, dir)
	}
}

// over tells whether papers are still taken.
func over(p meeting.Phase) bool { return p == meeting.Closed || p == meeting.Sealed }
