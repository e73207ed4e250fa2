package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/meeting"
	"phonghop/store"
)

const (
	spoolPrefix = ".upload-"
	spoolKept   = 7 * 24 * time.Hour // how long an upload that broke off may be gone on with
)

// Upload is a file that a browser is about to send.
type Upload struct {
	Item     meeting.ItemID
	File     string
	Size     int64
	Last     int64 // when the file was changed, as the browser says
	By       meeting.PersonID
	Replaces meeting.PaperID
}

// Session is an upload under way, and where it goes on. It has nothing to do
// with a session of the room.
type Session struct {
	ID     string
	Offset int64
}

// spool is an upload on disk: a hidden .part, and beside it what it is.
type spool struct {
	Upload
	session meeting.SessionID
	id      string
	came    time.Time
	busy    sync.Mutex // one piece at a time
	got     int64      // guarded by Inbox.mu
}

type spoolNote struct {
	Upload
	Session meeting.SessionID
	Came    time.Time
}

func (in *Inbox) part(id string) string { return filepath.Join(in.c.Dir, spoolPrefix+id+".part") }
func (in *Inbox) note(id string) string { return filepath.Join(in.c.Dir, spoolPrefix+id+".note") }

// Begin begins an upload, or goes on with the same file's. What broke off may be
// gone on with for a week, also after a restart.
func (in *Inbox) Begin(_ context.Context, u Upload) (Session, error) {
	s := in.c.Room.State().Session
	switch {
	case s.Phase() == meeting.Nothing:
		return Session{}, meeting.NoSuchItem
	case over(s.Phase()):
		return Session{}, meeting.NotAllowed
	case u.Size > in.c.Most:
		return Session{}, ErrTooLarge
	case u.Item != "" && !known(in.law(s).view.Agenda, u.Item):
		return Session{}, meeting.NoSuchItem
	}
	in.dropStale()
	id := uploadID(s.ID(), u)
	if x, err := in.spool(id); err == nil {
		in.mu.Lock()
		defer in.mu.Unlock()
		return Session{id, x.got}, nil
	}
	if err := in.beginSpool(id, s.ID(), u); err != nil {
		return Session{}, err
	}
	in.c.Log.Info("an upload begins", "upload", id, "file", u.File, "size", u.Size, "item", u.Item, "by", u.By)
	signal(in.dirty)
	return Session{ID: id}, nil
}

// uploadID: the same file for the same item is the same upload, whoever sends it.
func uploadID(session meeting.SessionID, u Upload) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %d %d %q", session, u.Item, u.File, u.Size, u.Last, u.Replaces))
	return hex.EncodeToString(sum[:16])
}

