package web

import (
	"net/http"

	"phonghop/meeting"
	"phonghop/templates"
)

func (w *Web) prepareAgenda(rw http.ResponseWriter, r *http.Request) {
	w.showAgenda(rw, r, w.page(r))
}

func (w *Web) showAgenda(rw http.ResponseWriter, r *http.Request, p templates.Page) {
	a := templates.AgendaPage{Key: newKey(), Edit: meeting.ItemID(r.URL.Query().Get("edit")), Limit: w.paperMost()}
	if w.Inbox != nil {
		a.Uploads, a.Media = true, w.media()
	}
	w.render(rw, r, http.StatusOK, templates.PrepareAgenda(w.withArrivals(p, w.state()), w.clerkView(), a))
}

func itemOf(r *http.Request) meeting.NewItem {
	return meeting.NewItem{
		Title: r.PostFormValue("title"), Presenter: r.PostFormValue("presenter"), Unit: r.PostFormValue("unit"),
		Minutes: number(r, "minutes"), InCamera: r.PostFormValue("in_camera") != "",
	}
}

func (w *Web) addItem(rw http.ResponseWriter, r *http.Request) {
	id, item := newItem(), itemOf(r)
	w.doAndTurn(rw, r, "", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AddItem(a, id, item) })
}

func (w *Web) changeItem(rw http.ResponseWriter, r *http.Request) {
	id, item := itemAt(r), itemOf(r)
	w.doAndTurn(rw, r, "/prepare/agenda#item-"+string(id), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.ChangeItem(a, id, item)
	})
}

func (w *Web) moveItem(rw http.ResponseWriter, r *http.Request) {
	id, before := itemAt(r), meeting.ItemID(r.PostFormValue("before"))
	w.do(rw, r, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MoveItem(a, id, before) })
}
