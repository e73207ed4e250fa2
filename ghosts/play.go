package ghosts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Part is who one ghost plays: what reports call it, and the card that lets it in.
type Part struct {
	Name   string `json:"name"`
	Person string `json:"person"`
	Token  string `json:"token"`
}

// Cast is everybody of a rehearsal, as the room gave it out.
type Cast struct {
	Key       string `json:"key"`  // ends the rehearsal
	Item      string `json:"item"` // on which votes are held
	Base      int64  `json:"base"` // entries that a screen counts beside the session's own
	Conductor Part   `json:"conductor"`
	Ghosts    []Part `json:"ghosts"`
}

// Progress is how far a play has come: a step, and how many have done it.
type Progress struct {
	Step     Step
	Vote     int // its number, in the steps of a vote
	Done, Of int
}

// Step is one scene of a play.
type Step string

// The steps, in their order; those from Opening on come again with each vote.
const (
	ComingIn Step = "come-in"
	Watching Step = "screens"
	Asking   Step = "ask"
	Opening  Step = "opening"
	Voting   Step = "voting"
	Awaiting Step = "people" // for those at their own tablets
	Counting Step = "counting"
	Resting  Step = "resting"
)

const (
	inAtOnce   = 64              // sign-ins on their way at the same time
	askersMost = 20              // who registers to speak
	seenWithin = 2 * time.Minute // a screen that shows nothing for so long never will
)

// Play is one performance: so many ghosts and whoever conducts them come in,
// listen, ask to speak and vote, as often as it is wanted. Its methods are called
// one after the other by one goroutine; Report and Now by anybody.
type Play struct {
	room   Room
	cast   Cast
	crowd  Crowd
	tokens map[string]string // by name
	lead   *Tablet
	watch  *Watch
	desk   *Watch // the conductor's own screen

	mu     sync.Mutex
	report Report
	now    Progress
	tell   func(Progress)
}

// NewPlay makes a performance; tell hears how it goes, and may be nil.
func NewPlay(room Room, cast Cast, inBox bool, tell func(Progress)) *Play {
	p := &Play{room: room, cast: cast, tokens: map[string]string{}, tell: tell}
	p.lead = NewTablet(room, cast.Conductor.Name)
	for _, g := range cast.Ghosts {
		p.crowd = append(p.crowd, NewTablet(room, g.Name))
		p.tokens[g.Name] = g.Token
	}
	p.report = Report{At: time.Now(), Tablets: len(p.crowd), InBox: inBox, Votes: []VoteSeen{}, Joined: []string{}}
	return p
}

// Now is the step it is in.
func (p *Play) Now() Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// Report is what was seen so far, judged.
func (p *Play) Report() Report {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.report
	r.Votes = append([]VoteSeen{}, r.Votes...)
	r.Judge()
	return r
}

func (p *Play) note(change func(*Report)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.report)
}

func (p *Play) at(now Progress) {
	p.mu.Lock()
	p.now = now
	p.mu.Unlock()
	if p.tell != nil {
		p.tell(now)
	}
}

// Rest is said between two votes.
func (p *Play) Rest() { p.at(Progress{Step: Resting}) }

// ComeIn signs everybody in and turns the screens on.
func (p *Play) ComeIn(ctx context.Context) error {
	if err := p.lead.Enter(ctx, enterPath+p.cast.Conductor.Token); err != nil {
		return fmt.Errorf("signing the conductor in: %w", err)
	}
	var in atomic.Int64
	began := time.Now()
	p.at(Progress{Step: ComingIn, Of: len(p.crowd)})
	took := p.crowd.Each(inAtOnce, func(t *Tablet) error {
		err := t.Enter(ctx, enterPath+p.tokens[t.Seat])
		p.at(Progress{Step: ComingIn, Done: int(in.Add(1)), Of: len(p.crowd)})
		return err
	})
	w := waits(took)
	w.Took = Span(time.Since(began))
	p.note(func(r *Report) { r.ComeIn = w; r.trouble(took) })
	if err := ctx.Err(); err != nil {
		return err
	}
	p.goOnWith(took)
	if len(p.crowd) == 0 {
		return fmt.Errorf("nobody came in: %w", took[0].Err)
	}
	return p.turnOn(ctx)
}

// goOnWith leaves out those who did not get in; they are in the report once.
func (p *Play) goOnWith(took []Took) {
	var crowd Crowd
	var parts []Part
	for i, t := range took {
		if t.Err == nil {
			crowd, parts = append(crowd, p.crowd[i]), append(parts, p.cast.Ghosts[i])
		}
	}
	p.crowd, p.cast.Ghosts = crowd, parts
}

