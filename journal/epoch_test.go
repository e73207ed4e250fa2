package journal

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// A restored journal has no key. It is opened with the next epoch's, refuses to
// go on before the epoch has begun, and afterwards verifies across both.
func TestEpoch(t *testing.T) {
	dir := t.TempDir()
	j := found(t, dir)
	fill(t, j, 20)
	sealed := "0197c0de-0000-7000-8000-000000000046"
	b := j.Begin()
	add(t, b, sealed, ballot(0))
	add(t, b, sealed, Draft{ID: "seal", Kind: RecordSealed})
	commit(t, b)
	oldReceipt, err := j.Receipt(t.Context(), session, 4)
	if err != nil {
		t.Fatal(err)
	}
	before := j.Logs()
	j.Close()

	key, err := SucceedKey(dir, j.Room(), 2)
	if err != nil {
		t.Fatal(err)
	}
	j = reopen(t, dir, key)
	b = j.Begin()
	add(t, b, session, ballot(20))
	if err := b.Commit(t.Context()); !errors.Is(err, ErrEpoch) {
		t.Fatalf("going on without the epoch: %v", err)
	}
	if err := j.BeginEpoch(t.Context(), key, at(99), "khôi phục từ bản sao lưu"); err != nil {
		t.Fatal(err)
	}
	b = j.Begin()
	add(t, b, session, ballot(20))
	add(t, b, "0197c0de-0000-7000-8000-000000000048", ballot(0))
	commit(t, b)
	j.Close()
	reread, err := OpenKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	j = reopen(t, dir, reread)

	epochs := map[string]int{RoomLog: 2, session: 2, sealed: 1, "0197c0de-0000-7000-8000-000000000048": 2}
	for _, l := range j.Logs() {
		if l.Epoch != epochs[l.Name] {
			t.Errorf("log %s is in epoch %d", l.Name, l.Epoch)
		}
	}
	began, err := j.At(t.Context(), session, 20)
	if err != nil || began.Kind != EpochBegan || string(began.Body) != "khôi phục từ bản sao lưu" {
		t.Errorf("%+v, %v", began, err)
	}
	if !strings.Contains(string(began.Data), `"size":20,`) || j.Room() != key.Room() || len(j.PublicKeys()) != 2 {
		t.Errorf("%s", began.Data)
	}
	if _, err := j.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	r, err := j.At(t.Context(), session, 4)
	if err != nil {
		t.Fatal(err)
	}
	newReceipt, err := j.Receipt(t.Context(), session, 4)
	if err != nil {
		t.Fatal(err)
	}
	for name, receipt := range map[string][]byte{"old": oldReceipt, "new": newReceipt} {
		if err := CheckReceipt(receipt, r.Line(), j.PublicKeys()...); err != nil {
			t.Errorf("the %s receipt: %v", name, err)
		}
	}
	if CheckReceipt(newReceipt, r.Line(), j.PublicKeys()[0]) == nil {
		t.Error("the first key vouches for the second epoch")
	}
	if got := recount(t, export(t, j, session)); got.Epoch != 2 || got.Size != 22 {
		t.Errorf("the stranger counts %+v", got)
	}
	if before[0].Size != 1 || j.Logs()[0].Size != 2 {
		t.Errorf("the room's log: %+v", j.Logs()[0])
	}
}

func TestEpochRefuses(t *testing.T) {
	j := found(t, t.TempDir())
	fill(t, j, 3)
	skip, stranger := NewKey(), NewKey()
	skip.room, skip.epoch = j.Room(), 3
	stranger.epoch = 2
	for name, key := range map[string]*Key{"an epoch left out": skip, "another room": stranger, "the same epoch": j.key} {
		if err := j.BeginEpoch(t.Context(), key, at(0), "x"); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	b := j.Begin() // the old key is still the one
	add(t, b, session, ballot(3))
	commit(t, b)
}

func TestPrefixesDoNotMix(t *testing.T) {
	dir := t.TempDir()
	j := found(t, dir)
	j.Close()
	if _, err := Open(t.Context(), Config{Path: filepath.Join(dir, "journal.db"), Key: j.key, Prefix: "phonghop-demo"}); err == nil {
		t.Error("a room's journal opened as a demo's")
	}
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	j := found(t, dir)
	fill(t, j, 3)
	r, err := Open(t.Context(), Config{Path: filepath.Join(dir, "journal.db"), ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Begin().Add(session, ballot(9)); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a reader adds: %v", err)
	}
	if r.PublicKey() != j.PublicKey() || r.Room() != j.Room() || len(collect(t, r, session, 0)) != 3 {
		t.Errorf("%s, %s", r.PublicKey(), r.Room())
	}
	if report, err := r.Verify(t.Context()); err != nil || report.Keys[0] != j.PublicKey() {
		t.Error(err)
	}
}

// The last checkpoint of an epoch that is over still binds the tree.
func TestOldEpochsCheckpointIsHeldAgainstTheTree(t *testing.T) {
	dir := t.TempDir()
	j := found(t, dir)
	fill(t, j, 20)
	first := j.key
	key, err := SucceedKey(dir, j.Room(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.BeginEpoch(t.Context(), key, at(99), "x"); err != nil {
		t.Fatal(err)
	}
	j.Close()
	other := &Journal{prefix: j.prefix, key: first}
	forged := &tree{name: session, size: 19}
	if err := other.sign(forged, epochs{room: j.Room()}); err != nil {
		t.Fatal(err)
	}
	tamper(t, dir, statement(`UPDATE checkpoint SET note = ?, size = 19 WHERE log = 2 AND epoch = 1`, forged.note))
	_, err = Open(t.Context(), Config{Path: filepath.Join(dir, "journal.db"), Key: key})
	check(t, tampered{seq: -1, what: "not those signed in epoch 1"}, err)
}
