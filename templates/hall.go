package templates

import (
	"cmp"
	"unicode/utf8"

	"phonghop/meeting"
	"phonghop/rules"
)

// What the hall shows.
const (
	hallNothing = ""
	hallGather  = "gather"
	hallBetween = "between"
	hallItem    = "item"
	hallSpeaker = "speaker"
	hallVote    = "vote"
	hallResult  = "result"
	hallRecess  = "recess"
	hallClosed  = "closed"
)

// hallState is what everybody should look at now: a running vote before all, a
// fresh result until something newer happens, then whoever speaks, then the item.
func hallState(v meeting.View) string {
	switch v.Phase {
	case meeting.Preparing:
		return hallGather
	case meeting.Recess:
		return hallRecess
	case meeting.Closed, meeting.Sealed:
		return hallClosed
	case meeting.Nothing:
		return hallNothing
	}
	_, open := openItemOf(v)
	switch {
	case v.Vote != nil:
		return hallVote
	case freshResult(v):
		return hallResult
	case v.Floor.Speaking != nil:
		return hallSpeaker
	case open:
		return hallItem
	}
	return hallBetween
}

// freshResult tells whether nothing newer than the last result has begun.
func freshResult(v meeting.View) bool {
	last, ok := lastResult(v)
	if !ok {
		return false
	}
	if t := v.Floor.Speaking; t != nil && t.Since.After(last.Closed) {
		return false
	}
	it, open := openItemOf(v)
	return !open || !it.Opened.After(last.Closed)
}

// hallPage is the page as the hall needs it: dark, sized by the picture.
func hallPage(p Page) Page {
	p.Theme, p.Size = "dark", ""
	return p
}

func hallTitle(p Page, it meeting.ItemView) string {
	if it.Hidden {
		return p.T("hall.hidden")
	}
	return it.Title
}

// hallNext names what follows.
func hallNext(p Page, v meeting.View) string {
	it, ok := comingItem(v)
	if !ok {
		return p.T("member.last")
	}
	return p.T("member.next-item", it.Number) + ": " + hallTitle(p, it)
}

func presents(it meeting.ItemView) string {
	if it.Presenter == "" || it.Unit == "" {
		return cmp.Or(it.Presenter, it.Unit)
	}
	return it.Presenter + ", " + it.Unit
}

// sizeClass makes a long title smaller, so that none is ever cut.
func sizeClass(title string) string {
	switch n := utf8.RuneCountInString(title); {
	case n > 120:
		return "longer"
	case n > 56:
		return "long"
	}
	return ""
}

// firstAsks are the names there is room for under whoever speaks: three, or two
// and how many more.
func firstAsks(v meeting.View) []meeting.AskView {
	if q := v.Floor.Queue; len(q) > 3 {
		return q[:2]
	}
	return v.Floor.Queue
}

func firstSeats(all []meeting.SeatView, n int) []meeting.SeatView { return all[:min(n, len(all))] }

// dissenters are who voted against or abstained, at most n of them, and how many more.
func dissenters(v meeting.VoteView, n int) (names []meeting.BallotView, more int) {
	for _, b := range v.Ballots {
		if b.Choice == rules.Against || b.Choice == rules.Abstain {
			names = append(names, b)
		}
	}
	if len(names) > n {
		return names[:n], len(names) - n
	}
	return names, 0
}
