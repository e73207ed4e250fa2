package minutes

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"phonghop/meeting"
)

// seated are people with a place, all here.
func seated(n int, role meeting.Role) []meeting.Attended {
	out := make([]meeting.Attended, n)
	for i := range out {
		out[i] = meeting.Attended{Person: meeting.Person{ID: meeting.PersonID(fmt.Sprint(role, i)), Role: role, Votes: role == meeting.RoleMember, Seat: fmt.Sprint(i + 1)}, WasPresent: true}
	}
	return out
}

func oneItem(papers ...meeting.PaperView) meeting.Account {
	return meeting.Account{Opened: at(7, 30), People: seated(28, meeting.RoleMember), Items: []meeting.AccountItem{{ID: "i1", Papers: papers}}}
}

func TestSavingsShowTheirFormula(t *testing.T) {
	s := Saved(oneItem(meeting.PaperView{ID: "a", Total: 400}, meeting.PaperView{ID: "b"}), map[meeting.PaperID]int{"b": 12}, DefaultPrices())
	var got []string
	for _, f := range s.Formulas() {
		got = append(got, f.Label+": "+f.Words)
	}
	want := []string{
		"In, sao tài liệu: 412 trang × 28 bộ × 350 đồng = 4.037.600 đồng",
		"Xếp, đóng bộ tài liệu: 28 bộ × 5.000 đồng = 140.000 đồng",
		"Chuyển tài liệu: 28 lượt × 20.000 đồng = 560.000 đồng",
		"Thời gian chuyển tài liệu: 28 lượt × 0,5 giờ = 14 giờ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s.Headline() != "56 văn bản; ước tính tiết kiệm 4,7 triệu đồng, 14 giờ" || s.Money != 4_737_600 {
		t.Errorf("%s (%d)", s.Headline(), s.Money)
	}
}

// TestSavingsErrOnTheLowSide goes through what must not be counted.
func TestSavingsErrOnTheLowSide(t *testing.T) {
	paper := meeting.PaperView{ID: "a", Total: 10}
	with := func(change func(*meeting.PaperView)) meeting.PaperView {
		p := paper
		change(&p)
		return p
	}
	guests := oneItem(paper)
	guests.People = append(guests.People, seated(2, meeting.RoleGuest)...)
	guests.People[29].Items = []meeting.ItemID{"i9"}
	secret := oneItem(paper)
	secret.Items[0].InCamera, secret.People = true, append(secret.People, seated(1, meeting.RoleGuest)...)
	away := oneItem(paper)
	away.People[0].WasPresent, away.People[1].Seat = false, ""
	for name, c := range map[string]struct {
		a     meeting.Account
		pages int64
		rest  string // papers, documents, sets, deliveries, unknown
	}{
		"plain":                 {oneItem(paper), 280, "1 28 28 28 0"},
		"pages unknown":         {oneItem(with(func(p *meeting.PaperView) { p.Total = 0 })), 0, "0 0 0 0 1"},
		"withdrawn":             {oneItem(with(func(p *meeting.PaperView) { p.Withdrawn = true })), 0, "0 0 0 0 0"},
		"away or without place": {away, 260, "1 26 26 26 0"},
		"placed late":           {oneItem(with(func(p *meeting.PaperView) { p.Late = true })), 280, "1 28 28 0 0"},
		"replaced before":       {oneItem(with(func(p *meeting.PaperView) { p.Superseded = true }), meeting.PaperView{ID: "b", Total: 11, Before: "a"}), 308, "1 28 28 28 0"},
		"replaced during":       {oneItem(with(func(p *meeting.PaperView) { p.Superseded = true }), meeting.PaperView{ID: "b", Total: 11, Before: "a", Late: true}), 588, "2 56 28 28 0"},
		"guests of other items": {guests, 290, "1 29 29 29 0"},
		"in camera":             {secret, 280, "1 28 28 28 0"},
		"members only": {func() meeting.Account {
			a := guests
			a.Items = oneItem(with(func(p *meeting.PaperView) { p.Readers = meeting.ReadersMembers })).Items
			return a
		}(), 280, "1 28 28 28 0"},
		"named": {oneItem(with(func(p *meeting.PaperView) {
			p.Readers, p.People = meeting.ReadersNamed, []meeting.PersonID{"member3", "member4", "nobody"}
		})), 20, "1 2 2 2 0"},
		"nobody": {meeting.Account{Items: oneItem(paper).Items}, 0, "0 0 0 0 0"},
	} {
		s := Saved(c.a, nil, DefaultPrices())
		if got := fmt.Sprint(s.Papers, s.Documents, s.Sets, s.Deliveries, s.Unknown); s.Pages != c.pages || got != c.rest {
			t.Errorf("%s: %d pages, %s; want %d, %s", name, s.Pages, got, c.pages, c.rest)
		}
	}
}

