package rules

import "fmt"

// Sentence is the rule in words beside the number reached, in Vietnamese, as it
// stands on the hall screen and in the minutes:
// "Cần 16/30 (quá nửa tổng số thành viên), đạt 27."
func (s Set) Sentence(r Result) string {
	if r.ByChair != "" {
		return fmt.Sprintf("Tán thành và không tán thành ngang nhau (%d–%d): theo phía chủ tọa đã biểu quyết (%s).",
			r.For, r.Against, choiceVi[r.ByChair])
	}
	return fmt.Sprintf("Cần %d/%d (%s %s), đạt %d.", r.Need, r.Base, s.fractionVi(), baseVi[s.Base], r.For)
}

// English says the same in English.
func (s Set) English(r Result) string {
	if r.ByChair != "" {
		return fmt.Sprintf("For and against are equal (%d–%d): the side the chair voted for carries (%s).",
			r.For, r.Against, choiceEn[r.ByChair])
	}
	return fmt.Sprintf("Needs %d of %d (%s %s), reached %d.", r.Need, r.Base, s.fractionEn(), baseEn[s.Base], r.For)
}

// QuorumSentence says whether enough members are here.
func (s Set) QuorumSentence(present, total int) string {
	need := s.QuorumOf(total)
	if present >= need {
		return fmt.Sprintf("Có mặt %d/%d thành viên, đủ điều kiện tiến hành (cần %d).", present, total, need)
	}
	return fmt.Sprintf("Có mặt %d/%d thành viên, chưa đủ điều kiện tiến hành (cần %d).", present, total, need)
}

// QuorumEnglish says the same in English.
func (s Set) QuorumEnglish(present, total int) string {
	need := s.QuorumOf(total)
	if present >= need {
		return fmt.Sprintf("%d of %d members present, quorate (needs %d).", present, total, need)
	}
	return fmt.Sprintf("%d of %d members present, not quorate (needs %d).", present, total, need)
}

// Describe says the whole rule set in words, in Vietnamese.
func (s Set) Describe() string {
	return fmt.Sprintf("Họp khi có ít nhất %d/%d tổng số thành viên. Thông qua khi %s %s tán thành. %s",
		s.Quorum.Num, s.Quorum.Den, s.fractionVi(), baseVi[s.Base], tieVi[s.Tie])
}

// DescribeEnglish says the same in English.
func (s Set) DescribeEnglish() string {
	return fmt.Sprintf("Sits with at least %d/%d of all members. Carried by %s %s in favour. %s",
		s.Quorum.Num, s.Quorum.Den, s.fractionEn(), baseEn[s.Base], tieEn[s.Tie])
}

func (s Set) fractionVi() string {
	f := fmt.Sprintf("%d/%d", s.Majority.Num, s.Majority.Den)
	switch {
	case s.AtLeast:
		return "ít nhất " + f
	case s.Majority == Fraction{1, 2}:
		return "quá nửa"
	}
	return "quá " + f
}

func (s Set) fractionEn() string {
	f := fmt.Sprintf("%d/%d", s.Majority.Num, s.Majority.Den)
	switch {
	case s.AtLeast:
		return "at least " + f + " of"
	case s.Majority == Fraction{1, 2}:
		return "more than half of"
	}
	return "more than " + f + " of"
}

var (
	baseVi   = map[Base]string{OfAll: "tổng số thành viên", OfPresent: "số thành viên có mặt", OfCast: "số phiếu tán thành và không tán thành"}
	baseEn   = map[Base]string{OfAll: "all members", OfPresent: "the members present", OfCast: "ballots for and against"}
	tieVi    = map[Tie]string{TieChair: "Ngang nhau thì theo phía chủ tọa đã biểu quyết.", TieFails: "Ngang nhau thì không thông qua."}
	tieEn    = map[Tie]string{TieChair: "A tie goes the way the chair voted.", TieFails: "A tie is not carried."}
	choiceVi = map[Choice]string{For: "tán thành", Against: "không tán thành"}
	choiceEn = map[Choice]string{For: "for", Against: "against"}
)
