package minutes

import (
	"fmt"
	"slices"
	"strings"

	"phonghop/meeting"
	"phonghop/viet"
)

// proceedings is part III: each item in the agenda's order.
func (m *composer) proceedings() {
	m.add(Section("III. DIỄN BIẾN PHIÊN HỌP"))
	for _, it := range m.a.Items {
		m.item(it)
	}
	for _, v := range m.a.Votes {
		if v.Item == "" {
			m.vote(v)
		}
	}
}

func (m *composer) item(it meeting.AccountItem) {
	it = silenced(it)
	m.add(Section(fmt.Sprintf("Nội dung %d: %s", it.Number, sentence(itemTitle(it)))))
	switch it.State {
	case meeting.ItemPutOff:
		m.deferred(it)
	case meeting.ItemPending:
		m.say("Chưa xem xét.")
	default:
		m.itemTimes(it)
		m.presented(it)
		if it.Withheld {
			m.say("Diễn biến và kết luận: %s.", inCamera)
		}
	}
	m.labelled("Tổng hợp ý kiến", it.Digest)
	m.speeches(it.Turns)
	m.opinions(it)
	m.text(it.Other)
	for _, v := range m.a.Votes {
		if v.Item == it.ID && it.ID != "" {
			m.vote(v)
		}
	}
	if !it.Withheld {
		m.notes(it.ID)
	}
	m.labelled("Kết luận của chủ tọa", it.Conclusion)
}

// silenced is an item whose words are withheld, without any that came along.
func silenced(it meeting.AccountItem) meeting.AccountItem {
	if !it.Withheld {
		return it
	}
	it.Digest, it.Other, it.Conclusion = "", "", ""
	it.Turns = slices.Clone(it.Turns)
	for i := range it.Turns {
		it.Turns[i].Topic, it.Turns[i].Summary = "", inCamera
	}
	return it
}

func (m *composer) deferred(it meeting.AccountItem) {
	switch {
	case it.Withheld:
		m.say("Không xem xét tại phiên họp này; lý do: %s.", inCamera)
	case it.DeferredReason == "":
		m.say("Không xem xét tại phiên họp này.")
	default:
		m.say("Không xem xét tại phiên họp này; lý do: %s", sentence(it.DeferredReason))
	}
}

func (m *composer) itemTimes(it meeting.AccountItem) {
	switch {
	case it.Opened.IsZero():
	case it.Closed.IsZero() || it.State == meeting.ItemOpen:
		m.say("Thời gian: bắt đầu lúc %s.", viet.FormalClock(it.Opened))
	default:
		m.say("Thời gian: từ %s đến %s.", viet.FormalClock(it.Opened), viet.FormalClock(it.Closed))
	}
}

func (m *composer) presented(it meeting.AccountItem) {
	who := it.Presenter
	if it.Unit != "" && !strings.Contains(viet.Fold(who), viet.Fold(it.Unit)) {
		who = strings.TrimPrefix(who+" – "+it.Unit, " – ")
	}
	switch {
	case it.Withheld:
	case who != "" && it.Presented != "":
		m.labelled("Trình bày", who+": "+it.Presented)
	case who != "" || it.Presented != "":
		m.labelled("Trình bày", sentence(who+it.Presented))
	}
}

// speeches lists who spoke, in order. A speech whose summary is not written
// yet stands with the fact that it was held.
func (m *composer) speeches(turns []meeting.Turn) {
	if len(turns) == 0 {
		return
	}
	m.add(Para{Runs: Bold("Ý kiến phát biểu:"), KeepNext: true})
	for _, t := range turns {
		m.speech(t)
	}
}

func (m *composer) speech(t meeting.Turn) {
	who := personLine(t.Person)
	if t.Reply {
		who += " (trao đổi lại)"
	}
	said := paragraphs(t.Summary)
	if len(said) == 0 {
		said = []string{"phát biểu ý kiến."}
		if t.Topic != "" {
			said[0] = "phát biểu ý kiến về: " + sentence(t.Topic)
		}
	}
	m.add(Para{Runs: []Run{{Text: "- "}, {Text: who, Italic: true}, {Text: ": " + said[0]}}})
	for _, more := range said[1:] {
		m.add(Body(more))
	}
}

func (m *composer) opinions(it meeting.AccountItem) {
	if len(it.Opinions) == 0 {
		return
	}
	m.add(Para{Runs: Bold("Ý kiến bằng văn bản:"), KeepNext: true})
	for _, o := range it.Opinions {
		name := o.Name
		for _, p := range m.a.People {
			if p.ID == o.Person {
				name = personLine(p.Person)
			}
		}
		if o.Reservation {
			name += " (ý kiến bảo lưu)"
		}
		text := strings.Join(paragraphs(o.Text), "\n")
		if it.Withheld || text == "" {
			text = inCamera
		}
		m.add(Para{Runs: []Run{{Text: "- "}, {Text: name, Italic: true}, {Text: ": " + sentence(text)}}})
	}
}

// notes are the secretary's notes on an item, or on none.
func (m *composer) notes(item meeting.ItemID) {
	for _, n := range m.a.Notes {
		if n.Item == item && tidy(n.Text) != "" {
			m.say("Lúc %s: %s", viet.FormalClock(n.At), sentence(strings.Join(paragraphs(n.Text), "\n")))
		}
	}
}
