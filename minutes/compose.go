package minutes

import (
	"fmt"
	"strings"

	"phonghop/meeting"
	"phonghop/viet"
)

// Minutes are the minutes of a session (biên bản, form 1.9 of decree 30/2020).
// Before the session has closed they say so far as it has come.
func Minutes(src Source) Sheet {
	m := composer{src: src, a: src.Account}
	sh := Sheet{Title: "Biên bản " + m.sessionName(), Made: src.At, Blocks: m.body()}
	if src.Draft {
		sh.Draft = "DỰ THẢO"
	}
	if src.Demo {
		sh.Footer = "BẢN MẪU"
	}
	return sh
}

// composer writes the minutes of one account.
type composer struct {
	src    Source
	a      meeting.Account
	annex  int // annexes so far
	blocks []Block
}

func (m *composer) add(b ...Block) { m.blocks = append(m.blocks, b...) }

func (m *composer) say(format string, args ...any) { m.add(Body(fmt.Sprintf(format, args...))) }

// labelled is a paragraph whose first words are bold.
func (m *composer) labelled(label, text string) {
	lead := Run{Text: label + ": ", Bold: true}
	for i, part := range paragraphs(text) {
		p := Body(part)
		if i == 0 {
			p.Runs = append([]Run{lead}, p.Runs...)
		}
		m.add(p)
	}
}

func (m *composer) text(s string) {
	for _, part := range paragraphs(s) {
		m.add(Body(part))
	}
}

// paragraphs are the lines of a secretary's text, without the empty ones.
func paragraphs(s string) []string {
	var out []string
	for _, line := range strings.Split(tidy(s), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (m *composer) body() []Block {
	m.add(Heading{Superior: m.src.Office.Superior, Body: m.issuer(), Number: m.number()})
	m.add(DocTitle{Name: "BIÊN BẢN", About: []string{m.sessionName()}})
	m.circumstances()
	m.attendance()
	m.programme()
	m.proceedings()
	m.incidents()
	m.ending()
	m.attendanceAnnex()
	m.ballotAnnex()
	m.paperAnnex()
	m.taskAnnex()
	m.technicalPage()
	return m.blocks
}

func (m *composer) issuer() string {
	if m.src.Office.Body != "" {
		return m.src.Office.Body
	}
	return m.a.Header.Body
}

// number is the number line: the secretary's, completed where it is a bare
// number, or with room to write it in.
func (m *composer) number() string {
	given := tidy(m.a.Number)
	if strings.Contains(given, "/") {
		return "Số: " + strings.TrimSpace(strings.TrimPrefix(given, "Số:"))
	}
	if n, err := viet.ParseNumber(given); err == nil && n > 0 {
		given = fmt.Sprintf("%02d", n)
	}
	if given == "" {
		given = "……"
	}
	notation := m.src.Office.Notation
	if notation == "" {
		notation = notationOf(m.issuer())
	}
	if notation == "" {
		return "Số: " + given + "/BB"
	}
	return "Số: " + given + "/BB-" + notation
}

func notationOf(body string) string {
	for _, known := range [][2]string{{"ủy ban nhân dân", "UBND"}, {"hội đồng nhân dân", "HĐND"}} {
		if strings.HasPrefix(viet.Fold(body), viet.Fold(known[0])) {
			return known[1]
		}
	}
	return ""
}

// sessionName is "Phiên họp thường kỳ thứ 47 của Ủy ban nhân dân tỉnh Trà Sơn,
// nhiệm kỳ 2021–2026".
func (m *composer) sessionName() string {
	h := m.a.Header
	kinds := map[string]string{"regular": "thường kỳ", "thematic": "chuyên đề", "urgent": "đột xuất"}
	name := "Phiên họp"
	if kinds[h.Kind] != "" {
		name += " " + kinds[h.Kind]
	}
	name += fmt.Sprintf(" thứ %d", h.Number)
	if h.Title != "" {
		name = h.Title
	}
	if !strings.Contains(viet.Fold(name), viet.Fold(h.Body)) {
		name += " của " + h.Body
	}
	if h.Term != "" {
		name += ", nhiệm kỳ " + h.Term
	}
	return name
}

// circumstances are the lines every form of minutes begins with.
func (m *composer) circumstances() {
	begun := m.a.Opened
	if begun.IsZero() {
		begun = m.a.Header.Starts
	}
	m.labelled("Thời gian bắt đầu", viet.FormalMoment(begun)+".")
	m.labelled("Địa điểm", sentence(m.a.Header.Place))
	m.labelled("Chủ tọa", sentence(personLine(m.openingChair())))
	m.labelled("Thư ký", sentence(personLine(m.a.Clerk)))
	if m.a.Header.Kind != "" && m.a.Rules.Title != "" {
		m.labelled("Quy tắc tiến hành", m.a.Rules.Title+" ("+m.a.Rules.Source+"). "+m.a.Rules.Describe())
	}
}

// openingChair presided first.
func (m *composer) openingChair() meeting.Person {
	if len(m.a.Chairs) > 0 {
		return m.a.Chairs[0].Person
	}
	return m.a.Chair
}

// programme lists the agenda and the secretary's words on the opening.
func (m *composer) programme() {
	m.add(Section("II. CHƯƠNG TRÌNH"))
	m.text(m.a.Opening)
	list := List{Marks: Numbers}
	for _, it := range m.a.Items {
		text := itemTitle(it)
		if it.State == meeting.ItemPutOff {
			text += " (không xem xét tại phiên họp này)"
		}
		list.Items = append(list.Items, Plain(sentence(text)))
	}
	if len(list.Items) == 0 {
		m.say("Phiên họp không có nội dung trong chương trình.")
		return
	}
	m.add(list)
}

func (m *composer) ending() {
	m.add(Section(m.closingNumeral() + ". KẾT THÚC PHIÊN HỌP"))
	m.text(m.a.Closing)
	if m.a.Ended.IsZero() {
		m.say("Phiên họp chưa kết thúc; biên bản này ghi đến %s.", viet.FormalMoment(m.src.At))
	} else {
		m.say("Cuộc họp kết thúc vào %s./.", viet.FormalMoment(m.a.Ended))
	}
	const note = "(Ký, ghi rõ họ tên)"
	m.add(Signatures{
		Left:  Signer{Titles: []string{"THƯ KÝ"}, Note: note, Name: m.a.Clerk.Name},
		Right: Signer{Titles: []string{"CHỦ TỌA"}, Note: note, Name: m.a.Chair.Name},
	}, Recipients{Lines: m.recipients()})
}

func (m *composer) recipients() []string {
	if list := paragraphs(m.a.Recipients); len(list) > 0 {
		return list
	}
	archive := m.src.Office.Archive
	if archive == "" {
		archive = "VT, Hồ sơ"
	}
	return []string{"- Như thành phần tham dự;", "- Lưu: " + archive + "."}
}

func personLine(p meeting.Person) string {
	return viet.Person{Salutation: p.Salutation, Name: p.Name, PartyTitle: p.PartyTitle, Title: p.Title, Unit: p.Unit}.Line()
}

// named is a person within a sentence: "ông Trần Quốc Bảo".
func named(p meeting.Person) string {
	if p.Salutation == "" {
		return p.Name
	}
	return strings.ToLower(p.Salutation) + " " + p.Name
}

// sentence ends a text with a full stop, unless it ends by itself.
func sentence(s string) string {
	s = strings.TrimSpace(tidy(s))
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?:;") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

const inCamera = "(nội dung họp kín)"

func itemTitle(it meeting.AccountItem) string {
	if it.Withheld || it.Title == "" {
		return inCamera
	}
	return it.Title
}
