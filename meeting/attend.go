package meeting

// ReportAbsence says that somebody will not come, and why. The chair answers it.
func (s *Session) ReportAbsence(a Act, who PersonID, reason string) ([]Event, error) {
	right := ToPrepare
	if a.By == who {
		right = ToAttend
	}
	if err := s.permit(a, right); err != nil {
		return nil, err
	}
	reason, err := needed(reason, MissingReason)
	if err != nil {
		return nil, err
	}
	p := s.find(who)
	switch {
	case p == nil:
		return nil, NoSuchPerson
	case p.absent && p.reason == reason:
		return nil, nil
	}
	return said(AbsenceReported, dataPersonRef{who}, texts{Reason: reason}, false), nil
}

// AnswerAbsence is the chair's consent, or refusal, to a reported absence.
func (s *Session) AnswerAbsence(a Act, who PersonID, agreed bool) ([]Event, error) {
	if err := s.permit(a, ToConsent); err != nil {
		return nil, err
	}
	p := s.find(who)
	switch {
	case p == nil || !p.absent:
		return nil, NoSuchPerson
	case p.answered && p.agreed == agreed:
		return nil, nil
	}
	return one(AbsenceAnswered, dataAbsenceAnswered{who, agreed}), nil
}

// MarkPresent marks somebody here: themselves, or whoever calls the roll.
// Signing in is not presence.
func (s *Session) MarkPresent(a Act, who PersonID) ([]Event, error) {
	if err := s.marking(a, who); err != nil {
		return nil, err
	}
	p := s.find(who)
	switch {
	case p == nil:
		return nil, NoSuchPerson
	case p.attendance == Present:
		return nil, nil
	}
	return one(MarkedPresent, dataPersonRef{who}), nil
}

// MarkAway marks somebody as having left, or as not here. A ballot they have
// cast stands.
func (s *Session) MarkAway(a Act, who PersonID, reason string) ([]Event, error) {
	if err := s.marking(a, who); err != nil {
		return nil, err
	}
	reason, err := short(reason)
	if err != nil {
		return nil, err
	}
	p := s.find(who)
	switch {
	case p == nil:
		return nil, NoSuchPerson
	case p.attendance == Away:
		return nil, nil
	}
	return said(MarkedAway, dataPersonRef{who}, texts{Reason: reason}, false), nil
}

// MarkAll marks several people here at once, one entry a person.
func (s *Session) MarkAll(a Act, who []PersonID) ([]Event, error) {
	if err := s.permit(a, ToCallRoll); err != nil {
		return nil, err
	}
	var events []Event
	seen := map[PersonID]bool{}
	for _, id := range who {
		if p := s.find(id); p != nil && p.attendance != Present && !seen[id] {
			seen[id] = true
			events = append(events, Event{Kind: MarkedPresent, Data: dataPersonRef{id}})
		}
	}
	return events, nil
}

func (s *Session) marking(a Act, who PersonID) error {
	if a.By == who {
		return s.permit(a, ToAttend)
	}
	return s.permit(a, ToCallRoll)
}

// quorum counts the members here against the rule set.
func (s *Session) quorum() QuorumView {
	q := QuorumView{}
	for _, p := range s.people {
		switch {
		case p.removed:
		case p.Votes:
			q.Total++
			if p.attendance == Present {
				q.Present++
			}
		case p.Role == RoleSubstitute && s.rules.SubstitutesCount && p.attendance == Present && s.standsFor(p):
			q.Present++
		}
	}
	if q.Total > 0 { // an empty session has no rule set to ask
		q.Need = s.rules.QuorumOf(q.Total)
		q.Met = q.Present >= q.Need
	}
	return q
}

// standsFor tells whether a substitute stands in for a member who is not here,
// so that nobody is counted twice.
func (s *Session) standsFor(p *participant) bool {
	m := s.find(p.For)
	return m != nil && m.Votes && m.attendance != Present
}

// quorate refuses while too few members are here, unless a reason to go on all
// the same is given, which the minutes will carry.
func (s *Session) quorate(override string) (dataQuorum, texts, error) {
	q := s.quorum()
	d := dataQuorum{Present: q.Present, Total: q.Total, Need: q.Need}
	if q.Met {
		return d, texts{}, nil
	}
	reason, err := short(override)
	if err != nil {
		return d, texts{}, err
	}
	if reason == "" {
		return d, texts{}, &Counted{NotQuorate, q.Need}
	}
	d.Override = true
	return d, texts{Reason: reason}, nil
}
