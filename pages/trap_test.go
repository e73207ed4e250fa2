package pages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"phonghop/documents"
)

// The test binary is its own child.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "child" {
		if err := Main(os.Args[2:], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// cache is compiled once for all tests.
func cacheFor(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), "phonghop-test-renderer")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func drawer(t testing.TB, change func(*Config)) *Pages {
	t.Helper()
	docs, err := documents.Open(filepath.Join(t.TempDir(), "documents"))
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Documents: docs, Cache: cacheFor(t), Command: []string{os.Args[0], "child"}, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&c)
	}
	p := New(c)
	t.Cleanup(func() { p.Close() })
	return p
}

func need(t testing.TB, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(name, " is missing")
			}
			t.Skip(name, " is not installed")
		}
	}
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	need(t, name)
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// paperOf keeps a file as a document.
func (p *Pages) paperOf(t testing.TB, path, mime string) Paper {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ref, _, err := p.Documents.Put(t.Context(), f, 1<<31)
	if err != nil {
		t.Fatal(err)
	}
	return Paper{ref, mime, filepath.Base(path)}
}

func drawn(t testing.TB, p *Pages, paper Paper) (Book, []Page, error) {
	t.Helper()
	var all []Page
	book, err := p.Draw(t.Context(), paper, func(pg Page) error {
		all = append(all, pg)
		return nil
	})
	return book, all, err
}

