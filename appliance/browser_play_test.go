package main

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

// sitting is a session with six tablets at its table; everybody else's are
// programs.
type sitting struct {
	*table
	chair, clerk, hall *tablet
	ha, danh           *tablet // members who are here
	phuc               *tablet // a member who comes during the vote
}

const (
	ha, danh, phuc, anh = "Lê Thị Minh Hà", "Bùi Công Danh", "Tô Vĩnh Phúc", "Vi Thị Ngọc Ánh"
	conclusion          = "Thống nhất dự thảo. Giao Sở Tài chính hoàn chỉnh trước ngày 05 tháng 12."
)

// sessionIsHeld plays the rest of session 47: somebody speaks, a vote is taken,
// the item is concluded, the session closes and its record is checked.
func sessionIsHeld(x *table) {
	s := &sitting{
		table: x, chair: x.sit("01", x.address), clerk: x.sit("TK", x.address), hall: x.sit("", x.address),
		ha: x.sit("02", x.address), danh: x.sit("10", x.address), phuc: x.sit("18", x.address),
	}
	s.memberSpeaks()
	s.voteOpens()
	s.membersVote()
	s.memberComesLate()
	s.clerkEnters()
	s.chairCloses()
	s.everybodySeesResult()
	s.clerkConcludes()
	s.nextItem()
	s.sessionCloses()
	s.recordIsRight()
}

func (s *sitting) memberSpeaks() {
	s.danh.steps("ask")
	s.chair.says(`li[id^="ask-"]`, danh)
	s.danh.becomes(`document.querySelector("#next-step").dataset.labelKey === "withdraw"`)
	s.chair.touches(`li[id^="ask-"] form[action="/floor/give"] button`)
	s.danh.says("#turn", "phát biểu", "trong 3 phút")
	s.danh.becomes(`/^0[23]:\d\d$/.test(document.querySelector("#turn [data-ends]").textContent)`)
	s.hall.says("#hall", danh)
	s.hall.becomes(`/^0[23]:\d\d$/.test(document.querySelector("#hall [data-ends]").textContent)`)
	s.ha.says("#floor", danh)
	s.danh.steps("yield")
	s.hall.becomes(`!document.querySelector("#hall").textContent.includes(%q)`, danh)
	s.chair.lacks(`form[action="/floor/stop"]`)
	s.danh.becomes(`document.querySelector("#next-step").dataset.labelKey === "ask"`)
}

func (s *sitting) voteOpens() {
	s.chair.steps("open-vote-")
	s.chair.touches(`form[action$="/votes"] button[type=submit]`)
	for _, member := range []*tablet{s.ha, s.danh} {
		member.says("#sheet h1", "Thông qua")
		member.is(`document.querySelector("form[data-ballot]").elements.n.value`, "1")
	}
	s.hall.says("#hall", "0/20", s.danh.text("#sheet h1"))
	s.phuc.says("#turn", "chưa được ghi có mặt")
	s.phuc.lacks("form[data-ballot]")
}

func (s *sitting) membersVote() {
	s.ha.taps("for")
	s.ha.recorded("for", 1)
	s.hall.says("#hall", "1/20")
	s.danh.taps("against")
	s.danh.recorded("against", 1)
	s.danh.taps("abstain")
	s.danh.recorded("abstain", 2)
	s.danh.is(`document.querySelector("#choice-against").dataset.state`, "other")
	for _, voter := range []*tablet{s.ha, s.danh} {
		voter.is(`document.querySelector("[data-fill=code]").textContent`, voter.mine("ballot.code"))
	}
	s.chair.taps("for")
	s.chair.recorded("for", 1)
	for _, seat := range strings.Fields("03 04 05 06 07 08 09 11 12 13 14 15 16 17 20") {
		s.press(seat, s.vote("ballot"), "choice=for", "n=1")
	}
	for _, watching := range []*tablet{s.hall, s.chair, s.clerk, s.ha} {
		watching.says("body", "18/20")
	}
	// How the ballots go is nowhere on the hall's picture, in words or signs.
	s.hall.is(`/tán thành|không biểu quyết|g-(for|against|abstain)/i.test(document.querySelector("#hall").innerHTML)`, "false")
}

// memberComesLate: nobody votes before the secretary or they themselves have
// said that they are here.
func (s *sitting) memberComesLate() {
	try := fmt.Sprintf(`fetch(%q, {method: "POST", headers: {Accept: "application/json"}, body: new URLSearchParams({choice: "for", n: 1})})
		.then(async (r) => r.status + " " + (await r.json()).message)`, s.vote("ballot"))
	s.phuc.is(try, "409 Chưa điểm danh có mặt. Xin bấm CÓ MẶT trước.")
	s.phuc.steps("present")
	s.phuc.taps("against")
	s.phuc.recorded("against", 1)
	s.hall.says("#hall", "19/21")
}

