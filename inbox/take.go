package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/store"
	"phonghop/viet"
)

// errChanged: the file changed while it was read; it settles anew.
var errChanged = errors.New("the file changed while it was read")

// seen is a content that is in documents already, by how its file looked. It
// spares a restart reading and writing every paper once more.
type seen struct {
	Size  int64     `json:"size"`
	Mtime time.Time `json:"mtime"`
	Ctime time.Time `json:"ctime"`
	Inode uint64    `json:"inode"`
	Ref   string    `json:"ref"`
}

func (s seen) fits(l looks) bool {
	return s.Size == l.size && s.Inode == l.ino && s.Mtime.Equal(l.mtime) && s.Ctime.Equal(l.ctime)
}

// arrival is one content that came: a file, or one of an archive.
type arrival struct {
	meeting.Arrival
	verdict
	path   string         // of its file, below the session's folder
	folder meeting.ItemID // where it was dropped; Item is where it is meant to go
	over   bool           // a paper, known already, or dismissed: off the list
}

// take takes the files that have settled, one at a time, in the order of their
// names: that is the order papers dropped together stand in.
func (in *Inbox) take() {
	for {
		select {
		case <-in.ctx.Done():
			return
		case <-in.ready:
		}
		for in.takeNext() {
			signal(in.dirty)
		}
		in.mu.Lock()
		in.remember()
		in.mu.Unlock()
		signal(in.dirty)
	}
}

func (in *Inbox) takeNext() bool {
	if in.ctx.Err() != nil {
		return false
	}
	in.mu.Lock()
	path, f := "", (*file)(nil)
	for p, g := range in.files {
		if g.stage == settled && (f == nil || p < path) {
			path, f = p, g
		}
	}
	if f == nil {
		in.mu.Unlock()
		return false
	}
	f.stage, f.trouble = taking, ""
	root := in.root
	in.mu.Unlock()
	list, err := in.receive(root, path, f.looks)
	in.placing.Lock()
	defer in.placing.Unlock()
	in.keep(root, path, f, list, err)
	return true
}

// keep notes what came of a file, unless it changed, or the session did, while
// it was read. placing is held.
func (in *Inbox) keep(root, path string, f *file, list []*arrival, err error) {
	in.mu.Lock()
	same := in.files[path] == f && in.root == root
	switch {
	case !same:
	case errors.Is(err, errChanged):
		f.stage, f.changed, f.looked = pending, time.Now(), false
	case errors.Is(err, fs.ErrNotExist):
		delete(in.files, path)
	default:
		f.stage, f.arrivals, f.again = taken, list, in.retry(err)
	}
	in.mu.Unlock()
	if !same || f.stage != taken {
		signal(in.kicked)
		return
	}
	for _, a := range list {
		in.decide(a)
	}
}

// retry is when a file is tried again that failed for what may pass.
func (in *Inbox) retry(err error) time.Time {
	if err == nil {
		return time.Time{}
	}
	return time.Now().Add(in.c.Quiet.Retry)
}

// receive reads a settled file: what it is, and its bytes into documents. An
// error beside a list is one that may pass.
func (in *Inbox) receive(root, path string, l looks) ([]*arrival, error) {
	if l.link {
		return in.refused(path, l, refuse(meeting.TroubleLink, "")), nil
	}
	f, err := openBelow(root, path)
	if err != nil {
		return in.unread(path, l, err)
	}
	defer f.Close()
	if changed(f, l) {
		return nil, errChanged
	}
	if strings.HasPrefix(path, minutesFolder+"/") {
		in.giveBack(f.Name())
		return nil, nil
	}
	list, err := in.read(f, path, l)
	if changed(f, l) {
		return nil, errChanged
	}
	return list, err
}

func (in *Inbox) giveBack(path string) {
	in.c.Log.Info("a file came back for the minutes", "file", path)
	if in.c.Returned != nil {
		in.c.Returned(path)
	}
}

func changed(f *os.File, l looks) bool {
	info, err := f.Stat()
	return err != nil || looksOf(info) != l
}

func (in *Inbox) read(f *os.File, path string, l looks) ([]*arrival, error) {
	if l.size > in.c.Most {
		return in.refused(path, l, refuse(meeting.TroubleTooLarge, fmt.Sprint(in.c.Most))), nil
	}
	v, err := judge(f, l.size, path)
	if err != nil {
		return in.unread(path, l, err)
	}
	if v.refused {
		return in.refused(path, l, v), nil
	}
	if v.typ == typeZIP {
		return in.unpack(f, path, l)
	}
	ref, err := in.store(f, path, l)
	if err != nil {
		return in.unread(path, l, err)
	}
	a := in.newArrival(path, "", l.size, v)
	a.Ref = string(ref)
	return []*arrival{a}, nil
}

