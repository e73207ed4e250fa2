package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"phonghop/meeting"
)

var hxRequest = http.Header{"Hx-Request": {"true"}}

func TestTheFirstSessionIsMade(t *testing.T) {
	tb := claimed(t, nil)
	if page := tb.get("/prepare").body; !strings.Contains(page, "Lập phiên họp mới") || strings.Contains(page, "Lấy từ phiên trước") {
		t.Error("the first page does not offer a new session, or offers to copy one there is not")
	}
	for field, wrong := range map[string]string{"number": "0", "body": "", "date": "", "kind": "secret"} {
		form := particulars()
		form.Set(field, wrong)
		if name := tb.refused("/prepare", form); name != string(meeting.BadHeader) {
			t.Errorf("%s %q: %s", field, wrong, name)
		}
	}
	form := particulars()
	form.Set("rules", "none")
	if name := tb.refused("/prepare", form); name != string(meeting.BadRules) {
		t.Errorf("rules that do not exist: %s", name)
	}
	tb.takes("/prepare", particulars())
	v := tb.view()
	if v.Header.Number != 48 || v.Header.Rows != 5 || v.Header.Cols != 6 || v.Rules.Name != "ubnd-2015" || v.Clerk.Name != "Lã Kim Dung" {
		t.Errorf("the session is %+v of %s", v.Header, v.Clerk.Name)
	}
	if name := tb.refused("/prepare", particulars()); name != string(meeting.SessionInRoom) {
		t.Errorf("a second session beside it: %s", name)
	}
	page := tb.get("/prepare").body
	for _, want := range []string{"Còn thiếu 3 việc", "LẬP CHƯƠNG TRÌNH", "Chưa có chủ tọa"} {
		if !strings.Contains(page, want) {
			t.Errorf("the overview does not say %q", want)
		}
	}
}

func TestTheParticularsKeepThePlanOfTheSeats(t *testing.T) {
	tb := preparing(t, nil)
	tb.takes("/prepare/seats", url.Values{"do": {"size"}, "rows": {"3"}, "cols": {"4"}})
	form := particulars()
	form.Set("number", "49")
	form.Set("rules", "hop-thuong")
	if a := tb.send(http.MethodPost, "/prepare/session", form, hxRequest); a.header.Get("HX-Redirect") != "/prepare" {
		t.Fatalf("saving: %d %s", a.status, a.body)
	}
	if v := tb.view(); v.Header.Number != 49 || v.Header.Rows != 3 || v.Header.Cols != 4 || v.Rules.Name != "hop-thuong" {
		t.Errorf("%+v, %s", v.Header, v.Rules.Name)
	}
}

// A new session takes over people and seats, and the tablets of the old one are
// signed out, all but the one it was made on.
func TestTheNextSessionIsCopied(t *testing.T) {
	for _, agenda := range []bool{false, true} {
		h := sitting(t, nil)
		clerk, m1 := h.at(clerkID), h.at("m1")
		h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
		old := h.room.State().Session.ID()
		if page := clerk.get("/prepare").body; !strings.Contains(page, "Lấy từ phiên trước (phiên 47)") || !strings.Contains(page, `value="48"`) {
			t.Error("the page does not offer to copy session 47 as 48")
		}
		form := particulars()
		form.Set("people", "1")
		if agenda {
			form.Set("agenda", "1")
		}
		if a := clerk.post("/prepare", form); a.to() != "/prepare" {
			t.Fatalf("copying: %d %s", a.status, a.body)
		}
		v := h.web.clerkView()
		if v.ID == old || len(v.Roll) != 7 || v.Chair.ID != "m0" || v.Quorum.Total != 5 {
			t.Errorf("the copy has %d people, chair %s", len(v.Roll), v.Chair.ID)
		}
		if want := map[bool]int{true: 1}[agenda]; len(v.Agenda) != want {
			t.Errorf("agenda asked %v: %d items", agenda, len(v.Agenda))
		}
		if a := clerk.get("/prepare/people"); a.status != http.StatusOK {
			t.Errorf("the tablet it was made on: %d to %s", a.status, a.to())
		}
		if a := m1.get("/member"); a.to() != "/join" {
			t.Errorf("a tablet of the old session: %d to %s", a.status, a.to())
		}
		if len(h.access.Issued(string(old))) != 0 {
			t.Error("cards of the old session still let in")
		}
	}
}

