package centre

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"time"

	"phonghop/journal"
	"phonghop/sync/letters"
)

const (
	codeLives = 30 * time.Minute
	nameMost  = 200 // bytes of a room's name
)

// NewCode makes a one-time code for a room to pair with, good for 30 minutes.
func (z *Centre) NewCode(ctx context.Context) (letters.Code, error) {
	c := letters.NewCode(z.Fingerprint)
	now := z.Now()
	if err := z.ledger.set(ctx, `DELETE FROM code WHERE ends < ?`, now.Unix()); err != nil {
		return c, err
	}
	return c, z.ledger.set(ctx, `INSERT INTO code VALUES (?, ?)`, hashed(c.Secret), now.Add(codeLives).Unix())
}

// pair takes a room in, or says why not.
func (z *Centre) pair(ctx context.Context, p letters.Pairing, from netip.Addr) (letters.Paired, error) {
	if len(p.Room) != 16 || strings.Trim(p.Room, "0123456789abcdef") != "" || len(p.Name) > nameMost || !strings.HasPrefix(p.Prefix, "phonghop") {
		return letters.Paired{}, refuse(letters.Malformed)
	}
	if p.Prefix != "phonghop" && !z.Loopback {
		return letters.Paired{}, refuse(letters.Demo)
	}
	secret, err := z.permit(ctx, p, from)
	if err != nil {
		return letters.Paired{}, err
	}
	token := newToken()
	r := Room{ID: p.Room, Prefix: p.Prefix, Name: p.Name, Paired: z.Now()}
	if err := z.ledger.admit(ctx, r, token, secret); err != nil {
		return letters.Paired{}, err
	}
	z.Log.Info("paired", "room", p.Room, "name", p.Name, "from", from, "with_code", secret != "")
	return letters.Paired{Centre: z.Name, Token: token, Cosigner: z.PublicKey(), Recipient: z.recipient.Recipient().String()}, nil
}

// permit judges the code. Without one, only the first room of an empty centre on
// this computer is taken, and a demo room there at any time.
func (z *Centre) permit(ctx context.Context, p letters.Pairing, from netip.Addr) (secret string, err error) {
	if p.Code == "" && z.Loopback {
		rooms, err := z.ledger.rooms(ctx)
		if err != nil {
			return "", err
		}
		if len(rooms) == 0 || p.Prefix != "phonghop" {
			return "", nil
		}
	}
	if !z.slow.begin(from, z.Now()) {
		return "", refuse(letters.Slower)
	}
	code, err := letters.ParseCode(p.Code)
	if err != nil {
		return "", refuse(letters.BadCode)
	}
	ends, ok, err := z.ledger.codeEnds(ctx, code.Secret)
	switch {
	case err != nil:
		return "", err
	case !ok || z.Now().After(ends):
		return "", refuse(letters.BadCode)
	}
	z.slow.right(from)
	return code.Secret, nil
}

// Rooms lists the rooms that have paired.
func (z *Centre) Rooms(ctx context.Context) ([]Room, error) { return z.ledger.rooms(ctx) }

// Revoke stops taking anything from a room; what is here stays.
func (z *Centre) Revoke(ctx context.Context, room string) error {
	z.Log.Info("revoked", "room", room)
	return z.ledger.set(ctx, `UPDATE room SET revoked = 1 WHERE id = ?`, room)
}

// AllowEpoch says yes to a room that was restored and signs with a new key: its
// next epoch will be taken.
func (z *Centre) AllowEpoch(ctx context.Context, room string) error {
	r, ok, err := z.ledger.room(ctx, room)
	if err != nil || !ok {
		return err
	}
	c, err := z.copyOf(ctx, r)
	if err != nil {
		return err
	}
	epoch := len(c.journal.PublicKeys()) + 1
	z.Log.Info("a new epoch is allowed", "room", room, "epoch", epoch)
	return z.ledger.set(ctx, `UPDATE room SET epoch = ? WHERE id = ?`, epoch, room)
}

// Clear says that this centre may have what the room marks hold, or no longer.
func (z *Centre) Clear(ctx context.Context, room string, cleared bool) error {
	return z.ledger.set(ctx, `UPDATE room SET cleared = ? WHERE id = ?`, cleared, room)
}

// Journal is a room's copy, for reading.
func (z *Centre) Journal(ctx context.Context, room string) (*journal.Journal, error) {
	r, ok, err := z.ledger.room(ctx, room)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, refuse(letters.Unknown)
	}
	c, err := z.copyOf(ctx, r)
	if err != nil {
		return nil, err
	}
	return c.journal, nil
}

// tries slows whoever tries codes: five a minute from one address.
type tries struct {
	mu sync.Mutex
	by map[netip.Addr][]time.Time
}

const (
	triesMost   = 5
	triesWithin = time.Minute
)

// begin counts a try before it is judged; right takes it back.
func (t *tries) begin(from netip.Addr, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	recent := t.by[from][:0:0]
	for _, at := range t.by[from] {
		if d := now.Sub(at); d >= 0 && d < triesWithin {
			recent = append(recent, at)
		}
	}
	if len(recent) >= triesMost {
		t.by[from] = recent
		return false
	}
	if t.by == nil || len(t.by) > 10_000 {
		t.by = map[netip.Addr][]time.Time{}
	}
	t.by[from] = append(recent, now)
	return true
}

func (t *tries) right(from netip.Addr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.by[from]); n > 0 {
		t.by[from] = t.by[from][:n-1]
	}
}
