package inbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/meeting"
)

// looks is all by which a change of a file is noticed without reading it.
type looks struct {
	inode
	size         int64
	mtime, ctime time.Time
	link         bool
}

func looksOf(info fs.FileInfo) looks {
	l := looks{size: info.Size(), mtime: info.ModTime(), link: info.Mode().Type() == fs.ModeSymlink}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		l.inode = inode{st.Dev, st.Ino}
		l.ctime = time.Unix(st.Ctim.Unix())
	}
	return l
}

type stage int

const (
	pending stage = iota // still changing, or just found
	short                // rests, but its end is missing
	settled              // to be taken
	taking               // being read
	taken                // judged; arrivals say what came of it
)

// file is one file in the session's folder.
type file struct {
	looks
	stage    stage
	changed  time.Time // when it last looked different; monotonic
	came     time.Time // by the room's clock
	looked   bool      // its end was looked for since
	again    time.Time // when a trouble that may pass is tried again; zero: never
	trouble  meeting.Trouble
	arrivals []*arrival
}

// meet notes how a file looks now. mu is held.
func (in *Inbox) meet(path string, l looks) {
	f := in.files[path]
	if f != nil && f.looks == l {
		if f.stage == taken && !f.again.IsZero() && time.Now().After(f.again) {
			f.stage, f.again = settled, time.Time{}
		}
		return
	}
	came := in.c.Now()
	if f != nil {
		came = f.came
	} else {
		in.c.Log.Info("a file came into the inbox", "file", path, "size", l.size)
	}
	in.files[path] = &file{looks: l, changed: time.Now(), came: came}
}

// settlesIn tells when a file is to be looked at next. mu is held.
func (in *Inbox) settlesIn(f *file) (time.Duration, bool) {
	wait := in.c.Quiet.Any
	switch {
	case f.stage == taken && !f.again.IsZero():
		return time.Until(f.again), true
	case f.stage != pending:
		return 0, false
	case !f.looked:
		wait = in.c.Quiet.Complete
	}
	return time.Until(f.changed.Add(wait)), true
}

// settleAll finds the files that have rested long enough. mu is held.
func (in *Inbox) settleAll() {
	for path, f := range in.files {
		if left, _ := in.settlesIn(f); f.stage != pending || left > 0 {
			if f.stage == settled {
				signal(in.ready)
			}
			continue
		}
		in.settle(path, f)
		if f.stage == settled {
			signal(in.ready)
		}
	}
}

// settle decides on one file that has rested. mu is held.
func (in *Inbox) settle(path string, f *file) {
	patient := time.Since(f.changed) >= in.c.Quiet.Any
	if f.link {
		f.stage = settled
		return
	}
	whole, err := in.ended(path, f.size, patient)
	f.looked = true
	switch {
	case err != nil, whole == endFound, whole == endUnknown && patient:
		f.stage = settled
	case whole == endMissing && patient:
		f.stage, f.trouble = short, meeting.TroubleTruncated
		in.c.Log.Warn("a file in the inbox is incomplete; it is taken when it changes", "file", path, "size", f.size)
	}
}

type ending int

const (
	endUnknown ending = iota // its type has no end to look for
	endFound
	endMissing
)

// ended looks for the end of a file that rests.
func (in *Inbox) ended(path string, size int64, patient bool) (ending, error) {
	f, err := openBelow(in.root, path)
	if err != nil {
		return endUnknown, err
	}
	defer f.Close()
	return endOf(f, size, patient)
}

// endOf looks for the end that a file's type has. An impatient look takes only
// what is certain; a patient one also finds an end with something behind it.
func endOf(r io.ReaderAt, size int64, patient bool) (ending, error) {
	head, err := piece(r, 0, 1024)
	if err != nil || size == 0 {
		return endUnknown, err
	}
	reach := int64(1024)
	if patient {
		reach = 64 << 10
	}
	tail, err := piece(r, max(0, size-reach), reach)
	if err != nil {
		return endUnknown, err
	}
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		return found(bytes.Contains(tail, []byte("%%EOF")) && !shorterThanPromised(head, size)), nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		_, err := openZip(r, size)
		return found(err == nil || errors.Is(err, errManyEntries)), nil
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return found(bytes.Contains(tail, []byte("IEND\xae\x42\x60\x82"))), nil
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return found(bytes.HasSuffix(tail, []byte("\xff\xd9")) || patient && bytes.Contains(tail, []byte("\xff\xd9"))), nil
	}
	return endUnknown, nil
}

// shorterThanPromised: a PDF made for the web has an end near its beginning too,
// but says how long it is.
func shorterThanPromised(head []byte, size int64) bool {
	_, rest, web := bytes.Cut(head, []byte("/Linearized"))
	_, rest, says := bytes.Cut(rest, []byte("/L "))
	var long int64
	if !web || !says {
		return false
	}
	if _, err := fmt.Sscan(string(rest[:min(len(rest), 20)]), &long); err != nil {
		return false
	}
	return size < long
}

func found(yes bool) ending {
	if yes {
		return endFound
	}
	return endMissing
}

// piece reads up to n bytes at an offset; fewer at the end.
func piece(r io.ReaderAt, at, n int64) ([]byte, error) {
	buf := make([]byte, n)
	got, err := r.ReadAt(buf, at)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return buf[:got], err
}

// openBelow opens a regular file below a folder for reading. No link is
// followed, not even one that takes a folder's place this moment, and no pipe
// makes us wait.
//
// System calls: open of the folder, openat(O_NOFOLLOW) for each part of the path.
func openBelow(root, path string) (*os.File, error) {
	at, err := unix.Open(root, unix.O_DIRECTORY|unix.O_CLOEXEC|unix.O_RDONLY, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: root, Err: err}
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		flags := unix.O_NOFOLLOW | unix.O_CLOEXEC | unix.O_RDONLY | unix.O_NONBLOCK
		if i < len(parts)-1 {
			flags |= unix.O_DIRECTORY
		}
		next, err := unix.Openat(at, part, flags, 0)
		unix.Close(at)
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
		at = next
	}
	f := os.NewFile(uintptr(at), filepath.Join(root, path))
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: errors.New("not a plain file")}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
