package minutes

// strip is a part of a page that is never cut: a line, a row, a picture.
type strip struct {
	height float64
	gap    float64 // space above; none at the top of a page
	keep   bool    // on the same page as the next strip
	fresh  bool    // on a new page
	head   *strip  // drawn again above it where it begins a page: a table's head
	draw   func(y float64)
}

// place draws strips from the top down, beginning pages where they are full.
func (p *pdfPen) place(all []strip) {
	for len(all) > 0 {
		n, need := chain(all, p.room())
		if all[0].fresh && p.y > marginY || p.y+need > p.bottom() && p.y > marginY {
			p.newPage()
		}
		for _, s := range all[:n] {
			p.put(s)
		}
		all = all[n:]
	}
}

func (p *pdfPen) bottom() float64 {
	_, h := p.sheet.page()
	return h - marginY
}

// room is the height of an empty page.
func (p *pdfPen) room() float64 { return p.bottom() - marginY }

// chain is how many strips belong together from the first on, and how high they
// are. What no page could hold is not kept together.
func chain(all []strip, room float64) (n int, height float64) {
	for n = 1; ; n++ {
		height += all[n-1].gap + all[n-1].height
		if height > room {
			return 1, all[0].gap + all[0].height
		}
		if !all[n-1].keep || n == len(all) || all[n].fresh {
			return n, height
		}
	}
}

func (p *pdfPen) put(s strip) {
	if p.y > marginY {
		p.y += s.gap
	} else if s.head != nil {
		s.head.draw(p.y)
		p.y += s.head.height
	}
	s.draw(p.y)
	p.y += s.height
}

// strips cuts blocks into strips.
func (p *pdfPen) strips(list []Block) []strip {
	var out []strip
	for _, b := range list {
		switch b := b.(type) {
		case Heading:
			out = append(out, p.heading(b))
		case DocTitle:
			out = append(out, p.docTitle(b)...)
		case Para:
			out = append(out, p.para(b)...)
		case List:
			for _, point := range b.points() {
				out = append(out, p.para(point)...)
			}
		case Table:
			out = append(out, p.table(b)...)
		case Signatures:
			out = append(keepLast(out, 2), p.signatures(b)...)
		case Recipients:
			out = append(out, p.recipients(b.Lines)...)
		case Frame:
			out = append(out, p.frame(b))
		case Blank:
			out = append(out, p.blank(b)...)
		case Gap:
			out = append(out, strip{height: b.Height, draw: func(float64) {}})
		case Cut:
			out = append(out, p.cut())
		case Together:
			inner := p.strips(b.Blocks)
			out = append(out, keepLast(inner, len(inner))...)
			if n := len(out); len(inner) > 0 {
				out[n-1].keep = false
			}
		case PageBreak:
			out = append(out, strip{fresh: true, draw: func(float64) {}})
		case Code:
			out = append(out, p.code(b))
		}
	}
	return out
}

// keepLast ties the last strips to what follows.
func keepLast(all []strip, n int) []strip {
	for i := max(0, len(all)-n); i < len(all); i++ {
		all[i].keep = true
	}
	return all
}
