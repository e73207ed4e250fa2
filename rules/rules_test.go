package rules

import "testing"

// The numbers of DOMAIN: members, quorum, votes that carry.
func TestNumbers(t *testing.T) {
	s, _ := Named("ubnd-2015")
	for _, c := range [][3]int{{20, 14, 11}, {21, 14, 11}, {22, 15, 12}, {23, 16, 12}, {24, 16, 13}, {25, 17, 13}, {30, 20, 16}, {1, 1, 1}} {
		if q, n := s.QuorumOf(c[0]), s.Need(c[0]); q != c[1] || n != c[2] {
			t.Errorf("%d members: quorum %d, need %d; want %d, %d", c[0], q, n, c[1], c[2])
		}
	}
}

func TestDecide(t *testing.T) {
	ubnd, _ := Named("ubnd-2015")
	strict := ubnd
	strict.Scope = ScopeStrict
	hdnd, _ := Named("hdnd-2015")
	plain, _ := Named("hop-thuong")
	cast := plain
	cast.Base = OfCast
	twoThirds := ubnd
	twoThirds.Majority, twoThirds.AtLeast = Fraction{2, 3}, true
	for name, c := range map[string]struct {
		set      Set
		count    Count
		chair    Choice
		want     Outcome
		sentence string
	}{
		"carried":              {ubnd, Count{30, 27, 1, 1, 0, 1}, For, Passed, "Cần 16/30 (quá nửa tổng số thành viên), đạt 27."},
		"one short":            {ubnd, Count{30, 15, 10, 5, 0, 0}, For, NotPassed, "Cần 16/30 (quá nửa tổng số thành viên), đạt 15."},
		"absent are not for":   {ubnd, Count{22, 11, 0, 0, 0, 11}, For, NotPassed, "Cần 12/22 (quá nửa tổng số thành viên), đạt 11."},
		"tie, chair for":       {ubnd, Count{22, 11, 11, 0, 0, 0}, For, Passed, "Tán thành và không tán thành ngang nhau (11–11): theo phía chủ tọa đã biểu quyết (tán thành)."},
		"tie, chair against":   {ubnd, Count{22, 11, 11, 0, 0, 0}, Against, NotPassed, "Tán thành và không tán thành ngang nhau (11–11): theo phía chủ tọa đã biểu quyết (không tán thành)."},
		"tie, chair abstains":  {ubnd, Count{22, 10, 10, 2, 0, 0}, Abstain, NotPassed, "Cần 12/22 (quá nửa tổng số thành viên), đạt 10."},
		"tie below half":       {ubnd, Count{22, 9, 9, 4, 0, 0}, For, Passed, "Tán thành và không tán thành ngang nhau (9–9): theo phía chủ tọa đã biểu quyết (tán thành)."},
		"strict: half only":    {strict, Count{22, 9, 9, 4, 0, 0}, For, NotPassed, "Cần 12/22 (quá nửa tổng số thành viên), đạt 9."},
		"nobody voted":         {ubnd, Count{22, 0, 0, 0, 20, 2}, "", NotPassed, "Cần 12/22 (quá nửa tổng số thành viên), đạt 0."},
		"council: tie fails":   {hdnd, Count{50, 25, 25, 0, 0, 0}, For, NotPassed, "Cần 26/50 (quá nửa tổng số thành viên), đạt 25."},
		"of those present":     {plain, Count{10, 3, 1, 1, 0, 5}, For, Passed, "Cần 3/5 (quá nửa số thành viên có mặt), đạt 3."},
		"of ballots cast":      {cast, Count{10, 2, 1, 4, 0, 3}, For, Passed, "Cần 2/3 (quá nửa số phiếu tán thành và không tán thành), đạt 2."},
		"nothing cast":         {cast, Count{10, 0, 0, 7, 0, 3}, "", NotPassed, "Cần 1/0 (quá nửa số phiếu tán thành và không tán thành), đạt 0."},
		"two thirds, at least": {twoThirds, Count{30, 20, 10, 0, 0, 0}, For, Passed, "Cần 20/30 (ít nhất 2/3 tổng số thành viên), đạt 20."},
	} {
		t.Run(name, func(t *testing.T) {
			if !c.count.Adds() {
				t.Fatalf("the case itself does not add up: %+v", c.count)
			}
			r := c.set.Decide(c.count, c.chair)
			if got := c.set.Sentence(r); r.Outcome != c.want || got != c.sentence {
				t.Errorf("%s: %s", r.Outcome, got)
			}
		})
	}
}

func TestSetsAreWhole(t *testing.T) {
	for _, s := range Sets() {
		if err := s.Check(); err != nil {
			t.Error(s.Name, err)
		}
	}
	for name, spoil := range map[string]func(*Set){
		"fraction": func(s *Set) { s.Quorum.Den = 0 }, "over one": func(s *Set) { s.Majority = Fraction{3, 2} },
		"base": func(s *Set) { s.Base = "some" }, "tie": func(s *Set) { s.Tie = "" }, "name": func(s *Set) { s.Name = "" },
	} {
		s, _ := Named("ubnd-2015")
		if spoil(&s); s.Check() == nil {
			t.Errorf("%s: an impossible set was accepted", name)
		}
	}
}
