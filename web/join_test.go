package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestEnteringByCardBindsNothing(t *testing.T) {
	h := sitting(t, nil)
	preview, m1 := h.tablet(), h.tablet()
	if a := preview.get("/enter/" + h.cards["m1"].Token); a.to() != "/" {
		t.Fatalf("a preview: %d %s", a.status, a.to())
	}
	m1.get("/enter/" + h.cards["m1"].Token)
	if a := m1.get("/"); a.to() != "/member" {
		t.Errorf("home of a member: %q", a.to())
	}
	if a := m1.get("/member"); a.status != http.StatusOK {
		t.Errorf("the first page: %d %s", a.status, a.to())
	}
	if a := m1.post("/presence", url.Values{}); a.to() != "/" {
		t.Errorf("the first key: %d to %q", a.status, a.to())
	}
	if _, bound := h.access.Bound(string(h.room.State().Session.ID()))["m1"]; !bound {
		t.Error("the first key did not bind the seat")
	}
	if a := preview.get("/member"); a.to() != "/waiting" {
		t.Errorf("another tablet sees the page of a taken seat: %d %q", a.status, a.to())
	}
}

func TestEnteringByCode(t *testing.T) {
	h := sitting(t, nil)
	tb := h.tablet()
	if a := tb.post("/join", url.Values{"code": {"000000"}}); a.status != http.StatusForbidden || !strings.Contains(a.body, "Không có thẻ ghế nào") {
		t.Errorf("a wrong code: %d", a.status)
	}
	if a := tb.post("/join", url.Values{"code": {h.cards["m2"].Code}}); a.to() != "/" {
		t.Errorf("the right code: %d", a.status)
	}
	for range 12 {
		tb.post("/join", url.Values{"code": {"000000"}})
	}
	slow := tb.post("/join", url.Values{"code": {"000000"}})
	if slow.status != http.StatusTooManyRequests || slow.header.Get("Retry-After") == "" {
		t.Errorf("after many wrong codes: %d", slow.status)
	}
	if a := tb.get("/member"); a.status != http.StatusOK {
		t.Errorf("the signed-in tablet was thrown out by wrong codes: %d %q", a.status, a.to())
	}
}

func TestASecondTabletWaitsForAYes(t *testing.T) {
	h := sitting(t, nil)
	first, second := h.at("m1"), h.tablet()
	second.get("/enter/" + h.cards["m1"].Token)
	if a := second.get("/member"); a.to() != "/waiting" {
		t.Fatalf("the second tablet: %d %q", a.status, a.to())
	}
	if a := second.get("/waiting"); a.status != http.StatusOK || !strings.Contains(a.body, "Ghế này đang dùng trên máy khác") {
		t.Fatalf("the page of waiting: %d", a.status)
	}
	if a := second.program().post("/floor/ask", nil); a.status != http.StatusUnauthorized {
		t.Errorf("a waiting tablet acts: %d %s", a.status, a.body)
	}
	stream := first.live("member")
	asked := stream.until("Một máy khác xin vào ghế này")
	if !strings.Contains(asked.data, "/allow") {
		t.Error("the first tablet cannot say yes")
	}
	if a := h.at("m2").program().post("/seats/m1/allow", nil); a.status != http.StatusForbidden {
		t.Errorf("a member decides about another's seat: %d", a.status)
	}
	if a := h.at(clerkID).program().post("/seats/m1/allow", nil); a.status != http.StatusOK {
		t.Errorf("the secretary says yes: %d %s", a.status, a.body)
	}
	for {
		m, ok := stream.next()
		if !ok {
			t.Fatal("the first tablet was not sent away")
		}
		if m.event == "go" {
			break
		}
	}
	if a := second.get("/waiting"); a.to() != "/" {
		t.Errorf("let in: %d %q", a.status, a.to())
	}
	if a := first.get("/member"); a.to() != "/join" {
		t.Errorf("the first tablet still shows the seat: %d %q", a.status, a.to())
	}
}

func TestReleasingASeat(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1")
	if a := h.at("m2").program().post("/seats/m1/release", nil); a.status != http.StatusConflict {
		t.Errorf("by a member: %d", a.status)
	}
	if a := h.at(clerkID).program().post("/seats/m1/release", nil); a.status != http.StatusOK {
		t.Errorf("by the secretary: %d %s", a.status, a.body)
	}
	if a := m1.get("/member"); a.to() != "/join" {
		t.Errorf("the tablet is still there: %d %q", a.status, a.to())
	}
}

func TestThePINOfTheChair(t *testing.T) {
	h := sitting(t, nil)
	chair := h.tablet()
	chair.get("/enter/" + h.cards["m0"].Token)
	if a := chair.get("/chair"); a.to() != "/pin" {
		t.Fatalf("before the PIN: %d %q", a.status, a.to())
	}
	for _, c := range []struct{ pin, again, says string }{
		{"470812", "470813", "không giống nhau"}, {"111111", "111111", "phải gồm 6 số"}, {"123456", "123456", "phải gồm 6 số"},
	} {
		if a := chair.post("/pin", url.Values{"pin": {c.pin}, "again": {c.again}}); a.status != http.StatusForbidden || !strings.Contains(a.body, c.says) {
			t.Errorf("%s %s: %d", c.pin, c.again, a.status)
		}
	}
	chair.post("/pin", url.Values{"pin": {goodPIN}, "again": {goodPIN}})
	if a := chair.get("/chair"); a.status != http.StatusOK {
		t.Errorf("after the PIN: %d %q", a.status, a.to())
	}
	chair.post("/leave", nil)
	if a := chair.get("/chair"); a.to() != "/join" {
		t.Errorf("after leaving: %q", a.to())
	}
	other := h.tablet()
	other.get("/enter/" + h.cards["m0"].Token)
	if a := other.post("/pin", url.Values{"pin": {"470813"}}); a.status != http.StatusForbidden || !strings.Contains(a.body, "không đúng") {
		t.Errorf("a wrong PIN: %d", a.status)
	}
	if a := other.post("/pin", url.Values{"pin": {goodPIN}}); a.to() != "/" {
		t.Errorf("the right PIN: %d", a.status)
	}
}

