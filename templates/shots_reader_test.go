package templates

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"phonghop/meeting"
)

// drawnPage stands for the picture of a page: an address that a test can draw.
const drawnPage = "aa00000000000000000000000000000000000000000000000000000000000000"

// papered is a sitting with papers that are drawn, one of them in its second
// version, one to be returned and one for a single member.
func papered(t *testing.T) *drama {
	d := newDrama(t).people(30).agenda()
	d.must(d.s.PlacePaper(d.by("clerk"), readBy(d.paper("r1", "i3", "Phương án nhân sự.pdf"), meeting.ReadersMembers, true)))
	d.must(d.s.PlacePaper(d.by("clerk"), readBy(d.paper("o1", "i3", "Ý kiến riêng của Sở Văn hóa.pdf"), meeting.ReadersNamed, false, "m12")))
	for _, id := range []string{"p0", "p2", "r1", "o1"} {
		d.draw(id, 24)
	}
	d.sit(30)
	d.wait(20 * time.Minute)
	again := d.paper("x9", "i3", "Báo cáo thẩm tra 86/BC-VP.pdf")
	again.Replaces, again.Ref = "p2", strings.Repeat("b", 64)
	d.must(d.s.PlacePaper(d.by("clerk"), again))
	return d.draw("x9", 24)
}

func readBy(n meeting.NewPaper, who meeting.Readers, recall bool, people ...meeting.PersonID) meeting.NewPaper {
	n.Readers, n.Recall, n.People = who, recall, people
	n.Ref = fmt.Sprintf("%064x", []byte(n.ID))
	return n
}

// draw records pages of a paper; of a second version the third and the seventh
// differ.
func (d *drama) draw(id string, pages int) *drama {
	x := meeting.Drawn{Paper: meeting.PaperID(id), From: 1, Total: pages, Renderer: "pdfium"}
	for n := range pages {
		image := fmt.Sprintf("%064x", n+1)
		if id == "x9" && (n == 2 || n == 6) {
			image = fmt.Sprintf("%064x", 1000+n)
		}
		x.Images, x.W, x.H = append(x.Images, image), append(x.W, 1240), append(x.H, 1754)
	}
	d.must(d.s.DrawPages(meeting.Act{At: d.now, Saw: -1}, x))
	return d
}

// reads is a shot of somebody reading; change says what is not as usual.
func (d *drama) reads(name, who, paper string, page int, change func(*Reading)) shot {
	d.t.Helper()
	id := meeting.PersonID(who)
	m, _ := d.s.Mine(id)
	v := d.s.SeenBy(d.s.AudienceOf(id))
	x := Reading{Page: page, Total: 24, Image: drawnPage, W: 1240, H: 1754, Fine: true}
	for _, found := range d.s.Drawings() {
		if string(found.ID) == paper {
			x.Paper = found
		}
	}
	if change != nil {
		change(&x)
	}
	return shot{"reader-" + name, d.now, func(p Page) templ.Component { return ReaderPage(p, v, m, x) }}
}

func (d *drama) searches(name, who string, x Search) shot {
	id := meeting.PersonID(who)
	m, _ := d.s.Mine(id)
	v := d.s.SeenBy(d.s.AudienceOf(id))
	return shot{"reader-search-" + name, d.now, func(p Page) templ.Component { return SearchPage(p, v, m, x) }}
}

func readerShots(t *testing.T) []shot {
	d := papered(t)
	newer, err := d.s.PaperOf("m12", "x9")
	d.must(nil, err)
	all := []shot{
		d.reads("first", "m12", "p0", 1, nil),
		d.reads("found", "m12", "p0", 7, func(x *Reading) {
			x.Find, x.Marks = "dự án 14", []WordBox{{0.16, 0.3, 0.08, 0.016}, {0.25, 0.3, 0.05, 0.016}}
		}),
		d.reads("version", "m12", "x9", 3, nil),
		d.reads("old", "m12", "p2", 24, func(x *Reading) { x.Newer = &newer }),
		d.reads("waiting", "m12", "p1", 1, func(x *Reading) { x.Image, x.W, x.H, x.Total = "", 0, 0, 0 }),
		d.reads("failed", "m12", "p0", 5, func(x *Reading) { x.Image, x.Failed = "", true }),
		d.reads("shut", "m12", "p0", 1, func(x *Reading) { x.Image, x.Shut = "", true }),
		d.reads("coarse", "m12", "p0", 9, func(x *Reading) { x.Coarse = true }),
		d.reads("wide", "m12", "p0", 9, func(x *Reading) { x.W, x.H = 2480, 1754 }),
		d.reads("recall", "m12", "r1", 1, nil),
		d.reads("earlier", "m12", "p0", 2, func(x *Reading) { x.Session, x.Number = "s46", 46 }),
		d.reads("chair", "m01", "p0", 2, nil),
		d.member("read-home", "m12"), d.item("read-item", "m12", "i3"),
		d.searches("empty", "m12", Search{}),
		d.searches("short", "m12", Search{Query: "a", Short: true}),
		d.searches("none", "m12", Search{Query: "hồ chứa nước", Behind: true}),
		d.searches("shut", "m12", Search{Query: "hồ", Shut: true}),
		d.searches("found", "m12", foundIn(d)),
	}
	d.vote("v1", 9)
	all = append(all, d.reads("vote", "m12", "p0", 3, nil))
	d = papered(t)
	d.wait(time.Hour).must(d.s.CloseItem(d.by("m01"), "i3"))
	d.must(d.s.Close(d.by("m01")))
	return append(all, d.reads("returned", "m12", "r1", 1, nil))
}

