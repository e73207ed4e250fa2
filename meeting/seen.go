package meeting

import (
	"time"

	"phonghop/rules"
)

// Audience is a kind of onlooker. It is comparable: one cut and one rendering
// serve everybody of the same audience.
type Audience struct {
	Screen Screen
	Guest  PersonID // a guest sees only their own items; "" otherwise
}

// Screen is what somebody sits in front of.
type Screen string

const (
	MemberScreen    Screen = "member" // members, substitutes and guests
	ChairScreen     Screen = "chair"
	SecretaryScreen Screen = "secretary"
	HallScreen      Screen = "hall"
)

// View is what an audience may see now. It holds no pointer into the session
// and nothing its audience may not know: pages cannot leak what they were not
// given. While a vote is open the direction of ballots is in no View at all.
type View struct {
	Audience Audience  `json:"-"`
	ID       SessionID `json:"id"`
	Header   Header    `json:"header"`
	Rules    rules.Set `json:"rules"`
	Phase    Phase     `json:"phase"`
	Stage    int       `json:"stage"` // counts the steps of the session; chair's forms carry it
	Seq      int64     `json:"seq"`   // entries folded

	Opened  time.Time  `json:"opened,omitzero"`
	Ended   time.Time  `json:"ended,omitzero"`
	Recess  RecessView `json:"recess,omitzero"`
	Chair   SeatView   `json:"chair"` // who presides now
	Clerk   SeatView   `json:"clerk"` // the (first) secretary
	Agenda  []ItemView `json:"agenda"`
	Current int        `json:"current"` // index into Agenda of the open item; -1 if none
	Roll    []SeatView `json:"roll"`    // everybody, protocol order
	Quorum  QuorumView `json:"quorum"`
	Floor   FloorView  `json:"floor"`
	Vote    *VoteView  `json:"vote"`  // the open vote; else nil
	Votes   []VoteView `json:"votes"` // all, oldest first (the open one too)

	Tasks   []Task       `json:"tasks,omitempty"` // not for the hall
	Minutes MinutesState `json:"minutes,omitzero"`

	// Chair and secretary only.
	Opinions []OpinionView `json:"opinions,omitempty"`
	Record   []Line        `json:"record,omitempty"` // diễn biến, in order
	Undo     *UndoView     `json:"undo,omitempty"`   // the last act that may still be taken back
	Turns    []Turn        `json:"turns,omitempty"`  // every speech so far
	Blocks   Blocks        `json:"blocks,omitzero"`
}

// RecessView says when the session goes on.
type RecessView struct {
	Since   time.Time `json:"since,omitzero"`
	Minutes int       `json:"minutes,omitempty"`
}

// QuorumView is the count of members here, live.
type QuorumView struct {
	Present int  `json:"present"`
	Total   int  `json:"total"`
	Need    int  `json:"need"`
	Met     bool `json:"met"`
}

// ItemView is one item of the agenda.
type ItemView struct {
	ID         ItemID      `json:"id"`
	Number     int         `json:"number"` // 1.. in the agenda's order
	Title      string      `json:"title"`  // "" where this audience may not know it
	Presenter  string      `json:"presenter,omitempty"`
	Unit       string      `json:"unit,omitempty"`
	Minutes    int         `json:"minutes,omitempty"` // planned
	InCamera   bool        `json:"in_camera,omitempty"`
	Hidden     bool        `json:"hidden,omitempty"` // in-camera, and not for this audience; or withheld
	State      ItemState   `json:"state"`
	Opened     time.Time   `json:"opened,omitzero"`
	Spent      int         `json:"spent,omitempty"` // seconds of earlier openings
	Concluded  bool        `json:"concluded,omitempty"`
	Conclusion string      `json:"conclusion,omitempty"`
	Reason     string      `json:"reason,omitempty"`    // why deferred; chair and secretary
	Presented  string      `json:"presented,omitempty"` // these three: chair and secretary
	Digest     string      `json:"digest,omitempty"`
	Other      string      `json:"other,omitempty"`
	Papers     []PaperView `json:"papers"`
	Votes      []VoteID    `json:"votes,omitempty"`
}

