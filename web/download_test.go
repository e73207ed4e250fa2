package web

import (
	"archive/zip"
	"bytes"
	"io"
	"mime"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"phonghop/documents"
	"phonghop/dossier"
	"phonghop/meeting"
)

// program is one that is installed where tests count; elsewhere the test is
// skipped without it.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") != "" {
		t.Fatalf("%s is not installed", name)
	}
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// run starts a program and answers what it said.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program(t, name), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

// taken is a download that must be there, of the right kind and name.
func (h *house) taken(tb *tablet, name, kind string) []byte {
	h.t.Helper()
	a := tb.get(h.sessionHref() + "/documents/" + name)
	if a.status != http.StatusOK {
		h.t.Fatalf("%s: %d %s", name, a.status, a.body)
	}
	if got := a.header.Get("Content-Type"); got != kind {
		h.t.Errorf("%s is typed %q", name, got)
	}
	if got := a.header.Get("Cache-Control"); got != "no-store" {
		h.t.Errorf("%s may be kept: %q", name, got)
	}
	if a.header.Get("Content-Disposition") == "" {
		h.t.Errorf("%s has no name", name)
	}
	return []byte(a.body)
}

func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return run(t, "pdftotext", "-layout", path, "-")
}

func (h *house) pdfText(tb *tablet, name string) string {
	h.t.Helper()
	return textOf(h.t, h.taken(tb, name+".pdf", pdfType))
}

// tells is what each paper must say, once the session is over.
var tells = map[string][]string{
	"giay-moi":            {"GIẤY MỜI", "Thành viên 4", "Khách mời"},
	"danh-sach-diem-danh": {"Thành viên 3"},
	"bien-ban-kiem-phieu": {"KIỂM PHIẾU", "Thông qua dự thảo"},
	"tong-hop-y-kien":     {"Đề nghị ưu tiên vùng cao"},
	"thong-bao-ket-luan":  {"THÔNG BÁO", "Giao Sở Tài chính hoàn chỉnh dự thảo"},
	"bo-du-phong":         {"PHIẾU BIỂU QUYẾT", "Thành viên 1"},
}

func TestPapersOpenAsPDF(t *testing.T) {
	h, _ := held(t)
	h.finish()
	clerk := h.at(clerkID)
	for _, p := range papers() {
		text := h.pdfText(clerk, p.name)
		contains(t, p.name, text, tells[p.name], secretTitle, secretWords, "DỰ THẢO")
	}
	one := textOf(t, h.taken(clerk, "giay-moi.pdf?person=m3", pdfType))
	contains(t, "one person's letter", one, []string{"Thành viên 3"}, "Thành viên 2")
	named := textOf(t, h.taken(clerk, "bien-ban-kiem-phieu.pdf?vote="+aVote, pdfType))
	contains(t, "one count", named, []string{"Thành viên 4"})
	for _, none := range []string{"giay-moi.pdf?person=x", "bien-ban-kiem-phieu.pdf?vote=x", "tong-hop-y-kien.pdf?item=x", "bieu-quyet.pdf", "phieu.xlsx", "mat-khau.pdf", "giay-moi"} {
		if a := clerk.get(h.sessionHref() + "/documents/" + none); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", none, a.status)
		}
	}
}

func TestPapersOpenInAWordProgram(t *testing.T) {
	program(t, "soffice")
	h, _ := held(t)
	h.finish()
	clerk, dir := h.at(clerkID), t.TempDir()
	args := []string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", "pdf", "--outdir", dir}
	for _, p := range papers() {
		path := filepath.Join(dir, p.name+".docx")
		h.check(os.WriteFile(path, h.taken(clerk, p.name+".docx", docxType), 0o600))
		args = append(args, path)
	}
	report := filepath.Join(dir, "bao-cao.docx")
	h.check(os.WriteFile(report, []byte(clerk.get("/savings/bao-cao.docx").body), 0o600))
	run(t, "soffice", append(args, report)...)
	for _, p := range papers() {
		contains(t, p.name, run(t, "pdftotext", "-layout", filepath.Join(dir, p.name+".pdf"), "-"), tells[p.name], secretTitle, secretWords)
	}
	contains(t, "the report", run(t, "pdftotext", "-layout", filepath.Join(dir, "bao-cao.pdf"), "-"), []string{"tiết kiệm", "7.000 đồng"})
}

func TestTablesOpenInASpreadsheetProgram(t *testing.T) {
	h, _ := held(t)
	h.finish()
	clerk := h.at(clerkID)
	for _, tb := range tables() {
		csv := h.taken(clerk, tb.name+".csv", csvType)
		if !bytes.HasPrefix(csv, []byte("\ufeff")) {
			t.Errorf("%s.csv does not begin as Excel wants it", tb.name)
		}
		if tb.xlsx == nil {
			continue
		}
		f, err := excelize.OpenReader(bytes.NewReader(h.taken(clerk, tb.name+".xlsx", xlsxType)))
		h.check(err)
		if rows, err := f.GetRows(f.GetSheetList()[0]); err != nil || len(rows) == 0 {
			t.Errorf("%s.xlsx: %d rows, %v", tb.name, len(rows), err)
		}
		h.check(f.Close())
	}
	contains(t, "the ballots", string(h.taken(clerk, "phieu.csv", csvType)), []string{"Thành viên 4", "Không tán thành"})
}

