package minutes

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"phonghop/meeting"
)

// opened reads a workbook back.
func opened(t testing.TB, file []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func read(t testing.TB, file []byte, sheet string, raw bool) [][]string {
	t.Helper()
	rows, err := opened(t, file).GetRows(sheet, excelize.Options{RawCellValue: raw})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestVoteTableReadsAsWritten(t *testing.T) {
	file := written(t, sampleTables()["bieu-quyet.xlsx"], paperSource().Account)
	rows := read(t, file, "Kết quả biểu quyết", false)
	if len(rows) != 8 || len(rows[0]) != 18 {
		t.Fatalf("%d rows of %d", len(rows), len(rows[0]))
	}
	want := "3|3|Thông qua phương án điều chỉnh kế hoạch vốn đầu tư công năm 2026 theo Tờ trình 118/TTr-STC|25/06/2026|08:43:00|08:44:30|17|1|1|1|2|22|22|12|Thông qua|Cần 12/22 (quá nửa tổng số thành viên), đạt 17.|K7M2-9QXD"
	if got := strings.Join(rows[3], "|"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := rows[2][14] + ": " + rows[2][17]; got != "Đã hủy: nội dung hỏi chưa ghi rõ số tờ trình" {
		t.Errorf("the annulled vote says %q", got)
	}
	f := opened(t, file)
	for cell, kind := range map[string]excelize.CellType{"C4": excelize.CellTypeInlineString, "G4": excelize.CellTypeUnset, "D4": excelize.CellTypeUnset, "Q4": excelize.CellTypeInlineString} {
		if got, err := f.GetCellType("Kết quả biểu quyết", cell); err != nil || got != kind {
			t.Errorf("%s is of type %v, want %v (%v)", cell, got, kind, err)
		}
	}
	if raw := read(t, file, "Kết quả biểu quyết", true)[3][4]; !strings.HasPrefix(raw, "46198.363") {
		t.Errorf("08:43 on 25/06/2026 is stored as %s", raw)
	}
}

func TestBallotTableAgreesWithTheCount(t *testing.T) {
	a := paperSource().Account
	rows := read(t, written(t, sampleTables()["bieu-quyet.xlsx"], a), "Theo thành viên", false)
	for i, v := range a.Votes {
		n := map[string]int{}
		for _, row := range rows[1:] {
			if len(row) > 3+i {
				n[row[3+i]]++
			}
		}
		r := v.Result
		if n["Tán thành"] != r.For || n["Không tán thành"] != r.Against || n["Không biểu quyết"] != r.Abstain || n["Không bỏ phiếu"] != r.Silent || n["Vắng mặt"] != r.Absent {
			t.Errorf("%s: %v, want %+v", rows[0][3+i], n, r.Count)
		}
	}
	if rows[0][4] != "Lần 2 (đã hủy)" {
		t.Errorf("the annulled vote is headed %q", rows[0][4])
	}
}

// TestSpeakingTimesAddUp sums the turns three ways, with one turn that is not
// over and two people of one name.
func TestSpeakingTimesAddUp(t *testing.T) {
	a := paperSource().Account
	turns := &a.Items[2].Turns
	(*turns)[3].To = time.Time{}
	(*turns)[0].To = (*turns)[0].From.Add(4*time.Minute + 20*time.Second)
	twin := (*turns)[0]
	twin.Seq, twin.Person.ID = 200, "twin"
	again := (*turns)[0]
	again.Seq, again.From, again.To = 300, again.From.Add(time.Hour), again.From.Add(time.Hour+50*time.Second)
	*turns = append(*turns, twin, again)
	file := written(t, sampleTables()["phat-bieu.xlsx"], a)

	each := read(t, file, "Từng lượt", false)
	if got := each[1][9] + " " + each[1][11]; got != "0:04:20 0:01:20" {
		t.Errorf("the first turn took %s", got)
	}
	if row := each[4]; row[8] != "" || row[9] != "" {
		t.Errorf("a turn that is not over took %v", row)
	}
	var got []string
	for _, row := range read(t, file, "Theo người", false)[1:] {
		got = append(got, strings.Join(row[1:2], "")+" "+strings.Join(row[3:], " "))
	}
	want := "Trần Quốc Bảo 2 0:05:10 0:02:35;Trần Quốc Bảo 1 0:04:20 0:04:20;Ngô Văn Quyết 1 0:03:00 0:03:00;Nguyễn Sỹ Hoàn 1 0:03:00 0:03:00;Hồ Sỹ Lâm 1 0:00:00 0:00:00"
	if strings.Join(got, ";") != want {
		t.Errorf("by person:\n%s\nwant\n%s", strings.Join(got, ";"), want)
	}
	if row := read(t, file, "Theo đơn vị", false)[1]; strings.Join(row[1:], " ") != "Sở Y tế 3 0:09:30" {
		t.Errorf("by unit: %v", row)
	}
}

func TestTasksAndAttendanceReadAsWritten(t *testing.T) {
	a := paperSource().Account
	tasks := read(t, written(t, sampleTables()["nhiem-vu.xlsx"], a), "Nhiệm vụ", false)
	if got := strings.Join(tasks[4], "|"); got != "4||Báo cáo tiến độ trụ sở xã Nậm Khoai|Sở Xây dựng|||10/06/2026|Hoàn thành|100|Đã hoàn thành|Có" {
		t.Errorf("the task from the last session: %s", got)
	}
	people := read(t, written(t, sampleTables()["diem-danh.xlsx"], a), "Điểm danh", false)
	if len(people) != len(a.People)+1 {
		t.Fatalf("%d rows", len(people))
	}
	if got := strings.Join(people[9], "|"); got != "9|Ông|Trần Quốc Bảo||Giám đốc|Sở Y tế|Thành viên||Có|9|Có mặt|08:05:00||Có" {
		t.Errorf("who came late: %s", got)
	}
	if got := strings.Join(people[17], "|"); got != "17|Ông|Lý Văn Thắng||Giám đốc|Sở Dân tộc và Tôn giáo|Thành viên||Có|17|Vắng mặt||||Có|đi công tác tại Hà Nội theo giấy mời của Bộ Dân tộc và Tôn giáo|Đồng ý" {
		t.Errorf("who was excused: %s", got)
	}
}

func TestSheetsAreSetUpToPrint(t *testing.T) {
	a := paperSource().Account
	a.Header.Title = `0 "&P" & Phiên ` + strings.Repeat("rất dài ", 60)
	f := opened(t, written(t, sampleTables()["bieu-quyet.xlsx"], a))
	for _, sheet := range f.GetSheetList() {
		layout, err := f.GetPageLayout(sheet)
		if err != nil || *layout.Size != 9 || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 {
			t.Errorf("%s: %+v, %v", sheet, layout, err)
		}
		panes, err := f.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the head is not frozen: %+v, %v", sheet, panes, err)
		}
		hf, err := f.GetHeaderFooter(sheet)
		if err != nil || !strings.Contains(hf.OddFooter, "BẢN MẪU") || strings.Count(hf.OddHeader, "&") != 1 || len([]rune(hf.OddHeader)) > 255 {
			t.Errorf("%s: %+v, %v", sheet, hf, err)
		}
	}
	if n := len(f.GetDefinedName()); n != 2 {
		t.Errorf("%d sheets repeat their head", n)
	}
}

// TestManyVotesAreSetOverPages has sixty votes: one page wide would be unreadable.
func TestManyVotesAreSetOverPages(t *testing.T) {
	a := paperSource().Account
	for len(a.Votes) < 60 {
		v := a.Votes[0]
		v.Number = len(a.Votes) + 1
		a.Votes = append(a.Votes, v)
	}
	f := opened(t, written(t, sampleTables()["bieu-quyet.xlsx"], a))
	layout, err := f.GetPageLayout("Theo thành viên")
	if err != nil || *layout.FitToWidth != 5 {
		t.Errorf("%+v, %v", layout, err)
	}
	for _, n := range f.GetDefinedName() {
		if n.Scope == "Theo thành viên" && n.RefersTo != "'Theo thành viên'!$A:$B,'Theo thành viên'!$1:$1" {
			t.Errorf("repeated on every page: %s", n.RefersTo)
		}
	}
}

// payloads are what a name must never do to the clerk's computer.
func payloads() []string {
	return []string{
		"=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "=cmd|' /C calc'!A0", `=HYPERLINK("http://a.local","x")`, "＝1+1", "－1", "＋1", "＠x",
		`";=cmd|' /C calc'!A0`, "a;=cmd|' /C calc'!A0", "a; -2+3", "a\n=1+1", "a\"\n\"=1", `"=1+1"`, "007", "12E456", "1e5", "12345678901234567", "'=1", "-", "=", "DDE(\"cmd\")",
		"\u202e=1+1", "\u200b=1+1", "\ufeff=1+1", "\x00=1+1",
	}
}

// TestCSVIsHarmless puts every payload into every text of every table.
func TestCSVIsHarmless(t *testing.T) {
	for _, payload := range payloads() {
		a := withText(paperSource(), payload).Account
		for name, write := range sampleTables() {
			if !strings.HasSuffix(name, ".csv") {
				continue
			}
			file := written(t, write, a)
			if !bytes.HasPrefix(file, []byte(byteOrderMark)) || bytes.Count(file, []byte("\n")) != bytes.Count(file, []byte("\r\n")) {
				t.Errorf("%s: no mark, or other line ends", name)
			}
			for _, comma := range []rune{',', ';'} {
				checkCells(t, fmt.Sprintf("%s with %q cut at %c", name, payload, comma), file, comma)
			}
		}
	}
}

// checkCells reads a file as a spreadsheet does that cuts at one mark, quotes
// or not, and looks for a cell that would run.
func checkCells(t *testing.T, what string, file []byte, comma rune) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte(byteOrderMark))))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, row := range rows {
		if comma == ',' && len(row) != len(rows[0]) {
			t.Fatalf("%s: %d fields, want %d: %q", what, len(row), len(rows[0]), row)
		}
		for _, cell := range row {
			if s := strings.TrimLeft(cell, " \t\r\n\""); s != "" && strings.ContainsAny(string([]rune(s)[:1]), "=+-@＝＋－＠") {
				t.Errorf("%s: a cell begins %q", what, cell)
			}
		}
	}
}

