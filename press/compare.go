package press

import (
	"time"

	"phonghop/documents"
)

// compare finds out, for papers that are new and now and then for all, which
// images and which words are gone.
func (p *Press) compare() {
	all := time.Since(p.swept) >= p.pace.sweep
	if all {
		p.swept = time.Now()
	}
	for _, s := range p.unlisted(all) {
		indexed := s.words > 0 && p.search.Has(p.ctx, string(s.doc), s.words)
		lost := map[int]bool{}
		for i, ref := range s.images {
			lost[i] = ref != "" && !p.documents.Has(ref)
		}
		p.list(s.doc, indexed, lost)
	}
}

// listing is a copy of what compare looks at: it asks the disk without the lock.
type listing struct {
	doc    documents.Ref
	words  int // pages that should be in the index
	images []documents.Ref
}

func (p *Press) unlisted(all bool) (list []listing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ref, s := range p.sheets {
		if s.listed && !(all && s.complete()) {
			continue
		}
		one := listing{doc: ref, words: s.total}
		if s.words > 0 {
			one.words = s.words
		}
		for _, l := range s.leaves {
			one.images = append(one.images, l.Ref)
		}
		list = append(list, one)
	}
	return list
}

func (p *Press) list(doc documents.Ref, indexed bool, lost map[int]bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.sheets[doc]
	s.listed, s.indexed = true, indexed
	for i := range lost {
		if lost[i] {
			s.lose(&s.leaves[i])
		}
	}
}
