package minutes

import (
	"fmt"

	"phonghop/meeting"
	"phonghop/viet"
)

// RollList is the list of who was here (danh sách điểm danh). Before the session
// opens it is a list to sign.
func RollList(src Source) Sheet {
	m := composer{src: src, a: src.Account}
	m.add(Heading{Superior: src.Office.Superior, Body: m.issuer()}, DocTitle{Name: "DANH SÁCH ĐIỂM DANH", About: []string{m.sessionName()}})
	m.rollTimes()
	if m.a.Opened.IsZero() {
		m.add(m.signList(9))
	} else {
		m.rollCount()
		m.add(m.rollTable())
	}
	m.add(Signatures{Right: Signer{Titles: []string{"THƯ KÝ"}, Note: "(Ký, ghi rõ họ tên)", Name: m.a.Clerk.Name}})
	return m.paper("Danh sách điểm danh")
}

func (m *composer) rollTimes() {
	begun := m.a.Opened
	if begun.IsZero() {
		begun = m.a.Header.Starts
	}
	m.labelled("Thời gian", viet.FormalMoment(begun)+".")
	m.labelled("Địa điểm", sentence(m.a.Header.Place))
}

func (m *composer) rollCount() {
	here, away := m.members()
	m.labelled("Thành viên", fmt.Sprintf("tổng số %d; có mặt %d; vắng mặt %d.", len(here)+len(away), len(here), len(away)))
	others := 0
	for _, p := range m.a.People {
		if !p.Votes && p.WasPresent {
			others++
		}
	}
	if others > 0 {
		m.labelled("Người khác có mặt", fmt.Sprintf("%d.", others))
	}
}

// rollGroups are the people by how they attend, each group under its own line.
func (m *composer) rollGroups(add func(title string, people []meeting.Attended)) {
	groups := []struct {
		title string
		has   func(meeting.Attended) bool
	}{
		{"Thành viên", func(p meeting.Attended) bool { return p.Votes }},
		{"Người dự thay", func(p meeting.Attended) bool { return !p.Votes && p.Role == meeting.RoleSubstitute }},
		{"Khách mời", func(p meeting.Attended) bool { return !p.Votes && p.Role == meeting.RoleGuest }},
		{"Thư ký", func(p meeting.Attended) bool { return !p.Votes && p.Role == meeting.RoleSecretary }},
		{"Người dự họp không biểu quyết", func(p meeting.Attended) bool {
			return !p.Votes && (p.Role == meeting.RoleChair || p.Role == meeting.RoleMember)
		}},
	}
	for _, g := range groups {
		var people []meeting.Attended
		for _, p := range m.a.People {
			if g.has(p) {
				people = append(people, p)
			}
		}
		if len(people) > 0 {
			add(fmt.Sprintf("%s (%d)", g.title, len(people)), people)
		}
	}
}

func groupRow(title string, columns int) Row {
	return Row{Cells: []Cell{{Runs: Bold(title), Span: columns, Align: Left}}}
}

func (m *composer) rollTable() Table {
	t := Table{Columns: []Column{
		{Title: "TT", Share: 9, Align: Centred}, {Title: "Họ và tên", Share: 44}, {Title: "Chức vụ, đơn vị", Share: 60}, {Title: "Điểm danh", Share: 52},
	}}
	n := 0
	m.rollGroups(func(title string, people []meeting.Attended) {
		t.Rows = append(t.Rows, groupRow(title, len(t.Columns)))
		for _, p := range people {
			n++
			t.Rows = append(t.Rows, Cells(viet.Number(int64(n)), p.Name, postOf(p.Person), m.markedInGroup(p)))
		}
	})
	return t
}

// markedInGroup is marked without the role, which the group's line says.
func (m *composer) markedInGroup(p meeting.Attended) string {
	if p.Role == meeting.RoleSubstitute {
		return m.marked(p)
	}
	p.Role = meeting.RoleMember
	return m.marked(p)
}

// signList is a row to sign for everybody, so many mm high.
func (m *composer) signList(height float64) Table {
	t := Table{Columns: []Column{
		{Title: "TT", Share: 9, Align: Centred}, {Title: "Họ và tên", Share: 46}, {Title: "Chức vụ, đơn vị", Share: 56},
		{Title: "Ghế", Share: 12, Align: Centred}, {Title: "Chữ ký", Share: 42},
	}}
	n := 0
	m.rollGroups(func(title string, people []meeting.Attended) {
		t.Rows = append(t.Rows, groupRow(title, len(t.Columns)))
		for _, p := range people {
			n++
			row := Cells(viet.Number(int64(n)), p.Name, postOf(p.Person), p.Seat, "")
			row.Height = height
			t.Rows = append(t.Rows, row)
		}
	})
	return t
}
