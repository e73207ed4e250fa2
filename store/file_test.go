package store

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a", "b", "c")
	for _, text := range []string{"first", "second, longer", ""} {
		if err := WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		info, _ := os.Stat(path)
		if err != nil || string(got) != text || info.Mode().Perm() != 0o640 {
			t.Errorf("%q, %v, %v", got, info.Mode(), err)
		}
	}
	if n, err := WriteFrom(path, strings.NewReader("12345"), 0o600); n != 5 || err != nil {
		t.Error(n, err)
	}
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := WriteFrom(path, broken, 0o600); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a broken stream: %v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "12345" {
		t.Errorf("a broken stream left %q", got)
	}
	if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
		t.Errorf("left over: %v", names)
	}
	if err := WriteFile(filepath.Join(path, "x"), nil, 0o600); err == nil {
		t.Error("written below a file")
	}
	for range 2 {
		if err := Remove(path); err != nil {
			t.Error(err)
		}
	}
}

func TestLockFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	f, err := LockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LockFolder(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("a second holder: %v", err)
	}
	if err := f.Close(); err != nil || f.Dir() != dir {
		t.Error(err)
	}
	again, err := LockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

func TestReserve(t *testing.T) {
	dir := t.TempDir()
	r, err := OpenReserve(dir, 1<<20)
	if err != nil || !r.Held() {
		t.Fatal(err)
	}
	size := func() int64 {
		info, err := os.Stat(filepath.Join(dir, "reserve"))
		if err != nil {
			return 0
		}
		return info.Size()
	}
	if size() != 1<<20 {
		t.Errorf("%d bytes laid aside", size())
	}
	for range 2 {
		if err := r.Release(); err != nil || r.Held() || size() != 0 {
			t.Error(err, r.Held(), size())
		}
	}
	if err := r.Refill(); err != nil || !r.Held() || size() != 1<<20 {
		t.Error(err, size())
	}
	if other, err := OpenReserve(dir, 1<<19); err != nil || !other.Held() || size() != 1<<19 {
		t.Error("another size:", err, size())
	}
	free, err := Free(dir)
	if err != nil || free == 0 {
		t.Fatal(err)
	}
	if huge, err := OpenReserve(t.TempDir(), int64(free)); err != nil || huge.Held() {
		t.Errorf("took all that was left: %v", err)
	}
}
