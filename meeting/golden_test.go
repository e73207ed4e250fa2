package meeting

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The bytes of every kind are pinned: a log of today must fold in ten years.
// A change here is a change of the format; fields may only be added.
func TestGoldenBytes(t *testing.T) {
	r := everyKind(t)
	first := map[Kind]string{}
	for _, e := range r.log {
		if _, ok := first[e.Kind]; !ok {
			first[e.Kind] = fmt.Sprintf("%s %s %s hold=%v", e.Kind, e.Data, e.Body, e.Hold)
		}
	}
	for kind := range folds {
		if _, ok := first[kind]; !ok && kind != EpochBegan && kind != DetailErased {
			t.Errorf("no example of %s", kind)
		}
	}
	lines := make([]string, 0, len(first))
	for _, l := range first {
		lines = append(lines, l)
	}
	sort.Strings(lines)
	var got bytes.Buffer
	for _, l := range lines {
		fmt.Fprintln(&got, l)
	}
	const path = "testdata/kinds.golden"
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the bytes of an entry changed:\n%s", got.Bytes())
	}
}

// everyKind plays a session that records each kind at least once.
func everyKind(t *testing.T) *room {
	r := begin(t, 4)
	doing := func(by PersonID, verb func(Act) ([]Event, error)) { t.Helper(); r.do(by, verb) }
	h := r.s.Header()
	h.Place, h.Receipts = "Hội trường lớn", true
	doing("clerk", func(a Act) ([]Event, error) { return r.s.Change(a, h, r.s.Rules()) })
	doing("clerk", func(a Act) ([]Event, error) {
		return r.s.Seat(a, Person{ID: "guest", Salutation: "Bà", Name: "Nông Thị Hà", Title: "Phó Ban", Unit: "HĐND", Role: RoleGuest, Items: []ItemID{"i2"}})
	})
	doing("clerk", func(a Act) ([]Event, error) {
		return r.s.AddItem(a, "i3", NewItem{Title: "Nhân sự", InCamera: true})
	})
	doing("clerk", func(a Act) ([]Event, error) {
		return r.s.ChangeItem(a, "i1", NewItem{Title: "Khai mạc", Minutes: 10})
	})
	doing("clerk", func(a Act) ([]Event, error) { return r.s.MoveItem(a, "i3", "i2") })
	doing("clerk", func(a Act) ([]Event, error) {
		return r.s.PlacePaper(a, NewPaper{ID: "p1", Item: "i2", Name: "Tờ trình 118", Ref: "ab12", Size: 1200, Type: "application/pdf"})
	})
	doing("clerk", func(a Act) ([]Event, error) {
		return r.s.PlacePaper(a, NewPaper{ID: "p2", Item: "i2", Name: "Tờ trình 118", Ref: "cd34", Size: 1300, Type: "application/pdf", Replaces: "p1"})
	})
	for _, p := range []PaperID{"p1", "p2"} {
		doing("", func(a Act) ([]Event, error) {
			return r.s.DrawPages(a, Drawn{Paper: p, From: 1, Total: 2, Renderer: "pdfium", Images: []string{strings.Repeat("a", 64), ""}, W: []int{1240, 0}, H: []int{1754, 0}})
		})
	}
	doing("clerk", func(a Act) ([]Event, error) {
		return r.s.ChangePaper(a, "p2", PaperChange{Name: "Tờ trình số 118", Readers: ReadersNamed, People: []PersonID{"m01"}, Recall: true})
	})
	doing("clerk", func(a Act) ([]Event, error) { return r.s.MovePaper(a, "p2", "i1") })
	doing("clerk", func(a Act) ([]Event, error) { return r.s.MovePaper(a, "p2", "i2") })
	doing("m01", func(a Act) ([]Event, error) { return r.s.OpenPaper(a, "p2") })
	doing("clerk", func(a Act) ([]Event, error) { return r.s.ReportAbsence(a, "m03", "Đi công tác") })
	doing("m00", func(a Act) ([]Event, error) { return r.s.AnswerAbsence(a, "m03", true) })
	r.sit(4, 1)
	playEveryKind(t, r)
	return r
}

