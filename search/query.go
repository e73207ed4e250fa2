package search

import (
	"slices"
	"strings"

	"phonghop/viet"
)

const (
	longestQuery = 300 // bytes of what was typed
	mostTerms    = 24  // words of a query
)

// term is one word of a query. begun: it may be the beginning of a word.
type term struct {
	folded, spelt string
	begun         bool
}

// query is what was typed, understood: groups of words that stand together.
type query [][]term

// parse understands any text; what holds no word is a query without groups.
func parse(typed string) query {
	typed = viet.Clean(cut(typed, longestQuery))
	typed = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "＂", `"`).Replace(typed)
	var q query
	words := lexicon{}
	for i, part := range strings.Split(typed, `"`) {
		if quoted := i%2 == 1; quoted {
			q = q.with(words.tokens(part), true)
			continue
		}
		for chunk := range strings.FieldsSeq(part) {
			q = q.with(words.tokens(chunk), false)
		}
	}
	if len(q) > 0 {
		last := q[len(q)-1]
		last[len(last)-1].begun = true
	}
	return q
}

// with is the query with one more group, as far as there is room for it.
func (q query) with(tokens []token, begun bool) query {
	room := mostTerms
	for _, group := range q {
		room -= len(group)
	}
	var group []term
	for _, t := range tokens[:min(len(tokens), room)] {
		group = append(group, term{folded: t.folded, spelt: t.spelt})
	}
	if len(group) == 0 {
		return q
	}
	group[len(group)-1].begun = begun
	return append(q, group)
}

// reading is one way to understand a query: what stands together, and whether
// the spelling counts.
type reading struct {
	phrases [][]term
	spelt   bool
}

// readings lists the ways of a query, the strictest first. Each finds all that
// those before it find.
func (q query) readings() []reading {
	if len(q) == 0 {
		return nil
	}
	var list []reading
	for _, spelt := range either(q.any(func(t term) bool { return t.spelt != t.folded })) {
		for _, together := range either(len(q) > 1) {
			for _, whole := range either(q.any(func(t term) bool { return t.begun })) {
				list = append(list, q.read(spelt, together, whole))
			}
		}
	}
	return list
}

// either is true and false, or false alone where there is no difference.
func either(both bool) []bool {
	if both {
		return []bool{true, false}
	}
	return []bool{false}
}

func (q query) any(is func(term) bool) bool {
	return slices.ContainsFunc(q, func(group []term) bool { return slices.ContainsFunc(group, is) })
}

func (q query) read(spelt, together, whole bool) reading {
	r := reading{spelt: spelt}
	for _, group := range q {
		group = slices.Clone(group)
		for i := range group {
			group[i].begun = group[i].begun && !whole
		}
		r.phrases = append(r.phrases, group)
	}
	if together {
		r.phrases = [][]term{slices.Concat(r.phrases...)}
	}
	return r
}

// column is where the database looks for this reading.
func (r reading) column() string {
	if r.spelt {
		return "spelt"
	}
	return "folded"
}

// match is the reading as SQLite's full-text search takes it. Terms hold letters,
// digits and marks only, so nothing in it can be an operator.
func (r reading) match() string {
	var b strings.Builder
	for _, phrase := range r.phrases {
		b.WriteString(`"`)
		for _, t := range phrase {
			b.WriteString(r.form(t.folded, t.spelt))
			if t.begun {
				b.WriteString("*")
			}
			b.WriteString(" ")
		}
		b.WriteString(`" `)
	}
	return b.String()
}

func (r reading) form(folded, spelt string) string {
	if r.spelt {
		return spelt
	}
	return folded
}

// marks tells for each token which phrase it belongs to, counted from 1; 0 is
// none. False: some phrase is not there.
func (r reading) marks(tokens []token) ([]int, bool) {
	marks := make([]int, len(tokens))
	for p, phrase := range r.phrases {
		found := false
		for i := range tokens {
			if !r.standsAt(phrase, tokens[i:]) {
				continue
			}
			found = true
			for k := range phrase {
				marks[i+k] = p + 1
			}
		}
		if !found {
			return nil, false
		}
	}
	return marks, true
}

func (r reading) standsAt(phrase []term, tokens []token) bool {
	if len(phrase) > len(tokens) {
		return false
	}
	for k, t := range phrase {
		want, have := r.form(t.folded, t.spelt), r.form(tokens[k].folded, tokens[k].spelt)
		if have != want && !(t.begun && strings.HasPrefix(have, want)) {
			return false
		}
	}
	return true
}
