package main

import (
	"net/http"
	"time"

	"github.com/chromedp/chromedp"
)

func firstConnectionsFail(b *tab) {
	b.room.set(func(r *fakeRoom) { r.refusals = 2 })
	b.navigate()
	b.shows("#count", b.room.change(nil))
	b.is(`document.body.textContent.includes("not yet")`, "false")
}

func streamIsCut(b *tab) {
	b.open()
	b.room.drop()
	b.shows("#count", b.room.change(nil))
	b.room.set(func(r *fakeRoom) {
		if last := r.lastIDs[len(r.lastIDs)-1]; last != "1.0" {
			b.t.Errorf("came back with Last-Event-ID %q, want what it saw last", last)
		}
	})
}

func streamFallsSilent(b *tab) {
	b.open()
	b.room.set(func(r *fakeRoom) { r.hush = true })
	want := b.room.change(nil)
	b.room.set(func(r *fakeRoom) { r.hush = false }) // the old stream has slept through it
	b.shows("#count", want)
}

func streamIsHeldBack(b *tab) {
	b.open()
	b.room.set(func(r *fakeRoom) { r.hold = true })
	b.room.drop()
	b.shows("#count", b.room.change(nil))
	b.shows("#count", b.room.change(nil))
}

func lineIsLost(b *tab) {
	b.open()
	b.becomes(`document.querySelector("#link.live").textContent === "Trực tuyến phòng"`)
	b.seen("#lost", false)
	b.room.set(func(r *fakeRoom) { r.refusals = 1000 })
	b.room.drop()
	b.becomes(`document.querySelector("#link.rejoining")?.textContent === "Đang nối lại"`)
	b.becomes(`document.querySelector("#link.lost")?.textContent === "Mất kết nối"`)
	b.seen("#lost", true)
	b.room.set(func(r *fakeRoom) { r.refusals = 0 })
	b.do(chromedp.Click("#rejoin"))
	b.shows("#count", b.room.change(nil))
	b.becomes(`document.querySelector("#link.live") !== null`)
	b.seen("#lost", false)
}

func anotherPage(b *tab) {
	b.open()
	b.room.change(func(s *state) { s.goTo = "/elsewhere" })
	b.becomes(`location.pathname === "/elsewhere"`)
}

func typingSurvives(b *tab) {
	b.open()
	b.do(chromedp.SendKeys("#text", "ABC "), chromedp.Click("#more summary"), chromedp.SendKeys("#title", "Q"))
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#title").setSelectionRange(1, 1)`))
	for range 5 {
		b.shows("#count", b.room.change(func(s *state) { s.Rows = append(s.Rows, len(s.Rows)+1) }))
	}
	b.is(`document.activeElement.id + " " + document.activeElement.selectionStart`, "title 1")
	b.is(`document.querySelector("#title").value + "|" + document.querySelector("#text").value`, "QTên|ABC Nháp")
	b.is(`document.querySelector("#more").open`, "true")
	b.is(`document.querySelector("#note [name=key]").value`, "act-"+b.eval(`document.querySelector("#count").textContent`))
}

func formsAnswer(b *tab) {
	b.open()
	b.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusConflict)
		w.Write([]byte(`<p class="banner">Chưa đủ điều kiện.</p>`))
	})
	b.do(chromedp.Click("#save"))
	b.shows("#notice", "Chưa đủ điều kiện.")
	b.answers(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "panic: no", http.StatusInternalServerError)
	})
	b.do(chromedp.Click("#save"))
	b.shows("#notice", "Máy phòng họp gặp lỗi.")
	b.answers(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	b.do(chromedp.Click("#save"))
	b.shows("#notice", "Chưa gửi được.")
	b.answers(nil)
	b.do(chromedp.Click("#save"))
	b.shows("#notice", "")
}

func draftIsKept(b *tab) {
	b.open()
	b.do(chromedp.SendKeys("#draft", "Đề nghị bổ sung"))
	b.do(chromedp.Reload())
	b.becomes(`document.querySelector("#draft").value === "Đề nghị bổ sung"`)
	b.do(chromedp.Click("#send"))
	b.becomes(`document.querySelector("#draft").value === ""`)
	b.do(chromedp.Reload())
	b.shows("#count", b.room.change(nil))
	b.is(`document.querySelector("#draft").value`, "")
}

func clocksFollow(b *tab) {
	b.room.change(func(s *state) { s.Ends, s.Since = b.room.Clock()+95_000, b.room.Clock()-125_000 })
	b.open()
	b.becomes(`/^01:3[0-5]$/.test(document.querySelector("#left").textContent)`)
	b.shows("#since", "2")
	b.is(`document.querySelector("#left").className + "/" + document.querySelector("#bar").className + "/" + document.querySelector("#until").hidden`, "digits/time/false")
	b.room.change(func(s *state) { s.Ends = b.room.Clock() + 20_000 })
	b.becomes(`document.querySelector("#bar.low")?.value > 39000`)
	b.room.change(func(s *state) { s.Ends = b.room.Clock() - 62_000 })
	b.becomes(`/^01:0[2-9]$/.test(document.querySelector("#left.over-time")?.textContent)`)
	b.is(`document.querySelector("#until").hidden`, "true")
	now := func(t time.Time) string { return t.UTC().Add(7 * time.Hour).Format("15:04") }
	before := now(time.Now())
	if got := b.eval(`document.querySelector("#wall").textContent`); got != before && got != now(time.Now()) {
		b.t.Errorf("the wall clock says %s at %s", got, before)
	}
}

func nextStepRests(b *tab) {
	b.open()
	b.room.change(func(s *state) { s.Step = "ĐÓNG" })
	b.becomes(`document.querySelector("#next").hasAttribute("data-resting")`)
	b.is(`(document.querySelector("#next").click(), document.querySelector("#next").textContent)`, "ĐÓNG")
	b.becomes(`!document.querySelector("#next").hasAttribute("data-resting")`)
	press := `dispatchEvent(new KeyboardEvent("keydown", {key: "F4", cancelable: true}))`
	b.is(press, "false")
	b.do(chromedp.Click("#save")) // one more, so that all earlier ones have arrived
	b.becomes(`document.querySelector("#notice") !== null && performance.getEntriesByType("resource").some((e) => e.name.endsWith("/notes"))`)
	if n := len(b.posts()); n != 2 {
		b.t.Errorf("%d posts arrived, want one of the key and one of the form", n)
	}
}
