package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"phonghop/access"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/minutes"
	"phonghop/templates"
	"phonghop/viet"
)

// After is what the pages for the time after a session stand on. Its zero value
// draws papers of the office's defaults and offers no session file.
type After struct {
	Journal *journal.Journal                                // nil: no session file, and papers without a root
	Receipt func(context.Context, meeting.SessionID) []byte // the centre's; nil where there is none
	Paired  func() bool                                     // whether a centre is to receive sessions; nil: it is
	Office  OfficeBook                                      // nil: what the office says cannot be changed here
}

// Particulars is what an office says of itself once, for all its papers.
type Particulars struct {
	Office minutes.Office
	Prices minutes.Prices
}

// OfficeBook keeps the particulars. An office that has said nothing yet is the
// zero Office with the prices every office begins with. Save returns after the
// particulars are on disk; a crash before leaves the old ones.
type OfficeBook interface {
	Load() (Particulars, error)
	Save(Particulars) error
}

// particulars are the office's own where it has said any. What cannot be read is
// logged, and papers go out with the defaults: nothing is held up by it.
func (w *Web) particulars() Particulars {
	p := Particulars{Prices: minutes.DefaultPrices()}
	if w.After.Office == nil {
		return p
	}
	kept, err := w.After.Office.Load()
	if err != nil {
		w.Log.Error("reading what the office says of itself", "err", err)
		return p
	}
	return kept
}

// filesAll tells whether somebody looks after the files of every session of this
// room: its secretaries. IT keeps the box and reads no papers.
func (w *Web) filesAll(v visitor) bool {
	now := w.state()
	return v.Roles.Has(access.Secretary) || now.House.Has(v.Person, meeting.DutySecretary) || now.Session.May(v.Person, meeting.ToPrepare)
}

// presides tells whether somebody is the chair of a session: by role, or because
// the chair was handed over.
func presides(s *meeting.Session, who meeting.PersonID) bool {
	p, ok := s.Person(who)
	return ok && (p.Role == meeting.RoleChair || who == s.Presiding())
}

// mayFile: the papers and tables of a session, with every name and with what was
// said in camera, are for its secretary, its chair and the room's secretaries.
func (w *Web) mayFile(v visitor, s *meeting.Session) bool {
	if v.Roles.Has(access.Hall) {
		return false
	}
	return w.filesAll(v) || s.May(v.Person, meeting.ToWrite) || presides(s, v.Person)
}

// glimpse is what the list of sessions and the savings need of one session.
type glimpse struct {
	entries int64 // of the log it was taken from
	prices  minutes.Prices
	phase   meeting.Phase
	minutes meeting.MinutesState
	people  map[meeting.PersonID]meeting.Role // who is of the session
	sat     map[meeting.PersonID]bool         // who was here
	chair   meeting.PersonID
	secrets bool
	saved   minutes.Savings
}

// glimpses keeps what was read of sessions, so that a list of a hundred does not
// read a hundred logs each time. The log's size tells whether it still holds.
type glimpses struct {
	mu    sync.Mutex
	known map[meeting.SessionID]glimpse
}

func (w *Web) glimpse(ctx context.Context, id meeting.SessionID, prices minutes.Prices) (glimpse, error) {
	entries, _, _ := w.Room.Root(id)
	w.glimpses.mu.Lock()
	g, ok := w.glimpses.known[id]
	w.glimpses.mu.Unlock()
	if ok && g.entries == entries && g.prices == prices {
		return g, nil
	}
	s, err := w.Room.Session(ctx, id)
	if err != nil {
		return glimpse{}, err
	}
	g = glimpseOf(s, prices)
	w.glimpses.mu.Lock()
	defer w.glimpses.mu.Unlock()
	if w.glimpses.known == nil {
		w.glimpses.known = map[meeting.SessionID]glimpse{}
	}
	w.glimpses.known[id] = g
	return g, nil
}

func glimpseOf(s *meeting.Session, prices minutes.Prices) glimpse {
	a := s.Account()
	g := glimpse{
		entries: a.Size, prices: prices, phase: a.Phase, minutes: a.Minutes, chair: s.Presiding(), secrets: hasSecrets(s),
		people: map[meeting.PersonID]meeting.Role{}, sat: map[meeting.PersonID]bool{},
	}
	for _, p := range a.People {
		g.people[p.ID], g.sat[p.ID] = p.Role, p.WasPresent
	}
	pages := map[meeting.PaperID]int{}
	for _, p := range s.Drawings() {
		pages[p.ID] = p.Total
	}
	g.saved = minutes.Saved(a, pages, prices)
	return g
}

// sessionsPage lists the sessions: all for those who look after them, for
// everybody else those they sat in whose minutes are final.
func (w *Web) sessionsPage(rw http.ResponseWriter, r *http.Request) {
	v := w.visitor(r)
	if v.Roles.Has(access.Hall) {
		w.refuseMinutes(rw, r, meeting.NotAllowed)
		return
	}
	d := templates.SessionList{Keeper: w.filesAll(v) || presides(w.state().Session, v.Person), Clerk: w.filesAll(v), Damaged: len(w.Room.Damaged())}
	infos := w.Room.Sessions()
	slices.Reverse(infos)
	prices := w.particulars().Prices
	for _, info := range infos {
		g, err := w.glimpse(r.Context(), info.ID, prices)
		if err != nil {
			w.refuse(rw, r, err)
			return
		}
		if line, ok := w.lineFor(r.Context(), v, info.ID, g); ok {
			line.SessionInfo(info.Number, info.Kind, info.Title, info.Starts, g.phase)
			d.Sessions = append(d.Sessions, line)
		}
	}
	if d.Clerk && w.After.Office != nil {
		p := w.particulars()
		d.Office = &templates.OfficeForm{Office: p.Office, Key: newKey()}
	}
	w.render(rw, r, http.StatusOK, templates.SessionsPage(w.page(r), d))
}

