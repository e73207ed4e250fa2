package minutes

import (
	"fmt"
	"strings"
)

// docxPen writes the body of one document.
type docxPen struct {
	sheet    Sheet
	b        strings.Builder
	pictures [][]byte
	together bool // inside Together: every paragraph stays with the next
	fresh    bool // the next paragraph begins a page
}

// look is how a paragraph is set. Its elements are written in the order of
// CT_PPr; Word refuses a file that mixes them.
type look struct {
	style    string
	keepNext bool
	border   string // elements of pBdr
	before   float64
	exact    float64 // line height in points; 0 = single
	left     float64 // mm
	right    float64
	flush    bool // takes a style's indent back
	align    Align
}

func (d *docxPen) open(l look) {
	b := &d.b
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + l.style + `"/>`)
	if l.keepNext || d.together {
		b.WriteString(`<w:keepNext/>`)
	}
	if d.fresh {
		b.WriteString(`<w:pageBreakBefore/>`)
		d.fresh = false
	}
	if l.border != "" {
		b.WriteString(`<w:pBdr>` + l.border + `</w:pBdr>`)
	}
	if l.before > 0 || l.exact > 0 {
		b.WriteString(`<w:spacing w:before="` + twips(l.before) + `" w:after="0"`)
		if l.exact > 0 {
			fmt.Fprintf(b, ` w:line="%d" w:lineRule="exact"`, int(l.exact*20))
		}
		b.WriteString(`/>`)
	}
	if l.left > 0 || l.right > 0 || l.flush {
		b.WriteString(`<w:ind w:left="` + twips(l.left) + `" w:right="` + twips(l.right) + `" w:firstLine="0"/>`)
	}
	if l.align != Justified {
		b.WriteString(`<w:jc w:val="` + string(l.align) + `"/>`)
	}
	b.WriteString(`</w:pPr>`)
}

func (d *docxPen) close() { d.b.WriteString(`</w:p>`) }

func (d *docxPen) line(l look, runs []Run, size float64) {
	d.open(l)
	for _, r := range runs {
		d.run(r, size)
	}
	d.close()
}

// run writes a stretch of text; size 0 leaves it to the style.
func (d *docxPen) run(r Run, size float64) {
	text := tidy(r.Text)
	if text == "" {
		return
	}
	d.b.WriteString(`<w:r>`)
	if r.Bold || r.Italic || size > 0 {
		d.b.WriteString(`<w:rPr>`)
		if r.Bold {
			d.b.WriteString(`<w:b/><w:bCs/>`)
		}
		if r.Italic {
			d.b.WriteString(`<w:i/><w:iCs/>`)
		}
		if size > 0 {
			fmt.Fprintf(&d.b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, half(size), half(size))
		}
		d.b.WriteString(`</w:rPr>`)
	}
	for i, text := range strings.Split(text, "\n") {
		if i > 0 {
			d.b.WriteString(`<w:br/>`)
		}
		d.b.WriteString(`<w:t xml:space="preserve">`)
		d.b.WriteString(escape(text))
		d.b.WriteString(`</w:t>`)
	}
	d.b.WriteString(`</w:r>`)
}

