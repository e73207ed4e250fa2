package minutes

import (
	"fmt"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// voteTable says what each vote came to.
func voteTable(a meeting.Account) listing {
	t := listing{name: "Kết quả biểu quyết", fixed: 1, columns: []field{
		{"Lần", 6, whole}, {"Nội dung số", 9, whole}, {"Nội dung biểu quyết", 44, words}, {"Mở lúc", 20, moment}, {"Đóng lúc", 20, moment},
		{"Tán thành", 9, whole}, {"Không tán thành", 9, whole}, {"Không biểu quyết", 9, whole}, {"Có mặt, không bỏ phiếu", 11, whole}, {"Vắng mặt", 9, whole},
		{"Tổng số thành viên", 10, whole}, {"Số để tính", 9, whole}, {"Cần đạt", 9, whole}, {"Kết quả", 16, short},
		{"Cách tính", 40, words}, {"Mã kết quả", 12, short}, {"Chủ tọa", 22, words}, {"Lý do hủy hoặc tiến hành khi chưa đủ thành viên", 34, words},
	}}
	for _, v := range a.Votes {
		row := []any{v.Number, counted(v.ItemNo), motionOf(v), known(v.Opened), known(v.Closed)}
		row = append(row, countCells(v)...)
		t.add(append(row, outcomeWords(v), sentenceOf(a, v), v.Code, v.Chair.Name, whyOf(v))...)
	}
	return t
}

// countCells are the numbers of a vote; none while it is open.
func countCells(v meeting.AccountVote) []any {
	r := v.Result
	if v.State == meeting.VoteOpen || r.All == 0 {
		return make([]any, 8)
	}
	return []any{r.For, r.Against, r.Abstain, r.Silent, r.Absent, r.All, r.Base, r.Need}
}

func motionOf(v meeting.AccountVote) string {
	if v.Hidden || v.Motion == "" {
		return inCamera
	}
	return v.Motion
}

func sentenceOf(a meeting.Account, v meeting.AccountVote) string {
	switch {
	case v.State != meeting.VoteDone:
		return ""
	case v.Sentence != "":
		return v.Sentence
	}
	return a.Rules.Sentence(v.Result)
}

func outcomeWords(v meeting.AccountVote) string {
	switch {
	case v.State == meeting.VoteAnnuled:
		return "Đã hủy"
	case v.State != meeting.VoteDone:
		return "Đang biểu quyết"
	case v.Result.Outcome == rules.Passed:
		return "Thông qua"
	}
	return "Không thông qua"
}

func whyOf(v meeting.AccountVote) string {
	if v.State == meeting.VoteAnnuled {
		return orNone(v.Reason)
	}
	return v.Override
}

// ballotTable says how each member voted: a row for a member, a column for a
// vote that is over.
func ballotTable(a meeting.Account) listing {
	t := listing{name: "Theo thành viên", fixed: 2, columns: []field{{"TT", 6, whole}, {"Họ và tên", 28, words}, {"Chức vụ, đơn vị", 36, words}}}
	var people []meeting.Person
	var stands []map[meeting.PersonID]string
	seen := map[meeting.PersonID]bool{}
	for _, v := range a.Votes {
		if len(v.Ballots) == 0 {
			continue
		}
		title := fmt.Sprintf("Lần %d", v.Number)
		if v.State == meeting.VoteAnnuled {
			title += " (đã hủy)"
		}
		t.columns = append(t.columns, field{title, 18, short})
		stand := map[meeting.PersonID]string{}
		for _, b := range v.Ballots {
			if stand[b.Person.ID] = choiceWords(b); !seen[b.Person.ID] {
				seen[b.Person.ID] = true
				people = append(people, b.Person)
			}
		}
		stands = append(stands, stand)
	}
	for i, p := range people {
		row := []any{i + 1, p.Name, postOf(p)}
		for _, s := range stands {
			row = append(row, s[p.ID])
		}
		t.add(row...)
	}
	return t
}

func postOf(p meeting.Person) string { return viet.Person{Title: p.Title, Unit: p.Unit}.Post() }
