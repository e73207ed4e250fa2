package announce

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

const (
	port       = 5353
	packetMost = 9000 // RFC 6762, section 17
	flush      = 1 << 15
)

// talker is our own voice on the links: what is said without being asked, and
// what is heard of other hosts.
type talker struct {
	links []Link
	v4    *ipv4.PacketConn
	v6    *ipv6.PacketConn

	mu    sync.Mutex
	heard chan heard // nil: nobody listens
	reply func(q dns.Question, l Link, oneShot bool) []dns.RR
}

// heard is a message from the network.
type heard struct {
	*dns.Msg
	from netip.AddrPort
	link Link
}

func groups() (v4, v6 *net.UDPAddr) {
	return &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: port}, &net.UDPAddr{IP: net.ParseIP("ff02::fb"), Port: port}
}

// newTalker joins the groups on every link. It shares the port with whoever else
// answers on this machine (net.ListenMulticastUDP sets SO_REUSEADDR).
func newTalker(links []Link) (*talker, error) {
	t := &talker{links: links}
	group4, group6 := groups()
	errs := []error{t.join4(group4), t.join6(group6)}
	if t.v4 == nil && t.v6 == nil {
		return nil, fmt.Errorf("joining the multicast groups: %w", errors.Join(errs...))
	}
	if t.v4 != nil {
		go t.listen4()
	}
	if t.v6 != nil {
		go t.listen6()
	}
	return t, nil
}

func (t *talker) join4(group *net.UDPAddr) error {
	c, err := t.join(true, "udp4", group)
	if c == nil || err != nil {
		return err
	}
	p := ipv4.NewPacketConn(c)
	for _, l := range t.links {
		_ = p.JoinGroup(&net.Interface{Index: l.Index}, group) // the first is joined already
	}
	if err := errors.Join(p.SetMulticastTTL(255), p.SetMulticastLoopback(true), p.SetControlMessage(ipv4.FlagInterface, true)); err != nil {
		return errors.Join(err, c.Close())
	}
	t.v4 = p
	return nil
}

// join listens on the first link that speaks the family, by name: a room's
// network need not have a default route. nil: none does.
func (t *talker) join(v4 bool, network string, group *net.UDPAddr) (*net.UDPConn, error) {
	for _, l := range t.links {
		if len(l.of(v4)) == 0 {
			continue
		}
		link, err := net.InterfaceByIndex(l.Index)
		if err != nil {
			return nil, err
		}
		return net.ListenMulticastUDP(network, link, group)
	}
	return nil, nil
}

func (t *talker) join6(group *net.UDPAddr) error {
	c, err := t.join(false, "udp6", group)
	if c == nil || err != nil {
		return err
	}
	p := ipv6.NewPacketConn(c)
	for _, l := range t.links {
		_ = p.JoinGroup(&net.Interface{Index: l.Index}, group)
	}
	if err := errors.Join(p.SetMulticastHopLimit(255), p.SetMulticastLoopback(true), p.SetControlMessage(ipv6.FlagInterface, true)); err != nil {
		return errors.Join(err, c.Close())
	}
	t.v6 = p
	return nil
}

func (t *talker) close() {
	if t.v4 != nil {
		t.v4.Close()
	}
	if t.v6 != nil {
		t.v6.Close()
	}
}

func (t *talker) listen4() {
	buf := make([]byte, packetMost)
	for {
		n, cm, from, err := t.v4.ReadFrom(buf)
		if err != nil {
			return
		}
		if cm != nil {
			t.hear(buf[:n], from, cm.IfIndex)
		}
	}
}

func (t *talker) listen6() {
	buf := make([]byte, packetMost)
	for {
		n, cm, from, err := t.v6.ReadFrom(buf)
		if err != nil {
			return
		}
		if cm != nil {
			t.hear(buf[:n], from, cm.IfIndex)
		}
	}
}

// hear takes one packet; what is no message is nobody's.
func (t *talker) hear(packet []byte, from net.Addr, index int) {
	msg := &dns.Msg{}
	udp, ok := from.(*net.UDPAddr)
	if !ok || msg.Unpack(packet) != nil || msg.Opcode != dns.OpcodeQuery || msg.Rcode != 0 {
		return
	}
	h := heard{Msg: msg, from: udp.AddrPort(), link: t.link(index)}
	if h.link.Index == 0 {
		return
	}
	t.mu.Lock()
	to, reply := t.heard, t.reply
	t.mu.Unlock()
	if !msg.Response && reply != nil {
		t.respond(h, reply)
	}
	select {
	case to <- h: // nil: never
	default: // it listens for a conflict; one packet of many may be missed
	}
}

func (t *talker) link(index int) Link {
	for _, l := range t.links {
		if l.Index == index {
			return l
		}
	}
	return Link{}
}

// respond says what reply gives: to the asker alone who asks once from a port of
// its own (RFC 6762, section 6.7) or wishes it so, else to everybody.
func (t *talker) respond(h heard, reply func(dns.Question, Link, bool) []dns.RR) {
	oneShot := h.from.Port() != port
	for _, q := range h.Question {
		records := reply(q, h.link, oneShot)
		if len(records) == 0 {
			continue
		}
		m := response(records)
		if oneShot {
			m.Id, m.Question = h.Id, []dns.Question{q}
			for _, r := range records {
				r.Header().Class &^= flush
				r.Header().Ttl = min(r.Header().Ttl, 10)
			}
		}
		if oneShot || q.Qclass&flush != 0 {
			t.sendTo(m, h.link, net.UDPAddrFromAddrPort(h.from))
		} else {
			t.send(m, h.link)
		}
	}
}

