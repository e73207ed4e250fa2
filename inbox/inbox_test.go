package inbox

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/room"
)

func TestADroppedFileIsAPaperOfItsItem(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	full := h.drop(item3+"/118-TTr_To trinh.pdf", pdf("một"))
	before, err := os.Stat(full)
	if err != nil {
		t.Fatal(err)
	}
	p := h.paper("i3", "118-TTr To trinh")
	if p.Type != typePDF || p.Size != int64(len(pdf("một"))) || h.docs.Check(documents.Ref(p.Ref)) != nil {
		t.Fatalf("%+v", p)
	}
	after, err := os.Stat(full)
	if err != nil || looksOf(after) != looksOf(before) {
		t.Fatal("the dropped file was touched")
	}
}

func TestWhatIsAPaperStaysOneOverRestartsAndMoves(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.drop(item3+"/a.pdf", pdf("một"))
	h.paper("i3", "a")
	h = h.again()
	if err := os.Rename(filepath.Join(h.Folder(), item3, "a.pdf"), filepath.Join(h.Folder(), item3, "b.pdf")); err != nil {
		t.Fatal(err)
	}
	h.drop(item3+"/c.pdf", pdf("hai"))
	h.paper("i3", "c")
	if n := len(h.papers("i3")); n != 2 {
		t.Fatalf("%d papers", n)
	}
	h.leave()
	if err := os.Remove(h.memory.path); err != nil { // what the inbox remembers is lost
		t.Fatal(err)
	}
	h = enter(t, h.dir, nil)
	h.drop(item3+"/d.pdf", pdf("ba"))
	h.paper("i3", "d")
	if n := len(h.papers("i3")); n != 3 {
		t.Fatalf("%d papers after the memory was lost", n)
	}
}

func TestAWithdrawnPaperDoesNotComeBack(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.drop(item3+"/a.pdf", pdf("một"))
	p := h.paper("i3", "a")
	h.do(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.WithdrawPaper(a, p.ID, "nhầm")
	})
	h = h.again()
	h.drop(item3+"/b.pdf", pdf("hai"))
	h.paper("i3", "b")
	if n := len(h.papers("i3")); n != 1 {
		t.Fatalf("%d papers stand", n)
	}
}

func TestDuringTheSessionAPaperWaits(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.open()
	h.drop(item3+"/a.pdf", pdf("một"))
	a := h.waits("a.pdf", meeting.ArrivalWaiting, "")
	if a.ItemNo != 3 || a.Item != "i3" || a.Name != "a" || a.Ref == "" || len(h.papers("i3")) != 0 {
		t.Fatalf("%+v", a)
	}
	if err := h.Hold(a.ID); err != nil {
		t.Fatal(err)
	}
	h.waits("a.pdf", meeting.ArrivalHeld, "")
	h = h.again()
	a = h.waits("a.pdf", meeting.ArrivalHeld, "")
	err := h.Publish(t.Context(), room.Command{By: clerk, Saw: -1}, a.ID, Choice{Name: "Tờ trình"})
	if err != nil {
		t.Fatal(err)
	}
	h.paper("i3", "Tờ trình")
	h.until("an empty list", func() bool { return len(h.room.State().Arrivals) == 0 })
	if err := h.Publish(t.Context(), room.Command{By: clerk, Saw: -1}, a.ID, Choice{}); !errors.Is(err, ErrNoArrival) {
		t.Fatalf("a second tap: %v", err)
	}
}

func TestAReplacementWaitsAlsoBeforeTheOpening(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.drop(item3+"/118 Tờ trình.pdf", pdf("một"))
	old := h.paper("i3", "118 Tờ trình")
	h.drop(item3+"/118 Tờ trình.pdf", pdf("hai, dài hơn"))
	a := h.waits("118 Tờ trình.pdf", meeting.ArrivalWaiting, "")
	if a.Replaces != old.ID || a.Version != 2 {
		t.Fatalf("%+v", a)
	}
	if err := h.Publish(t.Context(), room.Command{By: clerk, Saw: -1}, a.ID, Choice{}); err != nil {
		t.Fatal(err)
	}
	if p := h.paper("i3", "118 Tờ trình"); p.Version != 2 || p.Ref == old.Ref {
		t.Fatalf("%+v", p)
	}
}

func TestPublishingNeedsTheRight(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.open()
	h.drop(item3+"/a.pdf", pdf("một"))
	a := h.waits("a.pdf", meeting.ArrivalWaiting, "")
	if err := h.Publish(t.Context(), room.Command{By: "m1", Saw: -1}, a.ID, Choice{}); !errors.Is(err, meeting.NotAllowed) {
		t.Fatal(err)
	}
}

func TestDismissedIsRememberedAndTheFileStays(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.open()
	full := h.drop(item3+"/a.pdf", pdf("một"))
	a := h.waits("a.pdf", meeting.ArrivalWaiting, "")
	if err := h.Dismiss(a.ID); err != nil {
		t.Fatal(err)
	}
	h.until("gone", func() bool { return len(h.room.State().Arrivals) == 0 })
	h = h.again()
	h.drop(item3+"/b.pdf", pdf("hai"))
	h.waits("b.pdf", meeting.ArrivalWaiting, "")
	if _, ok := h.line("a.pdf"); ok {
		t.Fatal("it came back")
	}
	if _, err := os.Stat(full); err != nil {
		t.Fatal(err)
	}
}

