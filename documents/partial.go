package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"phonghop/store"
)

var (
	// ErrOffset: the piece does not begin where the last one ended; ask Partial.
	ErrOffset = errors.New("documents: another piece is expected")
	// ErrBusy: a piece of the same document is being taken at this moment.
	ErrBusy = errors.New("documents: this document is being received already")
	// ErrOther: all pieces came and are not the document of that name. They are
	// dropped; it begins anew.
	ErrOther = errors.New("documents: the bytes that came are not the ones named")
)

// partials is where documents lie that come in pieces over a bad line. They stay
// over restarts, so that nothing is sent twice.
const partials = "partial"

func (s *Store) partial(ref Ref) string { return filepath.Join(s.dir, partials, string(ref)) }

// Partial tells how many bytes of a document have come; where it is here whole,
// its size.
func (s *Store) Partial(ref Ref) (int64, error) {
	if _, err := ParseRef(string(ref)); err != nil {
		return 0, err
	}
	for _, path := range []string{s.path(ref), s.partial(ref)} {
		info, err := os.Stat(path)
		if err == nil {
			return info.Size(), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return 0, fmt.Errorf("looking for document %s: %w", ref, err)
		}
	}
	return 0, nil
}

// Append takes the piece of a document that begins at offset, in all size bytes.
// It answers how many have come; with the last of them the document is checked
// against its name and on disk, as after Put. Pieces before the last are not
// synced: what a power cut takes of them the check finds, and it begins anew.
func (s *Store) Append(ctx context.Context, ref Ref, offset, size int64, r io.Reader) (int64, error) {
	if _, err := ParseRef(string(ref)); err != nil {
		return 0, err
	}
	if s.Has(ref) {
		return size, nil
	}
	f, err := s.openPartial(ref, offset)
	if err != nil {
		return 0, err
	}
	defer f.Close() // lets go of its lock too
	n, err := io.Copy(f, io.LimitReader(store.UntilDone(ctx, r), size-offset))
	if got := offset + n; err != nil || got < size {
		if err != nil {
			err = fmt.Errorf("receiving document %s: %w", ref, store.Full(err))
		}
		return got, err
	}
	return size, s.finish(ref, f)
}

// openPartial opens the pieces that have come and goes to their end. The lock
// on the file keeps two senders of one document apart.
func (s *Store) openPartial(ref Ref, offset int64) (*os.File, error) {
	if err := makeFolder(filepath.Join(s.dir, partials)); err != nil {
		return nil, fmt.Errorf("receiving document %s: %w", ref, store.Full(err))
	}
	f, err := os.OpenFile(s.partial(ref), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("receiving document %s: %w", ref, store.Full(err))
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s", ErrBusy, ref), f.Close())
	}
	end, err := f.Seek(0, io.SeekEnd)
	if err == nil && end != offset {
		err = fmt.Errorf("%w: %d bytes are here", ErrOffset, end)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("receiving document %s: %w", ref, err), f.Close())
	}
	return f, nil
}

// finish checks the whole and files it.
func (s *Store) finish(ref Ref, f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("checking document %s: %w", ref, err)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return fmt.Errorf("checking document %s: %w", ref, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != string(ref) {
		return errors.Join(fmt.Errorf("%w: %s", ErrOther, ref), os.Remove(f.Name()))
	}
	if err := store.Adopt(f, s.path(ref), 0o400); err != nil {
		return fmt.Errorf("filing document %s: %w", ref, store.Full(err))
	}
	return nil
}

// DropPartials removes pieces nobody has added to since a time.
func (s *Store) DropPartials(before time.Time) error {
	all, err := os.ReadDir(filepath.Join(s.dir, partials))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range all {
		if info, err2 := e.Info(); err2 == nil && info.ModTime().Before(before) {
			err = errors.Join(err, os.Remove(filepath.Join(s.dir, partials, e.Name())))
		}
	}
	if err != nil {
		return fmt.Errorf("dropping documents that never came whole: %w", err)
	}
	return nil
}
