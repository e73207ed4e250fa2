package minutes

import "fmt"

// fallbackGuide is one page for the secretary and the chair, in the order in
// which things are to be done.
func (m *composer) fallbackGuide() {
	total := m.memberCount()
	m.add(Para{Runs: Bold("KHI HỆ THỐNG KHÔNG DÙNG ĐƯỢC"), Align: Centred, Size: 18, KeepNext: true},
		Para{Runs: Italic("Hướng dẫn cho thư ký và chủ tọa – " + clipped(m.sessionName(), 200)), Align: Centred, Size: 12})
	m.steps("Việc làm ngay", []string{
		"Thư ký báo cáo chủ tọa. Chủ tọa cho tạm nghỉ, hoặc cho họp tiếp bằng giấy.",
		"Báo cán bộ kỹ thuật (" + dots(8) + ", điện thoại " + dots(7) + ").",
		"Không tắt, không rút điện máy của phòng họp. Những gì màn hình đã báo “Đã ghi” vẫn còn trong máy.",
		"Phát danh sách ký có mặt; đếm số thành viên có mặt. " + fmt.Sprintf("Cần ít nhất %d/%d thành viên để tiến hành.", m.a.Rules.QuorumOf(total), total),
	})
	m.steps("Biểu quyết bằng phiếu giấy", []string{
		"Cuộc biểu quyết đang mở trên máy mà chưa có kết quả: làm lại từ đầu bằng phiếu giấy.",
		"Thư ký ghi lần biểu quyết và nội dung vào phiếu; phát cho mỗi thành viên có mặt một phiếu. Người dự thay và khách mời không nhận phiếu.",
		"Thành viên đánh dấu X vào một ô, ghi họ tên, ký, nộp lại thư ký.",
		"Hai người cùng đếm phiếu trước phiên họp, ghi biên bản kiểm phiếu; chủ tọa công bố kết quả.",
		sentence(m.a.Rules.Describe()),
	})
	m.steps("Khi hệ thống hoạt động trở lại", []string{
		"Thư ký ghi vào diễn biến phiên họp: dừng lúc nào, chạy lại lúc nào, lần biểu quyết nào đã làm bằng giấy.",
		"Hủy cuộc biểu quyết còn mở trên máy, ghi lý do. Không nhập phiếu giấy vào máy.",
		"Ghi kết quả biểu quyết bằng giấy vào biên bản phiên họp.",
		"Đưa danh sách đã ký, phiếu và biên bản kiểm phiếu vào hồ sơ phiên họp.",
	})
	m.add(Para{Runs: Italic("In sẵn tờ này cùng danh sách ký có mặt, phiếu biểu quyết và biên bản kiểm phiếu trước mỗi phiên họp."), Flush: true, Size: 12})
}

// steps is a heading and its numbered points.
func (m *composer) steps(title string, points []string) {
	list := List{Marks: Numbers}
	for _, p := range points {
		list.Items = append(list.Items, Plain(p))
	}
	m.add(Section(title), list)
}
