package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// The figures of memory.

const MB = 1 << 20

// idle is the memory of a room to which nobody has come.
func idle(read func(*server) (int64, error)) func(context.Context, *bench) (*play, error) {
	return func(ctx context.Context, b *bench) (*play, error) {
		dir, err := os.MkdirTemp(b.dir, "idle-")
		if err != nil {
			return nil, err
		}
		s, err := start(ctx, b.serve(dir, false)...)
		if err != nil {
			return nil, err
		}
		return &play{room: func(context.Context) (float64, error) {
			b.settle()
			n, err := read(s)
			return mb(float64(n)), err
		}, end: s.stop}, nil
	}
}

// settle waits until a server has done what it does after a start.
func (b *bench) settle() {
	if b.most == 0 {
		time.Sleep(2 * time.Second)
	}
}

// comeIn turns the screens of a stage's members on, and says how to turn them off.
type comeIn func(context.Context, *server, *stage) (off func(), err error)

// aTablet is the memory that each of a thousand tablets costs whose screens are on.
func aTablet(secure bool, screens comeIn) func(context.Context, *bench) (*play, error) {
	return func(ctx context.Context, b *bench) (*play, error) {
		st, err := b.stage(ctx, b.many(1000), "room")
		if err != nil {
			return nil, err
		}
		return &play{room: func(ctx context.Context) (float64, error) {
			s, err := start(ctx, b.serve(st.Dir, secure)...)
			if err != nil {
				return 0, err
			}
			b.settle()
			before, err := s.memory()
			if err != nil {
				return 0, err
			}
			off, err := screens(ctx, s, st)
			if err != nil {
				return 0, err
			}
			b.settle()
			after, err := s.memory()
			if err != nil {
				return 0, err
			}
			off()
			return float64(after-before) / float64(len(st.Members)) / 1024, s.stop()
		}}, nil
	}
}

// ghostsCome with a plain line each.
func ghostsCome(ctx context.Context, s *server, st *stage) (off func(), err error) {
	h, err := enter(s, st, len(st.Members))
	if err != nil {
		return nil, err
	}
	entries, err := h.entries(ctx)
	if err != nil {
		return nil, err
	}
	w := h.crowd.WatchScreens(ctx, "member")
	_, err = w.Mark(entries).Wait(ctx)
	return func() { w.Stop(); h.leave() }, err
}

// browsersCome over https, with a line of http/2 each.
func browsersCome(ctx context.Context, s *server, st *stage) (off func(), err error) {
	lines, off := context.WithCancel(ctx)
	var all errgroup.Group
	all.SetLimit(50)
	for _, c := range st.Members {
		all.Go(func() error { return browse(lines, s.url, c) })
	}
	return off, all.Wait()
}

// browse opens a member's screen and returns once the room was shown; the line
// stays until ctx ends.
func browse(ctx context.Context, url string, as cookie) error {
	shown, failed := make(chan struct{}), make(chan error, 1)
	go func() { failed <- watch(ctx, url, as, sync.OnceFunc(func() { close(shown) })) }()
	select {
	case <-shown:
		return nil
	case err := <-failed:
		return err
	}
}

// watch reads a member's stream to its end, and says when the room is shown.
func watch(ctx context.Context, url string, as cookie, shown func()) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/live?screen=member", nil)
	if err != nil {
		return err
	}
	r.AddCookie(&http.Cookie{Name: "__Host-seat", Value: as.Value})
	browser := http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // this machine, a throw-away room
	a, err := browser.RoundTrip(r)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	if a.ProtoMajor != 2 || a.StatusCode != http.StatusOK {
		return fmt.Errorf("a screen: %s, %s", a.Proto, a.Status)
	}
	lines := bufio.NewScanner(a.Body)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "id:") {
			shown()
		}
	}
	return fmt.Errorf("a screen's line has ended: %w", lines.Err())
}
