package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/minutes"
	"phonghop/rules"
)

// book keeps the particulars in memory.
type book struct {
	mu   sync.Mutex
	kept Particulars
}

func (b *book) Load() (Particulars, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.kept, nil
}

func (b *book) Save(p Particulars) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = p
	return nil
}

const (
	secretItem  = "item-2"
	secretTitle = "Nhân sự không công bố"
	secretWords = "Thống nhất điều động theo phương án kín"
	aPaper      = "to-trinh"
)

// held is a session that was held: a paper of four pages, a vote of all five, an
// opinion, an item in camera. It sits still on its first item's vote.
func held(t *testing.T) (*house, *book) {
	t.Helper()
	b := &book{kept: Particulars{Prices: minutes.DefaultPrices()}}
	h := sitting(t, func(c *Config) { c.After.Office = b })
	h.placePages(aPaper, 4)
	h.do("m2", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.WriteOpinion(a, anItem, "Đề nghị ưu tiên vùng cao.", true)
	})
	h.openVote()
	for i := range 5 {
		choice := rules.For
		if i == 4 {
			choice = rules.Against
		}
		h.do(member(i), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, aVote, 1, choice) })
	}
	return h, b
}

// placePages puts a paper on the first item whose pages are known.
func (h *house) placePages(id string, pages int) {
	h.t.Helper()
	ref, size, err := h.web.Documents.Put(h.t.Context(), strings.NewReader("paper "+id), 1<<20)
	h.check(err)
	n := meeting.NewPaper{ID: meeting.PaperID(id), Item: anItem, Name: id + ".pdf", Ref: string(ref), Size: size, Type: "application/pdf"}
	h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.PlacePaper(a, n) })
	d := meeting.Drawn{Paper: n.ID, From: 1, Total: pages, Renderer: "pdfium"}
	for range pages {
		d.Images, d.W, d.H = append(d.Images, string(ref)), append(d.W, 124), append(d.H, 175)
	}
	h.do("", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.DrawPages(a, d) })
}

// finish counts the vote, holds the item in camera, closes the session and locks
// its minutes.
func (h *house) finish() {
	h.t.Helper()
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, aVote, false) })
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Conclude(a, anItem, "Giao Sở Tài chính hoàn chỉnh dự thảo.")
	})
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseItem(a, anItem) })
	h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, secretItem, meeting.NewItem{Title: secretTitle, InCamera: true})
	})
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, secretItem) })
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Conclude(a, secretItem, secretWords)
	})
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseItem(a, secretItem) })
	h.do("m0", (*meeting.Session).Close)
	h.awaitFiled(0)
	h.do(clerkID, (*meeting.Session).Lock)
	h.awaitFiled(1)
}

func (h *house) awaitFiled(of int) {
	h.t.Helper()
	for {
		snap := h.room.State()
		for _, set := range snap.Session.Account().Minutes.Filed {
			if set.Of == of {
				return
			}
		}
		select {
		case <-snap.Superseded():
		case <-h.t.Context().Done():
			h.t.Fatal("the minutes were never filed")
		}
	}
}

func (h *house) sessionHref() string { return "/sessions/" + string(h.room.State().Session.ID()) }

// contains says what of the texts a page must have, and what it must not.
func contains(t *testing.T, what, body string, wanted []string, never ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(body, w) {
			t.Errorf("%s does not say %q", what, w)
		}
	}
	for _, n := range never {
		if strings.Contains(body, n) {
			t.Errorf("%s says %q", what, n)
		}
	}
}

