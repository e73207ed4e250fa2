package templates

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"phonghop/meeting"
)

// Medium is a USB drive that is plugged in.
type Medium struct {
	Name  string
	Path  string
	Files int
}

// PaperPage is what the page of one paper shows beside the session itself.
type PaperPage struct {
	Paper   meeting.PaperView
	Item    meeting.ItemView
	Key     string
	Uploads bool // files are taken in pieces, so that a lost line costs nothing
}

// TroubleSentence says what is wrong with an arrival, or worth knowing, and
// what to do; "" where nothing is.
func TroubleSentence(l Lang, a meeting.Arrival) string {
	if a.Trouble == "" {
		return ""
	}
	key := "trouble." + string(a.Trouble)
	if allTexts[key+".d"] != nil && a.Detail != "" {
		return l.T(key+".d", a.Detail)
	}
	if allTexts[key] != nil {
		return l.T(key)
	}
	return l.T("trouble.other")
}

// arrivalState is how far an arrival has come, in words.
func arrivalState(p Page, a meeting.Arrival) string {
	switch a.State {
	case meeting.ArrivalReceiving:
		if a.Size > 0 && a.Got < a.Size {
			return p.T("arrive.receiving", 100*a.Got/a.Size)
		}
		return p.T("arrive.receiving.new")
	case meeting.ArrivalChecking:
		return p.T("arrive.checking")
	case meeting.ArrivalHeld:
		return p.T("arrive.held")
	case meeting.ArrivalRefused:
		return p.T("arrive.refused")
	case meeting.ArrivalNoticed:
		return p.T("arrive.noticed")
	}
	return p.T("arrive.waiting")
}

// arrivalFacts are an arrival's file, size, item and pages in one line.
func arrivalFacts(p Page, a meeting.Arrival) string {
	item, file := p.T("arrive.noitem"), ""
	if a.Item != "" {
		item = p.T("arrive.item", a.ItemNo)
	}
	if plain := strings.TrimSuffix(a.File, path.Ext(a.File)); a.Name != "" && a.Name != a.File && a.Name != plain {
		file = a.File
	}
	return joinNonEmpty(" · ", file, Bytes(max(a.Size, a.Got)), item, drawnWords(p, a.Pages, a.Total))
}

// arrivalName is what a row is headed by.
func arrivalName(a meeting.Arrival) string {
	if a.Name != "" {
		return a.Name
	}
	return a.File
}

// arrivedHead says what came, and as which version.
func arrivedHead(p Page, a meeting.Arrival) string {
	if a.Version > 1 {
		return p.T("arrive.new.version", a.Version, arrivalName(a))
	}
	return p.T("arrive.new.named", arrivalName(a))
}

// publishable: it is whole, and its item is known.
func publishable(a meeting.Arrival) bool { return undecided(a) && a.Item != "" }

// undecided: it is whole and the secretary has not let it out.
func undecided(a meeting.Arrival) bool {
	return a.State == meeting.ArrivalWaiting || a.State == meeting.ArrivalHeld
}

// replacing names the paper an arrival would replace; false where it is a new one.
func replacing(v meeting.View, a meeting.Arrival) (meeting.PaperView, bool) {
	if a.Replaces == "" {
		return meeting.PaperView{}, false
	}
	_, paper, ok := PaperIn(v, a.Replaces)
	return paper, ok
}

// PaperIn finds a paper of the agenda that stands, with its item.
func PaperIn(v meeting.View, id meeting.PaperID) (meeting.ItemView, meeting.PaperView, bool) {
	for _, it := range v.Agenda {
		for _, paper := range it.Papers {
			if paper.ID == id {
				return it, paper, true
			}
		}
	}
	return meeting.ItemView{}, meeting.PaperView{}, false
}

// wantsSomebody: the secretary has something to decide or to know.
func wantsSomebody(a meeting.Arrival) bool {
	return a.State == meeting.ArrivalWaiting || a.State == meeting.ArrivalRefused || a.State == meeting.ArrivalNoticed
}

// arrivalCount tells how many arrivals want the secretary, and how many are on their way.
type arrivalCount struct{ waiting, trouble, coming int }

func countArrivals(list []meeting.Arrival) arrivalCount {
	var n arrivalCount
	for _, a := range list {
		switch a.State {
		case meeting.ArrivalWaiting:
			n.waiting++
		case meeting.ArrivalRefused, meeting.ArrivalNoticed:
			n.trouble++
		case meeting.ArrivalReceiving, meeting.ArrivalChecking:
			n.coming++
		}
	}
	return n
}

// foremost is the arrival shown on the console itself: what waits for a
// decision first, what went wrong next, what is on its way after that.
func foremost(list []meeting.Arrival) (meeting.Arrival, bool) {
	order := []meeting.ArrivalState{
		meeting.ArrivalWaiting, meeting.ArrivalRefused, meeting.ArrivalNoticed,
		meeting.ArrivalReceiving, meeting.ArrivalChecking, meeting.ArrivalHeld,
	}
	for _, state := range order {
		if i := slices.IndexFunc(list, func(a meeting.Arrival) bool { return a.State == state }); i >= 0 {
			return list[i], true
		}
	}
	return meeting.Arrival{}, false
}

// drawnWords says how far the pages of a paper are drawn; nothing while their
// number is unknown.
func drawnWords(p Page, pages, total int) string {
	switch {
	case total == 0:
		return ""
	case pages < total:
		return p.T("papers.drawn.of", pages, total)
	}
	return p.T("papers.pages", total)
}

// mostRuns is how many pages or runs of pages a sentence names one by one.
const mostRuns = 8

