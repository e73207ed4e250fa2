package ghosts

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"strings"
)

// ErrStranger means that another server answers at the room's address.
var ErrStranger = errors.New("ghosts: another server answers at the room's address")

// Pinned trusts the one public key whose SHA-256 this is, in hexadecimal: the
// server's own, or that of the authority above it, whatever the dates.
func Pinned(fingerprint string) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // the pin is the check, and a stricter one
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			return follow(raw, fingerprint)
		},
	}
}

// follow goes up the chain from the server's own certificate until the pinned key.
func follow(raw [][]byte, fingerprint string) error {
	var below *x509.Certificate
	for _, der := range raw {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return err
		}
		if below != nil && below.CheckSignatureFrom(cert) != nil {
			return ErrStranger
		}
		if sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo); strings.EqualFold(hex.EncodeToString(sum[:]), fingerprint) {
			return nil
		}
		below = cert
	}
	return ErrStranger
}
