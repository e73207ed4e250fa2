package journal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"phonghop/store"
)

// RoomLog is the name of the room's own log; every other log is a session's.
const RoomLog = "room"

// The kinds the journal itself must understand; all others are none of its
// business. They are never renamed.
const (
	RoomFounded  = "RoomFounded"  // data.key is the first public key
	EpochBegan   = "EpochBegan"   // data.epoch, .size, .root, .key
	RecordSealed = "RecordSealed" // nothing follows it in its log
	DetailErased = "DetailErased" // data.entries are the seqs whose bodies go
)

var (
	ErrNoLog     = errors.New("there is no such log")
	ErrNoEntry   = errors.New("there is no such entry")
	ErrSealed    = errors.New("the log is sealed")
	ErrDuplicate = errors.New("an entry of this id is in the log")
	ErrEpoch     = errors.New("the key is not of the journal's epoch: begin a new epoch first")
	ErrReadOnly  = errors.New("the journal was opened for reading only")
	ErrBatch     = errors.New("the batch is no longer open")
	ErrPrefix    = errors.New("the journal has another prefix")

	errAside = errors.New("the log has not been looked at since the journal was reopened")
)

// Config says which journal to open.
type Config struct {
	Path   string // of journal.db
	Key    *Key   // what to sign with; nil only with ReadOnly
	Prefix string // of origins: "phonghop" where empty, "phonghop-demo", "phonghop-rehearsal"; with a journal of another, Open answers ErrPrefix
	// ReadOnly opens the file beside the process that writes it. Nothing is
	// verified at opening: call Verify.
	ReadOnly bool
	// Copy opens the copy of a journal whose room is elsewhere, with no key. It
	// only ever receives (Receive), and lets the deliveries say whose it is.
	Copy bool
	// Follow is given each record of the room's log, and then of the log begun last,
	// while Open verifies them, so that what is made of them is ready with it. All of
	// it counts for nothing before Open has returned without an error.
	Follow func(Record)
	// Pragmas exists for the fault harness and stays zero elsewhere.
	Pragmas store.Pragmas
}

// Journal is the room's book of logs. One goroutine owns writing (Begin to
// Commit, Recover, BeginEpoch); everything else may be called by anybody.
type Journal struct {
	db     *store.DB
	copies bool                                        // Config.Copy
	write  func(context.Context, func(tx) error) error // db.Write; a test puts a fault before it

	open *Batch // the writer's

	mu     sync.RWMutex // guards what follows, which only the writer changes
	key    *Key
	prefix string
	epochs epochs
	logs   map[string]*tree
	aside  map[string]int64 // the numbers of the logs not looked at yet: see Glance

	glancing sync.Mutex // held while the logs aside are looked at
}

// Log is what is known of a log without reading it.
type Log struct {
	Name   string
	Size   int64
	Root   tlog.Hash
	Epoch  int
	Sealed bool
	Signed int64 // entries its newest checkpoint signs; more than Size while a copy still receives
	Err    error // a *Wrong where it is not what was signed, or why it could not be looked at; nothing is read of it then
}

// Open opens or founds a journal. It verifies, entry by entry, as Verify does, the
// room's log and the one begun last unless that is sealed: those a room goes on
// with. It leaves the others aside, so that a start takes as long after a hundred
// sessions as after one (Glance), and they are verified before anything is added to
// them; a copy verifies all that are not sealed. An entry that is wrong is named by a
// *Wrong. The caller begins an empty journal with an entry RoomFounded.
func Open(ctx context.Context, c Config) (*Journal, error) {
	if c.Key == nil && !c.ReadOnly && !c.Copy {
		return nil, fmt.Errorf("opening %s: %w", c.Path, ErrKeyMissing)
	}
	if c.Prefix == "" && !c.ReadOnly && !c.Copy {
		c.Prefix = "phonghop"
	}
	db, err := openStore(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	j := &Journal{db: db, copies: c.Copy, key: c.Key, prefix: c.Prefix, epochs: firstEpoch(c.Key)}
	j.write = func(ctx context.Context, fn func(tx) error) error { return db.Write(ctx, fn) }
	if err := j.load(ctx, c.ReadOnly, c.Follow); err != nil {
		db.Close()
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	return j, nil
}

func openStore(ctx context.Context, c Config) (*store.DB, error) {
	if c.ReadOnly {
		return store.OpenReader(ctx, c.Path)
	}
	if c.Copy {
		return store.OpenWith(ctx, c.Path, schema+copySchema, c.Pragmas)
	}
	return store.OpenWith(ctx, c.Path, schema, c.Pragmas)
}

// Close lets go of the file. An open batch is gone.
func (j *Journal) Close() error { return j.db.Close() }

// PublicKey is the key of the room's log in the present epoch, in a note's form:
// what RoomFounded carries, and what an auditor writes down.
func (j *Journal) PublicKey() string {
	all := j.PublicKeys()
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// PublicKeys are the keys of every epoch, as CheckReceipt takes them.
func (j *Journal) PublicKeys() []string {
	j.mu.RLock()
	defer j.mu.RUnlock()
	var all []string
	for i, public := range j.epochs.keys {
		all = append(all, verifierText(j.origin(RoomLog, i+1).String(), public))
	}
	return all
}

// Room is ROOM, the room's name in every origin.
func (j *Journal) Room() string {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.epochs.room
}

func (j *Journal) origin(log string, epoch int) Origin {
	return Origin{j.prefix, j.epochs.room, log, epoch}
}

// Logs lists the logs in the order in which they were begun. It glances at those
// that are aside.
func (j *Journal) Logs() []Log {
	err := j.Glance(context.Background())
	j.mu.RLock()
	defer j.mu.RUnlock()
	var logs []Log
	for _, name := range j.inOrder() {
		l := Log{Name: name, Err: cmp.Or(err, errAside)}
		if t := j.logs[name]; t != nil {
			l = t.log()
		}
		logs = append(logs, l)
	}
	return logs
}

// Log is what is known of one log, after a glance at it.
func (j *Journal) Log(name string) (l Log, begun bool) {
	t, err := j.tree(context.Background(), name)
	if err != nil {
		return Log{Name: name, Err: err}, true
	}
	if t == nil {
		return Log{}, false
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	return t.log(), true
}

// Names are the logs in the order in which they were begun; it looks at none.
func (j *Journal) Names() []string {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.inOrder()
}

// inOrder is Names; the caller holds mu.
func (j *Journal) inOrder() []string {
	numbers := maps.Clone(j.aside)
	if numbers == nil {
		numbers = map[string]int64{}
	}
	for name, t := range j.logs {
		numbers[name] = t.n
	}
	return slices.SortedFunc(maps.Keys(numbers), func(a, b string) int { return cmp.Compare(numbers[a], numbers[b]) })
}

// Recover is the way back from store.ErrUncertain: the store is reopened and
// what is in it verified and read again. The batch is gone; whether its entries
// are there, Find tells afterwards. After store.ErrEnd there is no way back.
func (j *Journal) Recover(ctx context.Context) error {
	j.open = nil
	if err := j.db.Reopen(ctx); err != nil {
		return fmt.Errorf("recovering the journal: %w", err)
	}
	if err := j.load(ctx, false, nil); err != nil {
		return fmt.Errorf("recovering the journal: %w", err)
	}
	return nil
}

// Prefix is the first part of every origin: phonghop, or a demo's or rehearsal's.
func (j *Journal) Prefix() string {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.prefix
}
