package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/search"
	"phonghop/templates"
	"phonghop/viet"
)

// foundMost is how many pages one search shows.
const foundMost = 60

// searchPage looks for words in the papers the visitor may read.
func (w *Web) searchPage(rw http.ResponseWriter, r *http.Request) {
	x := templates.Search{Query: strings.TrimSpace(cut(r.FormValue("q"), typedMost)), Shut: w.Search == nil}
	x.Short = x.Query != "" && tooShort(x.Query)
	v, m := w.viewOf(r)
	if x.Query != "" && !x.Short && !x.Shut {
		books, err := w.books(r.Context(), w.person(r), v)
		if err != nil {
			w.refuse(rw, r, err)
			return
		}
		if err := w.find(r.Context(), &x, books); err != nil {
			w.refuse(rw, r, err)
			return
		}
	}
	w.render(rw, r, http.StatusOK, templates.SearchPage(w.page(r), v, m, x))
}

// tooShort tells whether a search would find half the papers: one letter.
func tooShort(typed string) bool {
	letters := strings.Join(strings.FieldsFunc(viet.Fold(typed), func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9')
	}), "")
	return letters == "" || len(letters) == 1 && letters[0] > '9'
}

// books are the papers this person may read, in the order in which they are
// shown: the item that is open, the agenda, then earlier sessions, newest first.
func (w *Web) books(ctx context.Context, who meeting.PersonID, v meeting.View) ([]templates.FoundPaper, error) {
	var books []templates.FoundPaper
	for _, x := range w.state().Session.Papers(who) {
		books = append(books, templates.FoundPaper{Paper: x})
	}
	if v.Current >= 0 && v.Current < len(v.Agenda) {
		now := v.Agenda[v.Current].ID
		slices.SortStableFunc(books, func(a, b templates.FoundPaper) int { return before(a.Paper.Item == now, b.Paper.Item == now) })
	}
	for _, info := range slices.Backward(w.Room.Sessions()) {
		if info.ID == v.ID {
			continue
		}
		s, err := w.shelf.session(ctx, w.Room, info.ID)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil { // one old session that cannot be read hides its own papers, not today's
			w.Log.Warn("looking into the papers of an earlier session", "session", info.ID, "err", err)
			continue
		}
		for _, x := range s.Papers(who) {
			books = append(books, templates.FoundPaper{Paper: x, Session: info.ID, Number: info.Number})
		}
	}
	return books, nil
}

func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// find fills in what was found, a paper's pages together. The same bytes in two
// places are shown at the first.
func (w *Web) find(ctx context.Context, x *templates.Search, books []templates.FoundPaper) error {
	var docs []string
	for _, book := range books {
		docs = append(docs, book.Paper.Ref)
		x.Behind = x.Behind || w.unread(book.Paper)
	}
	hits, more, err := w.Search.Find(ctx, x.Query, docs, foundMost)
	if err != nil {
		return err
	}
	x.Pages, x.More = len(hits), more
	place := map[string]int{} // where in x.Books a document stands
	for _, hit := range hits {
		at, known := place[hit.Doc]
		if !known {
			i := slices.IndexFunc(books, func(b templates.FoundPaper) bool { return b.Paper.Ref == hit.Doc })
			at = len(x.Books)
			place[hit.Doc] = at
			x.Books = append(x.Books, books[i])
		}
		x.Books[at].Hits = append(x.Books[at].Hits, foundPage(hit))
	}
	return nil
}

func foundPage(hit search.Hit) templates.FoundPage {
	x := templates.FoundPage{Page: hit.Page}
	for _, piece := range hit.Snippet {
		x.Snippet = append(x.Snippet, templates.Piece{Text: piece.Text, Marked: piece.Marked})
	}
	return x
}

// unread tells whether some pages of a paper may not be searched yet.
func (w *Web) unread(x meeting.Pages) bool {
	ref, err := documents.ParseRef(x.Ref)
	if err != nil || w.Press == nil || x.Total > 0 && x.Pages >= x.Total {
		return false
	}
	s := w.Press.State(ref)
	return s.Trouble == "" && (s.Total == 0 || s.Drawn+len(s.Failed) < s.Total)
}
