package powercut

import (
	"fmt"
	"testing"
)

func TestZH(t *testing.T) {
	for try := 0; try < 3; try++ {
		r := record(t, play{Seed: 1, Members: 12, Votes: 2, Faults: []fault{{Vote: 2, control: control{SyncAfter: 3, SyncFail: 2}}}})
		first := 0
		for _, m := range r.marks {
			if m.What == fault_ && first == 0 {
				first = m.at
			}
		}
		var ps []point
		for at := first; at < first+40 && at < len(r.ops); at++ {
			for s := uint64(0); s < 60; s++ {
				ps = append(ps, point{at, s})
			}
		}
		l := r.losses(t, ps)
		fmt.Println("lost", len(l), "of", len(ps))
		for i, s := range l {
			if i < 5 {
				fmt.Println("   ", s)
			}
		}
		if try == 0 {
			fd := map[int]string{}
			for i, op := range r.ops {
				if op.Kind == Open {
					fd[op.FD] = string(op.Bytes)
				}
				if i > first-30 && i < first+50 {
					b := string(op.Bytes)
					if op.Kind == Write {
						b = fmt.Sprint(len(b))
					}
					fmt.Println(i, string(rune(op.Kind)), fd[op.FD], op.At, op.Failed, b)
				}
			}
		}
	}
}
