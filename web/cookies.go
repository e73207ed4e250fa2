package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/templates"
)

// The cookies of a tablet: its seat, what wrong codes are counted
// by, how its reader wants pages, and a notice that outlives one redirect.
const (
	seatCookie   = "seat"
	deviceCookie = "device"
	langCookie   = "lang"
	sizeCookie   = "size"
	themeCookie  = "theme"
	noticeCookie = "notice"

	staged = "rehearsal-" // before the names of the seat and the notice of a rehearsal

	prefsLast = 400 * 24 * time.Hour // as long as browsers keep any
	seatLasts = 30 * 24 * time.Hour
)

// cookieName is the name as the browser keeps it: bound to this host and to
// https where we serve that. A rehearsal's seat lies beside the real one.
func (w *Web) cookieName(name string) string {
	if w.Staged && (name == seatCookie || name == noticeCookie) {
		name = staged + name
	}
	if w.Secure {
		return "__Host-" + name
	}
	return name
}

// setCookie gives the browser something to keep; lasts < 0 takes it away.
//
// The board's panes are sites of their own inside a page of another, where only
// a partitioned cookie arrives; browsers allow those on *.localhost without
// https.
func (w *Web) setCookie(rw http.ResponseWriter, r *http.Request, name, value string, lasts time.Duration) {
	c := &http.Cookie{
		Name: w.cookieName(name), Value: value, Path: "/", MaxAge: int(lasts.Seconds()),
		HttpOnly: true, Secure: w.Secure, SameSite: http.SameSiteLaxMode,
	}
	if w.inPane(r) {
		c.Secure, c.SameSite, c.Partitioned = true, http.SameSiteNoneMode, true
	}
	http.SetCookie(rw, c)
}

// inPane tells whether a request is for a screen under a name of the board's.
func (w *Web) inPane(r *http.Request) bool {
	return w.hasBoard() && strings.HasSuffix(hostName(r.Host), ".localhost")
}

func (w *Web) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(w.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// remember keeps a refusal for the page its sender is led back to. Only its
// name travels, so nobody can make us show words of theirs.
func (w *Web) remember(rw http.ResponseWriter, r *http.Request, p plea) {
	w.setCookie(rw, r, noticeCookie, p.Refused+"."+strconv.Itoa(p.count), time.Minute)
}

// forget takes the notice away with the page that shows it.
func (w *Web) forget(rw http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && !isFragment(r) && w.cookie(r, noticeCookie) != "" {
		w.setCookie(rw, r, noticeCookie, "", -time.Second)
	}
}

// notice is the sentence a redirect left for this page.
func (w *Web) notice(r *http.Request, lang templates.Lang) string {
	name, count, ok := strings.Cut(w.cookie(r, noticeCookie), ".")
	if !ok || name == "" {
		return ""
	}
	n, err := strconv.Atoi(count)
	if err != nil || n == 0 {
		return templates.Refusal(lang, meeting.Refusal(name))
	}
	return templates.Refusal(lang, &meeting.Counted{Refusal: meeting.Refusal(name), N: n})
}
