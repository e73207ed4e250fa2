package journal

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"phonghop/store"
)

// epochs are the public keys the room has signed with, in order. A copy may be
// learnt further without touching the first.
type epochs struct {
	room string
	keys []ed25519.PublicKey // of epoch i+1
}

// firstEpoch is what a key tells before any log was read.
func firstEpoch(k *Key) epochs {
	switch {
	case k == nil:
		return epochs{}
	case k.epoch == 1:
		return epochs{k.room, []ed25519.PublicKey{k.Public()}}
	}
	return epochs{room: k.room}
}

// dataKey is what the journal reads in RoomFounded and EpochBegan.
type dataKey struct {
	Epoch int    `json:"epoch"`
	Size  int64  `json:"size"`
	Root  string `json:"root"`
	Key   string `json:"key"`
}

// learn takes the key an entry of the room's log tells; of other kinds it learns
// nothing. The entry is refused if it is not of this room or not the next epoch.
func (e *epochs) learn(prefix string, entry Entry) error {
	if entry.Kind != RoomFounded && entry.Kind != EpochBegan {
		return nil
	}
	o, public, err := keyIn(entry)
	switch {
	case err != nil:
		return err
	case entry.Kind == RoomFounded:
		return e.found(prefix, entry, o, public)
	case o != Origin{prefix, e.room, RoomLog, len(e.keys) + 1}:
		return fmt.Errorf("the key is of %s, not of %s", o, Origin{prefix, e.room, RoomLog, len(e.keys) + 1})
	}
	e.keys = append(slices.Clip(e.keys), public)
	return nil
}

// PrefixOf tells whose a journal is without verifying it: the first part of its
// origins, from its first entry; "" where it holds none.
func PrefixOf(ctx context.Context, path string) (string, error) {
	db, err := store.OpenReader(ctx, path)
	if err != nil {
		return "", err
	}
	defer db.Close()
	var line []byte
	err = db.Read().QueryRowContext(ctx, `SELECT line FROM entry JOIN log ON log = n WHERE name = ? AND seq = 0`, RoomLog).Scan(&line)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	} else if err != nil {
		return "", fmt.Errorf("reading the first entry of %s: %w", path, err)
	}
	e, err := ParseEntry(line)
	if err != nil {
		return "", fmt.Errorf("reading the first entry of %s: %w", path, err)
	}
	o, _, err := keyIn(e)
	return o.Prefix, err
}

func keyIn(entry Entry) (Origin, ed25519.PublicKey, error) {
	var d dataKey
	if err := json.Unmarshal(entry.Data, &d); err != nil {
		return Origin{}, nil, fmt.Errorf("reading the key in %s: %w", entry.Kind, err)
	}
	o, public, err := parseVerifier(d.Key)
	if err == nil && o.Epoch != d.Epoch {
		err = errors.New("the key is of another epoch than the entry")
	}
	return o, public, err
}

func (e *epochs) found(prefix string, entry Entry, o Origin, public ed25519.PublicKey) error {
	switch {
	case entry.Seq != 0:
		return errors.New("a room is founded once, by the first entry")
	case o.Prefix != prefix && o == Origin{o.Prefix, RoomID(public), RoomLog, 1}:
		return fmt.Errorf("%w: %s, not %s", ErrPrefix, o.Prefix, prefix)
	case o != Origin{prefix, RoomID(public), RoomLog, 1}:
		return fmt.Errorf("the founding key is of %s, not of %s", o, Origin{prefix, RoomID(public), RoomLog, 1})
	case e.room != "" && e.room != o.Room:
		return fmt.Errorf("%w: it is of room %s, the journal of room %s", ErrForeignKey, e.room, o.Room)
	}
	e.room, e.keys = o.Room, []ed25519.PublicKey{public}
	return nil
}

// current tells whether k is the key of the last epoch.
func (e epochs) current(k *Key) bool {
	n := len(e.keys)
	return n > 0 && n == k.epoch && e.room == k.room && bytes.Equal(e.keys[n-1], k.Public())
}

// fit refuses a key that can neither go on with the last epoch nor begin the next.
func (e epochs) fit(k *Key) error {
	if k == nil || e.current(k) || k.room == e.room && k.epoch == len(e.keys)+1 {
		return nil
	}
	return fmt.Errorf("%w: keys/room is of %s/%d, the journal of %s/%d", ErrForeignKey, k.room, k.epoch, e.room, len(e.keys))
}

// of is the public key of an origin of this room.
func (e epochs) of(prefix string) func(Origin) ([]byte, error) {
	return func(o Origin) ([]byte, error) {
		if o.Prefix != prefix || o.Room != e.room || o.Epoch > len(e.keys) {
			return nil, fmt.Errorf("%s is not an origin of this room, %s/%s, which is in epoch %d", o, prefix, e.room, len(e.keys))
		}
		return e.keys[o.Epoch-1], nil
	}
}

// succeeds checks an EpochBegan against the tree it stands in: the size and the
// root before it, and the key the room's log tells for that epoch.
func (e epochs) succeeds(prefix string, entry Entry, root string) error {
	var d dataKey
	if err := json.Unmarshal(entry.Data, &d); err != nil {
		return err
	}
	o, public, err := keyIn(entry)
	switch {
	case err != nil:
		return err
	case d.Size != entry.Seq || d.Root != root:
		return errors.New("it names another size or root than the tree before it has")
	case o != Origin{prefix, e.room, entry.Log, o.Epoch} || o.Epoch > len(e.keys):
		return fmt.Errorf("its key is of %s", o)
	case !bytes.Equal(e.keys[o.Epoch-1], public):
		return fmt.Errorf("its key is not the one of epoch %d in the room's log", o.Epoch)
	}
	return nil
}

// BeginEpoch goes on with a new key after a restore or on a promoted spare: in
// one commit, EpochBegan is the next entry of the room's log and of each log that
// is not sealed. The key must have been kept durably before (SucceedKey). The
// reason is free text and becomes detail.
func (j *Journal) BeginEpoch(ctx context.Context, key *Key, at time.Time, reason string) error {
	was := j.key
	j.setKey(key)
	err := j.beginEpoch(ctx, at, reason)
	if err != nil {
		j.setKey(was)
		return fmt.Errorf("beginning epoch %d: %w", key.epoch, err)
	}
	return nil
}

func (j *Journal) setKey(k *Key) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.key = k
}

func (j *Journal) beginEpoch(ctx context.Context, at time.Time, reason string) error {
	b := j.Begin()
	b.heir = true
	for _, l := range j.roomFirst() {
		if l.Err != nil {
			return l.Err
		}
		if l.Sealed {
			continue
		}
		o := j.origin(l.Name, j.key.epoch)
		data, err := json.Marshal(dataKey{o.Epoch, l.Size, hex.EncodeToString(l.Root[:]), verifierText(o.String(), j.key.Public())})
		if err != nil {
			return err
		}
		d := Draft{ID: fmt.Sprintf("epoch/%d", o.Epoch), Kind: EpochBegan, At: at, Data: data, Body: []byte(reason)}
		if _, err := b.Add(l.Name, d); err != nil {
			return err
		}
	}
	return b.Commit(ctx)
}

// roomFirst are the logs with the room's own at the head.
func (j *Journal) roomFirst() []Log {
	logs := j.Logs()
	slices.SortStableFunc(logs, func(a, b Log) int {
		switch {
		case a.Name == RoomLog && b.Name != RoomLog:
			return -1
		case b.Name == RoomLog && a.Name != RoomLog:
			return 1
		}
		return 0
	})
	return logs
}
