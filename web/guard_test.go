package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestOnlyOurOwnNames(t *testing.T) {
	h := sitting(t, func(c *Config) { c.Hosts = func() []string { return []string{"phong-a2.local", "192.168.1.10"} } })
	for host, want := range map[string]int{
		"phong-a2.local": http.StatusOK, "PHONG-A2.local:8443": http.StatusOK, "192.168.1.10:8443": http.StatusOK,
		"localhost": http.StatusOK, "[::1]:8080": http.StatusOK,
		"evil.example": http.StatusMisdirectedRequest, "evil.localhost": http.StatusMisdirectedRequest, "192.168.1.11": http.StatusMisdirectedRequest,
	} {
		if a := h.tablet().send(http.MethodGet, "/healthz", nil, http.Header{"Host": {host}}); a.status != want {
			t.Errorf("%s: %d, want %d", host, a.status, want)
		}
	}
}

func TestAFormOfAnotherSite(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1")
	for name, header := range map[string]http.Header{
		"fetch metadata": {"Sec-Fetch-Site": {"cross-site"}},
		"a sister site":  {"Sec-Fetch-Site": {"same-site"}},
		"origin":         {"Origin": {"http://evil.example"}},
	} {
		before := h.room.State().Journal
		a := m1.send(http.MethodPost, "/floor/ask", url.Values{"topic": {"x"}}, header)
		if a.status != http.StatusForbidden || h.room.State().Journal != before {
			t.Errorf("%s: %d, entries %d, before %d", name, a.status, h.room.State().Journal, before)
		}
	}
}

func TestTooMuch(t *testing.T) {
	h := sitting(t, nil)
	a := h.at("m1").program().post("/items/"+anItem+"/opinion", url.Values{"text": {strings.Repeat("à", formMost)}})
	if a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, "64 KB") {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAPanicIsAFaultWithANumber(t *testing.T) {
	h := sitting(t, nil)
	handler := h.web.guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a mistake of ours") }))
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "http://localhost/x", nil))
	if rec.Code != http.StatusServiceUnavailable || strings.Contains(rec.Body.String(), "mistake of ours") || !strings.Contains(rec.Body.String(), "lỗi số") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// Every route meets everybody: nobody gets a broken page, a stranger gets in
// nowhere but at the door, and no answer goes out without its policy.
func TestEveryRoute(t *testing.T) {
	h := sitting(t, nil)
	h.openVote()
	visitors := map[string]*tablet{"stranger": h.tablet(), "guest": h.at("guest"), "member": h.at("m2"), "secretary": h.at(clerkID)}
	for _, rt := range h.web.routes() {
		if rt.pattern == liveRoute || rt.pattern == "POST /leave" {
			continue // live_test.go, join_test.go
		}
		method, path, _ := strings.Cut(rt.pattern, " ")
		path = strings.NewReplacer("{$}", "", "{item}", anItem, "{vote}", "none", "{person}", "nobody", "{seq}", "999", "{seat}", "none", "{verb}", "deny",
			"{token}", "none", "{paper}", "none", "{name}", "none").Replace(path)
		for who, tb := range visitors {
			a := tb.send(method, path, url.Values{"n": {"x"}}, nil)
			if a.status >= 500 {
				t.Errorf("%s, %s: %d %s", rt.pattern, who, a.status, a.body)
			}
			if who == "stranger" && rt.door != open && a.to() != "/join" && a.status != http.StatusNotFound {
				t.Errorf("%s lets a stranger in: %d", rt.pattern, a.status)
			}
			if who == "member" && rt.door == clerk && a.status < 300 {
				t.Errorf("%s lets a member in: %d", rt.pattern, a.status)
			}
			if csp := a.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self'") || strings.Contains(csp, "unsafe") {
				t.Errorf("%s: policy %q", rt.pattern, csp)
			}
			if strings.Contains(a.body, "‹") || strings.Contains(a.body, " style=") || strings.Contains(a.body, " onclick=") {
				t.Errorf("%s, %s: a missing text, or what the policy forbids", rt.pattern, who)
			}
		}
	}
}