func TestHarmlessTouchesNothingElse(t *testing.T) {
	for _, s := range []string{"", "Sở Y tế", "1.200.000 đồng", "Sở Tài chính; Sở Xây dựng", "a - b", "3–5", "K7M2", "0", "25", "118/TTr-STC", "0,5"} {
		if got := harmless(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	for in, want := range map[string]string{"=1": "'=1", "007": "'007", "12E4": "'12E4", "a;=b": "a;'=b"} {
		if got := harmless(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// withText sets every free text of an account to one text. What is typed apart
// (ids, roles, states) and what a rule set counts with stays.
func withText(src Source, text string) Source {
	set := src.Account.Rules
	setStrings(reflect.ValueOf(&src.Account).Elem(), text)
	src.Account.Rules = set
	return src
}

func setStrings(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				setStrings(v.Field(i), text)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			setStrings(v.Index(i), text)
		}
	}
}

// TestHostileTexts draws every paper, one behind the other, and every table with
// one text everywhere.
func TestHostileTexts(t *testing.T) {
	for i, s := range append(payloads(), hostileTexts()...) {
		if len(s) > 4000 {
			s = string([]rune(s)[:2000])
		}
		src := withText(small(paperSource()), s)
		for name, write := range sampleTables() {
			if file := written(t, write, src.Account); strings.HasSuffix(name, ".xlsx") {
				noFormulas(t, file, s)
			}
		}
		if i < len(payloads()) {
			continue // what only a spreadsheet minds
		}
		all := Sheet{Title: s, Footer: s, Made: src.At}
		for _, sh := range papersOf(src) {
			all.Blocks = append(append(all.Blocks, sh.Blocks...), PageBreak{})
		}
		drawsWell(t, all)
	}
}

// small leaves a few of the members, and what they did.
func small(src Source) Source {
	a := &src.Account
	a.People = append(slices.Clone(a.People[:3]), a.People[20:]...)
	for i := range a.Votes {
		a.Votes[i].Ballots = a.Votes[i].Ballots[:3]
	}
	return src
}

// noFormulas looks through every part of a workbook for a formula, and reads
// the text back.
func noFormulas(t *testing.T, file []byte, text string) {
	t.Helper()
	for name, part := range partsOf(t, file) {
		if strings.HasPrefix(name, "xl/worksheets/") && (bytes.Contains(part, []byte("<f>")) || bytes.Contains(part, []byte("<f "))) {
			t.Errorf("%s holds a formula", name)
		}
	}
	f := opened(t, file)
	found := xlsxText(text) == ""
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			for _, cell := range row {
				found = found || cell == xlsxText(text)
			}
		}
	}
	if !found {
		t.Errorf("%.60q is not read back", text)
	}
}

func FuzzCSVCell(f *testing.F) {
	for _, s := range append(payloads(), hostileTexts()...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := listing{columns: []field{{"a", 1, words}, {"b", 1, whole}}}
		l.add(s, 7)
		var b bytes.Buffer
		if err := l.writeCSV(&b); err != nil {
			t.Fatal(err)
		}
		for _, comma := range []rune{',', ';'} {
			checkCells(t, "the file", b.Bytes(), comma)
		}
		rows, err := csv.NewReader(bytes.NewReader(b.Bytes()[len(byteOrderMark):])).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][1] != "7" {
			t.Fatalf("%q, %v", rows, err)
		}
		if got := strings.ReplaceAll(rows[1][0], "'", ""); got != strings.ReplaceAll(oneLine(s), "'", "") {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestEmptySessionHasTables(t *testing.T) {
	for name, write := range sampleTables() {
		file := written(t, write, meeting.Account{})
		if strings.HasSuffix(name, ".xlsx") {
			for _, sheet := range opened(t, file).GetSheetList() {
				if rows := read(t, file, sheet, false); len(rows) != 1 {
					t.Errorf("%s, %s: %d rows", name, sheet, len(rows))
				}
			}
		} else if bytes.Count(file, []byte("\r\n")) != 1 {
			t.Errorf("%s: %s", name, file)
		}
	}
}
