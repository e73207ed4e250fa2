package web

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"phonghop/meeting"
	"phonghop/room"
	"phonghop/templates"
)

func TestAStreamBringsEverythingThenWhatChanged(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1")
	stream := m1.live("member")
	if tick, _ := stream.next(); tick.event != "tick" || !strings.Contains(tick.data, `"clock":`) {
		t.Fatalf("the first message is %+v", tick)
	}
	first := stream.panels()
	s := h.room.State()
	if first.id != fmt.Sprintf("%d.%d", s.Journal, s.Present) {
		t.Errorf("id %s at %d.%d", first.id, s.Journal, s.Present)
	}
	all := strings.Count(first.data, "<hx-partial")
	for _, p := range h.web.screens[meeting.MemberScreen].shared(h.web.pageIn("vi", s), s.Session.SeenBy(meeting.Audience{Screen: meeting.MemberScreen})) {
		if templates.MemberHolds(templates.PageHome, p.ID) && !strings.Contains(first.data, `hx-target="#`+p.ID+`"`) {
			t.Errorf("panel %s is missing from the first message", p.ID)
		}
	}
	m1.program().post("/floor/ask", url.Values{"topic": {"Vốn"}})
	if later := stream.panels(); strings.Count(later.data, "<hx-partial") >= all {
		t.Error("a change brings every panel again")
	}
	if again := m1.live("member").panels(); strings.Count(again.data, "<hx-partial") != all {
		t.Error("a new line does not bring every panel")
	}
}

func TestAStreamOfAnotherScreen(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1")
	for screen, want := range map[string]int{"chair": http.StatusForbidden, "secretary": http.StatusForbidden, "none": http.StatusForbidden, "hall": http.StatusOK} {
		if a := m1.get("/live?once=1&screen=" + screen); a.status != want {
			t.Errorf("a member's stream of %s: %d", screen, a.status)
		}
	}
	if a := h.tablet().get("/live?screen=member"); a.status != http.StatusUnauthorized {
		t.Errorf("a stranger's stream: %d", a.status)
	}
}

func TestASheetIsNotSentAgainBecauseOthersVote(t *testing.T) {
	h := sitting(t, nil)
	h.openVote()
	m1, m2 := h.at("m1"), h.at("m2").program()
	stream := m1.live("member")
	sheet := stream.until("/votes/" + aVote + "/ballot")
	if !strings.Contains(sheet.data, "data-ballot") {
		t.Fatal("no ballot on the sheet")
	}
	m2.post("/votes/"+aVote+"/ballot", url.Values{"choice": {"for"}, "n": {"1"}})
	if m := stream.panels(); strings.Contains(m.data, "data-ballot") {
		t.Error("another's ballot draws the sheet again")
	}
	m1.program().post("/votes/"+aVote+"/ballot", url.Values{"choice": {"for"}, "n": {"1"}})
	for {
		m, ok := stream.next()
		if !ok || m.event == "" && strings.Contains(m.data, "data-ballot") {
			t.Fatalf("one's own ballot: %+v, want its receipt and no new sheet", m)
		}
		if m.event == "ballot" {
			if !strings.Contains(m.data, `"vote":"`+aVote+`"`) || !strings.Contains(m.data, `"choice":"for"`) {
				t.Errorf("the receipt on the line: %s", m.data)
			}
			break
		}
	}
	if m := m1.live("member").until("data-ballot"); !strings.Contains(m.data, `aria-pressed="true"`) {
		t.Error("a tablet that comes back is not shown its ballot")
	}
}

// A ballot entered by the secretary says so on the sheet, which the script of a
// tablet cannot.
func TestAnEnteredBallotDrawsTheSheetAgain(t *testing.T) {
	h := sitting(t, nil)
	h.openVote()
	stream := h.at("m1").live("member")
	stream.until("data-ballot")
	h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.CastFor(a, aVote, "m1", "for", "máy hỏng")
	})
	stream.until(`aria-pressed="true"`)
}

