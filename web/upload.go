package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"phonghop/inbox"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/templates"
)

// Inbox is what the pages need of the way papers come in.
type Inbox interface {
	Begin(ctx context.Context, u inbox.Upload) (inbox.Session, error)
	Append(ctx context.Context, id string, offset int64, r io.Reader) (int64, error)
	Publish(ctx context.Context, c room.Command, arrival string, as inbox.Choice) error
	Hold(arrival string) error
	Dismiss(arrival string) error
	Aim(arrival string, item meeting.ItemID) error
	Folder() string
	Media() []inbox.Medium
	TakeFrom(ctx context.Context, path string, item meeting.ItemID) error
}

// pieceMost bounds one piece of an upload; our own script sends half of it.
const pieceMost = 8 << 20

const offsetHeader = "Upload-Offset"

// asked is how a browser begins an upload.
type asked struct {
	Item     meeting.ItemID  `json:"item"`
	File     string          `json:"file"`
	Size     int64           `json:"size"`
	Modified int64           `json:"modified"`
	Replaces meeting.PaperID `json:"replaces"`
}

// begun is where it goes on from: 0, or where the same file broke off before.
type begun struct {
	ID     string `json:"id"`
	Offset int64  `json:"offset"`
}

// beginUpload begins to take a file in pieces, or goes on with one that broke off.
func (w *Web) beginUpload(rw http.ResponseWriter, r *http.Request) {
	if err := w.mayTakeIn(r); err != nil {
		w.refuseFile(rw, r, err)
		return
	}
	var a asked
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
		w.tell(rw, r, http.StatusBadRequest, w.langOf(r).T("upload.bad"))
		return
	}
	if err := w.worthBeginning(a); err != nil {
		w.refuseFile(rw, r, err)
		return
	}
	s, err := w.Inbox.Begin(r.Context(), inbox.Upload{
		Item: a.Item, File: paperName(a.File), Size: a.Size, Last: a.Modified, By: w.person(r), Replaces: a.Replaces,
	})
	if err != nil {
		w.refuseFile(rw, r, err)
		return
	}
	w.writeJSON(rw, http.StatusOK, begun{s.ID, s.Offset})
}

var errEmptyFile = errors.New("web: a file of no bytes")

// worthBeginning refuses at once what would be refused at the end.
func (w *Web) worthBeginning(a asked) error {
	switch {
	case a.Size <= 0:
		return errEmptyFile
	case a.Size > w.paperMost():
		return inbox.ErrTooLarge
	case !w.hasItem(a.Item):
		return meeting.NoSuchItem
	}
	if a.Replaces != "" {
		if _, _, ok := templates.PaperIn(w.clerkView(), a.Replaces); !ok {
			return meeting.NoSuchPaper
		}
	}
	return nil
}

// appendUpload takes one piece. 204 and the new offset once it is on disk; 409
// and the offset to go on from where the piece begins elsewhere.
func (w *Web) appendUpload(rw http.ResponseWriter, r *http.Request) {
	if err := w.mayTakeIn(r); err != nil {
		w.refuseFile(rw, r, err)
		return
	}
	offset, err := strconv.ParseInt(r.Header.Get(offsetHeader), 10, 64)
	if err != nil || offset < 0 {
		w.tell(rw, r, http.StatusBadRequest, w.langOf(r).T("upload.bad"))
		return
	}
	at, err := w.Inbox.Append(r.Context(), r.PathValue("id"), offset, r.Body)
	if elsewhere, ok := errors.AsType[inbox.ErrOffset](err); ok {
		rw.Header().Set(offsetHeader, strconv.FormatInt(elsewhere.At, 10))
		w.tell(rw, r, http.StatusConflict, w.langOf(r).T("upload.elsewhere", templates.Bytes(elsewhere.At)))
		return
	}
	if errors.Is(err, inbox.ErrNoArrival) {
		w.tell(rw, r, http.StatusNotFound, w.langOf(r).T("upload.unknown"))
		return
	}
	if err != nil {
		w.refuseFile(rw, r, err)
		return
	}
	rw.Header().Set(offsetHeader, strconv.FormatInt(at, 10))
	rw.WriteHeader(http.StatusNoContent)
}
