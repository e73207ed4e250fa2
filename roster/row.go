package roster

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"phonghop/viet"
)

// cells is one line by column; empty cells are absent.
type cells map[Column]string

// empty reports a line without a person: forms are often numbered in advance.
func (c cells) empty() bool {
	_, numbered := c[ColumnOrder]
	return len(c) == 0 || len(c) == 1 && numbered
}

// row understands one line, with the problems of its own cells.
func (c cells) row(number int) (Row, []Problem) {
	r := Row{Line: number}
	problems := c.checkText(number)
	note := func(kind ProblemKind, column Column) {
		problems = append(problems, Problem{Line: number, Column: column, Kind: kind, Value: shorten(c[column])})
	}
	text := func(column Column) string { return shorten(c[column]) }
	r.Name, r.PartyTitle, r.Title, r.Unit = text(ColumnName), text(ColumnPartyTitle), text(ColumnTitle), text(ColumnUnit)
	r.Seat, r.SubstituteFor = text(ColumnSeat), text(ColumnSubstituteFor)
	var ok bool
	if r.Name == "" {
		note(MissingName, ColumnName)
	}
	if r.Salutation, ok = viet.ParseSalutation(c[ColumnSalutation]); !ok && c[ColumnSalutation] != "" {
		note(UnknownSalutation, ColumnSalutation)
	}
	if r.Order, ok = order(c[ColumnOrder]); !ok {
		note(BadNumber, ColumnOrder)
	}
	if r.Items, ok = items(c[ColumnItems]); !ok {
		note(BadItems, ColumnItems)
	}
	if r.Role, ok = role(c); !ok {
		note(UnknownRole, ColumnRole)
	}
	if r.Votes, ok = votes(c[ColumnVotes], r.Role); !ok {
		note(UnknownAnswer, ColumnVotes)
	}
	return r, problems
}

// checkText finds what no cell may hold.
func (c cells) checkText(number int) []Problem {
	var found []Problem
	for column, text := range c {
		kind := ProblemKind("")
		switch {
		case utf8.RuneCountInString(text) > MaxCell:
			kind = TooLong
		case strings.ContainsAny(text[:1], "=+-@"):
			kind = Formula
		case oldFont(text):
			kind = OldFont
		}
		if kind != "" {
			found = append(found, Problem{Line: number, Column: column, Kind: kind, Value: shorten(text)})
		}
	}
	return found
}

// oldFont recognises text typed in a .VnTime font: its letters with marks lie
// where everybody else keeps signs, so "Cộng hòa xã hội" reads "Céng hßa x· héi".
func oldFont(text string) bool {
	letter := false
	for _, r := range text {
		if letter && strings.ContainsRune("¨©ª«¬\u00ad®µ¶·¸¹»¼½¾§", r) {
			return true
		}
		letter = unicode.IsLetter(r)
	}
	return false
}

// role reads the column; where it is empty the other columns tell.
func role(c cells) (string, bool) {
	switch {
	case c[ColumnRole] != "":
		return namedRole(plainWords(c[ColumnRole]))
	case c[ColumnSubstituteFor] != "":
		return Substitute, true
	case c[ColumnItems] != "":
		return Guest, true
	}
	return Member, true
}

func namedRole(text string) (string, bool) {
	switch text {
	case "chu toa", "chu tri", "chu toa phien hop", "chair":
		return Chair, true
	case "thu ky", "thu ky phien hop", "secretary":
		return Secretary, true
	case "thanh vien", "thanh vien ubnd", "uy vien", "dai bieu", "member", "deputy":
		return Member, true
	case "nguoi du thay", "du thay", "hop thay", "nguoi hop thay", "substitute":
		return Substitute, true
	case "khach moi", "khach", "guest":
		return Guest, true
	}
	return "", false
}

// votes reads có or không; an empty cell follows the role.
func votes(text, role string) (votes, ok bool) {
	switch viet.Fold(text) {
	case "":
		return role == Chair || role == Member, true
	case "co", "x", "v", "yes", "y", "1", "true", "✓", "✔":
		return true, true
	case "khong", "k", "no", "n", "0", "false":
		return false, true
	}
	return false, false
}

func order(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	n, err := viet.ParseNumber(strings.TrimSuffix(text, "."))
	if err != nil || n < 1 || n > 9999 {
		return 0, false
	}
	return int(n), true
}

// mostItems bounds the numbers of agenda items, and so what "1-99" can unfold.
const mostItems = 99

// items reads "3,5", "3; 5", "3 và 5" and "3-5". Excel makes the number 3,5 of
// the first, and hands it out as "3.5": a dot separates as well.
func items(text string) ([]int, bool) {
	if plain := plainWords(text); plain == "" || plain == "tat ca" || plain == "all" {
		return nil, true
	}
	text = strings.ReplaceAll(viet.Fold(text), "va", ",")
	var list []int
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",;. ", r) }) {
		from, to, err := span(part)
		if err != nil {
			return nil, false
		}
		for n := from; n <= to; n++ {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), len(list) > 0
}

func span(part string) (from, to int, err error) {
	first, last, ranged := strings.Cut(strings.ReplaceAll(part, "–", "-"), "-")
	if !ranged {
		last = first
	}
	if from, err = strconv.Atoi(first); err != nil {
		return 0, 0, fmt.Errorf("item %q: %w", part, err)
	}
	if to, err = strconv.Atoi(last); err != nil {
		return 0, 0, fmt.Errorf("item %q: %w", part, err)
	}
	if from < 1 || to < from || to > mostItems {
		return 0, 0, fmt.Errorf("item %q is out of range", part)
	}
	return from, to, nil
}
