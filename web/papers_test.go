package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"phonghop/inbox"
	"phonghop/meeting"
	"phonghop/room"
)

// tray is an inbox of a test: it remembers what it was told, and keeps what is
// sent to it in memory.
type tray struct {
	mu    sync.Mutex
	told  []string
	sent  map[string][]byte
	began inbox.Upload
	fails error
}

func (x *tray) tell(format string, args ...any) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.told = append(x.told, fmt.Sprintf(format, args...))
	return x.fails
}

func (x *tray) last() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.told) == 0 {
		return ""
	}
	return x.told[len(x.told)-1]
}

func (x *tray) Begin(_ context.Context, u inbox.Upload) (inbox.Session, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.began = u
	id := fmt.Sprintf("%s-%d", u.Item, u.Size)
	return inbox.Session{ID: id, Offset: int64(len(x.sent[id]))}, x.fails
}

func (x *tray) Append(_ context.Context, id string, offset int64, r io.Reader) (int64, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.fails != nil {
		return 0, x.fails
	}
	if at := int64(len(x.sent[id])); at != offset {
		return at, inbox.ErrOffset{At: at}
	}
	more, err := io.ReadAll(r)
	x.sent[id] = append(x.sent[id], more...)
	return int64(len(x.sent[id])), err
}

func (x *tray) Publish(_ context.Context, c room.Command, arrival string, as inbox.Choice) error {
	return x.tell("publish %s by %s as %q for %q %v recall %v", arrival, c.By, as.Name, as.Readers, as.People, as.Recall)
}
func (x *tray) Hold(arrival string) error    { return x.tell("hold %s", arrival) }
func (x *tray) Dismiss(arrival string) error { return x.tell("dismiss %s", arrival) }
func (x *tray) Aim(arrival string, item meeting.ItemID) error {
	return x.tell("aim %s at %s", arrival, item)
}
func (x *tray) Folder() string { return "/srv/phonghop/tai-lieu" }
func (x *tray) Media() []inbox.Medium {
	return []inbox.Medium{{Name: "KINGSTON", Path: "/media/kingston", Files: 3}}
}
func (x *tray) TakeFrom(_ context.Context, path string, item meeting.ItemID) error {
	if path != "/media/kingston" {
		return inbox.ErrNoMedium
	}
	return x.tell("take %s for %s", path, item)
}

func withTray(t *testing.T) (*house, *tray) {
	t.Helper()
	x := &tray{sent: map[string][]byte{}}
	return sitting(t, func(c *Config) { c.Inbox = x }), x
}

func waitingFile() meeting.Arrival {
	return meeting.Arrival{ID: "a1", Item: anItem, ItemNo: 1, File: "phu luc mat.pdf", Name: "Phụ lục mật", Size: 4096, Got: 4096, State: meeting.ArrivalWaiting}
}

