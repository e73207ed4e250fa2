package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"phonghop/inbox"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/store"
	"phonghop/templates"
)

// withArrivals adds what only the secretary's pages know: the files that came
// in and are no papers yet, and the folder for more of them.
func (w *Web) withArrivals(p templates.Page, s *room.Snapshot) templates.Page {
	if w.Inbox != nil {
		p.Arrivals, p.Folder = s.Arrivals, w.Inbox.Folder()
	}
	return p
}

// pageFor is a screen's page: the secretary's alone knows of arrivals, so that
// no other screen can show what it was not given.
func (w *Web) pageFor(screen meeting.Screen, p templates.Page, s *room.Snapshot) templates.Page {
	switch screen {
	case meeting.SecretaryScreen:
		return w.withArrivals(p, s)
	case meeting.HallScreen:
		p.Take = takeAddress(p.Address, s.Session)
	}
	return p
}

// publishArrival is PHÁT: the file becomes a paper of its item, as it was
// proposed or as the form says.
func (w *Web) publishArrival(rw http.ResponseWriter, r *http.Request) {
	var as inbox.Choice
	if r.PostFormValue("chosen") != "" {
		as = inbox.Choice{
			Name: r.PostFormValue("name"), Readers: readersOf(r), People: namedIn(r), Recall: r.PostFormValue("recall") != "",
		}
	}
	w.settle(rw, r, func() error {
		return w.Inbox.Publish(r.Context(), w.command(r), r.PathValue("arrival"), as)
	})
}

// holdArrival is GIỮ: nobody sees the file until it is published.
func (w *Web) holdArrival(rw http.ResponseWriter, r *http.Request) {
	w.settle(rw, r, func() error { return w.Inbox.Hold(r.PathValue("arrival")) })
}

// dismissArrival is BỎ QUA: out of the list; the file itself stays where it is.
func (w *Web) dismissArrival(rw http.ResponseWriter, r *http.Request) {
	w.settle(rw, r, func() error { return w.Inbox.Dismiss(r.PathValue("arrival")) })
}

// aimArrival puts a file on another item.
func (w *Web) aimArrival(rw http.ResponseWriter, r *http.Request) {
	item := meeting.ItemID(r.PostFormValue("item"))
	w.settle(rw, r, func() error {
		if !w.hasItem(item) {
			return meeting.NoSuchItem
		}
		return w.Inbox.Aim(r.PathValue("arrival"), item)
	})
}

// takeMedium fetches the papers of a USB drive for one item. The inbox takes only
// from drives that it lists itself.
func (w *Web) takeMedium(rw http.ResponseWriter, r *http.Request) {
	path, item := r.PostFormValue("path"), meeting.ItemID(r.PostFormValue("item"))
	w.settle(rw, r, func() error {
		if !w.hasItem(item) {
			return meeting.NoSuchItem
		}
		return w.takeFrom(path, item)
	})
}

// A drive may hold a gigabyte: what is wrong with it from the start is said to
// whoever pressed, the rest goes on after the answer and shows in the list.
const mediumPatience = 2 * time.Second

// takeFrom copies from a drive until it is done or the server closes.
func (w *Web) takeFrom(path string, item meeting.ItemID) error {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		defer cancel()
		err := w.Inbox.TakeFrom(ctx, path, item)
		if err != nil {
			w.Log.Warn("taking the papers of a drive", "drive", path, "err", err)
		}
		done <- err
	}()
	go func() {
		select {
		case <-w.closed:
			cancel()
		case <-ctx.Done():
		}
	}()
	timer := time.NewTimer(mediumPatience)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return nil
	}
}

func (w *Web) hasItem(id meeting.ItemID) bool {
	return slices.ContainsFunc(w.clerkView().Agenda, func(it meeting.ItemView) bool { return it.ID == id })
}

// settle carries out what is decided about files that are no papers yet. The
// journal knows nothing of them, so who may is asked here.
func (w *Web) settle(rw http.ResponseWriter, r *http.Request, act func() error) {
	err := w.mayTakeIn(r)
	if err == nil {
		err = act()
	}
	if err != nil {
		w.refuseFile(rw, r, err)
		return
	}
	w.settled(rw, r)
}

var errNoInbox = errors.New("web: this room has no inbox")

// mayTakeIn: the session's secretary, in a room that has an inbox.
func (w *Web) mayTakeIn(r *http.Request) error {
	switch {
	case !w.state().Session.May(w.person(r), meeting.ToPrepare):
		return meeting.NotAllowed
	case w.Inbox == nil:
		return errNoInbox
	}
	return nil
}

