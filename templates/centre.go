package templates

import (
	"net/url"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
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

func centreRoomPath(room string) string { return "/rooms/" + room }

func centreSessionPath(room, session string) string {
	return centreRoomPath(room) + "/sessions/" + session
}

func centrePaperPath(room, session string, paper CentrePaper) string {
	return centreSessionPath(room, session) + "/documents/" + paper.Ref + "/" + url.PathEscape(paper.Name)
}

// centreChip is the colour of a state; its word says the same.
func centreChip(s CentreState) string {
	switch s {
	case CentreDamaged:
		return "alarm"
	case CentreEpoch, CentreComing, CentrePapers:
		return "brass live"
	case CentreWhole:
		return "tea live"
	case CentreSilent:
		return "brass"
	}
	return ""
}

func centreStateWord(p Page, r CentreRoom) string {
	if r.State == CentreSilent {
		return p.T("centre.state.silent", centreDay(p, r.Seen))
	}
	return p.T("centre.state." + string(r.State))
}

// centreStateSays is what a state means, and what to do about it.
func centreStateSays(p Page, r CentreRoom) string {
	if r.State == CentreComing {
		return p.T("centre.says.coming", viet.Number(r.Here), viet.Number(r.Signed))
	}
	return p.T("centre.says." + string(r.State))
}

// centreDay is a day in figures; nothing where there is none.
func centreDay(p Page, t time.Time) string {
	switch {
	case t.IsZero():
		return "…"
	case p.Lang == English:
		return t.In(viet.Zone()).Format("2 Jan 2006")
	}
	return viet.Date(t)
}

func centreMoment(p Page, t time.Time) string {
	if t.IsZero() {
		return p.T("centre.never")
	}
	return viet.Clock(t) + ", " + centreDay(p, t)
}

// centreToday is the day as a heading.
func centreToday(p Page) string {
	if p.Lang == English {
		return p.Now.In(viet.Zone()).Format("Monday, 2 January 2006")
	}
	return viet.LongDate(p.Now)
}

func centreSessionName(p Page, s CentreSession) string {
	if s.Header.Number == 0 && s.Header.Title == "" {
		return p.T("centre.session.unnamed")
	}
	return SessionName(p.Lang, s.Header)
}

// SessionName is what people call a session: its title, or its kind and number.
func SessionName(l Lang, h meeting.Header) string { return sessionName(Page{Lang: l}, h) }

func centreReceiptWords(p Page, r CentreReceipt) string {
	if r.Number == "" {
		return p.T("centre.receipt.none")
	}
	return p.T("centre.receipt.some", r.Number, centreMoment(p, r.At))
}

// centreEntries is how many entries are here of those signed.
func centreEntries(s CentreSession) string {
	if s.Here >= s.Signed {
		return viet.Number(s.Here)
	}
	return viet.Number(s.Here) + " / " + viet.Number(s.Signed)
}

// centreLogName is what people call a log.
func centreLogName(p Page, own bool, h meeting.Header) string {
	if own {
		return p.T("centre.own-log")
	}
	return centreSessionName(p, CentreSession{Header: h})
}

// centrePhaseWord is how far a session has come; of one that is still on its way
// nobody here knows.
func centrePhaseWord(p Page, s CentreSession) string {
	if s.Here < s.Signed {
		return p.T("centre.session.coming")
	}
	return p.T("centre.phase." + string(s.Phase))
}

// centreNone says that there is none of something, where all has come.
func centreNone(p Page, s CentreSessionPage, key string) string {
	if s.Here < s.Signed {
		return p.T("centre.session.not-yet")
	}
	return p.T(key)
}

func centreVerdict(p Page, v meeting.VoteView) string {
	switch {
	case v.State == meeting.VoteAnnuled:
		return p.T("centre.vote.annulled")
	case v.State == meeting.VoteOpen:
		return p.T("centre.vote.open")
	case v.Result.Outcome == rules.Passed:
		return p.T("centre.vote.carried")
	}
	return p.T("centre.vote.lost")
}

func centreCounts(p Page, v meeting.VoteView) string {
	return p.T("centre.vote.counts", v.Result.For, v.Result.Against, v.Result.Abstain, v.Result.Need)
}

func centreMotion(p Page, v meeting.VoteView) string {
	if v.Hidden || v.Motion == "" {
		return p.T("centre.withheld")
	}
	return v.Motion
}

func centrePaperName(p Page, paper CentrePaper) string {
	if paper.Name == "" {
		return p.T("centre.paper.unnamed")
	}
	return paper.Name
}

// centrePaperFacts is the size of a paper, and which version it is.
func centrePaperFacts(p Page, paper CentrePaper) string {
	version := ""
	if paper.Version > 1 {
		version = p.T("centre.paper.version", paper.Version)
	}
	return joinNonEmpty(", ", version, Bytes(paper.Size))
}

func centreFiledName(p Page, f CentreFiled) string {
	switch {
	case f.Back:
		return p.T("centre.filed.back", centreMoment(p, f.At))
	case f.Of == 0:
		return p.T("centre.filed.closing", centreMoment(p, f.At))
	}
	return p.T("centre.filed.lock", f.Of, centreMoment(p, f.At))
}

func centreHitPlace(p Page, h CentreHit) string {
	if h.Number > 0 {
		return p.T("centre.hit."+h.What+".n", h.Number)
	}
	return p.T("centre.hit." + h.What)
}

// centreRoomHolds is how many sessions of a room are here, and what room it is.
func centreRoomHolds(p Page, r CentreRoom) string {
	sample := ""
	if r.Sample {
		sample = p.T("centre.sample")
	}
	return joinNonEmpty(", ", p.T("centre.sessions.n", r.Sessions), sample)
}

func centreRoomCount(p Page, n int) string { return p.T("centre.rooms.n", n) }

// centreTook is how long something took, to a tenth of a second.
func centreTook(p Page, d time.Duration) string {
	if d < 100*time.Millisecond {
		return p.T("centre.instant")
	}
	return p.T("centre.seconds", viet.Decimal(d.Seconds(), 1))
}

func centreWrongAt(p Page, l CentreLogCheck) string {
	if l.Entry < 0 {
		return p.T("centre.check.log-bad")
	}
	return p.T("centre.check.entry", l.Entry)
}
