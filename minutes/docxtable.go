package minutes

import (
	"fmt"
)

const grid = `<w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="auto"/><w:left w:val="single" w:sz="4" w:space="0" w:color="auto"/>` +
	`<w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto"/><w:right w:val="single" w:sz="4" w:space="0" w:color="auto"/>` +
	`<w:insideH w:val="single" w:sz="4" w:space="0" w:color="auto"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tblBorders>`

// openTable begins a table of columns so many mm wide.
func (d *docxPen) openTable(borders string, widths []float64, padX, padY float64) {
	d.turnPage()
	total := 0.0
	for _, w := range widths {
		total += w
	}
	margin := func(side string, mm float64) string { return `<w:` + side + ` w:w="` + twips(mm) + `" w:type="dxa"/>` }
	d.b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="` + twips(total) + `" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>` + borders +
		`<w:tblLayout w:type="fixed"/><w:tblCellMar>` + margin("top", padY) + margin("left", padX) + margin("bottom", padY) + margin("right", padX) +
		`</w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		d.b.WriteString(`<w:gridCol w:w="` + twips(w) + `"/>`)
	}
	d.b.WriteString(`</w:tblGrid>`)
}

// closeTable ends a table. Word joins two tables that touch, and wants a
// paragraph behind the last: this one takes no room to speak of.
func (d *docxPen) closeTable(after float64) {
	d.b.WriteString(`</w:tbl>`)
	d.line(look{style: stylePlain, exact: after}, nil, 1)
}

// turnPage begins the page a PageBreak asked for: a table cannot by itself.
func (d *docxPen) turnPage() {
	if d.fresh {
		d.line(look{style: stylePlain, exact: 1}, nil, 1)
	}
}

func (d *docxPen) openCell(width float64, span int) {
	d.b.WriteString(`<w:tc><w:tcPr><w:tcW w:w="` + twips(width) + `" w:type="dxa"/>`)
	if span > 1 {
		fmt.Fprintf(&d.b, `<w:gridSpan w:val="%d"/>`, span)
	}
	d.b.WriteString(`</w:tcPr>`)
}

func (d *docxPen) closeCell() { d.b.WriteString(`</w:tc>`) }

func (d *docxPen) heading(b Heading) {
	narrow := leftColumn * d.sheet.measure()
	wide := d.sheet.measure() - narrow
	d.openTable("", []float64{narrow, wide}, 0, 0)
	d.b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
	d.openCell(narrow, 1)
	centre := look{style: stylePlain, align: Centred}
	if b.Superior != "" {
		d.line(centre, Plain(bodyName(b.Superior)), 12)
	}
	d.line(look{style: stylePlain, align: Centred, left: 2, right: 2}, Bold(bodyName(b.Body)), 12)
	d.rule(narrow, bodyRule)
	below := look{style: stylePlain, align: Centred, before: 1.5}
	if b.Number != "" {
		d.line(below, Plain(b.Number), 13)
	}
	if b.About != "" {
		d.line(centre, Plain(b.About), 12)
	}
	d.closeCell()
	d.openCell(wide, 1)
	d.line(centre, Bold(nation), 12)
	d.line(centre, Bold(motto), 13)
	d.rule(wide, mottoWidth)
	if b.Place != "" {
		d.line(below, Italic(b.Place), 13)
	}
	d.closeCell()
	d.b.WriteString(`</w:tr>`)
	d.closeTable(10)
}

func (d *docxPen) signatures(b Signatures) {
	half := d.sheet.measure() / 2
	d.line(look{style: stylePlain, keepNext: true, exact: 16}, nil, 0)
	d.openTable("", []float64{half, half}, 0, 0)
	d.b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
	d.openCell(half, 1)
	if len(b.Recipients) > 0 {
		d.recipients(b.Recipients, 0)
	} else {
		d.signer(b.Left)
	}
	d.closeCell()
	d.openCell(half, 1)
	d.signer(b.Right)
	d.closeCell()
	d.b.WriteString(`</w:tr>`)
	d.closeTable(6)
}

func (d *docxPen) signer(s Signer) {
	centre := look{style: stylePlain, align: Centred}
	for _, t := range s.Titles {
		d.line(centre, Bold(upper(t)), 0)
	}
	if s.Note != "" {
		d.line(centre, Italic(s.Note), 13)
	}
	named := centre
	if len(s.Titles) > 0 {
		named.before = signRoom
	}
	d.line(named, Bold(s.Name), 0)
}

// frame is a bordered table of one cell: borders of a paragraph would reach
// from margin to margin.
func (d *docxPen) frame(b Frame) {
	d.turnPage()
	side := b.Align
	if side == Justified {
		side = Right
	}
	width := min(7+3.1*float64(len([]rune(tidy(b.Text)))), d.sheet.measure())
	d.b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="` + twips(width) + `" w:type="dxa"/><w:jc w:val="` + string(side) + `"/>` + grid +
		`<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="` + twips(width) + `"/></w:tblGrid><w:tr>`)
	d.openCell(width, 1)
	d.line(look{style: stylePlain, keepNext: true, align: Centred}, Bold(upper(b.Text)), 13)
	d.closeCell()
	d.b.WriteString(`</w:tr>`)
	d.closeTable(4)
}

// widths are the columns' widths in mm.
func (t Table) widths(measure float64) []float64 {
	edges := t.edges(measure)
	out := make([]float64, len(t.Columns))
	for i := range out {
		out[i] = edges[i+1] - edges[i]
	}
	return out
}

func (d *docxPen) table(t Table) {
	if len(t.Columns) == 0 || t.Bare && len(t.Rows) == 0 {
		return
	}
	borders := grid
	if t.Bare {
		borders = ""
	}
	d.line(look{style: stylePlain, exact: 8, keepNext: true}, nil, 1)
	d.openTable(borders, t.widths(d.sheet.measure()), padX, padY)
	if !t.Bare {
		d.row(t, t.headRow(), true)
	}
	for _, r := range t.Rows {
		d.row(t, r, false)
	}
	d.closeTable(6)
}

func (d *docxPen) row(t Table, r Row, head bool) {
	d.b.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
	if r.Height > 0 {
		d.b.WriteString(`<w:trHeight w:val="` + twips(r.Height) + `" w:hRule="atLeast"/>`)
	}
	if head {
		d.b.WriteString(`<w:tblHeader/>`)
	}
	d.b.WriteString(`</w:trPr>`)
	widths := t.widths(d.sheet.measure())
	at := 0
	for _, c := range r.Cells {
		if at >= len(t.Columns) {
			break
		}
		end := min(at+max(c.Span, 1), len(t.Columns))
		d.cell(t, c, at, end, widths, head)
		at = end
	}
	if at < len(t.Columns) { // Word wants every row as wide as its table
		d.cell(t, Cell{}, at, len(t.Columns), widths, head)
	}
	d.b.WriteString(`</w:tr>`)
}

func (d *docxPen) cell(t Table, c Cell, from, to int, widths []float64, head bool) {
	width := 0.0
	for _, w := range widths[from:to] {
		width += w
	}
	align := c.Align
	if align == Justified {
		align = t.Columns[from].Align
	}
	if align == Justified {
		align = Left
	}
	d.openCell(width, to-from)
	d.line(look{style: styleTable, keepNext: head, align: align}, c.Runs, t.Size)
	d.closeCell()
}
