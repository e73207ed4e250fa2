package main

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// pagesKeepPolicy opens every page a person can come to. What a browser has
// against one of them fails the test when the tablet is put away.
func pagesKeepPolicy(x *table) {
	stranger := x.place("", x.address)
	for _, path := range []string{"/join", "/join?code=1", "/enter/NOBODYSCARD", "/nothing/here", "/claim/NOBODYSLINK"} {
		stranger.opens(path)
		stranger.loaded(path)
	}
	clerk := x.sit("TK", x.address)
	for _, path := range []string{"/prepare", "/prepare/session", "/prepare/agenda", "/prepare/people", "/prepare/seats", "/prepare/cards", "/record", "/sessions", "/savings", "/it", "/"} {
		clerk.opens(path)
		clerk.loaded(path)
	}
	clerk.touches(`button[data-fkey="F4"]`)
	clerk.touches(`#sheet-roll [popovertargetaction="hide"]`)

	member := x.sit("12", x.address)
	for i := range 8 {
		item := x.sees("01", fmt.Sprintf("agenda.%d.id", i))
		member.opens("/items/" + item)
		member.loaded(item)
	}
	member.opens("/items/" + x.sees("01", "agenda.2.id"))
	member.touches(".paper-list a")
	member.becomes(`document.querySelector("#leaf.ready image")`)
	member.opens("/member/record")
	member.touches(`button[aria-label="English"]`)
	member.becomes(`document.documentElement.lang === "en"`)
	member.touches(`form:has(input[name=size][value="a-plus"]) button`)
	member.becomes(`document.documentElement.dataset.size === "a-plus"`)
}

// loaded waits until a page is whole, with its looks.
func (b *tablet) loaded(path string) {
	b.t.Helper()
	b.becomes(`document.readyState === "complete" && document.styleSheets.length > 0 && document.querySelector("h1, h2") && %q`, path)
}

// voteOverBoard: the demo's first page, where five screens stand side by side,
// each a site of its own inside another's page.
func voteOverBoard(x *table) {
	b := x.place("board", x.address)
	b.opens("/")
	chair, clerk, hall, member := x.pane(b, "chair"), x.pane(b, "secretary"), x.pane(b, "hall"), x.pane(b, "member1")
	chair.presses(`#next-step[data-label-key^="open-vote-"]`)
	chair.presses(`form[action$="/votes"] button[type=submit]`)
	member.presses("#choice-for")
	member.recorded("for", 1)
	for _, seen := range []*tablet{chair, clerk, hall} {
		seen.says("body", "1/20")
	}
}

// pane is a screen on the board that is open on a tablet.
func (x *table) pane(b *tablet, name string) *tablet {
	x.t.Helper()
	address := strings.Replace(x.address, "127.0.0.1", name+".localhost", 1)
	var id target.ID
	x.waits(func() bool {
		all, err := chromedp.CallBrowser(b.ctx, target.GetTargets, target.GetTargetsParams{})
		if err != nil {
			x.t.Fatal(err)
		}
		for _, i := range all.TargetInfos {
			if strings.HasPrefix(i.URL, address) {
				id = i.TargetID
			}
		}
		return id != ""
	})
	ctx, stop := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id), chromedp.WithListener(b.console.hear))
	x.t.Cleanup(stop)
	return &tablet{t: x.t, ctx: ctx, name: "pane " + name, at: address, console: b.console}
}

// presses presses a key by script, where a frame takes no touches of ours.
func (b *tablet) presses(selector string) {
	b.t.Helper()
	b.becomes(`((e) => e && !e.disabled && !e.hasAttribute("data-resting"))(document.querySelector(%q))`, selector)
	b.eval(fmt.Sprintf("document.querySelector(%q).click()", selector))
}
