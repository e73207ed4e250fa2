package main

import (
	"errors"
	"net"
	"net/netip"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	data, listen, plain string
	demo                bool
	cert, key           string
	allowHTTP           bool
	backup              string // folder on a second disk
}

// settled fills in what was not said and refuses what does not go together.
func (o serveOptions) settled() (serveOptions, error) {
	if o.data == "" {
		o.data = "phonghop-data"
		if o.demo {
			o.data = "phonghop-demo"
		}
	}
	if o.listen == "" {
		o.listen = ":8443"
		if o.demo {
			o.listen = "127.0.0.1:8080"
		}
	}
	if (o.cert == "") != (o.key == "") {
		return o, &usageError{errors.New("--cert --key: a certificate needs its key")}
	}
	if _, _, err := net.SplitHostPort(o.listen); err != nil {
		return o, &usageError{err}
	}
	switch {
	case o.plain == "off" || !o.secure():
		o.plain = ""
	case o.plain == "":
		o.plain = ":8080"
	}
	return o, nil
}

// loopback tells whether only this computer can come in.
func (o serveOptions) loopback() bool {
	host, _, _ := net.SplitHostPort(o.listen)
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// secure tells whether the room is served over https: always on a network,
// unless somebody allowed http there; never needed on loopback.
func (o serveOptions) secure() bool { return !o.allowHTTP && (!o.loopback() || o.cert != "") }
