package pages

import (
	"sync"

	"phonghop/documents"
)

// wishes are the pages somebody waits for, of each paper the last wish first.
type wishes struct {
	mu    sync.Mutex
	pages map[documents.Ref][]int
}

const (
	wishesMost = 60   // of one paper
	wishedMost = 1000 // papers
)

// Want moves a page of a paper, and the two after it, to the front of a drawing
// that runs or waits. Pages that are not there are no matter.
func (p *Pages) Want(ref documents.Ref, page int) { p.wish.add(ref, page) }

func (w *wishes) add(ref documents.Ref, page int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	was := w.pages[ref]
	if len(was) > wishesMost {
		was = was[:wishesMost]
	}
	if len(w.pages) > wishedMost {
		clear(w.pages)
	}
	w.pages[ref] = append([]int{page, page + 1, page + 2}, was...)
}

// next is a page somebody waits for among those still to do; 0: there is none.
func (w *wishes) next(ref documents.Ref, todo map[int]bool) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.pages[ref]) > 0 {
		page := w.pages[ref][0]
		w.pages[ref] = w.pages[ref][1:]
		if todo[page] {
			return page
		}
	}
	delete(w.pages, ref)
	return 0
}

// order are the pages of a paper still to draw.
type order struct {
	wish *wishes
	ref  documents.Ref
	todo map[int]bool
	at   int
}

func (w *wishes) order(ref documents.Ref, total int) *order {
	o := &order{wish: w, ref: ref, todo: make(map[int]bool, total), at: 1}
	for n := 1; n <= total; n++ {
		o.todo[n] = true
	}
	return o
}

// next takes the next page; 0: all are drawn.
func (o *order) next() int {
	n := o.wish.next(o.ref, o.todo)
	for n == 0 && len(o.todo) > 0 {
		if o.todo[o.at] {
			n = o.at
		}
		o.at++
	}
	delete(o.todo, n)
	return n
}
