package templates

import (
	"strings"
	"time"

	"phonghop/meeting"
)

// The pages of a member's tablet. A stream brings a page only the panels it holds,
// so it says which page it is.
const (
	PageHome   = "home"
	PageRecord = "record"
	pageReader = "reader"
	pageSearch = "search"
	pageItem   = "item/" // and the item's id
)

func pageOfItem(id meeting.ItemID) string { return pageItem + string(id) }

// MemberHolds tells whether a page of a member's holds a panel. What every page
// holds, and what a page nobody knows may hold, is sent.
func MemberHolds(page, panel string) bool {
	switch panel {
	case "result", "own-choice", "main", "own-papers", "mine", "floor", "actions":
		return page == PageHome
	case "own-record":
		return page == PageRecord
	case "step":
		return page == pageReader
	}
	for _, part := range []string{"newer-", "changes-", "recalled-"} {
		if strings.HasPrefix(panel, part) {
			return page == pageReader
		}
	}
	for _, part := range []string{"item-", "own-papers-", "opinions-"} {
		if id, ok := strings.CutPrefix(panel, part); ok {
			return page == pageItem+id
		}
	}
	return true
}

// MemberOwn are the parts of one person on one of the pages, but for their ballot
// beside a result (OwnChoice): their sheet and receipt, their turn to speak, their
// keys, and what they wrote.
func MemberOwn(p Page, v meeting.View, m meeting.Mine, page string) []Panel {
	told := sheetOfMine(&p, &v, &m).told()
	panels := []Panel{
		{ID: "sheet", Body: memberSheet(p, v, m), Again: told},
		{ID: "receipt", Body: memberReceipt(p, v, m), Again: told},
		{ID: "turn", Body: memberTurn(p, v, m)},
	}
	switch page {
	case PageHome:
		return append(panels,
			Panel{ID: "mine", Body: memberMine(p, v, m)},
			Panel{ID: "own-papers", Body: homePapers(p, v, m)},
			Panel{ID: "actions", Body: memberActions(p, v, m)})
	case pageReader:
		panels = append(panels, Panel{ID: "step", Body: readerStep(p, v, m)})
		for _, it := range v.Agenda {
			panels = append(panels, newVersions(p, ownPapersOf(m, it.ID))...)
		}
	case PageRecord:
		return append(panels, Panel{ID: "own-record", Body: ownRecord(p, v, m)})
	}
	return append(panels, ownOnItem(p, m, v, page)...)
}

// OwnChoice is the reader's ballot beside the result that stands. Nearly everybody
// has another, so it is kept apart from what a thousand tablets share.
func OwnChoice(p Page, v meeting.View, m meeting.Mine) Panel {
	return Panel{ID: "own-choice", Body: ownChoice(p, v, m), Again: ChoiceOf(&p, &v, &m)}
}

// ownOnItem is what one person has on the page of an item.
func ownOnItem(p Page, m meeting.Mine, v meeting.View, page string) []Panel {
	id, _ := strings.CutPrefix(page, pageItem)
	it, ok := itemByID(v, meeting.ItemID(id))
	if !ok {
		return nil
	}
	panels := []Panel{{ID: "own-papers-" + id, Body: ownPapers(p, m, it.ID)}}
	if len(opinionsOn(m, it.ID)) > 0 {
		panels = append(panels, Panel{ID: "opinions-" + id, Body: itemOpinions(p, it, m)})
	}
	return panels
}

// MemberState is all that MemberOwn is drawn from, in one language and for one
// audience: those of whom it is the same are sent one and the same drawing, so
// that a vote which opens before a thousand members is drawn once
// (TestEqualStatesAreDrawnAlike).
type MemberState struct {
	page   string
	sheet  ownSheet
	turn   ownTurn
	middle ownMiddle
	step   ownStep
	alone  meeting.PersonID // whose it is, where something of one person alone is drawn
}

// Told is the state without what a receipt on the line tells by itself: while it
// stays the same, nothing of the person's is sent again.
func (s MemberState) Told() MemberState {
	s.sheet = s.sheet.told()
	return s
}

// Shared tells whether others may have the same drawing.
func (s MemberState) Shared() bool { return s.alone == "" }

// MemberStateOf reads it off a member's view.
func MemberStateOf(p *Page, v *meeting.View, m *meeting.Mine, page string) MemberState {
	s := MemberState{page: page, sheet: sheetOfMine(p, v, m), turn: turnOfMine(p, v, m), step: stepOfMine(v, m)}
	s.middle = ownMiddle{min(len(m.Turns), 1), openWords(*m)}
	if drawnAlone(v, m, page) {
		s.alone = m.Person.ID
	}
	return s
}

