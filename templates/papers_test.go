package templates

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"phonghop/meeting"
)

// arrived are files in every state a secretary meets.
func arrived() []meeting.Arrival {
	at := time.Date(2026, 6, 24, 2, 10, 0, 0, time.UTC)
	file := func(id string, item int, name string, state meeting.ArrivalState, trouble meeting.Trouble) meeting.Arrival {
		return meeting.Arrival{ID: id, Item: itemNo(item), ItemNo: item, File: name + ".pdf", Name: name, Size: 48 << 20, Got: 48 << 20, State: state, Trouble: trouble, At: at, From: "folder"}
	}
	second := file("a1", 3, "Phụ lục 1. Danh mục 41 dự án điều chuyển vốn", meeting.ArrivalWaiting, "")
	second.Replaces, second.Version, second.Pages, second.Total = "d1", 2, 24, 61
	coming := file("a2", 4, "Dự thảo Đề án chuyển đổi số, bản trình họp", meeting.ArrivalReceiving, "")
	coming.Got = coming.Size * 45 / 100
	lost := file("a3", 0, "Báo cáo thẩm định", meeting.ArrivalWaiting, meeting.TroubleNoItem)
	lost.Item = ""
	locked := file("a4", 5, "Danh sách cán bộ", meeting.ArrivalRefused, meeting.TroubleEncrypted)
	font := file("a5", 5, "Bao cao so ket", meeting.ArrivalNoticed, meeting.TroubleOldFont)
	font.Detail, font.Pages, font.Total = ".VnTime", 12, 12
	return []meeting.Arrival{second, coming, lost, locked, font, file("a6", 6, "Văn bản góp ý của Bộ", meeting.ArrivalHeld, ""), file("a7", 7, "Phụ lục bảng giá đất", meeting.ArrivalChecking, "")}
}

