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

// said is one text in both languages, by its key: "vote.open".
type said struct{ key, vi, en string }

// texts are the texts of one area. A list is laid out by the compiler, where a map
// would be made at each start.
type texts []said

// allTexts is every area by key; it never changes.
var allTexts = merged(refusalText, joinText, recordText, chairText, prepareText, secretaryText,
	memberText, hallText, papersText, centreText, readerText, minutesText, afterText, itText, rehearsalText)

// T is a text in this language, with its figures and names put in. A key that
// does not exist shows itself: a test walks every key the pages use.
func (l Lang) T(key string, args ...any) string {
	t := allTexts[key]
	if t == nil {
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

// merged joins the areas. Two texts with one key are a mistake that a start must not
// survive.
func merged(areas ...texts) map[string]*said {
	n := 0
	for _, area := range areas {
		n += len(area)
	}
	all := make(map[string]*said, n)
	for _, area := range areas {
		for i, t := range area {
			if all[t.key] != nil {
				panic("templates: text " + t.key + " stands there twice")
			}
			all[t.key] = &area[i]
		}
	}
	return all
}
