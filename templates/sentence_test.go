package templates

import (
	"strings"
	"testing"
	"time"

	"phonghop/meeting"
)

// kinds are all kinds an entry may have.
func kinds() []meeting.Kind {
	return []meeting.Kind{
		meeting.SessionPrepared, meeting.SessionChanged, meeting.PersonSeated, meeting.PersonRemoved, meeting.ItemAdded,
		meeting.ItemChanged, meeting.ItemMoved, meeting.ItemDeferred, meeting.ItemRestored, meeting.PaperPlaced,
		meeting.PaperWithdrawn, meeting.AbsenceReported, meeting.AbsenceAnswered, meeting.MarkedPresent, meeting.MarkedAway,
		meeting.SessionOpened, meeting.ItemOpened, meeting.ItemClosed, meeting.ItemConcluded, meeting.FloorAsked,
		meeting.FloorWithdrawn, meeting.FloorGiven, meeting.FloorExtended, meeting.FloorYielded, meeting.OpinionWritten,
		meeting.VoteOpened, meeting.BallotCast, meeting.VoteClosed, meeting.VoteAnnulled, meeting.ChairHandedOver,
		meeting.RecessBegan, meeting.RecessEnded, meeting.RecordNoted, meeting.RecordCorrected, meeting.Undone,
		meeting.SessionClosed, meeting.RecordSealed, meeting.RoomFounded, meeting.RoomRenamed, meeting.PersonRegistered,
		meeting.SessionRoot, meeting.EpochBegan, meeting.DetailErased,
	}
}

// TestEveryKindHasASentence: full and bare lines of every kind, in both
// languages, come out as whole sentences.
func TestEveryKindHasASentence(t *testing.T) {
	full := meeting.Line{
		Seq: 12, Person: "p09", Name: "Ông Trần Quốc Bảo", Unit: "Sở Y tế", Item: "i3", ItemNo: 3, Title: "Vốn đầu tư công",
		Vote: 4, Text: "đi công tác", Count: 18, Total: 22, Agreed: true, Override: true, Refers: 7,
	}
	for _, kind := range kinds() {
		for _, lang := range []Lang{Vietnamese, English} {
			for _, l := range []meeting.Line{full, {Refers: -1, Text: "chữ"}} {
				l.Kind = kind
				s := Sentence(lang, l)
				if s == "" || strings.Contains(s, "‹") || strings.Contains(s, "%!") || strings.Contains(s, string(kind)) {
					t.Errorf("%s in %s: %q", kind, lang, s)
				}
			}
		}
	}
	if s := Sentence(Vietnamese, meeting.Line{Kind: "SomethingNewer"}); s == "" || strings.Contains(s, "‹") {
		t.Errorf("a kind of a newer room: %q", s)
	}
}

func TestSentences(t *testing.T) {
	name := "Ông Trần Quốc Bảo"
	for want, l := range map[string]meeting.Line{
		"Ông Trần Quốc Bảo có mặt (18/22 thành viên).":                                  {Kind: meeting.MarkedPresent, Name: name, Count: 18, Total: 22},
		"Chủ tọa mời ông Trần Quốc Bảo, Sở Y tế, phát biểu. Về: dự án 14.":              {Kind: meeting.FloorGiven, Name: name, Unit: "Sở Y tế", Text: "dự án 14"},
		"Ông Trần Quốc Bảo phát biểu xong, 2 phút 40 giây.":                             {Kind: meeting.FloorYielded, Name: name, Count: 160},
		"Chủ tọa đồng ý cho ông Trần Quốc Bảo vắng mặt.":                                {Kind: meeting.AbsenceAnswered, Name: name, Agreed: true},
		"Chủ tọa mở mục 3: Vốn đầu tư công.":                                            {Kind: meeting.ItemOpened, ItemNo: 3, Title: "Vốn đầu tư công"},
		"Chủ tọa mở mục 7.":                                                             {Kind: meeting.ItemOpened, ItemNo: 7},
		"Đóng biểu quyết số 4: tán thành 18/22, thông qua. Cần 12/22.":                  {Kind: meeting.VoteClosed, Vote: 4, Count: 18, Total: 22, Agreed: true, Text: "Cần 12/22."},
		"Đóng biểu quyết số 4: tán thành 8/22, không thông qua.":                        {Kind: meeting.VoteClosed, Vote: 4, Count: 8, Total: 22},
		"Thư ký nhập hộ phiếu của ông Trần Quốc Bảo, biểu quyết số 4. Lý do: máy hỏng.": {Kind: meeting.BallotCast, Name: name, Vote: 4, Text: "máy hỏng"},
		"Phiên họp giải lao 15 phút.":                                                   {Kind: meeting.RecessBegan, Count: 15},
		"Phiên họp tạm dừng.":                                                           {Kind: meeting.RecessBegan},
	} {
		if got := Sentence(Vietnamese, l); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestEnteredBallotNamesNoChoice: the record says that a ballot was entered,
// never how.
func TestEnteredBallotNamesNoChoice(t *testing.T) {
	l := meeting.Line{Kind: meeting.BallotCast, Name: "Ông A", Vote: 4, Choice: "against", Text: "máy hỏng"}
	for _, lang := range []Lang{Vietnamese, English} {
		s := strings.ToLower(Sentence(lang, l))
		for _, word := range []string{"tán thành", "against", "abstain"} {
			if strings.Contains(s, word) {
				t.Errorf("says the choice: %s", s)
			}
		}
	}
}

func TestSpeechesAndStays(t *testing.T) {
	p := newPlay(t)
	p.upToDiscussion()
	p.leave(2)
	v := p.view(meeting.SecretaryScreen)
	items, _ := chapters(v)
	speakers := items[2].speakers
	if len(speakers) != 2 || speakers[0].name != "Bà Trịnh Hải Yến" || speakers[1].name != "Ông Trần Quốc Bảo" {
		t.Fatalf("speakers of item 3: %+v", speakers)
	}
	if speakers[0].lasted < 9*time.Minute || speakers[1].lasted != 0 {
		t.Errorf("lengths: %v, %v", speakers[0].lasted, speakers[1].lasted)
	}
	all := stays(v)
	if n := len(came(all, votes)); n != 20 {
		t.Errorf("%d members came, want 20: whoever left early was here", n)
	}
	if n := len(missed(all)); n != 2 {
		t.Errorf("%d members missed it, want 2", n)
	}
}

// TestRecordKeepsBothReasons: a vote opened with too few members and annulled
// later has two reasons, and the record says which is which.
func TestRecordKeepsBothReasons(t *testing.T) {
	p := newPlay(t)
	p.upToDiscussion()
	p.leave(upTo(14)[5:]...)
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, "v2", itemNo(3), "Thông qua", 0, "thành viên đã ủy quyền")
	})
	p.do(chairID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Annul(a, "v2", "đọc chưa đúng")
	})
	html := drawn(t, RecordPage(p.page(Vietnamese), p.view(meeting.SecretaryScreen), Chain{}))
	for _, want := range []string{"theo quy định. Lý do: thành viên đã ủy quyền.", "Đã hủy. Lý do: đọc chưa đúng."} {
		if !strings.Contains(html, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
}
