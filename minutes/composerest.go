package minutes

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/viet"
)

// incident is something outside the items, at its time.
type incident struct {
	at   time.Time
	text string
}

// incidents is part IV: recesses, who presided, corrections. It is left out
// where there is nothing to tell.
func (m *composer) incidents() {
	list := slices.Concat(m.handovers(), m.recesses(), m.corrections(), m.looseNotes())
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b incident) int { return a.at.Compare(b.at) })
	m.add(Section("IV. DIỄN BIẾN KHÁC"))
	points := List{Marks: Dashes}
	for _, i := range list {
		points.Items = append(points.Items, Plain(i.text))
	}
	m.add(points)
}

func (m *composer) closingNumeral() string {
	if len(m.handovers())+len(m.recesses())+len(m.corrections())+len(m.looseNotes()) == 0 {
		return "IV"
	}
	return "V"
}

func (m *composer) handovers() (out []incident) {
	for i, c := range m.a.Chairs {
		if i > 0 {
			out = append(out, incident{c.From, fmt.Sprintf("Từ %s, %s làm chủ tọa phiên họp.", viet.FormalClock(c.From), named(c.Person))})
		}
	}
	return out
}

func (m *composer) recesses() (out []incident) {
	for _, r := range m.a.Recesses {
		text := fmt.Sprintf("Phiên họp tạm nghỉ từ %s đến %s.", viet.FormalClock(r.From), viet.FormalClock(r.To))
		if r.To.IsZero() {
			text = fmt.Sprintf("Phiên họp tạm nghỉ từ %s.", viet.FormalClock(r.From))
		}
		out = append(out, incident{r.From, text})
	}
	return out
}

func (m *composer) corrections() (out []incident) {
	for _, c := range m.a.Corrections {
		text := strings.Join(paragraphs(c.Text), "\n")
		if text == "" {
			text = inCamera
		}
		out = append(out, incident{c.At, fmt.Sprintf("Đính chính lúc %s (%s): %s", viet.FormalClock(c.At), named(c.By), sentence(text))})
	}
	return out
}

// looseNotes are the secretary's notes on no item.
func (m *composer) looseNotes() (out []incident) {
	for _, n := range m.a.Notes {
		if text := strings.Join(paragraphs(n.Text), "\n"); n.Item == "" && text != "" {
			out = append(out, incident{n.At, fmt.Sprintf("Lúc %s: %s", viet.FormalClock(n.At), sentence(text))})
		}
	}
	return out
}

// beginAnnex begins an annex on a page of its own.
func (m *composer) beginAnnex(title string) {
	m.annex++
	m.add(PageBreak{},
		Para{Runs: Bold(fmt.Sprintf("Phụ lục %d", m.annex)), Align: Centred, KeepNext: true},
		Para{Runs: Bold(title), Align: Centred, KeepNext: true},
		Para{Runs: Italic("(Kèm theo Biên bản " + m.sessionName() + ")"), Align: Centred, KeepNext: true, Size: 13})
}

func (m *composer) attendanceAnnex() {
	m.beginAnnex("DANH SÁCH ĐIỂM DANH")
	t := Table{Size: 11, Columns: []Column{
		{Title: "TT", Share: 9, Align: Centred},
		{Title: "Họ và tên", Share: 42},
		{Title: "Chức vụ, đơn vị", Share: 66},
		{Title: "Điểm danh", Share: 48},
	}}
	for i, p := range m.a.People {
		post := viet.Person{Title: p.Title, Unit: p.Unit}.Post()
		t.Rows = append(t.Rows, Cells(viet.Number(int64(i+1)), p.Name, post, m.marked(p)))
	}
	m.add(t)
}

// marked says in a few words how somebody attended.
func (m *composer) marked(p meeting.Attended) string {
	var role string
	switch p.Role {
	case meeting.RoleSecretary:
		role = "Thư ký. "
	case meeting.RoleGuest:
		role = "Khách mời. "
	case meeting.RoleSubstitute:
		role = "Dự thay " + lowerAddress(p.ForName) + ". "
	}
	if !p.WasPresent {
		if !p.Votes && !p.AbsenceReported {
			return role + "Vắng mặt."
		}
		return role + "Vắng mặt; " + absence(p) + "."
	}
	said := "Có mặt"
	if !p.Came.IsZero() {
		said += " từ " + viet.Clock(p.Came)
	}
	if !p.Left.IsZero() && (m.a.Ended.IsZero() || p.Left.Before(m.a.Ended)) {
		said += ", rời " + viet.Clock(p.Left)
	}
	return role + said + "."
}

