package web

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
	"phonghop/templates"
	"phonghop/viet"
)

// prepareHome shows what the session still lacks; in a room without one, the
// form that makes one.
func (w *Web) prepareHome(rw http.ResponseWriter, r *http.Request) {
	s := w.state().Session
	if over(s.Phase()) {
		w.render(rw, r, http.StatusOK, templates.PrepareNew(w.page(r), w.proposal(s)))
		return
	}
	w.render(rw, r, http.StatusOK, templates.PrepareOverview(w.page(r), w.clerkView(), w.cardsOut(s.ID())))
}

// over: nothing is left to prepare in such a session; the next can be made.
func over(p meeting.Phase) bool {
	return p == meeting.Nothing || p == meeting.Closed || p == meeting.Sealed
}

// proposal fills the form of a new session from the last one.
func (w *Web) proposal(last *meeting.Session) templates.Start {
	start := templates.Start{
		Header: meeting.Header{Number: 1, Kind: "regular", Body: "Ủy ban nhân dân tỉnh", Rows: 5, Cols: 6},
		Sets:   rules.Sets(), Chosen: rules.Sets()[0].Name, Key: newKey(),
	}
	if last.Phase() != meeting.Nothing {
		start.Header, start.Chosen, start.Last = last.Header(), last.Rules().Name, last.Header().Number
		start.Header.Number++
		start.Header.Title = ""
	}
	tomorrow := w.Now().In(viet.Zone()).AddDate(0, 0, 1)
	start.Header.Starts = time.Date(tomorrow.Year(), tomorrow.Month(), tomorrow.Day(), 8, 0, 0, 0, viet.Zone())
	return start
}

// newKey names one drawing of a page's forms. These pages stand still, so each
// drawing has a name of its own: two windows never take each other's forms for
// repeats.
func newKey() string { return uuid.NewString() }

// clerkView is the session as its secretary prepares it.
func (w *Web) clerkView() meeting.View {
	return w.state().Session.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen})
}

// headerOf reads the particulars out of a form; the seats are planned on a page
// of their own. A date that cannot be read leaves the session without a time,
// which the session refuses.
func headerOf(r *http.Request, seats meeting.Header) meeting.Header {
	starts, _ := time.ParseInLocation("2006-01-02 15:04", r.PostFormValue("date")+" "+r.PostFormValue("time"), viet.Zone())
	return meeting.Header{
		Number: number(r, "number"), Term: r.PostFormValue("term"), Kind: r.PostFormValue("kind"),
		Body: r.PostFormValue("body"), Title: r.PostFormValue("title"), Place: r.PostFormValue("place"),
		Starts: starts, Rows: seats.Rows, Cols: seats.Cols,
		AutoPapers: r.PostFormValue("auto_papers") != "", Receipts: r.PostFormValue("receipts") != "",
	}
}

// number reads a whole number out of a form, as people write it; 0 if none.
func number(r *http.Request, name string) int {
	n, err := viet.ParseNumber(r.PostFormValue(name))
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return int(n)
}

// createSession makes the next session of the room, from the last one if asked.
func (w *Web) createSession(rw http.ResponseWriter, r *http.Request) {
	last := w.state().Session
	answer, err := w.Room.Prepare(r.Context(), w.command(r).Key, w.person(r), w.preparation(r))
	if err == nil && answer.Fresh {
		err = w.succeed(rw, r, last, answer.State.Session)
	}
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.turn(rw, r, answer, "/prepare")
}

// preparation is what a new session begins with.
func (w *Web) preparation(r *http.Request) room.Preparation {
	staff, known := w.state().House.Staff(w.person(r))
	people, agenda := r.PostFormValue("people") != "", r.PostFormValue("agenda") != ""
	name := r.PostFormValue("rules")
	return func(last *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		h, set := headerOf(r, w.proposal(last).Header), ruleSet(last, name)
		clerk, here := last.Person(a.By)
		switch {
		case here && clerk.Role == meeting.RoleSecretary && people:
			return last.CopyTo(a, id, h, set, agenda, newItem)
		case here && clerk.Role == meeting.RoleSecretary:
			return meeting.Prepare(a, id, h, set, "", clerk)
		case known:
			return meeting.Prepare(a, id, h, set, "", staff.Person)
		}
		return nil, meeting.NotAllowed
	}
}

// ruleSet finds a rule set by name: the session's own where a province has
// changed it, else the one we ship.
func ruleSet(s *meeting.Session, name string) rules.Set {
	if own := s.Rules(); own.Name == name {
		return own
	}
	set, _ := rules.Named(name)
	return set
}

// succeed moves the secretary's own tablet into the new session, if a card of
// the last one signed it in, and ends the last one's cards. A crash in between
// leaves old cards that open nothing but a page saying so.
func (w *Web) succeed(rw http.ResponseWriter, r *http.Request, last, now *meeting.Session) error {
	if last.Phase() == meeting.Nothing {
		return nil
	}
	if v := w.visitor(r); v.Session == string(last.ID()) {
		if err := w.moveIn(rw, r, v, now); err != nil {
			return err
		}
	}
	return w.Access.EndSession(r.Context(), string(last.ID()))
}

func (w *Web) moveIn(rw http.ResponseWriter, r *http.Request, v visitor, s *meeting.Session) error {
	who := []access.Person{{ID: string(v.Person), Seat: v.Place, Roles: access.Secretary}}
	cards, err := w.Access.IssueCards(r.Context(), string(s.ID()), who, w.Now())
	if err != nil {
		return err
	}
	cookie, _, err := w.Access.EnterToken(r.Context(), cards[0].Token, w.device(rw, r), w.Now())
	if err != nil {
		return err
	}
	w.sit(rw, r, cookie)
	return nil
}

func newItem() meeting.ItemID { return meeting.ItemID(uuid.Must(uuid.NewV7()).String()) }

func (w *Web) prepareSession(rw http.ResponseWriter, r *http.Request) {
	w.render(rw, r, http.StatusOK, templates.PrepareSession(w.page(r), w.clerkView(), newKey(), w.setsOf()))
}

// setsOf are the rule sets to choose from: the ones we ship, and the session's
// own where a province has changed it.
func (w *Web) setsOf() []rules.Set {
	sets, own := rules.Sets(), w.state().Session.Rules()
	for i, s := range sets {
		if s.Name == own.Name {
			sets[i] = own
			return sets
		}
	}
	if own.Name != "" {
		sets = append(sets, own)
	}
	return sets
}

func (w *Web) changeSession(rw http.ResponseWriter, r *http.Request) {
	name := r.PostFormValue("rules")
	w.doAndTurn(rw, r, "/prepare", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Change(a, headerOf(r, s.Header()), ruleSet(s, name))
	})
}

// doAndTurn is do for pages that stand still: no stream shows what changed, so
// the browser is sent to a page that does; "" is the one it is on.
func (w *Web) doAndTurn(rw http.ResponseWriter, r *http.Request, to string, verb room.Verb) {
	answer, err := w.order(r, verb)
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.turn(rw, r, answer, to)
}

func (w *Web) turn(rw http.ResponseWriter, r *http.Request, answer room.Answer, to string) {
	switch {
	case isFragment(r) && to == "":
		rw.Header().Set("HX-Refresh", "true")
	case isFragment(r):
		rw.Header().Set("HX-Redirect", to)
	case to != "" && !wantsJSON(r):
		see(rw, r, to)
		return
	}
	w.done(rw, r, answer)
}
