package meeting

import (
	"slices"
	"time"

	"phonghop/rules"
)

func (s *Session) foldAsked(e Entry) {
	d := data[dataFloorAsked](e)
	t, _ := words(e)
	a := ask{Person: d.Person, Item: d.Item, Topic: t.Topic, Reply: d.Reply, At: e.At, Seq: e.Seq}
	s.floor.queue = append(slices.Clone(s.floor.queue), a)
	s.tell(e, Line{Person: d.Person, Item: d.Item, Text: t.Topic})
}

func (s *Session) foldWithdrawn(e Entry) {
	d := data[dataPersonRef](e)
	s.leaveQueue(d.Person)
	s.tell(e, Line{Person: d.Person})
}

func (s *Session) foldGiven(e Entry) {
	d := data[dataFloorGiven](e)
	t := &turn{Person: d.Person, Item: d.Item, Since: e.At, Allowed: time.Duration(d.Seconds) * time.Second}
	reply := false
	if i := s.asking(d.Person); i >= 0 {
		t.Topic, reply = s.floor.queue[i].Topic, s.floor.queue[i].Reply
	}
	s.leaveQueue(d.Person)
	s.endTurn(e.At)
	s.floor.speaking = t
	s.addTurn(&speech{Seq: e.Seq, Person: d.Person, Item: d.Item, Topic: t.Topic, Reply: reply, From: e.At, Allowed: t.Allowed})
	s.tell(e, Line{Person: d.Person, Item: d.Item, Text: t.Topic, Count: d.Seconds})
}

func (s *Session) foldExtended(e Entry) {
	d := data[dataFloorExtended](e)
	if s.speaks(d.Person) {
		t := *s.floor.speaking
		t.Allowed += time.Duration(d.Seconds) * time.Second
		s.floor.speaking = &t
		if n := len(s.turns); n > 0 && s.turns[n-1].To.IsZero() {
			s.editTurn(s.turns[n-1].Seq).Allowed = t.Allowed
		}
		s.tell(e, Line{Person: d.Person, Count: d.Seconds})
	}
}

func (s *Session) foldYielded(e Entry) {
	d := data[dataPersonRef](e)
	if s.speaks(d.Person) {
		spoke := max(e.At.Sub(s.floor.speaking.Since), 0)
		s.tell(e, Line{Person: d.Person, Item: s.floor.speaking.Item, Count: int(spoke / time.Second)})
		s.endTurn(e.At)
		s.floor.speaking = nil
	}
}

func (s *Session) leaveQueue(who PersonID) {
	s.floor.queue = slices.DeleteFunc(slices.Clone(s.floor.queue), func(q ask) bool { return q.Person == who })
}

// leaveFloor takes somebody who went away out of the queue and off the floor.
func (s *Session) leaveFloor(who PersonID, at time.Time) {
	s.leaveQueue(who)
	if s.speaks(who) {
		s.endTurn(at)
		s.floor.speaking = nil
	}
}

func (s *Session) foldVoteOpened(e Entry) {
	d := data[dataVoteOpened](e)
	t, _ := words(e)
	if d.Motion == "" {
		d.Motion = t.Motion
	}
	v := &vote{
		ID: d.Vote, Number: d.Number, Item: d.Item, motion: d.Motion, State: VoteOpen, Opened: e.At,
		Seconds: d.Seconds, override: d.Override, reason: t.Reason, proven: d.dataQuorum, excuse: t.Reason,
	}
	if !s.own.votes {
		s.votes, s.own.votes = slices.Clone(s.votes), true
	}
	s.votes = append(s.votes, v)
	s.own.vote = mark(s.own.vote, d.Vote)
	s.tell(e, Line{Item: d.Item, Vote: d.Number, Title: d.Motion, Count: d.Present, Total: d.Total, Override: d.Override, Text: t.Reason})
}

func (s *Session) foldBallot(e Entry) {
	d := e.ballot
	v, p := s.editVote(d.Vote), s.editPerson(d.Member)
	if v == nil || p == nil || d.N <= v.ballots.of(d.Member).N {
		return
	}
	v.ballots.set(d.Member, Ballot{Entry: e.Seq, N: d.N, Choice: d.Choice, At: e.At, Code: e.Code, Entered: d.Entered})
	p.votesCast++
	if d.Entered {
		t, _ := words(e)
		s.tell(e, Line{Person: d.Member, Item: v.Item, Vote: v.Number, Text: t.Reason})
	}
}

func (s *Session) foldVoteClosed(e Entry) {
	d := data[dataVoteClosed](e)
	v := s.editVote(d.Vote)
	if v == nil {
		return
	}
	v.State, v.Closed, v.result, v.sentence = VoteDone, e.At, d.Result, d.Sentence
	v.code, v.entry, v.chair, v.here, v.cut = e.Code, e.Seq, d.Chair, s.membersHere(), &ballotsCut{}
	s.tell(e, Line{Item: v.Item, Vote: v.Number, Title: v.motion, Text: d.Sentence, Count: d.For, Total: d.All, Agreed: d.Outcome == rules.Passed})
}

func (s *Session) foldVoteAnnulled(e Entry) {
	d := data[dataVoteRef](e)
	if v := s.editVote(d.Vote); v != nil {
		t, _ := words(e)
		if v.State == VoteOpen {
			v.Closed, v.here = e.At, s.membersHere()
		}
		v.State, v.reason, v.cut = VoteAnnuled, t.Reason, &ballotsCut{}
		s.tell(e, Line{Item: v.Item, Vote: v.Number, Title: v.motion, Text: t.Reason})
	}
}

func (s *Session) foldChair(e Entry) {
	s.presiding = data[dataChairHandedOver](e).To
	if !s.opened.IsZero() {
		s.chairs = append(slices.Clip(s.chairs), presided{s.presiding, e.At})
	}
	s.tell(e, Line{Person: s.presiding})
}

func (s *Session) foldRecess(e Entry) {
	s.phase, s.recess, s.pause = Recess, e.At, data[dataRecess](e).Minutes
	s.recesses = append(slices.Clip(s.recesses), Span{From: e.At, Minutes: s.pause})
	s.tell(e, Line{Count: s.pause})
}

func (s *Session) foldResumed(e Entry) {
	s.phase, s.recess, s.pause = Sitting, time.Time{}, 0
	s.endRecess(e.At)
	s.tell(e, Line{})
}

func (s *Session) foldNoted(e Entry) {
	t, _ := words(e)
	s.tell(e, Line{Item: data[dataNote](e).Item, Text: t.Text})
}

func (s *Session) foldClosed(e Entry) {
	s.endTurn(e.At)
	s.endRecess(e.At)
	s.phase, s.ended, s.floor = Closed, e.At, floor{}
	q := s.quorum()
	s.tell(e, Line{Person: s.presiding, Count: q.Present, Total: q.Total})
}

func (s *Session) foldSealed(Entry) { s.phase = Sealed }

func (s *Session) membersHere() map[PersonID]bool {
	here := map[PersonID]bool{}
	for _, p := range s.people {
		if !p.removed && p.Votes && p.attendance == Present {
			here[p.ID] = true
		}
	}
	return here
}
