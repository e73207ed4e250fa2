package centre

import (
	"cmp"
	"context"
	"net/http"
	"path"
	"slices"
	"strings"

	"phonghop/meeting"
	"phonghop/templates"
	"phonghop/viet"
)

const (
	hitsMost  = 100
	queryMost = 200 // bytes of what is looked for
)

// saying is one text of a session that can be found.
type saying struct {
	what   string // session, item, paper, conclusion, motion
	number int    // of the item
	text   string
	folded string
}

// sayingsOf are the texts of a session that search looks through.
func sayingsOf(v meeting.View) (all []saying) {
	say := func(what string, number int, text string) {
		if text != "" {
			all = append(all, saying{what, number, text, viet.Fold(text)})
		}
	}
	say("session", 0, templates.SessionName(templates.Vietnamese, v.Header))
	for _, it := range v.Agenda {
		say("item", it.Number, it.Title)
		say("conclusion", it.Number, it.Conclusion)
		for _, p := range it.Papers {
			say("paper", it.Number, strings.TrimSuffix(p.Name, path.Ext(p.Name)))
		}
	}
	for _, vote := range v.Votes {
		say("motion", vote.ItemNo, vote.Motion)
	}
	return all
}

// search looks through the texts of every session of every room. A room whose
// copy is damaged is passed over; its own page says what is wrong.
func (d *desk) search(w http.ResponseWriter, r *http.Request) error {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	s := templates.CentreSearch{Query: viet.Clean(q[:min(len(q), queryMost)])}
	if words := strings.Fields(viet.Fold(s.Query)); len(words) > 0 {
		rooms, err := d.z.ledger.rooms(r.Context())
		if err != nil {
			return err
		}
		for _, room := range rooms {
			s.Hits = append(s.Hits, d.find(r.Context(), room, words)...)
		}
	}
	slices.SortStableFunc(s.Hits, func(a, b templates.CentreHit) int {
		return cmp.Compare(b.Header.Starts.UnixNano(), a.Header.Starts.UnixNano())
	})
	s.All = len(s.Hits)
	s.Hits = s.Hits[:min(s.All, hitsMost)]
	return d.draw(w, r, http.StatusOK, templates.CentreSearchPage(d.pageOf(r), d.frame("search"), s))
}

// find is every text of a room in which all the words stand.
func (d *desk) find(ctx context.Context, r Room, words []string) (hits []templates.CentreHit) {
	c, err := d.z.copyOf(ctx, r)
	if err != nil {
		d.z.Log.Warn("a room is not looked through", "room", r.ID, "err", err)
		return nil
	}
	for _, l := range sessionsOf(c.journal) {
		t, err := d.tell(ctx, c, l)
		if err != nil {
			d.z.Log.Warn("a session is not looked through", "room", r.ID, "log", l.Name, "err", err)
			continue
		}
		for _, s := range t.sayings {
			if s.has(words) {
				hits = append(hits, templates.CentreHit{Room: r.ID, RoomName: r.Name, Session: l.Name, Header: t.header, What: s.what, Number: s.number, Text: s.text})
			}
		}
	}
	return hits
}

func (s saying) has(words []string) bool {
	for _, w := range words {
		if !strings.Contains(s.folded, w) {
			return false
		}
	}
	return true
}
