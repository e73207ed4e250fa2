package web

import (
	"net"
	"net/http"
	"strings"

	"phonghop/templates"
)

// enrol offers the room's own CA, and says how a tablet takes it in. Whatever
// address of the plain port led here, no token of it is repeated.
func (w *Web) enrol(rw http.ResponseWriter, r *http.Request) {
	w.render(rw, r, http.StatusOK, templates.Enrol(w.page(r), templates.Enrolment{
		Secure: w.secureAddress(r) + "/", HasCA: w.Certificates != nil && w.Certificates.DER() != nil, Fingerprint: w.fingerprint(),
	}))
}

func (w *Web) fingerprint() string {
	if w.Certificates == nil {
		return ""
	}
	return w.Certificates.Fingerprint()
}

// authority hands out the CA's certificate.
func (w *Web) authority(rw http.ResponseWriter, r *http.Request) {
	if w.Certificates == nil || w.Certificates.DER() == nil {
		w.nothingHere(rw, r)
		return
	}
	rw.Header().Set("Content-Type", "application/x-x509-ca-cert")
	rw.Header().Set("Content-Disposition", `attachment; filename="phonghop-ca.crt"`)
	rw.Write(w.Certificates.DER())
}

// secureAddress is https under the very name this tablet came by: a tablet on
// one network must not be told an address of another.
func (w *Web) secureAddress(r *http.Request) string {
	name := hostName(r.Host)
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	if w.SecurePort == "" || w.SecurePort == "443" {
		return "https://" + name
	}
	return "https://" + name + ":" + w.SecurePort
}

// PlainHandler serves the port without encryption of a room that has https: the
// page that offers the CA, and the checks by which a tablet asks whether a
// network is alive. Everything else is led to https.
func (w *Web) PlainHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.enrol)
	mux.HandleFunc("GET /enrol", w.enrol)
	mux.HandleFunc("GET /enter/", w.enrol)
	mux.HandleFunc("GET /claim/", w.enrol)
	mux.HandleFunc("GET /ca.crt", w.authority)
	mux.HandleFunc("GET /assets/{name}", w.asset)
	mux.HandleFunc("/", func(rw http.ResponseWriter, r *http.Request) {
		see(rw, r, w.secureAddress(r)+r.URL.EscapedPath())
	})
	guarded := w.guard(mux)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !alive(rw, r) {
			guarded.ServeHTTP(rw, r)
		}
	})
}

// alive answers the question of a tablet whether this network leads anywhere:
// one that hears nothing may refuse to stay. These hosts are not ours, and this
// is the one answer they get here.
func alive(rw http.ResponseWriter, r *http.Request) bool {
	switch host := strings.ToLower(hostName(r.Host)); {
	case r.URL.Path == "/generate_204" || r.URL.Path == "/gen_204":
		rw.WriteHeader(http.StatusNoContent)
	case host == "captive.apple.com" || strings.HasSuffix(host, ".apple.com"):
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.Write([]byte("<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"))
	case host == "www.msftconnecttest.com" || host == "ipv6.msftconnecttest.com":
		rw.Header().Set("Content-Type", "text/plain")
		rw.Write([]byte("Microsoft Connect Test"))
	case strings.HasPrefix(host, "connectivitycheck.") || host == "detectportal.firefox.com":
		rw.WriteHeader(http.StatusNoContent)
	default:
		return false
	}
	return true
}

// hostName is a Host header without its port.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}
