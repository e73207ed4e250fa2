package meeting

import (
	"time"

	"phonghop/rules"
)

// Role is what somebody is in this session. Who presides is apart from it: the
// chair can be handed over.
type Role string

const (
	RoleChair      Role = "chair"      // chủ tọa; a member too
	RoleMember     Role = "member"     // thành viên
	RoleSecretary  Role = "secretary"  // thư ký
	RoleSubstitute Role = "substitute" // người dự thay: may speak, never votes
	RoleGuest      Role = "guest"      // khách mời
)

// Person is one person of the session, as the session's own log has it.
type Person struct {
	ID         PersonID `json:"person"`
	Salutation string   `json:"salutation,omitempty"` // Đồng chí, Ông, Bà
	Name       string   `json:"name"`
	PartyTitle string   `json:"party_title,omitempty"`
	Title      string   `json:"title,omitempty"`
	Unit       string   `json:"unit,omitempty"`
	Role       Role     `json:"role"`
	Votes      bool     `json:"votes,omitempty"`
	Seat       string   `json:"seat,omitempty"`  // "07"; "" for those without a place
	Order      int      `json:"order,omitempty"` // protocol order
	For        PersonID `json:"for,omitempty"`   // whom a substitute stands in for
	Items      []ItemID `json:"items,omitempty"` // the items a guest attends; empty = all but in-camera
}

// Attendance is where a person is.
type Attendance string

const (
	Unmarked Attendance = ""        // nobody has said yet: counts as away
	Present  Attendance = "present" // có mặt
	Away     Attendance = "away"    // left, or marked absent
)

// participant is a person with what the session knows of them.
type participant struct {
	Person
	index      int
	removed    bool
	attendance Attendance
	since      time.Time // of the attendance
	came, left time.Time // first arrival; last departure
	absent     bool      // absence reported
	reason     string
	answered   bool // the chair answered the report
	agreed     bool
	acts       int // entries this person caused, ballots aside: the key of their next form
	votesCast  int
}

// ItemState is how far an item has come.
type ItemState string

const (
	ItemPending ItemState = "pending"
	ItemOpen    ItemState = "open"
	ItemDone    ItemState = "done"
	ItemPutOff  ItemState = "deferred"
)

type item struct {
	ID         ItemID
	text       textItem
	withheld   bool // its text is not in this log's copy
	Minutes    int
	InCamera   bool
	State      ItemState
	Opened     time.Time
	spent      time.Duration // of earlier openings
	conclusion string
	concluded  bool
	reason     string // why deferred
	papers     []*paper
	opinions   []opinion
	first      time.Time // opening
	closed     time.Time // last closing

	presented, digest, other string // texts of the minutes
}

type paper struct {
	ID        PaperID
	Name      string
	Ref       string
	Size      int64
	Type      string
	Version   int
	Placed    time.Time
	Replaces  PaperID
	withdrawn bool
	replaced  bool

	held    bool // an entry names it with hold
	readers Readers
	people  []PersonID
	recall  bool
	drawing *drawing
	changed []int // pages that the version before does not have
	opened  []PersonID
}

type opinion struct {
	Person      PersonID
	Text        string
	Reservation bool
	At          time.Time
	Seq         int64
}

// ask is one registration to speak.
type ask struct {
	Person PersonID
	Item   ItemID
	Topic  string
	Reply  bool
	At     time.Time
	Seq    int64
}

// turn is somebody speaking now.
type turn struct {
	Person  PersonID
	Item    ItemID
	Topic   string
	Since   time.Time
	Allowed time.Duration
}

type floor struct {
	speaking *turn
	queue    []ask
}

// VoteState is how far a vote has come.
type VoteState string

const (
	VoteOpen      VoteState = "open"
	VoteDone      VoteState = "closed"
	VoteAnnuled   VoteState = "annulled"
	FormOpen                = "open" // the only form of vote today
	MaxN                    = 10_000 // taps of one member in one vote
	MaxText                 = 20_000 // runes of a conclusion, note or opinion
	MaxShort                = 300    // runes of a title, topic, reason, name
	MaxItems                = 200
	MaxPeople               = 3_000
	undoSeconds             = 10
	undoDepth               = 16
	MaxVoteNumber           = 1_000
	MaxNamed                = 300 // people who alone may read a paper
	MaxPagesEntry           = 400 // page images in one entry
	MaxPages                = 5_000
	MaxTasks                = 500
	MaxFiles                = 20 // of the minutes, at one time
	sealAfter               = 30 * 24 * time.Hour
)

type vote struct {
	ID       VoteID
	Number   int
	Item     ItemID
	motion   string
	State    VoteState
	Opened   time.Time
	Closed   time.Time
	Seconds  int
	override bool
	ballots  layers[PersonID, Ballot]
	here     map[PersonID]bool // members present when it closed
	result   rules.Result
	sentence string
	code     string
	reason   string // of the annulment, or of the override
	proven   dataQuorum
	excuse   string // of the override
	chair    PersonID
	entry    int64 // seq of VoteClosed
	cut      *ballotsCut
}

// Ballot is the ballot of one member that stands.
type Ballot struct {
	Entry   int64        `json:"entry"`
	N       int          `json:"n"`
	Choice  rules.Choice `json:"choice"`
	At      time.Time    `json:"at"`
	Code    string       `json:"code"`
	Entered bool         `json:"entered,omitempty"`
}

// Phase is how far the session has come.
type Phase string

const (
	Nothing   Phase = ""          // no entry folded yet
	Preparing Phase = "preparing" // the secretary prepares
	Sitting   Phase = "sitting"
	Recess    Phase = "recess"
	Closed    Phase = "closed" // the sitting has ended; minutes follow
	Sealed    Phase = "sealed"
)

// Session is one session as its log tells it. It is read by many and changed by
// Apply alone, on a copy made with Fork: what a reader holds never changes.
type Session struct {
	id        SessionID
	header    Header
	rules     rules.Set
	from      SessionID
	phase     Phase
	stage     int   // steps so far; chair's forms carry it
	size      int64 // entries folded = seq of the next
	opened    time.Time
	ended     time.Time
	recess    time.Time
	pause     int // planned minutes of the recess
	presiding PersonID
	people    []*participant // in the order they were seated; never shortened
	byID      map[PersonID]int
	roll      int64   // entries folded when last somebody was added, changed or removed
	items     []*item // in the agenda's order
	votes     []*vote // oldest first
	floor     floor
	turns     []*speech // every turn at the floor, oldest first; see editTurn
	blocks    Blocks
	tasks     []Task // replaced, never changed
	minutes   MinutesState
	proven    dataQuorum // at the opening
	excuse    string     // for opening without quorum
	chairs    []presided
	recesses  []Span
	record    []Line // append-only; see keep
	history   []moment
	touched   layers[piece, int64]
	own       owned
}

// owned says what a fork has already copied and may change in place.
type owned struct {
	people, byID, items, votes, touched, record, turns bool
	person                                             map[PersonID]bool
	item                                               map[ItemID]bool
	vote                                               map[VoteID]bool
	turn                                               map[int64]bool
}

// NewSession is a session of which nothing is known yet.
func NewSession() *Session {
	return &Session{byID: map[PersonID]int{}}
}

// Fork is a working copy. It shares what it does not touch, so forking and
// changing one ballot costs the same for ten members or a thousand.
func (s *Session) Fork() *Session {
	f := *s
	f.own = owned{}
	return &f
}
