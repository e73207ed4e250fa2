package templates

import (
	"time"

	"phonghop/meeting"
	"phonghop/viet"
)

// CardOut is a seat card that was made: when, and whether it was ever used.
type CardOut struct {
	At   time.Time
	Used bool
}

// CardsOut are the cards that let somebody in now, by person.
type CardsOut map[meeting.PersonID]CardOut

// check is one line of the overview: is this part ready?
type check struct {
	Tab      string // of the page where it is set right
	OK       bool
	Needed   bool // the session cannot open without it
	Sentence string
	Next     string // key of the word for doing it
}

func (c check) href() string { return prepareHref(c.Tab) }

// checks says part by part how far the preparation of a session is.
func checks(p Page, v meeting.View, out CardsOut) []check {
	return []check{
		{Tab: "session", OK: true, Needed: true, Sentence: joinNonEmpty(" · ", p.T("kind."+v.Header.Kind), momentOf(p, v.Header.Starts), v.Header.Place)},
		agendaCheck(p, v),
		peopleCheck(p, v),
		chairCheck(p, v),
		seatsCheck(p, v),
		cardsCheck(p, v, out),
	}
}

func agendaCheck(p Page, v meeting.View) check {
	papers := 0
	for _, it := range v.Agenda {
		papers += len(it.Papers)
	}
	c := check{Tab: "agenda", Needed: true, OK: len(v.Agenda) > 0, Sentence: p.T("ready.noitems"), Next: "next.agenda"}
	if c.OK {
		c.Sentence = p.T("ready.items", len(v.Agenda), papers)
	}
	return c
}

func peopleCheck(p Page, v meeting.View) check {
	c := check{Tab: "people", Needed: true, OK: v.Quorum.Total > 0, Sentence: p.T("ready.nobody"), Next: "next.people"}
	if c.OK {
		c.Sentence = p.T("ready.members", v.Quorum.Total, v.Quorum.Need)
	}
	if n := absences(v); n > 0 {
		c.Sentence += " " + p.T("ready.absent", n)
	}
	return c
}

func chairCheck(p Page, v meeting.View) check {
	c := check{Tab: "people", Needed: true, OK: v.Chair.ID != "", Sentence: p.T("ready.nochair"), Next: "next.chair"}
	if c.OK {
		c.Sentence = p.T("ready.chair", nameOf(v.Chair.Person))
	}
	return c
}

func seatsCheck(p Page, v meeting.View) check {
	people := seated(v)
	without := 0
	for _, s := range withoutSeat(v) {
		if s.Role != meeting.RoleGuest { // guests often have none
			without++
		}
	}
	c := check{Tab: "seats", OK: len(people) > 0 && without == 0, Sentence: p.T("ready.noseats", without), Next: "next.seats"}
	switch {
	case len(people) == 0:
		c.Sentence = p.T("ready.seats.later")
	case c.OK:
		c.Sentence = p.T("ready.seats", len(people)-len(withoutSeat(v)))
	}
	return c
}

func cardsCheck(p Page, v meeting.View, out CardsOut) check {
	c := check{Tab: "cards", Sentence: p.T("ready.cards"), Next: "next.cards"}
	made, used := 0, 0
	for _, s := range v.Roll {
		card, ok := out[s.ID]
		if ok {
			made++
		}
		if card.Used {
			used++
		}
	}
	if made > 0 {
		c.OK = made == len(v.Roll)
		c.Sentence = p.T("ready.cards.out", made, len(v.Roll), used)
	}
	return c
}

func absences(v meeting.View) (n int) {
	for _, s := range v.Roll {
		if s.Absent {
			n++
		}
	}
	return n
}

// missing counts what stands in the way of opening.
func missing(list []check) (n int) {
	for _, c := range list {
		if c.Needed && !c.OK {
			n++
		}
	}
	return n
}

// nextCheck is the first part that is not ready; what the session needs comes
// before what is only wise. False: all is ready.
func nextCheck(list []check) (check, bool) {
	for _, needed := range []bool{true, false} {
		for _, c := range list {
			if !c.OK && c.Needed == needed {
				return c, true
			}
		}
	}
	return check{}, false
}

// prepareTabs are the pages of preparing, in the order they are gone through.
func prepareTabs() []string {
	return []string{"overview", "session", "agenda", "people", "seats", "cards"}
}

func prepareHref(tab string) string {
	if tab == "overview" {
		return "/prepare"
	}
	return "/prepare/" + tab
}

// following is the page after this one.
func following(tab string) string {
	tabs := prepareTabs()
	for i, t := range tabs[:len(tabs)-1] {
		if t == tab {
			return tabs[i+1]
		}
	}
	return tabs[0]
}

// momentOf says a day and a time for screens.
func momentOf(p Page, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if p.Lang == English {
		return t.In(viet.Zone()).Format("Monday 2 January 2006, 15:04")
	}
	return viet.LongDate(t) + ", " + viet.Clock(t)
}
