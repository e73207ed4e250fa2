package access

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"time"
)

const (
	rootYears  = 10
	leafDays   = 397                 // browsers refuse longer ones
	renewAhead = 30 * 24 * time.Hour // before the leaf ends
	backdated  = 48 * time.Hour      // for tablets whose clocks are behind
)

// earliest is a time before every room: a box whose clock battery is dead must
// not make a CA that ended long ago.
func earliest() time.Time { return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) }

// privateRanges are the addresses the CA may speak for: private, link-local and
// loopback. A new address plan in them needs a new leaf, not sixty enrolments.
func privateRanges() []netip.Prefix {
	var list []netip.Prefix
	for _, cidr := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"} {
		list = append(list, netip.MustParsePrefix(cidr))
	}
	return list
}

// names are what a tablet may call the room.
func names(slug string) []string { return []string{slug + ".local", "localhost"} }

// newRoot makes the CA. Its critical name constraints are what makes it safe to
// install: even stolen, it can vouch for no site outside the room.
func newRoot(slug string, now time.Time) (pair, error) {
	if now.Before(earliest()) {
		now = earliest()
	}
	var ranges []*net.IPNet
	for _, p := range privateRanges() {
		ranges = append(ranges, &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())})
	}
	serial := newSerial()
	return sign(&x509.Certificate{
		SerialNumber:                serial,
		Subject:                     pkix.Name{CommonName: fmt.Sprintf("Phòng họp %s (%04x)", slug, serial.Bits()[0]&0xffff)},
		NotBefore:                   now.Add(-backdated),
		NotAfter:                    now.AddDate(rootYears, 0, 0),
		KeyUsage:                    x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		ExtKeyUsage:                 []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid:       true,
		IsCA:                        true,
		MaxPathLenZero:              true,
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         names(slug),
		PermittedIPRanges:           ranges,
	}, nil)
}

func newSerial() *big.Int {
	b := make([]byte, 16)
	rand.Read(b)
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b)
}

func (a *Authority) newLeaf(addresses []netip.Addr, now time.Time) (pair, error) {
	from := now.Add(-backdated)
	if from.Before(a.root.cert.NotBefore) {
		from = a.root.cert.NotBefore
	}
	var ips []net.IP
	for _, addr := range addresses {
		ips = append(ips, addr.AsSlice())
	}
	return sign(&x509.Certificate{
		SerialNumber: newSerial(),
		Subject:      pkix.Name{CommonName: a.slug + ".local"},
		NotBefore:    from,
		NotAfter:     from.Add(leafDays * 24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     names(a.slug),
		IPAddresses:  ips,
	}, &a.root)
}

// Renew signs a new leaf where the one in force does not cover these addresses,
// ends soon or is not yet in force, and reports whether it did. Call it when an
// address changes and once a day. Addresses outside the private ranges are left
// out: with one of them clients would refuse the whole certificate.
func (a *Authority) Renew(addresses []netip.Addr, now time.Time) (bool, error) {
	if a.given {
		return false, nil
	}
	a.renewing.Lock()
	defer a.renewing.Unlock()
	addresses = certifiable(addresses)
	if a.covers(addresses, now) {
		return false, nil
	}
	leaf, err := a.newLeaf(addresses, now)
	if err != nil {
		return false, fmt.Errorf("renew the room's certificate: %w", err)
	}
	if err := writePair(a.file("leaf.pem"), leaf); err != nil {
		return false, fmt.Errorf("keep the room's certificate: %w", err)
	}
	a.leaf.Store(leaf.tls(a.root))
	return true, nil
}

func (a *Authority) covers(addresses []netip.Addr, now time.Time) bool {
	in := a.leaf.Load()
	if in == nil || in.Leaf.VerifyHostname(a.slug+".local") != nil {
		return false
	}
	if now.Before(in.Leaf.NotBefore) && now.After(earliest()) || now.After(in.Leaf.NotAfter.Add(-renewAhead)) {
		return false
	}
	return !slices.ContainsFunc(addresses, func(addr netip.Addr) bool { return in.Leaf.VerifyHostname(addr.String()) != nil })
}

// certifiable keeps the private addresses, without zones, with loopback.
func certifiable(addresses []netip.Addr) []netip.Addr {
	list := []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}
	for _, addr := range addresses {
		addr = addr.Unmap().WithZone("")
		if slices.ContainsFunc(privateRanges(), func(p netip.Prefix) bool { return p.Contains(addr) }) {
			list = append(list, addr)
		}
	}
	slices.SortFunc(list, netip.Addr.Compare)
	return slices.Compact(list)
}

// Addresses are those of the box now, of all links that are up.
func Addresses() ([]netip.Addr, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list the addresses of the box: %w", err)
	}
	var list []netip.Addr
	for _, one := range all {
		if p, err := netip.ParsePrefix(one.String()); err == nil {
			list = append(list, p.Addr())
		}
	}
	return list, nil
}
