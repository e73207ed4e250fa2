package main

// rehearsalIsJoined is a rehearsal beside session 47: the secretary holds it from the
// page, a member and the hall go in with their own screens, and everybody is back
// where they were when a real vote opens.
func rehearsalIsJoined(x *table) {
	clerk, hall := x.sit("TK", x.address), x.sit("", x.address)
	first, second := x.sit("02", x.address), x.sit("10", x.address)
	clerk.opens("/rehearsal")
	clerk.touches(`button[form="rehearsal-new"]`)
	clerk.says("#rehearsal-now", "Sẵn sàng", "22/22")
	clerk.says("#rehearsal-report", "Phòng chịu được 22 máy", "khớp từng phiếu đã gửi")

	for _, b := range []*tablet{first, second, hall} {
		b.says("#standing", "Đang diễn tập")
		b.lacks(".rehearsal-band")
		b.touches(".rehearsal-way button")
		b.says(".rehearsal-band", "DIỄN TẬP", "không vào biên bản")
	}
	clerk.says("#rehearsal-people", ha, danh)
	clerk.touches("#rehearsal-keys .primary")
	first.taps("for")
	first.recorded("for", 1)
	second.taps("against")
	second.recorded("against", 1)
	hall.says("#hall", "Biểu quyết thử")
	clerk.says("#rehearsal-report", "Trong đó có 2 phiếu của người ở máy thật")

	first.touches(".rehearsal-band button")
	first.lacks(".rehearsal-band")
	first.says("#strip", "Giải ngân vốn đầu tư công")
	if votes, people := x.sees("01", "votes.1"), x.sees("01", "quorum.total"); votes != "nothing" || people != "22" {
		x.t.Errorf("the rehearsal left something in the session: %s, %s", votes, people)
	}

	x.opensVote("Thông qua dự thảo Nghị quyết")
	for _, b := range []*tablet{first, second} {
		b.lacks(".rehearsal-band")
		b.taps("for")
		b.recorded("for", 1)
	}
	hall.lacks(".rehearsal-band")
	hall.says("#hall", "Thông qua dự thảo Nghị quyết")
	clerk.says("#rehearsal-report", "Đã dừng vì phiên họp mở biểu quyết thật")
	x.verify()
}
