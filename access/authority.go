package access

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"phonghop/store"
)

// pair is a key with its certificate.
type pair struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

// Authority holds the room's certificates: its own CA, made at the first start,
// with the leaf signed by it, or a certificate that was given to the room.
type Authority struct {
	dir, slug string
	root      pair
	given     bool
	renewing  sync.Mutex
	leaf      atomic.Pointer[tls.Certificate]
}

// OpenAuthority reads or makes the certificates in dir, the folder tls/ of the
// data: ca.pem (key and certificate of the CA, 0600) and leaf.pem. Where dir
// holds given.pem (Give), that is served instead. slug is the room's name
// without ".local"; the addresses are those of the room now.
//
// A crash leaves either the old files or the new; losing ca.pem makes every
// tablet enrol again.
func OpenAuthority(dir, slug string, addresses []netip.Addr, now time.Time) (*Authority, error) {
	a := &Authority{dir: dir, slug: slug}
	switch given, err := tls.LoadX509KeyPair(a.file("given.pem"), a.file("given.pem")); {
	case err == nil:
		a.given = true
		a.leaf.Store(&given)
		return a, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the given certificate: %w", err)
	}
	if err := a.openRoot(now); err != nil {
		return nil, err
	}
	a.openLeaf()
	if _, err := a.Renew(addresses, now); err != nil {
		return nil, err
	}
	return a, nil
}

// Give keeps a certificate and key from elsewhere in dir as given.pem, after
// making sure that they belong together and that the certificate is in force.
// Removing that file brings the room's own CA back.
func Give(dir, certFile, keyFile string, now time.Time) error {
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return fmt.Errorf("read the key of the certificate: %w", err)
	}
	given, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("certificate and key: %w", err)
	}
	if now.Before(given.Leaf.NotBefore) || now.After(given.Leaf.NotAfter) {
		return fmt.Errorf("the certificate is in force from %s to %s, not now", given.Leaf.NotBefore.Format(time.DateOnly), given.Leaf.NotAfter.Format(time.DateOnly))
	}
	return store.WriteFile(filepath.Join(dir, "given.pem"), bytes.Join([][]byte{cert, key}, []byte("\n")), 0o600)
}

func (a *Authority) file(name string) string { return filepath.Join(a.dir, name) }

// Given reports that the room serves a certificate from elsewhere; then there
// is no CA to hand out.
func (a *Authority) Given() bool { return a.given }

// Config serves the leaf in force; Renew needs no restart.
func (a *Authority) Config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return a.leaf.Load(), nil },
	}
}

// DER is the CA's certificate as Android wants it; nil if one was given.
func (a *Authority) DER() []byte {
	if a.given {
		return nil
	}
	return a.root.cert.Raw
}

// PEM is the CA's certificate as Windows and Linux want it.
func (a *Authority) PEM() []byte {
	if a.given {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.cert.Raw})
}

// Fingerprint is the SHA-256 that people compare before trusting: of the CA, or
// of the certificate that was given.
func (a *Authority) Fingerprint() string {
	cert := a.DER()
	if a.given {
		cert = a.leaf.Load().Certificate[0]
	}
	sum := sha256.Sum256(cert)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

// Pin is the SHA-256 of the public key a program pins: of the CA, which stays when
// addresses change, or of the certificate that was given.
func (a *Authority) Pin() []byte {
	cert := a.root.cert
	if a.given {
		cert = a.leaf.Load().Leaf
	}
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return sum[:]
}

// Expires is when the certificate in force ends.
func (a *Authority) Expires() time.Time { return a.leaf.Load().Leaf.NotAfter }

func (a *Authority) openRoot(now time.Time) error {
	root, err := readPair(a.file("ca.pem"))
	if errors.Is(err, fs.ErrNotExist) {
		if root, err = newRoot(a.slug, now); err == nil {
			err = writePair(a.file("ca.pem"), root)
		}
	}
	if err != nil {
		return fmt.Errorf("the room's CA: %w", err)
	}
	a.root = root
	return nil
}

// openLeaf takes the leaf of the last start. One that cannot be read is made
// again by Renew; nothing depends on it.
func (a *Authority) openLeaf() {
	leaf, err := readPair(a.file("leaf.pem"))
	if err == nil && leaf.cert.CheckSignatureFrom(a.root.cert) == nil {
		a.leaf.Store(leaf.tls(a.root))
	}
}

// tls is the leaf with the CA above it, so that a program which was told the CA's
// fingerprint alone can follow.
func (p pair) tls(root pair) *tls.Certificate {
	return &tls.Certificate{Certificate: [][]byte{p.cert.Raw, root.cert.Raw}, PrivateKey: p.key, Leaf: p.cert}
}

func readPair(path string) (pair, error) {
	both, err := tls.LoadX509KeyPair(path, path)
	if err != nil {
		return pair{}, fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	key, ok := both.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return pair{}, fmt.Errorf("read %s: its key is not an elliptic one", filepath.Base(path))
	}
	return pair{key, both.Leaf}, nil
}

// writePair keeps key and certificate in one file, so that no crash can part
// them.
func writePair(path string, p pair) error {
	key, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.cert.Raw})
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	return store.WriteFile(path, text, 0o600)
}

// sign makes a new key and a certificate for it; without a parent it signs
// itself.
func sign(template *x509.Certificate, parent *pair) (pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair{}, fmt.Errorf("make a key: %w", err)
	}
	if parent == nil {
		parent = &pair{key, template}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.cert, key.Public(), parent.key)
	if err != nil {
		return pair{}, fmt.Errorf("sign a certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return pair{}, fmt.Errorf("read the certificate just signed: %w", err)
	}
	return pair{key, cert}, nil
}
