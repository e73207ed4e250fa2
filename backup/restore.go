package backup

import (
	"archive/tar"
	"compress/gzip"
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
	"time"

	"filippo.io/age"

	"phonghop/journal"
	"phonghop/store"
)

var (
	// ErrDamaged: the file is no whole backup.
	ErrDamaged = errors.New("backup: damaged, or not a backup")
	// ErrIdentity: the recovery key is not the one it is sealed to.
	ErrIdentity = errors.New("backup: another recovery key is needed")
	// ErrNotEmpty: a restore never touches a folder in which something lies.
	ErrNotEmpty = errors.New("backup: the folder is not empty")
)

// Check reads a backup to its end: every hash, and the journal in it entry by
// entry, in a scratch folder beside it.
func Check(ctx context.Context, path string, id age.Identity) (Info, error) {
	scratch, err := os.MkdirTemp(filepath.Dir(path), ".trial-")
	if err != nil {
		return Info{}, err
	}
	defer os.RemoveAll(scratch)
	info, m, err := unpack(ctx, path, id, func(name string) string {
		if strings.HasPrefix(name, "documents/") {
			return "" // its name is its hash, which unpack compares
		}
		return filepath.Join(scratch, filepath.FromSlash(name))
	})
	if err != nil {
		return info, err
	}
	return verify(ctx, info, m, scratch)
}

func verify(ctx context.Context, info Info, m Manifest, dir string) (Info, error) {
	j, err := journal.Open(ctx, journal.Config{Path: filepath.Join(dir, "journal.db"), ReadOnly: true})
	if err != nil {
		return info, err
	}
	defer j.Close()
	report, err := j.Verify(ctx)
	if err != nil {
		return info, err
	}
	if report.Room != m.Room {
		return info, fmt.Errorf("%w: its journal is of room %s, not %s", ErrDamaged, report.Room, m.Room)
	}
	for _, l := range report.Logs {
		info.Logs++
		info.Entries += l.Size
		info.Withheld += l.Withheld
	}
	return info, nil
}

