package templates

import (
	"strconv"
	"strings"
	"time"

	"phonghop/viet"
)

// IT is how the box is: what is said of the line to the centre, of its backups, of
// the drives that are plugged in, and of the box itself.
type IT struct {
	Key     string
	Sitting bool // a session is on: nothing is sent, which is normal
	Centre  ITCentre
	Rows    []ITRow
	Job     ITJob
	Backup  ITBackup
	Drives  []ITDrive
	Health  []ITFinding
	Checked time.Time // when the box was looked at last; zero: not yet
	Version string
}

// Told is a sentence in both languages that was made elsewhere.
type Told struct{ VI, EN string }

func (t Told) in(p Page) string {
	if p.Lang == English {
		return t.EN
	}
	return t.VI
}

// ITCentre is the line to the centre.
type ITCentre struct {
	Paired, Running bool
	Name, URL       string // URL is empty where parcels alone go there
	Fault           Told   // of the last errand, with the next step; empty: none
	Good, Next      time.Time
	Waiting         int64 // entries nobody has signed for
	Papers, Sent    int64 // bytes of papers, while it runs
	Rate            float64
	Left            time.Duration
}

// ITRow is one log on its way: here, sent, confirmed. Only the third is done.
type ITRow struct {
	Session               int // its number; 0 for the room's own log
	Title                 string
	Here, Sent, Confirmed int64
	Receipt               string
	At                    time.Time // of the receipt
}

// ITJob is what somebody asked for here, and what came of it.
type ITJob struct {
	Running bool
	Bad     bool
	Said    Told
	At      time.Time
}

// ITBackup is what would be left if the box burned.
type ITBackup struct {
	Folder   string // where it goes by itself; "" nowhere
	Last     time.Time
	Bytes    int64
	Recovery bool // the recovery key was made
}

// ITDrive is a USB drive.
type ITDrive struct {
	Name, Path string
	Free       int64
}

// ITFinding is one thing that was looked at: State is "ok", "quiet", "attention"
// or "act".
type ITFinding struct {
	Name, State    string
	Title, Say, Do Told
	Figure         string
}

// itLine says how delivery stands: a key of a text.
func itLine(x IT) string {
	switch c := x.Centre; {
	case !c.Paired:
		return "unpaired"
	case c.Running:
		return "sending"
	case c.Waiting == 0:
		return "done"
	case x.Sitting:
		return "sitting"
	case c.URL == "":
		return "stick"
	}
	return "waiting"
}

// itChip is the chip of the line: green when it moves or is done, grey when it
// rests, brass when somebody should act.
func itChip(x IT) string {
	switch itLine(x) {
	case "sending", "done":
		return "tea"
	case "unpaired":
		return "brass"
	}
	return "line"
}

// itLineSays is the sentence under the title.
func itLineSays(p Page, x IT) string {
	c := x.Centre
	switch line := itLine(x); line {
	case "sending":
		return p.T("it.line.sending.say")
	case "done":
		if c.Good.IsZero() {
			return p.T("it.line.done.say")
		}
		return p.T("it.line.done.at", itMoment(p, c.Good))
	case "waiting":
		if !c.Next.IsZero() {
			return p.T("it.line.waiting.next", viet.Clock(c.Next))
		}
		return p.T("it.line.waiting.say")
	default:
		return p.T("it.line." + line + ".say")
	}
}

// itPace says how fast papers go and how long it takes.
func itPace(p Page, c ITCentre) string {
	out := p.T("it.bytes", Bytes(c.Sent), Bytes(c.Papers))
	if c.Rate > 0 {
		out += ", " + p.T("it.rate", Bytes(int64(c.Rate)))
	}
	if c.Left >= time.Second {
		out += ", " + p.T("it.left", itDuration(p, c.Left))
	}
	return out
}

func itDuration(p Page, d time.Duration) string {
	if d < time.Minute {
		return p.T("it.seconds", int(d.Seconds()))
	}
	return p.T("it.minutes", int((d + time.Minute - 1).Minutes()))
}

// itMoment is a time of today, or a date.
func itMoment(p Page, at time.Time) string {
	if viet.Date(at) == viet.Date(p.Now) {
		return viet.Clock(at)
	}
	return viet.Clock(at) + ", " + viet.Date(at)
}

// itAge says how old something is.
func itAge(p Page, at time.Time) string {
	switch age := p.Now.Sub(at); {
	case age < time.Hour:
		return p.T("it.age.now")
	case age < 24*time.Hour:
		return p.T("it.age.hours", int(age.Hours()))
	default:
		return p.T("it.age.days", int(age.Hours()/24))
	}
}

func itRowName(p Page, r ITRow) string {
	if r.Session == 0 {
		return p.T("it.row.room")
	}
	return p.T("it.row.session", r.Session)
}

// itWorst is the state of the whole box, and how many things are in it.
func itWorst(all []ITFinding) (state string, n int) {
	for _, state := range []string{"act", "attention"} {
		n := 0
		for _, f := range all {
			if f.State == state {
				n++
			}
		}
		if n > 0 {
			return state, n
		}
	}
	return "ok", 0
}

// itOrder puts what must be seen to first.
func itOrder(all []ITFinding) (out []ITFinding) {
	for _, state := range []string{"act", "attention", "quiet", "ok"} {
		for _, f := range all {
			if f.State == state {
				out = append(out, f)
			}
		}
	}
	return out
}

func itIcon(state string) string {
	switch state {
	case "act":
		return "circle-x"
	case "attention":
		return "triangle-alert"
	case "quiet":
		return "minus"
	}
	return "check"
}

// itParts is a key in pieces that can be read out and compared.
func itParts(secret string) []string {
	var out []string
	for len(secret) > 0 {
		n := min(8, len(secret))
		out = append(out, secret[:n])
		secret = secret[n:]
	}
	return out
}

// itNumber writes a count.
func itNumber(n int64) string { return viet.Number(n) }

// namedAddress is how the room is found by the name it announces; "" where it
// announces none.
func namedAddress(p Page) string {
	scheme, rest, ok := strings.Cut(p.Address, "://")
	if p.Called == "" || !ok {
		return ""
	}
	port := ""
	if i := strings.LastIndexByte(rest, ':'); i > strings.LastIndexByte(rest, ']') {
		port = rest[i:]
	}
	return scheme + "://" + strings.TrimSuffix(p.Called, ".") + port
}

func itBytes(n int64) string { return strconv.FormatInt(n, 10) }