// TestSavingsAddUp deals papers and people anyhow: the lines of the formula give
// the sum, and no more is counted than papers times people.
func TestSavingsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := meeting.Account{Opened: at(8, 0), People: append(seated(rapid.IntRange(0, 40).Draw(t, "members"), meeting.RoleMember), seated(rapid.IntRange(0, 9).Draw(t, "guests"), meeting.RoleGuest)...)}
		most := int64(0)
		for i := range rapid.IntRange(0, 12).Draw(t, "papers") {
			p := meeting.PaperView{
				ID: meeting.PaperID(fmt.Sprint(i)), Total: rapid.IntRange(0, 300).Draw(t, "pages"), Late: rapid.Bool().Draw(t, "late"), Withdrawn: rapid.Bool().Draw(t, "withdrawn"),
				Readers: rapid.SampledFrom([]meeting.Readers{meeting.ReadersAll, meeting.ReadersMembers, meeting.ReadersNamed}).Draw(t, "readers"), People: []meeting.PersonID{"member1", "guest0"},
			}
			most += int64(p.Total) * int64(len(a.People))
			a.Items = append(a.Items, meeting.AccountItem{ID: meeting.ItemID(fmt.Sprint(i)), InCamera: rapid.Bool().Draw(t, "in camera"), Papers: []meeting.PaperView{p}})
		}
		prices := Prices{rapid.Int64Range(0, 1000).Draw(t, "page"), rapid.Int64Range(0, 9999).Draw(t, "set"), rapid.Int64Range(0, 99999).Draw(t, "delivery"), 0.25}
		s := Saved(a, nil, prices)
		pages, money := int64(0), s.Binding+s.Delivered
		for i, c := range s.Copies {
			pages += c.Pages * int64(c.Sets)
			money += c.Pages * int64(c.Sets) * prices.Page
			if i > 0 && s.Copies[i-1].Sets <= c.Sets {
				t.Fatalf("not by number of sets: %v", s.Copies)
			}
		}
		if pages != s.Pages || money != s.Money || s.Pages > most || s.Deliveries > s.Sets || s.Sets > s.People || s.People > len(a.People) {
			t.Fatalf("%+v", s)
		}
	})
}

func TestQuartersAreOfVietnam(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-31T16:59:59Z": "Quý I năm 2026", "2026-03-31T17:00:00Z": "Quý II năm 2026", "2026-12-31T17:00:00Z": "Quý I năm 2027",
		"2026-07-01T00:00:00+07:00": "Quý III năm 2026", "2026-12-31T23:59:59+07:00": "Quý IV năm 2026",
	} {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := QuarterOf(when).Words(); got != want {
			t.Errorf("%s is in %s, want %s", text, got, want)
		}
	}
	if q := QuarterOf(at(8, 0)); q.Key() != "2026-Q2" {
		t.Error(q.Key())
	}
}

