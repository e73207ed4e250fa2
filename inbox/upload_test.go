package inbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/meeting"
	"phonghop/store"
)

func upload(name string, data []byte) Upload {
	return Upload{Item: "i3", File: name, Size: int64(len(data)), Last: 1, By: clerk}
}

func TestAnUploadGoesOnWhereItBrokeOff(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	data := pdf(strings.Repeat("một", 1000))
	u := upload("Tờ trình.pdf", data)
	s, err := h.Begin(t.Context(), u)
	if err != nil || s.Offset != 0 {
		t.Fatal(s, err)
	}
	broken := io.MultiReader(bytes.NewReader(data[:100]), iotest.ErrReader(errors.New("the line broke")))
	if at, err := h.Append(t.Context(), s.ID, 0, broken); err == nil || at != 100 {
		t.Fatal(at, err)
	}
	h.until("its line", func() bool { a, ok := h.line("Tờ trình.pdf"); return ok && a.Got == 100 && a.From == "browser" })
	h = h.again()
	again, err := h.Begin(t.Context(), u)
	if err != nil || again.ID != s.ID || again.Offset != 100 {
		t.Fatal(again, err)
	}
	var elsewhere ErrOffset
	if _, err := h.Append(t.Context(), s.ID, 50, bytes.NewReader(data[50:])); !errors.As(err, &elsewhere) || elsewhere.At != 100 {
		t.Fatal(err)
	}
	if at, err := h.Append(t.Context(), s.ID, 100, bytes.NewReader(data[100:])); err != nil || at != u.Size {
		t.Fatal(at, err)
	}
	if at, err := h.Append(t.Context(), s.ID, 100, bytes.NewReader(data[100:])); err != nil || at != u.Size {
		t.Fatal("an answer that was lost: ", at, err)
	}
	h.paper("i3", "Tờ trình")
	left, _ := filepath.Glob(filepath.Join(h.c.Dir, spoolPrefix+"*"))
	if len(left) != 0 {
		t.Fatal(left)
	}
}

func TestUploadsNeverReplaceAFile(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.drop(item3+"/a.pdf", pdf("một"))
	h.paper("i3", "a")
	data := pdf("hai, dài hơn")
	h.send(t, upload("../../a.pdf", data), data)
	if a := h.waits("a.pdf", meeting.ArrivalWaiting, ""); a.Replaces == "" || a.Version != 2 {
		t.Fatalf("%+v", a)
	}
	if got, _ := os.ReadFile(filepath.Join(h.Folder(), item3, "a.pdf")); !bytes.Equal(got, pdf("một")) {
		t.Fatal("the first was changed")
	}
}

