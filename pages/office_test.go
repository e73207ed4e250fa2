package pages

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// mimes are the types of office papers by their endings.
func mimes() map[string]string {
	all := map[string]string{}
	for mime, ending := range forOffice() {
		all[strings.TrimPrefix(ending, ".")] = mime
	}
	return all
}

// Office papers go through LibreOffice; without it a DOCX shows its words.
func TestOfficePapers(t *testing.T) {
	const html = `<h1>Tờ trình số 118</h1><table border=1><tr><td>Dự án</td><td>Vốn</td></tr></table>`
	p := drawer(t, nil)
	bare := drawer(t, func(c *Config) { c.Office = "-" })
	if !p.HasOffice() || bare.HasOffice() {
		t.Error("LibreOffice is there and is not")
	}
	for ending, filter := range map[string]string{
		"docx": "docx:MS Word 2007 XML", "doc": "doc:MS Word 97", "odt": "odt", "rtf": "rtf:Rich Text Format",
		"xlsx": "xlsx:Calc MS Excel 2007 XML", "xls": "xls:MS Excel 97", "ods": "ods",
	} {
		t.Run(ending, func(t *testing.T) {
			in := "HTML (StarWriter)"
			if strings.HasPrefix(ending, "x") || ending == "ods" {
				in = "HTML (StarCalc)"
			}
			path, mime := officeFrom(t, html, in, filter, ending), mimes()[ending]
			book, all, err := drawn(t, p, path, mime)
			if err != nil || len(all) == 0 || !strings.Contains(all[0].Text, "Tờ trình số 118") || book.Via == "" || book.NoOffice {
				t.Fatalf("%+v, %+v, %v", book, all, err)
			}
			if fine, err := p.Fine(t.Context(), p.paperOf(t, path, mime), 1); err != nil || fine.W <= all[0].W {
				t.Errorf("closely: %+v, %v", fine, err)
			}
			book, all, err = drawn(t, bare, path, mime)
			switch {
			case ending != "docx" && !errors.Is(err, ErrNoOffice):
				t.Errorf("without LibreOffice: %v", err)
			case ending == "docx" && (err != nil || !book.NoOffice || book.Via != "" || !strings.Contains(all[0].Text, "Tờ trình số 118") || !strings.Contains(all[0].Text, "Dự án | Vốn")):
				t.Errorf("without LibreOffice: %+v, %+v, %v", book, all, err)
			}
		})
	}
}

// A LibreOffice that hangs, fails, grows or makes nothing leaves a DOCX with its
// words and the others with a sentence.
func TestALibreOfficeThatFails(t *testing.T) {
	path := wrote(t, "a.docx", docx(`<w:p><w:r><w:t>Nghị quyết</w:t></w:r></w:p>`, ""))
	for name, script := range map[string]string{
		"hangs":         "while :; do sleep 1; done",
		"fails":         "exit 3",
		"makes nothing": "exit 0",
		"grows":         "a=0123456789abcdef; while :; do a=$a$a; done",
		"makes no PDF":  `while [ "$1" != --outdir ]; do shift; done; echo hi > "$2/paper.pdf"`,
	} {
		t.Run(name, func(t *testing.T) {
			program := filepath.Join(cacheFor(t), "renderer", "soffice-"+strings.ReplaceAll(name, " ", "-"))
			if err := os.WriteFile(program, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			p := drawer(t, func(c *Config) {
				c.Office, c.Cache = program, t.TempDir()
				c.Limits.Office, c.Limits.Memory = 2*time.Second, 400<<20
				if err := os.Symlink(filepath.Join(cacheFor(t), "renderer"), filepath.Join(c.Cache, "renderer")); err != nil {
					t.Fatal(err)
				}
			})
			book, all, err := drawn(t, p, path, typeDOCX)
			if name == "makes no PDF" {
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("%+v, %v", book, err)
				}
				return
			}
			if err != nil || !book.NoOffice || len(all) != 1 || all[0].Text != "Nghị quyết" {
				t.Errorf("%+v, %+v, %v", book, all, err)
			}
			if _, _, err := drawn(t, p, wrote(t, "a.doc", []byte("x"+name)), "application/msword"); !errors.Is(err, ErrNoOffice) {
				t.Errorf("a DOC: %v", err)
			}
			if left, err := filepath.Glob(filepath.Join(p.Cache, "office-*")); err != nil || len(left) > 0 {
				t.Errorf("it leaves %v, %v", left, err)
			}
		})
	}
}

// A paper that links to a file of this machine does not get it.
func TestAPaperCannotReadThisMachine(t *testing.T) {
	need(t, "soffice", "pdfimages", "convert")
	secret := filepath.Join(t.TempDir(), "secret.png")
	run(t, "convert", "-size", "200x200", "xc:red", secret)
	odt := `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
<text:p>trước</text:p><text:p><draw:frame draw:name="i" text:anchor-type="paragraph" svg:width="5cm" svg:height="5cm"><draw:image xlink:href="file://` + secret + `" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>
</office:text></office:body></office:document>`
	p := drawer(t, nil)
	book, all, err := drawn(t, p, wrote(t, "a.odt", []byte(odt)), "application/vnd.oasis.opendocument.text")
	if err != nil || !strings.Contains(all[0].Text, "trước") {
		t.Fatalf("%+v, %v", all, err)
	}
	f, err := p.Documents.Open(book.Via)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if out, err := exec.Command("pdfimages", "-list", f.Name()).CombinedOutput(); err != nil || strings.Contains(string(out), " image ") {
		t.Errorf("it is in the PDF: %s, %v", out, err)
	}
}

// docx is a Word file with this body, and this table of fonts.
func docx(body, fonts string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>` + body + `</w:body></w:document>`,
		"word/fontTable.xml":  fonts,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// What is known of an office paper before LibreOffice sees it.
func TestLooksOfOfficePapers(t *testing.T) {
	p := drawer(t, func(c *Config) { c.Office = "-" })
	plain := `<w:p><w:r><w:t>Tê tr×nh</w:t></w:r></w:p>`
	for font, old := range map[string]bool{".VnTime": true, "VNI-Times": true, "Times New Roman": false} {
		book, _, err := drawn(t, p, wrote(t, "a.docx", docx(plain, `<w:fonts><w:font w:name="`+font+`"/></w:fonts>`)), typeDOCX)
		if err != nil || book.OldFont != old {
			t.Errorf("%s: %+v, %v", font, book, err)
		}
	}
	if _, _, err := drawn(t, p, wrote(t, "a.docx", lockedDOCX()), typeDOCX); !errors.Is(err, ErrEncrypted) {
		t.Errorf("a DOCX with a password: %v", err)
	}
	if _, _, err := drawn(t, p, wrote(t, "a.docx", []byte("PK\x03\x04 không phải")), typeDOCX); !errors.Is(err, ErrDamaged) {
		t.Errorf("a broken DOCX: %v", err)
	}
}

// lockedDOCX is the container Word makes of a DOCX with a password, as far as it
// is looked at: the magic, and the directory far behind.
func lockedDOCX() []byte {
	b := append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 1<<16-20)...)
	for _, c := range "EncryptedPackage" {
		b = binary.LittleEndian.AppendUint16(b, uint16(c))
	}
	return append(b, make([]byte, 4096)...)
}
