package announce

import (
	"strings"
	"testing"
	"time"
)

// A tablet with a real avahi finds the room, and sees when it goes and when its
// address changes.
func TestAvahiFindsTheRoom(t *testing.T) {
	l := newLab(t)
	l.host("box")
	l.host("tab")
	l.lan("lan", "box/eth0/10.9.1.1/24", "tab/eth0/10.9.1.2/24")
	l.avahi("tab")
	names, stop := l.box("box")
	l.named(names, "phong-a2.local")

	found := l.until("10.9.1.1", 10*time.Second, func() string { return l.ask("tab", "avahi-browse", "-rpt", "_https._tcp") })
	if !strings.Contains(found, "phong-a2.local") || !strings.Contains(found, ";8443;") || !strings.Contains(found, "path=/") {
		t.Errorf("browsing finds %q", found)
	}
	for _, name := range []string{"phong-a2.local", "PHONG-A2.local"} {
		l.until("10.9.1.1", 5*time.Second, func() string { return l.ask("tab", "avahi-resolve", "-4", "-n", name) })
	}

	l.in("box", "ip", "addr", "del", "10.9.1.1/24", "dev", "eth0")
	l.in("box", "ip", "addr", "add", "10.9.1.7/24", "dev", "eth0")
	began := time.Now()
	l.until("10.9.1.7", 6*time.Second, func() string { return l.ask("tab", "avahi-resolve", "-4", "-n", "phong-a2.local") })
	t.Logf("the new address was there after %v", time.Since(began).Round(10*time.Millisecond))

	stop()
	if got := l.ask("tab", "avahi-browse", "-rptc", "_https._tcp"); strings.Contains(got, "phong-a2") {
		time.Sleep(1500 * time.Millisecond) // a goodbye counts after one second (RFC 6762, 10.1)
		if got := l.ask("tab", "avahi-browse", "-rptc", "_https._tcp"); strings.Contains(got, "phong-a2") {
			t.Errorf("after the goodbye the cache still holds %q", got)
		}
	}
}

// Whoever asks once, from any port, is answered with its id and question, or told
// at once that there is nothing.
func TestOneShotQuestions(t *testing.T) {
	l := newLab(t)
	l.host("box")
	l.host("tab")
	l.lan("lan", "box/eth0/10.9.2.1/24", "tab/eth0/10.9.2.2/24")
	l.in("box", "sysctl", "-q", "-w", "net.ipv6.conf.eth0.disable_ipv6=1")
	names, _ := l.box("box")
	l.named(names, "phong-a2.local")
	for _, q := range []struct{ name, kind, want string }{
		{"phong-a2.local.", "A", "10.9.2.1"},
		{"Phong-A2.LOCAL.", "A", "10.9.2.1"},
		{"phong-a2.local.", "AAAA", "NSEC"},
		{"phong-a2.local.", "HTTPS", "NSEC"},
		{"_https._tcp.local.", "PTR", "_https._tcp.local."},
	} {
		got := l.once("tab", q.name, q.kind)
		if !strings.Contains(got, q.want) || !strings.Contains(got, "id 4747") {
			t.Errorf("%s %s: %q", q.name, q.kind, got)
		}
		if !strings.Contains(got, "questions 1") {
			t.Errorf("%s %s: the question is not echoed: %q", q.name, q.kind, got)
		}
	}
	if got := l.once("tab", "phong-b7.local.", "A"); !strings.Contains(got, "silence") {
		t.Errorf("a name that is not ours: %q", got)
	}
}

// Two boxes of one name on one network: the second takes the next name.
func TestTheNameIsTaken(t *testing.T) {
	l := newLab(t)
	for _, h := range []string{"box", "two", "tab"} {
		l.host(h)
	}
	l.lan("lan", "box/eth0/10.9.3.1/24", "two/eth0/10.9.3.3/24", "tab/eth0/10.9.3.2/24")
	l.avahi("tab")
	first, _ := l.box("box")
	l.named(first, "phong-a2.local")
	second, _ := l.box("two")
	l.named(second, "phong-a2-2.local")
	l.until("10.9.3.3", 5*time.Second, func() string { return l.ask("tab", "avahi-resolve", "-4", "-n", "phong-a2-2.local") })
	l.until("10.9.3.1", 5*time.Second, func() string { return l.ask("tab", "avahi-resolve", "-4", "-n", "phong-a2.local") })
}

// A box on two networks never tells one the other's address.
func TestTwoNetworks(t *testing.T) {
	l := newLab(t)
	for _, h := range []string{"box", "tab", "pad"} {
		l.host(h)
	}
	l.lan("lan", "box/eth0/10.9.4.1/24", "tab/eth0/10.9.4.2/24")
	l.lan("two", "box/eth1/10.9.5.1/24", "pad/eth0/10.9.5.2/24")
	names, _ := l.box("box")
	l.named(names, "phong-a2.local")
	for host, own := range map[string]string{"tab": "10.9.4.1", "pad": "10.9.5.1"} {
		for range 3 {
			if got := l.once(host, "phong-a2.local.", "A"); !strings.Contains(got, own) || strings.Count(got, "10.9.") != 1 {
				t.Errorf("on %s: %q", host, got)
			}
		}
	}
}

func TestLabels(t *testing.T) {
	for _, s := range []string{"Phòng họp A2", "a.b", `c\d`, strings.Repeat("ộ", 60)} {
		if got := label(s); len(strings.ReplaceAll(got, `\`, "")) > 63 {
			t.Errorf("%q is %d bytes", s, len(got))
		}
	}
}
