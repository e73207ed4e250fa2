package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"phonghop/meeting"
)

func TestLockConfirmUnlock(t *testing.T) {
	h := writing(t)
	clerk, chair := h.at(clerkID), h.at("m0")
	if a := clerk.program().post("/minutes/lock", nil); a.status != http.StatusConflict {
		t.Errorf("locked while sitting: %d", a.status)
	}
	h.closeSitting()
	h.filed(0)
	stage(t, "closed", clerk.get("/minutes").body)
	says(t, "the closed desk", clerk.get("/minutes").body, "KHÓA BIÊN BẢN", "Khóa biên bản?")
	clerk.post("/minutes/write", url.Values{"place": {"opening"}, "text": {"Chủ tọa khai mạc."}})
	clerk.post("/minutes/lock", nil)
	set := h.filed(1)
	page := chair.get("/minutes").body
	stage(t, "locked", page)
	says(t, "the locked desk", page, "Đã khóa, bản 1", "XÁC NHẬN BẰNG PIN", "chưa xác nhận", "Chủ tọa khai mạc.")
	lacks(t, "the locked desk", page, `data-box="`, "ký số")
	if a := clerk.program().post("/minutes/write", url.Values{"place": {"opening"}, "text": {"x"}}); a.status != http.StatusConflict {
		t.Errorf("written while locked: %d", a.status)
	}

	wrong := chair.program().post("/minutes/confirm", url.Values{"as": {"chair"}, "pin": {"111222"}})
	if wrong.status != http.StatusForbidden || len(h.minutes().Confirmed) != 0 {
		t.Errorf("a wrong PIN: %d %s", wrong.status, wrong.body)
	}
	if a := chair.program().post("/minutes/confirm", url.Values{"as": {"secretary"}, "pin": {goodPIN}}); a.status != http.StatusConflict {
		t.Errorf("the chair as secretary: %d %s", a.status, a.body)
	}
	if a := chair.program().post("/minutes/confirm", url.Values{"as": {"chair"}, "pin": {goodPIN}, "key": {"9"}}); a.status != http.StatusOK {
		t.Fatalf("the chair: %d %s", a.status, a.body)
	}
	clerk.post("/minutes/confirm", url.Values{"as": {"secretary"}, "pin": {goodPIN}})
	done := h.minutes().Confirmed
	if len(done) != 2 || done[0].Ref != set.Files[1].Ref {
		t.Fatalf("%+v", done)
	}
	page = clerk.get("/minutes").body
	stage(t, "confirmed", page)
	says(t, "confirmed", page, "đã xác nhận bằng PIN lúc", done[0].Code, done[1].Code)

	if a := clerk.program().post("/minutes/unlock", nil); a.status != http.StatusConflict {
		t.Errorf("unlocked without a reason: %d", a.status)
	}
	clerk.post("/minutes/unlock", url.Values{"reason": {"Sửa nơi nhận"}})
	if m := h.minutes(); m.Locked || len(m.Confirmed) != 0 {
		t.Errorf("unlocked: %+v", m)
	}
	clerk.post("/minutes/write", url.Values{"place": {"closing"}, "text": {"Chủ tọa cảm ơn."}})
	says(t, "since the lock", chair.get("/minutes").body, "1 chỗ đã thay đổi")
	clerk.post("/minutes/lock", nil)
	if again := h.filed(2); again.Files[1].Ref == set.Files[1].Ref {
		t.Error("the second lock filed the first text")
	}
}

func (h *house) minutes() meeting.MinutesState { return h.room.State().Session.Account().Minutes }

// Whoever may confirm loses nothing of their PIN to the journal: two confirmations
// of one form, one with a wrong PIN before, make ids that do not depend on it.
func TestThePINIsInNoEntry(t *testing.T) {
	h := writing(t)
	h.closeSitting()
	clerk := h.at(clerkID)
	clerk.post("/minutes/lock", nil)
	h.filed(1)
	form := url.Values{"as": {"secretary"}, "pin": {goodPIN}, "key": {"7"}}
	first := clerk.program().post("/minutes/confirm", form)
	bare := &http.Request{Method: http.MethodPost, URL: &url.URL{Path: "/minutes/confirm"}, Header: http.Header{}}
	bare.PostForm = url.Values{"as": {"secretary"}, "key": {"7"}}
	bare.Form = bare.PostForm
	key := h.web.command(bare).Key
	if first.status != http.StatusOK || key == "" {
		t.Fatalf("%d %s", first.status, first.body)
	}
	bare.PostForm.Set("pin", goodPIN)
	if h.web.command(bare).Key == key {
		t.Fatal("the key does not depend on the form: this test shows nothing")
	}
}

