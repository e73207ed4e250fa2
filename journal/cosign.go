package journal

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"phonghop/store"
)

// cosignatureNote is the algorithm byte of a timestamped Ed25519 cosignature
// (C2SP tlog-cosignature).
const cosignatureNote = 4

// Cosigner is a centre's own key. Its signature below a room's checkpoint says:
// at this time I held every entry the checkpoint signs. That is the receipt.
type Cosigner struct {
	name    string
	private ed25519.PrivateKey
}

// NewCosigner makes a key under a name, which has no spaces and no plus sign.
func NewCosigner(name string) *Cosigner {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return &Cosigner{name, private}
}

// OpenCosigner reads the key kept at path.
func OpenCosigner(path string, text []byte) (*Cosigner, error) {
	parts := strings.SplitN(strings.TrimSpace(string(text)), "+", 3)
	if len(parts) != 3 || parts[0] != "COSIGNER" {
		return nil, fmt.Errorf("%s is not the key of a centre", path)
	}
	seed, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s is not the key of a centre", path)
	}
	return &Cosigner{parts[1], ed25519.NewKeyFromSeed(seed)}, nil
}

// Save keeps the key durably, for the centre's eyes only.
func (c *Cosigner) Save(path string) error {
	text := "COSIGNER+" + c.name + "+" + base64.StdEncoding.EncodeToString(c.private.Seed()) + "\n"
	if err := store.WriteFile(path, []byte(text), 0o600); err != nil {
		return fmt.Errorf("keeping the centre's key: %w", err)
	}
	return nil
}

// PublicKey is what a room pins at pairing: a verifier key of a note.
func (c *Cosigner) PublicKey() string { return cosignerText(c.name, c.public()) }

func (c *Cosigner) public() ed25519.PublicKey { return c.private.Public().(ed25519.PublicKey) }

func cosignerText(name string, public ed25519.PublicKey) string {
	key := append([]byte{cosignatureNote}, public...)
	return fmt.Sprintf("%s+%08x+%s", name, cosignerHash(name, key), base64.StdEncoding.EncodeToString(key))
}

func cosignerHash(name string, key []byte) uint32 {
	h := sha256.Sum256(append([]byte(name+"\n"), key...))
	return binary.BigEndian.Uint32(h[:])
}

// Cosign adds the centre's line to a checkpoint that Receive has taken.
func (c *Cosigner) Cosign(checkpoint []byte, at time.Time) ([]byte, error) {
	text, _, ok := strings.Cut(string(checkpoint), "\n\n")
	if !ok {
		return nil, errors.New("countersigning: it is not a signed checkpoint")
	}
	stamp := at.Unix()
	sig := binary.BigEndian.AppendUint32(nil, cosignerHash(c.name, append([]byte{cosignatureNote}, c.public()...)))
	sig = binary.BigEndian.AppendUint64(sig, uint64(stamp))
	sig = append(sig, ed25519.Sign(c.private, cosigned(stamp, text+"\n"))...)
	line := "— " + c.name + " " + base64.StdEncoding.EncodeToString(sig) + "\n"
	return append(append([]byte{}, checkpoint...), line...), nil
}

// cosigned is what a cosignature signs.
func cosigned(stamp int64, text string) []byte {
	return []byte("cosignature/v1\ntime " + strconv.FormatInt(stamp, 10) + "\n" + text)
}

// CheckCosigned tells when the centre of a public key held all that the
// checkpoint signs. It says nothing of the room's own signature.
func CheckCosigned(checkpoint []byte, publicKey string) (Origin, int64, time.Time, error) {
	v, err := parseCosigner(publicKey)
	if err != nil {
		return Origin{}, 0, time.Time{}, err
	}
	n, err := note.Open(checkpoint, note.VerifierList(v))
	if err != nil {
		return Origin{}, 0, time.Time{}, fmt.Errorf("the centre's signature: %w", err)
	}
	first, _, _ := strings.Cut(n.Text, "\n")
	o, err := ParseOrigin(first)
	if err != nil {
		return Origin{}, 0, time.Time{}, err
	}
	s, err := parseCheckpoint(o, n.Text)
	if err != nil {
		return Origin{}, 0, time.Time{}, err
	}
	return o, s.size, v.at, nil
}

// cosigner verifies cosignatures of one key; at is of the last one that was right.
type cosigner struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
	at     time.Time
}

func parseCosigner(text string) (*cosigner, error) {
	parts := strings.SplitN(strings.TrimSpace(text), "+", 3)
	bad := fmt.Errorf("%q is not the public key of a centre", text)
	if len(parts) != 3 || parts[0] == "" {
		return nil, bad
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureNote {
		return nil, bad
	}
	c := &cosigner{name: parts[0], hash: cosignerHash(parts[0], key), public: key[1:]}
	if parts[1] != fmt.Sprintf("%08x", c.hash) {
		return nil, bad
	}
	return c, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	stamp := int64(binary.BigEndian.Uint64(sig))
	if !ed25519.Verify(c.public, cosigned(stamp, string(msg)), sig[8:]) {
		return false
	}
	c.at = time.Unix(stamp, 0).UTC()
	return true
}
