package minutes

import (
	"fmt"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// The sample's province and people are invented.

func at(hour, minute int) time.Time {
	return time.Date(2026, 6, 25, hour, minute, 0, 0, viet.Zone())
}

func samplePeople() []meeting.Attended {
	lines := []string{
		"Ông|Nông Quang Hưng|Phó Bí thư Tỉnh ủy|Chủ tịch|UBND tỉnh", "Bà|Lê Thị Minh Hà|Ủy viên Ban Thường vụ Tỉnh ủy|Phó Chủ tịch Thường trực|UBND tỉnh",
		"Ông|Đặng Ngọc Khôi|Tỉnh ủy viên|Phó Chủ tịch|UBND tỉnh", "Ông|Phạm Hữu Tường|Tỉnh ủy viên|Phó Chủ tịch|UBND tỉnh",
		"Ông|Hà Trung Kiên|Tỉnh ủy viên|Chánh Văn phòng|Văn phòng UBND tỉnh", "Bà|Trịnh Hải Yến|Tỉnh ủy viên|Giám đốc|Sở Tài chính",
		"Ông|Vũ Đức Long||Giám đốc|Sở Khoa học và Công nghệ", "Ông|Ngô Văn Quyết|Tỉnh ủy viên|Giám đốc|Sở Xây dựng",
		"Ông|Trần Quốc Bảo||Giám đốc|Sở Y tế", "Ông|Bùi Công Danh|Tỉnh ủy viên|Giám đốc|Sở Công Thương",
		"Ông|Đỗ Mạnh Cường|Ủy viên Ban Thường vụ Tỉnh ủy|Giám đốc|Công an tỉnh", "Bà|Hoàng Thị Thảo|Tỉnh ủy viên|Giám đốc|Sở Văn hóa, Thể thao và Du lịch",
		"Bà|Lương Thị Ngân||Giám đốc|Sở Tư pháp", "Ông|Nguyễn Sỹ Hoàn|Tỉnh ủy viên|Giám đốc|Sở Nông nghiệp và Môi trường",
		"Ông|Tô Minh Đạt||Giám đốc|Sở Nội vụ", "Bà|Phùng Thu Hằng||Giám đốc|Sở Giáo dục và Đào tạo",
		"Ông|Lý Văn Thắng||Giám đốc|Sở Dân tộc và Tôn giáo", "Ông|Cao Xuân Trường||Chánh Thanh tra|Thanh tra tỉnh",
		"Ông|Mai Đình Phong|Ủy viên Ban Thường vụ Tỉnh ủy|Chỉ huy trưởng|Bộ Chỉ huy Quân sự tỉnh", "Bà|Nguyễn Ngọc Ánh||Giám đốc|Sở Ngoại vụ",
		"Ông|Hồ Sỹ Lâm||Trưởng ban|Ban Quản lý khu kinh tế", "Bà|Quách Thị Ươm||Ủy viên|UBND tỉnh",
	}
	var out []meeting.Attended
	for i, l := range lines {
		f := strings.Split(l, "|")
		p := meeting.Attended{Person: meeting.Person{ID: meeting.PersonID(fmt.Sprintf("m%02d", i+1)), Salutation: f[0], Name: f[1], PartyTitle: f[2], Title: f[3], Unit: f[4],
			Role: meeting.RoleMember, Votes: true, Seat: fmt.Sprintf("%02d", i+1), Order: i + 1}, Attendance: meeting.Present, WasPresent: true, Came: at(7, 20+i%9)}
		out = append(out, p)
	}
	out[0].Role = meeting.RoleChair
	out[8].Late, out[8].Came = true, at(8, 5)
	out[10].Left = at(10, 40)
	for i, reason := range map[int]string{16: "đi công tác tại Hà Nội theo giấy mời của Bộ Dân tộc và Tôn giáo", 20: ""} {
		out[i].WasPresent, out[i].Came, out[i].Attendance = false, time.Time{}, meeting.Away
		out[i].AbsenceReported, out[i].Answered, out[i].Agreed, out[i].Reason = reason != "", reason != "", reason != "", reason
	}
	return append(out,
		meeting.Attended{Person: meeting.Person{ID: "s1", Salutation: "Bà", Name: "Đinh Thị Vân", Title: "Phó Trưởng phòng", Unit: "Phòng Tổng hợp", Role: meeting.RoleSecretary}, WasPresent: true, Came: at(7, 0)},
		meeting.Attended{Person: meeting.Person{ID: "d1", Salutation: "Ông", Name: "Giàng A Sùng", Title: "Phó Giám đốc", Unit: "Sở Dân tộc và Tôn giáo", Role: meeting.RoleSubstitute}, WasPresent: true, Came: at(7, 25), ForName: "Ông Lý Văn Thắng"},
		meeting.Attended{Person: meeting.Person{ID: "g1", Salutation: "Ông", Name: "Vi Văn Chất", Title: "Giám đốc", Unit: "Kho bạc Nhà nước tỉnh", Role: meeting.RoleGuest}, WasPresent: true, Came: at(7, 40), Late: true},
		meeting.Attended{Person: meeting.Person{ID: "g2", Salutation: "Bà", Name: "Lò Thị Én", Title: "Chủ tịch", Unit: "UBND xã Nậm Khoai", Role: meeting.RoleGuest}},
	)
}

// sampleVote counts ballots dealt by a string, one letter a member: + - o for a
// choice, s for silent, x for absent.
func sampleVote(people []meeting.Attended, n int, item meeting.AccountItem, motion, deal string, open time.Time) meeting.AccountVote {
	set, _ := rules.Named("ubnd-2015")
	v := meeting.AccountVote{ID: meeting.VoteID(fmt.Sprint("v", n)), Number: n, Item: item.ID, ItemNo: item.Number, Motion: motion,
		State: meeting.VoteDone, Opened: open, Closed: open.Add(90 * time.Second), Quorum: meeting.QuorumView{Present: 20, Total: 22, Need: 15, Met: true}, Chair: people[0].Person, Code: "K7M2-9QXD"}
	c := rules.Count{All: len(deal)}
	choices := map[rune]rules.Choice{'+': rules.For, '-': rules.Against, 'o': rules.Abstain}
	for i, mark := range deal {
		v.Ballots = append(v.Ballots, meeting.AccountBallot{Person: people[i].Person, Choice: choices[mark], Present: mark != 'x'})
		switch mark {
		case '+':
			c.For++
		case '-':
			c.Against++
		case 'o':
			c.Abstain++
		case 's':
			c.Silent++
		default:
			c.Absent++
		}
	}
	v.Result = set.Decide(c, choices[rune(deal[0])])
	v.Sentence = set.Sentence(v.Result)
	return v
}

// sampleAccount is a whole session: every result, a tie, an annulled vote, an
// override, a deferred and an in-camera item, a change of chair, a recess.
func sampleAccount() meeting.Account {
	set, _ := rules.Named("ubnd-2015")
	people := samplePeople()
	a := meeting.Account{
		ID: "019", Rules: set, Phase: meeting.Closed, Size: 412, Opened: at(7, 30), Ended: at(11, 20),
		Header: meeting.Header{Number: 47, Term: "2021–2026", Kind: "regular", Body: "Ủy ban nhân dân tỉnh Trà Sơn", Place: "Phòng họp số 1, Trụ sở Ủy ban nhân dân tỉnh", Starts: at(7, 30)},
		Quorum: meeting.QuorumView{Present: 19, Total: 22, Need: 15, Met: true},
		Chair:  people[0].Person, Clerk: people[22].Person, People: people,
		Chairs:      []meeting.Presided{{Person: people[0].Person, From: at(7, 30)}, {Person: people[1].Person, From: at(9, 50)}, {Person: people[0].Person, From: at(10, 30)}},
		Opening:     "Ông Hà Trung Kiên – Chánh Văn phòng UBND tỉnh báo cáo chương trình, thành phần dự họp.\nÔng Nông Quang Hưng – Chủ tịch UBND tỉnh khai mạc phiên họp, nêu yêu cầu tập trung thảo luận các nội dung còn ý kiến khác nhau.",
		Closing:     "Chủ tọa đánh giá cao chất lượng chuẩn bị tài liệu; giao Văn phòng UBND tỉnh hoàn thiện thông báo kết luận trước ngày 27 tháng 6 năm 2026.",
		Recesses:    []meeting.Span{{From: at(9, 15), To: at(9, 30), Minutes: 15}},
		Notes:       []meeting.Noted{{Seq: 90, At: at(8, 20), Item: "i2", Text: "Sở Xây dựng bổ sung biểu số liệu thay thế trang 4 của báo cáo"}, {Seq: 200, At: at(10, 32), Text: "Mất điện lưới 4 phút, phiên họp vẫn tiến hành."}},
		Corrections: []meeting.Corrected{{Seq: 260, At: at(10, 50), By: people[22].Person, Of: meeting.RecordNoted, OfSeq: 200, Text: "thời gian mất điện là 6 phút"}},
	}
	a.Items = sampleItems(people)
	a.Votes = sampleVotes(people, a.Items)
	for i := range a.Items {
		for _, v := range a.Votes {
			if v.Item == a.Items[i].ID {
				a.Items[i].Votes = append(a.Items[i].Votes, v.ID)
			}
		}
	}
	a.Tasks = []meeting.Task{
		{ID: "t1", Item: "i3", Number: 1, Text: "Trình quyết định điều chỉnh kế hoạch vốn đầu tư công năm 2026", Unit: "Sở Tài chính", Support: "Sở Xây dựng; Ban QLDA tỉnh", Owner: "Bà Trịnh Hải Yến", Due: "2026-06-30", State: meeting.TaskOpen},
		{ID: "t2", Item: "i5", Number: 2, Text: "Rà soát danh mục thủ tục hành chính đủ điều kiện trực tuyến toàn trình", Unit: "Văn phòng UBND tỉnh", Due: "2026-07-15", State: meeting.TaskOpen},
	}
	return a
}

func sampleItems(people []meeting.Attended) []meeting.AccountItem {
	titles := []string{
		"Báo cáo tình hình kinh tế – xã hội 6 tháng đầu năm 2026", "Tình hình giải phóng mặt bằng các dự án trọng điểm",
		"Kết quả giải ngân vốn đầu tư công quý II và phương án điều chỉnh kế hoạch năm 2026", "Quy định mức hỗ trợ người có uy tín trong đồng bào dân tộc thiểu số",
		"Đề án chuyển đổi số của tỉnh giai đoạn 2026–2030", "Công tác nhân sự", "Phương án đặt tên đường tại thị trấn Mường Lai",
		"Dự thảo quy chế làm việc của Ủy ban nhân dân tỉnh (sửa đổi)", "Một số nội dung khác",
	}
	presenters := []int{5, 7, 5, 16, 6, 14, 11, 4, 4}
	out := make([]meeting.AccountItem, len(titles))
	for i, title := range titles {
		p := people[presenters[i]]
		out[i] = meeting.AccountItem{ID: meeting.ItemID(fmt.Sprint("i", i+1)), Number: i + 1, Title: title, Presenter: p.Salutation + " " + p.Name, Unit: p.Unit, State: meeting.ItemDone,
			Minutes: 20, Opened: at(7, 40).Add(time.Duration(i) * 24 * time.Minute), Closed: at(8, 2).Add(time.Duration(i) * 24 * time.Minute),
			Papers: []meeting.PaperView{{ID: meeting.PaperID(fmt.Sprint("p", i)), Name: fmt.Sprintf("Tờ trình %d/TTr: %s.pdf", 110+i, title), Ref: strings.Repeat(fmt.Sprintf("%02x9f3a7b", i+16), 8), Version: 1, Total: 4 + i}}}
	}
	three := &out[2]
	three.Presented = "Tổng kế hoạch vốn năm 2026 được giao là 4.860 tỷ đồng, bố trí cho 127 dự án. Đến hết ngày 20 tháng 6 năm 2026, toàn tỉnh giải ngân 2.041 tỷ đồng, đạt 42% kế hoạch. Đề nghị điều chỉnh giảm 24 tỷ đồng của dự án Nâng cấp Bệnh viện đa khoa khu vực Mường Lai, tăng tương ứng cho dự án Kè chống sạt lở bờ sông Trà."
	three.Digest = "Có 18/22 thành viên gửi ý kiến bằng văn bản; 16 ý kiến đồng ý với phương án, 2 ý kiến đề nghị làm rõ khả năng hoàn thành dự án kè trước mùa mưa."
	for i, who := range []int{8, 7, 13, 20} {
		t := meeting.Turn{Seq: int64(100 + i), Person: people[who].Person, Item: three.ID, ItemNo: 3, From: at(8, 40+3*i), To: at(8, 43+3*i), Allowed: 3 * time.Minute}
		three.Turns = append(three.Turns, t)
	}
	three.Turns[0].Summary = "đồng ý điều chỉnh giảm vốn của dự án Bệnh viện Mường Lai trong năm 2026 do chưa hoàn thành thủ tục; đề nghị cam kết bố trí đủ vốn ngay trong quý I năm 2027 để bảo đảm tiến độ đã thông báo với Bộ Y tế."
	three.Turns[1].Summary = "dự án kè đã đạt 71% khối lượng.\nNếu được bổ sung vốn trong tháng 7, nhà thầu cam kết hoàn thành trước ngày 15 tháng 9 năm 2026."
	three.Turns[2].Topic, three.Turns[2].Reply = "Nguồn vật liệu san lấp", true
	three.Opinions = []meeting.OpinionView{{Item: three.ID, ItemNo: 3, Person: "m15", Name: "Ông Tô Minh Đạt", Text: "Đề nghị ghi rõ trách nhiệm người đứng đầu.", Reservation: true}}
	three.Papers = append(three.Papers,
		meeting.PaperView{ID: "p31", Name: "Phụ lục 1: Danh mục dự án chậm tiến độ.pdf", Ref: strings.Repeat("ab12cd34", 8), Version: 1, Superseded: true, Total: 2},
		meeting.PaperView{ID: "p32", Name: "Phụ lục 1: Danh mục dự án chậm tiến độ.pdf", Ref: strings.Repeat("0f1e2d3c", 8), Version: 2, Before: "p31", Total: 3, Late: true})
	three.Conclusion, three.Concluded = "Thống nhất phương án điều chỉnh theo Tờ trình 118/TTr-STC. Giao Sở Tài chính chủ trì, phối hợp với Sở Xây dựng và Ban Quản lý dự án tỉnh trình quyết định điều chỉnh trước ngày 30 tháng 6 năm 2026.\nGiao Thanh tra tỉnh theo dõi việc thực hiện cam kết tiến độ của các chủ đầu tư.", true
	out[4].Digest = "Các ý kiến cơ bản thống nhất; đề nghị làm rõ nguồn kinh phí duy trì sau năm 2028."
	out[4].Other = "Chủ tọa đề nghị Sở Khoa học và Công nghệ tiếp thu, chỉnh lý mục tiêu về tỷ lệ hồ sơ trực tuyến toàn trình."
	out[5] = meeting.AccountItem{ID: "i6", Number: 6, InCamera: true, Withheld: true, State: meeting.ItemDone, Opened: at(9, 50), Closed: at(10, 10)}
	out[6].State, out[6].DeferredReason = meeting.ItemPutOff, "chờ ý kiến của Ban Thường vụ Tỉnh ủy"
	return out
}

func sampleVotes(people []meeting.Attended, items []meeting.AccountItem) []meeting.AccountVote {
	deal := func(n int, item int, motion, deal string) meeting.AccountVote {
		return sampleVote(people, n, items[item], motion, deal, items[item].Opened.Add(15*time.Minute))
	}
	votes := []meeting.AccountVote{
		deal(1, 0, "Thông qua Báo cáo tình hình kinh tế – xã hội 6 tháng đầu năm 2026", "++++++++++++++++x+++x+"),
		deal(2, 2, "Thông qua phương án điều chỉnh kế hoạch vốn đầu tư công năm 2026", "+++++++"+"+s++++++xx+++x+"[1:]),
		deal(3, 2, "Thông qua phương án điều chỉnh kế hoạch vốn đầu tư công năm 2026 theo Tờ trình 118/TTr-STC", "++++++++++++o+++x-s+x+"),
		deal(4, 3, "Thông qua mức hỗ trợ 1.200.000 đồng/người/tháng", "++++++++++-----ooxx--x"),
		deal(5, 4, "Thông qua Đề án chuyển đổi số của tỉnh giai đoạn 2026–2030", "+-+-+-+-+-+-+-+-+-+-+-"),
		deal(6, 5, "", "++++++++++++++++x+++x+"),
		deal(7, 7, "Thông qua dự thảo quy chế làm việc của Ủy ban nhân dân tỉnh (sửa đổi)", "++++++++++++xxxxxxxxxx"),
	}
	votes[1].State, votes[1].Reason = meeting.VoteAnnuled, "nội dung hỏi chưa ghi rõ số tờ trình"
	votes[5].Hidden = true
	votes[6].Override, votes[6].Quorum = "nội dung phải ban hành trong tháng 6 theo chỉ đạo của Chính phủ", meeting.QuorumView{Present: 12, Total: 22, Need: 15}
	return votes
}

func sampleSource() Source {
	return Source{Account: sampleAccount(), At: at(11, 21), Demo: true, Draft: true,
		Root: strings.Repeat("5be7c0d1", 8), Key: "phong-a2+8d1f02ac+AWm3kz0Qe1Yc", Size: 412, Origin: "phonghop/phong-a2/019f", Link: "https://phong-a2.local/kiem-tra/019f"}
}
