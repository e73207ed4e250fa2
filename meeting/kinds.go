package meeting

import (
	"encoding/json"
	"time"

	"phonghop/rules"
)

// Identities. People, sessions, items, votes and papers carry UUIDv7; numbers
// are for eyes.
type (
	PersonID  string
	SessionID string
	ItemID    string
	VoteID    string
	PaperID   string
)

// Kind names what an entry records: past tense, never renamed, reordered or
// re-meant. Fields of a kind are only added, and optional.
type Kind string

// The kinds of a session's log.
const (
	SessionPrepared Kind = "SessionPrepared"
	SessionChanged  Kind = "SessionChanged" // before opening
	PersonSeated    Kind = "PersonSeated"   // added, or changed: the whole person
	PersonRemoved   Kind = "PersonRemoved"
	ItemAdded       Kind = "ItemAdded"
	ItemChanged     Kind = "ItemChanged"
	ItemMoved       Kind = "ItemMoved"
	ItemDeferred    Kind = "ItemDeferred"
	ItemRestored    Kind = "ItemRestored"
	PaperPlaced     Kind = "PaperPlaced"
	PaperWithdrawn  Kind = "PaperWithdrawn"
	AbsenceReported Kind = "AbsenceReported"
	AbsenceAnswered Kind = "AbsenceAnswered"
	MarkedPresent   Kind = "MarkedPresent"
	MarkedAway      Kind = "MarkedAway"
	SessionOpened   Kind = "SessionOpened"
	ItemOpened      Kind = "ItemOpened"
	ItemClosed      Kind = "ItemClosed"
	ItemConcluded   Kind = "ItemConcluded"
	FloorAsked      Kind = "FloorAsked"
	FloorWithdrawn  Kind = "FloorWithdrawn"
	FloorGiven      Kind = "FloorGiven"
	FloorExtended   Kind = "FloorExtended"
	FloorYielded    Kind = "FloorYielded"
	OpinionWritten  Kind = "OpinionWritten"
	VoteOpened      Kind = "VoteOpened"
	BallotCast      Kind = "BallotCast"
	VoteClosed      Kind = "VoteClosed"
	VoteAnnulled    Kind = "VoteAnnulled"
	ChairHandedOver Kind = "ChairHandedOver"
	RecessBegan     Kind = "RecessBegan"
	RecessEnded     Kind = "RecessEnded"
	RecordNoted     Kind = "RecordNoted"
	RecordCorrected Kind = "RecordCorrected"
	Undone          Kind = "Undone"
	SessionClosed   Kind = "SessionClosed"
	RecordSealed    Kind = "RecordSealed"

	PaperChanged     Kind = "PaperChanged"
	PaperMoved       Kind = "PaperMoved"
	PagesDrawn       Kind = "PagesDrawn"  // by the box itself
	PaperOpened      Kind = "PaperOpened" // with receipts
	MinutesWritten   Kind = "MinutesWritten"
	WordsConfirmed   Kind = "WordsConfirmed"
	WordsProposed    Kind = "WordsProposed"
	MinutesLocked    Kind = "MinutesLocked"
	MinutesUnlocked  Kind = "MinutesUnlocked"
	MinutesFiled     Kind = "MinutesFiled" // by the box itself
	MinutesConfirmed Kind = "MinutesConfirmed"
	FileReturned     Kind = "FileReturned"
	TaskChanged      Kind = "TaskChanged"
)

// The kinds of the room's log, and those either log may hold.
const (
	RoomFounded      Kind = "RoomFounded"
	RoomRenamed      Kind = "RoomRenamed"
	PersonRegistered Kind = "PersonRegistered" // somebody with a role in the room itself
	SessionRoot      Kind = "SessionRoot"
	EpochBegan       Kind = "EpochBegan"
	DetailErased     Kind = "DetailErased"
)

