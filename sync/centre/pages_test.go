package centre

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/sync/courier"
	"phonghop/sync/letters"
	"phonghop/viet"
)

func ordinary() []agendum {
	return []agendum{
		{title: "Báo cáo kinh tế - xã hội quý III", paper: "Báo cáo 241/BC-UBND.pdf", conclusion: "Giao Sở Tài chính đôn đốc giải ngân."},
		{title: "Hỗ trợ giáo viên vùng cao", paper: "Tờ trình 64/TTr-SGDĐT.pdf", motion: "Thông qua chế độ hỗ trợ giáo viên", against: 2},
		{title: "Công tác cán bộ", paper: "Tờ trình mật.pdf", motion: "Thông qua phương án nhân sự", inCamera: true},
	}
}

func TestThePagesOfTwoRooms(t *testing.T) {
	z, a, b := newTown(t, nil), newHall(t, "Phòng họp A2"), newHall(t, "Hội trường lớn")
	first := a.sit(46, agendum{title: "Giá đất", motion: "Thông qua bảng giá đất", against: 6})
	second := a.sit(47, ordinary()...)
	z.take(a)
	z.take(b)
	home := z.page("/", "Phòng họp A2", "Hội trường lớn", "Đã nhận đủ", "2 phiên họp", "0 phiên họp", "2 phòng",
		"Thông qua chế độ hỗ trợ giáo viên", "7 / 2 / 0, cần 5", "Không thông qua", z.PublicKey())
	if strings.Index(home, "Thông qua chế độ") > strings.Index(home, "bảng giá đất") {
		t.Error("the older decision stands before the newer")
	}
	if strings.Contains(home, "nhân sự") {
		t.Error("a motion of an item in camera came to a centre that is not cleared")
	}
	room := "/rooms/" + a.journal.Room()
	z.page(room, "Phiên họp thường kỳ thứ 46", "Phiên họp thường kỳ thứ 47", "Đã bế mạc", "Lập phòng họp.", a.journal.PublicKey(), "ghi mã gốc của 2 phiên họp")
	page := z.page(room+"/sessions/"+string(second), "Đúng chữ ký", "Tính lại khớp", "Báo cáo 241/BC-UBND.pdf", "1 tài liệu giữ lại tại phòng họp", "Nội dung giữ lại tại phòng họp", "Tải biên nhận")
	if strings.Contains(page, "Tính lại không khớp") || strings.Count(page, "Tính lại khớp") != 2 {
		t.Error("the recount of the session does not agree")
	}
	z.page(room+"/sessions/"+string(first)+"/record", "DIỄN BIẾN PHIÊN HỌP", "Thông qua bảng giá đất", "Nông Quang Hưng")
	z.page("/verify/"+a.journal.Room(), "Tất cả đúng chữ ký", "Nhật ký của phòng họp", "Phiên họp thường kỳ thứ 47", a.journal.PublicKey(), "mục không có nội dung kèm")
	z.page("/healthz", "ok")
}

