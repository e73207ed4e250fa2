package main

import (
	"bytes"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"
)

// demoPaper is a paper of the demo, drawn at its first start in the form an
// office would send it.
type demoPaper struct {
	name   string // of the file, as the tablets list it
	issuer string
	number string
	day    string
	kind   string
	about  string
	to     string
	body   []string // paragraphs; one that begins with "# " is a heading
	table  demoTable
	signer [2]string // duty and name
}

type demoTable struct {
	widths []float64 // millimetres; they add up to the text's width
	rows   [][]string
}

// committee is the issuer of what the People's Committee sends itself.
const committee = "TỈNH TRÀ SƠN"

// sheet is the page being written on: A4 with the margins of an office paper.
type sheet struct{ *fpdf.Fpdf }

const (
	textLeft  = 30.0
	textWidth = 165.0
	lineTall  = 6.6
	serif     = "serif"
)

func newSheet(title string) sheet {
	f := sheet{fpdf.New("P", "mm", "A4", "")}
	f.AddUTF8FontFromBytes(serif, "", liberationserifregular.TTF)
	f.AddUTF8FontFromBytes(serif, "B", liberationserifbold.TTF)
	f.AddUTF8FontFromBytes(serif, "I", liberationserifitalic.TTF)
	f.SetTitle(title, true)
	f.SetLang("vi-VN")
	f.SetMargins(textLeft, 20, 15)
	f.SetAutoPageBreak(true, 22)
	f.SetFooterFunc(func() {
		f.SetY(-16)
		f.SetFont(serif, "", 11)
		f.CellFormat(textWidth/2, 6, "BẢN MẪU", "", 0, "L", false, 0, "")
		f.CellFormat(textWidth/2, 6, fmt.Sprintf("%d", f.PageNo()), "", 0, "R", false, 0, "")
	})
	f.AddPage()
	return f
}

// pdf draws the paper.
func (p demoPaper) pdf() ([]byte, error) {
	f := newSheet(p.kind + " " + p.number)
	f.head(p)
	for _, text := range p.body {
		f.paragraph(text)
	}
	f.grid(p.table)
	f.signature(p)
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("drawing %q: %w", p.name, err)
	}
	return out.Bytes(), nil
}

// head is the issuer and the national motto side by side, then the title.
func (f sheet) head(p demoPaper) {
	const left, right = 66.0, textWidth - 66.0
	above, style := "ỦY BAN NHÂN DÂN TỈNH TRÀ SƠN", ""
	if p.issuer == committee {
		above, style = "ỦY BAN NHÂN DÂN", "B"
	}
	f.pair(left, right, style, above, "B", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 11)
	f.pair(left, right, "B", p.issuer, "B", "Độc lập - Tự do - Hạnh phúc", 12)
	y := f.GetY()
	f.Line(textLeft+22, y, textLeft+left-22, y)
	f.Line(textLeft+left+23, y, textLeft+textWidth-23, y)
	f.Ln(2)
	f.pair(left, right, "", "Số: "+p.number, "I", p.day, 12)
	f.Ln(7)
	f.SetFont(serif, "B", 14)
	f.MultiCell(textWidth, lineTall, p.kind, "", "C", false)
	f.MultiCell(textWidth, lineTall, p.about, "", "C", false)
	f.Ln(4)
	if p.to != "" {
		f.SetFont(serif, "", 13)
		f.MultiCell(textWidth, lineTall, "Kính gửi: "+p.to, "", "C", false)
		f.Ln(3)
	}
}

func (f sheet) pair(left, right float64, ls, l, rs, r string, size float64) {
	f.SetFont(serif, ls, size)
	f.CellFormat(left, 6, l, "", 0, "C", false, 0, "")
	f.SetFont(serif, rs, size)
	f.CellFormat(right, 6, r, "", 1, "C", false, 0, "")
}

func (f sheet) paragraph(text string) {
	style, indent := "", 10.0
	if heading, ok := strings.CutPrefix(text, "# "); ok {
		style, text = "B", heading
	}
	f.SetFont(serif, style, 13)
	lines := f.SplitText(text, textWidth-indent)
	first := lines[0]
	f.SetX(textLeft + indent)
	f.CellFormat(textWidth-indent, lineTall, first, "", 1, "L", false, 0, "")
	if rest := text[len(first):]; len(lines) > 1 {
		f.MultiCell(textWidth, lineTall, strings.TrimSpace(rest), "", "J", false)
	}
	f.Ln(1.6)
}

// grid draws a table; its head is repeated on each page.
func (f sheet) grid(t demoTable) {
	if len(t.rows) == 0 {
		return
	}
	f.Ln(2)
	f.gridRow(t.widths, t.rows[0], "B")
	for _, row := range t.rows[1:] {
		if _, tall := f.GetPageSize(); f.GetY()+2*lineTall > tall-22 {
			f.AddPage()
			f.gridRow(t.widths, t.rows[0], "B")
		}
		f.gridRow(t.widths, row, "")
	}
	f.Ln(3)
}

func (f sheet) gridRow(widths []float64, cells []string, style string) {
	f.SetFont(serif, style, 11)
	high := 1
	for i, text := range cells {
		high = max(high, len(f.SplitText(text, widths[i]-2)))
	}
	const line = 5.4
	x, y := f.GetXY()
	for i, text := range cells {
		f.Rect(x, y, widths[i], float64(high)*line+2, "D")
		f.SetXY(x, y+1)
		f.MultiCell(widths[i], line, text, "", gridAlign(i, style), false)
		x += widths[i]
	}
	f.SetXY(textLeft, y+float64(high)*line+2)
}

func gridAlign(column int, style string) string {
	switch {
	case style == "B" || column == 0:
		return "C"
	case column > 2:
		return "R"
	}
	return "L"
}

func (f sheet) signature(p demoPaper) {
	f.Ln(4)
	f.SetX(textLeft + 85)
	f.SetFont(serif, "B", 13)
	f.MultiCell(80, lineTall, p.signer[0], "", "C", false)
	f.Ln(18)
	f.SetX(textLeft + 85)
	f.MultiCell(80, lineTall, p.signer[1], "", "C", false)
}
