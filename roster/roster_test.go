package roster

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

const office = `DANH SÁCH ĐẠI BIỂU DỰ PHIÊN HỌP THỨ 47;;;;;;;;;;;
;;;;;;;;;;;
TT;Danh xưng;Họ và tên (*);Chức vụ Đảng;Chức vụ;Đơn vị;Vai trò;Ghế;Biểu quyết;Dự thay cho;Nội dung được dự;Điện thoại
1;Đồng chí;Trịnh Văn Ấm;Phó Bí thư Tỉnh ủy;Chủ tịch;UBND tỉnh;Chủ tọa;1;Có;;;0912
2;Đ/c;Đặng Ích Hưng;;Chánh Văn phòng;Văn phòng UBND tỉnh;Thư ký;2;;;;
3;Bà;Hoàng Thị Thảo;;Giám đốc;Sở Văn hóa;;12;;;;
4;Ông;Vũ Đức Long;;Phó Giám đốc;Sở Y tế;;13;;Lã Kim Dung;;
5;Bà;Lã Kim Dung;;Giám đốc;Sở Y tế;Thành viên;14;x;-;–;
6;Ông;Nông Quang Hưng;;;Báo tỉnh;Khách mời;20;Không;;"3, 5-6";
7;;;;;;;;;;;
`

func officeRows() []Row {
	return []Row{
		{Line: 4, Salutation: "Đồng chí", Name: "Trịnh Văn Ấm", PartyTitle: "Phó Bí thư Tỉnh ủy", Title: "Chủ tịch", Unit: "UBND tỉnh", Role: Chair, Seat: "1", Order: 1, Votes: true},
		{Line: 5, Salutation: "Đồng chí", Name: "Đặng Ích Hưng", Title: "Chánh Văn phòng", Unit: "Văn phòng UBND tỉnh", Role: Secretary, Seat: "2", Order: 2},
		{Line: 6, Salutation: "Bà", Name: "Hoàng Thị Thảo", Title: "Giám đốc", Unit: "Sở Văn hóa", Role: Member, Seat: "12", Order: 3, Votes: true},
		{Line: 7, Salutation: "Ông", Name: "Vũ Đức Long", Title: "Phó Giám đốc", Unit: "Sở Y tế", Role: Substitute, Seat: "13", Order: 4, SubstituteFor: "Lã Kim Dung"},
		{Line: 8, Salutation: "Bà", Name: "Lã Kim Dung", Title: "Giám đốc", Unit: "Sở Y tế", Role: Member, Seat: "14", Order: 5, Votes: true},
		{Line: 9, Salutation: "Ông", Name: "Nông Quang Hưng", Unit: "Báo tỉnh", Role: Guest, Seat: "20", Order: 6, Items: []int{3, 5, 6}},
	}
}

// cp1258 writes Vietnamese as Windows does: a letter, then its tone.
func cp1258(t *testing.T, text string) []byte {
	tones := "\u0300\u0301\u0303\u0309\u0323"
	var b []byte
	for _, r := range text {
		one, err := charmap.Windows1258.NewEncoder().String(string(r))
		if err != nil {
			parts := []rune(norm.NFD.String(string(r)))
			i := slices.IndexFunc(parts, func(r rune) bool { return strings.ContainsRune(tones, r) })
			tone := parts[i]
			letter := norm.NFC.String(string(slices.Delete(parts, i, i+1)))
			if one, err = charmap.Windows1258.NewEncoder().String(letter + string(tone)); err != nil {
				t.Fatalf("%q in Windows-1258: %v", r, err)
			}
		}
		b = append(b, one...)
	}
	return b
}

