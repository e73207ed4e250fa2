package room

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"go.uber.org/goleak"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/rules"
)

// TestMain runs the tests, or, where a test started this binary again as a
// voting room to be killed, that room.
func TestMain(m *testing.M) {
	if dir := os.Getenv("ROOM_TO_KILL"); dir != "" {
		voteUntilKilled(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// tester is what testing.T, testing.B and rapid.T have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// house is a data folder with a room at work in it.
type house struct {
	*Room
	t   tester
	dir string
	j   *journal.Journal
	now func() time.Time
}

const (
	clerk = meeting.PersonID("clerk")
	chair = meeting.PersonID("m01")
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// openJournal opens it as the program does, and folds it meanwhile.
func openJournal(dir string) (*journal.Journal, *Reading, error) {
	key, err := journal.OpenKey(dir)
	if err != nil {
		return nil, nil, err
	}
	reading := Read()
	defer reading.End()
	j, err := journal.Open(context.Background(), journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key, Follow: reading.Take})
	return j, reading, err
}

// enter opens the room of a data folder.
func enter(t tester, dir string, now func() time.Time) *house {
	t.Helper()
	h := enterUnstarted(t, dir, now)
	if err := h.load(context.Background()); err != nil {
		t.Fatal(err)
	}
	go h.run()
	return h
}

// enterUnstarted leaves starting to the test, which puts a fault in first.
func enterUnstarted(t tester, dir string, now func() time.Time) *house {
	t.Helper()
	j, reading, err := openJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	return &house{Room: unstarted(Config{Journal: j, Now: now, Log: quiet(), Reading: reading}), t: t, dir: dir, j: j, now: now}
}

// leave closes the room and its journal.
func (h *house) leave() {
	h.t.Helper()
	if err := h.Close(); err != nil {
		h.t.Fatal(err)
	}
	if err := h.j.Close(); err != nil {
		h.t.Fatal(err)
	}
}

// again closes and opens: what is there then is what the disk has.
func (h *house) again() *house {
	h.t.Helper()
	h.leave()
	return enter(h.t, h.dir, h.now)
}

// do carries out a verb that must be accepted.
func (h *house) do(by meeting.PersonID, verb Verb) Answer {
	h.t.Helper()
	a, err := h.try(by, verb)
	if err != nil {
		h.t.Fatalf("%s: %v", by, err)
	}
	return a
}

func (h *house) try(by meeting.PersonID, verb Verb) (Answer, error) {
	return h.Do(context.Background(), Command{By: by, Saw: -1, Verb: verb})
}

func (h *house) found() {
	h.t.Helper()
	_, err := h.DoRoom(context.Background(), "found", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return r.Found("Phòng họp số 1", "Phòng họp số 1", h.j.PublicKey())
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func header(number int) meeting.Header {
	return meeting.Header{
		Number: number, Term: "2021–2026", Kind: "regular", Body: "Ủy ban nhân dân tỉnh Trà Sơn",
		Place: "Phòng họp số 1", Starts: time.Date(2026, 6, 26, 1, 0, 0, 0, time.UTC),
	}
}

// prepare brings session number into the room, with so many members (m01
// chairs) and two items.
func (h *house) prepare(number, members int) {
	h.t.Helper()
	set, _ := rules.Named("ubnd-2015")
	_, err := h.Prepare(context.Background(), "", clerk,
		func(last *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
			return meeting.Prepare(a, id, header(number), set, last.ID(), meeting.Person{ID: clerk, Name: "Lã Kim Dung"})
		})
	if err != nil {
		h.t.Fatal(err)
	}
	for i := range members {
		p := meeting.Person{ID: member(i), Name: fmt.Sprintf("Thành viên %d", i+1), Role: meeting.RoleMember, Votes: true, Order: i + 1}
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
	}
	for _, item := range []meeting.ItemID{"i1", "i2"} {
		h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.AddItem(a, item, meeting.NewItem{Title: "Nội dung " + string(item)})
		})
	}
}

func member(i int) meeting.PersonID { return meeting.PersonID(fmt.Sprintf("m%02d", i+1)) }

func members(n int) []meeting.PersonID {
	out := make([]meeting.PersonID, n)
	for i := range out {
		out[i] = member(i)
	}
	return out
}

// voting is a founded room with a vote open and so many members present.
func voting(t tester, dir string, n int) *house {
	t.Helper()
	h := enter(t, dir, time.Now)
	h.openVote(n)
	return h
}

func (h *house) openVote(n int) {
	h.t.Helper()
	h.found()
	h.prepare(47, n)
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkAll(a, members(n)) })
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, "i1") })
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, "v1", "i1", "Thông qua dự thảo Nghị quyết", 0, "")
	})
}

func cast(n int, c rules.Choice) Verb {
	return func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, "v1", n, c) }
}

func closeVote(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
	return s.CloseVote(a, "v1", true)
}

// entries reads the session's log from disk.
func (h *house) entries() []meeting.Entry {
	h.t.Helper()
	var out []meeting.Entry
	for rec, err := range h.j.Records(context.Background(), string(h.State().Session.ID()), 0) {
		if err != nil {
			h.t.Fatal(err)
		}
		out = append(out, EntryOf(rec))
	}
	return out
}

// seen is everything anybody may see of a session.
func seen(s *meeting.Session) map[string]any {
	out := map[string]any{}
	for _, screen := range []meeting.Screen{meeting.MemberScreen, meeting.ChairScreen, meeting.SecretaryScreen, meeting.HallScreen} {
		out[string(screen)] = s.SeenBy(meeting.Audience{Screen: screen})
	}
	for _, seat := range s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Roll {
		mine, _ := s.Mine(seat.ID)
		out["own "+string(seat.ID)] = mine
	}
	return out
}

// sameAs fails where two sessions show anybody anything different.
func sameAs(t tester, what string, got, want *meeting.Session) {
	t.Helper()
	g, w := seen(got), seen(want)
	for name := range w {
		if !reflect.DeepEqual(g[name], w[name]) {
			t.Fatalf("%s: %s sees\n%+v\nwant\n%+v", what, name, g[name], w[name])
		}
	}
	if len(g) != len(w) || got.Size() != want.Size() || got.Stage() != want.Stage() {
		t.Fatalf("%s: sizes differ: %d entries, stage %d; want %d, %d", what, got.Size(), got.Stage(), want.Size(), want.Stage())
	}
}

// counted is the result of the vote as everybody sees it.
func (h *house) counted() rules.Result {
	h.t.Helper()
	votes := h.State().Session.SeenBy(meeting.Audience{Screen: meeting.HallScreen}).Votes
	if len(votes) == 0 || votes[0].State != meeting.VoteDone {
		h.t.Fatal("the vote is not closed")
	}
	return votes[0].Result
}

func decode(t tester, e meeting.Entry, into any) {
	t.Helper()
	if err := json.Unmarshal(e.Data, into); err != nil {
		t.Fatalf("entry %d: %v", e.Seq, err)
	}
}