func TestLooksWorkAtTheCentre(t *testing.T) {
	z := newTown(t, nil)
	home := z.page("/", "Chưa có phòng họp nào")
	for _, m := range regexp.MustCompile(`(?:href|src)="(/assets/[^"#]+)`).FindAllStringSubmatch(home, -1) {
		if a := z.get(m[1]); a.StatusCode != http.StatusOK && hasAssets() {
			t.Errorf("%s: %s", m[1], a.Status)
		}
	}
	if a := z.get("/assets/manifest.json"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the manifest: %s", a.Status)
	}
	z.post("/prefs", url.Values{"lang": {"en"}, "theme": {"dark"}, "size": {"large"}})
	z.page("/", "No room yet", `data-theme="dark"`)
	for _, path := range []string{"/nothing", "/rooms/0123456789abcdef", "/verify/0123456789abcdef", "/rooms/x/sessions/y"} {
		if a := z.get(path); a.StatusCode != http.StatusNotFound || !strings.Contains(a.body, "no such page") {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
}

// hasAssets tells whether stylesheets were built; pages come without them too.
func hasAssets() bool {
	_, err := os.Stat("../../templates/assets/dist/manifest.json")
	return err == nil
}

func TestReceiptsAreHandedOut(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	id := h.sit(47, ordinary()...)
	z.take(h)
	for _, path := range []string{"/rooms/" + h.journal.Room() + "/receipt", "/rooms/" + h.journal.Room() + "/sessions/" + string(id) + "/receipt"} {
		a := z.get(path)
		if _, _, _, err := journal.CheckCosigned([]byte(a.body), z.PublicKey()); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if d := a.Header.Get("Content-Disposition"); !strings.Contains(d, ReceiptNumber([]byte(a.body))) {
			t.Errorf("%s is named %s", path, d)
		}
	}
	if a := z.get("/rooms/" + h.journal.Room() + "/sessions/none/receipt"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a receipt of no session: %s", a.Status)
	}
}

func TestOnlyPapersOfTheSessionGoOut(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	other := h.sit(46, agendum{title: "Giá đất", paper: "Bảng giá.pdf"})
	id := h.sit(47, ordinary()...)
	z.pair(h)
	if err := z.Clear(t.Context(), h.journal.Room(), true); err != nil { // even where it may be here
		t.Fatal(err)
	}
	if err := z.deliver(h); err != nil {
		t.Fatal(err)
	}
	at := func(session meeting.SessionID, ref documents.Ref) string {
		return fmt.Sprintf("/rooms/%s/sessions/%s/documents/%s/%s", h.journal.Room(), session, ref, url.PathEscape("Tờ trình 64.pdf"))
	}
	ref := func(name string) documents.Ref {
		r, _, err := h.papers.PutBytes(t.Context(), []byte(paperText(name)))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	open, held, elsewhere := ref("Tờ trình 64/TTr-SGDĐT.pdf"), ref("Tờ trình mật.pdf"), ref("Bảng giá.pdf")
	a := z.get(at(id, open))
	if a.StatusCode != http.StatusOK || a.body != paperText("Tờ trình 64/TTr-SGDĐT.pdf") || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a paper: %s, %q, %v", a.Status, a.body, a.Header)
	}
	if !documents.Read(filepath.Join(z.dir, "documents")).Has(held) {
		t.Fatal("the held paper did not come to a cleared centre: nothing is tested")
	}
	for what, path := range map[string]string{"held": at(id, held), "of another session": at(id, elsewhere), "of no room": at(other, open), "no ref": at(id, "../../centre.db"), "unknown": at(id, documents.Ref(strings.Repeat("ab", 32)))} {
		if a := z.get(path); a.StatusCode != http.StatusNotFound || strings.Contains(a.body, "%PDF") {
			t.Errorf("a paper %s: %s", what, a.Status)
		}
	}
}

func TestSearchFindsWithoutMarks(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	h.sit(46, agendum{title: "Giá đất", motion: "Thông qua bảng giá đất"})
	z.take(h)
	z.page("/search?q=bang+GIA+dat", "Biểu quyết, mục 1", "1 kết quả")
	z.page("/search?q=giao+vien", "Không tìm thấy")
	h.sit(47, ordinary()...)
	if err := z.deliver(h); err != nil {
		t.Fatal(err)
	}
	z.page("/search?q=giao+vien", "Thông qua chế độ hỗ trợ giáo viên", "Hỗ trợ giáo viên vùng cao", "2 kết quả")
	z.page("/search?q=don+doc", "Kết luận, mục 1")
	z.page("/search?q=64%2Fttr", "Tài liệu, mục 2")
	z.page("/search?q=thu+47", "Phiên họp thường kỳ thứ 47")
	z.page("/search?q=nhan+su", "Không tìm thấy")
	z.page("/search?q="+url.QueryEscape("<script>alert(1)</script>"), "&lt;script&gt;")
	z.page("/search?q=%ff%fe"+strings.Repeat("x", 500), "Không tìm thấy")
	z.page("/search", "Gõ không dấu cũng được")
}

// spoil changes an entry in a room's copy, as a bad disk or hand would.
func (z *town) spoil(room, log string) {
	z.t.Helper()
	db := must(sql.Open("sqlite3", filepath.Join(z.dir, "rooms", room, "journal.db")))(z.t)
	defer db.Close()
	r := must(db.Exec(`UPDATE entry SET line = replace(line, 'RoomFounded', 'RoomFaunded') WHERE seq = 0 AND log = (SELECT n FROM log WHERE name = ?)`, log))(z.t)
	if log != journal.RoomLog {
		r = must(db.Exec(`UPDATE entry SET line = replace(line, 'SessionPrepared', 'SessionPrepareb') WHERE seq = 0 AND log = (SELECT n FROM log WHERE name = ?)`, log))(z.t)
	}
	if n := must(r.RowsAffected())(z.t); n != 1 {
		z.t.Fatal("nothing was spoilt")
	}
}

func TestADamagedRoomIsItsOwnTrouble(t *testing.T) {
	bad, good := newHall(t, "Phòng họp A2"), newHall(t, "Hội trường lớn")
	bad.sit(47, ordinary()...)
	good.sit(12, agendum{title: "Giá đất", motion: "Thông qua bảng giá đất"})
	z := newTown(t, nil)
	z.take(bad)
	z.take(good)
	z.spoil(bad.journal.Room(), journal.RoomLog)
	z.page("/verify/"+bad.journal.Room(), "Bản sao không đúng chữ ký", "Sai từ mục ghi 0")

	z.server.Close()
	z.Close()
	again := newTown(t, func(c *Config) { c.Dir = z.dir })
	again.page("/", "Bản sao bị hỏng", "Hội trường lớn", "Đã nhận đủ", "Thông qua bảng giá đất")
	for _, path := range []string{"/rooms/", "/verify/"} {
		again.page(path+bad.journal.Room(), "Bản sao bị hỏng", "entry 0")
	}
	again.page("/rooms/"+good.journal.Room(), "Phiên họp thường kỳ thứ 12")
	again.page("/search?q=gia+dat", "Giá đất")
	if a := again.get("/rooms/" + bad.journal.Room() + "/sessions/x"); a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(a.body, "bị hỏng") {
		t.Errorf("a session of the damaged room: %s", a.Status)
	}
}

func TestASpoiltSessionSaysSo(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	id := h.sit(47, ordinary()...)
	z.take(h)
	z.spoil(h.journal.Room(), string(id))
	z.page("/rooms/"+h.journal.Room()+"/sessions/"+string(id), "Không đúng chữ ký", "chưa hiển thị phần đó")
	z.page("/verify/"+h.journal.Room(), "Sai từ mục ghi 0", "Đúng chữ ký")
}

func TestOnlyTheAdministratorLooks(t *testing.T) {
	z := newTown(t, func(c *Config) { c.Loopback = false })
	d := &desk{}
	for pattern := range d.routes() {
		method, path, ok := strings.Cut(pattern, " ")
		if !ok {
			method, path = http.MethodGet, pattern
		}
		path = strings.NewReplacer("{$}", "", "{room}", "0123456789abcdef", "{session}", "s", "{ref}", "r", "{name}", "n", "{key}", "revoke").Replace(path)
		r := must(http.NewRequest(method, z.server.URL+path, nil))(t)
		a := z.read(must(z.browser.Do(r))(t))
		if a.StatusCode != http.StatusForbidden || !strings.Contains(a.body, "người quản trị trung tâm") {
			t.Errorf("%s: %s", pattern, a.Status)
		}
	}
	if a := z.get("/admin/wrong"); a.StatusCode != http.StatusForbidden {
		t.Errorf("a wrong link: %s", a.Status)
	}
	link, _, err := z.AdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	none := *z.browser
	none.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	in := z.read(must(none.Get(z.server.URL + link))(t))
	cookie := in.Cookies()[0]
	if in.StatusCode != http.StatusSeeOther || !cookie.Secure || !cookie.HttpOnly {
		t.Fatalf("signing in: %s, %v", in.Status, cookie)
	}
	r := must(http.NewRequest(http.MethodGet, z.server.URL+"/", nil))(t)
	r.AddCookie(cookie)
	if a := z.read(must(z.browser.Do(r))(t)); a.StatusCode != http.StatusOK {
		t.Errorf("signed in: %s", a.Status)
	}
	if _, err := z.NewAdminLink(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := z.read(must(z.browser.Do(r))(t)); a.StatusCode != http.StatusForbidden {
		t.Errorf("with the old link's cookie after a new link: %s", a.Status)
	}
}

func TestACodeIsShownAndPairs(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	page := z.post("/codes", nil)
	code := regexp.MustCompile(`--code ([0-9A-Z-]+)`).FindStringSubmatch(page.body)
	if page.StatusCode != http.StatusOK || code == nil {
		t.Fatalf("%s: %s", page.Status, page.body)
	}
	z.says("/codes", page.body, "--centre "+z.server.URL, "30 phút")
	if _, err := courier.Pair(t.Context(), h.config(), z.server.URL, strings.ToLower(code[1])); err != nil {
		t.Error(err)
	}
	z.page("/", "Phòng họp A2", "Chưa gửi gì")
}

func TestKeysAskTwice(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	h.sit(47, ordinary()...)
	z.take(h)
	room := "/rooms/" + h.journal.Room()
	z.page(room+"?ask=clear", "Cho trung tâm nhận nội dung giữ lại của Phòng họp A2?", `action="`+room+`/clear"`)
	z.page(room, "Phòng họp giữ lại")
	z.post(room+"/clear", nil)
	z.page(room, "Trung tâm được nhận")
	z.post(room+"/clear", url.Values{"cleared": {"no"}})
	z.page(room, "Phòng họp giữ lại")

	z.page(room+"?ask=revoke", "Thu hồi Phòng họp A2?")
	foreign := must(http.NewRequest(http.MethodPost, z.server.URL+room+"/revoke", nil))(t)
	foreign.Header.Set("Origin", "https://elsewhere.example")
	if a := z.read(must(z.browser.Do(foreign))(t)); a.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: %s", a.Status)
	}
	z.page(room, "Đã nhận đủ")
	z.post(room+"/revoke", nil)
	z.page(room, "Đã thu hồi")
	var refusal *letters.Refusal
	if err := z.deliver(h); !errors.As(err, &refusal) || refusal.Name != letters.Revoked {
		t.Errorf("a revoked room delivers: %v", err)
	}
	if a := z.post(room+"/anything", nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("a key that is none: %s", a.Status)
	}
}

// A room restored from a backup: the page says that it waits, the key lets it
// in, and what the backup lacked stays visible.
func TestARestoredRoomWaitsForAYes(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	h.sit(46, agendum{title: "Giá đất", motion: "Thông qua bảng giá đất"})
	backup := h.copyTo(t.TempDir())
	h.sit(47, ordinary()...)
	z.take(h)

	room := "/rooms/" + h.journal.Room()
	back := h.restored(backup)
	var refusal *letters.Refusal
	if err := z.deliver(back); !errors.As(err, &refusal) || refusal.Name != letters.NewEpoch {
		t.Fatalf("a new epoch: %v", err)
	}
	z.page("/", "Cần đồng ý kỳ khóa mới")
	z.page(room, "Đồng ý nhận kỳ khóa mới của Phòng họp A2?")
	z.post(room+"/epoch", nil)
	z.page(room, "Đã đồng ý kỳ 2")
	if err := z.deliver(back); err != nil {
		t.Fatal(err)
	}
	z.page("/", "Đã nhận đủ")
	z.page(room, "Phần của kỳ trước mà bản sao lưu không có", "Nhật ký của phòng họp: 1 mục ghi", "Phiên họp thường kỳ thứ 47: cả phiên họp", "Kỳ 2")
	z.page("/verify/"+h.journal.Room(), "Tất cả đúng chữ ký")
}

func (h *hall) copyTo(dir string) string {
	h.t.Helper()
	db := must(sql.Open("sqlite3", filepath.Join(h.dir, "journal.db")))(h.t)
	defer db.Close()
	must(db.Exec(`VACUUM INTO ?`, filepath.Join(dir, "journal.db")))(h.t)
	return dir
}

// restored is the room going on from a backup, with a new key.
func (h *hall) restored(dir string) *hall {
	h.t.Helper()
	h.room.Close()
	back := *h
	key := must(journal.SucceedKey(dir, h.journal.Room(), 2))(h.t)
	back.journal = must(journal.Open(h.t.Context(), journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key}))(h.t)
	h.t.Cleanup(func() { back.journal.Close() })
	h.check(back.journal.BeginEpoch(h.t.Context(), key, h.clock(), "khôi phục từ bản sao lưu"))
	return &back
}

func TestKindsOfANewerRoomArePassedOver(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	id := h.sit(47, ordinary()...)
	h.write(string(id), journal.Draft{ID: "new", Kind: "HologramShown", Data: []byte(`{}`)})
	z.take(h)
	z.page("/rooms/"+h.journal.Room()+"/sessions/"+string(id), "HologramShown", "Đúng chữ ký", "Tính lại khớp")
	z.page("/rooms/"+h.journal.Room(), "Phiên họp thường kỳ thứ 47")
}

// A result that the ballots do not come to, signed by the room all the same.
func TestARecountThatDiffersIsSaid(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	id := h.prepare(47, ordinary())
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, itemID(0)) })
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, "v", itemID(0), "Thông qua báo cáo", 0, "")
	})
	h.do("m1", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Cast(a, "v", 1, rules.Against)
	})
	h.write(string(id), journal.Draft{ID: "lie", Kind: string(meeting.VoteClosed), Data: raw(map[string]any{
		"vote": "v", "all": 9, "for": 9, "outcome": rules.Passed, "base": 9, "need": 5, "sentence": "Đạt."})})
	z.take(h)
	z.page("/rooms/"+h.journal.Room()+"/sessions/"+string(id), "Tính lại không khớp", "tán thành 0, không tán thành 1", "Đúng chữ ký")
}

