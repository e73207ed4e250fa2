package drafts

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

func opened(t *testing.T, path string) *Store {
	t.Helper()
	s := New(path)
	t.Cleanup(func() { s.Close() })
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var nine = time.Date(2026, 11, 24, 9, 41, 12, 0, time.UTC)

func TestADraftOutlivesARestartAndEndsOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "drafts.db")
	p := Place{"clerk", "s1", "opening"}
	s := opened(t, path)
	check(t, s.Keep(t.Context(), p, "Chủ tọa", nine))
	check(t, s.Keep(t.Context(), p, "Chủ tọa khai mạc", nine.Add(time.Second)))
	check(t, s.Keep(t.Context(), Place{"m0", "s1", "opening"}, "của người khác", nine))
	check(t, s.Close())
	s = opened(t, path)
	got, err := s.Of(t.Context(), "clerk", "s1")
	check(t, err)
	if d := got["opening"]; len(got) != 1 || d.Text != "Chủ tọa khai mạc" || !d.At.Equal(nine.Add(time.Second)) {
		t.Fatalf("after the restart: %+v", got)
	}
	check(t, s.Drop(t.Context(), p))
	check(t, s.Drop(t.Context(), p))
	if got, err := s.Of(t.Context(), "clerk", "s1"); err != nil || len(got) != 0 {
		t.Errorf("after dropping: %+v, %v", got, err)
	}
	if got, _ := s.Of(t.Context(), "m0", "s1"); got["opening"].Text != "của người khác" {
		t.Errorf("somebody else's draft went too: %+v", got)
	}
}

func TestALookIsTheLastOne(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "drafts.db"))
	if _, ok, err := s.LastLook(t.Context(), "m0", "s1"); ok || err != nil {
		t.Fatalf("before the first look: %v, %v", ok, err)
	}
	check(t, s.Saw(t.Context(), "m0", "s1", Look{map[string]string{"opening": "a"}, nine}))
	check(t, s.Saw(t.Context(), "m0", "s1", Look{map[string]string{"opening": "b"}, nine.Add(time.Minute)}))
	l, ok, err := s.LastLook(t.Context(), "m0", "s1")
	if err != nil || !ok || l.Seen["opening"] != "b" || !l.At.Equal(nine.Add(time.Minute)) {
		t.Errorf("%+v, %v, %v", l, ok, err)
	}
}

func TestFilesWaitUntilSettled(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "drafts.db"))
	w := Waiting{Ref: "ab", Name: "bien-ban.docx", Size: 7, At: nine}
	check(t, s.Await(t.Context(), "s1", w))
	check(t, s.Await(t.Context(), "s1", Waiting{Ref: "ab", Name: "again.docx", Size: 7, At: nine.Add(time.Hour)}))
	got, err := s.Waiting(t.Context(), "s1")
	if err != nil || len(got) != 1 || got[0].Name != "bien-ban.docx" {
		t.Fatalf("%+v, %v", got, err)
	}
	check(t, s.Settle(t.Context(), "s1", "ab"))
	check(t, s.Await(t.Context(), "s1", w)) // found again at the next start
	if got, _ := s.Waiting(t.Context(), "s1"); len(got) != 0 {
		t.Errorf("still there: %+v", got)
	}
}

func TestOnePersonCannotFillTheDisk(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "drafts.db"))
	check(t, s.write(t.Context(), "filling", fill))
	if err := s.Keep(t.Context(), Place{"clerk", "s1", "one more"}, "x", nine); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
	check(t, s.Keep(t.Context(), Place{"clerk", "s1", fmt.Sprint(1)}, "written anew", nine))
}

// fill puts down as many drafts as one person may have.
func fill(tx *sql.Tx) error {
	for i := range most {
		if _, err := tx.Exec(`INSERT INTO draft VALUES ('clerk', 's1', ?, 'x', 0)`, fmt.Sprint(i)); err != nil {
			return err
		}
	}
	return nil
}
