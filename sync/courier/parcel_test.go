package courier

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"phonghop/journal"
	"phonghop/sync/centre"
	"phonghop/sync/letters"
)

// A room that never has a line: the centre's card goes out on a stick, the parcel
// comes in on it, and the receipts go home.
func TestByStick(t *testing.T) {
	stick := t.TempDir()
	b, p := newBox(t), newPlace(t, nil)
	if _, err := WriteParcel(t.Context(), b.config(), stick); !errors.Is(err, ErrUnpaired) {
		t.Fatalf("without a card: %v", err)
	}
	if err := TakeCard(t.Context(), b.config(), stick); !errors.Is(err, ErrUnpaired) {
		t.Fatalf("a stick without a card: %v", err)
	}
	if _, err := p.WriteCard(stick); err != nil {
		t.Fatal(err)
	}
	if err := TakeCard(t.Context(), b.config(), stick); err != nil {
		t.Fatal(err)
	}
	b.sit(session, 8100)
	ref := b.paper(session, 300_000, false)
	held := b.paper(session, 1000, true)
	parcel, err := WriteParcel(t.Context(), b.config(), stick)
	if err != nil || parcel.Logs != 2 {
		t.Fatalf("%+v, %v", parcel, err)
	}
	if _, err := p.TakeParcel(t.Context(), parcel.Path, false); !errors.Is(err, centre.ErrNewRoom) {
		t.Fatalf("a room nobody knows: %v", err)
	}
	for range 2 {
		taken, err := p.TakeParcel(t.Context(), parcel.Path, true)
		if err != nil || taken.Room.ID != b.j.Room() {
			t.Fatalf("%+v, %v", taken, err)
		}
	}
	p.same(t, b)
	if !p.documents(ref) || p.documents(held) {
		t.Error("the papers are not those that may leave")
	}
	n, err := TakeReceipts(t.Context(), b.config(), stick)
	if err != nil || n != 2 {
		t.Errorf("%d receipts came home, %v", n, err)
	}
	if n, err := TakeReceipts(t.Context(), b.config(), stick); err != nil || n != 0 {
		t.Errorf("a second time: %d, %v", n, err)
	}
	if _, err := WriteParcel(t.Context(), b.config(), stick); !errors.Is(err, ErrNothing) {
		t.Errorf("with nothing new: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(stick, "*", "*"))
	if err != nil || len(files) != 3 {
		t.Errorf("on the stick lie %v", files)
	}
}

// Whatever happens to a parcel on the way is found, and nothing of it is taken
// that the room did not sign.
func TestADamagedParcel(t *testing.T) {
	stick := t.TempDir()
	b, p := newBox(t), newPlace(t, nil)
	if err := b.pair(p.url, ""); err != nil {
		t.Fatal(err)
	}
	b.sit(session, 50)
	b.paper(session, 20_000, false)
	parcel, err := WriteParcel(t.Context(), b.config(), stick)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(parcel.Path)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(stick, "bad.parcel")
	for _, at := range []int{10, 200, len(whole) / 3, len(whole) - 5} {
		changed := append([]byte{}, whole...)
		changed[at] ^= 1
		for name, data := range map[string][]byte{"changed": changed, "cut off": whole[:at]} {
			if err := os.WriteFile(bad, data, 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := p.TakeParcel(t.Context(), bad, true); err == nil {
				t.Errorf("a parcel %s at %d was taken", name, at)
			}
		}
	}
	other := newPlace(t, nil)
	if _, err := other.TakeParcel(t.Context(), parcel.Path, true); !errors.Is(err, centre.ErrParcel) {
		t.Errorf("a parcel to another centre: %v", err)
	}
	if _, err := p.TakeParcel(t.Context(), parcel.Path, true); err != nil {
		t.Errorf("the true one, afterwards: %v", err)
	}
	p.same(t, b)
	if err := p.Revoke(context.Background(), b.j.Room()); err != nil {
		t.Fatal(err)
	}
	_, err = p.TakeParcel(t.Context(), parcel.Path, true)
	wantRefusal(t, err, letters.Revoked)
}

// Another box cannot send a parcel in this room's name.
func TestAForgedParcel(t *testing.T) {
	b, p := newBox(t), newPlace(t, nil)
	if err := b.pair(p.url, ""); err != nil {
		t.Fatal(err)
	}
	b.sit(session, 5)
	got, err := b.deliver()
	done(t, got, err)
	text := letters.ParcelHead + `{"room":"` + b.j.Room() + `","prefix":"phonghop","files":[]}` + "\n"
	thief := newBox(t)
	signed, err := thief.j.SignParcel(text)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := journal.OpenParcel(signed, b.j.PublicKeys()...); err == nil {
		t.Error("a thief's parcel opens")
	}
}
