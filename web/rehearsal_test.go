package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"phonghop/dossier"
	"phonghop/ghosts"
	"phonghop/meeting"
	"phonghop/rehearsal"
	"phonghop/room"
	"phonghop/templates"
)

// hangs guards against a hang, and times nothing.
const hangs = 2 * time.Minute

// staging is a sitting room with a stage.
func staging(t *testing.T) *house {
	t.Helper()
	var h *house
	dir := t.TempDir()
	h = sitting(t, func(c *Config) {
		c.Stage = rehearsal.New(rehearsal.Config{
			Dir: dir, Room: c.Room, Now: c.Now, Log: c.Log,
			Recount: func(ctx context.Context, path string) (int, error) {
				return dossier.Check(ctx, path, dossier.Voice{Out: io.Discard})
			},
		})
		c.Reach = func(int) (ghosts.Room, error) { return ghosts.At(h.server.URL, nil) }
	})
	t.Cleanup(func() {
		h.web.theatre.close()
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	})
	return h
}

// begins has the tablets of a program take part, and gives their cast.
func (h *house) begins(tablets string) (cast ghosts.Cast) {
	h.t.Helper()
	a := h.tablet().program().post("/rehearsal/cast", url.Values{"tablets": {tablets}})
	if a.status != http.StatusOK {
		h.t.Fatalf("%d %s", a.status, a.body)
	}
	h.check(json.Unmarshal([]byte(a.body), &cast))
	return cast
}

// ends waits until the rehearsal that is on is gone.
func (h *house) ends(sh *show) {
	h.t.Helper()
	select {
	case <-sh.done:
	case <-time.After(hangs):
		h.t.Fatal("the rehearsal never ended")
	}
}

// holds tells whether a tablet has the cookie of a rehearsal.
func (tb *tablet) holds(name string) bool {
	u, _ := url.Parse(tb.h.server.URL)
	for _, c := range tb.client.Jar.Cookies(u) {
		if c.Name == name && c.Value != "" {
			return true
		}
	}
	return false
}

func (h *house) ghost(p ghosts.Part) *tablet {
	h.t.Helper()
	tb := h.tablet()
	if a := tb.get("/rehearsal/enter/" + p.Token); a.to() != "/" {
		h.t.Fatalf("the card of %s: %d %s", p.Name, a.status, a.body)
	}
	return tb
}

// A whole rehearsal as the page holds one: ghosts in the box, a vote, another, the
// report; and nothing of it in the room.
func TestARehearsalFromThePage(t *testing.T) {
	h := staging(t)
	before, entries := h.web.After.Journal.Logs(), h.room.State().Journal
	clerk := h.at(clerkID)
	entered := h.room.State().Journal - entries
	if a := clerk.post("/rehearsal", url.Values{"tablets": {"12"}}); a.to() != "/rehearsal" {
		t.Fatalf("beginning: %d %s", a.status, a.body)
	}
	sh := h.web.theatre.current()
	voted := func(n int) func(ghosts.Report) bool {
		return func(r ghosts.Report) bool {
			return len(r.Votes) == n && r.Votes[n-1].Counting.Of > 0 && r.Recount != nil
		}
	}
	h.reports(sh, voted(1))
	if a := clerk.get("/rehearsal"); !strings.Contains(a.body, "BIỂU QUYẾT THỬ") || !strings.Contains(a.body, "/rehearsal/join/"+sh.join) {
		t.Errorf("the page while one is on: %d %s", a.status, a.body)
	}
	clerk.post("/rehearsal/votes", nil)
	h.reports(sh, voted(2))
	if a := clerk.get("/rehearsal/part?on=true"); !strings.Contains(a.body, "rehearsal-now") || !strings.Contains(a.body, "12/12") {
		t.Errorf("the parts: %s", a.body)
	}
	if a := clerk.get("/rehearsal/part?on=false"); a.header.Get("HX-Redirect") != "/rehearsal" {
		t.Errorf("a page of before: %v", a.header)
	}
	clerk.post("/rehearsal/end", nil)
	r := *h.web.theatre.last
	if r.Verdict != ghosts.Good || len(r.Wrong) > 0 || r.ComeIn.Done != 12 || r.Screens.Done != 12 || r.Ask.Done != 12 || r.Dropped != 0 || r.Ended != "asked" {
		t.Errorf("report %+v", r)
	}
	for _, v := range r.Votes {
		if v.Ballots.Done != 12 || v.For != 9 || v.Against != 2 || v.Abstain != 1 || !v.Adds || v.Changed+v.Lost+v.Refused > 0 || v.Counting.Done != 12 {
			t.Errorf("vote %+v", v)
		}
	}
	if a := clerk.get("/rehearsal"); !strings.Contains(a.body, "Phòng chịu được 12 máy") || !strings.Contains(a.body, "bản sao đã xóa") {
		t.Errorf("the page afterwards: %s", a.body)
	}
	if after := h.web.After.Journal.Logs(); entered != 0 || !reflect.DeepEqual(after, before) {
		t.Errorf("the room's logs were %v and are %v", before, after)
	}
}

