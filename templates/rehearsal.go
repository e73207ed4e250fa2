package templates

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"phonghop/viet"
)

// Rehearsal is the page of whoever holds one.
type Rehearsal struct {
	Key     string
	Members int // of the session: what is suggested
	Most    int
	Sitting bool

	On      bool
	Ending  bool
	InBox   bool // its simulated tablets are
	Tablets int
	Here    int // of them, connected
	People  []RehearsalGuest
	Extra   string // the address for tablets without a seat
	Step    RehearsalStep
	Fault   string

	Link   string           // one-time; only on the page that was asked for it
	Report *RehearsalReport // of the one that is on, or of the last
}

// RehearsalGuest is somebody at their own tablet.
type RehearsalGuest struct {
	Name string
	Here bool
}

// RehearsalStep is what the simulated tablets do now.
type RehearsalStep struct {
	Name           string // "voting"; "" before the first
	Vote, Done, Of int
}

// RehearsalReport is what a rehearsal saw.
type RehearsalReport struct {
	At                   time.Time
	Tablets              int
	InBox                bool
	ComeIn, Screens, Ask RehearsalWaits
	Votes                []RehearsalVote
	Dropped              int
	Joined               []string
	Recount              bool // the log was counted again
	Entries              int64
	Miscounts            int
	Ended                string // why; "" while it goes on
	Verdict              string // good, slow, unsaid, bad
	Wrong                []string
	Trouble              []string
}

// RehearsalWaits is one thing that many tablets did, or waited to see.
type RehearsalWaits struct {
	Of, Done                  int
	Half, Most, Slowest, Took time.Duration
	Seat                      string
}

// RehearsalVote is one trial vote.
type RehearsalVote struct {
	Number                     int
	Opening, Ballots, Counting RehearsalWaits
	Again, Refused, Lost       int
	Changed                    int
	Adds, Cut                  bool
	For, Against, Abstain      int
	Others                     int
}

// RehearsalRow is one line of a report: what it is about, and what was seen.
type RehearsalRow struct {
	Title string
	Says  []string
	Bad   bool
}

// RehearsalVerdict is the sentence of a report, and what is wrong with what to do.
func RehearsalVerdict(l Lang, r RehearsalReport) (verdict string, wrong []string) {
	slowest := r.slowest()
	switch r.Verdict {
	case "good":
		verdict = l.T("rehearsal.verdict.good", count(l, r.Tablets), spell(l, slowest))
	default:
		verdict = l.T("rehearsal.verdict."+r.Verdict, count(l, r.Tablets))
	}
	figures := map[string]string{
		"not-in": count(l, r.ComeIn.Of-r.ComeIn.Done), "dark": count(l, r.Screens.Of-r.Screens.Done), "dropped": count(l, r.Dropped),
		"lost":    count(l, r.sum(func(v RehearsalVote) int { return v.Lost })),
		"refused": count(l, r.sum(func(v RehearsalVote) int { return v.Refused })), "waited": spell(l, slowest),
	}
	for _, what := range r.Wrong {
		if figure, ok := figures[what]; ok {
			wrong = append(wrong, l.T("rehearsal.wrong."+what, figure))
		} else {
			wrong = append(wrong, l.T("rehearsal.wrong."+what))
		}
	}
	return verdict, wrong
}

func (r RehearsalReport) slowest() (most time.Duration) {
	for _, v := range r.Votes {
		if !v.Cut {
			most = max(most, v.Ballots.Slowest)
		}
	}
	return most
}

func (r RehearsalReport) sum(of func(RehearsalVote) int) (n int) {
	for _, v := range r.Votes {
		if !v.Cut {
			n += of(v)
		}
	}
	return n
}

// RehearsalRows are the lines of a report.
func RehearsalRows(l Lang, r RehearsalReport) []RehearsalRow {
	rows := []RehearsalRow{
		{l.T("rehearsal.row.in"), said1(l.T("rehearsal.row.in.say", part(l, r.ComeIn), spell(l, r.ComeIn.Took), worst(l, r.ComeIn))), r.ComeIn.lacks()},
		{l.T("rehearsal.row.screens"), said1(shown(l, r.Screens)), r.Screens.lacks()},
		{l.T("rehearsal.row.ask"), said1(l.T("rehearsal.row.ask.say", part(l, r.Ask), worst(l, r.Ask))), r.Ask.lacks()},
	}
	rows = slices.DeleteFunc(rows, func(row RehearsalRow) bool { return row.Says[0] == "" })
	for _, v := range r.Votes {
		rows = append(rows, voteRow(l, v))
	}
	dropped := l.T("rehearsal.row.dropped.0")
	if r.Dropped > 0 {
		dropped = l.T("rehearsal.row.dropped.n", count(l, r.Dropped))
	}
	rows = append(rows, RehearsalRow{l.T("rehearsal.row.dropped"), said1(dropped), r.Dropped > 0}, recountRow(l, r))
	if len(r.Joined) > 0 {
		rows = append(rows, RehearsalRow{Title: l.T("rehearsal.row.joined"), Says: said1(strings.Join(r.Joined, ", "))})
	}
	if len(r.Trouble) > 0 {
		rows = append(rows, RehearsalRow{l.T("rehearsal.row.trouble"), r.Trouble, true})
	}
	return rows
}

