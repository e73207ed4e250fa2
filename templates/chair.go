package templates

import (
	"strconv"
	"time"

	"phonghop/meeting"
)

// scene is what stands in the middle of the table.
type scene int

const (
	sceneBefore scene = iota // not open yet
	sceneItem                // an item, or the way to the next one
	sceneSpeaker
	sceneVote
	sceneResult
	sceneRecess
	sceneOver
)

// sceneOf is the one thing the middle of the table shows. A result stays there
// until somebody is given the floor or the item ends.
func sceneOf(v meeting.View) scene {
	switch v.Phase {
	case meeting.Recess:
		return sceneRecess
	case meeting.Closed, meeting.Sealed:
		return sceneOver
	case meeting.Sitting:
	default:
		return sceneBefore
	}
	shown, turn := shownResult(v), v.Floor.Speaking
	switch {
	case v.Vote != nil:
		return sceneVote
	case turn != nil && (shown == nil || turn.Since.After(shown.Closed)):
		return sceneSpeaker
	case shown != nil:
		return sceneResult
	}
	return sceneItem
}

// shownResult is the vote whose outcome is still the news: the last one of the
// open item.
func shownResult(v meeting.View) *meeting.VoteView {
	if it, open := openItemOf(v); open {
		if last := lastVoteOf(v, it.ID); last != nil && last.State != meeting.VoteOpen {
			return last
		}
	}
	return nil
}

// tableSeats are the places round the table as the scene draws them.
func tableSeats(p Page, v meeting.View) []Seat {
	switch sceneOf(v) {
	case sceneVote:
		return TurnoutSeats(p, v)
	case sceneResult:
		if shown := shownResult(v); shown.State == meeting.VoteDone {
			return ResultSeats(p, v, *shown)
		}
	}
	return RoomSeats(p, v)
}

// clerkActs tells whether the last step was the secretary's: then the chair is
// told that somebody else is at the controls.
func clerkActs(v meeting.View) bool {
	for i := len(v.Record) - 1; i >= 0; i-- {
		if l := v.Record[i]; conducts[l.Kind] && !l.Undone {
			return l.By != v.Chair.ID && roleOf(v, l.By) == meeting.RoleSecretary
		}
	}
	return false
}

// conducts are the kinds only whoever holds the session records.
var conducts = map[meeting.Kind]bool{
	meeting.SessionOpened: true, meeting.ItemOpened: true, meeting.ItemClosed: true, meeting.FloorGiven: true,
	meeting.FloorExtended: true, meeting.VoteOpened: true, meeting.VoteClosed: true, meeting.VoteAnnulled: true,
	meeting.ChairHandedOver: true, meeting.RecessBegan: true, meeting.RecessEnded: true,
}

func roleOf(v meeting.View, id meeting.PersonID) meeting.Role {
	for _, p := range v.Roll {
		if p.ID == id {
			return p.Role
		}
	}
	return ""
}

// pace is how the session stands against its agenda, as of the opening of the
// item: planned end moved by the delay the item opened with.
type pace struct {
	ends  time.Time
	delay int // minutes late; negative: early
}

func paceOf(v meeting.View) (pace, bool) {
	it, open := openItemOf(v)
	if !open || v.Header.Starts.IsZero() {
		return pace{}, false
	}
	before, all := 0, 0
	for _, o := range v.Agenda {
		if o.State == meeting.ItemPutOff {
			continue
		}
		if o.Number < it.Number {
			before += o.Minutes
		}
		all += o.Minutes
	}
	if all == 0 {
		return pace{}, false
	}
	starts := startOf(v)
	due := starts.Add(time.Duration(before) * time.Minute)
	delay := it.Opened.Add(-time.Duration(it.Spent) * time.Second).Sub(due).Round(time.Minute)
	ends := starts.Add(time.Duration(all)*time.Minute + delay)
	return pace{ends, int(delay / time.Minute)}, true
}

// startOf is what a session is late against: the time it was called for, or,
// where it was opened at quite another time, that one.
func startOf(v meeting.View) time.Time {
	if v.Opened.Sub(v.Header.Starts).Abs() > 2*time.Hour {
		return v.Opened
	}
	return v.Header.Starts
}

