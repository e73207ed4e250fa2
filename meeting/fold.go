package meeting

import (
	"encoding/json"
	"slices"
	"time"
)

// folds says what each kind does to a session. A kind that is not here is not
// known to this binary.
var folds = map[Kind]func(*Session, Entry){
	SessionPrepared: (*Session).foldPrepared,
	SessionChanged:  (*Session).foldChanged,
	PersonSeated:    (*Session).foldSeated,
	PersonRemoved:   (*Session).foldRemoved,
	ItemAdded:       (*Session).foldItemAdded,
	ItemChanged:     (*Session).foldItemChanged,
	ItemMoved:       (*Session).foldItemMoved,
	ItemDeferred:    (*Session).foldItemDeferred,
	ItemRestored:    (*Session).foldItemRestored,
	PaperPlaced:     (*Session).foldPaperPlaced,
	PaperWithdrawn:  (*Session).foldPaperWithdrawn,
	AbsenceReported: (*Session).foldAbsence,
	AbsenceAnswered: (*Session).foldAbsenceAnswered,
	MarkedPresent:   (*Session).foldPresent,
	MarkedAway:      (*Session).foldAway,
	SessionOpened:   (*Session).foldOpened,
	ItemOpened:      (*Session).foldItemOpened,
	ItemClosed:      (*Session).foldItemClosed,
	ItemConcluded:   (*Session).foldConcluded,
	FloorAsked:      (*Session).foldAsked,
	FloorWithdrawn:  (*Session).foldWithdrawn,
	FloorGiven:      (*Session).foldGiven,
	FloorExtended:   (*Session).foldExtended,
	FloorYielded:    (*Session).foldYielded,
	OpinionWritten:  (*Session).foldOpinion,
	VoteOpened:      (*Session).foldVoteOpened,
	BallotCast:      (*Session).foldBallot,
	VoteClosed:      (*Session).foldVoteClosed,
	VoteAnnulled:    (*Session).foldVoteAnnulled,
	ChairHandedOver: (*Session).foldChair,
	RecessBegan:     (*Session).foldRecess,
	RecessEnded:     (*Session).foldResumed,
	RecordNoted:     (*Session).foldNoted,
	RecordCorrected: (*Session).foldCorrected,
	Undone:          (*Session).foldUndone,
	SessionClosed:   (*Session).foldClosed,
	RecordSealed:    (*Session).foldSealed,

	PaperChanged:     (*Session).foldPaperChanged,
	PaperMoved:       (*Session).foldPaperMoved,
	PagesDrawn:       (*Session).foldPagesDrawn,
	PaperOpened:      (*Session).foldPaperOpened,
	MinutesWritten:   (*Session).foldWritten,
	WordsConfirmed:   (*Session).foldWordsConfirmed,
	WordsProposed:    (*Session).foldWordsProposed,
	MinutesLocked:    (*Session).foldLocked,
	MinutesUnlocked:  (*Session).foldUnlocked,
	MinutesFiled:     (*Session).foldFiled,
	MinutesConfirmed: (*Session).foldMinutesConfirmed,
	FileReturned:     (*Session).foldReturned,
	TaskChanged:      (*Session).foldTask,

	EpochBegan:   func(*Session, Entry) {},
	DetailErased: func(*Session, Entry) {},
}

// steps are the kinds that move the session on: after one of them a chair's
// form drawn before it is stale.
var steps = map[Kind]bool{
	SessionOpened: true, ItemOpened: true, ItemClosed: true, VoteOpened: true, VoteClosed: true, VoteAnnulled: true,
	ChairHandedOver: true, RecessBegan: true, RecessEnded: true, Undone: true, SessionClosed: true, RecordSealed: true,
}

// Apply folds one recorded entry. It never fails: an entry is history, whatever
// we think of it, and a missing body leaves its words out. It reports whether
// the kind is known; a room whose log holds an unknown kind opens read-only.
func (s *Session) Apply(e Entry) (known bool) {
	fold, known := folds[e.Kind]
	s.size = e.Seq + 1
	if !known {
		return false
	}
	if e.Kind == BallotCast {
		d := data[dataBallot](e)
		e.ballot = &d
	}
	s.remember(e)
	if !ownTap(e) && e.Kind != PaperOpened {
		s.countAct(e.By)
	}
	fold(s, e)
	if steps[e.Kind] {
		s.stage++
	}
	return true
}

