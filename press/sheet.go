package press

import (
	"time"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/pages"
)

// urgency orders the papers; the smaller is drawn first.
type urgency int

const (
	awaited  urgency = iota // somebody looks at an empty page
	inHand                  // of the item that is open
	upNext                  // of the item after it
	arriving                // came in, not placed yet
	placedAt                // of any other item
	replaced                // superseded or withdrawn: for the record
	bygone                  // of an earlier session: for search
)

// leaf is one page. known without a Ref: it could not be drawn.
type leaf struct {
	Image
	known bool
	lost  bool // its file is gone
}

// sheet is one document and its pages; several papers may be this document.
// Guarded by the press's mu.
type sheet struct {
	paper    pages.Paper
	urgency  urgency
	order    int         // among equals
	waiting  map[int]int // by page, how many wait for it
	leaves   []leaf
	known    int // leaves that are
	lost     int // leaves whose file is gone
	total    int // 0: not known yet
	renderer string
	trouble  meeting.Trouble
	ended    bool // the trouble stays: it is not drawn again
	listed   bool // compared with disk and index
	indexed  bool // all pages are in the index
	words    int  // how many these were; 0: not known, as many as the paper has
	tries    int
	after    time.Time     // not to be tried before
	changed  chan struct{} // closed when a page comes, or the state changes
	uses     map[meeting.PaperID]placed
}

func (p *Press) sheetOf(paper pages.Paper, u urgency) *sheet {
	s := p.sheets[paper.Ref]
	if s == nil {
		s = &sheet{paper: paper, urgency: u, order: len(p.sheets), changed: make(chan struct{}),
			waiting: map[int]int{}, uses: map[meeting.PaperID]placed{}}
		p.sheets[paper.Ref] = s
	}
	return s
}

// needed tells whether there is something to draw; rank how urgently.
func (s *sheet) needed(now time.Time) bool {
	return !s.ended && (!s.complete() || s.lost > 0 || s.listed && !s.indexed) && !now.Before(s.after)
}

func (s *sheet) complete() bool { return s.total > 0 && s.known >= s.total }

func (s *sheet) rank() urgency {
	if len(s.waiting) > 0 {
		return awaited
	}
	return s.urgency
}

// before orders two sheets that both need drawing.
func (s *sheet) before(o *sheet) bool {
	if s.rank() != o.rank() {
		return s.rank() < o.rank()
	}
	return s.order < o.order
}

// leaf is the page of this number, from 1; room is made for it.
func (s *sheet) leaf(page int) *leaf {
	for len(s.leaves) < page {
		s.leaves = append(s.leaves, leaf{})
	}
	return &s.leaves[page-1]
}

// learn fills in a page that the record holds; what is known stays.
func (s *sheet) learn(page int, im Image) {
	l := s.leaf(page)
	if !l.known {
		*l = leaf{Image: im, known: true}
		s.known++
	}
}

// draw fills in a page just drawn. An image that was handed out stays, as long as
// its file is there. It answers with the image that was replaced.
func (s *sheet) draw(page int, im Image, has func(documents.Ref) bool) (was documents.Ref) {
	l := s.leaf(page)
	if l.known && l.Ref != "" && has(l.Ref) {
		s.find(l)
		return ""
	}
	if !l.known {
		s.known++
	}
	was = l.Ref
	s.find(l)
	*l = leaf{Image: im, known: true}
	return was
}

func (s *sheet) find(l *leaf) {
	if l.lost {
		l.lost = false
		s.lost--
	}
}

func (s *sheet) lose(l *leaf) {
	if !l.lost {
		l.lost = true
		s.lost++
	}
}

// news wakes whoever waits for this sheet.
func (s *sheet) news() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// missing is the first page that is not there, perhaps the one after the last.
func (s *sheet) missing() int {
	for i, l := range s.leaves {
		if !l.known || l.lost {
			return i + 1
		}
	}
	return len(s.leaves) + 1
}

// state is what screens are told.
func (s *sheet) state() State {
	st := State{Total: s.total, Renderer: s.renderer, Trouble: s.trouble}
	for i, l := range s.leaves {
		switch {
		case l.Ref != "":
			st.Drawn++
		case l.known:
			st.Failed = append(st.Failed, i+1)
		}
	}
	return st
}
