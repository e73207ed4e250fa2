package announce

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/net/ipv4"
)

// The lab is a room's network made of namespaces: the box, and tablets with a
// real avahi. The test binary plays the box and the one-shot askers by itself.

func TestMain(m *testing.M) {
	switch os.Getenv("ANNOUNCE_LAB") {
	case "box":
		playBox()
	case "ask":
		playAsker()
	default:
		os.Exit(m.Run())
	}
}

// playBox announces until it is told to stop, and says its names.
func playBox() {
	a := Start(Config{Slug: "phong-a2", Instance: "Phòng họp A2", Port: 8443, Text: []string{"path=/"}, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	for {
		select {
		case <-a.Changes():
			fmt.Println("name", a.Name())
		case <-stop:
			a.Close()
			os.Exit(0)
		}
	}
}

// playAsker asks one question from a port of its own, as resolvers without a
// responder do, and prints the answer.
func playAsker() {
	name, kind := os.Args[1], dns.StringToType[os.Args[2]]
	m := &dns.Msg{MsgHdr: dns.MsgHdr{Id: 4747}, Question: []dns.Question{{Name: name, Qtype: kind, Qclass: dns.ClassINET}}}
	packet, err := m.Pack()
	if err != nil {
		panic(err)
	}
	c, err := net.ListenUDP("udp4", nil)
	if err != nil {
		panic(err)
	}
	group, _ := groups()
	eth0, err := net.InterfaceByName("eth0")
	if err != nil {
		panic(err)
	}
	if err := ipv4.NewPacketConn(c).SetMulticastInterface(eth0); err != nil {
		panic(err)
	}
	if _, err := c.WriteToUDP(packet, group); err != nil {
		panic(err)
	}
	c.SetReadDeadline(time.Now().Add(2 * time.Second))
	answer := &dns.Msg{}
	for buf := make([]byte, packetMost); answer.Id != m.Id; { // a strict resolver drops what is not its answer
		n, err := c.Read(buf)
		if err != nil {
			fmt.Println("silence")
			return
		}
		if err := answer.Unpack(buf[:n]); err != nil {
			panic(err)
		}
	}
	fmt.Println("id", answer.Id, "questions", len(answer.Question))
	for _, r := range answer.Answer {
		fmt.Println(strings.ReplaceAll(r.String(), "\t", " "))
	}
}

type lab struct {
	t    *testing.T
	name string
}

func newLab(t *testing.T) *lab {
	t.Helper()
	for _, program := range []string{"ip", "avahi-daemon", "avahi-browse", "dbus-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			missing(t, program+" is not installed")
		}
	}
	l := &lab{t, fmt.Sprintf("ph%d", os.Getpid()%10000)}
	if out, err := exec.Command("ip", "netns", "add", l.ns("probe")).CombinedOutput(); err != nil {
		missing(t, "no network namespaces here: "+string(out))
	}
	exec.Command("ip", "netns", "del", l.ns("probe")).Run()
	return l
}

// missing skips, but not on the build machine.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func (l *lab) ns(host string) string { return l.name + host }

func (l *lab) run(args ...string) string {
	l.t.Helper()
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		l.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// host makes a namespace.
func (l *lab) host(name string) {
	l.t.Helper()
	l.run("ip", "netns", "add", l.ns(name))
	l.t.Cleanup(func() { exec.Command("ip", "netns", "del", l.ns(name)).Run() })
	l.in(name, "ip", "link", "set", "lo", "up")
}

// in runs a program on a host.
func (l *lab) in(host string, args ...string) string {
	l.t.Helper()
	return l.run(append([]string{"ip", "netns", "exec", l.ns(host)}, args...)...)
}

// lan joins hosts by a bridge in a namespace of its own; each is given as
// "host/link/address".
func (l *lab) lan(bridge string, ends ...string) {
	l.t.Helper()
	l.host(bridge)
	l.in(bridge, "ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
	l.in(bridge, "ip", "link", "set", "br0", "up")
	for i, end := range ends {
		parts := strings.SplitN(end, "/", 3)
		inside := fmt.Sprint("p", i)
		l.run("ip", "link", "add", parts[1], "netns", l.ns(parts[0]), "type", "veth", "peer", "name", inside, "netns", l.ns(bridge))
		l.in(bridge, "ip", "link", "set", inside, "master", "br0", "up")
		l.in(parts[0], "ip", "link", "set", parts[1], "up")
		l.in(parts[0], "ip", "addr", "add", parts[2], "dev", parts[1])
	}
}

// box starts an announcer and gives the names it takes.
func (l *lab) box(host string) (names <-chan string, stop func()) {
	l.t.Helper()
	c := exec.Command("ip", "netns", "exec", l.ns(host), os.Args[0])
	c.Env = append(os.Environ(), "ANNOUNCE_LAB=box")
	out, err := c.StdoutPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		l.t.Fatal(err)
	}
	all := make(chan string, 16)
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			if name, ok := strings.CutPrefix(s.Text(), "name "); ok && name != "" {
				all <- name
			}
		}
	}()
	stop = func() { c.Process.Signal(syscall.SIGTERM); c.Wait() }
	l.t.Cleanup(stop)
	return all, stop
}

