package minutes

import (
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"
)

// printSetup is A4 across, as wide as the page, with what it is above and the
// page's number below.
func (b workbook) printSetup(f *excelize.File, t listing) error {
	a4, across, wide, high, fit := 9, "landscape", t.pagesWide(), 0, true
	if err := f.SetSheetProps(t.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := f.SetPageLayout(t.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &across, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	side, top, edge := 0.6, 0.8, 0.4 // inches
	if err := f.SetPageMargins(t.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &edge, Footer: &edge}); err != nil {
		return err
	}
	err := f.SetHeaderFooter(t.name, &excelize.HeaderFooterOptions{
		OddHeader: "&C" + printed(b.title+" – "+(&composer{a: b.a}).sessionName(), 200),
		OddFooter: "&L" + printed(strings.Join(b.footer, " "), 100) + "&RTrang &P/&N",
	})
	if err != nil {
		return err
	}
	return f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: t.printTitles(), Scope: t.name})
}

// pageLetters is how wide a page may be before it is set over several: more
// would be too small to read.
const pageLetters = 200.0

func (t listing) pagesWide() int {
	sum := 0.0
	for _, c := range t.columns {
		sum += c.width
	}
	return max(1, int(math.Ceil(sum/pageLetters)))
}

// printTitles are the row and the columns printed again on every page.
func (t listing) printTitles() string {
	row := "'" + t.name + "'!$1:$1"
	if t.fixed == 0 {
		return row
	}
	return fmt.Sprintf("'%s'!$A:$%c,%s", t.name, 'A'+t.fixed-1, row)
}

// height is how high a row has to be for its longest text, in points: programs
// that open the file do not all work it out.
func (s styleSet) height(t listing, row []any, isHead bool) float64 {
	const lineHigh, most = 15.0, 409.0
	lines := 1
	for i, cell := range row {
		if text, ok := cell.(string); ok {
			lines = max(lines, s.linesOf(xlsxText(text), t.columns[i].width, isHead))
		}
	}
	return min(float64(lines)*lineHigh+1, most)
}

// linesOf is how many lines a text takes in a column so many letters wide: a
// letter is seven dots on a screen of 96 to the inch.
func (s styleSet) linesOf(text string, width float64, isHead bool) int {
	measure := (width*7 - 2) * 25.4 / 96
	run := []Run{{Text: text, Bold: isHead}}
	return len(s.set.lines(run, xlsxSize, max(measure, 1), 0))
}

// printed is a text within a printed header: "&" begins a command there, and
// the whole may have 255 letters.
func printed(s string, most int) string {
	r := []rune(oneLine(s))
	if len(r) > most {
		r = append(r[:most-1], '…')
	}
	s = strings.ReplaceAll(string(r), "&", "và")
	return strings.TrimLeft(s, "0123456789") // digits behind a command are a font size
}
