package search

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// spoilt is an index with a page in it, closed, after spoil has had its way.
func spoilt(t *testing.T, spoil func(t *testing.T, path string)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "search.db")
	x := opened(t, path)
	for i := range 40 {
		put(t, x, fmt.Sprint("a", i), strings.Repeat(fmt.Sprintf("đầu tư công %d ", i), 200))
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	spoil(t, path)
	return path
}

func TestAWorthlessFileIsBegunAnew(t *testing.T) {
	for name, spoil := range map[string]func(*testing.T, string){
		"noise": func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 999)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"truncated": func(t *testing.T, path string) {
			if err := os.Truncate(path, 9000); err != nil {
				t.Fatal(err)
			}
		},
		"of a newer version": func(t *testing.T, path string) { run(t, path, fmt.Sprintf("PRAGMA user_version = %d", version+1)) },
		"with other tables":  func(t *testing.T, path string) { run(t, path, "DROP TABLE word; CREATE TABLE word (x)") },
		"with pages overwritten": func(t *testing.T, path string) {
			overwrite(t, path)
		},
		"gone": func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := opened(t, spoilt(t, spoil))
			x.check.Wait()
			if x.Has(t.Context(), "a1", 1) {
				t.Fatal("it was kept")
			}
			put(t, x, "a1", "đường sắt")
			if got := found(t, x, "duong", "a1"); len(got) != 1 {
				t.Errorf("the new one finds %q", got)
			}
		})
	}
}

func run(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

// overwrite puts noise over every page of the file but the first few.
func overwrite(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for i := 6 * 4096; i < len(data); i++ {
		data[i] = byte(chance.Uint32())
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0) // in place: an open index sees it
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(data, 0); err != nil {
		t.Fatal(err)
	}
}

// The disk may go bad under an open index: what asks next begins it anew, and
// everybody is answered.
func TestDamageUnderAnOpenIndex(t *testing.T) {
	path := spoilt(t, func(*testing.T, string) {})
	x := opened(t, path)
	x.check.Wait()
	overwrite(t, path)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			doc := fmt.Sprint("a", i)
			if _, _, err := x.Find(t.Context(), "đầu tư", []string{doc}, 5); err != nil {
				t.Error(err)
			}
			if _, err := x.Marks(t.Context(), doc, 1, "đầu tư"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if x.Has(t.Context(), "a1", 1) {
		t.Fatal("the damaged file was kept")
	}
	put(t, x, "b", "đường sắt")
	if got := found(t, x, "duong", "b"); len(got) != 1 {
		t.Errorf("the new one finds %q", got)
	}
}

func TestAPlaceThatCannotHoldAFileIsAnError(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "no", "search.db")} {
		x := New(path)
		for range 2 { // it is tried again
			if _, _, err := x.Find(t.Context(), "đầu tư", []string{"a"}, 5); err == nil || errors.Is(err, errNone) {
				t.Errorf("%s: %v", path, err)
			}
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
		if err := x.Put(t.Context(), "a", []Page{{Number: 1, Text: "x"}}); !errors.Is(err, sql.ErrConnDone) {
			t.Errorf("after closing: %v", err)
		}
	}
	if _, err := os.Stat(dir); err != nil {
		t.Error("the folder was removed:", err)
	}
}
