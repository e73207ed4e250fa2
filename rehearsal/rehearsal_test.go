package rehearsal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

// patience guards against a hang, and times nothing.
const patience = 2 * time.Minute

const (
	secret = "Nhân sự chủ chốt"
	clerk  = meeting.PersonID("clerk")
)

// house is a room with a session that sits: chair m0, members m1 to m4, a guest, an
// item in camera and one that is not.
type house struct {
	t       *testing.T
	dir     string
	journal *journal.Journal
	room    *room.Room
	stage   *Stage
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir()}
	key, err := journal.OpenKey(h.dir)
	h.check(err)
	h.journal, err = journal.Open(t.Context(), journal.Config{Path: filepath.Join(h.dir, "journal.db"), Key: key})
	h.check(err)
	t.Cleanup(func() { h.journal.Close() })
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	h.room, err = room.Open(t.Context(), room.Config{Journal: h.journal, Now: time.Now, Log: log})
	h.check(err)
	t.Cleanup(func() { h.room.Close() })
	_, err = h.room.DoRoom(t.Context(), "", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return r.Found("Phòng A2", "a2", h.journal.PublicKey())
	})
	h.check(err)
	h.stage = New(Config{Dir: h.dir, Room: h.room, Now: time.Now, Log: log})
	return h
}

func (h *house) prepare() *house {
	h.t.Helper()
	set, _ := rules.Named("ubnd-2015")
	header := meeting.Header{Number: 47, Kind: "regular", Body: "UBND tỉnh Trà Sơn", Starts: time.Now(), Receipts: true}
	_, err := h.room.Prepare(h.t.Context(), "", clerk, func(_ *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return meeting.Prepare(a, id, header, set, "", meeting.Person{ID: clerk, Name: "Lã Kim Dung", Role: meeting.RoleSecretary})
	})
	h.check(err)
	for i := range 5 {
		p := meeting.Person{ID: member(i), Name: fmt.Sprintf("Thành viên %d", i), Role: meeting.RoleMember, Votes: true, Seat: fmt.Sprintf("T%d", i+1)}
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
	}
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, "i1", meeting.NewItem{Title: secret, InCamera: true})
	})
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, "i2", meeting.NewItem{Title: "Vốn đầu tư công"})
	})
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Seat(a, meeting.Person{ID: "guest", Name: "Khách", Role: meeting.RoleGuest, Items: []meeting.ItemID{"i2"}})
	})
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.MarkAll(a, []meeting.PersonID{"m0", "m1", "m2", "m3"})
	})
	return h
}

func (h *house) sit() *house {
	h.t.Helper()
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, "i2") })
	return h
}

func (h *house) openVote() {
	h.t.Helper()
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, "v1", "i2", "Thông qua", 0, "")
	})
}

func member(i int) meeting.PersonID { return meeting.PersonID(fmt.Sprintf("m%d", i)) }

func (h *house) do(by meeting.PersonID, verb room.Verb) {
	h.t.Helper()
	_, err := h.room.Do(context.Background(), room.Command{By: by, Saw: -1, Verb: verb})
	h.check(err)
}

func (h *house) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) begin(ghosts int) *Run {
	h.t.Helper()
	r, err := h.stage.Begin(h.t.Context(), ghosts, false)
	h.check(err)
	h.t.Cleanup(func() { r.Close() })
	return r
}

// files are those of rehearsals in the data folder.
func (h *house) files() (names []string) {
	h.t.Helper()
	list, err := os.ReadDir(h.dir)
	h.check(err)
	for _, f := range list {
		if strings.HasPrefix(f.Name(), "rehearsal") {
			names = append(names, f.Name())
		}
	}
	return names
}

// ended waits for the end and says why.
func ended(t *testing.T, r *Run) error {
	t.Helper()
	select {
	case <-r.Ending():
	case <-time.After(patience):
		t.Fatal("it never ended")
	}
	return r.Why()
}

