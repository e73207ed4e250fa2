package templates

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"phonghop/meeting"
	"phonghop/rules"
)

// Segment is one member on a ruler: the class it is drawn with.
type Segment string

// The segments of a ruler. While a vote is open only cast, waiting and absent
// exist: its direction is in no picture.
const (
	SegmentWaiting Segment = ""
	SegmentCast    Segment = "cast"
	SegmentFor     Segment = "for"
	SegmentAgainst Segment = "against"
	SegmentAbstain Segment = "abstain"
	SegmentAbsent  Segment = "absent"
)

// Segments is a vote as a ruler, one segment a member in office.
func Segments(v meeting.VoteView) []Segment {
	if v.State == meeting.VoteOpen {
		return runs(
			run{kind: SegmentCast, n: v.Cast}, run{kind: SegmentWaiting, n: v.Present - v.Cast}, run{kind: SegmentAbsent, n: v.All - v.Present})
	}
	r := v.Result
	return runs(run{kind: SegmentFor, n: r.For}, run{kind: SegmentAgainst, n: r.Against}, run{kind: SegmentAbstain, n: r.Abstain},
		run{kind: SegmentWaiting, n: r.Silent}, run{kind: SegmentAbsent, n: r.Absent})
}

// AttendanceSegments is the quorum as a ruler.
func AttendanceSegments(q meeting.QuorumView) []Segment {
	return runs(run{kind: SegmentCast, n: q.Present}, run{kind: SegmentAbsent, n: q.Total - q.Present})
}

// mostSegments is how many members a ruler shows one by one; of larger bodies it
// shows the shares, and sends a few lines instead of one a member.
const mostSegments = 120

// run is neighbours of one kind; from is the place of the first.
type run struct {
	kind Segment
	n    int
	from int
}

// runsOf joins neighbours again.
func runsOf(segments []Segment) []run {
	var out []run
	for i, s := range segments {
		if last := len(out) - 1; last >= 0 && out[last].kind == s {
			out[last].n++
		} else {
			out = append(out, run{s, 1, i})
		}
	}
	return out
}

func runs(parts ...run) []Segment {
	var out []Segment
	for _, p := range parts {
		out = append(out, slices.Repeat([]Segment{p.kind}, max(p.n, 0))...)
	}
	return out
}

// MostSeats is how many people the horseshoe can show; larger bodies get
// totals, ruler and lists instead.
const MostSeats = 61

// Seat is one place at the horseshoe.
type Seat struct {
	ID    meeting.PersonID
	Label string // "07", or initials where no seat is assigned
	State string // class: "", asks, speaks, away, lost, for, against, abstain, cast
	Glyph string // name for Glyph, "" none
	Chair bool
	Say   string // what the place says in words
	C, R  int    // column and row, from 1; filled by Place
}

// Place puts seats round the table: the first in the middle of the head, then
// outward, then down both sides from the outer column in.
func Place(seats []Seat) []Seat {
	out := slices.Clone(seats)
	f := frameFor(len(out))
	for i := range out {
		out[i].C, out[i].R = f.place(i)
	}
	return out
}

// frame is the shape of the table for a number of people.
type frame struct{ head, tiers, rows int } // rows of a side; the head has row 1 to itself

func frameFor(n int) frame {
	switch {
	case n <= 33:
		return frame{5, 2, 7}
	case n <= 35:
		return frame{7, 2, 7}
	}
	return frame{7, 3, 9}
}

// Tiers is how many columns of seats stand on each side.
func Tiers(n int) int { return frameFor(n).tiers }

func (f frame) columns() int { return 7 + 2*f.tiers }

func (f frame) place(i int) (c, r int) {
	middle := f.tiers + 4
	if i < f.head {
		step := (i + 1) / 2
		if i%2 == 1 {
			return middle - step, 1
		}
		return middle + step, 1
	}
	i -= f.head
	tier, along := i/(2*f.rows), i%(2*f.rows)
	if along%2 == 0 {
		return tier + 1, along/2 + 2
	}
	return f.columns() - tier, along/2 + 2
}

// atTable is everybody with a place at the table, the chair first: members by
// seat, then substitutes. Everywhere the same order, so nobody's place moves.
func atTable(roll []meeting.SeatView, substitutes bool) []meeting.SeatView {
	var out []meeting.SeatView
	for _, p := range roll {
		if p.Votes || p.Role == meeting.RoleChair || substitutes && p.Role == meeting.RoleSubstitute {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b meeting.SeatView) int {
		return cmp.Or(cmp.Compare(tableRank(a), tableRank(b)), cmp.Compare(seatNumber(a), seatNumber(b)))
	})
	return out
}

