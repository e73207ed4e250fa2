package access

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"phonghop/store"
)

// Why access says no. Pages hold the sentence for each.
var (
	ErrUnknown  = errors.New("access: no such card, code, link or tablet")
	ErrExpired  = errors.New("access: the claim link is older than 30 minutes")
	ErrTaken    = errors.New("access: the seat is taken, or needs a yes; the tablet waits")
	ErrSeen     = errors.New("access: the first tablet was seen within 30 seconds")
	ErrPIN      = errors.New("access: the PIN comes first")
	ErrWrongPIN = errors.New("access: wrong PIN")
	ErrWeakPIN  = errors.New("access: a PIN is six digits, not all alike and not in a row")
	ErrHasPIN   = errors.New("access: this person has a PIN already")
	ErrNotYours = errors.New("access: only the first tablet or the secretary may decide this")
)

// Slow is the refusal of a device that typed too many wrong codes or PINs.
type Slow struct{ Wait time.Duration }

func (s Slow) Error() string { return fmt.Sprintf("access: too many tries, wait %v", s.Wait) }

// Roles is a set of the roles this package must know; a member has none.
type Roles uint8

// The roles. Hall is a screen, not a person: many may share its card.
const (
	Chair Roles = 1 << iota
	Secretary
	IT
	Hall
)

// Has reports whether all of others are in the set.
func (r Roles) Has(others Roles) bool { return r&others == others }

// Any reports whether one of others is in the set.
func (r Roles) Any(others Roles) bool { return r&others != 0 }

// needPIN are the roles that choose a PIN.
const needPIN = Chair | Secretary | IT

// PIN is what is still asked of a seat before it can be bound.
type PIN int

// The states of a PIN.
const (
	PINDone   PIN = iota // proven on this device, or not needed
	PINChoose            // the first sign-in of this person
	PINEnter
)

// Seat is a tablet that is signed in: who sits there and how far they came. ID
// names it in lists and calls; it is not the cookie.
type Seat struct {
	ID              string
	Session, Person string // Session is "" for the cards of the room itself
	Roles           Roles
	PIN             PIN
	Bound           bool
	Waits           bool // for a yes
	Yields          bool // it waits, and the code the secretary sees is enough
	Since           time.Time
}

// Device is where a request comes from: the cookie of NewDevice that every
// browser keeps for good, and its address.
type Device struct {
	Cookie string
	Addr   netip.Addr
}

// NewDevice makes the value of a device cookie.
func NewDevice() string { return rand.Text() }

// Access is access.db and the table of seats in memory. All methods may be
// called from any goroutine.
type Access struct {
	db      *store.DB
	secret  []byte
	opened  time.Time
	cores   chan struct{} // one token a core, for argon2id
	changes chan struct{}
	writing sync.Mutex // serialises verbs: decide on the table, write, publish
	turns   turns
	table   atomic.Pointer[table]
	queue   queue
	tries   tries
}

// Open opens or creates access.db in dir and reads it into memory. Tablets
// bound before count as seen now.
func Open(ctx context.Context, dir string, now time.Time) (*Access, error) {
	return OpenAt(ctx, filepath.Join(dir, "access.db"), now)
}

// OpenAt is Open for a file of another name, as a rehearsal has one.
func OpenAt(ctx context.Context, path string, now time.Time) (*Access, error) {
	db, err := store.Open(ctx, path, schema)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", filepath.Base(path), err)
	}
	a := &Access{db: db, opened: now, cores: make(chan struct{}, runtime.NumCPU()), changes: make(chan struct{}, 1)}
	a.table.Store(&table{})
	if err := a.start(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return a, nil
}

func (a *Access) start(ctx context.Context) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		fresh := make([]byte, 32)
		rand.Read(fresh)
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO secret (id, bytes) VALUES (1, ?)`, fresh); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT bytes FROM secret`).Scan(&a.secret); err != nil {
			return err
		}
		return a.reload(ctx, tx) // a start opens no second connection for it
	})
	if err != nil {
		return fmt.Errorf("make the secret of the codes: %w", err)
	}
	return nil
}

// Close closes access.db.
func (a *Access) Close() error { return a.db.Close() }

// Changes yields after seats were bound, ended or began to wait; several
// changes may yield once. It has one reader.
func (a *Access) Changes() <-chan struct{} { return a.changes }

func (a *Access) changed() {
	select {
	case a.changes <- struct{}{}:
	default:
	}
}

// write commits fn and publishes the table read back. The caller holds writing.
// A crash inside leaves the old cards and seats. After an uncertain commit the
// file is reopened, and the table is what really lies there.
func (a *Access) write(ctx context.Context, what string, fn func(*sql.Tx) error) error {
	err := a.db.Write(ctx, fn)
	if errors.Is(err, store.ErrUncertain) {
		err = errors.Join(err, a.db.Reopen(ctx))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", what, err), a.reload(ctx, a.db.Read()))
	}
	if err := a.reload(ctx, a.db.Read()); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	a.changed()
	return nil
}
