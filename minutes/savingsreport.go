package minutes

import (
	"fmt"

	"phonghop/viet"
)

// SavingsReport is the saving of sessions on paper (báo cáo tiết kiệm): the sum
// of each quarter, then each session with its formulas. The heading is of src;
// its account's session need not be among them.
func SavingsReport(src Source, list []Savings) Sheet {
	m := composer{src: src, a: src.Account}
	quarters := ByQuarter(list)
	m.add(m.officeHead("BC"), DocTitle{Name: "BÁO CÁO", About: []string{"Kết quả tiết kiệm từ phiên họp không giấy tờ", periodWords(quarters)}})
	if len(quarters) == 0 {
		m.say("Chưa có phiên họp nào để tính.")
	} else {
		m.add(Section("I. TỔNG HỢP"))
		m.quarterTable(quarters)
		m.add(Section("II. TỪNG PHIÊN HỌP"))
		for _, q := range quarters {
			for _, s := range q.Sessions {
				m.sessionSavings(s)
			}
		}
		m.howCounted()
	}
	m.add(m.chiefSigns([]string{"- Chủ tịch (để b/c);", m.archiveLine()}))
	sh := m.paper("Báo cáo tiết kiệm")
	sh.Title = "Báo cáo tiết kiệm – " + periodWords(quarters)
	return sh
}

func periodWords(quarters []QuarterSavings) string {
	switch len(quarters) {
	case 0:
		return "(chưa có phiên họp)"
	case 1:
		return quarters[0].Words()
	}
	return quarters[0].Words() + " – " + quarters[len(quarters)-1].Words()
}

func (m *composer) quarterTable(quarters []QuarterSavings) {
	t := Table{Columns: []Column{
		{Title: "Quý", Share: 34}, {Title: "Số phiên", Share: 16, Align: Centred}, {Title: "Văn bản", Share: 22, Align: Right}, {Title: "Trang không in", Share: 26, Align: Right},
		{Title: "Lượt chuyển", Share: 20, Align: Right}, {Title: "Tiền (đồng, ước tính)", Share: 30, Align: Right}, {Title: "Giờ (ước tính)", Share: 18, Align: Right},
	}}
	var sum QuarterSavings
	row := func(label string, q QuarterSavings) Row {
		return Cells(label, viet.Number(int64(len(q.Sessions))), viet.Number(q.Documents), viet.Number(q.Pages), viet.Number(q.Deliveries), viet.Number(q.Money), trimmed(q.Hours))
	}
	for _, q := range quarters {
		m.say("%s: %s.", q.Words(), q.Headline())
		t.Rows = append(t.Rows, row(q.Words(), q))
		for _, s := range q.Sessions {
			sum.add(s)
		}
	}
	if len(quarters) > 1 {
		total := row("Cộng", sum)
		for i := range total.Cells {
			total.Cells[i].Runs[0].Bold = true
		}
		t.Rows = append(t.Rows, total)
	}
	m.add(t)
}

func (m *composer) sessionSavings(s Savings) {
	head := []Block{Section(sentence(fmt.Sprintf("%s (%s)", s.Name, viet.Date(s.Held)))), Body(s.Headline() + ".")}
	t := Table{Columns: []Column{{Title: "Khoản", Share: 55}, {Title: "Cách tính (ước tính)", Share: 110, Align: Right}}}
	for _, f := range s.Formulas() {
		t.Rows = append(t.Rows, Cells(f.Label, f.Words))
	}
	total := Cells("Cộng tiền", viet.Number(s.Money)+" đồng")
	for i := range total.Cells {
		total.Cells[i].Runs[0].Bold = true
	}
	t.Rows = append(t.Rows, total)
	for _, n := range s.Notes() {
		head = append(head, Body(n))
	}
	m.add(Together{Blocks: append(head, t)}, Gap{Height: 2}) // Word would tie two that touch
}

func (m *composer) howCounted() {
	m.add(Section("III. CÁCH TÍNH"))
	m.say("Số văn bản, số trang, số bộ và số lượt chuyển được đếm từ nhật ký phiên họp. Tiền và giờ là ước tính: lấy số đã đếm nhân với đơn giá do cơ quan đặt. “Văn bản” là số tài liệu nhân với số người lẽ ra phải nhận bản in.")
	m.say("Chỉ tính người có máy tính bảng tại chỗ ngồi và có mặt; mỗi tài liệu chỉ tính những người được đọc. Không tính tài liệu đã rút, tài liệu chưa biết số trang và bản đã được thay trước giờ khai mạc.")
}
