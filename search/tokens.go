package search

import (
	"strings"
	"unicode"

	"phonghop/viet"
)

// longest is how much of one word counts, in bytes: nobody types more, and a
// page of noise must not fill the index.
const longest = 96

// token is a word of a text: where it stands, and its two forms.
type token struct {
	from, to      int
	folded, spelt string
}

// lexicon remembers the forms of the words it has met: Vietnamese repeats its
// syllables, and folding one costs more than looking it up.
type lexicon map[string][2]string

// tokens cuts a text that has been through viet.Clean or CleanText. One cut
// serves pages and queries; SQLite is handed its outcome, so no tokenizer of
// another Unicode version can disagree with it.
func (l lexicon) tokens(text string) []token {
	list := make([]token, 0, len(text)/5)
	from := -1
	for i, r := range text + " " {
		switch inWord := unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r); {
		case inWord && from < 0:
			from = i
		case !inWord && from >= 0:
			if forms := l.forms(text[from:i]); forms[0] != "" {
				list = append(list, token{from, i, forms[0], forms[1]})
			}
			from = -1
		}
	}
	return list
}

func (l lexicon) forms(word string) [2]string {
	forms, known := l[word]
	if !known {
		forms = [2]string{cut(viet.Fold(word), longest), cut(strings.ToLower(word), longest)}
		l[word] = forms
	}
	return forms
}

// cut keeps at most n bytes of s, whole characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
