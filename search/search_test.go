package search

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/text/unicode/norm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func opened(t testing.TB, path string) *Index {
	t.Helper()
	x := New(path)
	if err := x.open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func fresh(t testing.TB) *Index {
	t.Helper()
	return opened(t, filepath.Join(t.TempDir(), "search.db"))
}

// put indexes texts as the pages of a document.
func put(t testing.TB, x *Index, doc string, texts ...string) {
	t.Helper()
	var pages []Page
	for i, text := range texts {
		pages = append(pages, Page{Number: i + 1, Text: text, Words: laid(text)})
	}
	if err := x.Put(t.Context(), doc, pages); err != nil {
		t.Fatal(err)
	}
	if err := x.Done(t.Context(), doc, len(pages)); err != nil {
		t.Fatal(err)
	}
}

// laid sets a text as words, ten a line, each in a place of its own.
func laid(text string) (words []Word) {
	for i, w := range strings.Fields(text) {
		words = append(words, Word{Text: w, X: float32(i%10) / 10, Y: float32(i/10) / 100, W: 0.09, H: 0.009})
	}
	return words
}

// found lists the pages of an answer as "doc/page".
func found(t testing.TB, x *Index, typed string, in ...string) (list []string) {
	t.Helper()
	hits, more, err := x.Find(t.Context(), typed, in, 50)
	if err != nil || more {
		t.Fatalf("Find(%q): more %v, %v", typed, more, err)
	}
	for _, h := range hits {
		list = append(list, fmt.Sprintf("%s/%d", h.Doc, h.Page))
	}
	return list
}

// shown writes a snippet with its marks as [ ].
func shown(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Marked {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestWhatIsTypedIsFound(t *testing.T) {
	x := fresh(t)
	put(t, x, "a",
		"Nghị quyết đầu tư công trung hạn của tỉnh",
		"Tờ trình số 118/TTr-SKHĐT ngày 05 tháng 02 năm 2026 về đất ở đường Trưng Vương",
		"Tổng mức 1.500.000.000 đồng; bà Đặng Thị Hoà, email lan.anh@example.vn; NĐ 30/2020/NĐ-CP",
	)
	put(t, x, "b", norm.NFD.String("Quyết định giải ngân vốn: đầu mối tư vấn, nghị sự"))
	for typed, want := range map[string]string{
		"nghi quyet dau tu":                   "a/1 b/1",
		"Nghị quyết đầu tư":                   "a/1 b/1",
		"NGHỊ QUYẾT ĐẦU TƯ":                   "a/1 b/1",
		norm.NFD.String("nghị quyết đầu tư"):  "a/1 b/1",
		`"nghi quyet dau tu"`:                 "a/1",
		`“nghị quyết” công`:                   "a/1",
		`"dau tu`:                             "a/1",
		`"quyet nghi"`:                        "",
		"trung vuong":                         "a/2",
		"118/TTr-SKHĐT":                       "a/2",
		"118/ttr-skhdt":                       "a/2",
		"118/TTr":                             "a/2",
		"ttr/118":                             "",
		"đường":                               "a/2",
		"duong":                               "a/2",
		"ĐƯƠ":                                 "a/2",
		"duo vuong":                           "",
		"vuong duo":                           "a/2",
		"1.500.000.000":                       "a/3",
		"1.500":                               "a/3",
		"hòa":                                 "a/3",
		"30/2020/nđ-cp":                       "a/3",
		"lan.anh@example.vn":                  "a/3",
		"giai ngan von":                       "b/1",
		"nghi quyet khong co":                 "",
		"":                                    "",
		" *?-\"()^ ":                          "",
		"AND":                                 "",
		"dau OR giai":                         "",
		"đầu AND tư":                          "",
		"folded:dau":                          "",
		strings.Repeat("đầu ", mostTerms+200): "a/1 b/1",
	} {
		if got := strings.Join(found(t, x, typed, "a", "b"), " "); got != want {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
}

func TestTheStrictestReadingComesFirst(t *testing.T) {
	x := fresh(t)
	put(t, x, "first",
		"đạt nhiều kết quả, quy hoạch chung",
		"dai hoi; đất rừng; đai an toàn; quy mô; hoạch định",
		"Quy hoạch sử dụng đất đai",
		"đất quy hoạch",
	)
	put(t, x, "second", "đất đai", "đất")
	for typed, want := range map[string]string{
		"đất":               "first/2 first/3 first/4 second/1 second/2 first/1",
		"dat":               "first/1 first/2 first/3 first/4 second/1 second/2",
		"đất đai":           "first/3 second/1 first/2",
		"đất đai quy hoạch": "first/2 first/3",
		"quy hoach dat":     "first/1 first/2 first/3 first/4",
		"đ":                 "first/1 first/2 first/3 first/4 second/1 second/2",
		`"quy hoach" dat`:   "first/1 first/3 first/4",
		"h":                 "first/1 first/2 first/3 first/4",
		"hoach d":           "first/2 first/1 first/3 first/4",
		"su d":              "first/3",
	} {
		if got := strings.Join(found(t, x, typed, "first", "second"), " "); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	if got := found(t, x, "đất đai", "second", "first"); !slices.Equal(got, []string{"second/1", "first/3", "first/2"}) {
		t.Errorf("the papers asked for first do not come first: %q", got)
	}
}

func TestOnlyThePapersGivenAreLookedAt(t *testing.T) {
	x := fresh(t)
	put(t, x, "open", "kinh phí chung")
	for i := range 60 {
		put(t, x, fmt.Sprintf("closed%d", i), "kinh phí kinh phí kinh phí")
	}
	hits, more, err := x.Find(t.Context(), "kinh phí", []string{"open", "open", "unknown"}, 1)
	if err != nil || more || len(hits) != 1 || hits[0].Doc != "open" {
		t.Errorf("hits %v, more %v, %v", hits, more, err)
	}
	if hits, more, err := x.Find(t.Context(), "kinh phí", nil, 10); err != nil || more || len(hits) != 0 {
		t.Errorf("of no papers: %v, %v, %v", hits, more, err)
	}
	hits, more, err = x.Find(t.Context(), "kinh", []string{"closed1", "closed2", "open"}, 2)
	if err != nil || !more || len(hits) != 2 {
		t.Errorf("hits %v, more %v, %v", hits, more, err)
	}
}

func TestSnippetShowsTheOriginal(t *testing.T) {
	x := fresh(t)
	long := strings.Repeat("Căn cứ Luật Tổ chức chính quyền địa phương ", 20)
	put(t, x, "a",
		long+"xét Tờ trình, UBND tỉnh\nban hành Nghị quyết  đầu tư công."+long,
		norm.NFD.String("Nghị quyết")+" về đầu mối ............................................... tư vấn",
		"đầu đầu đầu đầu "+long+" tư đầu",
	)
	hits, _, err := x.Find(t.Context(), "nghi quyet dau tu", []string{"a"}, 10)
	if err != nil || len(hits) != 2 {
		t.Fatalf("%v, %v", hits, err)
	}
	if got := shown(hits[0].Snippet); !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || hits[0].Words != 4 ||
		!strings.Contains(got, "UBND tỉnh ban hành [Nghị quyết đầu tư] công.Căn cứ") {
		t.Errorf("%d words, %q", hits[0].Words, got)
	}
	if got := shown(hits[1].Snippet); got != "[Nghị quyết] về [đầu] mối … [tư] vấn" {
		t.Errorf("%q", got)
	}
	hits, _, err = x.Find(t.Context(), "dau tu", []string{"a"}, 10)
	if last := hits[len(hits)-1]; err != nil || last.Page != 3 || last.Words != 6 || !strings.HasSuffix(shown(last.Snippet), "[tư đầu]") {
		t.Errorf("not the stretch with both words: %q, %v", shown(last.Snippet), err)
	}
}

func TestMarks(t *testing.T) {
	x := fresh(t)
	text := "Tờ trình số 118/TTr-SKHĐT về đầu tư; tư vấn nghị quyết đầu tư công và đạt đất"
	put(t, x, "a", text)
	words := laid(text)
	for typed, want := range map[string]string{
		"nghi quyet dau tu": "nghị quyết đầu tư",
		"118/ttr":           "118/TTr-SKHĐT",
		"skhđt":             "118/TTr-SKHĐT",
		"tu van":            "tư vấn",
		"van dau":           "đầu vấn đầu",
		"đất":               "đất",
		"dat":               "đạt đất",
		"c":                 "công",
		"so khong":          "",
		"":                  "",
	} {
		boxes, err := x.Marks(t.Context(), "a", 1, typed)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range boxes {
			got = append(got, strings.TrimSuffix(at(t, words, b), ";"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q marks %q, want %q", typed, got, want)
		}
	}
	for doc, page := range map[string]int{"a": 2, "b": 1} {
		if boxes, err := x.Marks(t.Context(), doc, page, "so"); err != nil || boxes != nil {
			t.Errorf("of no page: %v, %v", boxes, err)
		}
		if text, err := x.Text(t.Context(), doc, page); err != nil || text != "" {
			t.Errorf("of no page: %q, %v", text, err)
		}
	}
	if got, err := x.Text(t.Context(), "a", 1); err != nil || got != text {
		t.Errorf("%q, %v", got, err)
	}
}

// at is the word whose place b is, to a tenth of a pixel of a wide screen.
func at(t *testing.T, words []Word, b Box) string {
	t.Helper()
	near := func(x, y float32) bool { return x-y < 1e-4 && y-x < 1e-4 }
	for _, w := range words {
		if near(w.X, b.X) && near(w.Y, b.Y) && near(w.W, b.W) && near(w.H, b.H) {
			return w.Text
		}
	}
	t.Fatalf("no word stands at %v", b)
	return ""
}

func TestPutReplacesAndDoneCompletes(t *testing.T) {
	x := fresh(t)
	ctx := t.Context()
	put(t, x, "a", "một", "hai", "ba")
	if !x.Has(ctx, "a", 3) || x.Has(ctx, "a", 2) || x.Has(ctx, "b", 0) {
		t.Error("Has is wrong")
	}
	put(t, x, "a", "bốn", "hai")
	for typed, want := range map[string]string{"một": "", "bốn": "a/1", "hai": "a/2", "ba": ""} {
		if got := strings.Join(found(t, x, typed, "a"), " "); got != want {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
	if err := x.Put(ctx, "c", []Page{{Number: 2, Text: "trang hai"}}); err != nil {
		t.Fatal(err)
	}
	if err := x.Done(ctx, "c", 2); err == nil || x.Has(ctx, "c", 2) {
		t.Errorf("complete without its first page: %v", err)
	}
	if got := found(t, x, "trang", "c"); !slices.Equal(got, []string{"c/2"}) {
		t.Errorf("not found before it is complete: %q", got)
	}
	if err := x.Put(ctx, "c", []Page{{Number: 0}}); err == nil {
		t.Error("page 0 was taken")
	}
	if err := x.Forget(ctx, "a"); err != nil || x.Has(ctx, "a", 2) || found(t, x, "hai", "a") != nil {
		t.Errorf("not forgotten: %v", err)
	}
	if err := x.Forget(ctx, "a"); err != nil {
		t.Error(err)
	}
}

func TestPagesWithoutTextAreMadeOfTheirWords(t *testing.T) {
	x := fresh(t)
	if err := x.Put(t.Context(), "a", []Page{{Number: 1, Words: laid("chỉ có chữ")}}); err != nil {
		t.Fatal(err)
	}
	if got, _ := x.Text(t.Context(), "a", 1); got != "chỉ có chữ" || found(t, x, "co chu", "a") == nil {
		t.Errorf("%q", got)
	}
}

func TestItStaysOverARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder with ?#%", "search.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	x := opened(t, path)
	put(t, x, "a", "đường sắt")
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.Find(context.Background(), "duong", []string{"a"}, 1); err == nil {
		t.Error("answered after Close")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	x = opened(t, path)
	if !x.Has(t.Context(), "a", 1) || found(t, x, "duong sat", "a") == nil {
		t.Error("lost over a restart")
	}
}