// While a vote runs no table tells its direction.
func TestRunningVoteIsInNoTable(t *testing.T) {
	h, _ := held(t)
	clerk := h.at(clerkID)
	for _, name := range []string{"phieu.csv", "bieu-quyet.csv"} {
		contains(t, name, string(h.taken(clerk, name, csvType)), nil, "Không tán thành: 1", ",Không tán thành", ";Không tán thành")
	}
	if a := clerk.get(h.sessionHref() + "/documents/bien-ban-kiem-phieu.pdf?vote=" + aVote); a.status != http.StatusNotFound {
		t.Errorf("the count of a running vote: %d", a.status)
	}
}

// Names of files are UTF-8 for browsers and plain for everything older.
func TestDownloadsAreNamed(t *testing.T) {
	h, _ := held(t)
	a := h.at(clerkID).get(h.sessionHref() + "/documents/diem-danh.xlsx")
	got := a.header.Get("Content-Disposition")
	if want := `attachment; filename=diem-danh-phien-47.xlsx; filename*=UTF-8''%C4%90i%E1%BB%83m%20danh%20-%20Phi%C3%AAn%2047.xlsx`; got != want {
		t.Errorf("named %q", got)
	}
	if _, _, err := mime.ParseMediaType(strings.Split(got, "; filename*")[0]); err != nil {
		t.Error(err)
	}
}

func TestFallbackPacketIsOfferedBeforeTheSession(t *testing.T) {
	h := newHouse(t, nil)
	h.prepare()
	h.issue()
	clerk := h.at(clerkID)
	contains(t, "the overview", clerk.get("/prepare").body, []string{h.sessionHref() + "/documents/bo-du-phong.pdf"})
	contains(t, "the packet", h.pdfText(clerk, "bo-du-phong"), []string{"PHIẾU BIỂU QUYẾT", "Thành viên 1"}, "DỰ THẢO")
	contains(t, "the page before the session", clerk.get(h.sessionHref()).body, []string{"giay-moi.pdf", "bo-du-phong.docx"}, "thong-bao-ket-luan", "ho-so.zip")
}

func TestSessionFileIsWholeAndVerifies(t *testing.T) {
	h, _ := held(t)
	h.finish()
	clerk := h.at(clerkID)
	for _, c := range []struct {
		query, name string
		texts       bool
	}{{"", "ho-so-phien-47.zip", true}, {"?without-texts=1", "ho-so-khong-van-ban-phien-47.zip", false}} {
		a := clerk.get(h.sessionHref() + "/ho-so.zip" + c.query)
		if a.status != http.StatusOK || a.header.Get("Content-Type") != zipType || !strings.Contains(a.header.Get("Content-Disposition"), "filename="+c.name) {
			t.Fatalf("%s: %d %v", c.query, a.status, a.header)
		}
		if a.header.Get("Content-Length") != "" {
			t.Error("the file was held before it was sent")
		}
		z, err := zip.NewReader(strings.NewReader(a.body), int64(len(a.body)))
		h.check(err)
		if got := named(z, "thong-bao-ket-luan.docx"); got != c.texts {
			t.Errorf("%s has the notice: %v", c.name, got)
		}
		path := filepath.Join(t.TempDir(), "a.zip")
		h.check(os.WriteFile(path, []byte(a.body), 0o600))
		var said bytes.Buffer
		wrong, err := dossier.Check(t.Context(), path, dossier.Voice{Out: &said})
		if err != nil || wrong != 0 {
			t.Errorf("%s: %d wrong, %v: %s", c.name, wrong, err, said.String())
		}
	}
}

func named(z *zip.Reader, name string) bool {
	f, err := z.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	n, err := io.Copy(io.Discard, f)
	return err == nil && n > 0
}

// A session file that cannot be finished is cut off, never sent as if it were whole.
func TestBrokenSessionFileIsCutOff(t *testing.T) {
	h, _ := held(t)
	h.finish()
	a := h.room.State().Session.Account()
	h.spoil(a.Items[0].Papers[0])
	clerk := h.at(clerkID)
	res, err := clerk.client.Get(h.server.URL + h.sessionHref() + "/ho-so.zip")
	if err != nil {
		return // cut off before the first byte
	}
	defer res.Body.Close()
	if data, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("%d bytes came as if they were all", len(data))
	}
}

// spoil puts something that cannot be read in a document's place.
func (h *house) spoil(p meeting.PaperView) {
	h.t.Helper()
	f, err := h.web.Documents.Open(documents.Ref(p.Ref))
	h.check(err)
	h.check(f.Close())
	h.check(os.Remove(f.Name()))
	h.check(os.Mkdir(f.Name(), 0o700))
}
