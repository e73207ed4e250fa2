package minutes

import (
	"fmt"
	"strings"

	"phonghop/meeting"
	"phonghop/viet"
)

// CountRecord tells how a vote was counted (biên bản kiểm phiếu), with the name
// and the ballot of everybody; with "" it tells of every vote that is over, in
// numbers only.
func CountRecord(src Source, vote meeting.VoteID) Sheet {
	m := composer{src: src, a: src.Account}
	var told []meeting.AccountVote
	for _, v := range m.a.Votes {
		if v.ID == vote || vote == "" && v.State != meeting.VoteOpen {
			told = append(told, v)
		}
	}
	about := []string{"Các cuộc biểu quyết tại " + m.sessionName()}
	if vote != "" && len(told) == 1 {
		about[0] = fmt.Sprintf("Biểu quyết lần %d tại %s", told[0].Number, m.sessionName())
	}
	m.add(Heading{Superior: m.src.Office.Superior, Body: m.issuer(), Number: m.blankNumber("BB")}, DocTitle{Name: "BIÊN BẢN KIỂM PHIẾU", About: about})
	m.say("Hình thức: biểu quyết công khai bằng thiết bị điện tử; hệ thống kiểm phiếu ngay khi chủ tọa đóng biểu quyết.")
	m.labelled("Địa điểm", sentence(m.a.Header.Place))
	m.labelled("Quy tắc", sentence(m.a.Rules.Describe()))
	for _, v := range told {
		m.countOf(v, vote != "")
	}
	if len(told) == 0 {
		m.say("Chưa có cuộc biểu quyết nào kết thúc.")
	}
	m.secretaryAndChair()
	return m.paper("Biên bản kiểm phiếu")
}

// blankNumber is a number line to be filled in.
func (m *composer) blankNumber(kind string) string {
	notation := m.src.Office.Notation
	if notation == "" {
		notation = notationOf(m.issuer())
	}
	return "Số: ……/" + strings.TrimSuffix(kind+"-"+notation, "-")
}

func (m *composer) secretaryAndChair() {
	const note = "(Ký, ghi rõ họ tên)"
	m.add(Signatures{
		Left:  Signer{Titles: []string{"THƯ KÝ"}, Note: note, Name: m.a.Clerk.Name},
		Right: Signer{Titles: []string{"CHỦ TỌA"}, Note: note, Name: m.a.Chair.Name},
	})
}

func (m *composer) countOf(v meeting.AccountVote, names bool) {
	m.add(Para{Runs: []Run{{Text: fmt.Sprintf("Biểu quyết lần %d: ", v.Number), Bold: true}, {Text: sentence(motionOf(v))}}, KeepNext: true})
	m.voteCircumstances(v)
	if v.State == meeting.VoteOpen {
		m.say("Cuộc biểu quyết chưa kết thúc.")
		return
	}
	if v.Result.All > 0 { // none of a vote annulled while it was open
		m.add(countTable(v))
	}
	if v.State == meeting.VoteAnnuled {
		m.say("Cuộc biểu quyết đã bị hủy, kết quả không có giá trị; lý do: %s", sentence(orNone(v.Reason)))
	} else {
		m.add(Para{Runs: []Run{{Text: "Kết luận: ", Bold: true}, {Text: sentenceOf(m.a, v) + " "}, {Text: outcome(v.Result.Outcome), Bold: true}}})
	}
	if v.Code != "" {
		m.say("Mã kết quả: %s.", v.Code)
	}
	if names && len(v.Ballots) > 0 {
		m.add(Section("Ý kiến của từng thành viên"), ballotList(v))
	}
}

func (m *composer) voteCircumstances(v meeting.AccountVote) {
	when := "mở lúc " + viet.FormalMoment(v.Opened)
	if !v.Closed.IsZero() {
		when += fmt.Sprintf("; đóng lúc %s", viet.FormalClock(v.Closed))
	}
	m.say("Thời gian: %s. Chủ tọa: %s.", when, orElseWords(strings.TrimSpace(v.Chair.Salutation+" "+v.Chair.Name), "không ghi"))
	m.say("Khi mở biểu quyết có mặt %d/%d thành viên (cần %d để tiến hành).", v.Quorum.Present, v.Quorum.Total, v.Quorum.Need)
	if v.Override != "" {
		m.say("Chủ tọa quyết định tiến hành khi chưa đủ số thành viên; lý do: %s", sentence(v.Override))
	}
	entered := 0
	for _, b := range v.Ballots {
		if b.Entered {
			entered++
		}
	}
	if entered > 0 {
		m.say("Số phiếu do thư ký nhập thay theo yêu cầu của thành viên: %d.", entered)
	}
}

// countTable is the numbers of a vote and their share of all members.
func countTable(v meeting.AccountVote) Table {
	t := Table{Columns: []Column{{Title: "Kiểm phiếu", Share: 100}, {Title: "Số lượng", Share: 32, Align: Centred}, {Title: "Tỷ lệ trên tổng số thành viên", Share: 33, Align: Centred}}}
	r := v.Result
	for _, line := range []struct {
		label string
		n     int
	}{
		{"Tổng số thành viên", r.All}, {"Có mặt khi kiểm phiếu", r.All - r.Absent}, {"Phiếu đã bỏ", r.For + r.Against + r.Abstain},
		{"Tán thành", r.For}, {"Không tán thành", r.Against}, {"Không biểu quyết", r.Abstain}, {"Có mặt nhưng không bỏ phiếu", r.Silent}, {"Vắng mặt", r.Absent},
	} {
		t.Rows = append(t.Rows, Cells(line.label, viet.Number(int64(line.n)), viet.Percent(line.n, r.All)))
	}
	return t
}

// ballotList is who voted how, and when.
func ballotList(v meeting.AccountVote) Table {
	t := Table{Size: 11, Columns: []Column{
		{Title: "TT", Share: 9, Align: Centred}, {Title: "Họ và tên", Share: 44}, {Title: "Đơn vị", Share: 46},
		{Title: "Ý kiến", Share: 32, Align: Centred}, {Title: "Ghi lúc", Share: 18, Align: Centred}, {Title: "Mã phiếu", Share: 16, Align: Centred},
	}}
	for i, b := range v.Ballots {
		at := ""
		if b.Choice != "" && !b.At.IsZero() {
			at = viet.ClockSeconds(b.At)
		}
		t.Rows = append(t.Rows, Cells(viet.Number(int64(i+1)), b.Person.Name, b.Person.Unit, choiceWords(b), at, b.Code))
	}
	return t
}
