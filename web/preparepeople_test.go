package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"phonghop/meeting"
)

func TestAListIsImported(t *testing.T) {
	tb := preparing(t, nil)
	for _, title := range []string{"Khai mạc", "Ngân sách", "Y tế"} {
		tb.addsItem(title)
	}
	tb.addsPerson("Trần Quốc Bảo", "member", "04")
	list := filledTemplate(tb,
		[]string{"1", "Ông", "Nông Quang Hưng", "Phó Bí thư Tỉnh ủy", "Chủ tịch", "UBND tỉnh", "Chủ tọa", "01"},
		[]string{"2", "Bà", "Đặng Minh Hà", "", "Giám đốc", "Sở Tài chính", "", "2"},
		[]string{"3", "Bà", "Đặng Minh Hà", "", "Giám đốc", "Sở Nội vụ", "", "03"},
		[]string{"4", "Ông", "Tran Quoc Bao", "", "Giám đốc", "Sở Y tế", "", "04"},
		[]string{"", "Bà", "Lã Kim Dung", "", "", "", "Thư ký"},
		[]string{"", "Ông", "Lê Văn Sử", "", "", "", "Thư ký"},
		[]string{"", "Ông", "Kiều Xuân Trường", "", "Phó Giám đốc", "Sở Y tế", "Người dự thay", "05", "", "Trần Quốc Bảo"},
		[]string{"", "Bà", "Âu Thị Mến", "", "", "MTTQ tỉnh", "Khách mời", "", "", "", "2-3"},
	)
	preview := tb.upload("/people/import", nil, file{"list", "thanh-phan.xlsx", list})
	for _, want := range []string{"Xem trước: 8 người", "6 người mới", "1 người được cập nhật", "1 người giữ nguyên", "GHI 8 NGƯỜI"} {
		if !strings.Contains(preview.body, want) {
			t.Errorf("the preview does not say %q", want)
		}
	}
	if n := len(tb.view().Roll); n != 2 {
		t.Fatalf("a preview recorded %d people", n)
	}
	tb.takes("/people/import/confirm", url.Values{"preview": {tokenOf(t, preview)}})
	v := tb.view()
	if len(v.Roll) != 8 || v.Quorum.Total != 4 || v.Chair.Name != "Nông Quang Hưng" {
		t.Errorf("%d people, %d vote, chair %q", len(v.Roll), v.Quorum.Total, v.Chair.Name)
	}
	bao := tb.person("Tran Quoc Bao")
	if bao.Unit != "Sở Y tế" || bao.Seat != "04" {
		t.Errorf("a name already there was not updated: %+v", bao)
	}
	if seats := v.Roll[1].Seat; seats != "02" {
		t.Errorf("seat 2 of the file is called %q", seats)
	}
	if sub := tb.person("Kiều Xuân Trường"); sub.For != bao.ID || sub.Votes {
		t.Errorf("the substitute: %+v", sub)
	}
	if guest := tb.person("Âu Thị Mến"); !slices.Equal(guest.Items, []meeting.ItemID{v.Agenda[1].ID, v.Agenda[2].ID}) {
		t.Errorf("the guest's items: %v", guest.Items)
	}
	again := tb.upload("/people/import", nil, file{"list", "thanh-phan.xlsx", list})
	if !strings.Contains(again.body, "8 người giữ nguyên") {
		t.Error("the same list again is not seen to be the same")
	}
}

func tokenOf(t *testing.T, a answer) string {
	t.Helper()
	m := regexp.MustCompile(`name="preview" value="([^"]+)"`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no preview: %d", a.status)
	}
	return m[1]
}

func TestAListThatCannotBeTaken(t *testing.T) {
	tb := preparing(t, nil)
	tb.addsPerson("Nông Quang Hưng", "chair", "01")
	tests := []struct{ name, list, say string }{
		{"seat twice", "Họ và tên;Ghế\nA;1\nB;1\n", "ghế trùng"},
		{"unknown role", "Họ và tên;Vai trò\nA;Cố vấn\n", "vai trò không rõ"},
		{"a second chair", "Họ và tên;Vai trò\nBùi Công Danh;Chủ tọa\n", "chỉ có một chủ tọa"},
		{"somebody else's seat", "Họ và tên;Ghế\nBùi Công Danh;01\n", "đã có người"},
		{"no names", "Ghế;Vai trò\n1;Chủ tọa\n", "Không thấy cột"},
		{"not a list", "\x00\x01\x02", "Không"},
	}
	for _, test := range tests {
		a := tb.upload("/people/import", nil, file{"list", "a.csv", test.list})
		if a.status != http.StatusOK || !strings.Contains(a.body, test.say) {
			t.Errorf("%s: %d, does not say %q", test.name, a.status, test.say)
		}
		if regexp.MustCompile(`>GHI \d+ NGƯỜI<`).MatchString(a.body) {
			t.Errorf("%s could be taken", test.name)
		}
	}
	if a := tb.upload("/people/import", nil); !strings.Contains(a.body, "Chưa chọn tệp") {
		t.Errorf("no file: %d", a.status)
	}
	if a := tb.post("/people/import/confirm", url.Values{"preview": {"old"}}); !strings.Contains(a.body, "Bản xem trước đã cũ") {
		t.Errorf("a preview that is not kept: %d", a.status)
	}
	warned := tb.upload("/people/import", nil, file{"list", "a.csv", "Họ và tên;Vai trò;Nội dung được dự\nÂu Thị Mến;Khách mời;9\n"})
	if !strings.Contains(warned.body, "chưa có mục 9") || !strings.Contains(warned.body, "GHI 1 NGƯỜI") {
		t.Error("an item that is not there is not pointed out, or blocks")
	}
}

