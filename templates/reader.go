package templates

import (
	"net/url"
	"strconv"
	"strings"

	"phonghop/meeting"
)

// Reading is one page of a paper as somebody reads it.
type Reading struct {
	Paper   meeting.Pages
	Session meeting.SessionID // of an earlier session; "" for the one in the room
	Number  int               // of that session

	Page   int
	Total  int    // 0: not known yet
	Image  string // SHA-256; "" while it is not drawn
	W, H   int
	Coarse bool // drawn in a hurry
	Failed bool // there will be no image
	Shut   bool // no pages are drawn in this room
	Fine   bool // a finer image can be asked for

	Find  string // the words looked for
	Marks []WordBox
	Newer *meeting.PaperView // the version that stands, where this one does not
}

// WordBox is a word to be marked, in shares of the page.
type WordBox struct{ X, Y, W, H float32 }

// Thumb is one page in the strip beside the page.
type Thumb struct {
	Page    int
	Image   string // "" while it is not drawn
	Changed bool   // differs from the version before
}

// Strip is a run of pages in small, with the runs before and after it.
type Strip struct {
	Reading
	Thumbs       []Thumb
	Before, Next int // a page of the run before, of the run after; 0: none
}

const (
	usualWidth  = 1240 // of a page that is not drawn yet: A4 at 150 dpi
	usualHeight = 1754
)

func (x Reading) wide() int { return orElse(x.W, usualWidth) }
func (x Reading) high() int { return orElse(x.H, usualHeight) }

func orElse(n, usual int) int {
	if n > 0 {
		return n
	}
	return usual
}

// at is the address of a page; the words looked for and the session stay.
func (x Reading) at(page int) string { return readPath(x.Paper.ID, page, x.Find, x.Session) }

func (x Reading) base() string { return "/papers/" + string(x.Paper.ID) }

// image is where the picture of the page is; one not drawn yet is waited for.
func (x Reading) image() string {
	path := x.base() + "/pages/" + strconv.Itoa(x.Page)
	if x.Image != "" {
		path += "/" + x.Image
	}
	return path + inSession(x.Session)
}

func (x Reading) fine() string {
	if !x.Fine {
		return ""
	}
	return x.base() + "/fine/" + strconv.Itoa(x.Page) + inSession(x.Session)
}

func (x Reading) thumb(t Thumb) string {
	return x.base() + "/thumbs/" + strconv.Itoa(t.Page) + "/" + t.Image + inSession(x.Session)
}

// strip is the part of the page that shows the pages in small.
func (x Reading) strip() string {
	q := url.Values{"part": {"thumbs"}}
	if x.Session != "" {
		q.Set("session", string(x.Session))
	}
	return x.base() + "/read?" + q.Encode()
}

func inSession(id meeting.SessionID) string {
	if id == "" {
		return ""
	}
	return "?session=" + url.QueryEscape(string(id))
}

// readPath is the address of a page of a paper; 0 leaves the page to the reader.
func readPath(id meeting.PaperID, page int, find string, session meeting.SessionID) string {
	q := url.Values{}
	if page > 0 {
		q.Set("page", strconv.Itoa(page))
	}
	if find != "" {
		q.Set("find", find)
	}
	if session != "" {
		q.Set("session", string(session))
	}
	path := "/papers/" + string(id) + "/read"
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

func searchPath(find string) string { return "/search?" + url.Values{"q": {find}}.Encode() }

// original is the file itself.
func (x Reading) original() string { return filePath(x.Paper.PaperView) + inSession(x.Session) }

func (x Reading) viewBox() string {
	return "0 0 " + strconv.Itoa(x.wide()) + " " + strconv.Itoa(x.high())
}

// of is a share of a length, in whole units of the picture.
func of(share float32, length int) string { return strconv.Itoa(int(share*float32(length) + 0.5)) }

// pagesOf says how many pages a paper has, or how far the drawing has come.
func pagesOf(p Page, x meeting.PaperView) string {
	switch {
	case x.Total > 0 && x.Pages >= x.Total:
		return p.T("reader.pages", x.Total)
	case x.Pages > 0:
		return p.T("reader.drawing", x.Pages)
	}
	return sizeOf(p, x.Size)
}

// changedPages are the numbers of the pages that changed: "3, 7"; the first few.
func changedPages(x meeting.PaperView, most int) string {
	var words []string
	for i, n := range x.Changed {
		if i == most {
			words = append(words, "…")
			break
		}
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, ", ")
}

// changedNote says which pages a new version changed: "đổi trang 3, 7".
func changedNote(p Page, x meeting.PaperView) string {
	if len(x.Changed) == 0 || x.Version < 2 {
		return ""
	}
	return p.T("reader.changed", changedPages(x, 6))
}

// firstChanges are the changed pages that get a key of their own.
func firstChanges(x meeting.PaperView) []int { return x.Changed[:min(len(x.Changed), 6)] }

// ownPapersOf are the papers of an item that are named for the reader.
func ownPapersOf(m meeting.Mine, id meeting.ItemID) []meeting.PaperView {
	var out []meeting.PaperView
	for _, x := range m.Papers {
		if x.Item == id {
			out = append(out, x.PaperView)
		}
	}
	return out
}

// newVersions are the chips of the papers that took the place of others: for
// whoever still reads those, and of what changed.
func newVersions(p Page, papers []meeting.PaperView) []Panel {
	var panels []Panel
	for _, x := range papers {
		if x.Before != "" {
			panels = append(panels,
				Panel{ID: "newer-" + string(x.Before), Body: newerChip(p, x, "")},
				Panel{ID: "changes-" + string(x.ID), Body: changeChips(p, Reading{Paper: meeting.Pages{PaperView: x}})})
		}
	}
	return panels
}

func over(v meeting.View) bool { return v.Phase == meeting.Closed || v.Phase == meeting.Sealed }

// voteCalls tells whether a vote is open in which the reader of a still page has
// a voice.
func voteCalls(v meeting.View, m meeting.Mine) bool { return v.Vote != nil && m.MayVote }
