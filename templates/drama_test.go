package templates

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/a-h/templ"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// The stage: every screen of member and hall in every state, drawn from a
// session of invented people that is played with the real verbs.

type drama struct {
	t   *testing.T
	s   *meeting.Session
	now time.Time
}

var begin = time.Date(2026, 6, 24, 8, 0, 0, 0, viet.Zone())

func newDrama(t *testing.T) *drama {
	d := &drama{t: t, s: meeting.NewSession(), now: begin.Add(-time.Hour)}
	clerk := meeting.Person{ID: "clerk", Salutation: "Bà", Name: "Lê Thị Hà", Title: "Phó Chánh Văn phòng", Unit: "Văn phòng UBND tỉnh", Role: meeting.RoleSecretary, Seat: "TK"}
	set, _ := rules.Named("ubnd-2015")
	h := meeting.Header{Number: 47, Term: "2026–2031", Kind: "regular", Body: "UBND tỉnh Trà Sơn", Place: "Phòng họp A2", Starts: begin, Rows: 5, Cols: 8}
	d.must(meeting.Prepare(d.by("clerk"), "s47", h, set, "", clerk))
	return d
}

func (d *drama) by(who string) meeting.Act {
	return meeting.Act{By: meeting.PersonID(who), At: d.now, Saw: -1}
}

// must records what a verb returns, as the room would.
func (d *drama) must(events []meeting.Event, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	for _, e := range events {
		data, _ := json.Marshal(e.Data)
		entry := meeting.Entry{Seq: d.s.Size(), ID: e.ID, Kind: e.Kind, At: d.now, Data: data, Refs: e.Refs, By: d.by("clerk").By}
		switch e.Kind {
		case meeting.BallotCast:
			entry.Code = "K7Q2"
		case meeting.VoteClosed:
			entry.Code = "K7Q2MX"
		}
		if e.Detail != nil {
			entry.Body, _ = json.Marshal(e.Detail)
			entry.Detail = "00"
		}
		if !d.s.Apply(entry) {
			d.t.Fatalf("%s not known", e.Kind)
		}
	}
}

func (d *drama) wait(length time.Duration) *drama { d.now = d.now.Add(length); return d }

var members = []struct{ say, name, title, unit string }{
	{"Ông", "Nông Quang Hưng", "Chủ tịch", "UBND tỉnh"}, {"Bà", "Đỗ Minh Nguyệt", "Phó Chủ tịch", "UBND tỉnh"},
	{"Ông", "Bùi Công Danh", "Phó Chủ tịch", "UBND tỉnh"}, {"Ông", "Phạm Hữu Lộc", "Chánh Văn phòng", "Văn phòng UBND tỉnh"},
	{"Ông", "Lý Thành Trung", "Giám đốc", "Sở Tài chính"}, {"Bà", "Vi Thị Hạnh", "Giám đốc", "Sở Nội vụ"},
	{"Ông", "Vũ Đức Long", "Giám đốc", "Sở Khoa học và Công nghệ"}, {"Ông", "Ngô Văn Quyết", "Giám đốc", "Sở Xây dựng"},
	{"Ông", "Trần Quốc Bảo", "Giám đốc", "Sở Y tế"}, {"Ông", "Hà Văn Thắng", "Giám đốc", "Sở Tư pháp"},
	{"Bà", "Đàm Thị Thu", "Giám đốc", "Sở Công Thương"}, {"Bà", "Hoàng Thị Thảo", "Giám đốc", "Sở Văn hóa, Thể thao và Du lịch"},
	{"Bà", "Lương Thị Ngân", "Giám đốc", "Sở Giáo dục và Đào tạo"}, {"Ông", "Tạ Đình Phúc", "Giám đốc", "Công an tỉnh"},
}

// people seats n members, chair first, a substitute and a guest.
func (d *drama) people(n int) *drama {
	for i := range n {
		m := members[i%len(members)]
		p := meeting.Person{ID: meeting.PersonID(fmt.Sprintf("m%02d", i+1)), Salutation: m.say, Name: m.name, Title: m.title, Unit: m.unit,
			Role: meeting.RoleMember, Votes: true, Seat: fmt.Sprintf("%02d", i+1), Order: i + 1}
		if i >= len(members) {
			p.Name, p.Unit = fmt.Sprintf("Triệu Văn %c", 'A'+rune(i%26)), "Sở Nông nghiệp và Môi trường"
		}
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		d.must(d.s.Seat(d.by("clerk"), p))
	}
	d.must(d.s.Seat(d.by("clerk"), meeting.Person{ID: "sub", Salutation: "Ông", Name: "Dương Văn Khải", Title: "Phó Giám đốc", Unit: "Sở Y tế", Role: meeting.RoleSubstitute, For: "m15", Seat: "D1"}))
	d.must(d.s.Seat(d.by("clerk"), meeting.Person{ID: "guest", Salutation: "Bà", Name: "Mai Ngọc Ánh", Title: "Phó Trưởng ban", Unit: "Ban Kinh tế - Ngân sách", Role: meeting.RoleGuest, Seat: "K1"}))
	return d
}

var titles = []string{
	"Khai mạc, thông qua chương trình", "Tình hình kinh tế - xã hội quý II", "Giải ngân vốn đầu tư công quý II và điều chỉnh kế hoạch năm 2026",
	"Đề án chuyển đổi số", "Công tác cán bộ", "Bảo tồn di sản văn hóa", "Bảng giá đất điều chỉnh", "Kết luận, bế mạc",
}

