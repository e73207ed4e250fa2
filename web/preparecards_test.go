package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"phonghop/meeting"
)

// card is a printed card as its owner reads it.
type card struct{ link, code string }

// cardsOf makes cards, for everybody or one, as the page would; by name.
func cardsOf(t *testing.T, tb *tablet, only string) map[string]card {
	t.Helper()
	people := cardHolders(tb.view(), only)
	made := must(tb.h.access.IssueCards(t.Context(), string(tb.view().ID), people, tb.h.web.Now()))(t)
	out := map[string]card{}
	for i, c := range made {
		p, _ := tb.h.room.State().Session.Person(meeting.PersonID(c.Person))
		name := p.Name
		if people[i].ID == hallCard {
			name = hallCard
		}
		out[name] = card{"/enter/" + c.Token, c.Code}
	}
	return out
}

var printedCode = regexp.MustCompile(`class="card-code">(\d{3} \d{3})<`)

func TestCardsArePrintedOnceAndLetIn(t *testing.T) {
	tb := preparing(t, nil)
	tb.addsPerson("Nguyễn Phạm <b>An</b>", "member", "07")
	tb.addsPerson("Hưng", "chair", "01")
	page := tb.post("/cards", nil)
	codes := printedCode.FindAllStringSubmatch(page.body, -1)
	if page.status != http.StatusOK || len(codes) != 4 {
		t.Fatalf("%d, %d cards, want 3 people and the hall screen", page.status, len(codes))
	}
	for _, want := range []string{"http://phong-a2.local", "IN 4 THẺ", html.EscapeString("Nguyễn Phạm <b>An</b>"), ">07<", "Màn hình lớn"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the cards do not show %q", want)
		}
	}
	later := tb.get("/prepare/cards").body
	if printedCode.MatchString(later) || !strings.Contains(later, "đã tạo") {
		t.Error("the codes are shown a second time, or the cards are not counted as made")
	}
	signedIn := 0
	for _, code := range codes {
		at := tb.h.tablet()
		at.post("/join", url.Values{"code": {code[1]}})
		if at.get("/").to() != "/join" {
			signedIn++
		}
	}
	if signedIn != 4 {
		t.Errorf("%d of 4 codes sign in", signedIn)
	}
}

func TestANewCardEndsTheOldOne(t *testing.T) {
	tb := preparing(t, nil)
	an := tb.addsPerson("An", "member", "07")
	first := cardsOf(t, tb, "")
	second := cardsOf(t, tb, string(an))
	if len(second) != 1 {
		t.Fatalf("%d cards for one", len(second))
	}
	old, now := tb.h.tablet(), tb.h.tablet()
	old.get(first["An"].link)
	now.get(second["An"].link)
	if a := old.get("/member"); a.to() != "/join" {
		t.Errorf("the old card: %d to %s", a.status, a.to())
	}
	if a := now.get("/member"); a.status != http.StatusOK {
		t.Errorf("the new card: %d to %s", a.status, a.to())
	}
	if name := tb.refused("/cards", url.Values{"person": {"nobody"}}); name != string(meeting.NoSuchPerson) {
		t.Errorf("a card for nobody: %s", name)
	}
}

// Whoever becomes the chair is asked for a PIN; whoever no longer is, is not.
func TestTheCardFollowsTheRole(t *testing.T) {
	tb := preparing(t, nil)
	hung, ha := tb.addsPerson("Hưng", "chair", "01"), tb.addsPerson("Hà", "member", "02")
	cards := cardsOf(t, tb, "")
	asked := func(name string) bool {
		at := tb.h.tablet()
		at.get(cards[name].link)
		return at.get("/member").to() == "/pin"
	}
	if !asked("Hưng") || asked("Hà") {
		t.Error("at first the chair is not asked for a PIN, or a member is")
	}
	form := func(name, role, seat string) url.Values {
		return url.Values{"name": {name}, "role": {role}, "seat": {seat}, "votes": {"1"}}
	}
	tb.takes("/people/"+string(hung), form("Hưng", "member", "01"))
	tb.takes("/people/"+string(ha), form("Hà", "chair", "02"))
	if asked("Hưng") || !asked("Hà") {
		t.Error("by hand: the roles of the cards did not follow")
	}
	list := "Họ và tên;Vai trò;Ghế\nHưng;Chủ tọa;01\nHà;Thành viên;02\n"
	preview := tb.upload("/people/import", nil, file{"list", "a.csv", list})
	tb.takes("/people/import/confirm", url.Values{"preview": {tokenOf(t, preview)}})
	if !asked("Hưng") || asked("Hà") {
		t.Error("by a list: the roles of the cards did not follow")
	}
}

func TestAForgottenPINIsReset(t *testing.T) {
	tb := preparing(t, nil)
	hung := tb.addsPerson("Hưng", "chair", "01")
	link := cardsOf(t, tb, "")["Hưng"].link
	chooses := func() bool {
		at := tb.h.tablet()
		at.get(link)
		return strings.Contains(at.get("/pin").body, `name="again"`)
	}
	chair := tb.h.tablet()
	chair.get(link)
	chair.post("/pin", url.Values{"pin": {goodPIN}, "again": {goodPIN}})
	if chooses() {
		t.Fatal("the PIN was not kept")
	}
	if a := tb.post("/people/"+string(hung)+"/pin", nil); !strings.Contains(a.body, "Đã đặt lại PIN") {
		t.Errorf("resetting: %d", a.status)
	}
	if !chooses() {
		t.Error("the next sign-in does not choose a new PIN")
	}
}
