package inbox

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

// TestMain runs the tests, or, where a test started this binary again as an
// inbox to be watched or killed, that inbox.
func TestMain(m *testing.M) {
	if dir := os.Getenv("INBOX_TO_WATCH"); dir != "" {
		uploadWatched(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

const clerk = meeting.PersonID("clerk")

// house is a data folder with a room and an inbox at work in it.
type house struct {
	*Inbox
	t    testing.TB
	dir  string
	room *room.Room
	docs *documents.Store
	c    Config
	j    *journal.Journal
}

func enter(t testing.TB, dir string, adjust func(*Config)) *house {
	t.Helper()
	h := &house{t: t, dir: dir}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	key, err := journal.OpenKey(dir)
	must(err)
	h.j, err = journal.Open(context.Background(), journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key})
	must(err)
	h.room, err = room.Open(context.Background(), room.Config{Journal: h.j, Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	must(err)
	if h.room.State().Session.Phase() == meeting.Nothing {
		h.prepare()
	}
	h.docs, err = documents.Open(filepath.Join(dir, "documents"))
	must(err)
	h.c = Config{
		Dir: filepath.Join(dir, "inbox"), Room: h.room, Documents: h.docs, Now: time.Now, Most: 64 << 20,
		Log:   slog.New(slog.NewTextHandler(io.Discard, nil)),
		Quiet: Quiet{Complete: 40 * time.Millisecond, Any: 150 * time.Millisecond, Rescan: 400 * time.Millisecond, Retry: 300 * time.Millisecond},
	}
	if adjust != nil {
		adjust(&h.c)
	}
	h.Inbox, err = Open(context.Background(), h.c)
	must(err)
	if t, ok := t.(*testing.T); ok {
		t.Cleanup(h.leave)
	}
	return h
}

func (h *house) leave() {
	if h.j == nil {
		return
	}
	h.Close()
	h.room.Close()
	h.j.Close()
	h.j = nil
}

// again closes and opens: what is there then is what the disk has.
func (h *house) again() *house {
	h.t.Helper()
	h.leave()
	return enter(h.t, h.dir, nil)
}

func (h *house) prepare() {
	h.t.Helper()
	if _, err := h.room.DoRoom(context.Background(), "found", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return r.Found("Phòng họp số 1", "Phòng họp số 1", h.j.PublicKey())
	}); err != nil {
		h.t.Fatal(err)
	}
	set, _ := rules.Named("ubnd-2015")
	head := meeting.Header{
		Number: 47, Term: "2021–2026", Kind: "regular", Body: "Ủy ban nhân dân tỉnh Trà Sơn",
		Place: "Phòng họp số 1", Starts: time.Date(2026, 6, 26, 1, 0, 0, 0, time.UTC),
	}
	if _, err := h.room.Prepare(context.Background(), "", clerk,
		func(last *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
			return meeting.Prepare(a, id, head, set, last.ID(), meeting.Person{ID: clerk, Name: "Lã Kim Dung"})
		}); err != nil {
		h.t.Fatal(err)
	}
	for i := range 3 {
		p := meeting.Person{ID: meeting.PersonID(fmt.Sprint("m", i)), Name: fmt.Sprintf("Thành viên %d", i+1), Role: meeting.RoleMember, Votes: true, Order: i + 1}
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		h.do(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
	}
	for i, title := range []string{"Khai mạc", "Báo cáo kinh tế – xã hội", "Giải ngân vốn đầu tư công"} {
		h.addItem(meeting.ItemID(fmt.Sprint("i", i+1)), title)
	}
}

func (h *house) addItem(id meeting.ItemID, title string) {
	h.t.Helper()
	h.do(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, id, meeting.NewItem{Title: title})
	})
}

func (h *house) do(verb room.Verb) {
	h.t.Helper()
	h.as(clerk, verb)
}

func (h *house) as(by meeting.PersonID, verb room.Verb) {
	h.t.Helper()
	if _, err := h.room.Do(context.Background(), room.Command{By: by, Saw: -1, Verb: verb}); err != nil {
		h.t.Fatal(err)
	}
}

// open opens the session with everybody here.
func (h *house) open() {
	h.t.Helper()
	all := []meeting.PersonID{"m0", "m1", "m2"}
	h.do(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkAll(a, all) })
	h.as("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
}

func (h *house) end() {
	h.t.Helper()
	h.as("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
}

// drop writes a file as a careful program does: in place, at once.
func (h *house) drop(path string, data []byte) string {
	h.t.Helper()
	full := filepath.Join(h.Folder(), path)
	if err := os.WriteFile(full, data, 0o644); err != nil {
		h.t.Fatal(err)
	}
	return full
}

func (h *house) papers(item meeting.ItemID) []meeting.PaperView {
	for _, it := range h.room.State().Session.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Agenda {
		if it.ID == item {
			return it.Papers
		}
	}
	return nil
}

// until waits for a state of the room, woken by it, not by a clock.
func (h *house) until(what string, is func() bool) {
	h.t.Helper()
	late := time.After(3 * time.Minute) // against a hang; a slow machine with -race takes its time
	for {
		s := h.room.State()
		if is() {
			return
		}
		select {
		case <-s.Superseded():
		case <-late:
			h.t.Fatalf("never came: %s; %d papers; arrivals %+v", what, len(h.papers("i3")), s.Arrivals[:min(5, len(s.Arrivals))])
		}
	}
}

func (h *house) line(file string) (meeting.Arrival, bool) {
	for _, a := range h.room.State().Arrivals {
		if a.File == file {
			return a, true
		}
	}
	return meeting.Arrival{}, false
}

// waits waits until a file's line has come to a state.
func (h *house) waits(file string, state meeting.ArrivalState, trouble meeting.Trouble) meeting.Arrival {
	h.t.Helper()
	h.until(fmt.Sprintf("%s %s %s", file, state, trouble), func() bool {
		a, ok := h.line(file)
		return ok && a.State == state && a.Trouble == trouble
	})
	a, _ := h.line(file)
	return a
}

func (h *house) paper(item meeting.ItemID, name string) meeting.PaperView {
	h.t.Helper()
	var out meeting.PaperView
	h.until("paper "+name, func() bool {
		i := slices.IndexFunc(h.papers(item), func(p meeting.PaperView) bool { return p.Name == name })
		if i >= 0 {
			out = h.papers(item)[i]
		}
		return i >= 0
	})
	return out
}

const item3 = "03 Giải ngân vốn đầu tư công"

// pdf is a small PDF whose text differs from another's.
func pdf(text string) []byte {
	return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n% " + text + "\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n")
}

// needed finds a program of this machine; on the build's own it must be there.
func needed(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") != "" {
		t.Fatalf("%s is missing", name)
	}
	if err != nil {
		t.Skipf("%s is missing", name)
	}
	return path
}

func run(t testing.TB, dir, name string, args ...string) {
	t.Helper()
	c := exec.Command(needed(t, name), args...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

type entry struct {
	name  string
	data  []byte
	raw   bool // the name's encoding is not stated
	flags uint16
}

func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate, NonUTF8: e.raw, Flags: e.flags})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