// reports waits for something in the report.
func (h *house) reports(sh *show, is func(ghosts.Report) bool) {
	h.t.Helper()
	for till := time.Now().Add(hangs); !is(sh.play.Report()) || sh.play.Now().Step != ghosts.Resting; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(till) {
			h.t.Fatalf("it never came: %+v", sh.play.Report())
		}
	}
}

// A member's own tablet goes in, votes there, and comes back to where it was.
func TestATabletJoinsAndReturns(t *testing.T) {
	h := staging(t)
	m2 := h.at("m2")
	real := m2.live("member")
	real.panels()
	h.begins("2")
	real.until("VÀO DIỄN TẬP")
	if a := m2.get("/member"); strings.Contains(a.body, "rehearsal-band") || !strings.Contains(a.body, "VÀO DIỄN TẬP") {
		t.Error("the real page offers no way in, or has a band")
	}
	if a := m2.post("/rehearsal/enter", nil); a.to() != "/" || m2.get("/").to() != "/member" {
		t.Fatalf("entering: %d %s", a.status, a.to())
	}
	page := m2.get("/member")
	if !strings.Contains(page.body, "rehearsal-band") || !strings.Contains(page.body, "Thành viên 2") || strings.Contains(page.body, "VÀO DIỄN TẬP") {
		t.Errorf("the page in the rehearsal: %s", page.body)
	}
	staged := m2.live("member")
	staged.panels()
	sh := h.web.theatre.current()
	h.check(sh.trial(t))
	staged.until("TÁN THÀNH")
	vote := sh.run.Room.State().Session.SeenBy(meeting.Audience{Screen: meeting.HallScreen}).Vote
	if a := m2.program().post("/votes/"+string(vote.ID)+"/ballot", url.Values{"choice": {"for"}, "n": {"1"}}); a.status != http.StatusOK {
		t.Errorf("a ballot there: %d %s", a.status, a.body)
	}
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, aVote, anItem, "Thông qua dự thảo", 0, "")
	})
	for {
		if m, ok := staged.next(); !ok || m.event == "go" {
			if !ok || strings.TrimSpace(m.data) != "/" {
				t.Errorf("at a real vote the screen was told %+v", m)
			}
			break
		}
	}
	if a := m2.get("/member"); strings.Contains(a.body, "rehearsal-band") || !strings.Contains(a.body, aVote) || m2.holds("rehearsal-seat") || !m2.holds("seat") {
		t.Errorf("back in the room: %s", a.body)
	}
	h.ends(sh)
	if a := m2.program().post("/votes/"+aVote+"/ballot", url.Values{"choice": {"against"}, "n": {"1"}}); a.status != http.StatusOK {
		t.Errorf("a real ballot afterwards: %d %s", a.status, a.body)
	}
}

// trial opens a vote in the rehearsal.
func (sh *show) trial(t *testing.T) error {
	_, err := sh.run.Room.Do(t.Context(), room.Command{By: sh.run.Conductor.Person, Saw: -1, Verb: func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, "trial", sh.run.Item(), "Thử", 0, "")
	}})
	return err
}