// ownTap tells a member's own ballot from one entered for them: taps are
// numbered by n, so only the latter counts as an act of its author.
func ownTap(e Entry) bool { return e.ballot != nil && e.ballot.Member == e.By }

func (s *Session) countAct(who PersonID) {
	if _, ok := s.byID[who]; ok {
		s.editPerson(who).acts++
	}
}

// data reads an entry's data; fields it lacks stay empty.
func data[T any](e Entry) (d T) {
	_ = json.Unmarshal(e.Data, &d)
	return d
}

// words reads an entry's detail; withheld says that there is one, elsewhere.
func words(e Entry) (t texts, withheld bool) {
	if e.Detail == "" {
		return t, false
	}
	if e.Body == nil || json.Unmarshal(e.Body, &t) != nil {
		return t, true
	}
	return t, false
}

func (s *Session) foldPrepared(e Entry) {
	d := data[dataSessionPrepared](e)
	s.id, s.header, s.rules, s.from, s.phase = d.ID, d.Header, d.Rules, d.From, Preparing
}

func (s *Session) foldChanged(e Entry) {
	d := data[dataSessionChanged](e)
	s.header, s.rules = d.Header, d.Rules
}

func (s *Session) foldSeated(e Entry) {
	s.roll = e.Seq + 1
	d := data[Person](e)
	if d.Items != nil {
		d.Items = slices.Clip(d.Items)
	}
	if _, ok := s.byID[d.ID]; ok {
		p := s.editPerson(d.ID)
		p.Person, p.removed = d, false
	} else {
		s.addPerson(d)
	}
	switch {
	case d.Role == RoleChair && s.phase == Preparing:
		s.presiding = d.ID
	case s.presiding == d.ID && !d.Votes:
		s.presiding = ""
	}
	if s.phase != Preparing {
		s.tell(e, Line{Person: d.ID})
	}
}

func (s *Session) foldRemoved(e Entry) {
	s.roll = e.Seq + 1
	d := data[dataPersonRemoved](e)
	p := s.editPerson(d.Person)
	if p == nil {
		return
	}
	if s.phase != Preparing {
		s.tell(e, Line{Person: d.Person})
	}
	p.removed = true
	if s.presiding == d.Person {
		s.presiding = ""
	}
	s.leaveFloor(d.Person, e.At)
}

func (s *Session) foldItemAdded(e Entry) {
	d := data[dataItem](e)
	it := &item{ID: d.Item, Minutes: d.Minutes, InCamera: d.InCamera, State: ItemPending}
	it.text, it.withheld = itemText(d, e)
	items := append(s.editItems(), it)
	s.items = items
	s.own.item = mark(s.own.item, d.Item)
	s.moveItem(d.Item, d.Before)
	if s.phase != Preparing {
		s.tell(e, Line{Item: d.Item})
	}
}

func itemText(d dataItem, e Entry) (textItem, bool) {
	if d.Text != nil {
		return *d.Text, false
	}
	t, withheld := words(e)
	if t.Item == nil {
		return textItem{}, withheld
	}
	return *t.Item, withheld
}

func (s *Session) foldItemChanged(e Entry) {
	d := data[dataItem](e)
	it := s.editItem(d.Item)
	if it == nil {
		return
	}
	it.text, it.withheld = itemText(d, e)
	it.Minutes, it.InCamera = d.Minutes, d.InCamera
	if s.phase != Preparing {
		s.tell(e, Line{Item: d.Item})
	}
}

func (s *Session) foldItemMoved(e Entry) {
	d := data[dataItemMoved](e)
	s.moveItem(d.Item, d.Before)
	if s.phase != Preparing {
		s.tell(e, Line{Item: d.Item})
	}
}

func (s *Session) moveItem(id, before ItemID) {
	at := s.itemAt(id)
	if at < 0 || before == "" && at == len(s.items)-1 {
		return
	}
	items := s.editItems()
	it := items[at]
	items = slices.Delete(items, at, at+1)
	to := len(items)
	if i := slices.IndexFunc(items, func(o *item) bool { return o.ID == before }); before != "" && i >= 0 {
		to = i
	}
	s.items = slices.Insert(items, to, it)
}

