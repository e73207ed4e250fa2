package minutes

import (
	"phonghop/meeting"
	"phonghop/viet"
)

// attendanceTable says who was here, from when to when, and who was not.
func attendanceTable(a meeting.Account) listing {
	t := listing{name: "Điểm danh", fixed: 3, columns: []field{
		{"TT", 5, whole}, {"Danh xưng", 8, words}, {"Họ và tên", 22, words}, {"Chức vụ Đảng", 18, words}, {"Chức vụ", 16, words}, {"Đơn vị", 22, words},
		{"Tư cách tham dự", 11, words}, {"Dự thay", 14, words}, {"Có quyền biểu quyết", 8, short}, {"Số ghế", 6, short},
		{"Điểm danh", 10, words}, {"Có mặt lúc", 9, clock}, {"Rời lúc", 9, clock}, {"Đến muộn", 7, short},
		{"Báo vắng", 7, short}, {"Lý do", 20, words}, {"Ý kiến chủ tọa", 8, words},
	}}
	for i, p := range a.People {
		t.add(i+1, p.Salutation, p.Name, p.PartyTitle, p.Title, p.Unit, roleWords(p), p.ForName, yes(p.Votes), seatCell(p.Seat),
			attendanceWords(p), known(p.Came), known(p.Left), yes(p.Late), yes(p.AbsenceReported), p.Reason, answerWords(p))
	}
	return t
}

// seatCell is a seat's number as a number, so that it sorts; another name of a
// seat stays a name.
func seatCell(seat string) any {
	if n, err := viet.ParseNumber(seat); err == nil && n > 0 && n < 10_000 {
		return int(n)
	}
	return seat
}

func roleWords(p meeting.Attended) string {
	switch p.Role {
	case meeting.RoleChair:
		return "Chủ tọa"
	case meeting.RoleSecretary:
		return "Thư ký"
	case meeting.RoleSubstitute:
		return "Người dự thay"
	case meeting.RoleGuest:
		return "Khách mời"
	}
	return "Thành viên"
}

func attendanceWords(p meeting.Attended) string {
	switch {
	case !p.WasPresent:
		return "Vắng mặt"
	case p.Attendance == meeting.Present:
		return "Có mặt"
	}
	return "Có mặt, đã rời"
}

func answerWords(p meeting.Attended) string {
	switch {
	case !p.AbsenceReported || !p.Answered:
		return ""
	case p.Agreed:
		return "Đồng ý"
	}
	return "Không đồng ý"
}
