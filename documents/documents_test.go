package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

func opened(t *testing.T) (*Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "documents")
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func kept(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestADocumentIsNamedByItsBytes(t *testing.T) {
	s, dir := opened(t)
	text := []byte("Tờ trình về dự toán ngân sách")
	sum := sha256.Sum256(text)
	ref, size, err := s.PutBytes(t.Context(), text)
	if err != nil || string(ref) != hex.EncodeToString(sum[:]) || size != int64(len(text)) {
		t.Fatalf("Put = %s, %d, %v", ref, size, err)
	}
	f, err := s.Open(ref)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, text) {
		t.Fatalf("read back %q, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(dir, string(ref[:2]), string(ref))); err != nil {
		t.Fatal(err)
	}
	if !s.Has(ref) || !Read(dir).Has(ref) || s.Check(ref) != nil {
		t.Fatal("the document is not known")
	}
}

func TestTheSameBytesAreOneDocument(t *testing.T) {
	s, dir := opened(t)
	ref, _, err := s.PutBytes(t.Context(), []byte("một"))
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(s.path(ref))
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := s.PutBytes(t.Context(), []byte("một"))
	if err != nil || again != ref {
		t.Fatalf("second Put = %s, %v", again, err)
	}
	after, err := os.Stat(s.path(ref))
	if err != nil || !os.SameFile(before, after) {
		t.Fatalf("the document was written again (%v)", err)
	}
	if names := kept(t, dir); len(names) != 1 {
		t.Fatalf("folder holds %v", names)
	}
}

func TestNothingIsKeptOfARefusedDocument(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("the line broke")
	for name, c := range map[string]struct {
		ctx  context.Context
		r    io.Reader
		want error
	}{
		"too large":  {t.Context(), strings.NewReader("123456789"), ErrTooLarge},
		"empty":      {t.Context(), strings.NewReader(""), ErrEmpty},
		"broken off": {t.Context(), io.MultiReader(strings.NewReader("12"), iotest.ErrReader(broken)), broken},
		"asker gone": {gone, strings.NewReader("12"), context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := opened(t)
			if _, _, err := s.Put(c.ctx, c.r, 8); !errors.Is(err, c.want) {
				t.Fatalf("Put: %v, want %v", err, c.want)
			}
			if names := kept(t, dir); len(names) != 0 {
				t.Fatalf("folder holds %v", names)
			}
		})
	}
}

func TestExactlyTheLimitIsAccepted(t *testing.T) {
	s, _ := opened(t)
	if _, n, err := s.Put(t.Context(), strings.NewReader("12345678"), 8); err != nil || n != 8 {
		t.Fatalf("Put = %d, %v", n, err)
	}
}

func TestDamagedBytesAreNamedAndNeverOverwritten(t *testing.T) {
	s, _ := opened(t)
	ref, _, err := s.PutBytes(t.Context(), []byte("bản gốc"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(s.path(ref), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.path(ref), []byte("bản sửa"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(ref); !errors.Is(err, ErrDamaged) {
		t.Fatalf("Check: %v", err)
	}
	if _, _, err := s.PutBytes(t.Context(), []byte("bản gốc")); !errors.Is(err, ErrDamaged) {
		t.Fatalf("Put: %v", err)
	}
	if got, _ := os.ReadFile(s.path(ref)); string(got) != "bản sửa" {
		t.Fatal("the evidence was overwritten")
	}
}

func TestNamesFromOutsideStayInTheFolder(t *testing.T) {
	s, _ := opened(t)
	hex64 := strings.Repeat("ab", 32)
	for _, name := range []string{"", "../../etc/passwd", "ab", hex64[:63], strings.ToUpper(hex64), hex64 + "00", "../" + hex64[3:]} {
		if _, err := ParseRef(name); !errors.Is(err, ErrRef) {
			t.Errorf("ParseRef(%q): %v", name, err)
		}
		if _, err := s.Open(Ref(name)); !errors.Is(err, ErrRef) {
			t.Errorf("Open(%q): %v", name, err)
		}
		if s.Has(Ref(name)) {
			t.Errorf("Has(%q)", name)
		}
	}
	if _, err := s.Open(Ref(hex64)); !errors.Is(err, ErrMissing) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open of a stranger: %v", err)
	}
}

func TestAHalfReceivedDocumentIsGoneAtTheNextStart(t *testing.T) {
	s, dir := opened(t)
	ref, _, err := s.PutBytes(t.Context(), []byte("trọn vẹn"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, incoming+"123"), []byte("nử"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err = Open(dir)
	if err != nil || !s.Has(ref) {
		t.Fatalf("reopened: %v", err)
	}
	if names := kept(t, dir); len(names) != 1 || names[0] != string(ref) {
		t.Fatalf("folder holds %v", names)
	}
}

func TestManyAtOnce(t *testing.T) {
	s, dir := opened(t)
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			text := fmt.Appendf(nil, "tài liệu %d", i%4)
			ref, _, err := s.PutBytes(t.Context(), text)
			if err != nil || s.Check(ref) != nil {
				t.Errorf("Put %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if names := kept(t, dir); len(names) != 4 {
		t.Fatalf("folder holds %d documents, want 4", len(names))
	}
}
