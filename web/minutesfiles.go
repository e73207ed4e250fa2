package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"phonghop/access"
	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/minutes"
	"phonghop/room"
)

const (
	pdfType  = "application/pdf"
	docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

	pdfName  = "bien-ban.pdf"
	docxName = "bien-ban.docx"
)

// keeper files the minutes: once when a session has closed and once for each
// lock, each time as DOCX and PDF. It works beside the room and holds nothing up;
// what a crash kept from being filed is filed at the next start.
type keeper struct {
	web    *Web
	failed map[string]time.Time // session and version: not again before then
	done   chan struct{}
}

// Drawing that failed is tried again this much later.
const drawAgain = time.Minute

func newKeeper(w *Web) *keeper {
	return &keeper{web: w, failed: map[string]time.Time{}, done: make(chan struct{})}
}

func (k *keeper) run() {
	defer close(k.done)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-k.web.closed:
			cancel()
		case <-ctx.Done():
		}
	}()
	if k.web.Settled != nil {
		select {
		case <-ctx.Done():
		case <-k.web.Settled:
		}
	}
	k.earlier(ctx)
	again := time.NewTicker(drawAgain)
	defer again.Stop()
	for {
		snap := k.web.state()
		k.look(ctx, snap)
		select {
		case <-ctx.Done():
			return
		case <-snap.Superseded():
		case <-again.C:
		}
	}
}

// earlier looks after sessions that left the room before the start.
func (k *keeper) earlier(ctx context.Context) {
	for _, info := range k.web.Room.Sessions() {
		if info.Phase != meeting.Closed || ctx.Err() != nil {
			continue
		}
		s, err := k.web.Room.Session(ctx, info.ID)
		if err != nil {
			k.web.Log.Warn("reading an earlier session for its minutes", "session", info.ID, "err", err)
			continue
		}
		k.file(ctx, s)
	}
}

func (k *keeper) look(ctx context.Context, snap *room.Snapshot) {
	k.file(ctx, snap.Session)
	for _, s := range snap.Bygone() {
		k.file(ctx, s)
	}
}

// file draws and records what is missing of one session.
func (k *keeper) file(ctx context.Context, s *meeting.Session) {
	if s.Phase() != meeting.Closed {
		return
	}
	a := s.Account()
	of := a.Minutes.Version
	if of > 0 && !a.Minutes.Locked || slices.ContainsFunc(a.Minutes.Filed, func(f meeting.FiledSet) bool { return f.Of == of }) {
		return
	}
	name := string(a.ID) + "/" + strconv.Itoa(of)
	if till, ok := k.failed[name]; ok && time.Now().Before(till) {
		return
	}
	if err := k.web.fileMinutes(ctx, a, of); err != nil && ctx.Err() == nil {
		k.failed[name] = time.Now().Add(drawAgain)
		k.web.Log.Error("filing the minutes", "session", a.ID, "version", of, "err", err)
	}
}

// fileMinutes draws both files, puts them by and records them. A crash between
// leaves documents nobody names; they are drawn anew.
func (w *Web) fileMinutes(ctx context.Context, a meeting.Account, of int) error {
	sheet, err := w.composed(a)
	if err != nil {
		return err
	}
	var files []meeting.Filed
	for _, pen := range []struct {
		name, kind string
		write      func(io.Writer) error
	}{{docxName, docxType, sheet.WriteDOCX}, {pdfName, pdfType, sheet.WritePDF}} {
		data, err := drawn(pen.write)
		if err != nil {
			return fmt.Errorf("drawing %s: %w", pen.name, err)
		}
		ref, size, err := w.Documents.PutBytes(ctx, data)
		if err != nil {
			return fmt.Errorf("keeping %s: %w", pen.name, err)
		}
		files = append(files, meeting.Filed{Name: pen.name, Ref: string(ref), Type: pen.kind, Size: size})
	}
	_, err = w.Room.Do(ctx, room.Command{
		Session: a.ID, Saw: -1,
		Verb: func(s *meeting.Session, act meeting.Act) ([]meeting.Event, error) {
			return s.FileMinutes(act, of, files)
		},
	})
	if err != nil {
		return fmt.Errorf("recording the filed minutes: %w", err)
	}
	return nil
}

// composed is the sheet of the filed minutes, with the root the log has come to.
func (w *Web) composed(a meeting.Account) (sheet minutes.Sheet, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("composing the minutes: panic: %v", p)
		}
	}()
	src := w.sourceOf(a, false)
	src.At = drawnAt(a)
	if entries, root, ok := w.Room.Root(a.ID); ok {
		src.Size, src.Root = entries, root
	}
	return minutes.Minutes(src), nil
}

// drawn is what a pen writes; a pen that panics on some text fails like any other.
func drawn(write func(io.Writer) error) (data []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	var b bytes.Buffer
	err = write(&b)
	return b.Bytes(), err
}

// newest is the file of a kind that was filed last.
func newest(m meeting.MinutesState, kind string) (meeting.Filed, bool) {
	for i := len(m.Filed) - 1; i >= 0; i-- {
		for _, f := range m.Filed[i].Files {
			if f.Type == kind {
				return f, true
			}
		}
	}
	return meeting.Filed{}, false
}

// currentPDF is the PDF of the lock that stands.
func currentPDF(m meeting.MinutesState) (meeting.Filed, bool) {
	for _, set := range m.Filed {
		if m.Locked && set.Of == m.Version {
			for _, f := range set.Files {
				if f.Type == pdfType {
					return f, true
				}
			}
		}
	}
	return meeting.Filed{}, false
}

