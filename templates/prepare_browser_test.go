package templates

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
)

// TestPreparePagesFit lays out the pages of preparing as TestScreensFit does the
// screens. They scroll, so only what stands across the page is measured; the
// printed cards are measured in millimetres.
func TestPreparePagesFit(t *testing.T) {
	browser := chromium(t)
	if len(manifest()) == 0 {
		t.Skip("no stylesheets built: run make generate")
	}
	all := prepareShots(t)
	server := httptest.NewServer(stageHandler(t, all))
	defer server.Close()
	for _, x := range all {
		if !strings.Contains(x.name, os.Getenv("PHONGHOP_SHOTS")) {
			continue
		}
		if err := chromedp.Do(browser, chromedp.Navigate(server.URL+"/"+x.name)); err != nil {
			t.Fatal(err)
		}
		if x.name == "prepare-cards-new" {
			wrong, err := chromedp.Run(browser, chromedp.Evaluate[[]string](cardFaults))
			if err != nil || len(wrong) > 0 {
				t.Errorf("cards: %v %v", wrong, err)
			}
			continue
		}
		for _, screen := range tablets {
			lookAcross(t, x.name, screen, func(script string) ([]string, error) {
				if err := chromedp.Do(browser, chromedp.EmulateViewport(screen.wide, screen.high)); err != nil {
					return nil, err
				}
				if _, err := chromedp.Run(browser, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); err != nil {
					return nil, err
				}
				return chromedp.Run(browser, chromedp.Evaluate[[]string](faults))
			})
			if folder := os.Getenv("PHONGHOP_STAGE"); folder != "" {
				keepPicture(t, browser, filepath.Join(folder, x.name+"-"+screen.String()+".png"))
			}
		}
	}
}

func lookAcross(t *testing.T, name string, x tablet, measure func(script string) ([]string, error)) {
	t.Helper()
	wrong, err := measure(fmt.Sprintf(`Object.assign(document.documentElement.dataset, {size: %q, theme: %q}); document.fonts.ready.then(() => true)`, x.size, x.theme))
	if err != nil {
		t.Fatalf("%s at %s: %v", name, x, err)
	}
	for _, fault := range wrong {
		if !strings.Contains(fault, "below the edge") && !strings.Contains(fault, "small target 32x32: input") { // a radio's label is the target
			t.Errorf("%s at %s: %s", name, x, fault)
		}
	}
}

// cardFaults: eight cards an A4 sheet, nothing cut off, no two words on top of
// each other.
const cardFaults = `(() => {
  const out = [], mm = 96 / 25.4;
  for (const e of document.querySelectorAll(".seat-card")) {
    const r = e.getBoundingClientRect(), who = e.querySelector(".card-who"), name = e.querySelector(".card-name").textContent;
    if (Math.abs(r.width - 105 * mm) > 0.5 || r.height > 74.25 * mm || r.height < 74 * mm) out.push(name + " is " + r.width / mm + " by " + r.height / mm + " mm");
    if (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1) out.push(name + " is cut off");
    if (who.scrollHeight > who.clientHeight + 1 || who.scrollWidth > who.clientWidth + 1) out.push("words on top of each other: " + name);
  }
  return out;
})()`

func prepareShots(t *testing.T) []shot {
	var all []shot
	for i, page := range preparePages(t, Page{}) {
		all = append(all, shot{"prepare-" + page.name, begin, func(p Page) templ.Component { return preparePages(t, p)[i].page }})
	}
	return all
}
