package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const patience = 20 * time.Second // for what must come, however slow the machine

// tab is one page of a real browser, on a room of its own.
type tab struct {
	t    *testing.T
	ctx  context.Context
	room *fakeRoom
	url  string
}

// TestScripts plays what happens to a tablet, in Chromium and under the policy
// the room sends: no inline script, no eval.
func TestScripts(t *testing.T) {
	inRoot(t)
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		lacking(t, "no browser: apt-get install chromium")
	}
	files := servedFiles(t)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(chromium), chromedp.Headless, chromedp.NoSandbox)
	t.Cleanup(stop)
	browser, quit := chromedp.NewContext(allocator)
	t.Cleanup(quit)
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	for name, play := range map[string]func(*tab){
		"first connections fail":                  firstConnectionsFail,
		"a stream is cut":                         streamIsCut,
		"a stream falls silent":                   streamFallsSilent,
		"a stream is held back":                   streamIsHeldBack,
		"the line is lost and comes back":         lineIsLost,
		"another page is shown":                   anotherPage,
		"somebody types while the room goes on":   typingSurvives,
		"forms are refused, fail, and are taken":  formsAnswer,
		"a draft is kept until it is taken":       draftIsKept,
		"clocks follow the room":                  clocksFollow,
		"the next-step key rests":                 nextStepRests,
		"a ballot is recorded":                    ballotIsRecorded,
		"answers to a ballot are lost":            answersAreLost,
		"a newer tap takes over":                  newerTapTakesOver,
		"a ballot is refused":                     ballotIsRefused,
		"a vote is closed while a ballot is sent": voteClosesMeanwhile,
		"a page is opened anew after a lost tap":  pageOpenedAnew,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(newTab(t, browser, files))
		})
	}
}

// servedFiles is the finished assets, under their marked and their plain names.
func servedFiles(t *testing.T) map[string][]byte {
	t.Helper()
	built, err := bundle()
	if err != nil {
		t.Fatal(err)
	}
	icons, err := sprite(sources+"/icons", packages+"/lucide-static")
	if err != nil {
		t.Fatal(err)
	}
	built.add("icons.svg", icons)
	built.add("icon.svg", icons)
	files := map[string][]byte{}
	for name, content := range built {
		m := hashed.FindStringSubmatch(name)
		files[name], files[m[1]+m[2]] = content, content
	}
	return files
}

func newTab(t *testing.T, browser context.Context, files map[string][]byte) *tab {
	t.Helper()
	room, err := newFakeRoom(files)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(room)
	ctx, stop := chromedp.NewContext(browser)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(func() {
		cancel()
		stop()
		room.drop()
		server.CloseClientConnections()
		server.Close()
	})
	return &tab{t: t, ctx: ctx, room: room, url: server.URL}
}

// open shows the page and waits until its stream is up.
func (b *tab) open() {
	b.t.Helper()
	b.navigate()
	b.shows(`#count`, b.room.change(nil))
}

func (b *tab) navigate() {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url))
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// becomes waits until a script expression is true, over reloads too.
func (b *tab) becomes(expression string) {
	b.t.Helper()
	guarded := "(() => { try { return !!(" + expression + ") } catch { return false } })()"
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](guarded)); err == nil && is {
			return
		}
	}
	b.t.Fatalf("%s never became true in:\n%s", expression, b.eval("document.body.innerText"))
}

// shows waits until an element has a text.
func (b *tab) shows(selector, text string) {
	b.t.Helper()
	b.becomes(fmt.Sprintf("document.querySelector(%q)?.textContent === %q", selector, text))
}

// key waits until a ballot key is in a state and says so.
func (b *tab) key(choice, state, says string) {
	b.t.Helper()
	b.becomes(fmt.Sprintf("(k => (k.dataset.state ?? '') === %q && k.querySelector('.say').textContent === %q)(document.getElementById(%q))", state, says, choice))
}

func (b *tab) seen(selector string, seen bool) {
	b.t.Helper()
	b.becomes(fmt.Sprintf("(document.querySelector(%q).offsetParent !== null) === %v", selector, seen))
}

func (b *tab) eval(expression string) string {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

func (b *tab) is(expression, want string) {
	b.t.Helper()
	if got := b.eval(expression); got != want {
		b.t.Errorf("%s is %q, want %q", expression, got, want)
	}
}

// cast taps a ballot key once it may be touched.
func (b *tab) cast(choice string) {
	b.t.Helper()
	b.becomes("getComputedStyle(document.querySelector('.ballots')).pointerEvents === 'auto'")
	b.do(chromedp.Click("#" + choice))
}

func (b *tab) answers(f http.HandlerFunc) { b.room.set(func(r *fakeRoom) { r.answer = f }) }

// posts is the forms that arrived so far.
func (b *tab) posts() []url.Values {
	var all []url.Values
	b.room.set(func(r *fakeRoom) { all = slices.Clone(r.posts) })
	return all
}

// taps is the ballots among them: "1 for", "2 against".
func (b *tab) taps() []string {
	var all []string
	for _, p := range b.posts() {
		all = append(all, p.Get("n")+" "+p.Get("choice"))
	}
	return all
}
