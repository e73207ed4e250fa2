package meeting

import (
	"time"
	"unicode/utf8"

	"phonghop/viet"
)

// Act is who does something, when, and what they saw. Saw is the View.Stage the
// form was drawn from; negative where a program states none. Only verbs that
// move the session on compare it.
type Act struct {
	By  PersonID
	At  time.Time
	Saw int
}

func one(k Kind, data any) []Event { return []Event{{Kind: k, Data: data}} }

// said is one event with free text beside it; no text, no detail.
func said(k Kind, data any, t texts, hold bool) []Event {
	e := Event{Kind: k, Data: data}
	if t != (texts{}) {
		e.Detail, e.Hold = t, hold
	}
	return []Event{e}
}

// short cleans a title, name, topic or reason and refuses what is too long.
func short(text string) (string, error) { return limited(viet.Clean(text), MaxShort) }

// long cleans a conclusion, note or opinion, keeping its lines.
func long(text string) (string, error) { return limited(viet.CleanText(text), MaxText) }

func limited(text string, most int) (string, error) {
	if utf8.RuneCountInString(text) > most {
		return "", &Counted{TooLong, most}
	}
	return text, nil
}

// needed is short where a text must be given.
func needed(text string, missing Refusal) (string, error) {
	clean, err := short(text)
	if err == nil && clean == "" {
		err = missing
	}
	return clean, err
}
