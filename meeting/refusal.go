package meeting

// Refusal is a rule saying no. Nothing was recorded. The value is its name in
// the interface ("refused":"not-present"); the sentence people read lives in
// templates, in both languages.
type Refusal string

func (r Refusal) Error() string { return "refused: " + string(r) }

// The refusals of a session.
const (
	NotAllowed      Refusal = "not-allowed"     // this role may not do this
	Stale           Refusal = "stale"           // the form was drawn before the last step
	NotPresent      Refusal = "not-present"     // not marked present
	NoVoice         Refusal = "no-vote"         // this person does not vote
	NoSuchVote      Refusal = "no-such-vote"    //
	NoSuchItem      Refusal = "no-such-item"    //
	NoSuchPerson    Refusal = "no-such-person"  //
	NoSuchPaper     Refusal = "no-such-paper"   //
	NoSuchEntry     Refusal = "no-such-entry"   //
	VoteEnded       Refusal = "vote-closed"     // the vote has been closed
	VoteVoid        Refusal = "vote-annulled"   // the vote was annulled; its repeat is a new vote
	VoteRunning     Refusal = "vote-running"    // first close the vote
	Unvoted         Refusal = "unvoted"         // members present have not voted (Counted)
	UnknownChoice   Refusal = "unknown-choice"  //
	UnknownForm     Refusal = "unknown-form"    // a form of vote this binary does not hold
	BadN            Refusal = "bad-n"           // n is not a number from 1 to 10,000
	NoChange        Refusal = "no-change"       // the rule set allows no change of a ballot
	NotQuorate      Refusal = "not-quorate"     // too few members here (Counted: the number needed)
	NotPreparing    Refusal = "not-preparing"   // only before the session opens
	NotSitting      Refusal = "not-sitting"     // the session is not open
	InRecess        Refusal = "in-recess"       //
	NotInRecess     Refusal = "not-in-recess"   //
	SessionOver     Refusal = "session-over"    // the sitting has ended
	SessionInRoom   Refusal = "session-in-room" // another session has not been closed yet
	NoSession       Refusal = "no-session"      // nothing prepared yet
	NoItemOpen      Refusal = "no-item-open"    //
	ItemOpenAlready Refusal = "item-open"       // another item is open
	ItemOver        Refusal = "item-over"       // the item is done or put off
	ItemBegun       Refusal = "item-begun"      // too late: the item has been opened
	AlreadyAsked    Refusal = "already-asked"   //
	NotAsking       Refusal = "not-asking"      //
	NobodySpeaks    Refusal = "nobody-speaks"   //
	MayNotSpeak     Refusal = "may-not-speak"   // the rule set gives this role no floor
	TooLong         Refusal = "too-long"        // (Counted: the most characters)
	TooMany         Refusal = "too-many"        // (Counted: the most of them)
	Missing         Refusal = "missing"         // a text is needed
	MissingReason   Refusal = "missing-reason"  //
	BadHeader       Refusal = "bad-header"      // number, body or time of the session missing
	BadRules        Refusal = "bad-rules"       //
	SeatTaken       Refusal = "seat-taken"      //
	SecondChair     Refusal = "second-chair"    // a session has one chair
	NoChair         Refusal = "no-chair"        // a session needs a chair before it opens
	NoMembers       Refusal = "no-members"      //
	NoItems         Refusal = "no-items"        //
	PersonActs      Refusal = "person-acts"     // too late to remove: has already taken part
	LastSecretary   Refusal = "last-secretary"  //
	MustBeMember    Refusal = "must-be-member"  // only a voting member presides
	UndoTooLate     Refusal = "undo-too-late"   // 10 seconds have passed
	UndoRested      Refusal = "undo-rested"     // something already rests on it
	UndoNever       Refusal = "undo-never"      // a ballot, a closed vote, a closed session
	UndoOthers      Refusal = "undo-others"     // only by the person who did it
	AlreadyFounded  Refusal = "already-founded" //
	KeyOfAnother    Refusal = "key-of-another"  // the key names an entry of somebody else
	PaperRecalled   Refusal = "paper-recalled"  // it ended with the sitting
	BadReaders      Refusal = "bad-readers"     // nobody, or somebody unknown, named to read it
	BadPages        Refusal = "bad-pages"       // a run of pages that cannot be
	NoSuchPlace     Refusal = "no-such-place"   // in the minutes
	NoSuchTurn      Refusal = "no-such-turn"    //
	NotYourWords    Refusal = "not-your-words"  // another person's speech
	NothingProposed Refusal = "nothing-proposed"
	NotClosed       Refusal = "not-closed" // only after the sitting
	AlreadyLocked   Refusal = "minutes-locked"
	NotLocked       Refusal = "minutes-not-locked"
	RecordOver      Refusal = "record-sealed" // nothing at all is accepted any more
	NotTheChair     Refusal = "not-the-chair" // only who presided at closing
	NotFiled        Refusal = "not-filed"     // not the filed minutes of this lock
	BadFile         Refusal = "bad-file"      //
	NoSuchTask      Refusal = "no-such-task"  //
	BadTask         Refusal = "bad-task"      // state, date or percent
)

// Counted is a refusal with the number its sentence needs.
type Counted struct {
	Refusal Refusal
	N       int
}

func (c *Counted) Error() string { return c.Refusal.Error() }
func (c *Counted) Unwrap() error { return c.Refusal }

// Refusals lists every refusal, for the test that each has its sentence.
func Refusals() []Refusal {
	return []Refusal{
		NotAllowed, Stale, NotPresent, NoVoice, NoSuchVote, NoSuchItem, NoSuchPerson, NoSuchPaper, NoSuchEntry,
		VoteEnded, VoteVoid, VoteRunning, Unvoted, UnknownChoice, UnknownForm, BadN, NoChange, NotQuorate,
		NotPreparing, NotSitting, InRecess, NotInRecess, SessionOver, SessionInRoom, NoSession, NoItemOpen,
		ItemOpenAlready, ItemOver, ItemBegun, AlreadyAsked, NotAsking, NobodySpeaks, MayNotSpeak, TooLong, TooMany,
		Missing, MissingReason, BadHeader, BadRules, SeatTaken, SecondChair, NoChair, NoMembers, NoItems, PersonActs,
		LastSecretary, MustBeMember, UndoTooLate, UndoRested, UndoNever, UndoOthers, AlreadyFounded, KeyOfAnother,
		PaperRecalled, BadReaders, BadPages, NoSuchPlace, NoSuchTurn, NotYourWords, NothingProposed, NotClosed,
		AlreadyLocked, NotLocked, RecordOver, NotTheChair, NotFiled, BadFile, NoSuchTask, BadTask,
	}
}
