package templates

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// Chain is what the record's foot says of the journal it was drawn from: how
// many entries, and the root they come to. Empty: nothing is said.
type Chain struct {
	Entries int64
	Root    string
}

// chapter is one item of the record: what was said and decided under it.
type chapter struct {
	item     meeting.ItemView
	lines    []meeting.Line
	votes    []meeting.VoteView
	speakers []speech
	opinions []meeting.OpinionView
}

// speech is one time somebody had the floor.
type speech struct {
	name, unit, topic string
	at                time.Time
	lasted            time.Duration // 0: not known
}

// chapters cuts the record by items, in the agenda's order; what happened
// outside any item comes back apart, in the order it happened.
func chapters(v meeting.View) (items []chapter, outside []meeting.Line) {
	at := map[meeting.ItemID]int{}
	for i, it := range v.Agenda {
		items = append(items, chapter{item: it})
		at[it.ID] = i
	}
	for _, vote := range v.Votes {
		if i, ok := at[vote.Item]; ok {
			items[i].votes = append(items[i].votes, vote)
		}
	}
	for _, o := range v.Opinions {
		if i, ok := at[o.Item]; ok {
			items[i].opinions = append(items[i].opinions, o)
		}
	}
	open := meeting.ItemID("")
	for _, l := range v.Record {
		open = follow(open, l)
		i, ok := at[chapterOf(l, open)]
		if !ok {
			outside = append(outside, l)
			continue
		}
		items[i].lines = append(items[i].lines, l)
	}
	for i := range items {
		items[i].speakers = speeches(items[i].lines)
	}
	return items, outside
}

// follow keeps which item is open as the record goes on.
func follow(open meeting.ItemID, l meeting.Line) meeting.ItemID {
	switch {
	case l.Undone:
		return open
	case l.Kind == meeting.ItemOpened:
		return l.Item
	case l.Kind == meeting.ItemClosed && l.Item == open:
		return ""
	}
	return open
}

// chapterOf is the item a line is told under: its own, or the open one for what
// people do on the floor.
func chapterOf(l meeting.Line, open meeting.ItemID) meeting.ItemID {
	switch l.Kind {
	case meeting.FloorAsked, meeting.FloorWithdrawn, meeting.FloorExtended, meeting.FloorYielded:
		if l.Item == "" {
			return open
		}
	}
	return l.Item
}

// speeches are the turns of an item, in order. Turns taken back did not happen.
func speeches(lines []meeting.Line) []speech {
	var out []speech
	last := map[meeting.PersonID]int{}
	for _, l := range lines {
		switch {
		case l.Undone:
		case l.Kind == meeting.FloorGiven:
			last[l.Person] = len(out)
			out = append(out, speech{name: l.Name, unit: l.Unit, topic: l.Text, at: l.At})
		case l.Kind == meeting.FloorYielded:
			if i, ok := last[l.Person]; ok {
				out[i].lasted = time.Duration(l.Count) * time.Second
			}
		}
	}
	return out
}

// told are the lines of a chapter that its tables do not already say.
func (c chapter) told() []meeting.Line {
	var out []meeting.Line
	for _, l := range c.lines {
		if tabled[l.Kind] && len(l.Corrected) == 0 {
			continue
		}
		out = append(out, l)
	}
	return out
}

// tabled are the kinds that stand in the roll, the lists of speakers, the
// results and the conclusions of the record's page.
var tabled = map[meeting.Kind]bool{
	meeting.FloorAsked: true, meeting.FloorWithdrawn: true, meeting.FloorGiven: true, meeting.FloorExtended: true,
	meeting.FloorYielded: true, meeting.VoteOpened: true, meeting.VoteClosed: true, meeting.VoteAnnulled: true,
	meeting.BallotCast: true, meeting.OpinionWritten: true, meeting.ItemConcluded: true, meeting.RecordCorrected: true,
	meeting.ItemOpened: true, meeting.ItemClosed: true,
}

// spent is how long an item took, as far as it is over.
func (c chapter) spent() time.Duration { return time.Duration(c.item.Spent) * time.Second }

// stay is somebody's time in the room, as the roll and the record have it.
type stay struct {
	meeting.SeatView
	marks []meeting.Line // present and away, in order
}