func TestPeopleAreChangedAndTakenOff(t *testing.T) {
	tb := preparing(t, nil)
	tb.addsItem("Khai mạc")
	hung, ha := tb.addsPerson("Hưng", "chair", "01"), tb.addsPerson("Hà", "member", "02")
	form := func(name, role, seat string) url.Values {
		return url.Values{"name": {name}, "role": {role}, "seat": {seat}}
	}
	for _, test := range []struct {
		form url.Values
		want meeting.Refusal
	}{
		{form("Hà", "member", "1"), meeting.SeatTaken},
		{form("Hà", "chair", "02"), meeting.SecondChair},
		{form("", "member", "02"), meeting.Missing},
		{form("Hà", "king", "02"), meeting.NoSuchPerson},
	} {
		if name := tb.refused("/people/"+string(ha), test.form); name != string(test.want) {
			t.Errorf("%v: %s, want %s", test.form, name, test.want)
		}
	}
	if name := tb.refused("/people/nobody", form("Ai", "member", "")); name != string(meeting.NoSuchPerson) {
		t.Errorf("somebody not there: %s", name)
	}
	guest := form("Hà", "guest", "")
	guest.Set("items", "1, 7")
	if a := tb.send(http.MethodPost, "/people/"+string(ha), guest, hxRequest); a.status != http.StatusConflict || !strings.Contains(a.body, "chưa có mục 7") {
		t.Errorf("an item that is not there: %d %s", a.status, a.body)
	}
	guest.Set("items", "1")
	tb.takes("/people/"+string(ha), guest)
	if p := tb.person("Hà"); p.Role != meeting.RoleGuest || p.Votes || len(p.Items) != 1 || p.Seat != "" {
		t.Errorf("changed: %+v", p)
	}
	clerk := tb.person("Lã Kim Dung").ID
	if name := tb.refused("/people/"+string(clerk)+"/remove", nil); name != string(meeting.LastSecretary) {
		t.Errorf("the last secretary: %s", name)
	}
	cards := cardsOf(t, tb, "")
	member := tb.h.tablet()
	member.get(cards["Hưng"].link)
	if a := tb.takes("/people/"+string(hung)+"/remove", nil); a.to() != "/prepare/people" {
		t.Errorf("taken off: to %s", a.to())
	}
	if len(tb.view().Roll) != 2 {
		t.Error("still on the list")
	}
	if a := member.get("/member"); a.to() != "/join" {
		t.Errorf("the tablet of somebody taken off: %d to %s", a.status, a.to())
	}
}

func TestAnAbsenceAndTheConsent(t *testing.T) {
	tb := preparing(t, nil)
	ha := tb.addsPerson("Hà", "member", "")
	at := "/people/" + string(ha) + "/absence"
	if name := tb.refused(at, url.Values{"reason": {""}}); name != string(meeting.MissingReason) {
		t.Errorf("without a reason: %s", name)
	}
	tb.takes(at, url.Values{"reason": {"Đi công tác"}})
	if page := tb.get("/prepare/people").body; !strings.Contains(page, "Chờ chủ tọa") {
		t.Error("the list does not show the absence")
	}
	tb.takes(at+"/answer", url.Values{"agreed": {"1"}})
	if p := tb.person("Hà"); !p.Absent || !p.Answered || !p.Agreed || p.Reason != "Đi công tác" {
		t.Errorf("%+v", p)
	}
}

func TestTheSeatsArePlanned(t *testing.T) {
	tb := preparing(t, nil)
	a, b, c := tb.addsPerson("An", "member", ""), tb.addsPerson("Bình", "member", ""), tb.addsPerson("Cúc", "member", "")
	seats := func() string { return tb.person("An").Seat + tb.person("Bình").Seat + tb.person("Cúc").Seat }
	tb.takes("/prepare/seats", url.Values{"do": {"size"}, "rows": {"1"}, "cols": {"2"}})
	few := tb.send(http.MethodPost, "/prepare/seats", url.Values{"do": {"order"}}, hxRequest)
	if few.status != http.StatusConflict || !strings.Contains(few.body, "ít hơn số người") {
		t.Errorf("too few seats: %d %s", few.status, few.body)
	}
	tb.takes("/prepare/seats", url.Values{"do": {"size"}, "rows": {"5"}, "cols": {"6"}})
	tb.takes("/prepare/seats", url.Values{"do": {"order"}})
	if seats() != "010203" {
		t.Errorf("in order: %s", seats())
	}
	tb.takes("/prepare/seats", url.Values{"seat-01": {string(b)}, "seat-02": {string(a)}, "seat-03": {string(c)}})
	if seats() != "020103" {
		t.Errorf("two changed places: %s", seats())
	}
	tb.takes("/prepare/seats", url.Values{"seat-01": {string(b)}, "seat-02": {string(a)}, "seat-07": {string(a)}})
	if seats() != "0701" {
		t.Errorf("one put on two seats, one on none: %s", seats())
	}
	if name := tb.refused("/prepare/seats", url.Values{"do": {"size"}, "rows": {"61"}, "cols": {"1"}}); name != string(meeting.BadHeader) {
		t.Errorf("61 rows: %s", name)
	}
}