func (h *house) send(t *testing.T, u Upload, data []byte) {
	t.Helper()
	s, err := h.Begin(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Append(t.Context(), s.ID, 0, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
}

func TestAnUploadReplacesThePaperItWasSentFor(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.drop(item3+"/a.pdf", pdf("một"))
	old := h.paper("i3", "a")
	data := pdf("hai")
	u := upload("hoàn toàn khác.pdf", data)
	u.Replaces = old.ID
	h.send(t, u, data)
	if a := h.waits("hoàn toàn khác.pdf", meeting.ArrivalWaiting, ""); a.Replaces != old.ID || a.From != "browser" {
		t.Fatalf("%+v", a)
	}
}

func TestWhatAnUploadMayNot(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	if _, err := h.Begin(t.Context(), Upload{Item: "i3", File: "a.pdf", Size: h.c.Most + 1}); !errors.Is(err, ErrTooLarge) {
		t.Fatal(err)
	}
	if _, err := h.Begin(t.Context(), Upload{Item: "i9", File: "a.pdf", Size: 1}); !errors.Is(err, meeting.NoSuchItem) {
		t.Fatal(err)
	}
	for _, id := range []string{"", "../../x", strings.Repeat("ab", 16)} {
		if _, err := h.Append(t.Context(), id, 0, strings.NewReader("x")); !errors.Is(err, ErrNoArrival) {
			t.Fatal(id, err)
		}
	}
	s, err := h.Begin(t.Context(), upload("a.pdf", []byte("123")))
	if err != nil {
		t.Fatal(err)
	}
	if at, err := h.Append(t.Context(), s.ID, 0, strings.NewReader("12345")); !errors.Is(err, ErrTooLarge) || at != 0 {
		t.Fatal("more than announced: ", at, err)
	}
}

func TestTwoUploadsOfOneFileAtOnce(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	data := pdf(strings.Repeat("hai", 5000))
	u := upload("a.pdf", data)
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			s, err := h.Begin(t.Context(), u)
			for at := s.Offset; err == nil && at < u.Size; {
				at, err = h.Append(t.Context(), s.ID, at, bytes.NewReader(data[at:min(at+1000, u.Size)]))
				if elsewhere := (ErrOffset{}); errors.As(err, &elsewhere) {
					at, err = elsewhere.At, nil
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if p := h.paper("i3", "a"); p.Size != u.Size {
		t.Fatalf("%+v", p)
	}
}

func TestAnUploadNobodyWentOnWithIsDropped(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	s, err := h.Begin(t.Context(), upload("a.pdf", []byte("123")))
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-8 * 24 * time.Hour)
	for _, path := range []string{h.part(s.ID), h.note(s.ID)} {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	h = h.again()
	if _, err := h.Append(t.Context(), s.ID, 0, strings.NewReader("1")); !errors.Is(err, ErrNoArrival) {
		t.Fatal(err)
	}
}

func TestAFullDiskKeepsWhatCame(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "inbox"), 0o700); err != nil {
		t.Fatal(err)
	}
	mount(t, filepath.Join(dir, "inbox"), "size=512k")
	h := enter(t, dir, nil)
	t.Cleanup(h.leave) // before the disk goes
	data := append(bytes.Repeat([]byte("x"), 1<<20), pdf("một")...)
	s, err := h.Begin(t.Context(), upload("a.txt", data))
	if err != nil {
		t.Fatal(err)
	}
	at, err := h.Append(t.Context(), s.ID, 0, bytes.NewReader(data))
	if !errors.Is(err, store.ErrFull) || at == 0 {
		t.Fatal(at, err)
	}
	if err := unix.Mount("none", h.c.Dir, "tmpfs", unix.MS_REMOUNT, "size=8m"); err != nil {
		t.Fatal(err)
	}
	if at, err := h.Append(t.Context(), s.ID, at, bytes.NewReader(data[at:])); err != nil || at != int64(len(data)) {
		t.Fatal(at, err)
	}
	h.paper("i3", "a")
}

func TestDocumentsOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "documents"), 0o700); err != nil {
		t.Fatal(err)
	}
	mount(t, filepath.Join(dir, "documents"), "size=512k")
	h := enter(t, dir, nil)
	t.Cleanup(h.leave)
	h.drop(item3+"/a.pdf", pdf(strings.Repeat("x", 1<<20)))
	h.waits("a.pdf", meeting.ArrivalRefused, meeting.TroubleDiskFull)
	if err := unix.Mount("none", filepath.Join(dir, "documents"), "tmpfs", unix.MS_REMOUNT, "size=8m"); err != nil {
		t.Fatal(err)
	}
	h.paper("i3", "a") // taken by itself once there is room
}

// uploadWatched is the process that tests run under strace or kill: it sends one
// file in two pieces and says what it was answered.
func uploadWatched(dir string) {
	t, ctx := &testing.B{}, context.Background()
	h := enter(t, dir, func(c *Config) { c.Quiet.Any, c.Quiet.Complete = time.Hour, time.Hour })
	data := pdf(strings.Repeat("một", 100))
	s, err := h.Begin(ctx, upload("Tờ trình.pdf", data))
	if err != nil {
		panic(err)
	}
	at, err := h.Append(ctx, s.ID, 0, bytes.NewReader(data[:100]))
	fmt.Println("RECEIVED", at, err)
	if os.Getenv("INBOX_TO_KILL") != "" {
		unix.Kill(os.Getpid(), unix.SIGKILL)
	}
	at, err = h.Append(ctx, s.ID, 100, bytes.NewReader(data[100:]))
	fmt.Println("WHOLE", at == int64(len(data)), err)
	h.leave()
}