func TestTheClaimMakesTheFirstSecretary(t *testing.T) {
	h := newHouse(t, nil)
	token := must(h.access.NewClaim(t.Context(), time.Now()))(t)
	tb := h.tablet()
	if a := tb.get("/join"); !strings.Contains(a.body, "Phòng họp chưa có thư ký") {
		t.Error("the door does not say that nobody looks after the room")
	}
	if a := tb.get("/claim/" + token); a.status != http.StatusOK {
		t.Fatalf("the claim: %d", a.status)
	}
	form := url.Values{"salutation": {"Bà"}, "name": {"  Lã   Kim Dung "}, "pin": {goodPIN}, "again": {goodPIN}}
	if a := tb.post("/claim/"+token, url.Values{"pin": {goodPIN}, "again": {goodPIN}}); a.status != http.StatusForbidden || !strings.Contains(a.body, "họ và tên") {
		t.Errorf("without a name: %d", a.status)
	}
	if a := tb.post("/claim/"+token, form); a.to() != "/" {
		t.Fatalf("claiming: %d %s", a.status, a.body)
	}
	if a := tb.get("/"); a.to() != "/prepare" {
		t.Errorf("the first secretary is led to %q", a.to())
	}
	if a := tb.get("/prepare"); a.status != http.StatusOK {
		t.Errorf("preparing: %d", a.status)
	}
	if a := h.tablet().post("/claim/"+token, form); a.status != http.StatusForbidden {
		t.Errorf("the link a second time: %d", a.status)
	}
	if a := h.tablet().get("/claim/wrong"); a.status != http.StatusForbidden {
		t.Errorf("a wrong link: %d", a.status)
	}
}

func TestThePlainPort(t *testing.T) {
	h := sitting(t, func(c *Config) { c.SecurePort, c.Hosts = "8443", func() []string { return []string{"10.47.0.1"} } })
	plain := h.web.PlainHandler()
	ask := func(host, path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		plain.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "http://"+host+path, nil))
		return rec
	}
	token := h.cards["m1"].Token
	card := ask("10.47.0.1", "/enter/"+token)
	if card.Code != http.StatusOK || strings.Contains(card.Body.String()+card.Header().Get("Location"), token) || len(card.Result().Cookies()) > 0 {
		t.Errorf("a card on the plain port: %d, cookies %v, or the token is repeated", card.Code, card.Result().Cookies())
	}
	if !strings.Contains(card.Body.String(), "https://10.47.0.1:8443/") {
		t.Error("the page does not lead to https under the name the tablet came by")
	}
	if a := ask("10.47.0.1", "/enrol?lang=en"); !strings.Contains(a.Body.String(), "Prepare this tablet") {
		t.Error("the page does not turn to English")
	}
	if a := ask("10.47.0.1", "/member"); a.Code != http.StatusSeeOther || a.Header().Get("Location") != "https://10.47.0.1:8443/member" {
		t.Errorf("another page: %d %s", a.Code, a.Header().Get("Location"))
	}
	for _, check := range [][2]string{{"connectivitycheck.gstatic.com", "/generate_204"}, {"10.47.0.1", "/generate_204"}} {
		if a := ask(check[0], check[1]); a.Code != http.StatusNoContent {
			t.Errorf("%v: %d", check, a.Code)
		}
	}
	if a := ask("evil.example", "/enrol"); a.Code != http.StatusMisdirectedRequest {
		t.Errorf("a name that is not ours: %d", a.Code)
	}
}

func TestCookies(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		host   string
		want   []string
		not    []string
	}{
		{"https", func(c *Config) { c.Secure = true }, "localhost", []string{"__Host-seat=", "Secure", "HttpOnly", "SameSite=Lax"}, []string{"Partitioned"}},
		{"plain", nil, "localhost", []string{"seat=", "HttpOnly", "SameSite=Lax"}, []string{"__Host-", "Secure", "Partitioned"}},
		{"a pane", demo, "chair.localhost", []string{"seat=", "Secure", "SameSite=None", "Partitioned", "HttpOnly"}, []string{"__Host-"}},
	} {
		h := sitting(t, c.change)
		a := h.tablet().send(http.MethodGet, "/enter/"+h.cards["m1"].Token, nil, http.Header{"Host": {c.host}})
		all := strings.Join(a.header.Values("Set-Cookie"), "\n")
		for _, want := range c.want {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %s in %s", c.name, want, all)
			}
		}
		for _, not := range c.not {
			if strings.Contains(all, not) {
				t.Errorf("%s: %s in %s", c.name, not, all)
			}
		}
	}
}

// demo makes a room whose board shows nothing yet; tests add panes.
func demo(c *Config) { c.Demo, c.Board = true, []Pane{{Name: "chair", Token: "unused"}} }