// Event is what a verb wants recorded. Data is always kept and synced; Detail,
// free text and reasons, lies beside the entry and can be withheld or erased.
type Event struct {
	ID     string // "" = the command's key; a ballot's is VOTE/MEMBER/n
	Kind   Kind
	Data   any
	Detail any      // nil: none
	Refs   []string // SHA-256 of the documents it names
	Hold   bool     // body and documents go only to a centre cleared for them
}

// Entry is a recorded event as the journal hands it back. Leaf is the hash the
// check codes are cut from; Body is nil where the detail is withheld.
type Entry struct {
	Seq    int64
	ID     string
	Kind   Kind
	At     time.Time
	By     PersonID
	Seat   string
	Refs   []string
	Data   json.RawMessage
	Body   []byte
	Code   string // check code of a ballot, or of a result
	Detail string // hex; "" if the entry has no detail
	Hold   bool

	ballot *dataBallot // what Data says, once Apply has read it
}

// Header says which session this is.
type Header struct {
	Number int       `json:"number"` // within the term: 47
	Term   string    `json:"term"`   // "2021–2026"
	Kind   string    `json:"kind"`   // regular, thematic, urgent
	Body   string    `json:"body"`   // whose session: "Ủy ban nhân dân tỉnh Trà Sơn"
	Title  string    `json:"title,omitempty"`
	Place  string    `json:"place"`
	Starts time.Time `json:"starts"`
	Rows   int       `json:"rows,omitempty"` // the seats: rows x columns
	Cols   int       `json:"cols,omitempty"`

	AutoPapers bool `json:"auto_papers,omitempty"` // papers that come during the session appear without PHÁT
	Receipts   bool `json:"receipts,omitempty"`    // who opened which paper is recorded
}