// Every trouble the law of the room names has its sentence, and says it with
// its detail too.
func TestEveryTroubleHasItsSentence(t *testing.T) {
	source, err := os.ReadFile("../meeting/arrival.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`Trouble\w+ +Trouble += "([a-z-]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(found) < 20 {
		t.Fatalf("only %d troubles found: the pattern no longer fits", len(found))
	}
	for _, m := range found {
		for _, l := range []Lang{Vietnamese, English} {
			for _, detail := range []string{"", "Tệp 7"} {
				s := TroubleSentence(l, meeting.Arrival{Trouble: meeting.Trouble(m[1]), Detail: detail})
				if s == "" || s == l.T("trouble.other") || strings.ContainsAny(s, "‹%") || !strings.HasSuffix(s, ".") {
					t.Errorf("%s in %s with %q: %q", m[1], l, detail, s)
				}
			}
		}
	}
	if s := TroubleSentence(Vietnamese, meeting.Arrival{Trouble: meeting.TroubleDuplicate, Detail: "Tờ trình"}); !strings.Contains(s, "“Tờ trình”") {
		t.Errorf("a detail is not said: %q", s)
	}
	if TroubleSentence(Vietnamese, meeting.Arrival{}) != "" {
		t.Error("a file without trouble is complained of")
	}
	if s := TroubleSentence(Vietnamese, meeting.Arrival{Trouble: "of-next-year"}); s != Vietnamese.T("trouble.other") {
		t.Errorf("an unknown trouble: %q", s)
	}
}

func TestChangedPages(t *testing.T) {
	p := Page{Lang: Vietnamese}
	for want, changed := range map[string][]int{
		"":                       nil,
		"đổi trang 3, 7":         {3, 7},
		"đổi trang 3–5, 7":       {3, 4, 5, 7},
		"đổi trang 1–2":          {1, 2},
		"đổi trang 61":           {61},
		"đổi 9 trang":            {1, 3, 5, 7, 9, 11, 13, 15, 17},
		"đổi trang 1–10, 20, 30": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30},
	} {
		if got := ChangedPages(p, changed); got != want {
			t.Errorf("%v: %q, want %q", changed, got, want)
		}
	}
}

// What each state of a file lets the secretary do, and what it does not.
func TestArrivalKeys(t *testing.T) {
	verbs := func(a meeting.Arrival) string {
		p := newPlay(t)
		html := drawn(t, arrivalRow(p.page(Vietnamese), p.view(meeting.SecretaryScreen), a))
		var out []string
		for _, verb := range []string{"publish", "hold", "dismiss"} {
			if strings.Contains(html, `action="/arrivals/`+a.ID+"/"+verb+`"`) {
				out = append(out, verb)
			}
		}
		for _, sheet := range []string{aimID(a), arrivalID("as", a)} {
			if strings.Contains(html, `popovertarget="`+sheet+`"`) {
				out = append(out, strings.SplitN(sheet, "-", 2)[0])
			}
		}
		return strings.Join(out, " ")
	}
	want := map[string]string{
		"a1": "publish hold dismiss aim as", // waiting
		"a2": "",                            // receiving
		"a3": "hold dismiss aim",            // waiting, of no item
		"a4": "dismiss",                     // refused
		"a5": "dismiss",                     // noticed
		"a6": "publish dismiss aim as",      // held
		"a7": "",                            // checking
	}
	for _, a := range arrived() {
		if got := verbs(a); got != want[a.ID] {
			t.Errorf("%s (%s): %q, want %q", a.ID, a.State, got, want[a.ID])
		}
	}
}

// The console shows first what waits; the strip counts it.
func TestForemostArrival(t *testing.T) {
	list := arrived()
	for i, want := range []string{"a1", "a3", "a4", "a5", "a2", "a7", "a6"} {
		a, ok := foremost(list)
		if !ok || a.ID != want {
			t.Fatalf("%d: %s is shown, want %s", i, a.ID, want)
		}
		for j := range list {
			if list[j].ID == a.ID {
				list = append(list[:j:j], list[j+1:]...)
				break
			}
		}
	}
	p := newPlay(t)
	page := p.page(Vietnamese)
	strip := func(list []meeting.Arrival) string {
		page.Arrivals = list
		return drawn(t, clerkStrip(page, p.view(meeting.SecretaryScreen)))
	}
	all := arrived()
	mustHold(t, "waiting", strip(all), "Chờ phát: 2")
	mustHold(t, "trouble", strip(all[3:]), "Cần xem: 2")
	mustHold(t, "coming", strip(all[6:]), "Đang nhận: 1")
	mustNotHold(t, "held", strip(all[5:6]), "arrivals-chip")
	mustNotHold(t, "nothing", strip(nil), "arrivals-chip")
}

func TestLatePapersAreListedNewestFirst(t *testing.T) {
	p := newPlay(t)
	p.upToDiscussion()
	if list := latePapers(p.view(meeting.SecretaryScreen)); len(list) != 0 {
		t.Errorf("papers of the preparation are called late: %v", list)
	}
	for i := range 4 {
		p.now = p.now.Add(time.Minute)
		p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			id := fmt.Sprintf("late%d", i)
			return s.PlacePaper(a, meeting.NewPaper{ID: meeting.PaperID(id), Item: itemNo(3 + i%2), Name: id, Ref: strings.Repeat(fmt.Sprint(i), 64), Size: 9, Type: "application/pdf"})
		})
	}
	var names []string
	for _, x := range latePapers(p.view(meeting.SecretaryScreen)) {
		names = append(names, fmt.Sprintf("%s of %d", x.paper.Name, x.item.Number))
	}
	if got := strings.Join(names, ", "); got != "late3 of 4, late2 of 3, late1 of 4" {
		t.Errorf("listed: %s", got)
	}
}

// Names of files are drawn as words, whatever they hold.
func TestArrivalNamesAreWords(t *testing.T) {
	p := newPlay(t)
	page, v := p.page(Vietnamese), p.view(meeting.SecretaryScreen)
	page.Arrivals = []meeting.Arrival{{ID: "a", Item: itemNo(3), ItemNo: 3, File: `"><script>alert(1)</script>.pdf`, Name: `<img src=x onerror=y>`, State: meeting.ArrivalWaiting}}
	m, _ := p.s.Mine(clerkID)
	mustNotHold(t, "console", drawn(t, SecretaryPage(page, v, m)), "<script>alert", "<img src=x")
}