func TestTheSecretaryDecidesAboutAFile(t *testing.T) {
	h, x := withTray(t)
	h.room.ShowArrivals([]meeting.Arrival{waitingFile()})
	clerk := h.at(clerkID)
	for _, test := range []struct {
		path string
		form url.Values
		want string
	}{
		{"/arrivals/a1/publish", nil, `publish a1 by clerk as "" for "" [] recall false`},
		{"/arrivals/a1/publish", url.Values{"chosen": {"1"}, "name": {"Phụ lục 1"}, "readers": {"named"}, "person": {"m1", "m2"}, "recall": {"1"}}, `publish a1 by clerk as "Phụ lục 1" for "named" [m1 m2] recall true`},
		{"/arrivals/a1/publish", url.Values{"chosen": {"1"}, "name": {"P"}, "readers": {"members"}, "person": {"m1"}}, `publish a1 by clerk as "P" for "members" [] recall false`},
		{"/arrivals/a1/hold", nil, "hold a1"},
		{"/arrivals/a1/dismiss", nil, "dismiss a1"},
		{"/arrivals/a1/aim", url.Values{"item": {anItem}}, "aim a1 at item-1"},
		{"/usb", url.Values{"item": {anItem}, "path": {"/media/kingston"}}, "take /media/kingston for item-1"},
	} {
		clerk.takes(test.path, test.form)
		if x.last() != test.want {
			t.Errorf("%s: %s, want %s", test.path, x.last(), test.want)
		}
		if a := clerk.send(http.MethodPost, test.path, test.form, hxRequest); a.status != http.StatusNoContent {
			t.Errorf("%s by htmx: %d %s", test.path, a.status, a.body)
		}
	}
	told := len(x.told)
	if name := clerk.refused("/arrivals/a1/aim", url.Values{"item": {"none"}}); name != string(meeting.NoSuchItem) {
		t.Errorf("an item that is not there: %s", name)
	}
	if a := clerk.program().post("/usb", url.Values{"item": {anItem}, "path": {"/etc"}}); a.status != http.StatusConflict || !strings.Contains(a.body, "USB") {
		t.Errorf("a folder that is no drive: %d %s", a.status, a.body)
	}
	for _, who := range []string{"m0", "m1", "guest"} {
		tb := h.at(who)
		for _, path := range []string{"/arrivals/a1/publish", "/arrivals/a1/hold", "/arrivals/a1/dismiss", "/arrivals/a1/aim", "/usb", "/uploads"} {
			if name := tb.refused(path, url.Values{"item": {anItem}, "path": {"/media/kingston"}}); name != string(meeting.NotAllowed) {
				t.Errorf("%s at %s: %s", who, path, name)
			}
		}
	}
	if len(x.told) != told {
		t.Errorf("the inbox was told of what was refused: %v", x.told[told:])
	}
	x.fails = inbox.ErrNoArrival
	if a := clerk.program().post("/arrivals/a1/hold", nil); a.status != http.StatusConflict || !strings.Contains(a.body, "không còn trong danh sách") {
		t.Errorf("a file that has gone: %d %s", a.status, a.body)
	}
}

// What came in and is no paper yet is the secretary's alone: neither the pages
// nor the streams nor the programs of anybody else name it.
func TestArrivalsAreShownToTheSecretaryAlone(t *testing.T) {
	h, _ := withTray(t)
	clerk := h.at(clerkID)
	screens := map[string]string{"m0": "chair", "m1": "member", "guest": "member", hallID: "hall"}
	streams, tablets := map[string]*line{}, map[string]*tablet{}
	for who, screen := range screens {
		tablets[who] = h.at(who)
		streams[who] = tablets[who].live(screen)
		streams[who].panels()
	}
	own := clerk.live("secretary")
	h.room.ShowArrivals([]meeting.Arrival{waitingFile()})
	own.until("Phụ lục mật")
	if page := clerk.get("/secretary").body; !strings.Contains(page, "Phụ lục mật") || !strings.Contains(page, "Chờ phát: 1") {
		t.Error("the secretary's page does not show what came in")
	}
	if part := clerk.get("/prepare/arrivals").body; !strings.Contains(part, `hx-target="#arrivals"`) || !strings.Contains(part, "Phụ lục mật") || !strings.Contains(part, `hx-target="#papers-item-1"`) {
		t.Errorf("the agenda's page is not told: %s", part)
	}
	if page := clerk.get("/prepare/agenda").body; !strings.Contains(page, "/srv/phonghop/tai-lieu") || !strings.Contains(page, "KINGSTON") {
		t.Error("the agenda's page names neither folder nor drive")
	}
	secrets := []string{"Phụ lục mật", "phu luc mat", "/srv/phonghop"}
	for who, screen := range screens {
		tb := tablets[who]
		if a := tb.get("/" + screen); a.status != http.StatusOK {
			t.Errorf("%s has no screen: %d", who, a.status)
		}
		for _, path := range []string{"/" + screen, "/items/" + anItem, "/record", "/api/session", "/live?once=1&screen=" + screen} {
			shows(t, who+" at "+path, tb.get(path).body, secrets...)
		}
		if a := tb.get("/prepare/arrivals"); a.status == http.StatusOK {
			t.Errorf("%s asks for the files that came in: %d", who, a.status)
		}
	}
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseItem(a, anItem) })
	for who, stream := range streams {
		shows(t, who+"'s stream", stream.panels().data, secrets...)
	}
	h.room.ShowArrivals(nil)
	for !strings.Contains(own.panels().data, "sec-arrived") {
	}
}