func (c pace) says(p Page) string {
	switch {
	case c.delay > 0:
		return p.T("chair.behind", c.delay)
	case c.delay < 0:
		return p.T("chair.ahead", -c.delay)
	}
	return p.T("chair.on-time")
}

// presented is who presents an item: a name, a unit, or both.
func presented(it meeting.ItemView) string {
	if it.Presenter == "" || it.Unit == "" {
		return it.Presenter + it.Unit
	}
	return it.Presenter + ", " + it.Unit
}

// handTo are the members who may take the chair now.
func handTo(v meeting.View) []meeting.SeatView {
	var out []meeting.SeatView
	for _, p := range v.Roll {
		if p.Votes && !p.Presiding && (p.Attendance == meeting.Present || v.Phase == meeting.Preparing) {
			out = append(out, p)
		}
	}
	return out
}

// annullable is the last vote that has not been annulled.
func annullable(v meeting.View) *meeting.VoteView {
	for i := len(v.Votes) - 1; i >= 0; i-- {
		if v.Votes[i].State != meeting.VoteAnnuled {
			return &v.Votes[i]
		}
	}
	return nil
}

// itemsLeft counts the items not taken yet.
func itemsLeft(v meeting.View) int {
	n := 0
	for _, it := range v.Agenda {
		if it.State == meeting.ItemPending {
			n++
		}
	}
	return n
}

// sign is a line of the legend under the table.
type sign struct{ class, glyph, text string }

func legendOf(v meeting.View) []sign {
	switch sceneOf(v) {
	case sceneVote:
		return []sign{{"cast", "", "chair.cast"}, {"waiting", "", "chair.waiting"}, {"", "absent", "chair.away"}}
	case sceneResult:
		return nil
	}
	return []sign{{"", "asks", "chair.asks"}, {"", "lost", "chair.lost"}, {"", "absent", "chair.away"}}
}

func speakingLabel(p Page, who meeting.SeatView) string {
	if who.Seat == "" {
		return p.T("chair.speaking")
	}
	return p.T("chair.speaking-seat", who.Seat)
}

// askPlace is what stands under a name in the queue: the matter, or where the
// person comes from.
func askPlace(p Page, ask meeting.AskView) string {
	if ask.Topic != "" {
		return ask.Topic
	}
	place := ask.Person.Unit
	if place == "" {
		place = ask.Person.Title
	}
	if ask.Person.Seat == "" {
		return place
	}
	seat := p.T("chair.seat", ask.Person.Seat)
	if place == "" {
		return seat
	}
	return place + ", " + seat
}

func sessionName(p Page, h meeting.Header) string {
	if h.Title != "" {
		return h.Title
	}
	kind := ""
	if h.Kind != "" {
		kind = p.T("chair.kind." + h.Kind)
	}
	return p.T("chair.name", kind, h.Number)
}

func stepLabel(p Page, s Step) string {
	if s.Number > 0 {
		return p.T(s.Label, s.Number)
	}
	return p.T(s.Label)
}

// stepPath is where a step is posted.
func stepPath(s Step) string {
	switch s.Verb {
	case StepOpen:
		return "/session/open"
	case StepOpenItem:
		return "/items/" + string(s.Item) + "/open"
	case StepOpenVote:
		return "/items/" + string(s.Item) + "/votes"
	case StepCloseVote:
		return "/votes/" + string(s.Vote) + "/close"
	case StepCloseItem:
		return "/items/" + string(s.Item) + "/close"
	case StepResume:
		return "/session/resume"
	}
	return "/session/close"
}

// sheetOf is the sheet a step asks in before it is taken; "" for a step that is
// taken at once.
func sheetOf(v meeting.View, s Step) string {
	switch {
	case s.Verb == StepOpen && !v.Quorum.Met, s.Verb == StepOpenVote, s.Verb == StepClose,
		s.Verb == StepCloseVote && len(v.Vote.Missing) > 0:
		return stageID("sheet-"+string(s.Verb), v)
	}
	return ""
}

// stageID names a sheet of one stage of the session: after the step it is
// another element, so that a sheet never stays open over what it has done.
func stageID(name string, v meeting.View) string { return name + "-" + strconv.Itoa(v.Stage) }

