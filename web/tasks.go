package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"phonghop/meeting"
	"phonghop/templates"
)

// tasksPage lists what the conclusions gave whom to do.
func (w *Web) tasksPage(rw http.ResponseWriter, r *http.Request) {
	s, err := w.sessionAsked(r)
	if err == nil && s.ScreenOf(w.person(r)) == "" {
		err = meeting.NotAllowed
	}
	if err != nil {
		w.refuseMinutes(rw, r, err)
		return
	}
	who := w.person(r)
	v := s.SeenBy(s.AudienceOf(who))
	d := templates.TaskDesk{
		Session: s.ID(), Number: v.Header.Number, Tasks: v.Tasks, Agenda: v.Agenda, From: map[meeting.SessionID]int{}, Key: newKey(),
		Edit: s.May(who, meeting.ToTask) && v.Phase != meeting.Sealed,
	}
	for _, info := range w.Room.Sessions() {
		d.From[info.ID] = info.Number
	}
	w.render(rw, r, http.StatusOK, templates.TasksPage(w.page(r), d))
}

// setTask adds a task or changes one.
func (w *Web) setTask(rw http.ResponseWriter, r *http.Request) {
	percent, _ := strconv.Atoi(r.PostFormValue("percent"))
	t := meeting.Task{
		ID: meeting.TaskID(r.PostFormValue("id")), Item: meeting.ItemID(r.PostFormValue("item")),
		Text: strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n"), Unit: r.PostFormValue("unit"), Support: r.PostFormValue("support"),
		Owner: r.PostFormValue("owner"), Due: r.PostFormValue("due"), State: meeting.TaskState(r.PostFormValue("state")),
		Percent: percent, Note: r.PostFormValue("note"),
	}
	if t.ID == "" {
		t.ID = meeting.TaskID(uuid.Must(uuid.NewV7()).String())
	}
	answer, err := w.orderIn(r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.SetTask(a, t) })
	switch {
	case err != nil:
		w.refuse(rw, r, err)
	case wantsJSON(r) || isFragment(r):
		w.done(rw, r, answer)
	default:
		see(rw, r, "/tasks?session="+url.QueryEscape(r.PostFormValue("session")))
	}
}
