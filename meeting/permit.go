package meeting

// Right is something a person may be allowed to do. The table below is the
// whole of who may do what; verbs ask it before anything else.
type Right string

const (
	ToPrepare  Right = "prepare" // header, people, seats, items, papers, absences
	ToConsent  Right = "consent" // to an absence
	ToCallRoll Right = "roll"    // mark others present or away
	ToConduct  Right = "conduct" // open, close, items, floor, votes, recess, chair
	ToRecord   Right = "record"  // notes, corrections, conclusions
	ToEnter    Right = "enter"   // a ballot for a member without a tablet
	ToAttend   Right = "attend"  // mark oneself present, report one's own absence
	ToSpeak    Right = "speak"   // ask for the floor (the rule set may narrow it)
	ToOpine    Right = "opine"   // written opinions
	ToVote     Right = "vote"    // with the person's own Votes mark
	ToBreakTie Right = "tie"     // whoever presides
	ToWrite    Right = "write"   // the text of the minutes
	ToLock     Right = "lock"    // lock and unlock them
	ToReturn   Right = "return"  // files of the minutes that came back
	ToTask     Right = "task"    // tasks
)

// table lists who holds each right; "presiding" is whoever presides now.
var table = map[Right][]Role{
	ToPrepare:  {RoleSecretary},
	ToConsent:  {presiding, RoleSecretary},
	ToCallRoll: {presiding, RoleSecretary},
	ToConduct:  {presiding, RoleSecretary},
	ToRecord:   {presiding, RoleSecretary},
	ToEnter:    {RoleSecretary},
	ToAttend:   {RoleChair, RoleMember, RoleSubstitute, RoleGuest, RoleSecretary},
	ToSpeak:    {RoleChair, RoleMember, RoleSubstitute, RoleGuest},
	ToOpine:    {RoleChair, RoleMember, RoleSubstitute},
	ToVote:     {RoleChair, RoleMember},
	ToBreakTie: {presiding},
	ToWrite:    {presiding, RoleSecretary},
	ToLock:     {presiding, RoleSecretary},
	ToReturn:   {RoleSecretary},
	ToTask:     {presiding, RoleSecretary},
}

const presiding Role = "presiding"

// May tells whether a person holds a right in this session.
func (s *Session) May(who PersonID, right Right) bool {
	p := s.find(who)
	if p == nil {
		return false
	}
	for _, role := range table[right] {
		if role == p.Role || role == presiding && who == s.presiding {
			return true
		}
	}
	return false
}

// permit refuses whoever lacks the right, and everybody once the sitting ended.
func (s *Session) permit(a Act, right Right) error {
	switch {
	case s.phase == Nothing:
		return NoSession
	case !s.May(a.By, right):
		return NotAllowed
	case s.over():
		return SessionOver
	}
	return nil
}

// step is permit for whatever moves the session on: the form must have been
// drawn from the present stage, so a late or doubled press never does a thing
// twice.
func (s *Session) step(a Act) error {
	if err := s.permit(a, ToConduct); err != nil {
		return err
	}
	if a.Saw >= 0 && a.Saw != s.stage {
		return Stale
	}
	return nil
}

// sitting is step while the session sits and is not in recess.
func (s *Session) sitting(a Act) error {
	if err := s.step(a); err != nil {
		return err
	}
	return s.inSitting()
}

func (s *Session) inSitting() error {
	switch s.phase {
	case Sitting:
		return nil
	case Recess:
		return InRecess
	case Closed, Sealed:
		return SessionOver
	}
	return NotSitting
}

func (s *Session) over() bool { return s.phase == Closed || s.phase == Sealed }

// byBox is permit for what the box records by itself, until the record is sealed.
func (s *Session) byBox(a Act) error {
	switch {
	case s.phase == Nothing:
		return NoSession
	case a.By != "":
		return NotAllowed
	case s.phase == Sealed:
		return RecordOver
	}
	return nil
}
