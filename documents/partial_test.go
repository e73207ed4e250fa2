package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"testing"
	"testing/iotest"
	"time"
)

func made(n int) ([]byte, Ref) {
	data := make([]byte, n)
	r := rand.NewChaCha8([32]byte{47})
	r.Read(data)
	sum := sha256.Sum256(data)
	return data, Ref(hex.EncodeToString(sum[:]))
}

// Cut anywhere, any number of times, and after restarts: what is here at the end
// is the document, and nothing was needed twice.
func TestPiecesBecomeTheDocument(t *testing.T) {
	dir := t.TempDir()
	data, ref := made(300_000)
	r := rand.New(rand.NewPCG(1, 2))
	for sent := 0; ; {
		s, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		at, err := s.Partial(ref)
		if err != nil || int(at) != sent {
			t.Fatalf("%d are said to be here, %d were sent: %v", at, sent, err)
		}
		if sent == len(data) {
			break
		}
		line := &dying{data[at:], 1 + r.IntN(40_000)}
		got, err := s.Append(t.Context(), ref, at, int64(len(data)), line)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatal(err)
		}
		sent = int(got)
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(ref); err != nil {
		t.Error(err)
	}
	if got, err := s.Append(t.Context(), ref, 0, int64(len(data)), iotest.ErrReader(errors.New("must not be read"))); err != nil || got != int64(len(data)) {
		t.Errorf("sent again: %d, %v", got, err)
	}
	if left, err := os.ReadDir(dir + "/" + partials); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// dying is a line that breaks after left bytes.
type dying struct {
	data []byte
	left int
}

func (d *dying) Read(p []byte) (int, error) {
	if len(d.data) == 0 {
		return 0, io.EOF
	}
	if d.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p[:min(len(p), d.left)], d.data)
	d.data, d.left = d.data[n:], d.left-n
	return n, nil
}

func TestPiecesRefused(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data, ref := made(1000)
	if _, err := s.Append(t.Context(), ref, 0, 1000, bytes.NewReader(data[:400])); err != nil {
		t.Fatal(err)
	}
	for _, at := range []int64{0, 399, 401, 1000} {
		if _, err := s.Append(t.Context(), ref, at, 1000, bytes.NewReader(data)); !errors.Is(err, ErrOffset) {
			t.Errorf("a piece at %d: %v", at, err)
		}
	}
	other, _ := made(600)
	if _, err := s.Append(t.Context(), ref, 400, 1000, bytes.NewReader(other)); !errors.Is(err, ErrOther) {
		t.Errorf("other bytes: %v", err)
	}
	if at, err := s.Partial(ref); err != nil || at != 0 || s.Has(ref) {
		t.Errorf("afterwards %d are here: %v", at, err)
	}
	if _, err := s.Append(t.Context(), "../../etc/passwd", 0, 10, bytes.NewReader(data)); !errors.Is(err, ErrRef) {
		t.Errorf("a path for a name: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Append(gone, ref, 0, 1000, bytes.NewReader(data)); !errors.Is(err, context.Canceled) {
		t.Errorf("a sender that has gone: %v", err)
	}
	if err := s.DropPartials(time.Now().Add(time.Hour)); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(s.dir + "/" + partials); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Two senders of one document: one of them is told to wait.
func TestPiecesFromTwoSenders(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data, ref := made(1000)
	in, out := io.Pipe()
	first := make(chan error)
	go func() {
		_, err := s.Append(t.Context(), ref, 0, 1000, in)
		first <- err
	}()
	out.Write(data[:500])
	if _, err := s.Append(t.Context(), ref, 500, 1000, bytes.NewReader(data[500:])); !errors.Is(err, ErrBusy) {
		t.Errorf("the second sender: %v", err)
	}
	out.Write(data[500:])
	if err := <-first; err != nil || s.Check(ref) != nil {
		t.Errorf("the first sender: %v, %v", err, s.Check(ref))
	}
}
