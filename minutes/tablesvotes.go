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
		{"Lần", 5, whole}, {"Nội dung số", 6, whole}, {"Nội dung biểu quyết", 30, words}, {"Ngày", 11, day}, {"Mở lúc", 9, clock}, {"Đóng lúc", 9, clock},
		{"Tán thành", 7, whole}, {"Không tán thành", 7, whole}, {"Không biểu quyết", 7, whole}, {"Có mặt, không bỏ phiếu", 8, whole}, {"Vắng mặt", 7, whole},
		{"Tổng số thành viên", 7, whole}, {"Số để tính", 7, whole}, {"Cần đạt", 7, whole}, {"Kết quả", 12, short},
		{"Cách tính", 24, words}, {"Mã kết quả", 11, short}, {"Lý do hủy, hoặc lý do tiến hành khi chưa đủ thành viên", 22, words},
	}}
	for _, v := range a.Votes {
		row := []any{v.Number, counted(v.ItemNo), motionOf(v), known(v.Opened), known(v.Opened), known(v.Closed)}
		row = append(row, countCells(v)...)
		t.add(append(row, outcomeWords(v), sentenceOf(a, v), v.Code, whyOf(v))...)
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
	t := listing{name: "Theo thành viên", fixed: 2, columns: []field{{"TT", 5, whole}, {"Họ và tên", 24, words}, {"Chức vụ, đơn vị", 30, words}}}
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
		t.columns = append(t.columns, field{title, 15, short})
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
