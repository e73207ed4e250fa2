package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"phonghop/templates"
)

// aBox is a box that notes what is asked of it.
type aBox struct {
	x     templates.IT
	asked []string
	err   error
	keys  int // recovery keys made
}

func (b *aBox) Look(context.Context) templates.IT { return b.x }
func (b *aBox) Called() string                    { return "phong-a2.local" }
func (b *aBox) Send()                             { b.asked = append(b.asked, "send") }
func (b *aBox) Pair(address, code string) error   { return b.ask("pair " + address + " " + code) }
func (b *aBox) BackUp(drive string) error         { return b.ask("backup " + drive) }
func (b *aBox) Export(drive string) error         { return b.ask("export " + drive) }
func (b *aBox) TakeReceipts(drive string) error   { return b.ask("receipts " + drive) }
func (b *aBox) Eject(drive string) error          { return b.ask("eject " + drive) }

func (b *aBox) ask(what string) error {
	b.asked = append(b.asked, strings.TrimSpace(what))
	return b.err
}

func (b *aBox) NewRecovery() (string, error) {
	if b.keys++; b.keys > 1 {
		return "", ErrMade
	}
	return "AGE-SECRET-KEY-1QQPZRY9X8", nil
}

// boxed is a secretary's tablet in a room with a box, and that box.
func boxed(t *testing.T) (*tablet, *aBox) {
	b := &aBox{x: templates.IT{
		Centre: templates.ITCentre{Paired: true, Name: "Trung tâm", URL: "https://trung-tam:8444"},
		Rows:   []templates.ITRow{{Session: 47, Here: 120, Sent: 120, Confirmed: 120, Receipt: "8F21-77C0", At: time.Now()}, {Here: 9, Sent: 4, Confirmed: 2}},
		Backup: templates.ITBackup{Folder: "/mnt/saoluu", Recovery: true, Last: time.Now(), Bytes: 1 << 20},
		Drives: []templates.ITDrive{{Name: "KINGSTON", Path: "/media/it/KINGSTON", Free: 1 << 30}},
		Health: []templates.ITFinding{
			{Name: "disk", State: "ok", Title: templates.Told{VI: "Ổ đĩa", EN: "Disk"}, Say: templates.Told{VI: "Còn đủ chỗ.", EN: "There is room."}},
			{Name: "clock", State: "act", Title: templates.Told{VI: "Đồng hồ", EN: "Clock"}, Say: templates.Told{VI: "Đồng hồ sai.", EN: "Wrong."}, Do: templates.Told{VI: "Chỉnh đồng hồ.", EN: "Set it."}},
		},
		Checked: time.Now(), Version: "1.0",
	}}
	return preparing(t, func(c *Config) { c.IT = b }), b
}

