package web

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"phonghop/templates"
)

// IT is the box under the room, for the page of whoever looks after it. What may
// take long goes on after the call, and Look tells what comes of it; ErrBusy
// answers whoever asks for more meanwhile.
type IT interface {
	Look(ctx context.Context) templates.IT
	Called() string // the name it announces; "" where there is none
	Send()
	Pair(address, code string) error
	BackUp(drive string) error // "" to the folder that was set
	Export(drive string) error
	TakeReceipts(drive string) error
	Eject(drive string) error
	// NewRecovery makes the recovery key and tells it, the only time anybody does;
	// ErrMade where there is one.
	NewRecovery() (secret string, err error)
}

var (
	// ErrBusy: the last thing asked for is still being done.
	ErrBusy = errors.New("web: the box is still busy with the last thing")
	// ErrMade: there is a recovery key, and it is not shown again.
	ErrMade = errors.New("web: the recovery key was made before")
)

// called is the name the box announces.
func (w *Web) called() string {
	if w.IT == nil {
		return ""
	}
	return w.IT.Called()
}

// itPage is the page of the box itself.
func (w *Web) itPage(rw http.ResponseWriter, r *http.Request) {
	x := w.IT.Look(r.Context())
	x.Key = newKey()
	w.render(rw, r, http.StatusOK, templates.ITPage(w.page(r), x))
}

// itPart is what may have changed on it.
func (w *Web) itPart(rw http.ResponseWriter, r *http.Request) {
	x := w.IT.Look(r.Context())
	x.Key = newKey()
	w.sendPanels(rw, r, templates.ITPanels(w.page(r), x))
}

func (w *Web) itSend(rw http.ResponseWriter, r *http.Request) {
	w.IT.Send()
	w.toIT(rw, r, nil)
}

func (w *Web) itPair(rw http.ResponseWriter, r *http.Request) {
	w.toIT(rw, r, w.IT.Pair(r.PostFormValue("centre"), r.PostFormValue("code")))
}

func (w *Web) itBackUp(rw http.ResponseWriter, r *http.Request) { w.toIT(rw, r, w.IT.BackUp("")) }

// itDrive does something with a USB drive; the box takes only those it lists.
func (w *Web) itDrive(rw http.ResponseWriter, r *http.Request) {
	verbs := map[string]func(string) error{
		"export": w.IT.Export, "receipts": w.IT.TakeReceipts, "backup": w.IT.BackUp, "eject": w.IT.Eject,
	}
	do, path := verbs[r.PathValue("verb")], r.PostFormValue("path")
	if do == nil || path == "" {
		w.nothingHere(rw, r)
		return
	}
	w.toIT(rw, r, do(path))
}

// itRecovery shows the recovery key on a page that is kept nowhere. The tablet that
// made it is shown it again until it says that the print is safe, so that a key
// pressed twice, or a page sent again, does not lose it.
func (w *Web) itRecovery(rw http.ResponseWriter, r *http.Request) {
	secret, fresh, err := w.secret.show(w.visitor(r).cookie, w.IT.NewRecovery)
	if err != nil {
		w.toIT(rw, r, err)
		return
	}
	if fresh {
		w.Log.Info("the recovery key was made and shown", "by", w.person(r))
	}
	w.render(rw, r, http.StatusOK, templates.ITRecovery(w.page(r), secret))
}

// itRecoveryDone forgets the recovery key.
func (w *Web) itRecoveryDone(rw http.ResponseWriter, r *http.Request) {
	w.secret.forget(w.visitor(r).cookie)
	w.toIT(rw, r, nil)
}

// secretLasts is how long a recovery key may be printed.
const secretLasts = 15 * time.Minute

// onceSecret is a recovery key between being made and being printed: in memory
// only, for the one tablet that made it.
type onceSecret struct {
	mu          sync.Mutex
	to, secret  string
	forgettable *time.Timer
}

func (o *onceSecret) show(to string, make func() (string, error)) (secret string, fresh bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.secret != "" && o.to == to {
		return o.secret, false, nil
	}
	if secret, err = make(); err != nil {
		return "", false, err
	}
	o.to, o.secret = to, secret
	o.forgettable = time.AfterFunc(secretLasts, func() { o.forget(to) })
	return secret, true, nil
}

func (o *onceSecret) forget(to string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.secret != "" && o.to == to {
		o.forgettable.Stop()
		o.to, o.secret = "", ""
	}
}

// toIT answers what was asked of the box: its page says the rest.
func (w *Web) toIT(rw http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, ErrBusy):
		w.tell(rw, r, http.StatusConflict, w.langOf(r).T("it.busy"))
	case errors.Is(err, ErrMade):
		w.tell(rw, r, http.StatusConflict, w.langOf(r).T("it.recovery.made"))
	case err != nil:
		w.refuse(rw, r, err)
	case wantsJSON(r):
		w.writeJSON(rw, http.StatusOK, struct{}{})
	default:
		see(rw, r, "/it")
	}
}

// ofIT puts the box before a handler of its page; a room without one, as in a
// test, has no such page.
func (w *Web) ofIT(handle http.HandlerFunc) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if w.IT == nil {
			w.nothingHere(rw, r)
			return
		}
		handle(rw, r)
	}
}
