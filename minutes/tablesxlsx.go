package minutes

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"phonghop/meeting"
	"phonghop/viet"
)

// workbook is tables as one Excel file.
type workbook struct {
	title  string
	a      meeting.Account
	footer []string // below every printed page
	sheets []listing
}

// write draws the file. Equal tables are equal bytes. Texts are written as
// texts, never parsed, so no formula comes of them.
func (b workbook) write(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := b.fill(f); err != nil {
		return fmt.Errorf("draw the workbook %s: %w", b.title, err)
	}
	f.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return &orderedZip{w: w} })
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write the workbook %s: %w", b.title, err)
	}
	return nil
}

func (b workbook) fill(f *excelize.File) error {
	styles, err := newStyles(f)
	if err != nil {
		return err
	}
	for i, t := range b.sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.name)
		} else {
			_, err = f.NewSheet(t.name)
		}
		if err != nil {
			return err
		}
		if err := b.sheet(f, t, styles); err != nil {
			return fmt.Errorf("sheet %s: %w", t.name, err)
		}
	}
	return b.properties(f)
}

// sheet writes a table: its head stays in view and is printed on every page.
func (b workbook) sheet(f *excelize.File, t listing, styles styleSet) error {
	if err := b.printSetup(f, t); err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(t.name)
	if err != nil {
		return err
	}
	if err := t.layout(sw); err != nil {
		return err
	}
	head := make([]any, len(t.columns))
	for i, c := range t.columns {
		head[i] = excelize.Cell{StyleID: styles.head, Value: xlsxText(c.title)}
	}
	if err := sw.SetRow("A1", head, excelize.RowOpts{Height: styles.height(t, t.titles(), true)}); err != nil {
		return err
	}
	for i, row := range t.rows {
		cells := make([]any, len(row))
		for j, cell := range row {
			cells[j] = excelize.Cell{StyleID: styles.cells[t.columns[j].form], Value: xlsxValue(cell)}
		}
		if err := sw.SetRow(fmt.Sprintf("A%d", i+2), cells, excelize.RowOpts{Height: styles.height(t, row, false)}); err != nil {
			return err
		}
	}
	return sw.Flush()
}

func (t listing) titles() []any {
	out := make([]any, len(t.columns))
	for i, c := range t.columns {
		out[i] = c.title
	}
	return out
}

func (t listing) layout(sw *excelize.StreamWriter) error {
	for i, c := range t.columns {
		if err := sw.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	corner, err := excelize.CoordinatesToCellName(t.fixed+1, 2)
	if err != nil {
		return err
	}
	pane := "bottomLeft"
	if t.fixed > 0 {
		pane = "bottomRight"
	}
	return sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: t.fixed, YSplit: 1, TopLeftCell: corner, ActivePane: pane})
}

func (b workbook) properties(f *excelize.File) error {
	at := b.madeAt().UTC().Format(time.RFC3339)
	err := f.SetDocProps(&excelize.DocProperties{
		Title: xlsxText(b.title + " – " + (&composer{a: b.a}).sessionName()), Creator: "phonghop", LastModifiedBy: "phonghop",
		Language: "vi-VN", Created: at, Modified: at,
	})
	if err != nil {
		return err
	}
	return f.SetAppProps(&excelize.AppProperties{Application: "phonghop"})
}

// madeAt is the last moment the session itself knows.
func (b workbook) madeAt() time.Time {
	for _, t := range []time.Time{b.a.Ended, b.a.Opened, b.a.Header.Starts} {
		if y := t.UTC().Year(); !t.IsZero() && y >= 1980 && y <= 9999 {
			return t
		}
	}
	return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
}

func xlsxValue(cell any) any {
	switch c := cell.(type) {
	case string:
		return xlsxText(c)
	case time.Time:
		return c.In(viet.Zone()).Truncate(time.Second)
	case time.Duration:
		return c.Round(time.Second)
	}
	return cell
}

func xlsxText(s string) string { return strings.TrimSpace(tidy(s)) }

// styleSet is the styles of one workbook, and the type they are set in.
type styleSet struct {
	head  int
	cells [forms]int
	set   typesetter
}

const xlsxSize = 11.0 // points

func newStyles(f *excelize.File) (styleSet, error) {
	all, err := newFaces()
	if err != nil {
		return styleSet{}, err
	}
	line := func(side string) excelize.Border { return excelize.Border{Type: side, Color: "808080", Style: 1} }
	box := []excelize.Border{line("left"), line("top"), line("right"), line("bottom")}
	font := func(bold bool) *excelize.Font {
		return &excelize.Font{Family: "Times New Roman", Size: xlsxSize, Bold: bold}
	}
	s := styleSet{set: typesetter{&all}}
	var errs [forms + 1]error
	s.head, errs[forms] = f.NewStyle(&excelize.Style{
		Border: box, Font: font(true), Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
	})
	for form, look := range [forms][2]string{
		words: {"@", "left"}, whole: {"0", "center"}, day: {"dd/mm/yyyy", "center"},
		clock: {"hh:mm:ss", "center"}, length: {"[h]:mm:ss", "center"}, short: {"@", "center"},
	} {
		s.cells[form], errs[form] = f.NewStyle(&excelize.Style{
			Border: box, Font: font(false), CustomNumFmt: &look[0],
			Alignment: &excelize.Alignment{Horizontal: look[1], Vertical: "top", WrapText: true},
		})
	}
	return s, errors.Join(errs[:]...)
}

// orderedZip collects the parts and writes them in one order: the library
// itself writes the sheets in the order of a map.
type orderedZip struct {
	w     io.Writer
	parts []zipPart
}

type zipPart struct {
	name string
	text *bytes.Buffer
}

func (z *orderedZip) Create(name string) (io.Writer, error) {
	p := zipPart{name, new(bytes.Buffer)}
	z.parts = append(z.parts, p)
	return p.text, nil
}

// AddFS is of the library's interface; nothing of ours calls it.
func (z *orderedZip) AddFS(fs.FS) error { return errors.ErrUnsupported }

func (z *orderedZip) Close() error {
	slices.SortFunc(z.parts, func(a, b zipPart) int { return strings.Compare(a.name, b.name) })
	out := zip.NewWriter(z.w)
	for _, p := range z.parts {
		f, err := out.Create(p.name)
		if err != nil {
			return err
		}
		if _, err := f.Write(p.text.Bytes()); err != nil {
			return err
		}
	}
	return out.Close()
}