func TestITPageShowsTheBox(t *testing.T) {
	tb, _ := boxed(t)
	if !strings.Contains(tb.get("/prepare").body, `href="/it"`) {
		t.Error("no page leads to the one of the box")
	}
	page := tb.get("/it").body
	for _, want := range []string{"Phiên họp thứ 47", "8F21-77C0", "đủ 120 mục", "2 mục, còn chờ 7", "GỬI NGAY", "SAO LƯU NGAY", "KINGSTON", "THÁO AN TOÀN", "Chỉnh đồng hồ.", "1 việc phải xử lý", "phong-a2.local", "/mnt/saoluu"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Index(page, `data-check="clock"`) > strings.Index(page, `data-check="disk"`) {
		t.Error("what must be seen to does not come first")
	}
	for _, not := range []string{"‹", "TẠO KHÓA", "AGE-SECRET"} {
		if strings.Contains(page, not) {
			t.Errorf("the page shows %q", not)
		}
	}
	part := tb.get("/it/part").body
	for _, id := range []string{"it-line", "it-job", "it-health", "it-backup", "it-drives"} {
		if !strings.Contains(part, `hx-target="#`+id+`"`) || !strings.Contains(page, `id="`+id+`"`) {
			t.Errorf("%s is not renewed", id)
		}
	}
}

func TestITLineIsGreyInSession(t *testing.T) {
	tb, b := boxed(t)
	b.x.Sitting, b.x.Centre.Waiting = true, 7
	b.x.Centre.Fault = templates.Told{VI: "Chưa nối được với trung tâm.", EN: "No line."}
	page := tb.get("/it").body
	if !strings.Contains(page, "Bình thường") || strings.Contains(page, "Chưa nối được") {
		t.Error("a session without a line looks like a fault")
	}
	b.x.Sitting = false
	if page := tb.get("/it").body; !strings.Contains(page, "Chưa nối được với trung tâm.") {
		t.Error("after the session the page does not say why nothing is sent")
	}
	b.x.Centre.Running, b.x.Centre.Papers, b.x.Centre.Sent, b.x.Centre.Rate, b.x.Centre.Left = true, 214<<20, 121<<20, 4<<20, 150*time.Second
	if page := tb.get("/it").body; !strings.Contains(page, "121 MB trên 214 MB, 4 MB mỗi giây, còn khoảng 3 phút") {
		t.Error("the page does not say how fast it goes")
	}
}

func TestITPairingFormIsThereUntilPaired(t *testing.T) {
	tb, b := boxed(t)
	b.x.Centre = templates.ITCentre{}
	if page := tb.get("/it").body; !strings.Contains(page, `action="/it/pair"`) || strings.Contains(page, "GỬI NGAY") {
		t.Error("an unpaired room cannot be paired, or offers to send")
	}
}

func TestITKeysAskTheBox(t *testing.T) {
	tb, b := boxed(t)
	drive := url.Values{"path": {"/media/it/KINGSTON"}}
	for _, tt := range []struct {
		path, want string
		form       url.Values
	}{
		{"/it/send", "send", url.Values{}},
		{"/it/pair", "pair https://t:1 ABCD", url.Values{"centre": {"https://t:1"}, "code": {"ABCD"}}},
		{"/it/backup", "backup", url.Values{}},
		{"/it/usb/export", "export /media/it/KINGSTON", drive},
		{"/it/usb/receipts", "receipts /media/it/KINGSTON", drive},
		{"/it/usb/backup", "backup /media/it/KINGSTON", drive},
		{"/it/usb/eject", "eject /media/it/KINGSTON", drive},
	} {
		b.asked = nil
		if a := tb.post(tt.path, tt.form); a.to() != "/it" || !slices.Equal(b.asked, []string{tt.want}) {
			t.Errorf("%s: %d %q, asked %q", tt.path, a.status, a.to(), b.asked)
		}
	}
	b.asked = nil
	if a := tb.post("/it/usb/format", drive); a.status != http.StatusNotFound || len(b.asked) > 0 {
		t.Errorf("an unknown verb: %d, %q", a.status, b.asked)
	}
	b.err = ErrBusy
	if a := tb.post("/it/backup", url.Values{}); a.status != http.StatusConflict || !strings.Contains(a.body, "Máy đang làm việc trước đó") {
		t.Errorf("busy: %d %s", a.status, a.body)
	}
}

// The recovery key is shown to the tablet that made it until its print is safe, and
// never after, nor to anybody else.
func TestRecoveryKeyIsShownOnce(t *testing.T) {
	tb, b := boxed(t)
	for range 2 { // a key pressed twice is one key
		a := tb.post("/it/recovery", url.Values{})
		if a.status != http.StatusOK || !strings.Contains(a.body, `aria-label="AGE-SECRET-KEY-1QQPZRY9X8"`) || a.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d %q %s", a.status, a.header.Get("Cache-Control"), a.body)
		}
	}
	if b.keys != 1 {
		t.Errorf("%d keys were made", b.keys)
	}
	if a := tb.post("/it/recovery/done", url.Values{}); a.to() != "/it" {
		t.Errorf("done: %d", a.status)
	}
	if a := tb.post("/it/recovery", url.Values{}); a.status != http.StatusConflict || strings.Contains(a.body, "AGE-SECRET") || !strings.Contains(a.body, "chỉ hiện một lần") {
		t.Errorf("afterwards: %d %s", a.status, a.body)
	}
}

func TestRecoveryKeyIsShownToNobodyElse(t *testing.T) {
	var o onceSecret
	making := func() (string, error) { return "secret", nil }
	if s, fresh, err := o.show("a", making); s != "secret" || !fresh || err != nil {
		t.Fatal(s, fresh, err)
	}
	made := func() (string, error) { return "", ErrMade }
	if s, _, err := o.show("b", made); s != "" || err == nil {
		t.Errorf("another tablet sees %q", s)
	}
	o.forget("b")
	if s, fresh, _ := o.show("a", made); s != "secret" || fresh {
		t.Errorf("its own tablet sees %q", s)
	}
}

func TestITIsForTheClerkAlone(t *testing.T) {
	b := &aBox{}
	h := sitting(t, func(c *Config) { c.IT = b })
	found := 0
	for _, rt := range h.web.routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if path != "/it" && !strings.HasPrefix(path, "/it/") {
			continue
		}
		found++
		path = strings.Replace(path, "{verb}", "export", 1)
		for who, tb := range map[string]*tablet{"stranger": h.tablet(), "member": h.at("m2"), "guest": h.at("guest"), "chair": h.at("m0"), "hall": h.at(hallID)} {
			a := tb.send(method, path, url.Values{"path": {"/media/x"}}, nil)
			if a.status == http.StatusOK || strings.HasPrefix(a.to(), "/it") {
				t.Errorf("%s is let in to %s: %d", who, rt.pattern, a.status)
			}
		}
	}
	if found != 8 || len(b.asked) > 0 || b.keys > 0 {
		t.Errorf("%d routes; the box was asked %q, %d keys", found, b.asked, b.keys)
	}
}

func TestRoomWithoutABoxHasNoPageOfIt(t *testing.T) {
	tb := preparing(t, nil)
	if a := tb.get("/it"); a.status != http.StatusNotFound {
		t.Errorf("%d", a.status)
	}
}
