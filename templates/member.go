package templates

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// you is how a screen speaks to its reader: "bà", "ông", "đồng chí".
func you(p Page, who meeting.Person) string {
	if p.Lang == English || who.Salutation == "" {
		return p.T("you.default")
	}
	return strings.ToLower(who.Salutation)
}

// youFirst is you at the beginning of a sentence.
func youFirst(p Page, who meeting.Person) string {
	if p.Lang == English || who.Salutation == "" {
		word := p.T("you.default")
		r := []rune(word)
		return strings.ToUpper(string(r[:1])) + string(r[1:])
	}
	return who.Salutation
}

// placeOf is a person's post and unit: "Giám đốc Sở Y tế".
func placeOf(who meeting.Person) string {
	return viet.Person{Title: who.Title, Unit: who.Unit}.Post()
}

func clock(t time.Time) string { return viet.Clock(t) }

func clockSeconds(t time.Time) string { return viet.ClockSeconds(t) }

// lasts says a length of time in words of the page's language.
func lasts(p Page, d time.Duration) string {
	if p.Lang != English {
		return viet.Duration(d)
	}
	d = d.Round(time.Second)
	h, m, s := int(d/time.Hour), int(d%time.Hour/time.Minute), int(d%time.Minute/time.Second)
	switch {
	case h > 0:
		return fmt.Sprintf("%d h %02d min", h, m)
	case s == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d s", s)
	}
	return fmt.Sprintf("%d min %d s", m, s)
}

// dayOf is the date a session is held on.
func dayOf(p Page, t time.Time) string {
	if p.Lang == English {
		return t.In(viet.Zone()).Format("Monday, 2 January 2006")
	}
	return viet.LongDate(t)
}

// band is the colour of a vote's head, which changes with each vote so that none
// is taken for the one before.
func band(number int) string { return strconv.Itoa((number+1)%4 + 1) }

// motionOf and titleOf are what an audience may read; what it may not know has
// the same quiet words everywhere.
func motionOf(p Page, v meeting.VoteView) string {
	if v.Hidden {
		return p.T("member.hidden")
	}
	return v.Motion
}

func titleOf(p Page, it meeting.ItemView) string {
	if it.Hidden {
		return p.T("member.hidden")
	}
	return it.Title
}

func choiceWord(p Page, c rules.Choice) string {
	return p.T("choice." + cmp.Or(string(c), "silent"))
}

// ruleSentence is the rule in words beside a result. The Vietnamese one is the
// sentence on record.
func ruleSentence(p Page, set rules.Set, v meeting.VoteView) string {
	if p.Lang == English {
		return set.English(v.Result)
	}
	return cmp.Or(v.Sentence, set.Sentence(v.Result))
}

// openItemOf is the open item.
func openItemOf(v meeting.View) (meeting.ItemView, bool) {
	if v.Current < 0 || v.Current >= len(v.Agenda) {
		return meeting.ItemView{}, false
	}
	return v.Agenda[v.Current], true
}

// comingItem is the item that is open, or else the next one waiting.
func comingItem(v meeting.View) (meeting.ItemView, bool) {
	if it, ok := openItemOf(v); ok {
		return it, true
	}
	i := slices.IndexFunc(v.Agenda, func(it meeting.ItemView) bool { return it.State == meeting.ItemPending })
	if i < 0 {
		return meeting.ItemView{}, false
	}
	return v.Agenda[i], true
}

func itemByID(v meeting.View, id meeting.ItemID) (meeting.ItemView, bool) {
	i := slices.IndexFunc(v.Agenda, func(it meeting.ItemView) bool { return it.ID == id })
	if i < 0 {
		return meeting.ItemView{}, false
	}
	return v.Agenda[i], true
}

func voteByID(v meeting.View, id meeting.VoteID) (meeting.VoteView, bool) {
	i := slices.IndexFunc(v.Votes, func(x meeting.VoteView) bool { return x.ID == id })
	if i < 0 {
		return meeting.VoteView{}, false
	}
	return v.Votes[i], true
}

