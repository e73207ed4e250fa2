package meeting

import "slices"

// Readers says who may read a paper.
type Readers string

const (
	ReadersAll     Readers = ""        // whoever attends the item, its guests too
	ReadersMembers Readers = "members" // without guests
	ReadersNamed   Readers = "named"   // the people named; chair and secretary always
)

// NewPaper is a paper whose bytes are already kept, by their SHA-256.
type NewPaper struct {
	ID       PaperID
	Item     ItemID
	Name     string
	Ref      string
	Size     int64
	Type     string
	Replaces PaperID
	Readers  Readers
	People   []PersonID // ReadersNamed: who
	Recall   bool       // ends at closing
}

// PaperChange is the whole of what may change of a paper.
type PaperChange struct {
	Name    string
	Readers Readers
	People  []PersonID
	Recall  bool
}

type (
	dataPaperChanged struct {
		Paper PaperID `json:"paper"`
		Name  string  `json:"name,omitempty"`
		dataReaders
	}
	dataPaperMoved struct {
		Paper PaperID `json:"paper"`
		Item  ItemID  `json:"item"`
	}
	dataPaperOpened struct {
		Paper  PaperID  `json:"paper"`
		Person PersonID `json:"person"`
	}
)

func (p *paper) stands() bool { return !p.withdrawn && !p.replaced }

// PlacePaper puts a paper on an item. The same bytes twice on one item are
// nothing new. A new version keeps the readers of the one before, unless others
// are given.
func (s *Session) PlacePaper(a Act, n NewPaper) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	it := s.item(n.Item)
	if it == nil {
		return nil, NoSuchItem
	}
	name, err := needed(n.Name, Missing)
	if err != nil {
		return nil, err
	}
	var old *paper
	for _, p := range it.papers {
		if p.stands() && p.Ref == n.Ref {
			return nil, nil
		}
		if p.ID == n.Replaces && p.stands() {
			old = p
		}
	}
	if n.Replaces != "" && old == nil {
		return nil, NoSuchPaper
	}
	readers := dataReaders{n.Readers, n.People, n.Recall}
	if old != nil && n.Readers == ReadersAll && len(n.People) == 0 && !n.Recall {
		readers = dataReaders{old.readers, old.people, old.recall}
	}
	if readers, err = s.readers(readers); err != nil {
		return nil, err
	}
	d := dataPaper{Paper: n.ID, Item: n.Item, Ref: n.Ref, Size: n.Size, Type: n.Type, Replaces: n.Replaces, dataReaders: readers}
	e := Event{Kind: PaperPlaced, Refs: []string{n.Ref}}
	if it.InCamera || old != nil && old.held {
		e.Detail, e.Hold = texts{Name: name}, true
	} else {
		d.Name = name
	}
	e.Data = d
	return []Event{e}, nil
}

// readers checks who is named to read a paper.
func (s *Session) readers(d dataReaders) (dataReaders, error) {
	if d.Readers != ReadersNamed {
		d.People = nil
		if d.Readers != ReadersAll && d.Readers != ReadersMembers {
			return d, BadReaders
		}
		return d, nil
	}
	var people []PersonID
	for _, id := range d.People {
		if s.find(id) != nil && !slices.Contains(people, id) {
			people = append(people, id)
		}
	}
	switch {
	case len(people) == 0:
		return d, BadReaders
	case len(people) > MaxNamed:
		return d, &Counted{TooMany, MaxNamed}
	}
	d.People = people
	return d, nil
}

// WithdrawPaper takes a paper off the tablets; the record keeps it.
func (s *Session) WithdrawPaper(a Act, id PaperID, reason string) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	reason, err := short(reason)
	if err != nil {
		return nil, err
	}
	it, p := s.paper(id)
	switch {
	case p == nil:
		return nil, NoSuchPaper
	case !p.stands():
		return nil, nil
	}
	return said(PaperWithdrawn, dataPaperWithdrawn{id}, texts{Reason: reason}, it.InCamera || p.held), nil
}

// ChangePaper changes a paper's name, readers and recall: the whole of them.
func (s *Session) ChangePaper(a Act, id PaperID, c PaperChange) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	it, p := s.paper(id)
	if p == nil || !p.stands() {
		return nil, NoSuchPaper
	}
	name, err := needed(c.Name, Missing)
	if err != nil {
		return nil, err
	}
	readers, err := s.readers(dataReaders{c.Readers, c.People, c.Recall})
	switch {
	case err != nil:
		return nil, err
	case name == p.Name && readers.Readers == p.readers && readers.Recall == p.recall && slices.Equal(readers.People, p.people):
		return nil, nil
	}
	d := dataPaperChanged{Paper: id, dataReaders: readers}
	if it.InCamera || p.held {
		return said(PaperChanged, d, texts{Name: name}, true), nil
	}
	d.Name = name
	return one(PaperChanged, d), nil
}

