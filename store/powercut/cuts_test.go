package powercut

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/sync/errgroup"
)

// point is one power cut: after so many calls of the trace, with these dice.
type point struct {
	at   int
	seed uint64
}

// points chooses where to cut: half anywhere, half right after an answer, when
// most is promised and least has been synced since.
func (r *recording) points(n int, seed uint64) []point {
	rng := rand.New(rand.NewPCG(seed, uint64(len(r.ops))))
	all := make([]point, n)
	for i := range all {
		at := 1 + rng.IntN(len(r.ops))
		if i%2 == 0 {
			at = r.marks[rng.IntN(len(r.marks))].at + 1
		}
		all[i] = point{at, rng.Uint64()}
	}
	slices.SortFunc(all, func(a, b point) int { return cmp.Compare(a.at, b.at) })
	return all
}

// losses cuts the power at these points and returns what was found lost.
func (r *recording) losses(t *testing.T, points []point) (lost []string) {
	t.Helper()
	key, disk, done, ground := r.key(t), NewDisk(), 0, fast(t)
	found := make([]string, len(points))
	var g errgroup.Group
	g.SetLimit(2)
	for i, p := range points {
		for ; done < p.at; done++ {
			if err := disk.Apply(r.ops[done]); err != nil {
				t.Fatal(err)
			}
		}
		image := disk.Cut(p.seed)
		g.Go(func() error {
			dir := filepath.Join(ground, strconv.Itoa(i))
			defer os.RemoveAll(dir)
			if err := r.examine(p, dir, image, key, r.goOn && i%8 == 0); err != nil {
				found[i] = fmt.Sprintf("cut after call %d, seed %d: %v", p.at, p.seed, err)
			}
			return nil
		})
	}
	g.Wait()
	return slices.DeleteFunc(found, func(s string) bool { return s == "" })
}

func (r *recording) examine(p point, dir string, image Image, key []byte, goOn bool) error {
	if err := place(dir, image, key); err != nil {
		return err
	}
	before, _ := slices.BinarySearchFunc(r.marks, p.at, func(m placed, at int) int { return cmp.Compare(m.at, at) })
	a := after{dir: dir, promised: r.marks[:before], whole: r.whole, calm: r.calm, goOn: goOn}
	return a.examine()
}

// none fails the test for every loss, and names a few.
func none(t *testing.T, lost []string) {
	t.Helper()
	for i, l := range lost {
		if i == 5 {
			t.Errorf("and %d more", len(lost)-i)
			break
		}
		t.Error(l)
	}
}

// A thousand power cuts: nothing that was acknowledged is lost, changed or there
// twice, whatever went wrong before the power did.
func TestThousandPowerCuts(t *testing.T) {
	// However many ballots share a batch, a vote makes three syncs at least.
	failed := func(vote int, after, fail int64) []fault {
		return []fault{{vote, control{SyncAfter: after, SyncFail: fail}}}
	}
	for _, c := range []struct {
		name   string
		cuts   int
		faults int // commit errors the writer must meet at least
		plays  []play
	}{
		{"a calm session", 360, 0, []play{{Seed: 1, Members: 8, Votes: 5}}},
		{"many members", 100, 0, []play{{Seed: 2, Members: 20, Votes: 2}}},
		{"long texts, checkpointed on the way", 80, 0, []play{{Batches: true, Votes: 15, Text: 30_000}}},
		{"the clock jumps by years", 60, 0, []play{{Seed: 3, Members: 8, Votes: 3, Clock: true}}},
		{"a sync fails", 100, 1, []play{{Seed: 4, Members: 8, Votes: 3, Faults: failed(2, 1, 1)}}},
		{"and the next one too", 100, 1, []play{{Seed: 5, Members: 8, Votes: 3, Faults: failed(2, 1, 2)}}},
		{"syncs fail and fail again", 100, 2, []play{{Seed: 6, Members: 8, Votes: 3, Faults: append(failed(1, 1, 2), failed(3, 1, 2)...)}}},
		{"killed with the sync that failed", 100, 0, []play{
			{Seed: 7, Members: 8, Votes: 2, Faults: []fault{{2, control{SyncAfter: 3, SyncFail: 1, SyncKill: 1}}}},
			{Seed: 8, Members: 8, Votes: 2, First: 3},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := record(t, c.plays...)
			t.Logf("%d calls, %d syncs, %d ballots shown, %d commit errors", len(r.ops), r.count(Sync), r.marked(shown), r.marked(commitError))
			if n := r.marked(commitError); n < c.faults {
				t.Fatalf("the writer met %d commit errors, %d were planned", n, c.faults)
			}
			none(t, r.losses(t, r.points(c.cuts, 1)))
		})
	}
}

// dense cuts after every call that follows the first mark of a kind.
func (r *recording) dense(what string, calls, seeds int) (all []point) {
	i := slices.IndexFunc(r.marks, func(m placed) bool { return m.What == what })
	if i < 0 {
		return nil
	}
	for at := r.marks[i].at; at < min(r.marks[i].at+calls, len(r.ops)); at++ {
		for seed := range seeds {
			all = append(all, point{at, uint64(seed)})
		}
	}
	return all
}

// After a commit error the entries may be found in the log, and are then answered
// from it with nothing written. That answer holds too: the emptied write-ahead log
// must be on disk, or the old one comes back, cut short, over a newer database.
func TestAnsweredFromTheLogAfterRecovery(t *testing.T) {
	r := record(t, play{Batches: true, Votes: 5, Faults: []fault{{4, control{SyncFail: 2}}}})
	points := r.dense(commitError, 70, 2)
	if len(points) == 0 {
		t.Fatal("no commit failed")
	}
	none(t, r.losses(t, points))
}