// answer sets what questions are answered with.
func (t *talker) answer(reply func(dns.Question, Link, bool) []dns.RR) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reply = reply
}

func (t *talker) listen(c chan heard) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.heard = c
}

// say multicasts records on each link, made for it.
func (t *talker) say(records func(Link) []dns.RR) {
	for _, l := range t.links {
		if all := records(l); len(all) > 0 {
			t.send(response(all), l)
		}
	}
}

func response(records []dns.RR) *dns.Msg {
	return &dns.Msg{MsgHdr: dns.MsgHdr{Response: true, Authoritative: true}, Compress: true, Answer: records}
}

// send multicasts on one link in both families. That a packet does not leave is
// not worth a word: the next one will.
func (t *talker) send(m *dns.Msg, l Link) {
	group4, group6 := groups()
	if len(l.of(true)) > 0 {
		t.sendTo(m, l, group4)
	}
	if len(l.of(false)) > 0 {
		t.sendTo(m, l, group6)
	}
}

func (t *talker) sendTo(m *dns.Msg, l Link, to *net.UDPAddr) {
	packet, err := m.Pack()
	if err != nil {
		return
	}
	switch {
	case to.IP.To4() != nil && t.v4 != nil:
		_, _ = t.v4.WriteTo(packet, &ipv4.ControlMessage{IfIndex: l.Index}, to)
	case to.IP.To4() == nil && t.v6 != nil:
		_, _ = t.v6.WriteTo(packet, &ipv6.ControlMessage{IfIndex: l.Index}, to)
	}
}

// probe asks three times whether anybody has the name (RFC 6762, section 8.1).
func (t *talker) probe(ctx context.Context, name string) (taken bool, err error) {
	c := make(chan heard, 64)
	t.listen(c)
	defer t.listen(nil)
	for tries := 0; tries < 3; {
		for _, l := range t.links {
			t.send(question(name, l), l)
		}
		again, taken := t.attend(ctx, c, name, 250*time.Millisecond)
		switch {
		case taken || ctx.Err() != nil:
			return taken, nil
		case again: // another host probes for it too, and goes first
			if !pause(ctx, time.Second) {
				return false, nil
			}
			tries = 0
		default:
			tries++
		}
	}
	return false, nil
}

func question(name string, l Link) *dns.Msg {
	return &dns.Msg{
		Question: []dns.Question{{Name: name, Qtype: dns.TypeANY, Qclass: dns.ClassINET | flush}},
		Ns:       addresses(name, l, 120),
	}
}

// attend listens for a while.
func (t *talker) attend(ctx context.Context, c chan heard, name string, d time.Duration) (again, taken bool) {
	end := time.After(d)
	for {
		select {
		case h := <-c:
			switch {
			case h.Response && t.foreign(h, h.Answer, name):
				return false, true
			case !h.Response && t.foreign(h, h.Ns, name) && t.yields(h, name):
				return true, false
			}
		case <-end:
			return false, false
		case <-ctx.Done():
			return false, false
		}
	}
}

// foreign tells whether one of the records gives the name an address that is not
// ours: another host has it.
func (t *talker) foreign(h heard, records []dns.RR, name string) bool {
	for _, r := range records {
		addr, ok := addressIn(r)
		if ok && strings.EqualFold(r.Header().Name, name) && r.Header().Ttl > 0 && !t.ours(addr) {
			return true
		}
	}
	return false
}

func (t *talker) ours(addr netip.Addr) bool {
	for _, l := range t.links {
		for _, a := range l.Addrs {
			if a == addr {
				return true
			}
		}
	}
	return false
}

func addressIn(r dns.RR) (netip.Addr, bool) {
	switch r := r.(type) {
	case *dns.A:
		a, ok := netip.AddrFromSlice(r.A)
		return a.Unmap(), ok
	case *dns.AAAA:
		a, ok := netip.AddrFromSlice(r.AAAA)
		return a, ok
	}
	return netip.Addr{}, false
}

// yields settles two probes at once: the later in order goes first (section 8.2).
func (t *talker) yields(h heard, name string) bool {
	return bytes.Compare(ordered(h.Ns, name), ordered(addresses(name, h.link, 120), name)) > 0
}

func ordered(records []dns.RR, name string) []byte {
	var first []byte
	for _, r := range records {
		if addr, ok := addressIn(r); ok && strings.EqualFold(r.Header().Name, name) {
			key := append([]byte{byte(r.Header().Rrtype)}, addr.AsSlice()...)
			if first == nil || bytes.Compare(key, first) < 0 {
				first = key
			}
		}
	}
	return first
}

// lost returns when ctx ends, or when another host answers to the name too.
func (t *talker) lost(ctx context.Context, name string) error {
	c := make(chan heard, 64)
	t.listen(c)
	defer t.listen(nil)
	for {
		select {
		case <-ctx.Done():
			return nil
		case h := <-c:
			if h.Response && t.foreign(h, h.Answer, name) {
				return nil // claim looks whether it is really lost
			}
		}
	}
}
