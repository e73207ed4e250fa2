package web

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"phonghop/inbox"
	"phonghop/meeting"
	"phonghop/room"
)

// withInbox is a sitting house with a real folder for papers.
func withInbox(t *testing.T) *house {
	t.Helper()
	h := sitting(t, nil)
	c := h.web.Config
	in := must(inbox.Open(t.Context(), inbox.Config{
		Dir: filepath.Join(t.TempDir(), "inbox"), Room: c.Room, Documents: c.Documents, Now: c.Now, Log: c.Log,
		Quiet: inbox.Quiet{Complete: 20 * time.Millisecond, Any: 20 * time.Millisecond, Rescan: 100 * time.Millisecond},
	}))(t)
	h.web.Inbox = in
	t.Cleanup(func() { h.check(in.Close()) })
	return h
}

// until waits for a state of the room.
func (h *house) until(what string, ok func(*room.Snapshot) bool) *room.Snapshot {
	h.t.Helper()
	late := time.After(2 * time.Minute)
	for {
		s := h.room.State()
		if ok(s) {
			return s
		}
		select {
		case <-s.Superseded():
		case <-late:
			h.t.Fatalf("never %s: %+v", what, s.Arrivals)
		}
	}
}

// A file sent in pieces while the session sits is held back from everybody
// until the secretary publishes it; then it is a paper like any other.
func TestAFileBecomesAPaper(t *testing.T) {
	h := withInbox(t)
	clerk, m1 := h.at(clerkID), h.at("m1")
	body := pdf + "trailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
	begun := clerk.begins(fmt.Sprintf(`{"item":%q,"file":"Phụ lục 1.pdf","size":%d,"modified":1}`, anItem, len(body))).json(t)
	id := begun["id"].(string)
	if a := clerk.adds(id, "0", body[:10]); a.status != http.StatusNoContent {
		t.Fatalf("the first piece: %d %s", a.status, a.body)
	}
	again := clerk.begins(fmt.Sprintf(`{"item":%q,"file":"Phụ lục 1.pdf","size":%d,"modified":1}`, anItem, len(body))).json(t)
	if again["id"] != id || again["offset"] != 10.0 {
		t.Fatalf("gone on with: %v", again)
	}
	if a := clerk.adds(id, "0", body[:10]); a.status != http.StatusConflict || a.header.Get(offsetHeader) != "10" {
		t.Errorf("a piece twice: %d at %s", a.status, a.header.Get(offsetHeader))
	}
	if a := clerk.adds(id, "10", body[10:]); a.status != http.StatusNoContent {
		t.Fatalf("the last piece: %d %s", a.status, a.body)
	}
	waiting := func(s *room.Snapshot) bool {
		return len(s.Arrivals) == 1 && s.Arrivals[0].State == meeting.ArrivalWaiting
	}
	a := h.until("a file waits", waiting).Arrivals[0]
	if page := clerk.get("/secretary").body; !strings.Contains(page, "/arrivals/"+a.ID+"/publish") {
		t.Error("the secretary cannot publish it")
	}
	shows(t, "a member", m1.get("/items/"+anItem).body+m1.get("/member").body, "Phụ lục 1")

	clerk.takes("/arrivals/"+a.ID+"/hold", nil)
	h.until("it is held", func(s *room.Snapshot) bool { return s.Arrivals[0].State == meeting.ArrivalHeld })
	clerk.takes("/arrivals/"+a.ID+"/publish", url.Values{"chosen": {"1"}, "name": {"Phụ lục số 1"}})
	h.until("it is a paper", func(s *room.Snapshot) bool { return len(s.Arrivals) == 0 })
	if papers := clerk.view().Agenda[0].Papers; len(papers) != 1 || papers[0].Name != "Phụ lục số 1" {
		t.Fatalf("papers: %+v", papers)
	}
	if page := m1.get("/items/" + anItem).body; !strings.Contains(page, "Phụ lục số 1") {
		t.Error("a member does not see the paper")
	}
	if a := clerk.program().post("/arrivals/"+a.ID+"/publish", nil); a.status != http.StatusConflict {
		t.Errorf("published twice: %d %s", a.status, a.body)
	}
}

// A file sent to replace a paper waits, and says which version it will be.
func TestANewVersionWaits(t *testing.T) {
	h := withInbox(t)
	clerk := h.at(clerkID)
	clerk.upload("/items/"+anItem+"/papers", nil, file{"paper", "Tờ trình.pdf", pdf})
	old := clerk.view().Agenda[0].Papers[0]
	body := pdf + "sửa\n%%EOF\n"
	v := clerk.begins(fmt.Sprintf(`{"item":%q,"file":"To trinh sua.pdf","size":%d,"replaces":%q}`, anItem, len(body), old.ID)).json(t)
	clerk.adds(v["id"].(string), "0", body)
	a := h.until("it waits", func(s *room.Snapshot) bool {
		return len(s.Arrivals) == 1 && s.Arrivals[0].State == meeting.ArrivalWaiting
	}).Arrivals[0]
	if a.Replaces != old.ID || a.Version != 2 {
		t.Fatalf("it would be version %d of %s", a.Version, a.Replaces)
	}
	if page := clerk.get("/prepare/agenda").body; !strings.Contains(page, "Bản 2 của “Tờ trình.pdf”: sẽ thay bản đang phát") {
		t.Error("the page does not say what it replaces")
	}
	clerk.takes("/arrivals/"+a.ID+"/publish", nil)
	h.until("it is a paper", func(s *room.Snapshot) bool { return len(s.Arrivals) == 0 })
	if papers := clerk.view().Agenda[0].Papers; len(papers) != 1 || papers[0].Version != 2 {
		t.Errorf("papers: %+v", papers)
	}
}
