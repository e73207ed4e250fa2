package ghosts

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"
)

// sound is a report in which nothing is wrong.
func sound() Report {
	all := Waits{Of: 10, Done: 10, Slowest: Span(time.Second)}
	return Report{
		ComeIn: all, Screens: all, Ask: all, Recount: &Recounted{Entries: 9},
		Votes: []VoteSeen{{Number: 1, Opening: all, Ballots: all, Counting: all, Adds: true}},
	}
}

func TestAVerdict(t *testing.T) {
	for name, tt := range map[string]struct {
		so    func(*Report)
		want  Verdict
		wrong []Complaint
	}{
		"all is well":               {func(*Report) {}, Good, []Complaint{}},
		"a tablet is not in":        {func(r *Report) { r.ComeIn.Done = 9 }, Bad, []Complaint{NotIn}},
		"a screen is dark":          {func(r *Report) { r.Screens.Done = 9 }, Bad, []Complaint{Dark}},
		"a registration is lost":    {func(r *Report) { r.Ask.Done = 9 }, Bad, []Complaint{NotAsked}},
		"a screen missed the vote":  {func(r *Report) { r.Votes[0].Opening.Done = 9 }, Bad, []Complaint{Unseen}},
		"a ballot is lost":          {func(r *Report) { r.Votes[0].Lost = 1 }, Bad, []Complaint{LostVotes}},
		"a ballot is refused":       {func(r *Report) { r.Votes[0].Refused = 1 }, Bad, []Complaint{Refusals}},
		"a ballot is changed":       {func(r *Report) { r.Votes[0].Changed = 1 }, Bad, []Complaint{Miscounted}},
		"the result does not add":   {func(r *Report) { r.Votes[0].Adds = false }, Bad, []Complaint{Miscounted}},
		"the recount disagrees":     {func(r *Report) { r.Recount.Wrong = 1 }, Bad, []Complaint{Uncounted}},
		"nobody counted again":      {func(r *Report) { r.Recount = nil }, Bad, []Complaint{Uncounted}},
		"no vote was held":          {func(r *Report) { r.Votes, r.Recount = nil, nil }, Unsaid, []Complaint{NoVote}},
		"a vote was cut short":      {func(r *Report) { r.Votes[0] = VoteSeen{Number: 1, Refused: 10, Cut: true} }, Unsaid, []Complaint{NoVote}},
		"another was cut short":     {func(r *Report) { r.Votes = append(r.Votes, VoteSeen{Number: 2, Lost: 10, Cut: true}) }, Good, []Complaint{}},
		"lines were lost":           {func(r *Report) { r.Dropped = 1 }, Slow, []Complaint{Drops}},
		"somebody waited":           {func(r *Report) { r.Votes[0].Ballots.Slowest = Span(TooLong + 1) }, Slow, []Complaint{Waited}},
		"a ballot went twice":       {func(r *Report) { r.Votes[0].Again = 1 }, Slow, []Complaint{Waited}},
		"lost, and lines were lost": {func(r *Report) { r.Votes[0].Lost, r.Dropped = 1, 1 }, Bad, []Complaint{LostVotes, Drops}},
	} {
		r := sound()
		tt.so(&r)
		if r.Judge(); r.Verdict != tt.want || !reflect.DeepEqual(r.Wrong, tt.wrong) {
			t.Errorf("%s: %s %v, want %s %v", name, r.Verdict, r.Wrong, tt.want, tt.wrong)
		}
	}
}

// What one ghost is told must be what it sent.
func TestAReceipt(t *testing.T) {
	answer := func(n int, choice string) Took {
		return Took{Answer: Answer{Status: 200, Body: fmt.Appendf(nil, `{"entry":7,"n":%d,"choice":%q}`, n, choice)}}
	}
	for name, tt := range map[string]struct {
		took Took
		want VoteSeen
		said string
	}{
		"as sent":        {answer(1, "for"), VoteSeen{}, "for"},
		"another choice": {answer(1, "against"), VoteSeen{Changed: 1}, ""},
		"another number": {answer(2, "for"), VoteSeen{Changed: 1}, ""},
		"no receipt":     {Took{Answer: Answer{Body: []byte("OK")}}, VoteSeen{Changed: 1}, ""},
		"a refusal":      {Took{Err: &Refused{Answer{Status: 409}}}, VoteSeen{Refused: 1}, ""},
		"nothing":        {Took{Err: errLate}, VoteSeen{Lost: 1}, ""},
	} {
		var v VoteSeen
		if said := v.take(tt.took, "for"); said != tt.said || !reflect.DeepEqual(v, tt.want) {
			t.Errorf("%s: %q %+v", name, said, v)
		}
	}
}

// The result is held against every acknowledged ballot, and against their sum.
func TestTheComparison(t *testing.T) {
	p := &Play{cast: Cast{Ghosts: []Part{{Person: "a"}, {Person: "b"}, {Person: "c"}}}}
	seen := func(text string) (v voteSeen) {
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	acknowledged := []string{"for", "against", ""}
	for name, tt := range map[string]struct {
		text            string
		changed, others int
		adds            bool
	}{
		"as sent":   {`{"result":{"for":2,"against":1},"ballots":[{"person":"a","choice":"for"},{"person":"b","choice":"against"},{"person":"x","choice":"for"}]}`, 0, 1, true},
		"swapped":   {`{"result":{"for":1,"against":1},"ballots":[{"person":"a","choice":"against"},{"person":"b","choice":"for"}]}`, 2, 0, true},
		"lost":      {`{"result":{"for":1},"ballots":[{"person":"a","choice":"for"},{"person":"b"}]}`, 1, 0, true},
		"wrong sum": {`{"result":{"for":2,"against":1},"ballots":[{"person":"a","choice":"for"},{"person":"b","choice":"against"}]}`, 0, 0, false},
	} {
		v := &trial{}
		p.compare(v, seen(tt.text), acknowledged)
		if v.Changed != tt.changed || v.Others != tt.others || v.Adds != tt.adds {
			t.Errorf("%s: %+v", name, v.VoteSeen)
		}
	}
}

func TestASpanIsMilliseconds(t *testing.T) {
	raw, err := json.Marshal(Span(1234567 * time.Nanosecond))
	var back Span
	if err == nil {
		err = json.Unmarshal(raw, &back)
	}
	if err != nil || string(raw) != "1.2" || back != Span(1200*time.Microsecond) {
		t.Errorf("%s %v %v", raw, time.Duration(back), err)
	}
}

// A pinned key is the server's own or of what signed it, and nothing else.
func TestAPinOfNothing(t *testing.T) {
	for _, raw := range [][][]byte{nil, {}, {[]byte("x")}} {
		if Pinned("00").VerifyPeerCertificate(raw, nil) == nil {
			t.Errorf("%q is followed", raw)
		}
	}
}
