package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"phonghop/documents"
	"phonghop/drafts"
	"phonghop/meeting"
	"phonghop/minutes"
	"phonghop/room"
	"phonghop/templates"
)

// errNotMinutes: the file is no paper of the minutes that can be read.
var errNotMinutes = errors.New("web: neither a DOCX nor a PDF")

// examined is what a file that came back was found to be.
type examined struct {
	meeting.Returned
	differences []templates.Difference
}

// examine looks at a returned file: ours with signatures, an edited DOCX whose
// numbers are set against the record, or a scan.
func (w *Web) examine(lang templates.Lang, a meeting.Account, ref, name string) (examined, error) {
	data, err := w.documentBytes(ref)
	if err != nil {
		return examined{}, err
	}
	x := examined{Returned: meeting.Returned{Filed: meeting.Filed{Name: paperName(name), Ref: ref, Size: int64(len(data))}}}
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		x.Type, x.Sort = pdfType, meeting.ReturnedScan
		if ours, ok := currentPDF(a.Minutes); ok {
			if signers, err := w.signedOurs(ours.Ref, data); err == nil {
				x.Sort, x.Signers = meeting.ReturnedSigned, signers
			} else if bad, told := errors.AsType[badSignature](err); told && bad != "sign.not-ours" {
				return examined{}, err
			}
		}
	case bytes.HasPrefix(data, []byte("PK")):
		x.Type, x.Sort = docxType, meeting.ReturnedDOCX
		lines, err := docxLines(data)
		if err != nil {
			return examined{}, err
		}
		x.differences = differences(lang, minutes.Minutes(w.sourceOf(a, false)).Text(), lines)
		x.Differences = len(x.differences)
	default:
		return examined{}, errNotMinutes
	}
	return x, nil
}

// uploadReturned takes a file that came back, and shows what it says.
func (w *Web) uploadReturned(rw http.ResponseWriter, r *http.Request) {
	file, head, err := r.FormFile("file")
	if err != nil {
		w.refuseReturned(rw, r, errNotMinutes)
		return
	}
	defer file.Close()
	s, err := w.minuted(r, meeting.ToReturn)
	if err != nil {
		w.refuseReturned(rw, r, err)
		return
	}
	ref, _, err := w.Documents.Put(r.Context(), file, signedMost)
	if err != nil {
		w.refuseReturned(rw, r, err)
		return
	}
	see(rw, r, templates.CheckHref(s.ID(), string(ref), paperName(head.Filename)))
}

// checkReturned shows a returned file against the record.
func (w *Web) checkReturned(rw http.ResponseWriter, r *http.Request) {
	s, err := w.minuted(r, meeting.ToReturn)
	if err != nil {
		w.refuseReturned(rw, r, err)
		return
	}
	a := s.Account()
	x, err := w.examine(w.langOf(r), a, r.FormValue("ref"), r.FormValue("name"))
	if err != nil {
		w.refuseReturned(rw, r, err)
		return
	}
	w.render(rw, r, http.StatusOK, templates.MinutesCheck(w.page(r), templates.MinutesDesk{Account: a}, templates.ReturnedCheck{
		Session: s.ID(), Ref: x.Ref, Name: x.Name, Sort: x.Sort, Signers: x.Signers, Differences: x.differences, Key: newKey(),
	}))
}

// takeReturned records a returned file; what it says is looked at anew.
func (w *Web) takeReturned(rw http.ResponseWriter, r *http.Request) {
	s, err := w.minuted(r, meeting.ToReturn)
	var x examined
	if err == nil {
		x, err = w.examine(w.langOf(r), s.Account(), r.PostFormValue("ref"), r.PostFormValue("name"))
	}
	if err != nil {
		w.refuseReturned(rw, r, err)
		return
	}
	x.Reason = r.PostFormValue("reason")
	answer, err := w.orderIn(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.ReturnFile(a, x.Returned) })
	if err == nil {
		err = w.settleReturned(r.Context(), s.ID(), x.Ref)
	}
	w.answerMinutes(rw, r, answer, err)
}

