package access

import (
	"context"
	"database/sql"
	"sync"
)

// A hall of people signs in within the same minute, and the tablets of a whole
// room bind their seats in the second in which the power comes back. Each needs
// an fsync and the table read back; those who wait for it share both.

// write is what one decision puts into the transaction.
type write func(context.Context, *sql.Tx) error

// turn is one tablet's signing in or binding on its way to the disk. It touches
// what belongs to its place and to its device, and nothing else: turns that
// differ in both can be decided on the same table.
type turn struct {
	place   place
	device  hash
	decide  func(*table) (write, error) // a nil write: there is nothing to put down
	settled bool                        // owned by whoever holds writing, as is err
	err     error
}

// turns are waiting for whoever gets to write next.
type turns struct {
	mu      sync.Mutex
	waiting []*turn
}

func (q *turns) add(t *turn) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, t)
}

// next takes those that do not touch one another, in the order in which they came.
func (q *turns) next() []*turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	var taken, left []*turn
	places, devices := map[place]bool{}, map[hash]bool{}
	for _, t := range q.waiting {
		if places[t.place] || devices[t.device] {
			left = append(left, t)
		} else {
			taken = append(taken, t)
		}
		places[t.place], devices[t.device] = true, true
	}
	q.waiting = left
	return taken
}

// take settles a turn, with all that wait beside it. It answers after the fsync.
func (a *Access) take(ctx context.Context, t *turn) error {
	a.turns.add(t)
	a.writing.Lock()
	defer a.writing.Unlock()
	for !t.settled {
		a.settle(context.WithoutCancel(ctx), a.turns.next()) // others' turns are in it
	}
	return t.err
}

// settle decides turns on the table as it is and commits what they write. The
// caller holds writing.
func (a *Access) settle(ctx context.Context, taken []*turn) {
	table := a.table.Load()
	var writers []*turn
	var writes []write
	for _, t := range taken {
		var w write
		if w, t.err = t.decide(table); w != nil {
			writers, writes = append(writers, t), append(writes, w)
		}
		t.settled = true
	}
	if len(writes) == 0 {
		return
	}
	err := a.write(ctx, "seat tablets", func(tx *sql.Tx) error {
		for _, w := range writes {
			if err := w(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, t := range writers {
		t.err = err
	}
}
