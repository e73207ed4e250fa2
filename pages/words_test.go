package pages

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/unicode/norm"
)

// Words come out as they are written, in NFC, where pdftotext finds them too, and
// on a turned page where they are drawn.
func TestWordsAndTheirPlaces(t *testing.T) {
	need(t, "soffice", "pdftotext", "qpdf")
	plain := office(t, "<p>.</p><p>"+norm.NFD.String("Nghị quyết về đầu tư công. Ủy ban nhân dân tỉnh Trà Sơn, kỳ họp thứ 47 ưỡn ngẫu hứng ĐẶNG")+"</p>", "pdf:writer_web_pdf_Export", "pdf")
	p := drawer(t, nil)
	for _, turn := range []string{"0", "90", "180", "270"} {
		path := filepath.Join(t.TempDir(), "turned.pdf")
		run(t, "qpdf", plain, "--rotate="+turn, path)
		_, all, err := drawn(t, p, path, typePDF)
		if err != nil {
			t.Fatal(err)
		}
		n := len(all) - 1 // LibreOffice leaves a page free before it
		text := strings.Join(strings.Fields(all[n].Text), " ")
		if want := "Nghị quyết về đầu tư công. Ủy ban nhân dân tỉnh Trà Sơn, kỳ họp thứ 47 ưỡn ngẫu hứng ĐẶNG"; !strings.Contains(text, want) {
			t.Errorf("turned by %s the text is %q", turn, text)
		}
		m := p.picture(t, all[n])
		for _, w := range all[n].Words {
			if marked(m, w.X, w.Y, w.W, w.H) == 0 {
				t.Errorf("turned by %s there is nothing where %+v should stand", turn, w)
			}
		}
		if turn == "0" {
			compare(t, all[n].Words, boxes(t, path, n))
		}
	}
}

type boxed struct {
	Width  float64 `xml:"width,attr"`
	Height float64 `xml:"height,attr"`
	Words  []struct {
		XMin float64 `xml:"xMin,attr"`
		YMin float64 `xml:"yMin,attr"`
		XMax float64 `xml:"xMax,attr"`
		YMax float64 `xml:"yMax,attr"`
		Text string  `xml:",chardata"`
	} `xml:"word"`
}

// boxes is what pdftotext finds on a page.
func boxes(t *testing.T, path string, page int) boxed {
	t.Helper()
	out, err := exec.Command("pdftotext", "-bbox", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []boxed
	for x := xml.NewDecoder(strings.NewReader(string(out))); ; {
		token, err := x.Token()
		if err == io.EOF {
			break
		}
		if s, ok := token.(xml.StartElement); ok && s.Name.Local == "page" {
			var one boxed
			if err := x.DecodeElement(&one, &s); err != nil {
				t.Fatal(err)
			}
			all = append(all, one)
		}
	}
	return all[page]
}

func compare(t *testing.T, words []Word, other boxed) {
	t.Helper()
	if len(words) != len(other.Words) || len(words) == 0 {
		t.Fatalf("%d words, pdftotext finds %d", len(words), len(other.Words))
	}
	for i, w := range words {
		o := other.Words[i]
		dx, dw := math.Abs(float64(w.X)-o.XMin/other.Width), math.Abs(float64(w.X+w.W)-o.XMax/other.Width)
		middle := float64(w.Y + w.H/2)
		if w.Text != norm.NFC.String(o.Text) || dx > 0.005 || dw > 0.005 || middle < o.YMin/other.Height || middle > o.YMax/other.Height {
			t.Errorf("%+v, pdftotext has %+v", w, o)
		}
	}
}

// A PDF that names Times New Roman and does not bring it along has no holes where
// the letters of Vietnamese should be.
func TestFontsThatAPaperDoesNotBring(t *testing.T) {
	p := drawer(t, nil)
	for _, font := range []string{"TimesNewRomanPSMT", "TimesNewRomanPS-BoldMT", "TimesNewRomanPS-ItalicMT", "TimesNewRomanPS-BoldItalicMT", "ArialMT", "Arial-BoldMT"} {
		o := append(page("0 0 300 100", "/Resources << /Font << /F 5 0 R >> >>", `BT /F 60 Tf 100 30 Td (\200\201\202\203) Tj ET`),
			"<< /Type /Font /Subtype /TrueType /BaseFont /"+font+" /FontDescriptor 6 0 R /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [128 /uni1EBF /uni1EA1 /uni1ED9 /uni1EF1] >> >>",
			"<< /Type /FontDescriptor /FontName /"+font+" /Flags 32 /ItalicAngle 0 /Ascent 891 /Descent -216 /CapHeight 662 /StemV 80 /FontBBox [-568 -307 2000 1007] >>")
		_, all, err := drawn(t, p, wrote(t, "a.pdf", rawPDF(o)), typePDF)
		if err != nil {
			t.Fatal(err)
		}
		if n := marked(p.picture(t, all[0]), 0.33, 0, 0.3, 1); n < 1000 || all[0].Text != "ếạộự" {
			t.Errorf("%s: %d dark pixels, text %q", font, n, all[0].Text)
		}
	}
}

func TestTheFolderOfFonts(t *testing.T) {
	f := folder{fontFolder + "a.ttf": []byte("a"), fontFolder + "b.ttf": []byte("bb")}
	if err := fstest.TestFS(f, fontFolder+"a.ttf", fontFolder+"b.ttf"); err != nil {
		t.Error(err)
	}
}

// A page of far too many characters is drawn without its words.
func TestAPageOfTooManyCharacters(t *testing.T) {
	p := drawer(t, nil)
	o := append(page("0 0 200 200", "/Resources << /Font << /F 5 0 R >> >>", "BT /F 1 Tf 1 1 Td "+strings.Repeat("("+strings.Repeat("a ", 1000)+") Tj ", 1+charsOnPage/2000)+"ET"),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	_, all, err := drawn(t, p, wrote(t, "a.pdf", rawPDF(o)), typePDF)
	if err != nil || len(all) != 1 || all[0].Failed || all[0].Text != "" || all[0].Words != nil {
		t.Errorf("%d pages of %d characters, %v", len(all), len(all[0].Text), err)
	}
}

// TestLinesComeInOrderHoweverThePageIsTurned: text that runs in any of four directions,
// on pages turned to any of four sides. A table laid across the page is drawn running
// upwards on a page that is turned; a scanner turns pages whose text runs as usual.
func TestLinesComeInOrderHoweverThePageIsTurned(t *testing.T) {
	p := drawer(t, nil)
	for running, at := range []string{"1 0 0 1 40 150", "0 1 -1 0 60 40", "-1 0 0 -1 160 60", "0 -1 1 0 150 160"} {
		for turned := range 4 {
			o := page("0 0 200 200", fmt.Sprintf("/Rotate %d /Resources << /Font << /F 5 0 R >> >>", 90*turned),
				"BT /F 12 Tf 16 TL "+at+" Tm (one two) Tj T* (three four) Tj T* (five six) Tj ET")
			path := wrote(t, "turned.pdf", rawPDF(append(o, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")))
			_, all, err := drawn(t, p, path, typePDF)
			if err != nil {
				t.Fatal(err)
			}
			if text := strings.Join(strings.Fields(all[0].Text), " "); text != "one two three four five six" {
				t.Errorf("running %d quarters round, turned %d: %q", running, turned, text)
			}
			m := p.picture(t, all[0])
			for _, w := range all[0].Words {
				if marked(m, w.X, w.Y, w.W, w.H) == 0 {
					t.Errorf("running %d quarters round, turned %d: there is nothing where %+v should stand", running, turned, w)
				}
			}
		}
	}
}
