package journal

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"phonghop/store"
)

// Key is what the room signs with during one epoch. It lies in keys/room, is
// never backed up and never leaves the box: a restored room makes a new one.
type Key struct {
	room    string
	epoch   int
	private ed25519.PrivateKey
}

var (
	// ErrKeyMissing: there is a journal and no key to go on with.
	ErrKeyMissing = errors.New("the journal's key is missing")
	// ErrForeignKey: the key is not the one this journal was signed with.
	ErrForeignKey = errors.New("the key is not this journal's")
)

const ed25519Note = 1 // the algorithm byte of a signed note's Ed25519 key

// NewKey makes a key for a new room, epoch 1, that lies nowhere.
func NewKey() *Key {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return &Key{RoomID(public), 1, private}
}

// RoomID is ROOM: the first 16 hex digits of SHA-256 of a room's first public key.
func RoomID(first ed25519.PublicKey) string {
	sum := sha256.Sum256(first)
	return hex.EncodeToString(sum[:8])
}

// OpenKey reads the key in the data folder dir, or founds a room by making one,
// durably, before anything is signed with it. Where there is a journal already
// it makes none and says what to restore.
func OpenKey(dir string) (*Key, error) {
	path := keyPath(dir)
	text, err := os.ReadFile(path)
	if err == nil {
		return parseKey(path, string(text))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the room's key: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "journal.db")); err == nil {
		return nil, fmt.Errorf("%w: %s is gone while journal.db is there; put the folder keys back from where the box was moved, or restore a backup into an empty folder (phonghop restore), which makes a new key and a new epoch", ErrKeyMissing, path)
	}
	k := NewKey()
	return k, k.save(dir)
}

// SucceedKey makes the key of the room's next epoch and puts it in place of the
// one in dir, durably. Begin the epoch with it (Journal.BeginEpoch) before
// anything else is written; a crash between the two is met at the next start.
func SucceedKey(dir, room string, epoch int) (*Key, error) {
	k := NewKey()
	k.room, k.epoch = room, epoch
	return k, k.save(dir)
}

// Room is ROOM, the same in every epoch.
func (k *Key) Room() string { return k.room }

// Epoch counts from 1.
func (k *Key) Epoch() int { return k.epoch }

// Public is the half that anybody may know.
func (k *Key) Public() ed25519.PublicKey { return k.private.Public().(ed25519.PublicKey) }

func keyPath(dir string) string { return filepath.Join(dir, "keys", "room") }

// save writes the key as a note's signer key of the name ROOM/EPOCH.
func (k *Key) save(dir string) error {
	text := k.signerText(k.room + "/" + strconv.Itoa(k.epoch))
	if err := store.WriteFile(keyPath(dir), []byte(text+"\n"), 0o600); err != nil {
		return fmt.Errorf("keeping the room's key: %w", err)
	}
	return nil
}

func (k *Key) signerText(name string) string {
	secret := append([]byte{ed25519Note}, k.private.Seed()...)
	return "PRIVATE+KEY+" + name + "+" + keyHash(verifierText(name, k.Public())) + "+" + base64.StdEncoding.EncodeToString(secret)
}

// signer signs under the name of a log's origin.
func (k *Key) signer(name string) (note.Signer, error) { return note.NewSigner(k.signerText(name)) }

func parseKey(path, text string) (*Key, error) {
	text = strings.TrimSpace(text)
	if _, err := note.NewSigner(text); err != nil {
		return nil, fmt.Errorf("%s is not a signing key: %w", path, err)
	}
	parts := strings.SplitN(text, "+", 5)
	room, number, _ := strings.Cut(parts[2], "/")
	epoch, err := strconv.Atoi(number)
	secret, err2 := base64.StdEncoding.DecodeString(parts[4])
	if err = errors.Join(err, err2); err != nil || epoch < 1 || len(secret) != 1+ed25519.SeedSize {
		return nil, fmt.Errorf("%s is not the key of a room", path)
	}
	k := &Key{room, epoch, ed25519.NewKeyFromSeed(secret[1:])}
	if epoch == 1 && RoomID(k.Public()) != room {
		return nil, fmt.Errorf("%s names another room than its key", path)
	}
	return k, nil
}

