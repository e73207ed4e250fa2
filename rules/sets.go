package rules

// Sets are the rule sets a secretary can choose from. They are starting points:
// the one chosen is copied whole into the session, where it can be read and
// where it stays although these change.
func Sets() []Set {
	ubnd := Set{
		Name: "ubnd-2015", Title: "Phiên họp Ủy ban nhân dân",
		Source: "Luật Tổ chức chính quyền địa phương 2015, Điều 113–117",
		Quorum: Fraction{2, 3}, Base: OfAll, Majority: Fraction{1, 2},
		Tie: TieChair, Scope: ScopeLiteral, ChangeUntilClose: true,
		GuestsSpeak: true, SubstitutesSpeak: true,
		SpeakingSeconds: 180, PresentSeconds: 600, VoteSeconds: 60,
	}
	hdnd := ubnd
	hdnd.Name, hdnd.Title = "hdnd-2015", "Kỳ họp Hội đồng nhân dân"
	hdnd.Source = "Luật Tổ chức chính quyền địa phương 2015, Điều 78–91"
	hdnd.Tie, hdnd.SubstitutesSpeak = TieFails, false

	plain := ubnd
	plain.Name, plain.Title = "hop-thuong", "Cuộc họp thường"
	plain.Source = "Thỏa thuận của cuộc họp"
	plain.Quorum, plain.Base = Fraction{1, 2}, OfPresent
	return []Set{ubnd, hdnd, plain}
}

// Named finds a rule set by name.
func Named(name string) (Set, bool) {
	for _, s := range Sets() {
		if s.Name == name {
			return s, true
		}
	}
	return Set{}, false
}
