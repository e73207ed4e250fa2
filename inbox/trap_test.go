package inbox

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"phonghop/meeting"
)

// A trap is a file as offices really have them, what it is called in the list,
// and what must become of it: a paper's name, or a line.
type trap struct {
	what    string
	name    string // as it is dropped
	data    []byte
	paper   string // its name, where it becomes a paper at once
	typ     string
	state   meeting.ArrivalState // else
	trouble meeting.Trouble
	shown   string // as the list shows it; "": as it is dropped
}

func TestTraps(t *testing.T) {
	long := strings.Repeat("dài", 58) + ".pdf" // 236 bytes
	for _, c := range []trap{
		{what: "a name in NFD", name: norm.NFD.String("Giải ngân.pdf"), data: pdf("a"), paper: "Giải ngân", typ: typePDF},
		{what: "a long name", name: long, data: pdf("b"), paper: strings.TrimSuffix(long, ".pdf"), typ: typePDF},
		{what: "markup", name: "<script>alert(1)<b>.pdf", data: pdf("c"), paper: "<script>alert(1)<b>", typ: typePDF},
		{what: "right to left", name: "bao cao\u202efdp.pdf", data: pdf("d"), state: meeting.ArrivalNoticed, trouble: meeting.TroubleNameChanged, shown: "bao caofdp.pdf"},
		{what: "capitals", name: "118-TTr.PDF", data: pdf("e"), paper: "118-TTr", typ: typePDF},
		{what: "no ending", name: "118-TTr", data: pdf("f"), paper: "118-TTr", typ: typePDF},
		{what: "plain text", name: "ghi chú.txt", data: []byte("Kính gửi"), paper: "ghi chú", typ: typeText},
		{what: "no bytes", name: "a.pdf", data: nil, state: meeting.ArrivalRefused, trouble: meeting.TroubleEmpty},
		{what: "half a PDF", name: "b.pdf", data: pdf("g")[:60], state: meeting.ArrivalReceiving, trouble: meeting.TroubleTruncated},
		{what: "half a ZIP", name: "b.docx", data: zipped(t, entry{name: "a", data: pdf("")})[:60], state: meeting.ArrivalReceiving, trouble: meeting.TroubleTruncated},
		{what: "a PDF called Word", name: "c.docx", data: pdf("h"), state: meeting.ArrivalNoticed, trouble: meeting.TroubleMislabelled},
		{what: "a program", name: "setup.exe", data: []byte("MZ\x90\x00"), state: meeting.ArrivalRefused, trouble: meeting.TroubleProgram},
		{what: "a program called PDF", name: "to trinh.pdf", data: []byte("MZ\x90\x00"), state: meeting.ArrivalRefused, trouble: meeting.TroubleProgram},
		{what: "a script", name: "x.bat", data: []byte("del *"), state: meeting.ArrivalRefused, trouble: meeting.TroubleProgram},
		{what: "a page of the web", name: "x.pdf", data: []byte("<html><script>1</script>"), state: meeting.ArrivalRefused, trouble: meeting.TroubleProgram},
		{what: "an unknown type", name: "x.dwg", data: []byte("AC1027\x00\x01\x02\x03"), state: meeting.ArrivalWaiting, trouble: meeting.TroubleNoPages},
		{what: "too large", name: "x.txt", data: bytes.Repeat([]byte("x"), 2<<20), state: meeting.ArrivalRefused, trouble: meeting.TroubleTooLarge},
		{what: "another archive", name: "x.rar", data: []byte("Rar!\x1a\x07\x00"), state: meeting.ArrivalRefused, trouble: meeting.TroubleArchive},
		{what: "an encrypted PDF", name: "x.pdf", data: []byte("%PDF-1.4\ntrailer<</Encrypt 5 0 R>>\n%%EOF"), state: meeting.ArrivalWaiting, trouble: meeting.TroubleEncrypted},
		{what: "a locked ZIP", name: "x.zip", data: zipped(t, entry{name: "a.pdf", data: pdf("z"), flags: 1}), state: meeting.ArrivalRefused, trouble: meeting.TroubleEncrypted},
		{what: "a bomb", name: "x.zip", data: zipped(t, entry{name: "a.txt", data: make([]byte, 64<<20)}), state: meeting.ArrivalRefused, trouble: meeting.TroubleArchive},
		{what: "a ZIP in a ZIP", name: "x.zip", data: zipped(t, entry{name: "b.zip", data: zipped(t, entry{name: "a.txt", data: []byte("x")})}), state: meeting.ArrivalRefused, trouble: meeting.TroubleArchive, shown: "b.zip"},
	} {
		t.Run(c.what, func(t *testing.T) { c.spring(t) })
	}
}

