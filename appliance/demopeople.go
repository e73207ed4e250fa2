package main

import (
	"fmt"

	"phonghop/meeting"
	"phonghop/viet"
)

// The demo's province and everybody in it are invented.
const (
	demoBody  = "Ủy ban nhân dân tỉnh Trà Sơn"
	demoPlace = "Phòng họp số 1, Trụ sở Ủy ban nhân dân tỉnh"
	demoRoom  = "Phòng họp số 1"
	demoTerm  = "2021–2026"
)

// sitter is one line of the table's list: who, and what they are.
type sitter struct {
	salutation, name, party, title, unit string
}

// demoMembers are the 22 members in protocol order; the first is the chair.
func demoMembers() []sitter {
	man, woman := viet.Mister, viet.Madam
	return []sitter{
		{man, "Nông Quang Hưng", "Phó Bí thư Tỉnh ủy", "Chủ tịch", "UBND tỉnh"},
		{woman, "Lê Thị Minh Hà", "Ủy viên Ban Thường vụ Tỉnh ủy", "Phó Chủ tịch Thường trực", "UBND tỉnh"},
		{man, "Đặng Ngọc Khôi", "Tỉnh ủy viên", "Phó Chủ tịch", "UBND tỉnh"},
		{man, "Phạm Hữu Tường", "Tỉnh ủy viên", "Phó Chủ tịch", "UBND tỉnh"},
		{man, "Hà Trung Kiên", "Tỉnh ủy viên", "Chánh Văn phòng", "Văn phòng UBND tỉnh"},
		{woman, "Trịnh Hải Yến", "Tỉnh ủy viên", "Giám đốc", "Sở Tài chính"},
		{man, "Vũ Đức Long", "", "Giám đốc", "Sở Khoa học và Công nghệ"},
		{man, "Ngô Văn Quyết", "Tỉnh ủy viên", "Giám đốc", "Sở Xây dựng"},
		{man, "Trần Quốc Bảo", "", "Giám đốc", "Sở Y tế"},
		{man, "Bùi Công Danh", "Tỉnh ủy viên", "Giám đốc", "Sở Công Thương"},
		{man, "Đỗ Mạnh Cường", "Ủy viên Ban Thường vụ Tỉnh ủy", "Giám đốc", "Công an tỉnh"},
		{woman, "Hoàng Thị Thảo", "Tỉnh ủy viên", "Giám đốc", "Sở Văn hóa, Thể thao và Du lịch"},
		{woman, "Lương Thị Ngân", "", "Giám đốc", "Sở Tư pháp"},
		{man, "Nguyễn Sỹ Hoàn", "Tỉnh ủy viên", "Giám đốc", "Sở Nông nghiệp và Môi trường"},
		{woman, "Phan Thanh Tâm", "Tỉnh ủy viên", "Giám đốc", "Sở Giáo dục và Đào tạo"},
		{man, "Lý A Páo", "Tỉnh ủy viên", "Giám đốc", "Sở Dân tộc và Tôn giáo"},
		{man, "Cao Xuân Trường", "", "Giám đốc", "Sở Nội vụ"},
		{man, "Tô Vĩnh Phúc", "Ủy viên Ban Thường vụ Tỉnh ủy", "Chỉ huy trưởng", "Bộ Chỉ huy Quân sự tỉnh"},
		{woman, "Mai Diệu Linh", "", "Giám đốc", "Sở Ngoại vụ"},
		{man, "Đinh Khắc Vinh", "Tỉnh ủy viên", "Chánh Thanh tra", "Thanh tra tỉnh"},
		{man, "Quách Tuấn Ân", "", "Trưởng Ban", "Ban Quản lý Khu kinh tế tỉnh"},
		{woman, "Vi Thị Ngọc Ánh", "", "Ủy viên UBND tỉnh", "Ban Quản lý dự án đầu tư xây dựng tỉnh"},
	}
}

// The seats of those members who are not here, with the reasons they gave; the
// chair has agreed to the first.
const (
	absentAgreed = "18"
	absentAsked  = "19"
)

// demoOthers are who sits in without a vote.
func demoOthers() []meeting.Person {
	person := func(p sitter, role meeting.Role, seat string, order int) meeting.Person {
		out := p.person(seat, order)
		out.Role, out.Votes = role, false
		return out
	}
	return []meeting.Person{
		person(sitter{viet.Mister, "Lò Văn Thành", "", "Phó Chỉ huy trưởng", "Bộ Chỉ huy Quân sự tỉnh"}, meeting.RoleSubstitute, "23", 31),
		person(sitter{viet.Madam, "Kiều Phương Mai", "", "Phó Giám đốc", "Sở Ngoại vụ"}, meeting.RoleSubstitute, "24", 32),
		person(sitter{viet.Mister, "Âu Dương Tấn", "Ủy viên Ban Thường vụ Tỉnh ủy", "Chủ tịch", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"}, meeting.RoleGuest, "25", 41),
		person(sitter{viet.Madam, "Thân Thu Hiền", "", "Trưởng Ban Kinh tế - Ngân sách", "Hội đồng nhân dân tỉnh"}, meeting.RoleGuest, "26", 42),
	}
}

func demoSecretary() meeting.Person {
	p := sitter{viet.Madam, "Lã Kim Dung", "", "Trưởng phòng Tổng hợp", "Văn phòng UBND tỉnh"}.person("TK", 51)
	p.Role, p.Votes = meeting.RoleSecretary, false
	return p
}

func (s sitter) person(seat string, order int) meeting.Person {
	return meeting.Person{
		ID: meeting.PersonID(newID()), Salutation: s.salutation, Name: s.name, PartyTitle: s.party,
		Title: s.title, Unit: s.unit, Role: meeting.RoleMember, Votes: true, Seat: seat, Order: order,
	}
}

// demoPeople are all but the secretary, who prepares the session.
func demoPeople() []meeting.Person {
	var out []meeting.Person
	for i, m := range demoMembers() {
		p := m.person(fmt.Sprintf("%02d", i+1), i+1)
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		out = append(out, p)
	}
	others := demoOthers()
	others[0].For, others[1].For = seated(out, absentAgreed), seated(out, absentAsked)
	return append(out, others...)
}

// seated is who sits at a place.
func seated(people []meeting.Person, seat string) meeting.PersonID {
	for _, p := range people {
		if p.Seat == seat {
			return p.ID
		}
	}
	return ""
}
