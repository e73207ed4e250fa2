package journal

import (
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"testing"
)

// TestEarlierLogsAreVerifiedBeforeTheyGrow: a start reads the log begun last and
// takes the earlier ones over unread. What was tampered with there must be named
// by Verify, and before anything is added.
func TestEarlierLogsAreVerifiedBeforeTheyGrow(t *testing.T) {
	dir := t.TempDir()
	j := begun(t, dir, 3, "earlier", "intact", "last")
	key := j.key
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

// begun is a new journal with logs of so many ballots each.
func begun(t *testing.T, dir string, ballots int, logs ...string) *Journal {
	t.Helper()
	j := found(t, dir)
	for _, log := range logs {
		b := j.Begin()
		for n := range ballots {
			add(t, b, log, ballot(n))
		}
		commit(t, b)
	}
	return j
}

func wrongIn(err error, log string, seq int64) bool {
	w, ok := errors.AsType[*Wrong](err)
	return ok && w.Log == log && w.Seq == seq
}

// TestADamagedEarlierLogIsFoundByAGlance: it does not keep the room from starting,
// but nothing is read of it any more or added to it. What is intact is not touched.
func TestADamagedEarlierLogIsFoundByAGlance(t *testing.T) {
	dir := t.TempDir()
	j := begun(t, dir, 3, "short", "intact", "last")
	key := j.key
	whole := j.Logs()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, dir, statement(`DELETE FROM entry WHERE log = 2 AND seq = 2`))

	j = reopen(t, dir, key)
	if names := j.Names(); !slices.Equal(names, []string{RoomLog, "short", "intact", "last"}) {
		t.Errorf("the logs begun: %v", names)
	}
	b := j.Begin()
	_, added := b.Add("short", ballot(9))
	_, at := j.At(t.Context(), "short", 0)
	_, _, byID := j.ByID("short", ballot(0).ID)
	_, note := j.Checkpoint("short")
	_, proof := j.Receipt(t.Context(), "short", 0)
	var read, named error
	for _, err := range j.Records(t.Context(), "short", 0) {
		read = errors.Join(read, err)
	}
	for _, err := range j.Named(t.Context(), "short", 0) {
		named = errors.Join(named, err)
	}
	_, handed := j.Deliver(t.Context(), "short", 0, Portion{Entries: 9, Bytes: 1 << 20})
	for i, err := range []error{added, at, byID, note, proof, read, named, handed} {
		if !wrongIn(err, "short", 2) {
			t.Errorf("%d: %v", i, err)
		}
	}
	for i, l := range j.Logs() {
		if l.Name == "short" && !wrongIn(l.Err, "short", 2) || l.Name != "short" && l != whole[i] {
			t.Errorf("%+v", l)
		}
	}
	if l, begun := j.Log("short"); !begun || !wrongIn(l.Err, "short", 2) {
		t.Errorf("%+v", l)
	}
	if l, begun := j.Log("intact"); !begun || l != whole[2] {
		t.Errorf("%+v", l)
	}
	add(t, b, "intact", ballot(9))
	commit(t, b)
}

// TestFollowIsGivenWhatIsVerified: in order, the room's log first, and nothing of what
// was left aside.
func TestFollowIsGivenWhatIsVerified(t *testing.T) {
	dir := t.TempDir()
	j := begun(t, dir, 300, "earlier", "last")
	key := j.key
	want := append(collect(t, j, RoomLog, 0), collect(t, j, "last", 0)...)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	var got []Record
	j, err := Open(t.Context(), Config{Path: dir + "/journal.db", Key: key, Follow: func(r Record) { got = append(got, r) }})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%d records, want %d", len(got), len(want))
	}
	if err := errors.Join(j.Recover(t.Context()), j.Close()); err != nil || len(got) != len(want) {
		t.Errorf("recovering: %v, %d records", err, len(got))
	}
}
