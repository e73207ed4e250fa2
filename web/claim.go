package web

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"phonghop/meeting"
	"phonghop/templates"
	"phonghop/viet"
)

func (w *Web) claimPage(rw http.ResponseWriter, r *http.Request) {
	w.device(rw, r)
	if err := w.Access.CheckClaim(r.PathValue("token"), w.Now()); err != nil {
		w.sayAtDoor(rw, r, err, "claim.unknown")
		return
	}
	w.showClaim(rw, r, http.StatusOK, templates.ClaimForm{Salutation: viet.Comrade, Person: w.firstSecretary()}, "")
}

func (w *Web) showClaim(rw http.ResponseWriter, r *http.Request, status int, f templates.ClaimForm, sentence string) {
	f.Secretaries = w.secretaries()
	w.render(rw, r, status, templates.Claim(w.page(r), f, sentence))
}

// claim makes one person the secretary and the IT officer of the room. The
// person is registered first: a crash between the two steps costs one name
// without a duty in use, never a secretary whom the room does not know.
func (w *Web) claim(rw http.ResponseWriter, r *http.Request) {
	form := claimForm(r)
	if sentence := w.faulty(r, form); sentence != "" {
		w.showClaim(rw, r, http.StatusForbidden, form, sentence)
		return
	}
	err := w.Access.CheckClaim(r.PathValue("token"), w.Now())
	var cookie string
	if err == nil {
		cookie, err = w.install(rw, r, form)
	}
	if status, sentence := w.refused(rw, r, err, "claim.unknown"); status != 0 {
		w.showClaim(rw, r, status, form, sentence)
		return
	}
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.sit(rw, r, cookie)
	see(rw, r, "/")
}

func (w *Web) install(rw http.ResponseWriter, r *http.Request, f templates.ClaimForm) (string, error) {
	who, err := w.claimant(f)
	if err != nil {
		return "", err
	}
	if err := w.register(r.Context(), who); err != nil {
		return "", err
	}
	cookie, _, err := w.Access.Claim(r.Context(), r.PathValue("token"), string(who.ID), r.PostFormValue("pin"), w.device(rw, r), w.Now())
	return cookie, err
}

func (w *Web) register(ctx context.Context, who meeting.Person) error {
	duties := []meeting.Duty{meeting.DutySecretary, meeting.DutyIT}
	_, err := w.Room.DoRoom(ctx, "", who.ID, func(house *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return house.Register(who, duties)
	})
	return err
}

// claimant is the session's own secretary where that was chosen, else somebody
// new.
func (w *Web) claimant(f templates.ClaimForm) (meeting.Person, error) {
	for _, p := range w.secretaries() {
		if p.ID == f.Person {
			return p, nil
		}
	}
	id, err := uuid.NewV7()
	return meeting.Person{
		ID: meeting.PersonID(id.String()), Salutation: f.Salutation, Name: f.Name, Title: f.Title, Unit: f.Unit,
		Role: meeting.RoleSecretary,
	}, err
}

// secretaries are those of the session in the room.
func (w *Web) secretaries() []meeting.Person {
	var list []meeting.Person
	for _, p := range w.state().Session.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Roll {
		if p.Role == meeting.RoleSecretary {
			list = append(list, p.Person)
		}
	}
	return list
}

func (w *Web) firstSecretary() meeting.PersonID {
	if list := w.secretaries(); len(list) > 0 {
		return list[0].ID
	}
	return ""
}

func claimForm(r *http.Request) templates.ClaimForm {
	return templates.ClaimForm{
		Person: meeting.PersonID(r.PostFormValue("person")), Salutation: viet.Clean(r.PostFormValue("salutation")),
		Name: viet.Clean(r.PostFormValue("name")), Title: viet.Clean(r.PostFormValue("title")), Unit: viet.Clean(r.PostFormValue("unit")),
	}
}

// faulty is what a claim's form lacks; "" where it is complete.
func (w *Web) faulty(r *http.Request, f templates.ClaimForm) string {
	switch {
	case f.Person == "" && f.Name == "":
		return w.langOf(r).T("claim.name-missing")
	case r.PostFormValue("pin") != r.PostFormValue("again"):
		return w.langOf(r).T("pin.differ")
	}
	return ""
}
