package press

import (
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
	"phonghop/search"
)

// house is a real room with a press in it that draws with the fake.
type house struct {
	*shop
	j    *journal.Journal
	room *room.Room
}

const (
	clerk = meeting.PersonID("clerk")
	chair = meeting.PersonID("m01")
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// furnished is a session of three members and three items, without a press.
func furnished(t *testing.T) *house {
	t.Helper()
	h := &house{shop: shut(t)}
	h.enter()
	_, err := h.room.DoRoom(t.Context(), "found", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return r.Found("Phòng họp số 1", "Phòng họp số 1", h.j.PublicKey())
	})
	if err != nil {
		t.Fatal(err)
	}
	h.prepare(47)
	return h
}

func (h *house) prepare(number int) {
	h.t.Helper()
	set, _ := rules.Named("ubnd-2015")
	head := meeting.Header{
		Number: number, Term: "2021–2026", Kind: "regular", Body: "Ủy ban nhân dân tỉnh Trà Sơn",
		Place: "Phòng họp số 1", Starts: time.Date(2026, 6, 26, 1, 0, 0, 0, time.UTC),
	}
	_, err := h.room.Prepare(h.t.Context(), "", clerk, func(last *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return meeting.Prepare(a, id, head, set, last.ID(), meeting.Person{ID: clerk, Name: "Lã Kim Dung"})
	})
	if err != nil {
		h.t.Fatal(err)
	}
	for i, id := range []meeting.PersonID{chair, "m02", "m03"} {
		p := meeting.Person{ID: id, Name: "Thành viên " + string(id), Role: meeting.RoleMember, Votes: true, Order: i + 1}
		if id == chair {
			p.Role = meeting.RoleChair
		}
		h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
	}
	for _, item := range []meeting.ItemID{"i1", "i2", "i3"} {
		h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.AddItem(a, item, meeting.NewItem{Title: "Nội dung " + string(item)})
		})
	}
}

func (h *house) enter() {
	h.t.Helper()
	key, err := journal.OpenKey(h.dir)
	if err != nil {
		h.t.Fatal(err)
	}
	if h.j, err = journal.Open(h.t.Context(), journal.Config{Path: filepath.Join(h.dir, "journal.db"), Key: key}); err != nil {
		h.t.Fatal(err)
	}
	if h.room, err = room.Open(h.t.Context(), room.Config{Journal: h.j, Now: time.Now, Log: quiet()}); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(h.leave)
}

func (h *house) leave() {
	h.close()
	if h.room == nil {
		return
	}
	if err := errors.Join(h.room.Close(), h.j.Close()); err != nil {
		h.t.Error(err)
	}
	h.room = nil
}

func (h *house) open() {
	h.t.Helper()
	h.index = search.New(filepath.Join(h.dir, "search.db"))
	h.Press = start(Config{Documents: h.docs, Pages: h.drawer, Search: h.index, Log: quiet()}, &roomLedger{room: h.room}, hasty())
}

func (h *house) do(by meeting.PersonID, verb room.Verb) {
	h.t.Helper()
	if _, err := h.room.Do(h.t.Context(), room.Command{By: by, Saw: -1, Verb: verb}); err != nil {
		h.t.Fatalf("%s: %v", by, err)
	}
}

// place puts a paper of so many pages on an item.
func (h *house) place(item meeting.ItemID, name string, n int) documents.Ref {
	h.t.Helper()
	ref := h.paper(name, n, arriving)
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.PlacePaper(a, meeting.NewPaper{ID: meeting.PaperID(name), Item: item, Name: name, Ref: string(ref), Size: 9, Type: "application/pdf"})
	})
	return ref
}

// drawings is the record's own account of a paper.
func (h *house) drawings(id meeting.PaperID) meeting.Pages {
	h.t.Helper()
	list := h.room.State().Session.Drawings()
	i := slices.IndexFunc(list, func(p meeting.Pages) bool { return p.ID == id })
	if i < 0 {
		h.t.Fatalf("no paper %s", id)
	}
	return list[i]
}

func TestTheRoomRecordsWhatIsDrawn(t *testing.T) {
	h := furnished(t)
	h.place("i3", "third", 1)
	h.place("i2", "second", 1)
	first := h.place("i1", "first", 450)
	h.alter(first, func(fp *fakePaper) { fp.bad = map[int]bool{7: true} })
	hold := h.gate("third/1")
	h.open()
	h.until("two are recorded", func() bool {
		return h.drawings("first").Pages == 450 && h.drawings("second").Pages == 1
	})
	d := h.drawings("first")
	im, err := h.Page(t.Context(), first, "", 450)
	if err != nil || d.Total != 450 || len(d.Images) != 450 || d.Images[449] != string(im.Ref) || d.W[449] != 100 || d.Images[6] != "" {
		t.Errorf("%d of %d recorded, %v", len(d.Images), d.Total, err)
	}
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.MarkAll(a, []meeting.PersonID{chair, "m02", "m03"})
	})
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
	hold()
	h.until("recorded after closing", func() bool { return h.drawings("third").Pages == 1 })

	before := len(h.drawer.list())
	h.leave()
	h.enter()
	h.open()
	h.prepare(48)
	h.place("i1", "new", 2)
	h.until("the next session's", func() bool { return h.drawings("new").Pages == 2 })
	if got := h.drawer.list()[before:]; !slices.Equal(got, []string{"new/1", "new/2"}) {
		t.Errorf("drawn after the restart: %q", got)
	}
	if again, err := h.Page(t.Context(), first, "", 450); err != nil || again.Ref != im.Ref {
		t.Errorf("another image after the restart: %v, %v", again, err)
	}
}

func TestTheOpenItemComesFirst(t *testing.T) {
	h := furnished(t)
	h.place("i1", "first", 1)
	h.place("i3", "third", 1)
	h.place("i2", "second", 1)
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.MarkAll(a, []meeting.PersonID{chair, "m02", "m03"})
	})
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, "i2") })
	h.open()
	h.until("all are drawn", func() bool { return len(h.drawer.list()) == 3 })
	if got := h.drawer.list(); !slices.Equal(got, []string{"second/1", "third/1", "first/1"}) {
		t.Errorf("drawn in the order %q", got)
	}
}
