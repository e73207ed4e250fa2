package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is for what must come, however slow the machine.
const patience = 2 * time.Minute

// TestBrowser holds sessions the way people do: the real program, the real
// screens, in Chromium. Every tablet is a browser of its own by its cookies; all
// of them are one process.
func TestBrowser(t *testing.T) {
	browser := chromium(t)
	for name, play := range map[string]func(*table){
		"a session is held":            sessionIsHeld,
		"answers and lines are lost":   linesAreLost,
		"a stale screen is refused":    staleScreenIsRefused,
		"the room dies during a vote":  roomDies,
		"sixty others vote meanwhile":  othersVote,
		"a tablet runs without script": withoutScript,
		"every page keeps the policy":  pagesKeepPolicy,
		"a vote goes over the board":   voteOverBoard,
		"a rehearsal is joined":        rehearsalIsJoined,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(&table{box: newBox(t), browser: browser})
		})
	}
}

// chromium is one browser for the whole test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium: apt-get install chromium")
		}
		t.Skip("no Chromium: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	browser, quit := chromedp.NewContext(allocator)
	t.Cleanup(quit)
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return browser
}

// table is a demo session with tablets round it.
type table struct {
	*box
	browser context.Context
}

// tablet is one screen somebody sits at.
type tablet struct {
	t       *testing.T
	ctx     context.Context
	name    string // of the seat
	at      string // the address of the room, as this tablet reaches it
	console *console
}

// console is what a page complained of: errors of scripts, breaches of policy.
type console struct {
	mu    sync.Mutex
	wrong []string
}

// hear takes every event of a page. Answers that did not come or said no are the
// matter of the tests; everything else a browser complains of is wrong, and so is
// a script, style, font or sign that is not there.
func (c *console) hear(event any) {
	wrong := ""
	switch e := event.(type) {
	case *log.EventEntryAdded:
		bad := e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning
		if bad && (e.Entry.Source != log.EntrySourceNetwork || strings.Contains(e.Entry.URL, "/assets/")) {
			wrong = fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		wrong = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			wrong += " " + e.ExceptionDetails.Exception.Description
		}
	}
	if wrong != "" {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.wrong = append(c.wrong, wrong)
	}
}

// sit opens the link of a seat on a tablet of its own; by is the address the
// room has for it.
func (x *table) sit(seat, by string) *tablet {
	x.t.Helper()
	b := x.place(seat, by)
	b.opens("/enter/" + x.links[seat])
	return b
}

// place puts an empty tablet at a seat.
func (x *table) place(seat, by string) *tablet {
	x.t.Helper()
	c := &console{}
	ctx, stop := chromedp.NewContext(x.browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(c.hear))
	ctx, cancel := context.WithTimeout(ctx, 6*time.Minute)
	b := &tablet{t: x.t, ctx: ctx, name: "seat " + seat, at: by, console: c}
	x.t.Cleanup(func() {
		cancel()
		stop()
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, wrong := range c.wrong {
			x.t.Errorf("%s: %s", b.name, wrong)
		}
	})
	b.do(chromedp.EmulateViewport(1280, 800))
	return b
}

func (b *tablet) opens(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.at + path))
}

// stopScript makes the tablet one that runs no script, from the next page on.
func (b *tablet) stopScript() {
	b.t.Helper()
	b.do(func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	})
}

func (b *tablet) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", b.name, err)
	}
}

// becomes waits until a script expression is true, over reloads too.
func (b *tablet) becomes(expression string, args ...any) {
	b.t.Helper()
	expression = fmt.Sprintf(expression, args...)
	guarded := "(() => { try { return !!(" + expression + ") } catch { return false } })()"
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](guarded)); err == nil && is {
			return
		}
	}
	b.t.Fatalf("%s: %s never became true in:\n%s", b.name, expression, b.eval("document.body.innerText"))
}

// says waits until a part of the page holds all of these words.
func (b *tablet) says(selector string, words ...string) {
	b.t.Helper()
	for _, w := range words {
		b.becomes("[...document.querySelectorAll(%q)].some((e) => e.textContent.replace(/\\s+/g, ' ').includes(%q))", selector, w)
	}
}

// lacks waits until nothing on the page is such an element.
func (b *tablet) lacks(selector string) {
	b.t.Helper()
	b.becomes("!document.querySelector(%q)", selector)
}

// eval is what an expression, or the promise it makes, comes to.
func (b *tablet) eval(expression string) string {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("Promise.resolve("+expression+").then(String)", chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %s: %v", b.name, expression, err)
	}
	return got
}

func (b *tablet) is(expression, want string) {
	b.t.Helper()
	if got := b.eval(expression); got != want {
		b.t.Errorf("%s: %s is %q, want %q", b.name, expression, got, want)
	}
}

// touches waits for a key that can be touched, and touches it where it is: a key
// that something else covers is not pressed.
func (b *tablet) touches(selector string) {
	b.t.Helper()
	b.becomes(`((e, r) => r.width && !e.disabled && getComputedStyle(e).pointerEvents !== "none")(
		document.querySelector(%q), document.querySelector(%[1]q).getBoundingClientRect())`, selector)
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// steps presses the key of the next step once it means this.
func (b *tablet) steps(meaning string) {
	b.t.Helper()
	b.touches(fmt.Sprintf("#next-step[data-label-key^=%q]:not([data-resting])", meaning))
}

// taps touches a key of the vote sheet.
func (b *tablet) taps(choice string) {
	b.t.Helper()
	b.touches("#choice-" + choice)
}

// recorded waits until a key of the sheet says so, as the n-th tap.
func (b *tablet) recorded(choice string, n int) {
	b.t.Helper()
	b.becomes(`((k) => k.dataset.state === "recorded" && k.querySelector(".say").textContent.startsWith("ĐÃ GHI "))(document.querySelector("#choice-%s"))`, choice)
	b.becomes(`document.querySelector("form[data-ballot]").elements.n.value === "%d"`, n+1)
}

// mine is what the room keeps of whoever sits here: "ballot.code".
func (b *tablet) mine(path string) string {
	b.t.Helper()
	return b.eval(`fetch("/api/session").then((r) => r.json()).then((s) => s.mine.` + path + `)`)
}

// marks remembers the page, to tell later that it was not loaded anew.
func (b *tablet) marks() { b.t.Helper(); b.is(`window.marked = "same page"`, "same page") }

func (b *tablet) samePage() { b.t.Helper(); b.is("window.marked", "same page") }

// text is an element's words on one line.
func (b *tablet) text(selector string) string {
	b.t.Helper()
	return strings.Join(strings.Fields(b.eval(fmt.Sprintf("document.querySelector(%q).innerText", selector))), " ")
}
