package minutes

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"
)

// WriteDOCX draws a sheet for Word and everything that reads its format.
func (sh Sheet) WriteDOCX(w io.Writer) error {
	d := docxPen{sheet: sh}
	d.blocks(sh.Blocks)
	z := zip.NewWriter(w)
	for _, p := range d.parts() {
		// A fixed time and order: equal sheets are equal bytes.
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: zipTime(sh.Made)})
		if err != nil {
			return fmt.Errorf("draw DOCX: %w", err)
		}
		if _, err := io.WriteString(f, p.text); err != nil {
			return fmt.Errorf("draw DOCX: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("draw DOCX: %w", err)
	}
	return nil
}

// zipTime keeps a time within what a ZIP can say.
func zipTime(t time.Time) time.Time {
	if t.Year() < 1980 || t.Year() > 2107 {
		return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t.UTC().Truncate(2 * time.Second)
}

// part is one file of the package.
type part struct{ name, text string }

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	nsW     = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	nsR     = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	nsDraw  = `xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ` +
		`xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ` +
		`xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`
	relBase = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	mimeW   = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

func (d *docxPen) parts() []part {
	list := []part{
		{"[Content_Types].xml", contentTypes()},
		{"_rels/.rels", packageRels()},
		{"docProps/core.xml", d.properties()},
		{"docProps/app.xml", xmlHead + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>phonghop</Application></Properties>`},
		{"word/document.xml", d.document()},
		{"word/styles.xml", styleSheet()},
		{"word/settings.xml", settings()},
		{"word/fontTable.xml", fontTable()},
		{"word/header1.xml", d.header(false)},
		{"word/header2.xml", d.header(true)},
		{"word/footer1.xml", d.footer()},
		{"word/footer2.xml", d.footer()},
		{"word/_rels/document.xml.rels", d.documentRels()},
	}
	for i, png := range d.pictures {
		list = append(list, part{fmt.Sprintf("word/media/code%d.png", i+1), string(png)})
	}
	return list
}

func contentTypes() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>`)
	for _, p := range [][2]string{
		{"document", "document.main"}, {"styles", "styles"}, {"settings", "settings"}, {"fontTable", "fontTable"},
		{"header1", "header"}, {"header2", "header"}, {"footer1", "footer"}, {"footer2", "footer"},
	} {
		fmt.Fprintf(&b, `<Override PartName="/word/%s.xml" ContentType="%s%s+xml"/>`, p[0], mimeW, p[1])
	}
	b.WriteString(`</Types>`)
	return b.String()
}

const relsHead = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`

func packageRels() string {
	return relsHead +
		`<Relationship Id="rId1" Type="` + relBase + `officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`<Relationship Id="rId3" Type="` + relBase + `extended-properties" Target="docProps/app.xml"/></Relationships>`
}

func (d *docxPen) documentRels() string {
	var b strings.Builder
	b.WriteString(relsHead)
	for i, p := range [][2]string{
		{"styles", "styles"}, {"settings", "settings"}, {"fontTable", "fontTable"},
		{"header", "header1"}, {"header", "header2"}, {"footer", "footer1"}, {"footer", "footer2"},
	} {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s%s" Target="%s.xml"/>`, i+1, relBase, p[0], p[1])
	}
	for i := range d.pictures {
		fmt.Fprintf(&b, `<Relationship Id="rIdP%d" Type="%simage" Target="media/code%d.png"/>`, i+1, relBase, i+1)
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

func (d *docxPen) properties() string {
	at := d.sheet.Made.UTC().Format(time.RFC3339)
	if y := d.sheet.Made.UTC().Year(); y < 1 || y > 9999 {
		at = "1980-01-01T00:00:00Z"
	}
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(tidy(d.sheet.Title)) + `</dc:title><dc:creator>phonghop</dc:creator><dc:language>vi-VN</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created>` +
		`<dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified></cp:coreProperties>`
}
