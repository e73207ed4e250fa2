package meeting

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"phonghop/rules"
)

// room drives a session as the product does: a verb decides, what it returns is
// encoded and folded.
type room struct {
	t   testing.TB
	s   *Session
	log []Entry
	now time.Time
}

func begin(t testing.TB, members int) *room {
	r := &room{t: t, s: NewSession(), now: time.Date(2026, 6, 24, 1, 0, 0, 0, time.UTC)}
	set, _ := rules.Named("ubnd-2015")
	h := Header{Number: 47, Term: "2021–2026", Kind: "regular", Body: "UBND tỉnh Trà Sơn", Place: "Phòng A2", Starts: r.now}
	r.must(Prepare(r.act("clerk"), "s47", h, set, "", Person{ID: "clerk", Name: "Lã Kim Dung", Role: RoleSecretary}))
	for i := range members {
		p := Person{ID: member(i), Name: fmt.Sprintf("Thành viên %d", i), Role: RoleMember, Votes: true, Seat: fmt.Sprintf("%02d", i+1), Order: i + 1}
		if i == 0 {
			p.Role = RoleChair
		}
		r.do("clerk", func(a Act) ([]Event, error) { return r.s.Seat(a, p) })
	}
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.AddItem(a, "i1", NewItem{Title: "Khai mạc", Minutes: 5}) })
	r.do("clerk", func(a Act) ([]Event, error) {
		return r.s.AddItem(a, "i2", NewItem{Title: "Vốn đầu tư công", Minutes: 20})
	})
	return r
}

func member(i int) PersonID { return PersonID(fmt.Sprintf("m%02d", i)) }

func (r *room) act(by PersonID) Act { return Act{By: by, At: r.now, Saw: r.s.Stage()} }

func (r *room) must(events []Event, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	r.record("", events)
}

func (r *room) record(by PersonID, events []Event) {
	r.t.Helper()
	r.s = r.s.Fork()
	for _, e := range events {
		raw, err := json.Marshal(e.Data)
		if err != nil {
			r.t.Fatal(err)
		}
		entry := Entry{Seq: int64(len(r.log)), ID: e.ID, Kind: e.Kind, At: r.now, By: by, Refs: e.Refs, Data: raw, Hold: e.Hold, Code: "K7Q2"}
		if e.Detail != nil {
			entry.Body, _ = json.Marshal(e.Detail)
			entry.Detail = "00"
		}
		if !r.s.Apply(entry) {
			r.t.Fatalf("kind %s is not known", e.Kind)
		}
		r.log = append(r.log, entry)
	}
	r.now = r.now.Add(time.Second)
}

func (r *room) do(by PersonID, verb func(Act) ([]Event, error)) {
	r.t.Helper()
	events, err := verb(r.act(by))
	if err != nil {
		r.t.Fatalf("%s: %v", by, err)
	}
	r.record(by, events)
}

func (r *room) refuse(want error, by PersonID, verb func(Act) ([]Event, error)) {
	r.t.Helper()
	if events, err := verb(r.act(by)); !errors.Is(err, want) {
		r.t.Fatalf("%s: got %v and %d events, want %v", by, err, len(events), want)
	}
}

// sit opens the session with everybody here but the last away members, and
// turns to item 2.
func (r *room) sit(members, away int) {
	r.t.Helper()
	for i := range members - away {
		r.do(member(i), func(a Act) ([]Event, error) { return r.s.MarkPresent(a, member(i)) })
	}
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Open(a, "") })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.OpenItem(a, "i2") })
}

func (r *room) cast(i, n int, c rules.Choice) {
	r.t.Helper()
	r.do(member(i), func(a Act) ([]Event, error) { return r.s.Cast(a, "v1", n, c) })
}

func (r *room) openVote(id VoteID) {
	r.t.Helper()
	r.do("m00", func(a Act) ([]Event, error) { return r.s.OpenVote(a, id, "i2", "Thông qua Nghị quyết", 0, "") })
}

