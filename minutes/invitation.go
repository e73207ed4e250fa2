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
	m.invitedItems(guest, named)
	m.labelled("Chủ trì", sentence(m.chairInWords()))
	m.labelled("Thời gian", startWords(m.a.Header)+".")
	m.labelled("Địa điểm", sentence(m.a.Header.Place))
	if named && guest.Seat != "" {
		m.labelled("Chỗ ngồi", "số "+sentence(guest.Seat)+" Máy tính bảng đã đặt sẵn tại chỗ; tài liệu được xem trên máy, không phát bản in.")
	}
	m.say("Trường hợp không dự được, đề nghị báo lại %s trước giờ khai mạc.", m.officeName())
	m.say("Rất mong sự có mặt đầy đủ, đúng giờ./.")
	m.add(m.chiefSigns([]string{"- Như trên;", m.archiveLine()}))
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

func (m *composer) invitedItems(p meeting.Attended, named bool) {
	list := List{Marks: Dashes}
	for _, it := range m.a.Items {
		if named && !invited(p, it) {
			continue
		}
		title := itemTitle(it)
		if it.InCamera {
			title = inCamera
		}
		list.Items = append(list.Items, Plain(sentence(fmt.Sprintf("Nội dung %d: %s", it.Number, title))))
	}
	if len(list.Items) == 0 {
		return
	}
	m.add(Para{Runs: Bold("Nội dung:"), KeepNext: true}, list)
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
