// Package rules says what a count of ballots means: whether enough members are
// here to sit, how many votes a decision needs, and who wins a tie.
//
// It is what an auditor reads first, so it is pure and small: a rule set and a
// count go in, a result and its sentence come out. The session, the centre and
// anybody's recount use these same functions. A rule set is stored whole with
// each session; provinces change it, and no number of a law is a constant in
// any other package.
package rules

import (
	"errors"
	"fmt"
)

// Fraction is a part of a whole, as laws write it: 2/3, 1/2.
type Fraction struct {
	Num int `json:"num"`
	Den int `json:"den"`
}

// atLeast is the smallest whole number that is at least the fraction of n. A
// fraction that was never set, as in a log somebody spoilt, is never reached.
func (f Fraction) atLeast(n int) int {
	if f.Den <= 0 {
		return n + 1
	}
	return (f.Num*n + f.Den - 1) / f.Den
}

// moreThan is the smallest whole number that is more than the fraction of n.
func (f Fraction) moreThan(n int) int {
	if f.Den <= 0 {
		return n + 1
	}
	return f.Num*n/f.Den + 1
}

// Base names the people a majority is taken of.
type Base string

const (
	OfAll     Base = "all"     // every member in office, here or not
	OfPresent Base = "present" // members here when the vote closes
	OfCast    Base = "cast"    // ballots for and against only
)

// Tie says who decides when for and against are equal.
type Tie string

const (
	TieChair Tie = "chair" // the side the presiding chair voted for
	TieFails Tie = "fails" // the motion is not carried
)

// Scope settles an ambiguity of the law: whether a tie below half of all
// members (because of abstentions) is still the chair's to decide.
type Scope string

const (
	ScopeLiteral Scope = "literal" // equal is equal: the chair decides
	ScopeStrict  Scope = "strict"  // only a tie at exactly half of the base
)

// Set is a named rule set, frozen into a session when it is prepared.
type Set struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`  // in Vietnamese, for screens and minutes
	Source   string   `json:"source"` // the articles it follows
	Quorum   Fraction `json:"quorum"` // at least, of all members
	Base     Base     `json:"base"`
	Majority Fraction `json:"majority"`
	AtLeast  bool     `json:"at_least,omitempty"` // at least the fraction; else more than it
	Tie      Tie      `json:"tie"`
	Scope    Scope    `json:"tie_scope"`

	ChangeUntilClose bool `json:"change_until_close"`
	GuestsSpeak      bool `json:"guests_speak"`
	SubstitutesSpeak bool `json:"substitutes_speak"`
	SubstitutesCount bool `json:"substitutes_count"` // towards the quorum; they never vote
	SpeakingSeconds  int  `json:"speaking_seconds"`
	PresentSeconds   int  `json:"present_seconds"` // for whoever presents an item
	VoteSeconds      int  `json:"vote_seconds"`    // shown only; a vote never closes itself
}

var errSet = errors.New("rules: impossible rule set")

// Check refuses a rule set that cannot be counted with.
func (s Set) Check() error {
	for _, f := range []Fraction{s.Quorum, s.Majority} {
		if f.Num < 1 || f.Den < 1 || f.Num > f.Den {
			return fmt.Errorf("%w: fraction %d/%d", errSet, f.Num, f.Den)
		}
	}
	if s.Base != OfAll && s.Base != OfPresent && s.Base != OfCast {
		return fmt.Errorf("%w: base %q", errSet, s.Base)
	}
	if s.Tie != TieChair && s.Tie != TieFails {
		return fmt.Errorf("%w: tie %q", errSet, s.Tie)
	}
	if s.Name == "" || s.SpeakingSeconds < 0 || s.VoteSeconds < 0 || s.PresentSeconds < 0 {
		return errSet
	}
	return nil
}

// QuorumOf is how many of total members must be here.
func (s Set) QuorumOf(total int) int { return s.Quorum.atLeast(total) }

// Need is how many votes for carry a motion, given the base it is taken of.
func (s Set) Need(base int) int {
	if s.AtLeast {
		return s.Majority.atLeast(base)
	}
	return s.Majority.moreThan(base)
}

// NeedNow is Need while a vote is still open: of all members, or of those here.
// Where the base is the ballots cast it is not known before closing: 0.
func (s Set) NeedNow(all, present int) int {
	switch s.Base {
	case OfPresent:
		return s.Need(present)
	case OfCast:
		return 0
	}
	return s.Need(all)
}

// Choice is one member's answer in an open vote.
type Choice string

const (
	For     Choice = "for"     // tán thành
	Against Choice = "against" // không tán thành
	Abstain Choice = "abstain" // không biểu quyết
)

// Valid tells whether the choice is one a ballot may carry.
func (c Choice) Valid() bool { return c == For || c == Against || c == Abstain }

// Count is what was counted when a vote closed. For, Against, Abstain, Silent
// and Absent add up to All: nobody is counted twice and nobody is left out.
type Count struct {
	All     int `json:"all"` // members in office
	For     int `json:"for"`
	Against int `json:"against"`
	Abstain int `json:"abstain"`
	Silent  int `json:"silent"` // here, cast nothing: never an abstention
	Absent  int `json:"absent"`
}

// Adds tells whether the five numbers make up the whole.
func (c Count) Adds() bool {
	return c.For+c.Against+c.Abstain+c.Silent+c.Absent == c.All &&
		min(c.For, c.Against, c.Abstain, c.Silent, c.Absent) >= 0
}

// Outcome is what a count comes to.
type Outcome string

const (
	Passed    Outcome = "passed"
	NotPassed Outcome = "not_passed"
)

// Result is an outcome and everything needed to say why.
type Result struct {
	Count
	Outcome Outcome `json:"outcome"`
	Base    int     `json:"base"`               // the number the majority was taken of
	Need    int     `json:"need"`               // votes for that would carry it
	ByChair Choice  `json:"by_chair,omitempty"` // the chair's side, where it broke a tie
}

// Decide counts. chair is the presiding chair's own ballot, "" if none stands.
func (s Set) Decide(c Count, chair Choice) Result {
	base := s.baseOf(c)
	r := Result{Count: c, Base: base, Need: s.Need(base), Outcome: NotPassed}
	switch {
	case base > 0 && c.For >= r.Need:
		r.Outcome = Passed
	case s.chairDecides(c, base) && (chair == For || chair == Against):
		r.ByChair = chair
		if chair == For {
			r.Outcome = Passed
		}
	}
	return r
}

func (s Set) baseOf(c Count) int {
	switch s.Base {
	case OfPresent:
		return c.All - c.Absent
	case OfCast:
		return c.For + c.Against
	}
	return c.All
}

func (s Set) chairDecides(c Count, base int) bool {
	if s.Tie != TieChair || c.For != c.Against || c.For == 0 {
		return false
	}
	return s.Scope == ScopeLiteral || 2*c.For == base
}
