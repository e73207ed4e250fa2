package minutes

import (
	"bytes"
	"fmt"

	"codeberg.org/go-pdf/fpdf"
)

// para is a strip for each line; no line of a paragraph stands alone at the
// foot or the top of a page.
func (p *pdfPen) para(b Para) []strip {
	size, first := orElse(b.Size, bodySize), 0.0
	if b.Align == Justified && !b.Flush {
		first = indent
	}
	lines := p.lines(b.Runs, size, p.sheet.measure(), first)
	out := make([]strip, len(lines))
	for i, l := range lines {
		out[i] = strip{height: lineHeight(size), draw: func(y float64) {
			p.drawLine(l, size, marginLeft, y, p.sheet.measure(), b.Align)
		}}
	}
	last := len(out) - 1
	out[0].gap = gapAfter
	if last > 0 {
		out[0].keep, out[last-1].keep = true, true
	}
	out[last].keep = b.KeepNext
	return out
}

// stack is lines set below each other in a column.
type stack struct {
	pen    *pdfPen
	rows   []stacked
	height float64
}

type stacked struct {
	line line
	size float64
	top  float64
	rule float64 // width of a rule below; 0 none
}

// add sets a text below what is there.
func (s *stack) add(text string, look style, size, width float64) {
	if text = tidy(text); text == "" {
		return
	}
	run := []Run{{Text: text, Bold: look&bold != 0, Italic: look&italic != 0}}
	for _, l := range s.pen.lines(run, size, width, 0) {
		s.rows = append(s.rows, stacked{line: l, size: size, top: s.height})
		s.height += lineHeight(size)
	}
}

// rule draws a line below the last row.
func (s *stack) rule(width float64) {
	if n := len(s.rows); n > 0 {
		s.rows[n-1].rule = width
		s.height += 2
	}
}

func (s *stack) skip(height float64) { s.height += height }

func (s *stack) draw(x, y, width float64, a Align) {
	for _, r := range s.rows {
		s.pen.drawLine(r.line, r.size, x, y+r.top, width, a)
		if r.rule > 0 {
			at, from := y+r.top+lineHeight(r.size)+0.6, x+(width-r.rule)/2
			s.pen.f.Line(from, at, from+r.rule, at)
		}
	}
}

func (p *pdfPen) heading(b Heading) strip {
	narrow := leftColumn * p.sheet.measure()
	wide := p.sheet.measure() - narrow
	left, right := stack{pen: p}, stack{pen: p}
	left.add(bodyName(b.Superior), 0, 12, narrow)
	left.add(bodyName(b.Body), bold, 12, narrow-4)
	left.rule(bodyRule)
	left.skip(1.5)
	left.add(b.Number, 0, 13, narrow)
	left.add(b.About, 0, 12, narrow-4)
	right.add(nation, bold, 12, wide)
	right.add(motto, bold, 13, wide)
	right.rule(mottoWidth)
	right.skip(1.5)
	right.add(b.Place, italic, 13, wide)
	return strip{height: max(left.height, right.height) + 4, draw: func(y float64) {
		left.draw(marginLeft, y, narrow, Centred)
		right.draw(marginLeft+narrow, y, wide, Centred)
	}}
}

func (p *pdfPen) docTitle(b DocTitle) []strip {
	width := p.sheet.measure()
	s := stack{pen: p}
	s.add(upper(b.Name), bold, 14, width)
	for _, text := range b.About {
		s.add(text, bold, 14, width-20)
	}
	s.rule(titleRule)
	return []strip{{height: s.height + 3, gap: 6, keep: true, draw: func(y float64) {
		s.draw(marginLeft, y, width, Centred)
	}}}
}

// tallest is how high recipients may be and still stand beside the signature.
const tallest = 100.0 // mm

func (p *pdfPen) signatures(b Signatures) []strip {
	half := p.sheet.measure() / 2
	left, right := p.signer(b.Left, half), p.signer(b.Right, half)
	how := Centred
	if len(b.Recipients) > 0 {
		left, how = p.recipientStack(b.Recipients, half-6), Left
	}
	if left.height > tallest && len(b.Recipients) > 0 {
		return append(p.signatures(Signatures{Right: b.Right}), p.recipients(b.Recipients)...)
	}
	return []strip{{height: max(left.height, right.height), gap: 8, draw: func(y float64) {
		left.draw(marginLeft, y, half, how)
		right.draw(marginLeft+half, y, half, Centred)
	}}}
}