// PaperView is one paper. An agenda shows those that stand, and of them what
// everybody of its audience may read; those named for one person are in Mine.
type PaperView struct {
	ID      PaperID   `json:"id"`
	Name    string    `json:"name"`
	Ref     string    `json:"ref"`
	Size    int64     `json:"size"`
	Type    string    `json:"type"`
	Version int       `json:"version"`
	Placed  time.Time `json:"placed"`
	Late    bool      `json:"late,omitempty"` // placed after the session opened

	Readers    Readers    `json:"readers,omitempty"`
	People     []PersonID `json:"people,omitempty"`  // ReadersNamed: who; chair and secretary only
	Recall     bool       `json:"recall,omitempty"`  // ends at closing
	Pages      int        `json:"pages,omitempty"`   // drawn so far, from the first
	Total      int        `json:"total,omitempty"`   // 0: not known yet
	Changed    []int      `json:"changed,omitempty"` // pages that differ from the version before; empty when unknown
	Before     PaperID    `json:"before,omitempty"`  // the version it replaced
	Superseded bool       `json:"superseded,omitempty"`
	Withdrawn  bool       `json:"withdrawn,omitempty"`
	Opened     int        `json:"opened,omitempty"`    // people who opened it; with receipts
	OpenedBy   []PersonID `json:"opened_by,omitempty"` // chair and secretary only
}

// SeatView is one person at the table.
type SeatView struct {
	Person
	Attendance Attendance `json:"attendance"`
	Since      time.Time  `json:"since,omitzero"`
	Presiding  bool       `json:"presiding,omitempty"`
	Asks       int        `json:"asks,omitempty"` // place in the queue, 1..; 0 = does not ask
	Speaks     bool       `json:"speaks,omitempty"`
	Voted      bool       `json:"voted,omitempty"` // in the open vote
	Absent     bool       `json:"absent,omitempty"`
	Reason     string     `json:"reason,omitempty"` // chair and secretary
	Answered   bool       `json:"answered,omitempty"`
	Agreed     bool       `json:"agreed,omitempty"`
}

// FloorView is who speaks and who waits.
type FloorView struct {
	Speaking *TurnView `json:"speaking"`
	Queue    []AskView `json:"queue"`
}

// TurnView is somebody speaking. Ends is Since+Allowed; screens show seconds left.
type TurnView struct {
	Person  SeatView      `json:"person"`
	Topic   string        `json:"topic,omitempty"`
	Since   time.Time     `json:"since"`
	Allowed time.Duration `json:"allowed"`
}

// AskView is somebody waiting to speak.
type AskView struct {
	Person SeatView  `json:"person"`
	Topic  string    `json:"topic,omitempty"`
	Reply  bool      `json:"reply,omitempty"`
	At     time.Time `json:"at"`
	Seq    int64     `json:"entry"`
}

// VoteView is one vote. While it is open the counts by direction are zero for
// everybody; Cast and Missing are known.
type VoteView struct {
	ID       VoteID       `json:"id"`
	Number   int          `json:"number"`
	Item     ItemID       `json:"item"`
	ItemNo   int          `json:"item_number"`
	Motion   string       `json:"motion"` // "" where this audience may not know it
	Hidden   bool         `json:"hidden,omitempty"`
	State    VoteState    `json:"state"`
	Opened   time.Time    `json:"opened"`
	Closed   time.Time    `json:"closed,omitzero"`
	Seconds  int          `json:"seconds,omitempty"`
	Cast     int          `json:"cast"`    // members whose ballot stands
	Present  int          `json:"present"` // members here now (open) or who could have voted
	All      int          `json:"all"`
	Need     int          `json:"need"`
	Override bool         `json:"override,omitempty"`
	Missing  []SeatView   `json:"missing,omitempty"` // open: here, have not cast
	Result   rules.Result `json:"result,omitzero"`   // closed
	Sentence string       `json:"sentence,omitempty"`
	Code     string       `json:"code,omitempty"`  // result check code
	Entry    int64        `json:"entry,omitempty"` // of VoteClosed
	Reason   string       `json:"reason,omitempty"`
	Ballots  []BallotView `json:"ballots,omitempty"` // closed or annulled open votes, protocol order
}