func voteRow(l Lang, v RehearsalVote) RehearsalRow {
	if v.Cut {
		return RehearsalRow{Title: l.T("rehearsal.row.vote", v.Number), Says: said1(l.T("rehearsal.row.cut"))}
	}
	b := v.Ballots
	says := []string{l.T("rehearsal.row.opened", shown(l, v.Opening))}
	if v.Opening.Of == 0 {
		says = nil // somebody else opened it
	}
	says = append(says, l.T("rehearsal.row.ballots", count(l, b.Of), count(l, b.Done), count(l, v.Lost), count(l, v.Refused)))
	if v.Again > 0 {
		says = append(says, l.T("rehearsal.row.again", count(l, v.Again)))
	}
	if b.Done > 0 {
		says = append(says, l.T("rehearsal.row.times", spell(l, b.Half), spell(l, b.Most), worst(l, b)))
	}
	if v.Counting.Of > 0 {
		key, args := "rehearsal.row.result", []any{count(l, v.For), count(l, v.Against), count(l, v.Abstain)}
		if v.Changed > 0 || !v.Adds {
			key, args = "rehearsal.row.wrong", append(args, count(l, v.Changed))
		}
		says = append(says, l.T(key, args...))
		if v.Others > 0 {
			says = append(says, l.T("rehearsal.row.people", count(l, v.Others)))
		}
		says = append(says, l.T("rehearsal.row.counted", shown(l, v.Counting)))
	}
	bad := v.Lost > 0 || v.Refused > 0 || v.Changed > 0 || v.Opening.lacks() || v.Counting.lacks()
	return RehearsalRow{l.T("rehearsal.row.vote", v.Number), says, bad}
}

func recountRow(l Lang, r RehearsalReport) RehearsalRow {
	row := RehearsalRow{Title: l.T("rehearsal.row.recount"), Bad: !r.Recount || r.Miscounts > 0}
	switch {
	case !r.Recount:
		row.Says = said1(l.T("rehearsal.row.recount.0"))
	case r.Miscounts > 0:
		row.Says = said1(l.T("rehearsal.row.recount.no", count(l, int(r.Entries)), count(l, r.Miscounts)))
	default:
		row.Says = said1(l.T("rehearsal.row.recount.ok", count(l, int(r.Entries))))
	}
	return row
}

func said1(sentence string) []string { return []string{sentence} }

func (w RehearsalWaits) lacks() bool { return w.Done < w.Of }

// shown says how many screens showed something, and when the last one did.
func shown(l Lang, w RehearsalWaits) string {
	return l.T("rehearsal.row.seen", part(l, w), worst(l, w))
}

func part(l Lang, w RehearsalWaits) string {
	return l.T("rehearsal.of", count(l, w.Done), count(l, w.Of))
}

// worst is the longest wait, and whose it was.
func worst(l Lang, w RehearsalWaits) string {
	if w.Done == 0 {
		return l.T("rehearsal.row.none")
	}
	return l.T("rehearsal.who", spell(l, w.Slowest), strings.ReplaceAll(w.Seat, " ", "\u00a0"))
}

// spell writes a wait in seconds, as exactly as it matters.
func spell(l Lang, d time.Duration) string {
	places := 2
	switch {
	case d < 100*time.Millisecond:
		places = 3
	case d >= 10*time.Second:
		places = 1
	}
	text := viet.Decimal(d.Seconds(), places)
	if l == English {
		text = strconv.FormatFloat(d.Seconds(), 'f', places, 64)
	}
	return l.T("rehearsal.seconds", text)
}

func count(l Lang, n int) string {
	if l == English {
		return strings.ReplaceAll(viet.Number(int64(n)), ".", ",")
	}
	return viet.Number(int64(n))
}

// rehearsalStep says what goes on now.
func rehearsalStep(p Page, x Rehearsal) string {
	switch {
	case x.Ending:
		return p.T("rehearsal.step.ending")
	case !x.InBox:
		return p.T("rehearsal.step.outside")
	}
	return RehearsalStepSays(p.Lang, x.Step)
}

// RehearsalStepSays puts a step into words.
func RehearsalStepSays(l Lang, s RehearsalStep) string {
	switch s.Name {
	case "":
		return l.T("rehearsal.step.come-in")
	case "people":
		return l.T("rehearsal.step.people", s.Vote, s.Of)
	case "opening", "voting", "counting":
		return l.T("rehearsal.step."+s.Name, s.Vote)
	default:
		return l.T("rehearsal.step." + s.Name)
	}
}

// resting: the ghosts wait for the next trial vote.
func (x Rehearsal) resting() bool { return x.On && x.InBox && !x.Ending && x.Step.Name == "resting" }

func (x Rehearsal) command() string { return `phonghop rehearse --tablets 60 --link "` + x.Link + `"` }

// standingOn is what a page says to everybody; the way into a rehearsal is offered on
// screens alone.
func standingOn(p Page, d Document) Page {
	p.Rehearsing = p.Rehearsing && d.Live != ""
	return p
}
