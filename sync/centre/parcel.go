package centre

import (
	"archive/tar"
	"bytes"
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

	"filippo.io/age"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/store"
	"phonghop/sync/letters"
)

// Taken is what came out of a parcel.
type Taken struct {
	Room    Room
	Made    string // when it was written, by the room's clock
	Files   int
	Heads   letters.Heads
	Receipt string // where the answer lies
}

var (
	// ErrParcel: the file is not a parcel to this centre, or is damaged.
	ErrParcel = errors.New("centre: not a whole parcel to this centre")
	// ErrNewRoom: the room of the parcel has never paired; somebody must say yes.
	ErrNewRoom = errors.New("centre: the parcel is of a room that is not known here")
)

// TakeParcel takes a parcel from a stick and writes the answer beside it: the
// receipts, for the room to read when the stick comes home. The same checks hold
// as over a line. What was taken before an error stays; taking it again changes
// nothing. A room that is not known is admitted only with admit.
func (z *Centre) TakeParcel(ctx context.Context, path string, admit bool) (Taken, error) {
	t, err := z.takeParcel(ctx, path, admit)
	if err != nil {
		return t, fmt.Errorf("taking %s: %w", filepath.Base(path), err)
	}
	return t, z.answer(ctx, path, &t)
}

func (z *Centre) takeParcel(ctx context.Context, path string, admit bool) (Taken, error) {
	f, err := os.Open(path)
	if err != nil {
		return Taken{}, err
	}
	defer f.Close()
	open, err := age.Decrypt(f, z.recipient)
	if err != nil {
		return Taken{}, fmt.Errorf("%w: %w", ErrParcel, err)
	}
	u := &unpacking{z: z, tar: tar.NewReader(open)}
	if err := u.manifest(ctx, admit); err != nil {
		return Taken{}, err
	}
	for _, want := range u.m.Files {
		if err := u.file(ctx, want); err != nil {
			return Taken{Room: u.room}, fmt.Errorf("%s: %w", want.Path, err)
		}
	}
	return Taken{Room: u.room, Made: u.m.Made.Format("2006-01-02 15:04:05Z"), Files: len(u.m.Files)}, nil
}

// unpacking is a parcel being taken.
type unpacking struct {
	z    *Centre
	tar  *tar.Reader
	m    letters.Manifest
	room Room
}

// manifest reads the first file. Whose parcel it is must be known before anything
// is taken; that the room signed it is checked as soon as its key is known.
func (u *unpacking) manifest(ctx context.Context, admit bool) error {
	text, err := u.next(letters.ManifestFile, letters.MaxManifest)
	if err != nil {
		return err
	}
	plain, by, err := journal.OpenParcel(text)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrParcel, err)
	}
	if err := u.parse(plain, by); err != nil {
		return err
	}
	if err := u.known(ctx, admit); err != nil {
		return err
	}
	return u.signed(ctx, text)
}

func (u *unpacking) parse(plain string, by journal.Origin) error {
	line, ok := strings.CutPrefix(plain, letters.ParcelHead)
	if !ok || json.Unmarshal([]byte(line), &u.m) != nil {
		return ErrParcel
	}
	if u.m.Room != by.Room || u.m.Prefix != by.Prefix {
		return fmt.Errorf("%w: it is signed by %s", ErrParcel, by)
	}
	return nil
}

func (u *unpacking) known(ctx context.Context, admit bool) error {
	r, ok, err := u.z.ledger.room(ctx, u.m.Room)
	switch {
	case err != nil:
		return err
	case ok && r.Revoked:
		return refuse(letters.Revoked)
	case !ok && !admit:
		return ErrNewRoom
	case !ok:
		r = Room{ID: u.m.Room, Prefix: u.m.Prefix, Name: u.m.Name, Paired: u.z.Now(), Epoch: 1}
		if err := u.z.ledger.admit(ctx, r, newToken(), ""); err != nil {
			return err
		}
	}
	u.room = r
	return nil
}

