package web

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/google/uuid"

	"phonghop/meeting"
	"phonghop/roster"
	"phonghop/templates"
)

const (
	importMost   = roster.MaxBytes + 64<<10 // bytes of one list, with its form
	previewsMost = 4                        // lists looked at and not yet taken
)

func (w *Web) rosterTemplate(rw http.ResponseWriter, r *http.Request) {
	book, err := roster.Template()
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	rw.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	rw.Header().Set("Content-Disposition", `attachment; filename="thanh-phan.xlsx"`)
	rw.Write(book)
}

// previews keeps lists that were looked at until they are taken. They are not
// history: a restart forgets them and the file is chosen again.
type previews struct {
	mu   sync.Mutex
	list []preview
}

type preview struct {
	token  string
	people []meeting.Person
}

func (p *previews) keep(people []meeting.Person) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	token := uuid.NewString()
	p.list = append(p.list[max(0, len(p.list)-previewsMost+1):], preview{token, people})
	return token
}

func (p *previews) find(token string) ([]meeting.Person, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, kept := range p.list {
		if kept.token == token {
			return kept.people, true
		}
	}
	return nil, false
}

// previewPeople shows what a list would bring. Nothing is recorded.
func (w *Web) previewPeople(rw http.ResponseWriter, r *http.Request) {
	page := w.page(r)
	sheet, err := listOf(r)
	if err != nil {
		page.Notice = listTrouble(page, err)
		w.showPeople(rw, r, page)
		return
	}
	v := w.clerkView()
	people := asPeople(v, sheet)
	in := templates.Import{Blocked: sheet.Blocked(), Ignored: sheet.Ignored, Problems: problemSentences(page, v, sheet)}
	for i, p := range people {
		in.Rows = append(in.Rows, templates.ImportRow{Person: p, Items: joinNumbers(sheet.Rows[i].Items), News: newsOf(v, p)})
	}
	if sentence := w.rehearse(r, people); sentence != "" && !in.Blocked {
		in.Blocked, in.Problems = true, append([]string{sentence}, in.Problems...)
	}
	if !in.Blocked {
		in.Token = w.previews.keep(people)
	}
	w.render(rw, r, http.StatusOK, templates.PrepareImport(page, v, newKey(), in))
}

// rehearse asks the session what it would say to this list; "" if it would take
// it.
func (w *Web) rehearse(r *http.Request, people []meeting.Person) string {
	_, err := w.state().Session.SeatAll(meeting.Act{By: w.person(r), At: w.Now(), Saw: -1}, people)
	if err == nil {
		return ""
	}
	return templates.Refusal(w.langOf(r), err)
}

// newsOf tells what taking a person would do.
func newsOf(v meeting.View, p meeting.Person) templates.News {
	for _, seat := range v.Roll {
		if seat.ID != p.ID {
			continue
		}
		old := seat.Person
		if len(old.Items)+len(p.Items) == 0 {
			old.Items, p.Items = nil, nil
		}
		if reflect.DeepEqual(old, p) {
			return templates.Same
		}
		return templates.Changed
	}
	return templates.Added
}

func listOf(r *http.Request) (roster.Preview, error) {
	file, _, err := r.FormFile("list")
	if err != nil {
		return roster.Preview{}, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, roster.MaxBytes+1))
	if err != nil {
		return roster.Preview{}, err
	}
	return roster.Read(data)
}

// listTrouble is the sentence for a file that cannot be read as a list.
func listTrouble(page templates.Page, err error) string {
	for known, key := range map[error]string{
		roster.ErrTooLarge: "file.too-large", roster.ErrTooMany: "file.too-many", roster.ErrOldExcel: "file.old-excel",
		roster.ErrOldFont: "file.old-font", roster.ErrNoHeading: "file.no-heading", http.ErrMissingFile: "papers.nofile",
	} {
		if errors.Is(err, known) {
			return page.T(key)
		}
	}
	return page.T("file.unreadable")
}

// problemSentences says what is wrong with a list, line by line.
func problemSentences(page templates.Page, v meeting.View, sheet roster.Preview) (list []string) {
	for _, p := range sheet.Problems {
		if p.Kind != roster.NoSecretary { // whoever prepares is the secretary
			list = append(list, problemSentence(page, p))
		}
	}
	for _, row := range sheet.Rows {
		if _, unknown := itemsByNumber(v, joinNumbers(row.Items)); unknown != "" {
			list = append(list, page.T("people.line", row.Line)+": "+page.T("person.items.none", unknown))
		}
	}
	return list
}

func joinNumbers(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// problemSentence says where in the file something is wrong, and what.
func problemSentence(page templates.Page, p roster.Problem) string {
	where := page.T("people.whole")
	if p.Line > 0 {
		where = page.T("people.line", p.Line)
	}
	return where + ": " + strings.ReplaceAll(page.T("problem."+string(p.Kind)), "%s", p.Value)
}

// takePeople records a list that was looked at: everybody, or nobody.
func (w *Web) takePeople(rw http.ResponseWriter, r *http.Request) {
	people, ok := w.previews.find(r.PostFormValue("preview"))
	if !ok {
		page := w.page(r)
		page.Notice = page.T("people.expired")
		w.showPeople(rw, r, page)
		return
	}
	changed := w.dutiesChanged(people)
	answer, err := w.order(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.SeatAll(a, people) })
	if err == nil {
		err = w.setDuties(r, w.state().Session, changed...)
	}
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.turn(rw, r, answer, "/prepare/people")
}

// dutiesChanged are those of a list whose card must follow a change of role, and
// whoever presided before.
func (w *Web) dutiesChanged(people []meeting.Person) []meeting.PersonID {
	ids := []meeting.PersonID{w.state().Session.Presiding()}
	for _, p := range people {
		if old, ok := w.state().Session.Person(p.ID); ok && old.Role != p.Role {
			ids = append(ids, p.ID)
		}
	}
	return ids
}
