package web

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"github.com/google/uuid"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/templates"
	"phonghop/viet"
)

const (
	paperMost  = 300 << 20 // bytes of one paper, unless Config says otherwise
	uploadMost = 1 << 30   // bytes of one upload
	filesMost  = 40        // papers of one upload
)

// upload is what one upload brought, file by file.
type upload struct {
	replaces meeting.PaperID
	taken    int
	said     []string // what was not taken, in words
}

// takePapers keeps each file by its hash, then puts it on the item. Every file
// is judged by itself: one that is refused keeps none of the others away.
func (w *Web) takePapers(rw http.ResponseWriter, r *http.Request) {
	page := w.page(r)
	var up upload
	if parts, err := r.MultipartReader(); err != nil {
		up.said = []string{page.T("papers.nofile")}
	} else if err := w.takeParts(r, page, parts, &up); err != nil {
		w.Log.Warn("an upload broke off", "err", err)
		up.said = append(up.said, page.T("papers.broken"))
	}
	if up.taken > 0 {
		up.said = append([]string{page.T("papers.taken", up.taken)}, up.said...)
	}
	if wantsJSON(r) {
		w.writeJSON(rw, http.StatusOK, map[string]any{"taken": up.taken, "said": up.said})
		return
	}
	page.Notice = strings.Join(up.said, " ")
	w.showAgenda(rw, r, page)
}

func (w *Web) paperMost() int64 {
	if w.PaperMost > 0 {
		return w.PaperMost
	}
	return paperMost
}

func (w *Web) takeParts(r *http.Request, page templates.Page, parts *multipart.Reader, up *upload) error {
	for files := 0; ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) && files == 0 {
			up.said = append(up.said, page.T("papers.nofile"))
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch part.FormName() {
		case "replaces":
			id, err := io.ReadAll(io.LimitReader(part, 64))
			if err != nil {
				return err
			}
			up.replaces = meeting.PaperID(id)
		case "paper":
			if files++; files > filesMost {
				up.said = append(up.said, page.T("papers.toomany", filesMost))
				return nil
			}
			if err := w.takePaper(r, page, part, up); err != nil {
				return err
			}
		}
	}
}

// takePaper keeps one file and names it in the journal, in that order: a crash
// between the two leaves bytes nobody names, never a name without bytes.
func (w *Web) takePaper(r *http.Request, page templates.Page, part *multipart.Part, up *upload) error {
	name := paperName(part.FileName())
	head := make([]byte, 512)
	n, err := io.ReadFull(part, head)
	switch {
	case n == 0 && part.FileName() == "":
		up.said = append(up.said, page.T("papers.nofile"))
		return nil
	case n == 0:
		up.said = append(up.said, page.T("papers.empty", name))
		return nil
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	}
	head = head[:n]
	ref, size, err := w.Documents.Put(r.Context(), io.MultiReader(bytes.NewReader(head), part), w.paperMost())
	if errors.Is(err, documents.ErrTooLarge) {
		up.said = append(up.said, page.T("papers.toobig", name, templates.Bytes(w.paperMost())))
		return nil
	}
	if err != nil {
		return err
	}
	paper := meeting.NewPaper{
		ID: meeting.PaperID(uuid.Must(uuid.NewV7()).String()), Item: meeting.ItemID(r.PathValue("item")), Name: name,
		Ref: string(ref), Size: size, Type: typeOf(name, head), Replaces: up.replaces,
	}
	return w.placePaper(r, page, paper, up)
}

func (w *Web) placePaper(r *http.Request, page templates.Page, paper meeting.NewPaper, up *upload) error {
	c := w.command(r)
	c.Verb = func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.PlacePaper(a, paper) }
	answer, err := w.Room.Do(r.Context(), c)
	switch {
	case err != nil:
		up.said = append(up.said, paper.Name+": "+w.plea(r, err).Message)
	case answer.Entry.ID == "":
		up.said = append(up.said, paper.Name+": "+page.T("papers.same"))
	default:
		up.taken++
		up.replaces = ""
	}
	return nil
}

// paperName is the name people see, out of whatever a browser sent: the last
// part of a path, in NFC, without anything that cannot be seen. A long name
// loses letters in front of its ending, which says what it is.
func paperName(sent string) string {
	name := viet.Clean(path.Base(strings.ReplaceAll(sent, `\`, "/")))
	if strings.Trim(name, "./ ") == "" {
		return "Tài liệu"
	}
	runes, ending := []rune(name), []rune(path.Ext(name))
	if len(ending) > 10 {
		ending = nil
	}
	if over := len(runes) - meeting.MaxShort; over > 0 {
		runes = append(runes[:meeting.MaxShort-len(ending)], ending...)
	}
	return string(runes)
}

// office are the types that begin like any other ZIP; their names tell them apart.
var office = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// oldOffice are those before 2007; they all begin with the same eight bytes.
var oldOffice = map[string]string{
	".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
}

const oldOfficeMark = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// typeOf tells a paper's type by its bytes. What a browser might run is handed
// out as plain bytes.
func typeOf(name string, head []byte) string {
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	ending := strings.ToLower(path.Ext(name))
	switch {
	case kind == "application/zip" && office[ending] != "":
		return office[ending]
	case bytes.HasPrefix(head, []byte(oldOfficeMark)) && oldOffice[ending] != "":
		return oldOffice[ending]
	case kind == "application/zip":
		return kind
	case kind == "application/pdf", kind == "image/png", kind == "image/jpeg", kind == "text/plain":
		return kind
	}
	return "application/octet-stream"
}
