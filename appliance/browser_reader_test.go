package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestReading reads papers the way people do: real files dropped into the folder
// of an item, drawn by the real renderer, read in Chromium.
func TestReading(t *testing.T) {
	browser := chromium(t)
	for name, play := range map[string]func(*table){
		"a paper is read page by page":         paperIsRead,
		"a vote interrupts the reading":        voteInterrupts,
		"a new version comes while one reads":  newVersionComes,
		"words are found and marked":           wordsAreFound,
		"a paper is returned with the session": paperIsReturned,
		"a paper is read without script":       readWithoutScript,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(&table{box: newBox(t), browser: browser})
		})
	}
}

// drops puts a paper into the folder of item 3: a page for each text.
func (x *table) drops(name string, texts ...string) {
	x.t.Helper()
	f := newSheet(name)
	for i, text := range texts {
		if i > 0 {
			f.AddPage()
		}
		f.paragraph(text)
	}
	var file bytes.Buffer
	if err := f.Output(&file); err != nil {
		x.t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(x.dir, "inbox", "*", "03 *"))
	if err != nil || len(folders) != 1 {
		x.t.Fatalf("the folder of item 3: %v %v", folders, err)
	}
	if err := os.WriteFile(filepath.Join(folders[0], name+".pdf"), file.Bytes(), 0o600); err != nil {
		x.t.Fatal(err)
	}
}

var published = regexp.MustCompile(`/arrivals/[^"/]+/publish`)

// publishes presses PHÁT for the one file that waits for it, and answers the path
// of the paper's reader.
func (x *table) publishes(name string, fields ...string) string {
	x.t.Helper()
	before, key := x.newest(), ""
	x.waits(func() bool {
		key = published.FindString(x.page("TK", "/secretary"))
		return key != ""
	})
	x.press("TK", key, fields...)
	x.waits(func() bool { return x.newest() != before })
	if got := x.sees("01", "agenda.2.papers.-1.name"); got != name {
		x.t.Fatalf("the newest paper is %q, want %q", got, name)
	}
	return "/papers/" + x.newest() + "/read"
}

// newest is the id of item 3's last paper.
func (x *table) newest() string { return x.sees("01", "agenda.2.papers.-1.id") }

