package pages

import (
	"errors"
	"path/filepath"
	"testing"
)

// One row for each thing that comes into an office, and what becomes of it.
func TestEveryTrapHasItsOutcome(t *testing.T) {
	need(t, "gs", "qpdf", "convert")
	p := drawer(t, nil)
	plain := psPDF(t, "plain.pdf", onePage)
	qpdf := func(args ...string) string {
		out := filepath.Join(t.TempDir(), "made.pdf")
		run(t, "qpdf", append(append([]string{plain}, args...), out)...)
		return out
	}
	raw := func(objects []string) string { return wrote(t, "raw.pdf", rawPDF(objects)) }
	jpx := filepath.Join(t.TempDir(), "page.jp2")
	run(t, "convert", "-size", "1240x1754", "xc:white", "-fill", "black", "-draw", "rectangle 310,700 930,1000", jpx)
	for _, row := range []struct {
		name, path, mime string
		err              error
		pages, w, h      int  // of the first page
		middle           bool // something is drawn in the middle of it
	}{
		{"as usual", plain, typePDF, nil, 1, 1240, 1754, false},
		{"turned a quarter", qpdf("--rotate=90:1"), typePDF, nil, 1, 1754, 1240, false},
		{"turned round", qpdf("--rotate=180:1"), typePDF, nil, 1, 1240, 1754, false},
		{"A3 across", raw(page("0 0 1191 842", "", "400 300 400 300 re f")), typePDF, nil, 1, 2480, 1753, true},
		{"14,400 points", raw(page("0 0 14400 14400", "", "4000 4000 6400 6400 re f")), typePDF, nil, 1, 2480, 2480, true},
		{"a strip of 14,400 points", raw(page("0 0 20 14400", "", "")), typePDF, nil, 1, 7, 4960, false},
		{"a box of nothing", raw(page("0 0 0 0", "", "")), typePDF, nil, 1, 1275, 1650, false},
		{"a box from far away", raw(page("-500 -500 95 342", "", "-300 -300 200 400 re f")), typePDF, nil, 1, 1240, 1754, true},
		{"cut to a part", raw(page("0 0 595 842", "/CropBox [100 100 300 300]", "150 150 100 100 re f")), typePDF, nil, 1, 417, 417, true},
		{"mixed sizes", psPDF(t, "mixed.pdf", onePage+"<< /PageSize [300 300] >> setpagedevice 10 10 moveto 90 90 lineto stroke showpage\n"), typePDF, nil, 2, 1240, 1754, false},
		{"a scan", wrote(t, "scan.pdf", scanned(camera(t, 1240, 1754, 1), "DCTDecode", 1240, 1754, 3)), typePDF, nil, 3, 1240, 1754, false},
		{"a scan in JPEG 2000", wrote(t, "jpx.pdf", scanned(bytesOf(t, jpx), "JPXDecode", 1240, 1754, 1)), typePDF, nil, 1, 1240, 1754, true},
		{"a picture of 15,000 x 15,000 in it", wrote(t, "picture.pdf", imageBomb(t, 15_000)), typePDF, nil, 1, 417, 417, true},
		{"a form that is filled in", wrote(t, "form.pdf", form()), typePDF, nil, 1, 417, 417, true},
		{"a stamp", wrote(t, "stamp.pdf", annotated()), typePDF, nil, 1, 417, 417, true},
		{"locked", qpdf("--encrypt", "bimat", "owner", "256", "--"), typePDF, ErrEncrypted, 0, 0, 0, false},
		{"printing forbidden only", qpdf("--encrypt", "", "owner", "256", "--print=none", "--"), typePDF, nil, 1, 1240, 1754, false},
		{"cut off", wrote(t, "cut.pdf", bytesOf(t, plain)[:900]), typePDF, ErrDamaged, 0, 0, 0, false},
		{"a page that is none", raw([]string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [2 0 R] >>"}), typePDF, nil, 1, 0, 0, false},
		{"no pages", raw([]string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 0 /Kids [] >>"}), typePDF, ErrDamaged, 0, 0, 0, false},
		{"no PDF at all", wrote(t, "no.pdf", []byte("%PDF-1.7 và chỉ có thế")), typePDF, ErrDamaged, 0, 0, 0, false},
		{"a program", wrote(t, "x.bin", []byte("MZ")), "application/octet-stream", ErrUnsupported, 0, 0, 0, false},
		{"page bomb", wrote(t, "bomb.pdf", pageBomb(100_000)), typePDF, ErrTooMany, 0, 0, 0, false},
		{"a picture", wrote(t, "a.png", pngOf(t, 300, 200)), "image/png", nil, 1, 300, 200, true},
		{"a large picture", wrote(t, "large.png", pngOf(t, 3000, 1500)), "image/png", nil, 1, 1653, 826, true},
		{"a photograph on its side", wrote(t, "side.jpg", camera(t, 300, 200, 6)), "image/jpeg", nil, 1, 200, 300, false},
		{"a picture of 40,000 x 40,000", wrote(t, "wide.png", pngHead(40_000, 40_000)), "image/png", ErrTooMany, 0, 0, 0, false},
		{"half a picture", wrote(t, "half.png", pngOf(t, 300, 200)[:200]), "image/png", nil, 1, 0, 0, false},
		{"no picture at all", wrote(t, "no.png", []byte("x")), "image/png", ErrDamaged, 0, 0, 0, false},
		{"plain text", wrote(t, "a.txt", []byte("Nghị quyết\r\nđầu tư")), "text/plain; charset=utf-8", nil, 1, 1240, 1754, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			book, all, err := drawn(t, p, row.path, row.mime)
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
			if first.W != row.w || first.H != row.h || first.Total != row.pages {
				t.Fatalf("%d x %d of %d, not %d x %d", first.W, first.H, first.Total, row.w, row.h)
			}
			if m := p.picture(t, first); row.middle && marked(m, 0.3, 0.43, 0.4, 0.14) < 100 {
				t.Error("nothing is drawn in the middle")
			}
		})
	}
	stillDraws(t, p)
}

// However the camera was held, what was above is above.
func TestPhotographsStandUpright(t *testing.T) {
	p := drawer(t, nil)
	for turn, dark := range map[byte]string{0: "left", 1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom", 9: "left"} {
		_, all, err := drawn(t, p, wrote(t, "a.jpg", camera(t, 2000, 1200, turn)), "image/jpeg")
		if err != nil {
			t.Fatal(err)
		}
		m := p.picture(t, all[0])
		sides := map[string]int{"left": marked(m, 0, 0.45, 0.1, 0.1), "right": marked(m, 0.9, 0.45, 0.1, 0.1), "top": marked(m, 0.45, 0, 0.1, 0.1), "bottom": marked(m, 0.45, 0.9, 0.1, 0.1)}
		for side, n := range sides {
			if (n > 0) != (side == dark) {
				t.Errorf("held like %d: %v, it should be dark at the %s", turn, sides, dark)
			}
		}
	}
}
