package templates

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/minutes"
)

// MinutesDesk is the page on which the minutes of one session are written,
// locked, confirmed and taken back.
type MinutesDesk struct {
	Account  meeting.Account
	Seq      int64           // of the log, when this was drawn
	Blocks   []minutes.Block // the form, a mark standing wherever a text is written
	Mark     string          // what begins and ends a mark
	Fields   map[string]MinutesField
	Changed  []MinutesField // since the reader last looked
	Since    time.Time      // when that was; zero: never
	Editable bool
	MayLock  bool
	MayTake  bool         // files that came back
	As       meeting.Role // may confirm as
	Done     bool         // has confirmed
	Link     string       // of the signing client, just made; "" none
	Waiting  []ReturnedFile
	Earlier  []EarlierMinutes
	Key      string
}

// MinutesField is one text of the secretary's in the form.
type MinutesField struct {
	Name     string // place: "opening", "digest/ITEM", "speech/123"
	Label    string
	Text     string // on record
	Draft    string // typed and not recorded
	DraftAt  time.Time
	Line     bool // one line
	Usual    string
	Speech   bool
	State    meeting.WordsState
	Proposal string
	Turn     int64
}

// ReturnedFile is a file that came back and waits for the secretary.
type ReturnedFile struct {
	Ref, Name string
	At        time.Time
}

// EarlierMinutes is a session whose minutes can still be looked at.
type EarlierMinutes struct {
	ID     meeting.SessionID
	Number int
}

// Difference is one number of a returned file that the record says otherwise.
type Difference struct{ What, Record, File string }

// ReturnedCheck is what a returned file was found to be.
type ReturnedCheck struct {
	Session     meeting.SessionID
	Ref, Name   string
	Sort        string
	Signers     []string
	Differences []Difference
	Key         string
}

func (f MinutesField) shown() string {
	if !f.DraftAt.IsZero() {
		return f.Draft
	}
	return f.Text
}

// id names the field's place on the page.
func (f MinutesField) id() string { return "block-" + strings.ReplaceAll(f.Name, "/", "-") }

func (f MinutesField) rows() string {
	n := 2
	for _, line := range strings.Split(f.shown(), "\n") {
		n += len([]rune(line)) / 70
	}
	return strconv.Itoa(min(n, 14))
}

// bit is a stretch of a line: words, or the field that stands there.
type bit struct {
	run   minutes.Run
	field *MinutesField
}

// bits takes a line apart at the marks.
func (d MinutesDesk) bits(runs []minutes.Run) []bit {
	var out []bit
	for _, r := range runs {
		parts := strings.Split(r.Text, d.Mark)
		for i, part := range parts {
			if f, ok := d.Fields[part]; ok && i%2 == 1 {
				out = append(out, bit{field: &f})
				continue
			}
			if part != "" && (len(out) == 0 || out[len(out)-1].field == nil || strings.Trim(part, "./ ") != "") {
				out = append(out, bit{run: minutes.Run{Text: part, Bold: r.Bold, Italic: r.Italic}})
			}
		}
	}
	return out
}

// body is the form up to its recipients; what comes after are annexes.
func (d MinutesDesk) body() []minutes.Block {
	for i, b := range d.Blocks {
		if _, ok := b.(minutes.Recipients); ok {
			return d.Blocks[:i+1]
		}
	}
	return d.Blocks
}

// points are a list's lines with their marks before them.
func points(l minutes.List) [][]minutes.Run {
	out := make([][]minutes.Run, len(l.Items))
	for i, item := range l.Items {
		mark := "- "
		if l.Marks == minutes.Numbers {
			mark = strconv.Itoa(i+1) + ". "
		}
		out[i] = append([]minutes.Run{{Text: mark}}, item...)
	}
	return out
}

func lineRuns(text string) []minutes.Run { return minutes.Plain(text) }

func paraClass(p minutes.Para) string {
	switch {
	case p.Align == minutes.Centred:
		return "p centred"
	case p.Flush || p.Align != minutes.Justified:
		return "p flush"
	}
	return "p"
}

// MinutesHref is the page of a session's minutes.
func MinutesHref(id meeting.SessionID) string {
	return "/minutes?session=" + url.QueryEscape(string(id))
}

func minutesFile(id meeting.SessionID, name string) string {
	return "/minutes/" + url.PathEscape(string(id)) + "/" + name
}

// file is where the minutes are read: as filed once they are locked, else a draft.
func (d MinutesDesk) file(name string) string {
	path := minutesFile(d.Account.ID, name)
	if d.Account.Minutes.Locked && filedOf(d) {
		return path
	}
	return path + "?draft=1"
}

// confirmationOf is the confirmation given as one or the other; nil: none yet.
func confirmationOf(m meeting.MinutesState, as meeting.Role) *meeting.Confirmed {
	for i := range m.Confirmed {
		if m.Confirmed[i].As == as {
			return &m.Confirmed[i]
		}
	}
	return nil
}

// official is the newest file that came back, the one that counts.
func official(m meeting.MinutesState) *meeting.ReturnedFile {
	if n := len(m.Returned); n > 0 {
		return &m.Returned[n-1]
	}
	return nil
}

func proposals(d MinutesDesk) []MinutesField {
	var out []MinutesField
	for _, it := range d.Account.Items {
		for _, t := range it.Turns {
			if f, ok := d.Fields["speech/"+strconv.FormatInt(t.Seq, 10)]; ok && f.State == meeting.WordsSuggested {
				out = append(out, f)
			}
		}
	}
	return out
}

// phrases are the stock phrases offered by F6, one a line.
func phrases(p Page) []string { return strings.Split(p.T("min.phrases"), "\n") }

// openWords are a person's own speeches whose summary waits for their yes.
func openWords(m meeting.Mine) int {
	n := 0
	for _, t := range m.Turns {
		if t.Summary != "" && t.State == meeting.WordsOpen {
			n++
		}
	}
	return n
}

// filedOf tells whether the files of the lock that stands are drawn, or those of
// the closing where nothing was ever locked.
func filedOf(d MinutesDesk) bool {
	m := d.Account.Minutes
	for _, set := range m.Filed {
		if set.Of == m.Version && (m.Locked || m.Version == 0) {
			return true
		}
	}
	return false
}

// CheckHref is the page on which a returned file is set against the record.
func CheckHref(id meeting.SessionID, ref, name string) string {
	return "/minutes/check?" + url.Values{"session": {string(id)}, "ref": {ref}, "name": {name}}.Encode()
}

// returnedWords says of a file that came back what it is and who signed it.
func returnedWords(p Page, f meeting.ReturnedFile) string {
	words := p.T("min.sort."+f.Sort, clock(f.At))
	for _, s := range f.Signers {
		words += " " + s + "."
	}
	if f.Differences > 0 {
		words += " " + p.T("min.differs", f.Differences, f.Reason)
	}
	return words
}

// wordsBegin is what a speaker's own wording starts from.
func wordsBegin(t meeting.Turn) string {
	if t.Proposal != "" {
		return t.Proposal
	}
	return t.Summary
}

// filedFor tells whether this audience may take the filed PDF.
func filedFor(v meeting.View) bool { return len(v.Minutes.Filed) > 0 }