func tableRank(p meeting.SeatView) int {
	switch p.Role {
	case meeting.RoleChair:
		return 0
	case meeting.RoleSubstitute:
		return 2
	}
	return 1
}

func seatNumber(p meeting.SeatView) int {
	if n, err := strconv.Atoi(p.Seat); err == nil {
		return n
	}
	return meeting.MaxPeople
}

// RoomSeats is who is here, asks, speaks, or has lost the line. Without
// p.Tablets nobody is shown as lost.
func RoomSeats(p Page, v meeting.View) []Seat {
	var out []Seat
	for _, who := range atTable(v.Roll, true) {
		out = append(out, roomSeat(p, who))
	}
	return Place(out)
}

// atTheTable counts who has a place at it.
func atTheTable(v meeting.View) int { return len(atTable(v.Roll, true)) }

func roomSeat(p Page, who meeting.SeatView) Seat {
	s := newSeat(who)
	switch {
	case who.Speaks:
		s.State, s.Glyph = "speaks", "speaks"
	case who.Asks > 0:
		s.State, s.Glyph = "asks", "asks"
	case who.Attendance != meeting.Present:
		s.State, s.Glyph = "away", "absent"
	case p.Tablets != nil && !p.Tablets[who.ID]:
		s.State, s.Glyph = "lost", "lost"
	}
	s.Say = p.T("seat.says", seatLabel(who), nameOf(who.Person), p.T("seat.state."+cmp.Or(s.State, "here")))
	return s
}

// TurnoutSeats is who has voted in the open vote, never how.
func TurnoutSeats(p Page, v meeting.View) []Seat {
	var out []Seat
	for _, who := range atTable(v.Roll, false) {
		s := newSeat(who)
		switch {
		case who.Voted:
			s.State = "cast"
		case who.Attendance != meeting.Present:
			s.State, s.Glyph = "away", "absent"
		default:
			s.State = "waiting"
		}
		s.Say = p.T("seat.says", seatLabel(who), nameOf(who.Person), p.T("seat.state."+s.State))
		out = append(out, s)
	}
	return Place(out)
}

// ResultSeats is how each member voted in a closed open vote.
func ResultSeats(p Page, v meeting.View, vote meeting.VoteView) []Seat {
	ballots := map[meeting.PersonID]meeting.BallotView{}
	for _, b := range vote.Ballots {
		ballots[b.Person] = b
	}
	var out []Seat
	for _, who := range atTable(v.Roll, false) {
		s := newSeat(who)
		s.State, s.Glyph = ballotState(ballots[who.ID])
		s.Say = p.T("seat.says", seatLabel(who), nameOf(who.Person), p.T("seat.state."+s.State))
		out = append(out, s)
	}
	return Place(out)
}

func ballotState(b meeting.BallotView) (state, glyph string) {
	switch {
	case b.Choice == rules.For, b.Choice == rules.Against, b.Choice == rules.Abstain:
		return string(b.Choice), string(b.Choice)
	case b.Present:
		return "silent", ""
	}
	return "away", "absent"
}

func newSeat(who meeting.SeatView) Seat {
	return Seat{ID: who.ID, Label: seatLabel(who), Chair: who.Presiding}
}

func seatLabel(who meeting.SeatView) string { return cmp.Or(who.Seat, "·") }

// nameOf is a person with the form of address: "Bà Hoàng Thị Thảo".
func nameOf(who meeting.Person) string {
	if who.Salutation == "" {
		return who.Name
	}
	return who.Salutation + " " + who.Name
}

// Class is what a seat is drawn with.
func (s Seat) Class() string {
	class := "seat"
	if s.Chair {
		class += " chair"
	}
	if s.State != "" {
		class += " " + s.State
	}
	return class
}

// The small map: seats of 20 x 18 on a grid of 26 x 24, the table inside them.

func (s Seat) mapX() int { return 2 + (s.C-1)*26 }

func (s Seat) mapY() int { return 2 + (s.R-1)*24 }

func mapBox(seats []Seat) string {
	f := frameFor(len(seats))
	return "0 0 " + strconv.Itoa(f.columns()*26-2) + " " + strconv.Itoa((f.rows+1)*24)
}

func mapTable(seats []Seat) string {
	f := frameFor(len(seats))
	left, wide, high := f.tiers*26+8, 7*26-38, (f.rows+1)*24-2
	return fmt.Sprintf("M%d %dV42a10 10 0 0 1 10-10h%da10 10 0 0 1 10 10v%d", left, high, wide, high-42)
}

func mapClass(s Seat, here, lit meeting.PersonID) string {
	switch s.ID {
	case here:
		return "here"
	case lit:
		return "lit"
	}
	return ""
}
