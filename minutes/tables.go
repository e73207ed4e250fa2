package minutes

import (
	"io"
	"time"

	"phonghop/meeting"
)

// listing is a list for a spreadsheet: the same rows go into the workbook and
// into the CSV file. A cell is a string, an int, a time.Time, a time.Duration,
// or nil where there is nothing to say.
type listing struct {
	name    string // of the sheet; at most 31 letters
	columns []field
	rows    [][]any
	fixed   int // columns that stay in view when the sheet is moved sideways
}

// field is one column.
type field struct {
	title string
	width float64 // in letters
	form  form
}

// form is how the cells of a column are set.
type form int

const (
	words  form = iota // text, broken into lines
	whole              // a whole number
	day                // a date
	clock              // a time of day; the date belongs to it, but is not shown
	length             // how long something took
	short              // text of a few letters, centred
	forms              // how many there are
)

// WriteVotesXLSX writes the votes: a sheet of what each came to, and one of how
// each member voted. Footer lines stand below every printed page.
func WriteVotesXLSX(w io.Writer, a meeting.Account, footer ...string) error {
	return workbook{"Biểu quyết", a, footer, []listing{voteTable(a), ballotTable(a)}}.write(w)
}

// WriteVotesCSV writes what each vote came to (bieu-quyet.csv).
func WriteVotesCSV(w io.Writer, a meeting.Account) error { return voteTable(a).writeCSV(w) }

// WriteBallotsCSV writes how each member voted, a column for each vote
// (phieu.csv).
func WriteBallotsCSV(w io.Writer, a meeting.Account) error { return ballotTable(a).writeCSV(w) }

// WriteAttendanceXLSX writes who was here, from when to when.
func WriteAttendanceXLSX(w io.Writer, a meeting.Account, footer ...string) error {
	return workbook{"Điểm danh", a, footer, []listing{attendanceTable(a)}}.write(w)
}

// WriteAttendanceCSV writes the same (diem-danh.csv).
func WriteAttendanceCSV(w io.Writer, a meeting.Account) error {
	return attendanceTable(a).writeCSV(w)
}

// WriteSpeechXLSX writes who spoke and for how long: each turn, and the sums by
// person and by unit.
func WriteSpeechXLSX(w io.Writer, a meeting.Account, footer ...string) error {
	return workbook{"Phát biểu", a, footer, []listing{turnTable(a), speakerTable(a), unitTable(a)}}.write(w)
}

// WriteSpeechCSV writes each turn (phat-bieu.csv).
func WriteSpeechCSV(w io.Writer, a meeting.Account) error { return turnTable(a).writeCSV(w) }

// WriteTasksXLSX writes what the conclusions gave whom to do, and by when.
func WriteTasksXLSX(w io.Writer, a meeting.Account, footer ...string) error {
	return workbook{"Nhiệm vụ", a, footer, []listing{taskTable(a)}}.write(w)
}

// WriteTasksCSV writes the same (nhiem-vu.csv).
func WriteTasksCSV(w io.Writer, a meeting.Account) error { return taskTable(a).writeCSV(w) }

func (t *listing) add(cells ...any) { t.rows = append(t.rows, cells) }

// known is a moment, or an empty cell where it has not come.
func known(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// taken is how long something took; nothing while it is not over.
func taken(from, to time.Time) any {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return nil
	}
	return to.Sub(from)
}

// yes is a mark, or an empty cell.
func yes(b bool) any {
	if b {
		return "Có"
	}
	return nil
}

// counted is a number, or an empty cell where it is zero.
func counted(n int) any {
	if n == 0 {
		return nil
	}
	return n
}
