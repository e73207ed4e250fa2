package pages

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	docxMost  = 64 << 20 // bytes of its text when unpacked
	linesMost = 60_000
)

// openDOCX sets the bare text of a Word file as pages: without LibreOffice that is
// what a member can read. It also tells of fonts of the time before Unicode.
func (d *desk) openDOCX(path string) (paper, bool, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, false, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer z.Close()
	lines, err := linesOf(&z.Reader)
	if err != nil {
		return nil, false, err
	}
	p, err := d.set(lines)
	return p, oldFonts(&z.Reader), err
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
	row        []string
	rows       int // how deep in tables
}

func (r *reading) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		r.start(t)
	case xml.EndElement:
		r.end(t.Name.Local)
	case xml.CharData:
		if r.text {
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
	case "p":
		text := r.paragraph.String()
		r.paragraph.Reset()
		if r.rows > 0 {
			r.row = append(r.row, text)
		} else {
			r.lines = append(r.lines, line{text, r.bold})
		}
		r.bold = false
	case "tr":
		r.rows--
		if r.rows == 0 {
			r.lines = append(r.lines, line{text: strings.Join(r.row, "  |  ")})
			r.row = nil
		}
	}
}

// oldFonts looks for .VnTime and VNI fonts among those a DOCX names.
func oldFonts(z *zip.Reader) bool {
	f, err := z.Open("word/fontTable.xml")
	if err != nil {
		return false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 4<<20))
	return err == nil && (strings.Contains(string(text), `w:name=".Vn`) || strings.Contains(string(text), `w:name="VNI-`))
}