// putBackReturned is KHÔNG NHẬN: the file no longer waits.
func (w *Web) putBackReturned(rw http.ResponseWriter, r *http.Request) {
	s, err := w.minuted(r, meeting.ToReturn)
	if err == nil {
		err = w.settleReturned(r.Context(), s.ID(), r.PostFormValue("ref"))
	}
	w.answerMinutes(rw, r, room.Answer{}, err)
}

func (w *Web) settleReturned(ctx context.Context, id meeting.SessionID, ref string) error {
	if w.Drafts == nil {
		return nil
	}
	return w.Drafts.Settle(ctx, string(id), ref)
}

func (w *Web) refuseReturned(rw http.ResponseWriter, r *http.Request, err error) {
	lang := w.langOf(r)
	bad, unsigned := errors.AsType[badSignature](err)
	switch {
	case errors.Is(err, errNotMinutes):
		w.tell(rw, r, http.StatusConflict, lang.T("min.not-docx"))
	case unsigned:
		w.tell(rw, r, http.StatusConflict, lang.T(string(bad)))
	case errors.Is(err, documents.ErrMissing) || errors.Is(err, documents.ErrRef):
		w.tell(rw, r, http.StatusNotFound, lang.T("min.file-gone"))
	case errors.Is(err, documents.ErrEmpty):
		w.tell(rw, r, http.StatusConflict, lang.T("upload.emptyfile"))
	case errors.Is(err, documents.ErrTooLarge):
		w.tell(rw, r, http.StatusRequestEntityTooLarge, lang.T("trouble.too-large.d", templates.Bytes(signedMost)))
	default:
		w.answerMinutes(rw, r, room.Answer{}, err)
	}
}

// returnedFile hands out a file that came back, to those who write the minutes.
func (w *Web) returnedFile(rw http.ResponseWriter, r *http.Request) {
	s, err := w.Room.Session(r.Context(), meeting.SessionID(r.PathValue("session")))
	if err == nil && !s.May(w.person(r), meeting.ToWrite) {
		err = meeting.NotAllowed
	}
	if err != nil {
		w.refuseMinutes(rw, r, err)
		return
	}
	all := s.Account().Minutes.Returned
	i := slices.IndexFunc(all, func(f meeting.ReturnedFile) bool { return f.Ref == r.PathValue("ref") })
	if i < 0 {
		w.refuseMinutes(rw, r, errNoFile)
		return
	}
	w.handOut(rw, r, all[i].Filed, all[i].Name)
}

// TakeReturned is told of a file in the folder for returned minutes. It is kept
// and waits on the minutes' page for the secretary, who alone decides; the file in
// the folder stays. A crash here costs nothing: the folder is looked through again.
func (w *Web) TakeReturned(path string) {
	if err := w.awaitReturned(path); err != nil {
		w.Log.Warn("taking a returned file of the minutes", "file", path, "err", err)
	}
}

var errNoneClosed = errors.New("web: no session whose minutes could come back")

func (w *Web) awaitReturned(path string) error {
	if w.Drafts == nil {
		return errors.New("web: this room keeps no drafts")
	}
	ctx := context.Background()
	all := slices.DeleteFunc(w.Room.Sessions(), func(i room.SessionInfo) bool { return i.Phase != meeting.Closed })
	if len(all) == 0 {
		return errNoneClosed
	}
	id := all[len(all)-1].ID
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening it: %w", err)
	}
	defer f.Close()
	ref, size, err := w.Documents.Put(ctx, io.Reader(f), signedMost)
	if err != nil {
		return err
	}
	s, err := w.Room.Session(ctx, id)
	if err != nil {
		return err
	}
	if knownFile(s.Account().Minutes, string(ref)) {
		return nil
	}
	return w.Drafts.Await(ctx, string(id), drafts.Waiting{Ref: string(ref), Name: paperName(filepath.Base(path)), Size: size, At: w.Now()})
}

// knownFile tells whether a document is on record already, as drawn or returned.
func knownFile(m meeting.MinutesState, ref string) bool {
	if slices.ContainsFunc(m.Returned, func(f meeting.ReturnedFile) bool { return f.Ref == ref }) {
		return true
	}
	return slices.ContainsFunc(m.Filed, func(set meeting.FiledSet) bool {
		return slices.ContainsFunc(set.Files, func(f meeting.Filed) bool { return f.Ref == ref })
	})
}
