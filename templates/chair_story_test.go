package templates

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"phonghop/meeting"
	"phonghop/rules"
)

// play holds an invented session, one act after the other, as a room would.
type play struct {
	t       *testing.T
	s       *meeting.Session
	now     time.Time
	seq     int64
	tablets map[meeting.PersonID]bool
}

const (
	chairID meeting.PersonID = "p01"
	clerkID meeting.PersonID = "clerk"
)

func newPlay(t *testing.T) *play {
	p := &play{t: t, s: meeting.NewSession(), now: time.Date(2026, 6, 24, 0, 45, 0, 0, time.UTC), tablets: map[meeting.PersonID]bool{}}
	set, _ := rules.Named("ubnd-2015")
	h := meeting.Header{
		Number: 47, Term: "2021–2026", Kind: "regular", Body: "Ủy ban nhân dân tỉnh Trà Sơn", Place: "Phòng họp A2, trụ sở UBND tỉnh",
		Starts: time.Date(2026, 6, 24, 1, 0, 0, 0, time.UTC), Rows: 4, Cols: 6,
	}
	clerk := meeting.Person{ID: clerkID, Salutation: "Bà", Name: "Lã Kim Dung", Title: "Phó Chánh Văn phòng", Unit: "Văn phòng UBND tỉnh", Role: meeting.RoleSecretary}
	p.record(clerkID)(meeting.Prepare(p.act(clerkID), "s47", h, set, "", clerk))
	for i, who := range cast() {
		p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			who.Order = i + 1
			return s.Seat(a, who)
		})
		p.tablets[who.ID] = who.Seat != "15" && who.Seat != "21" && who.Seat != "19"
	}
	p.tablets[clerkID] = true
	for i, it := range programme() {
		p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.AddItem(a, itemNo(i+1), it)
		})
	}
	p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.PlacePaper(a, meeting.NewPaper{ID: "d1", Item: itemNo(3), Name: "Tờ trình 118/TTr-STC", Ref: strings.Repeat("a", 64), Size: 2048, Type: "application/pdf"})
	})
	p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.PlacePaper(a, meeting.NewPaper{ID: "d2", Item: itemNo(3), Name: "Dự thảo Nghị quyết về giải ngân vốn đầu tư công quý II", Ref: strings.Repeat("b", 64), Size: 2048, Type: "application/pdf"})
	})
	return p
}

func cast() []meeting.Person {
	names := []struct{ salutation, name, party, title, unit string }{
		{"Ông", "Nông Quang Hưng", "Phó Bí thư Tỉnh ủy", "Chủ tịch", "UBND tỉnh"},
		{"Bà", "Đặng Minh Hà", "", "Phó Chủ tịch", "UBND tỉnh"},
		{"Ông", "Bùi Công Danh", "", "Phó Chủ tịch", "UBND tỉnh"},
		{"Ông", "Lý Văn Thành", "", "Chánh Văn phòng", "Văn phòng UBND tỉnh"},
		{"Bà", "Trịnh Hải Yến", "", "Giám đốc", "Sở Tài chính"},
		{"Ông", "Phan Đình Khôi", "", "Giám đốc", "Công an tỉnh"},
		{"Ông", "Vũ Đức Long", "", "Giám đốc", "Sở Khoa học và Công nghệ"},
		{"Ông", "Hoàng Văn Phúc", "", "Giám đốc", "Sở Xây dựng"},
		{"Ông", "Trần Quốc Bảo", "", "Giám đốc", "Sở Y tế"},
		{"Bà", "Lương Thị Ngân", "", "Giám đốc", "Sở Tư pháp"},
		{"Ông", "Nguyễn Văn Minh", "", "Giám đốc", "Sở Nội vụ"},
		{"Bà", "Hoàng Thị Thảo", "", "Giám đốc", "Sở Văn hóa, Thể thao và Du lịch"},
		{"Ông", "Đỗ Mạnh Cường", "", "Giám đốc", "Sở Công Thương"},
		{"Ông", "Tạ Hữu Nghĩa", "", "Giám đốc", "Sở Nông nghiệp và Môi trường"},
		{"Bà", "Ngô Thu Hằng", "", "Giám đốc", "Sở Giáo dục và Đào tạo"},
		{"Ông", "Ma Văn Toàn", "", "Trưởng ban", "Ban Dân tộc và Tôn giáo"},
		{"Ông", "Chu Bá Lộc", "", "Chỉ huy trưởng", "Bộ Chỉ huy Quân sự tỉnh"},
		{"Bà", "Quách Thị Ánh", "", "Chánh Thanh tra", "Thanh tra tỉnh"},
		{"Ông", "Dương Việt Hòa", "", "Trưởng ban", "Ban Quản lý các khu công nghiệp"},
		{"Ông", "Lâm Gia Huy", "", "Ủy viên", "UBND tỉnh"},
		{"Bà", "Vi Thị Ngọc", "", "Ủy viên", "UBND tỉnh"},
		{"Ông", "Hà Trung Kiên", "", "Ủy viên", "UBND tỉnh"},
	}
	var out []meeting.Person
	for i, n := range names {
		out = append(out, meeting.Person{
			ID: meeting.PersonID(fmt.Sprintf("p%02d", i+1)), Salutation: n.salutation, Name: n.name, PartyTitle: n.party,
			Title: n.title, Unit: n.unit, Role: meeting.RoleMember, Votes: true, Seat: fmt.Sprintf("%02d", i+1),
		})
	}
	out[0].Role = meeting.RoleChair
	return append(out,
		meeting.Person{ID: "sub1", Salutation: "Ông", Name: "Kiều Xuân Trường", Title: "Phó Giám đốc", Unit: "Sở Giáo dục và Đào tạo", Role: meeting.RoleSubstitute, Seat: "23", For: "p15"},
		meeting.Person{ID: "guest1", Salutation: "Bà", Name: "Âu Thị Mến", Title: "Chủ tịch", Unit: "Ủy ban MTTQ Việt Nam tỉnh", Role: meeting.RoleGuest},
	)
}

