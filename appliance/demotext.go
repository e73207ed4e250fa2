package main

// The words of the demo's papers. Figures are invented and add up.

func proposalOnInvestment() demoPaper {
	return demoPaper{
		name: "Tờ trình 118/TTr-STC: Giải ngân quý II và điều chỉnh kế hoạch năm 2026.pdf", issuer: "SỞ TÀI CHÍNH",
		number: "118/TTr-STC", day: "Trà Sơn, ngày 22 tháng 6 năm 2026", kind: "TỜ TRÌNH",
		about: "Về kết quả giải ngân vốn đầu tư công quý II và phương án điều chỉnh kế hoạch năm 2026",
		to:    "Ủy ban nhân dân tỉnh Trà Sơn",
		body: []string{
			"Thực hiện kế hoạch vốn đầu tư công năm 2026 và ý kiến chỉ đạo của Ủy ban nhân dân tỉnh tại phiên họp thứ 46, Sở Tài chính báo cáo kết quả giải ngân quý II và trình phương án điều chỉnh như sau:",
			"# I. KẾT QUẢ GIẢI NGÂN",
			"1. Tổng kế hoạch vốn năm 2026 được giao là 4.860 tỷ đồng, bố trí cho 127 dự án. Đến hết ngày 20 tháng 6 năm 2026, toàn tỉnh giải ngân 2.041 tỷ đồng, đạt 42% kế hoạch; cao hơn cùng kỳ năm trước 4 điểm phần trăm nhưng chưa đạt mục tiêu 50% đề ra cho quý II.",
			"2. Có 86 dự án đạt tiến độ đã cam kết. 41 dự án chậm tiến độ, tập trung ở lĩnh vực giao thông, thủy lợi và y tế; danh mục các dự án chậm nhất tại Phụ lục 1 kèm theo.",
			"3. Nguyên nhân chính: công tác giải phóng mặt bằng tại các xã vùng cao kéo dài; nguồn vật liệu san lấp thiếu cục bộ trong tháng 4 và tháng 5; một số chủ đầu tư chậm hoàn thiện hồ sơ nghiệm thu khối lượng.",
			"# II. PHƯƠNG ÁN ĐIỀU CHỈNH",
			"1. Điều chỉnh giảm 24 tỷ đồng của dự án Nâng cấp Bệnh viện đa khoa khu vực Mường Lai (dự án số 2 tại Phụ lục 1) do chưa đủ điều kiện khởi công trong năm; sẽ bố trí lại ngay trong quý I năm 2027.",
			"2. Điều chỉnh tăng tương ứng 24 tỷ đồng cho dự án Kè chống sạt lở bờ sông Trà đoạn qua xã Nậm Khoai để hoàn thành trước mùa mưa bão.",
			"3. Tổng mức vốn năm 2026 của tỉnh không thay đổi sau điều chỉnh.",
			"# III. GIẢI PHÁP TRONG THỜI GIAN TỚI",
			"1. Các chủ đầu tư ký cam kết tiến độ giải ngân theo từng tháng, gửi Sở Tài chính trước ngày 30 tháng 6 năm 2026. Người đứng đầu chịu trách nhiệm trước Chủ tịch Ủy ban nhân dân tỉnh về kết quả.",
			"2. Ba tổ công tác do các đồng chí Phó Chủ tịch làm tổ trưởng kiểm tra hiện trường hằng tuần, xử lý vướng mắc về mặt bằng ngay tại cơ sở.",
			"3. Sở Nông nghiệp và Môi trường hoàn thành cấp phép bổ sung ba mỏ vật liệu san lấp trong tháng 7 năm 2026.",
			"Sở Tài chính kính trình Ủy ban nhân dân tỉnh xem xét, thông qua./.",
		},
		signer: [2]string{"GIÁM ĐỐC", "Trịnh Hải Yến"},
	}
}