func TestACopyIsHeldAndNothingOfItStays(t *testing.T) {
	h := newHouse(t).prepare().sit()
	before := h.journal.Logs()
	r := h.begin(7)
	s := r.Room.State().Session
	v := s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen})
	if v.Phase != meeting.Sitting || v.Quorum.Total != 7 || v.Quorum.Present != 7 || !v.Quorum.Met {
		t.Errorf("phase %v, quorum %+v", v.Phase, v.Quorum)
	}
	if v.Chair.ID != "m0" || len(v.Agenda) != 2 || v.Agenda[1].Title != "Vốn đầu tư công" || v.Agenda[v.Current].ID != r.Item() || v.Agenda[1].ID == "i2" {
		t.Errorf("chair %q, agenda %+v", v.Chair.ID, v.Agenda)
	}
	if p := r.journal.Prefix(); p != "phonghop-rehearsal" || r.journal.Room() == h.journal.Room() {
		t.Errorf("origin %s/%s", p, r.journal.Room())
	}
	h.check(r.do(t.Context(), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, "trial", r.Item(), "Thử", 0, "")
	}))
	if len(h.files()) < 2 {
		t.Errorf("files %v", h.files())
	}
	h.check(r.Close())
	if r.Why() != Stopping || h.stage.Running() != nil || h.files() != nil {
		t.Errorf("after the end: %v, %v, files %v", r.Why(), h.stage.Running(), h.files())
	}
	if after := h.journal.Logs(); !reflect.DeepEqual(after, before) {
		t.Errorf("the room's logs were %v and are %v", before, after)
	}
	h.begin(1) // and there may be another
}

// What is in camera is nowhere in the files of a rehearsal, and neither is its key.
func TestNothingPrivateIsCopied(t *testing.T) {
	h := newHouse(t).prepare()
	h.do("m1", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.WriteOpinion(a, "i2", "Ý kiến riêng", false)
	})
	h.begin(3)
	for _, name := range h.files() {
		raw, err := os.ReadFile(filepath.Join(h.dir, name))
		h.check(err)
		for _, word := range []string{secret, "Ý kiến riêng", "PRIVATE+KEY"} {
			if bytes.Contains(raw, []byte(word)) {
				t.Errorf("%s holds %q", name, word)
			}
		}
	}
}

func TestARoomWithoutASession(t *testing.T) {
	h := newHouse(t)
	r := h.begin(2)
	if v := r.Room.State().Session.SeenBy(meeting.Audience{Screen: meeting.HallScreen}); v.Phase != meeting.Sitting || v.Quorum.Present != 2 {
		t.Errorf("%v, %+v", v.Phase, v.Quorum)
	}
}

func TestWhenThereIsNone(t *testing.T) {
	h := newHouse(t).prepare().sit()
	refused := func(ghosts int, want Refusal) {
		t.Helper()
		if r, err := h.stage.Begin(t.Context(), ghosts, false); !errors.Is(err, want) {
			t.Errorf("%d ghosts: %v, %v; want %v", ghosts, r, err, want)
		}
		if h.stage.Running() == nil && h.files() != nil {
			t.Errorf("files of a refused one: %v", h.files())
		}
	}
	refused(0, BadNumber)
	refused(GhostsMost+1, BadNumber)
	h.stage.free = func(string) (uint64, error) { return spare - 1, nil }
	refused(5, DiskFull)
	h.stage.free = func(string) (uint64, error) { return spare, nil }
	r := h.begin(5)
	refused(5, AlreadyOn)
	h.check(r.Close())
	h.openVote()
	refused(5, VoteOpen)
}

func TestTwoThousandIsTheLimit(t *testing.T) {
	h := newHouse(t).prepare()
	r := h.begin(GhostsMost)
	if n := r.Room.State().Session.SeenBy(meeting.Audience{Screen: meeting.HallScreen}).Quorum.Present; n != GhostsMost || len(r.Ghosts) != GhostsMost {
		t.Errorf("%d present, %d cards", n, len(r.Ghosts))
	}
}

