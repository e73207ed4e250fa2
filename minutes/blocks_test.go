package minutes

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// allBlocks is a sheet with every kind of block.
func allBlocks() Sheet {
	t := Table{Columns: []Column{{Title: "TT", Share: 1, Align: Centred}, {Title: "Tên", Share: 4}, {Title: "Số", Share: 1, Align: Right}}}
	t.Rows = []Row{Cells("1", "Một", "10"), {Height: 20, Cells: []Cell{{Runs: Bold("Cộng"), Span: 2}, {Runs: Plain("10")}}}, Cells("thiếu ô")}
	return Sheet{Title: "Mọi khối", Made: at(9, 0), Blocks: []Block{
		Heading{Superior: "Ủy ban nhân dân tỉnh Trà Sơn", Body: "Văn phòng", Number: "Số: 09/TB-VP", About: "V/v thử", Place: "Trà Sơn, ngày 25 tháng 6 năm 2026"},
		Frame{Text: "Trả lại sau khi họp"}, DocTitle{Name: "Thông báo", About: []string{"Kết luận", "tại phiên họp"}},
		Section("I. MỤC"), Body("Đoạn văn."), Para{Runs: []Run{{Text: "đậm", Bold: true}, {Text: "nghiêng ", Italic: true}, {Text: "thường ☐ Đồng ý\ndòng mới"}}},
		List{Marks: Letters, Items: [][]Run{Plain("một"), Plain("hai")}}, List{Marks: Dashes, Items: [][]Run{Plain("ba")}}, List{Marks: Numbers},
		t, Table{Bare: true, Columns: t.Columns, Rows: t.Rows[:1]}, Table{}, Table{Columns: t.Columns}, Blank{Lines: 3}, Gap{Height: 10}, Cut{},
		Together{Blocks: []Block{Body("cùng"), Body("nhau")}}, Together{}, PageBreak{}, Frame{Text: "Khẩn", Align: Left}, PageBreak{}, Code{Link: "https://a.local/x", Lines: Plain("mã")}, Code{Lines: Plain("không mã")},
		Signatures{Recipients: []string{"- Như trên;", "- Lưu: VT."}, Right: Signer{Titles: []string{"TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}, Note: "(Ký)", Name: "Hà Trung Kiên"}},
		Signatures{}, Recipients{}, Recipients{Lines: []string{"- Lưu: VT."}},
	}}
}

// hostileSheet puts one text everywhere a text can stand.
func hostileSheet(s string) Sheet {
	return Sheet{Title: s, Draft: s, Footer: s, Made: at(9, 0), Blocks: []Block{
		Heading{s, s, s, s, s}, DocTitle{s, []string{s}}, Para{Runs: []Run{{Text: s}, {Text: s, Bold: true}, {Text: s, Italic: true}}}, Section(s),
		List{Marks: Letters, Items: [][]Run{Plain(s)}},
		Table{Columns: []Column{{Title: s, Share: 1}, {Title: s, Share: 9}}, Rows: []Row{Cells(s, s), Cells(s, s, s)}},
		Frame{Text: s}, Code{Link: s, Lines: Plain(s)}, Signatures{Left: Signer{[]string{s}, s, s}, Right: Signer{[]string{s}, s, s}}, Recipients{Lines: []string{s}},
	}}
}

func hostileTexts() []string {
	return []string{
		"", " ", strings.Repeat("W", 2000), strings.Repeat("ệ", 2000), strings.Repeat("\u0301", 300), "\x00\x01\x1b[31m\x7f\u0085", "\u202eabc\u2066\u200f", "مرحبا بالعالم", "שלום עולם",
		"</w:t></w:r><script>alert(1)</script>", "]]>&amp;&#0;\"'", "😀👩‍👩‍👧 ☐ 漢字", "\xff\xfe\xc3", "\ufffe\uffff\ufeff", "a\n\n\nb\r\nc\vd\u2028e", "=1+1", "(\\)Tj ET %%EOF", strings.Repeat("họp ", 5000),
	}
}

func TestHostileTextsAreHarmless(t *testing.T) {
	for i, s := range hostileTexts() {
		t.Run(fmt.Sprint(i), func(t *testing.T) { drawsWell(t, hostileSheet(s)) })
	}
}

// drawsWell draws a sheet both ways; the DOCX must be XML in the right order.
func drawsWell(t interface {
	Fatal(...any)
	Helper()
}, sh Sheet) {
	t.Helper()
	var b strings.Builder
	if err := sh.WritePDF(&b); err != nil || !strings.HasPrefix(b.String(), "%PDF") {
		t.Fatal("PDF:", err)
	}
	d := docxPen{sheet: sh}
	d.blocks(sh.Blocks)
	for _, p := range d.parts() {
		if strings.HasSuffix(p.name, ".png") {
			continue
		}
		if err := inOrder([]byte(p.text)); err != nil {
			t.Fatal(p.name, err)
		}
	}
}

func FuzzSheet(f *testing.F) {
	for _, s := range hostileTexts() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { drawsWell(t, hostileSheet(s)) })
}

// TestLinesLoseNothing breaks any text at any width: every letter comes out
// once, in order, and no line is wider than its measure.
func TestLinesLoseNothing(t *testing.T) {
	all, err := newFaces()
	if err != nil {
		t.Fatal(err)
	}
	set := typesetter{&all}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aWiộƯ .,\n–"))).Draw(t, "text")
		wide := rapid.Float64Range(8, 170).Draw(t, "measure")
		first := rapid.Float64Range(0, 3).Draw(t, "indent")
		cut := rapid.IntRange(0, len([]rune(text))).Draw(t, "cut")
		r := []rune(text)
		var got strings.Builder
		for _, l := range set.lines([]Run{{Text: string(r[:cut])}, {Text: string(r[cut:]), Bold: true}}, 14, wide, first) {
			if l.width+l.indent > wide+0.01 {
				t.Fatalf("a line of %.2f mm in %.2f", l.width+l.indent, wide)
			}
			for _, p := range l.pieces {
				got.WriteString(p.text)
			}
		}
		if wordsOf(got.String()) != wordsOf(text) {
			t.Fatalf("%q became %q", text, got.String())
		}
	})
}

