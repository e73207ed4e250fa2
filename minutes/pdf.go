package minutes

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// WritePDF draws a sheet as PDF, its fonts embedded.
func (sh Sheet) WritePDF(w io.Writer) error {
	all, err := newFaces()
	if err != nil {
		return err
	}
	p := newPDFPen(sh, &all)
	p.place(p.strips(sh.Blocks))
	// Output closes the document; an error of any call before comes out here.
	if err := p.f.Output(w); err != nil {
		return fmt.Errorf("draw PDF: %w", err)
	}
	return nil
}

const family = "liberationserif"

// pdfPen draws on one PDF document.
type pdfPen struct {
	typesetter
	f     *fpdf.Fpdf
	sheet Sheet
	y     float64
	look  setLook // the font now set
	codes int     // pictures so far

	draft, footer line // what every page has, broken once
}

// setLook is a face at a size.
type setLook struct {
	style style
	size  float64
}

func newPDFPen(sh Sheet, all *faces) *pdfPen {
	way := "P"
	if sh.Landscape {
		way = "L"
	}
	f := fpdf.New(way, "mm", "A4", "")
	for i, letters := range []string{"", "B", "I", "BI"} {
		f.AddUTF8FontFromBytes(family, letters, bytes.Clone(all[i].file))
	}
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(marginLeft, marginY, marginEnd)
	f.SetCellMargin(0)
	f.SetCatalogSort(true)
	f.SetCreationDate(sh.Made.UTC())
	f.SetModificationDate(sh.Made.UTC())
	f.SetProducer("phonghop", true)
	f.SetTitle(tidy(sh.Title), true)
	f.SetLang("vi-VN")
	f.SetLineWidth(0.2)
	p := &pdfPen{typesetter: typesetter{all}, f: f, sheet: sh}
	p.draft = p.lines(Bold(sh.Draft), draftSize, sh.measure(), 0)[0]
	p.footer = p.lines(Bold(sh.Footer), footerSize, sh.measure(), 0)[0]
	p.newPage()
	return p
}

// newPage begins a page: its number above (from the second on), the draft mark
// and the footer.
func (p *pdfPen) newPage() {
	p.f.AddPage()
	p.look = setLook{}
	if n := p.f.PageNo(); n > 1 {
		number := p.lines(Plain(fmt.Sprint(n)), 13, p.sheet.measure(), 0)[0]
		p.drawLine(number, 13, marginLeft, 10, p.sheet.measure(), Centred)
	}
	if p.draft.width > 0 {
		p.draftMark()
	}
	_, h := p.sheet.page()
	p.drawLine(p.footer, footerSize, marginLeft, h-13, p.sheet.measure(), Centred)
	p.y = marginY
}

const (
	draftSize  = 12.0
	footerSize = 11.0
)

func (p *pdfPen) draftMark() {
	l := p.draft
	x := marginLeft + p.sheet.measure() - l.width - 4
	p.f.Rect(x, 8.5, l.width+4, 6.5, "D")
	p.drawLine(l, draftSize, x+2, 9.4, l.width, Left)
}

// lineHeight is single spacing.
func lineHeight(size float64) float64 { return size * 1.15 * point }

// baseline is how far below the top of its line a text stands.
func baseline(size float64) float64 { return size * 0.92 * point }

// drawLine draws a line with its top at y.
func (p *pdfPen) drawLine(l line, size, x, y, width float64, a Align) {
	free, extra := width-l.indent-l.width, 0.0
	x += l.indent
	switch {
	case a == Centred:
		x += free / 2
	case a == Right:
		x += free
	case a == Justified && !l.ends && l.spaces > 0:
		extra = free / float64(l.spaces)
	}
	for _, s := range l.pieces {
		wide := s.width + extra*float64(s.spaces)
		p.take(s.style, size)
		p.drawPiece(s, size, x, y, wide, extra > 0)
		x += wide
	}
}

// drawPiece writes one stretch. The library stretches the spaces of a "J" cell
// to its width: the one way that works with these fonts.
func (p *pdfPen) drawPiece(s piece, size, x, y, wide float64, stretch bool) {
	h := size * point
	// The library sets the base line at 0.8 of the size below the top of a cell as high.
	p.f.SetXY(x, y+baseline(size)-0.8*h)
	how := "L"
	if stretch && s.spaces > 0 {
		how = "J"
	}
	p.f.CellFormat(wide, h, p.ticked(s, size, x, y), "", 0, how, false, 0, "")
}

// ticked draws the boxes to tick, which the font lacks, and leaves wide blanks
// in their places.
func (p *pdfPen) ticked(s piece, size, x, y float64) string {
	for i, r := range s.text {
		if r == tick {
			at := x + p.faces[s.style].width(s.text[:i], size)
			side := 0.62 * size * point
			p.f.Rect(at+0.08*size*point, y+baseline(size)-side, side, side, "D")
		}
	}
	return strings.ReplaceAll(s.text, string(tick), tickRoom)
}

func (p *pdfPen) take(s style, size float64) {
	letters := [...]string{"", "B", "I", "BI"}[s]
	if look := (setLook{s, size}); look != p.look {
		p.f.SetFont(family, letters, size)
		p.look = look
	}
}
