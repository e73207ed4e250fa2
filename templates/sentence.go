package templates

import (
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/viet"
)

// Sentence tells one line of the record as people would. The words of the
// record are the chair's and the secretary's; a reason or a topic follows them.
func Sentence(lang Lang, l meeting.Line) string {
	if l.Kind == meeting.RecordNoted {
		return l.Text
	}
	say, ok := sentences[l.Kind]
	if !ok {
		return lang.T("line.unknown", string(l.Kind))
	}
	s := say(lang, l)
	if lang == English || l.Name == "" || strings.HasPrefix(s, l.Name) {
		return s
	}
	return strings.Replace(s, l.Name, within(l.Name), 1)
}

// within is a name in the middle of a Vietnamese sentence: the form of address
// loses its capital.
func within(name string) string {
	for _, address := range []string{viet.Mister, viet.Madam, viet.Comrade} {
		if rest, ok := strings.CutPrefix(name, address+" "); ok {
			return strings.ToLower(address) + " " + rest
		}
	}
	return name
}

// sentences holds those kinds whose line takes more than one word from the
// line; the others are one text with the name or the title in it.
var sentences = map[meeting.Kind]func(Lang, meeting.Line) string{
	meeting.SessionPrepared:  fixed("line.prepared"),
	meeting.SessionChanged:   fixed("line.changed"),
	meeting.PersonSeated:     named("line.seated"),
	meeting.PersonRemoved:    named("line.removed"),
	meeting.ItemAdded:        itemised("line.item-added"),
	meeting.ItemChanged:      itemised("line.item-changed"),
	meeting.ItemMoved:        itemised("line.item-moved"),
	meeting.ItemDeferred:     withReason(itemised("line.item-deferred")),
	meeting.ItemRestored:     itemised("line.item-restored"),
	meeting.PaperPlaced:      paperPlaced,
	meeting.PaperMoved:       paperMoved,
	meeting.PaperChanged:     titled("line.paper-changed"),
	meeting.MinutesLocked:    versioned("line.minutes-locked"),
	meeting.MinutesUnlocked:  withReason(versioned("line.minutes-unlocked")),
	meeting.MinutesConfirmed: minutesConfirmed,
	meeting.FileReturned:     fileReturned,
	meeting.TaskChanged:      func(lang Lang, l meeting.Line) string { return lang.T("line.task", l.Count, l.Text) },
	meeting.PaperWithdrawn:   withReason(titled("line.paper-withdrawn")),
	meeting.AbsenceReported:  withReason(named("line.absence")),
	meeting.AbsenceAnswered:  absenceAnswered,
	meeting.MarkedPresent:    counted("line.present"),
	meeting.MarkedAway:       withReason(counted("line.away")),
	meeting.SessionOpened:    quorate("line.opened"),
	meeting.ItemOpened:       itemised("line.item-opened"),
	meeting.ItemClosed:       itemClosed,
	meeting.ItemConcluded:    concluded,
	meeting.FloorAsked:       withTopic(named("line.asked")),
	meeting.FloorWithdrawn:   named("line.withdrawn"),
	meeting.FloorGiven:       floorGiven,
	meeting.FloorExtended:    lasting("line.extended"),
	meeting.FloorYielded:     lasting("line.yielded"),
	meeting.OpinionWritten:   opinionWritten,
	meeting.VoteOpened:       voteOpened,
	meeting.BallotCast:       ballotEntered,
	meeting.VoteClosed:       voteClosed,
	meeting.VoteAnnulled:     withReason(numbered("line.vote-annulled")),
	meeting.ChairHandedOver:  named("line.chair"),
	meeting.RecessBegan:      recessBegan,
	meeting.RecessEnded:      fixed("line.resumed"),
	meeting.RecordCorrected:  corrected,
	meeting.Undone:           undone,
	meeting.SessionClosed:    counted("line.closed"),
	meeting.RecordSealed:     fixed("line.sealed"),
	meeting.RoomFounded:      fixed("line.founded"),
	meeting.RoomRenamed:      fixed("line.renamed"),
	meeting.PersonRegistered: fixed("line.registered"),
	meeting.SessionRoot:      fixed("line.root"),
	meeting.EpochBegan:       fixed("line.epoch"),
	meeting.DetailErased:     fixed("line.erased"),
}

type sayer = func(Lang, meeting.Line) string

func fixed(key string) sayer { return func(lang Lang, _ meeting.Line) string { return lang.T(key) } }

func named(key string) sayer {
	return func(lang Lang, l meeting.Line) string { return lang.T(key, somebody(lang, l)) }
}

func titled(key string) sayer {
	return func(lang Lang, l meeting.Line) string { return lang.T(key, l.Title) }
}

func numbered(key string) sayer {
	return func(lang Lang, l meeting.Line) string { return lang.T(key, l.Vote) }
}

// itemised says an item's number, and its title where it may be known.
func itemised(key string) sayer {
	return func(lang Lang, l meeting.Line) string {
		if l.Title == "" {
			return lang.T(key, l.ItemNo) + "."
		}
		return lang.T(key, l.ItemNo) + ": " + l.Title + "."
	}
}

