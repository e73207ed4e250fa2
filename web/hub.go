package web

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"phonghop/meeting"
	"phonghop/room"
	"phonghop/templates"
)

// A running count is shown at once the first time, then at most this often.
const countEvery = 100 * time.Millisecond

// hub watches the room and turns its snapshots into frames, for every stream.
type hub struct {
	state  func() *room.Snapshot
	seats  <-chan struct{} // yields after tablets were bound, sent away or began to wait
	closed <-chan struct{}
	frame  atomic.Pointer[frame]
}

func newHub(state func() *room.Snapshot, seats, closed <-chan struct{}) *hub {
	h := &hub{state: state, seats: seats, closed: closed}
	h.frame.Store(newFrame(state(), 0))
	return h
}

// run makes a frame of every snapshot worth one, until the server closes.
func (h *hub) run() {
	var counted time.Time // when the last frame that only moved a count went out
	for {
		shown, next := h.frame.Load(), h.state()
		wait := time.Duration(0)
		if next != shown.snap {
			wait = pace(shown.snap, next, time.Since(counted))
		}
		if next != shown.snap && wait == 0 {
			if onlyCounts(shown.snap, next) {
				counted = time.Now()
			}
			h.show(newFrame(next, shown.seats))
			continue
		}
		if !h.sleep(next, wait) {
			return
		}
	}
}

// sleep waits for the next snapshot, or till a held count may go out.
func (h *hub) sleep(s *room.Snapshot, held time.Duration) bool {
	next, due := s.Superseded(), (<-chan time.Time)(nil)
	if held > 0 {
		timer := time.NewTimer(held)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-h.closed:
		return false
	case <-h.seats:
		shown := h.frame.Load()
		h.show(newFrame(shown.snap, shown.seats+1))
	case <-due:
	case <-next:
	}
	return true
}

func (h *hub) show(f *frame) { close(h.frame.Swap(f).over) }

// pace says how long a snapshot is held back: not at all where more than a
// ballot count changed, or where no count went out lately.
func pace(shown, next *room.Snapshot, since time.Duration) time.Duration {
	if !onlyCounts(shown, next) || since >= countEvery {
		return 0
	}
	return countEvery - since
}

// onlyCounts tells whether nothing but ballots came between two snapshots.
func onlyCounts(a, b *room.Snapshot) bool {
	return a.Journal != b.Journal && a.Acts == b.Acts && a.Present == b.Present &&
		(a.Ended == nil) == (b.Ended == nil) && a.Full == b.Full && a.Session.ID() == b.Session.ID()
}

// frame is one state of the room as the streams show it. What an audience sees
// of it is cut and rendered when the first of them asks, once for all.
type frame struct {
	snap  *room.Snapshot
	seats int64         // counts changes of who sits where
	over  chan struct{} // closed when the next frame is there

	mu      sync.Mutex
	cuts    map[meeting.Audience]func() meeting.View
	shares  map[shareKey]func() *share
	states  map[stateShare]func() stateDrawn
	choices map[choiceShare]func() choiceDrawn
}

// shareKey is everybody who gets the same bytes.
type shareKey struct {
	audience meeting.Audience
	lang     templates.Lang
}

// share is what they get: the page they know, and the panels.
type share struct {
	page   templates.Page
	view   meeting.View
	panels []sentPanel
	err    error
}

// sentPanel is one rendered panel as lines of a message.
type sentPanel struct {
	id    string
	bytes []byte
	again uint64 // sent again when this is another
}

// stateShare is everybody whose own panels are drawn alike.
type stateShare struct {
	share shareKey
	state templates.MemberState
}

// choiceShare is everybody with the same ballot beside a result.
type choiceShare struct {
	share  shareKey
	choice templates.Choice
}

// stateDrawn are the panels of everybody in one state, or why there are none.
type stateDrawn struct {
	panels []sentPanel
	err    error
	told   *templates.MemberState
}

// choiceDrawn is what is drawn of a ballot beside a result.
type choiceDrawn struct {
	panels []sentPanel
	err    error
}

func newFrame(s *room.Snapshot, seats int64) *frame {
	return &frame{
		snap: s, seats: seats, over: make(chan struct{}),
		cuts: map[meeting.Audience]func() meeting.View{}, shares: map[shareKey]func() *share{},
		states: map[stateShare]func() stateDrawn{}, choices: map[choiceShare]func() choiceDrawn{},
	}
}

// once makes what belongs to a key when the first asks for it; whoever asks
// meanwhile waits for that.
func once[K comparable, V any](f *frame, made map[K]func() V, k K, make func() V) V {
	f.mu.Lock()
	get, ok := made[k]
	if !ok {
		get = sync.OnceValue(make)
		made[k] = get
	}
	f.mu.Unlock()
	return get()
}

// cut is what an audience may see.
func (f *frame) cut(a meeting.Audience) meeting.View {
	return once(f, f.cuts, a, func() meeting.View { return f.snap.Session.SeenBy(a) })
}

// share is what everybody of a key gets in this frame; draw makes it.
func (f *frame) share(k shareKey, draw func() *share) *share { return once(f, f.shares, k, draw) }

// sendPanels answers a page that asks for what may have changed on it.
func (w *Web) sendPanels(rw http.ResponseWriter, r *http.Request, panels []templates.Panel) {
	var out bytes.Buffer
	for _, p := range panels {
		if err := partial(&out, p); err != nil {
			w.refuse(rw, r, err)
			return
		}
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Write(out.Bytes())
}

// partial draws a panel as htmx takes it.
func partial(out *bytes.Buffer, p templates.Panel) error {
	out.WriteString(`<hx-partial hx-target="#` + p.ID + `" hx-swap="innerMorph">`)
	if err := p.Body.Render(context.Background(), out); err != nil {
		return fmt.Errorf("drawing panel %s: %w", p.ID, err)
	}
	out.WriteString("</hx-partial>\n")
	return nil
}

// rendered draws panels into the lines a stream sends.
func (w *Web) rendered(panels []templates.Panel) ([]sentPanel, error) {
	out := make([]sentPanel, len(panels))
	for i, p := range panels {
		var err error
		if out[i], err = w.lines(p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (w *Web) lines(p templates.Panel) (sentPanel, error) {
	var b bytes.Buffer
	if err := partial(&b, p); err != nil {
		return sentPanel{}, err
	}
	sent := sentPanel{id: p.ID, bytes: asData(b.String())}
	if sent.again = w.again(p); sent.again == 0 {
		sent.again = maphash.Bytes(w.seed, sent.bytes)
	}
	return sent, nil
}

// again tells a panel by what it is sent again for, without drawing it; 0 where
// only its drawing tells.
func (w *Web) again(p templates.Panel) uint64 {
	if p.Again == nil {
		return 0
	}
	return w.tag(p.Again)
}

// tag is a number for a comparable value, never 0. Two values that are met in one
// run share one by chance once in 2^63.
func (w *Web) tag(of any) uint64 { return maphash.Comparable(w.seed, of) | 1 }

// asData writes html as lines of a message: none of it can end one.
func asData(html string) []byte {
	html = strings.TrimSuffix(strings.ReplaceAll(html, "\r", ""), "\n")
	return []byte("data: " + strings.ReplaceAll(html, "\n", "\ndata: ") + "\n")
}
