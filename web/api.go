package web

import (
	"net/http"

	"phonghop/meeting"
	"phonghop/templates"
)

// apiSession is what this visitor may see now, for programs: the same cut as
// their screen.
func (w *Web) apiSession(rw http.ResponseWriter, r *http.Request) {
	view, mine := w.viewOf(r)
	w.writeJSON(rw, http.StatusOK, struct {
		meeting.View
		Mine meeting.Mine `json:"mine"`
	}{view, mine})
}

// healthz says that the room serves, and what it can no longer do.
func (w *Web) healthz(rw http.ResponseWriter, _ *http.Request) {
	s := w.state()
	health := struct {
		Status  string `json:"status"` // ok, full, ended
		Entries int64  `json:"entries"`
	}{"ok", s.Journal}
	switch {
	case s.Ended != nil:
		health.Status = "ended"
	case s.Full:
		health.Status = "full"
	}
	w.writeJSON(rw, http.StatusOK, health)
}

// asset serves what pages load. Its name holds a digest of its content, so a
// browser keeps it for good.
func (w *Web) asset(rw http.ResponseWriter, r *http.Request) {
	data, kind, ok := templates.Asset(r.PathValue("name"))
	if !ok {
		w.nothingHere(rw, r)
		return
	}
	rw.Header().Set("Content-Type", kind)
	rw.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	rw.Write(data)
}