// lastResult is the vote whose result still stands before everybody's eyes: the
// newest one, closed or annulled, until another item is opened.
func lastResult(v meeting.View) (meeting.VoteView, bool) {
	if v.Vote != nil || len(v.Votes) == 0 || v.Phase != meeting.Sitting {
		return meeting.VoteView{}, false
	}
	last := v.Votes[len(v.Votes)-1]
	it, open := openItemOf(v)
	return last, !open || it.ID == last.Item
}

// ballotIn is what one member's own record says of a vote.
func ballotIn(m meeting.Mine, id meeting.VoteID) *meeting.Ballot {
	for _, o := range m.History {
		if o.Vote == id {
			return o.Ballot
		}
	}
	return nil
}

func isHere(who meeting.SeatView) bool { return who.Attendance == meeting.Present }

// mayOpine tells whether a person may write opinions down; guests speak instead.
func mayOpine(who meeting.Person) bool {
	return who.Role != meeting.RoleGuest && who.Role != meeting.RoleSecretary
}

// sheetOpen tells whether a reader votes now: then the sheet covers the page.
func sheetOpen(v meeting.View, m meeting.Mine) bool {
	return v.Vote != nil && m.MayVote && isHere(m.Person)
}

// noVoice says why a reader has no keys in an open vote.
func noVoice(p Page, m meeting.Mine) string {
	switch {
	case m.MayVote:
		return p.T("vote.unmarked", youFirst(p, m.Person.Person))
	case m.Person.Role == meeting.RoleSubstitute:
		return p.T("vote.substitute")
	case m.Person.Role == meeting.RoleGuest:
		return p.T("vote.guest")
	}
	return p.T("vote.clerk")
}

// opinionsOn are a reader's own opinions on one item.
func opinionsOn(m meeting.Mine, id meeting.ItemID) []meeting.OpinionView {
	var out []meeting.OpinionView
	for _, o := range m.Opinions {
		if o.Item == id {
			out = append(out, o)
		}
	}
	return out
}

// doneItems splits an agenda so that a long row of finished items folds into
// one line: what is done before the first item that is not.
func doneItems(items []meeting.ItemView) (done, rest []meeting.ItemView) {
	i := 0
	for i < len(items) && items[i].State == meeting.ItemDone {
		i++
	}
	if i < 2 {
		return nil, items
	}
	return items[:i], items[i:]
}

// Addresses.

func itemPath(id meeting.ItemID) string { return "/items/" + string(id) }

func filePath(x meeting.PaperView) string {
	return "/papers/" + string(x.ID) + "/" + pathName(x.Name)
}

// pathName keeps a paper's name readable in its address, on one level.
func pathName(name string) string {
	return strings.ReplaceAll(cmp.Or(name, "-"), "/", "-")
}

// kindOf is the short name of a paper's format for its cover: "PDF".
func kindOf(x meeting.PaperView) string {
	name := x.Name
	if i := strings.LastIndexByte(name, '.'); i >= 0 && len(name)-i <= 5 {
		return strings.ToUpper(name[i+1:])
	}
	if x.Type == "application/pdf" {
		return "PDF"
	}
	return ""
}

// plainName is a paper's name without the ending its cover already shows.
func plainName(x meeting.PaperView) string {
	if i := strings.LastIndexByte(x.Name, '.'); i > 0 && len(x.Name)-i <= 5 {
		return x.Name[:i]
	}
	return x.Name
}

// sizeOf writes a paper's size as people read it: "1,2 MB".
func sizeOf(p Page, n int64) string {
	number, unit := float64(n)/1024, " KB"
	if number >= 1000 {
		number, unit = number/1024, " MB"
	}
	places := 0
	if number < 10 {
		places = 1
	}
	if p.Lang == English {
		return strconv.FormatFloat(number, 'f', places, 64) + unit
	}
	return viet.Decimal(number, places) + unit
}
