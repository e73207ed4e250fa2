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
		{"TT", 5, whole}, {"Nội dung số", 6, whole}, {"Nhiệm vụ", 46, words}, {"Đơn vị chủ trì", 22, words}, {"Đơn vị phối hợp", 22, words}, {"Người phụ trách", 18, words},
		{"Thời hạn", 12, day}, {"Trạng thái", 14, words}, {"Hoàn thành (%)", 8, whole}, {"Ghi chú", 28, words}, {"Chuyển từ phiên trước", 9, short},
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
