package press

import (
	"errors"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/pages"
	"phonghop/room"
)

// mostRun is how many pages are recorded in one entry.
const mostRun = 400

// adopt takes in papers, the most urgent first. earlier: they are of sessions
// gone by, and say nothing of how urgent a paper is that stands elsewhere too.
func (p *Press) adopt(list []placed, earlier bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	met := map[*sheet]bool{}
	for i, pl := range list {
		ref := documents.Ref(pl.Ref)
		_, known := p.sheets[ref]
		s := p.sheetOf(pages.Paper{Ref: ref, Type: pl.Type, Name: pl.Name}, pl.urgency)
		if !met[s] && !(known && earlier) {
			s.urgency, s.order = pl.urgency, i
		}
		met[s] = true
		s.uses[pl.ID] = pl
		s.learnAll(pl)
	}
}

// learnAll takes in what the record says of a paper's pages.
func (s *sheet) learnAll(pl placed) {
	known := s.known
	if s.total == 0 {
		s.total = pl.Total
	}
	for i, ref := range pl.Images {
		if ref != "" || i < pl.Pages.Pages {
			s.learn(i+1, Image{Ref: documents.Ref(ref), W: pl.W[i], H: pl.H[i]})
		}
	}
	if s.known > known {
		s.news()
	}
}

// run is some pages of a paper that the room is to write down.
type run struct {
	placed
	meeting.Drawn
}

// unrecorded lists what is drawn and not written down.
func (p *Press) unrecorded() (list []run) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sheets {
		if !s.complete() {
			continue
		}
		for id, pl := range s.uses {
			from := max(pl.Pages.Pages, p.recorded[id]) + 1
			for ; !pl.sealed && from <= s.total; from += mostRun {
				list = append(list, run{pl, s.recordOf(id, from)})
			}
		}
	}
	return list
}

// recordOf is what is to be written of the pages from one on.
func (s *sheet) recordOf(id meeting.PaperID, from int) meeting.Drawn {
	d := meeting.Drawn{Paper: id, From: from, Total: s.total, Renderer: s.renderer}
	if d.Renderer == "" {
		d.Renderer = pages.Renderer()
	}
	for _, l := range s.leaves[from-1 : min(from-1+mostRun, s.total)] {
		d.Images = append(d.Images, string(l.Ref))
		d.W, d.H = append(d.W, l.W), append(d.H, l.H)
	}
	return d
}

// record has the room write down the pages of papers that are drawn.
func (p *Press) record() {
	if p.ledger.full() {
		return
	}
	for _, d := range p.unrecorded() {
		err := p.ledger.record(p.ctx, d.placed, d.Drawn)
		refusal := meeting.Refusal("")
		switch {
		case err == nil:
			p.recorded[d.Paper] = d.From - 1 + len(d.Drawn.Images)
		case errors.As(err, &refusal):
			p.log.Error("the record does not take the pages of a paper", "paper", d.Paper, "err", err)
			p.recorded[d.Paper] = d.Drawn.Total
		case errors.Is(err, room.ErrFull), errors.Is(err, room.ErrEnd), errors.Is(err, room.ErrNewer), p.ctx.Err() != nil:
			return // the room says so itself
		default:
			p.log.Error("recording the pages of a paper", "paper", d.Paper, "err", err)
			return
		}
	}
}