// text makes a one- or many-page PDF with pdfmarks by Ghostscript.
func psPDF(t testing.TB, name, body string) string {
	t.Helper()
	dir := t.TempDir()
	ps, out := filepath.Join(dir, "in.ps"), filepath.Join(dir, name)
	if err := os.WriteFile(ps, []byte("%!PS\n"+body), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-o", out, ps)
	return out
}

const onePage = "<< /PageSize [595 842] >> setpagedevice /Times-Roman findfont 40 scalefont setfont 72 700 moveto (To trinh) show showpage\n"

// One row for each thing that comes into an office, and what becomes of it.
func TestEveryTrapHasItsOutcome(t *testing.T) {
	need(t, "gs", "qpdf", "convert")
	p := drawer(t, nil)
	plain := psPDF(t, "plain.pdf", onePage)
	dir := t.TempDir()
	made := func(name string, args ...string) string {
		out := filepath.Join(dir, name)
		run(t, "qpdf", append(append([]string{}, args...), out)...)
		return out
	}
	wrote := func(name string, data []byte) string {
		out := filepath.Join(dir, name)
		if err := os.WriteFile(out, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return out
	}
	bytesOf := func(path string) []byte {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	for _, row := range []struct {
		name, path, mime string
		err              error
		pages, w, h      int // of the first page
	}{
		{"as usual", plain, typePDF, nil, 1, 1240, 1754},
		{"turned a quarter", made("turned.pdf", plain, "--rotate=90:1"), typePDF, nil, 1, 1754, 1240},
		{"A3 across", psPDF(t, "a3.pdf", "<< /PageSize [1191 842] >> setpagedevice 10 10 moveto 500 500 lineto stroke showpage\n"), typePDF, nil, 1, 2480, 1753},
		{"14,400 points", psPDF(t, "huge.pdf", "<< /PageSize [14400 14400] >> setpagedevice 10 10 moveto 500 500 lineto stroke showpage\n"), typePDF, nil, 1, 2480, 2480},
		{"mixed sizes", psPDF(t, "mixed.pdf", onePage+"<< /PageSize [300 300] >> setpagedevice 10 10 moveto 90 90 lineto stroke showpage\n"), typePDF, nil, 2, 1240, 1754},
		{"locked", made("locked.pdf", plain, "--encrypt", "bimat", "owner", "256", "--"), typePDF, ErrEncrypted, 0, 0, 0},
		{"printing forbidden only", made("owner.pdf", plain, "--encrypt", "", "owner", "256", "--print=none", "--"), typePDF, nil, 1, 1240, 1754},
		{"cut off", wrote("cut.pdf", bytesOf(plain)[:900]), typePDF, ErrDamaged, 0, 0, 0},
		{"no PDF at all", wrote("no.pdf", []byte("%PDF-1.7 và chỉ có thế")), typePDF, ErrDamaged, 0, 0, 0},
		{"a program", wrote("x.bin", []byte("MZ")), "application/octet-stream", ErrUnsupported, 0, 0, 0},
		{"page bomb", wrote("bomb.pdf", pageBomb(20_000)), typePDF, ErrTooMany, 0, 0, 0},
		{"a picture", wrote("a.png", pngOf(t, 300, 200)), "image/png", nil, 1, 300, 200},
		{"a photograph on its side", wrote("side.jpg", onItsSide(t, 300, 200)), "image/jpeg", nil, 1, 200, 300},
		{"a picture of 40,000 x 40,000", wrote("wide.png", pngHead(40_000, 40_000)), "image/png", ErrTooMany, 0, 0, 0},
		{"half a picture", wrote("half.png", pngOf(t, 300, 200)[:200]), "image/png", nil, 1, 0, 0},
		{"plain text", wrote("a.txt", []byte("Nghị quyết\r\nđầu tư")), "text/plain; charset=utf-8", nil, 1, 1240, 1754},
	} {
		t.Run(row.name, func(t *testing.T) {
			book, all, err := drawn(t, p, p.paperOf(t, row.path, row.mime))
			if !errors.Is(err, row.err) {
				t.Fatalf("%v, not %v", err, row.err)
			}
			if len(all) != row.pages || book.Pages != row.pages {
				t.Fatalf("%d pages, %+v", len(all), book)
			}
			if row.pages == 0 {
				return
			}
			first := all[0]
			if row.w == 0 {
				if !first.Failed {
					t.Errorf("it has a picture: %+v", first)
				}
				return
			}
			if first.W != row.w || first.H != row.h {
				t.Errorf("%d x %d, not %d x %d", first.W, first.H, row.w, row.h)
			}
			checkPicture(t, p, first)
		})
	}
}

func checkPicture(t testing.TB, p *Pages, pg Page) {
	t.Helper()
	f, err := p.Documents.Open(pg.Image)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := jpeg.Decode(f)
	if err != nil || m.Bounds().Dx() != pg.W || m.Bounds().Dy() != pg.H {
		t.Errorf("the picture: %v, %v; it is said to be %d x %d", m.Bounds(), err, pg.W, pg.H)
	}
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngHead is a picture whose head promises more than follows.
func pngHead(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	for _, n := range []uint32{w, h} {
		b = append(b, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	b = append(b, 8, 2, 0, 0, 0)
	sum := crc(b[12:])
	return append(b, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
}

func crc(b []byte) uint32 {
	c := ^uint32(0)
	for _, x := range b {
		c ^= uint32(x)
		for range 8 {
			c = c>>1 ^ 0xedb88320*(c&1)
		}
	}
	return ^c
}

// onItsSide is a JPEG whose EXIF says that the camera was held upright.
func onItsSide(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	segment := append([]byte{0xff, 0xe1, byte((len(exif) + 2) >> 8), byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xff, 0xd8}, segment...), b.Bytes()[2:]...)
}

// pageBomb is a PDF with as many pages as one likes, all the same.
func pageBomb(n int) []byte {
	var b bytes.Buffer
	var at []int
	object := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Count " + fmt.Sprint(n) + " /Kids [" + strings.Repeat("3 0 R ", n) + "] >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>")
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

// strokes is a map: many strokes on one page, which takes the renderer seconds.
func strokes(t testing.TB, n int) string {
	return psPDF(t, "map.pdf", fmt.Sprintf("<< /PageSize [842 595] >> setpagedevice 0.1 setlinewidth 1 1 %d { pop rand 842 mod rand 595 mod moveto rand 842 mod rand 595 mod lineto stroke } for showpage\n", n))
}

// A page that takes for ever costs its picture; the next paper is drawn.
func TestAPageThatHangs(t *testing.T) {
	need(t, "gs")
	slow := strokes(t, 300_000)
	p := drawer(t, func(c *Config) { c.Limits.Page = 30 * time.Millisecond })
	_, all, err := drawn(t, p, p.paperOf(t, slow, typePDF))
	if err != nil || len(all) != 1 || !all[0].Failed {
		t.Fatalf("%+v, %v", all, err)
	}
	p.Limits.Page = time.Minute
	_, all, err = drawn(t, p, p.paperOf(t, psPDF(t, "plain.pdf", onePage), typePDF))
	if err != nil || len(all) != 1 || all[0].Failed {
		t.Errorf("the next paper: %+v, %v", all, err)
	}
}

// A child that is killed, or grows too large, costs no more than that.
func TestAChildThatDies(t *testing.T) {
	need(t, "gs")
	p := drawer(t, nil)
	paper := p.paperOf(t, psPDF(t, "two.pdf", onePage+onePage+onePage), typePDF)
	kills := 0
	var all []Page
	_, err := p.Draw(t.Context(), paper, func(pg Page) error {
		all = append(all, pg)
		if kills < 2 {
			kills++
			p.child.kill()
			<-p.child.ended
		}
		return nil
	})
	if err != nil || len(all) != 3 || all[1].Failed || all[2].Failed {
		t.Errorf("killed between pages: %+v, %v", all, err)
	}
	small := drawer(t, func(c *Config) { c.Limits.Memory = 20 << 20 }) // less than the renderer itself needs
	if _, _, err := drawn(t, small, small.paperOf(t, psPDF(t, "plain.pdf", onePage), typePDF)); !errors.Is(err, errRenderer) {
		t.Errorf("without memory: %v", err)
	}
}

// It ends when there is nothing to do, and with the process that started it.
func TestTheChildEnds(t *testing.T) {
	need(t, "gs")
	p := drawer(t, func(c *Config) { c.Limits.Idle = 100 * time.Millisecond })
	if _, _, err := drawn(t, p, p.paperOf(t, psPDF(t, "plain.pdf", onePage), typePDF)); err != nil {
		t.Fatal(err)
	}
	<-p.turn
	c := p.child
	p.turn <- struct{}{}
	if c != nil {
		select {
		case <-c.ended:
		case <-time.After(10 * time.Second):
			t.Error("it is idle and stays")
		}
	}
	if err := syscall.Kill(os.Getpid(), 0); err != nil {
		t.Fatal(err)
	}
	p.Close()
	if _, _, err := drawn(t, p, p.paperOf(t, psPDF(t, "plain.pdf", onePage), typePDF)); !errors.Is(err, ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// Words come out as they are written, where they stand, on a turned page too.
func TestWordsAndTheirPlaces(t *testing.T) {
	need(t, "soffice", "pdftotext", "qpdf")
	dir := t.TempDir()
	html := filepath.Join(dir, "a.html")
	if err := os.WriteFile(html, []byte(`<html><head><meta charset="utf-8"></head><body><p>.</p><p>Nghị quyết về đầu tư công. Ủy ban nhân dân tỉnh Trà Sơn</p></body></html>`), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf:writer_web_pdf_Export", "--outdir", dir, html)
	plain, turned := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "turned.pdf")
	run(t, "qpdf", plain, "--rotate=90:1", turned)
	p := drawer(t, nil)
	for _, path := range []string{plain, turned} {
		_, all, err := drawn(t, p, p.paperOf(t, path, typePDF))
		if err != nil {
			t.Fatal(err)
		}
		pg := all[len(all)-1] // LibreOffice leaves a page free before it
		text := strings.Join(strings.Fields(pg.Text), " ")
		if !strings.Contains(text, "Nghị quyết về đầu tư công.") || !strings.Contains(text, "Ủy ban nhân dân tỉnh Trà Sơn") {
			t.Errorf("the text is %q", text)
		}
		for _, w := range pg.Words {
			if w.Text == "quyết" && !inked(t, p, pg, w) {
				t.Errorf("%s: there is nothing where %+v should stand", filepath.Base(path), w)
			}
			if w.X < 0 || w.Y < 0 || w.X+w.W > 1.001 || w.Y+w.H > 1.001 || w.W <= 0 || w.H <= 0 {
				t.Errorf("%+v is beside the page", w)
			}
		}
	}
}

// inked tells whether anything is drawn in a word's place.
func inked(t *testing.T, p *Pages, pg Page, w Word) bool {
	t.Helper()
	f, err := p.Documents.Open(pg.Image)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	dark := 0
	for y := int(w.Y * float32(pg.H)); y < int((w.Y+w.H)*float32(pg.H)); y++ {
		for x := int(w.X * float32(pg.W)); x < int((w.X+w.W)*float32(pg.W)); x++ {
			if r, _, _, _ := m.At(x, y).RGBA(); r < 0x6000 {
				dark++
			}
		}
	}
	return dark > 20
}

// Office papers go through LibreOffice; without it a DOCX shows its words.
func TestOfficePapers(t *testing.T) {
	need(t, "soffice")
	dir := t.TempDir()
	html := filepath.Join(dir, "a.html")
	if err := os.WriteFile(html, []byte(`<html><head><meta charset="utf-8"></head><body><h1>Tờ trình số 118</h1><table border=1><tr><td>Dự án</td><td>Vốn</td></tr></table></body></html>`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := drawer(t, nil)
	bare := drawer(t, func(c *Config) { c.Office = "-" })
	for _, kind := range []struct {
		ending, mime, filter string
		alone                bool
	}{
		{"docx", typeDOCX, "docx:MS Word 2007 XML", true},
		{"doc", "application/msword", "doc:MS Word 97", false},
		{"odt", "application/vnd.oasis.opendocument.text", "odt", false},
	} {
		run(t, "soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--infilter=writer_web_HTML", "--convert-to", kind.filter, "--outdir", dir, html)
		path := filepath.Join(dir, "a."+kind.ending)
		book, all, err := drawn(t, p, p.paperOf(t, path, kind.mime))
		if err != nil || len(all) == 0 || !strings.Contains(all[0].Text, "Tờ trình số 118") || book.Via == "" {
			t.Fatalf("%s: %+v, %+v, %v", kind.ending, book, all, err)
		}
		book, all, err = drawn(t, bare, bare.paperOf(t, path, kind.mime))
		switch {
		case !kind.alone && !errors.Is(err, ErrNoOffice):
			t.Errorf("%s without LibreOffice: %v", kind.ending, err)
		case kind.alone && (err != nil || !book.NoOffice || !strings.Contains(all[0].Text, "Tờ trình số 118") || !strings.Contains(all[0].Text, "Dự án")):
			t.Errorf("%s without LibreOffice: %+v, %+v, %v", kind.ending, book, all, err)
		}
	}
	broken := filepath.Join(dir, "broken.docx")
	if err := os.WriteFile(broken, []byte("PK\x03\x04 không phải"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := drawn(t, bare, bare.paperOf(t, broken, typeDOCX)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a broken DOCX: %v", err)
	}
}

// The page in view comes first, and equal papers give equal pictures.
func TestWantedPagesFirst(t *testing.T) {
	need(t, "gs")
	path := psPDF(t, "ten.pdf", strings.Repeat(onePage, 10))
	p, again := drawer(t, nil), drawer(t, nil)
	paper := p.paperOf(t, path, typePDF)
	p.Want(paper.Ref, 7)
	p.Want(paper.Ref, 99)
	var order []int
	var pictures []documents.Ref
	_, err := p.Draw(t.Context(), paper, func(pg Page) error {
		order = append(order, pg.Number)
		pictures = append(pictures, pg.Image)
		return nil
	})
	if err != nil || fmt.Sprint(order) != "[7 8 9 1 2 3 4 5 6 10]" {
		t.Errorf("%v, %v", order, err)
	}
	_, all, err := drawn(t, again, again.paperOf(t, path, typePDF))
	if err != nil || all[6].Image != pictures[0] {
		t.Errorf("another time it is %s, not %s: %v", all[6].Image, pictures[0], err)
	}
	fine, err := p.Fine(t.Context(), paper, 3)
	if err != nil || fine.W != 2479 && fine.W != 2480 {
		t.Errorf("closely: %+v, %v", fine, err)
	}
	stop := errors.New("enough")
	if _, err := p.Draw(t.Context(), paper, func(Page) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the asker's own error: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Draw(gone, paper, func(Page) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("an asker that has gone: %v", err)
	}
}
