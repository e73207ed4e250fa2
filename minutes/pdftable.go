package minutes

import "slices"

const (
	padX = 1.6 // mm in a cell, left and right
	padY = 0.6
)

// slot is a cell as it is drawn.
type slot struct {
	x, width float64
	align    Align
	lines    []line
}

// table is a strip for each row, each with the head to repeat. A head that
// would take a third of every page is a row like the others.
func (p *pdfPen) table(t Table) []strip {
	var head *strip
	var out []strip
	if !t.Bare {
		out = p.row(t, t.headRow(), nil)
		out[len(out)-1].keep = true
		if len(out) == 1 && out[0].height < p.room()/3 {
			h := out[0]
			head = &h
		}
	}
	for _, r := range t.Rows {
		for _, s := range p.row(t, r, head) {
			s.head = head
			out = append(out, s)
		}
	}
	if len(out) > 0 {
		out[0].gap = 4
		// Space below, as a strip of its own: it vanishes at the end of a page.
		out = append(out, strip{height: 2, draw: func(float64) {}})
	}
	return out
}

// headRow is the row of the columns' titles.
func (t Table) headRow() Row {
	r := Row{Cells: make([]Cell, len(t.Columns))}
	for i, c := range t.Columns {
		r.Cells[i] = Cell{Runs: Bold(c.Title), Align: Centred}
	}
	return r
}

func (t Table) size() float64 { return orElse(t.Size, tableSize) }

// edges are the left edges of the columns, and the right edge of the last.
func (t Table) edges(measure float64) []float64 {
	sum := 0.0
	for _, c := range t.Columns {
		sum += max(c.Share, 0)
	}
	out := []float64{0}
	at := 0.0
	for i, c := range t.Columns {
		at += max(c.Share, 0)
		edge := measure * float64(i+1) / float64(len(t.Columns))
		if sum > 0 {
			edge = measure * at / sum
		}
		out = append(out, edge)
	}
	return out
}

// slots lays out the cells of a row. Cells beyond the last column are left out,
// missing ones are empty.
func (p *pdfPen) slots(t Table, r Row) []slot {
	edges := t.edges(p.sheet.measure())
	var out []slot
	at := 0
	for _, c := range append(slices.Clone(r.Cells), Cell{Span: len(t.Columns)}) {
		if at >= len(t.Columns) {
			break
		}
		end := min(at+max(c.Span, 1), len(t.Columns))
		s := slot{x: marginLeft + edges[at], width: edges[end] - edges[at], align: c.Align}
		if s.align == Justified {
			s.align = t.Columns[at].Align
		}
		if s.align == Justified {
			s.align = Left
		}
		s.lines = p.lines(c.Runs, t.size(), max(s.width-2*padX, 1), 0)
		out = append(out, s)
		at = end
	}
	return out
}

// row is one strip, or several where the row is taller than a page: only then
// is a row cut.
func (p *pdfPen) row(t Table, r Row, head *strip) []strip {
	slots := p.slots(t, r)
	room := p.room()
	if head != nil {
		room -= head.height
	}
	most := max(1, int((room-2*padY)/lineHeight(t.size())))
	var out []strip
	for {
		part, rest, more := cutSlots(slots, most)
		out = append(out, p.rowStrip(t, part, r.Height))
		if !more {
			return out
		}
		slots = rest
	}
}

func cutSlots(slots []slot, most int) (part, rest []slot, more bool) {
	for _, s := range slots {
		n := min(most, len(s.lines))
		first, second := s, s
		first.lines, second.lines = s.lines[:n], s.lines[n:]
		part, rest = append(part, first), append(rest, second)
		more = more || len(second.lines) > 0
	}
	return part, rest, more
}

func (p *pdfPen) rowStrip(t Table, slots []slot, least float64) strip {
	height := least
	for _, s := range slots {
		height = max(height, float64(len(s.lines))*lineHeight(t.size())+2*padY)
	}
	return strip{height: height, draw: func(y float64) {
		for _, s := range slots {
			p.drawSlot(t, s, y, height)
		}
	}}
}

func (p *pdfPen) drawSlot(t Table, s slot, y, height float64) {
	if !t.Bare {
		p.f.Rect(s.x, y, s.width, height, "D")
	}
	for i, l := range s.lines {
		p.drawLine(l, t.size(), s.x+padX, y+padY+float64(i)*lineHeight(t.size()), s.width-2*padX, s.align)
	}
}
