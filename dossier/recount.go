package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"phonghop/meeting"
	"phonghop/rules"
)

// recount counts the votes of a session again from the bare entries of its log.
// It shares no state with the session the room folds: what both say must agree.
type recount struct {
	set       rules.Set
	people    map[string]*voter
	presiding string
	opened    bool
	votes     map[string]*counted
	order     []*counted
	undo      map[int64]func() // takes back what an entry did
}

type voter struct{ votes, present, removed bool }

// counted is one vote as it was counted again.
type counted struct {
	number   int
	state    meeting.VoteState
	ballots  map[string]ballotRaw
	recorded rules.Result
	again    rules.Result
	code     string
	wrong    []string // English; what does not agree
}

type ballotRaw struct {
	Vote, Member string
	N            int
	Choice       rules.Choice
}

func newRecount() *recount {
	return &recount{people: map[string]*voter{}, votes: map[string]*counted{}, undo: map[int64]func(){}}
}

// entry takes the next entry of the log.
func (c *recount) entry(e meeting.Entry) error {
	take, ok := map[meeting.Kind]func(meeting.Entry) error{
		meeting.SessionPrepared: c.rules, meeting.SessionChanged: c.rules,
		meeting.PersonSeated: c.seated, meeting.PersonRemoved: c.removed,
		meeting.MarkedPresent: c.marked, meeting.MarkedAway: c.marked,
		meeting.SessionOpened: c.open, meeting.ChairHandedOver: c.handedOver, meeting.Undone: c.undone,
		meeting.VoteOpened: c.voteOpened, meeting.BallotCast: c.ballot,
		meeting.VoteClosed: c.voteClosed, meeting.VoteAnnulled: c.voteAnnulled,
	}[e.Kind]
	if !ok {
		return nil
	}
	if err := take(e); err != nil {
		return fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	return nil
}

func read[T any](e meeting.Entry) (d T, err error) { return d, json.Unmarshal(e.Data, &d) }

func (c *recount) rules(e meeting.Entry) error {
	d, err := read[struct{ Rules rules.Set }](e)
	c.set = d.Rules
	return err
}

type personRaw struct {
	Person string
	Role   meeting.Role
	Votes  bool
}

func (c *recount) seated(e meeting.Entry) error {
	d, err := read[personRaw](e)
	v := c.people[d.Person]
	if v == nil {
		v = &voter{}
		c.people[d.Person] = v
	}
	v.votes, v.removed = d.Votes, false
	switch {
	case d.Role == meeting.RoleChair && !c.opened:
		c.presiding = d.Person
	case c.presiding == d.Person && !d.Votes:
		c.presiding = ""
	}
	return err
}

func (c *recount) removed(e meeting.Entry) error {
	d, err := read[personRaw](e)
	if v := c.people[d.Person]; v != nil {
		v.removed = true
	}
	if c.presiding == d.Person {
		c.presiding = ""
	}
	return err
}

func (c *recount) marked(e meeting.Entry) error {
	d, err := read[personRaw](e)
	v := c.people[d.Person]
	if v == nil {
		return err
	}
	was := v.present
	c.undo[e.Seq] = func() { v.present = was }
	v.present = e.Kind == meeting.MarkedPresent
	return err
}

func (c *recount) open(meeting.Entry) error { c.opened = true; return nil }

func (c *recount) handedOver(e meeting.Entry) error {
	d, err := read[struct{ To string }](e)
	was := c.presiding
	c.undo[e.Seq] = func() { c.presiding = was }
	c.presiding = d.To
	return err
}

func (c *recount) undone(e meeting.Entry) error {
	d, err := read[struct{ Entry int64 }](e)
	if back := c.undo[d.Entry]; back != nil {
		back()
	}
	return err
}

func (c *recount) voteOpened(e meeting.Entry) error {
	d, err := read[struct {
		Vote   string
		Number int
	}](e)
	v := &counted{number: d.Number, state: meeting.VoteOpen, ballots: map[string]ballotRaw{}}
	c.votes[d.Vote], c.order = v, append(c.order, v)
	return err
}

// ballot keeps the ballot of the highest n; one that should not be there is said.
func (c *recount) ballot(e meeting.Entry) error {
	b, err := read[ballotRaw](e)
	v, p := c.votes[b.Vote], c.people[b.Member]
	switch {
	case err != nil:
		return err
	case v == nil:
		return errors.New("a ballot in no vote")
	case v.state != meeting.VoteOpen:
		v.blame("entry %d: a ballot after the vote had ended", e.Seq)
	case p == nil || !p.votes || p.removed:
		v.blame("entry %d: a ballot of somebody without a vote", e.Seq)
	case !b.Choice.Valid():
		v.blame("entry %d: an unknown choice %q", e.Seq, b.Choice)
	case b.N <= v.ballots[b.Member].N:
		v.blame("entry %d: ballot %d of a member after ballot %d", e.Seq, b.N, v.ballots[b.Member].N)
	default:
		v.ballots[b.Member] = b
	}
	return nil
}

func (c *recount) voteAnnulled(e meeting.Entry) error {
	d, err := read[ballotRaw](e)
	if v := c.votes[d.Vote]; v != nil {
		v.state = meeting.VoteAnnuled
	}
	return err
}

// voteClosed counts again and compares.
func (c *recount) voteClosed(e meeting.Entry) error {
	d, err := read[struct {
		Vote string
		rules.Result
		Chair    string
		Sentence string
	}](e)
	v := c.votes[d.Vote]
	if err != nil || v == nil {
		return err
	}
	v.state, v.recorded, v.code = meeting.VoteDone, d.Result, e.Code
	v.again = c.set.Decide(c.count(v), v.ballots[c.presiding].Choice)
	if v.again != v.recorded {
		v.blame("entry %d: recorded %+v, counted %+v", e.Seq, v.recorded, v.again)
	}
	if !v.again.Adds() {
		v.blame("entry %d: the five numbers do not add up to %d", e.Seq, v.again.All)
	}
	if d.Chair != c.presiding {
		v.blame("entry %d: recorded as presiding %q, was %q", e.Seq, d.Chair, c.presiding)
	}
	if d.Sentence != c.set.Sentence(v.again) {
		v.blame("entry %d: the sentence of the rule is another: %q", e.Seq, d.Sentence)
	}
	return nil
}

func (c *recount) count(v *counted) rules.Count {
	var n rules.Count
	for id, p := range c.people {
		if !p.votes || p.removed {
			continue
		}
		n.All++
		switch v.ballots[id].Choice {
		case rules.For:
			n.For++
		case rules.Against:
			n.Against++
		case rules.Abstain:
			n.Abstain++
		default:
			if p.present {
				n.Silent++
			} else {
				n.Absent++
			}
		}
	}
	return n
}

func (v *counted) blame(format string, args ...any) {
	v.wrong = append(v.wrong, fmt.Sprintf(format, args...))
}
