package templates

import "fmt"

// Lang is a language people read. Vietnamese comes first everywhere.
type Lang string

const (
	Vietnamese Lang = "vi"
	English    Lang = "en"
)

// LangOf reads a language as a page or cookie names it; anything else is
// Vietnamese.
func LangOf(s string) Lang {
	if s == string(English) {
		return English
	}
	return Vietnamese
}

// said is one text in both languages.
type said struct{ vi, en string }

// texts are the texts of one area, by key: "vote.open".
type texts map[string]said

// allTexts is every area; it never changes.
var allTexts = merged(refusalText, joinText, recordText, chairText, prepareText, secretaryText,
	memberText, hallText, papersText, centreText, readerText, minutesText, afterText, itText, rehearsalText)

// T is a text in this language, with its figures and names put in. A key that
// does not exist shows itself: a test walks every key the pages use.
func (l Lang) T(key string, args ...any) string {
	t, ok := allTexts[key]
	if !ok {
		return "‹" + key + "›"
	}
	text := t.vi
	if l == English {
		text = t.en
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// merged joins the areas. Two areas with one key are a mistake that a start
// must not survive.
func merged(areas ...texts) texts {
	all := texts{}
	for _, area := range areas {
		for key, t := range area {
			if _, taken := all[key]; taken {
				panic("templates: text " + key + " stands in two areas")
			}
			all[key] = t
		}
	}
	return all
}