// What is pressed on a page of a rehearsal that is over is not carried out in the
// room, whatever it is; pages and screens are the room's.
func TestAPageOfARehearsalThatIsOver(t *testing.T) {
	h := staging(t)
	chair := h.at("m0")
	h.begins("2")
	leave := func() {
		chair.post("/rehearsal/enter", nil)
		sh := h.web.theatre.current()
		sh.run.End(rehearsal.Asked)
		h.ends(sh)
		if !chair.holds("rehearsal-seat") {
			t.Fatal("the tablet does not hold the old cookie")
		}
		h.begins("2")
	}
	entries := h.room.State().Journal
	for _, tt := range []struct {
		path   string
		header http.Header
		status int
	}{
		{"/session/close", http.Header{"Accept": {"application/json"}}, http.StatusConflict},
		{"/session/close", http.Header{"Hx-Request": {"true"}}, http.StatusNoContent},
		{"/session/recess", nil, http.StatusSeeOther},
		{"/items/" + anItem + "/close", nil, http.StatusSeeOther},
		{"/leave", nil, http.StatusSeeOther},
	} {
		leave()
		if a := chair.send(http.MethodPost, tt.path, nil, tt.header); a.status != tt.status {
			t.Errorf("%s: %d %s", tt.path, a.status, a.body)
		}
		if chair.holds("rehearsal-seat") || !chair.holds("seat") {
			t.Errorf("%s: the wrong cookie was taken", tt.path)
		}
	}
	leave()
	if m, ok := chair.live("chair").next(); !ok || m.event != "go" {
		t.Errorf("a screen of before hears %+v", m)
	}
	if h.room.State().Journal != entries {
		t.Errorf("%d entries were made in the room", h.room.State().Journal-entries)
	}
	if a := chair.get("/chair"); a.status != http.StatusOK || strings.Contains(a.body, "rehearsal-band") {
		t.Errorf("the room's own page: %d", a.status)
	}
}

// A cookie of a rehearsal reaches nothing of the room, and one of the room nothing of
// a rehearsal, whatever the address.
func TestNeitherReachesTheOther(t *testing.T) {
	h := staging(t)
	cast := h.begins("2")
	ghost, clerk, stranger := h.ghost(cast.Ghosts[0]), h.ghost(cast.Conductor), h.tablet()
	staged := map[string]bool{"GET /{$}": true, "POST /leave": true}
	for _, rt := range h.web.ofSitting() {
		staged[rt.pattern] = true
	}
	entries, own := h.room.State().Journal, 0
	for _, rt := range h.web.routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if staged[rt.pattern] || rt.pattern == "GET /join" || ofTheRoom(path) {
			own++
			continue
		}
		path = strings.NewReplacer("{$}", "", "{item}", anItem, "{vote}", "none", "{person}", "m1", "{seq}", "1", "{seat}", "none", "{verb}", "deny",
			"{token}", h.cards["m1"].Token, "{paper}", "none", "{session}", string(h.room.State().Session.ID())).Replace(path)
		for who, tb := range map[string]*tablet{"a ghost": ghost, "the secretary of a rehearsal": clerk} {
			if a := tb.send(method, path, nil, nil); a.status != http.StatusNotFound {
				t.Errorf("%s reaches %s: %d", who, rt.pattern, a.status)
			}
		}
	}
	if own < 40 || h.room.State().Journal != entries {
		t.Errorf("%d addresses of a sitting, %d entries", own, h.room.State().Journal-entries)
	}
	for _, path := range []string{"/rehearsal", "/rehearsal/part", "/it", "/prepare", "/minutes"} {
		if a := clerk.get(path); a.status == http.StatusOK {
			t.Errorf("the secretary of a rehearsal opens %s", path)
		}
	}
	if a := ghost.post("/rehearsal/end", nil); a.to() != "/join" || h.web.theatre.current().run.Why() != nil {
		t.Errorf("a ghost ends it: %d", a.status)
	}
	// The values of the cookies under each other's name.
	value := func(tb *tablet, name string) string {
		u, _ := url.Parse(h.server.URL)
		for _, c := range tb.client.Jar.Cookies(u) {
			if c.Name == name {
				return c.Value
			}
		}
		return ""
	}
	m1 := h.at("m1")
	for _, cookie := range []string{"seat=" + value(ghost, "rehearsal-seat"), "rehearsal-seat=" + value(m1, "seat")} {
		a := stranger.send(http.MethodGet, "/api/session", nil, http.Header{"Cookie": {cookie}, "Accept": {"application/json"}})
		if a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", cookie, a.status, a.body)
		}
	}
	if a := stranger.get("/enter/" + cast.Ghosts[1].Token); a.to() == "/" || stranger.holds("seat") {
		t.Error("a ghost's card signs in to the room")
	}
	if a := stranger.get("/rehearsal/enter/" + h.cards["m1"].Token); a.status != http.StatusConflict || stranger.holds("rehearsal-seat") {
		t.Errorf("a card of the room signs in to the rehearsal: %d", a.status)
	}
}

