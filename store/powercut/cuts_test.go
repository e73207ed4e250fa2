package powercut

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
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
	key, disk, done := r.key(t), NewDisk(), 0
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
			err := r.examine(p, image, key, i%8 == 0)
			if err != nil {
				found[i] = fmt.Sprintf("cut after call %d, seed %d: %v", p.at, p.seed, err)
			}
			return nil
		})
	}
	g.Wait()
	return slices.DeleteFunc(found, func(s string) bool { return s == "" })
}

func (r *recording) examine(p point, image Image, key []byte, goOn bool) error {
	dir, err := os.MkdirTemp("/dev/shm", "powercut")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := place(dir, image, key); err != nil {
		return err
	}
	before, _ := slices.BinarySearchFunc(r.marks, p.at, func(m placed, at int) int { return cmp.Compare(m.at, at) })
	a := after{dir: dir, promised: r.marks[:before], whole: r.whole, calm: r.calm, goOn: goOn}
	return a.examine()
}

// A thousand power cuts in a session of votes: nothing that was acknowledged is
// lost, changed or there twice.
func TestThousandPowerCuts(t *testing.T) {
	r := record(t, play{Seed: 1, Members: 20, Votes: 8})
	t.Logf("%d calls, %d syncs, %d ballots shown", len(r.ops), r.count(Sync), r.marked(shown))
	for _, loss := range r.losses(t, r.points(1000, 1)) {
		t.Error(loss)
	}
}