// page is a page as a program at a seat gets it.
func (x *table) page(seat, path string) string {
	x.t.Helper()
	r, err := x.seat(seat).Get(x.address + path)
	if err != nil {
		x.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	return string(body)
}

// shows waits until a page of a paper lies there with its picture.
func (b *tablet) shows(page int) {
	b.t.Helper()
	b.becomes(`document.querySelector("#leaf.ready").dataset.page === "%d" && document.querySelector("#leaf image").getBoundingClientRect().height > 200`, page)
}

// strikes presses a key of the keyboard.
func (b *tablet) strikes(key string) {
	b.t.Helper()
	b.is(fmt.Sprintf(`dispatchEvent(new KeyboardEvent("keydown", {key: %q}))`, key), "true")
}

// fetched counts how often pictures of a page came over the line.
func fetched(page int) string {
	return fmt.Sprintf(`performance.getEntriesByType("resource").filter((r) => /\/pages\/%d\/[0-9a-f]{64}$/.test(r.name)).length`, page)
}

func paperIsRead(x *table) {
	x.drops("Báo cáo", "Trang một.", "Trang hai.", "Trang ba.", "Trang bốn.", "Trang năm.")
	path := x.publishes("Báo cáo")
	b := x.sit("05", x.address)
	b.touches(fmt.Sprintf(`.paper-list a[href=%q]`, path))
	b.shows(1)
	b.marks()
	b.says("#pager", "/ 5")

	// The next page is there before it is asked for, and comes once.
	b.becomes(`%s === 1`, fetched(2))
	b.touches(`#pager a[rel="next"]`)
	b.shows(2)
	b.is(fetched(2), "1")
	b.is(`document.activeElement.rel`, "next")

	b.strikes("End")
	b.shows(5)
	b.strikes("Home")
	b.shows(1)
	b.strikes("ArrowRight")
	b.shows(2)
	b.becomes(`(dispatchEvent(new KeyboardEvent("keydown", {key: "PageDown"})), document.querySelector("#leaf").dataset.page === "3")`)
	b.asks("4")
	b.shows(4)
	b.becomes(`document.querySelectorAll("#thumbs img").length === 5`)
	b.touches(`#thumbs [data-leaf="5"]`)
	b.shows(5)
	b.swipes(300)
	b.shows(4)
	b.samePage()

	b.touches(`[data-zoom="1"]`)
	b.touches(`[data-zoom="1"]`)
	b.becomes(`document.querySelector("#leaf image").getAttribute("href").includes("/fine/4") && document.querySelector("#zoom-says").textContent === "200 %%"`)
	b.opens(path)
	b.shows(4) // where the reader left off, but not at the size one page had needed
	b.becomes(`document.querySelector("#zoom-says").textContent === "Vừa chiều ngang"`)
}

// asks types the number of a page.
func (b *tablet) asks(page string) {
	b.t.Helper()
	field := chromedp.CSS(`#pager input[name=page]`)
	b.do(chromedp.Clear(field), chromedp.SendKeys(field, page+"\r"))
}

// swipes draws a finger over the page.
func (b *tablet) swipes(by int) {
	b.t.Helper()
	b.is(fmt.Sprintf(`(() => {
		const at = (x) => [new Touch({identifier: 1, target: document.getElementById("leaf"), clientX: x, clientY: 400})];
		const tell = (name, touches, changedTouches) => document.getElementById("leaf").dispatchEvent(new TouchEvent(name, {bubbles: true, cancelable: true, touches, changedTouches}));
		return tell("touchstart", at(600), at(600)) && tell("touchend", [], at(600 + %d));
	})()`, by), "true")
}

func voteInterrupts(x *table) {
	path := "/papers/" + x.sees("01", "agenda.2.papers.0.id") + "/read"
	b := x.sit("02", x.address)
	b.opens(path + "?page=2")
	b.shows(2)
	b.marks()
	x.opensVote("Thông qua kế hoạch")
	b.says("#sheet h1", "Thông qua kế hoạch")
	b.is(`document.elementFromPoint(640, 400).closest(".sheet-vote") !== null`, "true")
	b.strikes("Home")
	b.taps("for")
	b.recorded("for", 1)
	x.press("01", x.vote("close"), "anyway=1")
	b.lacks("form[data-ballot]")
	b.shows(2)
	b.samePage()
}

func newVersionComes(x *table) {
	x.drops("Dự thảo", "Trang một.", "Trang hai.", "Trang ba.")
	first := x.publishes("Dự thảo")
	b := x.sit("06", x.address)
	b.opens(first + "?page=3")
	b.shows(3)
	b.marks()
	x.drops("Dự thảo", "Trang một.", "Trang hai, đã sửa.", "Trang ba.")
	second := x.publishes("Dự thảo")
	b.says(".marks-line", "Đã có bản 2")
	b.shows(3)
	b.samePage()
	b.touches(fmt.Sprintf(`.marks-line a[href^=%q]`, second))
	b.shows(1)
	b.becomes(`(location.pathname === %q) && document.querySelector(".marks-line").textContent.includes("Bản 2")`, second)
	b.says(".marks-line", "Trang 2", "Xem bản trước")
	b.touches(`.marks-line [data-leaf="2"]`)
	b.shows(2)
	b.touches(fmt.Sprintf(`.marks-line a[href^=%q]`, first))
	b.becomes(`location.pathname === %q`, first)
	b.opens("/member")
	b.says(fmt.Sprintf(`.paper[href=%q]`, second), "Bản 2", "đổi trang 2", "3 trang")
	b.lacks(fmt.Sprintf(`.paper[href=%q]`, first))
}

func wordsAreFound(x *table) {
	x.drops("Phụ lục", "Trang đầu.", "Hồ chứa nước Đồng Mỏ đã nghiệm thu.")
	path := x.publishes("Phụ lục")
	b := x.sit("07", x.address)
	x.waits(func() bool { return strings.Contains(x.page("04", "/search?q=ho+chua+nuoc+dong+mo"), path) })
	b.touches(`.head a[href="/search"]`)
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), "ho chua nuoc dong mo\r"))
	b.says(".hits mark", "Hồ chứa nước Đồng Mỏ")
	b.touches(fmt.Sprintf(`.hits a[href^=%q]`, path))
	b.shows(2)
	b.becomes(`document.querySelectorAll(".found-mark").length >= 5`)
	b.becomes(`((m, d) => m.top >= d.top && m.bottom <= d.bottom && m.width > 10)(
		document.querySelector(".found-mark").getBoundingClientRect(), document.querySelector("#leaf").getBoundingClientRect())`)
	b.opens("/search?q=khongthayodau")
	b.says(".found", "Không tìm thấy “khongthayodau”")
}

func paperIsReturned(x *table) {
	x.drops("Phương án nhân sự", "Chỉ đọc trong phòng họp.")
	path := x.publishes("Phương án nhân sự", "chosen=1", "name=Phương án nhân sự", "recall=1")
	b := x.sit("08", x.address)
	b.opens(path)
	b.shows(1)
	b.says(".recall-mark", "TRẢ LẠI SAU KHI HỌP")
	b.is(`localStorage.length > 0`, "true")
	x.press("01", "/items/"+x.sees("01", "agenda.2.id")+"/close")
	x.press("01", "/session/close")
	b.says("[role=alert]", "Tài liệu này đã được thu hồi khi phiên họp bế mạc.")
	b.is(`document.querySelector("#leaf image")`, "null")
	b.opens(path)
	b.says("body", "Tài liệu này đã được thu hồi khi phiên họp bế mạc.")

	// The next person finds an empty tablet.
	b.opens("/enter/" + x.links["09"])
	b.becomes(`localStorage.length === 0`)
}

func readWithoutScript(x *table) {
	path := "/papers/" + x.sees("01", "agenda.2.papers.0.id") + "/read"
	b := x.place("03", x.address)
	b.stopScript()
	b.opens("/enter/" + x.links["03"])
	b.touches(fmt.Sprintf(`.paper-list a[href=%q]`, path))
	b.becomes(`document.querySelector("#leaf image").getBoundingClientRect().height > 200`)
	b.touches(`#pager a[rel="next"]`)
	b.becomes(`document.querySelector("#leaf").dataset.page === "2" && location.search === "?page=2"`)
	b.asks("1")
	b.becomes(`document.querySelector("#leaf").dataset.page === "1"`)
	b.lacks("#zooms:not([hidden])")
}
