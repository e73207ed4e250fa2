package web

import (
	"context"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"phonghop/meeting"
	"phonghop/templates"
)

// browser is a Chromium without a picture.
func browser(t *testing.T) context.Context {
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
	if found, _ := fs.Glob(templates.Assets(), "main-*.js"); len(found) == 0 {
		t.Skip("no scripts built: run make generate")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, shut := chromedp.NewContext(allocator)
	t.Cleanup(shut)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// wire stands before the room and may be cut.
type wire struct {
	room http.Handler
	seat []*http.Cookie
	cut  func(*http.Request) bool
}

// ServeHTTP asks the room as the tablet whose cookies it has.
func (x *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if x.cut(r) {
		panic(http.ErrAbortHandler)
	}
	for _, c := range x.seat {
		r.AddCookie(c)
	}
	x.room.ServeHTTP(rw, r)
}

// Typing is kept while typing, recorded when the box is left, and lost by no lost
// line: the words stay in the box and go again by themselves.
func TestTypingIsKeptAndRecorded(t *testing.T) {
	ctx := browser(t)
	h := writing(t)
	clerk := h.at(clerkID)
	at, err := url.Parse(h.server.URL)
	h.check(err)
	down := make(chan bool, 1)
	down <- false
	h.server.Config.Handler = &wire{room: h.web.Handler(), seat: clerk.client.Jar.Cookies(at), cut: func(r *http.Request) bool {
		is := <-down
		down <- is
		return is && r.Method == http.MethodPost
	}}
	const opening = `[data-box="opening"] textarea`
	h.check(chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(h.server.URL+"/minutes"), chromedp.WaitVisible(opening)))
	h.check(chromedp.Do(ctx, chromedp.SendKeys(opening, "Chủ tọa khai mạc. "), chromedp.WaitVisible(`[data-saving]:not([hidden])`)))
	said := inPage[string](t, ctx, `document.querySelector("[data-saving]").textContent`)
	if !strings.HasPrefix(said, "Đã lưu nháp ") {
		t.Errorf("the strip says %q", said)
	}
	if kept := must(h.web.draftsOf(t.Context(), clerkID, h.room.State().Session.ID()))(t); kept["opening"].Text == "" {
		t.Error("no draft was kept")
	}
	inPage[bool](t, ctx, `document.querySelector('[popovertarget=min-phrases]').click(), true`)
	h.check(chromedp.Do(ctx, chromedp.WaitVisible(`#min-phrases`)))
	picture(t, ctx, "phrases")
	inPage[bool](t, ctx, `dispatchEvent(new KeyboardEvent("keydown", {key: "1", bubbles: true, cancelable: true})), true`)
	<-down
	down <- true
	inPage[bool](t, ctx, `document.activeElement.blur(), true`)
	h.check(chromedp.Do(ctx, chromedp.WaitVisible(`[data-box="opening"].unsent`)))
	picture(t, ctx, "unsent")
	if text := h.room.State().Session.Account().Opening; text != "" {
		t.Errorf("recorded over a lost line: %q", text)
	}
	<-down
	down <- false
	h.waitFor("the words go again", func(s *meeting.Session) bool {
		text := s.Account().Opening
		return strings.HasPrefix(text, "Chủ tọa khai mạc. Chủ tọa tuyên bố lý do")
	})
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Conclude(a, anItem, "Thống nhất.")
	})
	_, err = chromedp.Run(ctx, chromedp.Poll[bool](`document.querySelector('[data-box="conclusion/item-1"] textarea').value === "Thống nhất."`))
	h.check(err)
	picture(t, ctx, "after")
}

func inPage[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// picture is left in PHONGHOP_STAGE to be looked at.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("PHONGHOP_STAGE")
	if folder == "" {
		return
	}
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "minutes-live-"+name+".png"), shot, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