func annexOfProjects() demoPaper {
	return demoPaper{
		name: "Phụ lục 1: Danh mục dự án chậm tiến độ.pdf", issuer: "SỞ TÀI CHÍNH", number: "118/TTr-STC",
		day: "Trà Sơn, ngày 22 tháng 6 năm 2026", kind: "PHỤ LỤC 1",
		about: "Danh mục các dự án chậm tiến độ giải ngân (đến hết ngày 20 tháng 6 năm 2026; đơn vị: triệu đồng)",
		table: demoTable{
			widths: []float64{11, 62, 38, 19, 19, 16},
			rows: [][]string{
				{"TT", "Dự án", "Chủ đầu tư", "Kế hoạch", "Giải ngân", "Tỷ lệ"},
				{"1", "Đường nối cao tốc đến Khu kinh tế cửa khẩu", "Ban QLDA tỉnh", "320.000", "71.500", "22%"},
				{"2", "Nâng cấp Bệnh viện đa khoa khu vực Mường Lai", "Sở Y tế", "96.000", "4.800", "5%"},
				{"3", "Hồ chứa nước Khau Đén", "Sở NN&MT", "185.000", "42.200", "23%"},
				{"4", "Trường phổ thông nội trú liên cấp Pắc Ma", "Sở GD&ĐT", "74.000", "15.100", "20%"},
				{"5", "Cầu Bản Vược qua sông Trà", "Sở Xây dựng", "148.000", "38.900", "26%"},
				{"6", "Trung tâm dữ liệu số của tỉnh, giai đoạn 1", "Sở KH&CN", "60.000", "9.000", "15%"},
				{"7", "Hệ thống cấp nước sinh hoạt tám xã vùng cao", "Sở NN&MT", "88.000", "22.400", "25%"},
				{"8", "Tu bổ Khu di tích lịch sử Đồn Cao", "Sở VHTT&DL", "32.000", "5.600", "18%"},
				{"9", "Đường liên xã Nậm Khoai - Tà Chải", "Ban QLDA tỉnh", "115.000", "30.500", "27%"},
				{"10", "Hạ tầng kỹ thuật cụm công nghiệp Trà Nam", "Sở Công Thương", "67.000", "17.900", "27%"},
				{"", "Cộng 10 dự án chậm nhất", "", "1.185.000", "257.900", "22%"},
			},
		},
		signer: [2]string{"GIÁM ĐỐC", "Trịnh Hải Yến"},
	}
}

func reviewOfInvestment() demoPaper {
	return demoPaper{
		name: "Báo cáo thẩm tra 86/BC-VP.pdf", issuer: "VĂN PHÒNG", number: "86/BC-VP",
		day: "Trà Sơn, ngày 24 tháng 6 năm 2026", kind: "BÁO CÁO",
		about: "Thẩm tra Tờ trình 118/TTr-STC của Sở Tài chính", to: "Ủy ban nhân dân tỉnh Trà Sơn",
		body: []string{
			"Văn phòng Ủy ban nhân dân tỉnh đã lấy ý kiến các thành viên từ ngày 22 đến ngày 24 tháng 6 năm 2026; có 19 ý kiến bằng văn bản, trong đó 17 ý kiến thống nhất toàn bộ, 02 ý kiến đề nghị làm rõ thêm.",
			"# 1. Những nội dung đã thống nhất",
			"Kết quả giải ngân, nguyên nhân và nhóm giải pháp nêu tại Tờ trình là phù hợp. Trình tự, thủ tục điều chỉnh kế hoạch vốn trong năm đúng thẩm quyền.",
			"# 2. Những nội dung còn ý kiến khác nhau",
			"Sở Y tế đề nghị làm rõ lý do giảm 24 tỷ đồng của dự án Nâng cấp Bệnh viện đa khoa khu vực Mường Lai và thời điểm bố trí lại. Sở Khoa học và Công nghệ đề nghị xem xét tiến độ dự án Trung tâm dữ liệu số trong cùng đợt.",
			"# 3. Kiến nghị",
			"Trình Ủy ban nhân dân tỉnh thảo luận hai nội dung tại mục 2 và biểu quyết thông qua dự thảo Nghị quyết./.",
		},
		signer: [2]string{"CHÁNH VĂN PHÒNG", "Hà Trung Kiên"},
	}
}

func draftOnInvestment() demoPaper {
	return demoPaper{
		name: "Dự thảo Nghị quyết về giải ngân vốn đầu tư công.pdf", issuer: committee, number: "     /NQ-UBND",
		day: "Trà Sơn, ngày      tháng      năm 2026", kind: "DỰ THẢO NGHỊ QUYẾT",
		about: "Về giải ngân vốn đầu tư công quý II và điều chỉnh kế hoạch năm 2026",
		body: []string{
			"Căn cứ kết quả thảo luận và biểu quyết tại phiên họp thứ 47, Ủy ban nhân dân tỉnh quyết nghị:",
			"# Điều 1. Điều chỉnh kế hoạch vốn",
			"1. Giảm 24 tỷ đồng kế hoạch vốn năm 2026 của dự án Nâng cấp Bệnh viện đa khoa khu vực Mường Lai; bố trí lại trong quý I năm 2027.",
			"2. Tăng 24 tỷ đồng kế hoạch vốn năm 2026 cho dự án Kè chống sạt lở bờ sông Trà đoạn qua xã Nậm Khoai.",
			"# Điều 2. Trách nhiệm",
			"1. Sở Tài chính chủ trì, phối hợp với các chủ đầu tư ký cam kết tiến độ trước ngày 30 tháng 6 năm 2026; báo cáo Ủy ban nhân dân tỉnh hằng tháng.",
			"2. Sở Y tế hoàn thành thủ tục để khởi công dự án nêu tại khoản 1 Điều 1 ngay trong quý I năm 2027.",
			"# Điều 3. Hiệu lực",
			"Nghị quyết có hiệu lực từ ngày ký. Chánh Văn phòng, Giám đốc các sở, Thủ trưởng các đơn vị có liên quan chịu trách nhiệm thi hành./.",
		},
		signer: [2]string{"TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", "Nông Quang Hưng"},
	}
}

