package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

const session = "0197c0de-0000-7000-8000-000000000047"

func at(n int) time.Time {
	return time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC).Add(time.Duration(n) * 1234 * time.Millisecond)
}

// found opens a new journal with its founding entry.
func found(t testing.TB, dir string) *Journal {
	t.Helper()
	key, err := OpenKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	j := reopen(t, dir, key)
	b := j.Begin()
	data, _ := json.Marshal(map[string]any{"name": "Phòng A2", "slug": "phong-a2", "key": j.PublicKey(), "epoch": 1})
	add(t, b, RoomLog, Draft{ID: "found", Kind: RoomFounded, At: at(0), Data: data})
	commit(t, b)
	return j
}

func reopen(t testing.TB, dir string, key *Key) *Journal {
	t.Helper()
	j, err := Open(t.Context(), Config{Path: filepath.Join(dir, "journal.db"), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func add(t testing.TB, b *Batch, log string, d Draft) Record {
	t.Helper()
	r, err := b.Add(log, d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func commit(t testing.TB, b *Batch) {
	t.Helper()
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ballot is the nth entry of a made-up session; every third has a body.
func ballot(n int) Draft {
	d := Draft{ID: fmt.Sprintf("key-%d", n), Kind: "BallotCast", At: at(n), By: fmt.Sprintf("member-%d", n%30), Seat: "S1",
		Data: json.RawMessage(fmt.Sprintf(`{"vote":"v%d","choice":"for","n":%d}`, n/30, n))}
	if n%3 == 0 {
		d.Body = fmt.Appendf(nil, "ý kiến số %d", n)
	}
	return d
}

// fill appends n entries to the session's log in batches of seven.
func fill(t testing.TB, j *Journal, n int) {
	t.Helper()
	b := j.Begin()
	for i := range n {
		add(t, b, session, ballot(i))
		if b.Len() == 7 {
			commit(t, b)
			b = j.Begin()
		}
	}
	commit(t, b)
}

func collect(t testing.TB, j *Journal, log string, from int64) []Record {
	t.Helper()
	var all []Record
	for r, err := range j.Records(t.Context(), log, from) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func TestReopenGivesTheSame(t *testing.T) {
	dir := t.TempDir()
	j := found(t, dir)
	fill(t, j, 300)
	logs, all := j.Logs(), collect(t, j, session, 0)
	if len(all) != 300 {
		t.Fatalf("%d records", len(all))
	}
	j.Close()
	key, err := OpenKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	j = reopen(t, dir, key)
	if got := fmt.Sprint(j.Logs()); got != fmt.Sprint(logs) {
		t.Errorf("logs %s, were %v", got, logs)
	}
	for i, r := range collect(t, j, session, 250) {
		if w := all[250+i]; string(r.Line()) != string(w.Line()) || string(r.Body) != string(w.Body) || r.Leaf != w.Leaf {
			t.Fatalf("record %d differs: %s", 250+i, r.Line())
		}
	}
	if _, err := j.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := j.Begin().Add(session, ballot(17)); !errors.Is(err, ErrDuplicate) {
		t.Errorf("a known id: %v", err)
	}
}

func TestReceipt(t *testing.T) {
	j := found(t, t.TempDir())
	fill(t, j, 100)
	r, err := j.At(context.Background(), session, 42)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := j.Receipt(t.Context(), session, 42)
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckReceipt(receipt, r.Line(), j.PublicKeys()...); err != nil {
		t.Error(err)
	}
	for i := range receipt {
		broken := append([]byte{}, receipt...)
		broken[i] ^= 1
		if CheckReceipt(broken, r.Line(), j.PublicKeys()...) == nil {
			t.Errorf("byte %d of the receipt may be changed", i)
		}
	}
}