func TestTheAgendaIsMade(t *testing.T) {
	tb := preparing(t, nil)
	if name := tb.refused("/items", url.Values{"title": {" "}}); name != string(meeting.Missing) {
		t.Errorf("an item without a title: %s", name)
	}
	if name := tb.refused("/items", url.Values{"title": {strings.Repeat("a", meeting.MaxShort+1)}}); name != string(meeting.TooLong) {
		t.Errorf("a title too long: %s", name)
	}
	one, two, three := tb.addsItem("Khai mạc"), tb.addsItem("Ngân sách"), tb.addsItem("Nhân sự")
	tb.takes("/items/"+string(three)+"/move", url.Values{"before": {string(one)}})
	tb.takes("/items/"+string(two), url.Values{"title": {"Ngân sách 2027"}, "unit": {"Sở Tài chính"}, "minutes": {"45"}})
	var titles []string
	for _, it := range tb.view().Agenda {
		titles = append(titles, it.Title)
	}
	if !slices.Equal(titles, []string{"Nhân sự", "Khai mạc", "Ngân sách 2027"}) {
		t.Errorf("the agenda reads %v", titles)
	}
	if name := tb.refused("/items/none", url.Values{"title": {"x"}}); name != string(meeting.NoSuchItem) {
		t.Errorf("an item that is not there: %s", name)
	}
	page := tb.get("/prepare/agenda?edit=" + string(two)).body
	if !strings.Contains(page, "LƯU NỘI DUNG") || strings.Contains(page, "THÊM NỘI DUNG") {
		t.Error("an open form is not the only one to be saved")
	}
}

// Two windows drawn at the same moment are two forms; one form sent twice is one.
func TestFormsOfAStandingPageAreTakenOnce(t *testing.T) {
	tb := preparing(t, nil)
	keyOf := func() string {
		return regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(tb.get("/prepare/agenda").body)[1]
	}
	here, there := keyOf(), keyOf()
	tb.takes("/items", url.Values{"title": {"Một"}, "key": {here}})
	tb.takes("/items", url.Values{"title": {"Một"}, "key": {here}})
	tb.takes("/items", url.Values{"title": {"Hai"}, "key": {there}})
	if n := len(tb.view().Agenda); n != 2 {
		t.Errorf("%d items, want 2", n)
	}
}

func TestTheAgendaChangesDuringTheSession(t *testing.T) {
	h := sitting(t, nil)
	tb := h.at(clerkID)
	added := tb.addsItem("Việc phát sinh")
	tb.takes("/items/"+string(added)+"/defer", url.Values{"reason": {"Chờ ý kiến thẩm định"}})
	if it := tb.view().Agenda[1]; it.State != meeting.ItemPutOff || it.Reason == "" {
		t.Errorf("put off: %+v", it)
	}
	if name := tb.refused("/items/"+anItem+"/move", url.Values{}); name != string(meeting.ItemBegun) {
		t.Errorf("moving the open item: %s", name)
	}
	tb.takes("/items/"+string(added)+"/restore", url.Values{})
	tb.takes("/items/"+string(added), url.Values{"title": {"Công tác nhân sự"}, "in_camera": {"1"}})
	guest := h.room.State().Session.SeenBy(meeting.Audience{Screen: meeting.MemberScreen, Guest: "guest"})
	if it := guest.Agenda[1]; !it.Hidden || it.Title != "" {
		t.Errorf("a guest sees the in-camera item: %+v", it)
	}
	if name := tb.refused("/prepare/session", particulars()); name != string(meeting.NotPreparing) {
		t.Errorf("particulars after opening: %s", name)
	}
	if page := tb.get("/prepare/session").body; !strings.Contains(page, "không sửa được nữa") || strings.Contains(page, "LƯU THÔNG TIN") {
		t.Error("the page of the particulars does not say that they are fixed")
	}
}

func TestStrangersAndMembersPrepareNothing(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1")
	for _, path := range []string{"/prepare", "/prepare/people", "/prepare/cards"} {
		if a := h.tablet().get(path); a.to() != "/join" {
			t.Errorf("a stranger at %s: %d", path, a.status)
		}
		if a := m1.get(path); a.status == http.StatusOK {
			t.Errorf("a member sees %s", path)
		}
	}
	for _, path := range []string{"/cards", "/people/m2/pin", "/people/m2", "/people/m2/remove", "/items", "/prepare"} {
		if name := m1.refused(path, url.Values{"title": {"x"}}); name != string(meeting.NotAllowed) {
			t.Errorf("a member posts to %s: %s", path, name)
		}
	}
	if a := m1.upload("/items/"+anItem+"/papers", nil, file{"paper", "a.pdf", "%PDF-1.7"}); a.status == http.StatusOK {
		t.Error("a member uploads a paper")
	}
}

// Somebody who was the secretary, and whose tablet may still say so, makes no
// cards.
func TestAStaleCardMakesNoCards(t *testing.T) {
	h := sitting(t, nil)
	second := meeting.Person{ID: "second", Name: "Hai", Role: meeting.RoleSecretary}
	h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, second) })
	clerk := h.at(clerkID)
	h.do("second", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Seat(a, meeting.Person{ID: clerkID, Name: "Lã Kim Dung", Role: meeting.RoleGuest})
	})
	for _, path := range []string{"/cards", "/people/m2/pin"} {
		if name := clerk.refused(path, nil); name != string(meeting.NotAllowed) {
			t.Errorf("%s: %s", path, name)
		}
	}
}
