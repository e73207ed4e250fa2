package meeting

import "slices"

// AskFloor registers to speak on the open item. Reply answers whoever speaks now.
func (s *Session) AskFloor(a Act, topic string, reply bool) ([]Event, error) {
	if err := s.permit(a, ToSpeak); err != nil {
		return nil, err
	}
	if err := s.inSitting(); err != nil {
		return nil, err
	}
	topic, err := short(topic)
	if err != nil {
		return nil, err
	}
	it, p := s.openItem(), s.find(a.By)
	switch {
	case it == nil:
		return nil, NoItemOpen
	case !s.maySpeak(p, it):
		return nil, MayNotSpeak
	case p.attendance != Present:
		return nil, NotPresent
	case s.asking(a.By) >= 0 || s.speaks(a.By):
		return nil, AlreadyAsked
	}
	return said(FloorAsked, dataFloorAsked{a.By, it.ID, reply}, texts{Topic: topic}, it.InCamera), nil
}

// maySpeak asks the rule set, and for a guest the items they attend.
func (s *Session) maySpeak(p *participant, it *item) bool {
	switch p.Role {
	case RoleSubstitute:
		return s.rules.SubstitutesSpeak
	case RoleGuest:
		return s.rules.GuestsSpeak && attends(p, it)
	}
	return p.Role != RoleSecretary
}

// attends tells whether a person sits in on an item.
func attends(p *participant, it *item) bool {
	if p.Role != RoleGuest {
		return true
	}
	if len(p.Items) == 0 {
		return !it.InCamera
	}
	return slices.Contains(p.Items, it.ID)
}

// WithdrawAsk takes a registration back: one's own, or by whoever conducts.
func (s *Session) WithdrawAsk(a Act, who PersonID) ([]Event, error) {
	right := ToConduct
	if a.By == who {
		right = ToSpeak
	}
	if err := s.permit(a, right); err != nil {
		return nil, err
	}
	if s.asking(who) < 0 {
		return nil, NotAsking
	}
	return one(FloorWithdrawn, dataPersonRef{who}), nil
}

// GiveFloor invites somebody to speak, from the queue or not. seconds 0 means
// as the rule set says. Whoever spoke before has ended.
func (s *Session) GiveFloor(a Act, who PersonID, seconds int) ([]Event, error) {
	if err := s.permit(a, ToConduct); err != nil {
		return nil, err
	}
	if err := s.inSitting(); err != nil {
		return nil, err
	}
	it, p := s.openItem(), s.find(who)
	switch {
	case p == nil:
		return nil, NoSuchPerson
	case it == nil:
		return nil, NoItemOpen
	case s.speaks(who):
		return nil, nil
	case !s.maySpeak(p, it):
		return nil, MayNotSpeak
	case p.attendance != Present:
		return nil, NotPresent
	}
	if seconds <= 0 {
		seconds = s.rules.SpeakingSeconds
	}
	var events []Event
	if t := s.floor.speaking; t != nil {
		events = one(FloorYielded, dataPersonRef{t.Person})
	}
	d := dataFloorGiven{who, it.ID, min(seconds, 4*3600)}
	return append(events, Event{Kind: FloorGiven, Data: d}), nil
}

// Extend gives whoever speaks more seconds.
func (s *Session) Extend(a Act, seconds int) ([]Event, error) {
	if err := s.permit(a, ToConduct); err != nil {
		return nil, err
	}
	if s.floor.speaking == nil {
		return nil, NobodySpeaks
	}
	d := dataFloorExtended{s.floor.speaking.Person, min(max(seconds, 1), 3600)}
	return one(FloorExtended, d), nil
}

// Yield ends a speech: one's own, or by whoever conducts.
func (s *Session) Yield(a Act, who PersonID) ([]Event, error) {
	right := ToConduct
	if a.By == who {
		right = ToSpeak
	}
	if err := s.permit(a, right); err != nil {
		return nil, err
	}
	if !s.speaks(who) {
		return nil, NobodySpeaks
	}
	return one(FloorYielded, dataPersonRef{who}), nil
}

func (s *Session) speaks(who PersonID) bool {
	return s.floor.speaking != nil && s.floor.speaking.Person == who
}

// asking is somebody's place in the queue, from 0; -1 if they do not ask.
func (s *Session) asking(who PersonID) int {
	return slices.IndexFunc(s.floor.queue, func(q ask) bool { return q.Person == who })
}
