package templates

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
)

// TestRehearsalPagesFit lays out the page of rehearsals in every state.
func TestRehearsalPagesFit(t *testing.T) {
	browser := chromium(t)
	if len(manifest()) == 0 {
		t.Skip("no stylesheets built: run make generate")
	}
	all := rehearsalShots()
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

// TestBandedScreensFit lays out screens with the band of a rehearsal, and with the
// line that offers the way in.
func TestBandedScreensFit(t *testing.T) {
	browser := chromium(t)
	if len(manifest()) == 0 {
		t.Skip("no stylesheets built: run make generate")
	}
	all := bandedShots(t)
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

func bandedShots(t *testing.T) []shot {
	d := newDrama(t).people(30).agenda().sit(30)
	all := []shot{d.member("item", "m12"), d.big("item")}
	d.speak()
	all = append(all, d.big("speaker"))
	d.vote("v1", 21)
	all = append(all, d.member("vote", "m12"), d.member("vote-open", "m29"), d.big("vote"))
	d.count("v1")
	all = append(all, d.member("result", "m12"), d.big("result"))
	var out []shot
	for _, x := range all {
		staged := x
		staged.name = x.name + "-staged"
		staged.draw = func(p Page) templ.Component { p.Staged = true; return x.draw(p) }
		out = append(out, staged)
		if !strings.Contains(x.name, "vote") { // none goes on while there is a vote
			offered := x
			offered.name = x.name + "-offered"
			offered.draw = func(p Page) templ.Component { p.Rehearsing = true; return x.draw(p) }
			out = append(out, offered)
		}
	}
	return out
}

func rehearsalShots() []shot {
	base := Rehearsal{Key: "k", Members: 22, Most: 2000}
	on := base
	on.On, on.InBox, on.Tablets, on.Here, on.Extra = true, true, 500, 500, "https://192.168.100.10:8443/rehearsal/join/K7Q2M4XP"
	coming, voting, outside, ending := on, on, on, on
	coming.Here, coming.Step = 213, RehearsalStep{Name: "come-in", Done: 213, Of: 500}
	voting.People = []RehearsalGuest{{Name: "Nguyễn Phạm Hoàng Khương Thượng Uyển", Here: true}, {Name: "Trần Quốc Bảo"}}
	voting.Step, voting.Fault = RehearsalStep{Name: "people", Vote: 2, Of: 1}, "Phiên họp đang tạm nghỉ."
	outside.InBox = false
	ending.Ending = true
	resting := on
	resting.Step, resting.Report = RehearsalStep{Name: "resting"}, reportOf("good")
	linked := base
	linked.Sitting, linked.Link = true, "https://192.168.100.10:8443/rehearsal#ABCDEFGHIJKLMNOPQRSTUVWXYZ.0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	good, bad := base, base
	good.Report, bad.Report = reportOf("good"), reportOf("bad")
	good.Report.Ended, bad.Report.Ended = "asked", "vote-open"
	pages := map[string]Rehearsal{
		"idle": base, "linked": linked, "coming": coming, "voting": voting, "outside": outside, "ending": ending, "resting": resting, "good": good, "bad": bad,
	}
	all := []shot{{"rehearsal-join", begin, func(p Page) templ.Component { return RehearsalJoin(p, "K7Q2M4XP") }}}
	for name, x := range pages {
		all = append(all, shot{"rehearsal-" + name, begin, func(p Page) templ.Component { return RehearsalPage(p, x) }})
	}
	return all
}

// reportOf is a report in which all went well, or nothing did.
func reportOf(verdict string) *RehearsalReport {
	waits := func(done, of int) RehearsalWaits {
		return RehearsalWaits{Of: of, Done: done, Half: 210 * time.Millisecond, Most: 430 * time.Millisecond, Slowest: 1280 * time.Millisecond, Took: 6200 * time.Millisecond, Seat: "Máy thử 417"}
	}
	r := &RehearsalReport{At: begin, Tablets: 500, InBox: true, ComeIn: waits(500, 500), Screens: waits(500, 500), Ask: waits(20, 20), Recount: true, Entries: 1623, Verdict: verdict, Joined: []string{"Nông Quang Hưng"}}
	r.Votes = []RehearsalVote{{Number: 1, Opening: waits(500, 500), Ballots: waits(500, 500), Counting: waits(500, 500), Adds: true, For: 350, Against: 100, Abstain: 51, Others: 1}}
	if verdict == "bad" {
		r.ComeIn, r.Ask, r.Dropped, r.Miscounts = waits(490, 500), waits(19, 20), 12, 2
		r.Votes = append(r.Votes, RehearsalVote{Number: 2, Ballots: waits(470, 490), Again: 3, Refused: 8, Lost: 12, Changed: 2})
		r.Wrong = []string{"not-in", "dark", "not-asked", "unseen", "lost", "refused", "miscounted", "uncounted", "no-vote", "dropped", "waited"}
		r.Trouble = []string{"Máy thử 014: ghosts: reaching the room: dial tcp 192.168.100.10:8443: connect: connection refused"}
	}
	return r
}

// A report says its figures, in both languages.
func TestARehearsalInWords(t *testing.T) {
	for _, x := range rehearsalShots() {
		for _, lang := range []Lang{Vietnamese, English} {
			mustNotHold(t, x.name, x.html(t, lang), "‹", "%!", ` style="`)
		}
	}
	html := ""
	for _, x := range rehearsalShots() {
		if x.name == "rehearsal-good" {
			html = x.html(t, Vietnamese)
		}
	}
	mustHold(t, "a good one", html, "Phòng chịu được 500 máy", "chậm nhất 1,28\u00a0giây", "Phiếu gửi 500, ghi nhận 500, mất 0, từ chối 0.",
		"một nửa trong 0,21\u00a0giây, 95 trên 100 trong 0,43\u00a0giây, lâu nhất 1,28\u00a0giây (Máy\u00a0thử\u00a0417)", "1.623 mục", "dùng chung bộ xử lý", "Trong đó có 1 phiếu")
	verdict, wrong := RehearsalVerdict(English, *reportOf("bad"))
	if !strings.Contains(verdict, "500") || len(wrong) != 11 || !strings.Contains(wrong[4], "12 ballots") {
		t.Errorf("%s %q", verdict, wrong)
	}
}
