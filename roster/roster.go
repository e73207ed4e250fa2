package roster

import (
	"bytes"
	"errors"
	"slices"
)

// The limits of one file.
const (
	MaxBytes    = 2 << 20
	MaxRows     = 2000
	MaxCell     = 200      // characters
	maxUnpacked = 16 << 20 // of a workbook
	maxLines    = 2 * MaxRows
	maxColumns  = 64
	maxHeading  = 20 // title lines may stand above the headings
)

// Why a whole file is refused.
var (
	ErrTooLarge   = errors.New("roster: the file is larger than 2 MB, or than 16 MB unpacked")
	ErrTooMany    = errors.New("roster: more than 2,000 people or 4,000 lines")
	ErrOldExcel   = errors.New("roster: an .xls file of old Excel or a workbook with a password; save it as .xlsx without one")
	ErrUnreadable = errors.New("roster: neither a workbook nor a table of text")
	ErrOldFont    = errors.New("roster: typed in a .VnTime font; convert it to Unicode first")
	ErrNoHeading  = errors.New("roster: no column of names: the headings must hold “Họ và tên” or “Name”")
)

// The roles a row can have.
const (
	Chair      = "chair"
	Secretary  = "secretary"
	Member     = "member"
	Substitute = "substitute"
	Guest      = "guest"
)

// Row is one person as understood. Votes is what the file says, or the habit of
// the role: chair and members vote. Order is the place in the protocol list, 0
// if the file does not say. Items are the numbers of the agenda items a guest
// attends; none means all.
type Row struct {
	Line                         int // in the file, from 1
	Salutation, Name, PartyTitle string
	Title, Unit, Role, Seat      string
	Order                        int
	Votes                        bool
	SubstituteFor                string
	Items                        []int
}

// Preview is what a file would bring.
type Preview struct {
	Rows     []Row
	Problems []Problem
	Columns  []Column // recognised, in the order of the file
	Ignored  []string // headings that mean nothing to us
}

// Blocked reports whether a problem stands in the way of importing; the others
// are only pointed out.
func (p Preview) Blocked() bool {
	for _, problem := range p.Problems {
		if !problem.Kind.Warning() {
			return true
		}
	}
	return false
}

// line is one line of the file with its number.
type line struct {
	number int
	cells  []string
}

// Read understands an .xlsx workbook or a CSV file in UTF-8, UTF-16 or
// Windows-1258, separated by semicolons, commas or tabs.
func Read(data []byte) (Preview, error) {
	switch {
	case len(data) > MaxBytes:
		return Preview{}, ErrTooLarge
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return Preview{}, ErrOldExcel
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readWorkbook(data)
	}
	return readText(data)
}

// understand turns the lines of one table into a preview.
func understand(lines []line) (Preview, error) {
	head, at := findHeading(lines)
	if at < 0 {
		return Preview{}, noHeading(lines)
	}
	p := Preview{Columns: head.recognised(), Ignored: head.ignored}
	for _, l := range lines[at+1:] {
		cells := head.pick(l)
		if cells.empty() {
			continue
		}
		if len(p.Rows) == MaxRows {
			return Preview{}, ErrTooMany
		}
		row, problems := cells.row(l.number)
		p.Rows = append(p.Rows, row)
		p.Problems = append(p.Problems, problems...)
	}
	p.Problems = append(p.Problems, compare(p.Rows)...)
	sortProblems(p.Problems)
	return p, nil
}

// noHeading tells a list typed in an old font, whose headings nobody can read
// either, from one without names.
func noHeading(lines []line) error {
	for _, l := range lines[:min(len(lines), maxHeading)] {
		if slices.ContainsFunc(l.cells, oldFont) {
			return ErrOldFont
		}
	}
	return ErrNoHeading
}
