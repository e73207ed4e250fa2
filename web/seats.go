package web

import (
	"net"
	"net/http"
	"net/netip"
	"time"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/templates"
)

// visitor is who asks: the seat this tablet is signed in at, and what the
// session knows of the person.
type visitor struct {
	access.Seat
	Person meeting.PersonID
	Place  string // printed on the card: "12"
	cookie string
}

// visitor tells who asks; its Person is empty for a stranger.
func (w *Web) visitor(r *http.Request) visitor {
	cookie := w.cookie(r, seatCookie)
	if cookie == "" {
		return visitor{}
	}
	seat, ok := w.Access.Who(cookie, w.Now())
	if !ok {
		return visitor{}
	}
	return w.known(seat, cookie)
}

// known adds what the session knows of a seat's person.
func (w *Web) known(seat access.Seat, cookie string) visitor {
	v := visitor{Seat: seat, Person: meeting.PersonID(seat.Person), cookie: cookie}
	if p, ok := w.state().Session.Person(v.Person); ok {
		v.Place = p.Seat
	}
	return v
}

func (w *Web) person(r *http.Request) meeting.PersonID { return w.visitor(r).Person }

func (w *Web) state() *room.Snapshot { return w.Room.State() }

// viewOf is what this visitor may see of the session, and of themselves.
func (w *Web) viewOf(r *http.Request) (meeting.View, meeting.Mine) {
	who, s := w.person(r), w.state().Session
	mine, _ := s.Mine(who)
	return s.SeenBy(s.AudienceOf(who)), mine
}

// device is what wrong codes are counted by: a cookie that every browser is
// given, and its address.
func (w *Web) device(rw http.ResponseWriter, r *http.Request) access.Device {
	d := access.Device{Cookie: w.cookie(r, deviceCookie), Addr: addressOf(r)}
	if d.Cookie == "" {
		d.Cookie = access.NewDevice()
		w.setCookie(rw, r, deviceCookie, d.Cookie, prefsLast)
	}
	return d
}

func addressOf(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr
}

// sit gives a tablet the cookie of its seat.
func (w *Web) sit(rw http.ResponseWriter, r *http.Request, cookie string) {
	if old := w.cookie(r, seatCookie); old != "" && !w.samePerson(old, cookie) {
		wipe(rw)
	}
	w.setCookie(rw, r, seatCookie, cookie, seatLasts)
}

// samePerson tells whether two seats are known to be one person's.
func (w *Web) samePerson(a, b string) bool {
	was, ok := w.Access.Who(a, w.Now())
	is, known := w.Access.Who(b, w.Now())
	return ok && known && was.Person == is.Person
}

// wipe has a browser forget the papers it kept, so that a shared tablet starts
// empty for the next person.
func wipe(rw http.ResponseWriter) { rw.Header().Set("Clear-Site-Data", `"cache", "storage"`) }

// staff tells whether somebody looks after this session or this room.
func (w *Web) staff(v visitor) bool {
	s := w.state()
	return v.Roles.Any(access.Secretary|access.IT) || s.House.Has(v.Person, meeting.DutySecretary) ||
		s.Session.May(v.Person, meeting.ToPrepare)
}

// home is the page a visitor belongs on; "" for somebody this session does not
// know.
func (w *Web) home(v visitor, s *room.Snapshot) string {
	if v.Roles.Has(access.Hall) {
		return w.screens[meeting.HallScreen].path
	}
	if screen := s.Session.ScreenOf(v.Person); screen != "" && !w.early(v, s) {
		return w.screens[screen].path
	}
	if w.staff(v) {
		return "/prepare"
	}
	return ""
}

// early: a secretary whose session has not been opened yet prepares it.
func (w *Web) early(v visitor, s *room.Snapshot) bool {
	return s.Session.Phase() == meeting.Preparing && s.Session.May(v.Person, meeting.ToPrepare)
}

// asking are the tablets that ask for a seat, as far as this visitor may decide
// about them. The code is for whoever calls people by name: the staff.
func (w *Web) asking(v visitor, now time.Time) []templates.WaitingTablet {
	if !v.Bound {
		return nil
	}
	staff := w.staff(v)
	var list []templates.WaitingTablet
	for _, t := range w.Access.Waiting(now) {
		mine := t.Person == v.Seat.Person && t.Session == v.Session
		if !mine && !staff {
			continue
		}
		tablet := templates.WaitingTablet{ID: t.ID, Person: meeting.PersonID(t.Person), Mine: mine, Name: w.nameOf(t.Person)}
		if staff && t.Yields {
			tablet.Code = t.Code
		}
		list = append(list, tablet)
	}
	return list
}

// nameOf is how somebody of the session or of the house is called.
func (w *Web) nameOf(id string) string {
	s := w.state()
	if p, ok := s.Session.Person(meeting.PersonID(id)); ok {
		return templates.FullName(p)
	}
	if p, ok := s.House.Staff(meeting.PersonID(id)); ok {
		return templates.FullName(p.Person)
	}
	return ""
}