// verifierText is the public half as a note's verifier key of a name.
func verifierText(name string, public ed25519.PublicKey) string {
	text, err := note.NewEd25519VerifierKey(name, public)
	if err != nil {
		panic(err) // only a key of the wrong size, which the type rules out
	}
	return text
}

func keyHash(verifier string) string { return strings.SplitN(verifier, "+", 3)[1] }

// Origin is the name of a log's tree and of the key that signs it.
type Origin struct {
	Prefix string // phonghop, phonghop-demo or phonghop-rehearsal
	Room   string
	Log    string
	Epoch  int
}

func (o Origin) String() string {
	return o.Prefix + "/" + o.Room + "/" + o.Log + "/" + strconv.Itoa(o.Epoch)
}

// ParseOrigin reads PREFIX/ROOM/LOG/EPOCH.
func ParseOrigin(s string) (Origin, error) {
	p := strings.Split(s, "/")
	if len(p) == 4 && logName(p[0]) && logName(p[1]) && logName(p[2]) {
		epoch, err := strconv.Atoi(p[3])
		o := Origin{p[0], p[1], p[2], epoch}
		if err == nil && epoch > 0 && o.String() == s {
			return o, nil
		}
	}
	return Origin{}, fmt.Errorf("%q is not the origin of a log", s)
}

// parseVerifier reads a public key in a note's form, with the origin it names.
func parseVerifier(text string) (Origin, ed25519.PublicKey, error) {
	if _, err := note.NewVerifier(text); err != nil {
		return Origin{}, nil, fmt.Errorf("%q is not a public key: %w", text, err)
	}
	parts := strings.SplitN(text, "+", 3)
	o, err := ParseOrigin(parts[0])
	if err != nil {
		return Origin{}, nil, err
	}
	public, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(public) != 1+ed25519.PublicKeySize || public[0] != ed25519Note {
		return Origin{}, nil, fmt.Errorf("%q is not an Ed25519 key", text)
	}
	return o, public[1:], nil
}

// parcelName is the LOG in the name under which parcels are signed; no log is
// called so, and what is signed can never be taken for a checkpoint.
const parcelName = "parcel"

// SignParcel signs a text that leaves the box on a stick, as a note.
func (j *Journal) SignParcel(text string) ([]byte, error) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.key == nil {
		return nil, ErrReadOnly
	}
	s, err := j.key.signer(j.origin(parcelName, j.key.epoch).String())
	if err != nil {
		return nil, fmt.Errorf("signing a parcel: %w", err)
	}
	return note.Sign(&note.Note{Text: text}, s)
}

// OpenParcel gives the text of a signed parcel, and who says to have signed it.
// With keys (as PublicKeys gives them) the signature must be by one of them;
// without, nothing is checked and the text only says whose parcel it is.
func OpenParcel(signed []byte, keys ...string) (text string, by Origin, err error) {
	text, by, err = parcelBy(signed)
	if err != nil || len(keys) == 0 {
		return text, by, err
	}
	public, err := chooseKey(by, keys)
	if err != nil {
		return "", by, err
	}
	v, err := note.NewVerifier(verifierText(by.String(), public))
	if err != nil {
		return "", by, err
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return "", by, fmt.Errorf("the parcel is not signed by its room: %w", err)
	}
	return n.Text, by, nil
}

// parcelBy reads the name in the first line below the text.
func parcelBy(signed []byte) (string, Origin, error) {
	text, below, ok := strings.Cut(string(signed), "\n\n— ")
	name, _, ok2 := strings.Cut(below, " ")
	if !ok || !ok2 {
		return "", Origin{}, errors.New("it is not a signed note")
	}
	o, err := ParseOrigin(name)
	if err == nil && o.Log != parcelName {
		err = fmt.Errorf("%s does not sign parcels", name)
	}
	return text + "\n", o, err
}
