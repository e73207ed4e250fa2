package minutes

import (
	"fmt"
	"strings"

	"phonghop/meeting"
	"phonghop/viet"
)

// FallbackVote is the vote that paper ballots are printed for. Its zero value
// leaves number and motion to be written in by hand.
type FallbackVote struct {
	Number int
	Motion string
	Named  bool // with each member's name; else they write it
}

// FallbackPacket is all that a session needs on paper on the day everything
// fails: what to do, the roll to sign, ballots for one vote, and a form to count
// on.
func FallbackPacket(src Source, v FallbackVote) Sheet {
	m := composer{src: src, a: src.Account}
	m.fallbackGuide()
	m.add(PageBreak{})
	m.fallbackRoll()
	m.add(PageBreak{})
	m.fallbackBallots(v)
	m.add(PageBreak{})
	m.fallbackCount(v)
	return m.packetPaper("Bộ giấy dự phòng")
}

// FallbackGuide is one page: what to do when the system cannot be used.
func FallbackGuide(src Source) Sheet {
	m := composer{src: src, a: src.Account}
	m.fallbackGuide()
	return m.packetPaper("Khi hệ thống không dùng được")
}

// FallbackRoll is the roll to sign by hand.
func FallbackRoll(src Source) Sheet {
	m := composer{src: src, a: src.Account}
	m.fallbackRoll()
	return m.packetPaper("Danh sách ký có mặt")
}

// FallbackBallots is a paper ballot for every voting member, three to a page.
func FallbackBallots(src Source, v FallbackVote) Sheet {
	m := composer{src: src, a: src.Account}
	m.fallbackBallots(v)
	return m.packetPaper("Phiếu biểu quyết giấy")
}

// FallbackCount is the form to count paper ballots on.
func FallbackCount(src Source, v FallbackVote) Sheet {
	m := composer{src: src, a: src.Account}
	m.fallbackCount(v)
	return m.packetPaper("Biên bản kiểm phiếu giấy")
}

// packetPaper is never a draft: it is printed to be used.
func (m *composer) packetPaper(title string) Sheet {
	sh := m.paper(title)
	sh.Draft = ""
	return sh
}

func (m *composer) fallbackRoll() {
	m.add(Heading{Superior: m.src.Office.Superior, Body: m.issuer()}, DocTitle{Name: "DANH SÁCH KÝ CÓ MẶT", About: []string{m.sessionName()}})
	m.labelled("Thời gian", startWords(m.a.Header)+".")
	m.labelled("Địa điểm", sentence(m.a.Header.Place))
	m.add(m.signList(11))
	m.line(fmt.Sprintf("Có mặt %s/%d thành viên; cần có mặt ít nhất %d thành viên để tiến hành.", dots(3), m.memberCount(), m.a.Rules.QuorumOf(m.memberCount())))
	m.secretaryAndChair()
}

// line is a paragraph with room to write in, which must not be stretched.
func (m *composer) line(text string) { m.add(Para{Runs: Plain(text), Align: Left}) }

func (m *composer) memberCount() int {
	here, away := m.members()
	return len(here) + len(away)
}

// voters are the members, in protocol order.
func (m *composer) voters() []meeting.Attended {
	var out []meeting.Attended
	for _, p := range m.a.People {
		if p.Votes {
			out = append(out, p)
		}
	}
	return out
}

// ballotsAPage is how many ballots stand on one page.
const ballotsAPage = 3

func (m *composer) fallbackBallots(v FallbackVote) {
	voters := m.voters()
	for i, p := range voters {
		m.add(Together{Blocks: m.ballot(v, p)})
		switch {
		case i == len(voters)-1:
		case i%ballotsAPage == ballotsAPage-1:
			m.add(PageBreak{})
		default:
			m.add(Cut{})
		}
	}
}

