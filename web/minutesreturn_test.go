package web

import (
	"archive/zip"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"phonghop/templates"
)

// edited is a DOCX as somebody's word processor would leave it: words exchanged.
func edited(t *testing.T, docx []byte, old, now string) []byte {
	t.Helper()
	in := must(zip.NewReader(bytes.NewReader(docx), int64(len(docx))))(t)
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	changed := false
	for _, f := range in.File {
		r := must(f.Open())(t)
		data := must(io.ReadAll(r))(t)
		if f.Name == "word/document.xml" {
			changed = bytes.Contains(data, []byte(old))
			data = bytes.ReplaceAll(data, []byte(old), []byte(now))
		}
		w := must(out.Create(f.Name))(t)
		must(w.Write(data))(t)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if !changed && old != now {
		t.Fatalf("the DOCX does not hold %q", old)
	}
	return b.Bytes()
}

// hand uploads a returned file by the form.
func (tb *tablet) hand(name string, data []byte) answer {
	tb.h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	tb.h.check(m.WriteField("session", string(tb.h.room.State().Session.ID())))
	part := must(m.CreateFormFile("file", name))(tb.h.t)
	must(part.Write(data))(tb.h.t)
	tb.h.check(m.Close())
	return tb.raw("/minutes/returned", m.FormDataContentType(), b.Bytes())
}

func TestAReturnedDOCXIsSetAgainstTheRecord(t *testing.T) {
	h, clerk := locked(t)
	docx := []byte(clerk.get("/minutes/" + string(h.room.State().Session.ID()) + "/bien-ban.docx").body)

	same := clerk.hand("bien-ban-sua.docx", edited(t, docx, "Phòng A2", "Phòng họp A2"))
	page := clerk.get(same.to())
	says(t, "a DOCX with other words", page.body, "Số liệu trong tệp khớp", "NHẬN LÀM BẢN CHÍNH THỨC")

	wrong := clerk.hand("bien-ban-sua.docx", edited(t, docx, "tán thành 5/5", "tán thành 4/5"))
	page = clerk.get(wrong.to())
	stage(t, "check", page.body)
	says(t, "a DOCX with another count", page.body, "1 số liệu khác", "Biểu quyết lần 1", "tán thành 4/5", "tán thành 5/5", "VẪN NHẬN, CÓ LÝ DO")
	lacks(t, "a DOCX with another count", page.body, "‹", "%!")
	u := must(url.Parse(wrong.to()))(t)
	form := url.Values{"session": u.Query()["session"], "ref": u.Query()["ref"], "name": {"bien-ban-sua.docx"}}
	if a := clerk.program().post("/minutes/take", form); a.status != http.StatusConflict || len(h.minutes().Returned) != 0 {
		t.Errorf("taken without a reason: %d %s", a.status, a.body)
	}
	form.Set("reason", "Đếm lại tay")
	clerk.post("/minutes/take", form)
	back := h.minutes().Returned
	if len(back) != 1 || back[0].Sort != "docx" || back[0].Differences != 1 || back[0].Reason != "Đếm lại tay" {
		t.Fatalf("%+v", back)
	}
	says(t, "the desk", clerk.get("/minutes").body, "Bản chính thức", "Khác diễn biến ở 1 chỗ; lý do: Đếm lại tay")
	for _, who := range []string{"m0", "m1"} {
		if a := h.at(who).hand("x.docx", docx); a.status == http.StatusSeeOther && strings.Contains(a.to(), "check") {
			t.Errorf("%s hands a file in", who)
		}
	}
	for name, data := range map[string][]byte{"x.docx": []byte("PK nothing"), "x.exe": []byte("MZ"), "none.docx": nil} {
		a := clerk.hand(name, data)
		if a.status == http.StatusSeeOther {
			a = clerk.get(a.to())
		}
		if a.status != http.StatusConflict {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

func TestAScanAndAFileOfTheFolder(t *testing.T) {
	h, clerk := locked(t)
	a := clerk.hand("ban-quet.pdf", []byte("%PDF-1.4 scanned"))
	says(t, "a scan", clerk.get(a.to()).body, "Bản quét hoặc PDF khác")
	file := filepath.Join(t.TempDir(), "bien-ban-ky.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.4 another scan"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.web.TakeReturned(file)
	h.web.TakeReturned(file)
	page := clerk.get("/minutes").body
	stage(t, "waiting", page)
	if n := strings.Count(page, "Xem: bien-ban-ky.pdf"); n != 1 {
		t.Errorf("it waits %d times", n)
	}
	waiting := must(h.web.Drafts.Waiting(t.Context(), string(h.room.State().Session.ID())))(t)
	clerk.post("/minutes/take", url.Values{"ref": {waiting[0].Ref}, "name": {"bien-ban-ky.pdf"}})
	if back := h.minutes().Returned; len(back) != 1 || back[0].Sort != "scan" {
		t.Errorf("%+v", back)
	}
	h.web.TakeReturned(file)
	lacks(t, "the desk", clerk.get("/minutes").body, "Xem: bien-ban-ky.pdf")
}

func TestDifferencesAreOfNumbersOnly(t *testing.T) {
	record := "Thời gian bắt đầu: 8 giờ 00 phút.\n1. Thành viên: tổng số 22; có mặt 19; vắng mặt 3.\nNội dung 1: Vốn.\nThời gian: từ 8 giờ 05 phút đến 9 giờ.\n" +
		"Biểu quyết lần 1: Thông qua.\nKết quả (đóng lúc 9 giờ): tán thành 18/22.\nBiểu quyết lần 2: Sửa.\nKết quả (đóng lúc 9 giờ 10 phút): tán thành 19/22.\nCuộc họp kết thúc vào 11 giờ./."
	for name, c := range map[string]struct {
		old, now string
		want     []string
	}{
		"nothing":         {"", "", nil},
		"words":           {"Thông qua.", "Thông qua nghị quyết.", nil},
		"spaces":          {"tổng số 22", "tổng\u00a0số  22", nil},
		"present":         {"có mặt 19", "có mặt 20", []string{"Thành viên có mặt, vắng mặt"}},
		"the second vote": {"19/22", "22/22", []string{"Biểu quyết lần 2"}},
		"a vote is gone":  {"Biểu quyết lần 1: Thông qua.\nKết quả (đóng lúc 9 giờ): tán thành 18/22.\n", "", []string{"Biểu quyết lần 1"}},
		"times":           {"từ 8 giờ 05", "từ 8 giờ 15", []string{"Nội dung 1: thời gian"}},
		"the end":         {"11 giờ", "12 giờ", []string{"Thời gian kết thúc"}},
	} {
		got := differences(templates.Vietnamese, record, strings.Split(strings.ReplaceAll(record, c.old, c.now), "\n"))
		if c.old == "" {
			got = differences(templates.Vietnamese, record, strings.Split(record, "\n"))
		}
		var what []string
		for _, d := range got {
			what = append(what, d.What)
		}
		if strings.Join(what, "|") != strings.Join(c.want, "|") {
			t.Errorf("%s: %q, want %q", name, what, c.want)
		}
	}
}

func FuzzReturnedDOCX(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		if lines, err := docxLines(data); err == nil && len(lines) > documentMost {
			t.Error("more lines than bytes")
		}
	})
}