func programme() []meeting.NewItem {
	return []meeting.NewItem{
		{Title: "Khai mạc, thông qua chương trình", Minutes: 10},
		{Title: "Tình hình kinh tế - xã hội tháng 6", Presenter: "Ông Lý Văn Thành", Unit: "Văn phòng UBND tỉnh", Minutes: 30},
		{Title: "Giải ngân vốn đầu tư công quý II", Presenter: "Bà Trịnh Hải Yến", Unit: "Sở Tài chính", Minutes: 20},
		{Title: "Đề án chuyển đổi số giai đoạn 2026–2030", Presenter: "Ông Vũ Đức Long", Unit: "Sở Khoa học và Công nghệ", Minutes: 30},
		{Title: "Mạng lưới y tế cơ sở", Presenter: "Ông Trần Quốc Bảo", Unit: "Sở Y tế", Minutes: 20},
		{Title: "Bảo tồn di sản văn hóa", Presenter: "Bà Hoàng Thị Thảo", Minutes: 15},
		{Title: "Công tác nhân sự", InCamera: true, Minutes: 15},
		{Title: "Kết luận, bế mạc", Minutes: 10},
	}
}

func itemNo(n int) meeting.ItemID { return meeting.ItemID(fmt.Sprintf("i%d", n)) }

func (p *play) act(by meeting.PersonID) meeting.Act {
	return meeting.Act{By: by, At: p.now, Saw: -1}
}

type verb = func(*meeting.Session, meeting.Act) ([]meeting.Event, error)

// do carries out a verb, which must be accepted, and lets some seconds pass.
func (p *play) do(by meeting.PersonID, v verb) {
	p.t.Helper()
	p.record(by)(v(p.s, p.act(by)))
	p.now = p.now.Add(7 * time.Second)
}

func (p *play) record(by meeting.PersonID) func([]meeting.Event, error) {
	return func(events []meeting.Event, err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatalf("entry %d: %v", p.seq, err)
		}
		for _, e := range events {
			p.s.Apply(p.entry(by, e))
			p.seq++
		}
	}
}

func (p *play) entry(by meeting.PersonID, e meeting.Event) meeting.Entry {
	data, err := json.Marshal(e.Data)
	if err != nil {
		p.t.Fatal(err)
	}
	out := meeting.Entry{Seq: p.seq, ID: fmt.Sprint(p.seq), Kind: e.Kind, At: p.now, By: by, Data: data, Code: "K7Q2"}
	if e.Detail != nil {
		if out.Body, err = json.Marshal(e.Detail); err != nil {
			p.t.Fatal(err)
		}
		out.Detail = "00"
	}
	return out
}

