package web

import (
	"hash/maphash"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"phonghop/access"
	"phonghop/documents"
	"phonghop/drafts"
	"phonghop/meeting"
	"phonghop/rehearsal"
	"phonghop/room"
)

// Config is what the pages of a room stand on.
type Config struct {
	Room      *room.Room
	Access    *access.Access
	Documents *documents.Store
	Log       *slog.Logger
	Now       func() time.Time

	Demo     bool // this is the demo room
	Loopback bool // only this computer can reach us
	Secure   bool // served over https
	Insecure bool // plain http on a network, because somebody asked for it

	Hosts        func() []string   // names and addresses that are ours, lower case, without port
	Address      func() string     // what a tablet types: "https://192.168.1.10:8443"
	SecurePort   string            // of https, for the plain port to lead to
	Certificates *access.Authority // nil where no https is served
	Board        []Pane            // the demo's first page; nil elsewhere
	PaperMost    int64             // bytes of one paper; 0 = 300 MB
	Inbox        Inbox             // nil: papers come by the plain form alone
	Press        Press             // nil: only pages drawn before are shown
	Search       Search            // nil: there is no search in papers
	Drafts       *drafts.Store     // nil: what is being typed is kept by the browser alone
	Minutes      Imprint           // what their technical page says of this room
	IT           IT                // nil: there is no page of the box
	Stage        *rehearsal.Stage  // nil: there are no rehearsals
	Reach        Reach             // where simulated tablets in this box find the room; nil with Stage nil
	Staged       bool              // these are the pages of a rehearsal
	After        After             // what the pages for the time after a session stand on
	Settled      <-chan struct{}   // closed when what earlier sessions want may be looked for; nil: at once
}

// Web serves a room. New starts its hub; Close ends it and every stream.
type Web struct {
	Config
	hub          *hub
	clock        *clockface
	meter        *meter
	screens      map[meeting.Screen]screen
	seatsOfBoard boardSeats
	thumbs       *thumbs
	shelf        shelf
	keeper       *keeper
	links        signLinks
	glimpses     glimpses
	previews     previews // lists of people looked at and not yet taken
	secret       onceSecret
	theatre      *theatre // rehearsals
	seed         maphash.Seed
	closed       chan struct{}
	jobs         chan *stream // for the drawers
	once         sync.Once
}

// New makes the pages of a room.
func New(c Config) *Web {
	w := &Web{
		Config: c, clock: newClockface(c.Room.Clock, c.Now), screens: screens(), thumbs: newThumbs(), seatsOfBoard: boardSeats{cookies: map[string]string{}},
		seed: maphash.MakeSeed(), closed: make(chan struct{}), jobs: make(chan *stream),
	}
	w.meter = newMeter(c.Room.State)
	w.theatre = newTheatre(w)
	w.hub = newHub(c.Room.State, either(w.closed, c.Access.Changes(), w.theatre.changes), w.closed)
	w.keeper = newKeeper(w)
	go w.hub.run()
	w.drawers()
	if w.Staged {
		close(w.keeper.done) // nothing of a rehearsal is filed
	} else {
		go w.keeper.run()
	}
	return w
}

// Close ends every stream, so that a server can shut down. Requests in hand go on;
// what is being drawn of the minutes is waited for, and a rehearsal's end.
func (w *Web) Close() {
	w.theatre.close()
	w.once.Do(func() { close(w.closed) })
	<-w.keeper.done
}

// Handler serves the room itself.
func (w *Web) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range w.routes() {
		mux.HandleFunc(rt.pattern, w.through(rt))
	}
	mux.HandleFunc("/", w.nothingHere)
	return w.guard(w.sorted(mux))
}
