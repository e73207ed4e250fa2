package templates

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// tablet is a screen in some size and some reader's size of letters.
type tablet struct {
	wide, high  int64
	size, theme string
}

func (x tablet) String() string {
	name := fmt.Sprintf("%dx%d", x.wide, x.high)
	for _, part := range []string{x.size, x.theme} {
		if part != "" {
			name += "-" + part
		}
	}
	return name
}

var (
	tablets = []tablet{
		{1280, 800, "", ""}, {962, 601, "", ""}, {601, 962, "", ""}, {390, 844, "", ""},
		{1280, 800, "a-plus", ""}, {1280, 800, "a-plus-plus", ""}, {800, 1280, "a-plus-plus", ""},
	}
	projectors = []tablet{{1920, 1080, "", ""}}
	// Looked at too when pictures are taken.
	moreTablets    = []tablet{{800, 1280, "", ""}, {1080, 810, "", ""}, {1280, 800, "", "dark"}}
	moreProjectors = []tablet{{1280, 720, "", ""}}
)

// screensFor are the sizes a screen is looked at in.
func screensFor(name string) []tablet {
	few, more := tablets, moreTablets
	if strings.HasPrefix(name, "hall") {
		few, more = projectors, moreProjectors
	}
	if os.Getenv("PHONGHOP_STAGE") == "" {
		return few
	}
	return slices.Concat(few, more)
}

// faults is what is wrong with a page as it was laid out: something to scroll
// sideways, a target too small for a finger, letters too small, words cut off.
const faults = `(() => {
  const out = [], hall = document.documentElement.dataset.screen === "hall", h = innerHeight;
  const seen = (e) => { const r = e.getBoundingClientRect(), s = getComputedStyle(e); return r.width > 1 && r.height > 1 && s.visibility !== "hidden" && !e.closest("[hidden],.visually-hidden,svg,noscript") && e.checkVisibility(); };
  const says = (e) => e.tagName.toLowerCase() + "." + String(e.className) + " " + e.textContent.trim().slice(0, 30);
  if (document.documentElement.scrollWidth > innerWidth) out.push("scrolls sideways by " + (document.documentElement.scrollWidth - innerWidth));
  const least = (e) => e.matches(".ballot") ? 120 : e.matches(".primary") ? 96 : 48;
  for (const e of hall ? [] : document.querySelectorAll("a,button,summary,input:not([type=hidden],[type=checkbox]),textarea,label.tick")) {
    if (!seen(e)) continue;
    const r = e.getBoundingClientRect();
    if (r.height < least(e) - 0.5 || r.width < 47.5) out.push("small target " + Math.round(r.width) + "x" + Math.round(r.height) + ": " + says(e));
    if (r.left < -1 || r.right > innerWidth + 1) out.push("off the side: " + says(e));
  }
  const smallest = hall ? h * 0.0309 : 19.9;
  for (const e of document.querySelectorAll("body *")) {
    if (!seen(e) || ![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    if (parseFloat(s.fontSize) < smallest) out.push("small text " + s.fontSize + ": " + says(e));
    if (r.left < -1 || r.right > innerWidth + 1) out.push("text off the side: " + says(e));
    const scroller = e.closest("[data-scrolls],.agenda,.papers,.paper-list,.side,.my-record,.conclusion,.topic-sheet");
    if (!scroller && r.bottom > h + 1) out.push("text below the edge: " + says(e));
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      const t = getComputedStyle(up), b = up.getBoundingClientRect();
      if (t.overflowY === "visible" && t.overflowX === "visible") continue;
      if (/auto|scroll/.test(t.overflowY)) break;
      if (r.right > b.right + 1 || r.bottom > b.bottom + 1) { out.push("cut text: " + says(e)); break; }
    }
  }
  for (const e of document.querySelectorAll(".key,.ballot,.seat,.chip,.slip,.tab,.verdict,.middle,.outcome,.my-turn,.banner,.turnout")) {
    if (seen(e) && (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 6)) out.push("does not fit: " + says(e) + " " + e.scrollWidth + ">" + e.clientWidth + " " + e.scrollHeight + ">" + e.clientHeight);
  }
  const foot = document.querySelector(".sheet-vote ~ .vote-foot, #sheet:not(:empty) ~ .vote-foot");
  for (const e of document.querySelectorAll(".ballot")) if (foot && e.getBoundingClientRect().bottom > foot.getBoundingClientRect().top) out.push("key under the foot: " + says(e));
  const panes = [...document.querySelectorAll(".rest > main, .actions, .vote-foot, .sheet-vote, .strip, .my-turn, .turnout")].filter(seen).map((e) => [e, e.getBoundingClientRect()]);
  for (const [e, r] of panes) if (r.bottom > h + 1) out.push("below the edge: " + e.className + " by " + Math.round(r.bottom - h));
  return [...new Set(out)];
})()`

// TestScreensFit lays out every screen at every size and measures it. It needs
// Chromium; with PHONGHOP_STAGE=FOLDER it leaves a picture of each there, and
// PHONGHOP_SHOTS=PART looks only at screens whose name holds the part.
func TestScreensFit(t *testing.T) {
	browser := chromium(t)
	if len(manifest()) == 0 {
		t.Skip("no stylesheets built: run make generate")
	}
	all := shots(t)
	server := httptest.NewServer(stageHandler(t, all))
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

// look turns the page that is open into one on another tablet and measures it.
func look(t *testing.T, browser context.Context, name string, x tablet) {
	t.Helper()
	reader := fmt.Sprintf(`Object.assign(document.documentElement.dataset, {size: %q, theme: %q || document.documentElement.dataset.screen && "dark" || ""});
		document.fonts.ready.then(() => true)`, x.size, x.theme)
	err := chromedp.Do(browser, chromedp.EmulateViewport(x.wide, x.high))
	if err == nil {
		_, err = chromedp.Run(browser, chromedp.Evaluate[bool](reader, chromedp.EvalAwaitPromise))
	}
	if err != nil {
		t.Fatalf("%s at %s: %v", name, x, err)
	}
	wrong, err := chromedp.Run(browser, chromedp.Evaluate[[]string](faults))
	if err != nil {
		t.Fatalf("%s at %s: %v", name, x, err)
	}
	for _, fault := range wrong {
		t.Errorf("%s at %s: %s", name, x, fault)
	}
	if folder := os.Getenv("PHONGHOP_STAGE"); folder != "" {
		keepPicture(t, browser, filepath.Join(folder, name+"-"+x.String()+".png"))
	}
}

func keepPicture(t *testing.T, browser context.Context, path string) {
	t.Helper()
	picture, err := chromedp.Run(browser, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(path, picture, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// stageHandler serves the shots without a stream: they stand still.
func stageHandler(t *testing.T, all []shot) http.Handler {
	mux := http.NewServeMux()
	files := http.FileServerFS(Assets())
	mux.HandleFunc("GET /assets/{name}", func(rw http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.TrimPrefix(asset(r.PathValue("name")), "/assets")
		files.ServeHTTP(rw, r)
	})
	for _, x := range all {
		mux.HandleFunc("GET /"+x.name, func(rw http.ResponseWriter, r *http.Request) {
			html := x.html(t, Vietnamese)
			fmt.Fprint(rw, strings.Replace(html, "data-live=\"", "data-still=\"", 1))
		})
	}
	return mux
}

func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium: apt-get install chromium")
		}
		t.Skip("no Chromium: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	browser, shut := chromedp.NewContext(allocator)
	t.Cleanup(shut)
	return browser
}
