package minutes

import "strings"

// Text writes a sheet plainly, a line for each paragraph and row: for tests and
// for setting a file that came back against what was drawn.
func (sh Sheet) Text() string {
	var w plainPen
	if sh.Draft != "" {
		w.line("[" + tidy(sh.Draft) + "]")
	}
	w.blocks(sh.Blocks)
	if sh.Footer != "" {
		w.line("[" + tidy(sh.Footer) + "]")
	}
	return w.String()
}

type plainPen struct{ strings.Builder }

func (w *plainPen) line(s string) {
	w.WriteString(strings.TrimSpace(s))
	w.WriteByte('\n')
}

func (w *plainPen) lines(list ...string) {
	for _, s := range list {
		if s = tidy(s); s != "" {
			w.line(s)
		}
	}
}

func (w *plainPen) blocks(list []Block) {
	for _, b := range list {
		w.block(b)
	}
}

func (w *plainPen) block(b Block) {
	switch b := b.(type) {
	case Heading:
		w.lines(upper(b.Superior), upper(b.Body), b.Number, b.About, nation, motto, b.Place)
	case DocTitle:
		w.lines(append([]string{upper(b.Name)}, b.About...)...)
	case Para:
		w.line(plain(b.Runs))
	case List:
		for _, p := range b.points() {
			w.line(plain(p.Runs))
		}
	case Table:
		w.table(b)
	case Signatures:
		if len(b.Recipients) > 0 {
			w.lines(append([]string{"Nơi nhận:"}, b.Recipients...)...)
		}
		w.signer(b.Left)
		w.signer(b.Right)
	case Recipients:
		w.lines(append([]string{"Nơi nhận:"}, b.Lines...)...)
	case Frame:
		w.line("[" + upper(b.Text) + "]")
	case Together:
		w.blocks(b.Blocks)
	case PageBreak:
		w.line("----")
	case Blank, Gap, Cut:
		w.line("")
	case Code:
		for _, r := range b.Lines {
			w.line(plain([]Run{r}))
		}
	}
}

func (w *plainPen) signer(s Signer) {
	w.lines(append(append([]string{}, s.Titles...), s.Note, s.Name)...)
}

func (w *plainPen) table(t Table) {
	if !t.Bare {
		titles := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			titles[i] = tidy(c.Title)
		}
		w.line("| " + strings.Join(titles, " | ") + " |")
	}
	for _, row := range t.Rows {
		cells := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			cells[i] = strings.ReplaceAll(plain(c.Runs), "\n", " / ")
		}
		w.line("| " + strings.Join(cells, " | ") + " |")
	}
}

func plain(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(tidy(r.Text))
	}
	return b.String()
}
