package meeting

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func ref(c string) string { return strings.Repeat(c, 64) }

// A wrong mark set right before the opening was no presence.
func TestMarkedAwayBeforeTheOpening(t *testing.T) {
	r := begin(t, 4)
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.MarkPresent(a, "m03") })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.MarkAway(a, "m03", "") })
	r.sit(4, 1)
	for _, p := range r.s.Account().People {
		if p.ID == "m03" && (p.WasPresent || !p.Left.IsZero()) {
			t.Errorf("%s: was present %v, left %v", p.ID, p.WasPresent, p.Left)
		}
	}
}

// closedWith is a closed session with an in-camera item, locked and filed.
func closedWith(t *testing.T) *room {
	r := begin(t, 4)
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.AddItem(a, "i3", NewItem{Title: "Nhân sự kín", InCamera: true})
	})
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Seat(a, Person{ID: "guest", Name: "Khách", Role: RoleGuest}) })
	r.sit(4, 0)
	r.do("m00", func(a Act) ([]Event, error) { return r.s.OpenItem(a, "i3") })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Close(a) })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Lock(a) })
	r.do("", func(a Act) ([]Event, error) {
		return r.s.FileMinutes(a, 1, []Filed{{"bien-ban.pdf", ref("a"), "application/pdf", 9}, {"bien-ban.docx", ref("b"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", 9}})
	})
	return r
}

// The filed minutes tell of the in-camera item: hall and guests get no way to them.
func TestFiledMinutesOfAnInCameraItem(t *testing.T) {
	r := closedWith(t)
	for _, a := range []Audience{{Screen: HallScreen}, {MemberScreen, "guest"}, {}} {
		if raw, _ := json.Marshal(r.s.SeenBy(a)); strings.Contains(string(raw), ref("a")) {
			t.Errorf("%v sees the filed minutes", a)
		}
	}
}

func TestConfirmOnlyThePDF(t *testing.T) {
	r := closedWith(t)
	r.refuse(NotFiled, "m00", func(a Act) ([]Event, error) { return r.s.ConfirmMinutes(a, RoleChair, ref("b")) })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.ConfirmMinutes(a, RoleChair, ref("a")) })
}

// The name of a file that came back is free text.
func TestReturnedNameIsDetail(t *testing.T) {
	r := closedWith(t)
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.ReturnFile(a, Returned{Filed: Filed{"bien ban nhan su kin.pdf", ref("c"), "application/pdf", 9}, Sort: ReturnedScan})
	})
	if e := r.log[len(r.log)-1]; strings.Contains(string(e.Data), "nhan su kin") {
		t.Errorf("in the data: %s", e.Data)
	}
}

// A lock that was lifted again before its files were drawn is not filed late.
func TestFilingALiftedLock(t *testing.T) {
	r := closedWith(t)
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Unlock(a, "Sai họ tên") })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Lock(a) })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Unlock(a, "Sai chức vụ") })
	if events, _ := r.s.FileMinutes(r.act(""), 2, []Filed{{"bien-ban.pdf", ref("d"), "application/pdf", 9}}); len(events) > 0 {
		t.Error("filed what was no longer locked")
	}
}

// A View points nowhere into the session.
func TestMinutesStateIsACopy(t *testing.T) {
	r := closedWith(t)
	v := r.s.SeenBy(Audience{Screen: SecretaryScreen})
	v.Minutes.Filed[0].Files[0].Ref = "spoilt"
	a := r.s.Account()
	a.Minutes.Filed[0].At = time.Time{}
	if f := r.s.SeenBy(Audience{Screen: SecretaryScreen}).Minutes.Filed[0]; f.Files[0].Ref == "spoilt" || f.At.IsZero() {
		t.Error("changing a View changed the session")
	}
}

// Nobody without a place in the session sees papers or tasks.
func TestStrangerSeesNothing(t *testing.T) {
	r := begin(t, 3)
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.PlacePaper(a, NewPaper{ID: "p1", Item: "i2", Name: "Tờ trình", Ref: ref("e"), Size: 1, Type: "application/pdf"})
	})
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.SetTask(a, Task{ID: "t1", Text: "Việc phải làm"}) })
	raw, _ := json.Marshal(r.s.SeenBy(r.s.AudienceOf("stranger")))
	if strings.Contains(string(raw), "Tờ trình") || strings.Contains(string(raw), "Việc phải làm") {
		t.Error("a stranger sees papers or tasks")
	}
}

// An undo of giving the floor is blocked once its words are written.
func TestUndoOfAWrittenSpeech(t *testing.T) {
	r := begin(t, 4)
	r.sit(4, 0)
	r.do("m00", func(a Act) ([]Event, error) { return r.s.GiveFloor(a, "m01", 0) })
	given := int64(len(r.log) - 1)
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.Write(a, Place{Block: BlockSpeech, Turn: given}, "Đề nghị bổ sung vốn")
	})
	r.refuse(UndoRested, "m00", func(a Act) ([]Event, error) { return r.s.Undo(a, given) })
}

