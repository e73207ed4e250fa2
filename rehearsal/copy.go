package rehearsal

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

// script is what a rehearsal begins with: the preparation of a session, once more.
type script struct {
	header    meeting.Header
	set       rules.Set
	conductor meeting.Person
	people    []meeting.Person // those of the session, without votes
	ghosts    []meeting.Person
	items     []meeting.NewItem
	ids       []meeting.ItemID
	from      map[meeting.ItemID]meeting.ItemID // items of the session, to those of the copy
}

// scriptOf copies what is prepared in the room; where nothing is, or it is over,
// there is a plain session of one item.
func scriptOf(s *meeting.Session, ghosts int, now time.Time) script {
	c := script{header: plainHeader(), from: map[meeting.ItemID]meeting.ItemID{}}
	c.set, _ = rules.Named(rules.Sets()[0].Name)
	c.header.Starts = now
	c.conductor = meeting.Person{ID: fresh[meeting.PersonID](), Name: conductorName, Role: meeting.RoleSecretary}
	if live(s.Phase()) {
		c.take(s)
	}
	if len(c.items) == 0 {
		c.items, c.ids = []meeting.NewItem{{Title: plainTitle}}, []meeting.ItemID{fresh[meeting.ItemID]()}
	}
	if !slices.ContainsFunc(c.people, func(p meeting.Person) bool { return p.Role == meeting.RoleChair }) {
		c.people = append(c.people, meeting.Person{ID: fresh[meeting.PersonID](), Name: chairName, Role: meeting.RoleChair})
	}
	taken := map[string]bool{}
	for _, p := range c.people {
		taken[p.Seat] = true
	}
	for i := range ghosts {
		c.ghosts = append(c.ghosts, ghost(i, ghosts, taken))
	}
	return c
}

func live(p meeting.Phase) bool {
	return p == meeting.Preparing || p == meeting.Sitting || p == meeting.Recess
}

func (c *script) take(s *meeting.Session) {
	v := s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen})
	c.header, c.set = v.Header, v.Rules
	c.header.Receipts, c.header.AutoPapers = false, false
	for _, it := range v.Agenda {
		item := meeting.NewItem{Title: it.Title, Presenter: it.Presenter, Unit: it.Unit, Minutes: it.Minutes, InCamera: it.InCamera}
		if it.InCamera || it.Hidden {
			item = meeting.NewItem{Title: closedTitle, Minutes: it.Minutes, InCamera: true}
		}
		c.from[it.ID] = fresh[meeting.ItemID]()
		c.items, c.ids = append(c.items, item), append(c.ids, c.from[it.ID])
	}
	for _, seat := range v.Roll {
		p := c.person(seat.Person)
		p.Votes = false
		if p.Role == meeting.RoleChair && seat.ID != v.Chair.ID {
			p.Role = meeting.RoleMember // the chair was handed over: in the copy it begins there
		}
		if seat.ID == v.Chair.ID {
			p.Role = meeting.RoleChair
		}
		c.people = append(c.people, p)
	}
}

// person is somebody of the session as the copy has them: a guest attends the
// items of the copy.
func (c *script) person(p meeting.Person) meeting.Person {
	var items []meeting.ItemID
	for _, id := range p.Items {
		if here, ok := c.from[id]; ok {
			items = append(items, here)
		}
	}
	p.Items = items
	return p
}

// fresh is an id nobody else has.
func fresh[T ~string]() T { return T(uuid.Must(uuid.NewV7()).String()) }

// prepare plays the script up to its first open item, with every ghost present.
func (r *Run) prepare(ctx context.Context, real *room.Snapshot, ghosts int) error {
	c := scriptOf(real.Session, ghosts, r.stage.Now())
	r.script, r.early = c, real.Session.Phase() != meeting.Sitting && real.Session.Phase() != meeting.Recess
	_, err := r.Room.DoRoom(ctx, "", c.conductor.ID, func(h *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return h.Found(real.House.Name(), real.House.Slug(), r.journal.PublicKey())
	})
	if err != nil {
		return err
	}
	_, err = r.Room.Prepare(ctx, "", c.conductor.ID, func(_ *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return meeting.Prepare(a, id, c.header, c.set, "", c.conductor)
	})
	if err != nil {
		return err
	}
	for _, verb := range c.opening() {
		if err := r.do(ctx, verb); err != nil {
			return err
		}
	}
	return r.issue(ctx)
}

// opening is what the conductor does before anybody comes in.
func (c *script) opening() []room.Verb {
	verbs := []room.Verb{func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.SeatAll(a, slices.Concat(c.people, c.ghosts))
	}}
	for i, it := range c.items {
		verbs = append(verbs, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AddItem(a, c.ids[i], it) })
	}
	return append(verbs,
		func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkAll(a, idsOf(c.ghosts)) },
		func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, override) },
		func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, c.first()) })
}

// first is the item it begins with: one that is open to everybody, if there is any.
func (c *script) first() meeting.ItemID {
	i := slices.IndexFunc(c.items, func(it meeting.NewItem) bool { return !it.InCamera })
	return c.ids[max(i, 0)]
}

func idsOf(people []meeting.Person) []meeting.PersonID {
	ids := make([]meeting.PersonID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return ids
}

// issue makes the cards of whoever is simulated. Nobody in a rehearsal is asked
// for a PIN: no card of it has a role but the hall's.
func (r *Run) issue(ctx context.Context) error {
	people := []access.Person{{ID: string(r.script.conductor.ID)}}
	for _, g := range r.script.ghosts {
		people = append(people, access.Person{ID: string(g.ID)})
	}
	cards, err := r.Access.IssueCards(ctx, r.session(), people, r.stage.Now())
	if err != nil {
		return err
	}
	r.Conductor = Card{Name: r.script.conductor.Name, Person: r.script.conductor.ID, Token: cards[0].Token}
	for i, g := range r.script.ghosts {
		r.Ghosts = append(r.Ghosts, Card{Name: g.Name, Person: g.ID, Token: cards[i+1].Token})
	}
	return nil
}
