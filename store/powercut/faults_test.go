package powercut

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"phonghop/journal"
	"phonghop/store"
)

// survivors opens the folder a writer left, without a power cut, and checks it
// as after one.
func (r *recording) survivors(t *testing.T) *after {
	t.Helper()
	a := &after{dir: r.dir, promised: r.marks, whole: r.whole, calm: r.calm}
	if err := a.examine(); err != nil {
		t.Fatal(err)
	}
	return a
}

// The disk is full in the middle of a batch: the whole batch is gone and nobody
// was answered; what was there verifies; with space again, writing goes on. (The
// first three the writer checks itself, in makeRoom.)
func TestFullDisk(t *testing.T) {
	for _, room := range []int64{0, 7, 20} {
		t.Run(fmt.Sprintf("after %d writes", room), func(t *testing.T) {
			t.Parallel()
			r := record(t, play{Batches: true, Votes: 5, Faults: []fault{{3, control{WriteAfter: room, WriteFail: 1 << 40}}}})
			if r.marked(full) == 0 {
				t.Fatal("the disk was never full")
			}
			if n := len(r.survivors(t).records[batchLog]); n != 5*batchSize {
				t.Fatalf("%d entries, want %d", n, 5*batchSize)
			}
			none(t, r.losses(t, r.points(20, 3)))
		})
	}
}

// kill -9 in the middle of a batch, half a write done: the next process goes on
// with whole batches, and sends the rest again.
func TestKilledInMidBatch(t *testing.T) {
	for _, at := range []int64{1, 9, 23} {
		fault := []fault{{3, control{KillAt: at}}}
		for name, plays := range map[string][]play{
			"batches":   {{Batches: true, Votes: 3, Faults: fault}, {Batches: true, Votes: 4}},
			"a session": {{Seed: 21, Members: 8, Votes: 3, Faults: fault}, {Seed: 22, Members: 8, Votes: 1, First: 4}},
		} {
			t.Run(fmt.Sprintf("%s, at write %d", name, at), func(t *testing.T) {
				t.Parallel()
				r := record(t, plays...)
				a := r.survivors(t)
				if n := len(a.records[batchLog]); a.log == batchLog && n != 4*batchSize {
					t.Fatalf("%d entries, want %d", n, 4*batchSize)
				}
				none(t, r.losses(t, r.points(20, 4)))
			})
		}
	}
}

// The clock jumps by years during a session: numbers, tallies and what stands do
// not follow it.
func TestClockYearsOff(t *testing.T) {
	r := record(t, play{Seed: 31, Members: 8, Votes: 2, Clock: true})
	a := r.survivors(t)
	back, forth := 0, 0
	log := a.records[a.log]
	for i := 1; i < len(log); i++ {
		switch d := log[i].At.Sub(log[i-1].At); {
		case d < -365*24*time.Hour:
			back++
		case d > 365*24*time.Hour:
			forth++
		}
	}
	if back == 0 || forth == 0 {
		t.Fatalf("the clock jumped back %d times and forth %d times; the test needs both", back, forth)
	}
}

// A journal on a disk that fails for good ends, and says so.
func TestSyncFailsForGood(t *testing.T) {
	r := record(t, play{Seed: 41, Members: 8, Votes: 2, Faults: []fault{{2, control{SyncFail: 1 << 40}}}})
	if r.marked(ended) != 1 {
		t.Fatal("the writer went on although no sync succeeded")
	}
	none(t, r.losses(t, r.points(20, 5)))
}

// Half a journal must be told from a whole one, or the checks above check little.
func TestExamineSeesWhatIsMissing(t *testing.T) {
	r := record(t, play{Batches: true, Votes: 3})
	j, err := open(r.dir, store.Pragmas{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	whole := after{dir: r.dir, promised: r.marks, whole: r.whole, calm: true}
	if err := whole.read(j); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		spoil func(*after)
		check func(*after) error
	}{
		{"an acknowledged entry is gone", func(a *after) { a.records[batchLog] = a.records[batchLog][:2*batchSize] }, (*after).keptEntries},
		{"half a batch", func(a *after) { a.records[batchLog] = a.records[batchLog][:batchSize+3] }, (*after).wholeBatches},
		{"another entry in its place", func(a *after) { a.records[batchLog][4] = a.records[batchLog][5] }, (*after).keptEntries},
		{"a ballot twice", func(a *after) { a.records[batchLog] = append(a.records[batchLog], a.records[batchLog][0]) }, (*after).count},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := whole
			a.records = map[string][]journal.Record{batchLog: append([]journal.Record(nil), whole.records[batchLog]...), journal.RoomLog: whole.records[journal.RoomLog]}
			if err := c.check(&a); err != nil {
				t.Fatalf("before: %v", err)
			}
			c.spoil(&a)
			if c.check(&a) == nil {
				t.Errorf("%s was not noticed in %s", c.name, filepath.Base(a.dir))
			}
		})
	}
}
