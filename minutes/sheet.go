package minutes

import "time"

// Sheet is one paper, ready to be drawn.
type Sheet struct {
	Title     string    // the file's property; not drawn
	Draft     string    // "DỰ THẢO" above every page; "" none
	Footer    string    // "BẢN MẪU" below every page of a demo's papers; "" none
	Landscape bool      // for wide tables
	Made      time.Time // the document's own time, never the clock's
	Blocks    []Block
}

// Block is one of the kinds below; the set is closed, both pens know them all.
type Block interface{ block() }

// Align says where lines stand. The zero value is a body paragraph's.
type Align string

const (
	Justified Align = ""
	Left      Align = "left"
	Centred   Align = "center"
	Right     Align = "right"
)

// Run is a stretch of text of one look. A line break in it begins a new line of
// the same paragraph. The rune ☐ is drawn as an empty box to tick.
type Run struct {
	Text         string
	Bold, Italic bool
}

// Heading is the two-column head: the body on the left, Quốc hiệu on the right.
type Heading struct {
	Superior string // line above the body; "" for a provincial committee
	Body     string // who issues it
	Number   string // "Số: 12/BB-UBND"; "" none
	About    string // under the number, for letters: "V/v …"; "" none
	Place    string // "Trà Sơn, ngày 25 tháng 6 năm 2026"; "" for minutes
}

// DocTitle is the name of the paper, bold and centred, with a rule below.
type DocTitle struct {
	Name  string   // "BIÊN BẢN"
	About []string // the lines below it
}

// Para is a paragraph. A body paragraph is justified with its first line
// indented; every other begins at the margin.
type Para struct {
	Runs     []Run
	Align    Align
	Flush    bool    // a justified paragraph without the indent
	KeepNext bool    // never last on a page: headings, lead-ins
	Size     float64 // points; 0 = 14
}

// Marks is what stands in front of the points of a list.
type Marks string

const (
	Dashes  Marks = "-"
	Numbers Marks = "1."
	Letters Marks = "a)" // a b c d đ e g h …
)

// List is points, each a body paragraph with its mark.
type List struct {
	Marks Marks
	Items [][]Run
}

// Column is one column of a table.
type Column struct {
	Title string
	Share float64 // of the width, against the other columns' shares
	Align Align   // of its cells; Justified is drawn as Left
}

// Cell is one cell of a row.
type Cell struct {
	Runs  []Run
	Span  int   // columns it covers; 0 and 1 are one
	Align Align // "" = the column's
}

// Row is one row; it stays on one page unless it is taller than a page.
type Row struct {
	Cells  []Cell
	Height float64 // at least so many mm; 0 = as tall as its text
}

// Table is a bordered table. Its head is repeated on every page it reaches.
type Table struct {
	Columns []Column
	Rows    []Row
	Size    float64 // points; 0 = 12
	Bare    bool    // without head and borders
}

// Signer is one side of the signatures.
type Signer struct {
	Titles []string // capitals: "TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"
	Note   string   // italic below: "(Ký, ghi rõ họ tên)"
	Name   string   // bold, below the room for the signature; "" none
}

// Signatures is the block of signatures, never alone on a page. Where
// Recipients are given they stand on the left, as in notices and letters.
type Signatures struct {
	Left, Right Signer
	Recipients  []string
}

// Recipients is "Nơi nhận:" with its list, below the signatures of minutes.
type Recipients struct{ Lines []string }

// Frame is a framed line in bold capitals: "TRẢ LẠI SAU KHI HỌP".
type Frame struct {
	Text  string
	Align Align // Left, Centred or Right; "" = Right
}

// Blank is dotted lines to write on by hand.
type Blank struct{ Lines int }

// Gap is empty space, in mm.
type Gap struct{ Height float64 }

// Cut is a dashed line to cut along.
type Cut struct{}

// Together keeps its blocks on one page, as long as they fit on one.
type Together struct{ Blocks []Block }

// PageBreak begins a new page.
type PageBreak struct{}

// Code is a QR code with lines beside it, for the technical page.
type Code struct {
	Link  string // what the QR code says; "" = no code
	Lines []Run  // one line each
}

func (Heading) block()    {}
func (DocTitle) block()   {}
func (Para) block()       {}
func (List) block()       {}
func (Table) block()      {}
func (Signatures) block() {}
func (Recipients) block() {}
func (Frame) block()      {}
func (Blank) block()      {}
func (Gap) block()        {}
func (Cut) block()        {}
func (Together) block()   {}
func (PageBreak) block()  {}
func (Code) block()       {}

// Plain is a run of plain text.
func Plain(text string) []Run { return []Run{{Text: text}} }

// Bold is a run of bold text.
func Bold(text string) []Run { return []Run{{Text: text, Bold: true}} }

// Italic is a run of italic text.
func Italic(text string) []Run { return []Run{{Text: text, Italic: true}} }

// Body is a body paragraph of plain text.
func Body(text string) Para { return Para{Runs: Plain(text)} }

// Section is a bold heading line that stays with what follows it.
func Section(text string) Para { return Para{Runs: Bold(text), KeepNext: true} }

// Cells is a row of plain cells.
func Cells(texts ...string) Row {
	r := Row{Cells: make([]Cell, len(texts))}
	for i, t := range texts {
		r.Cells[i].Runs = Plain(t)
	}
	return r
}