// unpack reads a backup and writes each file where place says ("": nowhere). All
// hashes are compared with the manifest, which comes last.
func unpack(ctx context.Context, path string, id age.Identity, place func(name string) string) (Info, Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Info{}, Manifest{}, err
	}
	defer f.Close()
	open, err := age.Decrypt(f, id)
	var stranger *age.NoIdentityMatchError
	if errors.As(err, &stranger) {
		return Info{}, Manifest{}, ErrIdentity
	}
	if err != nil {
		return Info{}, Manifest{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	z, err := gzip.NewReader(open)
	if err != nil {
		return Info{}, Manifest{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	u := unpacking{ctx: ctx, tar: tar.NewReader(z), place: place, seen: map[string]File{}}
	m, err := u.all()
	if err != nil {
		return Info{}, m, err
	}
	size, err := f.Stat()
	if err != nil {
		return Info{}, m, err
	}
	return Info{Path: path, Made: m.Made, Bytes: size.Size(), Files: len(m.Files)}, m, nil
}

type unpacking struct {
	ctx   context.Context
	tar   *tar.Reader
	place func(string) string
	seen  map[string]File
}

func (u *unpacking) all() (Manifest, error) {
	for {
		h, err := u.tar.Next()
		if err != nil {
			return Manifest{}, fmt.Errorf("%w: it ends before its manifest: %w", ErrDamaged, err)
		}
		if h.Name == manifestFile {
			return u.compare()
		}
		if err := u.file(h); err != nil {
			return Manifest{}, err
		}
	}
}

// file takes one file; a name that leads elsewhere is no backup of ours.
func (u *unpacking) file(h *tar.Header) error {
	if err := u.ctx.Err(); err != nil {
		return err
	}
	if h.Typeflag != tar.TypeReg || !fs.ValidPath(h.Name) || strings.Contains(h.Name, `\`) {
		return fmt.Errorf("%w: %q lies in it", ErrDamaged, h.Name)
	}
	sum := sha256.New()
	from := io.TeeReader(u.tar, sum)
	var err error
	var n int64
	if to := u.place(h.Name); to != "" {
		n, err = store.WriteFrom(to, from, 0o600)
	} else {
		n, err = io.Copy(io.Discard, from)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", h.Name, err)
	}
	u.seen[h.Name] = File{n, hex.EncodeToString(sum.Sum(nil))}
	return nil
}

func (u *unpacking) compare() (m Manifest, err error) {
	text, err := io.ReadAll(io.LimitReader(u.tar, manifestMost))
	if err != nil || json.Unmarshal(text, &m) != nil {
		return m, fmt.Errorf("%w: its manifest cannot be read", ErrDamaged)
	}
	if len(m.Files) != len(u.seen) {
		return m, fmt.Errorf("%w: %d files lie in it, %d are listed", ErrDamaged, len(u.seen), len(m.Files))
	}
	for name, want := range m.Files {
		if u.seen[name] != want {
			return m, fmt.Errorf("%w: %s is not what was backed up", ErrDamaged, name)
		}
	}
	return m, nil
}

// Restored is what a restore made.
type Restored struct {
	Info
	Room  string
	Epoch int // the new one
}

// Restore puts a room back into an empty folder and begins a new epoch there. It
// all comes into a folder beside it, which gets its name at the end: a crash
// leaves either nothing or a whole room.
func Restore(ctx context.Context, from, data string, id age.Identity, now time.Time, reason string) (r Restored, err error) {
	if err := empty(data); err != nil {
		return r, err
	}
	making := strings.TrimRight(data, "/") + ".restoring"
	if err := os.RemoveAll(making); err != nil {
		return r, fmt.Errorf("restoring: %w", err)
	}
	defer os.RemoveAll(making)
	info, m, err := unpack(ctx, from, id, func(name string) string { return filepath.Join(making, filepath.FromSlash(name)) })
	if err != nil {
		return r, fmt.Errorf("restoring: %w", err)
	}
	if info, err = verify(ctx, info, m, making); err != nil {
		return r, fmt.Errorf("restoring: %w", err)
	}
	r = Restored{Info: info, Room: m.Room}
	if r.Epoch, err = begin(ctx, making, now, reason); err != nil {
		return r, fmt.Errorf("beginning a new epoch: %w", err)
	}
	return r, settle(making, data)
}

func empty(data string) error {
	list, err := os.ReadDir(data)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(list) == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	return fmt.Errorf("%w: %s", ErrNotEmpty, data)
}

// begin makes the new key, durably, and then the entries that tell of it.
func begin(ctx context.Context, dir string, now time.Time, reason string) (int, error) {
	was, err := lastEpoch(ctx, filepath.Join(dir, "journal.db"))
	if err != nil {
		return 0, err
	}
	key, err := journal.SucceedKey(dir, was.room, was.epoch+1)
	if err != nil {
		return 0, err
	}
	j, err := journal.Open(ctx, journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key, Prefix: was.prefix})
	if err != nil {
		return 0, err
	}
	return key.Epoch(), errors.Join(j.BeginEpoch(ctx, key, now, reason), j.Close())
}

// epoch is whose journal a backup holds.
type epoch struct {
	prefix, room string
	epoch        int
}

func lastEpoch(ctx context.Context, path string) (epoch, error) {
	j, err := journal.Open(ctx, journal.Config{Path: path, ReadOnly: true})
	if err != nil {
		return epoch{}, err
	}
	defer j.Close()
	return epoch{j.Prefix(), j.Room(), len(j.PublicKeys())}, nil
}

// settle gives the folder its name.
func settle(making, data string) error {
	if err := os.Remove(data); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("restoring: %w", err)
	}
	if err := os.Rename(making, data); err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	parent, err := os.Open(filepath.Dir(filepath.Clean(data)))
	if err != nil {
		return fmt.Errorf("restoring: %w", err)
	}
	return errors.Join(parent.Sync(), parent.Close())
}
