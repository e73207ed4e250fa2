package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/rehearsal"
	"phonghop/templates"
)

// A tablet that takes part in a rehearsal holds a second cookie beside that of its
// seat. Whoever sends it is served by the rehearsal and by nothing else; once the
// rehearsal is over the cookie is taken away and the room serves the tablet again,
// at the seat it never lost. What is pressed on a page of a rehearsal that has
// ended is not carried out in the room.

// stagedLasts is longer than any rehearsal; its end takes the cookie away.
const stagedLasts = 24 * time.Hour

// sorted hands each request to the room or to the rehearsal.
func (w *Web) sorted(next http.Handler) http.Handler {
	if w.Stage == nil {
		return next
	}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		cookie := w.cookie(r, staged+seatCookie)
		if cookie == "" || ofTheRoom(r.URL.Path) {
			next.ServeHTTP(rw, r)
			return
		}
		if sh := w.theatre.current(); sh != nil && sh.takes(cookie) {
			defer sh.inside.Done()
			sh.pages.ServeHTTP(rw, r)
			return
		}
		w.comeBack(rw, r, next)
	})
}

// ofTheRoom are the addresses that are the room's whoever asks: those from which
// rehearsals are held, and what programs watch.
func ofTheRoom(path string) bool {
	return path == "/rehearsal" || strings.HasPrefix(path, "/rehearsal/") || path == "/healthz" || path == "/metrics"
}

// takes lets a request in whose cookie is one of the rehearsal's; inside counts it.
func (sh *show) takes(cookie string) bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.closed {
		return false
	}
	if _, ok := sh.web.Access.Who(cookie, sh.web.Now()); !ok {
		return false
	}
	sh.inside.Add(1)
	return true
}

// comeBack takes away the cookie of a rehearsal that is over. A page is the room's
// own then; a screen is told to go there; a key is not pressed.
func (w *Web) comeBack(rw http.ResponseWriter, r *http.Request, next http.Handler) {
	w.setCookie(rw, r, staged+seatCookie, "", -time.Second)
	switch {
	case r.URL.Path == "/live":
		rw.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		rw.Write([]byte("event: go\ndata: /\n\n"))
	case isFragment(r):
		rw.Header().Set("HX-Redirect", "/")
		rw.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		next.ServeHTTP(rw, r)
	case wantsJSON(r):
		w.refuse(rw, r, rehearsal.NoneOn)
	default:
		see(rw, r, "/")
	}
}

// stagedHandler serves a rehearsal: the addresses of a sitting, the way to one's own
// screen and the way out.
func (w *Web) stagedHandler() http.Handler {
	mux := http.NewServeMux()
	own := []route{{"GET /{$}", open, w.front, 0}, {"GET /join", open, w.front, 0}, {"POST /leave", open, w.leaveRehearsal, 0}}
	for _, rt := range append(own, w.ofSitting()...) {
		mux.HandleFunc(rt.pattern, w.through(rt))
	}
	mux.HandleFunc("/", func(rw http.ResponseWriter, r *http.Request) {
		w.render(rw, r, http.StatusNotFound, templates.Sorry(w.page(r), w.langOf(r).T("rehearsal.nothing")))
	})
	return mux
}

// leaveRehearsal signs this tablet out of the rehearsal; the room has kept its seat.
// Whoever leaves is away there: no trial vote waits for them.
func (w *Web) leaveRehearsal(rw http.ResponseWriter, r *http.Request) {
	if v := w.visitor(r); v.cookie != "" {
		_, err := w.order(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkAway(a, a.By, "") })
		if err != nil {
			w.Log.Debug("marking somebody away who left a rehearsal", "err", err) // the hall is nobody
		}
		if err := w.Access.Leave(r.Context(), v.cookie); err != nil {
			w.refuse(rw, r, err)
			return
		}
	}
	w.setCookie(rw, r, seatCookie, "", -time.Second)
	see(rw, r, "/")
}

// ofStage puts the stage before a handler; a room without one has no rehearsals.
func (w *Web) ofStage(handle http.HandlerFunc) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if w.Stage == nil {
			w.nothingHere(rw, r)
			return
		}
		handle(rw, r)
	}
}

// onStage is the rehearsal that is on; where there is none the visitor is told.
func (w *Web) onStage(rw http.ResponseWriter, r *http.Request) *show {
	sh := w.theatre.current()
	if sh == nil || sh.run.Why() != nil {
		w.deny(rw, r, rehearsal.NoneOn)
		return nil
	}
	return sh
}

// deny is refuse for addresses that are opened by a link, too: what follows a
// redirect would be taken for a way in.
func (w *Web) deny(rw http.ResponseWriter, r *http.Request, err error) {
	if r.Method == http.MethodPost {
		w.refuse(rw, r, err)
		return
	}
	p := w.plea(r, err)
	w.tell(rw, r, p.status, p.Message)
}

// admit gives a tablet a seat of the rehearsal, by a card of it.
func (sh *show) admit(rw http.ResponseWriter, r *http.Request, token string) error {
	cookie, _, err := sh.web.Access.EnterToken(r.Context(), token, sh.web.device(rw, r), sh.web.Now())
	if errors.Is(err, access.ErrUnknown) {
		return rehearsal.NoneOn
	}
	if err == nil {
		sh.web.setCookie(rw, r, seatCookie, cookie, stagedLasts)
	}
	return err
}

// enterAsGhost is the card of a simulated tablet.
func (w *Web) enterAsGhost(rw http.ResponseWriter, r *http.Request) {
	sh := w.onStage(rw, r)
	if sh == nil {
		return
	}
	w.come(rw, r, sh.admit(rw, r, r.PathValue("token")))
}

// enterRehearsal takes somebody's own tablet into the copy as the same person.
func (w *Web) enterRehearsal(rw http.ResponseWriter, r *http.Request) {
	sh, v := w.onStage(rw, r), w.visitor(r)
	if sh == nil {
		return
	}
	var token string
	var err error
	if v.Roles.Has(access.Hall) {
		token, err = sh.run.JoinHall(r.Context())
	} else {
		token, err = sh.run.Join(r.Context(), meeting.PersonID(v.Seat.Person))
	}
	if err == nil {
		err = sh.admit(rw, r, token)
	}
	w.come(rw, r, err)
}

// joinRehearsalPage asks a tablet without a seat whether it wants to take part.
func (w *Web) joinRehearsalPage(rw http.ResponseWriter, r *http.Request) {
	sh := w.onStage(rw, r)
	switch {
	case sh == nil:
	case r.PathValue("token") != sh.join:
		w.deny(rw, r, rehearsal.NoneOn)
	default:
		w.device(rw, r)
		w.render(rw, r, http.StatusOK, templates.RehearsalJoin(w.page(r), sh.join))
	}
}

// joinRehearsal takes a tablet without a seat in as one more voter.
func (w *Web) joinRehearsal(rw http.ResponseWriter, r *http.Request) {
	sh := w.onStage(rw, r)
	if sh == nil {
		return
	}
	if r.PathValue("token") != sh.join {
		w.deny(rw, r, rehearsal.NoneOn)
		return
	}
	token, err := sh.run.JoinAs(r.Context())
	if err == nil {
		err = sh.admit(rw, r, token)
	}
	w.come(rw, r, err)
}

// come leads a tablet to its screen in the rehearsal.
func (w *Web) come(rw http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		w.deny(rw, r, err)
		return
	}
	see(rw, r, "/")
}