func TestSessionsAreListedForWhoMaySeeThem(t *testing.T) {
	h, _ := held(t)
	clerk, chair, m1, guest, hall := h.at(clerkID), h.at("m0"), h.at("m1"), h.at("guest"), h.at(hallID)
	files := `href="` + h.sessionHref() + `"`
	contains(t, "a member's list of a session that sits", m1.get("/sessions").body, []string{"Chưa có biên bản chính thức"}, files, "/savings")
	h.finish()

	contains(t, "the secretary's list", clerk.get("/sessions").body, []string{files, "Biên bản đã khóa, bản 1", "Thể thức văn bản", "/savings"}, "Trung tâm")
	contains(t, "the chair's list", chair.get("/sessions").body, []string{files, "/savings"}, "Thể thức văn bản")
	final := "/minutes/" + string(h.room.State().Session.ID()) + "/bien-ban.pdf"
	contains(t, "a member's list", m1.get("/sessions").body, []string{final}, files, "/savings", "Thể thức văn bản")
	contains(t, "a guest's list", guest.get("/sessions").body, nil, final, files, secretTitle)
	if a := hall.get("/sessions"); a.status != http.StatusForbidden {
		t.Errorf("the hall's picture lists sessions: %d", a.status)
	}
	if a := h.tablet().get("/sessions"); a.to() != "/join" {
		t.Errorf("a stranger: %d %s", a.status, a.to())
	}
}

func TestNewRoomHasAnEmptyList(t *testing.T) {
	h := newHouse(t, nil)
	ctx := t.Context()
	_, err := h.room.DoRoom(ctx, "", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return r.Found("Phòng họp A2", "phong-a2", h.key)
	})
	h.check(err)
	cards, err := h.access.IssueCards(ctx, "", []access.Person{{ID: clerkID, Roles: access.Secretary}}, h.web.Now())
	h.check(err)
	h.cards[clerkID] = cards[0]
	clerk := h.at(clerkID)
	contains(t, "the list of a new room", clerk.get("/sessions").body, []string{"chưa có phiên nào"}, "after-line")
	contains(t, "its savings", clerk.get("/savings").body, []string{"Chưa có phiên họp nào đã kết thúc"}, "<svg class=\"bars\"")
}

// The receipt of the centre is told where the room has a centre.
func TestReceiptIsTold(t *testing.T) {
	var receipt []byte
	h := sitting(t, func(c *Config) {
		c.After.Receipt = func(context.Context, meeting.SessionID) []byte { return receipt }
	})
	clerk := h.at(clerkID)
	contains(t, "before", clerk.get("/sessions").body, []string{"Trung tâm chưa nhận"})
	receipt = []byte("note")
	contains(t, "after", clerk.get(h.sessionHref()).body, []string{"Trung tâm đã nhận"})
}

// Everything of a session but its final minutes is closed to everybody but its
// secretary and chair; the whole file is for the secretary alone.
func TestFilesAreForSecretaryAndChair(t *testing.T) {
	h, _ := held(t)
	h.finish()
	var names []string
	for _, p := range papers() {
		names = append(names, p.name+".pdf", p.name+".docx")
	}
	for _, tb := range tables() {
		names = append(names, tb.name+".csv")
	}
	for _, who := range []string{"m1", "guest", hallID} {
		tb := h.at(who)
		for _, name := range names {
			if a := tb.get(h.sessionHref() + "/documents/" + name); a.status != http.StatusForbidden || strings.Contains(a.body, "Thành viên 3") {
				t.Errorf("%s gets %s: %d", who, name, a.status)
			}
		}
		for _, path := range []string{h.sessionHref(), h.sessionHref() + "/ho-so.zip", "/savings", "/savings/bao-cao.pdf"} {
			if a := tb.get(path); a.status != http.StatusForbidden {
				t.Errorf("%s gets %s: %d", who, path, a.status)
			}
		}
		for path, form := range map[string]url.Values{"/office": {"body": {"X"}}, "/savings/prices": {"page": {"1"}, "set": {"1"}, "delivery": {"1"}, "hours": {"1"}}} {
			if a := tb.post(path, form); a.status != http.StatusForbidden {
				t.Errorf("%s changes %s: %d", who, path, a.status)
			}
		}
	}
	stranger := h.tablet()
	for _, path := range []string{"/documents/phieu.csv", "/ho-so.zip", ""} {
		if a := stranger.get(h.sessionHref() + path); a.status != http.StatusSeeOther || a.to() != "/join" {
			t.Errorf("a stranger gets %q: %d", path, a.status)
		}
	}
	chair := h.at("m0")
	if a := chair.get(h.sessionHref() + "/documents/phieu.csv"); a.status != http.StatusOK {
		t.Errorf("the chair: %d", a.status)
	}
	if a := chair.get(h.sessionHref() + "/ho-so.zip"); a.status != http.StatusForbidden {
		t.Errorf("the chair takes the whole file: %d", a.status)
	}
	contains(t, "the chair's page", chair.get(h.sessionHref()).body, []string{"phieu.csv"}, "ho-so.zip")
}

