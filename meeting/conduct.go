package meeting

import "time"

// Open begins the sitting. Too few members block it, unless a reason is given.
// Whoever presides and opens it is here: that needs no other mark.
func (s *Session) Open(a Act, override string) ([]Event, error) {
	if err := s.step(a); err != nil {
		return nil, err
	}
	switch {
	case s.phase != Preparing:
		return nil, NotPreparing
	case s.presiding == "":
		return nil, NoChair
	case len(s.items) == 0:
		return nil, NoItems
	case s.quorum().Total == 0:
		return nil, NoMembers
	}
	var events []Event
	if p := s.find(a.By); a.By == s.presiding && p.attendance != Present {
		events = one(MarkedPresent, dataPersonRef{a.By})
		s = s.Fork()
		s.editPerson(a.By).attendance = Present
	}
	d, t, err := s.quorate(override)
	if err != nil {
		return nil, err
	}
	return append(events, said(SessionOpened, d, t, false)...), nil
}

// OpenItem turns to an item. The one that is open is closed first; an item that
// is done may be returned to.
func (s *Session) OpenItem(a Act, id ItemID) ([]Event, error) {
	if err := s.sitting(a); err != nil {
		return nil, err
	}
	it := s.item(id)
	switch {
	case it == nil:
		return nil, NoSuchItem
	case it.State == ItemOpen:
		return nil, nil
	case it.State == ItemPutOff:
		return nil, ItemOver
	case s.running() != nil:
		return nil, VoteRunning
	}
	var events []Event
	if open := s.openItem(); open != nil {
		events = one(ItemClosed, dataItemRef{open.ID})
	}
	return append(events, Event{Kind: ItemOpened, Data: dataItemRef{id}}), nil
}

// CloseItem ends the item; whoever speaks or waits in it is let go.
func (s *Session) CloseItem(a Act, id ItemID) ([]Event, error) {
	if err := s.sitting(a); err != nil {
		return nil, err
	}
	it := s.item(id)
	switch {
	case it == nil:
		return nil, NoSuchItem
	case it.State != ItemOpen:
		return nil, nil
	case s.running() != nil:
		return nil, VoteRunning
	}
	return one(ItemClosed, dataItemRef{id}), nil
}

// Conclude records the conclusion of an item, or a new wording of it.
func (s *Session) Conclude(a Act, id ItemID, text string) ([]Event, error) {
	if err := s.wording(a); err != nil {
		return nil, err
	}
	it := s.item(id)
	if it == nil {
		return nil, NoSuchItem
	}
	text, err := long(text)
	switch {
	case err != nil:
		return nil, err
	case text == "":
		return nil, Missing
	case it.State == ItemPending || it.State == ItemPutOff:
		return nil, NoItemOpen
	case it.conclusion == text:
		return nil, nil
	}
	return said(ItemConcluded, dataItemRef{id}, texts{Text: text}, it.InCamera), nil
}

// HandOver gives the chair to another voting member; a tie then follows them.
func (s *Session) HandOver(a Act, to PersonID) ([]Event, error) {
	if err := s.step(a); err != nil {
		return nil, err
	}
	p := s.find(to)
	switch {
	case p == nil:
		return nil, NoSuchPerson
	case !p.Votes:
		return nil, MustBeMember
	case s.running() != nil:
		return nil, VoteRunning
	case to == s.presiding:
		return nil, nil
	case s.phase != Preparing && p.attendance != Present:
		return nil, NotPresent
	}
	return one(ChairHandedOver, dataChairHandedOver{to}), nil
}

// BeginRecess pauses the sitting for so many minutes (0: not said).
func (s *Session) BeginRecess(a Act, minutes int) ([]Event, error) {
	if err := s.sitting(a); err != nil {
		return nil, err
	}
	if s.running() != nil {
		return nil, VoteRunning
	}
	return one(RecessBegan, dataRecess{min(max(minutes, 0), 24*60)}), nil
}