func TestWhatEndsIt(t *testing.T) {
	for name, tt := range map[string]struct {
		so   func(*house, *Run)
		want Refusal
	}{
		"a real vote": {func(h *house, _ *Run) { h.openVote() }, VoteOpen},
		"its chair": {func(h *house, r *Run) {
			h.check(r.do(h.t.Context(), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) }))
		}, ChairClosed},
		"somebody": {func(_ *house, r *Run) { r.End(Asked) }, Asked},
		"nobody":   {func(*house, *Run) {}, Idle},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t).prepare().sit()
			if tt.want == Idle {
				h.stage.idle = 10 * time.Millisecond
			}
			r := h.begin(3)
			tt.so(h, r)
			if why := ended(t, r); !errors.Is(why, tt.want) {
				t.Errorf("ended by %v", why)
			}
			h.check(r.Close())
			if h.files() != nil {
				t.Errorf("files %v", h.files())
			}
		})
	}
}

func TestItEndsWhenTheSessionOpens(t *testing.T) {
	h := newHouse(t).prepare()
	r := h.begin(3)
	h.sit()
	if why := ended(t, r); !errors.Is(why, Opened) {
		t.Errorf("ended by %v", why)
	}
}

func TestALonelyOneEndsWithItsGhosts(t *testing.T) {
	h := newHouse(t).prepare()
	h.stage.lonely = 10 * time.Millisecond
	r, err := h.stage.Begin(t.Context(), 3, true)
	h.check(err)
	t.Cleanup(func() { r.Close() })
	if why := ended(t, r); !errors.Is(why, Idle) {
		t.Errorf("ended by %v", why)
	}
}

func TestJoining(t *testing.T) {
	h := newHouse(t).prepare().sit()
	r := h.begin(3)
	for _, who := range []meeting.PersonID{"m0", "m2", "guest", clerk} {
		if _, err := r.Join(t.Context(), who); err != nil {
			t.Fatalf("%s: %v", who, err)
		}
	}
	if _, err := r.Join(t.Context(), "nobody"); !errors.Is(err, NotInCopy) {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := r.JoinAs(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := r.Room.State().Session
	if q := s.SeenBy(meeting.Audience{Screen: meeting.HallScreen}).Quorum; q.Total != 6 || q.Present != 6 { // 3 ghosts, the chair, m2, one more
		t.Errorf("quorum %+v", q)
	}
	if s.ScreenOf("m0") != meeting.ChairScreen || s.ScreenOf(clerk) != meeting.SecretaryScreen || s.May("guest", meeting.ToVote) {
		t.Error("somebody is not who they are in the session")
	}
	if p, _ := s.Person("guest"); len(p.Items) != 1 || p.Items[0] != r.Item() {
		t.Errorf("the guest attends %v", p.Items)
	}
	if joined := r.Joined(); len(joined) != 5 || joined[0].ID != "m0" {
		t.Errorf("joined: %v", joined)
	}
	h.check(r.do(t.Context(), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, "trial", r.Item(), "Thử", 0, "")
	}))
	if _, err := r.Join(t.Context(), "m1"); !errors.Is(err, TrialOpen) {
		t.Errorf("during a trial vote: %v", err)
	}
	if _, err := r.Join(t.Context(), "m2"); err != nil {
		t.Errorf("somebody who had joined, again: %v", err)
	}
}

// What kill -9 leaves goes at the next start.
func TestASweep(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"rehearsal.db", "rehearsal.db-wal", "rehearsal-access.db-shm", "journal.db"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Sweep(dir); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 1 || list[0].Name() != "journal.db" {
		t.Errorf("%v %v", list, err)
	}
	if err := Sweep(filepath.Join(dir, "none")); err != nil {
		t.Error(err)
	}
}
