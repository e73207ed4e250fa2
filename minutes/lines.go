package minutes

import "strings"

// piece is a stretch of one look within a word, or within a line.
type piece struct {
	text   string
	style  style
	width  float64 // mm
	spaces int
}

// word is what stays together on a line: it may change its look in the middle.
type word struct {
	pieces []piece
	width  float64
}

// line is one line of a paragraph.
type line struct {
	pieces []piece
	width  float64
	spaces int
	indent float64
	ends   bool // the last of its paragraph, or before a line break: never stretched
}

// typesetter breaks texts into lines.
type typesetter struct{ faces *faces }

// lines breaks runs into lines no wider than the measure; the first is indented.
func (t typesetter) lines(runs []Run, size, measure, first float64) []line {
	var out []line
	for i, part := range t.parts(runs, size) {
		at := 0.0
		if i == 0 {
			at = first
		}
		out = append(out, t.fill(part, size, measure, at)...)
	}
	return out
}

// parts cuts runs into words, a list for each stretch between line breaks.
func (t typesetter) parts(runs []Run, size float64) [][]word {
	c := cutter{t: t, size: size, parts: [][]word{nil}}
	for _, r := range runs {
		for i, text := range strings.Split(tidy(r.Text), "\n") {
			if i > 0 {
				c.endWord()
				c.parts = append(c.parts, nil)
			}
			c.take(text, r.style())
		}
	}
	c.endWord()
	return c.parts
}

type cutter struct {
	t     typesetter
	size  float64
	parts [][]word
	now   word
}

func (c *cutter) take(text string, s style) {
	for i, chunk := range strings.Split(text, " ") {
		if i > 0 {
			c.endWord()
		}
		if chunk == "" {
			continue
		}
		chunk = c.t.faces.drawn(chunk, s)
		p := piece{text: chunk, style: s, width: c.t.faces[s].width(chunk, c.size)}
		c.now.pieces = append(c.now.pieces, p)
		c.now.width += p.width
	}
}

func (c *cutter) endWord() {
	if len(c.now.pieces) > 0 {
		last := len(c.parts) - 1
		c.parts[last] = append(c.parts[last], c.now)
		c.now = word{}
	}
}

// drawn puts a mark in place of letters that the font does not have.
func (f *faces) drawn(text string, s style) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == tick || f[s].has(r):
			return r
		case f[s].has('\uFFFD'):
			return '\uFFFD'
		}
		return '?'
	}, text)
}

// fill puts words into lines, greedily.
func (t typesetter) fill(words []word, size, measure, first float64) []line {
	now := line{indent: first}
	var out []line
	for len(words) > 0 {
		w := words[0]
		gap := t.space(now, size)
		switch room := measure - now.indent - now.width; {
		case gap+w.width <= room+0.001:
			now.add(w, gap)
			words = words[1:]
		case len(now.pieces) > 0:
			out = append(out, now)
			now = line{}
		default: // wider than a whole line
			head, rest := t.split(w, size, room)
			now.add(head, 0)
			words = append([]word{rest}, words[1:]...)
			if len(rest.pieces) == 0 {
				words = words[1:]
			}
		}
	}
	now.ends = true
	return append(out, now)
}

func (t typesetter) space(l line, size float64) float64 {
	if len(l.pieces) == 0 {
		return 0
	}
	return t.faces[l.pieces[len(l.pieces)-1].style].width(" ", size)
}

// add puts a word behind what is there; the space between belongs to the
// piece before it, so that text copied from the paper has its spaces.
func (l *line) add(w word, gap float64) {
	if n := len(l.pieces); n > 0 && gap > 0 {
		l.pieces[n-1].text += " "
		l.pieces[n-1].width += gap
		l.pieces[n-1].spaces++
		l.spaces++
	}
	for _, p := range w.pieces {
		if n := len(l.pieces); n > 0 && l.pieces[n-1].style == p.style {
			last := &l.pieces[n-1]
			last.text, last.width = last.text+p.text, last.width+p.width
			continue
		}
		l.pieces = append(l.pieces, p)
	}
	l.width += gap + w.width
}

// split cuts a word too wide for a line behind the last letter that fits, and
// always behind the first.
func (t typesetter) split(w word, size, room float64) (head, rest word) {
	for i, p := range w.pieces {
		at := t.fits(p, size, room-head.width)
		if at == len(p.text) {
			head.pieces, head.width = append(head.pieces, p), head.width+p.width
			continue
		}
		if at == 0 && len(head.pieces) == 0 {
			at = len(string([]rune(p.text)[:1]))
		}
		if at > 0 {
			h := t.piece(p.text[:at], p.style, size)
			head.pieces, head.width = append(head.pieces, h), head.width+h.width
		}
		if at < len(p.text) {
			r := t.piece(p.text[at:], p.style, size)
			rest.pieces, rest.width = append(rest.pieces, r), r.width
		}
		for _, p := range w.pieces[i+1:] {
			rest.pieces, rest.width = append(rest.pieces, p), rest.width+p.width
		}
		return head, rest
	}
	return head, rest
}

func (t typesetter) piece(text string, s style, size float64) piece {
	return piece{text: text, style: s, width: t.faces[s].width(text, size)}
}

// fits is how many bytes of a piece fit.
func (t typesetter) fits(p piece, size, room float64) int {
	sum := 0.0
	for i, r := range p.text {
		sum += t.faces[p.style].width(string(r), size)
		if sum > room {
			return i
		}
	}
	return len(p.text)
}