func watched(t *testing.T, dir string, under ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := append(under, self)
	c := exec.Command(args[0], args[1:]...)
	c.Env = append(os.Environ(), "INBOX_TO_WATCH="+dir)
	return c
}

func TestAnUploadGoesOnAfterAKill(t *testing.T) {
	dir := t.TempDir()
	c := watched(t, dir)
	c.Env = append(c.Env, "INBOX_TO_KILL=1")
	out, _ := c.CombinedOutput()
	if !bytes.Contains(out, []byte("RECEIVED 100 <nil>")) {
		t.Fatalf("%s", out)
	}
	h := enter(t, dir, nil)
	data := pdf(strings.Repeat("một", 100))
	s, err := h.Begin(t.Context(), upload("Tờ trình.pdf", data))
	if err != nil || s.Offset != 100 {
		t.Fatal(s, err)
	}
	if _, err := h.Append(t.Context(), s.ID, 100, bytes.NewReader(data[100:])); err != nil {
		t.Fatal(err)
	}
	h.paper("i3", "Tờ trình")
}

// What the system was asked, in order, before "whole" was answered: power may
// be cut right after.
func TestReceivedMeansOnDisk(t *testing.T) {
	strace := needed(t, "strace")
	dir, trace := t.TempDir(), filepath.Join(t.TempDir(), "trace")
	out, err := watched(t, dir, strace, "-f", "-y", "-s", "64", "-o", trace, "-e", "trace=write,pwrite64,fsync,renameat2").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("WHOLE true <nil>")) {
		t.Fatalf("%v\n%s", err, out)
	}
	raw, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	rest := string(raw)
	for _, step := range []string{
		`pwrite64\(\d+<[^>]*\.upload-[0-9a-f]+\.part>`, `fsync\(\d+<[^>]*\.upload-[0-9a-f]+\.part>`, `write\(1<[^>]*>, "RECEIVED`,
		`pwrite64\(\d+<[^>]*\.upload-[0-9a-f]+\.part>`, `fsync\(\d+<[^>]*\.upload-[0-9a-f]+\.part>`,
		`renameat2\(.*RENAME_NOREPLACE`, `fsync\(\d+<[^>]*/03 [^>]*>`, `write\(1<[^>]*>, "WHOLE`,
	} {
		at := regexp.MustCompile(step).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("%s is missing, or too early\n%s", step, raw)
		}
		rest = rest[at[1]:]
	}
}

func TestPapersOfADrive(t *testing.T) {
	media := t.TempDir()
	h := enter(t, t.TempDir(), func(c *Config) { c.Media = []string{media} })
	drive := filepath.Join(media, "USB của Lan")
	if err := os.MkdirAll(filepath.Join(drive, "sâu"), 0o755); err != nil {
		t.Fatal(err)
	}
	if h.Media() != nil {
		t.Fatal("a folder is no drive")
	}
	if err := h.TakeFrom(t.Context(), drive, "i3"); !errors.Is(err, ErrNoMedium) {
		t.Fatal(err)
	}
	mount(t, drive, "size=4m")
	os.Mkdir(filepath.Join(drive, "sâu"), 0o755)
	for name, data := range map[string][]byte{"a.pdf": pdf("một"), "sâu/b.pdf": pdf("hai"), "autorun.inf": []byte("x"), "x.exe": []byte("MZ"), "._a.pdf": []byte("x")} {
		if err := os.WriteFile(filepath.Join(drive, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	os.Symlink("/etc/passwd", filepath.Join(drive, "c.pdf"))
	if err := unix.Mount("none", drive, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	m := h.Media()
	if len(m) != 1 || m[0].Files != 2 || m[0].Name != "USB của Lan" || m[0].Path != drive || m[0].Free <= 0 {
		t.Fatalf("%+v", m)
	}
	for range 2 {
		if err := h.TakeFrom(t.Context(), drive, "i3"); err != nil {
			t.Fatal(err)
		}
	}
	h.paper("i3", "a")
	h.paper("i3", "b")
	if files, _ := os.ReadDir(filepath.Join(h.Folder(), item3)); len(files) != 2 {
		t.Fatal(files)
	}
}
