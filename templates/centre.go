package templates

import (
	"time"

	"phonghop/meeting"
	"phonghop/rules"
)

// CentreFrame is what every page of a centre knows beside what it shows.
type CentreFrame struct {
	Name string // of the centre
	Key  string // its public key, to write down elsewhere
	Tab  string // "rooms", "search", or ""
}

// CentreState is how a room stands with the centre, as one word for its chip.
type CentreState string

// The states of a room, the one that needs somebody first.
const (
	CentreDamaged CentreState = "damaged" // its copy here is not as it was signed
	CentreEpoch   CentreState = "epoch"   // restored; somebody must agree to its new key
	CentreRevoked CentreState = "revoked"
	CentreComing  CentreState = "coming" // entries are still on their way
	CentrePapers  CentreState = "papers" // entries are here, a paper is not
	CentreSilent  CentreState = "silent" // nothing was heard for a week
	CentreWhole   CentreState = "whole"  // all is here, and signed for
	CentreEmpty   CentreState = "empty"  // paired, and nothing has come yet
)

// CentreRoom is one room as the centre holds it.
type CentreRoom struct {
	ID       string
	Name     string
	Sample   bool // a demo's
	State    CentreState
	Seen     time.Time // zero: never
	Receipt  time.Time // the last; zero: none
	Sessions int
	Here     int64 // entries, of all logs
	Signed   int64 // entries the room has signed
	Wrong    string
}

// Decision is a vote that was closed, as lists of decisions show it.
type Decision struct {
	Room, RoomName string
	Session        meeting.SessionID
	SessionName    string
	meeting.VoteView
}

// CentreHome is the first page: the rooms, and what they decided last.
type CentreHome struct {
	Rooms     []CentreRoom
	Decisions []Decision
}

// NewRoomCode is a one-time code as it is shown to whoever asked for it.
type NewRoomCode struct {
	Code    string
	Ends    time.Time
	Address string // of the centre, as the room reaches it
}

// CentreReceipt is what the centre has signed of one log.
type CentreReceipt struct {
	Number string // "" none yet
	At     time.Time
	Size   int64
}

// CentreSession is one line of a room's list of sessions.
type CentreSession struct {
	ID      string // of the log
	Header  meeting.Header
	Phase   meeting.Phase
	Here    int64
	Signed  int64
	Receipt CentreReceipt
	Unknown string // the first kind of entry this program does not know
	Wrong   string
}

// CentreOrphan is the end of a log that the room no longer has after a restore.
type CentreOrphan struct {
	Own    bool           // of the room's own log
	Whole  bool           // not the end of it: all of it
	Header meeting.Header // else of this session
	Epoch  int
	From   int64
	Size   int64
}

// CentreRoomPage is everything about one room.
type CentreRoomPage struct {
	CentreRoom
	Paired      time.Time
	Revoked     bool
	Cleared     bool
	Epochs      []string // public keys, one an epoch
	EpochAgreed bool     // somebody agreed; it has not come yet
	Own         CentreSession
	Roots       int            // sessions pinned in the room's log
	Lines       []meeting.Line // of the room's log, the newest first
	List        []CentreSession
	Orphans     []CentreOrphan
	Ask         string // "revoke", "clear", "epoch": what is about to be done
}

// CentrePaper is a document of a session.
type CentrePaper struct {
	Item    int
	Name    string
	Ref     string
	Size    int64
	Version int
	Held    bool // kept back in the room
	Here    bool
	Checked bool // read again from the disk now, and the same
	Wrong   bool // read again, and not what its hash says
}

// CentreVote is a vote and what counting again says of it.
type CentreVote struct {
	meeting.VoteView
	Agrees bool
	Again  rules.Result
}

// CentreFiled is a set of the files of the minutes.
type CentreFiled struct {
	Of    int  // 0 at closing, n at lock n
	Back  bool // came back from outside: edited, signed or scanned
	At    time.Time
	Files []CentrePaper
}

// CentreSessionPage is one session as the centre holds it.
type CentreSessionPage struct {
	Room, RoomName string
	Sample         bool
	CentreSession
	View   meeting.View
	Agrees bool // the entries read now come to the root that is signed
	Root   string
	Votes  []CentreVote
	Papers []CentrePaper
	Held   int // documents kept back in the room, their names with them
	Filed  []CentreFiled
	Broken bool // its entries are here, and this program cannot show them
}

// CentreCheck is what verifying a room's copy found.
type CentreCheck struct {
	CentreRoom
	At   time.Time
	Took time.Duration
	Keys []string
	Logs []CentreLogCheck
}

// CentreLogCheck is one log of it.
type CentreLogCheck struct {
	Own      bool // the room's own log
	Header   meeting.Header
	Size     int64
	Root     string
	Withheld int
	Entry    int64  // the first that is wrong
	Wrong    string // "" all is as signed
}

// CentreHit is one place where what was looked for stands.
type CentreHit struct {
	Room, RoomName string
	Session        string
	Header         meeting.Header
	What           string // session, item, paper, conclusion, motion
	Number         int
	Text           string
}

// CentreSearch is what was looked for and where it stands.
type CentreSearch struct {
	Query string
	Hits  []CentreHit
	All   int // more than are shown, where there are too many
}

// Whole tells whether everything is as it was signed.
func (c CentreCheck) Whole() bool {
	for _, l := range c.Logs {
		if l.Wrong != "" {
			return false
		}
	}
	return c.Wrong == ""
}
