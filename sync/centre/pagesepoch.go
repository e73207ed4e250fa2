package centre

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"phonghop/sync/letters"
)

// listening hands deliveries on and listens to the answers: a room that was
// refused for its new epoch waits for somebody's yes. It is forgotten at a
// restart; the room asks again by itself.
func (d *desk) listening(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := &listener{ResponseWriter: w}
		next.ServeHTTP(l, r)
		var refusal letters.Refusal
		if l.status != http.StatusConflict || json.Unmarshal(l.said.Bytes(), &refusal) != nil || refusal.Name != letters.NewEpoch {
			return
		}
		_, c, err := d.known(r.Context(), r.PathValue("room"))
		if err != nil {
			return
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.asks[c.ID] = len(c.journal.PublicKeys())
	})
}

// listener keeps what is answered beside sending it.
type listener struct {
	http.ResponseWriter
	status int
	said   bytes.Buffer
}

func (l *listener) WriteHeader(status int) {
	l.status = status
	l.ResponseWriter.WriteHeader(status)
}

func (l *listener) Write(b []byte) (int, error) {
	if l.status == http.StatusConflict {
		l.said.Write(b)
	}
	return l.ResponseWriter.Write(b)
}

// waits tells whether a room's new epoch waits for a yes.
func (d *desk) waits(r Room, c *copied) bool {
	keys := len(c.journal.PublicKeys())
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asks[r.ID] == keys && keys > 0 && r.Epoch <= keys
}

// refererOf is the page of ours a form stood on.
func refererOf(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return "/"
	}
	back := url.URL{Path: "/" + strings.TrimLeft(u.Path, `/\`), RawQuery: u.RawQuery} // "//elsewhere" is another host
	return back.String()
}
