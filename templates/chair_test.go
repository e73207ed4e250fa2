package templates

import (
	"context"
	"strings"
	"testing"

	"phonghop/meeting"
	"phonghop/rules"
)

// TestOpenVoteHidesDirection: while a vote is open nothing on the consoles
// says how anybody voted, whatever was cast.
func TestOpenVoteHidesDirection(t *testing.T) {
	same := func(choice rules.Choice) map[string]string {
		p := newPlay(t)
		p.upToVote(3)
		p.cast("v2", choice, 4, 5)
		out := map[string]string{}
		for _, panel := range append(ChairShared(p.page(Vietnamese), p.view(meeting.ChairScreen)), SecretaryShared(p.page(Vietnamese), p.view(meeting.SecretaryScreen))...) {
			out[panel.ID] = drawn(t, panel.Body)
		}
		return out
	}
	for id, html := range same(rules.For) {
		if other := same(rules.Against)[id]; other != html {
			t.Errorf("panel %s tells for from against", id)
		}
	}
}

// TestSharedPanelsAreNobodys: the parts sent to everybody of an audience hold
// no key of a person's form and no ballot of theirs.
func TestSharedPanelsAreNobodys(t *testing.T) {
	p := newPlay(t)
	p.upToVote(11)
	panels := append(ChairShared(p.page(Vietnamese), p.view(meeting.ChairScreen)), SecretaryShared(p.page(Vietnamese), p.view(meeting.SecretaryScreen))...)
	for _, panel := range panels {
		html := drawn(t, panel.Body)
		for _, secret := range []string{`name="key"`, "data-ballot", "K7Q2", "ĐÃ GHI", ` style="`} {
			if strings.Contains(html, secret) {
				t.Errorf("panel %s holds %s", panel.ID, secret)
			}
		}
	}
}

// TestConsolePanelsStandStill: a panel drawn again from the same state is the same
// bytes a minute later, so the stream does not send it again.
func TestConsolePanelsStandStill(t *testing.T) {
	for _, st := range stories() {
		p := newPlay(t)
		st.play(p)
		now, later := p.page(Vietnamese), p.page(Vietnamese)
		later.Now, later.Clock = now.Now.Add(60e9), now.Clock+60_000
		draw := func(page Page) []Panel {
			return append(ChairShared(page, p.view(meeting.ChairScreen)), SecretaryShared(page, p.view(meeting.SecretaryScreen))...)
		}
		again := draw(later)
		for i, panel := range draw(now) {
			if drawn(t, panel.Body) != drawn(t, again[i].Body) {
				t.Errorf("%s: panel %s changes by itself", st.name, panel.ID)
			}
		}
	}
}

// TestPanelsHaveTheirPlace: every panel of the stream has its element in the
// page, once.
func TestPanelsHaveTheirPlace(t *testing.T) {
	p := newPlay(t)
	p.upToVote(11)
	chair, _ := p.s.Mine(chairID)
	clerk, _ := p.s.Mine(clerkID)
	page, cv, sv := p.page(Vietnamese), p.view(meeting.ChairScreen), p.view(meeting.SecretaryScreen)
	check := func(html string, panels []Panel) {
		for _, panel := range panels {
			if n := strings.Count(html, `id="`+panel.ID+`"`); n != 1 {
				t.Errorf("%d places for panel %s", n, panel.ID)
			}
		}
	}
	check(drawn(t, ChairPage(page, cv, chair)), append(ChairShared(page, cv), ChairOwn(page, cv, chair)...))
	check(drawn(t, SecretaryPage(page, sv, clerk)), append(SecretaryShared(page, sv), SecretaryOwn(page, sv, clerk)...))
}

// TestSheetsHaveTheirKeys: whatever a key opens is on the page, in every state.
func TestSheetsHaveTheirKeys(t *testing.T) {
	for _, st := range stories() {
		p := newPlay(t)
		st.play(p)
		chair, _ := p.s.Mine(chairID)
		clerk, _ := p.s.Mine(clerkID)
		page := p.page(Vietnamese)
		for name, html := range map[string]string{
			"chair":     drawn(t, ChairPage(page, p.view(meeting.ChairScreen), chair)),
			"secretary": drawn(t, SecretaryPage(page, p.view(meeting.SecretaryScreen), clerk)),
		} {
			for _, part := range strings.Split(html, `popovertarget="`)[1:] {
				id, _, _ := strings.Cut(part, `"`)
				if n := strings.Count(html, `<div id="`+id+`"`); n != 1 {
					t.Errorf("%s, %s: %d sheets %s", st.name, name, n, id)
				}
			}
		}
	}
}

func TestClerkActs(t *testing.T) {
	p := newPlay(t)
	p.upToDiscussion()
	if clerkActs(p.view(meeting.ChairScreen)) {
		t.Error("the chair gave the floor last")
	}
	p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.GiveFloor(a, "p07", 0) })
	if !clerkActs(p.view(meeting.ChairScreen)) {
		t.Error("the secretary gave the floor last")
	}
	p.note(3, "một ghi chú")
	p.ask(20, "", false)
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Extend(a, 60) })
	if clerkActs(p.view(meeting.ChairScreen)) {
		t.Error("the chair is at the controls again")
	}
}

func TestCue(t *testing.T) {
	for name, want := range map[string]string{
		"01-before":     "chưa đủ số thành viên",
		"02-quorate":    "Có mặt 20/22 thành viên, đủ điều kiện tiến hành. Tôi tuyên bố khai mạc",
		"04-item":       "biểu quyết thông qua Dự thảo Nghị quyết về giải ngân vốn đầu tư công quý II.",
		"05-discussion": "Mời ông Vũ Đức Long phát biểu.",
		"06-vote":       "Còn 9 người chưa bỏ phiếu.",
		"07-vote-all":   "Tôi đóng biểu quyết.",
		"08-result":     "Có 18/22 thành viên tán thành. Dự thảo Nghị quyết về giải ngân vốn đầu tư công quý II được thông qua.",
		"10-between":    "Phiên họp chuyển sang mục 4. Mời ông Vũ Đức Long trình bày.",
		"13-last":       "Tôi tuyên bố bế mạc",
	} {
		p := newPlay(t)
		for _, st := range stories() {
			if st.name == name {
				st.play(p)
			}
		}
		if got := Cue(p.page(Vietnamese), p.view(meeting.ChairScreen)); !strings.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", name, got, want)
		}
	}
}

func TestPace(t *testing.T) {
	p := newPlay(t)
	p.upToDiscussion()
	c, ok := paceOf(p.view(meeting.ChairScreen))
	if !ok || c.delay != -4 || clock(c.ends) != "10:26" {
		t.Errorf("got %+v, %v; item 3 was opened four minutes early of a plan to 10:30", c, ok)
	}
}

// TestLargeBody: more people than the table holds are told in figures.
func TestLargeBody(t *testing.T) {
	p := newPlay(t)
	p.upToVote(5)
	v := p.view(meeting.ChairScreen)
	for i := range 80 {
		who := v.Roll[1]
		who.ID = meeting.PersonID(strings.Repeat("x", i+1))
		v.Roll = append(v.Roll, who)
	}
	var b strings.Builder
	if err := chairRoom(p.page(Vietnamese), v).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "horseshoe") || !strings.Contains(b.String(), "5/20") {
		t.Errorf("a body of a hundred: %s", b.String())
	}
}
