package meeting

import (
	"slices"
	"time"

	"phonghop/rules"
)

// Reading the session. SeenBy and Mine copy out; nothing they return points
// into the session.

// ID, Phase, Stage, Size, Header and Rules say where the session is. Size is
// the number of entries folded: the seq of the next.
func (s *Session) ID() SessionID       { return s.id }
func (s *Session) Phase() Phase        { return s.phase }
func (s *Session) Stage() int          { return s.stage }
func (s *Session) Size() int64         { return s.size }
func (s *Session) Header() Header      { return s.header }
func (s *Session) Rules() rules.Set    { return s.rules }
func (s *Session) Presiding() PersonID { return s.presiding }

// Person finds somebody of this session.
func (s *Session) Person(id PersonID) (Person, bool) {
	if p := s.find(id); p != nil {
		return p.copied(), true
	}
	return Person{}, false
}

func (p *participant) copied() Person {
	out := p.Person
	out.Items = slices.Clone(out.Items)
	return out
}

// Acts counts what a person has done here: the key of their next form.
func (s *Session) Acts(id PersonID) int {
	if p := s.find(id); p != nil {
		return p.acts
	}
	return 0
}

// BallotOf is the ballot of a member that stands in a vote.
func (s *Session) BallotOf(member PersonID, id VoteID) (Ballot, bool) {
	if v := s.vote(id); v != nil {
		b, ok := v.ballots.lookUp(member)
		return b, ok
	}
	return Ballot{}, false
}

// ScreenOf is the screen a person sits in front of: whoever presides has the
// chair's, whatever their role.
func (s *Session) ScreenOf(id PersonID) Screen {
	p := s.find(id)
	switch {
	case p == nil:
		return ""
	case p.Role == RoleSecretary:
		return SecretaryScreen
	case id == s.presiding:
		return ChairScreen
	}
	return MemberScreen
}

// AudienceOf is what a person belongs to as an onlooker.
func (s *Session) AudienceOf(id PersonID) Audience {
	a := Audience{Screen: s.ScreenOf(id)}
	if p := s.find(id); p != nil && p.Role == RoleGuest {
		a.Guest = id
	}
	return a
}

// SeenBy cuts what an audience may see now.
func (s *Session) SeenBy(a Audience) View {
	v := View{
		Audience: a, ID: s.id, Header: s.header, Rules: s.rules, Phase: s.phase, Stage: s.stage, Seq: s.size,
		Opened: s.opened, Ended: s.ended, Current: -1, Quorum: s.quorum(),
		Recess: RecessView{s.recess, s.pause},
	}
	c := cutter{s: s, a: a, guest: s.find(a.Guest)}
	v.Roll = c.roll()
	for _, seat := range v.Roll {
		if seat.Presiding {
			v.Chair = seat
		}
		if seat.Role == RoleSecretary && v.Clerk.ID == "" {
			v.Clerk = seat
		}
	}
	v.Agenda = c.agenda()
	v.Current = slices.IndexFunc(v.Agenda, func(it ItemView) bool { return it.State == ItemOpen })
	v.Floor = c.floor()
	v.Votes = c.votes()
	if n := len(v.Votes); n > 0 && v.Votes[n-1].State == VoteOpen {
		open := v.Votes[n-1]
		v.Vote = &open
	}
	v.Tasks, v.Minutes = c.tasks(), c.minutes()
	if c.inside() {
		v.Opinions, v.Record, v.Undo = c.opinions(func(opinion) bool { return true }), c.record(), s.undoView()
		v.Turns, v.Blocks = s.turnViews(), s.blocks
	}
	return v
}

// cutter makes the parts of one View.
type cutter struct {
	s     *Session
	a     Audience
	guest *participant // nil unless the audience is one guest
}

// inside tells the screens that see reasons, opinions and the record.
func (c cutter) inside() bool {
	return c.a.Screen == ChairScreen || c.a.Screen == SecretaryScreen
}

// outside tells the screens of nobody in particular.
func (c cutter) outside() bool { return c.a.Screen == HallScreen || c.a.Screen == "" }

// knows tells whether this audience may know an item's title.
func (c cutter) knows(it *item) bool {
	switch {
	case it.withheld:
		return false
	case !it.InCamera:
		return true
	case c.outside():
		return false
	case c.guest != nil:
		return attends(c.guest, it)
	}
	return true
}

func (c cutter) roll() []SeatView {
	return c.seats(func(p *participant) bool { return true })
}

// seats are the people that which picks, in protocol order. What is sorted are
// pointers: a hall has a thousand, and a screen is cut at every change.
func (c cutter) seats(which func(*participant) bool) []SeatView {
	people := c.inOrder(which)
	out := make([]SeatView, len(people))
	for i, p := range people {
		out[i] = c.seat(p)
	}
	return out
}

