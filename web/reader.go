package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/press"
	"phonghop/search"
	"phonghop/store"
	"phonghop/templates"
)

// Press draws papers: package press.
type Press interface {
	State(ref documents.Ref) press.State
	Page(ctx context.Context, ref documents.Ref, typ string, page int) (press.Image, error)
	Fine(ctx context.Context, ref documents.Ref, typ string, page int) (press.Image, error)
}

// Search finds words in papers: package search. It is asked only about papers
// that the session says the reader may read.
type Search interface {
	Find(ctx context.Context, typed string, in []string, limit int) ([]search.Hit, bool, error)
	Marks(ctx context.Context, doc string, page int, typed string) ([]search.Box, error)
}

const (
	drawnWithin = 20 * time.Second // a page that is asked for and not drawn yet
	typedMost   = 200              // letters of a search
	thumbRun    = 60               // pages in one strip
)

// errNoPress: no pages are drawn in this room.
var errNoPress = errors.New("web: no pages are drawn here")

// leaf is a page of a paper that this visitor may read.
type leaf struct {
	session *meeting.Session
	earlier meeting.SessionID // "" for the session in the room
	paper   meeting.Pages
	page    int
}

// turned is another page of the same paper.
func (l leaf) turned(page int) leaf { l.page = page; return l }

// leafAt reads which page an address names; the error is a refusal where the
// visitor may not read it. A page below the first is the first.
func (w *Web) leafAt(r *http.Request, page string) (leaf, error) {
	l := leaf{session: w.state().Session, earlier: meeting.SessionID(r.URL.Query().Get("session"))}
	if l.earlier == l.session.ID() {
		l.earlier = ""
	}
	if l.earlier != "" {
		var err error
		if l.session, err = w.shelf.session(r.Context(), w.Room, l.earlier); err != nil {
			return l, err
		}
	}
	var err error
	l.paper, err = l.session.PagesOf(w.person(r), meeting.PaperID(r.PathValue("paper")))
	n, bad := strconv.Atoi(page)
	if bad != nil {
		n = 1
	}
	l.page = max(n, 1)
	return l, err
}

// reader shows a page of a paper; with part=thumbs the strip of small pages, and
// to the script only what changes when a page is turned.
func (w *Web) reader(rw http.ResponseWriter, r *http.Request) {
	l, err := w.leafAt(r, r.FormValue("page"))
	if err != nil {
		w.noPaper(rw, r, err)
		return
	}
	rw.Header().Add("Vary", "HX-Request")
	if r.FormValue("part") == "thumbs" {
		w.render(rw, r, http.StatusOK, templates.ReaderStrip(w.page(r), w.strip(r.Context(), l)))
		return
	}
	x := w.reading(r, l)
	if isFragment(r) {
		w.render(rw, r, http.StatusOK, templates.ReaderPart(w.page(r), x))
		return
	}
	if x.Image != "" { // on its way before the page that shows it is read
		rw.Header().Set("Link", "<"+imagePath(l.turned(x.Page), "pages", x.Image)+">; rel=preload; as=image")
	}
	v, m := w.viewOf(r)
	w.render(rw, r, http.StatusOK, templates.ReaderPage(w.page(r), v, m, x))
}

// reading is what the reader's page shows. It waits for nothing, but has the
// page drawn that is asked for.
func (w *Web) reading(r *http.Request, l leaf) templates.Reading {
	x := templates.Reading{
		Paper: l.paper, Session: l.earlier, Page: l.page, Total: w.total(l.paper), Shut: w.Press == nil && len(l.paper.Images) == 0,
		Fine: w.Press != nil, Find: cut(r.FormValue("find"), typedMost),
	}
	if l.earlier != "" {
		x.Number = l.session.Header().Number
	}
	if x.Total > 0 {
		l.page = min(l.page, x.Total)
		x.Page = l.page
	}
	im, err := w.drawn(r.Context(), l)
	if errors.Is(err, press.ErrNoPage) && w.total(l.paper) > 0 { // known only now
		x.Total = w.total(l.paper)
		l.page = min(l.page, x.Total)
		x.Page = l.page
		im, err = w.drawn(r.Context(), l)
	}
	x.Image, x.W, x.H, x.Coarse = string(im.Ref), im.W, im.H, im.Coarse
	x.Failed = errors.Is(err, press.ErrFailed) || errors.Is(err, press.ErrNoPage)
	x.Marks = w.marks(r.Context(), l, x.Find)
	if l.paper.Superseded {
		x.Newer = standingFor(l.session, w.person(r), l.paper.ID)
	}
	return x
}

// total is how many pages a paper has; 0 while nobody knows.
func (w *Web) total(x meeting.Pages) int {
	ref, err := documents.ParseRef(x.Ref)
	if x.Total > 0 || w.Press == nil || err != nil {
		return x.Total
	}
	return w.Press.State(ref).Total
}

