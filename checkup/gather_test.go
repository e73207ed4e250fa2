package checkup

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"phonghop/backup"
	"phonghop/documents"
	"phonghop/journal"
	"phonghop/store"
	"phonghop/sync/courier"
)

const session = "0197a000-0000-7000-8000-000000000001"

// folder is a room's data folder with one session, one paper and one page of it.
type folder struct {
	dir         string
	j           *journal.Journal
	paper, page documents.Ref
	n           int
}

func newFolder(t *testing.T) *folder {
	t.Helper()
	f := &folder{dir: t.TempDir()}
	key := must(journal.OpenKey(f.dir))(t)
	f.j = must(journal.Open(t.Context(), journal.Config{Path: filepath.Join(f.dir, "journal.db"), Key: key}))(t)
	t.Cleanup(func() { f.j.Close() })
	data, _ := json.Marshal(map[string]any{"name": "Phòng A2", "slug": "phong-a2", "key": f.j.PublicKey(), "epoch": 1})
	f.add(t, journal.RoomLog, journal.Draft{Kind: journal.RoomFounded, Data: data})
	docs := must(documents.Open(filepath.Join(f.dir, "documents")))(t)
	f.paper, f.page = put(t, docs, "tờ trình"), put(t, docs, "ảnh trang")
	f.add(t, session, journal.Draft{Kind: "PaperPlaced", Data: []byte(`{}`), Refs: []string{string(f.paper)}})
	f.add(t, session, journal.Draft{Kind: "PagesDrawn", Data: []byte(`{}`), Refs: []string{string(f.page)}})
	return f
}

func put(t *testing.T, docs *documents.Store, text string) documents.Ref {
	t.Helper()
	ref, _, err := docs.PutBytes(t.Context(), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func (f *folder) add(t *testing.T, log string, d journal.Draft) {
	t.Helper()
	f.n++
	d.ID, d.At = "entry-"+strconv.Itoa(f.n), noon.Add(time.Duration(f.n)*time.Second)
	b := f.j.Begin()
	must(b.Add(log, d))(t)
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (f *folder) look(t *testing.T) Facts {
	return Gather(t.Context(), Look{Data: f.dir, Now: noon.Add(time.Hour), Verify: true})
}

func TestGatherBesideTheWriter(t *testing.T) {
	f := newFolder(t)
	before := names(t, f.dir)
	got := f.look(t)
	if got.Record.Err != nil || got.Record.Wrong != nil || got.Record.Entries != 3 || got.Record.Verified.IsZero() || !got.Record.Began.Equal(noon.Add(time.Second)) || !got.Clock.Entry.Equal(noon.Add(3*time.Second)) {
		t.Errorf("record: %+v, newest %v", got.Record, got.Clock.Entry)
	}
	if got.Papers != (Papers{Named: 1}) || got.Cert != nil || got.Centre.Paired || got.Backup.Recovery || got.Demo {
		t.Errorf("%+v", got)
	}
	if d := got.Disk; d.Err != nil || d.Free == 0 || d.Total < d.Free || d.Sync == 0 || d.Reserve {
		t.Errorf("disk: %+v", d)
	}
	if after := names(t, f.dir); len(after) != len(before) {
		t.Errorf("it left %v of %v", after, before)
	}
	f.add(t, session, journal.Draft{Kind: "RecordNoted", Data: []byte(`{}`)}) // the writer was not disturbed
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	for _, e := range must(os.ReadDir(dir))(t) {
		out = append(out, e.Name())
	}
	return out
}

func TestGatherFindsWhatIsWrong(t *testing.T) {
	f := newFolder(t)
	docs := filepath.Join(f.dir, "documents")
	for _, ref := range []documents.Ref{f.paper, f.page} {
		file := must(documents.Read(docs).Open(ref))(t)
		file.Close()
		if err := os.Remove(file.Name()); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.look(t).Papers; got != (Papers{Named: 1, Missing: 1, First: string(f.paper), Images: 1}) {
		t.Errorf("%+v", got)
	}
	f.j.Close()
	db := must(store.Open(t.Context(), filepath.Join(f.dir, "journal.db"), ""))(t)
	err := db.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE entry SET line = CAST(replace(CAST(line AS TEXT), 'PaperPlaced', 'PaperPlacex') AS BLOB)`)
		return err
	})
	if err != nil || db.Close() != nil {
		t.Fatal(err)
	}
	if got := f.look(t).Record; got.Wrong == nil || !got.Verified.IsZero() {
		t.Errorf("%+v", got)
	}
}

func TestGatherOfNothing(t *testing.T) {
	got := Gather(t.Context(), Look{Data: filepath.Join(t.TempDir(), "none"), Now: noon})
	if got.Record.Err == nil || got.Disk.Err == nil {
		t.Errorf("%+v", got)
	}
	if Worst(Judge(got)) != Act {
		t.Error("a folder that is not there is no reason to act")
	}
}

func TestGatherReceiptsAndBackups(t *testing.T) {
	f := newFolder(t)
	receipts := courier.NewReceipts(filepath.Join(f.dir, "receipts.db"))
	defer receipts.Close()
	must(receipts.All(t.Context()))(t) // makes the file
	if got := f.look(t).Centre; got.Paired || got.Err != nil || got.Waiting != 3 {
		t.Errorf("%+v", got)
	}
	must(backup.NewRecovery(f.dir))(t)
	second := t.TempDir()
	info := must(backup.Write(t.Context(), f.dir, filepath.Join(second, "phonghop-1"+Ending), noon))(t)
	got := Gather(t.Context(), Look{Data: f.dir, Backup: second, Now: noon}).Backup
	if !got.Recovery || got.Size != info.Bytes || got.Last.IsZero() || got.Err != nil {
		t.Errorf("%+v", got)
	}
}

func TestGatherCertificate(t *testing.T) {
	for _, tt := range []struct {
		file  string
		given bool
	}{{"leaf.pem", false}, {"given.pem", true}} {
		f := newFolder(t)
		until := noon.AddDate(0, 1, 0)
		dir := filepath.Join(f.dir, "tls")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, tt.file), certificateUntil(t, until), 0o600); err != nil {
			t.Fatal(err)
		}
		got := f.look(t).Cert
		if got == nil || got.Err != nil || got.Given != tt.given || !got.Until.Equal(until) {
			t.Errorf("%s: %+v", tt.file, got)
		}
		if err := os.WriteFile(filepath.Join(dir, tt.file), []byte("torn"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := f.look(t).Cert; got == nil || got.Err == nil {
			t.Errorf("%s, torn: %+v", tt.file, got)
		}
	}
}

// certificateUntil is one with its key before it, as the room keeps its own.
func certificateUntil(t *testing.T, until time.Time) []byte {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	made := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: noon, NotAfter: until}
	der := must(x509.CreateCertificate(rand.Reader, made, made, key.Public(), key))(t)
	secret := must(x509.MarshalPKCS8PrivateKey(key))(t)
	return append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
}