func TestVote(t *testing.T) {
	r := begin(t, 22)
	r.sit(22, 2)
	r.openVote("v1")
	for i := range 18 {
		r.cast(i, 1, rules.For)
	}
	r.cast(18, 1, rules.Against)
	open := r.s.SeenBy(Audience{Screen: ChairScreen})
	if open.Vote.Cast != 19 || open.Vote.Present != 20 || len(open.Vote.Missing) != 1 || open.Vote.Result.For != 0 || open.Vote.Ballots != nil {
		t.Fatalf("open vote shows %+v", open.Vote)
	}
	r.refuse(Unvoted, "m00", func(a Act) ([]Event, error) { return r.s.CloseVote(a, "v1", false) })
	r.refuse(NotPresent, "m21", func(a Act) ([]Event, error) { return r.s.Cast(a, "v1", 1, rules.For) })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.CloseVote(a, "v1", true) })
	done := r.s.SeenBy(Audience{Screen: HallScreen}).Votes[0]
	want := rules.Count{All: 22, For: 18, Against: 1, Silent: 1, Absent: 2}
	if done.Result.Count != want || done.Result.Outcome != rules.Passed {
		t.Fatalf("result %+v", done.Result)
	}
	if done.Sentence != "Cần 12/22 (quá nửa tổng số thành viên), đạt 18." {
		t.Fatal(done.Sentence)
	}
	r.refuse(VoteEnded, "m19", func(a Act) ([]Event, error) { return r.s.Cast(a, "v1", 1, rules.For) })
}

// A tap on For whose answer was lost is repeated after the member has changed
// to Against: the late For neither wins nor is it an error.
func TestLateTap(t *testing.T) {
	r := begin(t, 5)
	r.sit(5, 0)
	r.openVote("v1")
	r.cast(1, 1, rules.For)
	r.cast(1, 2, rules.Against)
	before := len(r.log)
	r.cast(1, 1, rules.For)
	if b, _ := r.s.BallotOf("m01", "v1"); len(r.log) != before || b.Choice != rules.Against || b.N != 2 {
		t.Fatalf("late tap: %d entries more, stands %+v", len(r.log)-before, b)
	}
	r.cast(1, 3, rules.Against) // the same choice again is an entry all the same
	if len(r.log) != before+1 {
		t.Fatal("a higher n is always an entry")
	}
	r.do("m00", func(a Act) ([]Event, error) { return r.s.CloseVote(a, "v1", true) })
	r.cast(1, 3, rules.For) // old, also after closing
	r.refuse(VoteEnded, "m01", func(a Act) ([]Event, error) { return r.s.Cast(a, "v1", 4, rules.For) })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Annul(a, "v1", "Sai nội dung") })
	r.refuse(VoteVoid, "m01", func(a Act) ([]Event, error) { return r.s.Cast(a, "v1", 3, rules.For) })
}

func TestSecondPress(t *testing.T) {
	r := begin(t, 5)
	r.sit(5, 0)
	saw := r.s.Stage()
	r.openVote("v1")
	for id, verb := range map[string]func(Act) ([]Event, error){
		"open":  func(a Act) ([]Event, error) { return r.s.OpenVote(a, "v2", "i2", "Lần nữa", 0, "") },
		"close": func(a Act) ([]Event, error) { return r.s.CloseVote(a, "v1", true) },
		"item":  func(a Act) ([]Event, error) { return r.s.OpenItem(a, "i1") },
	} {
		if _, err := verb(Act{By: "m00", At: r.now, Saw: saw}); !errors.Is(err, Stale) {
			t.Errorf("%s drawn before the vote opened: %v", id, err)
		}
	}
}

func TestUndo(t *testing.T) {
	r := begin(t, 5)
	r.sit(5, 0)
	r.do("m00", func(a Act) ([]Event, error) { return r.s.OpenItem(a, "i1") }) // closes i2, opens i1
	closed, opened := int64(len(r.log)-2), int64(len(r.log)-1)
	r.refuse(UndoRested, "m00", func(a Act) ([]Event, error) { return r.s.Undo(a, closed) })
	r.refuse(UndoOthers, "clerk", func(a Act) ([]Event, error) { return r.s.Undo(a, opened) })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Undo(a, opened) })
	if v := r.s.SeenBy(Audience{Screen: ChairScreen}); v.Current != -1 || v.Agenda[0].State != ItemPending {
		t.Fatalf("after undo: %+v", v.Agenda)
	}
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Undo(a, closed) })
	if v := r.s.SeenBy(Audience{Screen: ChairScreen}); v.Current != 1 {
		t.Fatalf("after second undo: %+v", v.Agenda)
	}
	r.openVote("v1")
	r.cast(1, 1, rules.For)
	r.refuse(UndoNever, "m01", func(a Act) ([]Event, error) { return r.s.Undo(a, int64(len(r.log)-1)) })
}

