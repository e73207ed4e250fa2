package journal

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const whole = 1 << 20

// aside opens a copy in dir.
func aside(t testing.TB, dir string) *Journal {
	t.Helper()
	j, err := Open(t.Context(), Config{Path: filepath.Join(dir, "journal.db"), Copy: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

// hand delivers what the copy lacks of a log, once.
func hand(t testing.TB, from, to *Journal, log string, p Portion, c Consent) error {
	t.Helper()
	d, err := from.Deliver(t.Context(), log, sizeOf(to, log), p)
	if err != nil {
		t.Fatal(err)
	}
	var travels bytes.Buffer
	if err := d.Write(&travels); err != nil {
		t.Fatal(err)
	}
	if d, err = ReadDelivery(&travels); err != nil {
		t.Fatal(err)
	}
	_, err = to.Receive(t.Context(), d, c)
	return err
}

func sizeOf(j *Journal, log string) int64 {
	for _, l := range j.Logs() {
		if l.Name == log {
			return l.Size
		}
	}
	return 0
}

func handAll(t testing.TB, from, to *Journal) {
	t.Helper()
	for _, l := range from.Logs() {
		if err := hand(t, from, to, l.Name, Portion{whole, whole, true}, Consent{}); err != nil {
			t.Fatalf("log %s: %v", l.Name, err)
		}
	}
}

// same holds the copy against the room: roots, lines, bodies.
func same(t testing.TB, room, copied *Journal) {
	t.Helper()
	if _, err := copied.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, l := range room.Logs() {
		ours, theirs := collect(t, room, l.Name, 0), collect(t, copied, l.Name, 0)
		if len(ours) != len(theirs) {
			t.Fatalf("log %s: %d entries there, %d here", l.Name, len(ours), len(theirs))
		}
		for i := range ours {
			if !bytes.Equal(ours[i].Line(), theirs[i].Line()) || !bytes.Equal(ours[i].Body, theirs[i].Body) {
				t.Fatalf("log %s, entry %d differs", l.Name, i)
			}
		}
	}
}

// Whatever the size of the portions, wherever it stops, and however often a
// delivery comes again, the copy is the room's journal and verifies at any time.
func TestReceiveInPortions(t *testing.T) {
	room := found(t, t.TempDir())
	fill(t, room, 300)
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "copy")
		if err != nil {
			rt.Fatal(err)
		}
		copied := aside(t, dir)
		handAllOf(rt, t, room, copied, RoomLog)
		for sizeOf(copied, session) < 300 {
			back := rapid.Int64Range(0, sizeOf(copied, session)).Draw(rt, "again")
			d, err := room.Deliver(t.Context(), session, sizeOf(copied, session)-back, Portion{Entries: int(back) + rapid.IntRange(1, 120).Draw(rt, "portion"), Bytes: whole})
			if err != nil {
				rt.Fatal(err)
			}
			for range rapid.IntRange(1, 2).Draw(rt, "times") {
				if _, err := copied.Receive(t.Context(), d, Consent{}); err != nil {
					rt.Fatal(err)
				}
			}
			if _, err := copied.Verify(t.Context()); err != nil {
				rt.Fatalf("half of it: %v", err)
			}
			if rapid.Bool().Draw(rt, "restart") {
				copied.Close()
				copied = aside(t, dir)
			}
		}
		if l := copied.Logs()[1]; l.Signed != l.Size {
			rt.Fatalf("it is whole and says %+v", l)
		}
		same(t, room, copied)
		copied.Close()
	})
}

func handAllOf(rt *rapid.T, t *testing.T, from, to *Journal, log string) {
	if err := hand(t, from, to, log, Portion{whole, whole, true}, Consent{}); err != nil {
		rt.Fatal(err)
	}
}

