package templates

import "phonghop/meeting"

// StepVerb names what pressing the next-step key does.
type StepVerb string

// The steps of a session, in the order a plain one takes them.
const (
	StepNone      StepVerb = ""
	StepOpen      StepVerb = "open"       // khai mạc
	StepOpenItem  StepVerb = "open-item"  // mở mục
	StepOpenVote  StepVerb = "open-vote"  // mở biểu quyết
	StepCloseVote StepVerb = "close-vote" // đóng biểu quyết
	StepCloseItem StepVerb = "close-item" // kết thúc mục
	StepResume    StepVerb = "resume"     // họp tiếp
	StepClose     StepVerb = "close"      // bế mạc
)

// Step is one press of a key that moves the session on. Label is the key of its
// text, Number what stands in it: of the item or of the vote.
type Step struct {
	Verb   StepVerb
	Label  string
	Item   meeting.ItemID
	Vote   meeting.VoteID
	Number int
}

// NextStep is the one step a session asks for now. It is the same for the chair
// and the secretary, and depends on nothing but the view.
func NextStep(v meeting.View) Step {
	switch v.Phase {
	case meeting.Preparing:
		return openingStep(v)
	case meeting.Recess:
		return Step{Verb: StepResume, Label: "step.resume"}
	case meeting.Sitting:
		return sittingStep(v)
	case meeting.Closed, meeting.Sealed:
		return Step{Label: "step.over"}
	}
	return Step{Label: "step.nothing"}
}

func openingStep(v meeting.View) Step {
	switch {
	case len(v.Agenda) == 0:
		return Step{Label: "step.no-items"}
	case v.Chair.ID == "":
		return Step{Label: "step.no-chair"}
	case v.Quorum.Total == 0:
		return Step{Label: "step.no-members"}
	}
	return Step{Verb: StepOpen, Label: "step.open"}
}

func sittingStep(v meeting.View) Step {
	if v.Vote != nil {
		return Step{StepCloseVote, "step.close-vote", v.Vote.Item, v.Vote.ID, v.Vote.Number}
	}
	it, open := openItemOf(v)
	switch {
	case open && decided(v, it.ID):
		return closeItemStep(it)
	case open:
		return openVoteStep(v, it)
	}
	if next, ok := nextItem(v); ok {
		return Step{Verb: StepOpenItem, Label: "step.open-item", Item: next.ID, Number: next.Number}
	}
	return Step{Verb: StepClose, Label: "step.close"}
}

// OtherStep is the smaller key beside the next step: the way on for an item
// that needs no vote, or one vote more where one was taken. False: none.
func OtherStep(v meeting.View) (Step, bool) {
	it, open := openItemOf(v)
	if v.Phase != meeting.Sitting || v.Vote != nil || !open {
		return Step{}, false
	}
	if decided(v, it.ID) {
		return relabelled(openVoteStep(v, it), "step.vote-more"), true
	}
	if next, ok := nextItem(v); ok {
		return Step{Verb: StepOpenItem, Label: "step.turn-to", Item: next.ID, Number: next.Number}, true
	}
	return relabelled(closeItemStep(it), "step.end-item"), true
}

func relabelled(s Step, label string) Step {
	s.Label = label
	return s
}

func openVoteStep(v meeting.View, it meeting.ItemView) Step {
	return Step{Verb: StepOpenVote, Label: "step.open-vote", Item: it.ID, Number: len(v.Votes) + 1}
}

func closeItemStep(it meeting.ItemView) Step {
	return Step{Verb: StepCloseItem, Label: "step.close-item", Item: it.ID, Number: it.Number}
}

// nextItem is the first item of the agenda that has not been taken yet.
func nextItem(v meeting.View) (meeting.ItemView, bool) {
	for _, it := range v.Agenda {
		if it.State == meeting.ItemPending {
			return it, true
		}
	}
	return meeting.ItemView{}, false
}

// decided tells whether a vote that stands was taken on an item; after an
// annulled one the next step is its repeat.
func decided(v meeting.View, id meeting.ItemID) bool {
	last := lastVoteOf(v, id)
	return last != nil && last.State == meeting.VoteDone
}

func lastVoteOf(v meeting.View, id meeting.ItemID) *meeting.VoteView {
	for i := len(v.Votes) - 1; i >= 0; i-- {
		if v.Votes[i].Item == id {
			return &v.Votes[i]
		}
	}
	return nil
}
