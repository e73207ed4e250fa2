package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"phonghop/access"
	"phonghop/dossier"
	"phonghop/meeting"
	"phonghop/minutes"
)

const (
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvType  = "text/csv; charset=utf-8"
	zipType  = "application/zip"
)

// paperKind is a paper that is drawn whenever somebody asks for it.
type paperKind struct {
	name   string // of its file, without the ending
	title  string // of its file, as people name it
	before bool   // goes out before the session, so it is never a draft
	sheet  func(minutes.Source, url.Values) (minutes.Sheet, error)
}

// papers are those offered on a session's page, in this order.
func papers() []paperKind {
	return []paperKind{
		{"giay-moi", "Giấy mời", true, invitations},
		{"danh-sach-diem-danh", "Danh sách điểm danh", false, bare(minutes.RollList)},
		{"bien-ban-kiem-phieu", "Biên bản kiểm phiếu", false, countRecord},
		{"tong-hop-y-kien", "Tổng hợp ý kiến", false, opinionDigest},
		{"thong-bao-ket-luan", "Thông báo kết luận", false, bare(minutes.ConclusionNotice)},
		{"bo-du-phong", "Bộ giấy dự phòng", true, fallbackPacket},
	}
}

func bare(sheet func(minutes.Source) minutes.Sheet) func(minutes.Source, url.Values) (minutes.Sheet, error) {
	return func(src minutes.Source, _ url.Values) (minutes.Sheet, error) { return sheet(src), nil }
}

// errNoSuch says that a paper was asked about something the session does not have.
var errNoSuch = errors.New("web: there is no such person, item or vote")

// invitations are the letters: one person's, or everybody's, each on a new page.
func invitations(src minutes.Source, q url.Values) (minutes.Sheet, error) {
	if who := meeting.PersonID(q.Get("person")); who != "" {
		if !slices.ContainsFunc(src.Account.People, func(p meeting.Attended) bool { return p.ID == who }) {
			return minutes.Sheet{}, errNoSuch
		}
		return minutes.Invitation(src, who), nil
	}
	all := minutes.Invitation(src, "")
	for i, p := range invited(src.Account.People) {
		one := minutes.Invitation(src, p.ID)
		if i == 0 {
			all = one
			continue
		}
		all.Blocks = append(append(all.Blocks, minutes.PageBreak{}), one.Blocks...)
	}
	return all, nil
}

// invited are those a letter goes to: not the chair who invites, nor the
// secretary who writes it.
func invited(people []meeting.Attended) []meeting.Attended {
	return slices.DeleteFunc(slices.Clone(people), func(p meeting.Attended) bool {
		return p.Role == meeting.RoleChair || p.Role == meeting.RoleSecretary
	})
}

func countRecord(src minutes.Source, q url.Values) (minutes.Sheet, error) {
	id := meeting.VoteID(q.Get("vote"))
	if id != "" && !slices.ContainsFunc(src.Account.Votes, func(v meeting.AccountVote) bool { return v.ID == id && v.State != meeting.VoteOpen }) {
		return minutes.Sheet{}, errNoSuch
	}
	return minutes.CountRecord(src, id), nil
}

func opinionDigest(src minutes.Source, q url.Values) (minutes.Sheet, error) {
	id := meeting.ItemID(q.Get("item"))
	if id != "" && !slices.ContainsFunc(src.Account.Items, func(it meeting.AccountItem) bool { return it.ID == id }) {
		return minutes.Sheet{}, errNoSuch
	}
	return minutes.OpinionDigest(src, id), nil
}

func fallbackPacket(src minutes.Source, _ url.Values) (minutes.Sheet, error) {
	return minutes.FallbackPacket(src, minutes.FallbackVote{Named: true}), nil
}

// tableKind is a table of a session, as a workbook and as plain text.
type tableKind struct {
	name, title string
	xlsx        func(io.Writer, meeting.Account, ...string) error // nil: as plain text only
	csv         func(io.Writer, meeting.Account) error
}