// EndRecess goes on.
func (s *Session) EndRecess(a Act) ([]Event, error) {
	if err := s.step(a); err != nil {
		return nil, err
	}
	if s.phase != Recess {
		return nil, NotInRecess
	}
	return one(RecessEnded, struct{}{}), nil
}

// Close ends the sitting: an item still open is closed, and nothing of the
// sitting is accepted any more.
func (s *Session) Close(a Act) ([]Event, error) {
	if err := s.step(a); err != nil {
		return nil, err
	}
	switch {
	case s.phase != Sitting && s.phase != Recess:
		return nil, NotSitting
	case s.running() != nil:
		return nil, VoteRunning
	}
	var events []Event
	if open := s.openItem(); open != nil {
		events = one(ItemClosed, dataItemRef{open.ID})
	}
	return append(events, Event{Kind: SessionClosed, Data: struct{}{}}), nil
}

// SealRecord ends the log itself, long after the sitting: by the secretary, or by
// the box 30 days after the last lock (FORMAT.md).
func (s *Session) SealRecord(a Act) ([]Event, error) {
	due := a.By == "" && s.SealDue(a.At) // the box, by itself
	switch {
	case s.phase == Sealed:
		return nil, nil
	case s.phase != Closed:
		return nil, NotSitting
	case !due && !s.May(a.By, ToPrepare):
		return nil, NotAllowed
	}
	return one(RecordSealed, struct{}{}), nil
}

// SealDue tells whether the record is to be sealed by the box itself now.
func (s *Session) SealDue(now time.Time) bool {
	return s.phase == Closed && s.minutes.Locked && now.Sub(s.minutes.LockedAt) >= sealAfter
}

// recording is permit for words of the record: from opening to closing.
func (s *Session) recording(a Act) error {
	if err := s.permit(a, ToRecord); err != nil {
		return err
	}
	if s.phase != Sitting && s.phase != Recess {
		return NotSitting
	}
	return nil
}

// Note writes down what happened, in the secretary's words.
func (s *Session) Note(a Act, id ItemID, text string) ([]Event, error) {
	if err := s.recording(a); err != nil {
		return nil, err
	}
	it := s.item(id)
	if id != "" && it == nil {
		return nil, NoSuchItem
	}
	text, err := long(text)
	switch {
	case err != nil:
		return nil, err
	case text == "":
		return nil, Missing
	}
	return said(RecordNoted, dataNote{id}, texts{Text: text}, it != nil && it.InCamera), nil
}

// Correct sets a wrong entry right in the open: the entry stays, the correction
// stands beside it.
func (s *Session) Correct(a Act, seq int64, text string) ([]Event, error) {
	if err := s.wording(a); err != nil {
		return nil, err
	}
	line, ok := s.line(seq)
	if !ok {
		return nil, NoSuchEntry
	}
	text, err := long(text)
	switch {
	case err != nil:
		return nil, err
	case text == "":
		return nil, Missing
	}
	it := s.item(line.Item)
	return said(RecordCorrected, dataSeq{seq}, texts{Text: text}, it != nil && it.InCamera), nil
}

// WriteOpinion is a member's written opinion on an item, before or during the
// session; a later one replaces it.
func (s *Session) WriteOpinion(a Act, id ItemID, text string, reservation bool) ([]Event, error) {
	if err := s.permit(a, ToOpine); err != nil {
		return nil, err
	}
	it := s.item(id)
	if it == nil {
		return nil, NoSuchItem
	}
	text, err := long(text)
	switch {
	case err != nil:
		return nil, err
	case text == "":
		return nil, Missing
	}
	for _, o := range it.opinions {
		if o.Person == a.By && o.Text == text && o.Reservation == reservation {
			return nil, nil
		}
	}
	return said(OpinionWritten, dataOpinion{a.By, id, reservation}, texts{Text: text}, it.InCamera), nil
}