// beginSpool makes the empty part and then its note, both durable: a note
// without a part would be an upload that cannot go on.
func (in *Inbox) beginSpool(id string, session meeting.SessionID, u Upload) error {
	x := &spool{Upload: u, session: session, id: id, came: in.c.Now()}
	raw, err := json.Marshal(spoolNote{u, session, x.came})
	if err != nil {
		return err
	}
	f, err := os.OpenFile(in.part(id), os.O_CREATE|os.O_WRONLY, 0o660)
	if err != nil {
		return fmt.Errorf("beginning an upload: %w", store.Full(err))
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("beginning an upload: %w", store.Full(err))
	}
	if err := store.WriteFile(in.note(id), raw, 0o600); err != nil {
		return fmt.Errorf("beginning an upload: %w", store.Full(err))
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.uploads[id] == nil {
		in.uploads[id] = x
	}
	return nil
}

// spool finds an upload, also one that broke off before a restart.
func (in *Inbox) spool(id string) (*spool, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if x := in.uploads[id]; x != nil {
		return x, nil
	}
	if raw, err := hex.DecodeString(id); err != nil || len(raw) != 16 {
		return nil, ErrNoArrival
	}
	var n spoolNote
	raw, err := os.ReadFile(in.note(id))
	info, statErr := os.Lstat(in.part(id))
	if errors.Join(err, statErr) != nil || json.Unmarshal(raw, &n) != nil || !info.Mode().IsRegular() {
		return nil, ErrNoArrival
	}
	x := &spool{Upload: n.Upload, session: n.Session, id: id, came: n.Came, got: info.Size()}
	in.uploads[id] = x
	return x, nil
}

// Append takes the piece that begins at offset and answers how many bytes are on
// disk. With the last of them the file is in its item's folder under its own
// name, durably, before the answer. On a full disk (store.ErrFull) what came
// stays, to be gone on with.
//
// System calls: pwrite, fsync of the part; at the end renameat2 into the folder,
// open of the folder, fsync of the folder, and only then the answer. A crash
// before the rename leaves the part, after it the file.
func (in *Inbox) Append(ctx context.Context, id string, offset int64, r io.Reader) (int64, error) {
	x, err := in.spool(id)
	if err != nil {
		return in.finished(id, offset)
	}
	x.busy.Lock()
	defer x.busy.Unlock()
	in.mu.Lock()
	at, gone := x.got, in.uploads[id] != x
	in.mu.Unlock()
	switch {
	case gone: // another request finished it while this one waited
		return in.finished(id, offset)
	case offset != at:
		return at, ErrOffset{at}
	}
	at, err = in.appendPiece(ctx, x, at, r)
	in.mu.Lock()
	x.got = at
	in.mu.Unlock()
	signal(in.dirty)
	if err != nil || at < x.Size {
		return at, err
	}
	return at, in.finish(x)
}

// finished answers whoever did not hear that the last piece was taken.
func (in *Inbox) finished(id string, offset int64) (int64, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	size, ok := in.done[id]
	switch {
	case !ok:
		return 0, ErrNoArrival
	case offset > size:
		return size, ErrOffset{size}
	}
	return size, nil
}

// appendPiece writes a piece behind what is there and syncs it, also a piece
// whose sender broke off: it goes on from there.
func (in *Inbox) appendPiece(ctx context.Context, x *spool, at int64, r io.Reader) (int64, error) {
	f, err := os.OpenFile(in.part(x.id), os.O_WRONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return at, fmt.Errorf("taking a piece of an upload: %w", store.Full(err))
	}
	n, err := io.Copy(io.NewOffsetWriter(f, at), io.LimitReader(store.UntilDone(ctx, r), x.Size-at+1))
	if n > x.Size-at { // more than was announced: not that file
		n, err = 0, errors.Join(ErrTooLarge, f.Truncate(at))
	}
	if syncErr := f.Sync(); syncErr != nil {
		err, n = errors.Join(err, syncErr), 0
	}
	if err = errors.Join(err, f.Close()); err != nil {
		in.c.Log.Warn("a piece of an upload broke off", "upload", x.id, "at", at+n, "of", x.Size, "err", err)
		return at + n, fmt.Errorf("taking a piece of an upload: %w", store.Full(err))
	}
	return at + n, nil
}

// finish puts a whole upload where a secretary would have dropped it. Where it
// comes from is written down first: of a file in the folder nobody could tell.
func (in *Inbox) finish(x *spool) error {
	dir, err := in.folderOf(x.session, x.Item)
	if err == nil {
		err = in.deliver(in.part(x.id), dir, x.File, origin{"browser", x.Replaces, uploadName(x.File)})
	}
	if err != nil {
		in.c.Log.Error("an upload could not be put into its folder; it may be gone on with", "upload", x.id, "err", err)
		return err
	}
	in.c.Log.Info("an upload is whole", "upload", x.id, "file", x.File, "size", x.Size)
	in.mu.Lock()
	delete(in.uploads, x.id)
	in.done[x.id] = x.Size
	in.mu.Unlock()
	if err := os.Remove(in.note(x.id)); err != nil {
		in.c.Log.Warn("an upload's note stays", "upload", x.id, "err", err)
	}
	signal(in.kicked)
	return nil
}

// folderOf is where files of an item are dropped; "" is the session's own.
func (in *Inbox) folderOf(session meeting.SessionID, item meeting.ItemID) (string, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if session != in.session {
		return "", ErrNoArrival
	}
	if item == "" {
		return in.root, nil
	}
	name := in.memory.Items[item]
	if name == "" {
		return "", meeting.NoSuchItem
	}
	return filepath.Join(in.root, name), nil
}

// deliver moves a synced file of ours into a folder, under its name or the next
// one free, and makes that durable. It never replaces what lies there.
func (in *Inbox) deliver(from, dir, file string, o origin) error {
	if err := os.MkdirAll(dir, 0o770); err != nil {
		return fmt.Errorf("delivering a file: %w", store.Full(err))
	}
	name := uploadName(file)
	for i := 1; ; i++ {
		to := filepath.Join(dir, numberedName(name, i))
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		in.noteOrigin(to, o)
		err := renameNew(from, to)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if errors.Is(err, unix.EXDEV) { // something is mounted there
			return in.carryOver(from, dir, file, o)
		}
		if err != nil {
			return fmt.Errorf("delivering a file: %w", store.Full(err))
		}
		return syncFolder(dir)
	}
}

// carryOver copies what cannot be moved: beside its place first, then as deliver.
func (in *Inbox) carryOver(from, dir, file string, o origin) error {
	f, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("delivering a file: %w", err)
	}
	defer f.Close()
	part := filepath.Join(dir, ".carry-"+filepath.Base(from))
	if _, err := store.WriteFrom(part, f, 0o660); err != nil {
		return fmt.Errorf("delivering a file: %w", store.Full(err))
	}
	if err := in.deliver(part, dir, file, o); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Remove(from)
}

