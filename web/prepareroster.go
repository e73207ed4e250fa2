package web

import (
	"phonghop/meeting"
	"phonghop/roster"
	"phonghop/viet"
)

// asPeople turns the rows of a list into people of this session. A row is
// somebody already there where the name is the same, and the unit too where a
// name stands twice; substitutes find theirs by name.
func asPeople(v meeting.View, sheet roster.Preview) []meeting.Person {
	m := matching{taken: map[meeting.PersonID]bool{}, byName: map[string][]meeting.Person{}, rows: map[string]int{}}
	for _, seat := range v.Roll {
		m.byName[viet.Fold(seat.Name)] = append(m.byName[viet.Fold(seat.Name)], seat.Person)
	}
	for _, row := range sheet.Rows {
		m.rows[viet.Fold(row.Name)]++
	}
	people := make([]meeting.Person, len(sheet.Rows))
	listed := map[string]meeting.PersonID{}
	for i, row := range sheet.Rows {
		people[i] = filledIn(m.find(row), v, row)
		listed[viet.Fold(row.Name)] = people[i].ID
	}
	for i, row := range sheet.Rows {
		people[i].For = m.principal(listed, row.SubstituteFor)
	}
	return people
}

// matching finds rows among the people already there, each person once.
type matching struct {
	byName map[string][]meeting.Person
	rows   map[string]int // how often the list has a name
	taken  map[meeting.PersonID]bool
}

func (m matching) find(row roster.Row) meeting.Person {
	same := m.byName[viet.Fold(row.Name)]
	for _, alike := range []func(meeting.Person) bool{
		func(p meeting.Person) bool { return viet.Fold(p.Unit) == viet.Fold(row.Unit) },
		func(p meeting.Person) bool { return len(same) == 1 && m.rows[viet.Fold(row.Name)] == 1 },
	} {
		for _, p := range same {
			if alike(p) && !m.taken[p.ID] {
				m.taken[p.ID] = true
				return p
			}
		}
	}
	return meeting.Person{ID: newPerson()}
}

// principal is whom a substitute stands in for; the list comes before those
// already there.
func (m matching) principal(listed map[string]meeting.PersonID, name string) meeting.PersonID {
	if id, ok := listed[viet.Fold(name)]; ok {
		return id
	}
	if there := m.byName[viet.Fold(name)]; len(there) > 0 {
		return there[0].ID
	}
	return ""
}

// filledIn is a person as a row says they are.
func filledIn(p meeting.Person, v meeting.View, row roster.Row) meeting.Person {
	p.Salutation, p.Name, p.PartyTitle, p.Title, p.Unit = row.Salutation, row.Name, row.PartyTitle, row.Title, row.Unit
	p.Role, p.Seat, p.Order, p.Votes = meeting.Role(row.Role), seatNamed(row.Seat), row.Order, row.Votes
	p.Items = nil
	if p.Role == meeting.RoleGuest {
		p.Items, _ = itemsByNumber(v, joinNumbers(row.Items))
	}
	return p
}
