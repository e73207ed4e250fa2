package meeting

import (
	"slices"
	"time"
)

// TaskID names a task.
type TaskID string

// TaskState is how far a task has come.
type TaskState string

const (
	TaskOpen    TaskState = "open"
	TaskDone    TaskState = "done"
	TaskDropped TaskState = "dropped"
)

// Task is something a conclusion gave somebody to do.
type Task struct {
	ID      TaskID    `json:"id"`
	Item    ItemID    `json:"item,omitempty"`
	Text    string    `json:"text"`
	Unit    string    `json:"unit,omitempty"`    // đơn vị chủ trì
	Support string    `json:"support,omitempty"` // đơn vị phối hợp
	Owner   string    `json:"owner,omitempty"`
	Due     string    `json:"due,omitempty"` // "2026-06-30"
	State   TaskState `json:"state"`
	Percent int       `json:"percent,omitempty"`
	Note    string    `json:"note,omitempty"`
	From    SessionID `json:"from,omitempty"` // the session that first set it, where another
	Number  int       `json:"number"`
	Held    bool      `json:"held,omitempty"` // of an in-camera item
}

// SetTask sets a task, or changes one: the whole of it. Until the record is sealed.
func (s *Session) SetTask(a Act, t Task) ([]Event, error) {
	switch {
	case s.phase == Nothing:
		return nil, NoSession
	case !s.May(a.By, ToTask):
		return nil, NotAllowed
	case s.phase == Sealed:
		return nil, RecordOver
	}
	t, err := t.checked()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.tasks, func(o Task) bool { return o.ID == t.ID })
	switch it := s.item(t.Item); {
	case t.Item != "" && it == nil:
		return nil, NoSuchItem
	case i < 0 && len(s.tasks) >= MaxTasks:
		return nil, &Counted{TooMany, MaxTasks}
	case i < 0:
		t.Number, t.From, t.Held = len(s.tasks)+1, "", it != nil && it.InCamera
	default:
		was := s.tasks[i]
		t.Number, t.From, t.Held = was.Number, was.From, was.Held || it != nil && it.InCamera
		if t == was {
			return nil, nil
		}
	}
	return []Event{t.event()}, nil
}

func (t Task) checked() (Task, error) {
	if t.State == "" {
		t.State = TaskOpen
	}
	_, notDate := time.Parse(time.DateOnly, t.Due)
	if t.ID == "" || t.Due != "" && notDate != nil || t.Percent < 0 || t.Percent > 100 ||
		t.State != TaskOpen && t.State != TaskDone && t.State != TaskDropped {
		return t, BadTask
	}
	var errs [5]error
	t.Text, errs[0] = long(t.Text)
	t.Unit, errs[1] = short(t.Unit)
	t.Support, errs[2] = short(t.Support)
	t.Owner, errs[3] = short(t.Owner)
	t.Note, errs[4] = long(t.Note)
	for _, err := range errs {
		if err != nil {
			return t, err
		}
	}
	if t.Text == "" {
		return t, Missing
	}
	return t, nil
}

func (t Task) event() Event {
	d := dataTask{Task: t.ID, Item: t.Item, Number: t.Number, Due: t.Due, State: t.State, Percent: t.Percent, From: t.From, Held: t.Held}
	return Event{Kind: TaskChanged, Data: d, Hold: t.Held,
		Detail: texts{Text: t.Text, Unit: t.Unit, Support: t.Support, Owner: t.Owner, Note: t.Note}}
}

// Carry is what a new session takes over of the last one: its open tasks, an
// entry each. Their items stay behind; From says where they were first set.
func Carry(last *Session) []Event {
	var events []Event
	for _, t := range last.tasks {
		if t.State != TaskOpen || len(events) >= MaxTasks {
			continue
		}
		if t.From == "" {
			t.From = last.id
		}
		t.Item, t.Number = "", len(events)+1
		events = append(events, t.event())
	}
	return events
}

// tasks are those an audience may know.
func (c cutter) tasks() []Task {
	if c.outside() {
		return nil
	}
	var out []Task
	for _, t := range c.s.tasks {
		it := c.s.item(t.Item)
		if c.guest != nil && c.guest.Role == RoleGuest && (it == nil || !attends(c.guest, it)) || it != nil && !c.knows(it) {
			continue
		}
		if t.Held && c.guest != nil && (it == nil || !it.InCamera) {
			continue
		}
		out = append(out, t)
	}
	return out
}

func (s *Session) foldTask(e Entry) {
	d := data[dataTask](e)
	w, _ := words(e)
	t := Task{ID: d.Task, Item: d.Item, Text: w.Text, Unit: w.Unit, Support: w.Support, Owner: w.Owner, Note: w.Note,
		Due: d.Due, State: d.State, Percent: d.Percent, From: d.From, Number: d.Number, Held: d.Held}
	s.tasks = slices.Clone(s.tasks)
	if i := slices.IndexFunc(s.tasks, func(o Task) bool { return o.ID == t.ID }); i >= 0 {
		s.tasks[i] = t
	} else {
		s.tasks = append(s.tasks, t)
	}
	if s.phase != Preparing {
		s.tell(e, Line{Item: t.Item, Text: t.Text, Count: t.Number})
	}
}
