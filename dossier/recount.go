package dossier

import (
	"errors"
	"fmt"

	"phonghop/meeting"
	"phonghop/rules"
)

// Recount counts the votes of a session again from the bare entries of its log.
// It shares no state with the session the room folds: what both say must agree.
type Recount struct {
	set       rules.Set
	people    map[string]*voter
	presiding string
	opened    bool
	votes     map[string]*Counted
	order     []*Counted
	undo      map[int64]func() // takes back what an entry did
}

type voter struct{ votes, present, removed bool }

// Counted is one vote as it was counted again.
type Counted struct {
	Number   int
	State    meeting.VoteState
	ballots  map[string]ballotRaw
	recorded rules.Result
	Again    rules.Result
	Code     string
	Wrong    []string // English; what does not agree
}

type ballotRaw struct {
	Vote, Member string
	N            int
	Choice       rules.Choice
}

// NewRecount begins with nothing counted.
func NewRecount() *Recount {
	return &Recount{people: map[string]*voter{}, votes: map[string]*Counted{}, undo: map[int64]func(){}}
}

// Take takes the next entry of the log.
func (c *Recount) Take(e meeting.Entry) error {
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

func (c *Recount) rules(e meeting.Entry) error {
	d, err := read[struct{ Rules rules.Set }](e)
	c.set = d.Rules
	return err
}

type personRaw struct {
	Person string
	Role   meeting.Role
	Votes  bool
}

func (c *Recount) seated(e meeting.Entry) error {
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

func (c *Recount) removed(e meeting.Entry) error {
	d, err := read[personRaw](e)
	if v := c.people[d.Person]; v != nil {
		v.removed = true
	}
	if c.presiding == d.Person {
		c.presiding = ""
	}
	return err
}

func (c *Recount) marked(e meeting.Entry) error {
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

func (c *Recount) open(meeting.Entry) error { c.opened = true; return nil }

func (c *Recount) handedOver(e meeting.Entry) error {
	d, err := read[struct{ To string }](e)
	was := c.presiding
	c.undo[e.Seq] = func() { c.presiding = was }
	c.presiding = d.To
	return err
}

func (c *Recount) undone(e meeting.Entry) error {
	d, err := read[struct{ Entry int64 }](e)
	if back := c.undo[d.Entry]; back != nil {
		back()
	}
	return err
}

func (c *Recount) voteOpened(e meeting.Entry) error {
	d, err := read[struct {
		Vote   string
		Number int
	}](e)
	v := &Counted{Number: d.Number, State: meeting.VoteOpen, ballots: map[string]ballotRaw{}}
	c.votes[d.Vote], c.order = v, append(c.order, v)
	return err
}

// ballot keeps the ballot of the highest n; one that should not be there is said.
func (c *Recount) ballot(e meeting.Entry) error {
	b, err := read[ballotRaw](e)
	v, p := c.votes[b.Vote], c.people[b.Member]
	switch {
	case err != nil:
		return err
	case v == nil:
		return errors.New("a ballot in no vote")
	case v.State != meeting.VoteOpen:
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

func (c *Recount) voteAnnulled(e meeting.Entry) error {
	d, err := read[ballotRaw](e)
	if v := c.votes[d.Vote]; v != nil {
		v.State = meeting.VoteAnnuled
	}
	return err
}

// voteClosed counts again and compares.
func (c *Recount) voteClosed(e meeting.Entry) error {
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
	v.State, v.recorded, v.Code = meeting.VoteDone, d.Result, e.Code
	v.Again = c.set.Decide(c.count(v), v.ballots[c.presiding].Choice)
	if v.Again != v.recorded {
		v.blame("entry %d: recorded %+v, counted %+v", e.Seq, v.recorded, v.Again)
	}
	if !v.Again.Adds() {
		v.blame("entry %d: the five numbers do not add up to %d", e.Seq, v.Again.All)
	}
	if d.Chair != c.presiding {
		v.blame("entry %d: recorded as presiding %q, was %q", e.Seq, d.Chair, c.presiding)
	}
	if d.Sentence != c.set.Sentence(v.Again) {
		v.blame("entry %d: the sentence of the rule is another: %q", e.Seq, d.Sentence)
	}
	return nil
}

func (c *Recount) count(v *Counted) rules.Count {
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

func (v *Counted) blame(format string, args ...any) {
	v.Wrong = append(v.Wrong, fmt.Sprintf(format, args...))
}

// Votes lists the votes so far, oldest first.
func (c *Recount) Votes() []*Counted { return c.order }

// Vote is one of them; nil where there is none of that name.
func (c *Recount) Vote(id meeting.VoteID) *Counted { return c.votes[string(id)] }

// Ballots is how many ballots stand.
func (v *Counted) Ballots() int { return len(v.ballots) }