func (m *composer) paperAnnex() {
	t := Table{Size: 11, Columns: []Column{
		{Title: "TT", Share: 9, Align: Centred},
		{Title: "Nội dung", Share: 15, Align: Centred},
		{Title: "Tên tài liệu", Share: 74},
		{Title: "Số trang", Share: 13, Align: Centred},
		{Title: "Mã kiểm tra", Share: 54},
	}}
	for _, it := range m.a.Items {
		for _, p := range it.Papers {
			t.Rows = append(t.Rows, Cells(viet.Number(int64(len(t.Rows)+1)), viet.Number(int64(it.Number)),
				paperName(it, p), m.pageCount(p), grouped(p.Ref)))
		}
	}
	if len(t.Rows) == 0 {
		return
	}
	m.beginAnnex("TÀI LIỆU PHIÊN HỌP")
	m.add(t)
}

func paperName(it meeting.AccountItem, p meeting.PaperView) string {
	name := p.Name
	if it.Withheld || name == "" {
		name = inCamera
	}
	if p.Version > 1 {
		name += fmt.Sprintf(" (phiên bản %d)", p.Version)
	}
	switch {
	case p.Withdrawn:
		name += " (đã rút)"
	case p.Superseded:
		name += " (đã được thay)"
	}
	return name
}

func (m *composer) pageCount(p meeting.PaperView) string {
	n := m.src.Pages[p.ID]
	if n == 0 {
		n = p.Total
	}
	if n == 0 {
		return ""
	}
	return viet.Number(int64(n))
}

// grouped is a long code in groups of eight, to be read and to break.
func grouped(code string) string {
	var parts []string
	for r := []rune(code); len(r) > 0; {
		n := min(8, len(r))
		parts, r = append(parts, string(r[:n])), r[n:]
	}
	return strings.Join(parts, " ")
}

func (m *composer) taskAnnex() {
	if len(m.a.Tasks) == 0 {
		return
	}
	m.beginAnnex("NHIỆM VỤ SAU PHIÊN HỌP")
	t := Table{Columns: []Column{
		{Title: "TT", Share: 9, Align: Centred},
		{Title: "Nhiệm vụ", Share: 66},
		{Title: "Đơn vị chủ trì", Share: 32},
		{Title: "Đơn vị phối hợp", Share: 32},
		{Title: "Thời hạn hoàn thành", Share: 26, Align: Centred},
	}}
	for i, task := range m.a.Tasks {
		lead := task.Unit
		if task.Owner != "" {
			lead = strings.TrimPrefix(lead+" ("+lowerAddress(task.Owner)+")", " ")
		}
		t.Rows = append(t.Rows, Cells(viet.Number(int64(i+1)), task.Text, lead, task.Support, dueDate(task.Due)))
	}
	m.add(t)
}

func dueDate(s string) string {
	if t, err := viet.ParseDate(s); err == nil {
		return viet.Date(t)
	}
	return s
}

// technicalPage is last and apart: it lets anybody set the record against what
// the room keeps, and never stands in for a signature.
func (m *composer) technicalPage() {
	if m.src.Root == "" {
		return
	}
	m.add(PageBreak{},
		Para{Runs: Bold("TRANG KỸ THUẬT"), Align: Centred, KeepNext: true},
		Para{Runs: Italic("(Dùng để kiểm tra biên bản với nhật ký phiên họp; không thay cho chữ ký)"), Align: Centred, KeepNext: true, Size: 13})
	row := func(label, value string) Run { return Run{Text: label + ": " + value} }
	m.add(Code{Link: m.src.Link, Lines: []Run{
		row("Nhật ký phiên họp", m.src.Origin),
		row("Số mục ghi", viet.Number(m.src.Size)),
		row("Mã gốc của nhật ký (SHA-256)", grouped(m.src.Root)),
		row("Dấu khóa của phòng họp", m.src.Key),
		row("Lập lúc", viet.FormalMoment(m.src.At)),
	}})
	m.say("Cách kiểm tra: mở hồ sơ phiên họp bằng lệnh phonghop verify; mã gốc và số mục ghi phải đúng như trên. Tài liệu họp được kiểm tra bằng mã SHA-256 ghi tại cột “Mã kiểm tra” của phụ lục tài liệu.")
}