func (in *Inbox) noteOrigin(path string, o origin) {
	in.mu.Lock()
	defer in.mu.Unlock()
	below := strings.TrimPrefix(path, in.root+"/")
	if in.memory.Origins[below] != o {
		in.memory.Origins[below], in.memory.dirty = o, true
		in.remember()
	}
}

// numberedName is "Tờ trình (2).pdf".
func numberedName(name string, i int) string {
	if i < 2 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), i, ext)
}

// renameNew renames without replacing. A disk that cannot promise that is asked
// twice instead; the folder is filled by us and one secretary.
func renameNew(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		if _, err := os.Lstat(to); err == nil {
			return fs.ErrExist
		}
		return os.Rename(from, to)
	}
	return err
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("syncing a folder: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("syncing a folder: %w", err)
	}
	return nil
}

// dropStale removes uploads nobody has gone on with for a week.
func (in *Inbox) dropStale() {
	paths, _ := filepath.Glob(filepath.Join(in.c.Dir, spoolPrefix+"*")) // the pattern is ours
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil || in.c.Now().Sub(info.ModTime()) < spoolKept {
			continue
		}
		id, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(path), spoolPrefix), ".")
		if part, err := os.Lstat(in.part(id)); err == nil && in.c.Now().Sub(part.ModTime()) < spoolKept {
			continue
		}
		in.mu.Lock()
		delete(in.uploads, id)
		in.mu.Unlock()
		in.c.Log.Info("an upload nobody went on with is dropped", "file", path, "err", os.Remove(path))
	}
}

// line is an upload in the secretary's list. mu is held.
func (x *spool) line(items []meeting.ItemView) meeting.Arrival {
	shown, _ := eyeName(x.File)
	return meeting.Arrival{
		ID: x.id, Item: x.Item, ItemNo: numberOf(items, x.Item), File: shown, Name: paperName(x.File), Size: x.Size, Got: x.got,
		State: meeting.ArrivalReceiving, Replaces: x.Replaces, At: x.came, From: "browser",
	}
}
