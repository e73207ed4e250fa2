package pages

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"path/filepath"
	"strings"
	"testing"
)

// psPDF has Ghostscript make a PDF.
func psPDF(t testing.TB, name, body string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	run(t, "gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-o", out, wrote(t, "in.ps", []byte("%!PS\n"+body)))
	return out
}

const onePage = "<< /PageSize [595 842] >> setpagedevice /Times-Roman findfont 40 scalefont setfont 72 700 moveto (To trinh) show showpage\n"

// strokes is a map: so many strokes on one page, which takes the renderer seconds.
func strokes(t testing.TB, n int) string {
	return psPDF(t, "map.pdf", fmt.Sprintf("<< /PageSize [842 595] >> setpagedevice 0.1 setlinewidth 1 1 %d { pop rand 842 mod rand 595 mod moveto rand 842 mod rand 595 mod lineto stroke } for showpage\n", n))
}

// page is the source of a page: object 3, its content object 4. Further objects
// may follow as 5, 6 and so on.
func page(box, more, content string) []string {
	return []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [" + box + "] /Contents 4 0 R " + more + " >>",
		stream("", content),
	}
}

func stream(dict, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(content), content)
}

// rawPDF is a PDF of these objects.
func rawPDF(objects []string) []byte {
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.7\n")
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

// pageBomb has as many pages as one likes, all the same.
func pageBomb(n int) []byte {
	return rawPDF([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", n, strings.Repeat("3 0 R ", n)),
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
	})
}

// form is a page with a field that is filled in, as a browser leaves it: without
// a picture of what it says. It lies in the middle of the page.
func form() []byte {
	o := page("0 0 200 200", "/Annots [5 0 R]", "")
	o[0] = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /NeedAppearances true /DA (/Helv 24 Tf 0 g) /DR << /Font << /Helv 6 0 R >> >> >> >>"
	return rawPDF(append(o,
		"<< /Type /Annot /Subtype /Widget /FT /Tx /T (ten) /V (WWWWW) /DA (/Helv 24 Tf 0 g) /Rect [50 80 150 120] /P 3 0 R /F 4 >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"))
}

// annotated is a page with a stamp on it, in the middle.
func annotated() []byte {
	return rawPDF(append(page("0 0 200 200", "/Annots [5 0 R]", ""),
		"<< /Type /Annot /Subtype /Stamp /Rect [50 80 150 120] /F 4 /AP << /N 6 0 R >> >>",
		stream("/Type /XObject /Subtype /Form /BBox [0 0 100 40]", "0 0 100 40 re f")))
}

// endless is a page that draws a form ten times, which draws a form ten times,
// and so on: ten thousand million strokes.
func endless() []byte {
	o := page("0 0 200 200", "/Resources << /XObject << /F 5 0 R >> >>", "/F Do")
	const deep = 10
	for i := range deep {
		o = append(o, stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 200 200] /Resources << /XObject << /F %d 0 R >> >>", 6+i), strings.Repeat("/F Do ", 10)))
	}
	return rawPDF(append(o, stream("/Type /XObject /Subtype /Form /BBox [0 0 200 200]", "0 0 m 200 200 l S")))
}

// bomb is a page whose content is so many MB of nothing, packed to a thousandth.
func bomb(t testing.TB, mb int) []byte {
	o := page("0 0 200 200", "", "")
	o[3] = stream("/Filter /FlateDecode", packedBlanks(t, mb))
	return rawPDF(o)
}

// imageBomb is a page with a picture of so many pixels a side, all alike.
func imageBomb(t testing.TB, side int) []byte {
	return rawPDF(append(page("0 0 200 200", "/Resources << /XObject << /I 5 0 R >> >>", "200 0 0 200 0 0 cm /I Do"),
		stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode", side, side), packedBlanks(t, side*side*3>>20+1))))
}

// packedBlanks are so many MB of blanks as zlib packs them: one packed MB again and
// again.
func packedBlanks(t testing.TB, mb int) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		t.Fatal(err)
	}
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	if _, err := w.Write(blanks); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	sum := adler32.New()
	for range mb {
		sum.Write(blanks)
	}
	return "\x78\x9c" + strings.Repeat(b.String(), mb) + "\x03\x00" + string(sum.Sum(nil))
}

// scanned is a PDF of one picture a page, as a scanner makes it; filter is how the
// picture is packed.
func scanned(picture []byte, filter string, w, h, pages int) []byte {
	o := []string{"<< /Type /Catalog /Pages 2 0 R >>", ""}
	kids := ""
	for range pages {
		n := len(o) + 1
		kids += fmt.Sprintf("%d 0 R ", n)
		o = append(o,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /XObject << /I %d 0 R >> >> >>", n+1, n+2),
			stream("", "595 0 0 842 0 0 cm /I Do"),
			stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /%s", w, h, filter), string(picture)))
	}
	o[1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", pages, kids)
	return rawPDF(o)
}

// scan is an office's scan at 300 dpi, of at least so many bytes.
func scan(t testing.TB, size int) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "page.jpg")
	run(t, "convert", "-size", "2480x3508", "-seed", "1", "plasma:white-gray", "+noise", "Gaussian", "-quality", "60", out)
	picture := bytesOf(t, out)
	return wrote(t, "scan.pdf", scanned(picture, "DCTDecode", 2480, 3508, size/len(picture)+1))
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	row := m.Pix[:m.Stride]
	for i := range row {
		row[i] = uint8(i) | 255*uint8(i%4/3)
	}
	for y := range h {
		copy(m.Pix[y*m.Stride:], row)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngHead is a picture whose head promises more than follows.
func pngHead(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, w), h)
	b = append(b, 8, 2, 0, 0, 0)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[12:]))
}

// camera is a JPEG that is dark on its left, with EXIF telling how the camera was
// held.
func camera(t testing.TB, w, h int, turn byte) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := w / 4; x < w; x++ {
			m.Pix[y*m.Stride+x] = 255
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), turn, 0, 0, 0, 0, 0, 0)
	segment := append([]byte{0xff, 0xe1, byte((len(exif) + 2) >> 8), byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xff, 0xd8}, segment...), b.Bytes()[2:]...)
}

// office has LibreOffice make a file of HTML.
func office(t testing.TB, html, filter, ending string) string {
	t.Helper()
	return officeFrom(t, html, "writer_web_HTML", filter, ending)
}

func officeFrom(t testing.TB, html, in, filter, ending string) string {
	t.Helper()
	need(t, "soffice")
	page := wrote(t, "a.html", []byte(`<html><head><meta charset="utf-8"></head><body>`+html+`</body></html>`))
	profile := filepath.Join(cacheFor(t), "tests-office")
	run(t, "soffice", "-env:UserInstallation=file://"+profile, "--headless", "--infilter="+in, "--convert-to", filter, "--outdir", filepath.Dir(page), page)
	return filepath.Join(filepath.Dir(page), "a."+ending)
}