// MovePaper puts a paper, with its earlier versions, on another item. Its name
// stays where it was entered: a name that was held stays held. On an in-camera
// item the document is held from now on.
func (s *Session) MovePaper(a Act, id PaperID, to ItemID) ([]Event, error) {
	if err := s.preparing(a); err != nil {
		return nil, err
	}
	it, p := s.paper(id)
	target := s.item(to)
	switch {
	case p == nil || !p.stands():
		return nil, NoSuchPaper
	case target == nil:
		return nil, NoSuchItem
	case it == target:
		return nil, nil
	}
	e := Event{Kind: PaperMoved, Data: dataPaperMoved{id, to}}
	if target.InCamera {
		e.Hold = true
		for _, v := range it.line(id) {
			e.Refs = append(e.Refs, v.Ref)
		}
		e.Refs = e.Refs[:min(len(e.Refs), MaxPagesEntry)]
	}
	return []Event{e}, nil
}

// line is a paper and the versions it replaced, newest first.
func (it *item) line(id PaperID) []*paper {
	var out []*paper
	for id != "" {
		i := slices.IndexFunc(it.papers, func(p *paper) bool { return p.ID == id })
		if i < 0 || slices.Contains(out, it.papers[i]) {
			break
		}
		out = append(out, it.papers[i])
		id = it.papers[i].Replaces
	}
	return out
}

// OpenPaper records that somebody opened a paper, once, where the session keeps
// receipts; after the sitting they are kept no more.
func (s *Session) OpenPaper(a Act, id PaperID) ([]Event, error) {
	if _, err := s.PaperOf(a.By, id); err != nil {
		return nil, err
	}
	_, p := s.paper(id)
	if !s.header.Receipts || s.over() || slices.Contains(p.opened, a.By) {
		return nil, nil
	}
	return one(PaperOpened, dataPaperOpened{id, a.By}), nil
}

// reads tells whether a person may read a paper, were it not for its recall.
func (s *Session) reads(who *participant, it *item, p *paper) bool {
	if !attends(who, it) || p.withdrawn && !s.inside(who.ID) {
		return false
	}
	switch p.readers {
	case ReadersMembers:
		return who.Role != RoleGuest
	case ReadersNamed:
		return s.inside(who.ID) || who.Role == RoleChair || slices.Contains(p.people, who.ID)
	}
	return true
}

// recalled tells whether a paper has ended for a screen: at closing, for
// everybody but the secretary.
func (s *Session) recalled(p *paper, on Screen) bool {
	return p.recall && s.over() && on != SecretaryScreen
}

// inside tells who sees reasons, opinions and the record.
func (s *Session) inside(who PersonID) bool {
	on := s.ScreenOf(who)
	return on == ChairScreen || on == SecretaryScreen
}

// PaperOf is a paper that a person may read: one that stands, or an earlier
// version of one; withdrawn ones are for chair and secretary.
func (s *Session) PaperOf(who PersonID, id PaperID) (PaperView, error) {
	p, err := s.readable(who, id)
	if err != nil {
		return PaperView{}, err
	}
	return s.paperView(p, s.inside(who)), nil
}

func (s *Session) readable(who PersonID, id PaperID) (*paper, error) {
	reader := s.find(who)
	it, p := s.paper(id)
	switch {
	case reader == nil || p == nil || !s.reads(reader, it, p):
		return nil, NoSuchPaper
	case s.recalled(p, s.ScreenOf(who)):
		return nil, PaperRecalled
	}
	return p, nil
}

// paperView is a paper; inside ones see who it is named for and who opened it.
func (s *Session) paperView(p *paper, inside bool) PaperView {
	v := PaperView{
		ID: p.ID, Name: p.Name, Ref: p.Ref, Size: p.Size, Type: p.Type, Version: p.Version, Placed: p.Placed,
		Late:    !s.opened.IsZero() && p.Placed.After(s.opened),
		Readers: p.readers, Recall: p.recall, Changed: slices.Clone(p.changed), Before: p.Replaces,
		Superseded: p.replaced, Withdrawn: p.withdrawn,
	}
	if p.drawing != nil {
		v.Pages, v.Total = p.drawing.pages, p.drawing.total
	}
	if inside {
		v.People = slices.Clone(p.people)
		v.Opened, v.OpenedBy = len(p.opened), slices.Clone(p.opened)
	}
	return v
}