// signed checks the room's signature by the keys in its log here. The very first
// parcel of a room brings that log itself, and its entries carry their own proof.
func (u *unpacking) signed(ctx context.Context, text []byte) error {
	c, err := u.z.copyOf(ctx, u.room)
	if err != nil {
		return err
	}
	keys := c.journal.PublicKeys()
	if len(keys) == 0 {
		return nil
	}
	_, by, err := journal.OpenParcel(text, keys...)
	if err != nil && by.Epoch > len(keys) {
		return journal.ErrNewEpoch
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrParcel, err)
	}
	return nil
}

// next reads the next file of the tar, which must have this name.
func (u *unpacking) next(name string, most int64) ([]byte, error) {
	if err := u.head(name); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(u.tar, most+1))
	if err != nil || int64(len(text)) > most {
		return nil, fmt.Errorf("%w: %s: %w", ErrParcel, name, err)
	}
	return text, nil
}

func (u *unpacking) head(name string) error {
	h, err := u.tar.Next()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrParcel, err)
	}
	if h.Name != name || h.Typeflag != tar.TypeReg {
		return fmt.Errorf("%w: %q lies in the place of %q", ErrParcel, h.Name, name)
	}
	return nil
}

func (u *unpacking) file(ctx context.Context, want letters.File) error {
	if ref, ok := strings.CutPrefix(want.Path, "documents/"); ok {
		return u.document(ctx, documents.Ref(ref), want)
	}
	text, err := u.next(want.Path, journal.MaxDelivery)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != want.Hash {
		return fmt.Errorf("%w: it is damaged", ErrParcel)
	}
	d, err := journal.ReadDelivery(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrParcel, err)
	}
	_, err = u.z.receive(ctx, u.room, d)
	return err
}

func (u *unpacking) document(ctx context.Context, ref documents.Ref, want letters.File) error {
	if err := u.head(want.Path); err != nil {
		return err
	}
	if want.Size > u.z.Most {
		return documents.ErrTooLarge
	}
	at, err := u.z.documents.Partial(ref)
	if err != nil {
		return err
	}
	if at == want.Size && u.z.documents.Has(ref) {
		return nil
	}
	if _, err := io.CopyN(io.Discard, u.tar, at); err != nil {
		return fmt.Errorf("%w: %w", ErrParcel, err)
	}
	_, err = u.z.documents.Append(ctx, ref, at, want.Size, u.tar)
	return err
}

// answer writes the receipts beside the parcel, in a file of their own.
func (z *Centre) answer(ctx context.Context, path string, t *Taken) error {
	if err := z.settle(ctx, t.Room); err != nil {
		return err
	}
	heads, err := z.heads(ctx, t.Room)
	if err != nil {
		return err
	}
	t.Heads = heads
	text, err := json.Marshal(heads)
	if err != nil {
		return err
	}
	t.Receipt = strings.TrimSuffix(path, letters.ParcelEnding) + letters.ReceiptEnding
	for n := 2; ; n++ {
		was, err := os.ReadFile(t.Receipt)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err == nil && bytes.Equal(was, append(text, '\n')) {
			return nil
		}
		t.Receipt = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, letters.ParcelEnding), n, letters.ReceiptEnding)
	}
	return store.WriteFile(t.Receipt, append(text, '\n'), 0o644)
}

// WriteCard writes what rooms without a line need to know of this centre.
func (z *Centre) WriteCard(stick string) (string, error) {
	text, err := json.Marshal(letters.Card{Centre: z.Name, Cosigner: z.PublicKey(), Recipient: z.recipient.Recipient().String()})
	if err != nil {
		return "", err
	}
	path := filepath.Join(stick, letters.ParcelFolder, letters.CardFile)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	return path, store.WriteFile(path, append(text, '\n'), 0o644)
}
