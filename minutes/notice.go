package minutes

import (
	"fmt"
	"slices"
	"strings"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// ConclusionNotice is the notice of what the chair concluded (thông báo kết
// luận, form 1.4), which the Office sends to those who have to act. It goes out
// of the room: nothing of an in-camera item stands in it.
func ConclusionNotice(src Source) Sheet {
	m := composer{src: src, a: src.Account}
	m.add(m.officeHead("TB"), DocTitle{Name: "THÔNG BÁO", About: []string{
		fmt.Sprintf("Kết luận của %s tại %s", m.chairInWords(), m.sessionName()),
	}})
	m.noticeOpening()
	n := 0
	for _, it := range m.a.Items {
		if m.concludes(it) {
			n++
			m.concluded(n, it)
		}
	}
	m.noticeTasks()
	m.say("%s thông báo kết luận của chủ tọa phiên họp để các cơ quan, đơn vị, địa phương biết, thực hiện./.", m.officeName())
	m.add(m.chiefSigns(m.noticeRecipients()))
	return m.paper("Thông báo kết luận")
}

// paper makes a sheet of what was composed.
func (m *composer) paper(title string) Sheet {
	sh := Sheet{Title: title + " – " + m.sessionName(), Made: m.src.At, Blocks: m.blocks}
	if m.src.Draft {
		sh.Draft = "DỰ THẢO"
	}
	if m.src.Demo {
		sh.Footer = "BẢN MẪU"
	}
	return sh
}

// officeHead heads a paper that the Office sends out. Number and day are
// written in when the clerk enters it in the register.
func (m *composer) officeHead(kind string) Heading {
	h := Heading{Superior: m.issuer(), Body: "Văn phòng", Number: "Số: ……/" + kind + "-VP"}
	if o := m.src.Office; o.Superior != "" {
		h.Superior, h.Body = o.Superior, m.issuer()
		h.Number = "Số: ……/" + strings.TrimSuffix(kind+"-"+o.Notation, "-")
	}
	h.Place = m.placeDate()
	return h
}

func (m *composer) officeName() string {
	if m.src.Office.Superior != "" {
		return m.issuer()
	}
	return "Văn phòng " + m.issuer()
}

// placeDate is the line of place and date, the day left open.
func (m *composer) placeDate() string {
	place := m.src.Office.PlaceName
	if place == "" {
		place = placeOf(m.issuer())
	}
	return fmt.Sprintf("%s, ngày …… tháng …… năm %d", orElseWords(place, "……"), m.src.At.In(viet.Zone()).Year())
}

// placeOf is the name of the province or commune within a body's name.
func placeOf(body string) string {
	for _, before := range []string{" tỉnh ", " thành phố ", " xã ", " phường ", " đặc khu "} {
		if _, name, ok := strings.Cut(tidy(body), before); ok {
			return name
		}
	}
	return ""
}

// chairInWords is "đồng chí Nông Quang Hưng, Chủ tịch UBND tỉnh".
func (m *composer) chairInWords() string {
	if m.a.Chair.Name == "" {
		return "chủ tọa"
	}
	return strings.TrimSuffix("đồng chí "+m.a.Chair.Name+", "+postOf(m.a.Chair), ", ")
}

func (m *composer) noticeOpening() {
	here, away := m.members()
	begun := m.a.Opened
	if begun.IsZero() {
		begun = m.a.Header.Starts
	}
	m.say("Vào %s, tại %s, %s chủ trì %s. Tham dự có %d/%d thành viên.", viet.FormalMoment(begun),
		orElseWords(m.a.Header.Place, "phòng họp"), m.chairInWords(), m.sessionName(), len(here), len(here)+len(away))
	m.say("Sau khi nghe báo cáo, ý kiến thảo luận và kết quả biểu quyết, chủ tọa phiên họp kết luận như sau:")
}

// concludes tells whether an item has something to give notice of.
func (m *composer) concludes(it meeting.AccountItem) bool {
	if it.InCamera || it.Withheld {
		return false
	}
	return it.State == meeting.ItemPutOff || it.Conclusion != "" || slices.ContainsFunc(m.a.Votes, func(v meeting.AccountVote) bool {
		return v.Item == it.ID && v.State == meeting.VoteDone
	})
}

func (m *composer) concluded(n int, it meeting.AccountItem) {
	m.add(Section(fmt.Sprintf("%d. %s", n, sentence(itemTitle(it)))))
	if it.State == meeting.ItemPutOff {
		m.say("Chưa xem xét tại phiên họp này.")
	}
	m.text(it.Conclusion)
	for _, v := range m.a.Votes {
		if v.Item == it.ID && v.State == meeting.VoteDone {
			m.noticeVote(v)
		}
	}
}

func (m *composer) noticeVote(v meeting.AccountVote) {
	r, why := v.Result, ""
	if r.ByChair != "" {
		why = " " + sentenceOf(m.a, v)
	}
	m.say("Kết quả biểu quyết lần %d (%s): %d/%d thành viên tán thành (%s); %s.%s", v.Number,
		strings.TrimRight(motionOf(v), ". "), r.For, r.All, viet.Percent(r.For, r.All), outcomeInSentence(r.Outcome), why)
}

func outcomeInSentence(o rules.Outcome) string {
	if o == rules.Passed {
		return "được thông qua"
	}
	return "không được thông qua"
}

// noticeTasks lists what this session gave somebody to do: not what it took
// over from the last one, and nothing held.
func (m *composer) noticeTasks() {
	t := Table{Columns: []Column{
		{Title: "TT", Share: 9, Align: Centred}, {Title: "Nhiệm vụ", Share: 66}, {Title: "Chủ trì", Share: 34},
		{Title: "Phối hợp", Share: 32}, {Title: "Thời hạn", Share: 24, Align: Centred},
	}}
	for _, task := range m.a.Tasks {
		if task.Held || task.From != "" || task.State == meeting.TaskDropped || m.isInCamera(task.Item) {
			continue
		}
		t.Rows = append(t.Rows, Cells(viet.Number(int64(len(t.Rows)+1)), task.Text, task.Unit, task.Support, dueDate(task.Due)))
	}
	if len(t.Rows) > 0 {
		m.add(Section("Nhiệm vụ và thời hạn thực hiện"), t)
	}
}

func (m *composer) isInCamera(id meeting.ItemID) bool {
	return slices.ContainsFunc(m.a.Items, func(it meeting.AccountItem) bool { return it.ID == id && (it.InCamera || it.Withheld) })
}

func (m *composer) noticeRecipients() []string {
	if list := paragraphs(m.a.Recipients); len(list) > 0 {
		return list
	}
	return []string{"- Như thành phần tham dự;", "- Các cơ quan, đơn vị có nhiệm vụ;", m.archiveLine()}
}

func (m *composer) archiveLine() string {
	return "- Lưu: " + orElseWords(m.src.Office.Archive, "VT, Hồ sơ") + "."
}

// chiefSigns is the signature of whoever signs for the chair.
func (m *composer) chiefSigns(recipients []string) Signatures {
	return Signatures{Recipients: recipients, Right: Signer{Titles: m.chiefTitles(), Name: m.chiefName()}}
}

func (m *composer) chiefTitles() []string {
	if len(m.src.Office.ForChair) > 0 {
		return m.src.Office.ForChair
	}
	return []string{"TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}
}

// chiefName is the Chief of Office: as set, or as they sit in the session.
func (m *composer) chiefName() string {
	if m.src.Office.ChiefName != "" {
		return m.src.Office.ChiefName
	}
	for _, p := range m.a.People {
		if strings.HasPrefix(viet.Fold(p.Title), "chanh van phong") {
			return p.Name
		}
	}
	return ""
}
