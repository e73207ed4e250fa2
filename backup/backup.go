// Package backup makes a sealed copy of everything a room cannot do without, and
// puts a room back from one.
//
// A backup is one file: a tar, compressed and sealed with age to the room's
// recovery key, whose secret half was shown once and lies printed in a safe. In it
// are the databases as they were at one moment, the papers, the certificates and
// a manifest of hashes. The room's signing key is never in a backup: a restored
// room makes a new one and begins a new epoch, so that it can never pretend to be
// the box it was copied from (FORMAT.md).
//
// A backup that was never tried is none: each is read back and checked before it
// is called one.
package backup

import (
	"archive/tar"
	"bytes"
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
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/store"
)

// ErrRecovery means that no recovery key has been made yet.
var ErrRecovery = errors.New("backup: there is no recovery key")

// databases are what a backup holds besides papers and certificates; disposable
// ones are no part of it.
func databases() []string { return []string{"journal.db", "access.db", "receipts.db", "drafts.db"} }

const (
	manifestFile = "manifest.json"
	manifestMost = 64 << 20
	recoveryFile = "recovery" // in keys/: the public half
)

// Manifest says what a backup holds. It comes last, when all hashes are known.
type Manifest struct {
	Room  string          `json:"room"`
	Epoch int             `json:"epoch"`
	Made  time.Time       `json:"made"`
	Files map[string]File `json:"files"`
}

// File is one file of a backup.
type File struct {
	Size int64  `json:"size"`
	Hash string `json:"sha256"`
}

// Info is what was backed up.
type Info struct {
	Path     string
	Made     time.Time
	Bytes    int64 // of the sealed file
	Files    int
	Logs     int
	Entries  int64
	Withheld int
}

// NewRecovery makes the recovery key of a data folder, keeps its public half
// durably, and gives the secret one, which is kept nowhere: whoever loses it
// cannot read any backup.
func NewRecovery(data string) (secret string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("making a recovery key: %w", err)
	}
	if err := store.WriteFile(filepath.Join(data, "keys", recoveryFile), []byte(id.Recipient().String()+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keeping the recovery key: %w", err)
	}
	return id.String(), nil
}

// Recovery is the public half; ErrRecovery where none was made.
func Recovery(data string) (age.Recipient, error) {
	text, err := os.ReadFile(filepath.Join(data, "keys", recoveryFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrRecovery
	}
	if err != nil {
		return nil, fmt.Errorf("reading the recovery key: %w", err)
	}
	r, err := age.ParseX25519Recipient(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("reading the recovery key: %w", err)
	}
	return r, nil
}

// Write backs a data folder up into a file, beside the room that runs in it, and
// tries it: the file is read back, every hash compared, and the journal in it
// verified entry by entry. Only then does it get its name. Space is taken for the
// databases once more beside the file while this runs.
func Write(ctx context.Context, data, to string, now time.Time) (Info, error) {
	recovery, err := Recovery(data)
	if err != nil {
		return Info{}, err
	}
	trial, err := age.GenerateX25519Identity() // forgotten at the end: only to read it back
	if err != nil {
		return Info{}, err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return Info{}, fmt.Errorf("backing up: %w", err)
	}
	part := to + ".part"
	defer os.Remove(part)
	w := &writing{ctx: ctx, data: data, made: now.UTC().Truncate(time.Second), files: map[string]File{}}
	if err := w.write(part, recovery, trial.Recipient()); err != nil {
		return Info{}, fmt.Errorf("backing up: %w", err)
	}
	info, err := Check(ctx, part, trial)
	if err != nil {
		return Info{}, fmt.Errorf("trying the backup: %w", err)
	}
	f, err := os.Open(part)
	if err != nil {
		return Info{}, err
	}
	defer f.Close()
	info.Path = to
	return info, store.Adopt(f, to, 0o600)
}

// writing is a backup being made.
type writing struct {
	ctx   context.Context
	data  string
	made  time.Time
	tar   *tar.Writer
	files map[string]File
}

func (w *writing) write(path string, to ...age.Recipient) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	sealed, err := age.Encrypt(f, to...)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(sealed)
	w.tar = tar.NewWriter(z)
	if err := w.all(); err != nil {
		return err
	}
	return errors.Join(w.tar.Close(), z.Close(), sealed.Close(), f.Sync())
}

func (w *writing) all() error {
	scratch, err := os.MkdirTemp(w.data, ".backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	for _, name := range databases() {
		if err := w.database(name, scratch); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, name := range []string{"tls", "keys/" + recoveryFile} { // of keys/ the public half of the recovery key alone
		if err := w.folder(name); err != nil {
			return err
		}
	}
	if err := w.papers(filepath.Join(scratch, "journal.db")); err != nil {
		return err
	}
	return w.manifest(filepath.Join(scratch, "journal.db"))
}

// database copies one as it is at this moment, while others write to it.
func (w *writing) database(name, scratch string) error {
	path := filepath.Join(w.data, name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	copied := filepath.Join(scratch, name)
	if err := store.Snapshot(w.ctx, path, copied); err != nil {
		return err
	}
	return w.file(name, copied)
}

func (w *writing) folder(name string) error {
	return filepath.WalkDir(filepath.Join(w.data, name), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		inside, err := filepath.Rel(w.data, path)
		if err != nil {
			return err
		}
		return w.file(filepath.ToSlash(inside), path)
	})
}

// papers are the documents that entries of the copied journal name. One that is
// gone is not a reason to have no backup: verify and doctor say so.
func (w *writing) papers(journalPath string) error {
	refs, err := namedIn(w.ctx, journalPath)
	if err != nil {
		return err
	}
	docs := documents.Read(filepath.Join(w.data, "documents"))
	for _, ref := range refs {
		f, err := docs.Open(documents.Ref(ref))
		if errors.Is(err, documents.ErrMissing) {
			continue
		}
		if err != nil {
			return err
		}
		err = w.put("documents/"+ref[:2]+"/"+ref, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// namedIn lists the documents a journal names, in order.
func namedIn(ctx context.Context, path string) ([]string, error) {
	j, err := journal.Open(ctx, journal.Config{Path: path, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer j.Close()
	seen := map[string]bool{}
	for _, l := range j.Logs() {
		for rec, err := range j.Records(ctx, l.Name, 0) {
			if err != nil {
				return nil, err
			}
			for _, ref := range rec.Refs {
				seen[ref] = true
			}
		}
	}
	var refs []string
	for ref := range seen {
		refs = append(refs, ref)
	}
	slices.Sort(refs)
	return refs, nil
}

func (w *writing) file(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return w.put(name, f)
}

// put adds one file and notes its hash.
func (w *writing) put(name string, f *os.File) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: w.made, Format: tar.FormatPAX}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w.tar, sum), f); err != nil {
		return err
	}
	w.files[name] = File{info.Size(), hex.EncodeToString(sum.Sum(nil))}
	return nil
}

func (w *writing) manifest(journalPath string) error {
	j, err := journal.Open(w.ctx, journal.Config{Path: journalPath, ReadOnly: true})
	if err != nil {
		return err
	}
	defer j.Close()
	text, err := json.Marshal(Manifest{Room: j.Room(), Epoch: len(j.PublicKeys()), Made: w.made, Files: w.files})
	if err != nil {
		return err
	}
	if err := w.tar.WriteHeader(&tar.Header{Name: manifestFile, Mode: 0o600, Size: int64(len(text)), ModTime: w.made, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err = io.Copy(w.tar, bytes.NewReader(text))
	return err
}
