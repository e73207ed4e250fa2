package ghosts

import (
	"crypto/tls"
	"encoding/hex"
	"errors"
	"strings"

	"phonghop/sync/letters"
)

// ErrStranger means that another server answers at the room's address.
var ErrStranger = errors.New("ghosts: another server answers at the room's address")

// Pinned trusts the one public key whose SHA-256 this is, in hexadecimal.
func Pinned(fingerprint string) *tls.Config {
	return letters.Pinned(func(sum []byte) bool { return strings.EqualFold(hex.EncodeToString(sum), fingerprint) }, ErrStranger)
}
