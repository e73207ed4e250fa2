package dossier

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

// held is a small session that was held, with a vote, a paper and free text.
func held(t testing.TB) Source {
	t.Helper()
	dir := t.TempDir()
	key, err := journal.OpenKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(t.Context(), journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	docs, err := documents.Open(filepath.Join(dir, "documents"))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 6, 24, 1, 0, 0, 0, time.UTC)
	r, err := room.Open(t.Context(), room.Config{Journal: j, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { now = now.Add(7 * time.Second); return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); j.Close() })
	hold(t, r, j, docs)
	return Source{Journal: j, Documents: docs, Session: r.State().Session, Made: now}
}

func hold(t testing.TB, r *room.Room, j *journal.Journal, docs *documents.Store) {
	t.Helper()
	_, err := r.DoRoom(t.Context(), "found", "", func(h *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return h.Found("Phòng A2", "Phòng A2", j.PublicKey())
	})
	if err != nil {
		t.Fatal(err)
	}
	clerk := meeting.Person{ID: "clerk", Name: "Lã Kim Dung", Role: meeting.RoleSecretary}
	h := meeting.Header{Number: 47, Term: "2021–2026", Kind: "regular", Body: "UBND tỉnh Trà Sơn", Place: "Phòng A2", Starts: time.Date(2026, 6, 24, 1, 0, 0, 0, time.UTC)}
	set, _ := rules.Named("ubnd-2015")
	if _, err := r.Prepare(t.Context(), "prepare", "clerk", func(_ *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return meeting.Prepare(a, id, h, set, "", clerk)
	}); err != nil {
		t.Fatal(err)
	}
	n := 0
	do := func(by meeting.PersonID, verb room.Verb) {
		t.Helper()
		n++
		if _, err := r.Do(t.Context(), room.Command{Key: fmt.Sprint("k", n), By: by, Saw: -1, Verb: verb}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 4 {
		p := meeting.Person{ID: meeting.PersonID(fmt.Sprint("m", i)), Name: fmt.Sprint("Đại biểu ", i), Role: meeting.RoleMember, Votes: true, Seat: fmt.Sprint("0", i+1)}
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		do("clerk", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
	}
	ref, size, err := docs.PutBytes(t.Context(), []byte("%PDF-1.7 tờ trình"))
	if err != nil {
		t.Fatal(err)
	}
	do("clerk", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, "i1", meeting.NewItem{Title: "Đầu tư công"})
	})
	do("clerk", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.PlacePaper(a, meeting.NewPaper{ID: "p1", Item: "i1", Name: "Tờ trình 118/TTr.pdf", Ref: string(ref), Size: size, Type: "application/pdf"})
	})
	for i := range 4 {
		do("clerk", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.MarkPresent(a, meeting.PersonID(fmt.Sprint("m", i)))
		})
	}
	do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, "i1") })
	do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, "v1", "i1", "Thông qua", 0, "")
	})
	for i := range 3 {
		who := meeting.PersonID(fmt.Sprint("m", i))
		if _, err := r.Do(t.Context(), room.Command{By: who, Saw: -1, Verb: func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.Cast(a, "v1", 1, rules.For)
		}}); err != nil {
			t.Fatal(err)
		}
	}
	do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, "v1", true) })
	do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Conclude(a, "i1", "Giao Sở Tài chính hoàn thiện")
	})
	do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
}

// kept writes the session file into memory.
type kept map[string]*bytes.Buffer

func (k kept) Create(name string, _ time.Time) (io.WriteCloser, error) {
	if k[name] != nil {
		return nil, fmt.Errorf("%s is written twice", name)
	}
	k[name] = &bytes.Buffer{}
	return whole{k[name]}, nil
}

func (k kept) files() fstest.MapFS {
	files := fstest.MapFS{}
	for name, b := range k {
		files[name] = &fstest.MapFile{Data: bytes.Clone(b.Bytes())}
	}
	return files
}

func written(t testing.TB, src Source) kept {
	t.Helper()
	k := kept{}
	if err := Write(t.Context(), k, src); err != nil {
		t.Fatal(err)
	}
	return k
}

func looked(t testing.TB, files fstest.MapFS) (int, string) {
	t.Helper()
	var out bytes.Buffer
	wrong, err := checkFiles(context.Background(), files, Voice{Out: &out, English: true})
	if err != nil {
		return wrong + 1, out.String() + err.Error()
	}
	return wrong, out.String()
}