// store puts a file's bytes into documents, or remembers that they are there.
// After the closing nothing is kept: the fingerprint alone tells what is known.
func (in *Inbox) store(f *os.File, path string, l looks) (documents.Ref, error) {
	in.mu.Lock()
	known, ok := in.memory.Seen[path]
	in.mu.Unlock()
	if ok && known.fits(l) && in.c.Documents.Has(documents.Ref(known.Ref)) {
		return documents.Ref(known.Ref), nil
	}
	bytes := io.NewSectionReader(f, 0, l.size+1)
	if over(in.c.Room.State().Session.Phase()) {
		sum := sha256.New()
		_, err := io.Copy(sum, bytes)
		return documents.Ref(hex.EncodeToString(sum.Sum(nil))), err
	}
	ref, _, err := in.c.Documents.Put(in.ctx, bytes, in.c.Most)
	if err != nil || changed(f, l) {
		return ref, err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.memory.Seen[path] = seen{l.size, l.mtime, l.ctime, l.ino, string(ref)}
	in.memory.dirty = true
	return ref, nil
}

// unread is what becomes of a file that could not be read or kept.
func (in *Inbox) unread(path string, l looks, err error) ([]*arrival, error) {
	v := refuse(meeting.TroubleUnreadable, "")
	switch {
	case errors.Is(err, fs.ErrNotExist), in.ctx.Err() != nil:
		return nil, fs.ErrNotExist
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.ENOTDIR):
		return in.refused(path, l, refuse(meeting.TroubleLink, "")), nil
	case errors.Is(err, documents.ErrTooLarge), errors.Is(err, documents.ErrEmpty):
		return nil, errChanged // it was measured before
	case errors.Is(err, store.ErrFull), errors.Is(err, unix.ENOSPC):
		v = refuse(meeting.TroubleDiskFull, "")
	}
	in.c.Log.Error("a file of the inbox could not be taken", "file", path, "err", err)
	return in.refused(path, l, v), err
}

func (in *Inbox) refused(path string, l looks, v verdict) []*arrival {
	return []*arrival{in.newArrival(path, "", l.size, v)}
}

// newArrival is what came, with the item and the name it is proposed for. inner
// is its path in an archive.
func (in *Inbox) newArrival(path, inner string, size int64, v verdict) *arrival {
	in.mu.Lock()
	defer in.mu.Unlock()
	items := in.now().view.Agenda
	item, name := in.itemOf(path, items)
	whole, from := path, in.memory.Origins[path]
	if from.File != "" {
		name = from.File
	}
	if inner != "" {
		whole = path + "/" + inner
		if deeper, _ := in.itemOf(inner, items); item == "" {
			item = deeper
		}
		name = inner[strings.LastIndexByte(inner, '/')+1:]
	}
	shown, odd := eyeName(name)
	if v.trouble == "" && odd {
		v.trouble, v.detail = meeting.TroubleNameChanged, paperName(name)
	}
	a := &arrival{verdict: v, path: path, folder: item}
	a.Arrival = meeting.Arrival{
		ID: whole, Item: item, File: shown, Name: paperName(name), Size: size, Got: size, At: in.c.Now(), From: "folder",
		Trouble: v.trouble, Detail: v.detail, State: meeting.ArrivalChecking,
	}
	a.From = or(from.From, a.From)
	return a
}

// identity names what a tap means: this content in this place. A file that
// changed is another arrival, so PHÁT never publishes bytes nobody saw.
func (a *arrival) identity() string {
	sum := sha256.Sum256([]byte(a.ID + "\x00" + a.Ref + "\x00" + string(a.Trouble)))
	return hex.EncodeToString(sum[:12])
}

// fileKey remembers which paper a file's name stood for in an item.
func (a *arrival) fileKey() string { return string(a.Item) + "/" + viet.Fold(a.File) }

// standing finds the paper that one would be a new version of: the one the
// secretary named, that of the same name, or the last one of the same file.
func standing(it meeting.ItemView, a *arrival, wanted, last meeting.PaperID) (meeting.PaperView, bool) {
	for _, fits := range []func(p meeting.PaperView) bool{
		func(p meeting.PaperView) bool { return wanted != "" && p.ID == wanted },
		func(p meeting.PaperView) bool { return p.ID == last },
		func(p meeting.PaperView) bool { return viet.Fold(p.Name) == viet.Fold(a.Name) },
	} {
		if i := slices.IndexFunc(it.Papers, fits); i >= 0 {
			return it.Papers[i], true
		}
	}
	return meeting.PaperView{}, false
}
