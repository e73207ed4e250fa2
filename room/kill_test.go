package room

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
)

// toldOnly is the tester of a process that has no test.
type toldOnly struct{}

func (toldOnly) Helper()                   {}
func (toldOnly) Fatal(args ...any)         { panic(fmt.Sprint(args...)) }
func (toldOnly) Fatalf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }

const voters = 12

// voteUntilKilled is the room of the other process: every member taps without
// end, and what was answered is written on a line "MEMBER N CHOICE".
func voteUntilKilled(dir string) {
	h := voting(toldOnly{}, dir, voters)
	var line sync.Mutex
	for i := range voters {
		go func() {
			for n := 1; ; n++ {
				a := h.do(member(i), cast(n, choiceOf(i, n)))
				b, _ := a.State.Session.BallotOf(member(i), "v1")
				line.Lock()
				fmt.Println(member(i), b.N, b.Choice)
				line.Unlock()
			}
		}()
	}
	select {}
}

func choiceOf(i, n int) rules.Choice {
	return []rules.Choice{rules.For, rules.Against, rules.Abstain}[(i+n)%3]
}

// A room is killed in the middle of a vote: every ballot that was answered is
// there afterwards, with its choice, and the tree is whole.
func TestKilledInTheMiddleOfAVote(t *testing.T) {
	dir := t.TempDir()
	answered := killedAfter(t, dir, 300)
	h := enter(t, dir, time.Now)
	defer h.leave()
	for who, ballots := range answered {
		stands, ok := h.State().Session.BallotOf(who, "v1")
		for n, choice := range ballots {
			if !ok || stands.N < n || stands.N == n && stands.Choice != choice {
				t.Errorf("%s was told ballot %d %s; %+v stands", who, n, choice, stands)
			}
		}
	}
	once := map[string]bool{}
	for _, e := range h.entries() {
		if once[e.ID] {
			t.Errorf("%s is in the log twice", e.ID)
		}
		once[e.ID] = true
	}
	if report, err := h.j.Verify(context.Background()); err != nil {
		t.Fatalf("%+v, %v", report, err)
	}
	h.do(chair, closeVote)
	if r := h.counted(); r.For+r.Against+r.Abstain != len(answered) || !r.Adds() {
		t.Fatalf("%d members were answered; result %+v", len(answered), r.Count)
	}
}

// killedAfter starts a voting room, kills it after so many answers and returns
// what was answered: member, n, choice.
func killedAfter(t *testing.T, dir string, answers int) map[meeting.PersonID]map[int]rules.Choice {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^$")
	c.Env = append(os.Environ(), "ROOM_TO_KILL="+dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	told := map[meeting.PersonID]map[int]rules.Choice{}
	lines := bufio.NewScanner(out)
	for i := 0; lines.Scan(); i++ {
		if i == answers {
			c.Process.Kill()
		}
		var who meeting.PersonID
		var n int
		var choice rules.Choice
		if _, err := fmt.Fscan(strings.NewReader(lines.Text()), &who, &n, &choice); err != nil {
			continue // the last line may be torn
		}
		if told[who] == nil {
			told[who] = map[int]rules.Choice{}
		}
		told[who][n] = choice
	}
	c.Wait()
	if len(told) != voters {
		t.Fatalf("%d of %d members were answered", len(told), voters)
	}
	return told
}