// refuseFile is refuse for files: what the inbox says no to has a sentence of
// its own.
func (w *Web) refuseFile(rw http.ResponseWriter, r *http.Request, err error) {
	lang := w.langOf(r)
	switch {
	case errors.Is(err, errNoInbox):
		w.tell(rw, r, http.StatusNotFound, lang.T("upload.closed"))
	case errors.Is(err, errEmptyFile):
		w.tell(rw, r, http.StatusConflict, lang.T("upload.emptyfile"))
	case errors.Is(err, inbox.ErrNoMedium):
		w.tell(rw, r, http.StatusConflict, lang.T("usb.gone"))
	case errors.Is(err, inbox.ErrNoArrival):
		w.tell(rw, r, http.StatusConflict, lang.T("arrival.gone"))
	case errors.Is(err, inbox.ErrTooLarge):
		w.tell(rw, r, http.StatusRequestEntityTooLarge, lang.T("trouble.too-large.d", templates.Bytes(w.paperMost())))
	case errors.Is(err, store.ErrFull):
		w.tell(rw, r, http.StatusInsufficientStorage, lang.T("trouble.disk-full"))
	default:
		w.refuse(rw, r, err)
	}
}

func readersOf(r *http.Request) meeting.Readers { return meeting.Readers(r.PostFormValue("readers")) }

// namedIn are the people ticked in a form; none where the paper is for all.
func namedIn(r *http.Request) []meeting.PersonID {
	if readersOf(r) != meeting.ReadersNamed {
		return nil
	}
	var people []meeting.PersonID
	for _, id := range r.PostForm["person"] {
		people = append(people, meeting.PersonID(id))
	}
	return people
}

// arrivalsPart is what may have changed on the agenda's page: the files that
// wait, and every item's papers.
func (w *Web) arrivalsPart(rw http.ResponseWriter, r *http.Request) {
	p := w.withArrivals(w.page(r), w.state())
	w.sendPanels(rw, r, templates.AgendaPanels(p, w.clerkView(), newKey()))
}

// paperPage is one paper as its secretary looks after it.
func (w *Web) paperPage(rw http.ResponseWriter, r *http.Request) {
	v := w.clerkView()
	it, paper, ok := templates.PaperIn(v, meeting.PaperID(r.PathValue("paper")))
	if !ok {
		w.refuse(rw, r, meeting.NoSuchPaper)
		return
	}
	x := templates.PaperPage{Paper: paper, Item: it, Key: newKey(), Uploads: w.Inbox != nil}
	w.render(rw, r, http.StatusOK, templates.PreparePaper(w.page(r), v, x))
}

// changePaper changes a paper's name, its readers, and whether it ends with the
// session.
func (w *Web) changePaper(rw http.ResponseWriter, r *http.Request) {
	id := meeting.PaperID(r.PathValue("paper"))
	change := meeting.PaperChange{
		Name: r.PostFormValue("name"), Readers: readersOf(r), People: namedIn(r), Recall: r.PostFormValue("recall") != "",
	}
	w.doAndTurn(rw, r, w.agendaAt(id), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.ChangePaper(a, id, change)
	})
}

// movePaper puts a paper on another item.
func (w *Web) movePaper(rw http.ResponseWriter, r *http.Request) {
	id, to := meeting.PaperID(r.PathValue("paper")), meeting.ItemID(r.PostFormValue("item"))
	w.doAndTurn(rw, r, "/prepare/agenda#item-"+string(to), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.MovePaper(a, id, to)
	})
}

func (w *Web) withdrawPaper(rw http.ResponseWriter, r *http.Request) {
	id, reason := meeting.PaperID(r.PathValue("paper")), r.PostFormValue("reason")
	w.doAndTurn(rw, r, w.agendaAt(id), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.WithdrawPaper(a, id, reason)
	})
}

// agendaAt is the place on the agenda's page where a paper stands.
func (w *Web) agendaAt(id meeting.PaperID) string {
	it, _, ok := templates.PaperIn(w.clerkView(), id)
	if !ok {
		return "/prepare/agenda"
	}
	return "/prepare/agenda#item-" + string(it.ID)
}

// media are the USB drives that are plugged in.
func (w *Web) media() []templates.Medium {
	var out []templates.Medium
	for _, m := range w.Inbox.Media() {
		out = append(out, templates.Medium{Name: m.Name, Path: m.Path, Files: m.Files})
	}
	return out
}