func TestAFileOfNoItemIsAimed(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.drop("118-TTr.pdf", pdf("một"))
	a := h.waits("118-TTr.pdf", meeting.ArrivalWaiting, meeting.TroubleNoItem)
	if err := h.Aim(a.ID, "i9"); !errors.Is(err, meeting.NoSuchItem) {
		t.Fatal(err)
	}
	if err := h.Aim(a.ID, "i2"); err != nil {
		t.Fatal(err)
	}
	h.paper("i2", "118-TTr")
	h.drop("03 Báo cáo.pdf", pdf("hai"))
	h.paper("i3", "Báo cáo")
}

func TestAfterTheClosingNothingIsTaken(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.open()
	h.drop(item3+"/a.pdf", pdf("một"))
	h.waits("a.pdf", meeting.ArrivalWaiting, "")
	h.end()
	h.waits("a.pdf", meeting.ArrivalRefused, meeting.TroubleClosed)
	h.drop(item3+"/b.pdf", pdf("hai"))
	h.waits("b.pdf", meeting.ArrivalRefused, meeting.TroubleClosed)
}

func TestMinutesThatComeBackAreHandedOn(t *testing.T) {
	got := make(chan string, 8)
	h := enter(t, t.TempDir(), func(c *Config) { c.Returned = func(path string) { got <- path } })
	full := h.drop(minutesFolder+"/bien ban da ky.pdf", pdf("ký"))
	select {
	case path := <-got:
		if path != full {
			t.Fatal(path)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("never told")
	}
	if _, ok := h.line("bien ban da ky.pdf"); ok {
		t.Fatal("minutes are no arrival")
	}
}

func TestFoldersFollowTheAgendaAndTheSecretary(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	if name := filepath.Base(h.Folder()); name != "47 Phiên thường kỳ" {
		t.Fatal(name)
	}
	h.addItem("i4", `Phê duyệt: "Quy hoạch" <2030>`)
	h.drop("folders.txt", []byte("một"))
	h.waits("folders.txt", meeting.ArrivalWaiting, meeting.TroubleNoItem)
	if _, err := os.Stat(filepath.Join(h.Folder(), "04 Phê duyệt Quy hoạch 2030")); err != nil {
		t.Fatal(err)
	}
	// the secretary renames a folder, then the item moves to another number
	if err := os.Rename(filepath.Join(h.Folder(), item3), filepath.Join(h.Folder(), "03 Vốn")); err != nil {
		t.Fatal(err)
	}
	h.drop("03 Vốn/a.pdf", pdf("một"))
	h.paper("i3", "a")
	h.do(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MoveItem(a, "i3", "i1") })
	h = h.again()
	h.drop("03 Vốn/b.pdf", pdf("hai"))
	h.paper("i3", "b")
	if _, err := os.Stat(filepath.Join(h.Folder(), item3)); err == nil {
		t.Fatal("the folder that was renamed was made again")
	}
}

func TestFiveHundredFilesAtOnce(t *testing.T) {
	h := enter(t, t.TempDir(), func(c *Config) { c.Most = 1 << 20 })
	for i := range 500 {
		h.drop(item3+"/"+numberedName("Tờ trình.pdf", i+1), pdf(fmt.Sprint(i)))
	}
	h.until("500 papers", func() bool { return len(h.papers("i3")) == 500 })
}

// The queue of the system holds 16,384 events; while nobody reads, more are
// lost, and what they told of must be found all the same.
func TestWhatTheSystemForgotToTellIsFound(t *testing.T) {
	raw, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	if err != nil {
		t.Skip(err)
	}
	queue := 0
	for _, d := range bytes.TrimSpace(raw) {
		queue = queue*10 + int(d-'0')
	}
	h := enter(t, t.TempDir(), func(c *Config) { c.Quiet.Rescan = time.Hour })
	h.mu.Lock() // the inbox cannot look; the queue fills
	made := make(chan error, 1)
	go func() {
		defer h.mu.Unlock()
		dir := filepath.Join(h.root, item3)
		for range queue {
			name := filepath.Join(dir, ".flood")
			err := errors.Join(os.WriteFile(name, nil, 0o644), os.Remove(name))
			if err != nil {
				made <- err
				return
			}
		}
		made <- os.WriteFile(filepath.Join(dir, "sau cơn lũ.pdf"), pdf("một"), 0o644)
	}()
	if err := <-made; err != nil {
		t.Fatal(err)
	}
	h.paper("i3", "sau cơn lũ")
}

func TestAMountOverAWatchedFolderIsSeen(t *testing.T) {
	h := enter(t, t.TempDir(), func(c *Config) { c.Quiet.Rescan = time.Hour })
	h.drop(item3+"/a.pdf", pdf("một"))
	h.paper("i3", "a")
	dir := filepath.Join(h.Folder(), item3)
	mount(t, dir, "size=8m")
	h.drop(item3+"/b.pdf", pdf("hai"))
	h.paper("i3", "b")
}

// mount puts a small disk of its own over a folder.
func mount(t *testing.T, dir, options string) {
	t.Helper()
	if err := unix.Mount("none", dir, "tmpfs", 0, options); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("mounting is not allowed here: ", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
}