func (s *Session) foldItemDeferred(e Entry) {
	d := data[dataItemRef](e)
	if it := s.editItem(d.Item); it != nil {
		t, _ := words(e)
		it.State, it.reason = ItemPutOff, t.Reason
		s.tell(e, Line{Item: d.Item, Text: t.Reason})
	}
}

func (s *Session) foldItemRestored(e Entry) {
	d := data[dataItemRef](e)
	if it := s.editItem(d.Item); it != nil {
		it.State, it.reason = ItemPending, ""
		s.tell(e, Line{Item: d.Item})
	}
}

func (s *Session) foldAbsence(e Entry) {
	d := data[dataPersonRef](e)
	if p := s.editPerson(d.Person); p != nil {
		t, _ := words(e)
		p.absent, p.reason, p.answered, p.agreed = true, t.Reason, false, false
		s.tell(e, Line{Person: d.Person, Text: t.Reason})
	}
}

func (s *Session) foldAbsenceAnswered(e Entry) {
	d := data[dataAbsenceAnswered](e)
	if p := s.editPerson(d.Person); p != nil {
		p.answered, p.agreed = true, d.Agreed
		s.tell(e, Line{Person: d.Person, Agreed: d.Agreed})
	}
}

func (s *Session) foldPresent(e Entry) {
	d := data[dataPersonRef](e)
	if p := s.editPerson(d.Person); p != nil {
		p.attendance, p.since, p.left = Present, e.At, time.Time{}
		if p.came.IsZero() {
			p.came = e.At
		}
		q := s.quorum()
		s.tell(e, Line{Person: d.Person, Count: q.Present, Total: q.Total})
	}
}

func (s *Session) foldAway(e Entry) {
	d := data[dataPersonRef](e)
	if p := s.editPerson(d.Person); p != nil {
		switch {
		case s.phase == Preparing: // a wrong mark set right: nobody was here yet
			p.came, p.left = time.Time{}, time.Time{}
		case p.attendance == Present:
			p.left = e.At
		}
		p.attendance, p.since = Away, e.At
		s.leaveFloor(d.Person, e.At)
		t, _ := words(e)
		q := s.quorum()
		s.tell(e, Line{Person: d.Person, Text: t.Reason, Count: q.Present, Total: q.Total})
	}
}

func (s *Session) foldOpened(e Entry) {
	d := data[dataQuorum](e)
	t, _ := words(e)
	s.phase, s.opened, s.proven, s.excuse = Sitting, e.At, d, t.Reason
	s.chairs = append(slices.Clip(s.chairs), presided{s.presiding, e.At})
	s.tell(e, Line{Person: s.presiding, Count: d.Present, Total: d.Total, Override: d.Override, Text: t.Reason})
}

func (s *Session) foldItemOpened(e Entry) {
	d := data[dataItemRef](e)
	if it := s.editItem(d.Item); it != nil {
		it.State, it.Opened = ItemOpen, e.At
		if it.first.IsZero() {
			it.first = e.At
		}
		s.tell(e, Line{Item: d.Item})
	}
}

func (s *Session) foldItemClosed(e Entry) {
	d := data[dataItemRef](e)
	it := s.editItem(d.Item)
	if it == nil {
		return
	}
	if it.State == ItemOpen {
		it.spent += max(e.At.Sub(it.Opened), 0)
	}
	it.State, it.closed = ItemDone, e.At
	s.endTurn(e.At)
	s.floor = floor{}
	s.tell(e, Line{Item: d.Item, Count: int(it.spent / time.Second)})
}

func (s *Session) foldConcluded(e Entry) {
	d := data[dataItemRef](e)
	if it := s.editItem(d.Item); it != nil {
		t, _ := words(e)
		again := it.concluded
		it.conclusion, it.concluded = t.Text, true
		s.tell(e, Line{Item: d.Item, Text: t.Text, Override: again})
	}
}

func (s *Session) foldOpinion(e Entry) {
	d := data[dataOpinion](e)
	it := s.editItem(d.Item)
	if it == nil {
		return
	}
	t, _ := words(e)
	it.opinions = slices.DeleteFunc(it.opinions, func(o opinion) bool { return o.Person == d.Person })
	it.opinions = append(it.opinions, opinion{d.Person, t.Text, d.Reservation, e.At, e.Seq})
	s.tell(e, Line{Person: d.Person, Item: d.Item, Text: t.Text, Override: d.Reservation})
}
