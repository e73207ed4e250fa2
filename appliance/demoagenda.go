package main

import "phonghop/meeting"

// demoItem is an item of the demo's agenda, the papers on it and how it ended.
type demoItem struct {
	meeting.NewItem
	papers     []demoPaper
	motion     string // voted on before the newcomer arrives
	conclusion string
}

// demoAgenda is the agenda of session 47: two items are behind the table, the
// third is open, five are ahead.
func demoAgenda() []demoItem {
	item := func(title, presenter, unit string, minutes int) demoItem {
		return demoItem{NewItem: meeting.NewItem{Title: title, Presenter: presenter, Unit: unit, Minutes: minutes}}
	}
	list := []demoItem{
		item("Tình hình kinh tế - xã hội 6 tháng đầu năm, nhiệm vụ trọng tâm 6 tháng cuối năm 2026", "Ông Hà Trung Kiên", "Văn phòng UBND tỉnh", 25),
		item("Quy định chế độ hỗ trợ đội ngũ giáo viên vùng cao giai đoạn 2026–2030", "Bà Phan Thanh Tâm", "Sở Giáo dục và Đào tạo", 20),
		item("Giải ngân vốn đầu tư công quý II và điều chỉnh kế hoạch năm 2026", "Bà Trịnh Hải Yến", "Sở Tài chính", 20),
		item("Đề án chuyển đổi số của tỉnh giai đoạn 2026–2030", "Ông Vũ Đức Long", "Sở Khoa học và Công nghệ", 20),
		item("Sắp xếp mạng lưới y tế cơ sở sau khi tổ chức chính quyền địa phương hai cấp", "Ông Trần Quốc Bảo", "Sở Y tế", 15),
		item("Bảng giá đất điều chỉnh áp dụng từ ngày 01 tháng 8 năm 2026", "Ông Nguyễn Sỹ Hoàn", "Sở Nông nghiệp và Môi trường", 20),
		item("Phương án phòng, chống thiên tai và tìm kiếm cứu nạn mùa mưa bão năm 2026", "Ông Nguyễn Sỹ Hoàn", "Sở Nông nghiệp và Môi trường", 15),
		item("Công tác tổ chức, cán bộ", "Ông Cao Xuân Trường", "Sở Nội vụ", 15),
	}
	list[0].conclusion = "Thống nhất nội dung báo cáo. Giao Văn phòng UBND tỉnh tiếp thu ý kiến các thành viên, hoàn chỉnh báo cáo trước ngày 05 tháng 7 năm 2026.\nCác sở, ngành rà soát từng chỉ tiêu chưa đạt, đề ra giải pháp cụ thể theo tháng."
	list[0].papers = []demoPaper{reportOnEconomy()}
	list[1].motion = "Thông qua dự thảo Nghị quyết quy định chế độ hỗ trợ đội ngũ giáo viên vùng cao giai đoạn 2026–2030"
	list[1].conclusion = "Ủy ban nhân dân tỉnh thống nhất thông qua. Giao Sở Giáo dục và Đào tạo hoàn chỉnh hồ sơ, trình Hội đồng nhân dân tỉnh tại kỳ họp gần nhất."
	list[1].papers = []demoPaper{proposalOnTeachers()}
	list[2].papers = []demoPaper{proposalOnInvestment(), annexOfProjects(), reviewOfInvestment(), draftOnInvestment()}
	list[3].papers = []demoPaper{proposalOnDigital()}
	list[7].InCamera = true
	return list
}

// demoAbsences are the reasons of the two members who are not here.
func demoAbsences() map[string]string {
	return map[string]string{
		absentAgreed: "Dự Hội nghị Quân chính toàn quân khu theo giấy triệu tập",
		absentAsked:  "Tháp tùng đoàn công tác của tỉnh, chuyến bay về chậm",
	}
}

// demoDissent are the ballots of the vote that was held; everybody else was for.
func demoDissent() map[string]string { return map[string]string{"08": "against", "13": "abstain"} }