func (p *play) present(numbers ...int) {
	p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		var who []meeting.PersonID
		for _, n := range numbers {
			who = append(who, cast()[n-1].ID)
		}
		return s.MarkAll(a, who)
	})
}

func upTo(n int, but ...int) []int {
	var out []int
next:
	for i := 1; i <= n; i++ {
		for _, b := range but {
			if b == i {
				continue next
			}
		}
		out = append(out, i)
	}
	return out
}

func (p *play) open() {
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
}

func (p *play) item(n int) {
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, itemNo(n)) })
}

func (p *play) closeItem(n int) {
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseItem(a, itemNo(n)) })
}

func (p *play) ask(n int, topic string, reply bool) {
	p.do(cast()[n-1].ID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AskFloor(a, topic, reply)
	})
}

func (p *play) give(n int) {
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.GiveFloor(a, cast()[n-1].ID, 0)
	})
}

func (p *play) note(item int, text string) {
	p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Note(a, itemNo(item), text) })
}

func (p *play) vote(id meeting.VoteID, item int, motion string) {
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, id, itemNo(item), motion, 0, "")
	})
}

func (p *play) cast(id meeting.VoteID, c rules.Choice, numbers ...int) {
	for _, n := range numbers {
		p.do(cast()[n-1].ID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, id, 1, c) })
	}
}

func (p *play) closeVote(id meeting.VoteID) {
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, id, true) })
}

func (p *play) view(screen meeting.Screen) meeting.View {
	return p.s.SeenBy(meeting.Audience{Screen: screen})
}

func (p *play) page(lang Lang) Page {
	return Page{Lang: lang, Now: p.now, Clock: 60_000, RoomName: "Phòng họp A2", Tablets: p.tablets, Demo: true}
}

// upToDiscussion plays to item 3: one speaker, three who wait.
func (p *play) upToDiscussion() {
	p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.ReportAbsence(a, "p15", "công tác tại Hà Nội")
	})
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AnswerAbsence(a, "p15", true)
	})
	p.present(upTo(22, 15, 19)...)
	p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.MarkAll(a, []meeting.PersonID{"sub1", "guest1"})
	})
	p.now = time.Date(2026, 6, 24, 1, 2, 0, 0, time.UTC)
	p.open()
	p.item(1)
	p.vote("v1", 1, "Thông qua chương trình phiên họp")
	p.cast("v1", rules.For, upTo(22, 15, 19)...)
	p.closeVote("v1")
	p.closeItem(1)
	p.item(2)
	p.now = p.now.Add(31 * time.Minute)
	p.closeItem(2)
	p.item(3)
	p.give(5)
	p.now = p.now.Add(9 * time.Minute)
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Yield(a, "p05") })
	p.ask(9, "lý do giảm 24 tỷ đồng của dự án 14", false)
	p.give(9)
	p.note(3, "Ông Trần Quốc Bảo đề nghị làm rõ lý do giảm 24 tỷ đồng của dự án 14; kiến nghị bố trí lại ngay trong quý I năm 2027.")
	p.ask(7, "", false)
	p.ask(12, "vốn cho 12 trạm y tế xã vùng cao", false)
	p.ask(3, "", true)
	p.do(cast()[9].ID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.WriteOpinion(a, itemNo(3), "Thống nhất dự thảo. Đề nghị rà soát căn cứ pháp lý của khoản 3.", true)
	})
}

// upToVote plays on to an open vote, n of 20 cast.
func (p *play) upToVote(n int) {
	p.upToDiscussion()
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Yield(a, "p09") })
	p.vote("v2", 3, "Thông qua Dự thảo Nghị quyết về giải ngân vốn đầu tư công quý II")
	here := upTo(22, 15, 19)
	for i, who := range here[:n] {
		c := rules.For
		switch i {
		case 8:
			c = rules.Against
		case 13:
			c = rules.Abstain
		}
		p.cast("v2", c, who)
	}
}

// story is one state of the session, to be looked at and to be tested.
type story struct {
	name string
	play func(*play)
}