func TestUndoneFloorIsNoTurn(t *testing.T) {
	r := begin(t, 4)
	r.sit(4, 0)
	r.do("m00", func(a Act) ([]Event, error) { return r.s.GiveFloor(a, "m01", 0) })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Undo(a, int64(len(r.log)-1)) })
	if turns := r.s.SeenBy(Audience{Screen: ChairScreen}).Turns; len(turns) != 0 {
		t.Errorf("%+v", turns)
	}
	r.refuse(NoSuchTurn, "clerk", func(a Act) ([]Event, error) {
		return r.s.Write(a, Place{Block: BlockSpeech, Turn: int64(len(r.log) - 2)}, "x")
	})
}

// Pages drawn between an act and its undo stay drawn.
func TestUndoKeepsPages(t *testing.T) {
	r := begin(t, 4)
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.PlacePaper(a, NewPaper{ID: "p1", Item: "i1", Name: "Tờ trình", Ref: ref("e"), Size: 1, Type: "application/pdf"})
	})
	r.sit(4, 0)
	r.do("m00", func(a Act) ([]Event, error) { return r.s.OpenItem(a, "i1") })
	at := int64(len(r.log) - 1)
	r.do("", func(a Act) ([]Event, error) {
		return r.s.DrawPages(a, Drawn{Paper: "p1", From: 1, Total: 1, Renderer: "x", Images: []string{ref("f")}, W: []int{10}, H: []int{10}})
	})
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Undo(a, at) })
	if p, err := r.s.PagesOf("m01", "p1"); err != nil || p.PaperView.Pages != 1 {
		t.Errorf("%+v %v", p, err)
	}
}

// A held task keeps to those who knew its item, wherever it is put.
func TestHeldTaskMoved(t *testing.T) {
	r := begin(t, 3)
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.AddItem(a, "i3", NewItem{Title: "Nhân sự", InCamera: true})
	})
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.Seat(a, Person{ID: "guest", Name: "Khách", Role: RoleGuest, Items: []ItemID{"i2"}})
	})
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.SetTask(a, Task{ID: "t1", Item: "i3", Text: "Điều động"})
	})
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.SetTask(a, Task{ID: "t1", Item: "i2", Text: "Điều động"})
	})
	if raw, _ := json.Marshal(r.s.SeenBy(Audience{MemberScreen, "guest"})); strings.Contains(string(raw), "Điều động") {
		t.Error("a guest sees a held task")
	}
}

// Inserting pages marks those alone.
func TestChangedPages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "n")
		at, more := rapid.IntRange(0, n).Draw(rt, "at"), rapid.IntRange(0, 5).Draw(rt, "more")
		old := drawingOf(n, func(i int) string { return "p" + string(rune('0'+i)) })
		now := drawingOf(n+more, func(i int) string {
			switch {
			case i < at:
				return "p" + string(rune('0'+i))
			case i < at+more:
				return "new" + string(rune('0'+i))
			}
			return "p" + string(rune('0'+i-more))
		})
		got := changedPages(old, now)
		if len(got) != more {
			rt.Fatalf("%d inserted at %d: %v", more, at, got)
		}
		for i, page := range got {
			if page != at+1+i {
				rt.Fatalf("%d inserted at %d: %v", more, at, got)
			}
		}
	})
}

func drawingOf(n int, image func(int) string) *drawing {
	w := &drawing{renderer: "x", total: n, pages: n}
	for i := range n {
		w.images = append(w.images, image(i))
	}
	return w
}

// After closing, only what belongs to the minutes is accepted.
func TestAfterClosing(t *testing.T) {
	allowed := map[Kind]bool{MinutesWritten: true, ItemConcluded: true, RecordCorrected: true, WordsConfirmed: true, WordsProposed: true,
		MinutesLocked: true, MinutesUnlocked: true, MinutesFiled: true, MinutesConfirmed: true, FileReturned: true, TaskChanged: true,
		PagesDrawn: true, RecordSealed: true}
	rapid.Check(t, func(rt *rapid.T) {
		r := begin(rt0{t, rt}, 6)
		r.sit(6, 1)
		r.do("m00", func(a Act) ([]Event, error) { return r.s.GiveFloor(a, "m01", 0) })
		r.do("m00", func(a Act) ([]Event, error) { return r.s.Close(a) })
		from := len(r.log)
		h := history{r: r, rt: rt}
		for range 30 {
			h.press()
		}
		for _, e := range r.log[from:] {
			if !allowed[e.Kind] {
				rt.Fatalf("%s after closing", e.Kind)
			}
		}
	})
}

type rt0 struct {
	testing.TB
	rt *rapid.T
}