// Nobody but the secretary is shown what came in.
func TestArrivalsAreTheSecretarys(t *testing.T) {
	p := newPlay(t)
	p.upToDiscussion()
	page := p.page(Vietnamese)
	page.Arrivals, page.Folder = arrived(), "/srv/phonghop/inbox"
	for _, who := range []meeting.PersonID{chairID, "p05"} {
		m, _ := p.s.Mine(who)
		v := p.s.SeenBy(p.s.AudienceOf(who))
		html := drawn(t, MemberPage(page, v, m)) + drawn(t, ChairPage(page, v, m)) + drawn(t, HallPage(page, p.view(meeting.HallScreen)))
		for _, a := range page.Arrivals {
			mustNotHold(t, string(who), html, a.Name)
		}
		mustNotHold(t, string(who), html, page.Folder)
	}
}

// paperShots are the console with files, and the pages of papers.
func paperShots(t *testing.T) []shot {
	console := func(name string, list []meeting.Arrival) shot {
		d := newPlay(t)
		d.upToVote(11)
		if len(list) > 1 {
			d.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
				return s.PlacePaper(a, meeting.NewPaper{ID: "late", Item: itemNo(3), Name: "Dự thảo Nghị quyết, bản tiếp thu", Ref: strings.Repeat("e", 64), Size: 3 << 20, Type: "application/pdf", Replaces: "d2"})
			})
		}
		m, _ := d.s.Mine(clerkID)
		return shot{name, d.now, func(p Page) templ.Component {
			p.Tablets, p.Arrivals, p.Folder = d.tablets, list, `\\phong-a2\tai-lieu\47 thuong ky`
			return SecretaryPage(p, d.view(meeting.SecretaryScreen), m)
		}}
	}
	all := []shot{console("papers-console", arrived())}
	for i, a := range arrived() {
		all = append(all, console(fmt.Sprintf("papers-console-%d-%s", i+1, a.State), []meeting.Arrival{a}))
	}
	return append(all, paperPageShots(t)...)
}

func paperPageShots(t *testing.T) []shot {
	d := begunPlay(t)
	v := d.clerkView()
	v.Header.Receipts = true
	it := &v.Agenda[2]
	it.Papers[0].Pages, it.Papers[0].Total, it.Papers[0].Changed = 24, 61, []int{3, 7, 8, 9}
	for i, who := range v.Roll {
		if i%4 != 0 {
			it.Papers[0].OpenedBy = append(it.Papers[0].OpenedBy, who.ID)
		}
	}
	it.Papers[0].Opened = len(it.Papers[0].OpenedBy)
	it.Papers[1].Readers, it.Papers[1].People, it.Papers[1].Recall = meeting.ReadersNamed, []meeting.PersonID{"p02", "p05"}, true
	agenda := AgendaPage{Key: "k", Limit: 300 << 20, Uploads: true, Media: []Medium{{"KINGSTON 32G", "/media/kingston", 14}}}
	folder := `\\phong-a2\tai-lieu\47 thuong ky`
	return []shot{
		{"papers-agenda", d.now, func(p Page) templ.Component {
			p.Arrivals, p.Folder = arrived()[:4], folder
			return PrepareAgenda(p, v, agenda)
		}},
		{"papers-agenda-calm", d.now, func(p Page) templ.Component { p.Folder = folder; return PrepareAgenda(p, v, agenda) }},
		{"papers-paper", d.now, func(p Page) templ.Component {
			return PreparePaper(p, v, PaperPage{Paper: it.Papers[0], Item: *it, Key: "k", Uploads: true})
		}},
		{"papers-paper-named", d.now, func(p Page) templ.Component {
			return PreparePaper(p, v, PaperPage{Paper: it.Papers[1], Item: *it, Key: "k"})
		}},
	}
}

// TestPaperShots draws them in both languages: no text may be missing.
func TestPaperShots(t *testing.T) {
	for _, x := range paperShots(t) {
		for _, lang := range []Lang{Vietnamese, English} {
			html := x.html(t, lang)
			mustNotHold(t, x.name, html, "‹", "%!", ` style="`)
			keep(t, x.name+"."+string(lang)+".html", html)
		}
	}
}
