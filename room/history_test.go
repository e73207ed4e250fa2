package room

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"phonghop/meeting"
	"phonghop/rules"
)

// press is one thing somebody tries in a random history.
type press struct {
	by   meeting.PersonID
	verb Verb
}

// anybody is somebody at the table, or a stranger.
func anybody(t *rapid.T) meeting.PersonID {
	return rapid.SampledFrom(append(members(4), clerk, "stranger")).Draw(t, "who")
}

// presses are what people do; most of it will be refused, and must then leave
// nothing.
func anyPress(t *rapid.T) press {
	who, whom := anybody(t), anybody(t)
	item := rapid.SampledFrom([]meeting.ItemID{"i1", "i2", "i3"}).Draw(t, "item")
	vote := rapid.SampledFrom([]meeting.VoteID{"v1", "v2"}).Draw(t, "vote")
	n := rapid.IntRange(0, 4).Draw(t, "n")
	choice := rapid.SampledFrom([]rules.Choice{rules.For, rules.Against, rules.Abstain}).Draw(t, "choice")
	type s = meeting.Session
	type a = meeting.Act
	type e = []meeting.Event
	verbs := []Verb{
		func(s *s, a a) (e, error) { return s.Cast(a, vote, n, choice) },
		func(s *s, a a) (e, error) { return s.Cast(a, vote, n, choice) },
		func(s *s, a a) (e, error) { return s.Cast(a, vote, n, choice) },
		func(s *s, a a) (e, error) { return s.CastFor(a, vote, whom, choice, "máy hỏng") },
		func(s *s, a a) (e, error) { return s.OpenVote(a, vote, item, "Thông qua", 0, "đã hội ý") },
		func(s *s, a a) (e, error) { return s.CloseVote(a, vote, n > 1) },
		func(s *s, a a) (e, error) { return s.Annul(a, vote, "mở nhầm") },
		func(s *s, a a) (e, error) { return s.OpenItem(a, item) },
		func(s *s, a a) (e, error) { return s.CloseItem(a, item) },
		func(s *s, a a) (e, error) { return s.Conclude(a, item, "Thống nhất") },
		func(s *s, a a) (e, error) { return s.MarkPresent(a, whom) },
		func(s *s, a a) (e, error) { return s.MarkAway(a, whom, "việc gấp") },
		func(s *s, a a) (e, error) { return s.AskFloor(a, "ý kiến", false) },
		func(s *s, a a) (e, error) { return s.GiveFloor(a, whom, 60) },
		func(s *s, a a) (e, error) { return s.Yield(a, whom) },
		func(s *s, a a) (e, error) { return s.HandOver(a, whom) },
		func(s *s, a a) (e, error) { return s.BeginRecess(a, 15) },
		func(s *s, a a) (e, error) { return s.EndRecess(a) },
		func(s *s, a a) (e, error) { return s.WriteOpinion(a, item, "Tôi bảo lưu", true) },
		func(s *s, a a) (e, error) { return s.Undo(a, s.Size()-1) },
		func(s *s, a a) (e, error) { return s.Correct(a, s.Size()-2, "Đính chính") },
		func(s *s, a a) (e, error) {
			return s.AddItem(a, "i3", meeting.NewItem{Title: "Việc khác", InCamera: true})
		},
	}
	return press{who, rapid.SampledFrom(verbs).Draw(t, "verb")}
}

// Whatever people press: the numbers of every closed vote add up and are those
// of the ballots in the log, nobody counts twice, a refusal leaves nothing, and
// the journal read again shows everybody what they saw live.
func TestRandomHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "room")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		h := voting(t, dir, 4)
		defer func() { h.leave() }()
		for range rapid.IntRange(10, 40).Draw(t, "presses") {
			before := h.State()
			p := anyPress(t)
			if _, err := h.try(p.by, p.verb); err != nil {
				var refusal meeting.Refusal
				if !errors.As(err, &refusal) {
					t.Fatalf("not a refusal: %v", err)
				}
				if h.State() != before {
					t.Fatalf("refused (%v), and yet a snapshot was published", err)
				}
			}
		}
		h.checkVotes(t)
		live := h.State()
		h = h.again()
		sameAs(t, "the journal read again", h.State().Session, live.Session)
		if now := h.State(); now.Journal != live.Journal || now.Acts != live.Acts {
			t.Fatalf("journal %d, acts %d; live %d, %d", now.Journal, now.Acts, live.Journal, live.Acts)
		}
	})
}

// checkVotes recounts every closed vote from the entries of the log.
func (h *house) checkVotes(t tester) {
	t.Helper()
	last := map[string]map[string]string{} // vote, member: choice of the highest n
	for _, e := range h.entries() {
		switch e.Kind {
		case meeting.BallotCast:
			var b struct{ Vote, Member, Choice string }
			decode(t, e, &b)
			if last[b.Vote] == nil {
				last[b.Vote] = map[string]string{}
			}
			last[b.Vote][b.Member] = b.Choice
		case meeting.VoteClosed:
			var c struct {
				Vote string
				rules.Count
			}
			decode(t, e, &c)
			got := map[string]int{}
			for _, choice := range last[c.Vote] {
				got[choice]++
			}
			if !c.Adds() || c.For != got["for"] || c.Against != got["against"] || c.Abstain != got["abstain"] {
				t.Fatalf("vote %s closed with %+v; the log has %v", c.Vote, c.Count, got)
			}
		}
	}
}

// Fifty members tap three times each; every tap is sent twice and in any order.
// What stands is the last tap, and the log holds no tap twice.
func TestFiftyVotersRetryAndOvertake(t *testing.T) {
	const many, taps = 50, 3
	h := voting(t, t.TempDir(), many)
	defer h.leave()
	var all sync.WaitGroup
	for i := range many {
		for copy := range 2 {
			all.Go(func() {
				random := rand.New(rand.NewPCG(uint64(i), uint64(copy)))
				for _, n := range random.Perm(taps) {
					a, err := h.try(member(i), cast(n+1, choiceOf(i, n+1)))
					b, ok := a.State.Session.BallotOf(member(i), "v1")
					if err != nil || !ok || b.N < n+1 || b.Choice != choiceOf(i, b.N) {
						t.Errorf("%s tap %d: answered %+v, %v", member(i), n+1, b, err)
					}
				}
			})
		}
	}
	all.Wait()
	h.do(chair, closeVote)
	want := rules.Count{All: many}
	for i := range many {
		switch choiceOf(i, taps) {
		case rules.For:
			want.For++
		case rules.Against:
			want.Against++
		default:
			want.Abstain++
		}
	}
	if r := h.counted(); r.Count != want {
		t.Fatalf("counted %+v, want %+v", r.Count, want)
	}
	ids := map[string]bool{}
	for _, e := range h.entries() {
		if ids[e.ID] {
			t.Errorf("%s twice in the log", e.ID)
		}
		ids[e.ID] = true
	}
	h.checkVotes(t)
}

// BenchmarkBallots is sixty tablets tapping at once; one operation is one ballot
// answered from disk.
func BenchmarkBallots(b *testing.B) {
	const tablets = 60
	h := voting(b, b.TempDir(), tablets)
	defer h.leave()
	var all sync.WaitGroup
	start := time.Now()
	b.ResetTimer()
	for i := range tablets {
		all.Go(func() {
			for n := 1; n <= b.N/tablets+1; n++ {
				_, err := h.Do(context.Background(), Command{By: member(i), Saw: -1, Verb: cast(n, rules.For)})
				if err != nil {
					b.Error(fmt.Errorf("%s: %w", member(i), err))
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "ballots/s")
}