func TestASilentRoomIsSaid(t *testing.T) {
	now := time.Now()
	z, h := newTown(t, func(c *Config) { c.Now = func() time.Time { return now } }), newHall(t, "Phòng họp A2")
	z.take(h)
	z.page("/", "Đã nhận đủ")
	now = now.AddDate(0, 0, 9)
	z.page("/", "Chưa nghe từ "+viet.Date(now.AddDate(0, 0, -9)))
}

// Filed minutes are handed out as the room filed them, and a file that went bad
// on the centre's disk is not called whole.
func TestFiledMinutesAreTheSameBytes(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	id := h.sit(47, ordinary()[:2]...)
	text := []byte("%PDF-1.7 biên bản phiên họp thứ 47")
	ref, size, err := h.papers.PutBytes(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	h.do("", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.FileMinutes(a, 0, []meeting.Filed{{Name: "bien-ban-47.pdf", Ref: string(ref), Type: "application/pdf", Size: size}})
	})
	z.take(h)
	at := "/rooms/" + h.journal.Room() + "/sessions/" + string(id)
	z.page(at, "Lưu khi bế mạc", "bien-ban-47.pdf", "đúng từng byte", string(ref))
	if a := z.get(at + "/documents/" + string(ref) + "/bien-ban-47.pdf"); a.body != string(text) || !strings.Contains(a.Header.Get("Content-Disposition"), "bien-ban-47.pdf") {
		t.Errorf("the minutes: %s, %q", a.Status, a.body)
	}
	err = filepath.WalkDir(filepath.Join(z.dir, "documents"), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.Name() != string(ref) {
			return err
		}
		return errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, []byte(strings.ToUpper(string(text))), 0o600))
	})
	if err != nil {
		t.Fatal(err)
	}
	if page := z.page(at, "sai mã kiểm tra"); strings.Contains(page, "đúng từng byte") {
		t.Error("a file that went bad is called the same")
	}
}

// What a log told is kept until it grows: nothing is read again for it, not even
// where reading is no longer possible.
func TestALogIsReadOnceUntilItGrows(t *testing.T) {
	z, h := newTown(t, nil), newHall(t, "Phòng họp A2")
	h.sit(47, ordinary()...)
	z.take(h)
	d := &desk{z: z.Centre, told: map[logKey]told{}, asks: map[string]int{}}
	_, c, err := d.known(t.Context(), h.journal.Room())
	if err != nil {
		t.Fatal(err)
	}
	l := sessionsOf(c.journal)[0]
	first, err := d.tell(t.Context(), c, l)
	if err != nil || first.header.Number != 47 {
		t.Fatalf("%+v, %v", first.header, err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if again, err := d.tell(gone, c, l); err != nil || again.header != first.header {
		t.Errorf("what did not grow was read again: %v", err)
	}
	l.Size++
	if _, err := d.tell(gone, c, l); err == nil {
		t.Error("what grew was not read again")
	}
}