// Every single byte of a delivery counts.
func TestReceiveRefusesWhatWasChanged(t *testing.T) {
	room := found(t, t.TempDir())
	fill(t, room, 20)
	d, err := room.Deliver(t.Context(), session, 0, Portion{Entries: 12, Bytes: whole})
	if err != nil {
		t.Fatal(err)
	}
	copied := aside(t, t.TempDir())
	if err := hand(t, room, copied, RoomLog, Portion{whole, whole, true}, Consent{}); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(47, 1))
	for range 400 {
		bad := clone(d)
		e := &bad.Entries[r.IntN(len(bad.Entries))]
		part := map[int][]byte{0: e.Line, 1: e.Body, 2: e.Salt, 3: bad.Checkpoints[0], 4: bad.Proof[r.IntN(len(bad.Proof))][:]}[r.IntN(5)]
		if len(part) == 0 {
			continue
		}
		part[r.IntN(len(part))] ^= 1 << r.IntN(8)
		if _, err := copied.Receive(t.Context(), bad, Consent{}); err == nil {
			t.Fatalf("a changed delivery was taken: %q", bad.Checkpoints)
		}
		if n := sizeOf(copied, session); n != 0 {
			t.Fatalf("%d entries of it are here", n)
		}
	}
	for name, change := range map[string]func(*Delivery){
		"an entry left out":  func(d *Delivery) { d.Entries = append(d.Entries[:5], d.Entries[6:]...) },
		"two changed places": func(d *Delivery) { d.Entries[3], d.Entries[4] = d.Entries[4], d.Entries[3] },
		"no checkpoint":      func(d *Delivery) { d.Checkpoints = nil },
		"no proof":           func(d *Delivery) { d.Proof = nil },
		"another log":        func(d *Delivery) { d.Log = "0197c0de-0000-7000-8000-000000000048" },
		"a gap":              func(d *Delivery) { d.From, d.Entries = 3, d.Entries[3:] },
		"before the first":   func(d *Delivery) { d.From = -1 },
	} {
		bad := clone(d)
		change(&bad)
		if _, err := copied.Receive(t.Context(), bad, Consent{}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := copied.Receive(t.Context(), d, Consent{}); err != nil {
		t.Fatalf("the true one: %v", err)
	}
}

func clone(d Delivery) Delivery {
	c := Delivery{Log: d.Log, From: d.From, Proof: append(d.Proof[:0:0], d.Proof...)}
	for _, e := range d.Entries {
		c.Entries = append(c.Entries, Delivered{bytes.Clone(e.Line), bytes.Clone(e.Salt), bytes.Clone(e.Body)})
	}
	for _, n := range d.Checkpoints {
		c.Checkpoints = append(c.Checkpoints, bytes.Clone(n))
	}
	return c
}

// A room that wrote its last entries anew and signed them with its own key is
// refused, and the first entry that differs is named.
func TestReceiveRefusesRewrittenHistory(t *testing.T) {
	dir := t.TempDir()
	room := found(t, dir)
	fill(t, room, 10)
	room.Close()
	other := t.TempDir()
	if err := os.CopyFS(other, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	key, err := OpenKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	honest, forged := reopen(t, dir, key), reopen(t, other, key)
	for i, j := range []*Journal{honest, forged} {
		b := j.Begin()
		for n := 10; n < 15; n++ {
			d := ballot(n)
			if i == 1 && n >= 12 {
				d.Data = []byte(`{"vote":"v0","choice":"against","n":1}`)
			}
			d.Body = nil
			add(t, b, session, d)
		}
		commit(t, b)
	}
	copied := aside(t, t.TempDir())
	handAll(t, honest, copied)
	d, err := forged.Deliver(t.Context(), session, 8, Portion{whole, whole, true})
	if err != nil {
		t.Fatal(err)
	}
	var fork *Fork
	if _, err := copied.Receive(t.Context(), d, Consent{NewEpoch: true}); !errors.As(err, &fork) || fork.Seq != 12 {
		t.Fatalf("rewritten history: %v", err)
	}
	b := forged.Begin()
	add(t, b, session, ballot(15))
	commit(t, b)
	d, err = forged.Deliver(t.Context(), session, 15, Portion{whole, whole, true}) // hides what differs
	if err != nil {
		t.Fatal(err)
	}
	if _, err := copied.Receive(t.Context(), d, Consent{}); !errors.As(err, &fork) || fork.Seq != -1 {
		t.Fatalf("rewritten history, its end only: %v", err)
	}
	ours, err := copied.RootAt(t.Context(), session, 12)
	theirs, err2 := forged.RootAt(t.Context(), session, 12)
	if err != nil || err2 != nil || ours != theirs {
		t.Errorf("the common beginning: %v %v", err, err2)
	}
	same(t, honest, copied)
}

// A restored room goes on from an older state under a new key. That needs
// somebody's yes; what the backup lacked is set aside, not lost.
func TestReceiveAfterARestore(t *testing.T) {
	dir := t.TempDir()
	room := found(t, dir)
	fill(t, room, 10)
	room.Close()
	backup := t.TempDir()
	if err := os.CopyFS(backup, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	first, err := OpenKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	room = reopen(t, dir, first)
	b := room.Begin()
	for n := 10; n < 17; n++ {
		add(t, b, session, ballot(n))
	}
	add(t, b, RoomLog, Draft{ID: "later", Kind: "RoomRenamed", At: at(20), Data: []byte(`{}`)})
	commit(t, b)
	place := t.TempDir()
	copied := aside(t, place)
	handAll(t, room, copied)

	key, err := SucceedKey(backup, room.Room(), 2)
	if err != nil {
		t.Fatal(err)
	}
	restored := reopen(t, backup, key)
	if err := restored.BeginEpoch(t.Context(), key, at(99), "khôi phục"); err != nil {
		t.Fatal(err)
	}
	b = restored.Begin()
	add(t, b, session, ballot(30))
	commit(t, b)

	d, err := restored.Deliver(t.Context(), RoomLog, 0, Portion{whole, whole, true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := copied.Receive(t.Context(), d, Consent{}); !errors.Is(err, ErrNewEpoch) {
		t.Fatalf("a new key without anybody's yes: %v", err)
	}
	for _, log := range []string{RoomLog, session} {
		for _, from := range []int64{0, 10} {
			if log == RoomLog {
				from = min(from, 1)
			}
			d, err := restored.Deliver(t.Context(), log, from, Portion{whole, whole, true})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := copied.Receive(t.Context(), d, Consent{NewEpoch: true}); err != nil {
				t.Fatalf("log %s from %d: %v", log, from, err)
			}
		}
	}
	same(t, restored, copied)
	copied.Close()
	copied = aside(t, place)
	same(t, restored, copied)
	aside, err := copied.Orphans(t.Context())
	if err != nil || fmt.Sprint(aside) != fmt.Sprint([]Orphan{{RoomLog, 1, 1, 1}, {session, 1, 10, 7}}) {
		t.Errorf("set aside: %+v, %v", aside, err)
	}
	d, err = room.Deliver(t.Context(), session, 10, Portion{whole, whole, true})
	if err != nil {
		t.Fatal(err)
	}
	var fork *Fork
	if _, err := copied.Receive(t.Context(), d, Consent{NewEpoch: true}); !errors.As(err, &fork) {
		t.Errorf("the old box goes on as if nothing had happened: %v", err)
	}
}

// A body that was withheld may follow; one that was erased never comes back.
func TestReceiveBodiesLater(t *testing.T) {
	room := found(t, t.TempDir())
	b := room.Begin()
	add(t, b, session, Draft{ID: "held", Kind: "RecordNoted", At: at(1), Data: []byte(`{}`), Body: []byte("họp kín"), Hold: true})
	add(t, b, session, Draft{ID: "gone", Kind: "RecordNoted", At: at(2), Data: []byte(`{}`), Body: []byte("sẽ xóa"), Hold: true})
	commit(t, b)
	before, err := room.Deliver(t.Context(), session, 0, Portion{whole, whole, true})
	if err != nil {
		t.Fatal(err)
	}
	b = room.Begin()
	add(t, b, session, Draft{ID: "erase", Kind: DetailErased, At: at(3), Data: []byte(`{"entries":[1]}`)})
	commit(t, b)
	copied := aside(t, t.TempDir())
	for _, l := range room.Logs() {
		if err := hand(t, room, copied, l.Name, Portion{Entries: whole, Bytes: whole}, Consent{}); err != nil {
			t.Fatal(err)
		}
	}
	got := collect(t, copied, session, 0)
	if got[0].Body != nil || got[1].Body != nil {
		t.Fatal("a receiver that is not cleared got what is held")
	}
	if _, err := copied.Receive(t.Context(), before, Consent{}); err != nil {
		t.Fatal(err)
	}
	got = collect(t, copied, session, 0)
	if string(got[0].Body) != "họp kín" || got[1].Body != nil {
		t.Errorf("afterwards: %q, %q", got[0].Body, got[1].Body)
	}
	same(t, room, copied)
}

func TestReceiveWhoseItIs(t *testing.T) {
	room, other := found(t, t.TempDir()), found(t, t.TempDir())
	fill(t, room, 5)
	copied := aside(t, t.TempDir())
	if err := hand(t, room, copied, session, Portion{whole, whole, true}, Consent{}); err == nil {
		t.Error("a session came before the room's log that names the key")
	}
	handAll(t, room, copied)
	d, err := other.Deliver(t.Context(), RoomLog, 0, Portion{whole, whole, true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := copied.Receive(t.Context(), d, Consent{NewEpoch: true}); err == nil {
		t.Error("another room's log was taken")
	}
	if _, err := room.Receive(t.Context(), d, Consent{}); !errors.Is(err, ErrCopy) {
		t.Errorf("the room itself received: %v", err)
	}
	if _, err := copied.Begin().Add(session, ballot(9)); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a copy wrote by itself: %v", err)
	}
	b := room.Begin()
	add(t, b, session, Draft{ID: "seal", Kind: RecordSealed, At: at(9)})
	commit(t, b)
	handAll(t, room, copied)
	for range 2 {
		d, err := room.Deliver(t.Context(), session, 0, Portion{whole, whole, true})
		if err != nil {
			t.Fatal(err)
		}
		if l, err := copied.Receive(t.Context(), d, Consent{}); err != nil || !l.Sealed {
			t.Errorf("a sealed log again: %+v, %v", l, err)
		}
	}
	same(t, room, copied)
}

func TestCosigned(t *testing.T) {
	room := found(t, t.TempDir())
	fill(t, room, 5)
	checkpoint, err := room.Checkpoint(session)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key")
	if err := NewCosigner("centre.example/1").Save(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCosigner(path, text)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 9, 42, 17, 0, time.UTC)
	receipt, err := c.Cosign(checkpoint, at)
	if err != nil {
		t.Fatal(err)
	}
	o, size, when, err := CheckCosigned(receipt, c.PublicKey())
	if err != nil || o.Log != session || size != 5 || !when.Equal(at) {
		t.Errorf("%v %d %v %v", o, size, when, err)
	}
	if _, err := openCheckpoint(receipt, room.epochs.of(room.prefix)); err != nil {
		t.Errorf("the room's own signature under it: %v", err)
	}
	if _, _, _, err := CheckCosigned(receipt, NewCosigner("centre.example/1").PublicKey()); err == nil {
		t.Error("another centre's key fits")
	}
	for i := range receipt {
		bad := bytes.Clone(receipt)
		bad[i] ^= 4
		if o, size, when, err := CheckCosigned(bad, c.PublicKey()); err == nil && (o.Log != session || size != 5 || !when.Equal(at)) {
			t.Fatalf("byte %d changed: %v %d %v", i, o, size, when)
		}
	}
}

func FuzzReadDelivery(f *testing.F) {
	room := found(f, f.TempDir())
	d, err := room.Deliver(f.Context(), RoomLog, 0, Portion{whole, whole, true})
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ReadDelivery(bytes.NewReader(text))
		if err != nil {
			return
		}
		copied := aside(t, t.TempDir())
		defer copied.Close()
		if _, err := copied.Receive(t.Context(), d, Consent{}); err == nil && !bytes.Equal(text, b.Bytes()) {
			if _, err := copied.Verify(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
}

func FuzzCheckCosigned(f *testing.F) {
	c := NewCosigner("centre")
	f.Add([]byte("phonghop/0123456789abcdef/room/1\n1\nAAAA\n\n— centre AAAA\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, _, _, err := CheckCosigned(text, c.PublicKey()); err == nil {
			t.Error("a signature out of nothing")
		}
	})
}
