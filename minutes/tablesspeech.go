package minutes

import (
	"slices"
	"time"

	"phonghop/meeting"
)

// turnTable says who had the floor, in order, and for how long.
func turnTable(a meeting.Account) listing {
	t := listing{name: "Từng lượt", fixed: 1, columns: []field{
		{"TT", 5, whole}, {"Nội dung số", 6, whole}, {"Họ và tên", 20, words}, {"Chức vụ, đơn vị", 24, words}, {"Trao đổi lại", 6, short}, {"Vấn đề đăng ký", 20, words},
		{"Ngày", 11, day}, {"Bắt đầu", 9, clock}, {"Kết thúc", 9, clock}, {"Thời gian phát biểu", 9, length}, {"Thời gian cho phép", 9, length}, {"Quá giờ", 8, length}, {"Tóm tắt ý kiến", 50, words},
	}}
	for i, s := range allTurns(a) {
		t.add(i+1, counted(s.ItemNo), s.Person.Name, postOf(s.Person), yes(s.Reply), s.Topic,
			known(s.From), known(s.From), known(s.To), taken(s.From, s.To), allowed(s.Allowed), overrun(s), s.Summary)
	}
	return t
}

// allTurns are the turns of every item in the order they were held.
func allTurns(a meeting.Account) []meeting.Turn {
	var all []meeting.Turn
	for _, it := range a.Items {
		all = append(all, it.Turns...)
	}
	slices.SortStableFunc(all, func(a, b meeting.Turn) int { return int(a.Seq - b.Seq) })
	return all
}

func allowed(d time.Duration) any {
	if d <= 0 {
		return nil
	}
	return d
}

// overrun is how much longer than allowed a turn was.
func overrun(s meeting.Turn) any {
	d, ok := taken(s.From, s.To).(time.Duration)
	if !ok || s.Allowed <= 0 || d <= s.Allowed {
		return nil
	}
	return d - s.Allowed
}

// floorTime is how often and how long somebody spoke; a turn that is not over
// counts as a turn only.
type floorTime struct {
	who        meeting.PersonID // "" for a unit
	name, post string
	turns      int
	spoke      time.Duration
}

// floorTimes sums turns by a key, the longest first, equals in the order they
// first spoke.
func floorTimes(a meeting.Account, key func(meeting.Person) floorTime) []floorTime {
	var sums []floorTime
	at := map[floorTime]int{}
	for _, s := range allTurns(a) {
		k := key(s.Person)
		i, ok := at[k]
		if !ok {
			i = len(sums)
			at[k], sums = i, append(sums, k)
		}
		sums[i].turns++
		if d, ok := taken(s.From, s.To).(time.Duration); ok {
			sums[i].spoke += d.Round(time.Second)
		}
	}
	slices.SortStableFunc(sums, func(a, b floorTime) int { return int(b.spoke/time.Second - a.spoke/time.Second) })
	return sums
}

func speakerTable(a meeting.Account) listing {
	t := listing{name: "Theo người", columns: []field{
		{"TT", 6, whole}, {"Họ và tên", 30, words}, {"Chức vụ, đơn vị", 44, words}, {"Số lượt", 10, whole}, {"Tổng thời gian", 14, length}, {"Trung bình một lượt", 14, length},
	}}
	for i, s := range floorTimes(a, func(p meeting.Person) floorTime { return floorTime{who: p.ID, name: p.Name, post: postOf(p)} }) {
		t.add(i+1, s.name, s.post, s.turns, s.spoke, s.spoke/time.Duration(s.turns))
	}
	return t
}

func unitTable(a meeting.Account) listing {
	t := listing{name: "Theo đơn vị", columns: []field{{"TT", 6, whole}, {"Đơn vị", 50, words}, {"Số lượt", 10, whole}, {"Tổng thời gian", 14, length}}}
	for i, s := range floorTimes(a, func(p meeting.Person) floorTime { return floorTime{name: p.Unit} }) {
		t.add(i+1, orElseWords(s.name, "(không ghi đơn vị)"), s.turns, s.spoke)
	}
	return t
}

func orElseWords(s, other string) string {
	if oneLine(s) == "" {
		return other
	}
	return s
}
