package templates

import (
	"net/url"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/minutes"
)

// SessionList is the page of all sessions as one reader may have it.
type SessionList struct {
	Sessions []SessionLine // newest first
	Keeper   bool          // looks after the files, or presides: the savings are for them
	Clerk    bool          // looks after the files
	Damaged  int           // sessions whose record is not what was signed: they are not in the list
	Office   *OfficeForm   // nil: nothing to change here
}

// SessionLine is one session of the list.
type SessionLine struct {
	ID      meeting.SessionID
	Header  meeting.Header
	Phase   meeting.Phase
	Minutes meeting.MinutesState
	Receipt ReceiptState
	Files   bool // papers, tables and the session file are for this reader
	Final   bool // the final minutes are
}

// SessionInfo puts in what the room says of a session.
func (l *SessionLine) SessionInfo(number int, kind, title string, starts time.Time, phase meeting.Phase) {
	l.Header.Number, l.Header.Kind, l.Header.Title, l.Header.Starts, l.Phase = number, kind, title, starts, phase
}

// ReceiptState is whether the centre has said that it holds a session.
type ReceiptState string

const (
	ReceiptUnknown ReceiptState = ""     // this room has no centre
	ReceiptWaits   ReceiptState = "wait" // not yet
	ReceiptHere    ReceiptState = "here"
)

// OfficeForm is what the office says of itself on its papers.
type OfficeForm struct {
	minutes.Office
	Key string
}

// SessionFiles is what can be taken away of one session.
type SessionFiles struct {
	SessionLine
	Papers []PaperLink
	Tables []TableLink
	People []meeting.Attended
	Votes  []meeting.AccountVote
	Writes bool // the reader may write its minutes
	ZIP    bool // the session file is for this reader
}

// PaperLink is a paper that is drawn on demand.
type PaperLink struct {
	Name   string // of its file, without the ending
	Before bool   // for the time before the session
}

// TableLink is a table that is written on demand.
type TableLink struct {
	Name     string
	Workbook bool // as a workbook too
}

// Part of the papers: those for before the session, or those for after it.
func (d SessionFiles) part(before bool) []PaperLink {
	var out []PaperLink
	for _, x := range d.Papers {
		if x.Before == before {
			out = append(out, x)
		}
	}
	return out
}

// held: there is something to tell of the session.
func (l SessionLine) held() bool {
	return l.Phase != meeting.Preparing && l.Phase != meeting.Nothing
}

// counted are the votes whose ballots may be looked at.
func (d SessionFiles) counted() []meeting.AccountVote {
	var out []meeting.AccountVote
	for _, v := range d.Votes {
		if v.State == meeting.VoteDone {
			out = append(out, v)
		}
	}
	return out
}

// SessionHref is the page of a session's files.
func SessionHref(id meeting.SessionID) string { return "/sessions/" + url.PathEscape(string(id)) }

func documentHref(id meeting.SessionID, name string) string {
	return SessionHref(id) + "/documents/" + name
}

func minutesFileHref(id meeting.SessionID, name string) string {
	return "/minutes/" + url.PathEscape(string(id)) + "/" + name
}

// minutesWords says in words how far the minutes of a session have come.
func (l SessionLine) minutesWords(p Page) string {
	m := l.Minutes
	switch {
	case officialReturned(m):
		return p.T("after.min.official")
	case m.Locked && confirmedBy(m, meeting.RoleChair) && confirmedBy(m, meeting.RoleSecretary):
		return p.T("after.min.confirmed")
	case m.Locked:
		return p.T("after.min.locked", m.Version)
	case l.Phase == meeting.Sitting || l.Phase == meeting.Recess:
		return p.T("after.min.sitting")
	case m.Version > 0:
		return p.T("after.min.unlocked")
	}
	return p.T("after.min.open")
}

// settled: nothing is left to do on the minutes.
func (l SessionLine) settled() bool {
	return officialReturned(l.Minutes) || l.Minutes.Locked && confirmedBy(l.Minutes, meeting.RoleChair) && confirmedBy(l.Minutes, meeting.RoleSecretary)
}

func confirmedBy(m meeting.MinutesState, as meeting.Role) bool {
	for _, c := range m.Confirmed {
		if c.As == as {
			return true
		}
	}
	return false
}

func officialReturned(m meeting.MinutesState) bool {
	for _, r := range m.Returned {
		if r.Sort == meeting.ReturnedSigned {
			return true
		}
	}
	return false
}

func titleLines(o OfficeForm) string { return strings.Join(o.ForChair, "\n") }
