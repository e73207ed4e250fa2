package pages

import (
	"archive/zip"
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

func readZip(t testing.TB, data []byte) *zip.Reader {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func para(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

func TestTheTextOfADOCX(t *testing.T) {
	for name, row := range map[string]struct {
		body string
		want []line
	}{
		"a paragraph":       {para("Nghị quyết"), []line{{"Nghị quyết", false}}},
		"a heading":         {`<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Tờ trình</w:t></w:r></w:p>` + para("sau"), []line{{"Tờ trình", true}, {"sau", false}}},
		"breaks":            {`<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>`, []line{{"a b\nc", false}}},
		"deleted text":      {`<w:p><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:ins><w:r><w:t>mới</w:t></w:r></w:ins></w:p>`, []line{{"mới", false}}},
		"a table":           {`<w:tbl><w:tr><w:tc>` + para("Dự án") + `</w:tc><w:tc>` + para("Vốn") + para("tỷ đồng") + `</w:tc></w:tr></w:tbl>`, []line{{"Dự án  |  Vốn tỷ đồng", false}}},
		"a table in it":     {`<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>` + para("trong") + `</w:tc></w:tr></w:tbl>` + para("ngoài") + `</w:tc></w:tr></w:tbl>`, []line{{"trong ngoài", false}}},
		"a box, said twice": {`<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>hộp</w:t></mc:Choice><mc:Fallback><w:t>hộp</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`, []line{{"hộp", false}}},
		"nothing":           {"", nil},
	} {
		if got, err := linesOf(readZip(t, docx(row.body, ""))); err != nil || !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestADOCXThatIsTooMuch(t *testing.T) {
	for name, row := range map[string]struct {
		body string
		want error
	}{
		"paragraphs":  {strings.Repeat("<w:p/>", linesMost+2), ErrTooMany},
		"bytes":       {strings.Repeat(" ", docxMost+1), ErrDamaged},
		"an entity":   {`&lol;`, ErrDamaged},
		"no end":      {`<w:p>`, ErrDamaged},
		"of our sort": {para("x"), nil},
	} {
		if _, err := linesOf(readZip(t, docx(row.body, ""))); !errors.Is(err, row.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPlainTextOfAnySort(t *testing.T) {
	const want = "Cộng hòa xã hội, đầu tư"
	windows, err := charmap.Windows1258.NewEncoder().String("Cô\u0323ng ho\u0300a xa\u0303 hô\u0323i, đâ\u0300u tư")
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(want)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string]string{
		"UTF-8": want, "with a mark": "\xef\xbb\xbf" + want, "decomposed": norm.NFD.String(want),
		"lines of Windows": want + "\r\n", "letters of Windows": windows, "UTF-16": wide,
	} {
		if got := strings.TrimSpace(readable([]byte(raw))); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Whatever bytes are said to be a Word file: an error or its lines, and never more
// than is taken.
func FuzzDOCX(f *testing.F) {
	f.Add(docx(para("Nghị quyết"), `<w:fonts><w:font w:name=".VnTime"/></w:fonts>`))
	f.Add(lockedDOCX())
	f.Fuzz(func(t *testing.T, data []byte) {
		outlook(bytes.NewReader(data), int64(len(data)))
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		if lines, err := linesOf(z); len(lines) > linesMost || err != nil && lines != nil {
			t.Errorf("%d lines, %v", len(lines), err)
		}
	})
}

func FuzzDocumentXML(f *testing.F) {
	f.Add(para("Nghị quyết") + `<w:tbl><w:tr><w:tc>` + para("x") + `</w:tc></w:tr></w:tbl>`)
	f.Add(`<mc:Fallback><w:t>a</w:t></mc:Fallback>`)
	f.Fuzz(func(t *testing.T, body string) {
		lines, err := linesOf(readZip(t, docx(body, "")))
		for _, l := range lines {
			if s := printable(l.text); err == nil && (!utf8.ValidString(s) || !norm.NFC.IsNormalString(s)) {
				t.Errorf("%q of %q", s, l.text)
			}
		}
	})
}

func FuzzPlainText(f *testing.F) {
	f.Add([]byte("Nghị quyết\r\n"))
	f.Add([]byte{0xff, 0xfe, 0x41})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s := printable(readable(raw)); !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r\x1b") {
			t.Errorf("%q", s)
		}
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add(camera(f, 8, 8, 6))
	f.Fuzz(func(t *testing.T, head []byte) {
		if turn := orientation(head); turn < 1 || turn > 8 {
			t.Errorf("held like %d", turn)
		}
	})
}

// What the child says is taken only within bounds, whatever it says.
func FuzzReceive(f *testing.F) {
	var b bytes.Buffer
	if err := send(&b, answer{W: 1, H: 2, Words: []Word{{"a", 0, 0, 1, 1}}, Picture: 3}, []byte("abc")); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		var a answer
		if receive(r, &a) == nil {
			if picture, err := readPicture(r, a.Picture); err == nil && len(picture) != a.Picture {
				t.Errorf("%d bytes of %d", len(picture), a.Picture)
			}
		}
	})
}
