package centre

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"phonghop/templates"
)

// adminCookie holds the administrator's word.
const adminCookie = "phonghop-centre"

// desk is what people look at: pages drawn from the copies of the rooms. It
// changes nothing but what an administrator's keys say.
type desk struct {
	z *Centre

	mu   sync.Mutex
	told map[logKey]told // what a log told when it was last read
	asks map[string]int  // rooms refused for a new epoch, and how many they had
}

// errNothingHere: there is no such page, room, session or document.
var errNothingHere = errors.New("nothing of that name at this centre")

// pages adds what people look at.
func (z *Centre) pages(mux *http.ServeMux) {
	d := &desk{z: z, told: map[logKey]told{}, asks: map[string]int{}}
	mux.HandleFunc("GET /admin/{token}", d.signIn)
	mux.HandleFunc("GET /assets/{name}", d.asset)
	mux.HandleFunc("POST /prefs", d.prefs)
	mux.Handle("POST /api/rooms/{room}/logs/{log}", d.listening(z.API()))
	for pattern, show := range d.routes() {
		mux.HandleFunc(pattern, d.behind(show))
	}
}

// page answers a request, or says why not.
type page func(http.ResponseWriter, *http.Request) error

// routes are the pages and keys that are an administrator's alone.
func (d *desk) routes() map[string]page {
	return map[string]page{
		"GET /{$}":                                     d.home,
		"POST /codes":                                  d.newCode,
		"GET /search":                                  d.search,
		"GET /verify/{room}":                           d.verify,
		"GET /rooms/{room}":                            d.room,
		"POST /rooms/{room}/{key}":                     d.press,
		"GET /rooms/{room}/receipt":                    d.ownReceipt,
		"GET /rooms/{room}/sessions/{session}":         d.session,
		"GET /rooms/{room}/sessions/{session}/record":  d.record,
		"GET /rooms/{room}/sessions/{session}/receipt": d.receipt,
		"GET /rooms/{room}/sessions/{session}/documents/{ref}/{name}": d.document,
		"/": func(http.ResponseWriter, *http.Request) error { return errNothingHere },
	}
}

// behind lets an administrator through, and on loopback everybody: only this
// computer reaches us there. A page that panics is a fault of its own.
func (d *desk) behind(show page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !d.z.Loopback && !d.signedIn(r) {
			d.sorry(w, r, http.StatusForbidden, "centre.closed")
			return
		}
		defer func() {
			if p := recover(); p != nil {
				d.fault(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		r.Body = http.MaxBytesReader(w, r.Body, letterMost)
		err := show(w, r)
		_, damaged := wrongIn(err)
		switch {
		case errors.Is(err, context.Canceled): // nobody is there to read it
		case errors.Is(err, errNothingHere):
			d.sorry(w, r, http.StatusNotFound, "centre.nothing-here")
		case damaged:
			d.sorry(w, r, http.StatusServiceUnavailable, "centre.damaged")
		case err != nil:
			d.fault(w, r, err)
		}
	}
}

// signIn takes the link of the first start and leaves a cookie.
func (d *desk) signIn(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if !d.z.admin(r, token) {
		d.sorry(w, r, http.StatusForbidden, "centre.link-void")
		return
	}
	d.leave(w, adminCookie, token, 30*24*3600)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (d *desk) leave(w http.ResponseWriter, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: !d.z.Loopback, SameSite: http.SameSiteLaxMode, MaxAge: seconds})
}

func (d *desk) signedIn(r *http.Request) bool {
	c, err := r.Cookie(adminCookie)
	return err == nil && d.z.admin(r, c.Value)
}

func (z *Centre) admin(r *http.Request, token string) bool {
	var there bool
	err := z.ledger.db.Read().QueryRowContext(r.Context(), `SELECT EXISTS (SELECT 1 FROM admin WHERE hash = ?)`, hashed(token)).Scan(&there)
	return err == nil && there
}

// preferences are how a reader wants pages, and what each may be.
func preferences() map[string][]string {
	return map[string][]string{"lang": {"vi", "en"}, "size": {"", "a-plus", "a-plus-plus"}, "theme": {"", "dark"}}
}

// prefs keeps what was chosen, and leads back to the page it was chosen on.
func (d *desk) prefs(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, letterMost)
	if err := r.ParseForm(); err != nil {
		d.sorry(w, r, http.StatusBadRequest, "centre.nothing-here")
		return
	}
	for name, values := range preferences() {
		if v, sent := r.PostForm[name]; sent && slices.Contains(values, v[0]) {
			d.leave(w, name, v[0], 365*24*3600)
		}
	}
	http.Redirect(w, r, refererOf(r), http.StatusSeeOther)
}

func pref(r *http.Request, name string) string {
	if c, err := r.Cookie(name); err == nil && slices.Contains(preferences()[name], c.Value) {
		return c.Value
	}
	return ""
}

// pageOf is what every page of this request knows.
func (d *desk) pageOf(r *http.Request) templates.Page {
	return templates.Page{
		Lang: templates.LangOf(pref(r, "lang")), Size: pref(r, "size"), Theme: pref(r, "theme"),
		Now: d.z.Now(), RoomName: d.z.Name, Path: r.URL.Path,
	}
}

func (d *desk) frame(tab string) templates.CentreFrame {
	return templates.CentreFrame{Name: d.z.Name, Key: d.z.PublicKey(), Tab: tab}
}

// draw draws a page whole before the first byte leaves.
func (d *desk) draw(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return fmt.Errorf("drawing the page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	w.Write(b.Bytes())
	return nil
}

func (d *desk) sorry(w http.ResponseWriter, r *http.Request, status int, key string, args ...any) {
	p := d.pageOf(r)
	if err := d.draw(w, r, status, templates.CentreSorry(p, d.frame(""), p.T(key, args...))); err != nil {
		d.z.Log.Error("drawing a sentence", "err", err)
	}
}

// fault is told to people by a number, and to the log whole.
func (d *desk) fault(w http.ResponseWriter, r *http.Request, err error) {
	number := "00000"
	if n, err := rand.Int(rand.Reader, big.NewInt(90_000)); err == nil {
		number = strconv.FormatInt(n.Int64()+10_000, 10)
	}
	d.z.Log.Error("fault", "number", number, "route", r.Pattern, "err", err)
	d.sorry(w, r, http.StatusInternalServerError, "centre.fault", number)
}

// asset serves what pages load. Its name holds a digest of its content, so a
// browser may keep it for ever.
func (d *desk) asset(w http.ResponseWriter, r *http.Request) {
	data, kind, ok := templates.Asset(r.PathValue("name"))
	if !ok {
		d.sorry(w, r, http.StatusNotFound, "centre.nothing-here")
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(data)
}