func TestASessionFileIsWholeAndTheSameTwice(t *testing.T) {
	src := held(t)
	first, again := written(t, src), written(t, src)
	for name := range first {
		if !bytes.Equal(first[name].Bytes(), again[name].Bytes()) {
			t.Errorf("%s differs the second time", name)
		}
	}
	for _, name := range []string{"bien-ban.pdf", "bien-ban.docx", "thong-bao-ket-luan.docx", "diem-danh.csv", "bieu-quyet.csv", "phat-bieu.csv", "nhiem-vu.csv",
		"session.json", "events.jsonl", "details.jsonl", "manifest.sha256", "rules.json", "checkpoint.txt", "tai-lieu/01/Tờ trình 118-TTr.pdf"} {
		if first[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
	wrong, said := looked(t, first.files())
	if wrong != 0 || !strings.Contains(said, "Vote 1: for 3, against 0, abstained 0, cast nothing 1, absent 0; the recount agrees") {
		t.Errorf("%d wrong:\n%s", wrong, said)
	}
}

// Whatever byte of whatever file is changed, it is found.
func TestAnyChangeIsFound(t *testing.T) {
	k := written(t, held(t))
	for name, b := range k {
		for _, at := range []int{0, b.Len() / 2, b.Len() - 1} {
			files := k.files()
			files[name].Data[at] ^= 1
			if wrong, said := looked(t, files); wrong == 0 {
				t.Errorf("byte %d of %s was changed and nobody minds:\n%s", at, name, said)
			}
		}
	}
	for name := range k {
		files := k.files()
		delete(files, name)
		if wrong, _ := looked(t, files); wrong == 0 {
			t.Errorf("%s was taken out and nobody minds", name)
		}
	}
	files := k.files()
	files["them.txt"] = &fstest.MapFile{Data: []byte("thêm")}
	if wrong, _ := looked(t, files); wrong == 0 {
		t.Error("a file was put in and nobody minds")
	}
}

// Somebody who makes the manifest fit, too, is found by the signature.
func TestAForgedFileIsFound(t *testing.T) {
	k := written(t, held(t))
	forged := bytes.Replace(k["events.jsonl"].Bytes(), []byte(`"choice":"for"`), []byte(`"choice":"abstain"`), 1)
	k["events.jsonl"] = bytes.NewBuffer(forged)
	w := &writing{names: map[string]bool{}, to: kept{}, ctx: t.Context()}
	for name, b := range k {
		if name != manifestFile {
			if err := w.text(name, b.Bytes()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.manifest(); err != nil {
		t.Fatal(err)
	}
	if wrong, said := looked(t, w.to.(kept).files()); wrong == 0 {
		t.Errorf("a forged ballot passes:\n%s", said)
	}
}

func TestWithoutTexts(t *testing.T) {
	src := held(t)
	src.NoTexts = true
	k := written(t, src)
	for name, b := range k {
		if strings.Contains(b.String(), "hoàn thiện") {
			t.Errorf("%s holds free text", name)
		}
	}
	if wrong, said := looked(t, k.files()); wrong != 0 || !strings.Contains(said, "the recount agrees") || !strings.Contains(said, "texts are not in this file") {
		t.Errorf("%d wrong:\n%s", wrong, said)
	}
}

// A folder is never written over, and what is in it is what was written.
func TestIntoAFolder(t *testing.T) {
	src := held(t)
	dir := filepath.Join(t.TempDir(), "ho-so")
	sink, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(t.Context(), sink, src); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if wrong, err := Check(t.Context(), dir, Voice{Out: &out}); err != nil || wrong != 0 {
		t.Errorf("%d wrong, %v\n%s", wrong, err, &out)
	}
	if _, err := Folder(dir); err == nil {
		t.Error("it would be written over")
	}
	if err := os.WriteFile(filepath.Join(dir, "rules.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if wrong, err := Check(t.Context(), dir, Voice{Out: &out}); err != nil || wrong != 1 {
		t.Errorf("%d wrong, %v", wrong, err)
	}
}

// Nothing in a session file that comes from outside can hurt whoever checks it.
func FuzzCheckFiles(f *testing.F) {
	k := written(f, held(f))
	f.Add("manifest.sha256", k["manifest.sha256"].Bytes())
	f.Add("events.jsonl", k["events.jsonl"].Bytes())
	f.Add("details.jsonl", []byte(`{"seq":-1,"salt":"","body":"AA=="}`))
	f.Add("checkpoint.txt", k["checkpoint.txt"].Bytes())
	f.Add("khoa-cong-khai.txt", []byte("phonghop/x"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		files := k.files()
		if files[name] == nil || bytes.Equal(files[name].Data, data) {
			return
		}
		files[name].Data = data
		if wrong, said := looked(t, files); wrong == 0 && name != manifestFile { // its lines may stand in any order
			t.Errorf("another %s passes:\n%s", name, said)
		}
	})
}
