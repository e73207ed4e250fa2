package meeting

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"phonghop/rules"
)

var screens = []Audience{
	{Screen: MemberScreen}, {Screen: ChairScreen}, {Screen: SecretaryScreen}, {Screen: HallScreen}, {MemberScreen, "guest"},
}

// Random histories: whatever people press, in whatever order, the log replays
// to the live state, nobody is counted twice, and a snapshot never changes
// under its reader.
func TestRandomHistories(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := begin(t, 6)
		r.do("clerk", func(a Act) ([]Event, error) {
			return r.s.Seat(a, Person{ID: "guest", Name: "Khách", Role: RoleGuest, Items: []ItemID{"i2"}})
		})
		r.do("clerk", func(a Act) ([]Event, error) {
			return r.s.Seat(a, Person{ID: "sub", Name: "Dự thay", Role: RoleSubstitute, For: "m05"})
		})
		if rapid.Bool().Draw(rt, "sit") {
			r.sit(6, 1)
		}
		h := history{r: r, rt: rt}
		for range rapid.IntRange(1, 60).Draw(rt, "presses") {
			h.press()
		}
		h.check()
	})
}

type history struct {
	r     *room
	rt    *rapid.T
	kept  *Session // a snapshot taken on the way
	views []string // as it looked then
	votes int
	items int
}

// press makes one random press by a random person; refusals are part of life.
func (h *history) press() {
	r, s := h.r, h.r.s
	by := rapid.SampledFrom([]PersonID{"m00", "m00", "m00", "clerk", "clerk", "m01", "m02", "m03", "m05", "guest", "sub", "stranger"}).Draw(h.rt, "by")
	a := Act{By: by, At: r.now, Saw: s.Stage() - rapid.SampledFrom([]int{0, 0, 0, 0, 1}).Draw(h.rt, "late")}
	verbs := h.verbs(a)
	events, err := verbs[rapid.IntRange(0, len(verbs)-1).Draw(h.rt, "verb")]()
	var refusal Refusal
	if err != nil && !errors.As(err, &refusal) {
		h.rt.Fatalf("an error that is no refusal: %v", err)
	}
	if err == nil {
		r.record(by, events)
	}
	r.now = r.now.Add(time.Duration(rapid.IntRange(-3, 9).Draw(h.rt, "seconds")) * time.Second)
	if h.kept == nil && rapid.IntRange(0, 9).Draw(h.rt, "keep") == 0 {
		h.kept = r.s
		h.views = looks(r.s)
	}
}

