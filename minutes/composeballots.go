package minutes

import (
	"fmt"
	"strings"

	"phonghop/meeting"
)

// abreast is how many votes stand side by side in one table.
const abreast = 6

// ballotAnnex says how each member voted: a table for a committee, lists of
// names for a council too large for one.
func (m *composer) ballotAnnex() {
	var votes []meeting.AccountVote
	most := 0
	for _, v := range m.a.Votes {
		if v.State == meeting.VoteDone && len(v.Ballots) > 0 {
			votes, most = append(votes, v), max(most, len(v.Ballots))
		}
	}
	if len(votes) == 0 {
		return
	}
	m.beginAnnex("BIỂU QUYẾT CỦA TỪNG THÀNH VIÊN")
	if most > longRoll {
		for _, v := range votes {
			m.ballotLists(v)
		}
		return
	}
	for len(votes) > 0 {
		n := min(abreast, len(votes))
		m.ballotTable(votes[:n])
		votes = votes[n:]
	}
}

// ballotTable sets votes side by side, a row for each member.
func (m *composer) ballotTable(votes []meeting.AccountVote) {
	t := Table{Size: 11, Columns: []Column{
		{Title: "TT", Share: 9, Align: Centred}, {Title: "Họ và tên", Share: 40},
	}}
	var people []meeting.Person
	seen := map[meeting.PersonID]bool{}
	stands := make([]map[meeting.PersonID]string, len(votes))
	for i, v := range votes {
		t.Columns = append(t.Columns, Column{Title: fmt.Sprintf("Lần %d", v.Number), Share: 116.0 / abreast, Align: Centred})
		stands[i] = map[meeting.PersonID]string{}
		for _, b := range v.Ballots {
			stands[i][b.Person.ID] = choiceWords(b)
			if !seen[b.Person.ID] {
				seen[b.Person.ID] = true
				people = append(people, b.Person)
			}
		}
	}
	for i, p := range people {
		cells := []string{fmt.Sprint(i + 1), p.Name}
		for _, s := range stands {
			cells = append(cells, s[p.ID])
		}
		t.Rows = append(t.Rows, Cells(cells...))
	}
	m.add(t)
}

// ballotLists names everybody under the way they voted.
func (m *composer) ballotLists(v meeting.AccountVote) {
	m.add(Section(fmt.Sprintf("Biểu quyết lần %d", v.Number)))
	names := map[string][]string{}
	for _, b := range v.Ballots {
		words := choiceWords(b)
		names[words] = append(names[words], b.Person.Name)
	}
	for _, words := range []string{"Tán thành", "Không tán thành", "Không biểu quyết", "Không bỏ phiếu", "Vắng mặt"} {
		if list := names[words]; len(list) > 0 {
			m.add(Para{Size: tableSize, Runs: []Run{
				{Text: fmt.Sprintf("%s (%d): ", words, len(list)), Italic: true}, {Text: strings.Join(list, ", ") + "."},
			}})
		}
	}
}
