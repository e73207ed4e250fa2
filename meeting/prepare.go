package meeting

import (
	"reflect"
	"slices"

	"phonghop/rules"
)

// Prepare begins a new session with its first secretary: the entries a new log
// starts with.
func Prepare(a Act, id SessionID, h Header, set rules.Set, from SessionID, clerk Person) ([]Event, error) {
	h, err := h.check()
	if err != nil {
		return nil, err
	}
	if set.Check() != nil {
		return nil, BadRules
	}
	clerk.Role, clerk.Votes = RoleSecretary, false
	if clerk, err = clerk.check(); err != nil {
		return nil, err
	}
	return []Event{
		{Kind: SessionPrepared, Data: dataSessionPrepared{ID: id, Header: h, Rules: set, From: from}},
		{Kind: PersonSeated, Data: clerk},
	}, nil
}

// CopyTo begins a new session with the people, seats and rule set of this one,
// and, where asked, its agenda without papers, texts or votes.
func (s *Session) CopyTo(a Act, id SessionID, h Header, set rules.Set, agenda bool, newItem func() ItemID) ([]Event, error) {
	clerk := s.find(a.By)
	if clerk == nil || clerk.Role != RoleSecretary {
		return nil, NotAllowed
	}
	events, err := Prepare(a, id, h, set, s.id, clerk.Person)
	if err != nil {
		return nil, err
	}
	for _, p := range s.people {
		if !p.removed && p.ID != a.By {
			person := p.Person
			person.Items = nil
			events = append(events, Event{Kind: PersonSeated, Data: person})
		}
	}
	if agenda {
		for _, it := range s.items {
			d := dataItem{Item: newItem(), Minutes: it.Minutes, InCamera: it.InCamera}
			events = append(events, itemEvent(ItemAdded, d, it.text))
		}
	}
	return events, nil
}

// check cleans a header and refuses one without number, body or time.
func (h Header) check() (Header, error) {
	var err error
	for _, text := range []*string{&h.Term, &h.Kind, &h.Body, &h.Title, &h.Place} {
		if *text, err = short(*text); err != nil {
			return h, err
		}
	}
	if h.Number < 1 || h.Number > 9999 || h.Body == "" || h.Starts.IsZero() ||
		!slices.Contains([]string{"regular", "thematic", "urgent"}, h.Kind) || min(h.Rows, h.Cols) < 0 || max(h.Rows, h.Cols) > 60 {
		return h, BadHeader
	}
	h.Starts = h.Starts.UTC()
	return h, nil
}

// check cleans a person and refuses one without a name or with an unknown role.
func (p Person) check() (Person, error) {
	var err error
	for _, text := range []*string{&p.Salutation, &p.Name, &p.PartyTitle, &p.Title, &p.Unit, &p.Seat} {
		if *text, err = short(*text); err != nil {
			return p, err
		}
	}
	if p.Name == "" || p.ID == "" {
		return p, Missing
	}
	switch p.Role {
	case RoleChair, RoleMember:
	case RoleSecretary, RoleSubstitute, RoleGuest:
		p.Votes = false
	default:
		return p, NoSuchPerson
	}
	if p.Role != RoleSubstitute {
		p.For = ""
	}
	if p.Role != RoleGuest {
		p.Items = nil
	}
	return p, nil
}

// preparing is permit for what the secretary may change until the sitting ends.
func (s *Session) preparing(a Act) error { return s.permit(a, ToPrepare) }

// Change sets the header and the rule set; both are frozen at opening.
func (s *Session) Change(a Act, h Header, set rules.Set) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	if s.phase != Preparing {
		return nil, NotPreparing
	}
	h, err := h.check()
	if err != nil {
		return nil, err
	}
	if set.Check() != nil {
		return nil, BadRules
	}
	return one(SessionChanged, dataSessionChanged{h, set}), nil
}

// Seat adds a person, or changes one: the whole person, one entry.
func (s *Session) Seat(a Act, p Person) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	p, err := p.check()
	if err != nil {
		return nil, err
	}
	if err := s.fits(p); err != nil {
		return nil, err
	}
	return one(PersonSeated, p), nil
}

// SeatAll adds or changes many people at once, as a list from a file or a new
// plan of the seats brings them: all of them or none. Those who stay as they
// are make no entry.
func (s *Session) SeatAll(a Act, people []Person) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	plan := s.plan()
	var events []Event
	for _, p := range people {
		p, err := p.check()
		if err != nil {
			return nil, err
		}
		if old := s.find(p.ID); old == nil || !reflect.DeepEqual(old.copied(), p) {
			events = append(events, Event{Kind: PersonSeated, Data: p})
		}
		plan[p.ID] = p
	}
	if len(plan) > MaxPeople {
		return nil, &Counted{TooMany, MaxPeople}
	}
	if len(events) > 0 && s.running() != nil {
		return nil, VoteRunning
	}
	return events, plan.clashes()
}

// plan is who sits where, to be looked at as a whole before anything is recorded.
type plan map[PersonID]Person

func (s *Session) plan() plan {
	p := plan{}
	for _, q := range s.people {
		if !q.removed {
			p[q.ID] = q.Person
		}
	}
	return p
}

func (p plan) clashes() error {
	seats, chairs, secretaries := map[string]bool{}, 0, 0
	for _, q := range p {
		switch {
		case q.Seat != "" && seats[q.Seat]:
			return SeatTaken
		case q.Role == RoleChair:
			chairs++
		case q.Role == RoleSecretary:
			secretaries++
		}
		seats[q.Seat] = true
	}
	switch {
	case chairs > 1:
		return SecondChair
	case secretaries == 0:
		return LastSecretary
	}
	return nil
}

