package minutes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"phonghop/viet"
)

// byteOrderMark tells Excel that a CSV file is UTF-8.
const byteOrderMark = "\ufeff"

// writeCSV writes a table for Excel and everything else: UTF-8 with its mark,
// commas, every text in quotes, numbers bare, dates as programs in every
// country read them (2026-06-25), lines ended as Windows ends them.
func (t listing) writeCSV(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	for i, c := range t.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoted(c.title))
	}
	b.WriteString("\r\n")
	for _, row := range t.rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(csvCell(cell, t.columns[i].form))
		}
		b.WriteString("\r\n")
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func csvCell(cell any, f form) string {
	switch c := cell.(type) {
	case string:
		return quoted(harmless(oneLine(c)))
	case int:
		return strconv.Itoa(c)
	case time.Time:
		if f == day {
			return c.In(viet.Zone()).Format(time.DateOnly)
		}
		return c.In(viet.Zone()).Format(time.DateTime)
	case time.Duration:
		s := int(c.Round(time.Second) / time.Second)
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return ""
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// oneLine joins the lines of a text: a line break within a cell would begin a
// new row for programs that do not know quotes, or that cut at another mark.
func oneLine(s string) string { return strings.Join(strings.Fields(tidy(s)), " ") }

// harmless keeps a text a text. A spreadsheet would run what begins with one of
// the signs below as a formula, and make a number of a code like 12E456. The
// apostrophe before it is its own way of saying "text". Where Excel cuts at
// semicolons instead of commas, what follows one inside a text begins a cell
// too.
func harmless(s string) string {
	parts := strings.Split(s, ";")
	for i, p := range parts {
		if at := len(p) - len(strings.TrimLeft(p, " \t\r\"")); runs(p[at:]) {
			parts[i] = p[:at] + "'" + p[at:]
		}
	}
	if s = strings.Join(parts, ";"); looksLikeNumber(s) {
		return "'" + s
	}
	return s
}

// runs tells whether a spreadsheet would take a cell for a formula. Some take
// the wide signs of East Asian keyboards for the narrow ones.
func runs(s string) bool {
	return strings.HasPrefix(s, "=") || strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "@") ||
		strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠")
}

// looksLikeNumber tells a text that would lose letters as a number: 007 its
// zeros, 12E456 all but two.
func looksLikeNumber(s string) bool {
	if _, err := strconv.ParseFloat(s, 64); err != nil && !errors.Is(err, strconv.ErrRange) {
		return false
	}
	return len(s) > 1 && (s[0] == '0' || strings.ContainsAny(s, "eE") || len(s) > 15)
}