func TestInCamera(t *testing.T) {
	r := begin(t, 5)
	secret := "Nhân sự Giám đốc Sở"
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.AddItem(a, "i3", NewItem{Title: secret, InCamera: true}) })
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.Seat(a, Person{ID: "g", Name: "Khách", Role: RoleGuest}) })
	r.sit(5, 0)
	r.do("m00", func(a Act) ([]Event, error) { return r.s.OpenItem(a, "i3") })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.OpenVote(a, "v1", "i3", secret, 0, "") })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.CloseVote(a, "v1", true) })
	for _, e := range r.log {
		if bytesHave(e.Data, secret) {
			t.Errorf("%s holds the title in its data: %s", e.Kind, e.Data)
		}
	}
	for a, knows := range map[Audience]bool{{Screen: HallScreen}: false, {Screen: MemberScreen}: true, {MemberScreen, "g"}: false} {
		seen, _ := json.Marshal(r.s.SeenBy(a))
		if bytesHave(seen, secret) != knows {
			t.Errorf("audience %v knows it: %v", a, !knows)
		}
	}
	bare := NewSession()
	for _, e := range r.log {
		e.Body = nil
		bare.Apply(e)
	}
	if got, want := bare.SeenBy(Audience{}).Votes[0].Result, r.s.SeenBy(Audience{}).Votes[0].Result; got != want {
		t.Errorf("without bodies the count is %v, want %v", got, want)
	}
}

func bytesHave(b []byte, s string) bool {
	quoted, _ := json.Marshal(s)
	return json.Valid(b) && len(quoted) > 2 && bytes.Contains(b, quoted[1:len(quoted)-1])
}

// A new plan of the seats is taken as a whole: two people may swap places, and
// a clash leaves everybody where they were.
func TestSeatAll(t *testing.T) {
	r := begin(t, 4)
	one, _ := r.s.Person("m01")
	two, _ := r.s.Person("m02")
	one.Seat, two.Seat = two.Seat, one.Seat
	before := len(r.log)
	same, _ := r.s.Person("m03")
	r.do("clerk", func(a Act) ([]Event, error) { return r.s.SeatAll(a, []Person{one, two, same}) })
	if got, _ := r.s.Person("m01"); got.Seat != "03" || len(r.log) != before+2 {
		t.Fatalf("seat %s, %d entries", got.Seat, len(r.log)-before)
	}
	same.Seat = "03"
	r.refuse(SeatTaken, "clerk", func(a Act) ([]Event, error) { return r.s.SeatAll(a, []Person{same}) })
	same.Seat, same.Role = "09", RoleChair
	r.refuse(SecondChair, "clerk", func(a Act) ([]Event, error) { return r.s.SeatAll(a, []Person{same}) })
	r.refuse(NotAllowed, "m01", func(a Act) ([]Event, error) { return r.s.SeatAll(a, nil) })
}

// A room without a session shows an empty one.
func TestNothingYet(t *testing.T) {
	s := NewSession()
	for _, a := range screens {
		if v := s.SeenBy(a); v.Phase != Nothing || v.Quorum != (QuorumView{}) || v.Current != -1 {
			t.Errorf("%v sees %+v", a, v)
		}
	}
	if _, err := s.Open(Act{By: "clerk"}, ""); !errors.Is(err, NoSession) {
		t.Errorf("opened: %v", err)
	}
}

// The chair who opens the session is here, and counts towards the quorum.
func TestTheChairWhoOpensIsHere(t *testing.T) {
	r := begin(t, 3)
	r.do("m01", func(a Act) ([]Event, error) { return r.s.MarkPresent(a, "m01") })
	r.refuse(NotQuorate, "clerk", func(a Act) ([]Event, error) { return r.s.Open(a, "") })
	r.do("m00", func(a Act) ([]Event, error) { return r.s.Open(a, "") })
	v := r.s.SeenBy(Audience{Screen: ChairScreen})
	if v.Phase != Sitting || v.Quorum.Present != 2 || v.Record[len(v.Record)-1].Override {
		t.Fatalf("%s, %+v", v.Phase, v.Quorum)
	}
}