func stories() []story {
	return []story{
		{"01-before", func(p *play) { p.present(1, 2, 3, 5, 8) }},
		{"02-quorate", func(p *play) { p.present(upTo(22, 15, 19)...) }},
		{"03-opened", func(p *play) { p.present(upTo(22, 15, 19)...); p.open() }},
		{"04-item", func(p *play) { p.present(upTo(22, 15, 19)...); p.open(); p.item(3) }},
		{"05-discussion", (*play).upToDiscussion},
		{"06-vote", func(p *play) { p.upToVote(11) }},
		{"07-vote-all", func(p *play) { p.upToVote(20) }},
		{"08-result", func(p *play) { p.upToVote(20); p.closeVote("v2") }},
		{"09-annulled", func(p *play) {
			p.upToVote(20)
			p.closeVote("v2")
			p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
				return s.Annul(a, "v2", "nội dung biểu quyết đọc chưa đúng")
			})
		}},
		{"10-between", func(p *play) { p.upToVote(20); p.closeVote("v2"); p.concluded(); p.closeItem(3) }},
		{"11-recess", func(p *play) {
			p.upToVote(20)
			p.closeVote("v2")
			p.closeItem(3)
			p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.BeginRecess(a, 15) })
		}},
		{"12-not-quorate", func(p *play) { p.upToDiscussion(); p.leave(upTo(14)[5:]...) }},
		{"13-last", func(p *play) { p.allItems() }},
		{"14-over", func(p *play) {
			p.allItems()
			p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
		}},
		{"15-clerk-acts", func(p *play) {
			p.upToDiscussion()
			p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.GiveFloor(a, "p07", 0) })
		}},
		{"16-corrected", func(p *play) {
			p.upToVote(20)
			p.closeVote("v2")
			p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
				return s.Correct(a, p.noteSeq(), "Ông Trần Quốc Bảo nêu dự án 24, không phải dự án 14.")
			})
		}},
	}
}

func (p *play) concluded() {
	p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Conclude(a, itemNo(3), "Giao Sở Tài chính chủ trì, phối hợp các chủ đầu tư ký cam kết tiến độ trước ngày 30/6/2026.")
	})
}

func (p *play) leave(numbers ...int) {
	for _, n := range numbers {
		p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.MarkAway(a, cast()[n-1].ID, "")
		})
	}
}

func (p *play) allItems() {
	p.upToVote(20)
	p.closeVote("v2")
	p.concluded()
	p.closeItem(3)
	p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Defer(a, itemNo(6), "chờ ý kiến Bộ Văn hóa, Thể thao và Du lịch")
	})
	for _, n := range []int{4, 5, 7, 8} {
		p.item(n)
		p.now = p.now.Add(12 * time.Minute)
		p.closeItem(n)
	}
}

func (p *play) noteSeq() int64 {
	for _, l := range p.view(meeting.SecretaryScreen).Record {
		if l.Kind == meeting.RecordNoted {
			return l.Seq
		}
	}
	p.t.Fatal("no note in the record")
	return 0
}

func drawn(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestStories draws every state of the consoles and of the record in both
// languages. With PHONGHOP_STAGE=folder it leaves the pages there to be looked at.
func TestStories(t *testing.T) {
	for _, st := range stories() {
		t.Run(st.name, func(t *testing.T) {
			p := newPlay(t)
			st.play(p)
			chair, _ := p.s.Mine(chairID)
			clerk, _ := p.s.Mine(clerkID)
			for _, lang := range []Lang{Vietnamese, English} {
				for name, page := range map[string]templ.Component{
					"chair":     ChairPage(p.page(lang), p.view(meeting.ChairScreen), chair),
					"secretary": SecretaryPage(p.page(lang), p.view(meeting.SecretaryScreen), clerk),
					"record":    RecordPage(p.page(lang), p.view(meeting.SecretaryScreen), Chain{p.seq, "3b1f9c"}),
				} {
					html := drawn(t, page)
					if i := strings.Index(html, "‹"); i >= 0 {
						t.Errorf("%s: text without words: %s", name, html[i:min(len(html), i+60)])
					}
					if strings.Contains(html, "%!") {
						t.Errorf("%s: a text with too few or too many words in it", name)
					}
					keep(t, fmt.Sprintf("%s-%s-%s.html", name, st.name, lang), html)
				}
			}
		})
	}
}

func keep(t *testing.T, name, html string) {
	dir := os.Getenv("PHONGHOP_STAGE")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(html), 0o644); err != nil {
		t.Fatal(err)
	}
}