func TestOfficeIsKeptAndStandsOnPapers(t *testing.T) {
	h, kept := held(t)
	h.finish()
	clerk := h.at(clerkID)
	form := url.Values{"body": {"  VĂN PHÒNG \u202e"}, "place": {"Trà Sơn"}, "archive": {"VT, TH"}, "titles": {"TL. CHỦ TỊCH\r\nCHÁNH VĂN PHÒNG\r\n"}, "chief": {"Đỗ Văn Tâm"}}
	if a := clerk.post("/office", form); a.status != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", a.status, a.body)
	}
	o := kept.kept.Office
	if o.Body != "VĂN PHÒNG" || strings.Join(o.ForChair, "|") != "TL. CHỦ TỊCH|CHÁNH VĂN PHÒNG" {
		t.Errorf("kept %+v", o)
	}
	contains(t, "the form", clerk.get("/sessions").body, []string{`value="Trà Sơn"`, "CHÁNH VĂN PHÒNG</textarea>"})
	contains(t, "the notice", h.pdfText(clerk, "thong-bao-ket-luan"), []string{"Đỗ Văn Tâm", "CHÁNH VĂN PHÒNG", "Trà Sơn"})

	for _, bad := range []url.Values{{"body": {strings.Repeat("Ă", officeMost+1)}}, {"titles": {"A\nB\nC\nD\nE"}}} {
		if a := clerk.post("/office", bad); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, a.status)
		}
	}
	if kept.kept.Office.Body != "VĂN PHÒNG" {
		t.Error("a refused form was kept")
	}
}

func TestSavingsAreCountedAndPriced(t *testing.T) {
	h, kept := held(t)
	clerk := h.at(clerkID)
	contains(t, "while it sits", clerk.get("/savings").body, []string{"Chưa có phiên họp nào đã kết thúc"})
	h.finish()
	// 4 pages for 5 members with a seat: 20 pages, 5 documents.
	page := clerk.get("/savings").body
	contains(t, "the savings", page, []string{">5</b>", "20 trang không phải in", "ước tính", "đếm được", "4 trang × 5 bộ × 350 đồng = 7.000 đồng", `value="20.000"`, `value="0,5"`})
	id := string(h.room.State().Session.ID())
	contains(t, "those of the session", clerk.get("/savings?session="+id).body, []string{"20 trang không phải in"})
	contains(t, "those of another quarter", clerk.get("/savings?quarter=1999-Q1").body, nil, "20 trang không phải in")

	if a := clerk.post("/savings/prices", url.Values{"page": {"500"}, "set": {"5.000"}, "delivery": {"20.000"}, "hours": {"0,25"}}); a.status != http.StatusSeeOther {
		t.Fatalf("prices: %d %s", a.status, a.body)
	}
	contains(t, "with new prices", clerk.get("/savings").body, []string{"4 trang × 5 bộ × 500 đồng = 10.000 đồng", `value="0,25"`})
	for name, bad := range map[string]string{"page": "-1", "set": "5.00", "delivery": "99.000.000", "hours": "NaN"} {
		form := url.Values{"page": {"1"}, "set": {"1"}, "delivery": {"1"}, "hours": {"1"}}
		form.Set(name, bad)
		if a := clerk.post("/savings/prices", form); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s = %s: %d", name, bad, a.status)
		}
	}
	if kept.kept.Prices.Page != 500 {
		t.Errorf("prices: %+v", kept.kept.Prices)
	}
	contains(t, "the chair's savings", h.at("m0").get("/savings").body, []string{"20 trang không phải in"}, "/savings/prices")
}
