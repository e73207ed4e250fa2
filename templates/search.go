package templates

import "phonghop/meeting"

// Search is what was looked for in the papers, and what was found.
type Search struct {
	Query  string
	Shut   bool // there is no search in this room
	Short  bool // too little was typed to look for
	Books  []FoundPaper
	Pages  int  // found in all
	More   bool // there are more
	Behind bool // some papers are not drawn yet
}

// FoundPaper is a paper with the pages found in it.
type FoundPaper struct {
	Paper   meeting.Pages
	Session meeting.SessionID // "" for the one in the room
	Number  int               // of that session
	Hits    []FoundPage
}

// FoundPage is a page and the words around what was found.
type FoundPage struct {
	Page    int
	Snippet []Piece
}

// Piece is a part of a snippet.
type Piece struct {
	Text   string
	Marked bool
}

// whereFound says whose paper it is: "Mục 3", or the earlier session.
func whereFound(p Page, x FoundPaper) string {
	if x.Session != "" {
		return p.T("reader.session", x.Number)
	}
	return p.T("vote.item", x.Paper.ItemNo)
}

func searchSays(p Page, x Search) string {
	switch {
	case x.Shut:
		return p.T("search.shut")
	case x.Query == "":
		return p.T("search.hint")
	case x.Short:
		return p.T("search.short")
	case len(x.Books) == 0:
		return p.T("search.none", x.Query)
	}
	return p.T("search.found", x.Pages, len(x.Books))
}
