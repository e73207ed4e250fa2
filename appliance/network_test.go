package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"phonghop/web"
)

// served is a new room on a network, and a client that trusts its CA.
func served(t *testing.T, o serveOptions) (*network, *http.Client) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	o.data = t.TempDir()
	h, err := openHouse(t.Context(), o, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { left(t, h) })
	if err := h.begin(t.Context(), o.demo); err != nil {
		t.Fatal(err)
	}
	n, err := listen(o, h)
	if err != nil {
		t.Fatal(err)
	}
	w := web.New(h.pages(o, n))
	n.serve(w, log)
	t.Cleanup(func() {
		w.Close()
		if err := n.shutdown(); err != nil {
			t.Error(err)
		}
	})
	ca, err := os.ReadFile(filepath.Join(o.data, "tls", "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return n, &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// On a network a room is served by https with its own certificate; the plain
// port says how to trust it and leads there.
func TestARoomOnANetwork(t *testing.T) {
	n, c := served(t, serveOptions{listen: "0.0.0.0:0", plain: "127.0.0.1:0"})
	if !strings.HasPrefix(n.address(), "https://") || strings.HasSuffix(n.address(), ":0") {
		t.Fatalf("address %s", n.address())
	}
	r, err := c.Get(n.address() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK || r.ProtoMajor != 2 {
		t.Errorf("%s by HTTP/%d", r.Status, r.ProtoMajor)
	}
	if _, err := http.Get(n.address() + "/healthz"); err == nil {
		t.Error("somebody who does not know the CA trusts the room")
	}
	for path, want := range map[string]int{"/": http.StatusOK, "/generate_204": http.StatusNoContent, "/member": http.StatusSeeOther} {
		r, err := c.Get("http://" + n.plain.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("plain %s: %s, want %d", path, r.Status, want)
		}
	}
}

// Names of others that point here are not answered.
func TestARoomAnswersToItsOwnNames(t *testing.T) {
	n, c := served(t, serveOptions{listen: "0.0.0.0:0"})
	for host, mine := range map[string]bool{n.slug + ".local": true, "evil.example": false} {
		q, err := http.NewRequest(http.MethodGet, n.address()+"/join", nil)
		if err != nil {
			t.Fatal(err)
		}
		q.Host = host
		r, err := c.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if (r.StatusCode == http.StatusOK) != mine {
			t.Errorf("%s: %s", host, r.Status)
		}
	}
}

// A line to a tablet that has vanished ends: what the kernel is told for that
// reaches the accepted line.
func TestLinesToVanishedTabletsEnd(t *testing.T) {
	l, err := answer("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tablet, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer tablet.Close()
	line, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	raw, err := line.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var got int
	var asked error
	if err := raw.Control(func(fd uintptr) {
		got, asked = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
	}); err != nil || asked != nil {
		t.Fatal(err, asked)
	}
	if got != int(vanished.Milliseconds()) {
		t.Errorf("a line waits %d ms for its tablet", got)
	}
}
