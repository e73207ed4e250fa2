package templates

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"phonghop/meeting"
	"phonghop/rules"
)

// Cue is the sentence the chair reads aloud now.
func Cue(p Page, v meeting.View) string {
	switch sceneOf(v) {
	case sceneBefore:
		return cueBefore(p, v)
	case sceneVote:
		if n := len(v.Vote.Missing); n > 0 {
			return p.T("cue.vote-now", n)
		}
		return p.T("cue.vote-all")
	case sceneResult:
		return cueResult(p, v, shownResult(v))
	case sceneSpeaker:
		return cueFloor(p, v)
	case sceneRecess:
		return cueRecess(p, v)
	case sceneOver:
		return p.T("cue.over")
	}
	return cueItem(p, v)
}

func cueBefore(p Page, v meeting.View) string {
	switch {
	case NextStep(v).Verb != StepOpen:
		return ""
	case !v.Quorum.Met:
		return p.T("cue.wait")
	}
	return p.T("cue.open", v.Quorum.Present, v.Quorum.Total)
}

func cueResult(p Page, v meeting.View, vote *meeting.VoteView) string {
	if vote.State == meeting.VoteAnnuled {
		return callVote(p, v, vote.Motion)
	}
	key := "cue.lost"
	if vote.Result.Outcome == rules.Passed {
		key = "cue.carried"
	}
	return p.T(key, vote.Result.For, vote.All, matter(p, vote.Motion))
}

func cueRecess(p Page, v meeting.View) string {
	if v.Recess.Minutes > 0 {
		return p.T("cue.recess-until", v.Recess.Minutes, clock(resumes(v)))
	}
	return p.T("cue.recess")
}

func resumes(v meeting.View) time.Time {
	return v.Recess.Since.Add(time.Duration(v.Recess.Minutes) * time.Minute)
}

// cueFloor speaks of whoever is next; while the only one speaks there is
// nothing to say.
func cueFloor(p Page, v meeting.View) string {
	if len(v.Floor.Queue) > 0 {
		name := nameOf(v.Floor.Queue[0].Person.Person)
		if p.Lang == Vietnamese {
			name = within(name)
		}
		return p.T("cue.speak", name)
	}
	return ""
}

func cueItem(p Page, v meeting.View) string {
	if it, open := openItemOf(v); open {
		if say := cueFloor(p, v); say != "" {
			return say
		}
		return callVote(p, v, MotionFor(v, it))
	}
	next, ok := nextItem(v)
	switch {
	case !ok:
		return p.T("cue.close")
	case next.Presenter != "":
		by := next.Presenter
		if p.Lang == Vietnamese {
			by = within(by)
		}
		return p.T("cue.item-by", next.Number, by)
	}
	return p.T("cue.item", next.Number, next.Title)
}

const carry = "Thông qua "

// MotionFor is the wording a vote on an item is offered with: that of the vote
// it repeats, the draft among the papers, or the item itself.
func MotionFor(v meeting.View, it meeting.ItemView) string {
	if last := lastVoteOf(v, it.ID); last != nil && last.State == meeting.VoteAnnuled {
		return last.Motion
	}
	for _, paper := range it.Papers {
		name := strings.TrimSuffix(paper.Name, ".pdf")
		if strings.HasPrefix(strings.ToLower(name), "dự thảo") {
			return carry + name
		}
	}
	return carry + "nội dung: " + it.Title
}

// motionWords puts a motion in the middle of a sentence.
func motionWords(p Page, motion string) string {
	if motion == "" {
		return p.T("cue.motion")
	}
	r, n := utf8.DecodeRuneInString(motion)
	return string(unicode.ToLower(r)) + motion[n:]
}

// matter is what a motion would carry: the motion without "Thông qua".
func matter(p Page, motion string) string {
	rest, _ := strings.CutPrefix(motion, carry)
	if rest == "" {
		return p.T("cue.motion")
	}
	r, n := utf8.DecodeRuneInString(rest)
	return string(unicode.ToUpper(r)) + rest[n:]
}

// callVote calls for a vote, or says that too few members are here for one.
func callVote(p Page, v meeting.View, motion string) string {
	if !v.Quorum.Met {
		return p.T("cue.few", v.Quorum.Present, v.Quorum.Total)
	}
	return p.T("cue.vote", motionWords(p, motion))
}