func TestTablesBreakBetweenRows(t *testing.T) {
	tb := Table{Columns: []Column{{Title: "Đầu bảng", Share: 1}, {Title: "Nội dung", Share: 3}}}
	for i := range 90 {
		tb.Rows = append(tb.Rows, Cells(fmt.Sprintf("dòng%03d", i), fmt.Sprintf("mở%03d %s đóng%03d", i, strings.Repeat("chữ ", 30), i)))
	}
	tb.Rows = append(tb.Rows, Cells("cao", strings.Repeat("rất dài ", 1500)+"hết"))
	all := pages(t, pdf(t, Sheet{Made: at(9, 0), Blocks: []Block{Body("Trước bảng."), tb, Body("Sau bảng.")}}))
	if len(all) < 6 {
		t.Fatalf("only %d pages", len(all))
	}
	for n, page := range all[:len(all)-1] {
		if strings.Count(page, "Đầu bảng") != 1 {
			t.Errorf("page %d: the head stands %d times", n+1, strings.Count(page, "Đầu bảng"))
		}
		for i := range 90 {
			if strings.Contains(page, fmt.Sprintf("mở%03d", i)) != strings.Contains(page, fmt.Sprintf("đóng%03d", i)) {
				t.Errorf("page %d: row %d is cut", n+1, i)
			}
		}
	}
	text := strings.Join(all, "\n")
	if strings.Count(text, "hết") != 1 || !strings.Contains(text, "Sau bảng.") {
		t.Error("what follows a row taller than a page is lost")
	}
}

// TestSignaturesAreNeverAlone tries every height of text above them.
func TestSignaturesAreNeverAlone(t *testing.T) {
	for n := 30; n < 50; n++ {
		sh := Sheet{Made: at(9, 0)}
		for i := range n {
			sh.Blocks = append(sh.Blocks, Body(fmt.Sprintf("Câu số %d.", i)))
		}
		sh.Blocks = append(sh.Blocks, Signatures{Left: Signer{Titles: []string{"THƯ KÝ"}, Name: "Người Ghi"}, Right: Signer{Titles: []string{"CHỦ TỌA"}, Name: "Người Chủ Trì"}})
		all := pages(t, pdf(t, sh))
		last := all[len(all)-1]
		if strings.Count(last, "Câu số") < 2 || !strings.Contains(last, "THƯ KÝ") || !strings.Contains(last, "Người Chủ Trì") {
			t.Errorf("%d lines: the last page is\n%s", n, last)
		}
	}
}

func TestPageNumbersBeginOnTheSecondPage(t *testing.T) {
	all := pages(t, pdf(t, Sheet{Made: at(9, 0), Blocks: []Block{Section("một"), PageBreak{}, Section("hai"), PageBreak{}, Body("ba")}}))
	for i, want := range []string{"một", "2 hai", "3 ba"} {
		if got := strings.Join(strings.Fields(all[i]), " "); got != want {
			t.Errorf("page %d: %q", i+1, got)
		}
	}
}
