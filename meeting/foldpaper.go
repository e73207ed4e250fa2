package meeting

import "slices"

func (s *Session) foldPaperPlaced(e Entry) {
	d := data[dataPaper](e)
	it := s.editItem(d.Item)
	if it == nil {
		return
	}
	name := d.Name
	if name == "" {
		t, _ := words(e)
		name = t.Name
	}
	p := &paper{
		ID: d.Paper, Name: name, Ref: d.Ref, Size: d.Size, Type: d.Type, Version: 1, Placed: e.At, Replaces: d.Replaces,
		held: e.Hold, readers: d.Readers, people: d.People, recall: d.Recall,
	}
	for _, old := range it.papers {
		if d.Replaces != "" && old.ID == d.Replaces {
			old.replaced, p.Version = true, old.Version+1
		}
	}
	it.papers = append(it.papers, p)
	if s.phase != Preparing {
		s.tell(e, Line{Item: d.Item, Title: name, Count: p.Version})
	}
}

// editPaper finds a paper in a copy of its item.
func (s *Session) editPaper(id PaperID) (*item, *paper) {
	at, _ := s.paper(id)
	if at == nil {
		return nil, nil
	}
	it := s.editItem(at.ID)
	i := slices.IndexFunc(it.papers, func(p *paper) bool { return p.ID == id })
	if i < 0 { // two items of one id, in a log that is not ours
		return nil, nil
	}
	return it, it.papers[i]
}

func (s *Session) foldPaperWithdrawn(e Entry) {
	it, p := s.editPaper(data[dataPaperWithdrawn](e).Paper)
	if p == nil {
		return
	}
	p.withdrawn = true
	if s.phase != Preparing {
		t, _ := words(e)
		s.tell(e, Line{Item: it.ID, Title: p.Name, Text: t.Reason})
	}
}

func (s *Session) foldPaperChanged(e Entry) {
	d := data[dataPaperChanged](e)
	it, p := s.editPaper(d.Paper)
	if p == nil {
		return
	}
	t, withheld := words(e)
	if d.Name == "" && !withheld {
		d.Name = t.Name
	}
	if d.Name != "" {
		p.Name = d.Name
	}
	p.readers, p.people, p.recall = d.Readers, d.People, d.Recall
	if s.phase != Preparing {
		s.tell(e, Line{Item: it.ID, Title: p.Name})
	}
}

func (s *Session) foldPaperMoved(e Entry) {
	d := data[dataPaperMoved](e)
	from, p := s.editPaper(d.Paper)
	to := s.editItem(d.Item)
	if p == nil || to == nil || from == to {
		return
	}
	moved := from.line(d.Paper)
	slices.Reverse(moved)
	from.papers = slices.DeleteFunc(from.papers, func(p *paper) bool { return slices.Contains(moved, p) })
	for _, p := range moved {
		p.held = p.held || e.Hold
	}
	to.papers = append(to.papers, moved...)
	if s.phase != Preparing {
		s.tell(e, Line{Item: d.Item, Title: p.Name})
	}
}

func (s *Session) foldPaperOpened(e Entry) {
	d := data[dataPaperOpened](e)
	if _, p := s.editPaper(d.Paper); p != nil && !slices.Contains(p.opened, d.Person) {
		p.opened = append(slices.Clip(p.opened), d.Person)
	}
}

func (s *Session) foldPagesDrawn(e Entry) {
	d := data[dataPagesDrawn](e)
	it, p := s.editPaper(d.Paper)
	if p == nil {
		return
	}
	p.drawing = p.drawing.with(d, e.Refs)
	s.compare(it, p)
}

// compare finds what changed between a paper and its neighbours in the line of
// versions, once both are drawn whole and by the same renderer.
func (s *Session) compare(it *item, p *paper) {
	for _, q := range it.papers {
		switch {
		case q.ID == p.Replaces:
			p.changed = changedPages(q.drawing, p.drawing)
		case q.Replaces == p.ID:
			q.changed = changedPages(p.drawing, q.drawing)
		}
	}
}