// drawn is the picture of a page if it is there now; if not, it is drawn next.
func (w *Web) drawn(ctx context.Context, l leaf) (press.Image, error) {
	now, cancel := context.WithCancel(ctx)
	cancel()
	return w.imageOf(now, l)
}

// imageOf is the picture of a page, waited for as long as ctx lasts.
func (w *Web) imageOf(ctx context.Context, l leaf) (press.Image, error) {
	ref, err := documents.ParseRef(l.paper.Ref)
	if err != nil {
		return press.Image{}, err
	}
	if w.Press != nil {
		return w.Press.Page(ctx, ref, l.paper.Type, l.page)
	}
	if l.page > len(l.paper.Images) || l.paper.Images[l.page-1] == "" {
		return press.Image{}, errNoPress
	}
	i := l.page - 1
	return press.Image{Ref: documents.Ref(l.paper.Images[i]), W: l.paper.W[i], H: l.paper.H[i]}, nil
}

// standingFor is the version that stands in the place of a paper, if this person may
// read it.
func standingFor(s *meeting.Session, who meeting.PersonID, old meeting.PaperID) *meeting.PaperView {
	for _, x := range s.Papers(who) {
		for id := x.Before; id != ""; {
			if id == old {
				return &x.PaperView
			}
			before, err := s.PaperOf(who, id)
			if err != nil {
				break
			}
			id = before.Before
		}
	}
	return nil
}

func (w *Web) marks(ctx context.Context, l leaf, find string) []templates.WordBox {
	if find == "" || w.Search == nil {
		return nil
	}
	boxes, err := w.Search.Marks(ctx, l.paper.Ref, l.page, find)
	if err != nil {
		w.Log.Warn("marking words on a page", "err", err)
	}
	var out []templates.WordBox
	for _, b := range boxes {
		out = append(out, templates.WordBox{X: b.X, Y: b.Y, W: b.W, H: b.H})
	}
	return out
}

// strip is the run of pages in which a page lies. What is not drawn yet stays a
// white sheet with its number.
func (w *Web) strip(ctx context.Context, l leaf) templates.Strip {
	x := templates.Strip{Reading: templates.Reading{Paper: l.paper, Session: l.earlier, Page: l.page, Total: w.total(l.paper)}}
	x.Page = min(x.Page, max(x.Total, 1))
	first := (x.Page-1)/thumbRun*thumbRun + 1
	last := min(first+thumbRun-1, x.Total)
	for n := first; n <= last; n++ {
		t := templates.Thumb{Page: n, Changed: slices.Contains(l.paper.Changed, n)}
		if n <= len(l.paper.Images) {
			t.Image = l.paper.Images[n-1]
		}
		x.Thumbs = append(x.Thumbs, t)
	}
	if first > 1 {
		x.Before = first - 1
	}
	if last < x.Total {
		x.Next = last + 1
	}
	return x
}

// openPaper records that somebody opened a paper, where the session keeps that.
func (w *Web) openPaper(rw http.ResponseWriter, r *http.Request) {
	id := meeting.PaperID(r.PathValue("paper"))
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenPaper(a, id) })
}

// voteCall tells a page without a stream of its own that a vote has opened.
func (w *Web) voteCall(rw http.ResponseWriter, r *http.Request) {
	v, m := w.viewOf(r)
	w.render(rw, r, http.StatusOK, templates.VoteCall(w.page(r), v, m))
}

// noPaper says why a paper, or a page of one, is not to be had.
func (w *Web) noPaper(rw http.ResponseWriter, r *http.Request, err error) {
	lang := w.langOf(r)
	switch {
	case errors.Is(err, meeting.PaperRecalled):
		w.tell(rw, r, http.StatusGone, templates.Refusal(lang, meeting.PaperRecalled))
	case errors.Is(err, meeting.NoSuchPaper), errors.Is(err, meeting.NoSession):
		w.tell(rw, r, http.StatusNotFound, templates.Refusal(lang, meeting.NoSuchPaper))
	case errors.Is(err, press.ErrNoPage):
		w.tell(rw, r, http.StatusNotFound, lang.T("reader.none"))
	case errors.Is(err, press.ErrFailed):
		w.tell(rw, r, http.StatusNotFound, lang.T("reader.failed"))
	case errors.Is(err, errNoPress):
		w.tell(rw, r, http.StatusNotFound, lang.T("reader.shut"))
	case errors.Is(err, store.ErrFull):
		w.tell(rw, r, http.StatusInsufficientStorage, lang.T("notice.full"))
	case errors.Is(err, context.DeadlineExceeded):
		rw.Header().Set("Retry-After", "1")
		w.tell(rw, r, http.StatusServiceUnavailable, lang.T("reader.late"))
	default:
		w.refuse(rw, r, err)
	}
}

// cut shortens what was typed to so many letters.
func cut(typed string, most int) string {
	if r := []rune(typed); len(r) > most {
		return string(r[:most])
	}
	return typed
}
