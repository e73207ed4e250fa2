package roster

import (
	"cmp"
	"slices"
	"strings"

	"phonghop/viet"
)

// Problem is one thing wrong, or worth a look, in one cell. Line 0 is the list
// as a whole; Value is what stood there, or the line it clashes with by name.
type Problem struct {
	Line   int
	Column Column
	Kind   ProblemKind
	Value  string
}

// ProblemKind names what is wrong; pages hold the sentence for each.
type ProblemKind string

// What stands in the way of importing.
const (
	MissingName       ProblemKind = "missing_name"
	TooLong           ProblemKind = "too_long"           // over 200 characters
	Formula           ProblemKind = "formula"            // begins like a formula of Excel
	OldFont           ProblemKind = "old_font"           // typed in a .VnTime font
	UnknownSalutation ProblemKind = "unknown_salutation" // not Đồng chí, Ông, Bà
	UnknownRole       ProblemKind = "unknown_role"
	UnknownAnswer     ProblemKind = "unknown_answer" // votes: neither có nor không
	BadNumber         ProblemKind = "bad_number"
	BadItems          ProblemKind = "bad_items"
	DuplicateSeat     ProblemKind = "duplicate_seat"
	TwoChairs         ProblemKind = "two_chairs"
	GuestVotes        ProblemKind = "guest_votes" // guests may speak, not vote
)

// What is only pointed out.
const (
	DuplicateName    ProblemKind = "duplicate_name" // the same but for marks and case
	MissingSeat      ProblemKind = "missing_seat"
	NoChair          ProblemKind = "no_chair"
	NoSecretary      ProblemKind = "no_secretary"
	MissingPrincipal ProblemKind = "missing_principal" // a substitute for nobody
	UnknownPrincipal ProblemKind = "unknown_principal" // a substitute for somebody not listed
)

// Warning reports a kind that does not block the import.
func (k ProblemKind) Warning() bool {
	switch k {
	case DuplicateName, MissingSeat, NoChair, NoSecretary, MissingPrincipal, UnknownPrincipal:
		return true
	}
	return false
}

// compare finds what only the rows together show.
func compare(rows []Row) []Problem {
	var found []Problem
	seats, names, roles := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, r := range rows {
		note := func(kind ProblemKind, column Column, value string) {
			found = append(found, Problem{Line: r.Line, Column: column, Kind: kind, Value: value})
		}
		seat, name := seatKey(r.Seat), viet.Fold(r.Name)
		if seat == "" {
			note(MissingSeat, ColumnSeat, r.Name)
		} else if seats[seat] {
			note(DuplicateSeat, ColumnSeat, r.Seat)
		}
		if name != "" && names[name] {
			note(DuplicateName, ColumnName, r.Name)
		}
		if roles[r.Role]++; r.Role == Chair && roles[Chair] > 1 {
			note(TwoChairs, ColumnRole, r.Name)
		}
		if r.Role == Guest && r.Votes {
			note(GuestVotes, ColumnVotes, r.Name)
		}
		seats[seat], names[name] = true, true
	}
	return append(append(found, principals(rows, names)...), officers(roles)...)
}

// seatKey tells seats apart: "01" is "1", "a3" is "A3".
func seatKey(seat string) string {
	key := viet.Fold(seat)
	if short := strings.TrimLeft(key, "0"); short != "" {
		return short
	}
	return key
}

func principals(rows []Row, names map[string]bool) []Problem {
	var found []Problem
	for _, r := range rows {
		switch {
		case r.SubstituteFor == "" && r.Role == Substitute:
			found = append(found, Problem{Line: r.Line, Column: ColumnSubstituteFor, Kind: MissingPrincipal, Value: r.Name})
		case r.SubstituteFor != "" && !names[viet.Fold(r.SubstituteFor)]:
			found = append(found, Problem{Line: r.Line, Column: ColumnSubstituteFor, Kind: UnknownPrincipal, Value: r.SubstituteFor})
		}
	}
	return found
}

func officers(roles map[string]int) []Problem {
	var found []Problem
	if roles[Chair] == 0 {
		found = append(found, Problem{Column: ColumnRole, Kind: NoChair})
	}
	if roles[Secretary] == 0 {
		found = append(found, Problem{Column: ColumnRole, Kind: NoSecretary})
	}
	return found
}

func sortProblems(list []Problem) {
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Kind, b.Kind))
	})
}
