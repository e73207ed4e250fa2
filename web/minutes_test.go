package web

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"phonghop/drafts"
	"phonghop/meeting"
	"phonghop/rules"
)

// writing is a sitting in which m1 has spoken, a vote has been counted, and the
// minutes are being written.
func writing(t *testing.T) *house {
	t.Helper()
	path := filepath.Join(t.TempDir(), "drafts.db")
	kept := drafts.New(path)
	t.Cleanup(func() { kept.Close() })
	h := sitting(t, func(c *Config) { c.Drafts = kept })
	h.do("m1", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AskFloor(a, "Vốn", false) })
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.GiveFloor(a, "m1", 0) })
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Yield(a, "m1") })
	h.openVote()
	for i := range 5 {
		h.do(member(i), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.Cast(a, aVote, 1, rules.For)
		})
	}
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, aVote, false) })
	return h
}

// closeSitting ends the session.
func (h *house) closeSitting() {
	h.t.Helper()
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseItem(a, anItem) })
	h.do("m0", (*meeting.Session).Close)
}

// until waits for a state of the room.
func (h *house) waitFor(what string, is func(*meeting.Session) bool) *meeting.Session {
	h.t.Helper()
	for {
		snap := h.room.State()
		if is(snap.Session) {
			return snap.Session
		}
		select {
		case <-snap.Superseded():
		case <-h.t.Context().Done():
			h.t.Fatal("never: " + what)
		}
	}
}

func (h *house) filed(of int) meeting.FiledSet {
	h.t.Helper()
	var found meeting.FiledSet
	h.waitFor("the minutes are filed", func(s *meeting.Session) bool {
		for _, set := range s.Account().Minutes.Filed {
			if set.Of == of {
				found = set
				return true
			}
		}
		return false
	})
	return found
}

func (h *house) theTurn() string {
	h.t.Helper()
	return strconv.FormatInt(h.room.State().Session.Account().Items[0].Turns[0].Seq, 10)
}

func stage(t *testing.T, name, html string) {
	t.Helper()
	folder := os.Getenv("PHONGHOP_STAGE")
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, "minutes-"+name+".html"), []byte(html), 0o644); err != nil {
		t.Fatal(err)
	}
}

func says(t *testing.T, what, html string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(html, want) {
			t.Errorf("%s lacks %q", what, want)
		}
	}
}

func lacks(t *testing.T, what, html string, unwanted ...string) {
	t.Helper()
	for _, bad := range unwanted {
		if strings.Contains(html, bad) {
			t.Errorf("%s holds %q", what, bad)
		}
	}
}

func TestMinutesAreWrittenBesideTheSession(t *testing.T) {
	h := writing(t)
	clerk, chair := h.at(clerkID), h.at("m0")
	page := clerk.get("/minutes").body
	says(t, "the editor", page, "BIÊN BẢN", "Khi khai mạc: ", "tán thành 5/5 (100,00%)", `data-box="opening"`, `data-box="digest/item-1"`,
		`data-box="speech/`+h.theTurn()+`"`, `data-box="conclusion/item-1"`, `data-box="recipients"`, `data-box="number"`, "/BB</span>")
	lacks(t, "the editor", page, "⟦", "‹", "%!", "KHÓA BIÊN BẢN</button></footer>")
	for place, text := range map[string]string{
		"opening": "Chủ tọa tuyên bố lý do.", "digest/item-1": "Các ý kiến thống nhất.", "speech/" + h.theTurn(): "Đề nghị ưu tiên y tế.",
		"conclusion/item-1": "Thống nhất thông qua.", "number": "12", "recipients": "- Như trên;",
	} {
		a := clerk.program().post("/minutes/write", url.Values{"place": {place}, "text": {text}})
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", place, a.status, a.body)
		}
	}
	page = clerk.get("/minutes").body
	stage(t, "sitting", page)
	says(t, "the editor", page, "Chủ tọa tuyên bố lý do.", "Các ý kiến thống nhất.", "Đề nghị ưu tiên y tế.", "Thống nhất thông qua.")
	seen := chair.get("/minutes").body
	stage(t, "chair", seen)
	says(t, "what changed", seen, "6 chỗ đã thay đổi", `href="#block-opening"`)
	chair.post("/minutes/seen", nil)
	lacks(t, "after the look", chair.get("/minutes").body, "chỗ đã thay đổi")
	clerk.post("/minutes/write", url.Values{"place": {"opening"}, "text": {"Chủ tọa khai mạc."}})
	says(t, "after a change", chair.get("/minutes").body, "1 chỗ đã thay đổi")
	if a := clerk.program().post("/minutes/write", url.Values{"place": {"nonsense/1"}, "text": {"x"}}); a.status != http.StatusConflict {
		t.Errorf("a place that is none: %d", a.status)
	}
	for _, who := range []string{"m1", "guest", hallID} {
		tb := h.at(who)
		for _, path := range []string{"/minutes", "/minutes/part"} {
			a := tb.get(path)
			if a.status == http.StatusOK {
				t.Errorf("%s sees %s", who, path)
			}
			lacks(t, who, a.body, "Chủ tọa khai mạc")
		}
		if a := tb.program().post("/minutes/write", url.Values{"place": {"opening"}, "text": {"x"}}); a.status != http.StatusConflict {
			t.Errorf("%s writes: %d %s", who, a.status, a.body)
		}
		if a := tb.program().post("/minutes/drafts", url.Values{"place": {"opening"}, "text": {"x"}}); a.status != http.StatusConflict {
			t.Errorf("%s keeps a draft: %d %s", who, a.status, a.body)
		}
	}
}

