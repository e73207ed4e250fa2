package minutes

import (
	"fmt"
	"slices"
	"strings"

	"phonghop/meeting"
	"phonghop/viet"
)

// OpinionDigest is what each member thinks of an item (bảng tổng hợp ý kiến):
// written opinions, what was said, where they agree, what is reserved. With ""
// it tells of every open item that has an opinion; an in-camera item only when
// it is asked for by its id.
func OpinionDigest(src Source, item meeting.ItemID) Sheet {
	m := composer{src: src, a: src.Account}
	head := m.officeHead("")
	head.Number = "" // it goes with the papers, not through the register
	m.add(head, DocTitle{Name: "BẢNG TỔNG HỢP Ý KIẾN", About: []string{"Tại " + m.sessionName()}})
	told := 0
	for _, it := range m.a.Items {
		if it.ID == item || item == "" && !it.InCamera && !it.Withheld && hasOpinions(it) {
			m.itemDigest(it)
			told++
		}
	}
	if told == 0 {
		m.say("Chưa có ý kiến nào được ghi nhận.")
	}
	titles := m.chiefTitles()
	m.add(Signatures{
		Left:  Signer{Titles: []string{"NGƯỜI TỔNG HỢP"}, Name: m.a.Clerk.Name},
		Right: Signer{Titles: titles[len(titles)-1:], Name: m.chiefName()},
	})
	return m.paper("Bảng tổng hợp ý kiến")
}

func hasOpinions(it meeting.AccountItem) bool {
	return len(it.Opinions) > 0 || len(it.Turns) > 0 || it.Digest != ""
}

func (m *composer) itemDigest(it meeting.AccountItem) {
	m.add(Section(fmt.Sprintf("Nội dung %d: %s", it.Number, sentence(itemTitle(it)))))
	if it.Withheld {
		m.say("Ý kiến: %s.", inCamera)
		return
	}
	m.presenterLine(it)
	views := m.views(it)
	m.add(Section("1. Ý kiến của từng thành viên"))
	m.say("%s", viewsInWords(views))
	if t := viewTable(views); len(t.Rows) > 0 {
		m.add(t)
	}
	m.add(Section("2. Ý kiến thống nhất, ý kiến còn khác nhau"))
	m.textOrLines(it.Digest, 4)
	m.reservations(it)
	m.add(Section("4. Đề xuất, kết luận"))
	m.textOrLines(it.Conclusion, 4)
}

func (m *composer) presenterLine(it meeting.AccountItem) {
	if who := presenterOf(it); who != "" {
		m.labelled("Trình bày", sentence(who))
	}
}

// textOrLines is a text, or lines to write it on by hand.
func (m *composer) textOrLines(text string, lines int) {
	if len(paragraphs(text)) == 0 {
		m.add(Blank{Lines: lines})
		return
	}
	m.text(text)
}

// view is what one person said of an item.
type view struct {
	person   meeting.Person
	written  []string
	spoken   []string
	reserved bool
}

func (v view) said() bool { return len(v.written)+len(v.spoken) > 0 }

// views are everybody's, in protocol order: of members also when they said
// nothing, of others when they did.
func (m *composer) views(it meeting.AccountItem) []view {
	var all []view
	at := map[meeting.PersonID]int{}
	of := func(p meeting.Person) *view {
		if i, ok := at[p.ID]; ok {
			return &all[i]
		}
		at[p.ID] = len(all)
		all = append(all, view{person: p})
		return &all[len(all)-1]
	}
	for _, p := range m.a.People {
		of(p.Person)
	}
	for _, o := range it.Opinions {
		v := of(meeting.Person{ID: o.Person, Name: o.Name})
		v.reserved = v.reserved || o.Reservation
		v.written = append(v.written, orElseWords(o.Text, inCamera))
	}
	for _, t := range it.Turns {
		v := of(t.Person)
		v.spoken = append(v.spoken, spokenOf(t))
	}
	return slices.DeleteFunc(all, func(v view) bool { return !v.said() && !v.person.Votes })
}

func spokenOf(t meeting.Turn) string {
	switch {
	case len(paragraphs(t.Summary)) > 0:
		return t.Summary
	case t.Topic != "":
		return "Về: " + t.Topic
	}
	return "(chưa ghi tóm tắt)"
}

func viewsInWords(views []view) string {
	members, written, spoken := 0, 0, 0
	for _, v := range views {
		if !v.person.Votes {
			continue
		}
		members++
		if len(v.written) > 0 {
			written++
		}
		if len(v.spoken) > 0 {
			spoken++
		}
	}
	return fmt.Sprintf("Có %d/%d thành viên gửi ý kiến bằng văn bản; %d thành viên phát biểu tại phiên họp.", written, members, spoken)
}

func viewTable(views []view) Table {
	t := Table{Columns: []Column{
		{Title: "TT", Share: 9, Align: Centred}, {Title: "Họ và tên, chức vụ", Share: 42}, {Title: "Ý kiến bằng văn bản", Share: 57}, {Title: "Phát biểu tại phiên họp", Share: 57},
	}}
	silent := 0
	for _, v := range views {
		if !v.said() {
			silent++
			continue
		}
		written := Plain(inCell(v.written))
		if v.reserved {
			written = append(Italic("(Bảo lưu) "), written...)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			{Runs: Plain(viet.Number(int64(len(t.Rows) + 1)))}, {Runs: nameAndPost(v.person)}, {Runs: written}, {Runs: Plain(inCell(v.spoken))},
		}})
	}
	if silent > 0 && len(t.Rows) > 0 {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Span: len(t.Columns), Align: Left, Runs: Italic(fmt.Sprintf("Thành viên chưa có ý kiến: %d.", silent))}}})
	}
	return t
}

// nameAndPost is a person in a cell, the name bold.
func nameAndPost(p meeting.Person) []Run {
	runs := Bold(strings.TrimSpace(p.Salutation + " " + p.Name))
	if post := postOf(p); post != "" {
		runs = append(runs, Run{Text: ", " + post})
	}
	return runs
}

// inCell is texts below each other.
func inCell(texts []string) string {
	var lines []string
	for _, text := range texts {
		lines = append(lines, sentence(strings.Join(paragraphs(text), "\n")))
	}
	return strings.Join(lines, "\n")
}

func (m *composer) reservations(it meeting.AccountItem) {
	m.add(Section("3. Ý kiến bảo lưu"))
	var list List
	for _, o := range it.Opinions {
		if o.Reservation {
			list.Items = append(list.Items, Plain(o.Name+": "+sentence(strings.Join(paragraphs(orElseWords(o.Text, inCamera)), "\n"))))
		}
	}
	if len(list.Items) == 0 {
		m.say("Không có.")
		return
	}
	list.Marks = Dashes
	m.add(list)
}
