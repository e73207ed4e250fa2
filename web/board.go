package web

import (
	"errors"
	"net/http"
	"strings"
	"sync"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/templates"
)

// Pane is one screen of the demo's board: whose card opens it.
type Pane struct {
	Name   string // of the host: "chair" is chair.localhost
	Screen meeting.Screen
	Person meeting.PersonID
	Token  string // of the card
}

// demoPIN is what the demo enters by itself where a PIN is asked, so that its
// board opens without a word. It is worth nothing: this computer only.
const demoPIN = "470812"

// boardSeats are the seats the board has sat down at, by token. A pane and a
// window of the same person share one, so neither throws the other out.
type boardSeats struct {
	mu      sync.Mutex
	cookies map[string]string
}

// board shows the demo's screens side by side.
func (w *Web) board(rw http.ResponseWriter, r *http.Request) {
	var panes []templates.BoardPane
	for _, p := range w.Board {
		panes = append(panes, templates.BoardPane{
			Name: p.Name, Screen: p.Screen, Who: w.nameOf(string(p.Person)),
			Address: "http://" + p.Name + ".localhost" + portOf(r.Host) + "/enter/" + p.Token, Plain: "/enter/" + p.Token,
		})
	}
	w.render(rw, r, http.StatusOK, templates.Board(w.page(r), panes))
}

// boardSeat sits down at a seat of the board; false for every other card.
func (w *Web) boardSeat(r *http.Request, d access.Device) (string, bool) {
	token := strings.ToUpper(r.PathValue("token"))
	if _, ok := w.paneOf(func(p Pane) bool { return strings.EqualFold(p.Token, token) }); !ok {
		return "", false
	}
	w.seatsOfBoard.mu.Lock()
	defer w.seatsOfBoard.mu.Unlock()
	for _, cookie := range []string{w.seatsOfBoard.cookies[token], w.cookie(r, seatCookie)} {
		if seat, ok := w.Access.Who(cookie, w.Now()); ok && seat.Bound && w.holds(token, seat) {
			w.seatsOfBoard.cookies[token] = cookie
			return cookie, true
		}
	}
	cookie, err := w.sitDown(r, token, d)
	if err != nil {
		w.Log.Error("seating a pane of the board", "err", err)
		return "", false
	}
	w.seatsOfBoard.cookies[token] = cookie
	return cookie, true
}

// holds tells whether a seat is that of the pane with this card.
func (w *Web) holds(token string, seat access.Seat) bool {
	_, ok := w.paneOf(func(p Pane) bool { return strings.EqualFold(p.Token, token) && string(p.Person) == seat.Person })
	return ok
}

func (w *Web) paneOf(is func(Pane) bool) (Pane, bool) {
	if !w.hasBoard() {
		return Pane{}, false
	}
	for _, p := range w.Board {
		if is(p) {
			return p, true
		}
	}
	return Pane{}, false
}

// sitDown does what a person would: enter by the card, give the PIN, and be let
// in where another tablet has the seat.
func (w *Web) sitDown(r *http.Request, token string, d access.Device) (string, error) {
	ctx, now := r.Context(), w.Now()
	cookie, seat, err := w.Access.EnterToken(ctx, token, d, now)
	if err != nil {
		return "", err
	}
	switch seat.PIN {
	case access.PINChoose:
		err = w.Access.ChoosePIN(ctx, cookie, demoPIN, now)
	case access.PINEnter:
		err = w.Access.EnterPIN(ctx, cookie, demoPIN, d, now)
	}
	if err != nil {
		return "", err
	}
	seat, err = w.Access.Bind(ctx, cookie, now)
	if errors.Is(err, access.ErrTaken) {
		err = w.Access.Allow(ctx, seat.ID, access.Seat{Bound: true, PIN: access.PINDone, Roles: access.Secretary}, now)
	}
	return cookie, err
}
