package pages

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	docxMost  = 64 << 20 // bytes of its text when unpacked
	linesMost = 60_000
)

// openDOCX sets the bare text of a Word file as pages: without LibreOffice that is
// what a member can read.
func (d *desk) openDOCX(f *os.File) (paper, error) {
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	lines, err := linesOf(z)
	if err != nil {
		return nil, err
	}
	return d.set(lines)
}

// linesOf reads the paragraphs of word/document.xml; cells of a table are parted
// by a bar.
func linesOf(z *zip.Reader) ([]line, error) {
	f, err := z.Open("word/document.xml")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer f.Close()
	r := &reading{}
	x := xml.NewDecoder(io.LimitReader(f, docxMost))
	for {
		t, err := x.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		r.token(t)
		if len(r.lines) > linesMost {
			return nil, ErrTooMany
		}
	}
	return r.lines, nil
}

// reading goes through the text of a document.
type reading struct {
	lines      []line
	paragraph  strings.Builder
	bold, text bool
	cell, row  []string // paragraphs of a cell, cells of a row
	rows       int      // how deep in tables
	twice      int      // how deep in what is said a second time, for older programs
}

func (r *reading) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		r.start(t)
	case xml.EndElement:
		r.end(t.Name.Local)
	case xml.CharData:
		if r.text && r.twice == 0 {
			r.paragraph.Write(t)
		}
	}
}

func (r *reading) start(t xml.StartElement) {
	switch t.Name.Local {
	case "t":
		r.text = true
	case "tab":
		r.paragraph.WriteByte(' ')
	case "br", "cr":
		r.paragraph.WriteByte('\n')
	case "tr":
		r.rows++
	case "Fallback":
		r.twice++
	case "pStyle":
		for _, a := range t.Attr {
			style := strings.ToLower(a.Value)
			r.bold = r.bold || strings.HasPrefix(style, "heading") || style == "title"
		}
	}
}

func (r *reading) end(name string) {
	switch name {
	case "t":
		r.text = false
	case "Fallback":
		r.twice--
	case "p":
		r.endParagraph()
	case "tc":
		if r.rows == 1 {
			r.row = append(r.row, strings.Join(r.cell, " "))
			r.cell = nil
		}
	case "tr":
		r.rows--
		if r.rows == 0 {
			r.lines = append(r.lines, line{text: strings.Join(r.row, "  |  ")})
			r.row = nil
		}
	}
}

func (r *reading) endParagraph() {
	text := r.paragraph.String()
	r.paragraph.Reset()
	switch {
	case r.twice > 0:
	case r.rows > 0:
		r.cell = append(r.cell, text)
	default:
		r.lines = append(r.lines, line{text, r.bold})
	}
	r.bold = false
}
