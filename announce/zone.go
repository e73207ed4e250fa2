package announce

import (
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"time"

	hashicorp "github.com/hashicorp/mdns"
	"github.com/miekg/dns"
	pion "github.com/pion/mdns/v2"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// How long others may keep what they heard (RFC 6762, section 10), in seconds.
const (
	hostLives    = 120
	serviceLives = 4500
)

// zone is what we answer for.
type zone struct {
	host, service, instance string // with a dot at the end
	port                    uint16
	text                    []string
	talker                  *talker

	mu   sync.Mutex
	said map[string]time.Time // when an answer was multicast last
}

func newZone(c Config, host string, t *talker) *zone {
	service := c.Service + ".local."
	text := c.Text
	if len(text) == 0 {
		text = []string{""}
	}
	return &zone{host: host, service: service, instance: label(c.Instance) + "." + service, port: uint16(c.Port), text: text,
		talker: t, said: map[string]time.Time{}}
}

// label makes a name for people one label: at most 63 bytes, its dots and
// backslashes escaped as the wire format wants them.
func label(s string) string {
	for len(s) > 63 {
		r := []rune(s)
		s = string(r[:len(r)-1])
	}
	return strings.NewReplacer(`\`, `\\`, ".", `\.`, " ", `\ `, `"`, `\"`, "(", `\(`, ")", `\)`, ";", `\;`, "@", `\@`).Replace(s)
}

func head(name string, kind uint16, ttl uint32, unique bool) dns.RR_Header {
	class := uint16(dns.ClassINET)
	if unique {
		class |= flush
	}
	return dns.RR_Header{Name: name, Rrtype: kind, Class: class, Ttl: ttl}
}

// addresses are the records of the host name on a link.
func addresses(name string, l Link, ttl uint32) []dns.RR {
	var all []dns.RR
	for _, a := range l.of(true) {
		all = append(all, &dns.A{Hdr: head(name, dns.TypeA, ttl, true), A: net.IP(a.AsSlice())})
	}
	for _, a := range l.of(false) {
		all = append(all, &dns.AAAA{Hdr: head(name, dns.TypeAAAA, ttl, true), AAAA: net.IP(a.AsSlice())})
	}
	return all
}

// has is the NSEC record that says which kinds a name has, and so no others.
func has(name string, kinds ...uint16) dns.RR {
	return &dns.NSEC{Hdr: head(name, dns.TypeNSEC, hostLives, true), NextDomain: name, TypeBitMap: kinds}
}

func (z *zone) hostKinds(l Link) []uint16 {
	var kinds []uint16
	if len(l.of(true)) > 0 {
		kinds = append(kinds, dns.TypeA)
	}
	if len(l.of(false)) > 0 {
		kinds = append(kinds, dns.TypeAAAA)
	}
	return kinds
}

// records are those of the service.
func (z *zone) records(ttl uint32) []dns.RR {
	return []dns.RR{
		&dns.PTR{Hdr: head("_services._dns-sd._udp.local.", dns.TypePTR, min(ttl, serviceLives), false), Ptr: z.service},
		&dns.PTR{Hdr: head(z.service, dns.TypePTR, min(ttl, serviceLives), false), Ptr: z.instance},
		&dns.SRV{Hdr: head(z.instance, dns.TypeSRV, min(ttl, hostLives), true), Port: z.port, Target: z.host},
		&dns.TXT{Hdr: head(z.instance, dns.TypeTXT, min(ttl, serviceLives), true), Txt: z.text},
	}
}

// all is what is announced on a link.
func (z *zone) all(l Link) []dns.RR {
	return append(append(z.records(serviceLives), addresses(z.host, l, hostLives)...),
		has(z.host, z.hostKinds(l)...), has(z.instance, dns.TypeTXT, dns.TypeSRV))
}

// goodbye takes all of it back (section 10.1).
func (z *zone) goodbye(l Link) []dns.RR { return append(z.records(0), addresses(z.host, l, 0)...) }

// reply answers what the two libraries leave open: whoever probes for our name;
// a question for a kind that a name of ours does not have, since browsers ask for
// HTTPS and AAAA beside A and wait for each; and one-shot askers for the service,
// whom hashicorp/mdns answers without their question.
func (z *zone) reply(q dns.Question, l Link, oneShot bool) []dns.RR {
	if q.Qtype == dns.TypeANY {
		return z.defence(q, l)
	}
	if oneShot {
		if found := z.answers(q); len(found) > 0 {
			return found
		}
	}
	for name, kinds := range map[string][]uint16{z.host: z.hostKinds(l), z.instance: {dns.TypeTXT, dns.TypeSRV}} {
		if strings.EqualFold(q.Name, name) && !contains(kinds, q.Qtype) {
			return []dns.RR{has(name, kinds...)}
		}
	}
	return nil
}

// defence answers whoever asks for anything under our host name, as a host does
// that probes for it: pion knows only single kinds.
func (z *zone) defence(q dns.Question, l Link) []dns.RR {
	if !strings.EqualFold(q.Name, z.host) {
		return nil
	}
	return addresses(z.host, l, hostLives)
}

func contains(kinds []uint16, kind uint16) bool {
	for _, k := range kinds {
		if k == kind {
			return true
		}
	}
	return false
}

// Records is hashicorp/mdns' question: never for the host name, whose answers to
// one-shot askers it would send without their question, and Android drops those.
// It sends to the asker alone; many stacks wait for the multicast answer, so it is
// said to everybody too, at most once a second (section 6).
func (z *zone) Records(q dns.Question) []dns.RR {
	found := z.answers(q)
	if len(found) > 0 && q.Qclass&flush == 0 && z.due(q) {
		z.talker.say(func(Link) []dns.RR { return found })
	}
	return found
}

// answers are the records of the service a question is for.
func (z *zone) answers(q dns.Question) []dns.RR {
	var found []dns.RR
	for _, r := range z.records(serviceLives) {
		if strings.EqualFold(r.Header().Name, q.Name) && (q.Qtype == dns.TypeANY || q.Qtype == r.Header().Rrtype) {
			found = append(found, r)
		}
	}
	if len(found) > 0 && strings.EqualFold(q.Name, z.service) {
		found = append(found, z.records(serviceLives)[2:]...)
	}
	return found
}

func (z *zone) due(q dns.Question) bool {
	z.mu.Lock()
	defer z.mu.Unlock()
	key := strings.ToLower(q.Name) + dns.TypeToString[q.Qtype]
	now := time.Now()
	if now.Sub(z.said[key]) < time.Second {
		return false
	}
	z.said[key] = now
	return true
}

// serve starts the two libraries on the links.
func serve(z *zone, links []Link) (stop func(), err error) {
	var ifaces []net.Interface
	for _, l := range links {
		i, err := net.InterfaceByIndex(l.Index)
		if err != nil {
			return nil, err
		}
		ifaces = append(ifaces, *i)
	}
	host, err := serveHost(z, ifaces)
	if err != nil {
		return nil, err
	}
	// One server alone: it hears every link on which the talker has joined.
	service, err := hashicorp.NewServer(&hashicorp.Config{Zone: z, Iface: &ifaces[0], Logger: log.New(io.Discard, "", 0)})
	if err != nil {
		host.Close()
		return nil, err
	}
	return func() { host.Close(); _ = service.Shutdown() }, nil
}

func serveHost(z *zone, ifaces []net.Interface) (*pion.Conn, error) {
	var p4 *ipv4.PacketConn
	var p6 *ipv6.PacketConn
	group4, group6 := groups()
	if c, err := net.ListenUDP("udp4", group4); err == nil {
		p4 = ipv4.NewPacketConn(c)
	}
	if c, err := net.ListenUDP("udp6", group6); err == nil {
		p6 = ipv6.NewPacketConn(c)
	}
	return pion.NewServer(p4, p6, pion.WithLocalNames(strings.TrimSuffix(z.host, ".")), pion.WithInterfaces(ifaces...), pion.WithResponseTTL(hostLives), pion.WithCacheRefresh(false))
}
