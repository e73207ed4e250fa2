package minutes

import (
	"fmt"
	"strings"

	"phonghop/meeting"
	"phonghop/viet"
)

// longRoll is how many members present the body still lists; beyond it the
// list moves to the annex and the body gives the numbers.
const longRoll = 60

// attendance is part I: who was here, who was not and why, and the quorum.
func (m *composer) attendance() {
	m.add(Section("I. THÀNH PHẦN THAM DỰ"))
	here, away := m.members()
	total := len(here) + len(away)
	m.add(Section(fmt.Sprintf("1. Thành viên: tổng số %d; có mặt %d; vắng mặt %d.", total, len(here), len(away))))
	m.present(here)
	m.absent(away)
	n := 2
	for _, group := range []struct {
		role  meeting.Role
		title string
	}{{meeting.RoleSubstitute, "Người dự thay (không biểu quyết)"}, {meeting.RoleGuest, "Khách mời"}} {
		if m.others(n, group.role, group.title) {
			n++
		}
	}
	m.quorum(n)
}

// members are those who vote, by whether they were ever here.
func (m *composer) members() (here, away []meeting.Attended) {
	for _, p := range m.a.People {
		switch {
		case !p.Votes:
		case p.WasPresent:
			here = append(here, p)
		default:
			away = append(away, p)
		}
	}
	return here, away
}

func (m *composer) present(here []meeting.Attended) {
	switch {
	case len(here) == 0:
		return
	case len(here) > longRoll:
		m.say("a) Có mặt %d thành viên; danh sách tại Phụ lục 1.", len(here))
		return
	}
	m.add(Para{Runs: Plain("a) Có mặt:"), KeepNext: true})
	m.add(listed(here, func(p meeting.Attended) string { return personLine(p.Person) + m.movements(p) }))
}

// movements says of somebody present that they came late or left early.
func (m *composer) movements(p meeting.Attended) string {
	var parts []string
	if p.ID == m.openingChair().ID {
		parts = append(parts, "chủ tọa")
	}
	if p.Late && !p.Came.IsZero() {
		parts = append(parts, "có mặt từ "+viet.FormalClock(p.Came))
	}
	if !p.Left.IsZero() && (m.a.Ended.IsZero() || p.Left.Before(m.a.Ended)) {
		parts = append(parts, "rời phiên họp lúc "+viet.FormalClock(p.Left))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}

func (m *composer) absent(away []meeting.Attended) {
	switch {
	case len(away) == 0:
		m.say("b) Vắng mặt: không có.")
		return
	case len(away) > longRoll:
		m.say("b) Vắng mặt %d thành viên; danh sách và lý do tại Phụ lục 1.", len(away))
		return
	}
	m.add(Para{Runs: Plain("b) Vắng mặt:"), KeepNext: true})
	m.add(listed(away, func(p meeting.Attended) string { return personLine(p.Person) + "; " + absence(p) }))
}

// absence is the reason, and what the chair said to it.
func absence(p meeting.Attended) string {
	if !p.AbsenceReported {
		return "không báo trước"
	}
	reason := "không nêu lý do"
	if p.Reason != "" {
		reason = "lý do: " + strings.TrimRight(tidy(p.Reason), ". ")
	}
	switch {
	case p.Answered && p.Agreed:
		return reason + " (chủ tọa đồng ý)"
	case p.Answered:
		return reason + " (chủ tọa không đồng ý)"
	}
	return reason + " (đã báo, chủ tọa chưa trả lời)"
}

// others lists substitutes or guests who came.
func (m *composer) others(n int, role meeting.Role, title string) bool {
	var came []meeting.Attended
	for _, p := range m.a.People {
		if p.Role == role && p.WasPresent {
			came = append(came, p)
		}
	}
	if len(came) == 0 {
		return false
	}
	if len(came) > longRoll {
		m.say("%d. %s: %d người; danh sách tại Phụ lục 1.", n, title, len(came))
		return true
	}
	m.add(Section(fmt.Sprintf("%d. %s: %d người.", n, title, len(came))))
	m.add(listed(came, func(p meeting.Attended) string {
		if p.ForName != "" {
			return personLine(p.Person) + " (dự thay " + lowerAddress(p.ForName) + ")"
		}
		return personLine(p.Person) + m.movements(p)
	}))
	return true
}

// lowerAddress is a name as called, within a sentence.
func lowerAddress(name string) string {
	for _, address := range []string{viet.Mister, viet.Madam, viet.Comrade} {
		if rest, ok := strings.CutPrefix(name, address+" "); ok {
			return strings.ToLower(address) + " " + rest
		}
	}
	return name
}

func listed(people []meeting.Attended, line func(meeting.Attended) string) List {
	l := List{Marks: Dashes, Items: make([][]Run, len(people))}
	for i, p := range people {
		end := ";"
		if i == len(people)-1 {
			end = "."
		}
		l.Items[i] = Plain(line(p) + end)
	}
	return l
}

// quorum says whether enough were here when the session opened.
func (m *composer) quorum(n int) {
	if m.a.Rules.Check() != nil { // nothing prepared yet
		return
	}
	q := m.a.Quorum
	m.add(Section(fmt.Sprintf("%d. Điều kiện tiến hành", n)))
	lead := "Khi khai mạc: "
	if m.a.Opened.IsZero() {
		lead = "Đến thời điểm lập biên bản: "
	}
	m.say("%s%s", lead, lowerFirst(m.a.Rules.QuorumSentence(q.Present, q.Total)))
	if m.a.QuorumReason != "" {
		m.say("Phiên họp được khai mạc khi chưa đủ số thành viên theo quy định; lý do: %s", sentence(m.a.QuorumReason))
	}
}

func lowerFirst(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}
