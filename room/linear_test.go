package room

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"phonghop/meeting"
	"phonghop/rules"
)

// What a client asked and what it was told.
type (
	asked struct {
		who    meeting.PersonID // "" closes the vote
		n      int
		choice rules.Choice
	}
	stood struct {
		n      int
		choice rules.Choice
	}
	told struct {
		refused bool
		ballot  stood       // of a cast
		count   rules.Count // of a close
	}
	// tableState is the vote as one person with a sheet of paper would keep it.
	tableState struct {
		closed  bool
		ballots [voters]stood
	}
)

// onPaper is what a vote is: the specification the room is held against.
var onPaper = porcupine.Model{
	Init: func() any { return tableState{} },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(tableState), input.(asked), output.(told)
		if in.who == "" {
			s.closed = true
			return out.count == s.count(), s
		}
		i := memberIndex(in.who)
		if in.n > s.ballots[i].n {
			if s.closed {
				return out.refused, s
			}
			s.ballots[i] = stood{in.n, in.choice}
		}
		return !out.refused && out.ballot == s.ballots[i], s
	},
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v -> %+v", in, out) },
}

func memberIndex(who meeting.PersonID) (i int) {
	fmt.Sscanf(string(who), "m%02d", &i)
	return i - 1
}

func (s tableState) count() rules.Count {
	c := rules.Count{All: voters}
	for _, b := range s.ballots {
		switch b.choice {
		case rules.For:
			c.For++
		case rules.Against:
			c.Against++
		case rules.Abstain:
			c.Abstain++
		default:
			c.Silent++
		}
	}
	return c
}

// history records what clients asked and were told, with the times around it.
type history struct {
	mu  sync.Mutex
	ops []porcupine.Operation
}

// ask does one thing at the room and writes it down.
func (h *history) ask(client int, in asked, do func() (Answer, error)) {
	call := time.Now().UnixNano()
	a, err := do()
	back := time.Now().UnixNano()
	out := told{refused: errors.Is(err, meeting.VoteEnded)}
	switch {
	case err != nil && !out.refused:
		panic(err)
	case in.who == "":
		out.count = a.State.Session.SeenBy(meeting.Audience{Screen: meeting.HallScreen}).Votes[0].Result.Count
	case err == nil:
		b, _ := a.State.Session.BallotOf(in.who, "v1")
		out.ballot = stood{b.N, b.Choice}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: back})
}

// plan is a way of carrying out a ballot; the right one, or a planted fault.
type plan func(h *house, in asked) (Answer, error)

func properly(h *house, in asked) (Answer, error) { return h.try(in.who, cast(in.n, in.choice)) }

// recorded lets every member tap twice, with every tap retried and out of order,
// while the chair closes the vote once half of the taps were answered, and writes all
// of it down.
func recorded(t *testing.T, seed uint64, as plan) []porcupine.Operation {
	t.Helper()
	h := voting(t, t.TempDir(), voters)
	defer h.leave()
	var hist history
	var all sync.WaitGroup
	answered := make(chan struct{}, 4*voters)
	for i := range voters {
		for retry := range 2 {
			all.Go(func() {
				random := rand.New(rand.NewPCG(seed, uint64(2*i+retry)))
				for _, n := range random.Perm(2) {
					in := asked{member(i), n + 1, choiceOf(i, n+1)}
					hist.ask(2*i+retry, in, func() (Answer, error) { return as(h, in) })
					answered <- struct{}{}
				}
			})
		}
	}
	all.Go(func() {
		for range cap(answered) / 2 {
			<-answered
		}
		hist.ask(2*voters, asked{}, func() (Answer, error) { return h.try(chair, closeVote) })
	})
	all.Wait()
	return hist.ops
}

func TestVotesAreLinearizable(t *testing.T) {
	for seed := range uint64(8) {
		ops := recorded(t, seed, properly)
		if got := porcupine.CheckOperationsTimeout(onPaper, ops, time.Minute); got != porcupine.Ok {
			t.Fatalf("seed %d: %v for %d operations", seed, got, len(ops))
		}
	}
}

// The check is worth something only if it sees a room that is wrong.
func TestAPlantedFaultIsCaught(t *testing.T) {
	for name, fault := range map[string]plan{
		// every tap is a new ballot: a late retry of an old tap wins
		"without n": func(h *house, in asked) (Answer, error) { return h.try(in.who, cast(0, in.choice)) },
		// answered from what was shown before the command, not after
		"answered early": func(h *house, in asked) (Answer, error) {
			before := h.State()
			a, err := h.try(in.who, cast(in.n, in.choice))
			a.State = before
			return a, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(20) {
				if porcupine.CheckOperationsTimeout(onPaper, recorded(t, seed, fault), 5*time.Second) == porcupine.Illegal {
					return
				}
			}
			t.Fatal("twenty runs of a faulty room passed as right")
		})
	}
}

// A close that counts what is shown, not what was decided before it in its
// batch, loses ballots that were answered.
func TestACloseOnAnOldSnapshotIsCaught(t *testing.T) {
	h := voting(t, t.TempDir(), voters)
	defer h.leave()
	var hist history
	tap := asked{"m02", 1, rules.For}
	h.together(
		func() { hist.ask(1, tap, func() (Answer, error) { return properly(h, tap) }) },
		func() {
			hist.ask(2, asked{}, func() (Answer, error) {
				return h.try(chair, func(_ *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
					return h.State().Session.CloseVote(a, "v1", true)
				})
			})
		},
	)
	again := asked{"m02", 1, rules.For}
	hist.ask(3, again, func() (Answer, error) { return properly(h, again) })
	hist.ask(4, asked{}, func() (Answer, error) { return h.try(chair, closeVote) })
	if got := porcupine.CheckOperations(onPaper, hist.ops); got {
		t.Fatal("a tally without an answered ballot passed as right")
	}
}
