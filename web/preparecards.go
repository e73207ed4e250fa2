package web

import (
	"net/http"
	"strings"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/templates"
)

// hallCard names the card of the hall screen, which is no person.
const hallCard = "hall"

func (w *Web) prepareCards(rw http.ResponseWriter, r *http.Request) {
	w.showCards(rw, r, nil)
}

func (w *Web) showCards(rw http.ResponseWriter, r *http.Request, made []templates.Card) {
	v := w.clerkView()
	c := templates.CardsPage{Out: w.cardsOut(v.ID), New: made}
	_, c.Hall = c.Out[hallCard]
	w.render(rw, r, http.StatusOK, templates.PrepareCards(w.page(r), v, c))
}

// cardsOut are the cards of a session that let somebody in now.
func (w *Web) cardsOut(id meeting.SessionID) templates.CardsOut {
	out := templates.CardsOut{}
	for _, card := range w.Access.Issued(string(id)) {
		out[meeting.PersonID(card.Person)] = templates.CardOut{At: card.At, Used: card.Used}
	}
	return out
}

// issueCards makes seat cards, for everybody or for one, and shows them once, to
// be printed.
func (w *Web) issueCards(rw http.ResponseWriter, r *http.Request) {
	if !w.mayPrepare(r) {
		w.refuse(rw, r, meeting.NotAllowed)
		return
	}
	v := w.clerkView()
	people := cardHolders(v, r.PostFormValue("person"))
	if v.ID == "" || len(people) == 0 {
		w.refuse(rw, r, meeting.NoSuchPerson)
		return
	}
	issued, err := w.Access.IssueCards(r.Context(), string(v.ID), people, w.Now())
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.showCards(rw, r, w.asPrinted(issued))
}

// cardHolders are those who get a card: one, or all of them and the hall screen.
func cardHolders(v meeting.View, only string) (people []access.Person) {
	for _, seat := range v.Roll {
		if only == "" || only == string(seat.ID) {
			people = append(people, access.Person{ID: string(seat.ID), Seat: seat.Seat, Roles: rolesOf(seat)})
		}
	}
	if only == "" || only == hallCard {
		people = append(people, access.Person{ID: hallCard, Roles: access.Hall})
	}
	return people
}

func (w *Web) asPrinted(issued []access.Card) []templates.Card {
	address := strings.TrimSuffix(w.Address(), "/")
	cards := make([]templates.Card, len(issued))
	for i, c := range issued {
		who, _ := w.state().Session.Person(meeting.PersonID(c.Person))
		cards[i] = templates.Card{Person: who, Hall: c.Person == hallCard, Link: address + "/enter/" + c.Token, Address: address, Code: c.Code}
	}
	return cards
}

// rolesOf are the duties of a seat's card; they ask for a PIN.
func rolesOf(seat meeting.SeatView) (roles access.Roles) {
	if seat.Role == meeting.RoleSecretary {
		roles |= access.Secretary
	}
	if seat.Role == meeting.RoleChair || seat.Presiding {
		roles |= access.Chair
	}
	return roles
}