// lineFor is a session's line as this reader may have it.
func (w *Web) lineFor(ctx context.Context, v visitor, id meeting.SessionID, g glimpse) (templates.SessionLine, bool) {
	line := templates.SessionLine{ID: id, Minutes: g.minutes, Receipt: w.receiptState(ctx, id)}
	role, known := g.people[v.Person]
	chair := known && (role == meeting.RoleChair || v.Person == g.chair)
	if w.filesAll(v) || chair || role == meeting.RoleSecretary {
		line.Files = true
		return line, true
	}
	_, final := currentPDF(g.minutes)
	line.Final = final && known && g.sat[v.Person] && !(role == meeting.RoleGuest && g.secrets)
	// the present chair sees that there was a session, and nothing of its files
	return line, line.Final || presides(w.state().Session, v.Person)
}

func (w *Web) receiptState(ctx context.Context, id meeting.SessionID) templates.ReceiptState {
	switch {
	case w.After.Receipt == nil:
		return templates.ReceiptUnknown
	case len(w.After.Receipt(ctx, id)) > 0:
		return templates.ReceiptHere
	case w.After.Paired != nil && !w.After.Paired():
		return templates.ReceiptUnknown
	}
	return templates.ReceiptWaits
}

// filed is the session a page or paper is about, for those who may have its files.
func (w *Web) filed(r *http.Request) (*meeting.Session, error) {
	s, err := w.Room.Session(r.Context(), meeting.SessionID(r.PathValue("session")))
	switch {
	case err != nil:
		return nil, err
	case !w.mayFile(w.visitor(r), s):
		return nil, meeting.NotAllowed
	}
	return s, nil
}

// sessionPage lists what can be taken away of one session.
func (w *Web) sessionPage(rw http.ResponseWriter, r *http.Request) {
	s, err := w.filed(r)
	if err != nil {
		w.refuseMinutes(rw, r, err)
		return
	}
	a := s.Account()
	line := templates.SessionLine{ID: a.ID, Minutes: a.Minutes, Receipt: w.receiptState(r.Context(), a.ID), Files: true}
	line.SessionInfo(a.Header.Number, a.Header.Kind, a.Header.Title, a.Header.Starts, a.Phase)
	d := templates.SessionFiles{
		SessionLine: line, People: a.People, Votes: a.Votes,
		Writes: s.May(w.person(r), meeting.ToWrite), ZIP: w.After.Journal != nil && w.mayZIP(w.visitor(r), s),
	}
	for _, p := range papers() {
		d.Papers = append(d.Papers, templates.PaperLink{Name: p.name, Before: p.before})
	}
	for _, t := range tables() {
		d.Tables = append(d.Tables, templates.TableLink{Name: t.name, Workbook: t.xlsx != nil})
	}
	w.render(rw, r, http.StatusOK, templates.SessionPage(w.page(r), d))
}

// officeMost is how many characters each of the office's words may have.
const officeMost = 120

var errOffice = errors.New("web: the office's words cannot be so")

// saveOffice keeps what the office says of itself.
func (w *Web) saveOffice(rw http.ResponseWriter, r *http.Request) {
	if !w.filesAll(w.visitor(r)) || w.After.Office == nil {
		w.refuseMinutes(rw, r, meeting.NotAllowed)
		return
	}
	p := w.particulars()
	office, err := officeOf(r)
	if err != nil {
		w.tell(rw, r, http.StatusUnprocessableEntity, w.langOf(r).T("after.office.wrong", officeMost))
		return
	}
	p.Office = office
	w.keepParticulars(rw, r, p, "/sessions#office")
}

func (w *Web) keepParticulars(rw http.ResponseWriter, r *http.Request, p Particulars, to string) {
	if err := w.After.Office.Save(p); err != nil {
		w.refuse(rw, r, err)
		return
	}
	if wantsJSON(r) || isFragment(r) {
		w.settled(rw, r)
		return
	}
	see(rw, r, to)
}

// officeOf reads the form: short single lines, the titles of whoever signs one a
// line.
func officeOf(r *http.Request) (minutes.Office, error) {
	var errs []error
	word := func(name string) string {
		text, err := oneLine(r.PostFormValue(name))
		errs = append(errs, err)
		return text
	}
	o := minutes.Office{
		Superior: word("superior"), Body: word("body"), PlaceName: word("place"), Notation: word("notation"),
		Archive: word("archive"), ChiefName: word("chief"),
	}
	for line := range strings.Lines(r.PostFormValue("titles")) {
		title, err := oneLine(line)
		errs = append(errs, err)
		if title != "" {
			o.ForChair = append(o.ForChair, title)
		}
	}
	if len(o.ForChair) > 4 {
		errs = append(errs, errOffice)
	}
	return o, errors.Join(errs...)
}

// oneLine is a short text for the head of a paper.
func oneLine(text string) (string, error) {
	text = viet.Clean(text)
	if utf8.RuneCountInString(text) > officeMost {
		return "", errOffice
	}
	return text, nil
}
