package ghosts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"
)

var errUnseen = errors.New("the screen never showed it")

// sessionSeen is the part of GET /api/session that a play needs.
type sessionSeen struct {
	Vote  *voteSeen  `json:"vote"`
	Votes []voteSeen `json:"votes"`
}

type voteSeen struct {
	ID      string     `json:"id"`
	Number  int        `json:"number"`
	Entry   int64      `json:"entry"`
	Code    string     `json:"code"`
	Missing []struct{} `json:"missing"`
	Result  struct {
		For, Against, Abstain int
	} `json:"result"`
	Ballots []struct{ Person, Choice string } `json:"ballots"`
}

type receipt struct {
	Entry  int64  `json:"entry"`
	N      int    `json:"n"`
	Choice string `json:"choice"`
	Code   string `json:"code"`
}

// choiceOf is how a ghost votes: seven of ten for, two against, one abstains.
func choiceOf(i int) string {
	switch i % 10 {
	case 3, 7:
		return "against"
	case 9:
		return "abstain"
	}
	return "for"
}

// Vote holds one trial vote: it is opened, every ghost votes at the same instant,
// people at their own tablets are given time, and it is closed and compared. A vote
// that somebody else has opened is taken as it is.
func (p *Play) Vote(ctx context.Context, people time.Duration) error {
	v, err := p.openVote(ctx)
	if err != nil {
		return err
	}
	v.Cut = true // until it is over
	p.note(func(r *Report) { r.Fault, r.Votes = "", append(r.Votes, v.VoteSeen) })
	keep := func() { p.note(func(r *Report) { r.Votes[len(r.Votes)-1] = v.VoteSeen }) }
	p.at(Progress{Step: Voting, Vote: v.Number, Of: len(p.crowd)})
	acknowledged := p.ballots(ctx, v)
	keep()
	if err := p.await(ctx, v, people); err != nil {
		return err
	}
	err = p.closeVote(ctx, v, acknowledged)
	v.Cut = err != nil
	keep()
	p.Heed(ctx)
	return err
}

// trial is a vote being held.
type trial struct {
	VoteSeen
	id string
}

func (p *Play) openVote(ctx context.Context) (*trial, error) {
	s, err := p.session(ctx)
	if err != nil {
		return nil, err
	}
	v := &trial{VoteSeen: VoteSeen{Number: len(s.Votes) + 1}}
	if s.Vote != nil {
		v.id, v.Number = s.Vote.ID, s.Vote.Number
		return v, nil
	}
	began := time.Now()
	a, err := p.lead.Press(ctx, "/items/"+p.cast.Item+"/votes", url.Values{"motion": {motion}, "override": {motion}})
	if err != nil {
		return nil, fmt.Errorf("opening a vote: %w", err)
	}
	var said receipt
	if err := json.Unmarshal(a.Body, &said); err != nil {
		return nil, fmt.Errorf("opening a vote: %w", err)
	}
	v.Opening, err = p.seen(ctx, Progress{Step: Opening, Vote: v.Number}, p.watch.Mark(said.Entry+1+p.cast.Base), began)
	if err != nil {
		return nil, err
	}
	if s, err = p.session(ctx); err != nil {
		return nil, err
	}
	if s.Vote == nil {
		return nil, errors.New("the vote is not open")
	}
	v.id = s.Vote.ID
	return v, nil
}

// motion is what is voted on. It is data of the rehearsal, and people read it.
const motion = "Biểu quyết thử"

