package main

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// linesAreLost: the first stream is answered 503, the answers to a ballot are
// lost, the line is cut and comes back.
func linesAreLost(x *table) {
	l := x.line()
	l.fails(faults{mute: 2})
	b := x.sit("02", l.server.URL)
	b.marks()
	x.opensVote("Thông qua kế hoạch")
	b.says("#sheet h1", "Thông qua kế hoạch")
	b.is(`document.body.textContent.includes("not there yet")`, "false")

	// Only the receipt says ĐÃ GHI: not the tap, nor that the room has it.
	before := x.ballots()
	l.fails(faults{drops: true, mute: 1 << 30})
	b.taps("for")
	b.becomes(`document.querySelector("#choice-for").dataset.state === "writing"`)
	x.waits(func() bool { return x.ballots() != before })
	b.is(`/ĐÃ GHI \d/.test(document.querySelector("#choice-for").innerText)`, "false")
	x.waits(func() bool { return strings.Count(l.went(), "1 for") > 1 })
	l.fails(faults{mute: 1 << 30})
	b.becomes(`document.querySelector("#choice-for").dataset.state === "recorded"`)
	b.is(`document.querySelector("[data-fill=code]").textContent`, b.mine("ballot.code"))
	if strings.Trim(strings.ReplaceAll(l.went(), "1 for", ""), "[ ]") != "" {
		x.t.Errorf("one tap went by as %s", l.went())
	}
	if after := x.ballots(); after != plus(before, 1) {
		x.t.Errorf("%s ballots before the tap, %s after it", before, after)
	}

	// While the line is cut the room goes on; one message makes it right again.
	l.fails(faults{cut: true})
	x.press("03", x.vote("ballot"), "choice=for", "n=1")
	x.press("01", x.vote("close"), "anyway=1")
	b.becomes(`!!document.querySelector("form[data-ballot]") && document.querySelector("#link").dataset.state !== "live"`)
	l.fails(faults{})
	b.says("#result", "KHÔNG THÔNG QUA", x.sees("01", "votes.-1.sentence"))
	b.becomes(`document.querySelector("#link").dataset.state === "live"`)
	b.samePage()
}

// staleScreenIsRefused: a tablet that shows what is over gets the sentence, and
// what stands.
func staleScreenIsRefused(x *table) {
	l := x.line()
	b := x.sit("02", l.server.URL)
	x.opensVote("Thông qua kế hoạch")
	b.taps("for")
	b.recorded("for", 1)
	l.fails(faults{mute: 1 << 30})
	x.press("01", x.vote("close"), "anyway=1")
	b.taps("against")
	b.says("[data-fill=message]", "Cuộc biểu quyết đã đóng")
	b.is(`document.querySelector("#choice-for").dataset.state`, "recorded")
	l.fails(faults{})
	b.lacks("form[data-ballot]")
	b.becomes(`document.querySelector("#next-step[data-label-key=ask]:not([data-resting])")`)

	l.fails(faults{mute: 1 << 30})
	x.press("TK", "/people/"+b.mine("person.person")+"/presence", "state=away")
	b.steps("ask")
	b.says("#notice", "Chưa điểm danh có mặt")
	l.fails(faults{})
	b.steps("present")
	b.steps("ask")
	b.becomes(`document.querySelector("#next-step").dataset.labelKey === "withdraw"`)
	b.is(`document.querySelector("#notice").textContent.trim()`, "")
}

// roomDies: kill -9 in the middle of a vote. The tablets come back by
// themselves, what was recorded stands, a tap made meanwhile arrives.
func roomDies(x *table) {
	voted, tapping, hall := x.sit("02", x.address), x.sit("03", x.address), x.sit("", x.address)
	x.opensVote("Thông qua kế hoạch")
	voted.taps("against")
	voted.recorded("against", 1)
	code := voted.mine("ballot.code")
	for _, b := range []*tablet{voted, tapping, hall} {
		b.says("body", "1/20")
		b.marks()
	}
	x.kill()
	tapping.taps("for")
	tapping.becomes(`document.querySelector("#choice-for").dataset.state === "writing"`)
	tapping.becomes(`!document.querySelector(".unsaved[data-show~=late]").hidden`)
	x.startAgain()
	tapping.recorded("for", 1)
	x.press("04", x.vote("ballot"), "choice=for", "n=1")
	for _, b := range []*tablet{voted, tapping, hall} {
		b.says("body", "3/20")
		b.samePage()
	}
	voted.is(`document.querySelector("#choice-against").dataset.state`, "recorded")
	voted.is(`document.querySelector("[data-fill=code]").textContent`, code)
	voted.taps("for")
	voted.recorded("for", 2)
	x.press("01", x.vote("close"), "anyway=1")
	if got := x.sees("01", "votes.-1.result.for"); got != "3" {
		x.t.Errorf("%s are for, want 3", got)
	}
	x.stop()
	x.verify()
}

