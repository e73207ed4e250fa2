package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"phonghop/meeting"
)

const pdf = "%PDF-1.7\n%âãÏÓ\n1 0 obj\n<</Type/Catalog>>\nendobj\n"

func TestPapersAreTakenFileByFile(t *testing.T) {
	tb := preparing(t, func(c *Config) { c.PaperMost = 2000 })
	at := "/items/" + string(tb.addsItem("Ngân sách")) + "/papers"
	page := tb.upload(at, nil,
		file{"paper", "Tờ trình.pdf", pdf},
		file{"paper", "rỗng.pdf", ""},
		file{"paper", "bản đồ.pdf", pdf + strings.Repeat("x", 3000)},
		file{"paper", "Dự thảo.docx", "PK\x03\x04 nghị quyết"},
		file{"paper", "lại.pdf", pdf},
	)
	for _, want := range []string{"Đã nhận 2 tài liệu.", "“rỗng.pdf” không có nội dung", "“bản đồ.pdf” lớn hơn 1 KB", "Tài liệu này đã có trong mục."} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := len(tb.view().Agenda[0].Papers); n != 2 {
		t.Errorf("%d papers stand", n)
	}
	if a := tb.upload(at, nil); !strings.Contains(a.body, "Chưa chọn tệp") {
		t.Errorf("an upload without a file: %d", a.status)
	}
	if a := tb.post(at, url.Values{"paper": {"x"}}); a.status != http.StatusOK || !strings.Contains(a.body, "Chưa chọn tệp") {
		t.Errorf("a form that is no upload: %d", a.status)
	}
	if a := tb.program().upload("/items/none/papers", nil, file{"paper", "a.pdf", pdf + "2"}); !strings.Contains(a.body, "Không có nội dung này") {
		t.Errorf("an item that is not there: %s", a.body)
	}
}

func TestTheNameOfAPaper(t *testing.T) {
	long := strings.Repeat("ổ", 400) + ".pdf"
	for sent, want := range map[string]string{
		`C:\Users\dung\Tờ trình.pdf`:     "Tờ trình.pdf",
		"../../etc/passwd":               "passwd",
		"To\u031b\u0300 tri\u0300nh.pdf": "Tờ trình.pdf",
		"<script>alert(1)</script>.pdf":  "script>.pdf",
		"a<script>.pdf":                  "a<script>.pdf",
		"hop\u202efdp.exe":               "hopfdp.exe",
		"..":                             "Tài liệu",
		"":                               "Tài liệu",
		long:                             strings.Repeat("ổ", meeting.MaxShort-4) + ".pdf",
	} {
		if got := paperName(sent); got != want {
			t.Errorf("%q is shown as %q, want %q", sent, got, want)
		}
	}
}

// A paper is handed out as what it is by its bytes; what a browser could run is
// only ever saved.
func TestAMemberOpensThePaperAsItIs(t *testing.T) {
	h := sitting(t, nil)
	clerk, m1 := h.at(clerkID), h.at("m1")
	tests := []struct{ name, body, kind, way string }{
		{"Tờ trình.pdf", pdf, "application/pdf", "inline"},
		{"ảnh.png", "\x89PNG\r\n\x1a\n0000", "image/png", "inline"},
		{"trang.pdf", "<html><script>alert(1)</script>", "application/octet-stream", "attachment"},
		{"hình.svg", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "application/octet-stream", "attachment"},
		{"Dự thảo.docx", "PK\x03\x04x", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment"},
		{"cũ.doc", oldOfficeMark + "x", "application/msword", "attachment"},
		{"a<script>.txt", "Ghi chú", "text/plain", "inline"},
	}
	for _, test := range tests {
		clerk.upload("/items/"+anItem+"/papers", nil, file{"paper", test.name, test.body})
	}
	papers := h.web.clerkView().Agenda[0].Papers
	if len(papers) != len(tests) {
		t.Fatalf("%d papers of %d", len(papers), len(tests))
	}
	page := m1.get("/items/" + anItem).body
	if strings.Contains(page, "<script>.txt") {
		t.Error("a name is drawn as mark-up")
	}
	for _, paper := range papers {
		for _, test := range tests {
			if paper.Name != test.name {
				continue
			}
			a := m1.get("/papers/" + string(paper.ID) + "/" + url.PathEscape(paper.Name))
			kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
			way, _, _ := strings.Cut(a.header.Get("Content-Disposition"), ";")
			if a.status != http.StatusOK || a.body != test.body || kind != test.kind || way != test.way || a.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %d %s %s nosniff=%q", test.name, a.status, kind, way, a.header.Get("X-Content-Type-Options"))
			}
		}
	}
}

func TestAPaperIsReplacedAndWithdrawn(t *testing.T) {
	h := sitting(t, nil)
	clerk, m1 := h.at(clerkID), h.at("m1")
	at := "/items/" + anItem + "/papers"
	clerk.upload(at, nil, file{"paper", "Tờ trình.pdf", pdf})
	first := clerk.view().Agenda[0].Papers[0]
	clerk.upload(at, url.Values{"replaces": {string(first.ID)}}, file{"paper", "Tờ trình.pdf", pdf + "sửa"})
	papers := clerk.view().Agenda[0].Papers
	if len(papers) != 1 || papers[0].Version != 2 || papers[0].Ref == first.Ref {
		t.Fatalf("after a second version: %+v", papers)
	}
	if page := clerk.get("/prepare/agenda").body; !strings.Contains(page, "bản 2") {
		t.Error("the page does not say which version stands")
	}
	gone := clerk.program().upload(at, url.Values{"replaces": {string(first.ID)}}, file{"paper", "b.pdf", pdf + "3"})
	if !strings.Contains(gone.body, "thu lại") {
		t.Errorf("replacing what was replaced: %s", gone.body)
	}
	clerk.takes("/papers/"+string(papers[0].ID)+"/withdraw", nil)
	if a := m1.get("/papers/" + string(papers[0].ID) + "/a"); a.status == http.StatusOK {
		t.Error("a withdrawn paper is still handed out")
	}
	if name := clerk.refused("/papers/none/withdraw", nil); name != string(meeting.NoSuchPaper) {
		t.Errorf("a paper that is not there: %s", name)
	}
}

func TestMoreFilesThanAnUploadMayBring(t *testing.T) {
	tb := preparing(t, nil)
	at := "/items/" + string(tb.addsItem("Ngân sách")) + "/papers"
	var files []file
	for i := range filesMost + 1 {
		files = append(files, file{"paper", "a.txt", strings.Repeat("x", i+1)})
	}
	v := tb.program().upload(at, nil, files...).json(t)
	if said := v["said"].([]any); v["taken"] != float64(filesMost) || !strings.Contains(said[len(said)-1].(string), "tối đa 40") {
		t.Errorf("%v", v)
	}
}
