package rehearsal

import (
	"context"
	"errors"
	"slices"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/room"
)

const hallID = "hall" // a screen is nobody's person

// Join brings somebody of the real session into the copy, present and with the
// vote they have there, and answers with the card that lets their tablet in. A
// tablet that joined as the same person before leaves.
func (r *Run) Join(ctx context.Context, who meeting.PersonID) (token string, err error) {
	p, ok := r.stage.Room.State().Session.Person(who)
	was, here := r.Room.State().Session.Person(who)
	if !ok || !here {
		return "", NotInCopy
	}
	votes := p.Votes
	p = r.script.person(p)
	p.Role, p.Votes = was.Role, votes
	return r.admit(ctx, p)
}

// JoinAs brings a tablet without a seat in, as one more voter.
func (r *Run) JoinAs(ctx context.Context) (token string, err error) {
	r.mu.Lock()
	r.extras++
	n := r.extras
	r.mu.Unlock()
	if n > extrasMost {
		return "", Crowded
	}
	return r.admit(ctx, extra(n)) // a number that was refused is not given again
}

// JoinHall is a card for a hall screen.
func (r *Run) JoinHall(ctx context.Context) (token string, err error) {
	return r.card(ctx, access.Person{ID: hallID, Roles: access.Hall})
}

func (r *Run) admit(ctx context.Context, p meeting.Person) (string, error) {
	for _, verb := range []room.Verb{
		func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.SeatAll(a, []meeting.Person{p})
		},
		func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkPresent(a, p.ID) },
	} {
		if err := r.do(ctx, verb); errors.Is(err, meeting.VoteRunning) {
			return "", TrialOpen
		} else if err != nil {
			return "", err
		}
	}
	if err := r.Access.Release(ctx, r.session(), string(p.ID)); err != nil {
		return "", err
	}
	r.mu.Lock()
	if !slices.ContainsFunc(r.joined, func(q meeting.Person) bool { return q.ID == p.ID }) {
		r.joined = append(r.joined, p)
	}
	r.mu.Unlock()
	return r.card(ctx, access.Person{ID: string(p.ID), Seat: p.Seat})
}

func (r *Run) card(ctx context.Context, p access.Person) (string, error) {
	cards, err := r.Access.IssueCards(ctx, r.session(), []access.Person{p}, r.stage.Now())
	if err != nil {
		return "", err
	}
	return cards[0].Token, nil
}

// Joined are the people whose own tablets came in, in that order.
func (r *Run) Joined() []meeting.Person {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.joined)
}
