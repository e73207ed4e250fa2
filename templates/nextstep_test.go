package templates

import (
	"testing"

	"phonghop/meeting"
	"phonghop/rules"
)

// TestNextStep plays a whole session and reads the two step keys after every
// press.
func TestNextStep(t *testing.T) {
	annul := func(p *play) {
		p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.Annul(a, "v1", "đọc chưa đúng")
		})
	}
	recess := func(p *play) {
		p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.BeginRecess(a, 10) })
	}
	resume := func(p *play) { p.do(chairID, (*meeting.Session).EndRecess) }
	deferItem := func(n int) func(*play) {
		return func(p *play) {
			p.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
				return s.Defer(a, itemNo(n), "chờ ý kiến")
			})
		}
	}
	vote := func(id meeting.VoteID, n int) func(*play) { return func(p *play) { p.vote(id, n, "Thông qua") } }
	shut := func(id meeting.VoteID) func(*play) { return func(p *play) { p.closeVote(id) } }
	item := func(n int) func(*play) { return func(p *play) { p.item(n) } }
	end := func(n int) func(*play) { return func(p *play) { p.closeItem(n) } }

	steps := []struct {
		did         string
		do          func(*play)
		next, other string
		sheet       bool // the key asks first
	}{
		{"prepared", func(*play) {}, "KHAI MẠC PHIÊN HỌP", "", true},
		{"quorate", func(p *play) { p.present(upTo(22)...) }, "KHAI MẠC PHIÊN HỌP", "", false},
		{"opened", (*play).open, "MỞ MỤC 1", "", false},
		{"item 1", item(1), "MỞ BIỂU QUYẾT SỐ 1", "Chuyển mục 2", true},
		{"vote 1", vote("v1", 1), "ĐÓNG BIỂU QUYẾT SỐ 1", "", true},
		{"all voted", func(p *play) { p.cast("v1", rules.For, upTo(22)...) }, "ĐÓNG BIỂU QUYẾT SỐ 1", "", false},
		{"closed", shut("v1"), "KẾT THÚC MỤC 1", "Biểu quyết số 2", false},
		{"annulled: again", annul, "MỞ BIỂU QUYẾT SỐ 2", "Chuyển mục 2", true},
		{"vote 2", vote("v2", 1), "ĐÓNG BIỂU QUYẾT SỐ 2", "", true},
		{"closed anyway", shut("v2"), "KẾT THÚC MỤC 1", "Biểu quyết số 3", false},
		{"item 1 ended", end(1), "MỞ MỤC 2", "", false},
		{"recess", recess, "HỌP TIẾP", "", false},
		{"on", resume, "MỞ MỤC 2", "", false},
		{"out of order", item(5), "MỞ BIỂU QUYẾT SỐ 3", "Chuyển mục 2", true},
		{"back to 2", item(2), "MỞ BIỂU QUYẾT SỐ 3", "Chuyển mục 3", true},
		{"3", item(3), "MỞ BIỂU QUYẾT SỐ 3", "Chuyển mục 4", true},
		{"4", item(4), "MỞ BIỂU QUYẾT SỐ 3", "Chuyển mục 6", true},
		{"6 put off", deferItem(6), "MỞ BIỂU QUYẾT SỐ 3", "Chuyển mục 7", true},
		{"7", item(7), "MỞ BIỂU QUYẾT SỐ 3", "Chuyển mục 8", true},
		{"8", item(8), "MỞ BIỂU QUYẾT SỐ 3", "Kết thúc mục 8", true},
		{"last ended", end(8), "BẾ MẠC PHIÊN HỌP", "", true},
		{"closed", func(p *play) { p.do(chairID, (*meeting.Session).Close) }, "Phiên họp đã bế mạc", "", false},
	}
	p, page := newPlay(t), Page{Lang: Vietnamese}
	for _, st := range steps {
		st.do(p)
		v := p.view(meeting.ChairScreen)
		if got := stepLabel(page, NextStep(v)); got != st.next {
			t.Errorf("%s: next step %q, want %q", st.did, got, st.next)
		}
		other := ""
		if s, ok := OtherStep(v); ok {
			other = stepLabel(page, s)
		}
		if other != st.other {
			t.Errorf("%s: other step %q, want %q", st.did, other, st.other)
		}
		if got := sheetOf(v, NextStep(v)) != ""; got != st.sheet {
			t.Errorf("%s: asks first %v, want %v", st.did, got, st.sheet)
		}
	}
}

func TestNextStepWithoutASession(t *testing.T) {
	p := newPlay(t)
	prepared := p.view(meeting.ChairScreen)
	empty, chairless, alone := prepared, prepared, prepared
	empty.Agenda = nil
	chairless.Chair = meeting.SeatView{}
	alone.Quorum = meeting.QuorumView{}
	for want, v := range map[string]meeting.View{
		"step.nothing": {}, "step.no-items": empty, "step.no-chair": chairless, "step.no-members": alone,
	} {
		if s := NextStep(v); s.Verb != StepNone || s.Label != want {
			t.Errorf("got %+v, want a dead key %s", s, want)
		}
	}
}

// TestStepMeaning: a key rests when it comes to mean something else, and only
// then.
func TestStepMeaning(t *testing.T) {
	p := newPlay(t)
	p.upToVote(11)
	before := stepMeaning(NextStep(p.view(meeting.ChairScreen)))
	p.cast("v2", rules.For, 12)
	if after := stepMeaning(NextStep(p.view(meeting.ChairScreen))); after != before {
		t.Errorf("a ballot made the key rest: %s, then %s", before, after)
	}
	p.closeVote("v2")
	if after := stepMeaning(NextStep(p.view(meeting.ChairScreen))); after == before {
		t.Errorf("closing did not change the key's meaning: %s", after)
	}
}