// shows fails where a body holds what it must not.
func shows(t *testing.T, what, body string, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		if strings.Contains(body, s) {
			t.Errorf("%s shows %q", what, s)
		}
	}
}

func TestWithoutAnInbox(t *testing.T) {
	h := sitting(t, nil)
	h.room.ShowArrivals([]meeting.Arrival{waitingFile()})
	clerk := h.at(clerkID)
	for _, path := range []string{"/arrivals/a1/publish", "/usb", "/uploads"} {
		if a := clerk.program().post(path, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	page := clerk.get("/prepare/agenda").body
	if strings.Contains(page, "data-uploads") || !strings.Contains(page, "data-drop") {
		t.Error("without an inbox files cannot come in pieces")
	}
}

func TestThePageOfAPaper(t *testing.T) {
	h, _ := withTray(t)
	clerk := h.at(clerkID)
	clerk.upload("/items/"+anItem+"/papers", nil, file{"paper", "Tờ trình.pdf", pdf})
	paper := clerk.view().Agenda[0].Papers[0]
	at := "/prepare/papers/" + string(paper.ID)
	page := clerk.get(at).body
	for _, want := range []string{"Tờ trình.pdf", "Mọi người dự mục này", "TRẢ LẠI SAU KHI HỌP", "Thu lại tài liệu", `data-replaces="` + string(paper.ID)} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of a paper does not say %q", want)
		}
	}
	if a := clerk.program().get("/prepare/papers/none"); a.status != http.StatusConflict {
		t.Errorf("a paper that is not there: %d", a.status)
	}
	m1 := h.at("m1")
	if a := m1.get(at); a.status == http.StatusOK {
		t.Error("a member sees the page of a paper")
	}
	for _, path := range []string{"", "/move", "/withdraw"} {
		if name := m1.refused("/papers/"+string(paper.ID)+path, url.Values{"name": {"x"}, "item": {anItem}}); name != string(meeting.NotAllowed) {
			t.Errorf("a member posts to %q: %s", path, name)
		}
	}
	if a := clerk.takes("/papers/"+string(paper.ID)+"/withdraw", url.Values{"reason": {"Nhầm bản"}}); a.to() != "/prepare/agenda#item-"+anItem {
		t.Errorf("after withdrawing: %s", a.to())
	}
}

func TestTheSwitchesOfPapers(t *testing.T) {
	tb := preparing(t, nil)
	form := particulars()
	form.Set("auto_papers", "1")
	form.Set("receipts", "1")
	tb.takes("/prepare/session", form)
	if hd := tb.view().Header; !hd.AutoPapers || !hd.Receipts {
		t.Errorf("switched on: %+v", hd)
	}
	page := tb.get("/prepare/session").body
	if n := strings.Count(page, "checked"); n < 3 {
		t.Error("the page does not show the switches as they stand")
	}
	tb.takes("/prepare/session", particulars())
	if hd := tb.view().Header; hd.AutoPapers || hd.Receipts {
		t.Errorf("switched off: %+v", hd)
	}
}

// Every route of files is for the secretary alone, by its door.
func TestFilesComeInByTheClerksDoor(t *testing.T) {
	h, _ := withTray(t)
	doors := []string{"/uploads", "/arrivals", "/usb", "/prepare/papers", "/prepare/arrivals"}
	found := 0
	for _, rt := range h.web.routes() {
		_, path, _ := strings.Cut(rt.pattern, " ")
		if !slices.ContainsFunc(doors, func(d string) bool { return strings.HasPrefix(path, d) }) {
			continue
		}
		if found++; rt.door != clerk {
			t.Errorf("%s has another door", rt.pattern)
		}
	}
	if found != 9 {
		t.Errorf("%d routes of files", found)
	}
}
