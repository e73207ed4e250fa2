package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// argon2id as measured for a login rush of sixty tablets: 41 ms a PIN.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonKey     = 32
)

// mostWrongPINs ends a card: whoever guesses this often has somebody else's.
const mostWrongPINs = 30

// ChoosePIN sets the PIN of a person who has none, at their first sign-in.
func (a *Access) ChoosePIN(ctx context.Context, cookie, pin string, now time.Time) error {
	if !soundPIN(pin) {
		return ErrWeakPIN
	}
	if _, ok := a.Who(cookie, now); !ok {
		return ErrUnknown
	}
	phc, err := a.hashPIN(ctx, pin)
	if err != nil {
		return err
	}
	a.writing.Lock()
	defer a.writing.Unlock()
	t := a.table.Load()
	s, ok := t.seats[hashOf(cookie)]
	switch {
	case !ok:
		return ErrUnknown
	case t.pins[s.person] != "":
		return ErrHasPIN
	}
	return a.write(ctx, "choose a PIN", func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `INSERT INTO pins (person, hash) VALUES (?, ?)`, s.person, phc); err != nil {
			return err
		}
		return prove(ctx, tx, s)
	})
}

// EnterPIN proves that the person sits there: needed on every new device, and
// asked again where something is confirmed by PIN. It may refuse with Slow.
func (a *Access) EnterPIN(ctx context.Context, cookie, pin string, d Device, now time.Time) error {
	t := a.table.Load()
	s, ok := t.seats[hashOf(cookie)]
	if !ok || t.pins[s.person] == "" {
		return ErrUnknown
	}
	if err := a.tries.begin(d, now); err != nil {
		return err
	}
	right, err := a.checkPIN(ctx, t.pins[s.person], pin)
	if err != nil {
		return err
	}
	a.writing.Lock()
	defer a.writing.Unlock()
	if !right || a.table.Load().pins[s.person] != t.pins[s.person] {
		return a.wrongPIN(ctx, s)
	}
	a.tries.right(d)
	if s.proven {
		return nil
	}
	return a.write(ctx, "prove a PIN", func(tx *sql.Tx) error { return prove(ctx, tx, s) })
}

// wrongPIN counts against the card, not the seat: at the end of its tries the
// card ends with the tablets it signed in, while a bound tablet stays.
func (a *Access) wrongPIN(ctx context.Context, s *seat) error {
	if a.tries.wrongPIN(s.place) < mostWrongPINs {
		return ErrWrongPIN
	}
	err := a.write(ctx, "end a card whose PIN was guessed at", func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `DELETE FROM cards WHERE session = ? AND person = ?`, s.session, s.person); err != nil {
			return err
		}
		return exec(ctx, tx, `DELETE FROM seats WHERE session = ? AND person = ? AND bound = 0`, s.session, s.person)
	})
	if err != nil {
		return err
	}
	return ErrWrongPIN
}

// prove notes that the PIN was right here; the device is not asked again.
func prove(ctx context.Context, tx *sql.Tx, s *seat) error {
	if err := exec(ctx, tx, `UPDATE seats SET proven = 1 WHERE id = ?`, s.id); err != nil {
		return err
	}
	return exec(ctx, tx, `INSERT OR IGNORE INTO devices (person, device) VALUES (?, ?)`, s.person, s.device[:])
}

// ResetPIN is for a forgotten PIN: the next sign-in chooses a new one. Bound
// tablets stay. The caller has made sure that the secretary or IT asks.
func (a *Access) ResetPIN(ctx context.Context, person string) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	return a.write(ctx, "reset a PIN", func(tx *sql.Tx) error { return forgetPIN(ctx, tx, person) })
}

func forgetPIN(ctx context.Context, tx *sql.Tx, person string) error {
	if err := exec(ctx, tx, `DELETE FROM pins WHERE person = ?`, person); err != nil {
		return err
	}
	return exec(ctx, tx, `DELETE FROM devices WHERE person = ?`, person)
}

// soundPIN: six digits, not all alike, not up or down in a row.
func soundPIN(pin string) bool {
	if len(pin) != 6 || strings.Trim(pin, "0123456789") != "" {
		return false
	}
	return !strings.Contains("0123456789 9876543210", pin) && strings.Count(pin, pin[:1]) < 6
}

// argon runs one argon2id at a time on each core.
func (a *Access) argon(ctx context.Context, pin string, salt []byte) ([]byte, error) {
	select {
	case a.cores <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a core to check a PIN: %w", ctx.Err())
	}
	defer func() { <-a.cores }()
	return argon2.IDKey([]byte(pin), salt, argonTime, argonMemory, argonThreads, argonKey), nil
}

// hashPIN writes the usual text form of argon2id, with its parameters.
func (a *Access) hashPIN(ctx context.Context, pin string) (string, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	key, err := a.argon(ctx, pin, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return pinPrefix() + b64.EncodeToString(salt) + "$" + b64.EncodeToString(key), nil
}

func pinPrefix() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonTime, argonThreads)
}

func (a *Access) checkPIN(ctx context.Context, phc, pin string) (bool, error) {
	text, ok := strings.CutPrefix(phc, pinPrefix())
	saltText, keyText, cut := strings.Cut(text, "$")
	if !ok || !cut {
		return false, fmt.Errorf("check a PIN: it was stored with other parameters")
	}
	salt, err := base64.RawStdEncoding.DecodeString(saltText)
	if err != nil {
		return false, fmt.Errorf("check a PIN: its salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(keyText)
	if err != nil {
		return false, fmt.Errorf("check a PIN: its hash: %w", err)
	}
	got, err := a.argon(ctx, pin, salt)
	return subtle.ConstantTimeCompare(got, want) == 1, err
}
