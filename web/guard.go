package web

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"phonghop/templates"
)

// What a request may bring, unless its route says otherwise.
const formMost = 64 << 10

// guard is what every request passes before it meets a route.
func (w *Web) guard(next http.Handler) http.Handler {
	next = w.catch(next)
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(http.HandlerFunc(w.foreignForm))
	next = foreign.Handler(next)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.headers(rw.Header(), r)
		if !w.ours(r.Host) {
			w.wrongName(rw, r)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

// headers are the same on every answer.
func (w *Web) headers(h http.Header, r *http.Request) {
	h.Set("Content-Security-Policy", w.policy(r.Host))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if w.Secure {
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// policy allows a page nothing but what we serve ourselves: no inline script or
// style, no eval. Only the demo's board, on this computer, frames our screens.
func (w *Web) policy(host string) string {
	const alone = "default-src 'self'; img-src 'self' data:; object-src 'self'; base-uri 'none'; form-action 'self'; "
	if !w.hasBoard() {
		return alone + "frame-ancestors 'none'; frame-src 'none'"
	}
	port := portOf(host)
	return alone + "frame-ancestors http://localhost" + port + " http://127.0.0.1" + port +
		"; frame-src http://*.localhost" + port
}

// hasBoard tells whether there is a board at all: in the demo, as long as only
// this computer can reach it.
func (w *Web) hasBoard() bool { return w.Demo && w.Loopback && len(w.Board) > 0 }

// ours tells whether a request names us. A page of another site that makes a
// name of its own point here is turned away.
func (w *Web) ours(host string) bool {
	name := strings.ToLower(hostName(host))
	if w.Loopback && (name == "localhost" || name == "127.0.0.1" || name == "::1") {
		return true
	}
	if w.hasBoard() && strings.HasSuffix(name, ".localhost") {
		return true
	}
	return slices.Contains(w.Hosts(), name)
}

// portOf is the port of a Host header with its colon; "" where it names none.
func portOf(host string) string {
	if _, port, err := net.SplitHostPort(host); err == nil {
		return ":" + port
	}
	return ""
}

func (w *Web) wrongName(rw http.ResponseWriter, r *http.Request) {
	w.Log.Warn("turned away: not a name of this room", "host", r.Host)
	http.Error(rw, w.langOf(r).T("fault.name"), http.StatusMisdirectedRequest)
}

func (w *Web) foreignForm(rw http.ResponseWriter, r *http.Request) {
	w.Log.Warn("turned away: a form of another site", "host", r.Host, "origin", r.Header.Get("Origin"))
	http.Error(rw, w.langOf(r).T("fault.foreign"), http.StatusForbidden)
}

// catch turns a panic of a handler into a fault with a number; the room goes on.
func (w *Web) catch(next http.Handler) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				w.Log.Error("panic", "panic", p, "stack", string(debug.Stack()))
				w.refuse(rw, r, fmt.Errorf("panic: %v", p))
			}
		}()
		next.ServeHTTP(rw, r)
	}
}

// through leads a request of one route to its handler: measured, of bearable
// size, and only for those the route is for.
func (w *Web) through(rt route) http.HandlerFunc {
	handle := w.meter.timed(rt.pattern, w.behind(rt.door, rt.handle))
	most := rt.most
	if most == 0 {
		most = formMost
	}
	return func(rw http.ResponseWriter, r *http.Request) {
		if r.ContentLength > most {
			w.refuse(rw, r, &http.MaxBytesError{Limit: most})
			return
		}
		r.Body = http.MaxBytesReader(rw, r.Body, most)
		if rt.most == 0 && r.Method == http.MethodPost && !w.readable(rw, r) {
			return
		}
		w.forget(rw, r)
		handle(rw, r)
	}
}

// readable reads the form of a POST; one that cannot be read is answered here.
func (w *Web) readable(rw http.ResponseWriter, r *http.Request) bool {
	err := r.ParseMultipartForm(formMost)
	if err == nil || errors.Is(err, http.ErrNotMultipart) {
		return true
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		w.refuse(rw, r, err)
		return false
	}
	w.render(rw, r, http.StatusBadRequest, templates.Sorry(w.page(r), w.langOf(r).T("fault.form")))
	return false
}

func (w *Web) nothingHere(rw http.ResponseWriter, r *http.Request) {
	w.render(rw, r, http.StatusNotFound, templates.Sorry(w.page(r), w.langOf(r).T("fault.none")))
}
