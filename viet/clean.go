package viet

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// mostMarks is how many combining marks one letter keeps. Vietnamese needs two;
// a tower of fifty would cover the neighbours' names on the hall screen.
const mostMarks = 4

// Clean makes one line of whatever was typed or imported: valid UTF-8 in NFC,
// spaces collapsed and trimmed, without control characters, bidi overrides or
// anything else that cannot be seen. Clean(Clean(s)) == Clean(s).
func Clean(s string) string {
	return norm.NFC.String(strings.Join(strings.Fields(visible(s)), " "))
}

// CleanText does the same but keeps line breaks, as "\n", at most one empty
// line between paragraphs.
func CleanText(s string) string {
	lines := strings.Split(visible(s), "\n")
	kept := make([]string, 0, len(lines))
	for _, line := range lines {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, line)
	}
	return norm.NFC.String(strings.TrimRight(strings.Join(kept, "\n"), "\n"))
}

// visible drops what has no shape of its own, and then the marks above
// mostMarks: in this order, since dropping brings marks together, and after
// normalising, since a few letters decompose into several marks.
func visible(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	marks := 0
	return strings.Map(func(r rune) rune {
		if !unicode.Is(unicode.Mn, r) {
			marks = 0
		} else if marks++; marks > mostMarks {
			return -1
		}
		return r
	}, norm.NFC.String(strings.Map(visibleRune, s)))
}

func visibleRune(r rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
		return '\n'
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// Fold is the key for searching and for telling duplicates: lower case, no
// marks, đ as d. "Đặng Ngọc Huy" becomes "dang ngoc huy", and "hoà" equals "hòa".
func Fold(s string) string {
	s = norm.NFD.String(strings.ToLower(strings.ToValidUTF8(s, "\uFFFD")))
	return norm.NFC.String(strings.Map(foldRune, s))
}

func foldRune(r rune) rune {
	switch {
	case r == 'đ':
		return 'd'
	case unicode.Is(unicode.Mn, r):
		return -1
	}
	return unicode.ToLower(r)
}
