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

// TestEqualStatesAreDrawnAlike walks through a session at random and draws every
// panel of every member after each step. A state says whom a drawing is shared
// with; two drawings of one state must be the same bytes, whatever happened
// between them, or somebody is shown another's.
func TestEqualStatesAreDrawnAlike(t *testing.T) {
	h := newHouse(t, nil)
	h.prepare()
	w := &walk{house: h, dice: rand.New(rand.NewPCG(7, 47)), drawn: map[stateShare]string{}, choices: map[any]string{}}
	for range 600 {
		w.step()
		w.compare()
	}
	if len(w.drawn) < 300 || w.again < 300 || len(w.choices) < 20 {
		t.Errorf("%d states, %d met again, %d ballots beside a result: the walk goes nowhere", len(w.drawn), w.again, len(w.choices))
	}
}

type walk struct {
	*house
	dice  *rand.Rand
	drawn map[stateShare]string
	again int // states met once more
	votes int

	choices map[any]string
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
			for _, at := range []string{templates.PageHome, templates.PageRecord, "reader", "item/" + anItem} {
				glance, _ := snap.Session.Glance(who)
				if at == templates.PageRecord {
					glance = mine
				}
				state := templates.MemberStateOf(&p, &v, &glance, at)
				if state.Shared() {
					w.check(stateShare{shareKey{a, lang}, state}, templates.MemberOwn(p, v, mine, at))
				}
			}
			choice := templates.OwnChoice(p, v, mine)
			w.same(w.choices, [2]any{lang, choice.Again}, w.bytes([]templates.Panel{choice}))
		}
	}
}

func (w *walk) check(key stateShare, panels []templates.Panel) {
	drawn := w.bytes(panels)
	if before, known := w.drawn[key]; known {
		w.again++
		if before != drawn {
			w.t.Fatalf("%+v is drawn in two ways:\n%s\n%s", key, before, drawn)
		}
	}
	w.drawn[key] = drawn
}

func (w *walk) same(all map[any]string, key any, drawn string) {
	if before, known := all[key]; known && before != drawn {
		w.t.Fatalf("%+v is drawn in two ways:\n%s\n%s", key, before, drawn)
	}
	all[key] = drawn
}

func (w *walk) bytes(panels []templates.Panel) string {
	var b bytes.Buffer
	for _, p := range panels {
		w.house.check(p.Body.Render(w.t.Context(), &b))
	}
	return b.String()
}