func (d *drama) agenda() *drama {
	for i, title := range titles {
		it := meeting.NewItem{Title: title, Unit: "Sở Tài chính", Presenter: "Ông Lý Thành Trung", Minutes: 20, InCamera: i == 4}
		d.must(d.s.AddItem(d.by("clerk"), meeting.ItemID(fmt.Sprintf("i%d", i+1)), it))
	}
	for i, name := range []string{"Tờ trình 118/TTr-STC.pdf", "Phụ lục 1 - Danh mục 41 dự án chậm tiến độ.xlsx", "Báo cáo thẩm tra 86/BC-VP.pdf", "Dự thảo Nghị quyết về giải ngân vốn đầu tư công quý II.pdf"} {
		d.must(d.s.PlacePaper(d.by("clerk"), d.paper(fmt.Sprintf("p%d", i), "i3", name)))
	}
	d.must(d.s.PlacePaper(d.by("clerk"), d.paper("q1", "i5", "Tờ trình nhân sự.pdf")))
	return d
}

func (d *drama) paper(id, item, name string) meeting.NewPaper {
	x := meeting.NewPaper{ID: meeting.PaperID(id), Item: meeting.ItemID(item), Name: name, Size: 1_250_000, Type: "application/pdf"}
	x.Ref = fmt.Sprintf("%064x", len(id)*1000+int(id[1]))
	if name[len(name)-1] == 'x' {
		x.Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return x
}

// sit opens the session with all but the last two members here, and item 3.
func (d *drama) sit(n int) *drama {
	var here []meeting.PersonID
	for i := range n - 2 {
		here = append(here, meeting.PersonID(fmt.Sprintf("m%02d", i+1)))
	}
	d.must(d.s.MarkAll(d.by("clerk"), append(here, "sub", "guest")))
	d.wait(time.Hour).must(d.s.Open(d.by("m01"), ""))
	for _, id := range []meeting.ItemID{"i1", "i2"} {
		d.wait(10 * time.Minute).must(d.s.OpenItem(d.by("m01"), id))
		d.wait(10 * time.Minute).must(d.s.CloseItem(d.by("m01"), id))
	}
	d.must(d.s.OpenItem(d.by("m01"), "i3"))
	x := d.paper("p9", "i3", "Phụ lục 1 - Danh mục 41 dự án chậm tiến độ.xlsx")
	x.Replaces = "p1"
	d.wait(time.Minute).must(d.s.PlacePaper(d.by("clerk"), x))
	return d.wait(10 * time.Minute)
}

func (d *drama) speak() *drama {
	for _, who := range []string{"m09", "m07", "m12", "m03", "m05"} {
		d.must(d.s.AskFloor(d.by(who), "", who == "m03"))
	}
	d.must(d.s.GiveFloor(d.by("m01"), "m09", 180))
	return d.wait(108 * time.Second)
}

const motion = "Thông qua Nghị quyết về giải ngân vốn đầu tư công quý II"

// vote opens vote id and lets the first n members vote, two of them otherwise.
func (d *drama) vote(id string, n int) *drama {
	d.must(d.s.OpenVote(d.by("m01"), meeting.VoteID(id), "i3", motion, 60, ""))
	d.wait(17 * time.Second)
	for i := range n {
		c := rules.For
		switch i {
		case 7:
			c = rules.Against
		case 12:
			c = rules.Abstain
		}
		d.must(d.s.Cast(d.by(fmt.Sprintf("m%02d", i+1)), meeting.VoteID(id), 0, c))
	}
	return d.wait(12 * time.Second)
}

func (d *drama) count(id string) *drama {
	d.must(d.s.CloseVote(d.by("m01"), meeting.VoteID(id), true))
	return d.wait(5 * time.Second)
}

func (d *drama) view(who string) (meeting.View, meeting.Mine) {
	m, ok := d.s.Mine(meeting.PersonID(who))
	if !ok {
		d.t.Fatalf("nobody called %s", who)
	}
	return d.s.SeenBy(d.s.AudienceOf(meeting.PersonID(who))), m
}

func (d *drama) hall() meeting.View {
	return d.s.SeenBy(meeting.Audience{Screen: meeting.HallScreen})
}

// shot is one screen in one state.
type shot struct {
	name string
	now  time.Time
	draw func(Page) templ.Component
}

func (d *drama) member(name, who string) shot {
	v, m := d.view(who)
	return shot{"member-" + name, d.now, func(p Page) templ.Component { return MemberPage(p, v, m) }}
}

func (d *drama) item(name, who string, id meeting.ItemID) shot {
	v, m := d.view(who)
	it, _ := itemByID(v, id)
	return shot{"member-" + name, d.now, func(p Page) templ.Component { return MemberItemPage(p, v, m, it) }}
}

func (d *drama) record(name, who string) shot {
	v, m := d.view(who)
	return shot{"member-" + name, d.now, func(p Page) templ.Component { return MemberRecordPage(p, v, m) }}
}

func (d *drama) big(name string) shot {
	v := d.hall()
	return shot{"hall-" + name, d.now, func(p Page) templ.Component { return HallPage(p, v) }}
}