func TestOnlyWhatChangedIsSentAgain(t *testing.T) {
	h := writing(t)
	clerk := h.at(clerkID)
	part := clerk.get("/minutes/part?seq=1")
	seq := part.header.Get("Minutes-Seq")
	if part.status != http.StatusOK || !strings.Contains(part.body, `hx-target="#min-doc"`) {
		t.Fatalf("%d %s", part.status, part.body)
	}
	if again := clerk.get("/minutes/part?seq=" + seq); again.status != http.StatusNoContent {
		t.Errorf("nothing changed: %d", again.status)
	}
}

func TestADraftIsNoEntryAndOutlivesARestart(t *testing.T) {
	h := writing(t)
	clerk := h.at(clerkID)
	before := h.room.State().Session.Size()
	a := clerk.program().post("/minutes/drafts", url.Values{"place": {"closing"}, "text": {"Chủ tọa nhấn mạnh mộ"}})
	if saved, _ := a.json(t)["saved"].(string); a.status != http.StatusOK || len(saved) != len("09:41:12") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if h.room.State().Session.Size() != before {
		t.Error("typing made an entry")
	}
	h.web.Close()
	c := h.web.Config
	path := c.Drafts.Path()
	h.check(c.Drafts.Close())
	c.Drafts = drafts.New(path)
	t.Cleanup(func() { c.Drafts.Close() })
	h.web = New(c)
	t.Cleanup(h.web.Close)
	h.server.Config.Handler = h.web.Handler()
	says(t, "the page after the restart", clerk.get("/minutes").body, "Chủ tọa nhấn mạnh mộ</textarea>", "chưa ghi vào biên bản")
	lacks(t, "the other's page", h.at("m0").get("/minutes").body, "Chủ tọa nhấn mạnh mộ")
	clerk.post("/minutes/write", url.Values{"place": {"closing"}, "text": {"Chủ tọa kết luận chung."}})
	lacks(t, "the page once it is recorded", clerk.get("/minutes").body, "chưa ghi vào biên bản")
}

func TestASpeakersOwnWords(t *testing.T) {
	h := writing(t)
	clerk, m1, m2 := h.at(clerkID), h.at("m1"), h.at("m2")
	turn := h.theTurn()
	clerk.post("/minutes/write", url.Values{"place": {"speech/" + turn}, "text": {"Đề nghị ưu tiên y tế."}})
	says(t, "home", m1.get("/member").body, "/minutes/mine", "1 chờ xác nhận")
	page := m1.get("/minutes/mine").body
	stage(t, "words", page)
	says(t, "own words", page, "Đề nghị ưu tiên y tế.", "XÁC NHẬN", "ĐỀ NGHỊ SỬA")
	lacks(t, "another's page", m2.get("/minutes/mine").body, "Đề nghị ưu tiên y tế.")
	if a := m2.program().post("/minutes/words/confirm", url.Values{"turn": {turn}}); a.status != http.StatusConflict {
		t.Errorf("another confirms: %d", a.status)
	}
	if a := m1.post("/minutes/words/confirm", url.Values{"turn": {turn}, "key": {"1"}}); a.status != http.StatusSeeOther {
		t.Errorf("confirming: %d", a.status)
	}
	says(t, "the editor", clerk.get("/minutes").body, "Người phát biểu đã xác nhận")
	m1.post("/minutes/words/propose", url.Values{"turn": {turn}, "text": {"Đề nghị ưu tiên y tế xã."}, "key": {"2"}})
	page = clerk.get("/minutes").body
	stage(t, "proposal", page)
	says(t, "the editor", page, "Người phát biểu đề nghị sửa thành", "Đề nghị ưu tiên y tế xã.", "NHẬN")
	clerk.post("/minutes/accept", url.Values{"turn": {turn}})
	says(t, "accepted", clerk.get("/minutes").body, "Đề nghị ưu tiên y tế xã.</textarea>", "Người phát biểu đã xác nhận")
}