// fits refuses a person who clashes with those already seated.
func (s *Session) fits(p Person) error {
	old := s.find(p.ID)
	if old == nil && len(s.people) >= MaxPeople {
		return &Counted{TooMany, MaxPeople}
	}
	if s.running() != nil && (old == nil && p.Votes || old != nil && (old.Votes != p.Votes || old.Role != p.Role)) {
		return VoteRunning
	}
	if old != nil && old.Role == RoleSecretary && p.Role != RoleSecretary && s.secretaries() == 1 {
		return LastSecretary
	}
	for _, q := range s.people {
		switch {
		case q.removed || q.ID == p.ID:
		case p.Seat != "" && q.Seat == p.Seat:
			return SeatTaken
		case p.Role == RoleChair && q.Role == RoleChair:
			return SecondChair
		}
	}
	return nil
}

func (s *Session) secretaries() (n int) {
	for _, p := range s.people {
		if p.Role == RoleSecretary && !p.removed {
			n++
		}
	}
	return n
}

// Unseat takes a person off the list, as long as they have taken no part.
func (s *Session) Unseat(a Act, who PersonID) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	p := s.find(who)
	switch {
	case p == nil:
		return nil, NoSuchPerson
	case p.Role == RoleSecretary && s.secretaries() == 1:
		return nil, LastSecretary
	case who == s.presiding && s.phase != Preparing, p.votesCast > 0 || s.phase != Preparing && p.acts > 0:
		return nil, PersonActs
	case p.Votes && s.running() != nil:
		return nil, VoteRunning
	}
	return one(PersonRemoved, dataPersonRemoved{who}), nil
}

// NewItem is an item as the secretary types it. Before is the item it goes in
// front of; "" = last.
type NewItem struct {
	Title, Presenter, Unit string
	Minutes                int
	InCamera               bool
	Before                 ItemID
}

func (n NewItem) check() (NewItem, error) {
	var err error
	if n.Title, err = needed(n.Title, Missing); err != nil {
		return n, err
	}
	if n.Presenter, err = short(n.Presenter); err != nil {
		return n, err
	}
	if n.Unit, err = short(n.Unit); err != nil {
		return n, err
	}
	n.Minutes = min(max(n.Minutes, 0), 24*60)
	return n, nil
}

// itemEvent puts an item's text into the data, or, in camera, into the detail.
func itemEvent(k Kind, d dataItem, text textItem) Event {
	if !d.InCamera {
		d.Text = &text
		return Event{Kind: k, Data: d}
	}
	return Event{Kind: k, Data: d, Detail: texts{Item: &text}, Hold: true}
}

// AddItem puts an item on the agenda, also during the session.
func (s *Session) AddItem(a Act, id ItemID, n NewItem) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	n, err := n.check()
	if err != nil {
		return nil, err
	}
	switch {
	case s.item(id) != nil:
		return nil, nil // an id is used once
	case len(s.items) >= MaxItems:
		return nil, &Counted{TooMany, MaxItems}
	}
	d := dataItem{Item: id, Minutes: n.Minutes, InCamera: n.InCamera, Before: n.Before}
	return []Event{itemEvent(ItemAdded, d, textItem{n.Title, n.Presenter, n.Unit})}, nil
}

// ChangeItem changes an item's words, minutes or privacy. An item marked
// in-camera late keeps what was entered before it known.
func (s *Session) ChangeItem(a Act, id ItemID, n NewItem) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	n, err := n.check()
	if err != nil {
		return nil, err
	}
	if s.item(id) == nil {
		return nil, NoSuchItem
	}
	d := dataItem{Item: id, Minutes: n.Minutes, InCamera: n.InCamera}
	return []Event{itemEvent(ItemChanged, d, textItem{n.Title, n.Presenter, n.Unit})}, nil
}

// MoveItem puts an item in front of another ("" = last).
func (s *Session) MoveItem(a Act, id, before ItemID) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	it := s.item(id)
	switch {
	case it == nil || before != "" && s.item(before) == nil:
		return nil, NoSuchItem
	case id == before:
		return nil, nil
	case it.State == ItemOpen:
		return nil, ItemBegun
	}
	return one(ItemMoved, dataItemMoved{id, before}), nil
}

// Defer puts an item off, with a reason; Restore brings it back.
func (s *Session) Defer(a Act, id ItemID, reason string) ([]Event, error) {
	if err := s.permit(a, ToConduct); err != nil {
		return nil, err
	}
	reason, err := needed(reason, MissingReason)
	if err != nil {
		return nil, err
	}
	it := s.item(id)
	switch {
	case it == nil:
		return nil, NoSuchItem
	case it.State == ItemPutOff:
		return nil, nil
	case it.State != ItemPending:
		return nil, ItemBegun
	}
	return said(ItemDeferred, dataItemRef{id}, texts{Reason: reason}, it.InCamera), nil
}

// Restore brings a deferred item back onto the agenda.
func (s *Session) Restore(a Act, id ItemID) ([]Event, error) {
	if err := s.permit(a, ToConduct); err != nil {
		return nil, err
	}
	it := s.item(id)
	switch {
	case it == nil:
		return nil, NoSuchItem
	case it.State != ItemPutOff:
		return nil, nil
	}
	return one(ItemRestored, dataItemRef{id}), nil
}