func (p *pdfPen) signer(b Signer, width float64) stack {
	s := stack{pen: p}
	for _, t := range b.Titles {
		s.add(upper(t), bold, 14, width-4)
	}
	s.add(b.Note, italic, 13, width-4)
	if len(b.Titles) > 0 {
		s.skip(signRoom)
	}
	s.add(b.Name, bold, 14, width-4)
	return s
}

func (p *pdfPen) recipientStack(list []string, width float64) stack {
	s := stack{pen: p}
	s.add("Nơi nhận:", bold|italic, 12, width)
	for _, text := range list {
		s.add(text, 0, 11, width)
	}
	return s
}

// recipients is a strip a line: a list may be longer than a page.
func (p *pdfPen) recipients(list []string) []strip {
	s := p.recipientStack(list, p.sheet.measure()/2)
	out := make([]strip, len(s.rows))
	for i, r := range s.rows {
		out[i] = strip{height: lineHeight(r.size), keep: i == 0 && len(s.rows) > 1, draw: func(y float64) {
			p.drawLine(r.line, r.size, marginLeft, y, p.sheet.measure(), Left)
		}}
	}
	out[0].gap = 8
	return out
}

func (p *pdfPen) frame(b Frame) strip {
	const size, pad = 13.0, 2.5
	l := p.lines(Bold(upper(b.Text)), size, p.sheet.measure()-2*pad, 0)[0]
	width, height := l.width+2*pad, lineHeight(size)+2
	x := marginLeft + p.sheet.measure() - width
	switch b.Align {
	case Left:
		x = marginLeft
	case Centred:
		x = marginLeft + (p.sheet.measure()-width)/2
	}
	return strip{height: height, gap: 3, keep: true, draw: func(y float64) {
		p.f.Rect(x, y, width, height, "D")
		p.drawLine(l, size, x+pad, y+1, l.width, Left)
	}}
}

func (p *pdfPen) blank(b Blank) []strip {
	out := make([]strip, b.Lines)
	for i := range out {
		out[i] = strip{height: 9, draw: func(y float64) {
			p.f.SetDashPattern([]float64{0.3, 0.9}, 0)
			p.f.Line(marginLeft, y+8, marginLeft+p.sheet.measure(), y+8)
			p.f.SetDashPattern(nil, 0)
		}}
	}
	return out
}

func (p *pdfPen) cut() strip {
	return strip{height: 2, gap: 4, draw: func(y float64) {
		p.f.SetDashPattern([]float64{2, 1.5}, 0)
		p.f.Line(marginLeft, y+1, marginLeft+p.sheet.measure(), y+1)
		p.f.SetDashPattern(nil, 0)
	}}
}

const codeSide = 42.0 // mm of a QR code

func (p *pdfPen) code(b Code) strip {
	picture := qrPicture(b.Link)
	x, height := marginLeft, 0.0
	if picture != nil {
		x, height = marginLeft+codeSide+4, codeSide
	}
	width := marginLeft + p.sheet.measure() - x
	var lines []line
	for _, r := range b.Lines {
		lines = append(lines, p.lines([]Run{r}, tableSize, width, 0)...)
	}
	height = max(height, float64(len(lines))*lineHeight(tableSize))
	return strip{height: height, gap: 4, draw: func(y float64) {
		if picture != nil {
			p.picture(picture, marginLeft, y)
		}
		for i, l := range lines {
			p.drawLine(l, tableSize, x, y+float64(i)*lineHeight(tableSize), width, Left)
		}
	}}
}

func (p *pdfPen) picture(png []byte, x, y float64) {
	p.codes++
	name, kind := fmt.Sprint("code", p.codes), fpdf.ImageOptions{ImageType: "PNG"}
	p.f.RegisterImageOptionsReader(name, kind, bytes.NewReader(png))
	p.f.ImageOptions(name, x, y, codeSide, codeSide, false, kind, 0, "")
}