var (
	errNoFile  = errors.New("web: there are no minutes to look at yet")
	errNoGuest = errors.New("web: these minutes are not for guests")
)

// minutesFile hands out the minutes as filed. Those who write them get a draft
// drawn now where nothing is filed, and, while the text is open, where they ask.
func (w *Web) minutesFile(rw http.ResponseWriter, r *http.Request) {
	kind := pdfType
	if strings.HasSuffix(r.URL.Path, docxName) {
		kind = docxType
	}
	s, err := w.Room.Session(r.Context(), meeting.SessionID(r.PathValue("session")))
	if err == nil {
		err = w.mayRead(w.visitor(r), s, kind)
	}
	if err != nil {
		w.refuseMinutes(rw, r, err)
		return
	}
	a := s.Account()
	f, ok := newest(a.Minutes, kind)
	if s.May(w.person(r), meeting.ToWrite) && (!ok || r.FormValue("draft") != "" && !a.Minutes.Locked) {
		w.draftFile(rw, r, a, kind)
		return
	}
	if !ok {
		w.refuseMinutes(rw, r, errNoFile)
		return
	}
	w.handOut(rw, r, f, fileName(a, kind))
}

// mayRead says who may have the minutes as a file: whoever writes them always;
// members once they are filed, as PDF; guests too, unless they tell of an
// in-camera item.
func (w *Web) mayRead(v visitor, s *meeting.Session, kind string) error {
	p, known := s.Person(v.Person)
	switch {
	case !known || v.Roles.Has(access.Hall):
		return meeting.NotAllowed
	case s.May(v.Person, meeting.ToWrite):
		return nil
	case kind != pdfType:
		return meeting.NotAllowed
	case p.Role == meeting.RoleGuest && hasSecrets(s):
		return errNoGuest
	}
	return nil
}

func hasSecrets(s *meeting.Session) bool {
	agenda := s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Agenda
	return slices.ContainsFunc(agenda, func(it meeting.ItemView) bool { return it.InCamera })
}

func (w *Web) refuseMinutes(rw http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errNoFile):
		w.tell(rw, r, http.StatusNotFound, w.langOf(r).T("min.no-file"))
	case errors.Is(err, errNoGuest):
		w.tell(rw, r, http.StatusForbidden, w.langOf(r).T("min.no-guest"))
	case errors.Is(err, meeting.NotAllowed):
		w.tell(rw, r, http.StatusForbidden, w.plea(r, err).Message)
	default:
		w.refuse(rw, r, err)
	}
}

// draftFile draws the text as it is at this moment.
func (w *Web) draftFile(rw http.ResponseWriter, r *http.Request, a meeting.Account, kind string) {
	sheet := minutes.Minutes(w.sourceOf(a, true))
	pen := sheet.WritePDF
	if kind == docxType {
		pen = sheet.WriteDOCX
	}
	data, err := drawn(pen)
	if err != nil {
		w.refuse(rw, r, fmt.Errorf("drawing a draft of the minutes: %w", err))
		return
	}
	fileHeaders(rw.Header(), kind, "du-thao-"+fileName(a, kind))
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(data))
}

// handOut serves a document of the minutes as the file it is.
func (w *Web) handOut(rw http.ResponseWriter, r *http.Request, f meeting.Filed, name string) {
	file, err := w.document(f.Ref)
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	defer file.Close()
	fileHeaders(rw.Header(), f.Type, name)
	rw.Header().Set("ETag", `"`+f.Ref+`"`)
	http.ServeContent(rw, r, "", time.Time{}, file)
}

// document opens what an entry names.
func (w *Web) document(name string) (io.ReadSeekCloser, error) {
	ref, err := documents.ParseRef(name)
	if err != nil {
		return nil, err
	}
	return w.Documents.Open(ref)
}

func fileHeaders(h http.Header, kind, name string) {
	way := "attachment"
	if kind == pdfType {
		way = "inline"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": name}))
}

func fileName(a meeting.Account, kind string) string {
	name := "bien-ban-phien-" + strconv.Itoa(a.Header.Number)
	if kind == docxType {
		return name + ".docx"
	}
	return name + ".pdf"
}

// takeCode is the short name by which anybody in the hall may take the filed PDF;
// "" where there is none, or where it tells of an in-camera item.
func takeCode(s *meeting.Session) (code string, f meeting.Filed) {
	if s.Phase() != meeting.Closed && s.Phase() != meeting.Sealed {
		return "", f
	}
	if hasSecrets(s) {
		return "", f
	}
	f, ok := newest(s.Account().Minutes, pdfType)
	if !ok || len(f.Ref) < codeLength {
		return "", f
	}
	return f.Ref[:codeLength], f
}

// codeLength is 128 bits of the document's hash.
const codeLength = 32

func takeAddress(address string, s *meeting.Session) string {
	code, _ := takeCode(s)
	if code == "" || address == "" {
		return ""
	}
	return address + "/take/" + code + ".pdf"
}

// takePDF is the QR code of the hall: the filed PDF for whoever was in the room,
// by a name nobody can guess. Minutes that tell of an in-camera item are not
// given out so.
func (w *Web) takePDF(rw http.ResponseWriter, r *http.Request) {
	s := w.state().Session
	code, f := takeCode(s)
	if code == "" || r.PathValue("file") != code+".pdf" {
		w.nothingHere(rw, r)
		return
	}
	w.handOut(rw, r, f, fileName(s.Account(), pdfType))
}