// spring drops the file and sees what becomes of it, and that the file stays.
func (c trap) spring(t *testing.T) {
	h := enter(t, t.TempDir(), func(c *Config) { c.Most = 1 << 20 })
	full := h.drop(item3+"/"+c.name, c.data)
	before, err := os.Lstat(full)
	if err != nil {
		t.Fatal(err)
	}
	if c.paper != "" {
		if p := h.paper("i3", c.paper); p.Type != c.typ {
			t.Errorf("type %s", p.Type)
		}
	} else {
		h.waits(or(c.shown, c.name), c.state, c.trouble)
	}
	after, err := os.Lstat(full)
	if err != nil || looksOf(before) != looksOf(after) {
		t.Error("the dropped file was touched")
	}
	if c.state == meeting.ArrivalRefused && len(h.papers("i3")) > 0 {
		t.Error("a refused file is a paper")
	}
}

func TestWhatIsNoPlainFileIsNeverRead(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	secret := t.TempDir()
	if err := os.WriteFile(filepath.Join(secret, "mật.pdf"), pdf("mật"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"tệp.pdf": filepath.Join(secret, "mật.pdf"), "thư mục": secret, "gãy": "/nowhere"} {
		if err := os.Symlink(to, filepath.Join(h.Folder(), item3, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mkfifo(filepath.Join(h.Folder(), item3, "ống.pdf"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, quiet := range []string{".DS_Store", "~$To trinh.docx", "a.pdf.part", "b.crdownload", "c.tmp", "Thumbs.db", "desktop.ini", "._x.pdf"} {
		h.drop(item3+"/"+quiet, pdf(quiet))
	}
	h.waits("tệp.pdf", meeting.ArrivalRefused, meeting.TroubleLink)
	h.waits("thư mục", meeting.ArrivalRefused, meeting.TroubleLink)
	h.waits("gãy", meeting.ArrivalRefused, meeting.TroubleLink)
	h.drop(item3+"/z.pdf", pdf("z"))
	h.paper("i3", "z")
	h.until("three lines left", func() bool { return len(h.room.State().Arrivals) == 3 })
	if n := len(h.papers("i3")); n != 1 {
		t.Fatalf("%d papers", n)
	}
	if _, err := openBelow(h.Folder(), item3+"/thư mục/mật.pdf"); err == nil {
		t.Fatal("a linked folder was entered")
	}
}

func TestASlowCopyWithPauses(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	data := pdf(strings.Repeat("chậm", 100))
	f, err := os.Create(filepath.Join(h.Folder(), item3, "chậm.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := 0; i < len(data); i += 200 {
		if len(h.papers("i3")) > 0 {
			t.Fatal("taken too early")
		}
		if _, err := f.Write(data[i:min(i+200, len(data))]); err != nil {
			t.Fatal(err)
		}
		if i == 400 { // a pause longer than any quiet time
			h.waits("chậm.pdf", meeting.ArrivalReceiving, meeting.TroubleTruncated)
		}
	}
	if p := h.paper("i3", "chậm"); p.Size != int64(len(data)) || p.Version != 1 {
		t.Fatalf("%+v", p)
	}
}

func TestNewFoldersAndRenamesIntoPlace(t *testing.T) {
	h := enter(t, t.TempDir(), func(c *Config) { c.Quiet.Rescan = time.Hour })
	dir := filepath.Join(h.Folder(), item3, "phụ lục", "sâu hơn")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pl1.pdf"), pdf("một"), 0o644); err != nil {
		t.Fatal(err)
	}
	h.paper("i3", "pl1")
	whole := t.TempDir()
	if err := os.WriteFile(filepath.Join(whole, "pl2.pdf"), pdf("hai"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(whole, filepath.Join(h.Folder(), item3, "dời vào")); err != nil {
		t.Fatal(err)
	}
	h.paper("i3", "pl2")
	h.drop(item3+"/x.part", pdf("ba"))
	if err := os.Rename(filepath.Join(h.Folder(), item3, "x.part"), filepath.Join(h.Folder(), item3, "x.pdf")); err != nil {
		t.Fatal(err)
	}
	h.paper("i3", "x")
}

func TestAnArchiveOfPapers(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	cp1258, err := charmap.Windows1258.NewEncoder().String("Báo cáo.pdf")
	if err != nil {
		t.Fatal(err)
	}
	h.drop("goi.zip", zipped(t,
		entry{name: "03 Giải ngân/tờ trình.pdf", data: pdf("1")}, entry{name: "03 Giải ngân/" + cp1258, data: pdf("2"), raw: true},
		entry{name: "03 Giải ngân/../../../../etc/x.pdf", data: pdf("3")}, entry{name: "03 Giải ngân/x.exe", data: []byte("MZ")},
		entry{name: `02\b.pdf`, data: pdf("4")}, entry{name: "__MACOSX/._b.pdf", data: pdf("5")}))
	h.paper("i3", "tờ trình")
	h.paper("i2", "b")
	h.waits("x.exe", meeting.ArrivalRefused, meeting.TroubleProgram)
	h.waits("x.pdf", meeting.ArrivalWaiting, meeting.TroubleNoItem)
	for _, a := range h.room.State().Arrivals {
		if a.Trouble == meeting.TroubleArchiveNames && a.Name == "Báo cáo" && a.Detail == "Báo cáo" && a.State == meeting.ArrivalWaiting {
			return
		}
	}
	t.Fatalf("%+v", h.room.State().Arrivals)
}

func TestTheSameBytesTwiceAreNothingNew(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.drop(item3+"/a.pdf", pdf("một"))
	h.paper("i3", "a")
	h.drop(item3+"/bản sao.pdf", pdf("một"))
	h.drop(item3+"/c.pdf", pdf("hai"))
	h.paper("i3", "c")
	h.until("an empty list", func() bool { return len(h.room.State().Arrivals) == 0 })
	if n := len(h.papers("i3")); n != 2 {
		t.Fatalf("%d papers", n)
	}
}

func TestWhatCannotBeReadIsTriedAgain(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("nothing is unreadable for root")
	}
	h := enter(t, t.TempDir(), nil)
	full := h.drop(item3+"/a.pdf", pdf("một"))
	os.Chmod(full, 0)
	h.waits("a.pdf", meeting.ArrivalRefused, meeting.TroubleUnreadable)
	os.Chmod(full, 0o644)
	h.paper("i3", "a")
}

// Real files by real programs.
func TestFilesOfRealPrograms(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "goc.txt"), []byte("Tờ trình về dự toán ngân sách"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"docx", "doc", "odt", "pdf", "rtf"} {
		run(t, dir, "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", to, "goc.txt")
	}
	run(t, dir, "qpdf", "--encrypt", "mật", "mật", "256", "--", "goc.pdf", "khoa.pdf")
	run(t, dir, "qpdf", "--linearize", "goc.pdf", "web.pdf")
	run(t, dir, "convert", "-size", "40x40", "xc:red", "anh.png")
	run(t, dir, "convert", "-size", "40x40", "xc:red", "anh.jpg")
	h := enter(t, t.TempDir(), nil)
	for name, typ := range map[string]string{"goc.docx": typeDOCX, "goc.doc": typeDOC, "goc.odt": typeODT, "goc.pdf": typePDF, "goc.rtf": typeRTF, "anh.png": typePNG, "anh.jpg": typeJPEG, "web.pdf": typePDF} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		as := strings.ReplaceAll(name, ".", "-") + filepath.Ext(name)
		h.drop(item3+"/"+as, data)
		if p := h.paper("i3", strings.ReplaceAll(name, ".", "-")); p.Type != typ {
			t.Errorf("%s: %s", name, p.Type)
		}
		if end, err := endOf(bytes.NewReader(data[:len(data)*9/10]), int64(len(data)*9/10), true); err != nil || end == endFound {
			t.Errorf("nine tenths of %s are whole: %v, %v", name, end, err)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "khoa.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	h.drop(item3+"/khoa.pdf", data)
	h.waits("khoa.pdf", meeting.ArrivalWaiting, meeting.TroubleEncrypted)
}