func (h *history) verbs(a Act) []func() ([]Event, error) {
	s := h.r.s
	pick := func(name string, n int) int { return rapid.IntRange(0, n-1).Draw(h.rt, name) }
	who := member(pick("who", 7))
	it := ItemID(fmt.Sprintf("i%d", pick("item", 4)))
	h.votes++
	next := VoteID(fmt.Sprintf("v%d", h.votes))
	at := next
	if v := s.SeenBy(Audience{}).Votes; len(v) > 0 {
		at = v[pick("vote", len(v))].ID
	}
	choice := []rules.Choice{rules.For, rules.Against, rules.Abstain, "?"}[pick("choice", 4)]
	cast := func() ([]Event, error) { return s.Cast(a, at, pick("n", 5), choice) }
	return []func() ([]Event, error){
		cast, cast, cast, cast, cast,
		func() ([]Event, error) { return s.OpenVote(a, next, it, "Thông qua", 0, "") },
		func() ([]Event, error) { return s.OpenVote(a, next, "i2", "Thông qua", 0, "Cần ngay") },
		func() ([]Event, error) { return s.CloseVote(a, at, true) },
		func() ([]Event, error) { return s.Annul(a, at, "Nhầm") },
		func() ([]Event, error) { return s.CastFor(a, at, who, choice, "Máy hỏng") },
		func() ([]Event, error) { return s.Open(a, "") },
		func() ([]Event, error) { return s.OpenItem(a, it) },
		func() ([]Event, error) { return s.CloseItem(a, it) },
		func() ([]Event, error) { return s.Conclude(a, it, "Thống nhất") },
		func() ([]Event, error) { return s.MarkPresent(a, a.By) },
		func() ([]Event, error) { return s.MarkPresent(a, who) },
		func() ([]Event, error) { return s.MarkAway(a, who, "") },
		func() ([]Event, error) { return s.AskFloor(a, "về phụ lục", false) },
		func() ([]Event, error) { return s.WithdrawAsk(a, who) },
		func() ([]Event, error) { return s.GiveFloor(a, who, 0) },
		func() ([]Event, error) { return s.Extend(a, 60) },
		func() ([]Event, error) { return s.Yield(a, who) },
		func() ([]Event, error) { return s.WriteOpinion(a, it, "Đồng ý", false) },
		func() ([]Event, error) { return s.HandOver(a, who) },
		func() ([]Event, error) { return s.BeginRecess(a, 10) },
		func() ([]Event, error) { return s.EndRecess(a) },
		func() ([]Event, error) { return s.Defer(a, it, "Chưa đủ hồ sơ") },
		func() ([]Event, error) { return s.Restore(a, it) },
		func() ([]Event, error) { return s.MoveItem(a, it, "i1") },
		func() ([]Event, error) {
			h.items++
			return s.AddItem(a, ItemID(fmt.Sprintf("i%d", h.items+2)), NewItem{Title: "Phát sinh", InCamera: true})
		},
		func() ([]Event, error) { return s.Note(a, it, "Trao đổi") },
		func() ([]Event, error) { return s.Correct(a, int64(pick("entry", 40)), "Đúng ra là 12") },
		func() ([]Event, error) { return s.Undo(a, s.Size()-1-int64(pick("back", 3))) },
		func() ([]Event, error) { return s.Unseat(a, who) },
		func() ([]Event, error) { return s.Seat(a, Person{ID: "late", Name: "Đến sau", Role: RoleGuest}) },
		func() ([]Event, error) { return s.ReportAbsence(a, who, "Công tác") },
		func() ([]Event, error) { return s.AnswerAbsence(a, who, true) },
		func() ([]Event, error) {
			if pick("close", 8) > 0 {
				return nil, nil
			}
			return s.Close(a)
		},
	}
}

func looks(s *Session) []string {
	var out []string
	for _, a := range screens {
		raw, _ := json.Marshal(s.SeenBy(a))
		out = append(out, string(raw))
	}
	for _, id := range []PersonID{"m00", "m01", "clerk", "guest"} {
		m, _ := s.Mine(id)
		raw, _ := json.Marshal(m)
		out = append(out, string(raw))
	}
	return out
}

func (h *history) check() {
	live := h.r.s
	replayed := NewSession()
	for _, e := range h.r.log {
		replayed.Apply(e)
	}
	if !reflect.DeepEqual(looks(replayed), looks(live)) {
		h.rt.Fatal("the replayed session differs from the live one")
	}
	if h.kept != nil && !reflect.DeepEqual(looks(h.kept), h.views) {
		h.rt.Fatal("a snapshot changed under its reader")
	}
	h.checkVotes()
	open := 0
	for _, it := range live.items {
		if it.State == ItemOpen {
			open++
		}
	}
	if open > 1 {
		h.rt.Fatalf("%d items are open at once", open)
	}
}

// checkVotes recounts every vote from the raw entries.
func (h *history) checkVotes() {
	for _, v := range h.r.s.votes {
		last := map[PersonID]dataBallot{}
		for _, e := range h.r.log {
			if d := data[dataBallot](e); e.Kind == BallotCast && d.Vote == v.ID {
				if d.N <= last[d.Member].N {
					h.rt.Fatalf("%s has two ballots with n=%d", d.Member, d.N)
				}
				last[d.Member] = d
			}
		}
		if len(last) != len(v.ballots) {
			h.rt.Fatalf("vote %s: %d members have ballots, %d in the log", v.ID, len(v.ballots), len(last))
		}
		if v.State != VoteDone {
			continue
		}
		if !v.result.Adds() {
			h.rt.Fatalf("vote %s: the five numbers do not add up: %+v", v.ID, v.result.Count)
		}
		if v.result.For+v.result.Against+v.result.Abstain != len(last) {
			h.rt.Fatalf("vote %s: tally %+v of %d ballots", v.ID, v.result.Count, len(last))
		}
	}
}
