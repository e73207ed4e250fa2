package letters

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
)

// Pinned trusts the one public key that is picks by its SHA-256: the server's own,
// or that of the authority above it, whatever the dates, since clocks of boxes are
// years apart. Any other server is answered with stranger.
func Pinned(is func(sum []byte) bool, stranger error) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true, // the pin is the check, and a stricter one
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			return follow(raw, is, stranger)
		},
	}
}

// follow goes up the chain from the server's own certificate until the pinned key.
func follow(raw [][]byte, is func(sum []byte) bool, stranger error) error {
	var below *x509.Certificate
	for _, der := range raw {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return err
		}
		if below != nil && below.CheckSignatureFrom(cert) != nil {
			return stranger
		}
		if sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo); is(sum[:]) {
			return nil
		}
		below = cert
	}
	return stranger
}
