package templates

import (
	"time"

	"github.com/a-h/templ"

	"phonghop/meeting"
	"phonghop/viet"
)

// Welcome is what the first pages say of the session and of who comes.
type Welcome struct {
	Phase   meeting.Phase
	Header  meeting.Header
	Name    string // of the person who signs in; "" while nobody does
	Claimed bool   // the room has a secretary
}

func (w Welcome) body(p Page) string {
	if w.Phase == meeting.Nothing {
		return p.RoomName
	}
	return w.Header.Body
}

func (w Welcome) title(p Page) string {
	if w.Phase == meeting.Nothing {
		return p.T("join.no-session")
	}
	return p.T("join.session", w.Header.Number)
}

func (w Welcome) where(p Page) string {
	if w.Header.Title != "" {
		return w.Header.Title + ", " + w.Header.Place
	}
	return w.Header.Place
}

func (w Welcome) when(p Page) string {
	if p.Lang == English {
		return viet.Clock(w.Header.Starts) + ", " + viet.Date(w.Header.Starts)
	}
	return viet.Clock(w.Header.Starts) + ", " + viet.LongDate(w.Header.Starts)
}

func (w Welcome) over() bool { return w.Phase == meeting.Closed || w.Phase == meeting.Sealed }

// ClaimForm is what the first person of a room fills in.
type ClaimForm struct {
	Secretaries             []meeting.Person // of the session in the room, one of whom it may be
	Person                  meeting.PersonID // the one chosen; "" = somebody new
	Salutation, Name, Title string
	Unit                    string
}

// Enrolment is what a tablet needs to trust the room.
type Enrolment struct {
	Secure      string // the address under https
	HasCA       bool   // the room has a CA of its own to give
	Fingerprint string
}

func salutations() []string { return []string{viet.Comrade, viet.Mister, viet.Madam} }

// invalid marks the field the sentence is about.
func invalid(sentence string) templ.Attributes {
	if sentence == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "said"}
}

// Lasts says how long something takes: "40 giây".
func Lasts(l Lang, d time.Duration) string { return lasts(Page{Lang: l}, d) }

// FullName is how somebody is called: "Bà Hoàng Thị Thảo".
func FullName(who meeting.Person) string { return nameOf(who) }
