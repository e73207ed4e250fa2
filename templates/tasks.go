package templates

import (
	"strconv"
	"time"

	"phonghop/meeting"
	"phonghop/viet"
)

// TaskDesk is what the conclusions of a session gave whom to do.
type TaskDesk struct {
	Session meeting.SessionID
	Number  int
	Tasks   []meeting.Task
	Agenda  []meeting.ItemView        // titles as this reader may know them
	From    map[meeting.SessionID]int // numbers of earlier sessions
	Edit    bool
	Earlier bool // the minutes of an earlier session
	Key     string
}

// carried are the open tasks that came from earlier sessions.
func carried(v meeting.View) int {
	n := 0
	for _, t := range v.Tasks {
		if t.From != "" && t.State == meeting.TaskOpen {
			n++
		}
	}
	return n
}

func (d TaskDesk) origin(p Page, t meeting.Task) string {
	if n := d.From[t.From]; t.From != "" && n > 0 {
		return p.T("task.from", n)
	}
	for _, it := range d.Agenda {
		if it.ID == t.Item && t.From == "" {
			return p.T("task.item", it.Number)
		}
	}
	return ""
}

// dueWords is a due date as people write it; late tells that it has passed.
func dueWords(t meeting.Task) string {
	at, err := time.ParseInLocation(time.DateOnly, t.Due, viet.Zone())
	if err != nil {
		return ""
	}
	return viet.Date(at)
}

func taskLate(p Page, t meeting.Task) bool {
	return t.State == meeting.TaskOpen && t.Due != "" && t.Due < p.Now.In(viet.Zone()).Format(time.DateOnly)
}

func taskStates() []meeting.TaskState {
	return []meeting.TaskState{meeting.TaskOpen, meeting.TaskDone, meeting.TaskDropped}
}

func percentOf(t meeting.Task) string { return strconv.Itoa(t.Percent) }
