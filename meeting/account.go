package meeting

import (
	"slices"
	"time"

	"phonghop/rules"
)

// Account is the whole session, for the minutes, the session file and the
// tables drawn from it. It holds no pointer into the session, and everything
// that is on record: who may be given it is for its caller to know.
type Account struct {
	ID           SessionID
	Header       Header
	Rules        rules.Set
	Phase        Phase
	Size         int64
	Opened       time.Time
	Ended        time.Time
	Quorum       QuorumView // proven at opening; before it, as it is now
	QuorumReason string     // why it opened with too few members
	Chair        Person     // presiding at the end, or now
	Clerk        Person     // the first secretary
	Chairs       []Presided
	People       []Attended // protocol order
	Items        []AccountItem
	Votes        []AccountVote // all, oldest first, annulled too
	Notes        []Noted
	Recesses     []Span
	Opening      string
	Closing      string
	Recipients   string
	Number       string
	Corrections  []Corrected
	Tasks        []Task
	Minutes      MinutesState
}

// Presided is somebody who presided, and from when.
type Presided struct {
	Person
	From time.Time
}

// Attended is how somebody attended.
type Attended struct {
	Person
	Attendance      Attendance // at the end, or now
	WasPresent      bool
	Came            time.Time // first arrival
	Left            time.Time // last departure; zero for whoever stayed or came back
	Late            bool      // came after the opening
	AbsenceReported bool
	Reason          string
	Answered        bool
	Agreed          bool
	ForName         string // whom a substitute stands in for
}

// AccountItem is one item with all that was said, placed and decided in it.
type AccountItem struct {
	ID             ItemID
	Number         int
	Title          string
	Presenter      string
	Unit           string
	InCamera       bool
	Withheld       bool // its words are not in this log's copy
	State          ItemState
	Minutes        int       // planned
	Opened         time.Time // first opening
	Closed         time.Time // last closing
	Spent          time.Duration
	DeferredReason string
	Presented      string
	Digest         string
	Other          string
	Turns          []Turn
	Opinions       []OpinionView
	Conclusion     string
	Concluded      bool
	Papers         []PaperView // every version, superseded and withdrawn ones flagged
	Votes          []VoteID
}

// AccountVote is one vote with every ballot; those come when it is over.
type AccountVote struct {
	ID       VoteID
	Number   int
	Item     ItemID
	ItemNo   int
	Motion   string
	Hidden   bool // its words are not in this log's copy
	State    VoteState
	Opened   time.Time
	Closed   time.Time
	Quorum   QuorumView // proven when it opened
	Override string     // why it opened with too few members
	Result   rules.Result
	Sentence string
	Code     string
	Reason   string // of the annulment
	Chair    Person
	Entry    int64 // of VoteClosed
	Ballots  []AccountBallot
}

// AccountBallot is one voting member's line in a vote.
type AccountBallot struct {
	Person  Person
	Choice  rules.Choice // "" = none cast
	At      time.Time
	Code    string
	N       int
	Entered bool
	Present bool
}

// Noted is a note of the secretary.
type Noted struct {
	Seq  int64
	At   time.Time
	By   Person
	Item ItemID
	Text string
}

// Corrected is one correction and the line it sets right.
type Corrected struct {
	Seq   int64
	At    time.Time
	By    Person
	Of    Kind // of the line corrected
	OfSeq int64
	Text  string
}

// Span is a recess.
type Span struct {
	From    time.Time
	To      time.Time // zero: not over
	Minutes int       // planned; 0: not said
}

// presided is somebody who has presided since a moment.
type presided struct {
	person PersonID
	from   time.Time
}

func (q dataQuorum) view() QuorumView {
	return QuorumView{q.Present, q.Total, q.Need, q.Present >= q.Need}
}

// Account is the whole session as it stands.
func (s *Session) Account() Account {
	a := Account{
		ID: s.id, Header: s.header, Rules: s.rules, Phase: s.phase, Size: s.size, Opened: s.opened, Ended: s.ended,
		Quorum: s.quorum(), QuorumReason: s.excuse, Chair: s.personAs(s.presiding), Recesses: slices.Clone(s.recesses),
		Opening: s.blocks.Opening, Closing: s.blocks.Closing, Recipients: s.blocks.Recipients, Number: s.blocks.Number,
		Tasks: slices.Clone(s.tasks), Minutes: s.minutes.copied(),
	}
	if !s.opened.IsZero() {
		a.Quorum = s.proven.view()
	}
	for _, c := range s.chairs {
		a.Chairs = append(a.Chairs, Presided{s.personAs(c.person), c.from})
	}
	a.People = s.attended()
	for _, p := range a.People {
		if p.Role == RoleSecretary && a.Clerk.ID == "" {
			a.Clerk = p.Person
		}
	}
	for i := range s.items {
		a.Items = append(a.Items, s.accountItem(i))
	}
	for _, v := range s.votes {
		a.Votes = append(a.Votes, s.accountVote(v))
	}
	a.Notes, a.Corrections = s.noted()
	return a
}

