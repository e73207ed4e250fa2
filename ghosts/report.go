package ghosts

import (
	"encoding/json"
	"slices"
	"time"
)

// Span is a wait; programs read it in milliseconds.
type Span time.Duration

// MarshalJSON writes milliseconds, to a tenth.
func (s Span) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Duration(s).Round(100*time.Microsecond)) / float64(time.Millisecond))
}

// UnmarshalJSON reads them.
func (s *Span) UnmarshalJSON(raw []byte) error {
	var ms float64
	err := json.Unmarshal(raw, &ms)
	*s = Span(ms * float64(time.Millisecond))
	return err
}

// Report is what a rehearsal saw, from the tablets' end.
type Report struct {
	At      time.Time   `json:"at"`
	Tablets int         `json:"tablets"`
	InBox   bool        `json:"in_box"` // they ran on the room's own computer
	ComeIn  Waits       `json:"come_in"`
	Screens Waits       `json:"screens"`
	Ask     Waits       `json:"ask"`
	Votes   []VoteSeen  `json:"votes"`
	Dropped int         `json:"dropped"` // streams that ended though nobody wanted them to
	Joined  []string    `json:"joined"`  // people at their own tablets
	Recount *Recounted  `json:"recount"` // nil: nobody counted
	Ended   string      `json:"ended"`   // why, as the room named it
	Trouble []string    `json:"trouble,omitempty"`
	Fault   string      `json:"fault,omitempty"` // what kept it from going on
	Verdict Verdict     `json:"verdict"`
	Wrong   []Complaint `json:"wrong"`
}

// Recounted is the room's own check of the log at the end.
type Recounted struct {
	Entries int64 `json:"entries"`
	Wrong   int   `json:"wrong"`
}

// Waits is one thing that many tablets did, or waited to see.
type Waits struct {
	Of      int    `json:"of"`
	Done    int    `json:"done"`
	Half    Span   `json:"half_ms"`
	Most    Span   `json:"most_ms"` // 95 of 100 within
	Slowest Span   `json:"slowest_ms"`
	Seat    string `json:"slowest_seat,omitempty"`
	Took    Span   `json:"took_ms"` // from the first to the last of all
}

// VoteSeen is one trial vote.
type VoteSeen struct {
	Number   int    `json:"number"`
	Opening  Waits  `json:"opening"` // until a screen showed it, from the press of the key
	Ballots  Waits  `json:"ballots"` // Of were sent, Done acknowledged
	Again    int    `json:"again"`   // acknowledged only when sent a second time
	Refused  int    `json:"refused"`
	Lost     int    `json:"lost"`
	Changed  int    `json:"changed"` // counted otherwise than they were sent, or not at all
	For      int    `json:"for"`
	Against  int    `json:"against"`
	Abstain  int    `json:"abstain"`
	Others   int    `json:"others"` // ballots of people at their own tablets
	Adds     bool   `json:"adds"`   // the result is the sum of the ballots
	Code     string `json:"code"`
	Cut      bool   `json:"cut,omitempty"` // it was not held to its end: nothing is judged by it
	Counting Waits  `json:"counting"`      // until a screen showed the result
}

// Verdict is the one word of a report.
type Verdict string

// The verdicts, the best first.
const (
	Good   Verdict = "good"
	Slow   Verdict = "slow"   // nothing is lost or wrong, but somebody waited
	Unsaid Verdict = "unsaid" // it ended before a vote was held
	Bad    Verdict = "bad"
)

// Complaint is one thing that was lost or wrong, or that somebody should know.
type Complaint string

// The complaints. Those up to Uncounted are wrong; the last two are to be known.
const (
	NotIn      Complaint = "not-in"     // tablets that did not get in
	Dark       Complaint = "dark"       // screens that did not come on
	NotAsked   Complaint = "not-asked"  // registrations to speak that were not acknowledged
	Unseen     Complaint = "unseen"     // screens that never showed a vote, or its result
	LostVotes  Complaint = "lost"       // ballots without an answer
	Refusals   Complaint = "refused"    // ballots that were refused
	Miscounted Complaint = "miscounted" // a result that is not what was sent
	Uncounted  Complaint = "uncounted"  // the recount found something wrong, or there was none
	NoVote     Complaint = "no-vote"    // it ended before a vote was held
	Drops      Complaint = "dropped"
	Waited     Complaint = "waited" // somebody waited longer than TooLong
)

// TooLong is a wait at which a tablet says "CHƯA GHI": people notice.
const TooLong = 3 * time.Second

// Judge fills in what is wrong and the verdict.
func (r *Report) Judge() {
	r.Wrong = []Complaint{}
	for _, c := range []struct {
		what Complaint
		is   bool
	}{
		{NotIn, r.ComeIn.Done < r.ComeIn.Of}, {Dark, r.Screens.Done < r.Screens.Of}, {NotAsked, r.Ask.Done < r.Ask.Of},
		{Unseen, r.any(func(v VoteSeen) bool { return v.Opening.Done < v.Opening.Of || v.Counting.Done < v.Counting.Of })},
		{LostVotes, r.any(func(v VoteSeen) bool { return v.Lost > 0 })},
		{Refusals, r.any(func(v VoteSeen) bool { return v.Refused > 0 })},
		{Miscounted, r.any(func(v VoteSeen) bool { return v.Changed > 0 || !v.Adds })},
		{Uncounted, r.Recount == nil && r.held() || r.Recount != nil && r.Recount.Wrong > 0},
		{NoVote, !r.held()},
	} {
		if c.is {
			r.Wrong = append(r.Wrong, c.what)
		}
	}
	switch {
	case len(r.Wrong) == 0:
		r.Verdict = Good
	case slices.Equal(r.Wrong, []Complaint{NoVote}):
		r.Verdict = Unsaid
	default:
		r.Verdict = Bad
	}
	r.heed(Drops, r.Dropped > 0)
	r.heed(Waited, time.Duration(r.Slowest().Slowest) > TooLong || r.any(func(v VoteSeen) bool { return v.Again > 0 }))
}

func (r *Report) heed(what Complaint, is bool) {
	if !is {
		return
	}
	r.Wrong = append(r.Wrong, what)
	if r.Verdict == Good {
		r.Verdict = Slow
	}
}

func (r *Report) any(is func(VoteSeen) bool) bool {
	return slices.ContainsFunc(r.Votes, func(v VoteSeen) bool { return !v.Cut && is(v) })
}

// held tells whether a vote was held to its end.
func (r *Report) held() bool { return r.any(func(VoteSeen) bool { return true }) }

// Slowest are the ballots of the vote in which somebody waited longest.
func (r *Report) Slowest() (w Waits) {
	for _, v := range r.Votes {
		if !v.Cut && v.Ballots.Slowest >= w.Slowest {
			w = v.Ballots
		}
	}
	return w
}

// waits sums up what became of a crowd.
func waits(took []Took) Waits {
	times := Answered(took)
	w := Waits{
		Of: len(took), Done: len(times), Half: Span(times.At(50)), Most: Span(times.At(95)), Slowest: Span(times.At(100)),
	}
	if s, ok := Slowest(took); ok {
		w.Seat = s.Seat
	}
	w.Took = w.Slowest
	return w
}
