package web

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
	"phonghop/templates"
)

// TestEqualPanelsAreDrawnAlike walks through a session at random and draws every
// panel of every member after each step. A panel says by a value whom it may be
// shared with and when it is sent again; two drawings of one value must be the
// same bytes, whatever happened between them, or somebody is shown another's.
func TestEqualPanelsAreDrawnAlike(t *testing.T) {
	h := newHouse(t, nil)
	h.prepare()
	w := &walk{house: h, dice: rand.New(rand.NewPCG(7, 47)), drawn: map[drawnKey]string{}, seen: map[string]int{}}
	for range 600 {
		w.step()
		w.compare()
	}
	for id, least := range map[string]int{"sheet": 40, "receipt": 40, "turn": 10, "own-choice": 20, "mine": 2, "actions": 40, "step": 20} {
		if w.seen[id] < least {
			t.Errorf("panel %s was drawn in %d ways, at least %d were expected: the walk does not reach it", id, w.seen[id], least)
		}
	}
}

type walk struct {
	*house
	dice  *rand.Rand
	drawn map[drawnKey]string
	seen  map[string]int
	votes int
}

// step has somebody press some key; most presses are refused, which is no matter.
func (w *walk) step() {
	s := w.room.State().Session
	who := meeting.PersonID(fmt.Sprint("m", w.dice.IntN(5)))
	other := meeting.PersonID(fmt.Sprint("m", w.dice.IntN(5)))
	vote := meeting.VoteID(fmt.Sprint("v", w.votes))
	choice := []rules.Choice{rules.For, rules.Against, rules.Abstain}[w.dice.IntN(3)]
	verbs := []func(a meeting.Act) ([]meeting.Event, error){
		func(a meeting.Act) ([]meeting.Event, error) { return s.MarkPresent(a, who) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.MarkPresent(a, other) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.MarkAway(a, other, "") },
		func(a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "có lý do") },
		func(a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, anItem) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.AskFloor(a, "Vốn", false) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.GiveFloor(a, other, 60) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.Yield(a, other) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.WithdrawAsk(a, who) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.WriteOpinion(a, anItem, "Đồng ý", false) },
		func(a meeting.Act) ([]meeting.Event, error) {
			w.votes++
			return s.OpenVote(a, meeting.VoteID(fmt.Sprint("v", w.votes)), anItem, fmt.Sprint("Nội dung ", w.votes), w.dice.IntN(2)*60, "có lý do")
		},
		func(a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, vote, w.dice.IntN(4), choice) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, vote, 0, choice) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, vote, 0, choice) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.CastFor(a, vote, other, choice, "máy hỏng") },
		func(a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, vote, true) },
		func(a meeting.Act) ([]meeting.Event, error) { return s.Annul(a, vote, "nhầm") },
		func(a meeting.Act) ([]meeting.Event, error) { return s.BeginRecess(a, 10) },
		s.EndRecess,
	}
	verb := verbs[w.dice.IntN(len(verbs))]
	if by := w.dice.IntN(4); by == 0 {
		who = "m0"
	} else if by == 1 {
		who = clerkID
	}
	was := w.votes
	if !w.try(who, verb) {
		w.votes = was
	}
}

// try is a press that may be refused.
func (w *walk) try(who meeting.PersonID, verb func(meeting.Act) ([]meeting.Event, error)) bool {
	_, err := w.room.Do(w.t.Context(), room.Command{By: who, Saw: -1, Verb: func(_ *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return verb(a) }})
	return err == nil
}

// compare draws what each member has now.
func (w *walk) compare() {
	snap := w.room.State()
	for i := range 5 {
		who := meeting.PersonID(fmt.Sprint("m", i))
		a := snap.Session.AudienceOf(who)
		v := snap.Session.SeenBy(a)
		mine, _ := snap.Session.Mine(who)
		for _, lang := range []templates.Lang{templates.Vietnamese, templates.English} {
			p := w.web.pageIn(lang, snap)
			for _, at := range []string{templates.PageHome, "reader"} {
				for _, panel := range templates.MemberOwn(p, v, mine, at) {
					w.check(drawnKey{shareKey{a, lang}, panel.ID, panel.Of}, panel)
				}
			}
		}
	}
}

func (w *walk) check(key drawnKey, panel templates.Panel) {
	if panel.Of == nil {
		return
	}
	var b bytes.Buffer
	w.house.check(panel.Body.Render(w.t.Context(), &b))
	before, known := w.drawn[key]
	if !known {
		w.drawn[key] = b.String()
		w.seen[panel.ID]++
	}
	if known && before != b.String() {
		w.t.Fatalf("%s of %+v is drawn in two ways:\n%s\n%s", panel.ID, panel.Of, before, b.String())
	}
}