// othersVote: a finger rests on a key while ballots of others arrive by the
// dozen. The key under it stays the same key, and letting go votes.
func othersVote(x *table) {
	b := x.sit("02", x.address)
	x.opensVote("Thông qua kế hoạch")
	b.becomes(`getComputedStyle(document.querySelector("form[data-ballot]")).pointerEvents !== "none"`)
	b.becomes(`(() => {
		const form = document.querySelector("form[data-ballot]"), key = form.querySelector("#choice-against");
		window.kept = {form, key, changes: 0};
		new MutationObserver((all) => (kept.changes += all.length)).observe(form, {subtree: true, childList: true, attributes: true, characterData: true});
		key.focus();
		return document.activeElement === key;
	})()`)
	x.at(b, input.DispatchMouseEventTypeMousePressed)
	x.storm(strings.Fields("03 04 05 06 07 08 09 10 11 12 13 14 15 16 17"), 4)
	b.says("#turnout", "15/20")
	b.is(`[kept.key === document.querySelector("#choice-against"), kept.form === document.querySelector("form[data-ballot]"), document.activeElement === kept.key, kept.changes]`, "true,true,true,0")
	x.at(b, input.DispatchMouseEventTypeMouseReleased)
	b.recorded("against", 1)
	b.says("#turnout", "16/20")
}

// at presses or releases where the key against is.
func (x *table) at(b *tablet, what input.DispatchMouseEventType) {
	x.t.Helper()
	var px, py float64
	where := b.eval(`(({x, y, width, height}) => (x + width / 2) + " " + (y + height / 2))(kept.key.getBoundingClientRect())`)
	if _, err := fmt.Sscan(where, &px, &py); err != nil {
		x.t.Fatal(err)
	}
	b.do(chromedp.MouseEvent(what, px, py, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

// storm lets these seats vote at once, each so many times.
func (x *table) storm(seats []string, times int) {
	x.t.Helper()
	path := x.vote("ballot")
	for _, seat := range seats {
		x.seat(seat)
	}
	var all sync.WaitGroup
	for _, seat := range seats {
		all.Go(func() {
			for n := 1; n <= times; n++ {
				choice := []string{"for", "against", "abstain"}[n%3]
				if status, body := x.tries(seat, path, "choice="+choice, fmt.Sprintf("n=%d", n)); status != 200 {
					x.t.Errorf("seat %s: %d %s", seat, status, body)
				}
			}
		})
	}
	all.Wait()
}

// withoutScript: an old tablet that runs no script goes the whole way by plain
// forms and pages that look again by themselves.
func withoutScript(x *table) {
	b := x.place("18", x.address)
	b.stopScript()
	b.opens("/enter/" + x.links["18"])
	b.touches("#next-step[data-label-key=present]")
	b.touches("#next-step[data-label-key=ask]")
	b.becomes(`document.querySelector("#next-step").dataset.labelKey === "withdraw"`)
	b.says("body", "Đã đăng ký, thứ 1")

	x.opensVote("Thông qua kế hoạch")
	b.says("#sheet h1", "Thông qua kế hoạch")
	b.taps("for")
	b.recorded("for", 1)
	b.taps("abstain")
	b.recorded("abstain", 2)
	x.press("01", x.vote("close"), "anyway=1")
	b.says("#result", "KHÔNG THÔNG QUA")

	b.opens("/items/" + x.sees("01", "agenda.2.id"))
	b.do(chromedp.SendKeys(chromedp.CSS("#opine textarea"), "Đề nghị làm rõ nguồn vốn."))
	b.touches(`button[form="opine"]`)
	b.says("#opinion ol", "Đề nghị làm rõ nguồn vốn.")
	b.opens("/member")
	b.touches(`#actions a[href="/member/record"]`)
	b.says("#own-record", "Không biểu quyết", x.sees("01", "votes.-1.ballots.17.code"))
}
