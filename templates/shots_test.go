package templates

import (
	"fmt"
	"testing"
	"time"

	"github.com/a-h/templ"

	"phonghop/meeting"
)

// shots are all screens of member and hall, in the order of a session.
func shots(t *testing.T) []shot {
	const n = 30
	ready := func() *drama { return newDrama(t).people(n).agenda() }
	sitting := func() *drama { return ready().sit(n) }
	var all []shot
	all = append(all, beforeShots(ready())...)
	all = append(all, floorShots(sitting())...)
	all = append(all, voteShots(sitting)...)
	all = append(all, resultShots(sitting)...)
	all = append(all, endShots(sitting)...)
	all = append(all, largeShots(t)...)
	empty := meeting.View{Audience: meeting.Audience{Screen: meeting.HallScreen}, Current: -1}
	return append(all, shot{"hall-00-idle", begin, func(p Page) templ.Component { return HallPage(p, empty) }})
}

func beforeShots(d *drama) []shot {
	d.wait(50 * time.Minute)
	all := []shot{d.member("01-before", "m12")}
	for i := range 21 {
		d.must(d.s.MarkPresent(d.by(fmt.Sprintf("m%02d", i+1)), meeting.PersonID(fmt.Sprintf("m%02d", i+1))))
	}
	return append(all, d.member("02-present", "m12"), d.big("01-gather"), d.item("03-item-before", "m12", "i3"))
}

func floorShots(d *drama) []shot {
	all := []shot{d.member("10-item", "m12"), d.big("10-item"), d.member("11-not-present", "m30"), d.member("12-guest", "guest")}
	d.speak()
	all = append(all, d.member("13-speaker", "m14"), d.member("14-queue", "m12"), d.member("15-next", "m07"), d.member("16-floor", "m09"),
		d.big("11-speaker"), d.item("17-opinion", "m12", "i3"))
	d.must(d.s.WriteOpinion(d.by("m12"), "i3", "Thống nhất dự thảo. Đề nghị ưu tiên vốn cho 12 trạm y tế xã vùng cao.\nNgoài ra, đề nghị làm rõ dự án số 14.", true))
	all = append(all, d.item("18-opinion-sent", "m12", "i3"))
	d.wait(2 * time.Minute)
	return append(all, d.member("19-floor-over", "m09"), d.big("12-speaker-over"))
}

func voteShots(sitting func() *drama) []shot {
	d := sitting().speak().vote("v1", 9)
	all := []shot{d.member("20-vote-open", "m12"), d.member("21-vote-substitute", "sub"), d.member("22-vote-guest", "guest"),
		d.member("23-vote-not-present", "m30"), d.big("20-vote")}
	d = sitting().vote("v1", 21)
	all = append(all, d.member("24-vote-recorded", "m12"), d.member("25-vote-against", "m08"), d.big("21-vote"))
	d = sitting().vote("v1", 28).count("v1")
	d.must(d.s.OpenVote(d.by("m01"), "v2", "i3", "Thông qua danh mục 41 dự án chậm tiến độ phải điều chuyển vốn sang các công trình cấp bách phòng, chống thiên tai trước mùa mưa lũ năm 2026", 0, ""))
	return append(all, d.member("26-vote-long", "m12"), d.big("22-vote-long"))
}

func resultShots(sitting func() *drama) []shot {
	d := sitting().vote("v1", 28).count("v1")
	all := []shot{d.member("30-result", "m12"), d.member("31-result-against", "m08"), d.member("32-result-absent", "m30"), d.big("30-result")}
	d = sitting().vote("v1", 14).count("v1")
	all = append(all, d.member("33-result-silent", "m20"), d.big("31-result-silent"))
	d.must(d.s.Annul(d.by("m01"), "v1", "Đọc nhầm nội dung dự thảo"))
	all = append(all, d.member("34-annulled", "m12"), d.big("32-annulled"), d.record("35-record-annulled", "m12"))
	d.must(d.s.Conclude(d.by("m01"), "i3", "Thống nhất thông qua. Giao Sở Tài chính hoàn chỉnh, trình ký trước ngày 30/6."))
	d.must(d.s.CloseItem(d.by("m01"), "i3"))
	all = append(all, d.member("36-between", "m12"), d.item("37-item-done", "m12", "i3"))
	d.must(d.s.OpenItem(d.by("m01"), "i5"))
	return append(all, d.member("38-camera", "m12"), d.member("39-camera-guest", "guest"), d.big("33-camera"))
}

func endShots(sitting func() *drama) []shot {
	d := sitting().vote("v1", 28).count("v1")
	d.must(d.s.BeginRecess(d.by("m01"), 15))
	d.wait(3 * time.Minute)
	all := []shot{d.member("40-recess", "m12"), d.big("40-recess")}
	d.must(d.s.EndRecess(d.by("m01")))
	d.vote("v2", 12).count("v2")
	d.must(d.s.CloseItem(d.by("m01"), "i3"))
	d.wait(time.Hour).must(d.s.Close(d.by("m01")))
	return append(all, d.member("41-closed", "m12"), d.member("42-closed-guest", "guest"), d.record("43-record", "m12"), d.big("41-closed"))
}

// largeShots are bodies of other sizes: a small one, a large one, one too large
// for the table.
func largeShots(t *testing.T) []shot {
	var all []shot
	for _, n := range []int{9, 60, 96} {
		d := newDrama(t).people(n).agenda().sit(n)
		d.vote("v1", n-5)
		all = append(all, d.big(fmt.Sprintf("50-vote-%d", n)), d.member(fmt.Sprintf("50-vote-%d", n), "m03"))
		d.count("v1")
		all = append(all, d.big(fmt.Sprintf("51-result-%d", n)), d.member(fmt.Sprintf("51-result-%d", n), "m03"))
	}
	return all
}
