package templates

import (
	"time"

	"phonghop/meeting"
	"phonghop/rules"
)

// keyState is how a key is drawn beside a ballot that stands.
func keyState(stands meeting.Ballot, c rules.Choice) string {
	if stands.Choice == c {
		return "recorded"
	}
	return "other"
}

// keySays is the line on a key; it is said only of what is on disk.
func keySays(p Page, set rules.Set, stands *meeting.Ballot, c rules.Choice) string {
	switch {
	case stands == nil:
		return ""
	case stands.Choice == c:
		return p.T("vote.recorded") + " " + ballotTime(stands)
	}
	return otherText(p, set)
}

// otherText is what the keys not chosen say; nothing where no change is allowed.
func otherText(p Page, set rules.Set) string {
	if set.ChangeUntilClose {
		return p.T("vote.other")
	}
	return ""
}

func ballotTime(b *meeting.Ballot) string {
	if b == nil {
		return ""
	}
	return clockSeconds(b.At)
}

func ballotCode(b *meeting.Ballot) string {
	if b == nil {
		return ""
	}
	return b.Code
}

func changeText(set rules.Set) string {
	if set.ChangeUntilClose {
		return "vote.change"
	}
	return "vote.once"
}

func voteEnds(v meeting.VoteView) time.Time {
	return v.Opened.Add(time.Duration(v.Seconds) * time.Second)
}

// glyphOf is the sign of a number in a result; who cast nothing has the dash of
// who is absent, and another word.
func glyphOf(name string) string {
	if name == "silent" {
		return "absent"
	}
	return name
}
