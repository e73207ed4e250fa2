package minutes

import (
	"fmt"
	"slices"
	"strings"

	"phonghop/meeting"
	"phonghop/viet"
)

// Invitation is the letter that asks somebody to the session (giấy mời, form
// 1.7); with "" the name is left open. A guest reads only of the items they are
// asked to, and nobody reads the words of an in-camera item.
func Invitation(src Source, to meeting.PersonID) Sheet {
	m := composer{src: src, a: src.Account}
	m.add(m.officeHead("GM"), DocTitle{Name: "GIẤY MỜI", About: []string{"Dự " + m.sessionName()}})
	guest, named := m.person(to)
	if named {
		m.say("%s trân trọng kính mời:", m.issuer())
		m.add(Para{Runs: Bold(personLine(guest.Person)), Align: Centred})
	} else {
		m.say("%s trân trọng kính mời: …………………………………………………………", m.issuer())
		m.add(Blank{Lines: 1})
	}
	m.labelled("Tới dự", sentence(m.sessionName()))
	items := m.invitedItems(guest, named)
	m.add(items.within()...)
	m.labelled("Chủ trì", sentence(m.chairInWords()))
	m.labelled("Thời gian", startWords(m.a.Header)+".")
	m.labelled("Địa điểm", sentence(m.a.Header.Place))
	if named && guest.Seat != "" {
		m.labelled("Chỗ ngồi", "số "+sentence(guest.Seat)+" Máy tính bảng đã đặt sẵn tại chỗ; tài liệu được xem trên máy, không phát bản in.")
	}
	m.say("Trường hợp không dự được, đề nghị báo lại %s trước giờ khai mạc./.", m.officeName())
	m.add(m.chiefSigns([]string{"- Như trên;", m.archiveLine()}))
	m.add(items.attached(m.sessionName())...)
	return m.paper("Giấy mời")
}

func (m *composer) person(id meeting.PersonID) (meeting.Attended, bool) {
	i := slices.IndexFunc(m.a.People, func(p meeting.Attended) bool { return id != "" && p.ID == id })
	if i < 0 {
		return meeting.Attended{}, false
	}
	return m.a.People[i], true
}

// startWords is "07 giờ 30 phút, Thứ Năm, ngày 25 tháng 6 năm 2026".
func startWords(h meeting.Header) string {
	if h.Starts.IsZero() {
		return "…… giờ …… phút, ngày …… tháng …… năm ……"
	}
	return viet.FormalClock(h.Starts) + ", " + viet.Weekday(h.Starts) + ", " + viet.FormalDate(h.Starts)
}

// programme is the items somebody is asked to.
type programme []meeting.AccountItem

func (m *composer) invitedItems(p meeting.Attended, named bool) programme {
	var out programme
	for _, it := range m.a.Items {
		if named && !invited(p, it) {
			continue
		}
		if it.InCamera || it.Withheld {
			it.Title, it.Presenter, it.Unit = inCamera, "", ""
		}
		out = append(out, it)
	}
	return out
}

// fewItems stand in the letter itself, which is one page.
const fewItems = 4

func (p programme) within() []Block {
	switch {
	case len(p) == 0:
		return nil
	case len(p) > fewItems:
		return []Block{Para{Runs: []Run{{Text: "Nội dung: ", Bold: true}, {Text: fmt.Sprintf("%d nội dung, theo chương trình kèm theo.", len(p))}}}}
	}
	list := List{Marks: Dashes}
	for _, it := range p {
		list.Items = append(list.Items, Plain(sentence(fmt.Sprintf("Nội dung %d: %s", it.Number, itemTitle(it)))))
	}
	return []Block{Para{Runs: Bold("Nội dung:"), KeepNext: true}, list}
}

// attached is the programme on a page of its own, where the letter has no room.
func (p programme) attached(session string) []Block {
	if len(p) <= fewItems {
		return nil
	}
	t := Table{Size: 13, Columns: []Column{
		{Title: "TT", Share: 10, Align: Centred}, {Title: "Nội dung", Share: 78}, {Title: "Trình bày", Share: 51}, {Title: "Thời gian", Share: 26, Align: Centred},
	}}
	for _, it := range p {
		planned := ""
		if it.Minutes > 0 {
			planned = fmt.Sprintf("%d phút", it.Minutes)
		}
		t.Rows = append(t.Rows, Cells(viet.Number(int64(it.Number)), itemTitle(it), presenterOf(it), planned))
	}
	return []Block{PageBreak{}, Para{Runs: Bold("CHƯƠNG TRÌNH"), Align: Centred, KeepNext: true},
		Para{Runs: Bold(session), Align: Centred, KeepNext: true},
		Para{Runs: Italic("(Kèm theo Giấy mời số ……)"), Align: Centred, KeepNext: true, Size: 13}, t}
}

// presenterOf is who presents an item, with their unit.
func presenterOf(it meeting.AccountItem) string {
	if it.Unit != "" && !strings.Contains(viet.Fold(it.Presenter), viet.Fold(it.Unit)) {
		return strings.TrimPrefix(it.Presenter+" – "+it.Unit, " – ")
	}
	return it.Presenter
}

// invited tells whether somebody attends an item: all but guests do; a guest
// attends those named, or all but the in-camera ones.
func invited(p meeting.Attended, it meeting.AccountItem) bool {
	switch {
	case p.Role != meeting.RoleGuest:
		return true
	case len(p.Items) > 0:
		return slices.Contains(p.Items, it.ID)
	}
	return !it.InCamera
}

// dots is room to write in by hand.
func dots(letters int) string { return strings.Repeat("…", letters) }
