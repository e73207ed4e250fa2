package templates

import (
	"time"

	"github.com/a-h/templ"

	"phonghop/meeting"
)

// Page is what every page knows beside what it shows.
type Page struct {
	Lang     Lang
	Size     string    // of the letters: "", "a-plus", "a-plus-plus"
	Theme    string    // "", "dark"
	Now      time.Time // the room's time of day
	Clock    int64     // the room's own clock, in ms; it never jumps
	Demo     bool
	Insecure bool   // plain http on a network: a mark on every screen
	Notice   string // one sentence on top
	Standing string // key of what the room says to everybody: "notice.ended"

	Staged     bool // of a rehearsal: a band on every page
	Rehearsing bool // one is on beside the room: its screens offer the way in

	RoomName string
	Address  string                    // what a tablet types to come here
	Called   string                    // the name announced on the network; "" where there is none
	Tablets  map[meeting.PersonID]bool // connected now
	Path     string                    // of this page, to come back to
	Arrivals []meeting.Arrival         // files that came in; on the secretary's pages only
	Folder   string                    // where files are dropped; there too
	Take     string                    // address of the filed minutes for whoever is in the hall; on its picture only
	Waiting  []WaitingTablet           // tablets that ask for a seat; those this reader may decide about
}

// WaitingTablet asks for a seat that another tablet has.
type WaitingTablet struct {
	ID     string
	Person meeting.PersonID // whose seat it asks for
	Name   string
	Mine   bool   // the reader's own
	Code   string // for the secretary to read out, once it is enough
}

// T is a text in the page's language.
func (p Page) T(key string, args ...any) string { return p.Lang.T(key, args...) }

// Ends puts a time of day on the scale of the room's clock, for countdowns. The
// same moment gives the same number on every page of one run.
func (p Page) Ends(at time.Time) int64 { return p.Clock + at.Sub(p.Now).Milliseconds() }

// Panel is one part of a screen that is sent again when it changed. ID is the
// element whose inside it replaces.
type Panel struct {
	ID   string
	Body templ.Component

	// Again, where set, is a comparable value: the panel is sent again when it
	// changes, and not for what else is in the body, which reaches the tablet
	// another way.
	Again any
}
