package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"phonghop/documents"
	"phonghop/journal"
)

const session = "0197c0de-0000-7000-8000-000000000047"

// box is a data folder in which a room runs.
type box struct {
	dir string
	j   *journal.Journal
	ref documents.Ref
	n   int
}

func newBox(t *testing.T) *box {
	t.Helper()
	b := &box{dir: filepath.Join(t.TempDir(), "data")}
	key, err := journal.OpenKey(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	if b.j, err = journal.Open(t.Context(), journal.Config{Path: filepath.Join(b.dir, "journal.db"), Key: key}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.j.Close() })
	data, _ := json.Marshal(map[string]any{"name": "Phòng A2", "slug": "phong-a2", "key": b.j.PublicKey(), "epoch": 1})
	b.add(t, journal.RoomLog, journal.Draft{Kind: journal.RoomFounded, Data: data})
	docs, err := documents.Open(filepath.Join(b.dir, "documents"))
	if err != nil {
		t.Fatal(err)
	}
	if b.ref, _, err = docs.PutBytes(t.Context(), []byte(strings.Repeat("tờ trình ", 10_000))); err != nil {
		t.Fatal(err)
	}
	b.add(t, session, journal.Draft{Kind: "PaperPlaced", Data: []byte(`{}`), Refs: []string{string(b.ref)}})
	b.add(t, session, journal.Draft{Kind: "RecordNoted", Data: []byte(`{}`), Body: []byte("ý kiến")})
	if err := os.MkdirAll(filepath.Join(b.dir, "tls"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, "tls", "ca.pem"), []byte("CA"), 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *box) add(t *testing.T, log string, d journal.Draft) {
	t.Helper()
	b.n++
	d.ID, d.At = fmt.Sprint("e", b.n), time.Date(2026, 11, 24, 8, 0, b.n, 0, time.UTC)
	batch := b.j.Begin()
	if _, err := batch.Add(log, d); err != nil {
		t.Fatal(err)
	}
	if err := batch.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func backed(t *testing.T, b *box) (string, age.Identity) {
	t.Helper()
	secret, err := NewRecovery(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	id, err := age.ParseX25519Identity(secret)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "usb", "a2.saoluu")
	info, err := Write(t.Context(), b.dir, to, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if info.Logs != 2 || info.Entries != 3 || info.Bytes == 0 {
		t.Errorf("%+v", info)
	}
	return to, id
}

// A backup of a running room, restored elsewhere, is that room in its next epoch.
func TestARoomComesBack(t *testing.T) {
	b := newBox(t)
	file, id := backed(t, b)
	b.add(t, session, journal.Draft{Kind: "RecordNoted", Data: []byte(`{}`)}) // after the backup: it is not in it

	data := filepath.Join(t.TempDir(), "data")
	r, err := Restore(t.Context(), file, data, id, time.Now(), "máy hỏng")
	if err != nil {
		t.Fatal(err)
	}
	if r.Epoch != 2 || r.Room != b.j.Room() {
		t.Errorf("%+v", r)
	}
	key, err := journal.OpenKey(data)
	if err != nil {
		t.Fatal(err)
	}
	if key.Epoch() != 2 {
		t.Errorf("the key is of epoch %d", key.Epoch())
	}
	j, err := journal.Open(t.Context(), journal.Config{Path: filepath.Join(data, "journal.db"), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if _, err := j.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	note, err := j.At(t.Context(), session, 1)
	if err != nil || string(note.Body) != "ý kiến" {
		t.Errorf("%+v, %v", note, err)
	}
	began, err := j.At(t.Context(), session, 2)
	if err != nil || began.Kind != journal.EpochBegan || string(began.Body) != "máy hỏng" {
		t.Errorf("%+v, %v", began, err)
	}
	if err := documents.Read(filepath.Join(data, "documents")).Check(b.ref); err != nil {
		t.Error(err)
	}
	if ca, err := os.ReadFile(filepath.Join(data, "tls", "ca.pem")); err != nil || string(ca) != "CA" {
		t.Errorf("the certificates: %q, %v", ca, err)
	}
	if _, err := Recovery(data); err != nil {
		t.Errorf("it cannot be backed up again: %v", err)
	}
	if _, err := Restore(t.Context(), file, data, id, time.Now(), ""); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("over a room: %v", err)
	}
}

// The signing key is in no backup, and without the recovery key a backup is noise.
func TestWhatABackupHides(t *testing.T) {
	b := newBox(t)
	if _, err := Write(t.Context(), b.dir, filepath.Join(t.TempDir(), "x"), time.Now()); !errors.Is(err, ErrRecovery) {
		t.Errorf("without a recovery key: %v", err)
	}
	file, id := backed(t, b)
	var names []string
	_, _, err := unpack(t.Context(), file, id, func(name string) string { names = append(names, name); return "" })
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if name == "keys/room" || strings.HasPrefix(name, "search") {
			t.Errorf("%s is in the backup", name)
		}
	}
	stranger, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	if _, err := Restore(t.Context(), file, data, stranger, time.Now(), ""); !errors.Is(err, ErrIdentity) {
		t.Errorf("with another key: %v", err)
	}
	if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) {
		t.Error("something was left")
	}
}

// A damaged backup restores nothing.
func TestADamagedBackup(t *testing.T) {
	b := newBox(t)
	file, id := backed(t, b)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{30, 400, len(whole) / 2, len(whole) - 3} {
		changed := append([]byte{}, whole...)
		changed[at] ^= 1
		for name, text := range map[string][]byte{"changed": changed, "cut off": whole[:at]} {
			bad := filepath.Join(t.TempDir(), "bad")
			if err := os.WriteFile(bad, text, 0o600); err != nil {
				t.Fatal(err)
			}
			data := filepath.Join(t.TempDir(), "data")
			if _, err := Restore(t.Context(), bad, data, id, time.Now(), ""); err == nil {
				t.Errorf("%s at %d: restored", name, at)
			}
			if left, _ := os.ReadDir(filepath.Dir(data)); len(left) != 0 {
				t.Errorf("%s at %d: left behind %v", name, at, left)
			}
		}
	}
}

// A journal that is wrong on disk is not backed up as if it were right.
func TestAWrongJournalIsNoBackup(t *testing.T) {
	b := newBox(t)
	if _, err := NewRecovery(b.dir); err != nil {
		t.Fatal(err)
	}
	b.j.Close()
	path := filepath.Join(b.dir, "journal.db")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "ý kiến", "ý KIẾN", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "x")
	var wrong *journal.Wrong
	if _, err := Write(t.Context(), b.dir, to, time.Now()); !errors.As(err, &wrong) {
		t.Errorf("it answers %v", err)
	}
	if left, _ := os.ReadDir(filepath.Dir(to)); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
