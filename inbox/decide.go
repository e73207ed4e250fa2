package inbox

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/room"
)

// decide settles what becomes of a content: a paper at once, a line that waits
// for PHÁT, a refusal, or nothing because it is known. placing is held.
func (in *Inbox) decide(a *arrival) {
	s := in.c.Room.State().Session
	in.place(a, s)
	switch {
	case in.knownAlready(a, s):
		in.end(a, "it is known already")
		return
	case a.refused:
		a.State = meeting.ArrivalRefused
	case over(s.Phase()):
		a.State, a.Trouble, a.Detail = meeting.ArrivalRefused, meeting.TroubleClosed, ""
	default:
		in.prepare(a)
		in.offer(a, s)
	}
	if !a.over {
		in.c.Log.Info("a file of the inbox", "file", a.path, "item", a.Item, "name", a.Name, "state", a.State, "trouble", a.Trouble, "ref", a.Ref)
	}
}

// place puts an arrival on the item the secretary aimed it at before, and names
// the paper it would replace. A line of the list is ours alone while mu is held.
func (in *Inbox) place(a *arrival, s *meeting.Session) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if aimed := in.memory.Aimed[in.markOf(a)]; aimed != "" {
		a.Item = aimed
	}
	wanted := in.memory.Origins[a.path].Replaces
	a.ItemNo, a.Replaces, a.Version = 0, "", 1
	for _, it := range in.law(s).view.Agenda {
		if it.ID != a.Item {
			continue
		}
		a.ItemNo = it.Number
		if p, ok := standing(it, a, wanted, in.memory.Papers[a.fileKey()]); ok {
			a.Replaces, a.Version = p.ID, p.Version+1
		}
	}
	if a.ItemNo == 0 {
		a.Item = ""
	}
}

// markOf is what is remembered of an arrival: its bytes, and where they were
// dropped; one without bytes, its file as it looked.
func (in *Inbox) markOf(a *arrival) string {
	if a.Ref == "" {
		return a.identity()
	}
	return mark(a.folder, a.Ref)
}

// knownAlready: a paper of this item, whatever became of it since, or dismissed.
func (in *Inbox) knownAlready(a *arrival, s *meeting.Session) bool {
	in.mu.Lock()
	gone := in.memory.Taken[in.markOf(a)]
	in.mu.Unlock()
	return gone || a.Ref != "" && in.law(s).papers[mark(a.Item, a.Ref)]
}

// end takes an arrival off the list for good. Any goroutine, placing held.
func (in *Inbox) end(a *arrival, why string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	a.over = true
	if m := in.markOf(a); !in.memory.Taken[m] {
		in.memory.Taken[m], in.memory.dirty = true, true
		in.c.Log.Info("a file of the inbox is done with", "file", a.path, "why", why, "ref", a.Ref)
	}
	delete(in.memory.Held, in.markOf(a))
}

func (in *Inbox) prepare(a *arrival) {
	if in.c.Prepare != nil {
		in.c.Prepare(documents.Ref(a.Ref), a.typ, a.Name)
	}
}

// offer places what may appear at once; the rest waits for PHÁT.
func (in *Inbox) offer(a *arrival, s *meeting.Session) {
	in.mu.Lock()
	held := in.memory.Held[in.markOf(a)]
	in.mu.Unlock()
	a.State = meeting.ArrivalWaiting
	switch {
	case held:
		a.State = meeting.ArrivalHeld
	case a.Item == "":
		a.Trouble, a.Detail = meeting.TroubleNoItem, ""
	case a.waits || !atOnce(s) || a.Replaces != "":
	default:
		in.publishAlone(a, s)
	}
}

// atOnce: before the opening new papers appear by themselves; during the session
// only where it is set so.
func atOnce(s *meeting.Session) bool {
	return s.Phase() == meeting.Preparing || s.Header().AutoPapers && !over(s.Phase())
}

// publishAlone places a paper without a tap, in the first secretary's name: the
// folder is theirs, and the room's rule is that what is dropped there before the
// opening appears. It is asked once more when the command's turn comes: the
// session may have opened, or somebody else placed that paper, meanwhile.
func (in *Inbox) publishAlone(a *arrival, s *meeting.Session) {
	late := false
	c := room.Command{Key: "inbox/" + mark(a.Item, a.Ref), By: in.law(s).view.Clerk.ID, Saw: -1}
	c.Verb = func(s *meeting.Session, act meeting.Act) ([]meeting.Event, error) {
		if late = !atOnce(s) || replacesNow(a, s); late {
			return nil, nil
		}
		return s.PlacePaper(act, a.paper())
	}
	_, err := in.c.Room.Do(in.ctx, c)
	switch {
	case errors.Is(err, meeting.KeyOfAnother):
		in.end(a, "it was placed before")
	case err != nil:
		in.c.Log.Error("a paper could not be placed; it waits for the secretary", "file", a.path, "err", err)
	case late:
		in.place(a, in.c.Room.State().Session)
	default:
		in.placed(a)
	}
}

