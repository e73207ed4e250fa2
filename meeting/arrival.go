package meeting

import "time"

// Arrival is a file that came in and is not a paper yet. It is of the present:
// never journaled, lost at a restart, and found again in its folder.
type Arrival struct {
	ID       string
	Item     ItemID // "" while nobody has said which
	ItemNo   int
	File     string // as it was dropped, cleaned for the eye
	Name     string // proposed name of the paper
	Size     int64
	Got      int64 // bytes here so far
	State    ArrivalState
	Trouble  Trouble
	Detail   string  // a name, a number or a page for the sentence
	Replaces PaperID // the paper it would be a new version of
	Version  int     // it would become
	Ref      string  // SHA-256, once it is kept
	At       time.Time
	Pages    int // drawn so far
	Total    int
	From     string // "folder", "browser", "usb"
}

// ArrivalState is how far an arrival has come.
type ArrivalState string

const (
	ArrivalReceiving ArrivalState = "receiving" // its size still changes
	ArrivalChecking  ArrivalState = "checking"
	ArrivalWaiting   ArrivalState = "waiting" // for PHÁT
	ArrivalHeld      ArrivalState = "held"    // GIỮ was pressed
	ArrivalRefused   ArrivalState = "refused"
	ArrivalNoticed   ArrivalState = "noticed" // placed, with something to know: Trouble says what
)

// Trouble names what is wrong with a file, or worth knowing of it. The sentence
// people read lives in templates.
type Trouble string

const (
	TroubleEmpty         Trouble = "empty"
	TroubleTruncated     Trouble = "truncated"
	TroubleEncrypted     Trouble = "encrypted"
	TroubleMislabelled   Trouble = "mislabelled" // its bytes are of another type than its name says
	TroubleProgram       Trouble = "program"
	TroubleUnreadable    Trouble = "unreadable"
	TroubleTooLarge      Trouble = "too-large"
	TroubleLink          Trouble = "link"
	TroubleDiskFull      Trouble = "disk-full"
	TroubleArchive       Trouble = "archive"
	TroubleArchiveNames  Trouble = "archive-names"
	TroubleNoItem        Trouble = "no-item"
	TroubleOfficeMissing Trouble = "office-missing"
	TroubleOfficeFailed  Trouble = "office-failed"
	TroubleNoPages       Trouble = "no-pages"
	TroubleOldFont       Trouble = "old-font" // .VnTime and its kin
	TroubleNameChanged   Trouble = "name-changed"
	TroubleDuplicate     Trouble = "duplicate"
	TroubleClosed        Trouble = "closed"
	TroublePlacedUndrawn Trouble = "placed-undrawn"
)