// tables are those offered on a session's page, in this order. How each member
// voted is the second sheet of the votes' workbook, and only as text its own file.
func tables() []tableKind {
	return []tableKind{
		{"bieu-quyet", "Biểu quyết", minutes.WriteVotesXLSX, minutes.WriteVotesCSV},
		{"phieu", "Phiếu của từng thành viên", nil, minutes.WriteBallotsCSV},
		{"diem-danh", "Điểm danh", minutes.WriteAttendanceXLSX, minutes.WriteAttendanceCSV},
		{"phat-bieu", "Phát biểu", minutes.WriteSpeechXLSX, minutes.WriteSpeechCSV},
		{"nhiem-vu", "Nhiệm vụ", minutes.WriteTasksXLSX, minutes.WriteTasksCSV},
	}
}

// sessionDocument hands out a paper or table of a session, drawn now.
func (w *Web) sessionDocument(rw http.ResponseWriter, r *http.Request) {
	s, err := w.filed(r)
	if err != nil {
		w.refuseMinutes(rw, r, err)
		return
	}
	name := r.PathValue("name")
	ending := path.Ext(name)
	name = strings.TrimSuffix(name, ending)
	for _, p := range papers() {
		if p.name == name && (ending == ".pdf" || ending == ".docx") {
			w.sessionPaper(rw, r, s, p, ending)
			return
		}
	}
	for _, t := range tables() {
		if t.name == name && (ending == ".xlsx" && t.xlsx != nil || ending == ".csv") {
			w.sessionTable(rw, r, s, t, ending)
			return
		}
	}
	w.nothingHere(rw, r)
}

func (w *Web) sessionPaper(rw http.ResponseWriter, r *http.Request, s *meeting.Session, p paperKind, ending string) {
	src := w.drawSource(s)
	src.Draft = src.Draft && !p.before
	if p.before {
		src.At = s.Header().Starts
	}
	sheet, err := p.sheet(src, r.URL.Query())
	switch {
	case errors.Is(err, errNoSuch):
		w.nothingHere(rw, r)
	case err != nil:
		w.refuse(rw, r, err)
	default:
		w.sendSheet(rw, r, sheet, fileOf(p.name, p.title, s, ending))
	}
}

// drawSource is what the papers of a session are drawn from.
func (w *Web) drawSource(s *meeting.Session) minutes.Source {
	office := w.particulars().Office
	if w.After.Journal != nil {
		return dossier.DrawSource(w.After.Journal, s, office, w.minutesLink(s), w.Demo)
	}
	a := s.Account()
	src := w.sourceOf(a, !a.Minutes.Locked)
	src.Office, src.At = office, drawnAt(a)
	return src
}

func (w *Web) minutesLink(s *meeting.Session) string {
	return w.Address() + "/minutes/" + string(s.ID()) + "/bien-ban.pdf"
}

func (w *Web) sessionTable(rw http.ResponseWriter, r *http.Request, s *meeting.Session, t tableKind, ending string) {
	a := s.Account()
	write := func(out io.Writer) error { return t.csv(out, a) }
	if ending == ".xlsx" {
		write = func(out io.Writer) error { return t.xlsx(out, a, w.footers(a)...) }
	}
	w.send(rw, r, fileOf(t.name, t.title, s, ending), write)
}

// footers stand below every printed page of a table: where it comes from.
func (w *Web) footers(a meeting.Account) []string {
	if w.Demo {
		return []string{"BẢN MẪU"}
	}
	if entries, root, ok := w.Room.Root(a.ID); ok && len(root) >= 16 {
		return []string{fmt.Sprintf("Theo nhật ký phiên họp, %d mục, gốc %s…", entries, root[:16])}
	}
	return nil
}

