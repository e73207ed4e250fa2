package meeting

import "slices"

// Drawn is a run of pages of a paper as images. A page that could not be drawn
// has no image and no size.
type Drawn struct {
	Paper    PaperID
	From     int // the first page, from 1
	Total    int // 0: not known yet
	Renderer string
	Images   []string // SHA-256
	W, H     []int    // pixels
}

// dataPagesDrawn leaves the images to the entry's refs, in order: one for every
// page that has a size.
type dataPagesDrawn struct {
	Paper    PaperID `json:"paper"`
	From     int     `json:"from"`
	Total    int     `json:"total,omitempty"`
	Renderer string  `json:"renderer,omitempty"`
	W        []int   `json:"w"`
	H        []int   `json:"h"`
}

// drawing is a paper's pages as drawn so far. It is never changed: snapshots
// and undo share it.
type drawing struct {
	renderer string
	total    int
	pages    int // from the first on, without a gap
	done     []bool
	images   []string // "" where there is none
	w, h     []int
}

// OwnPaper is a paper named for one person.
type OwnPaper struct {
	Item ItemID `json:"item"`
	PaperView
}

// Pages is a paper with its page images. Images holds "" for a page that is not
// drawn yet, or could not be.
type Pages struct {
	PaperView
	Item     ItemID   `json:"item"`
	ItemNo   int      `json:"item_number"`
	Renderer string   `json:"renderer,omitempty"`
	Images   []string `json:"images"`
	W        []int    `json:"w"`
	H        []int    `json:"h"`
}

// DrawPages records page images of a paper; the box does it by itself, also
// after closing. A page keeps the first image recorded: two tablets never see
// different bytes under one version.
func (s *Session) DrawPages(a Act, d Drawn) ([]Event, error) {
	if err := s.byBox(a); err != nil {
		return nil, err
	}
	it, p := s.paper(d.Paper)
	switch {
	case p == nil:
		return nil, NoSuchPaper
	case !d.valid():
		return nil, BadPages
	case p.drawing.has(d):
		return nil, nil
	}
	renderer, err := short(d.Renderer)
	if err != nil {
		return nil, err
	}
	e := Event{Kind: PagesDrawn, Data: dataPagesDrawn{d.Paper, d.From, d.Total, renderer, d.W, d.H}}
	for _, image := range d.Images {
		if image != "" {
			e.Refs = append(e.Refs, image)
		}
	}
	e.Hold = it.InCamera || s.held(p.Ref)
	return []Event{e}, nil
}

func (d Drawn) valid() bool {
	n := len(d.Images)
	last := d.From + n - 1
	if n == 0 || n > MaxPagesEntry || len(d.W) != n || len(d.H) != n ||
		d.From < 1 || last > MaxPages || d.Total < 0 || d.Total > MaxPages || d.Total > 0 && last > d.Total {
		return false
	}
	for i, image := range d.Images {
		if (image == "") != (d.W[i] == 0) || min(d.W[i], d.H[i]) < 0 || max(d.W[i], d.H[i]) > 99_999 {
			return false
		}
	}
	return true
}

// held tells whether any entry names this document with hold.
func (s *Session) held(ref string) bool {
	for _, it := range s.items {
		for _, p := range it.papers {
			if p.held && p.Ref == ref {
				return true
			}
		}
	}
	return false
}

// has tells whether these pages are all drawn already.
func (w *drawing) has(d Drawn) bool {
	if w == nil || d.Total != 0 && d.Total != w.total {
		return false
	}
	for i, image := range d.Images {
		at := d.From - 1 + i
		if at >= len(w.done) || !w.done[at] || image != "" && w.images[at] == "" {
			return false
		}
	}
	return true
}

// with is the drawing with a run of pages more.
func (w *drawing) with(d dataPagesDrawn, refs []string) *drawing {
	next := &drawing{}
	if w != nil {
		*next = *w
	}
	if d.From < 1 || d.From > MaxPages || len(d.W) > MaxPagesEntry || len(d.W) != len(d.H) {
		return next
	}
	if d.Total > 0 {
		next.total = min(d.Total, MaxPages)
	}
	next.renderer = d.Renderer
	size := max(len(next.done), d.From-1+len(d.W))
	next.done, next.images = grown(next.done, size), grown(next.images, size)
	next.w, next.h = grown(next.w, size), grown(next.h, size)
	for i, width := range d.W {
		at := d.From - 1 + i
		next.done[at] = true
		if width == 0 || len(refs) == 0 {
			continue
		}
		if next.images[at] == "" {
			next.images[at], next.w[at], next.h[at] = refs[0], width, d.H[i]
		}
		refs = refs[1:]
	}
	for next.pages < size && next.done[next.pages] {
		next.pages++
	}
	return next
}

// grown is a copy of at least so many.
func grown[T any](old []T, size int) []T {
	out := make([]T, size)
	copy(out, old)
	return out
}

// whole tells whether every page is drawn.
func (w *drawing) whole() bool { return w != nil && w.total > 0 && w.pages >= w.total }

// PagesOf is a paper with its pages, for somebody who may read it.
func (s *Session) PagesOf(who PersonID, id PaperID) (Pages, error) {
	if _, err := s.readable(who, id); err != nil {
		return Pages{}, err
	}
	it, p := s.paper(id)
	return s.pages(it, p, s.inside(who)), nil
}

// Papers is every paper that stands and that a person may read now.
func (s *Session) Papers(who PersonID) []Pages {
	reader, on := s.find(who), s.ScreenOf(who)
	if reader == nil {
		return nil
	}
	return s.allPages(s.inside(who), func(it *item, p *paper) bool {
		return p.stands() && s.reads(reader, it, p) && !s.recalled(p, on)
	})
}

// Drawings is every paper ever placed, superseded and withdrawn ones too: what
// is to be drawn, and what a check looks at. It is for no screen.
func (s *Session) Drawings() []Pages {
	return s.allPages(true, func(*item, *paper) bool { return true })
}

func (s *Session) allPages(inside bool, which func(*item, *paper) bool) []Pages {
	var out []Pages
	for _, it := range s.items {
		for _, p := range it.papers {
			if which(it, p) {
				out = append(out, s.pages(it, p, inside))
			}
		}
	}
	return out
}

func (s *Session) pages(it *item, p *paper, inside bool) Pages {
	out := Pages{PaperView: s.paperView(p, inside), Item: it.ID, ItemNo: s.itemAt(it.ID) + 1}
	if w := p.drawing; w != nil {
		out.Renderer = w.renderer
		out.Images, out.W, out.H = slices.Clone(w.images), slices.Clone(w.w), slices.Clone(w.h)
	}
	return out
}