func workbook(t testing.TB, lines [][]string) []byte {
	f := excelize.NewFile()
	for i, cells := range lines {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func officeWorkbook(t testing.TB) []byte {
	var lines [][]string
	for text := range strings.Lines(strings.ReplaceAll(office, `"`, "")) {
		lines = append(lines, strings.Split(strings.TrimSpace(text), ";"))
	}
	return workbook(t, lines)
}

func TestOneListInEveryForm(t *testing.T) {
	utf16 := func(end unicode.Endianness, bom unicode.BOMPolicy) []byte {
		b, err := unicode.UTF16(end, bom).NewEncoder().Bytes([]byte(office))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	commas := strings.NewReplacer(`"3, 5-6"`, `"3, 5-6"`, ";", ",").Replace(office)
	for name, data := range map[string][]byte{
		"utf-8":          []byte(office),
		"utf-8 with BOM": []byte("\ufeff" + office),
		"NFD":            []byte(norm.NFD.String(office)),
		"CRLF":           []byte(strings.ReplaceAll(office, "\n", "\r\n")),
		"commas":         []byte(commas),
		"tabs":           []byte(strings.ReplaceAll(office, ";", "\t")),
		"windows-1258":   cp1258(t, office),
		"utf-16le BOM":   utf16(unicode.LittleEndian, unicode.UseBOM),
		"utf-16be BOM":   utf16(unicode.BigEndian, unicode.UseBOM),
		"utf-16le":       utf16(unicode.LittleEndian, unicode.IgnoreBOM),
		"utf-16be":       utf16(unicode.BigEndian, unicode.IgnoreBOM),
		"xlsx":           officeWorkbook(t),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Read(data)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range officeRows() {
				if i < len(p.Rows) && !reflect.DeepEqual(p.Rows[i], want) {
					t.Errorf("row %d\n got %+v\nwant %+v", i, p.Rows[i], want)
				}
			}
			if len(p.Rows) != 6 || len(p.Problems) != 0 || p.Blocked() {
				t.Errorf("%d rows, problems %+v", len(p.Rows), p.Problems)
			}
			if len(p.Columns) != 11 || !slices.Equal(p.Ignored, []string{"Điện thoại"}) {
				t.Errorf("columns %v, ignored %v", p.Columns, p.Ignored)
			}
		})
	}
}

func TestEnglishHeadingsAndCutNames(t *testing.T) {
	p, err := Read([]byte("Family name,First name,Role,Seat,Order\nTran Quoc,Bao,chair,A1,1.\nLe,An,secretary,a2,2\n"))
	if err != nil || p.Blocked() {
		t.Fatalf("%v %+v", err, p.Problems)
	}
	if p.Rows[0].Name != "Tran Quoc Bao" || p.Rows[0].Role != Chair || p.Rows[0].Order != 1 || p.Rows[1].Votes {
		t.Errorf("got %+v", p.Rows)
	}
}

func TestProblems(t *testing.T) {
	const head = "Họ và tên;Vai trò;Ghế;Danh xưng;Biểu quyết;Thứ tự;Nội dung;Dự thay cho\nA Chủ;Chủ tọa;1\nB Thư;Thư ký;2\n"
	for line, want := range map[string][]Problem{
		";Thành viên;3":                  {{4, ColumnName, MissingName, ""}},
		"C;Thành viên;01":                {{4, ColumnSeat, DuplicateSeat, "01"}},
		"a chủ;Thành viên;3":             {{4, ColumnName, DuplicateName, "a chủ"}},
		"A Chu;Thành viên;3":             {{4, ColumnName, DuplicateName, "A Chu"}},
		"C;Chủ tọa;3":                    {{4, ColumnRole, TwoChairs, "C"}},
		"C;Giám sát;3":                   {{4, ColumnRole, UnknownRole, "Giám sát"}},
		"C;***;3":                        {{4, ColumnRole, UnknownRole, "***"}},
		"C;;3;Ngài":                      {{4, ColumnSalutation, UnknownSalutation, "Ngài"}},
		"C;;3;;có thể":                   {{4, ColumnVotes, UnknownAnswer, "có thể"}},
		"C;;3;;;đầu":                     {{4, ColumnOrder, BadNumber, "đầu"}},
		"C;;3;;;0":                       {{4, ColumnOrder, BadNumber, "0"}},
		"C;;3;;;;ba":                     {{4, ColumnItems, BadItems, "ba"}},
		"C;;3;;;;5-3":                    {{4, ColumnItems, BadItems, "5-3"}},
		"C;;3;;;;1-4000000000":           {{4, ColumnItems, BadItems, "1-4000000000"}},
		"C;Khách mời;3;;Có":              {{4, ColumnVotes, GuestVotes, "C"}},
		"C;Dự thay;3":                    {{4, ColumnSubstituteFor, MissingPrincipal, "C"}},
		"C;Dự thay;3;;;;;Người Lạ":       {{4, ColumnSubstituteFor, UnknownPrincipal, "Người Lạ"}},
		"C":                              {{4, ColumnSeat, MissingSeat, "C"}},
		"=HYPERLINK(1);;3":               {{4, ColumnName, Formula, "=HYPERLINK(1)"}},
		"NguyÔn V¨n A;;3":                {{4, ColumnName, OldFont, "NguyÔn V¨n A"}},
		strings.Repeat("ê", 201) + ";;3": {{4, ColumnName, TooLong, strings.Repeat("ê", 199) + "…"}},
		"C;;3;Ngài;có thể":               {{4, ColumnSalutation, UnknownSalutation, "Ngài"}, {4, ColumnVotes, UnknownAnswer, "có thể"}},
		strings.Repeat("ê", 200) + ";;3": nil,
		"C;Thành viên;3;Bà;Có;7;3 và 5;B Thư": nil,
		"\n;;;;;9": nil,
	} {
		p, err := Read([]byte(head + line))
		if err != nil {
			t.Errorf("%q: %v", line, err)
		}
		if !slices.Equal(p.Problems, want) {
			t.Errorf("%q\n got %+v\nwant %+v", line, p.Problems, want)
		}
		if want != nil && p.Blocked() == want[0].Kind.Warning() {
			t.Errorf("%q: blocked %v", line, p.Blocked())
		}
	}
}

func TestAListWithoutOfficersIsPointedOut(t *testing.T) {
	p, err := Read([]byte("Họ tên;Ghế\nA;1\n"))
	if want := []Problem{{0, ColumnRole, NoChair, ""}, {0, ColumnRole, NoSecretary, ""}}; err != nil || !slices.Equal(p.Problems, want) || p.Blocked() {
		t.Errorf("%v %+v", err, p.Problems)
	}
}

func TestItems(t *testing.T) {
	for text, want := range map[string][]int{"3,5": {3, 5}, "3.5": {3, 5}, "5; 3": {3, 5}, "3 và 5": {3, 5}, "3-5": {3, 4, 5}, "3–4,4": {3, 4}, "": nil, "Tất cả": nil} {
		if got, ok := items(text); !ok || !slices.Equal(got, want) {
			t.Errorf("items(%q) = %v, %v", text, got, ok)
		}
	}
}

func TestRefusals(t *testing.T) {
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"} {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			w.Write(bytes.Repeat([]byte(" "), 6<<20))
		}
		z.Close()
		return b.Bytes()
	}
	far := excelize.NewFile()
	far.SetCellStr("Sheet1", "A1", "Họ và tên")
	far.SetCellStr("Sheet1", "XFD1048576", "xa")
	var farther bytes.Buffer
	if err := far.Write(&farther); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":        {nil, ErrNoHeading},
		"no names":     {[]byte("Ghế;Vai trò\n1;Thư ký"), ErrNoHeading},
		"too large":    {make([]byte, MaxBytes+1), ErrTooLarge},
		"old Excel":    {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), ErrOldExcel},
		"old font":     {[]byte("Hä vµ tªn;GhÕ\nNguyÔn V¨n A;1"), ErrOldFont},
		"binary":       {[]byte("Name\x00\x01\x02\xff"), ErrUnreadable},
		"not a zip":    {[]byte("PK\x03\x04 nothing"), ErrUnreadable},
		"cut workbook": {officeWorkbook(t)[:3000], ErrUnreadable},
		"zip bomb":     {bomb(), ErrTooLarge},
		"2,001 people": {[]byte("Name\n" + strings.Repeat("A\n", MaxRows+1)), ErrTooMany},
		"4,001 lines":  {[]byte("Name;Order\n" + strings.Repeat(";1\n", maxLines)), ErrTooMany},
		"a far corner": {farther.Bytes(), ErrTooMany},
	} {
		if _, err := Read(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if p, err := Read([]byte("Name\n" + strings.Repeat("A\n", MaxRows))); err != nil || len(p.Rows) != MaxRows {
		t.Errorf("2,000 people: %d, %v", len(p.Rows), err)
	}
}

func TestTemplateComesBack(t *testing.T) {
	empty, err := Template()
	if err != nil {
		t.Fatal(err)
	}
	if p, err := Read(empty); err != nil || len(p.Rows) != 0 || len(p.Columns) != len(forms()) || len(p.Ignored) != 0 {
		t.Fatalf("the empty template reads as %+v, %v", p, err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(empty))
	if err != nil {
		t.Fatal(err)
	}
	f.SetSheetRow(listName, "A2", &[]string{"1", "Ông", "Vũ Đức Long", "", "Giám đốc", "Sở Y tế", "Chủ tọa", "07", "Có"})
	f.SetSheetRow(listName, "A3", &[]string{"2", "Bà", "Lã Kim Dung", "", "", "", "Thư ký", "8", "", "", "3-5"})
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	p, err := Read(b.Bytes())
	if err != nil || len(p.Problems) != 0 || len(p.Rows) != 2 || p.Rows[0].Seat != "07" || !slices.Equal(p.Rows[1].Items, []int{3, 4, 5}) {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestEveryChoiceOfTheTemplateIsUnderstood(t *testing.T) {
	for _, column := range forms() {
		if columnOf(column.heading) == "" {
			t.Errorf("heading %q is not one of ours", column.heading)
		}
		for _, choice := range column.choices {
			c := cells{columnOf(column.heading): choice, ColumnName: "A"}
			if _, problems := c.row(1); len(problems) > 0 {
				t.Errorf("%q is refused: %+v", choice, problems)
			}
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte(office))
	f.Add([]byte("\xff\xfeN\x00a\x00m\x00e\x00"))
	f.Add([]byte("sep=;\nTên;Nội dung\n\"A;1-99,1-99\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(holdsLimits)
}

// FuzzWorkbook puts a stranger's sheet and strings into a sound container, so
// that the parser behind the ZIP is reached.
func FuzzWorkbook(f *testing.F) {
	whole := officeWorkbook(f)
	f.Add(part(f, whole, "xl/worksheets/sheet1.xml"), part(f, whole, "xl/sharedStrings.xml"))
	f.Add([]byte(`<worksheet><sheetData><row r="9999999999"><c r="A-1" t="s"><v>-4</v></c></row></sheetData></worksheet>`), []byte(`<sst><si/></sst>`))
	f.Fuzz(func(t *testing.T, sheet, shared []byte) {
		holdsLimits(t, repack(t, whole, map[string][]byte{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": shared}))
	})
}

func holdsLimits(t *testing.T, data []byte) {
	p, err := Read(data)
	if err != nil && len(p.Rows)+len(p.Problems) > 0 {
		t.Fatalf("an error and a preview: %v", err)
	}
	for _, r := range p.Rows {
		if r.Name == "" && !p.Blocked() {
			t.Fatalf("a nameless row would be imported: %+v", r)
		}
		if len([]rune(r.Name)) > MaxCell || len(r.Items) > mostItems {
			t.Fatalf("over the limits: %+v", r)
		}
	}
}

func part(t testing.TB, whole []byte, name string) []byte {
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := fs.ReadFile(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func repack(t testing.TB, whole []byte, replaced map[string][]byte) []byte {
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		data, ok := replaced[f.Name]
		if !ok {
			data = part(t, whole, f.Name)
		}
		out, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
	}
	w.Close()
	return b.Bytes()
}
