package roster

import (
	"strings"
	"unicode"

	"phonghop/viet"
)

// Column is what a column of the file means.
type Column string

// The columns a file may have; only ColumnName must be there. A list that cuts
// names into family and given name has ColumnFamily and ColumnGiven instead.
const (
	ColumnSeat          Column = "seat"
	ColumnName          Column = "name"
	ColumnFamily        Column = "family"
	ColumnGiven         Column = "given"
	ColumnSalutation    Column = "salutation"
	ColumnPartyTitle    Column = "party_title"
	ColumnTitle         Column = "title"
	ColumnUnit          Column = "unit"
	ColumnRole          Column = "role"
	ColumnVotes         Column = "votes"
	ColumnOrder         Column = "order"
	ColumnSubstituteFor Column = "substitute_for"
	ColumnItems         Column = "items"
)

// columnOf knows a heading, folded and without punctuation; "" if it is not one
// of ours.
func columnOf(heading string) Column {
	switch plainWords(heading) {
	case "so ghe", "ghe", "ghe so", "cho ngoi", "vi tri", "seat", "seat no", "seat number":
		return ColumnSeat
	case "ho va ten", "ho ten", "ho va ten dai bieu", "ten dai bieu", "full name", "name":
		return ColumnName
	case "ho", "ho dem", "ho va dem", "ho va ten dem", "ho va chu dem", "family name", "last name":
		return ColumnFamily
	case "ten", "given name", "first name":
		return ColumnGiven
	case "danh xung", "xung ho", "cach xung ho", "ong ba", "salutation":
		return ColumnSalutation
	case "chuc vu dang", "chuc danh dang", "chuc vu trong dang", "party title", "party post":
		return ColumnPartyTitle
	case "chuc vu", "chuc danh", "chuc vu chinh quyen", "title", "position":
		return ColumnTitle
	case "don vi", "co quan", "don vi cong tac", "co quan don vi", "unit", "organisation", "organization", "department":
		return ColumnUnit
	case "vai tro", "tu cach", "tu cach du hop", "thanh phan", "role":
		return ColumnRole
	case "bieu quyet", "quyen bieu quyet", "duoc bieu quyet", "votes", "vote", "voting":
		return ColumnVotes
	case "thu tu", "so thu tu", "stt", "so tt", "tt", "order", "no":
		return ColumnOrder
	case "du thay cho", "hop thay cho", "thay cho", "nguoi duoc thay", "substitute for", "in place of":
		return ColumnSubstituteFor
	case "noi dung duoc du", "noi dung du", "noi dung", "muc", "items", "agenda items":
		return ColumnItems
	}
	return ""
}

// plainWords folds and leaves letters and digits: "Họ và tên (*)" is "ho va ten".
func plainWords(s string) string {
	return strings.Join(strings.FieldsFunc(viet.Fold(viet.Clean(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// heading says which cell holds what.
type heading struct {
	at      map[Column]int
	columns []Column // by cell, "" where ignored or said twice
	ignored []string
}

func (h heading) recognised() []Column {
	var list []Column
	for _, c := range h.columns {
		if c != "" {
			list = append(list, c)
		}
	}
	return list
}

// findHeading looks for the row of headings among the first lines; -1 if none
// names people.
func findHeading(lines []line) (heading, int) {
	for i, l := range lines[:min(len(lines), maxHeading)] {
		h := readHeading(l.cells)
		_, name := h.at[ColumnName]
		_, given := h.at[ColumnGiven]
		if name || given {
			return h, i
		}
	}
	return heading{}, -1
}

func readHeading(cells []string) heading {
	h := heading{at: map[Column]int{}, columns: make([]Column, len(cells))}
	for i, text := range cells {
		c := columnOf(text)
		_, twice := h.at[c]
		if c == "" || twice {
			if text = viet.Clean(text); text != "" {
				h.ignored = append(h.ignored, shorten(text))
			}
			continue
		}
		h.at[c], h.columns[i] = i, c
	}
	return h
}

// pick takes the cells of a line that mean something. A lone dash is an empty
// cell.
func (h heading) pick(l line) cells {
	picked := cells{}
	for c, i := range h.at {
		if i < len(l.cells) {
			if text := viet.Clean(l.cells[i]); text != "" && text != "-" && text != "–" {
				picked[c] = text
			}
		}
	}
	if _, whole := picked[ColumnName]; !whole {
		if name := viet.Clean(picked[ColumnFamily] + " " + picked[ColumnGiven]); name != "" {
			picked[ColumnName] = name
		}
	}
	delete(picked, ColumnFamily)
	delete(picked, ColumnGiven)
	return picked
}

// shorten keeps a value shown on screen within the limit of a cell.
func shorten(s string) string {
	if r := []rune(s); len(r) > MaxCell {
		return string(r[:MaxCell-1]) + "…"
	}
	return s
}
