package journal

import (
	"database/sql"
	"errors"
	"testing"
)

// TestEarlierLogsAreVerifiedBeforeTheyGrow: a start reads the log begun last and
// takes the earlier ones over unread. What was tampered with there must be named
// by Verify, and before anything is added.
func TestEarlierLogsAreVerifiedBeforeTheyGrow(t *testing.T) {
	dir := t.TempDir()
	j := found(t, dir)
	key := j.key
	for _, log := range []string{"earlier", "intact", "last"} {
		b := j.Begin()
		for n := range 3 {
			add(t, b, log, ballot(n))
		}
		commit(t, b)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, dir, func(t *testing.T, db *sql.DB) {
		flip("entry", "line", "seq = 1", 60)(t, db) // of log 2, the first session
	})

	j = reopen(t, dir, key)
	if _, err := j.Verify(t.Context()); !wrongIn(err, "earlier", 1) {
		t.Errorf("verifying: %v", err)
	}
	b := j.Begin()
	if _, err := b.Add("earlier", ballot(9)); !wrongIn(err, "earlier", 1) {
		t.Errorf("adding to what was tampered with: %v", err)
	}
	if _, err := b.Add("intact", ballot(2)); !errors.Is(err, ErrDuplicate) {
		t.Errorf("an id that is in the log: %v", err)
	}
	if r := add(t, b, "intact", ballot(9)); r.Seq != 3 {
		t.Errorf("the next entry is %d", r.Seq)
	}
	commit(t, b)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}

	tamper(t, dir, func(t *testing.T, db *sql.DB) {
		statement(`UPDATE entry SET line = replace(line, 'B', 'C') WHERE log = 4 AND seq = 1`)(t, db)
	})
	_, err := Open(t.Context(), Config{Path: dir + "/journal.db", Key: key})
	if !wrongIn(err, "last", 1) {
		t.Errorf("opening with the newest log tampered with: %v", err)
	}
}

func wrongIn(err error, log string, seq int64) bool {
	w, ok := errors.AsType[*Wrong](err)
	return ok && w.Log == log && w.Seq == seq
}
