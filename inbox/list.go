package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"phonghop/documents"
	"phonghop/meeting"
)

// pause is the least time between two lists: five hundred files dropped at once
// are a few lists, not five hundred.
const pause = 100 * time.Millisecond

// show gives the room the secretary's list whenever it changed.
func (in *Inbox) show() {
	for {
		select {
		case <-in.ctx.Done():
			return
		case <-in.dirty:
		}
		in.draw()
		select {
		case <-in.ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

func (in *Inbox) draw() {
	in.placing.Lock()
	defer in.placing.Unlock()
	in.reconsider()
	in.mu.Lock()
	list := in.list()
	in.mu.Unlock()
	if !slices.Equal(list, in.shown) {
		in.shown = list
		in.c.Room.ShowArrivals(slices.Clone(list))
	}
}

// reconsider looks again at what waits: the session may have closed, an item may
// be gone, and the drawing may have told whether a file needs a password.
// placing is held.
func (in *Inbox) reconsider() {
	s := in.c.Room.State().Session
	for _, a := range in.open() {
		opened := in.unlocked(a)
		if opened || over(s.Phase()) && a.Trouble != meeting.TroubleClosed {
			in.decide(a)
			continue
		}
		in.place(a, s)
		if in.knownAlready(a, s) {
			in.end(a, "it is known already")
		}
	}
}

// open are the arrivals that may still become papers.
func (in *Inbox) open() []*arrival {
	in.mu.Lock()
	defer in.mu.Unlock()
	var out []*arrival
	for _, f := range in.files {
		for _, a := range f.arrivals {
			if !a.over && !a.refused && (a.State == meeting.ArrivalWaiting || a.State == meeting.ArrivalHeld) {
				out = append(out, a)
			}
		}
	}
	return out
}

// unlocked: the drawing could open a PDF that says it is encrypted, as those do
// which only forbid printing. It is like any other then.
func (in *Inbox) unlocked(a *arrival) bool {
	if !a.locked || in.c.Drawn == nil {
		return false
	}
	drawn, _, trouble := in.c.Drawn(documents.Ref(a.Ref))
	if drawn == 0 || trouble == meeting.TroubleEncrypted {
		return false
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	a.locked, a.waits, a.trouble, a.Trouble = false, false, "", ""
	return true
}

// list is what the secretary sees, oldest first. mu is held.
func (in *Inbox) list() []meeting.Arrival {
	items := in.now().view.Agenda
	var out []meeting.Arrival
	for path, f := range in.files {
		if strings.HasPrefix(path, minutesFolder+"/") {
			continue
		}
		if f.stage != taken {
			if !in.familiar(path, f) {
				out = append(out, in.coming(path, f, items))
			}
			continue
		}
		for _, a := range f.arrivals {
			if !a.over {
				out = append(out, in.line(a))
			}
		}
	}
	for _, u := range in.uploads {
		if u.session == in.session {
			out = append(out, u.line(items))
		}
	}
	slices.SortFunc(out, func(a, b meeting.Arrival) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.File+a.ID, b.File+b.ID)
	})
	return out
}

// familiar: a file that was dealt with before the restart, found again. It does
// not flash up. mu is held.
func (in *Inbox) familiar(path string, f *file) bool {
	s, ok := in.memory.Seen[path]
	return ok && s.fits(f.looks)
}

func (in *Inbox) line(a *arrival) meeting.Arrival {
	out := a.Arrival
	out.ID = a.identity()
	if in.c.Drawn != nil && a.Ref != "" {
		var trouble meeting.Trouble
		out.Pages, out.Total, trouble = in.c.Drawn(documents.Ref(a.Ref))
		if out.Trouble == "" {
			out.Trouble = trouble
		}
	}
	return out
}

// coming is a file that has not settled, or whose end is missing. mu is held.
func (in *Inbox) coming(path string, f *file, items []meeting.ItemView) meeting.Arrival {
	item, name := in.itemOf(path, items)
	shown, _ := eyeName(filepath.Base(name))
	sum := sha256.Sum256([]byte(path))
	a := meeting.Arrival{
		ID: hex.EncodeToString(sum[:12]), Item: item, File: shown, Name: paperName(name), Size: f.size, Got: f.size,
		State: meeting.ArrivalReceiving, Trouble: f.trouble, At: f.came, From: "folder",
	}
	if f.stage == settled || f.stage == taking {
		a.State = meeting.ArrivalChecking
	}
	if o, ok := in.memory.Origins[path]; ok {
		a.From = o.From
	}
	a.ItemNo = numberOf(items, item)
	return a
}

func numberOf(items []meeting.ItemView, id meeting.ItemID) int {
	for _, it := range items {
		if it.ID == id {
			return it.Number
		}
	}
	return 0
}
