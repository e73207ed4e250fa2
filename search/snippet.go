package search

import "strings"

// A snippet is some words before the first that matters, and some after.
const (
	wordsBefore = 8
	wordsShown  = 32
)

// snippet cuts from the text the stretch that shows most of the phrases, with
// the words of the reading marked; words counts all that are marked on the page.
func snippet(text string, tokens []token, r reading) (pieces []Piece, words int) {
	marks, ok := r.marks(tokens)
	if !ok {
		return nil, 0
	}
	for _, mark := range marks {
		words += min(mark, 1)
	}
	from := max(richest(marks)-wordsBefore, 0)
	to := min(from+wordsShown, len(tokens))
	var b builder
	if from > 0 {
		b.add("… ", false)
	}
	for at, i := tokens[from].from, from; i < to; i++ {
		t := tokens[i]
		between := i > from && marks[i-1] > 0 && marks[i] > 0
		b.add(gap(text[at:t.from]), between)
		b.add(text[t.from:t.to], marks[i] > 0)
		at = t.to
	}
	if to < len(tokens) {
		b.add(" …", false)
	} else {
		b.add(gap(text[tokens[to-1].to:]), false)
	}
	return b, words
}

// gap is what stands between words; the dots of a table of contents are a few.
func gap(text string) string {
	if len(text) > 12 {
		return " … "
	}
	return text
}

// richest is where the stretch begins that holds the most different phrases; of
// equal ones the first.
func richest(marks []int) (best int) {
	most := 0
	for i, mark := range marks {
		if mark == 0 {
			continue
		}
		seen := map[int]bool{}
		for _, m := range marks[i:min(i+wordsShown-wordsBefore, len(marks))] {
			if m > 0 {
				seen[m] = true
			}
		}
		if len(seen) > most {
			best, most = i, len(seen)
		}
	}
	return best
}

// builder joins pieces of one kind; a snippet is one line.
type builder []Piece

func (b *builder) add(text string, marked bool) {
	text = strings.ReplaceAll(text, "\n", " ")
	last := len(*b) - 1
	switch {
	case text == "":
	case last >= 0 && (*b)[last].Marked == marked:
		(*b)[last].Text += text
	default:
		*b = append(*b, Piece{text, marked})
	}
}