// drawnAlone tells whether a page shows what only one person has: papers named for
// them, their opinions, their place at a small table, their record.
func drawnAlone(v *meeting.View, m *meeting.Mine, page string) bool {
	switch {
	case len(m.Papers) > 0:
		return true
	case page == PageHome:
		return over(*v) || v.Phase == meeting.Preparing && m.Person.Seat != "" && atTheTable(*v) <= MostSeats
	}
	return page == PageRecord || strings.HasPrefix(page, pageItem) && len(m.Opinions) > 0
}

// ownSheet decides the sheet of an open vote and the receipt under it.
type ownSheet struct {
	open           bool
	vote           meeting.VoteID
	number, itemNo int
	motion         string
	seconds        int
	opened         int64
	change         bool // ballots may be changed until the vote is closed
	you            string
	n              int
	ballot         meeting.Ballot
}

func sheetOfMine(p *Page, v *meeting.View, m *meeting.Mine) ownSheet {
	if !sheetOpen(*v, *m) {
		return ownSheet{}
	}
	s := ownSheet{
		open: true, vote: v.Vote.ID, number: v.Vote.Number, itemNo: v.Vote.ItemNo, motion: motionOf(*p, *v.Vote), seconds: v.Vote.Seconds,
		opened: v.Vote.Opened.UnixMilli(), change: v.Rules.ChangeUntilClose, you: you(*p, m.Person.Person), n: m.NextN,
	}
	if m.Ballot != nil {
		s.ballot = *m.Ballot
	}
	return s
}

// told is the sheet without what a receipt tells by itself. A ballot that the
// secretary entered, or that may not be changed any more, draws the sheet anew.
func (s ownSheet) told() ownSheet {
	if ToldByReceipt(s.change, s.ballot) {
		s.n, s.ballot = 0, meeting.Ballot{}
	}
	return s
}

// ToldByReceipt tells whether a tablet's script can bring the sheet up to date
// from the receipt of a ballot, as after the press itself.
func ToldByReceipt(change bool, b meeting.Ballot) bool { return change && !b.Entered }

type ownTurn struct {
	speaks, next, silent, unmarked bool
	since                          time.Time
	allowed                        time.Duration
	speaker, you, why              string
}

func turnOfMine(p *Page, v *meeting.View, m *meeting.Mine) ownTurn {
	t := ownTurn{you: youFirst(*p, m.Person.Person)}
	if f := v.Floor.Speaking; f != nil && (m.Speaks || m.Next) {
		t.speaks, t.next, t.since, t.allowed, t.speaker = m.Speaks, m.Next, f.Since, f.Allowed, nameOf(f.Person.Person)
	}
	switch {
	case v.Vote != nil && !sheetOpen(*v, *m):
		t.silent, t.why = true, noVoice(*p, *m)
	case v.Phase == meeting.Sitting && !isHere(m.Person):
		t.unmarked = true
	}
	return t
}

// Choice is what OwnChoice is drawn from.
type Choice struct {
	vote   meeting.VoteID
	you    string
	cast   bool
	ballot meeting.Ballot
}

// ChoiceOf reads it off a member's view.
func ChoiceOf(p *Page, v *meeting.View, m *meeting.Mine) Choice {
	last, ok := lastResult(*v)
	if !ok || !m.Person.Votes {
		return Choice{}
	}
	c := Choice{vote: last.ID, you: you(*p, m.Person.Person)}
	if b := ballotIn(*m, last.ID); b != nil {
		c.cast, c.ballot = true, *b
	}
	return c
}

type ownMiddle struct{ turns, open int }

type ownStep struct {
	step   string
	coming meeting.ItemID
	opines bool
	acts   int
	asks   int
	marked time.Time
}

func stepOfMine(v *meeting.View, m *meeting.Mine) ownStep {
	s := ownStep{step: stepOf(*v, *m), opines: mayOpine(m.Person.Person), acts: m.Acts}
	if it, ok := comingItem(*v); ok {
		s.coming = it.ID
	}
	if s.step == stepWithdraw {
		s.asks = m.Asks
	}
	if v.Phase == meeting.Preparing && isHere(m.Person) {
		s.marked = m.Person.Since
	}
	return s
}

// motionAbove decides when the line over the running count is sent again.
func motionAbove(p Page, v meeting.View) any {
	if v.Vote == nil {
		return ownSheet{}
	}
	return ownSheet{open: true, vote: v.Vote.ID, number: v.Vote.Number, motion: motionOf(p, *v.Vote)}
}
