package meeting

import (
	"maps"
	"slices"
)

// Looking things up. What these return belongs to the session: read it, and
// change it only through the edit functions below.

func (s *Session) find(id PersonID) *participant {
	i, ok := s.byID[id]
	if !ok || s.people[i].removed {
		return nil
	}
	return s.people[i]
}

func (s *Session) item(id ItemID) *item {
	if i := s.itemAt(id); i >= 0 {
		return s.items[i]
	}
	return nil
}

func (s *Session) itemAt(id ItemID) int {
	return slices.IndexFunc(s.items, func(it *item) bool { return it.ID == id })
}

func (s *Session) openItem() *item {
	for _, it := range s.items {
		if it.State == ItemOpen {
			return it
		}
	}
	return nil
}

func (s *Session) vote(id VoteID) *vote {
	if i := s.voteAt(id); i >= 0 {
		return s.votes[i]
	}
	return nil
}

func (s *Session) voteAt(id VoteID) int {
	return slices.IndexFunc(s.votes, func(v *vote) bool { return v.ID == id })
}

// running is the vote that is open, if one is: there is at most one.
func (s *Session) running() *vote {
	if n := len(s.votes); n > 0 && s.votes[n-1].State == VoteOpen {
		return s.votes[n-1]
	}
	return nil
}

func (s *Session) paper(id PaperID) (*item, *paper) {
	for _, it := range s.items {
		for _, p := range it.papers {
			if p.ID == id {
				return it, p
			}
		}
	}
	return nil, nil
}

// Editing. Each copies what it hands out once a fork, so a snapshot that was
// published never changes under its readers.

func (s *Session) editPerson(id PersonID) *participant {
	i, ok := s.byID[id]
	if !ok {
		return nil
	}
	if !s.own.people {
		s.people, s.own.people = slices.Clone(s.people), true
	}
	if !s.own.person[id] {
		p := *s.people[i]
		s.people[i] = &p
		s.own.person = mark(s.own.person, id)
	}
	return s.people[i]
}

func (s *Session) addPerson(p Person) *participant {
	if !s.own.byID {
		s.byID, s.own.byID = maps.Clone(s.byID), true
	}
	if !s.own.people {
		s.people, s.own.people = slices.Clone(s.people), true
	}
	s.byID[p.ID] = len(s.people)
	s.people = append(s.people, &participant{Person: p, index: len(s.people)})
	s.own.person = mark(s.own.person, p.ID)
	return s.people[len(s.people)-1]
}

// editItems hands out the agenda itself, to be reordered or appended to.
func (s *Session) editItems() []*item {
	if !s.own.items {
		s.items, s.own.items = slices.Clone(s.items), true
	}
	return s.items
}

func (s *Session) editItem(id ItemID) *item {
	i := s.itemAt(id)
	if i < 0 {
		return nil
	}
	s.editItems()
	if !s.own.item[id] {
		it := *s.items[i]
		it.papers, it.opinions = clonePapers(it.papers), slices.Clone(it.opinions)
		s.items[i] = &it
		s.own.item = mark(s.own.item, id)
	}
	return s.items[i]
}

func clonePapers(papers []*paper) []*paper {
	out := make([]*paper, len(papers))
	for i, p := range papers {
		c := *p
		out[i] = &c
	}
	return out
}

func (s *Session) editVote(id VoteID) *vote {
	i := s.voteAt(id)
	if i < 0 {
		return nil
	}
	if !s.own.votes {
		s.votes, s.own.votes = slices.Clone(s.votes), true
	}
	if !s.own.vote[id] {
		v := *s.votes[i]
		v.ballots = v.ballots.fork()
		s.votes[i] = &v
		s.own.vote = mark(s.own.vote, id)
	}
	return s.votes[i]
}

func mark[K comparable](set map[K]bool, k K) map[K]bool {
	if set == nil {
		set = map[K]bool{}
	}
	set[k] = true
	return set
}
