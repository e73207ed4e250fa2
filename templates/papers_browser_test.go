package templates

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPapersFit lays out the console with files that came in, its sheets open
// too, and the pages of papers, and measures them as TestScreensFit does.
func TestPapersFit(t *testing.T) {
	browser := chromium(t)
	if len(manifest()) == 0 {
		t.Skip("no stylesheets built: run make generate")
	}
	all := paperShots(t)
	server := httptest.NewServer(stageHandler(t, all))
	defer server.Close()
	tables := []tablet{{1280, 800, "", ""}, {1440, 900, "", ""}, {962, 601, "", ""}, {1280, 800, "a-plus-plus", ""}}
	for _, x := range all {
		if !strings.Contains(x.name, os.Getenv("PHONGHOP_SHOTS")) {
			continue
		}
		sheets := []string{""}
		if x.name == "papers-console" {
			sheets = append(sheets, "sheet-arrivals", "aim-3-a1", "as-a1")
		}
		for _, sheet := range sheets {
			for _, table := range tables {
				lookAtPapers(t, browser, server.URL+"/"+x.name, x.name, sheet, table)
			}
		}
	}
}

func lookAtPapers(t *testing.T, browser context.Context, url, name, sheet string, x tablet) {
	t.Helper()
	if err := chromedp.Do(browser, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	opened := `true`
	if sheet != "" {
		name += "-" + sheet
		opened = `(document.getElementById("` + sheet + `").showPopover(), true)`
	}
	if ok, err := chromedp.Run(browser, chromedp.Evaluate[bool](opened)); err != nil || !ok {
		t.Fatalf("%s: %v", name, err)
	}
	if err := chromedp.Do(browser, chromedp.EmulateViewport(x.wide, x.high)); err != nil {
		t.Fatal(err)
	}
	lookAcross(t, name, x, func(script string) ([]string, error) {
		if _, err := chromedp.Run(browser, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); err != nil {
			return nil, err
		}
		return chromedp.Run(browser, chromedp.Evaluate[[]string](faults))
	})
	if folder := os.Getenv("PHONGHOP_STAGE"); folder != "" {
		keepPicture(t, browser, filepath.Join(folder, name+"-"+x.String()+".png"))
	}
}