// ballot is one sheet to cut out: a third of a page.
func (m *composer) ballot(v FallbackVote, p meeting.Attended) []Block {
	number := dots(4)
	if v.Number > 0 {
		number = fmt.Sprint(v.Number)
	}
	motion := strings.Join(paragraphs(v.Motion), " ")
	if motion == "" {
		motion = dots(28) + " " + dots(34) + " " + dots(34)
	}
	who := dots(14)
	if v.Named {
		who = strings.TrimSpace(p.Salutation + " " + p.Name)
	}
	box := func(label string) Cell {
		return Cell{Runs: []Run{{Text: string(tick) + "  " + label, Bold: true}}, Align: Centred}
	}
	return []Block{
		Para{Runs: Bold("PHIẾU BIỂU QUYẾT – LẦN " + number), Align: Centred, Size: 16, KeepNext: true},
		Para{Runs: Italic(clipped(m.sessionName(), 140)), Align: Centred, Size: 12, KeepNext: true},
		Table{Bare: true, Size: 13, Columns: []Column{{Share: 1}}, Rows: []Row{{Height: 17.5, Cells: []Cell{{Runs: []Run{{Text: "Nội dung: ", Bold: true}, {Text: clipped(motion, 190)}}}}}}},
		Table{Size: 16, Bare: true, Columns: []Column{{Share: 1}, {Share: 1.25}, {Share: 1.3}}, Rows: []Row{{Height: 12, Cells: []Cell{box("Tán thành"), box("Không tán thành"), box("Không biểu quyết")}}}},
		Table{Size: 13, Bare: true, Columns: []Column{{Share: 1.25}, {Share: 1}}, Rows: []Row{{Height: 10, Cells: []Cell{{Runs: Plain("Họ và tên: " + who)}, {Runs: Plain("Chữ ký: " + dots(11))}}}}},
	}
}

// clipped keeps a text to the room it has; a ballot has the number of its vote
// to tell it by.
func clipped(s string, most int) string {
	r := []rune(oneLine(s))
	if len(r) <= most {
		return string(r)
	}
	return strings.TrimSpace(string(r[:most-1])) + "…"
}

func (m *composer) fallbackCount(v FallbackVote) {
	number := dots(4)
	if v.Number > 0 {
		number = fmt.Sprint(v.Number)
	}
	motion := sentence(strings.Join(paragraphs(v.Motion), " "))
	m.add(Heading{Superior: m.src.Office.Superior, Body: m.issuer(), Number: m.blankNumber("BB")},
		DocTitle{Name: "BIÊN BẢN KIỂM PHIẾU", About: []string{"Biểu quyết bằng phiếu giấy, lần " + number, m.sessionName()}})
	m.line("Thời gian kiểm phiếu: …… giờ …… phút, ngày …… tháng …… năm ………")
	m.labelled("Nội dung biểu quyết", motion)
	if motion == "" {
		m.add(Section("Nội dung biểu quyết:"), Blank{Lines: 2})
	}
	m.line("Người kiểm phiếu thứ nhất: " + dots(18))
	m.line("Người kiểm phiếu thứ hai: " + dots(18))
	t := Table{Size: 13, Columns: []Column{{Title: "Kiểm phiếu", Share: 100}, {Title: "Số lượng", Share: 32, Align: Centred}}}
	for _, label := range []string{"Phiếu phát ra", "Phiếu thu về", "Tán thành", "Không tán thành", "Không biểu quyết", "Phiếu không hợp lệ (không đánh dấu, đánh dấu hơn một ô)"} {
		t.Rows = append(t.Rows, Row{Height: 8, Cells: []Cell{{Runs: Plain(label)}, {}}})
	}
	total := viet.Number(int64(m.memberCount()))
	t.Rows = append(t.Rows, Row{Height: 8, Cells: []Cell{{Runs: Plain("Tổng số thành viên")}, {Runs: Plain(total)}}})
	m.add(t, Body("Quy tắc: "+sentence(m.a.Rules.Describe())))
	m.add(Para{Runs: []Run{{Text: "Kết luận: ", Bold: true}, {Text: "☐ Được thông qua      ☐ Không được thông qua"}}})
	m.secretaryAndChair()
}
