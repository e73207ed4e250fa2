package meeting

import "slices"

func (c cutter) votes() []VoteView {
	out := make([]VoteView, len(c.s.votes))
	for i, v := range c.s.votes {
		out[i] = c.voteView(v)
	}
	return out
}

// voteView cuts one vote. While it is open no audience gets a direction: not
// the chair, not the secretary, not a program.
func (c cutter) voteView(v *vote) VoteView {
	s := c.s
	it, at := s.item(v.Item), s.itemAt(v.Item)
	out := VoteView{
		ID: v.ID, Number: v.Number, Item: v.Item, ItemNo: at + 1, State: v.State, Opened: v.Opened, Closed: v.Closed,
		Seconds: v.Seconds, Override: v.override, Sentence: v.sentence, Code: v.code, Entry: v.entry,
	}
	if it == nil || c.knows(it) {
		out.Motion = v.motion
	} else {
		out.Hidden = true
	}
	if c.inside() || v.State == VoteAnnuled && !out.Hidden {
		out.Reason = v.reason
	}
	if v.State == VoteOpen {
		c.running(v, &out)
		return out
	}
	out.Result, out.All, out.Need = v.result, v.result.All, v.result.Need
	out.Cast = len(v.ballots)
	out.Present = out.All - v.result.Absent
	out.Ballots = c.ballots(v)
	return out
}

func (c cutter) running(v *vote, out *VoteView) {
	for _, p := range c.s.people {
		if p.removed || !p.Votes {
			continue
		}
		out.All++
		_, cast := v.ballots[p.ID]
		here := p.attendance == Present
		if cast {
			out.Cast++
		}
		if here || cast {
			out.Present++
		}
		if here && !cast {
			out.Missing = append(out.Missing, c.seat(p))
		}
	}
	slices.SortStableFunc(out.Missing, func(a, b SeatView) int { return protocol(a) - protocol(b) })
	out.Need = c.s.rules.NeedNow(out.All, out.Present)
}

func (c cutter) ballots(v *vote) []BallotView {
	var seats []SeatView
	for _, p := range c.s.people {
		if !p.removed && p.Votes {
			seats = append(seats, c.seat(p))
		}
	}
	slices.SortStableFunc(seats, func(a, b SeatView) int { return protocol(a) - protocol(b) })
	out := make([]BallotView, len(seats))
	for i, p := range seats {
		b := v.ballots[p.ID]
		out[i] = BallotView{
			Person: p.ID, Name: p.called(), Seat: p.Seat, Choice: b.Choice, Present: v.here[p.ID] || b.N > 0,
			Code: b.Code, At: b.At, Entered: b.Entered,
		}
	}
	return out
}

// Mine cuts what one person sees of themselves.
func (s *Session) Mine(id PersonID) (Mine, bool) {
	p := s.find(id)
	if p == nil {
		return Mine{}, false
	}
	a := s.AudienceOf(id)
	c := cutter{s: s, a: a, guest: s.find(a.Guest)}
	m := Mine{
		Person: c.seat(p), Screen: a.Screen, Acts: p.acts, MayVote: p.Votes && s.May(id, ToVote),
		Asks: s.asking(id) + 1, Speaks: s.speaks(id), NextN: 1, Absence: p.absent, History: []OwnBallot{},
	}
	m.Person.Reason = p.reason
	if it := s.openItem(); it != nil {
		m.MaySpeak = s.May(id, ToSpeak) && s.maySpeak(p, it)
	}
	m.Next = m.Asks == 1 && s.floor.speaking != nil
	if v := s.running(); v != nil {
		if b, ok := v.ballots[id]; ok {
			m.Ballot, m.NextN = &b, b.N+1
		}
	}
	m.History = c.own(id)
	for _, o := range c.opinions() {
		if o.Person == id {
			m.Opinions = append(m.Opinions, o)
		}
	}
	if u := s.undoView(); u != nil && u.By == id {
		m.CanUndo = u
	}
	m.Papers, m.Turns = c.namedFor(p), s.turnsOf(id)
	return m, true
}

// namedFor are the papers that a person, and not everybody beside them, may read.
func (c cutter) namedFor(p *participant) []OwnPaper {
	if c.inside() {
		return nil
	}
	var out []OwnPaper
	for _, it := range c.s.items {
		for _, paper := range it.papers {
			if paper.readers == ReadersNamed && paper.stands() && c.s.reads(p, it, paper) && !c.s.recalled(paper, c.a.Screen) {
				out = append(out, OwnPaper{it.ID, c.s.paperView(paper, false)})
			}
		}
	}
	return out
}

func (s *Session) turnsOf(id PersonID) []Turn {
	var out []Turn
	for _, t := range s.turns {
		if t.Person == id {
			out = append(out, s.turnView(t))
		}
	}
	return out
}

// own is a member's own record of every vote so far.
func (c cutter) own(id PersonID) []OwnBallot {
	out := []OwnBallot{}
	if p := c.s.find(id); p == nil || !p.Votes {
		return out
	}
	for _, v := range c.s.votes {
		o := OwnBallot{Vote: v.ID, Number: v.Number, Motion: v.motion, State: v.State}
		if b, ok := v.ballots[id]; ok {
			o.Ballot = &b
		}
		out = append(out, o)
	}
	return out
}
