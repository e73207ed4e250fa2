package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"phonghop/meeting"
)

func TestABallotOverTheWeb(t *testing.T) {
	h := sitting(t, nil)
	h.openVote()
	m1 := h.at("m1").program()

	first := m1.post("/votes/"+aVote+"/ballot", url.Values{"choice": {"for"}, "n": {"1"}})
	if first.status != http.StatusOK {
		t.Fatalf("ballot: %d %s", first.status, first.body)
	}
	got := first.json(t)
	if got["choice"] != "for" || got["n"] != 1.0 || len(got["code"].(string)) != 4 {
		t.Errorf("receipt %v", got)
	}
	again := m1.post("/votes/"+aVote+"/ballot", url.Values{"choice": {"for"}, "n": {"1"}})
	if again.body != first.body {
		t.Errorf("the same tap again: %s, first %s", again.body, first.body)
	}
	changed := m1.post("/votes/"+aVote+"/ballot", url.Values{"choice": {"against"}, "n": {"2"}}).json(t)
	late := m1.post("/votes/"+aVote+"/ballot", url.Values{"choice": {"for"}, "n": {"1"}}).json(t)
	if late["choice"] != "against" || late["entry"] != changed["entry"] {
		t.Errorf("an old tap was answered with %v, the ballot that stands is %v", late, changed)
	}
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, aVote, true) })
	over := m1.post("/votes/"+aVote+"/ballot", url.Values{"choice": {"for"}, "n": {"3"}})
	if v := over.json(t); over.status != http.StatusConflict || v["refused"] != "vote-closed" || v["ballot"].(map[string]any)["choice"] != "against" {
		t.Errorf("after closing: %d %s", over.status, over.body)
	}
}

func TestTheThreeVoicesOfARefusal(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1")
	const sentence = "Không có cuộc biểu quyết này."
	form := url.Values{"choice": {"for"}, "n": {"1"}}

	program := m1.program().post("/votes/none/ballot", form)
	if program.status != http.StatusConflict || program.json(t)["refused"] != "no-such-vote" || program.json(t)["message"] != sentence {
		t.Errorf("to a program: %d %s", program.status, program.body)
	}
	fragment := m1.send(http.MethodPost, "/votes/none/ballot", form, http.Header{"Hx-Request": {"true"}})
	if fragment.status != http.StatusConflict || !strings.Contains(fragment.body, sentence) || strings.Contains(fragment.body, "<html") {
		t.Errorf("to htmx: %d %s", fragment.status, fragment.body)
	}
	plain := m1.send(http.MethodPost, "/votes/none/ballot", form, http.Header{"Referer": {h.server.URL + "/member"}})
	if plain.status != http.StatusSeeOther || plain.to() != "/member" {
		t.Errorf("to a plain form: %d %s", plain.status, plain.to())
	}
	if page := m1.get("/member"); !strings.Contains(page.body, sentence) {
		t.Error("the page after the redirect does not say the refusal")
	}
	if page := m1.get("/member"); strings.Contains(page.body, sentence) {
		t.Error("the notice is still there on the second look")
	}
}

func TestAFormSentTwiceIsOneEntry(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1").program()
	form := url.Values{"topic": {"Vốn"}, "key": {"3"}}
	first, second := m1.post("/floor/ask", form), m1.post("/floor/ask", form)
	if first.status != http.StatusOK || first.json(t)["entry"] == nil || first.body != second.body {
		t.Errorf("first %s, second %s", first.body, second.body)
	}
}

func TestABackNeverLeadsElsewhere(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1")
	for _, referer := range []string{"http://evil.example/member", h.server.URL + "//evil.example/x", h.server.URL + `/\evil.example`} {
		to := m1.send(http.MethodPost, "/prefs", url.Values{"lang": {"en"}}, http.Header{"Referer": {referer}}).to()
		if strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) || !strings.HasPrefix(to, "/") {
			t.Errorf("from %s back to %s", referer, to)
		}
	}
}

func TestPreferences(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1")
	m1.post("/prefs", url.Values{"lang": {"en"}, "size": {"a-plus"}, "theme": {"dark"}})
	page := m1.get("/member").body
	for _, want := range []string{`lang="en"`, `data-size="a-plus"`, `data-theme="dark"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	m1.post("/prefs", url.Values{"size": {`"><script>`}, "lang": {"xx"}})
	if page := m1.get("/member").body; !strings.Contains(page, `data-size="a-plus"`) || !strings.Contains(page, `lang="en"`) {
		t.Error("a preference that does not exist was kept")
	}
}

// What members chose in an open vote is shown to nobody: no page, stream,
// interface or figure differs by it.
//
// A tablet may be drawn as connected a moment sooner or later. That differs by
// chance and not by the choice, so what once came out the same does not depend
// on it; a direction shown would differ every time.
func TestTheDirectionOfAnOpenVoteIsNowhere(t *testing.T) {
	const own = "the voter's own page"
	says := func(choice string) map[string]string {
		h := sitting(t, nil)
		h.openVote()
		m1 := h.at("m1")
		m1.program().post("/votes/"+aVote+"/ballot", url.Values{"choice": {choice}, "n": {"1"}})
		seen := map[string]string{"metrics": figures(h.tablet().get("/metrics").body), own: steady(m1.get("/member").body)}
		for _, x := range [][2]string{{"m0", "chair"}, {clerkID, "secretary"}, {"m2", "member"}, {"guest", "member"}, {hallID, "hall"}} {
			who, screen := x[0], x[1]
			tb := h.at(who)
			seen[who+" page"] = steady(tb.get("/" + screen).body)
			seen[who+" stream"] = steady(tb.live(screen).panels().data)
			seen[who+" session"] = steady(tb.program().get("/api/session").body)
		}
		return seen
	}
	differs := map[string]string{}
	for try := range 8 {
		one, other := says("for"), says("against")
		if one[own] == other[own] {
			t.Fatal("not even the voter sees the choice: this test compares nothing")
		}
		delete(one, own)
		for where := range one {
			if one[where] == other[where] {
				delete(differs, where)
			} else if try == 0 || differs[where] != "" {
				differs[where] = difference(one[where], other[where])
			}
		}
		if len(differs) == 0 {
			return
		}
	}
	for where, what := range differs {
		t.Errorf("%s differs by the choice: %s", where, what)
	}
}

func TestAProgramLearnsWhichVoteItOpened(t *testing.T) {
	h := sitting(t, nil)
	chair := h.at("m0").program()
	form := url.Values{"motion": {"Thông qua"}, "key": {"9"}}
	first, second := chair.post("/items/"+anItem+"/votes", form), chair.post("/items/"+anItem+"/votes", form)
	open := h.room.State().Session.SeenBy(meeting.Audience{Screen: meeting.ChairScreen}).Vote
	if open == nil || first.json(t)["vote"] != string(open.ID) || first.body != second.body {
		t.Errorf("first %s, sent twice %s, open is %v", first.body, second.body, open)
	}
}
