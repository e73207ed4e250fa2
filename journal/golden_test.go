package journal

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The same entries signed with the same key give the same checkpoint and receipt
// in ten years: testdata/golden.* are never written again.
func TestGoldenCheckpointAndReceipt(t *testing.T) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{47}, ed25519.SeedSize))
	key := &Key{RoomID(private.Public().(ed25519.PublicKey)), 1, private}
	dir := t.TempDir()
	if err := key.save(dir); err != nil {
		t.Fatal(err)
	}
	reread, err := OpenKey(dir)
	if err != nil || reread.room != key.room || !reread.private.Equal(private) {
		t.Fatalf("the key is read as %+v, %v", reread, err)
	}
	j := reopen(t, dir, reread)
	b := j.Begin()
	data, _ := json.Marshal(map[string]any{"name": "Phòng A2", "slug": "phong-a2", "key": j.PublicKey(), "epoch": 1})
	add(t, b, RoomLog, Draft{ID: "found", Kind: RoomFounded, At: at(0), Data: data})
	for i := range 11 {
		d := ballot(i)
		d.Body = nil // its salt is random
		add(t, b, session, d)
	}
	commit(t, b)
	checkpoint, err := j.Checkpoint(session)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := j.Receipt(context.Background(), session, 6)
	if err != nil {
		t.Fatal(err)
	}
	r, err := j.At(t.Context(), session, 6)
	if err != nil {
		t.Fatal(err)
	}
	keyFile, err := os.ReadFile(keyPath(dir))
	if err != nil {
		t.Fatal(err)
	}
	secret := base64.StdEncoding.EncodeToString(append([]byte{1}, private.Seed()...))
	if want := "PRIVATE+KEY+36e23e5ea8794a26/1+32c06541+" + secret + "\n"; string(keyFile) != want {
		t.Errorf("keys/room is written as %s, want %s", keyFile, want)
	}
	for name, got := range map[string][]byte{
		"golden.checkpoint": checkpoint, "golden.tlog-proof": receipt, "golden.entry": r.Line(),
		"golden.vkey": []byte(j.PublicKey()),
	} {
		want, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is\n%s\nwant (%v)\n%s", name, got, err, want)
		}
	}
	if err := CheckReceipt(receipt, r.Line(), j.PublicKey()); err != nil {
		t.Error(err)
	}
}
