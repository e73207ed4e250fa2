package templates

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"phonghop/meeting"
	"phonghop/rules"
)

// Every page of preparing, in every state a secretary meets, with an invented
// session. With PREPARE_STAGE=DIR the pages are written there, to be looked at.

type preparePage struct {
	name string
	page templ.Component
	loud int // primary keys it may show
}

func preparePages(t *testing.T, p Page) []preparePage {
	full, bare, begun := newPlay(t), barePlay(t), begunPlay(t)
	v, empty, sitting := full.clerkView(), bare.clerkView(), begun.clerkView()
	out := CardsOut{chairID: {At: full.now, Used: true}, "p02": {At: full.now}, clerkID: {At: full.now, Used: true}}
	start := Start{Header: v.Header, Sets: rules.Sets(), Chosen: "ubnd-2015", Last: 47, Key: "k"}
	agenda := AgendaPage{Key: "k", Limit: 300 << 20}
	open := agenda
	open.Edit = itemNo(3)
	return []preparePage{
		{"new", PrepareNew(p, start), 1},
		{"overview-bare", PrepareOverview(p, empty, nil), 1},
		{"overview-ready", PrepareOverview(p, v, out), 1},
		{"overview-sitting", PrepareOverview(p, sitting, out), 1},
		{"session", PrepareSession(p, v, "k", rules.Sets()), 1},
		{"session-fixed", PrepareSession(p, sitting, "k", rules.Sets()), 0},
		{"agenda-empty", PrepareAgenda(p, empty, agenda), 1},
		{"agenda", PrepareAgenda(p, v, agenda), 1},
		{"agenda-open", PrepareAgenda(p, v, open), 1},
		{"agenda-sitting", PrepareAgenda(p, sitting, agenda), 1},
		{"people-empty", PreparePeople(p, empty, PeoplePage{Key: "k"}), 1},
		{"people", PreparePeople(p, sitting, PeoplePage{Key: "k"}), 1},
		{"people-open", PreparePeople(p, sitting, PeoplePage{Key: "k", Edit: "p15"}), 1},
		{"people-chair", PreparePeople(p, v, PeoplePage{Key: "k", Edit: chairID}), 1},
		{"import", PrepareImport(p, v, "k", importOf(v, false)), 1},
		{"import-blocked", PrepareImport(p, v, "k", importOf(v, true)), 1},
		{"seats-none", PrepareSeats(p, empty, "k"), 0},
		{"seats", PrepareSeats(p, v, "k"), 1},
		{"cards", PrepareCards(p, v, CardsPage{Out: out, Hall: true}), 1},
		{"cards-new", PrepareCards(p, v, CardsPage{Out: out, New: printedCards(v)}), 1},
	}
}

func (p *play) clerkView() meeting.View {
	return p.s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen})
}

// barePlay is a session just made: nobody but its secretary.
func barePlay(t *testing.T) *play {
	p := &play{t: t, s: meeting.NewSession(), now: newPlay(t).now, tablets: map[meeting.PersonID]bool{}}
	set, _ := rules.Named("ubnd-2015")
	h := newPlay(t).s.Header()
	h.Rows, h.Cols = 0, 0
	clerk := meeting.Person{ID: clerkID, Salutation: "Bà", Name: "Lã Kim Dung", Role: meeting.RoleSecretary}
	p.record(clerkID)(meeting.Prepare(p.act(clerkID), "s48", h, set, "", clerk))
	return p
}

// begunPlay sits: an item open, one put off, an absence, a second version.
func begunPlay(t *testing.T) *play {
	p := newPlay(t)
	as := func(verb func(*meeting.Session, meeting.Act) ([]meeting.Event, error)) { p.do(clerkID, verb) }
	as(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.PlacePaper(a, meeting.NewPaper{ID: "d3", Item: itemNo(3), Name: "Tờ trình 118/TTr-STC (đã sửa).pdf", Ref: strings.Repeat("c", 64), Size: 1 << 21, Type: "application/pdf", Replaces: "d1"})
	})
	as(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.ReportAbsence(a, "p15", "Đi công tác theo kế hoạch của Bộ")
	})
	as(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		var all []meeting.PersonID
		for _, who := range s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Roll {
			if who.ID != "p15" {
				all = append(all, who.ID)
			}
		}
		return s.MarkAll(a, all)
	})
	as(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	as(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, itemNo(2)) })
	as(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Defer(a, itemNo(6), "Cơ quan trình chưa gửi đủ hồ sơ")
	})
	return p
}

func importOf(v meeting.View, blocked bool) Import {
	in := Import{Blocked: blocked, Ignored: []string{"Số điện thoại", "Ghi chú"}, Token: "t"}
	for i, s := range v.Roll {
		in.Rows = append(in.Rows, ImportRow{Person: s.Person, News: []News{Added, Changed, Same}[i%3]})
	}
	in.Problems = []string{"Dòng 12: chưa có chỗ ngồi", "Dòng 24: Chương trình chưa có mục 9."}
	if blocked {
		in.Problems = append(in.Problems, "Dòng 7: ghế trùng với “Phan Đình Khôi”", "Dòng 9: vai trò không rõ: “Cố vấn cao cấp”")
	}
	return in
}

func printedCards(v meeting.View) []Card {
	var cards []Card
	for i, s := range v.Roll {
		cards = append(cards, Card{Person: s.Person, Address: "https://192.168.100.10:8443", Link: fmt.Sprintf("https://192.168.100.10:8443/enter/ABCDEFGHIJKLMNOPQRSTUVWX%02d", i), Code: fmt.Sprintf("%06d", 120458+i*7919)})
	}
	long := Card{Person: meeting.Person{Salutation: "Đồng chí", Name: "Nguyễn Phạm Hoàng Khương Thượng Uyển", Title: "Phó Chủ tịch Thường trực kiêm Trưởng ban Chỉ đạo", Unit: "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Trà Sơn", Role: meeting.RoleSubstitute}, Link: cards[0].Link, Address: cards[0].Address, Code: "004219"}
	return append(cards, long, Card{Hall: true, Link: cards[1].Link, Address: cards[0].Address, Code: "118830"})
}

var (
	textLeft    = regexp.MustCompile(`‹[a-z.-]+›|%!`)
	primaryKeys = regexp.MustCompile(`class="key primary"`)
)

// Each page draws in both languages, says no text that is missing, and shows at
// most one loud key.
func TestPreparePages(t *testing.T) {
	dir := os.Getenv("PREPARE_STAGE")
	for _, lang := range []Lang{Vietnamese, English} {
		now := newPlay(t).now
		for _, page := range preparePages(t, Page{Lang: lang, Now: now, RoomName: "Phòng họp A2", Size: os.Getenv("PREPARE_SIZE")}) {
			var b bytes.Buffer
			if err := page.page.Render(context.Background(), &b); err != nil {
				t.Fatalf("%s: %v", page.name, err)
			}
			if left := textLeft.Find(b.Bytes()); left != nil {
				t.Errorf("%s (%s) shows %s", page.name, lang, left)
			}
			if n := len(primaryKeys.FindAll(b.Bytes(), -1)); n != page.loud {
				t.Errorf("%s shows %d primary keys, want %d", page.name, n, page.loud)
			}
			if dir != "" && lang == Vietnamese {
				if err := os.WriteFile(filepath.Join(dir, page.name+".html"), b.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
