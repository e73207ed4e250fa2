package meeting

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is set and forked, each fork says what a plain map would, and no fork
// changes under another.
func TestLayersAreMaps(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type pair struct {
			layers[int, int]
			plain map[int]int
		}
		forks := []pair{{plain: map[int]int{}}}
		for step := range rapid.IntRange(1, 60).Draw(rt, "steps") {
			at := rapid.IntRange(0, len(forks)-1).Draw(rt, "fork")
			if len(forks) < 8 && rapid.Bool().Draw(rt, "forks") {
				forks = append(forks, pair{forks[at].fork(), maps.Clone(forks[at].plain)})
				forks[at].layers = forks[at].fork() // what both share belongs to neither
				continue
			}
			from := rapid.IntRange(0, 400).Draw(rt, "key")
			for k := from; k < from+20; k++ {
				forks[at].set(k, step)
				forks[at].plain[k] = step
			}
		}
		for i := range forks {
			f := &forks[i]
			if got := maps.Collect(f.all()); !maps.Equal(got, f.plain) || f.size() != len(f.plain) {
				rt.Fatalf("fork %d: %d keys, %v; as a map %v", i, f.size(), got, f.plain)
			}
			for k := range 420 {
				v, ok := f.lookUp(k)
				if want, there := f.plain[k]; v != want || ok != there || f.of(k) != want {
					rt.Fatalf("fork %d: %d is %d, %v; in a map %d, %v", i, k, v, ok, want, there)
				}
			}
		}
	})
}