func (l *lab) named(names <-chan string, want string) {
	l.t.Helper()
	select {
	case got := <-names:
		if got != want {
			l.t.Fatalf("the box is called %s, not %s", got, want)
		}
	case <-time.After(15 * time.Second):
		l.t.Fatalf("the box has no name")
	}
}

// avahi starts a real avahi on a host, with a bus of its own.
func (l *lab) avahi(host string) {
	l.t.Helper()
	dir := l.t.TempDir()
	bus := "unix:path=" + filepath.Join(dir, "bus")
	conf := filepath.Join(dir, "bus.conf")
	text := `<busconfig><type>system</type><listen>` + bus + `</listen><auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>`
	daemon := filepath.Join(dir, "avahi.conf")
	settings := "[server]\nhost-name=tablet-" + host + "\nuse-ipv4=yes\nuse-ipv6=yes\n[publish]\npublish-workstation=no\n"
	for file, content := range map[string]string{conf: text, daemon: settings} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			l.t.Fatal(err)
		}
	}
	l.start(host, bus, "dbus-daemon", "--config-file="+conf, "--nofork")
	for range 100 {
		if _, err := os.Stat(filepath.Join(dir, "bus")); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	// In a mount namespace of its own: two daemons would share /run.
	l.start(host, bus, "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /run && mkdir -p /run/avahi-daemon && exec avahi-daemon --file "+daemon+" --no-drop-root --no-chroot --no-rlimits")
	for range 100 {
		if exec.Command("ip", "netns", "exec", l.ns(host), "env", "DBUS_SYSTEM_BUS_ADDRESS="+bus, "avahi-resolve", "-n", "tablet-"+host+".local").Run() == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	l.t.Setenv("LAB_BUS_"+host, bus)
}

func (l *lab) start(host, bus string, args ...string) {
	l.t.Helper()
	c := exec.Command("ip", append([]string{"netns", "exec", l.ns(host), "env", "DBUS_SYSTEM_BUS_ADDRESS=" + bus}, args...)...)
	c.Stdout, c.Stderr = io.Discard, io.Discard
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { syscall.Kill(-c.Process.Pid, syscall.SIGKILL); c.Wait() })
}

// ask runs an avahi client on a host; "" where it finds nothing.
func (l *lab) ask(host string, args ...string) string {
	c := exec.Command("ip", append([]string{"netns", "exec", l.ns(host), "env", "DBUS_SYSTEM_BUS_ADDRESS=" + os.Getenv("LAB_BUS_"+host)}, args...)...)
	var out bytes.Buffer
	c.Stdout = &out
	c.Run()
	return out.String()
}

// until asks again and again until the answer holds a text; it gives up after a
// while.
func (l *lab) until(want string, within time.Duration, ask func() string) string {
	l.t.Helper()
	end := time.Now().Add(within)
	for {
		got := ask()
		if strings.Contains(got, want) {
			return got
		}
		if time.Now().After(end) {
			l.t.Fatalf("%q does not come within %v; the last answer: %q", want, within, got)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// once is a one-shot question.
func (l *lab) once(host, name, kind string) string {
	l.t.Helper()
	return l.in(host, "env", "ANNOUNCE_LAB=ask", os.Args[0], name, kind)
}
