package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/access"
	"phonghop/announce"
	"phonghop/web"
)

// network is where the room is reached: its listeners, its certificate, and the
// names and addresses it answers to, which may change while tablets are on.
type network struct {
	o         serveOptions
	slug      string
	authority *access.Authority // nil without https
	named     []string          // names in a certificate that was given
	main      net.Listener
	plain     net.Listener // nil: none
	servers   []*http.Server
	addresses atomic.Pointer[[]netip.Addr]
	announcer atomic.Pointer[announce.Announcer]
}

// drain is how long requests in hand may take when the room stops.
const drain = 5 * time.Second

func listen(o serveOptions, h *house) (n *network, err error) {
	n = &network{o: o, slug: h.room.State().House.Slug()}
	addresses, err := access.Addresses()
	if err != nil {
		return nil, fmt.Errorf("looking for the addresses of this box: %w", err)
	}
	n.addresses.Store(&addresses)
	if o.secure() {
		if err := n.certify(filepath.Join(h.dir, "tls")); err != nil {
			return nil, err
		}
	}
	if n.main, err = answer(o.listen); err != nil {
		return nil, err
	}
	if o.plain != "" {
		if n.plain, err = answer(o.plain); err != nil {
			return nil, errors.Join(err, n.main.Close())
		}
	}
	return n, nil
}

// vanished is how long a tablet may leave unanswered what it was sent.
const vanished = 20 * time.Second

// answer listens at an address. A line ends once its tablet has vanished: a stream
// to one that went to sleep or out of reach would else be sent to for a quarter of
// an hour, and its seat shown as connected.
func answer(address string) (net.Listener, error) {
	c := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		control := raw.Control(func(fd uintptr) { // what is accepted inherits it
			err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(vanished.Milliseconds()))
		})
		return errors.Join(control, err)
	}}
	return c.Listen(context.Background(), "tcp", address)
}

// certify opens the room's own CA, or takes the certificate that was given.
func (n *network) certify(dir string) (err error) {
	now := time.Now()
	if n.o.cert != "" {
		if err := access.Give(dir, n.o.cert, n.o.key, now); err != nil {
			return err
		}
	}
	n.authority, err = access.OpenAuthority(dir, n.slug, *n.addresses.Load(), now)
	if err != nil || !n.authority.Given() {
		return err
	}
	leaf, err := n.authority.Config().GetCertificate(&tls.ClientHelloInfo{})
	if err != nil {
		return fmt.Errorf("reading the certificate: %w", err)
	}
	n.named = leaf.Leaf.DNSNames
	return nil
}

// serve starts answering; the channel yields the first listener's failure.
func (n *network) serve(w *web.Web, log *slog.Logger) <-chan error {
	failed := make(chan error, 2)
	start := func(l net.Listener, handler http.Handler, secure *tls.Config) {
		s := &http.Server{
			Handler: handler, TLSConfig: secure, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
			ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		}
		n.servers = append(n.servers, s)
		go func() {
			err := s.Serve(l)
			if !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		}()
	}
	if n.authority == nil {
		start(n.main, w.Handler(), nil)
		return failed
	}
	secure := n.authority.Config()
	start(tls.NewListener(n.main, secure), w.Handler(), secure)
	if n.plain != nil {
		start(n.plain, w.PlainHandler(), nil)
	}
	return failed
}

// shutdown lets requests in hand end. Streams have been told to.
func (n *network) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	var errs []error
	for _, s := range n.servers {
		if err := s.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
			errs = append(errs, s.Close())
		} else {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// close lets go of listeners that were never served.
func (n *network) close() {
	n.main.Close()
	if n.plain != nil {
		n.plain.Close()
	}
}

// look notices that the box has other addresses now, and gets them into the
// certificate.
func (n *network) look(log *slog.Logger) {
	now, err := access.Addresses()
	if err != nil || slices.Equal(now, *n.addresses.Load()) {
		return
	}
	n.addresses.Store(&now)
	log.Info("the addresses of this box have changed", "addresses", now)
	if n.authority == nil || n.authority.Given() {
		return
	}
	if _, err := n.authority.Renew(now, time.Now()); err != nil {
		log.Error("renewing the certificate", "err", err)
	}
}

// hosts are the names and addresses the room answers to.
func (n *network) hosts() []string {
	hosts := append([]string{n.slug + ".local", "localhost", "127.0.0.1", "::1"}, n.named...)
	if name := n.called(); name != "" {
		hosts = append(hosts, name) // phong-a2-2.local where another room has the first
	}
	for _, a := range *n.addresses.Load() {
		hosts = append(hosts, a.String())
	}
	return hosts
}

// address is what a tablet types. A card carries it, since names ending in
// .local do not work on every tablet.
func (n *network) address() string {
	host, _, _ := net.SplitHostPort(n.o.listen)
	scheme := "http"
	if n.o.secure() {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(n.host(host), n.port())
}

// port is the one asked for, or the one the system gave.
func (n *network) port() string {
	_, port, _ := net.SplitHostPort(n.o.listen)
	if n.main != nil {
		_, port, _ = net.SplitHostPort(n.main.Addr().String())
	}
	return port
}

func (n *network) host(listened string) string {
	bound, err := netip.ParseAddr(listened)
	switch {
	case len(n.named) > 0:
		return n.named[0]
	case listened != "" && (err != nil || !bound.IsUnspecified()):
		return listened
	}
	for _, a := range *n.addresses.Load() {
		if a.Is4() {
			return a.String()
		}
	}
	return "localhost"
}
