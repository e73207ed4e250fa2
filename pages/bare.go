package pages

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifregular"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	wide "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

const textMost = 4 << 20 // bytes of a text that is set as pages

// line is one paragraph of a text that is set anew.
type line struct {
	text string
	bold bool
}

// openText sets a plain text as pages.
func (d *desk) openText(f *os.File) (paper, error) {
	defer f.Close()
	raw, err := whole(f, textMost)
	if err != nil {
		return nil, err
	}
	var lines []line
	for _, l := range strings.Split(readable(raw), "\n") {
		lines = append(lines, line{text: l})
	}
	return d.set(lines)
}

// readable makes text of bytes: UTF-8 and what Notepad calls Unicode as they are,
// else as Windows wrote it here.
func readable(raw []byte) string {
	from := encoding.Nop.NewDecoder()
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")):
		from = wide.UTF16(wide.LittleEndian, wide.ExpectBOM).NewDecoder()
	case !utf8.Valid(raw):
		from = charmap.Windows1258.NewDecoder()
	}
	if decoded, err := from.Bytes(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))); err == nil {
		raw = decoded
	}
	return norm.NFC.String(strings.ReplaceAll(strings.ToValidUTF8(string(raw), "\ufffd"), "\r\n", "\n"))
}

// set makes a PDF of the paragraphs and opens it.
func (d *desk) set(lines []line) (paper, error) {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCreationDate(time.Unix(0, 0).UTC())
	f.SetModificationDate(time.Unix(0, 0).UTC())
	f.SetMargins(25, 20, 20)
	f.SetAutoPageBreak(true, 20)
	f.AddUTF8FontFromBytes("serif", "", liberationserifregular.TTF)
	f.AddUTF8FontFromBytes("serif", "B", liberationserifbold.TTF)
	f.AddPage()
	for _, l := range lines {
		style := ""
		if l.bold {
			style = "B"
		}
		f.SetFont("serif", style, 14)
		f.MultiCell(0, 7, printable(l.text), "", "L", false)
		if f.PageNo() > MaxPages {
			return nil, ErrTooMany
		}
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return d.openStream(bytes.NewReader(b.Bytes()), int64(b.Len()))
}

// printable keeps what the font can show: nothing beyond the basic plane, no
// control characters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r > 0xffff, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, norm.NFC.String(s))
}