func TestFilesAreDrawnOnce(t *testing.T) {
	h := writing(t)
	h.web.Close() // nobody draws
	h.closeSitting()
	if n := len(h.minutes().Filed); n != 0 {
		t.Fatalf("filed without a keeper: %d", n)
	}
	next := func() {
		h.web = New(h.web.Config)
		h.server.Config.Handler = h.web.Handler()
		t.Cleanup(h.web.Close)
	}
	next() // the start finds what is missing
	set := h.filed(0)
	path := "/minutes/" + string(h.room.State().Session.ID()) + "/bien-ban."
	m1, clerk := h.at("m1"), h.at(clerkID)
	pdf, docx := m1.get(path+"pdf"), clerk.get(path+"docx")
	if pdf.status != http.StatusOK || !strings.HasPrefix(pdf.body, "%PDF-") || pdf.header.Get("Content-Type") != pdfType {
		t.Fatalf("%d %q", pdf.status, pdf.header)
	}
	if docx.status != http.StatusOK || !strings.HasPrefix(docx.body, "PK") {
		t.Fatalf("%d %q", docx.status, docx.header)
	}
	size := h.room.State().Session.Size()
	h.web.Close()
	next()
	h.web.Close() // after its first look
	next()
	if m1.get(path+"pdf").body != pdf.body || clerk.get(path+"docx").body != docx.body {
		t.Error("the bytes differ after a restart")
	}
	if now := h.minutes().Filed; len(now) != 1 || now[0].Files[0] != set.Files[0] || h.room.State().Session.Size() != size {
		t.Errorf("filed again: %+v", now)
	}
	if !bytes.Contains([]byte(set.Files[1].Name), []byte(".pdf")) {
		t.Errorf("%+v", set.Files)
	}
}

func TestWhoMayReadTheMinutes(t *testing.T) {
	h := writing(t)
	id := string(h.room.State().Session.ID())
	pdf, docx := "/minutes/"+id+"/bien-ban.pdf", "/minutes/"+id+"/bien-ban.docx"
	tablets := map[string]*tablet{"stranger": h.tablet()}
	for _, who := range []string{clerkID, "m0", "m1", "guest", hallID} {
		tablets[who] = h.at(who)
	}
	expect := func(when, path string, want map[string]int) {
		t.Helper()
		for who, tb := range tablets {
			if got := tb.get(path).status; got != want[who] {
				t.Errorf("%s, %s: %s got %d, want %d", when, path, who, got, want[who])
			}
		}
	}
	expect("sitting", pdf, map[string]int{clerkID: 200, "m0": 200, "m1": 404, "guest": 404, hallID: 403, "stranger": 303})
	h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, "item-2", meeting.NewItem{Title: "Nhân sự", Minutes: 5, InCamera: true})
	})
	h.closeSitting()
	h.filed(0)
	expect("closed, an item in camera", pdf, map[string]int{clerkID: 200, "m0": 200, "m1": 200, "guest": 403, hallID: 403, "stranger": 303})
	expect("closed", docx, map[string]int{clerkID: 200, "m0": 200, "m1": 403, "guest": 403, hallID: 403, "stranger": 303})
	lacks(t, "the hall", tablets[hallID].get("/hall").body, "/take/", "quét để lấy")
	ref := h.filed(0).Files[1].Ref
	if a := h.tablet().get("/take/" + ref[:32] + ".pdf"); a.status != http.StatusNotFound {
		t.Errorf("minutes with an item in camera by the hall's code: %d", a.status)
	}
}

func TestTheHallGivesThePDFAway(t *testing.T) {
	h := writing(t)
	h.closeSitting()
	ref := h.filed(0).Files[1].Ref
	hall := h.at(hallID).get("/hall").body
	stage(t, "hall", hall)
	says(t, "the hall", hall, "Biên bản: quét để lấy bản PDF")
	phone := h.tablet()
	if a := phone.get("/take/" + ref[:32] + ".pdf"); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF-") {
		t.Errorf("%d", a.status)
	}
	for _, wrong := range []string{ref[:31] + "x", "", ref[:8], ref} {
		if a := phone.get("/take/" + wrong + ".pdf"); a.status != http.StatusNotFound {
			t.Errorf("%q: %d", wrong, a.status)
		}
	}
}

func TestTasks(t *testing.T) {
	h := writing(t)
	clerk, m1 := h.at(clerkID), h.at("m1")
	form := url.Values{"text": {"Hoàn chỉnh nghị quyết"}, "unit": {"Sở Tài chính"}, "due": {"2026-06-30"}, "state": {"open"}, "item": {anItem}, "key": {"1"}}
	if a := m1.program().post("/tasks", form); a.status != http.StatusConflict {
		t.Errorf("a member sets a task: %d", a.status)
	}
	clerk.post("/tasks", form)
	page := clerk.get("/tasks").body
	stage(t, "tasks", page)
	says(t, "the list", page, "Hoàn chỉnh nghị quyết", "Chủ trì: Sở Tài chính.", "Hạn 30/06/2026", "nội dung 1", "Đang thực hiện")
	id := string(h.room.State().Session.Account().Tasks[0].ID)
	form.Set("id", id)
	form.Set("state", "done")
	form.Set("percent", "100")
	clerk.post("/tasks", form)
	if all := h.room.State().Session.Account().Tasks; len(all) != 1 || all[0].State != meeting.TaskDone {
		t.Errorf("%+v", all)
	}
	seen := m1.get("/tasks").body
	says(t, "a member's list", seen, "Hoàn chỉnh nghị quyết", "Hoàn thành")
	lacks(t, "a member's list", seen, "Thêm nhiệm vụ", `action="/tasks"`)
	if a := h.at(hallID).get("/tasks"); a.status == http.StatusOK {
		t.Error("the hall has the list")
	}
}
