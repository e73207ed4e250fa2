package meeting

import (
	"fmt"

	"phonghop/rules"
)

// OpenVote opens a vote on the open item. Too few members block it, unless a
// reason is given.
func (s *Session) OpenVote(a Act, id VoteID, on ItemID, motion string, seconds int, override string) ([]Event, error) {
	if err := s.sitting(a); err != nil {
		return nil, err
	}
	motion, err := needed(motion, Missing)
	if err != nil {
		return nil, err
	}
	it := s.item(on)
	switch {
	case it == nil:
		return nil, NoSuchItem
	case it.State != ItemOpen:
		return nil, NoItemOpen
	case s.running() != nil:
		return nil, VoteRunning
	case len(s.votes) >= MaxVoteNumber:
		return nil, &Counted{TooMany, MaxVoteNumber}
	}
	q, t, err := s.quorate(override)
	if err != nil {
		return nil, err
	}
	if seconds <= 0 {
		seconds = s.rules.VoteSeconds
	}
	d := dataVoteOpened{Vote: id, Number: len(s.votes) + 1, Item: on, Form: FormOpen, Seconds: min(seconds, 24*3600), dataQuorum: q}
	if it.InCamera {
		t.Motion = motion
	} else {
		d.Motion = motion
	}
	return said(VoteOpened, d, t, it.InCamera), nil
}

// Cast is one tap of one member. n counts that member's taps in that vote; a tap
// not above the highest recorded is old: nothing new, and the caller answers
// with the ballot that stands (BallotOf), also after closing. n 0 is for
// programs and means the next.
func (s *Session) Cast(a Act, id VoteID, n int, c rules.Choice) ([]Event, error) {
	p, v := s.find(a.By), s.vote(id)
	switch {
	case v == nil:
		return nil, NoSuchVote
	case p == nil || !p.Votes || !s.May(a.By, ToVote):
		return nil, NoVoice
	case !c.Valid():
		return nil, UnknownChoice
	case n < 0 || n > MaxN:
		return nil, BadN
	}
	stands := v.ballots.of(a.By)
	if n == 0 {
		n = stands.N + 1
	}
	switch {
	case v.State == VoteAnnuled:
		return nil, VoteVoid
	case n <= stands.N:
		return nil, nil
	}
	if err := s.takes(v, p, stands); err != nil {
		return nil, err
	}
	return []Event{ballotEvent(dataBallot{Vote: id, Member: a.By, N: n, Choice: c}, "", s.inCamera(v))}, nil
}

// takes refuses a ballot that this vote cannot take now.
func (s *Session) takes(v *vote, p *participant, stands Ballot) error {
	switch {
	case v.State == VoteAnnuled:
		return VoteVoid
	case v.State != VoteOpen:
		return VoteEnded
	case p.attendance != Present:
		return NotPresent
	case stands.N > 0 && !s.rules.ChangeUntilClose:
		return NoChange
	case stands.N >= MaxN:
		return BadN
	}
	return nil
}

func ballotEvent(d dataBallot, reason string, hold bool) Event {
	e := Event{ID: fmt.Sprintf("%s/%s/%d", d.Vote, d.Member, d.N), Kind: BallotCast, Data: d}
	if reason != "" {
		e.Detail, e.Hold = texts{Reason: reason}, hold
	}
	return e
}

// CastFor enters a ballot for a member without a tablet; the reason is on
// record, and every list shows that the secretary entered it.
func (s *Session) CastFor(a Act, id VoteID, member PersonID, c rules.Choice, reason string) ([]Event, error) {
	if err := s.permit(a, ToEnter); err != nil {
		return nil, err
	}
	reason, err := needed(reason, MissingReason)
	if err != nil {
		return nil, err
	}
	p, v := s.find(member), s.vote(id)
	switch {
	case v == nil:
		return nil, NoSuchVote
	case p == nil:
		return nil, NoSuchPerson
	case !p.Votes:
		return nil, NoVoice
	case !c.Valid():
		return nil, UnknownChoice
	}
	stands := v.ballots.of(member)
	if stands.Entered && stands.Choice == c && v.State == VoteOpen {
		return nil, nil // the same key pressed twice
	}
	if err := s.takes(v, p, stands); err != nil {
		return nil, err
	}
	d := dataBallot{Vote: id, Member: member, N: stands.N + 1, Choice: c, Entered: true}
	return []Event{ballotEvent(d, reason, s.inCamera(v))}, nil
}

// CloseVote counts and closes. While members present have not voted it asks
// once (Unvoted, with their number); anyway goes on. Closing a closed vote is
// nothing new.
func (s *Session) CloseVote(a Act, id VoteID, anyway bool) ([]Event, error) {
	if err := s.permit(a, ToConduct); err != nil {
		return nil, err
	}
	v := s.vote(id)
	switch {
	case v == nil:
		return nil, NoSuchVote
	case v.State == VoteAnnuled:
		return nil, VoteVoid
	case v.State == VoteDone:
		return nil, nil
	}
	if err := s.step(a); err != nil {
		return nil, err
	}
	c := s.count(v)
	if c.Silent > 0 && !anyway {
		return nil, &Counted{Unvoted, c.Silent}
	}
	r := s.rules.Decide(c, v.ballots.of(s.presiding).Choice)
	d := dataVoteClosed{Vote: id, Result: r, Chair: s.presiding, Sentence: s.rules.Sentence(r)}
	return one(VoteClosed, d), nil
}

// Annul makes a vote void, with a reason; every ballot stays on record. The
// repeat is a new vote.
func (s *Session) Annul(a Act, id VoteID, reason string) ([]Event, error) {
	if err := s.permit(a, ToConduct); err != nil {
		return nil, err
	}
	reason, err := needed(reason, MissingReason)
	if err != nil {
		return nil, err
	}
	v := s.vote(id)
	switch {
	case v == nil:
		return nil, NoSuchVote
	case v.State == VoteAnnuled:
		return nil, nil
	}
	return said(VoteAnnulled, dataVoteRef{id}, texts{Reason: reason}, s.inCamera(v)), nil
}

// count is the five numbers, which add up to all members in office.
func (s *Session) count(v *vote) rules.Count {
	var c rules.Count
	for _, p := range s.people {
		if p.removed || !p.Votes {
			continue
		}
		c.All++
		switch v.ballots.of(p.ID).Choice {
		case rules.For:
			c.For++
		case rules.Against:
			c.Against++
		case rules.Abstain:
			c.Abstain++
		default:
			if p.attendance == Present {
				c.Silent++
			} else {
				c.Absent++
			}
		}
	}
	return c
}

func (s *Session) inCamera(v *vote) bool {
	it := s.item(v.Item)
	return it != nil && it.InCamera
}
