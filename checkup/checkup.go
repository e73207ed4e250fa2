// Package checkup says what is wrong with this box and what to do about it: the
// disk, the clock, the certificate, the record, the papers, the backups and the
// line to the centre.
//
// Gather reads a data folder and changes nothing in it but for a small file of its
// own, by which it times the disk; it works beside the room that runs there. A
// running room adds what only it knows. Judge turns what was found into findings
// and touches nothing, so that every sentence can be tested without a broken box.
package checkup

import (
	"slices"
	"time"
)

// State is how a thing is.
type State string

// In the order of how much they matter.
const (
	OK        State = "ok"        // green
	Quiet     State = "quiet"     // grey: not as it could be, and normal so
	Attention State = "attention" // amber: see to it when there is time
	Act       State = "act"       // red: see to it before the next session
)

// Sentence is said in both languages.
type Sentence struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

// Or picks the language.
func (s Sentence) Or(english bool) string {
	if english {
		return s.EN
	}
	return s.VI
}

// Finding is one thing that was looked at.
type Finding struct {
	Name   string   `json:"name"` // never changes: programs watch it
	Title  Sentence `json:"title"`
	State  State    `json:"state"`
	Figure string   `json:"figure,omitempty"`
	Say    Sentence `json:"say"`
	Do     Sentence `json:"do,omitzero"` // what to do; empty where there is nothing
}

// Worst is the state of the whole box.
func Worst(all []Finding) State {
	order := []State{OK, Quiet, Attention, Act}
	worst := 0
	for _, f := range all {
		worst = max(worst, slices.Index(order, f.State))
	}
	return order[worst]
}

// Facts are what was found. A pointer that is nil was not looked at, and nothing is
// said of it.
type Facts struct {
	Now     time.Time
	Built   time.Time // of the program; zero: not known
	Demo    bool
	Running bool // a room runs in the folder

	Disk    Disk
	Clock   Clock
	Cert    *Certificate // nil: none is served
	Record  Record
	Papers  Papers
	Backup  Backup
	Centre  Centre
	Desk    *Desk // nil: the room does not run, or was not asked
	Office  bool  // LibreOffice is installed
	Version string
}

// Disk is the one the data folder lies on.
type Disk struct {
	Free, Total uint64
	Reserve     bool          // the space laid aside is there
	Memory      bool          // it is no disk at all: gone when the power is
	Sync        time.Duration // a small write that lasts, the middle one of twenty
	Err         error         // of any of these
}

// Clock is what the box's clock is compared with.
type Clock struct {
	Entry   time.Time      // the newest of the record
	File    time.Time      // when the record was written, by the file system
	Receipt time.Time      // the newest of the centre, by its clock
	Drift   *time.Duration // this clock less the centre's, when a receipt came; nil: not known
}

// Certificate is what tablets are shown.
type Certificate struct {
	From, Until time.Time
	Given       bool // by somebody else, who has to renew it
	Err         error
}

// Record is the journal.
type Record struct {
	Entries  int64
	Began    time.Time // the first entry
	Verified time.Time // when all of it was verified last; zero: not yet
	Wrong    error     // what was found then
	Err      error     // it could not be read
}

// Papers are the documents that entries name.
type Papers struct {
	Named   int
	Missing int    // of the papers themselves
	First   string // a missing one
	Images  int    // missing pictures of pages, which are drawn again
}

// Backup is what would be left if the box burned.
type Backup struct {
	Dir      string    // where it goes by itself; "" nowhere
	Last     time.Time // zero: never
	Size     int64
	Recovery bool // the recovery key was made
	Err      error
}

// Centre is the line to it.
type Centre struct {
	Paired  bool
	Name    string
	Waiting int64     // entries nobody has signed for
	Last    time.Time // the newest receipt, or the last errand that went well
	Sitting bool      // a session is on: nothing is sent
	Running bool      // it is sending now
	Fault   Sentence  // of the last errand, with what to do
	Err     error     // the receipts could not be read
}

// Desk is what only the running room knows.
type Desk struct {
	Tablets, Seats int // connected, of those with a card
	Arrivals       int // files that wait for the secretary
	Undrawn        int // papers that are not drawn yet
	Troubled       int // papers that cannot be drawn
}
