package templates

import (
	"strconv"
	"strings"
	"time"

	"phonghop/meeting"
)

// The one big key of a member's tablet. The names are also the keys of their
// words and the meaning the script watches.
const (
	stepPresent  = "present"
	stepAsk      = "ask"
	stepWithdraw = "withdraw"
	stepYield    = "yield"
	stepRead     = "read"
	stepLeave    = "leave"
)

// stepOf is what a member does next.
func stepOf(v meeting.View, m meeting.Mine) string {
	switch {
	case v.Phase == meeting.Closed || v.Phase == meeting.Sealed:
		return stepLeave
	case !isHere(m.Person):
		return stepPresent
	case v.Phase != meeting.Sitting:
		return stepRead
	case m.Speaks:
		return stepYield
	case m.Asks > 0:
		return stepWithdraw
	case m.MaySpeak:
		return stepAsk
	}
	return stepRead
}

func stepAction(step string) string {
	return map[string]string{
		stepPresent: "/presence", stepAsk: "/floor/ask", stepWithdraw: "/floor/withdraw", stepYield: "/floor/yield",
	}[step]
}

func stepIcon(step string) string {
	return map[string]string{
		stepPresent: "user-check", stepAsk: "hand", stepWithdraw: "x", stepYield: "check", stepRead: "file-text", stepLeave: "log-out",
	}[step]
}

// liveName is the stream a member's page follows. Whoever has another screen,
// the chair say, reads the same pages standing still.
func liveName(m meeting.Mine) string {
	if m.Screen == meeting.MemberScreen {
		return string(meeting.MemberScreen)
	}
	return ""
}

// homePath is where the key back leads: the reader's own screen.
func homePath(m meeting.Mine) string {
	if m.Screen == "" {
		return "/"
	}
	return "/" + string(m.Screen)
}

// writesOn tells whether the reader may write an opinion on an item now.
func writesOn(v meeting.View, m meeting.Mine, it meeting.ItemView) bool {
	return mayOpine(m.Person.Person) && !it.Hidden && v.Phase != meeting.Closed && v.Phase != meeting.Sealed
}

func agendaClass(it meeting.ItemView) string {
	switch it.State {
	case meeting.ItemOpen:
		return "now"
	case meeting.ItemDone:
		return "done"
	case meeting.ItemPutOff:
		return "put-off"
	}
	return ""
}

func agendaNote(p Page, it meeting.ItemView) string {
	switch {
	case it.State == meeting.ItemPutOff:
		return p.T("member.deferred")
	case it.State == meeting.ItemOpen && it.Minutes > 0:
		return p.T("member.planned", it.Minutes)
	}
	return ""
}

// itemNote is the line under an item's title: number, unit, who presents.
func itemNote(p Page, it meeting.ItemView) string {
	parts := []string{p.T("vote.item", it.Number)}
	if it.InCamera {
		parts = append(parts, p.T("member.camera"))
	}
	if it.Unit != "" {
		parts = append(parts, it.Unit)
	}
	if it.Presenter != "" {
		parts = append(parts, p.T("member.presenter", it.Presenter))
	}
	if it.Minutes > 0 {
		parts = append(parts, p.T("member.planned", it.Minutes))
	}
	return strings.Join(parts, " · ")
}

// paperNote marks what is new: a later version, or a paper placed after opening.
func paperNote(p Page, x meeting.PaperView) string {
	switch {
	case x.Version > 1:
		return p.T("member.version", x.Version, clock(x.Placed))
	case x.Late:
		return p.T("member.new", clock(x.Placed))
	}
	return ""
}

// opinionID changes with each opinion sent, so that the field is empty again.
func opinionID(it meeting.ItemView, m meeting.Mine) string {
	id := "opinion-" + string(it.ID)
	if sent := opinionsOn(m, it.ID); len(sent) > 0 {
		id += "-" + strconv.FormatInt(sent[len(sent)-1].At.UnixMilli(), 36)
	}
	return id
}

// speakingUnit says of whoever speaks where they come from.
func speakingUnit(p Page, who meeting.Person) string {
	if who.Unit == "" {
		return p.T("member.speaking")
	}
	return who.Unit + " " + p.T("member.speaking")
}

func recessEnds(v meeting.View) time.Time {
	return v.Recess.Since.Add(time.Duration(v.Recess.Minutes) * time.Minute)
}

func countItems(v meeting.View, state meeting.ItemState) int {
	n := 0
	for _, it := range v.Agenda {
		if it.State == state {
			n++
		}
	}
	return n
}

func verdict(p Page, v meeting.VoteView) string {
	if v.State == meeting.VoteAnnuled {
		return p.T("result.annulled")
	}
	return p.T("result." + string(v.Result.Outcome))
}

// withoutTablets is a page that shows nobody as having lost the line.
func withoutTablets(p Page) Page {
	p.Tablets = nil
	return p
}

// recordMotion is a motion in one's own record; what the view hides stays hidden.
func recordMotion(p Page, v meeting.View, o meeting.OwnBallot) string {
	if x, ok := voteByID(v, o.Vote); ok {
		return motionOf(p, x)
	}
	return o.Motion
}

func recordResult(p Page, v meeting.View, o meeting.OwnBallot) string {
	x, ok := voteByID(v, o.Vote)
	if !ok || x.State == meeting.VoteOpen {
		return p.T("record.running")
	}
	return verdict(p, x)
}