// What a ghost's session shows is the copy's.
func TestAGhostSeesTheCopy(t *testing.T) {
	h := staging(t)
	cast := h.begins("2")
	got := h.ghost(cast.Ghosts[0]).program().get("/api/session").json(t)
	if got["id"] == string(h.room.State().Session.ID()) || got["id"] == nil {
		t.Errorf("it sees session %v", got["id"])
	}
	if a := h.ghost(cast.Ghosts[0]).get("/member"); !strings.Contains(a.body, "rehearsal-band") || strings.Contains(a.body, h.key) {
		t.Error("a page without a band")
	}
	healthy := h.tablet().get("/healthz").json(t)
	if int64(healthy["entries"].(float64)) != h.room.State().Journal {
		t.Errorf("healthz counts %v", healthy)
	}
}

func TestTheHallJoins(t *testing.T) {
	h := staging(t)
	h.begins("2")
	hall := h.at(hallID)
	hall.post("/rehearsal/enter", nil)
	if a := hall.get("/hall"); !strings.Contains(a.body, "rehearsal-band") {
		t.Error("the hall's picture has no band")
	}
	if a := hall.post("/leave", nil); a.to() != "/" {
		t.Errorf("leaving: %d", a.status)
	}
	if a := hall.get("/hall"); strings.Contains(a.body, "rehearsal-band") || a.status != http.StatusOK {
		t.Error("the hall is not back in the room")
	}
}

func TestATabletWithoutASeatJoins(t *testing.T) {
	h := staging(t)
	h.begins("2")
	sh, tb := h.web.theatre.current(), h.tablet()
	if a := tb.get("/rehearsal/join/nothing"); a.status != http.StatusConflict {
		t.Errorf("a wrong link: %d", a.status)
	}
	if a := tb.post("/rehearsal/join/nothing", nil); tb.holds("rehearsal-seat") {
		t.Errorf("a wrong link lets in: %d", a.status)
	}
	if a := tb.get("/rehearsal/join/" + sh.join); !strings.Contains(a.body, "VÀO DIỄN TẬP") {
		t.Errorf("the page: %d", a.status)
	}
	tb.post("/rehearsal/join/"+sh.join, nil)
	if a := tb.get("/member"); !strings.Contains(a.body, "rehearsal-band") || !strings.Contains(a.body, "Máy vào thêm 1") {
		t.Errorf("inside: %d", a.status)
	}
	here := func() int {
		return sh.run.Room.State().Session.SeenBy(meeting.Audience{Screen: meeting.HallScreen}).Quorum.Present
	}
	if n := here(); n != 3 {
		t.Errorf("%d are present", n)
	}
	tb.post("/leave", nil)
	if a := tb.get("/member"); a.to() != "/join" || here() != 2 {
		t.Errorf("outside again: %d %s, %d are present", a.status, a.to(), here())
	}
}