func (c cutter) inOrder(which func(*participant) bool) []*participant {
	var out []*participant
	for _, p := range c.s.people {
		if !p.removed && which(p) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b *participant) int { return protocol(a.Person) - protocol(b.Person) })
	return out
}

// protocol orders a roll: by the given order, then as seated; those without an
// order come after, the secretary and guests last.
func protocol(p Person) int {
	rank := slices.Index([]Role{RoleChair, RoleMember, RoleSubstitute, RoleSecretary, RoleGuest}, p.Role)
	order := p.Order
	if order <= 0 {
		order = 99_999
	}
	return rank*100_000 + min(order, 99_999)
}

func (c cutter) seat(p *participant) SeatView {
	s := c.s
	v := SeatView{
		Person: p.copied(), Attendance: p.attendance, Since: p.since, Presiding: p.ID == s.presiding,
		Asks: s.asking(p.ID) + 1, Speaks: s.speaks(p.ID), Absent: p.absent, Answered: p.answered, Agreed: p.agreed,
	}
	if run := s.running(); run != nil {
		_, v.Voted = run.ballots.lookUp(p.ID)
	}
	if c.inside() {
		v.Reason = p.reason
	}
	return v
}

func (c cutter) seatOf(id PersonID) SeatView {
	if i, ok := c.s.byID[id]; ok {
		return c.seat(c.s.people[i])
	}
	return SeatView{}
}

func (c cutter) agenda() []ItemView {
	out := make([]ItemView, len(c.s.items))
	for i, it := range c.s.items {
		v := ItemView{
			ID: it.ID, Number: i + 1, Minutes: it.Minutes, InCamera: it.InCamera, State: it.State, Opened: it.Opened,
			Spent: int(it.spent / time.Second), Concluded: it.concluded, Hidden: !c.knows(it), Papers: []PaperView{},
		}
		if c.knows(it) {
			v.Title, v.Presenter, v.Unit, v.Conclusion = it.text.Title, it.text.Presenter, it.text.Unit, it.conclusion
			v.Papers = c.papers(it)
		}
		if c.inside() {
			v.Reason, v.Presented, v.Digest, v.Other = it.reason, it.presented, it.digest, it.other
		}
		for _, vote := range c.s.votes {
			if vote.Item == it.ID {
				v.Votes = append(v.Votes, vote.ID)
			}
		}
		out[i] = v
	}
	return out
}

func (c cutter) papers(it *item) []PaperView {
	out := []PaperView{}
	if c.outside() || c.guest != nil && !attends(c.guest, it) {
		return out
	}
	for _, p := range it.papers {
		if p.stands() && c.shows(p) {
			out = append(out, c.s.paperView(p, c.inside()))
		}
	}
	return out
}

// shows tells whether everybody of this audience may read a paper.
func (c cutter) shows(p *paper) bool {
	switch {
	case c.s.recalled(p, c.a.Screen):
		return false
	case c.inside():
		return true
	case c.guest != nil && c.guest.Role == RoleGuest:
		return p.readers == ReadersAll
	}
	return p.readers != ReadersNamed
}

func (c cutter) floor() FloorView {
	f := FloorView{Queue: []AskView{}}
	hush := func(id ItemID) bool { it := c.s.item(id); return it != nil && !c.knows(it) }
	if t := c.s.floor.speaking; t != nil {
		f.Speaking = &TurnView{Person: c.seatOf(t.Person), Topic: t.Topic, Since: t.Since, Allowed: t.Allowed}
		if hush(t.Item) {
			f.Speaking.Topic = ""
		}
	}
	for _, q := range c.s.floor.queue {
		v := AskView{Person: c.seatOf(q.Person), Topic: q.Topic, Reply: q.Reply, At: q.At, Seq: q.Seq}
		if hush(q.Item) {
			v.Topic = ""
		}
		f.Queue = append(f.Queue, v)
	}
	return f
}

func (c cutter) opinions(which func(opinion) bool) []OpinionView {
	var out []OpinionView
	for i, it := range c.s.items {
		for _, o := range it.opinions {
			if !which(o) {
				continue
			}
			out = append(out, OpinionView{it.ID, i + 1, o.Person, c.s.nameOf(o.Person), o.Text, o.Reservation, o.At})
		}
	}
	return out
}

func (c cutter) record() []Line {
	out := slices.Clone(c.s.record)
	for i := range out {
		out[i].Corrected = slices.Clone(out[i].Corrected)
	}
	return out
}

// undoView is the last act that nothing rests on; whether it is still young
// enough is for the clock of whoever looks.
func (s *Session) undoView() *UndoView {
	if len(s.history) == 0 || s.over() {
		return nil
	}
	m := s.history[len(s.history)-1]
	if s.restedOn(m) {
		return nil
	}
	l, _ := s.line(m.seq)
	l.Corrected = slices.Clone(l.Corrected)
	return &UndoView{Seq: m.seq, By: m.by, Kind: m.kind, Till: m.at.Add(undoSeconds * time.Second), Line: l}
}