func foundIn(d *drama) Search {
	x := Search{Query: "du an 14", Pages: 4, More: true}
	for i, p := range d.s.Papers("m12")[:2] {
		book := FoundPaper{Paper: p}
		for n := range 2 {
			book.Hits = append(book.Hits, FoundPage{7 + 34*n, []Piece{{"… Đối với ", false}, {"dự án", true}, {" số ", false}, {"14", true}, {" (Trung tâm y tế khu vực Bắc Trà Sơn): phần vốn điều chỉnh giảm được bố trí lại trong kế hoạch …", false}}})
		}
		if i == 1 {
			book.Session, book.Number = "s46", 46
		}
		x.Books = append(x.Books, book)
	}
	return x
}

// TestReaderShots draws every state of the reader and of the search in both
// languages, and says what must be there and what must not.
func TestReaderShots(t *testing.T) {
	pages := map[string]string{}
	for _, sc := range readerShots(t) {
		for _, lang := range []Lang{Vietnamese, English} {
			html := sc.html(t, lang)
			mustNotHold(t, sc.name, html, "‹", "%!", ` style="`)
			pages[sc.name+"."+string(lang)] = html
		}
	}
	for name, parts := range map[string][]string{
		"reader-first.vi":        {`href="/papers/p0/pages/1/` + drawnPage + `"`, "Trang sau", "/ 24"},
		"reader-found.vi":        {`class="found-mark" x="198"`, "Kết quả tìm", "find=d%E1%BB%B1"},
		"reader-version.vi":      {"Bản 2", "Trang 3", "Trang 7", `href="/papers/p2/read?page=3"`, "Xem bản trước"},
		"reader-version.en":      {"Version 2", "Version before"},
		"reader-old.vi":          {"Đã có bản 2", `href="/papers/x9/read?page=1"`},
		"reader-waiting.vi":      {"Trang đang được dựng…", `href="/papers/p1/pages/1"`, `http-equiv="refresh"`},
		"reader-failed.vi":       {"Trang này không dựng được, mở bản gốc"},
		"reader-shut.vi":         {"không dựng trang"},
		"reader-recall.vi":       {"TRẢ LẠI SAU KHI HỌP", `id="recalled-s47"`},
		"reader-returned.vi":     {Refusal(Vietnamese, meeting.PaperRecalled)},
		"reader-vote.vi":         {`class="vote sheet-vote"`, `name="choice"`},
		"reader-chair.vi":        {`hx-get="/member/call"`},
		"member-read-home.vi":    {"đổi trang 3, 7", "24 trang", "Bản 2", "Tài liệu gửi riêng", "Ý kiến riêng", "TRẢ LẠI SAU KHI HỌP", `/papers/o1/read`, `/papers/p0/thumbs/1`},
		"reader-search-found.vi": {"<mark>dự án</mark>", "Phiên 46", "4 trang trong 2 tài liệu", "session=s46"},
		"reader-search-none.vi":  {"Không tìm thấy “hồ chứa nước”", "đang được dựng"},
		"reader-search-short.vi": {"ít nhất hai chữ cái"},
		"reader-search-shut.vi":  {"không có mục tìm"},
		"reader-search-empty.vi": {"ngoặc kép"},
	} {
		mustHold(t, name, pages[name], parts...)
	}
	mustNotHold(t, "reader-failed", pages["reader-failed.vi"], "<image")
	mustNotHold(t, "reader-first", pages["reader-first.vi"], "http-equiv=\"refresh\"", "hx-get", "recalled-", "/opened")
}

// pictured answers for every picture of a page, with a drawing of one.
func pictured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/read"):
			rw.WriteHeader(http.StatusServiceUnavailable)
		case strings.HasPrefix(r.URL.Path, "/papers/"):
			rw.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(rw, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="1240" height="1754"><rect width="210" height="297" fill="#fff"/>`)
			for y := 30; y < 270; y += 9 {
				fmt.Fprintf(rw, `<text x="30" y="%d" font-family="serif" font-size="5">%d. Điều chỉnh giảm 214,6 tỷ đồng của 14 dự án giải ngân dưới 30%%</text>`, y, y)
			}
			fmt.Fprint(rw, `</svg>`)
		default:
			next.ServeHTTP(rw, r)
		}
	})
}

// TestReaderFits lays the reader out at every size and measures it, as
// TestScreensFit does.
func TestReaderFits(t *testing.T) {
	browser := chromium(t)
	if len(manifest()) == 0 {
		t.Skip("no stylesheets built: run make generate")
	}
	all := readerShots(t)
	server := httptest.NewServer(pictured(stageHandler(t, all)))
	defer server.Close()
	for _, x := range all {
		if !strings.Contains(x.name, os.Getenv("PHONGHOP_SHOTS")) {
			continue
		}
		if err := chromedp.Do(browser, chromedp.Navigate(server.URL+"/"+x.name)); err != nil {
			t.Fatal(err)
		}
		for _, screen := range screensFor(x.name) {
			look(t, browser, x.name, screen)
		}
	}
}