func (s stay) came() bool {
	for _, l := range s.marks {
		if l.Kind == meeting.MarkedPresent {
			return true
		}
	}
	return false
}

// times says when somebody came and went: "có mặt 07:52; rời phòng 10:30".
func (s stay) times(p Page) string {
	var parts []string
	for _, l := range s.marks {
		key := "rec.came"
		if l.Kind == meeting.MarkedAway {
			key = "rec.left"
		}
		parts = append(parts, p.T(key, clock(l.At)))
	}
	return strings.Join(parts, "; ")
}

// stays is everybody of the roll with their coming and going.
func stays(v meeting.View) []stay {
	out := make([]stay, len(v.Roll))
	at := map[meeting.PersonID]int{}
	for i, p := range v.Roll {
		out[i].SeatView, at[p.ID] = p, i
	}
	for _, l := range v.Record {
		i, ok := at[l.Person]
		if ok && !l.Undone && (l.Kind == meeting.MarkedPresent || l.Kind == meeting.MarkedAway) {
			out[i].marks = append(out[i].marks, l)
		}
	}
	return out
}

func came(all []stay, keep func(meeting.SeatView) bool) []stay {
	return slices.DeleteFunc(slices.Clone(all), func(s stay) bool { return !keep(s.SeatView) || !s.came() })
}

func missed(all []stay) []stay {
	return slices.DeleteFunc(slices.Clone(all), func(s stay) bool { return !s.Votes || s.came() })
}

func votes(p meeting.SeatView) bool { return p.Votes }

func role(r meeting.Role) func(meeting.SeatView) bool {
	return func(p meeting.SeatView) bool { return !p.Votes && p.Role == r }
}

// personLine names a person as minutes do.
func personLine(who meeting.Person) string {
	return viet.Person{
		Salutation: who.Salutation, Name: who.Name, PartyTitle: who.PartyTitle, Title: who.Title, Unit: who.Unit,
	}.Line()
}

func absenceWords(p Page, who meeting.SeatView) string {
	switch {
	case !who.Absent:
		return p.T("rec.unexcused")
	case who.Answered && who.Agreed:
		return p.T("rec.excused", who.Reason)
	case who.Answered:
		return p.T("rec.not-excused", who.Reason)
	}
	return p.T("rec.asked", who.Reason)
}

// moment is a time of day on a day, in the words of documents.
func (p Page) moment(t time.Time) string {
	if t.IsZero() {
		return "…"
	}
	if p.Lang == Vietnamese {
		return viet.FormalMoment(t)
	}
	return t.In(viet.Zone()).Format("15:04, 2 January 2006")
}

// share is a number of votes with its part of all members.
func share(p Page, n, all int) string {
	if p.Lang == Vietnamese {
		return p.T("rec.share", n, all, viet.Percent(n, all))
	}
	return strconv.Itoa(n) + "/" + strconv.Itoa(all)
}

// ballotWord is what stands beside a member's name in the annex.
func ballotWord(p Page, b meeting.BallotView) string {
	switch {
	case b.Choice != "":
		return choiceWord(p, b.Choice)
	case b.Present:
		return p.T("rec.silent")
	}
	return p.T("rec.absent")
}

// dissent are the members who were not for, by name: few, and the first thing
// a reader looks for.
func dissent(vote meeting.VoteView) []meeting.BallotView {
	var out []meeting.BallotView
	for _, b := range vote.Ballots {
		if b.Choice == rules.Against || b.Choice == rules.Abstain {
			out = append(out, b)
		}
	}
	return out
}

func nameIn(v meeting.View, id meeting.PersonID) string {
	who, _ := personIn(v, id)
	return nameOf(who)
}

func substituteWords(p Page, v meeting.View, who meeting.Person) string {
	if whom := nameIn(v, who.For); whom != "" {
		return personLine(who) + ", " + p.T("rec.for", whom)
	}
	return personLine(who)
}

func opinionWords(p Page, o meeting.OpinionView) string {
	if o.Reservation {
		return o.Name + " (" + p.T("rec.reserved") + "): " + o.Text
	}
	return o.Name + ": " + o.Text
}

