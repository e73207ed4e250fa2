package access

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func addresses(list ...string) []netip.Addr {
	var all []netip.Addr
	for _, a := range list {
		all = append(all, netip.MustParseAddr(a))
	}
	return all
}

func at() time.Time { return time.Date(2026, 6, 24, 8, 0, 0, 0, time.UTC) }

func authority(t *testing.T, dir string, list ...string) *Authority {
	t.Helper()
	a, err := OpenAuthority(dir, "phong-a2", addresses(list...), at())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *Authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(a.PEM())
	return pool
}

// shake does a handshake the way a tablet does that trusts the CA.
func shake(t *testing.T, a *Authority, name string) error {
	t.Helper()
	// A listener, not a pipe: both ends of a failed handshake write an alert.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if c, err := l.Accept(); err == nil {
			tls.Server(c, a.Config()).Handshake()
			c.Close()
		}
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	client := tls.Client(c, &tls.Config{RootCAs: a.pool(), ServerName: name, Time: at, NextProtos: []string{"h2"}})
	if err := client.Handshake(); err != nil {
		return err
	}
	if got := client.ConnectionState().NegotiatedProtocol; got != "h2" {
		t.Errorf("protocol %q", got)
	}
	return nil
}

func TestTabletsTrustTheRoomByNameAndAddress(t *testing.T) {
	a := authority(t, t.TempDir(), "10.47.0.1", "fd00::1", "fe80::1%eth0", "8.8.8.8", "::ffff:192.168.1.5")
	for _, name := range []string{"phong-a2.local", "localhost", "10.47.0.1", "fd00::1", "fe80::1", "127.0.0.1", "::1", "192.168.1.5"} {
		if err := shake(t, a, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"phong-b1.local", "8.8.8.8", "10.47.0.2", "ubnd.gov.vn"} {
		if err := shake(t, a, name); err == nil {
			t.Errorf("%s was trusted", name)
		}
	}
}

// TestAStolenCAVouchesForNobodyElse signs leaves with the CA's own key.
func TestAStolenCAVouchesForNobodyElse(t *testing.T) {
	a := authority(t, t.TempDir())
	vouch := func(dns []string, ips ...string) error {
		template := &x509.Certificate{SerialNumber: newSerial(), NotBefore: at().Add(-time.Hour), NotAfter: at().Add(time.Hour),
			DNSNames: dns, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
		for _, ip := range ips {
			template.IPAddresses = append(template.IPAddresses, net.ParseIP(ip))
		}
		leaf, err := sign(template, &a.root)
		if err != nil {
			t.Fatal(err)
		}
		_, err = leaf.cert.Verify(x509.VerifyOptions{Roots: a.pool(), CurrentTime: at()})
		return err
	}
	for _, ip := range []string{"10.255.0.1", "172.31.9.9", "192.168.200.1", "169.254.3.4", "fd12::9", "fe80::9"} {
		if err := vouch(nil, ip); err != nil {
			t.Errorf("a new address plan %s: %v", ip, err)
		}
	}
	for _, ip := range []string{"8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1"} {
		if vouch(nil, ip) == nil {
			t.Errorf("vouched for %s", ip)
		}
	}
	for _, name := range []string{"ubnd.gov.vn", "local", "phong-b1.local", "xphong-a2.local", "phong-a2.local.evil.vn"} {
		if vouch([]string{name}) == nil {
			t.Errorf("vouched for %s", name)
		}
	}
	if vouch([]string{"phong-a2.local", "ubnd.gov.vn"}) == nil {
		t.Error("vouched for a name hidden behind the room's")
	}
	critical := slices.ContainsFunc(a.root.cert.Extensions, func(e pkix.Extension) bool { return e.Id.String() == "2.5.29.30" && e.Critical })
	if !critical || !a.root.cert.MaxPathLenZero {
		t.Error("the constraints are not critical, or the CA may make CAs")
	}
}

func TestLifetimes(t *testing.T) {
	a := authority(t, t.TempDir())
	leaf, root := a.leaf.Load().Leaf, a.root.cert
	if days := leaf.NotAfter.Sub(leaf.NotBefore).Hours() / 24; days > 397 {
		t.Errorf("the leaf lives %v days", days)
	}
	if !leaf.NotBefore.Before(at().Add(-24*time.Hour)) || root.NotAfter.Year() != 2036 {
		t.Errorf("leaf from %v, root to %v", leaf.NotBefore, root.NotAfter)
	}
}

func TestRenewOnlyWhenNeeded(t *testing.T) {
	dir := t.TempDir()
	a := authority(t, dir, "10.47.0.1")
	ca := a.Fingerprint()
	for _, c := range []struct {
		name      string
		addresses []netip.Addr
		now       time.Time
		want      bool
	}{
		{"nothing new", addresses("10.47.0.1"), at(), false},
		{"a link went away", nil, at(), false},
		{"only a public address is new", addresses("8.8.8.8"), at(), false},
		{"a new address", addresses("192.168.7.7"), at(), true},
		{"still fresh", addresses("192.168.7.7"), at().AddDate(0, 11, 0), false},
		{"ends within a month", addresses("192.168.7.7"), at().AddDate(0, 12, 10), true},
		{"the clock was far ahead", addresses("192.168.7.7"), at(), true},
		{"the clock battery is dead", addresses("192.168.7.7"), time.Unix(0, 0), false},
	} {
		got, err := a.Renew(c.addresses, c.now)
		if err != nil || got != c.want {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	if err := shake(t, a, "192.168.7.7"); err != nil {
		t.Error(err)
	}
	leaf := a.leaf.Load().Certificate[0]
	again := authority(t, dir, "192.168.7.7")
	if again.Fingerprint() != ca || !bytes.Equal(again.leaf.Load().Certificate[0], leaf) {
		t.Error("a restart made new certificates")
	}
}

func TestABoxWithADeadClock(t *testing.T) {
	a, err := OpenAuthority(t.TempDir(), "phong-a2", addresses("10.47.0.1"), time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if err := shake(t, a, "10.47.0.1"); err != nil {
		t.Errorf("tablets with the right time: %v", err)
	}
}

func TestFilesAndDownloads(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tls")
	a := authority(t, dir)
	for _, name := range []string{"ca.pem", "leaf.pem"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if bytes.Contains(a.PEM(), []byte("PRIVATE")) {
		t.Error("the download holds the key")
	}
	if cert, err := x509.ParseCertificate(a.DER()); err != nil || !cert.IsCA || !strings.HasPrefix(cert.Subject.CommonName, "Phòng họp phong-a2") {
		t.Errorf("%v, %v", cert, err)
	}
	if f := a.Fingerprint(); len(f) != 95 || strings.Count(f, ":") != 31 {
		t.Errorf("fingerprint %q", f)
	}
	if err := os.WriteFile(filepath.Join(dir, "leaf.pem"), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := shake(t, authority(t, dir), "phong-a2.local"); err != nil {
		t.Errorf("after a torn leaf: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenAuthority(dir, "phong-a2", nil, at()); err == nil {
		t.Error("a torn CA was replaced in silence: every tablet would have to enrol again")
	}
}

func TestAGivenCertificate(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	from := authority(t, other)
	both := filepath.Join(other, "leaf.pem")
	if err := Give(dir, both, filepath.Join(other, "ca.pem"), at()); err == nil {
		t.Error("a key of another certificate was taken")
	}
	if err := Give(dir, both, both, at().AddDate(3, 0, 0)); err == nil {
		t.Error("an expired certificate was taken")
	}
	if err := Give(dir, both, both, at()); err != nil {
		t.Fatal(err)
	}
	a := authority(t, dir)
	if !a.Given() || a.PEM() != nil || a.DER() != nil || !bytes.Equal(a.leaf.Load().Certificate[0], from.leaf.Load().Certificate[0]) {
		t.Error("it is not what is served")
	}
	if a.Fingerprint() == from.Fingerprint() || !a.Expires().Equal(from.Expires()) {
		t.Error("fingerprint or end of another certificate")
	}
	if renewed, err := a.Renew(addresses("10.0.0.9"), at()); renewed || err != nil {
		t.Errorf("renewed %v, %v", renewed, err)
	}
}

func TestAddressesOfThisBox(t *testing.T) {
	list, err := Addresses()
	if err != nil || !slices.ContainsFunc(list, netip.Addr.IsLoopback) {
		t.Errorf("got %v, %v", list, err)
	}
}