// counted says a name, and the members here after it.
func counted(key string) sayer {
	return func(lang Lang, l meeting.Line) string { return lang.T(key, somebody(lang, l), l.Count, l.Total) }
}

func lasting(key string) sayer {
	return func(lang Lang, l meeting.Line) string {
		return lang.T(key, somebody(lang, l), lasts(Page{Lang: lang}, time.Duration(l.Count)*time.Second))
	}
}

func withReason(say sayer) sayer {
	return func(lang Lang, l meeting.Line) string {
		if l.Text == "" {
			return say(lang, l)
		}
		return say(lang, l) + " " + lang.T("line.reason", l.Text)
	}
}

func withTopic(say sayer) sayer {
	return func(lang Lang, l meeting.Line) string {
		if l.Text == "" {
			return say(lang, l)
		}
		return say(lang, l) + " " + lang.T("line.topic", l.Text)
	}
}

// quorate is counted with the reason for going on with too few members.
func quorate(key string) sayer {
	return func(lang Lang, l meeting.Line) string {
		s := counted(key)(lang, l)
		if l.Override {
			s += " " + lang.T("line.override", l.Text)
		}
		return s
	}
}

func somebody(lang Lang, l meeting.Line) string {
	if l.Name == "" {
		return lang.T("line.somebody")
	}
	return l.Name
}

func paperPlaced(lang Lang, l meeting.Line) string {
	if l.Count > 1 {
		return lang.T("line.paper-again", l.Title, l.Count, l.ItemNo)
	}
	return lang.T("line.paper-placed", l.Title, l.ItemNo)
}

func absenceAnswered(lang Lang, l meeting.Line) string {
	if l.Agreed {
		return lang.T("line.absence-agreed", somebody(lang, l))
	}
	return lang.T("line.absence-refused", somebody(lang, l))
}

func itemClosed(lang Lang, l meeting.Line) string {
	return lang.T("line.item-closed", l.ItemNo, lasts(Page{Lang: lang}, time.Duration(l.Count)*time.Second))
}

func concluded(lang Lang, l meeting.Line) string {
	key := "line.concluded"
	if l.Override {
		key = "line.concluded-again"
	}
	return lang.T(key, l.ItemNo, l.Text)
}

func floorGiven(lang Lang, l meeting.Line) string {
	who := somebody(lang, l)
	if l.Unit != "" {
		who += ", " + l.Unit + ","
	}
	return withTopic(func(lang Lang, _ meeting.Line) string { return lang.T("line.given", who) })(lang, l)
}

func opinionWritten(lang Lang, l meeting.Line) string {
	key := "line.opinion"
	if l.Override {
		key = "line.reservation"
	}
	return lang.T(key, somebody(lang, l), l.ItemNo, l.Text)
}

func voteOpened(lang Lang, l meeting.Line) string {
	s := lang.T("line.vote-opened", l.Vote, l.Title, l.Count, l.Total)
	if l.Override {
		s += " " + lang.T("line.override", l.Text)
	}
	return s
}

func ballotEntered(lang Lang, l meeting.Line) string {
	return withReason(func(lang Lang, l meeting.Line) string {
		return lang.T("line.ballot-entered", somebody(lang, l), l.Vote)
	})(lang, l)
}

// voteClosed carries the rule in words as it was recorded, in Vietnamese; in
// English the numbers say it.
func voteClosed(lang Lang, l meeting.Line) string {
	outcome := lang.T("line.lost")
	if l.Agreed {
		outcome = lang.T("line.carried")
	}
	s := lang.T("line.vote-closed", l.Vote, l.Count, l.Total, outcome)
	if lang == Vietnamese && l.Text != "" {
		s += " " + l.Text
	}
	return s
}

func recessBegan(lang Lang, l meeting.Line) string {
	if l.Count > 0 {
		return lang.T("line.recess", l.Count)
	}
	return lang.T("line.pause")
}

func corrected(lang Lang, l meeting.Line) string {
	return lang.T("line.corrected", l.Refers, l.Text)
}

func undone(lang Lang, l meeting.Line) string { return lang.T("line.undone", l.Refers) }

func versioned(key string) sayer {
	return func(lang Lang, l meeting.Line) string { return lang.T(key, l.Count) }
}
func paperMoved(lang Lang, l meeting.Line) string {
	return lang.T("line.paper-moved", l.Title, l.ItemNo)
}
func minutesConfirmed(lang Lang, l meeting.Line) string {
	key := "line.minutes-confirmed"
	if l.Title == string(meeting.RoleChair) {
		key = "line.minutes-confirmed-chair"
	}
	return lang.T(key, somebody(lang, l), l.Count)
}
func fileReturned(lang Lang, l meeting.Line) string {
	if l.Count == 0 {
		return lang.T("line.returned", l.Title)
	}
	return withReason(func(lang Lang, l meeting.Line) string { return lang.T("line.returned-differs", l.Title, l.Count) })(lang, l)
}