const enterPath = "/rehearsal/enter/"

func (p *Play) turnOn(ctx context.Context) error {
	began := time.Now()
	desk, watch := Crowd{p.lead}.WatchScreens(ctx, "secretary"), p.crowd.WatchScreens(ctx, "member")
	p.mu.Lock()
	p.desk, p.watch = desk, watch
	p.mu.Unlock()
	w, err := p.seen(ctx, Progress{Step: Watching}, p.watch.Mark(1), began)
	p.note(func(r *Report) { r.Screens = w })
	p.Heed(ctx)
	return err
}

// seen waits until every screen shows a mark, from a moment on.
func (p *Play) seen(ctx context.Context, now Progress, m *Mark, from time.Time) (Waits, error) {
	now.Of = len(p.crowd)
	p.at(now)
	within, cancel := context.WithTimeout(ctx, seenWithin)
	defer cancel()
	at, _ := m.Wait(within)
	took := make([]Took, len(at))
	for i, t := range p.crowd {
		took[i] = Took{Seat: t.Seat, Wait: max(0, at[i].Sub(from))}
		if at[i].IsZero() {
			took[i].Err = errUnseen
		}
	}
	return waits(took), ctx.Err()
}

// AskFloor has some of them register to speak at the same instant. The first is
// given the floor and ends; the others take their registration back.
func (p *Play) AskFloor(ctx context.Context) error {
	askers := p.crowd[:min(len(p.crowd), askersMost)]
	p.at(Progress{Step: Asking, Of: len(askers)})
	took := askers.AtOnce(ctx, func(t *Tablet) []byte { return t.Request("POST", "/floor/ask", "application/json", []byte{}) })
	p.note(func(r *Report) { r.Ask = waits(took); r.trouble(took) })
	first := p.cast.Ghosts[0].Person
	if _, err := p.lead.Press(ctx, "/floor/give", url.Values{"person": {first}}); err != nil {
		return fmt.Errorf("giving the floor: %w", err)
	}
	if _, err := askers[0].Press(ctx, "/floor/yield", nil); err != nil {
		return fmt.Errorf("ending a speech: %w", err)
	}
	askers[1:].Each(inAtOnce, func(t *Tablet) error {
		_, err := t.Press(ctx, "/floor/withdraw", nil)
		return err
	})
	p.at(Progress{Step: Asking, Done: len(askers), Of: len(askers)})
	p.Heed(ctx)
	return ctx.Err()
}

// Heed notes how many streams were lost so far. It is told before the room sends the
// tablets away: a stream that ends for that was not lost.
func (p *Play) Heed(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.watch != nil && ctx.Err() == nil {
		p.report.Dropped = p.watch.Dropped()
	}
}

// Leave turns every screen off and hangs up.
func (p *Play) Leave() {
	p.mu.Lock()
	watch, desk := p.watch, p.desk
	p.watch, p.desk = nil, nil
	p.mu.Unlock()
	if watch != nil {
		watch.Stop()
		desk.Stop()
	}
	for _, t := range append(Crowd{p.lead}, p.crowd...) {
		t.Hang()
	}
}

// Close notes what the room said at the end, and who had joined.
func (p *Play) Close(recount *Recounted, joined []string, ended string) {
	p.note(func(r *Report) {
		r.Recount, r.Ended = recount, ended
		if joined != nil {
			r.Joined = joined
		}
	})
}

// Failed notes what kept the play from going on, in the room's words where it said
// some.
func (p *Play) Failed(err error) {
	said := err.Error()
	if refused, ok := errors.AsType[*Refused](err); ok {
		said = refused.Said()
	}
	p.note(func(r *Report) { r.Fault = said })
}

const troubleMost = 5

// trouble keeps the first few things that tablets met with.
func (r *Report) trouble(took []Took) {
	for _, t := range Failed(took) {
		if len(r.Trouble) < troubleMost {
			r.Trouble = append(r.Trouble, t.Seat+": "+t.Err.Error())
		}
	}
}

// session is what whoever conducts may see.
func (p *Play) session(ctx context.Context) (s sessionSeen, err error) {
	a, err := p.lead.Send(ctx, p.lead.Request("GET", "/api/session", "application/json", nil))
	if err == nil {
		err = a.fault()
	}
	if err == nil {
		err = json.Unmarshal(a.Body, &s)
	}
	if err != nil {
		return s, fmt.Errorf("looking at the session: %w", err)
	}
	return s, nil
}