// attended lists the people in protocol order.
func (s *Session) attended() []Attended {
	var all []Attended
	for _, p := range s.people {
		if p.removed {
			continue
		}
		a := Attended{
			Person: p.copied(), Attendance: p.attendance, WasPresent: !p.came.IsZero(), Came: p.came, Left: p.left,
			AbsenceReported: p.absent, Reason: p.reason, Answered: p.answered, Agreed: p.agreed,
			Late: !s.opened.IsZero() && p.came.After(s.opened),
		}
		if p.For != "" {
			a.ForName = s.nameOf(p.For)
		}
		all = append(all, a)
	}
	slices.SortStableFunc(all, func(a, b Attended) int {
		return protocol(a.Person) - protocol(b.Person)
	})
	return all
}

func (s *Session) accountItem(i int) AccountItem {
	it := s.items[i]
	a := AccountItem{
		ID: it.ID, Number: i + 1, Title: it.text.Title, Presenter: it.text.Presenter, Unit: it.text.Unit,
		InCamera: it.InCamera, Withheld: it.withheld, State: it.State, Minutes: it.Minutes, Opened: it.first, Closed: it.closed,
		Spent: it.spent, Presented: it.presented, Digest: it.digest, Other: it.other, Conclusion: it.conclusion, Concluded: it.concluded,
	}
	if it.State == ItemPutOff {
		a.DeferredReason = it.reason
	}
	for _, t := range s.turns {
		if t.Item == it.ID {
			a.Turns = append(a.Turns, s.turnView(t))
		}
	}
	for _, o := range it.opinions {
		a.Opinions = append(a.Opinions, OpinionView{it.ID, i + 1, o.Person, s.nameOf(o.Person), o.Text, o.Reservation, o.At})
	}
	for _, p := range it.papers {
		a.Papers = append(a.Papers, s.paperView(p, true))
	}
	for _, v := range s.votes {
		if v.Item == it.ID {
			a.Votes = append(a.Votes, v.ID)
		}
	}
	return a
}

func (s *Session) accountVote(v *vote) AccountVote {
	a := AccountVote{
		ID: v.ID, Number: v.Number, Item: v.Item, ItemNo: s.itemAt(v.Item) + 1, Motion: v.motion, Hidden: v.motion == "",
		State: v.State, Opened: v.Opened, Closed: v.Closed, Quorum: v.proven.view(), Result: v.result, Sentence: v.sentence,
		Code: v.code, Entry: v.entry, Chair: s.personAs(v.chair),
	}
	if v.override {
		a.Override = v.excuse
	}
	if v.State == VoteAnnuled {
		a.Reason = v.reason
	}
	if v.State == VoteOpen {
		return a // the direction of an open vote is nowhere
	}
	for _, p := range s.attended() {
		if !p.Votes {
			continue
		}
		b := v.ballots.of(p.ID)
		a.Ballots = append(a.Ballots, AccountBallot{Person: p.Person, Choice: b.Choice, At: b.At, Code: b.Code, N: b.N, Entered: b.Entered, Present: v.here[p.ID] || b.N > 0})
	}
	return a
}

// noted takes notes and corrections from the record.
func (s *Session) noted() (notes []Noted, corrections []Corrected) {
	for _, l := range s.record {
		switch {
		case l.Undone:
		case l.Kind == RecordNoted:
			notes = append(notes, Noted{l.Seq, l.At, s.personAs(l.By), l.Item, l.Text})
		case l.Kind == RecordCorrected:
			c := Corrected{Seq: l.Seq, At: l.At, By: s.personAs(l.By), OfSeq: l.Refers, Text: l.Text}
			if of, ok := s.line(l.Refers); ok {
				c.Of = of.Kind
			}
			corrections = append(corrections, c)
		}
	}
	return notes, corrections
}
