package web

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"phonghop/documents"
	"phonghop/press"
)

// pageImage leads to the picture of a page under the name of its bytes. One that
// is not drawn yet is waited for.
func (w *Web) pageImage(rw http.ResponseWriter, r *http.Request) {
	w.leadToImage(rw, r, "pages", w.imageOf)
}

// fineImage is pageImage for a picture fine enough to look into.
func (w *Web) fineImage(rw http.ResponseWriter, r *http.Request) {
	w.leadToImage(rw, r, "fine", w.fineOf)
}

// thumbImage leads to a page in small; it waits for nothing.
func (w *Web) thumbImage(rw http.ResponseWriter, r *http.Request) {
	w.leadToImage(rw, r, "thumbs", w.drawn)
}

func (w *Web) fineOf(ctx context.Context, l leaf) (press.Image, error) {
	ref, err := documents.ParseRef(l.paper.Ref)
	if err == nil && w.Press == nil {
		err = errNoPress
	}
	if err != nil {
		return press.Image{}, err
	}
	return w.Press.Fine(ctx, ref, l.paper.Type, l.page)
}

func (w *Web) leadToImage(rw http.ResponseWriter, r *http.Request, kind string, find func(context.Context, leaf) (press.Image, error)) {
	l, err := w.leafAt(r, r.PathValue("page"))
	if err != nil {
		w.noPaper(rw, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), drawnWithin)
	defer cancel()
	im, err := find(ctx, l)
	switch {
	case r.Context().Err() != nil:
	case errors.Is(err, context.Canceled): // it was not waited for
		w.noPaper(rw, r, context.DeadlineExceeded)
	case err != nil:
		w.noPaper(rw, r, err)
	default:
		http.Redirect(rw, r, imagePath(l, kind, string(im.Ref)), http.StatusFound)
	}
}

// imagePath is the address of a picture by its bytes; without ref, of whatever
// picture the page has.
func imagePath(l leaf, kind, ref string) string {
	path := "/papers/" + string(l.paper.ID) + "/" + kind + "/" + strconv.Itoa(l.page)
	if ref != "" {
		path += "/" + ref
	}
	if l.earlier != "" {
		path += "?session=" + url.QueryEscape(string(l.earlier))
	}
	return path
}

// keptImage hands out a picture of a page by the name of its bytes: never others
// under the same address. A picture that this page does not have, or no more,
// leads to the one it has.
func (w *Web) keptImage(rw http.ResponseWriter, r *http.Request) { w.kept(rw, r, "pages", w.whole) }

func (w *Web) keptFine(rw http.ResponseWriter, r *http.Request) { w.kept(rw, r, "fine", w.whole) }

func (w *Web) keptThumb(rw http.ResponseWriter, r *http.Request) { w.kept(rw, r, "thumbs", w.small) }

func (w *Web) kept(rw http.ResponseWriter, r *http.Request, kind string, send func(http.ResponseWriter, *http.Request, *os.File, documents.Ref) error) {
	l, err := w.leafAt(r, r.PathValue("page"))
	if err != nil {
		w.noPaper(rw, r, err)
		return
	}
	ref, err := documents.ParseRef(r.PathValue("ref"))
	if err != nil || !w.belongs(r.Context(), l, kind, ref) {
		http.Redirect(rw, r, imagePath(l, kind, ""), http.StatusFound)
		return
	}
	file, err := w.Documents.Open(ref)
	if errors.Is(err, fs.ErrNotExist) {
		http.Redirect(rw, r, imagePath(l, kind, ""), http.StatusFound)
		return
	}
	if err != nil {
		w.noPaper(rw, r, err)
		return
	}
	defer file.Close()
	rw.Header().Set("Cache-Control", w.keeping(l))
	rw.Header().Set("ETag", `"`+kind+"-"+string(ref)+`"`)
	if err := send(rw, r, file, ref); err != nil {
		rw.Header().Set("Cache-Control", "no-store")
		rw.Header().Del("ETag")
		w.noPaper(rw, r, err)
	}
}

// belongs tells whether a picture is one of this page.
func (w *Web) belongs(ctx context.Context, l leaf, kind string, ref documents.Ref) bool {
	if kind == "fine" {
		ctx, cancel := context.WithTimeout(ctx, drawnWithin)
		defer cancel()
		im, err := w.fineOf(ctx, l)
		return err == nil && im.Ref == ref
	}
	if l.page <= len(l.paper.Images) && l.paper.Images[l.page-1] == string(ref) {
		return true
	}
	im, err := w.drawn(ctx, l)
	return err == nil && im.Ref == ref
}

// keeping is how long a browser may keep a picture. What must be returned is not
// kept at all. Over plain http a browser ignores being told to forget, so there
// it asks each time.
func (w *Web) keeping(l leaf) string {
	switch {
	case l.paper.Recall:
		return "no-store"
	case w.Insecure:
		return "private, no-cache"
	}
	return "private, max-age=31536000, immutable"
}

func (w *Web) whole(rw http.ResponseWriter, r *http.Request, file *os.File, _ documents.Ref) error {
	http.ServeContent(rw, r, "", time.Time{}, file)
	return nil
}

func (w *Web) small(rw http.ResponseWriter, r *http.Request, file *os.File, ref documents.Ref) error {
	data, err := w.thumbs.of(r.Context(), ref, file)
	if err != nil {
		return err
	}
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(data))
	return nil
}
