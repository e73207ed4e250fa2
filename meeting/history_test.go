package meeting

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
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
		h0 := r.s.Header()
		h0.Receipts = true
		r.do("clerk", func(a Act) ([]Event, error) { return r.s.Change(a, h0, r.s.Rules()) })
		r.do("clerk", func(a Act) ([]Event, error) {
			return r.s.Seat(a, Person{ID: "sub", Name: "Dự thay", Role: RoleSubstitute, For: "m05"})
		})
		seedPapers(r)
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
	return append(h.writing(a, who, it), []func() ([]Event, error){
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
			return s.AddItem(a, ItemID(fmt.Sprintf("i%d", h.items+3)), NewItem{Title: "Phát sinh", InCamera: true})
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
	}...)
}

// What only some may know, by how it is written in these histories.
const (
	secret = "KÍN"   // of an in-camera item
	named  = "RIÊNG" // of a paper named for m02
)

// seedPapers gives the session an in-camera item and papers of every sort.
func seedPapers(r *room) {
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.AddItem(a, "i3", NewItem{Title: secret, InCamera: true}) })
	for i, n := range []NewPaper{
		{Item: "i2", Name: "Tờ trình"}, {Item: "i3", Name: secret}, {Item: "i2", Name: named, Readers: ReadersNamed, People: []PersonID{"m02"}},
		{Item: "i2", Name: "Chung", Readers: ReadersMembers, Recall: true},
	} {
		n.ID, n.Ref, n.Size, n.Type = PaperID(fmt.Sprintf("p%d", i)), strings.Repeat(fmt.Sprint(i), 64), 1, "application/pdf"
		r.do("clerk", func(a Act) ([]Event, error) { return r.s.PlacePaper(a, n) })
	}
}

// writing are the presses that have to do with papers, minutes and tasks.
func (h *history) writing(a Act, who PersonID, it ItemID) []func() ([]Event, error) {
	s := h.r.s
	pick := func(name string, n int) int { return rapid.IntRange(0, n-1).Draw(h.rt, name) }
	paper := PaperID(fmt.Sprintf("p%d", pick("paper", 6)))
	text := []string{"Đã nêu", "Bổ sung", ""}[pick("text", 3)]
	if i := s.item(it); i != nil && i.InCamera && text != "" {
		text = secret
	}
	turn := int64(-1)
	if n := len(s.turns); n > 0 {
		turn = s.turns[pick("turn", n)].Seq
	}
	speech := text
	if t := s.turn(turn); t != nil && s.item(t.Item).InCamera && text != "" {
		speech = secret
	}
	block := []Block{BlockOpening, BlockPresented, BlockDigest, BlockOther, BlockClosing, BlockNumber}[pick("block", 6)]
	if block == BlockOpening || block == BlockClosing || block == BlockNumber {
		text = "Chung"
	}
	box := Act{At: a.At, Saw: -1}
	drawn := Drawn{Paper: paper, From: 1 + pick("from", 3), Total: 4, Renderer: "x", Images: []string{h.image(), h.image()}, W: []int{9, 9}, H: []int{9, 9}}
	return []func() ([]Event, error){
		func() ([]Event, error) { return s.DrawPages(box, drawn) },
		func() ([]Event, error) { return s.OpenPaper(a, paper) },
		func() ([]Event, error) { return s.MovePaper(a, paper, []ItemID{"i1", "i2"}[pick("to", 2)]) },
		func() ([]Event, error) { return s.WithdrawPaper(a, paper, "Thay") },
		func() ([]Event, error) {
			return s.PlacePaper(a, NewPaper{ID: PaperID(fmt.Sprintf("p%d", 4+pick("new", 2))), Item: "i2", Name: "Bản mới", Ref: h.image(), Size: 1, Type: "application/pdf", Replaces: "p0"})
		},
		func() ([]Event, error) { return s.Write(a, Place{Block: block, Item: it}, text) },
		func() ([]Event, error) { return s.Write(a, Place{Block: BlockSpeech, Turn: turn}, speech) },
		func() ([]Event, error) { return s.ConfirmWords(a, turn) },
		func() ([]Event, error) { return s.ProposeWords(a, turn, speech) },
		func() ([]Event, error) { return s.AcceptWords(a, turn) },
		func() ([]Event, error) { return s.Lock(a) },
		func() ([]Event, error) { return s.Unlock(a, "Sai tên") },
		func() ([]Event, error) {
			return s.FileMinutes(box, pick("of", 3), []Filed{{"bien-ban.pdf", h.image(), "application/pdf", 9}})
		},
		func() ([]Event, error) { return s.SetTask(a, Task{ID: "t1", Item: "i3", Text: secret}) },
		func() ([]Event, error) { return s.SetTask(a, Task{ID: "t2", Item: "i2", Text: "Báo cáo"}) },
	}
}

func (h *history) image() string {
	return strings.Repeat(string(rune('a'+rapid.IntRange(0, 5).Draw(h.rt, "image"))), 64)
}

// checkSecrets looks for what an audience may not know. Where a paper was moved
// out of the in-camera item, its name was given to the other item by hand.
func (h *history) checkSecrets() {
	s := h.r.s
	view := func(a Audience) string { raw, _ := json.Marshal(s.SeenBy(a)); return string(raw) }
	mine := func(id PersonID) string { m, _ := s.Mine(id); raw, _ := json.Marshal(m); return string(raw) }
	moved := false
	for _, e := range h.r.log {
		moved = moved || e.Kind == PaperMoved
		if strings.Contains(string(e.Data), secret) {
			h.rt.Fatalf("%s holds what is in camera in its data: %s", e.Kind, e.Data)
		}
	}
	for _, a := range []Audience{{Screen: HallScreen}, {}, {MemberScreen, "guest"}} {
		if strings.Contains(view(a), secret) && !moved {
			h.rt.Fatalf("%v sees what is in camera", a)
		}
	}
	if strings.Contains(view(Audience{Screen: MemberScreen}), named) {
		h.rt.Fatal("the shared member View holds a named paper")
	}
	for _, id := range []PersonID{"m01", "m03", "guest", "sub"} {
		if s.ScreenOf(id) == MemberScreen && strings.Contains(mine(id), named) {
			h.rt.Fatalf("%s has a paper named for another", id)
		}
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
	for _, what := range []any{s.Account(), s.Drawings(), s.Papers("m02")} {
		raw, _ := json.Marshal(what)
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
	h.checkSecrets()
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
		if len(last) != v.ballots.size() {
			h.rt.Fatalf("vote %s: %d members have ballots, %d in the log", v.ID, v.ballots.size(), len(last))
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
