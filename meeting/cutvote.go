package meeting

import "sync"

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
	out.Cast = v.ballots.size()
	out.Present = out.All - v.result.Absent
	out.Ballots = c.ballots(v)
	return out
}

func (c cutter) running(v *vote, out *VoteView) {
	missing := map[PersonID]bool{}
	for _, p := range c.s.people {
		if p.removed || !p.Votes {
			continue
		}
		out.All++
		_, cast := v.ballots.lookUp(p.ID)
		here := p.attendance == Present
		if cast {
			out.Cast++
		}
		if here || cast {
			out.Present++
		}
		if here && !cast {
			missing[p.ID] = true
		}
	}
	if len(missing) > 0 {
		out.Missing = c.seats(func(p *participant) bool { return missing[p.ID] })
	}
	out.Need = c.s.rules.NeedNow(out.All, out.Present)
}

// ballotsCut keeps the list of a closed vote: nothing in it changes any more but
// what its people are called, and a session has sixty votes of a thousand members.
// All forks share it.
type ballotsCut struct {
	mu   sync.Mutex
	roll int64 // Session.roll it was made for
	list []BallotView
}

// ballots lists everybody who had a voice in a closed vote. The list is shared:
// nobody may change it.
func (c cutter) ballots(v *vote) []BallotView {
	if v.cut == nil {
		return nil
	}
	v.cut.mu.Lock()
	defer v.cut.mu.Unlock()
	if v.cut.list == nil || v.cut.roll != c.s.roll {
		v.cut.list, v.cut.roll = c.listBallots(v), c.s.roll
	}
	return v.cut.list
}

func (c cutter) listBallots(v *vote) []BallotView {
	people := c.inOrder(func(p *participant) bool { return p.Votes })
	out := make([]BallotView, len(people))
	for i, p := range people {
		b := v.ballots.of(p.ID)
		out[i] = BallotView{
			Person: p.ID, Name: p.called(), Seat: p.Seat, Choice: b.Choice, Present: v.here[p.ID] || b.N > 0,
			Code: b.Code, At: b.At, Entered: b.Entered,
		}
	}
	return out
}

// Mine cuts what one person sees of themselves.
func (s *Session) Mine(id PersonID) (Mine, bool) {
	m, ok := s.Glance(id)
	if ok {
		m.History = cutter{s: s}.own(id, s.votes)
	}
	return m, ok
}

// Glance is Mine as a screen needs it a thousand times in the same moment: until
// the session is over, its history holds the newest vote alone.
func (s *Session) Glance(id PersonID) (Mine, bool) {
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
		if b, ok := v.ballots.lookUp(id); ok {
			m.Ballot, m.NextN = &b, b.N+1
		}
	}
	newest := max(0, len(s.votes)-1)
	if s.over() {
		newest = 0
	}
	m.History = c.own(id, s.votes[newest:])
	m.Opinions = c.opinions(func(o opinion) bool { return o.Person == id })
	if last := len(s.history) - 1; last >= 0 && s.history[last].by == id {
		m.CanUndo = s.undoView()
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

// own is a member's own record of votes.
func (c cutter) own(id PersonID, votes []*vote) []OwnBallot {
	out := []OwnBallot{}
	if p := c.s.find(id); p == nil || !p.Votes {
		return out
	}
	for _, v := range votes {
		o := OwnBallot{Vote: v.ID, Number: v.Number, Motion: v.motion, State: v.State}
		if b, ok := v.ballots.lookUp(id); ok {
			o.Ballot = &b
		}
		out = append(out, o)
	}
	return out
}
