package minutes

import (
	"fmt"
	"strings"
	"testing"

	"phonghop/meeting"
	"phonghop/rules"
)

// TestBallotsAreThreeToAPage draws ballots with the longest motion and title a
// session may have, and looks on every page for whole ballots.
func TestBallotsAreThreeToAPage(t *testing.T) {
	src := before(paperSource())
	src.Account.Header.Title = strings.Repeat("Phiên họp chuyên đề ", 14)
	for name, v := range map[string]FallbackVote{
		"blank": {}, "named": {Number: 12, Motion: strings.Repeat("Thông qua phương án ", 15), Named: true},
	} {
		all := pages(t, pdf(t, FallbackBallots(src, v)))
		if want := (22 + ballotsAPage - 1) / ballotsAPage; len(all) != want {
			t.Errorf("%s: %d pages, want %d", name, len(all), want)
		}
		total := 0
		for i, page := range all {
			n := strings.Count(page, "PHIẾU BIỂU QUYẾT")
			total += n
			if i < len(all)-1 && n != ballotsAPage || strings.Count(page, "Chữ ký") != n || strings.Count(page, "Không biểu quyết") != n {
				t.Errorf("%s, page %d: %d ballots, %d whole", name, i+1, n, strings.Count(page, "Chữ ký"))
			}
		}
		if total != 22 {
			t.Errorf("%s: %d ballots for 22 members", name, total)
		}
	}
}

func TestOnlyMembersGetABallot(t *testing.T) {
	text := FallbackBallots(before(paperSource()), FallbackVote{Named: true}).Text()
	for _, p := range paperSource().Account.People {
		if got := strings.Count(text, p.Name); got != 0 != p.Votes {
			t.Errorf("%s, votes %v, stands on %d ballots", p.Name, p.Votes, got)
		}
	}
	if strings.Count(text, "☐") != 3*22 {
		t.Errorf("%d boxes", strings.Count(text, "☐"))
	}
}

// TestGuideIsOnePage with the longest rule and name of a session.
func TestGuideIsOnePage(t *testing.T) {
	src := before(paperSource())
	src.Account.Header.Title = strings.Repeat("Phiên họp chuyên đề ", 14)
	for _, set := range rules.Sets() {
		src.Account.Rules = set
		if all := pages(t, pdf(t, FallbackGuide(src))); len(all) != 1 {
			t.Errorf("%s: %d pages", set.Name, len(all))
		}
	}
}

// TestPacketIsTheWholePacket finds each of its papers, each on its own page.
func TestPacketIsTheWholePacket(t *testing.T) {
	src := before(paperSource())
	src.Draft = true
	sh := FallbackPacket(src, FallbackVote{})
	if sh.Draft != "" {
		t.Error("what is printed to be used says it is a draft")
	}
	all := pages(t, pdf(t, sh))
	for _, title := range []string{"KHI HỆ THỐNG KHÔNG DÙNG ĐƯỢC", "DANH SÁCH KÝ CÓ MẶT", "BIÊN BẢN KIỂM PHIẾU"} {
		n := 0
		for _, page := range all {
			if strings.Contains(page, title) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s begins %d pages", title, n)
		}
	}
}

// TestRollHasRoomToSign measures the rows a hand signs in.
func TestRollHasRoomToSign(t *testing.T) {
	for name, sh := range map[string]Sheet{"blank list": RollList(before(paperSource())), "packet": FallbackRoll(before(paperSource()))} {
		rows := 0
		for _, b := range sh.Blocks {
			table, ok := b.(Table)
			if !ok {
				continue
			}
			for _, r := range table.Rows {
				if len(r.Cells) == 1 {
					continue
				}
				if rows++; r.Height < 9 || len(r.Cells[len(r.Cells)-1].Runs[0].Text) > 0 {
					t.Errorf("%s: %v", name, r)
				}
			}
		}
		if rows != len(paperSource().Account.People) {
			t.Errorf("%s: %d rows", name, rows)
		}
	}
	if text := RollList(paperSource()).Text(); strings.Contains(text, "Chữ ký |") || !strings.Contains(text, "Vắng mặt; lý do: đi công tác") {
		t.Error("once the session is open the list says who was here, not who has to sign")
	}
}

