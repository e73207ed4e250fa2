package centre

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/templates"
)

const (
	silentAfter   = 7 * 24 * time.Hour // without a word from a room
	decisionsMost = 8                  // on the first page
)

// home shows the rooms, and what they decided last.
func (d *desk) home(w http.ResponseWriter, r *http.Request) error {
	rooms, err := d.z.ledger.rooms(r.Context())
	if err != nil {
		return err
	}
	h := templates.CentreHome{}
	for _, room := range rooms {
		c, err := d.z.copyOf(r.Context(), room)
		h.Rooms = append(h.Rooms, d.standing(room, c, err))
		if err == nil {
			h.Decisions = append(h.Decisions, d.decisions(r.Context(), room, c, templates.LangOf(pref(r, "lang")))...)
		}
	}
	slices.SortStableFunc(h.Decisions, func(a, b templates.Decision) int { return cmp.Compare(b.Closed.UnixNano(), a.Closed.UnixNano()) })
	h.Decisions = h.Decisions[:min(len(h.Decisions), decisionsMost)]
	return d.draw(w, r, http.StatusOK, templates.CentreHomePage(d.pageOf(r), d.frame("rooms"), h))
}

// standing is how a room stands. A copy that does not open is its own trouble
// and nobody else's.
func (d *desk) standing(r Room, c *copied, failed error) templates.CentreRoom {
	s := templates.CentreRoom{ID: r.ID, Name: r.Name, Sample: r.Prefix != "phonghop", Seen: r.Seen}
	if failed != nil {
		d.z.Log.Error("opening a room's copy", "room", r.ID, "err", failed)
		s.State = templates.CentreDamaged
		s.Wrong, _ = wrongIn(failed)
		return s
	}
	whole := true
	for _, l := range c.journal.Logs() {
		if l.Name != journal.RoomLog {
			s.Sessions++
		}
		receipt := c.signedOf(l.Name)
		s.Here, s.Signed = s.Here+l.Size, s.Signed+l.Signed
		s.Receipt = later(s.Receipt, receipt.At)
		whole = whole && receipt.Size == l.Size
	}
	s.State = d.stateOf(r, c, s, whole)
	return s
}

func (d *desk) stateOf(r Room, c *copied, s templates.CentreRoom, whole bool) templates.CentreState {
	switch {
	case r.Revoked:
		return templates.CentreRevoked
	case d.waits(r, c):
		return templates.CentreEpoch
	case s.Signed == 0:
		return templates.CentreEmpty
	case s.Here < s.Signed:
		return templates.CentreComing
	case !whole:
		return templates.CentrePapers
	case !s.Seen.IsZero() && d.z.Now().Sub(s.Seen) > silentAfter:
		return templates.CentreSilent
	}
	return templates.CentreWhole
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// decisions are the closed votes of a room; a log that cannot be read shows its
// trouble on its own page.
func (d *desk) decisions(ctx context.Context, r Room, c *copied, l templates.Lang) (all []templates.Decision) {
	for _, log := range sessionsOf(c.journal) {
		t, err := d.tell(ctx, c, log)
		if err != nil {
			d.z.Log.Warn("reading decisions", "room", r.ID, "log", log.Name, "err", err)
			continue
		}
		for _, v := range t.decisions {
			all = append(all, templates.Decision{Room: r.ID, RoomName: r.Name, Session: meeting.SessionID(log.Name), SessionName: templates.SessionName(l, t.header), VoteView: v})
		}
	}
	return all
}

// sessionsOf are the logs of a journal that are sessions, the newest first.
func sessionsOf(j *journal.Journal) []journal.Log {
	logs := slices.DeleteFunc(j.Logs(), func(l journal.Log) bool { return l.Name == journal.RoomLog })
	slices.Reverse(logs)
	return logs
}

// newCode makes a code and shows it, this once.
func (d *desk) newCode(w http.ResponseWriter, r *http.Request) error {
	code, err := d.z.NewCode(r.Context())
	if err != nil {
		return err
	}
	scheme := "https://"
	if d.z.Loopback {
		scheme = "http://"
	}
	shown := templates.NewRoomCode{Code: code.String(), Ends: d.z.Now().Add(codeLives), Address: scheme + r.Host}
	return d.draw(w, r, http.StatusOK, templates.CentreCodePage(d.pageOf(r), d.frame("rooms"), shown))
}
