package centre

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/templates"
)

// room shows one room. One whose copy is damaged says so, and no more.
func (d *desk) room(w http.ResponseWriter, r *http.Request) error {
	room, c, err := d.known(r.Context(), r.PathValue("room"))
	if what, damaged := wrongIn(err); damaged {
		d.z.Log.Error("a room's copy is damaged", "room", room.ID, "what", what)
		return d.draw(w, r, http.StatusOK, templates.CentreDamagedPage(d.pageOf(r), d.frame("rooms"), d.standing(room, c, err)))
	}
	if err != nil {
		return err
	}
	v := templates.CentreRoomPage{
		CentreRoom: d.standing(room, c, nil), Paired: room.Paired, Revoked: room.Revoked, Cleared: room.Cleared,
		Epochs: c.journal.PublicKeys(), EpochAgreed: room.Epoch > max(len(c.journal.PublicKeys()), 1), Ask: asked(r),
	}
	if v.State == templates.CentreEpoch {
		v.Ask = cmp.Or(v.Ask, "epoch")
	}
	if err := d.fillRoom(r.Context(), c, &v); err != nil {
		return err
	}
	return d.draw(w, r, http.StatusOK, templates.CentreRoomPageOf(d.pageOf(r), d.frame("rooms"), v))
}

// asked is what an administrator is about to do, as the address of the page says.
func asked(r *http.Request) string {
	if ask := r.URL.Query().Get("ask"); slices.Contains([]string{"revoke", "clear", "epoch"}, ask) {
		return ask
	}
	return ""
}

func (d *desk) fillRoom(ctx context.Context, c *copied, v *templates.CentreRoomPage) error {
	for _, l := range sessionsOf(c.journal) {
		line, err := d.line(ctx, c, l)
		if err != nil {
			d.z.Log.Error("reading a session's log", "room", c.ID, "log", l.Name, "err", err)
			line.Wrong = err.Error()
		}
		v.List = append(v.List, line)
	}
	if l, begun := c.journal.Log(journal.RoomLog); begun {
		v.Own = templates.CentreSession{ID: l.Name, Here: l.Size, Signed: l.Signed, Receipt: shown(c.signedOf(l.Name))}
	}
	if err := ownLog(ctx, c.journal, v); err != nil {
		return err
	}
	return d.orphans(ctx, c, v)
}

// ownLog tells the room's own log, line by line: it is thin.
func ownLog(ctx context.Context, j *journal.Journal, v *templates.CentreRoomPage) error {
	pinned := map[string]bool{}
	for rec, err := range j.Records(ctx, journal.RoomLog, 0) {
		if err != nil {
			return err
		}
		e := room.EntryOf(rec)
		v.Lines = append(v.Lines, meeting.Line{Seq: e.Seq, At: e.At, Kind: e.Kind})
		var d struct{ Log string }
		if e.Kind == meeting.SessionRoot && json.Unmarshal(e.Data, &d) == nil {
			pinned[d.Log] = true
		}
	}
	v.Roots = len(pinned)
	slices.Reverse(v.Lines)
	return nil
}

func (d *desk) orphans(ctx context.Context, c *copied, v *templates.CentreRoomPage) error {
	orphans, err := c.journal.Orphans(ctx)
	if err != nil {
		return err
	}
	names := map[string]meeting.Header{}
	for _, s := range v.List {
		names[s.ID] = s.Header
	}
	for _, o := range orphans {
		v.Orphans = append(v.Orphans, templates.CentreOrphan{Own: o.Log == journal.RoomLog, Header: names[o.Log], Epoch: o.Epoch, From: o.From, Size: o.Size})
	}
	if v.State == templates.CentreWhole || v.State == templates.CentreSilent {
		v.Orphans = append(v.Orphans, left(c.journal, names)...)
	}
	return nil
}

// left are whole sessions that a restored room no longer has: a new epoch begins
// in every log that is not sealed, and in these it never did.
func left(j *journal.Journal, names map[string]meeting.Header) (all []templates.CentreOrphan) {
	for _, l := range sessionsOf(j) {
		if !l.Sealed && l.Epoch < len(j.PublicKeys()) {
			all = append(all, templates.CentreOrphan{Whole: true, Header: names[l.Name], Epoch: l.Epoch, Size: l.Size})
		}
	}
	return all
}

// press is one of the administrator's keys on a room's page.
func (d *desk) press(w http.ResponseWriter, r *http.Request) error {
	room, _, err := d.known(r.Context(), r.PathValue("room"))
	if err != nil {
		return err
	}
	switch r.PathValue("key") {
	case "epoch":
		err = d.z.AllowEpoch(r.Context(), room.ID)
	case "revoke":
		err = d.z.Revoke(r.Context(), room.ID)
	case "clear":
		err = d.z.Clear(r.Context(), room.ID, r.PostFormValue("cleared") != "no")
	default:
		err = errNothingHere
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/rooms/"+room.ID, http.StatusSeeOther)
	return nil
}
