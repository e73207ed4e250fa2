// Package centre is where the records of all rooms come together: it takes what
// a room sends, checks every line of it, keeps it, and signs that it has it.
//
// A room is known by its key. For each there is a copy of its journal, held to
// the same rules as the room's own (journal.Receive): nothing is ever overwritten,
// and a room that says something else than before is refused, with the first
// entry that differs. The centre's countersignature below a room's checkpoint is
// the receipt: it is given only when every entry and every paper they name is on
// the centre's disk.
//
// The data folder:
//
//	centre.db            rooms, their words (hashed), codes, receipts
//	rooms/ROOM/journal.db the copy of each room's journal
//	documents/           papers of all rooms, by hash; partial/ while they come
//	keys/centre (0600)   what receipts are signed with
//	keys/recipient (0600) what parcels on a stick are sealed to
package centre

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"filippo.io/age"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/store"
	"phonghop/viet"
)

// Config says which centre to open.
type Config struct {
	Dir         string
	Name        string // for people, and in the name of its key
	Now         func() time.Time
	Log         *slog.Logger
	Loopback    bool   // only this computer reaches us: the first room needs no code, demo rooms are taken
	Fingerprint []byte // SHA-256 of our certificate's public key; nil on loopback
	Most        int64  // bytes of one document; 0 = 1 GB
}

const documentMost = 1 << 30

// Centre is a centre at work. Everything may be called by anybody.
type Centre struct {
	Config
	ledger    *ledger
	documents *documents.Store
	cosigner  *journal.Cosigner
	recipient *age.X25519Identity
	slow      tries

	mu    sync.Mutex
	rooms map[string]*copied
}

// Open opens a centre, or founds one in an empty folder. The folder's lock is
// the caller's.
func Open(ctx context.Context, c Config) (*Centre, error) {
	if c.Most == 0 {
		c.Most = documentMost
	}
	z := &Centre{Config: c, rooms: map[string]*copied{}}
	if err := z.openKeys(); err != nil {
		return nil, err
	}
	var err error
	if z.documents, err = documents.Open(filepath.Join(c.Dir, "documents")); err != nil {
		return nil, err
	}
	if z.ledger, err = openLedger(ctx, filepath.Join(c.Dir, "centre.db")); err != nil {
		return nil, err
	}
	return z, nil
}

// Close closes every room's copy.
func (z *Centre) Close() error {
	z.mu.Lock()
	defer z.mu.Unlock()
	var errs []error
	for _, r := range z.rooms {
		errs = append(errs, r.journal.Close())
	}
	return errors.Join(append(errs, z.ledger.db.Close())...)
}

// openKeys reads the centre's two keys, or makes them durably.
func (z *Centre) openKeys() (err error) {
	if z.cosigner, err = z.openCosigner(); err != nil {
		return fmt.Errorf("the centre's key: %w", err)
	}
	if z.recipient, err = z.openRecipient(); err != nil {
		return fmt.Errorf("the key of parcels: %w", err)
	}
	return nil
}

func (z *Centre) openCosigner() (*journal.Cosigner, error) {
	path := filepath.Join(z.Dir, "keys", "centre")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(z.Dir, "centre.db")); err == nil {
			return nil, fmt.Errorf("%s is gone while centre.db is there: rooms would not know this centre any more; put the folder keys back", path)
		}
		c := journal.NewCosigner(keyName(z.Name))
		return c, c.Save(path)
	}
	if err != nil {
		return nil, err
	}
	return journal.OpenCosigner(path, text)
}

func (z *Centre) openRecipient() (*age.X25519Identity, error) {
	path := filepath.Join(z.Dir, "keys", "recipient")
	text, err := os.ReadFile(path)
	if err == nil {
		return age.ParseX25519Identity(string(text[:max(len(text)-1, 0)]))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	return id, store.WriteFile(path, []byte(id.String()+"\n"), 0o600)
}

// keyName is the centre's name as the name of a key: no spaces, no plus sign.
func keyName(name string) string {
	b := []byte("phonghop-centre/")
	for _, c := range []byte(viet.Fold(name)) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.':
			b = append(b, c)
		case c == ' ':
			b = append(b, '-')
		}
	}
	return string(b)
}

// PublicKey is what auditors write down, and rooms pin.
func (z *Centre) PublicKey() string { return z.cosigner.PublicKey() }
