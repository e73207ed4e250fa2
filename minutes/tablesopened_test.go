package minutes

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"phonghop/viet"
)

// TestLibreOfficeOpensTheTables has another program open every file: a workbook
// is saved as CSV, a CSV file as a workbook.
func TestLibreOfficeOpensTheTables(t *testing.T) {
	need(t, "soffice")
	dir := t.TempDir()
	a := paperSource().Account
	a.Items[2].Turns[0].Summary = "=cmd|' /C calc'!A0, và \"trích dẫn\"; -2+3"
	a.People[3].Name = `@SUM(1+1)*cmd|' /C calc'!A0`
	a.Votes[2].Code = "12E456"
	tables := map[string][]listing{
		"bieu-quyet": {voteTable(a), ballotTable(a)}, "diem-danh": {attendanceTable(a)},
		"phat-bieu": {turnTable(a), speakerTable(a), unitTable(a)}, "nhiem-vu": {taskTable(a)},
	}
	var books, lists []string
	for name, write := range sampleTables() {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, written(t, write, a), 0o600); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".csv") {
			lists = append(lists, path)
		} else {
			books = append(books, path)
		}
	}
	const filter = "44,34,76,1,,0,true,true,true,false,false,-1" // all sheets, cells as shown
	soffice(t, dir, append([]string{"--convert-to", "csv:Text - txt - csv (StarCalc):" + filter, "--outdir", filepath.Join(dir, "csv")}, books...)...)
	soffice(t, dir, append([]string{"--infilter=CSV:44,34,76,1,,1033,false,true", "--convert-to", "xlsx", "--outdir", filepath.Join(dir, "xlsx")}, lists...)...)
	for book, sheets := range tables {
		for _, l := range sheets {
			sameAsWritten(t, l, filepath.Join(dir, "csv", book+"-"+l.name+".csv"))
		}
	}
	for name, l := range map[string]listing{"bieu-quyet": voteTable(a), "bieu-quyet-theo-thanh-vien": ballotTable(a), "diem-danh": attendanceTable(a), "phat-bieu": turnTable(a), "nhiem-vu": taskTable(a)} {
		csvOpened(t, l, filepath.Join(dir, "xlsx", name+".xlsx"))
	}
}

func soffice(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("soffice", append([]string{"--headless", "-env:UserInstallation=file://" + dir + "/profile"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// sameAsWritten sets what LibreOffice read of a sheet against the table.
func sameAsWritten(t *testing.T, l listing, path string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte(byteOrderMark)))).ReadAll()
	if err != nil || len(rows) != len(l.rows)+1 || len(rows[0]) != len(l.columns) {
		t.Fatalf("%s: %d rows, want %d; %v", l.name, len(rows), len(l.rows)+1, err)
	}
	for i, row := range l.rows {
		for j, cell := range row {
			if want := shown(cell, l.columns[j].form); rows[i+1][j] != want {
				t.Errorf("%s, row %d, %s: %q, want %q", l.name, i+1, l.columns[j].title, rows[i+1][j], want)
			}
		}
	}
}

// shown is a cell as a reader of the workbook sees it.
func shown(cell any, f form) string {
	switch c := cell.(type) {
	case nil:
		return ""
	case time.Time:
		if f == day {
			return viet.Date(c)
		}
		return viet.ClockSeconds(c)
	case time.Duration:
		return csvCell(c, f)
	case string:
		return xlsxText(c)
	}
	return fmt.Sprint(cell)
}

// csvOpened looks at a CSV file as LibreOffice opened it: a column for each
// field, texts as texts, numbers and times as numbers, no formula.
func csvOpened(t *testing.T, l listing, path string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := opened(t, file)
	sheet := f.GetSheetList()[0]
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != len(l.rows)+1 || len(rows[0]) != len(l.columns) {
		t.Fatalf("%s: %d rows, want %d; %v", path, len(rows), len(l.rows)+1, err)
	}
	for i, row := range l.rows {
		for j, cell := range row {
			name, _ := excelize.CoordinatesToCellName(j+1, i+2)
			got, _ := f.GetCellValue(sheet, name, excelize.Options{RawCellValue: true})
			if formula, _ := f.GetCellFormula(sheet, name); formula != "" {
				t.Errorf("%s %s: a formula: %s", l.name, name, formula)
			}
			if !sameValue(cell, got) {
				t.Errorf("%s %s: %q of %v", l.name, name, got, cell)
			}
		}
	}
}

func sameValue(cell any, got string) bool {
	switch c := cell.(type) {
	case nil:
		return got == ""
	case string:
		return got == harmless(oneLine(c)) || "'"+got == harmless(oneLine(c))
	case int:
		return got == fmt.Sprint(c)
	case time.Duration:
		return near(got, c.Hours()/24)
	case time.Time:
		days := c.In(viet.Zone()).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, viet.Zone())).Hours() / 24
		return near(got, days) || near(got, math.Floor(days))
	}
	return false
}

func near(got string, want float64) bool {
	var x float64
	_, err := fmt.Sscan(got, &x)
	return err == nil && math.Abs(x-want) < 1e-6
}
