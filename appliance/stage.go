package main

import (
	"context"
	"encoding/hex"
	"io"
	"net"
	"net/netip"

	"golang.org/x/sys/unix"

	"phonghop/dossier"
	"phonghop/ghosts"
	"phonghop/rehearsal"
)

// stage is where this room holds its rehearsals. Their logs are counted again by the
// code of verify.
func (h *house) stage() *rehearsal.Stage {
	return rehearsal.New(rehearsal.Config{
		Dir: h.dir, Room: h.room, Now: h.clock.now, Log: h.log,
		Recount: func(ctx context.Context, path string) (int, error) {
			return dossier.Check(ctx, path, dossier.Voice{Out: io.Discard})
		},
	})
}

// reach is where simulated tablets of this process find the room: at its own
// listener, over the loopback where it listens there, with TLS where tablets have it.
func (n *network) reach(tablets int) (ghosts.Room, error) {
	if err := allowFiles(4*tablets + filesBeside); err != nil {
		return ghosts.Room{}, err
	}
	host, _, err := net.SplitHostPort(n.o.listen)
	if err != nil {
		return ghosts.Room{}, err
	}
	if at, err := netip.ParseAddr(host); host == "" || err == nil && at.IsUnspecified() {
		host = "127.0.0.1"
	}
	r := ghosts.Room{Address: net.JoinHostPort(host, n.port())}
	if n.authority != nil {
		r.TLS = ghosts.Pinned(hex.EncodeToString(n.authority.Pin()))
	}
	return r, nil
}

// filesBeside is what a process has open beside the connections of tablets.
const filesBeside = 256

// allowFiles raises the limit of open files as far as it is needed and allowed.
func allowFiles(n int) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	if limit.Cur >= uint64(n) {
		return nil
	}
	if limit.Max < uint64(n) {
		return rehearsal.FewFiles
	}
	limit.Cur = uint64(n)
	return unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
}
