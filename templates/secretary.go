package templates

import (
	"strings"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// recentLines is how much of the record the console shows; the record's own
// page has all of it.
const recentLines = 60

// recent leaves out the roll before the opening: the roll shows it.
func recent(v meeting.View) []meeting.Line {
	var out []meeting.Line
	for _, l := range v.Record {
		marks := l.Kind == meeting.MarkedPresent || l.Kind == meeting.MarkedAway
		if !marks || !l.At.Before(v.Opened) {
			out = append(out, l)
		}
	}
	return out[max(0, len(out)-recentLines):]
}

// itemStatus is what is going on in the open item.
func itemStatus(p Page, v meeting.View, it meeting.ItemView) string {
	switch sceneOf(v) {
	case sceneVote:
		return p.T("sec.item-voting")
	case sceneSpeaker:
		return p.T("sec.item-speaking")
	case sceneRecess:
		return p.T("chair.recess")
	}
	if it.Concluded {
		return p.T("sec.item-concluded")
	}
	return p.T("sec.item-open", clock(it.Opened))
}

func lineClass(l meeting.Line) string {
	var classes []string
	if l.Undone {
		classes = append(classes, "undone")
	}
	if len(l.Corrected) > 0 {
		classes = append(classes, "edited")
	}
	switch l.Kind {
	case meeting.RecordNoted, meeting.ItemConcluded:
		classes = append(classes, "written")
	case meeting.ItemOpened, meeting.VoteClosed, meeting.SessionOpened:
		classes = append(classes, "turn")
	}
	return strings.Join(classes, " ")
}

// correctable leaves out the lines that are corrections themselves, or were
// taken back.
func correctable(l meeting.Line) bool {
	return !l.Undone && l.Kind != meeting.RecordCorrected && l.Kind != meeting.Undone
}

// nameFirst splits a sentence after the name it begins with.
func nameFirst(sentence, name string) (first, rest string) {
	if name == "" || !strings.HasPrefix(sentence, name) {
		return "", sentence
	}
	return name, sentence[len(name):]
}

// writingItem is the item notes and the conclusion belong to: the open one, or
// the last that was closed, whose conclusion may still be worded.
func writingItem(v meeting.View) (it meeting.ItemView, open bool) {
	if it, open = openItemOf(v); open {
		return it, true
	}
	for i := len(v.Record) - 1; i >= 0; i-- {
		if l := v.Record[i]; l.Kind == meeting.ItemClosed && !l.Undone {
			it, _ = itemByID(v, l.Item)
			return it, false
		}
	}
	return meeting.ItemView{}, false
}

func conclusionLabel(p Page, it meeting.ItemView, open bool) string {
	if open {
		return p.T("sec.conclusion")
	}
	return p.T("sec.conclusion-of", it.Number)
}

func mendField(l meeting.Line) string { return entryID("mend-text", l.Seq) }

func tabletsHere(p Page, v meeting.View) int {
	n := 0
	for _, who := range v.Roll {
		if p.Tablets[who.ID] {
			n++
		}
	}
	return n
}

// byTablet is the roll with those first whose tablet is not here.
func byTablet(p Page, v meeting.View) []meeting.SeatView {
	var lost, here []meeting.SeatView
	for _, who := range v.Roll {
		switch {
		case who.Role == meeting.RoleSecretary:
		case gone(p, who):
			lost = append(lost, who)
		default:
			here = append(here, who)
		}
	}
	return append(lost, here...)
}

func tabletWord(p Page, who meeting.SeatView) string {
	if gone(p, who) {
		return p.T("sec.tablet-gone")
	}
	return p.T("sec.seated")
}

// absencesOpen counts the reported absences the chair has not answered.
func absencesOpen(v meeting.View) int {
	n := 0
	for _, who := range v.Roll {
		if who.Absent && !who.Answered && who.Attendance != meeting.Present {
			n++
		}
	}
	return n
}

// seatedUnmarked counts those whose tablet is here and who are not marked yet.
func seatedUnmarked(p Page, v meeting.View) int {
	n := 0
	for _, who := range v.Roll {
		if p.Tablets[who.ID] && who.Attendance == meeting.Unmarked && who.Role != meeting.RoleSecretary {
			n++
		}
	}
	return n
}

// otherState is what a tap on somebody's tile makes of them.
func otherState(who meeting.SeatView) string {
	if who.Attendance == meeting.Present {
		return string(meeting.Away)
	}
	return string(meeting.Present)
}

func tileWords(p Page, who meeting.SeatView) string {
	switch who.Role {
	case meeting.RoleGuest:
		return p.T("sec.guest")
	case meeting.RoleSubstitute:
		return p.T("sec.substitute")
	}
	return placeOf(who.Person)
}

func shortName(who meeting.Person) string { return viet.ShortName(who.Salutation, who.Name) }

// countsWords is the outcome of a vote in one line of figures.
func countsWords(p Page, vote meeting.VoteView) string {
	r := vote.Result
	parts := []string{
		p.T("sec.count", choiceWord(p, rules.For), r.For),
		p.T("sec.count", choiceWord(p, rules.Against), r.Against),
		p.T("sec.count", choiceWord(p, rules.Abstain), r.Abstain),
	}
	if r.Silent > 0 {
		parts = append(parts, p.T("sec.count", p.T("rec.silent"), r.Silent))
	}
	if r.Absent > 0 {
		parts = append(parts, p.T("sec.count", p.T("rec.absent"), r.Absent))
	}
	return strings.Join(parts, "; ")
}
