// Package documents keeps the papers of the room: every file exactly as it was
// handed in, filed under the fingerprint of its own bytes.
//
// A document is named by the SHA-256 of its content ([Ref]), so an entry of the
// journal that carries a Ref pins what the members read: the same name cannot
// later mean other bytes. A document is written once, durably, before Put
// answers, and never changed; the same bytes handed in twice are one document.
//
// On disk a document is DIR/ab/REF, "ab" being the first two digits. A crash
// while one is coming in leaves an `incoming-` file at most, which the next Open
// removes; it never leaves a document with half its bytes.
package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"phonghop/store"
)

// Ref names a document: SHA-256 of its bytes in 64 lower-case hex digits.
type Ref string

var (
	// ErrRef: the name is not that of a document.
	ErrRef = errors.New("documents: not a document's name")
	// ErrMissing: no such document here. It is fs.ErrNotExist too.
	ErrMissing = fmt.Errorf("documents: no such document: %w", fs.ErrNotExist)
	// ErrTooLarge: more bytes came in than the limit allows; nothing was kept.
	ErrTooLarge = errors.New("documents: larger than allowed")
	// ErrEmpty: no byte came in; an empty file is never a paper.
	ErrEmpty = errors.New("documents: empty")
	// ErrDamaged: bytes on disk are not those their name promises. The bytes
	// handed in are refused, never written over what is there: somebody must look.
	ErrDamaged = errors.New("documents: the stored bytes differ from their name")
)

// ParseRef takes a Ref from outside (a URL, an entry).
func ParseRef(s string) (Ref, error) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != sha256.Size || hex.EncodeToString(raw) != s {
		return "", fmt.Errorf("%w: %q", ErrRef, s)
	}
	return Ref(s), nil
}

// Store is a folder of documents. It may be used by many at once, and by
// another process that only reads.
type Store struct{ dir string }

// incoming begins the name of a file that is still being received.
const incoming = "incoming-"

// Open opens the folder, makes it where it is missing, and clears what a crash
// left half received. Only one process may hold a folder open for Put: the data
// folder's lock sees to that.
func Open(dir string) (*Store, error) {
	if err := makeFolder(dir); err != nil {
		return nil, fmt.Errorf("opening documents: %w", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, incoming+"*"))
	if err != nil {
		return nil, fmt.Errorf("looking for half-received documents: %w", err)
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("removing a half-received document: %w", err)
		}
	}
	return &Store{dir: dir}, nil
}

// makeFolder makes the folder, and its name in the folder above, durable:
// mkdir, open and fsync of the parent. store.Adopt sees to what lies inside.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	parent, err := os.Open(filepath.Dir(dir))
	if err != nil {
		return err
	}
	return errors.Join(parent.Sync(), parent.Close())
}

// Read opens the folder for reading only; it creates and removes nothing.
func Read(dir string) *Store { return &Store{dir: dir} }

// Put takes in a document of at most limit bytes and answers with its name and
// size once it is on disk: file and folder fsynced by store.Adopt. Bytes
// that are here already are not written again.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (Ref, int64, error) {
	f, err := os.CreateTemp(s.dir, incoming+"*")
	if err != nil {
		return "", 0, fmt.Errorf("receiving a document: %w", store.Full(err))
	}
	defer os.Remove(f.Name())
	defer f.Close()
	ref, size, err := receive(ctx, f, r, limit)
	if err != nil {
		return "", 0, err
	}
	if err := s.keep(ref, f); err != nil {
		return "", 0, err
	}
	return ref, size, nil
}

// PutBytes is Put for a document made here.
func (s *Store) PutBytes(ctx context.Context, data []byte) (Ref, int64, error) {
	return s.Put(ctx, bytes.NewReader(data), int64(len(data)))
}

// receive spools r into f and names it.
func receive(ctx context.Context, f io.Writer, r io.Reader, limit int64) (Ref, int64, error) {
	sum := sha256.New()
	in := io.LimitReader(store.UntilDone(ctx, r), limit+1)
	size, err := io.Copy(io.MultiWriter(f, sum), in)
	switch {
	case err != nil:
		return "", 0, fmt.Errorf("receiving a document: %w", store.Full(err))
	case size > limit:
		return "", 0, fmt.Errorf("%w (%d bytes)", ErrTooLarge, limit)
	case size == 0:
		return "", 0, ErrEmpty
	}
	return Ref(hex.EncodeToString(sum.Sum(nil))), size, nil
}

// keep files the spooled bytes under their name.
func (s *Store) keep(ref Ref, f *os.File) error {
	if s.Has(ref) {
		return s.Check(ref)
	}
	if err := store.Adopt(f, s.path(ref), 0o400); err != nil {
		return fmt.Errorf("filing document %s: %w", ref, store.Full(err))
	}
	return nil
}

// Has tells whether the document is here.
func (s *Store) Has(ref Ref) bool {
	if _, err := ParseRef(string(ref)); err != nil {
		return false
	}
	info, err := os.Stat(s.path(ref))
	return err == nil && info.Mode().IsRegular()
}

// Open opens a document for reading; the caller closes it.
func (s *Store) Open(ref Ref) (*os.File, error) {
	if _, err := ParseRef(string(ref)); err != nil {
		return nil, err
	}
	f, err := os.Open(s.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrMissing, ref)
	}
	if err != nil {
		return nil, fmt.Errorf("opening document %s: %w", ref, err)
	}
	return f, nil
}

// Check reads a document to its end and compares it with its name.
func (s *Store) Check(ref Ref) error {
	f, err := s.Open(ref)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return fmt.Errorf("checking document %s: %w", ref, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != string(ref) {
		return fmt.Errorf("%w: %s", ErrDamaged, ref)
	}
	return nil
}

func (s *Store) path(ref Ref) string {
	return filepath.Join(s.dir, string(ref[:2]), string(ref))
}