// playMinutes does what follows a sitting.
func playMinutes(r *room) {
	turn := r.s.turns[0].Seq
	pdf := Filed{Name: "bien-ban.pdf", Ref: strings.Repeat("c", 64), Type: "application/pdf", Size: 58_000}
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.Write(a, Place{Block: BlockSpeech, Turn: turn}, "Đề nghị làm rõ phụ lục 1.")
	})
	r.do("m01", func(a Act) ([]Event, error) {
		return r.s.ProposeWords(a, turn, "Đề nghị làm rõ phụ lục 1 và 2.")
	})
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.AcceptWords(a, turn) })
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.Write(a, Place{Block: BlockSpeech, Turn: turn}, "Đề nghị làm rõ hai phụ lục.")
	})
	r.do("m01", func(a Act) ([]Event, error) { return r.s.ConfirmWords(a, turn) })
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.SetTask(a, Task{ID: "t1", Item: "i2", Text: "Hoàn thiện phụ lục", Unit: "Sở Tài chính", Owner: "Ông Bảo", Due: "2026-06-30"})
	})
	r.do("", func(a Act) ([]Event, error) { return r.s.FileMinutes(a, 0, []Filed{pdf}) })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Lock(a) })
	r.do("m01", func(a Act) ([]Event, error) { return r.s.Unlock(a, "Sai tên một đơn vị") })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Lock(a) })
	r.do("", func(a Act) ([]Event, error) { return r.s.FileMinutes(a, 2, []Filed{pdf}) })
	r.do("m01", func(a Act) ([]Event, error) { return r.s.ConfirmMinutes(a, RoleChair, pdf.Ref) })
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.ReturnFile(a, Returned{Filed: pdf, Sort: ReturnedSigned, Signers: []string{"Nông Quang Hưng"}, Differences: 1, Reason: "Sửa lỗi chính tả"})
	})
}

func playEveryKind(t *testing.T, r *room) {
	t.Helper()
	r.do("m01", func(a Act) ([]Event, error) { return r.s.AskFloor(a, "về phụ lục 1", false) })
	r.do("m02", func(a Act) ([]Event, error) { return r.s.AskFloor(a, "", true) })
	r.do("m02", func(a Act) ([]Event, error) { return r.s.WithdrawAsk(a, "m02") })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.GiveFloor(a, "m01", 0) })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Extend(a, 60) })
	r.do("m01", func(a Act) ([]Event, error) { return r.s.Yield(a, "m01") })
	r.do("m02", func(a Act) ([]Event, error) { return r.s.WriteOpinion(a, "i2", "Đồng ý", true) })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Note(a, "i2", "Sở Tài chính trình bày") })
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.Correct(a, int64(len(r.log)-1), "Sở Xây dựng trình bày")
	})
	r.openVote("v1")
	r.cast(1, 1, "for")
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.CastFor(a, "v1", "m02", "against", "Máy hết pin") })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.CloseVote(a, "v1", true) })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Annul(a, "v1", "Nhầm văn bản") })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Conclude(a, "i2", "Giao Sở Tài chính") })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.HandOver(a, "m01") })
	r.do("m01", func(a Act) ([]Event, error) { return r.s.BeginRecess(a, 15) })
	r.do("m01", func(a Act) ([]Event, error) { return r.s.EndRecess(a) })
	r.do("m01", func(a Act) ([]Event, error) { return r.s.MarkAway(a, "m02", "Có việc") })
	r.do("m01", func(a Act) ([]Event, error) { return r.s.Undo(a, int64(len(r.log)-1)) })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Defer(a, "i3", "Chưa đủ hồ sơ") })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Restore(a, "i3") })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.WithdrawPaper(a, "p2", "Thay bản khác") })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Unseat(a, "guest") })
	r.do("m01", func(a Act) ([]Event, error) { return r.s.CloseItem(a, "i2") })
	r.do("m01", func(a Act) ([]Event, error) { return r.s.Close(a) })
	playMinutes(r)
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.SealRecord(a) })
	if r.now.IsZero() || r.s.Phase() != Sealed || r.now.Before(time.Unix(0, 0)) {
		t.Fatal("the session did not end")
	}
}
