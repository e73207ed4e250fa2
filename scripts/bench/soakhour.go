package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"phonghop/ghosts"
)

// One hour of a soak: a few scenes, each with a vote, at even distances.

const (
	pressesAtOnce = 16 // members who press at the same time, outside of votes
	restShare     = 10 // one part in so many of an hour is left to resting
)

// hour plays the scenes of an hour.
func (s *soak) hour(ctx context.Context, hour int) error {
	scenes := s.votes*(hour+1)/s.hours - s.votes*hour/s.hours
	each := s.length / time.Duration(s.hours) * (restShare - 1) / restShare / time.Duration(max(1, scenes))
	began := time.Now()
	if err := s.turnTo(ctx, hour); err != nil {
		return err
	}
	for scene := range scenes {
		if err := s.scene(ctx, scene); err != nil {
			return fmt.Errorf("scene %d: %w", scene+1, err)
		}
		if scene == scenes/2 && hour%2 == 1 {
			if err := s.pause(ctx); err != nil {
				return err
			}
		}
		if err := sleep(ctx, time.Until(began.Add(each*time.Duration(scene+1)))); err != nil {
			return err
		}
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// scene is some minutes of a session: some tablets are lost and come back, all
// read, some speak and write, some go out, strangers try the door, all vote.
func (s *soak) scene(ctx context.Context, n int) error {
	lost := s.some(8)
	for _, p := range lost {
		p.drop()
		s.counts.dropped++
	}
	for _, do := range []func(context.Context) error{
		s.read, s.speak, s.opine, s.goOut,
		func(ctx context.Context) error { return s.conclude(ctx, n) },
		s.stranger, s.stranger,
		func(ctx context.Context) error { return s.vote(ctx, lost) },
	} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return s.allOn(ctx)
}

// pause is a recess, in which everybody reads.
func (s *soak) pause(ctx context.Context) error {
	if _, err := s.hall.chair.Press(ctx, "/session/recess", url.Values{"minutes": {"15"}}); err != nil {
		return fmt.Errorf("beginning a recess: %w", err)
	}
	if err := s.read(ctx); err != nil {
		return err
	}
	if _, err := s.hall.chair.Press(ctx, "/session/resume", nil); err != nil {
		return fmt.Errorf("ending a recess: %w", err)
	}
	return nil
}

// some are one in so many of the members, at least one.
func (s *soak) some(of int) []*sitter {
	var out []*sitter
	for _, i := range s.dice.Perm(len(s.people))[:max(1, len(s.people)/of)] {
		out = append(out, s.people[i])
	}
	return out
}

// each has these members do something, several at a time.
func (s *soak) each(people []*sitter, do func(*sitter) error) error {
	crowd, at := make(ghosts.Crowd, len(people)), map[*ghosts.Tablet]*sitter{}
	for i, p := range people {
		crowd[i], at[p.Tablet] = p.Tablet, p
	}
	var errs []error
	for _, t := range ghosts.Failed(crowd.Each(pressesAtOnce, func(t *ghosts.Tablet) error { return do(at[t]) })) {
		errs = append(errs, fmt.Errorf("%s: %w", t.Seat, t.Err))
	}
	return errors.Join(errs...)
}

// read has everybody look at the pages of a member.
func (s *soak) read(ctx context.Context) error {
	seen, err := s.seen(ctx)
	if err != nil {
		return err
	}
	item := seen.Agenda[len(seen.Agenda)-1]
	pages := []string{"/member", "/items/" + item.ID, "/member/record"}
	for _, x := range item.Papers {
		pages = append(pages, "/papers/"+x.ID+"/read")
		if x.Total > 0 {
			pages = append(pages, "/papers/"+x.ID+"/pages/"+strconv.Itoa(x.Total), "/papers/"+x.ID+"/thumbs/1")
		}
	}
	s.counts.pages += len(pages) * len(s.people)
	return s.each(s.people, func(p *sitter) error {
		for _, page := range pages {
			if err := p.look(ctx, page); err != nil {
				return err
			}
		}
		return nil
	})
}

// look fetches a page, and once more where it is led.
func (p *sitter) look(ctx context.Context, page string) error {
	a, err := p.Get(ctx, page)
	if err == nil && a.Status/100 == 3 {
		a, err = p.Get(ctx, a.Location)
	}
	if err == nil && a.Status != 200 {
		err = fmt.Errorf("%s: %d", page, a.Status)
	}
	return err
}

// speak has some ask for the floor; the first gets it, the others think better of it.
func (s *soak) speak(ctx context.Context) error {
	askers := s.some(20)
	err := s.each(askers, func(p *sitter) error {
		_, err := p.Press(ctx, "/floor/ask", url.Values{"topic": {"Nguồn vốn của dự án"}})
		return err
	})
	if err != nil {
		return fmt.Errorf("asking to speak: %w", err)
	}
	if _, err := s.hall.chair.Press(ctx, "/floor/give", url.Values{"person": {askers[0].person}}); err != nil {
		return fmt.Errorf("giving the floor: %w", err)
	}
	if _, err := askers[0].Press(ctx, "/floor/yield", nil); err != nil {
		return fmt.Errorf("ending a speech: %w", err)
	}
	s.counts.speeches++
	return s.each(askers[1:], func(p *sitter) error {
		_, err := p.Press(ctx, "/floor/withdraw", nil)
		return err
	})
}

// opine has some write what they think.
func (s *soak) opine(ctx context.Context) error {
	writers := s.some(25)
	s.counts.opinions += len(writers)
	text := fmt.Sprintf("Ý kiến %d: đề nghị làm rõ tiến độ giải ngân và nguồn kinh phí hằng năm.", s.counts.opinions)
	return s.each(writers, func(p *sitter) error {
		_, err := p.Press(ctx, "/items/"+s.hall.item+"/opinion", url.Values{"text": {text}})
		return err
	})
}

// goOut has some leave the room and come back: half say so themselves, half are
// seen by the chair.
func (s *soak) goOut(ctx context.Context) error {
	out := s.some(20)
	for _, state := range []string{"away", "present"} {
		for i, p := range out {
			by, path := p.Tablet, "/presence"
			if i%2 == 1 {
				by, path = s.hall.chair, "/people/"+p.person+"/presence"
			}
			if _, err := by.Press(ctx, path, url.Values{"state": {state}}); err != nil {
				return fmt.Errorf("marking %s %s: %w", p.Seat, state, err)
			}
		}
	}
	return nil
}

// vote holds a vote in which everybody votes and some change their mind; those who
// were lost listen again in the middle of it. The result is held against every
// ballot that was acknowledged.
func (s *soak) vote(ctx context.Context, lost []*sitter) error {
	if err := s.hall.open(ctx); err != nil {
		return err
	}
	if err := s.cast(ctx, s.people, 1); err != nil {
		return err
	}
	for _, p := range lost {
		p.listen(ctx)
	}
	if err := s.cast(ctx, s.some(20), 2); err != nil {
		return err
	}
	if err := s.hall.close(ctx); err != nil {
		return err
	}
	s.counts.votes++
	return s.recount(ctx)
}

var choices = []string{"for", "for", "for", "against", "abstain"}

// cast sends the n-th ballot of these members at the same instant.
func (s *soak) cast(ctx context.Context, people []*sitter, n int) error {
	crowd, wish := make(ghosts.Crowd, len(people)), map[*ghosts.Tablet]string{}
	for i, p := range people {
		crowd[i], wish[p.Tablet] = p.Tablet, choices[s.dice.IntN(len(choices))]
	}
	took := crowd.AtOnce(ctx, func(t *ghosts.Tablet) []byte {
		form := url.Values{"choice": {wish[t]}, "n": {strconv.Itoa(n)}}
		return t.Request("POST", "/votes/"+s.hall.vote+"/ballot", "application/json", []byte(form.Encode()))
	})
	for i, t := range took {
		var said struct {
			N      int
			Choice string
		}
		if t.Err != nil {
			return fmt.Errorf("a ballot of %s was not acknowledged: %w", t.Seat, t.Err)
		}
		if err := json.Unmarshal(t.Answer.Body, &said); err != nil || said.N != n || said.Choice != wish[crowd[i]] {
			return fmt.Errorf("a ballot of %s was answered %s", t.Seat, t.Answer.Body)
		}
		people[i].cast = said.Choice
		s.counts.ballots++
	}
	return nil
}

// recount holds the vote that was closed last against what was acknowledged.
func (s *soak) recount(ctx context.Context) error {
	seen, err := s.seen(ctx)
	if err != nil {
		return err
	}
	v := seen.Votes[len(seen.Votes)-1]
	listed, sum := map[string]string{}, map[string]int{}
	for _, b := range v.Ballots {
		listed[b.Person] = b.Choice
		if b.Choice != "" {
			sum[b.Choice]++
		}
	}
	for _, p := range s.people {
		if listed[p.person] != p.cast {
			return fmt.Errorf("vote %s: %s was told %q and is listed as %q", v.ID, p.Seat, p.cast, listed[p.person])
		}
	}
	if sum["for"] != v.Result.For || sum["against"] != v.Result.Against || sum["abstain"] != v.Result.Abstain {
		return fmt.Errorf("vote %s: the result %v is not the sum of the ballots %v", v.ID, v.Result, sum)
	}
	return nil
}
