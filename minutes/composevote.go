package minutes

import (
	"fmt"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// vote tells one vote: what was asked, how it was counted, by which rule, and
// what it came to. An annulled one stays, with its reason.
func (m *composer) vote(v meeting.AccountVote) {
	motion := v.Motion
	if v.Hidden || motion == "" {
		motion = inCamera
	}
	m.add(Para{Runs: []Run{{Text: fmt.Sprintf("Biểu quyết lần %d: ", v.Number), Bold: true}, {Text: sentence(motion)}}, KeepNext: true})
	if v.Override != "" {
		m.say("Khi mở biểu quyết có mặt %d/%d thành viên, chưa đủ số thành viên theo quy định; chủ tọa quyết định tiến hành, lý do: %s",
			v.Quorum.Present, v.Quorum.Total, sentence(v.Override))
	}
	switch v.State {
	case meeting.VoteDone:
		m.result(v)
	case meeting.VoteAnnuled:
		m.say("Cuộc biểu quyết mở lúc %s đã bị hủy, kết quả không có giá trị; lý do: %s", viet.FormalClock(v.Opened), sentence(orNone(v.Reason)))
	default:
		m.say("Đang biểu quyết, mở lúc %s.", viet.FormalClock(v.Opened))
	}
}

func (m *composer) result(v meeting.AccountVote) {
	m.say("Kết quả (đóng lúc %s): %s.", viet.FormalClock(v.Closed), countLine(v.Result.Count))
	said := v.Sentence
	if said == "" {
		said = m.a.Rules.Sentence(v.Result)
	}
	m.add(Para{Runs: []Run{{Text: said + " "}, {Text: outcome(v.Result.Outcome), Bold: true}}})
}

// countLine is "tán thành 18/22 (81,82%); không tán thành 1; không biểu quyết
// 0; có mặt nhưng không bỏ phiếu 0; vắng mặt 3".
func countLine(c rules.Count) string {
	return fmt.Sprintf("tán thành %d/%d (%s); không tán thành %d; không biểu quyết %d; có mặt nhưng không bỏ phiếu %d; vắng mặt %d",
		c.For, c.All, viet.Percent(c.For, c.All), c.Against, c.Abstain, c.Silent, c.Absent)
}

func outcome(o rules.Outcome) string {
	if o == rules.Passed {
		return "Được thông qua."
	}
	return "Không được thông qua."
}

func orNone(reason string) string {
	if reason == "" {
		return "không ghi"
	}
	return reason
}

// choiceWords are the ways a member stands in a vote, in the order of tables.
func choiceWords(b meeting.AccountBallot) string {
	switch {
	case b.Choice == rules.For:
		return "Tán thành"
	case b.Choice == rules.Against:
		return "Không tán thành"
	case b.Choice == rules.Abstain:
		return "Không biểu quyết"
	case b.Present:
		return "Không bỏ phiếu"
	}
	return "Vắng mặt"
}