// outgoing is a file that goes out: an ASCII name for old programs, the name
// people use, and how it is typed.
type outgoing struct{ ascii, name, kind string }

func fileOf(name, title string, s *meeting.Session, ending string) outgoing {
	n := strconv.Itoa(s.Header().Number)
	return outgoing{name + "-phien-" + n + ending, title + " - Phiên " + n + ending, endingType(ending)}
}

func endingType(ending string) string {
	switch ending {
	case ".pdf":
		return pdfType
	case ".docx":
		return docxType
	case ".xlsx":
		return xlsxType
	case ".zip":
		return zipType
	}
	return csvType
}

// head says what comes. A PDF opens where it is looked at and printed; the rest
// is saved. Both names are given, as RFC 6266 asks; none of it is kept by a cache.
func (o outgoing) head(h http.Header) {
	way := "attachment"
	if o.kind == pdfType {
		way = "inline"
	}
	h.Set("Content-Type", o.kind)
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": o.ascii})+"; filename*=UTF-8''"+url.PathEscape(o.name))
	h.Set("Cache-Control", "no-store")
}

func (w *Web) sendSheet(rw http.ResponseWriter, r *http.Request, sheet minutes.Sheet, o outgoing) {
	if o.kind == docxType {
		w.send(rw, r, o, sheet.WriteDOCX)
		return
	}
	w.send(rw, r, o, sheet.WritePDF)
}

// send draws a file whole before its first byte leaves, so that a fault is a page
// that says so.
func (w *Web) send(rw http.ResponseWriter, r *http.Request, o outgoing, write func(io.Writer) error) {
	data, err := drawn(write)
	if err != nil {
		w.refuse(rw, r, fmt.Errorf("drawing %s: %w", o.ascii, err))
		return
	}
	o.head(rw.Header())
	rw.Header().Set("Content-Length", strconv.Itoa(len(data)))
	rw.Write(data)
}

// mayZIP: the whole of a session leaves the box by its secretary's hand.
func (w *Web) mayZIP(v visitor, s *meeting.Session) bool {
	p, ok := s.Person(v.Person)
	return !v.Roles.Has(access.Hall) && (w.filesAll(v) || ok && p.Role == meeting.RoleSecretary)
}

// sessionFile streams the session file: papers of any size pass through, and none
// is held. When it cannot be finished the line is cut, so that no browser takes a
// part for the whole.
func (w *Web) sessionFile(rw http.ResponseWriter, r *http.Request) {
	s, err := w.filed(r)
	switch {
	case err != nil:
		w.refuseMinutes(rw, r, err)
		return
	case !w.mayZIP(w.visitor(r), s):
		w.refuseMinutes(rw, r, meeting.NotAllowed)
		return
	case w.After.Journal == nil:
		w.nothingHere(rw, r)
		return
	}
	src := w.dossierOf(r, s)
	name := "ho-so"
	if src.NoTexts {
		name = "ho-so-khong-van-ban"
	}
	out := fileOf(name, "", s, ".zip")
	out.name = out.ascii // it is unpacked by every kind of program
	out.head(rw.Header())
	z := dossier.NewZIP(rw)
	if err := errors.Join(dossier.Write(r.Context(), z, src), z.Close()); err != nil {
		if !errors.Is(err, context.Canceled) {
			w.Log.Error("sending a session file", "session", s.ID(), "err", err)
		}
		panic(http.ErrAbortHandler)
	}
}

func (w *Web) dossierOf(r *http.Request, s *meeting.Session) dossier.Source {
	src := dossier.Source{
		Journal: w.After.Journal, Documents: w.Documents, Session: s, Office: w.particulars().Office,
		Demo: w.Demo, Link: w.minutesLink(s), Made: w.Now(), NoTexts: r.FormValue("without-texts") != "",
	}
	if w.After.Receipt != nil {
		src.Receipt = w.After.Receipt(r.Context(), s.ID())
	}
	return src
}