// escape is a tidied text within XML.
func escape(s string) string {
	if !strings.ContainsAny(s, `&<>"`) {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

func (d *docxPen) blocks(list []Block) {
	for i, b := range list {
		next := Block(nil)
		if i+1 < len(list) {
			next = list[i+1]
		}
		d.block(b, next)
	}
}

func (d *docxPen) block(b, next Block) {
	switch b := b.(type) {
	case Heading:
		d.heading(b)
	case DocTitle:
		d.docTitle(b)
	case Para:
		d.para(b, next)
	case List:
		points := b.points()
		for i, p := range points {
			after := next
			if i+1 < len(points) {
				after = nil
			}
			d.para(p, after)
		}
	case Table:
		d.table(b)
	case Signatures:
		d.signatures(b)
	case Recipients:
		d.recipients(b.Lines, 8)
	case Frame:
		d.frame(b)
	case Blank:
		d.blank(b)
	case Gap:
		d.line(look{style: stylePlain, exact: max(b.Height/point, 1)}, nil, 0)
	case Cut:
		d.line(look{style: stylePlain, border: `<w:bottom w:val="dashed" w:sz="4" w:space="1" w:color="auto"/>`}, nil, 0)
	case Together:
		d.together = true
		d.blocks(b.Blocks)
		d.together = false
	case PageBreak:
		d.fresh = true
	case Code:
		d.code(b)
	}
}

func (d *docxPen) para(p Para, next Block) {
	_, signs := next.(Signatures)
	l := look{style: styleBody, keepNext: p.KeepNext || signs, align: p.Align, flush: p.Flush || p.Align != Justified}
	if p.KeepNext && len(p.Runs) == 1 && p.Runs[0].Bold && !l.flush {
		l.style, l.keepNext = styleSection, false
	}
	d.line(l, p.Runs, p.Size)
}

func (d *docxPen) docTitle(b DocTitle) {
	d.line(look{style: stylePlain, keepNext: true, before: 6, align: Centred}, Bold(upper(b.Name)), 0)
	for _, text := range b.About {
		d.line(look{style: stylePlain, keepNext: true, left: 10, right: 10, align: Centred}, Bold(text), 0)
	}
	d.rule(d.sheet.measure(), titleRule)
}

// rule is a line across the middle of a column: a paragraph with a border.
func (d *docxPen) rule(column, width float64) {
	side := max((column-width)/2, 0)
	d.line(look{
		style: stylePlain, keepNext: true, exact: 6, left: side, right: side,
		border: `<w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/>`,
	}, nil, 0)
}

func (d *docxPen) blank(b Blank) {
	for range b.Lines {
		d.line(look{style: stylePlain, exact: 9 / point, border: `<w:bottom w:val="dotted" w:sz="4" w:space="1" w:color="auto"/><w:between w:val="dotted" w:sz="4" w:space="1" w:color="auto"/>`}, nil, 0)
	}
}

func (d *docxPen) recipients(list []string, before float64) {
	d.line(look{style: stylePlain, keepNext: true, before: before, flush: true}, []Run{{Text: "Nơi nhận:", Bold: true, Italic: true}}, 12)
	for _, text := range list {
		d.line(look{style: stylePlain, flush: true}, Plain(text), 11)
	}
}

func (d *docxPen) code(b Code) {
	lines := func() {
		for _, r := range b.Lines {
			d.line(look{style: stylePlain}, []Run{r}, tableSize)
		}
	}
	picture := qrPicture(b.Link)
	if picture == nil {
		lines()
		return
	}
	d.pictures = append(d.pictures, picture)
	left := codeSide + 4
	d.openTable("", []float64{left, d.sheet.measure() - left}, 0, 0)
	d.b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
	d.openCell(left, 1)
	d.open(look{style: stylePlain})
	d.b.WriteString(drawing(len(d.pictures)))
	d.close()
	d.closeCell()
	d.openCell(d.sheet.measure()-left, 1)
	lines()
	if len(b.Lines) == 0 {
		d.line(look{style: stylePlain}, nil, 0) // a cell needs a paragraph
	}
	d.closeCell()
	d.b.WriteString(`</w:tr>`)
	d.closeTable(6)
}

// drawing is a picture in a line.
func drawing(n int) string {
	const emu = int(codeSide * 36000)
	size := fmt.Sprintf(`cx="%d" cy="%d"`, emu, emu)
	return fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent %s/><wp:docPr id="%d" name="QR %d"/>`+
		`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>`+
		`<pic:nvPicPr><pic:cNvPr id="%d" name="QR %d"/><pic:cNvPicPr/></pic:nvPicPr>`+
		`<pic:blipFill><a:blip r:embed="rIdP%d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext %s/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>`+
		`</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, size, n, n, n, n, n, size)
}
