package announce

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Link is a network the box is on, with its own addresses there.
type Link struct {
	Index int
	Name  string
	Addrs []netip.Addr // without zones, v4 first
}

func (l Link) equal(o Link) bool { return l.Index == o.Index && slices.Equal(l.Addrs, o.Addrs) }

// of are the link's addresses of one family.
func (l Link) of(v4 bool) []netip.Addr {
	var out []netip.Addr
	for _, a := range l.Addrs {
		if a.Is4() == v4 {
			out = append(out, a)
		}
	}
	return out
}

// Links are this machine's links that are up and can multicast; loopback and the
// bridges of container engines are none.
func Links() ([]Link, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var links []Link
	for _, i := range all {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagMulticast == 0 || i.Flags&net.FlagLoopback != 0 || virtual(i.Name) {
			continue
		}
		if l := linkOf(i); len(l.Addrs) > 0 {
			links = append(links, l)
		}
	}
	return links, nil
}

func virtual(name string) bool {
	return slices.ContainsFunc([]string{"docker", "br-", "veth", "virbr", "cni", "podman"}, func(p string) bool { return strings.HasPrefix(name, p) })
}

func linkOf(i net.Interface) Link {
	l := Link{Index: i.Index, Name: i.Name}
	addrs, err := i.Addrs()
	if err != nil {
		return l // it went down just now; the next look finds it gone
	}
	for _, a := range addrs {
		p, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		if addr := p.Addr().Unmap().WithZone(""); !addr.IsLoopback() && !addr.IsUnspecified() {
			l.Addrs = append(l.Addrs, addr)
		}
	}
	slices.SortFunc(l.Addrs, netip.Addr.Compare)
	return l
}
