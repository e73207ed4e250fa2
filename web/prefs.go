package web

import (
	"errors"
	"net/http"
	"slices"

	"phonghop/meeting"
	"phonghop/room"
	"phonghop/templates"
)

// page is what every page of this request knows.
func (w *Web) page(r *http.Request) templates.Page {
	s := w.Room.State()
	p := w.pageIn(w.langOf(r), s)
	p.Size = w.pref(r, sizeCookie)
	p.Theme = w.pref(r, themeCookie)
	p.Path = r.URL.Path
	p.Notice = w.notice(r, p.Lang)
	return p
}

// pageIn is what pages in one language know, whoever reads them.
func (w *Web) pageIn(lang templates.Lang, s *room.Snapshot) templates.Page {
	now, ticks := w.clock.read()
	return templates.Page{
		Lang: lang, Now: now, Clock: ticks, Demo: w.Demo, Insecure: w.Insecure,
		RoomName: s.House.Name(), Address: w.Address(), Called: w.called(),
		Tablets: connected(s), Standing: standing(s), Staged: w.Staged, Rehearsing: w.rehearsing(),
	}
}

func connected(s *room.Snapshot) map[meeting.PersonID]bool {
	here := make(map[meeting.PersonID]bool, len(s.Tablets))
	for id, t := range s.Tablets {
		if t.Connected {
			here[id] = true
		}
	}
	return here
}

// prefs keeps how a reader wants pages: language, size of letters, theme.
func (w *Web) prefs(rw http.ResponseWriter, r *http.Request) {
	for name, values := range prefValues() {
		if v, sent := r.PostForm[name]; sent && slices.Contains(values, v[0]) {
			w.setCookie(rw, r, name, v[0], prefsLast)
		}
	}
	if isFragment(r) {
		rw.Header().Set("HX-Refresh", "true")
		rw.WriteHeader(http.StatusNoContent)
		return
	}
	w.back(rw, r)
}

// prefValues says what each preference may be; anything else is not kept.
func prefValues() map[string][]string {
	return map[string][]string{
		langCookie:  {"vi", "en"},
		sizeCookie:  {"", "a-plus", "a-plus-plus"},
		themeCookie: {"", "dark"},
	}
}

// pref is a preference as this browser keeps it; "" where it keeps none.
func (w *Web) pref(r *http.Request, name string) string {
	if v := w.cookie(r, name); slices.Contains(prefValues()[name], v) {
		return v
	}
	return ""
}

// langOf is the language of an answer: that of the reader's switch, or of the
// address itself, for pages on which nothing can be kept.
func (w *Web) langOf(r *http.Request) templates.Lang {
	if asked := r.URL.Query().Get(langCookie); asked != "" {
		return templates.LangOf(asked)
	}
	return templates.LangOf(w.pref(r, langCookie))
}

// standing is what the room has to say to everybody, as the key of its text.
func standing(s *room.Snapshot) string {
	switch {
	case errors.Is(s.Ended, room.ErrNewer):
		return "notice.newer"
	case s.Ended != nil:
		return "notice.ended"
	case s.Full:
		return "notice.full"
	}
	return ""
}