// replacesNow asks the writer's own copy, which is nobody's to remember.
func replacesNow(a *arrival, s *meeting.Session) bool {
	for _, it := range s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Agenda {
		if it.ID == a.Item {
			_, yes := standing(it, a, "", "")
			return yes
		}
	}
	return false
}

func (a *arrival) paper() meeting.NewPaper {
	return meeting.NewPaper{
		ID: newPaper(), Item: a.Item, Name: a.Name, Ref: a.Ref, Size: a.Size, Type: a.typ, Replaces: a.Replaces,
	}
}

func newPaper() meeting.PaperID { return meeting.PaperID(uuid.Must(uuid.NewV7()).String()) }

// placed notes that an arrival is a paper now. With something to know about it,
// it stays on the list until dismissed.
func (in *Inbox) placed(a *arrival) {
	in.end(a, "it is a paper")
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, it := range in.now().view.Agenda {
		for _, p := range it.Papers {
			if it.ID == a.Item && p.Ref == a.Ref {
				in.memory.Papers[a.fileKey()], in.memory.dirty = p.ID, true
			}
		}
	}
	if a.Trouble != "" && a.Trouble != meeting.TroubleNoItem {
		a.over, a.State = false, meeting.ArrivalNoticed
	}
}

// Choice is how the secretary wants a file published; a zero field keeps what
// was proposed.
type Choice struct {
	Item     meeting.ItemID
	Name     string
	Readers  meeting.Readers
	People   []meeting.PersonID
	Recall   bool
	Replaces meeting.PaperID
}

// Publish is PHÁT: the file becomes a paper, placed by who pressed. c's verb is
// set here. Refusals are the session's own.
func (in *Inbox) Publish(ctx context.Context, c room.Command, id string, as Choice) error {
	in.placing.Lock()
	defer in.placing.Unlock()
	a, err := in.waiting(id)
	if err != nil {
		return err
	}
	n := a.paper()
	if as.Item != "" && as.Item != n.Item {
		n.Item, n.Replaces = as.Item, ""
	}
	n.Name, n.Replaces = or(as.Name, n.Name), or(as.Replaces, n.Replaces)
	n.Readers, n.People, n.Recall = as.Readers, as.People, as.Recall
	c.Verb = func(s *meeting.Session, act meeting.Act) ([]meeting.Event, error) { return s.PlacePaper(act, n) }
	if _, err := in.c.Room.Do(ctx, c); err != nil {
		return err
	}
	in.aim(a, n.Item)
	in.placed(a)
	in.settleMemory()
	return nil
}

// waiting finds what may be published.
func (in *Inbox) waiting(id string) (*arrival, error) {
	a, err := in.find(id)
	if err == nil && a.State != meeting.ArrivalWaiting && a.State != meeting.ArrivalHeld {
		err = ErrNoArrival
	}
	return a, err
}

func (in *Inbox) find(id string) (*arrival, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, f := range in.files {
		for _, a := range f.arrivals {
			if !a.over && a.identity() == id {
				return a, nil
			}
		}
	}
	return nil, ErrNoArrival
}

// Hold is GIỮ: nobody sees the file until it is published.
func (in *Inbox) Hold(id string) error {
	in.placing.Lock()
	defer in.placing.Unlock()
	a, err := in.waiting(id)
	if err != nil {
		return err
	}
	in.mu.Lock()
	a.State = meeting.ArrivalHeld
	in.memory.Held[in.markOf(a)], in.memory.dirty = true, true
	in.mu.Unlock()
	in.c.Log.Info("a file of the inbox is held", "file", a.path, "ref", a.Ref)
	in.settleMemory()
	return nil
}

// Dismiss is BỎ QUA: out of the list. The file stays where it is.
func (in *Inbox) Dismiss(id string) error {
	in.placing.Lock()
	defer in.placing.Unlock()
	a, err := in.find(id)
	if err != nil {
		return err
	}
	in.end(a, "it was dismissed")
	in.settleMemory()
	return nil
}

// Aim puts a file on another item. What may appear there at once, does.
func (in *Inbox) Aim(id string, item meeting.ItemID) error {
	in.placing.Lock()
	defer in.placing.Unlock()
	a, err := in.waiting(id)
	if err != nil {
		return err
	}
	if !known(in.now().view.Agenda, item) {
		return meeting.NoSuchItem
	}
	in.aim(a, item)
	in.decide(a)
	in.settleMemory()
	return nil
}

func (in *Inbox) aim(a *arrival, item meeting.ItemID) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if a.Item != item {
		in.memory.Aimed[in.markOf(a)], in.memory.dirty = item, true
		a.Item = item
		a.Trouble, a.Detail = a.trouble, a.detail
	}
}

// settleMemory writes a decision down and has the list drawn up again.
func (in *Inbox) settleMemory() {
	in.mu.Lock()
	in.remember()
	in.mu.Unlock()
	signal(in.dirty)
}
