package centre

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"phonghop/documents"
	"phonghop/journal"
)

// document hands out a paper, the bytes the room has: one that an entry of the
// session names, and that no entry of the room holds back.
func (d *desk) document(w http.ResponseWriter, r *http.Request) error {
	ctx, ref := r.Context(), r.PathValue("ref")
	_, c, err := d.known(ctx, r.PathValue("room"))
	if err != nil {
		return err
	}
	named, err := d.names(ctx, c, r.PathValue("session"), ref)
	if err != nil {
		return err
	}
	if !named {
		return errNothingHere
	}
	f, err := d.z.documents.Open(documents.Ref(ref))
	if errors.Is(err, documents.ErrMissing) {
		return errNothingHere
	}
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", attachment(r.PathValue("name")))
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// names tells whether a session's log names a document that may be handed out.
func (d *desk) names(ctx context.Context, c *copied, log, ref string) (bool, error) {
	if log == journal.RoomLog {
		return false, nil
	}
	x, err := readLog(ctx, c.journal, log, false)
	if err != nil || !x.free[ref] {
		return false, err
	}
	held, err := d.heldIn(ctx, c)
	return !held[ref], err
}

// heldIn is every document the room holds back, in whichever session.
func (d *desk) heldIn(ctx context.Context, c *copied) (map[string]bool, error) {
	all := map[string]bool{}
	for _, l := range c.journal.Logs() {
		if l.Name == journal.RoomLog {
			continue
		}
		t, err := d.tell(ctx, c, l)
		if err != nil {
			return nil, err
		}
		for ref := range t.held {
			all[ref] = true
		}
	}
	return all, nil
}

// attachment names a file that is saved, never shown.
func attachment(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == '/' || r == '\\' {
			return '_'
		}
		return r
	}, name)
	if s := mime.FormatMediaType("attachment", map[string]string{"filename": name}); s != "" {
		return s
	}
	return "attachment"
}
