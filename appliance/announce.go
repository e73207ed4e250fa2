package main

import (
	"net"
	"strconv"

	"phonghop/announce"
)

// announce says the room's name on its networks; the answer ends it. On loopback
// nothing is ever announced.
func (n *network) announce(h *house) (stop func()) {
	if n.o.loopback() {
		return func() {}
	}
	port, err := strconv.Atoi(n.port())
	if err != nil {
		return func() {}
	}
	a := announce.Start(announce.Config{Slug: n.slug, Instance: h.room.State().House.Name(), Port: port, Text: []string{"path=/"}, Log: h.log, Links: n.links})
	n.announcer.Store(a)
	return func() {
		if err := a.Close(); err != nil {
			h.log.Warn("ending the announcement", "err", err)
		}
	}
}

// links are those the room is served on: all, or the one of the address it was
// told to listen on.
func (n *network) links() ([]announce.Link, error) {
	all, err := announce.Links()
	host, _, _ := net.SplitHostPort(n.o.listen)
	bound := net.ParseIP(host)
	if err != nil || bound == nil || bound.IsUnspecified() {
		return all, err
	}
	var on []announce.Link
	for _, l := range all {
		for _, a := range l.Addrs {
			if bound.Equal(net.IP(a.AsSlice())) {
				on = append(on, announce.Link{Index: l.Index, Name: l.Name, Addrs: l.Addrs})
			}
		}
	}
	return on, nil
}

// called is the name the room is announced under; "" while it is not.
func (n *network) called() string {
	if a := n.announcer.Load(); a != nil {
		return a.Name()
	}
	return ""
}
