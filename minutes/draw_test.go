package minutes

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

var update = flag.Bool("update", false, "write the golden texts anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look, and run with -update if right:\n%s", name, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\n- %s\n+ %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

func TestMinutesOfAWholeSession(t *testing.T) {
	golden(t, "minutes.txt", Minutes(sampleSource()).Text())
}

func docx(t testing.TB, sh Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sh.WriteDOCX(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pdf(t testing.TB, sh Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sh.WritePDF(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// partsOf reads every part of a package.
func partsOf(t testing.TB, file []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestTwoProcessesDrawTheSameBytes draws in this process and in another.
func TestTwoProcessesDrawTheSameBytes(t *testing.T) {
	sh := allBlocks()
	sum := fmt.Sprintf("%x %x %x", sha256.Sum256(docx(t, sh)), sha256.Sum256(pdf(t, sh)), sha256.Sum256(pdf(t, Minutes(sampleSource()))))
	if os.Getenv("MINUTES_CHILD") != "" {
		fmt.Println("sum", sum)
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestTwoProcessesDrawTheSameBytes$")
	child.Env = append(os.Environ(), "MINUTES_CHILD=1", "TZ=America/Lima")
	out, err := child.Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "sum "+sum) {
		t.Errorf("here %s, there %s", sum, out)
	}
}

// order is the order of elements ECMA-376 gives the types we write.
var order = map[string][]string{
	"pPr": {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers", "pBdr", "shd", "tabs",
		"suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid",
		"spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"},
	"rPr": {"rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden",
		"color", "spacing", "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath"},
	"tblPr": {"tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"},
	"tcPr":  {"cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark"},
	"trPr":  {"cantSplit", "trHeight", "tblHeader"}, // any order is right; ours is this
	"sectPr": {"headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc", "pgBorders", "lnNumType", "pgNumType", "cols", "formProt", "vAlign", "noEndnote",
		"titlePg", "textDirection", "bidi", "rtlGutter", "docGrid"},
	"tblBorders":  {"top", "left", "bottom", "right", "insideH", "insideV"},
	"tblCellMar":  {"top", "left", "bottom", "right"},
	"pBdr":        {"top", "left", "bottom", "right", "between", "bar"},
	"tbl":         {"tblPr", "tblGrid", "tr"},
	"tr":          {"tblPrEx", "trPr", "tc"},
	"p":           {"pPr", "r"},
	"style":       {"name", "aliases", "basedOn", "next", "link", "autoRedefine", "hidden", "uiPriority", "semiHidden", "unhideWhenUsed", "qFormat", "locked", "pPr", "rPr", "tblPr", "trPr", "tcPr"},
	"styles":      {"docDefaults", "latentStyles", "style"},
	"docDefaults": {"rPrDefault", "pPrDefault"},
	"settings":    {"writeProtection", "view", "zoom", "defaultTabStop", "characterSpacingControl", "compat", "themeFontLang", "decimalSymbol", "listSeparator"},
	"font":        {"altName", "panose1", "charset", "family", "notTrueType", "pitch", "sig"},
	"inline":      {"extent", "effectExtent", "docPr", "cNvGraphicFramePr", "graphic"},
	"pic":         {"nvPicPr", "blipFill", "spPr"},
	"spPr":        {"xfrm", "prstGeom"},
	"blipFill":    {"blip", "stretch"},
	"body":        nil, // anything, but sectPr last: checked apart
}

var errOrder = errors.New("out of order")

// inOrder reads a part and tells the first element that stands where the
// schema does not allow it.
func inOrder(part []byte) error {
	type open struct {
		name string
		at   int
		last string
	}
	var stack []open
	d := xml.NewDecoder(bytes.NewReader(part))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if n := len(stack); n > 0 {
				parent := &stack[n-1]
				if parent.last == "sectPr" && parent.name == "body" {
					return fmt.Errorf("%w: %s behind sectPr", errOrder, tok.Name.Local)
				}
				parent.last = tok.Name.Local
				if list := order[parent.name]; list != nil {
					at := indexOf(list, tok.Name.Local)
					if at < parent.at {
						return fmt.Errorf("%w: %s in %s", errOrder, tok.Name.Local, parent.name)
					}
					parent.at = at
				}
			}
			stack = append(stack, open{name: tok.Name.Local})
		case xml.EndElement:
			top := stack[len(stack)-1]
			if top.name == "tc" && top.last != "p" {
				return fmt.Errorf("%w: a cell must end with a paragraph", errOrder)
			}
			stack = stack[:len(stack)-1]
		}
	}
}

func indexOf(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

func TestOrderOfElements(t *testing.T) {
	for name, sh := range map[string]Sheet{"minutes": Minutes(sampleSource()), "all blocks": allBlocks(), "hostile": hostileSheet(strings.Repeat("<w:p>]]>&", 40)), "empty": {}} {
		for part, text := range partsOf(t, docx(t, sh)) {
			if strings.HasSuffix(part, ".png") {
				continue
			}
			if err := inOrder(text); err != nil {
				t.Errorf("%s, %s: %v", name, part, err)
			}
		}
	}
	for _, bad := range []string{`<pPr><jc/><ind/></pPr>`, `<tc><p/><tbl/></tc>`, `<body><sectPr/><p/></body>`, `<rPr><zzz/></rPr>`} {
		if inOrder([]byte(bad)) == nil {
			t.Errorf("the checker lets %s by", bad)
		}
	}
}

func TestFontKnowsVietnamese(t *testing.T) {
	all, err := newFaces()
	if err != nil {
		t.Fatal(err)
	}
	letters := "ĂÂĐÊÔƠƯăâđêôơư–…“”•"
	for r := rune(0x1EA0); r <= 0x1EF9; r++ {
		letters += string(r)
	}
	for i, f := range all {
		for _, r := range letters {
			if !f.has(r) {
				t.Errorf("face %d lacks %q", i, r)
			}
		}
	}
	if got := all[bold].width(motto, 13); math.Abs(got-mottoWidth) > 0.5 {
		t.Errorf("the motto is %.1f mm wide", got)
	}
	if all[0].has('😀') || all[0].has('漢') {
		t.Error("the font claims letters it cannot have")
	}
}

// pages reads the text of a PDF, a string for each page.
func pages(t *testing.T, file []byte) []string {
	t.Helper()
	need(t, "pdftotext")
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", "-enc", "UTF-8", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

// need skips where a program is missing; on CI it must be there.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(program + " is not installed")
		}
		t.Skip(program + " is not installed")
	}
}

// wordsOf is a text without its spaces and marks of layout.
func wordsOf(s string) string { return strings.Join(strings.Fields(s), "") }

// TestPDFTextCopiesRight takes every paragraph and finds it again, in NFC.
func TestPDFTextCopiesRight(t *testing.T) {
	sh := Minutes(sampleSource())
	got := strings.Join(pages(t, pdf(t, sh)), " ")
	if !norm.NFC.IsNormalString(got) {
		t.Error("the copied text is not NFC")
	}
	got = wordsOf(pageMarks.ReplaceAllString(got, " "))
	for _, b := range sh.Blocks {
		if p, ok := b.(Para); ok && !strings.Contains(got, wordsOf(plain(p.Runs))) {
			t.Errorf("not copied right: %s", plain(p.Runs))
		}
	}
}

// pageMarks are what every page has besides its text.
var pageMarks = regexp.MustCompile(`BẢN MẪU|\n? *\d* +DỰ THẢO`)

func TestPDFFontsAreEmbedded(t *testing.T) {
	need(t, "pdffonts")
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, pdf(t, Minutes(sampleSource())), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdffonts", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")[2:]
	if len(lines) != 4 {
		t.Errorf("%d fonts:\n%s", len(lines), out)
	}
	for _, l := range lines {
		if f := strings.Fields(l); f[4] != "yes" || f[6] != "yes" {
			t.Errorf("not embedded, or without Unicode: %s", l)
		}
	}
}

// TestRoundTrip has LibreOffice read the DOCX and say what it read.
func TestRoundTrip(t *testing.T) {
	need(t, "soffice")
	dir := t.TempDir()
	for name, sh := range map[string]Sheet{"minutes": Minutes(sampleSource()), "blocks": allBlocks()} {
		path := filepath.Join(dir, name+".docx")
		if err := os.WriteFile(path, docx(t, sh), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("soffice", "--headless", "-env:UserInstallation=file://"+dir+"/profile", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir, path)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		read, err := os.ReadFile(filepath.Join(dir, name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		got := wordsOf(strings.TrimPrefix(string(read), "\ufeff"))
		if want := wordsOf(bare(sh)); got != want {
			t.Errorf("%s: %s", name, firstLoss(want, got))
		}
	}
}

// bare is a sheet's text as a program without page marks reads it.
func bare(sh Sheet) string {
	sh.Draft, sh.Footer = "", ""
	return strings.NewReplacer("| ", " ", " |", " ", "----", " ", " / ", " ", "[", "", "]", "").Replace(sh.Text())
}

func firstLoss(want, got string) string {
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Sprintf("want …%q, got …%q", cutAt(want, i), cutAt(got, i))
		}
	}
	return fmt.Sprintf("want %d bytes, got %d; ends %q and %q", len(want), len(got), cutAt(want, len(want)), cutAt(got, len(got)))
}

func cutAt(s string, i int) string { return s[max(0, i-60):min(len(s), i+60)] }
