package web

import (
	"errors"
	"net/http"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/templates"
)

// door says who may come to a route. What a person may do with the session there
// is the session's own law; a door only keeps strangers and waiting tablets out.
type door int

const (
	open   door = iota // anybody
	seated             // a tablet at its seat
	clerk              // the secretary of the session, or who looks after the room
	local              // the demo, from this computer
)

// behind puts a door before a handler. The first POST or stream of a signed-in
// tablet binds its seat; a page alone does not, since link previews fetch pages.
func (w *Web) behind(d door, handle http.HandlerFunc) http.HandlerFunc {
	switch d {
	case seated:
		return func(rw http.ResponseWriter, r *http.Request) {
			if w.admitted(rw, r) {
				handle(rw, r)
			}
		}
	case clerk:
		return func(rw http.ResponseWriter, r *http.Request) {
			if !w.admitted(rw, r) {
				return
			}
			if !w.staff(w.visitor(r)) {
				w.refuse(rw, r, meeting.NotAllowed)
				return
			}
			handle(rw, r)
		}
	case local:
		return func(rw http.ResponseWriter, r *http.Request) {
			if !w.hasBoard() || w.inPane(r) {
				w.nothingHere(rw, r)
				return
			}
			handle(rw, r)
		}
	}
	return handle
}

// admitted lets a tablet through that sits at its seat, and leads any other to
// where it gets on.
func (w *Web) admitted(rw http.ResponseWriter, r *http.Request) bool {
	v := w.visitor(r)
	switch {
	case v.cookie == "":
		w.lead(rw, r, "/join")
		return false
	case v.PIN != access.PINDone:
		w.lead(rw, r, "/pin")
		return false
	case v.Bound:
		return true
	case r.Method == http.MethodGet && r.Pattern != liveRoute:
		if w.taken(v) {
			w.lead(rw, r, "/waiting")
			return false
		}
		return true
	}
	return w.bind(rw, r, v)
}

// taken tells whether an unbound tablet would have to wait for its seat.
func (w *Web) taken(v visitor) bool {
	if v.Roles.Has(access.Hall) {
		return false
	}
	_, held := w.Access.Bound(v.Session)[v.Seat.Person]
	return held || v.Waits
}

// bind ties the seat to this tablet; where another has it, this one waits.
func (w *Web) bind(rw http.ResponseWriter, r *http.Request, v visitor) bool {
	_, err := w.Access.Bind(r.Context(), v.cookie, w.Now())
	switch {
	case err == nil:
		return true
	case errors.Is(err, access.ErrTaken):
		w.lead(rw, r, "/waiting")
	case errors.Is(err, access.ErrPIN):
		w.lead(rw, r, "/pin")
	case errors.Is(err, access.ErrUnknown):
		w.lead(rw, r, "/join")
	default:
		w.refuse(rw, r, err)
	}
	return false
}

// lead sends somebody to the page where they get on: a browser by redirect, htmx
// by its header, a stream or program by a plain no.
func (w *Web) lead(rw http.ResponseWriter, r *http.Request, path string) {
	switch {
	case r.Pattern == liveRoute || wantsJSON(r):
		w.writeJSON(rw, http.StatusUnauthorized, plea{Refused: "not-signed-in", Message: w.langOf(r).T("join.first")})
	case isFragment(r):
		rw.Header().Set("HX-Redirect", path)
		rw.WriteHeader(http.StatusNoContent)
	default:
		if p, ok := w.paneOf(func(p Pane) bool { return p.Name+".localhost" == hostName(r.Host) }); ok && path == "/join" {
			path = "/enter/" + p.Token // the demo was begun anew: a pane sits down again by itself
		}
		see(rw, r, path)
	}
}

// screenPage serves one of the four screens; somebody who belongs on another is
// led there.
func (w *Web) screenPage(name meeting.Screen) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		v, s := w.visitor(r), w.state()
		if !w.mayWatch(v, name, s.Session) {
			w.elsewhere(rw, r, v)
			return
		}
		sc := w.screens[name]
		mine, _ := s.Session.Mine(v.Person)
		p := w.pageFor(name, w.page(r), s)
		p.Waiting = w.asking(v, w.Now())
		w.render(rw, r, http.StatusOK, sc.page(p, s.Session.SeenBy(audience(s.Session, name, v.Person)), mine))
	}
}

// mayWatch: one's own screen; the hall's picture is for everybody in the room.
func (w *Web) mayWatch(v visitor, name meeting.Screen, s *meeting.Session) bool {
	if _, ok := w.screens[name]; !ok {
		return false
	}
	return name == meeting.HallScreen || s.ScreenOf(v.Person) == name
}

func audience(s *meeting.Session, name meeting.Screen, who meeting.PersonID) meeting.Audience {
	if name == meeting.HallScreen {
		return meeting.Audience{Screen: meeting.HallScreen}
	}
	return s.AudienceOf(who)
}

// elsewhere leads a visitor to their own screen, or says that they have none.
func (w *Web) elsewhere(rw http.ResponseWriter, r *http.Request, v visitor) {
	if to := w.home(v, w.state()); to != "" && to != r.URL.Path {
		see(rw, r, to)
		return
	}
	w.render(rw, r, http.StatusOK, templates.NoPlace(w.page(r)))
}
