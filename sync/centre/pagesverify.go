package centre

import (
	"context"
	"errors"
	"net/http"
	"time"

	"phonghop/journal"
	"phonghop/templates"
)

// verify reads a room's copy from its first byte and tells what it found.
func (d *desk) verify(w http.ResponseWriter, r *http.Request) error {
	room, c, err := d.known(r.Context(), r.PathValue("room"))
	if _, damaged := wrongIn(err); damaged {
		return d.draw(w, r, http.StatusOK, templates.CentreDamagedPage(d.pageOf(r), d.frame("rooms"), d.standing(room, c, err)))
	}
	if err != nil {
		return err
	}
	began := time.Now()
	report, err := c.journal.Verify(r.Context())
	if wrong := (*journal.Wrong)(nil); err != nil && !errors.As(err, &wrong) {
		return err
	}
	v := templates.CentreCheck{CentreRoom: d.standing(room, c, nil), At: d.z.Now(), Took: time.Since(began), Keys: report.Keys}
	for _, l := range report.Logs {
		v.Logs = append(v.Logs, d.checked(r.Context(), c, l))
	}
	return d.draw(w, r, http.StatusOK, templates.CentreCheckPage(d.pageOf(r), d.frame("rooms"), v))
}

// checked names a log as people do, as far as it can still be read.
func (d *desk) checked(ctx context.Context, c *copied, l journal.LogReport) templates.CentreLogCheck {
	v := templates.CentreLogCheck{Own: l.Name == journal.RoomLog, Size: l.Size, Root: l.Root.String(), Withheld: l.Withheld}
	if l.Wrong != nil {
		v.Entry, v.Wrong = l.Wrong.Seq, l.Wrong.What
	}
	if !v.Own {
		if t, err := d.tell(ctx, c, l.Log); err == nil {
			v.Header = t.header
		}
	}
	return v
}