type (
	dataSessionPrepared struct {
		ID SessionID `json:"id"`
		Header
		Rules rules.Set `json:"rules"`
		From  SessionID `json:"from,omitempty"` // the session this one was copied from
	}
	dataSessionChanged struct {
		Header
		Rules rules.Set `json:"rules"`
	}
	dataPersonRemoved struct {
		Person PersonID `json:"person"`
	}
	// texts is what an entry's detail may hold: free text and reasons always,
	// titles and motions where the item is in-camera.
	texts struct {
		Item   *textItem `json:"item,omitempty"`
		Name   string    `json:"name,omitempty"`   // of a paper
		Motion string    `json:"motion,omitempty"` // of a vote
		Reason string    `json:"reason,omitempty"`
		Topic  string    `json:"topic,omitempty"`
		Text   string    `json:"text,omitempty"`

		Unit    string `json:"unit,omitempty"` // these four: of a task
		Support string `json:"support,omitempty"`
		Owner   string `json:"owner,omitempty"`
		Note    string `json:"note,omitempty"`
		Signers string `json:"signers,omitempty"` // of a returned file, one a line
	}
	// textItem is data, or detail with hold where the item is in-camera.
	textItem struct {
		Title     string `json:"title"`
		Presenter string `json:"presenter,omitempty"`
		Unit      string `json:"unit,omitempty"` // the unit that prepared it
	}
	dataItem struct {
		Item     ItemID    `json:"item"`
		Text     *textItem `json:"text,omitempty"`
		Minutes  int       `json:"minutes,omitempty"`
		InCamera bool      `json:"in_camera,omitempty"`
		Before   ItemID    `json:"before,omitempty"` // ItemAdded: "" = last
	}
	dataItemMoved struct {
		Item   ItemID `json:"item"`
		Before ItemID `json:"before,omitempty"` // "" = last
	}
	dataItemRef struct {
		Item ItemID `json:"item"`
	}
	dataPaper struct {
		Paper    PaperID `json:"paper"`
		Item     ItemID  `json:"item"`
		Name     string  `json:"name,omitempty"`
		Ref      string  `json:"ref"`
		Size     int64   `json:"size"`
		Type     string  `json:"type"` // media type as told by its bytes
		Replaces PaperID `json:"replaces,omitempty"`

		dataReaders
	}
	dataReaders struct {
		Readers Readers    `json:"readers,omitempty"`
		People  []PersonID `json:"people,omitempty"`
		Recall  bool       `json:"recall,omitempty"`
	}
	dataWritten struct {
		Block   Block  `json:"block"`
		Item    ItemID `json:"item,omitempty"`
		Turn    int64  `json:"turn,omitempty"`
		Accepts bool   `json:"accepts,omitempty"` // the speaker's own proposal
	}
	dataTurn struct {
		Turn int64 `json:"turn"`
	}
	dataLocked struct {
		Version int `json:"version"`
	}
	dataFiled struct {
		Of    int     `json:"of"`
		Files []Filed `json:"files"`
	}
	dataConfirmed struct {
		As      Role   `json:"as"`
		Ref     string `json:"ref"`
		Version int    `json:"version"`
	}
	dataReturned struct { // its name is free text: detail
		Ref         string `json:"ref"`
		Type        string `json:"type"`
		Size        int64  `json:"size"`
		Sort        string `json:"sort"`
		Differences int    `json:"differences,omitempty"`
	}
	dataTask struct {
		Task    TaskID    `json:"task"`
		Item    ItemID    `json:"item,omitempty"`
		Number  int       `json:"number"`
		Due     string    `json:"due,omitempty"`
		State   TaskState `json:"state"`
		Percent int       `json:"percent,omitempty"`
		From    SessionID `json:"from,omitempty"`
		Held    bool      `json:"held,omitempty"` // of an in-camera item
	}
	dataPaperWithdrawn struct {
		Paper PaperID `json:"paper"`
	}
	dataPersonRef struct {
		Person PersonID `json:"person"`
	}
	dataAbsenceAnswered struct {
		Person PersonID `json:"person"`
		Agreed bool     `json:"agreed"`
	}
	dataQuorum struct {
		Present  int  `json:"present"`
		Total    int  `json:"total"`
		Need     int  `json:"need"`
		Override bool `json:"override,omitempty"`
	}
	dataFloorAsked struct {
		Person PersonID `json:"person"`
		Item   ItemID   `json:"item,omitempty"`
		Reply  bool     `json:"reply,omitempty"` // trao đổi lại: answers the present speaker
	}
	dataFloorGiven struct {
		Person  PersonID `json:"person"`
		Item    ItemID   `json:"item,omitempty"`
		Seconds int      `json:"seconds"`
	}
	dataFloorExtended struct {
		Person  PersonID `json:"person"`
		Seconds int      `json:"seconds"`
	}
	dataOpinion struct {
		Person      PersonID `json:"person"`
		Item        ItemID   `json:"item"`
		Reservation bool     `json:"reservation,omitempty"` // ý kiến bảo lưu
	}
	dataVoteOpened struct {
		Vote    VoteID `json:"vote"`
		Number  int    `json:"number"`
		Item    ItemID `json:"item"`
		Form    string `json:"form"` // today only "open"
		Motion  string `json:"motion,omitempty"`
		Seconds int    `json:"seconds,omitempty"` // shown; it never closes itself
		dataQuorum
	}
	dataBallot struct {
		Vote    VoteID       `json:"vote"`
		Member  PersonID     `json:"member"`
		N       int          `json:"n"`
		Choice  rules.Choice `json:"choice"`
		Entered bool         `json:"entered,omitempty"` // by the secretary, for a member without a tablet
	}
	dataVoteClosed struct {
		Vote VoteID `json:"vote"`
		rules.Result
		Chair    PersonID `json:"chair,omitempty"`
		Sentence string   `json:"sentence"`
	}
	dataVoteRef struct {
		Vote VoteID `json:"vote"`
	}
	dataChairHandedOver struct {
		To PersonID `json:"to"`
	}
	dataRecess struct {
		Minutes int `json:"minutes,omitempty"`
	}
	dataNote struct {
		Item ItemID `json:"item,omitempty"`
	}
	dataSeq struct {
		Seq int64 `json:"entry"`
	}
)
