package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/templates"
)

func (w *Web) preparePeople(rw http.ResponseWriter, r *http.Request) {
	w.showPeople(rw, r, w.page(r))
}

func (w *Web) showPeople(rw http.ResponseWriter, r *http.Request, p templates.Page) {
	a := templates.PeoplePage{Key: newKey(), Edit: meeting.PersonID(r.URL.Query().Get("edit"))}
	w.render(rw, r, http.StatusOK, templates.PreparePeople(p, w.clerkView(), a))
}

func newPerson() meeting.PersonID { return meeting.PersonID(uuid.Must(uuid.NewV7()).String()) }

func (w *Web) addPerson(rw http.ResponseWriter, r *http.Request) {
	p, unknown := w.personOf(r, newPerson())
	if unknown != "" {
		w.tell(rw, r, http.StatusConflict, w.langOf(r).T("person.items.none", unknown))
		return
	}
	w.doAndTurn(rw, r, "", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
}

// changePerson records a person as typed; what their card lets them decide
// follows their role.
func (w *Web) changePerson(rw http.ResponseWriter, r *http.Request) {
	p, unknown := w.personOf(r, personAt(r))
	if unknown != "" {
		w.tell(rw, r, http.StatusConflict, w.langOf(r).T("person.items.none", unknown))
		return
	}
	presided := w.state().Session.Presiding()
	answer, err := w.order(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		if _, ok := s.Person(p.ID); !ok {
			return nil, meeting.NoSuchPerson
		}
		return s.Seat(a, p)
	})
	if err == nil {
		err = w.setDuties(r, w.state().Session, p.ID, presided)
	}
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.turn(rw, r, answer, "/prepare/people#person-"+string(p.ID))
}

// personOf reads a person out of a form; unknown is an item that they shall
// attend and the agenda does not have.
func (w *Web) personOf(r *http.Request, id meeting.PersonID) (p meeting.Person, unknown string) {
	p = meeting.Person{
		ID: id, Salutation: r.PostFormValue("salutation"), Name: r.PostFormValue("name"),
		PartyTitle: r.PostFormValue("party_title"), Title: r.PostFormValue("title"), Unit: r.PostFormValue("unit"),
		Role: meeting.Role(r.PostFormValue("role")), Votes: r.PostFormValue("votes") != "",
		Seat: seatNamed(r.PostFormValue("seat")), Order: number(r, "order"), For: meeting.PersonID(r.PostFormValue("for")),
	}
	if p.Role == meeting.RoleGuest {
		p.Items, unknown = itemsByNumber(w.clerkView(), r.PostFormValue("items"))
	}
	return p, unknown
}

// itemsByNumber reads "3, 5" as the items that stand there now. unknown is the
// first word that is no number of an item.
func itemsByNumber(v meeting.View, typed string) (ids []meeting.ItemID, unknown string) {
	for _, word := range strings.FieldsFunc(typed, func(c rune) bool { return c == ',' || c == ';' || c == ' ' }) {
		n, err := strconv.Atoi(word)
		switch {
		case err == nil && n >= 1 && n <= len(v.Agenda):
			ids = append(ids, v.Agenda[n-1].ID)
		case unknown == "":
			unknown = word
		}
	}
	return ids, unknown
}

// removePerson takes somebody off the list; their card and tablets end with it.
func (w *Web) removePerson(rw http.ResponseWriter, r *http.Request) {
	id := personAt(r)
	answer, err := w.order(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Unseat(a, id) })
	if err == nil {
		err = w.Access.EndCard(r.Context(), string(w.state().Session.ID()), string(id))
	}
	if err != nil && !errors.Is(err, access.ErrUnknown) {
		w.refuse(rw, r, err)
		return
	}
	w.turn(rw, r, answer, "/prepare/people")
}

// resetPIN is for somebody who forgot theirs: they choose a new one when they
// next sign in.
func (w *Web) resetPIN(rw http.ResponseWriter, r *http.Request) {
	if !w.mayPrepare(r) {
		w.refuse(rw, r, meeting.NotAllowed)
		return
	}
	if err := w.Access.ResetPIN(r.Context(), r.PathValue("person")); err != nil {
		w.refuse(rw, r, err)
		return
	}
	page := w.page(r)
	page.Notice = page.T("person.pin.done")
	w.showPeople(rw, r, page)
}

// mayPrepare asks the session and the house, not the card: a card may still say
// secretary for a moment after the session has said otherwise.
func (w *Web) mayPrepare(r *http.Request) bool {
	who, s := w.person(r), w.state()
	return s.Session.May(who, meeting.ToPrepare) || s.House.Has(who, meeting.DutySecretary) || s.House.Has(who, meeting.DutyIT)
}
