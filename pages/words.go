package pages

import (
	"errors"
	"math"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
	"golang.org/x/text/unicode/norm"
)

const (
	charsOnPage = 60_000 // of a page with more, nothing is read: it is none of words
	wordsOnPage = 20_000
)

// words reads the words of a page and where they stand. A page whose words cannot
// be read is a page all the same: the picture is what counts.
func (p *pdf) words(at requests.Page, w, h int) ([]Word, string) {
	if n, err := p.chars(at); err != nil || n > charsOnPage {
		return nil, ""
	}
	read, err := p.upright(at)
	if err != nil {
		return nil, ""
	}
	c := &gathering{place: func(b box) (Word, bool) { return p.placed(at, b, w, h) }}
	for _, char := range read {
		c.char(char)
		if len(c.words) >= wordsOnPage {
			break
		}
	}
	c.end()
	return c.words, strings.TrimSpace(c.text.String())
}

// upright reads the characters of a page in the order of its lines. pdfium orders lines
// by where they are seen on the page, and takes them from the last to the first where
// they are seen running downwards: such a page is turned upright for it.
func (p *pdf) upright(at requests.Page) ([]*responses.GetPageTextStructuredChar, error) {
	read, err := p.structured(at)
	if err != nil {
		return nil, err
	}
	seen, err := p.r.instance.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: at})
	if err != nil {
		return nil, err
	}
	right := runs(read)
	if len(read) == 0 || right == seen.PageRotation {
		return read, nil
	}
	if err := p.turn(at, right); err != nil {
		return nil, err
	}
	turned, err := p.structured(at)
	return turned, errors.Join(err, p.turn(at, seen.PageRotation))
}

func (p *pdf) structured(at requests.Page) ([]*responses.GetPageTextStructuredChar, error) {
	read, err := p.r.instance.GetPageTextStructured(&requests.GetPageTextStructured{Page: at, Mode: requests.GetPageTextStructuredModeChars})
	if err != nil {
		return nil, err
	}
	return read.Chars, nil
}

func (p *pdf) turn(at requests.Page, to enums.FPDF_PAGE_ROTATION) error {
	_, err := p.r.instance.FPDFPage_SetRotation(&requests.FPDFPage_SetRotation{Page: at, Rotate: to})
	return err
}

// runs is how a page is to be turned for most of its characters to stand upright.
func runs(chars []*responses.GetPageTextStructuredChar) enums.FPDF_PAGE_ROTATION {
	var quarters [4]int
	for _, c := range chars { // pdfium counts the angle clockwise
		if !blank(c.Text) {
			quarters[(4-int(math.Round(c.Angle/(math.Pi/2))))&3]++
		}
	}
	most := 0
	for q, n := range quarters {
		if n > quarters[most] {
			most = q
		}
	}
	return enums.FPDF_PAGE_ROTATION(most)
}

// chars is how many characters a page has.
func (p *pdf) chars(at requests.Page) (int, error) {
	text, err := p.r.instance.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: at})
	if err != nil {
		return 0, err
	}
	count, err := p.r.instance.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return 0, err
	}
	_, err = p.r.instance.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
	return count.Count, err
}

// box is a place on the page in points, as PDF counts: from the lower left.
type box struct{ left, top, right, bottom float64 }

func (b box) and(o box) box {
	return box{min(b.left, o.left), max(b.top, o.top), max(b.right, o.right), min(b.bottom, o.bottom)}
}

// gathering puts characters together to words.
type gathering struct {
	place func(box) (Word, bool)
	words []Word
	text  strings.Builder
	word  strings.Builder
	at    box
	begun bool
}

func (g *gathering) char(c *responses.GetPageTextStructuredChar) {
	if blank(c.Text) {
		g.end()
		if strings.Contains(c.Text, "\n") {
			g.text.WriteByte('\n')
		} else if c.Text != "\r" {
			g.text.WriteByte(' ')
		}
		return
	}
	b := box{c.PointPosition.Left, c.PointPosition.Top, c.PointPosition.Right, c.PointPosition.Bottom}
	if g.begun {
		b = g.at.and(b)
	}
	g.at, g.begun = b, true
	g.word.WriteString(c.Text)
}

func blank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == 0xfffe || r == 0xffff }) == ""
}

func (g *gathering) end() {
	if !g.begun {
		return
	}
	text := norm.NFC.String(g.word.String())
	g.word.Reset()
	g.begun = false
	g.text.WriteString(text)
	if w, ok := g.place(g.at); ok {
		w.Text = text
		g.words = append(g.words, w)
	}
}

// placed turns a place on the page, whatever its rotation, into one on the
// picture.
func (p *pdf) placed(at requests.Page, b box, w, h int) (Word, bool) {
	x1, y1, ok1 := p.device(at, b.left, b.top, w, h)
	x2, y2, ok2 := p.device(at, b.right, b.bottom, w, h)
	if !ok1 || !ok2 {
		return Word{}, false
	}
	left, right, top, bottom := min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
	return Word{X: share(left, w), Y: share(top, h), W: share(right-left, w), H: share(bottom-top, h)}, true
}

func (p *pdf) device(at requests.Page, x, y float64, w, h int) (int, int, bool) {
	d, err := p.r.instance.FPDF_PageToDevice(&requests.FPDF_PageToDevice{Page: at, SizeX: w, SizeY: h, PageX: x, PageY: y})
	if err != nil {
		return 0, 0, false
	}
	return d.DeviceX, d.DeviceY, true
}

func share(n, of int) float32 { return float32(n) / float32(of) }