func (s *sitting) clerkEnters() {
	s.clerk.touches(`button[data-fkey="F6"]`)
	sheet := `form[action$="/ballots"]`
	s.clerk.says(sheet+" label", anh)
	s.clerk.touches(fmt.Sprintf(`label[id="pick-%s"]`, s.person(anh)))
	s.clerk.do(chromedp.SendKeys(chromedp.CSS(sheet+` input[name=reason]`), "Máy tính bảng hết pin"))
	s.clerk.touches(sheet + ` button[value=against]`)
	s.hall.says("#hall", "20/21")
}

// person is the id of somebody on the roll.
func (s *sitting) person(name string) string {
	return s.clerk.eval(fmt.Sprintf(`fetch("/api/session").then((r) => r.json()).then((s) => s.roll.find((p) => p.name === %q).person)`, name))
}

func (s *sitting) chairCloses() {
	s.chair.steps("close-vote-")
	s.chair.says(`[id^="sheet-close-vote-"]`, "Còn 1 người chưa bỏ phiếu", "21")
	s.chair.touches(`form[action$="/close"] input[name=anyway] ~ .keys [type=submit]`)
}

func (s *sitting) everybodySeesResult() {
	s.hall.says("#hall", "THÔNG QUA", danh, phuc, anh)
	rule, code := s.lastVote("sentence"), s.lastVote("code")
	s.hall.says("#hall", rule, code)
	for _, seen := range []*tablet{s.ha, s.danh, s.phuc} {
		seen.lacks("form[data-ballot]")
		seen.says(`#result`, "THÔNG QUA", rule)
	}
	s.ha.is(figures("#result"), "17 Tán thành, 2 Không tán thành, 1 Không biểu quyết, 1 Không bỏ phiếu, 1 Vắng")
	s.hall.is(figures("#hall"), "17 Tán thành, 2 Không tán thành, 1 Không biểu quyết, 1 Không bỏ phiếu, 1 Vắng")
	s.danh.touches(`#actions a[href="/member/record"]`)
	s.danh.says("#own-record", "Không biểu quyết", s.danh.mine("history.at(-1).ballot.code"))
	s.danh.touches(`a[href="/member"]`)
}

// lastVote is what the room keeps of the last vote.
func (s *sitting) lastVote(what string) string {
	return s.clerk.eval(`fetch("/api/session").then((r) => r.json()).then((s) => s.votes.at(-1).` + what + `)`)
}

// figures reads the numbers of a result in their order.
func figures(where string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].map((d) => d.querySelector("dd").textContent.trim() + " " + d.querySelector("dt").textContent.trim()).join(", ")`, where+" dl.totals > div")
}

func (s *sitting) clerkConcludes() {
	field := `form[action$="/conclusion"] textarea`
	s.clerk.touches(field)
	s.clerk.do(chromedp.SendKeys(chromedp.CSS(field), conclusion))
	s.clerk.touches(`form[action$="/conclusion"] button[type=submit]`)
	s.ha.says("#main", "Kết luận của chủ tọa", conclusion)
}

func (s *sitting) nextItem() {
	s.chair.steps("close-item-")
	s.chair.steps("open-item-")
	s.hall.says("#hall", "Đề án chuyển đổi số")
	for _, member := range []*tablet{s.ha, s.danh, s.phuc} {
		member.says("#strip h1", "Đề án chuyển đổi số")
		member.lacks("#result section")
	}
}

func (s *sitting) sessionCloses() {
	s.chair.touches(`#chair-steps button[popovertarget^="sheet-more"]`)
	s.chair.touches(`[id^="sheet-more"]:popover-open button[popovertarget^="sheet-close-"]`)
	s.chair.touches(`form[action="/session/close"] button[type=submit]`)
	for _, b := range []*tablet{s.chair, s.hall, s.ha, s.danh, s.phuc} {
		b.says("body", "Phiên họp đã bế mạc")
	}
	s.danh.says("#mine", "Không biểu quyết")
	s.danh.becomes(`document.querySelector("#next-step").dataset.labelKey === "leave"`)
}

// recordIsRight: what the screens said is what is written down, and what the
// program counts again from the bare journal.
func (s *sitting) recordIsRight() {
	code := s.lastVote("code")
	s.clerk.opens("/record")
	s.clerk.says("main", conclusion, code, danh, "17/22", phuc+": Không tán thành", anh+": Không tán thành", danh+": Không biểu quyết")
	s.chair.opens("/record")
	s.chair.says("main", conclusion)
	s.stop()
	want := "Biểu quyết số 2: tán thành 17, không tán thành 2, không biểu quyết 1, không bỏ phiếu 1, vắng 1; tính lại khớp. Mã " + code
	if out := s.verify(); !strings.Contains(out, want) || !strings.Contains(out, "tất cả đúng") {
		s.t.Errorf("the screens showed\n%s\nand verify says\n%s", want, out)
	}
}