// ChangedPages says which pages of a paper differ from the version before:
// "đổi trang 3, 7–9"; only how many where they are too scattered to read.
func ChangedPages(p Page, changed []int) string {
	if len(changed) == 0 {
		return ""
	}
	var runs []string
	for i := 0; i < len(changed); {
		j := i
		for j+1 < len(changed) && changed[j+1] == changed[j]+1 {
			j++
		}
		run := strconv.Itoa(changed[i])
		if j > i {
			run += "–" + strconv.Itoa(changed[j])
		}
		runs, i = append(runs, run), j+1
	}
	if len(runs) > mostRuns {
		return p.T("papers.changed.n", len(changed))
	}
	return p.T("papers.changed", strings.Join(runs, ", "))
}

// paperFacts is a paper's size, version, pages, changes and openings in one line.
func paperFacts(p Page, v meeting.View, it meeting.ItemView, paper meeting.PaperView) string {
	version, opened := "", ""
	if paper.Version > 1 {
		version = p.T("papers.version", paper.Version)
	}
	if v.Header.Receipts {
		did, not := opening(v, it, paper)
		opened = p.T("papers.opened", len(did), len(did)+len(not))
	}
	return joinNonEmpty(" · ", Bytes(paper.Size), version, drawnWords(p, paper.Pages, paper.Total), ChangedPages(p, paper.Changed), opened)
}

// readersOf are those a paper is for: the table, not the secretary beside it.
func readersOf(v meeting.View, it meeting.ItemView, paper meeting.PaperView) []meeting.SeatView {
	var out []meeting.SeatView
	for _, who := range v.Roll {
		if who.Role != meeting.RoleSecretary && isFor(who, it, paper) {
			out = append(out, who)
		}
	}
	return out
}

func isFor(who meeting.SeatView, it meeting.ItemView, paper meeting.PaperView) bool {
	guest := who.Role == meeting.RoleGuest
	switch {
	case paper.Readers == meeting.ReadersNamed:
		return who.Role == meeting.RoleChair || slices.Contains(paper.People, who.ID)
	case guest && paper.Readers == meeting.ReadersMembers:
		return false
	case guest:
		return slices.Contains(who.Items, it.ID)
	}
	return true
}

// nameable are the people a paper can be meant for one by one.
func nameable(v meeting.View) []meeting.SeatView {
	var out []meeting.SeatView
	for _, who := range v.Roll {
		if who.Role != meeting.RoleSecretary && !who.Presiding {
			out = append(out, who)
		}
	}
	return out
}

// opening splits the readers of a paper by whether they have opened it.
func opening(v meeting.View, it meeting.ItemView, paper meeting.PaperView) (opened, not []string) {
	for _, who := range readersOf(v, it, paper) {
		if slices.Contains(paper.OpenedBy, who.ID) {
			opened = append(opened, nameOf(who.Person))
		} else {
			not = append(not, nameOf(who.Person))
		}
	}
	return opened, not
}

// latePaper is a paper that came after the opening, with its item.
type latePaper struct {
	item  meeting.ItemView
	paper meeting.PaperView
}

const latePapersShown = 3

// latePapers are the papers placed last since the session opened, newest first.
func latePapers(v meeting.View) []latePaper {
	var out []latePaper
	for _, it := range v.Agenda {
		for _, paper := range it.Papers {
			if paper.Late {
				out = append(out, latePaper{it, paper})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b latePaper) int { return b.paper.Placed.Compare(a.paper.Placed) })
	return out[:min(len(out), latePapersShown)]
}

// allReaders are the answers to "who may read it".
func allReaders() []meeting.Readers {
	return []meeting.Readers{meeting.ReadersAll, meeting.ReadersMembers, meeting.ReadersNamed}
}

// readersAfter are the answers for a version that replaces another: it is for
// nobody who could not read the one before; that is changed on the paper's page.
func readersAfter(before meeting.PaperView) []meeting.Readers {
	if before.Readers == meeting.ReadersAll {
		return allReaders()
	}
	return allReaders()[1:]
}

func readersWord(p Page, r meeting.Readers) string {
	if r == meeting.ReadersAll {
		return p.T("papers.readers.all")
	}
	return p.T("papers.readers." + string(r))
}

func paperPagePath(id meeting.PaperID) string { return "/prepare/papers/" + string(id) }

func arrivalPath(a meeting.Arrival, verb string) string { return "/arrivals/" + a.ID + verb }

// aimID changes with the item, so that the sheet is gone once it was answered.
func aimID(a meeting.Arrival) string { return arrivalID("aim-"+strconv.Itoa(a.ItemNo), a) }

func arrivalID(name string, a meeting.Arrival) string { return name + "-" + a.ID }

func meantFor(paper meeting.PaperView, who meeting.PersonID) bool {
	return slices.Contains(paper.People, who)
}

// readersChip says in a word or two whom a paper is for.
func readersChip(p Page, v meeting.View, it meeting.ItemView, paper meeting.PaperView) string {
	if paper.Readers == meeting.ReadersMembers {
		return p.T("papers.readers.members.chip")
	}
	return p.T("papers.readers.named.chip", len(readersOf(v, it, paper)))
}

// undrawn says that no page of a paper is drawn yet.
func undrawn(p Page, paper meeting.PaperView) string {
	if paper.Total > 0 {
		return ""
	}
	return p.T("papers.drawn.none")
}

// uploadAttrs tell the script where a form's files go: in pieces to /uploads,
// or all at once as the form says.
func uploadAttrs(pieces bool, item meeting.ItemID, replaces meeting.PaperID) templ.Attributes {
	if !pieces {
		return templ.Attributes{"data-drop": true}
	}
	attrs := templ.Attributes{"data-uploads": string(item)}
	if replaces != "" {
		attrs["data-replaces"] = string(replaces)
	}
	return attrs
}
