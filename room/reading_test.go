package room

import (
	"database/sql"
	"path/filepath"
	"testing"

	"phonghop/journal"
	"phonghop/rules"
)

// TestReadingIsReplaying: what is folded while the journal is opened is what folding
// the open journal comes to.
func TestReadingIsReplaying(t *testing.T) {
	h := voting(t, t.TempDir(), 40)
	for n := 1; n < 40; n++ {
		h.do(member(n), cast(1, rules.For))
	}
	h.leave()
	j, reading, err := openJournal(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	read, present := reading.take()
	house, err := replayHouse(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	names := j.Names()
	want, err := Replay(t.Context(), j, names[len(names)-1])
	if err != nil {
		t.Fatal(err)
	}
	sameAs(t, "read", present.Session, want.Session)
	if present.Ballots != 39 || want.Ballots != 39 || present.Unknown != want.Unknown {
		t.Errorf("%d ballots, %q; want %d, %q", present.Ballots, present.Unknown, want.Ballots, want.Unknown)
	}
	if read.Size() != house.Size() || read.Name() != house.Name() || read.unknown != house.unknown {
		t.Errorf("the room: %d entries, %q", read.Size(), read.Name())
	}
}

// TestAReadingOfADamagedJournalEnds: nobody waits for it.
func TestAReadingOfADamagedJournalEnds(t *testing.T) {
	h := voting(t, t.TempDir(), 40)
	for n := 1; n < 40; n++ {
		h.do(member(n), cast(1, rules.For))
	}
	h.leave()
	db, err := sql.Open("sqlite3", filepath.Join(h.dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE entry SET line = replace(line, '"for"', '"against"') WHERE log = 2 AND seq = (SELECT max(seq) - 3 FROM entry WHERE log = 2)`); err != nil {
		t.Fatal(err)
	}
	if j, _, err := openJournal(h.dir); err == nil {
		j.Close()
		t.Error("it was opened")
	}
	var none *Reading
	if house, present := none.take(); house.Room != nil || present.Session != nil {
		t.Error("no reading has read something")
	}
}

// TestNothingIsReadOfASealedLog: a start only glances at it, and Open reads it.
func TestNothingIsReadOfASealedLog(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	log := string(h.State().Session.ID())
	b := h.j.Begin()
	if _, err := b.Add(log, journal.Draft{ID: "seal", Kind: journal.RecordSealed, At: h.now()}); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	size := h.logOf(log).Size
	h = h.again()
	defer h.leave()
	if got := h.State().Session.Size(); got != size {
		t.Errorf("%d entries of %d", got, size)
	}
}
