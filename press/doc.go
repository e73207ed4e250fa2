// Package press turns each paper of the session into pages that every tablet can show, the one in view first.
//
// One goroutine, run, watches the room. A paper placed there, or announced by
// Prepare, is handed to package pages, one at a time: whoever waits for a page
// first, then the papers of the item that is open, then of the next one, then
// arrivals, then all others. A paper that is more urgent than the one being drawn
// takes its turn at the next page, or a second later where that page does not
// come. Its words go into the search index on the way.
//
// When all pages of a paper are drawn, the press has the room record their
// images (PagesDrawn), in runs of a few hundred. From then on the record says what
// the members read. Until then the press does: an image once handed out for a page
// stays that page's image. A crash before the record was written costs the drawing
// of this paper again, from the same bytes.
//
// An image whose file is gone is drawn again. Where it comes out with other bytes
// these are shown and the log says so; the record keeps the name of the old ones.
//
// A full disk stops the drawing and nothing else: the state of the papers says so,
// and every few seconds it is tried again. Pages never take the last of the disk,
// and none are drawn while the room itself says that the disk is full.
package press