// ballots sends one of every ghost at the same instant, and once more those that
// got no answer: a tablet would. It returns what each was told is recorded.
func (p *Play) ballots(ctx context.Context, v *trial) []string {
	at := make(map[*Tablet]int, len(p.crowd))
	for i, t := range p.crowd {
		at[t] = i
	}
	request := func(t *Tablet) []byte {
		form := url.Values{"choice": {choiceOf(at[t])}, "n": {"1"}}
		return t.Request("POST", "/votes/"+v.id+"/ballot", "application/json", []byte(form.Encode()))
	}
	began := time.Now()
	took := p.crowd.AtOnce(ctx, request)
	var silent Crowd
	for i, t := range took {
		if t.Err != nil && !errors.Is(t.Err, ErrRefused) {
			silent = append(silent, p.crowd[i])
		}
	}
	silent.Each(inAtOnce, func(t *Tablet) error {
		a, err := t.Send(ctx, request(t))
		if err == nil {
			err = a.fault()
		}
		took[at[t]] = Took{Seat: t.Seat, Answer: a, Err: err, Wait: time.Since(began)}
		return err
	})
	for _, t := range silent {
		if took[at[t]].Err == nil {
			v.Again++
		}
	}
	said := make([]string, len(took))
	for i, t := range took {
		said[i] = v.take(t, choiceOf(i))
	}
	v.Ballots = waits(took)
	p.note(func(r *Report) { r.trouble(took) })
	return said
}

// take notes what one ghost was answered, and returns the choice it was told is
// recorded; "" where it was told none.
func (v *VoteSeen) take(t Took, sent string) string {
	switch {
	case errors.Is(t.Err, ErrRefused):
		v.Refused++
		return ""
	case t.Err != nil:
		v.Lost++
		return ""
	}
	var r receipt
	if err := json.Unmarshal(t.Answer.Body, &r); err != nil || r.N != 1 || r.Choice != sent {
		v.Changed++
		return ""
	}
	return r.Choice
}

// await gives people at their own tablets time to vote, and goes on as soon as all
// have, or their chair has closed the vote.
func (p *Play) await(ctx context.Context, v *trial, people time.Duration) error {
	for till := time.Now().Add(people); ; {
		s, err := p.session(ctx)
		if err != nil {
			return err
		}
		if s.Vote == nil || s.Vote.ID != v.id || len(s.Vote.Missing) == 0 || time.Now().After(till) {
			return nil
		}
		p.at(Progress{Step: Awaiting, Vote: v.Number, Of: len(s.Vote.Missing)})
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// closeVote closes it and holds the result against what was sent.
func (p *Play) closeVote(ctx context.Context, v *trial, acknowledged []string) error {
	began := time.Now()
	if _, err := p.lead.Press(ctx, "/votes/"+v.id+"/close", url.Values{"anyway": {"1"}}); err != nil {
		return fmt.Errorf("closing the vote: %w", err)
	}
	s, err := p.session(ctx)
	if err != nil {
		return err
	}
	for _, seen := range s.Votes {
		if seen.ID != v.id {
			continue
		}
		v.Counting, err = p.seen(ctx, Progress{Step: Counting, Vote: v.Number}, p.watch.Mark(seen.Entry+1+p.cast.Base), began)
		p.compare(v, seen, acknowledged)
		return err
	}
	return errors.New("the vote is not in the session")
}

// compare holds the published result against every ballot that was acknowledged,
// one by one, and against the sum of the ballots.
func (p *Play) compare(v *trial, seen voteSeen, acknowledged []string) {
	v.Code, v.For, v.Against, v.Abstain = seen.Code, seen.Result.For, seen.Result.Against, seen.Result.Abstain
	listed, sum := map[string]string{}, map[string]int{}
	for _, b := range seen.Ballots {
		if b.Choice != "" {
			listed[b.Person] = b.Choice
			sum[b.Choice]++
		}
	}
	v.Adds = sum["for"] == v.For && sum["against"] == v.Against && sum["abstain"] == v.Abstain
	v.Others = len(listed)
	for i, g := range p.cast.Ghosts {
		if _, ok := listed[g.Person]; ok {
			v.Others--
		}
		if acknowledged[i] != "" && listed[g.Person] != acknowledged[i] {
			v.Changed++
		}
	}
}