// A stream brings a page only what it holds.
func TestAStreamKnowsItsPage(t *testing.T) {
	h := sitting(t, nil)
	m1 := h.at("m1")
	for at, c := range map[string]struct{ with, without string }{
		"home":           {"#main", "#item-" + anItem},
		"item/" + anItem: {"#item-" + anItem, "#main"},
		"record":         {"#own-record", "#actions"},
		"reader":         {"#step", "#own-choice"},
		"item/nonsense":  {"#sheet", "#main"},
		"<script>":       {"#strip", "#main"},
	} {
		a := m1.get("/live?once=1&screen=member&at=" + url.QueryEscape(at))
		if body := a.body; !strings.Contains(body, c.with+`"`) || strings.Contains(body, c.without+`"`) {
			t.Errorf("the page %s is sent %s", at, body)
		}
	}
}

func TestAHandedOverChairMovesTheScreens(t *testing.T) {
	h := sitting(t, nil)
	chair := h.at("m0").live("chair")
	chair.panels()
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.HandOver(a, "m1") })
	for {
		m, ok := chair.next()
		if !ok {
			t.Fatal("the line ended without a word")
		}
		if m.event == "go" {
			return
		}
	}
}

func TestClosingEndsTheStreams(t *testing.T) {
	h := sitting(t, nil)
	stream := h.at("m1").live("member")
	stream.panels()
	h.web.Close()
	for {
		if _, ok := stream.next(); !ok {
			return
		}
	}
}

// A tablet that reads nothing holds nobody: the room takes entries and other
// tablets see them.
func TestATabletThatReadsNothing(t *testing.T) {
	h := sitting(t, nil)
	deaf := h.at("m1")
	u := must(url.Parse(h.server.URL))(t)
	conn := must(net.Dial("tcp", u.Host))(t)
	defer conn.Close()
	conn.(*net.TCPConn).SetReadBuffer(1)
	r := must(http.NewRequest(http.MethodGet, h.server.URL+"/live?screen=member", nil))(t)
	for _, c := range deaf.client.Jar.Cookies(u) {
		r.AddCookie(c)
	}
	h.check(r.Write(conn))

	stream := h.at("m2").live("member")
	for i := range 60 {
		topic := fmt.Sprintf("Chủ đề %d", i)
		h.do("m3", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AskFloor(a, topic, false) })
		h.do("m3", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.WithdrawAsk(a, "m3") })
	}
	// A state that shows nothing new is not sent: the last one must be another than before.
	h.do("m3", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AskFloor(a, "Chủ đề cuối", false)
	})
	last := fmt.Sprintf("%d.", h.room.State().Journal)
	for !strings.HasPrefix(stream.panels().id, last) {
	}
}

func TestPace(t *testing.T) {
	session := meeting.NewSession()
	at := func(journal, acts, present int64) *room.Snapshot {
		return &room.Snapshot{Session: session, Journal: journal, Acts: acts, Present: present}
	}
	for name, c := range map[string]struct {
		shown, next *room.Snapshot
		since, want time.Duration
	}{
		"the first ballot":        {at(10, 10, 0), at(11, 10, 0), time.Hour, 0},
		"a ballot right after":    {at(11, 10, 0), at(12, 10, 0), 30 * time.Millisecond, 70 * time.Millisecond},
		"a ballot in due time":    {at(12, 10, 0), at(20, 10, 0), countEvery, 0},
		"an act among ballots":    {at(12, 10, 0), at(14, 11, 0), time.Millisecond, 0},
		"a tablet came":           {at(12, 10, 0), at(12, 10, 1), time.Millisecond, 0},
		"ballots and a departure": {at(12, 10, 0), at(15, 10, 1), time.Millisecond, 0},
	} {
		if got := pace(c.shown, c.next, c.since); got != c.want {
			t.Errorf("%s: held back %v, want %v", name, got, c.want)
		}
	}
}

// A panel that panics ends the stream it was drawn for; the room and the other
// screens go on.
func TestAPanicInAPanelEndsItsStreamAlone(t *testing.T) {
	h := sitting(t, func(c *Config) { c.Log = slog.New(slog.DiscardHandler) })
	chair := h.web.screens[meeting.ChairScreen]
	chair.own = func(templates.Page, meeting.View, meeting.Mine, string) []templates.Panel {
		panic("a page with a fault")
	}
	h.web.screens[meeting.ChairScreen] = chair
	stream := h.at("m0").live("chair")
	for {
		if _, ok := stream.next(); !ok {
			break
		}
	}
	m1 := h.at("m1")
	m1.live("member").panels()
	if a := m1.program().post("/floor/ask", url.Values{"topic": {"Vốn"}}); a.status != http.StatusOK {
		t.Errorf("after a panic the room answers %d", a.status)
	}
}