func TestQuartersSumTheirSessions(t *testing.T) {
	list := sampleSavings()
	undated := list[0]
	undated.Held = time.Time{}
	quarters := ByQuarter(append(list, undated))
	if len(quarters) != 2 || len(quarters[0].Sessions) != 1 || len(quarters[1].Sessions) != 3 {
		t.Fatalf("%+v", quarters)
	}
	q := quarters[1]
	var sum QuarterSavings
	last := time.Time{}
	for _, s := range q.Sessions {
		sum.add(s)
		if s.Held.Before(last) {
			t.Error("not the oldest first")
		}
		last = s.Held
	}
	if q.Money != sum.Money || q.Pages != sum.Pages || q.Hours != sum.Hours || q.Documents != sum.Documents || q.Money == 0 {
		t.Errorf("%+v", q)
	}
	if !slices.EqualFunc(list, sampleSavings(), func(a, b Savings) bool { return a.Held.Equal(b.Held) }) {
		t.Error("the list it was given is in another order now")
	}
	for _, c := range append(QuarterCharts(list), SessionCharts(list)...) {
		most := 0.0
		for _, b := range c.Bars {
			most = max(most, b.Value)
			if b.Text == "" || b.Label == "" {
				t.Errorf("%s: a bar says nothing: %+v", c.Title, b)
			}
		}
		if most != c.Most || len(c.Bars) == 0 {
			t.Errorf("%s: %+v", c.Title, c)
		}
	}
	if len(QuarterCharts(list)[0].Bars) != 2 || len(SessionCharts(list)[0].Bars) != 4 {
		t.Error("a chart lacks bars")
	}
}

// TestTheHeadlineSpeaksAsOfficesDo is the manner of the newspapers.
func TestTheHeadlineSpeaksAsOfficesDo(t *testing.T) {
	q := QuarterSavings{Documents: 380_000, Money: 1_500_000_000, Hours: 3_000_000}
	if got := q.Headline(); got != "380.000 văn bản; ước tính tiết kiệm 1,5 tỷ đồng, 3.000.000 giờ" {
		t.Error(got)
	}
	for n, want := range map[int64]string{0: "0 đồng", 999_999: "999.999 đồng", 1_000_000: "1 triệu đồng", 4_037_600: "4 triệu đồng", 999_949_999: "999,9 triệu đồng", 999_999_999: "1 tỷ đồng", 12_613_000_000: "12,6 tỷ đồng"} {
		if got := roundMoney(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0", 0.5: "0,5", 14: "14", 100: "100", 1.25: "1,25", 1234.5: "1.234,5"} {
		if got := trimmed(x); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
	}
}

func TestPricesAreChecked(t *testing.T) {
	if err := DefaultPrices().Check(); err != nil {
		t.Error(err)
	}
	if err := (Prices{}).Check(); err != nil {
		t.Error("an office may count nothing:", err)
	}
	for _, p := range []Prices{{Page: -1}, {Set: -1}, {Delivery: -1}, {Page: mostPrice + 1}, {Hours: -0.1}, {Hours: math.NaN()}, {Hours: math.Inf(1)}, {Hours: 101}} {
		if p.Check() == nil {
			t.Errorf("%+v passed", p)
		}
	}
	// At the highest price the most a session can hold still fits.
	a := oneItem(meeting.PaperView{ID: "a", Total: meeting.MaxPages})
	a.People = seated(meeting.MaxPeople, meeting.RoleMember)
	a.Items[0].Papers = slices.Repeat(a.Items[0].Papers, 1000)
	if s := Saved(a, nil, Prices{Page: 10_000, Set: mostPrice, Delivery: mostPrice, Hours: mostHours}); s.Money <= 0 || s.Printing != 15_000_000_000*10_000 {
		t.Errorf("%d", s.Money)
	}
}

func TestSavingsAreNamedForOtherPrograms(t *testing.T) {
	text, err := json.Marshal(Saved(oneItem(meeting.PaperView{ID: "a", Total: 2}), nil, DefaultPrices()))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"pages":56`, `"documents":28`, `"copies":[{"pages":2,"sets":28}]`, `"money":719600`, `"prices":{"page":350,"set":5000,"delivery":20000,"hours":0.5}`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
}

func TestReportOfNothing(t *testing.T) {
	if got := SavingsReport(paperSource(), nil).Text(); !strings.Contains(got, "Chưa có phiên họp nào") {
		t.Error(got)
	}
}
