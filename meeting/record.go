package meeting

import "slices"

// tell writes a line of the record. Names are taken as they are now: a record
// read years later still says who it was.
//
// The record only grows, and forks share it: a fork appends behind what any
// reader can see. Only a correction or an undo rewrites a line, on a copy.
func (s *Session) tell(e Entry, l Line) {
	l.Seq, l.At, l.Kind, l.By = e.Seq, e.At, e.Kind, e.By
	l.ByName = s.nameOf(e.By)
	if l.Refers == 0 {
		l.Refers = -1
	}
	if p, ok := s.byID[l.Person]; ok {
		l.Name, l.Unit = s.people[p].called(), s.people[p].Unit
	}
	if i := s.itemAt(l.Item); i >= 0 {
		l.ItemNo = i + 1
		if l.Title == "" {
			l.Title = s.items[i].text.Title
		}
	}
	s.record = append(s.record, l)
}

// called is how the record names a person: "Ông Trần Quốc Bảo".
func (p Person) called() string {
	if p.Salutation == "" {
		return p.Name
	}
	return p.Salutation + " " + p.Name
}

func (s *Session) nameOf(id PersonID) string {
	if i, ok := s.byID[id]; ok {
		return s.people[i].called()
	}
	return ""
}

// line finds the line of an entry.
func (s *Session) line(seq int64) (Line, bool) {
	i, ok := s.lineAt(seq)
	if !ok {
		return Line{}, false
	}
	return s.record[i], true
}

func (s *Session) lineAt(seq int64) (int, bool) {
	return slices.BinarySearchFunc(s.record, seq, func(l Line, seq int64) int { return int(l.Seq - seq) })
}

func (s *Session) editLine(seq int64) *Line {
	i, ok := s.lineAt(seq)
	if !ok {
		return nil
	}
	if !s.own.record {
		s.record, s.own.record = slices.Clone(s.record), true
	}
	s.record[i].Corrected = slices.Clone(s.record[i].Corrected)
	return &s.record[i]
}

func (s *Session) foldCorrected(e Entry) {
	d := data[dataSeq](e)
	t, _ := words(e)
	l := s.editLine(d.Seq)
	if l == nil {
		return
	}
	l.Corrected = append(l.Corrected, t.Text)
	item := l.Item
	s.tell(e, Line{Item: item, Text: t.Text, Refers: d.Seq})
}