// BallotView is one member's line in a closed open vote.
type BallotView struct {
	Person  PersonID     `json:"person"`
	Name    string       `json:"name"`
	Seat    string       `json:"seat,omitempty"`
	Choice  rules.Choice `json:"choice,omitempty"` // "" = none cast
	Present bool         `json:"present"`          // silent if here without a choice
	Code    string       `json:"code,omitempty"`
	At      time.Time    `json:"at,omitzero"`
	Entered bool         `json:"entered,omitempty"`
}

// OpinionView is one written opinion.
type OpinionView struct {
	Item        ItemID    `json:"item"`
	ItemNo      int       `json:"item_number"`
	Person      PersonID  `json:"person"`
	Name        string    `json:"name"`
	Text        string    `json:"text"`
	Reservation bool      `json:"reservation,omitempty"`
	At          time.Time `json:"at"`
}

// Line is one line of the record (diễn biến): an entry as people tell it. The
// sentence is made in templates from these fields.
type Line struct {
	Seq       int64        `json:"entry"`
	At        time.Time    `json:"at"`
	Kind      Kind         `json:"kind"`
	By        PersonID     `json:"by,omitempty"`
	ByName    string       `json:"by_name,omitempty"`
	Person    PersonID     `json:"person,omitempty"`
	Name      string       `json:"name,omitempty"` // of Person, with salutation
	Unit      string       `json:"unit,omitempty"`
	Item      ItemID       `json:"item,omitempty"`
	ItemNo    int          `json:"item_number,omitempty"`
	Title     string       `json:"title,omitempty"` // of the item, the paper or the motion
	Vote      int          `json:"vote,omitempty"`  // its number
	Text      string       `json:"text,omitempty"`  // free text: note, conclusion, reason, topic, sentence of the rule
	Count     int          `json:"count,omitempty"` // present, minutes, seconds: by kind
	Total     int          `json:"total,omitempty"`
	Choice    rules.Choice `json:"choice,omitempty"`
	Agreed    bool         `json:"agreed,omitempty"`
	Override  bool         `json:"override,omitempty"`
	Refers    int64        `json:"refers,omitempty"` // the entry it corrects or takes back; -1 none
	Undone    bool         `json:"undone,omitempty"`
	Corrected []string     `json:"corrected,omitempty"` // corrections said of this line
}

// UndoView is an act its own author may take back.
type UndoView struct {
	Seq  int64     `json:"entry"`
	By   PersonID  `json:"by"`
	Kind Kind      `json:"kind"`
	Till time.Time `json:"till"`
	Line Line      `json:"line"`
}

// Mine is what one person sees of themselves.
type Mine struct {
	Person   SeatView      `json:"person"`
	Screen   Screen        `json:"screen"`
	Acts     int           `json:"acts"` // the key of this person's next form
	MayVote  bool          `json:"may_vote"`
	MaySpeak bool          `json:"may_speak"`
	Ballot   *Ballot       `json:"ballot"`  // in the open vote: the one that stands
	NextN    int           `json:"next_n"`  // for the open vote
	Asks     int           `json:"asks"`    // place in the queue
	Next     bool          `json:"next"`    // asked, and first in the queue while another speaks
	Speaks   bool          `json:"speaks"`  // has the floor
	History  []OwnBallot   `json:"history"` // own record: every vote so far
	Opinions []OpinionView `json:"opinions,omitempty"`
	Absence  bool          `json:"absence,omitempty"` // reported
	Papers   []OwnPaper    `json:"papers,omitempty"`  // named for this person
	Turns    []Turn        `json:"turns,omitempty"`   // own speeches
	CanUndo  *UndoView     `json:"undo,omitempty"`
}

// OwnBallot is a line of a member's own record.
type OwnBallot struct {
	Vote   VoteID    `json:"vote"`
	Number int       `json:"number"`
	Motion string    `json:"motion"`
	State  VoteState `json:"state"`
	Ballot *Ballot   `json:"ballot"` // nil: cast nothing
}
