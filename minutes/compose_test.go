package minutes

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"phonghop/meeting"
	"phonghop/rules"
)

// largeSource is a council of 500, 40 items, 60 votes.
func largeSource() Source {
	src := sampleSource()
	a := &src.Account
	few := a.People
	a.People = nil
	for i := range 500 {
		p := few[i%22]
		p.ID, p.Name = meeting.PersonID(fmt.Sprint("m", i)), fmt.Sprintf("%s %d", p.Name, i)
		a.People = append(a.People, p)
	}
	items := a.Items
	a.Items, a.Votes = nil, nil
	for i := range 40 {
		it := items[[]int{0, 1, 2, 4, 8}[i%5]]
		it.ID, it.Number, it.Votes = meeting.ItemID(fmt.Sprint("i", i)), i+1, nil
		a.Items = append(a.Items, it)
	}
	for n := range 60 {
		it := &a.Items[n%40]
		v := sampleVote(a.People, n+1, *it, "Thông qua nội dung trình", strings.Repeat("+++-+o+sx+", 50), at(9, 0))
		a.Votes = append(a.Votes, v)
		it.Votes = append(it.Votes, v.ID)
	}
	return src
}

func TestLargeCouncilsGoToTheAnnex(t *testing.T) {
	text := Minutes(largeSource()).Text()
	for _, want := range []string{"danh sách tại Phụ lục 1", "| 500 |", "Tán thành (300):", "tán thành 300/500 (60,00%)", "Biểu quyết lần 60"} {
		if !strings.Contains(text, want) {
			t.Errorf("nowhere: %s", want)
		}
	}
	if strings.Contains(text, "- Ông Nông Quang Hưng 0") {
		t.Error("the body lists 500 names")
	}
}

// TestWithheldWordsStayWithheld: a copy without the words of an in-camera item
// says so, and says nothing else of it.
func TestWithheldWordsStayWithheld(t *testing.T) {
	src := sampleSource()
	it := &src.Account.Items[5]
	it.Title, it.Presenter, it.Presented, it.DeferredReason = "bí mật1", "bí mật2", "bí mật3", "bí mật4"
	it.Papers = []meeting.PaperView{{Name: "bí mật5"}}
	it.Opinions = []meeting.OpinionView{{Name: "Ông A", Text: "bí mật6"}}
	it.Digest, it.Other, it.Conclusion = "bí mật8", "bí mật9", "bí mật10"
	it.Turns = []meeting.Turn{{Summary: "bí mật11", Topic: "bí mật12"}}
	src.Account.Notes = []meeting.Noted{{Item: it.ID, Text: "bí mật13"}}
	src.Account.Votes[5].Motion = "bí mật7"
	for _, state := range []meeting.ItemState{meeting.ItemDone, meeting.ItemPutOff, meeting.ItemOpen} {
		it.State = state
		text := Minutes(src).Text()
		if strings.Contains(text, "bí mật") || !strings.Contains(text, "Nội dung 6: (nội dung họp kín)") {
			t.Errorf("%s: a withheld text is told", state)
		}
	}
}

func TestNumberOfTheMinutes(t *testing.T) {
	for given, want := range map[string]string{
		"": "Số: ……/BB-UBND", "7": "Số: 07/BB-UBND", "112": "Số: 112/BB-UBND", "15/BB-VP": "Số: 15/BB-VP", "Số: 15/BB-VP": "Số: 15/BB-VP",
	} {
		m := composer{a: meeting.Account{Number: given, Header: meeting.Header{Body: "Ủy ban nhân dân tỉnh Trà Sơn"}}}
		if got := m.number(); got != want {
			t.Errorf("%q: %s, want %s", given, got, want)
		}
	}
}

// TestMinutesOfAnything composes whatever state a session may be in: every
// annulled reason, missing time and empty list draws, and every vote on record
// stands in the text exactly once as a heading.
func TestMinutesOfAnything(t *testing.T) {
	states := []meeting.ItemState{meeting.ItemPending, meeting.ItemOpen, meeting.ItemDone, meeting.ItemPutOff, ""}
	rapid.Check(t, func(t *rapid.T) {
		src := sampleSource()
		a := &src.Account
		for i := range a.Items {
			a.Items[i].State = rapid.SampledFrom(states).Draw(t, "state")
			a.Items[i].Withheld = rapid.Bool().Draw(t, "withheld")
			if rapid.Bool().Draw(t, "untimed") {
				a.Items[i].Closed = time.Time{}
			}
		}
		for i := range a.Votes {
			a.Votes[i].State = rapid.SampledFrom([]meeting.VoteState{meeting.VoteOpen, meeting.VoteDone, meeting.VoteAnnuled}).Draw(t, "vote")
		}
		a.People = a.People[:rapid.IntRange(0, len(a.People)).Draw(t, "people")]
		a.Ended = rapid.SampledFrom([]time.Time{{}, at(11, 20)}).Draw(t, "ended")
		a.Closing = rapid.String().Draw(t, "closing")
		sh := Minutes(src)
		text := sh.Text()
		for _, v := range a.Votes {
			if n := strings.Count(text, fmt.Sprintf("Biểu quyết lần %d:", v.Number)); n != 1 {
				t.Fatalf("vote %d stands %d times", v.Number, n)
			}
		}
		drawsWell(t, sh)
	})
	drawsWell(t, Minutes(Source{}))
}

// TestAnyTextOfTheSecretary puts any text into every block the secretary writes.
func TestAnyTextOfTheSecretary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostileTexts())).Draw(t, "text")
		src := sampleSource()
		a := &src.Account
		a.Opening, a.Closing, a.Recipients, a.Number = s, s, s, s
		it := &a.Items[2]
		it.Title, it.Presented, it.Digest, it.Other, it.Conclusion, it.Turns[0].Summary = s, s, s, s, s, s
		a.People[3].Name, a.Notes[0].Text, a.Votes[0].Motion, a.Tasks[0].Text = s, s, s, s
		drawsWell(t, Minutes(src))
	})
}

func TestLongConclusionIsWhole(t *testing.T) {
	src := sampleSource()
	src.Account.Items[0].Conclusion = strings.TrimSpace(strings.Repeat("chữ ", 4999)) + " cuối"
	got := strings.Join(pages(t, pdf(t, Minutes(src))), " ")
	if n := strings.Count(got, "chữ"); n < 4999 || !strings.Contains(got, "cuối") {
		t.Errorf("%d of 4999 words", n)
	}
}

// TestResultWords are the sentences of every outcome.
func TestResultWords(t *testing.T) {
	c := rules.Count{All: 22, For: 18, Against: 1, Absent: 3}
	if got, want := countLine(c), "tán thành 18/22 (81,82%); không tán thành 1; không biểu quyết 0; có mặt nhưng không bỏ phiếu 0; vắng mặt 3"; got != want {
		t.Errorf("%s", got)
	}
}

func BenchmarkLargeSession(b *testing.B) {
	for b.Loop() {
		sh := Minutes(largeSource())
		docx(b, sh)
		pdf(b, sh)
	}
}

func BenchmarkDOCXOf21Pages(b *testing.B) {
	sh := Minutes(sampleSource())
	for i := range 120 {
		sh.Blocks = append(sh.Blocks, Body(strings.Repeat(fmt.Sprintf("Câu thứ %d của một đoạn văn dài. ", i), 9)))
	}
	for b.Loop() {
		if err := sh.WriteDOCX(&bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
}
