package templates

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
)

// bytesOf draws panels one after another.
func bytesOf(t *testing.T, panels []Panel) string {
	t.Helper()
	var b bytes.Buffer
	for _, p := range panels {
		fmt.Fprintf(&b, "\n#%s\n", p.ID)
		if err := p.Body.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// pageAt is a page of the same run, drawn at some moment.
func pageAt(now time.Time) Page {
	return Page{Lang: Vietnamese, Now: now, Clock: now.Sub(begin).Milliseconds(), RoomName: "Phòng họp A2", Address: "https://192.168.1.10:8443"}
}

// voted is an open vote in which everybody here but one chose the same.
func voted(t *testing.T, c rules.Choice) *drama {
	d := newDrama(t).people(12).agenda().sit(12)
	d.must(d.s.OpenVote(d.by("m01"), "v1", "i3", motion, 60, ""))
	for i := range 9 {
		d.must(d.s.Cast(d.by(fmt.Sprintf("m%02d", i+1)), "v1", 0, c))
	}
	return d
}

// An open vote looks the same to everybody else whatever was chosen: its
// direction is in no byte of any screen. Once closed it does not.
func TestDirectionOfAnOpenVoteIsNowhere(t *testing.T) {
	draw := func(d *drama) string {
		p := pageAt(d.now)
		v, m := d.view("m10")
		return bytesOf(t, MemberShared(p, v)) + bytesOf(t, MemberOwn(p, v, m, PageHome)) + bytesOf(t, HallShared(p, d.hall()))
	}
	yes, no := voted(t, rules.For), voted(t, rules.Against)
	if draw(yes) != draw(no) {
		t.Error("the screens of an open vote tell how members voted")
	}
	yes.count("v1")
	no.count("v1")
	if draw(yes) == draw(no) {
		t.Error("a closed vote shows no direction: the comparison proves nothing")
	}
}

// Another member's ballot is not on one's own sheet, and one's own is.
func TestSheetShowsOwnBallotOnly(t *testing.T) {
	d := voted(t, rules.Against)
	for who, recorded := range map[string]bool{"m01": true, "m10": false} {
		v, m := d.view(who)
		html := bytesOf(t, MemberOwn(pageAt(d.now), v, m, PageHome))
		mustHold(t, who, html, `name="n"`, `value="for"`, `value="against"`, `value="abstain"`, `action="/votes/v1/ballot"`)
		if recorded {
			mustHold(t, who, html, `data-state="recorded"`, "ĐÃ GHI", "K7Q2")
		} else {
			mustNotHold(t, who, html, `data-state="recorded"`, "K7Q2", `aria-pressed="true"`)
		}
	}
}

// Those without a vote get no keys and one line that says why; those not marked
// present get the key CÓ MẶT.
func TestNoKeysWithoutAVote(t *testing.T) {
	d := voted(t, rules.For)
	for who, why := range map[string]string{"sub": "Người dự thay không biểu quyết", "guest": "Khách mời dự họp, không biểu quyết", "m12": "Bà chưa được ghi có mặt"} {
		v, m := d.view(who)
		html := bytesOf(t, MemberOwn(pageAt(d.now), v, m, PageHome))
		mustNotHold(t, who, html, "data-ballot", `name="choice"`)
		mustHold(t, who, html, why)
	}
	v, m := d.view("m12")
	mustHold(t, "m12", bytesOf(t, MemberOwn(pageAt(d.now), v, m, PageHome)), `action="/presence"`, "CÓ MẶT")
}

// What is in camera has no title, paper, motion or topic where it must not be known.
func TestInCameraStaysHidden(t *testing.T) {
	d := newDrama(t).people(12).agenda().sit(12)
	d.must(d.s.CloseItem(d.by("m01"), "i3"))
	d.must(d.s.OpenItem(d.by("m01"), "i5"))
	d.must(d.s.AskFloor(d.by("m05"), "về ông Giáp", false))
	d.must(d.s.GiveFloor(d.by("m01"), "m05", 0))
	d.must(d.s.OpenVote(d.by("m01"), "v1", "i5", "Bổ nhiệm ông Giáp", 60, ""))
	secrets := []string{"Công tác cán bộ", "Tờ trình nhân sự", "Giáp"}
	check := func(step string) {
		v, m := d.view("guest")
		guest := bytesOf(t, MemberShared(pageAt(d.now), v)) + bytesOf(t, MemberOwn(pageAt(d.now), v, m, PageHome))
		mustNotHold(t, step+": guest", guest, secrets...)
		mustNotHold(t, step+": hall", bytesOf(t, HallShared(pageAt(d.now), d.hall())), secrets...)
		v, m = d.view("m10")
		mustHold(t, step+": member", bytesOf(t, MemberShared(pageAt(d.now), v))+bytesOf(t, MemberOwn(pageAt(d.now), v, m, PageHome)), secrets[0], secrets[1])
	}
	check("open")
	d.count("v1")
	check("closed")
}

// What everybody shares names nobody's own state, and neither it nor the own
// part changes because time passes: an unchanged panel is not sent again.
func TestMemberPanelsStandStill(t *testing.T) {
	d := newDrama(t).people(16).agenda().sit(16).speak()
	d.must(d.s.OpenVote(d.by("m01"), "v1", "i3", motion, 60, ""))
	for _, who := range []string{"m09", "m07", "m12", "guest"} {
		v, m := d.view(who)
		now, later := pageAt(d.now), pageAt(d.now.Add(7*time.Second))
		if bytesOf(t, MemberOwn(now, v, m, PageHome)) != bytesOf(t, MemberOwn(later, v, m, PageHome)) {
			t.Errorf("own panels of %s change by themselves", who)
		}
		if bytesOf(t, MemberShared(now, v)) != bytesOf(t, MemberShared(later, v)) {
			t.Error("shared panels change by themselves")
		}
	}
	if bytesOf(t, HallShared(pageAt(d.now), d.hall())) != bytesOf(t, HallShared(pageAt(d.now.Add(time.Second)), d.hall())) {
		t.Error("the hall changes by itself")
	}
}

// A running count moves nothing of a member's own: the sheet is not drawn anew
// under a finger because others vote.
func TestOthersBallotsLeaveTheSheetAlone(t *testing.T) {
	d := voted(t, rules.For)
	v, m := d.view("m10")
	before := bytesOf(t, MemberOwn(pageAt(d.now), v, m, PageHome))
	d.must(d.s.Cast(d.by("m01"), "v1", 0, rules.Against))
	v, m = d.view("m10")
	if after := bytesOf(t, MemberOwn(pageAt(d.now), v, m, PageHome)); after != before {
		t.Error("a ballot of m01 changed the sheet of m10")
	}
}

// Every panel of a stream has its place in the page it is for.
func TestPagesHoldTheirPanels(t *testing.T) {
	d := voted(t, rules.For)
	v, m := d.view("m10")
	page := d.member("", "m10").html(t, Vietnamese)
	for _, panel := range append(MemberShared(pageAt(d.now), v), MemberOwn(pageAt(d.now), v, m, PageHome)...) {
		kind, _, _ := strings.Cut(panel.ID, "-")
		if panel.ID == "own-record" || panel.ID == "step" || slices.Contains([]string{"item", "newer", "changes", "recalled"}, kind) || strings.HasPrefix(panel.ID, "own-papers-") {
			continue // of the record's, the items' and the reader's own pages
		}
		mustHold(t, panel.ID, page, fmt.Sprintf(`id=%q class="panel"`, panel.ID))
	}
	mustHold(t, "hall", d.big("").html(t, Vietnamese), `id="hall" class="panel"`)
}

func TestStepOf(t *testing.T) {
	d := newDrama(t).people(12).agenda()
	step := func(who string) string {
		v, m := d.view(who)
		return stepOf(v, m)
	}
	want := func(who, s string) {
		t.Helper()
		if got := step(who); got != s {
			t.Errorf("%s: %q, want %q", who, got, s)
		}
	}
	want("m05", stepPresent)
	d.must(d.s.MarkPresent(d.by("m05"), "m05"))
	want("m05", stepRead)
	d.sit(12)
	want("m05", stepAsk)
	want("m12", stepPresent)
	d.must(d.s.AskFloor(d.by("m05"), "", false))
	want("m05", stepWithdraw)
	d.must(d.s.GiveFloor(d.by("m01"), "m05", 0))
	want("m05", stepYield)
	d.must(d.s.BeginRecess(d.by("m01"), 10))
	want("m06", stepRead)
	d.must(d.s.EndRecess(d.by("m01")))
	d.must(d.s.CloseItem(d.by("m01"), "i3"))
	d.must(d.s.Close(d.by("m01")))
	want("m05", stepLeave)
}

// The table has a place of its own for each of up to MostSeats people.
func TestEverySeatHasItsPlace(t *testing.T) {
	for n := 1; n <= MostSeats; n++ {
		taken := map[[2]int]bool{}
		f := frameFor(n)
		for _, s := range Place(make([]Seat, n)) {
			at := [2]int{s.C, s.R}
			inside := s.R > 1 && s.C > f.tiers && s.C <= f.tiers+7
			if taken[at] || s.C < 1 || s.C > f.columns() || s.R < 1 || s.R > f.rows+1 || inside {
				t.Fatalf("%d seats: bad place %v", n, at)
			}
			taken[at] = true
		}
	}
}

func TestSegmentsAreOneAMember(t *testing.T) {
	d := newDrama(t).people(30).agenda().sit(30).vote("v1", 20)
	for range 2 {
		v := d.hall()
		if got := len(Segments(v.Votes[0])); got != 30 {
			t.Errorf("%s: %d segments", v.Votes[0].State, got)
		}
		if v.Vote != nil {
			d.count("v1")
		}
	}
}

func TestHallFollowsTheSession(t *testing.T) {
	d := newDrama(t).people(16).agenda()
	want := func(state string) {
		t.Helper()
		if got := hallState(d.hall()); got != state {
			t.Errorf("the hall shows %q, want %q", got, state)
		}
	}
	want(hallGather)
	d.sit(16)
	want(hallItem)
	d.speak()
	want(hallSpeaker)
	d.vote("v1", 5)
	want(hallVote)
	d.count("v1")
	want(hallResult)
	d.must(d.s.GiveFloor(d.by("m01"), "m07", 0))
	want(hallSpeaker)
	d.must(d.s.Yield(d.by("m07"), "m07"))
	d.must(d.s.BeginRecess(d.by("m01"), 10))
	want(hallRecess)
	d.must(d.s.EndRecess(d.by("m01")))
	d.must(d.s.CloseItem(d.by("m01"), "i3"))
	d.wait(time.Minute).must(d.s.OpenItem(d.by("m01"), "i4"))
	want(hallItem)
	d.must(d.s.CloseItem(d.by("m01"), "i4"))
	d.must(d.s.Close(d.by("m01")))
	want(hallClosed)
	if got := hallState(meeting.View{Current: -1}); got != hallNothing {
		t.Errorf("an empty room shows %q", got)
	}
}

func TestQRIsPath(t *testing.T) {
	path, side := qrPath("https://192.168.1.10:8443")
	if side < 21 || len(path) < 200 || path[0] != 'M' {
		t.Errorf("a code of %d modules: %.40q", side, path)
	}
	if _, side := qrPath(string(make([]byte, 5000))); side != 0 {
		t.Error("a text too long for a code became one")
	}
}