// A program begins one from this computer, or with the link of the page, once.
func TestWhoMayBeginOne(t *testing.T) {
	h := staging(t)
	program := h.tablet().program()
	proxied := http.Header{"X-Forwarded-For": {"192.168.1.20"}, "Accept": {"application/json"}}
	if a := program.send(http.MethodPost, "/rehearsal/cast", url.Values{"tablets": {"2"}}, proxied); a.json(t)["refused"] != "not-allowed" {
		t.Errorf("through a proxy: %d %s", a.status, a.body)
	}
	page := h.at(clerkID).post("/rehearsal/link", nil)
	_, rest, _ := strings.Cut(page.body, "/rehearsal#")
	link := rest[:26]
	begin := func(header http.Header) answer {
		return program.send(http.MethodPost, "/rehearsal/cast", url.Values{"tablets": {"2"}, "link": {link}}, header)
	}
	first := begin(proxied)
	if first.status != http.StatusOK {
		t.Fatalf("with the link: %d %s", first.status, first.body)
	}
	if a := begin(proxied); a.json(t)["refused"] != "rehearsal-link" {
		t.Errorf("with the link again: %d %s", a.status, a.body)
	}
	if a := program.post("/rehearsal/cast/end", url.Values{"key": {"nothing"}}); a.json(t)["refused"] != "rehearsal-none-on" {
		t.Errorf("ended without its key: %d %s", a.status, a.body)
	}
	report := `{"tablets":2,"votes":[],"verdict":"good"}`
	if a := program.post("/rehearsal/cast/end", url.Values{"key": {first.json(t)["key"].(string)}, "report": {report}}); a.json(t)["ended"] != "asked" || a.json(t)["recount"] == nil {
		t.Errorf("ended: %d %s", a.status, a.body)
	}
	if r := h.web.theatre.last; r == nil || r.Tablets != 2 || r.Verdict != ghosts.Unsaid { // judged here: there was no vote
		t.Errorf("kept: %+v", r)
	}
	for _, who := range []string{"m1", "guest"} {
		if a := h.at(who).post("/rehearsal", url.Values{"tablets": {"2"}}); a.status < 300 || h.web.theatre.current() != nil {
			t.Errorf("%s begins one: %d", who, a.status)
		}
	}
}

func TestTheRefusalsOfARehearsal(t *testing.T) {
	h := staging(t)
	clerk := h.at(clerkID).program()
	says := func(path, tablets, want string) {
		t.Helper()
		if a := clerk.post(path, url.Values{"tablets": {tablets}}); a.status != http.StatusConflict || a.json(t)["refused"] != want || a.json(t)["message"] == "" {
			t.Errorf("%s: %d %s, want %s", path, a.status, a.body, want)
		}
	}
	says("/rehearsal/enter", "", "rehearsal-none-on")
	says("/rehearsal", "2001", "rehearsal-bad-number")
	says("/rehearsal", "0", "rehearsal-bad-number")
	h.begins("2")
	says("/rehearsal", "2", "rehearsal-already-on")
	sh := h.web.theatre.current()
	sh.run.End(rehearsal.Asked)
	h.ends(sh)
	h.openVote()
	says("/rehearsal", "2", "rehearsal-vote-open")
	for _, r := range rehearsal.Refusals() {
		for _, l := range []templates.Lang{templates.Vietnamese, templates.English} {
			if s := templates.Refusal(l, meeting.Refusal("rehearsal-"+string(r))); strings.HasPrefix(s, "‹") {
				t.Errorf("%s has no sentence", r)
			}
		}
	}
	for _, r := range []rehearsal.Refusal{rehearsal.Asked, rehearsal.VoteOpen, rehearsal.Opened, rehearsal.DiskFull, rehearsal.RoomEnded, rehearsal.ChairClosed, rehearsal.Idle, rehearsal.Stopping} {
		if s := templates.Vietnamese.T("rehearsal.ended." + string(r)); strings.HasPrefix(s, "‹") {
			t.Errorf("%s has no sentence for the end", r)
		}
	}
	for _, c := range []ghosts.Complaint{ghosts.NotIn, ghosts.Dark, ghosts.NotAsked, ghosts.Unseen, ghosts.LostVotes, ghosts.Refusals, ghosts.Miscounted, ghosts.Uncounted, ghosts.NoVote, ghosts.Drops, ghosts.Waited} {
		if s := templates.Vietnamese.T("rehearsal.wrong." + string(c)); strings.HasPrefix(s, "‹") {
			t.Errorf("%s has no sentence", c)
		}
	}
}

// The program stops in the middle of one: its end is waited for.
func TestTheProgramStopsDuringOne(t *testing.T) {
	h := staging(t)
	if _, err := h.web.theatre.begin(t.Context(), 5, true); err != nil {
		t.Fatal(err)
	}
	h.web.Close()
	if _, err := h.web.theatre.begin(t.Context(), 5, true); err == nil || h.web.theatre.current() != nil {
		t.Errorf("one began after the end: %v", err)
	}
	if _, err := os.Stat(filepath.Join(h.web.Stage.Dir, "rehearsal.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its log is there: %v", err)
	}
}