// chairs are those who presided, in order, each with the time they took over.
func chairs(p Page, v meeting.View) []string {
	var out []string
	for _, l := range v.Record {
		who, known := personIn(v, l.Person)
		switch {
		case l.Undone || !known:
		case l.Kind == meeting.SessionOpened:
			out = append(out, personLine(who))
		case l.Kind == meeting.ChairHandedOver && len(out) > 0:
			out = append(out, p.T("rec.from", clock(l.At), personLine(who)))
		}
	}
	if len(out) == 0 {
		return []string{personLine(v.Chair.Person)}
	}
	return out
}

func personIn(v meeting.View, id meeting.PersonID) (meeting.Person, bool) {
	for _, p := range v.Roll {
		if p.ID == id {
			return p.Person, true
		}
	}
	return meeting.Person{}, false
}

// quorumAtOpening is what the session was opened with.
func quorumAtOpening(p Page, v meeting.View) string {
	for _, l := range v.Record {
		if l.Kind == meeting.SessionOpened {
			return Sentence(p.Lang, l)
		}
	}
	return ""
}

// generalLines are the lines outside the items that the roll does not say.
func generalLines(lines []meeting.Line) []meeting.Line {
	var out []meeting.Line
	for _, l := range lines {
		switch l.Kind {
		case meeting.MarkedPresent, meeting.MarkedAway, meeting.AbsenceReported, meeting.AbsenceAnswered, meeting.SessionOpened:
			if len(l.Corrected) == 0 && !l.Undone {
				continue
			}
		case meeting.Undone, meeting.RecordCorrected:
			continue
		}
		out = append(out, l)
	}
	return out
}

// chapterOpening says who presented an item, on which papers, and when.
func chapterOpening(p Page, c chapter) string {
	var parts []string
	switch c.item.State {
	case meeting.ItemPutOff:
		if c.item.Reason != "" {
			return p.T("rec.put-off-why", c.item.Reason)
		}
		return p.T("rec.put-off")
	case meeting.ItemPending:
		return p.T("rec.not-taken")
	case meeting.ItemOpen:
		parts = append(parts, p.T("rec.open-at", clock(c.item.Opened)))
	case meeting.ItemDone:
		parts = append(parts, p.T("rec.took", clock(c.item.Opened), lasts(p, c.spent())))
	}
	if by := presented(c.item); by != "" {
		parts = append(parts, p.T("rec.presenter", by))
	}
	if len(c.item.Papers) > 0 {
		var names []string
		for _, paper := range c.item.Papers {
			names = append(names, strings.TrimSuffix(paper.Name, path.Ext(paper.Name)))
		}
		parts = append(parts, p.T("rec.papers", strings.Join(names, "; ")))
	}
	return strings.Join(parts, " ")
}

func (s speech) words(p Page) string {
	parts := []string{s.name}
	if s.unit != "" {
		parts = append(parts, s.unit)
	}
	if s.topic != "" {
		parts = append(parts, p.T("rec.about", s.topic))
	}
	parts = append(parts, clock(s.at))
	if s.lasted > 0 {
		parts = append(parts, lasts(p, s.lasted))
	}
	return strings.Join(parts, ", ")
}

// overrideReason is why a vote was opened with too few members, from the line
// of its opening: the vote itself keeps the reason of an annulment.
func overrideReason(v meeting.View, vote meeting.VoteView) string {
	for _, l := range v.Record {
		if l.Kind == meeting.VoteOpened && l.Vote == vote.Number {
			return l.Text
		}
	}
	return vote.Reason
}

// settled are the votes that have been closed or annulled.
func settled(v meeting.View) []meeting.VoteView {
	var out []meeting.VoteView
	for _, vote := range v.Votes {
		if vote.State != meeting.VoteOpen {
			out = append(out, vote)
		}
	}
	return out
}

func verdictWords(p Page, vote meeting.VoteView) string {
	if vote.Result.Outcome == rules.Passed {
		return p.T("line.carried")
	}
	return p.T("line.lost")
}

// recordCounts is a result in figures, as minutes write it:
// "Tán thành 18/22 (81,82%); không tán thành 1; …".
func recordCounts(p Page, vote meeting.VoteView) string {
	r := vote.Result
	return p.T("rec.counts", share(p, r.For, r.All), r.Against, r.Abstain, r.Silent, r.Absent)
}
