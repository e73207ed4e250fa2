package letters

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"
)

// Code is what a centre shows once for a room to pair with: a secret, and the
// fingerprint of the centre's certificate so that the room knows whom it talks
// to. Fingerprint is empty on loopback, where there is no certificate.
type Code struct {
	Secret      string // 8 letters
	Fingerprint string // of 16 bytes, 26 letters
}

// ErrCode means that what was typed is not a code of this form.
var ErrCode = errors.New("not a code of a centre")

const (
	secretLetters      = 8
	fingerprintLetters = 26
)

// crockford has no letter that is taken for a digit when it is read aloud.
func crockford() *base32.Encoding {
	return base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)
}

// NewCode makes a code with a fresh secret of 40 bits. sum is the SHA-256 of the
// certificate's public key, of which 16 bytes are kept; nil for none.
func NewCode(sum []byte) Code {
	secret := make([]byte, 5)
	rand.Read(secret)
	return Code{crockford().EncodeToString(secret), Fingerprint(sum)}
}

// Fingerprint is the form in which a code carries the hash of a public key.
func Fingerprint(sum []byte) string {
	if len(sum) < 16 {
		return ""
	}
	return crockford().EncodeToString(sum[:16])
}

// String writes it in groups of four: K7Q2-9XMB-…
func (c Code) String() string {
	s := c.Secret + c.Fingerprint
	var groups []string
	for len(s) > 4 {
		groups, s = append(groups, s[:4]), s[4:]
	}
	return strings.Join(append(groups, s), "-")
}

// ParseCode reads a code as people type it: any case, with or without dashes,
// O for 0, I and L for 1.
func ParseCode(typed string) (Code, error) {
	clean := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(typed)))
	for _, c := range clean {
		if !strings.ContainsRune("0123456789ABCDEFGHJKMNPQRSTVWXYZ", c) {
			return Code{}, ErrCode
		}
	}
	switch len(clean) {
	case secretLetters, secretLetters + fingerprintLetters:
		return Code{clean[:secretLetters], clean[secretLetters:]}, nil
	}
	return Code{}, ErrCode
}