func reportOnEconomy() demoPaper {
	return demoPaper{
		name: "Báo cáo 241/BC-UBND: Kinh tế - xã hội 6 tháng đầu năm 2026.pdf", issuer: committee, number: "241/BC-UBND",
		day: "Trà Sơn, ngày 20 tháng 6 năm 2026", kind: "BÁO CÁO", about: "Tình hình kinh tế - xã hội 6 tháng đầu năm 2026",
		body: []string{
			"# I. KẾT QUẢ",
			"1. Tổng sản phẩm trên địa bàn ước tăng 7,8% so với cùng kỳ. Thu ngân sách nhà nước đạt 3.215 tỷ đồng, bằng 56% dự toán năm.",
			"2. Khách du lịch đạt 1,42 triệu lượt, tăng 11%. Kim ngạch xuất nhập khẩu qua cửa khẩu đạt 1,1 tỷ USD.",
			"3. Toàn tỉnh giảm 1.964 hộ nghèo; 98,2% dân số tham gia bảo hiểm y tế.",
			"# II. NHIỆM VỤ TRỌNG TÂM 6 THÁNG CUỐI NĂM",
			"Tập trung giải ngân vốn đầu tư công, chuyển đổi số, sắp xếp mạng lưới y tế cơ sở và phòng, chống thiên tai./.",
		},
		signer: [2]string{"TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "Lê Thị Minh Hà"},
	}
}

func proposalOnTeachers() demoPaper {
	return demoPaper{
		name: "Tờ trình 64/TTr-SGDĐT: Hỗ trợ giáo viên vùng cao.pdf", issuer: "SỞ GIÁO DỤC VÀ ĐÀO TẠO", number: "64/TTr-SGDĐT",
		day: "Trà Sơn, ngày 19 tháng 6 năm 2026", kind: "TỜ TRÌNH",
		about: "Về chế độ hỗ trợ đội ngũ giáo viên vùng cao giai đoạn 2026–2030", to: "Ủy ban nhân dân tỉnh Trà Sơn",
		body: []string{
			"Toàn tỉnh có 2.318 giáo viên công tác tại 61 xã vùng cao. Từ năm 2023 đến nay, mỗi năm có khoảng 140 giáo viên xin chuyển vùng, chủ yếu do điều kiện đi lại và nhà ở.",
			"Sở Giáo dục và Đào tạo đề xuất: hỗ trợ tiền thuê nhà 1,2 triệu đồng một tháng cho giáo viên ở xa gia đình từ 50 km; hỗ trợ đi lại 6 triệu đồng một năm; tổng kinh phí 38,5 tỷ đồng một năm từ ngân sách tỉnh.",
			"Kính trình Ủy ban nhân dân tỉnh xem xét, thông qua để trình Hội đồng nhân dân tỉnh./.",
		},
		signer: [2]string{"GIÁM ĐỐC", "Phan Thanh Tâm"},
	}
}

func proposalOnDigital() demoPaper {
	return demoPaper{
		name: "Tờ trình 92/TTr-SKHCN: Đề án chuyển đổi số.pdf", issuer: "SỞ KHOA HỌC VÀ CÔNG NGHỆ", number: "92/TTr-SKHCN",
		day: "Trà Sơn, ngày 18 tháng 6 năm 2026", kind: "TỜ TRÌNH",
		about: "Về Đề án chuyển đổi số của tỉnh giai đoạn 2026–2030", to: "Ủy ban nhân dân tỉnh Trà Sơn",
		body: []string{
			"Đề án gồm ba nhóm nhiệm vụ: hạ tầng và dữ liệu dùng chung; dịch vụ công trực tuyến toàn trình tại 100% xã, phường; họp không giấy tờ ở cả hai cấp chính quyền.",
			"Tổng kinh phí dự kiến 215 tỷ đồng trong 5 năm, trong đó ngân sách tỉnh 160 tỷ đồng, nguồn xã hội hóa 55 tỷ đồng.",
			"Kính trình Ủy ban nhân dân tỉnh cho ý kiến./.",
		},
		signer: [2]string{"GIÁM ĐỐC", "Vũ Đức Long"},
	}
}