func closed(v meeting.View) bool {
	return v.Phase == meeting.Closed || v.Phase == meeting.Sealed || v.Phase == meeting.Nothing
}

// gone tells whether somebody's tablet has lost the line.
func gone(p Page, who meeting.SeatView) bool { return p.Tablets != nil && !p.Tablets[who.ID] }

func itemWord(p Page, it meeting.ItemView) string {
	switch it.State {
	case meeting.ItemOpen:
		return p.T("sheet.item-now")
	case meeting.ItemDone:
		return p.T("sheet.item-done")
	case meeting.ItemPutOff:
		return p.T("sheet.item-deferred")
	}
	return ""
}

func openWord(p Page, it meeting.ItemView) string {
	if it.State == meeting.ItemDone {
		return p.T("sheet.item-again")
	}
	return p.T("sheet.item-go")
}

// personSheetID names the sheet of a person as they are now, so that it goes
// away once what was pressed in it has changed them.
func personSheetID(who meeting.SeatView) string {
	state := "-" + string(who.Attendance)
	switch {
	case who.Speaks:
		state = "-speaks"
	case who.Asks > 0:
		state = "-asks"
	}
	return "who-" + string(who.ID) + state
}

func whereabouts(p Page, who meeting.SeatView) string {
	switch {
	case who.Speaks:
		return p.T("sheet.seat-speaks")
	case who.Attendance == meeting.Present:
		return p.T("sheet.seat-since", p.T("sheet.seat-here"), clock(who.Since))
	case who.Attendance == meeting.Away:
		return p.T("sheet.seat-since", p.T("sheet.seat-away"), clock(who.Since))
	}
	return p.T("sheet.seat-unmarked")
}

func askOf(v meeting.View, id meeting.PersonID) meeting.AskView {
	for _, a := range v.Floor.Queue {
		if a.Person.ID == id {
			return a
		}
	}
	return meeting.AskView{}
}

// mayBeCalled tells whether somebody can be given the floor now.
func mayBeCalled(v meeting.View, who meeting.SeatView) bool {
	_, open := openItemOf(v)
	if !open || v.Phase != meeting.Sitting || who.Attendance != meeting.Present || who.Speaks {
		return false
	}
	switch who.Role {
	case meeting.RoleSubstitute:
		return v.Rules.SubstitutesSpeak
	case meeting.RoleGuest:
		return v.Rules.GuestsSpeak
	}
	return who.Role != meeting.RoleSecretary
}

// stepMeaning tells one step from another: while it changes, the key rests.
func stepMeaning(s Step) string {
	return string(s.Verb) + "-" + string(s.Item) + "-" + string(s.Vote)
}

// itemEnds is when the planned minutes of an open item are used up.
func itemEnds(it meeting.ItemView) time.Time {
	return it.Opened.Add(time.Duration(it.Minutes)*time.Minute - time.Duration(it.Spent)*time.Second)
}

func boolWord(on bool) string { return strconv.FormatBool(on) }

// entryID and entryPath name what belongs to one entry of the journal.
func entryID(name string, seq int64) string { return name + "-" + strconv.FormatInt(seq, 10) }

func entryPath(before string, seq int64, after string) string {
	return before + strconv.FormatInt(seq, 10) + after
}

// offersUndo leaves out the roll, where another tap does the same.
func offersUndo(p Page, m meeting.Mine) bool {
	u := m.CanUndo
	return u != nil && p.Now.Before(u.Till) && u.Kind != meeting.MarkedPresent && u.Kind != meeting.MarkedAway
}

// comingAfter is the next item while none is open; while one is, the key beside
// the next step names what comes after it.
func comingAfter(v meeting.View) (meeting.ItemView, bool) {
	if _, open := openItemOf(v); open || closed(v) {
		return meeting.ItemView{}, false
	}
	return nextItem(v)
}

// reported are those who said that they will not come, the unanswered first.
func reported(v meeting.View) []meeting.SeatView {
	var open, answered []meeting.SeatView
	for _, who := range v.Roll {
		switch {
		case !who.Absent || who.Attendance == meeting.Present:
		case who.Answered:
			answered = append(answered, who)
		default:
			open = append(open, who)
		}
	}
	return append(open, answered...)
}
