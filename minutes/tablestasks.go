package minutes

import (
	"phonghop/meeting"
	"phonghop/viet"
)

// taskTable says what was given whom to do, by when, and how far it is.
func taskTable(a meeting.Account) listing {
	numbers := map[meeting.ItemID]int{}
	for _, it := range a.Items {
		numbers[it.ID] = it.Number
	}
	t := listing{name: "Nhiệm vụ", fixed: 1, columns: []field{
		{"TT", 6, whole}, {"Nội dung số", 9, whole}, {"Nhiệm vụ", 56, words}, {"Đơn vị chủ trì", 28, words}, {"Đơn vị phối hợp", 28, words}, {"Người phụ trách", 24, words},
		{"Thời hạn", 13, day}, {"Trạng thái", 16, words}, {"Hoàn thành (%)", 11, whole}, {"Ghi chú", 36, words}, {"Chuyển từ phiên trước", 11, short},
	}}
	for i, task := range a.Tasks {
		t.add(i+1, counted(numbers[task.Item]), task.Text, task.Unit, task.Support, task.Owner,
			dueCell(task.Due), stateWords(task.State), task.Percent, task.Note, yes(task.From != ""))
	}
	return t
}

func dueCell(due string) any {
	if t, err := viet.ParseDate(due); err == nil {
		return t
	}
	if due == "" {
		return nil
	}
	return due
}

func stateWords(s meeting.TaskState) string {
	switch s {
	case meeting.TaskDone:
		return "Hoàn thành"
	case meeting.TaskDropped:
		return "Không thực hiện"
	}
	return "Đang thực hiện"
}