// TestGuestsReadOfTheirItemsOnly looks at the letters of everybody.
func TestGuestsReadOfTheirItemsOnly(t *testing.T) {
	src := before(paperSource())
	for _, p := range src.Account.People {
		text := Invitation(src, p.ID).Text()
		if !strings.Contains(text, p.Name) {
			t.Errorf("%s is not named", p.Name)
		}
		for _, it := range src.Account.Items {
			says := strings.Contains(text, it.Title)
			if want := !it.InCamera && (len(p.Items) == 0 || p.Items[0] == it.ID); says != want {
				t.Errorf("%s reads of item %d: %v, want %v", p.Name, it.Number, says, want)
			}
		}
	}
}

// TestNoticeTellsOfThisSession has a task taken over, one dropped, one of an
// in-camera item that nobody marked.
func TestNoticeTellsOfThisSession(t *testing.T) {
	src := paperSource()
	src.Account.Tasks = append(src.Account.Tasks,
		meeting.Task{ID: "x1", Text: "việc đã bỏ", State: meeting.TaskDropped}, meeting.Task{ID: "x2", Item: "i6", Text: "việc kín", State: meeting.TaskOpen})
	text := ConclusionNotice(src).Text()
	for _, no := range []string{"việc đã bỏ", "việc kín", "trụ sở xã Nậm Khoai", "Trình quyết định kỷ luật"} {
		if strings.Contains(text, no) {
			t.Errorf("the notice says %q", no)
		}
	}
	for _, yes := range []string{"Số: ……/TB-VP", "Rà soát danh mục thủ tục hành chính", "theo phía chủ tọa đã biểu quyết", "TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG\nHà Trung Kiên"} {
		if !strings.Contains(text, yes) {
			t.Errorf("the notice does not say %q", yes)
		}
	}
	src.Office = Office{Superior: "Ủy ban nhân dân tỉnh Trà Sơn", Body: "Sở Y tế", Notation: "SYT", PlaceName: "Mường Lai", ForChair: []string{"GIÁM ĐỐC"}, ChiefName: "Trần Quốc Bảo"}
	text = ConclusionNotice(src).Text()
	for _, yes := range []string{"ỦY BAN NHÂN DÂN TỈNH TRÀ SƠN\nSỞ Y TẾ\nSố: ……/TB-SYT", "Mường Lai, ngày", "GIÁM ĐỐC\nTrần Quốc Bảo"} {
		if !strings.Contains(text, yes) {
			t.Errorf("with an office of its own the notice does not say %q", yes)
		}
	}
}

// TestCountRecordCounts sets the numbers of every vote against its record.
func TestCountRecordCounts(t *testing.T) {
	src := paperSource()
	for _, v := range src.Account.Votes {
		text, r := CountRecord(src, v.ID).Text(), v.Result
		for _, line := range []string{
			fmt.Sprintf("| Tổng số thành viên | %d | 100,00%% |", r.All), fmt.Sprintf("| Tán thành | %d |", r.For), fmt.Sprintf("| Phiếu đã bỏ | %d |", r.For+r.Against+r.Abstain),
			fmt.Sprintf("| Có mặt khi kiểm phiếu | %d |", r.All-r.Absent), fmt.Sprintf("| Vắng mặt | %d |", r.Absent),
		} {
			if !strings.Contains(text, line) {
				t.Errorf("vote %d does not say %q", v.Number, line)
			}
		}
		if n := strings.Count(text, "| Tán thành |"); n != r.For+1 {
			t.Errorf("vote %d names %d members in favour, want %d", v.Number, n-1, r.For)
		}
		if (v.State == meeting.VoteAnnuled) == (strings.Contains(text, "thông qua.\n") && strings.Contains(text, "Kết luận: ")) {
			t.Errorf("vote %d: %s", v.Number, text)
		}
	}
	src.Account.Votes[0].State, src.Account.Votes[0].Ballots = meeting.VoteOpen, nil
	if text := CountRecord(src, "v1").Text(); strings.Contains(text, "Kết luận:") || !strings.Contains(text, "chưa kết thúc") {
		t.Error("an open vote is told as if it were over")
	}
	src.Account.Votes[0].State, src.Account.Votes[0].Result, src.Account.Votes[0].Reason = meeting.VoteAnnuled, rules.Result{}, "mất điện"
	if text := CountRecord(src, "v1").Text(); strings.Contains(text, "Tổng số thành viên |") || !strings.Contains(text, "lý do: mất điện") {
		t.Error("a vote annulled while it was open is told with numbers: " + text)
	}
	if text := CountRecord(src, "no such vote").Text(); !strings.Contains(text, "Chưa có cuộc biểu quyết nào kết thúc.") {
		t.Error(text)
	}
}
