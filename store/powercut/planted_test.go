package powercut

import (
	"testing"

	"phonghop/store"
)

// The bench must find losses where there are some, else finding none says
// nothing. Each case is played twice: with something taken away, and as it is.
func TestPlantedFaultsAreFound(t *testing.T) {
	twice := []fault{{1, control{SyncAfter: 1, SyncFail: 2}}} // the commit's sync and that of closing
	killed := []fault{{2, control{SyncAfter: 3, SyncFail: 1, SyncKill: 1}}}
	for _, c := range []struct {
		name  string
		plant func(*play)
		plays []play
	}{
		{"synchronous=NORMAL", func(p *play) { p.Pragmas.Synchronous = "NORMAL" },
			[]play{{Seed: 11, Members: 8, Votes: 2}}},
		{"reopened without the checkpoint", func(p *play) { p.Pragmas = store.Pragmas{NoCheckpoint: true} },
			[]play{{Seed: 12, Members: 8, Votes: 2, Faults: twice}}},
		{"started again without the checkpoint", func(p *play) { p.Pragmas = store.Pragmas{NoCheckpoint: true} },
			[]play{{Seed: 13, Members: 8, Votes: 2, Faults: killed}, {Seed: 14, Members: 8, Votes: 1, First: 3}}},
		{"ballots without n", func(p *play) { p.WithoutN = true },
			[]play{{Seed: 15, Members: 8, Votes: 2}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			whole := record(t, c.plays...)
			none(t, whole.losses(t, whole.points(30, 2)))
			for i := range c.plays {
				c.plant(&c.plays[i])
			}
			weak := record(t, c.plays...)
			lost := weak.losses(t, weak.points(100, 2))
			if len(lost) == 0 {
				t.Fatal("the bench found no loss, so it proves nothing")
			}
			t.Logf("%d losses in 100 cuts, such as: %s", len(lost), lost[len(lost)-1])
		})
	}
}
