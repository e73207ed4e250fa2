package powercut

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

const (
	clerk  = meeting.PersonID("clerk")
	chair  = meeting.PersonID("m00")
	agenda = meeting.ItemID("i1")
)

func member(i int) meeting.PersonID    { return meeting.PersonID(fmt.Sprintf("m%02d", i)) }
func voteNo(number int) meeting.VoteID { return meeting.VoteID(fmt.Sprintf("v%02d", number)) }

// hold plays a session: it is prepared, opened, and votes are taken.
func (w *writer) hold() error {
	if w.First <= 1 {
		if err := w.begin(); err != nil {
			return err
		}
	} else if err := w.close(voteNo(w.First - 1)); err != nil { // whatever a crash left open
		return err
	}
	for number := max(w.First, 1); number < max(w.First, 1)+w.Votes; number++ {
		if err := w.vote(number); err != nil {
			return fmt.Errorf("vote %d: %w", number, err)
		}
	}
	return nil
}

func (w *writer) begin() error {
	set, _ := rules.Named("ubnd-2015")
	header := meeting.Header{Number: 47, Term: "2021–2026", Kind: "regular", Body: "UBND tỉnh Trà Sơn", Place: "Phòng A2", Starts: time.Now()}
	first := meeting.Person{ID: clerk, Name: "Lã Kim Dung"}
	a, err := w.room.DoRoom(context.Background(), "found", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return r.Found("Phòng A2", "a2", w.journal.PublicKey())
	})
	if err != nil {
		return fmt.Errorf("founding the room: %w", err)
	}
	if err := w.kept(journal.RoomLog, a); err != nil {
		return err
	}
	a, err = w.room.Prepare(context.Background(), "prepare", clerk, func(_ *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return meeting.Prepare(a, id, header, set, "", first)
	})
	if err != nil {
		return fmt.Errorf("preparing the session: %w", err)
	}
	if err := w.kept(string(a.State.Session.ID()), a); err != nil {
		return err
	}
	return w.gather()
}

// gather seats everybody, marks them present and opens the one item.
func (w *writer) gather() error {
	for i := range w.Members {
		p := meeting.Person{ID: member(i), Name: fmt.Sprintf("Thành viên %d", i), Role: meeting.RoleMember, Votes: true, Order: i + 1}
		if p.ID == chair {
			p.Role = meeting.RoleChair
		}
		if err := w.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) }); err != nil {
			return err
		}
		if err := w.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkPresent(a, p.ID) }); err != nil {
			return err
		}
	}
	for _, verb := range []room.Verb{
		func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.AddItem(a, agenda, meeting.NewItem{Title: "Vốn đầu tư công"})
		},
		func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") },
		func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, agenda) },
	} {
		if err := w.do(clerk, verb); err != nil {
			return err
		}
	}
	return nil
}

// do carries out a command of the chair or the secretary and marks its entry as
// kept. After a fault it asks again with the same key, as a tablet does.
func (w *writer) do(by meeting.PersonID, verb room.Verb) error {
	c := room.Command{Key: fmt.Sprintf("key-%d", w.room.State().Session.Size()), By: by, Saw: -1, Verb: verb}
	a, err := w.insist(c)
	if err != nil || a.Entry.ID == "" {
		return err
	}
	return w.kept(string(a.State.Session.ID()), a)
}

func (w *writer) kept(log string, a room.Answer) error {
	return w.mark(mark{What: kept, Log: log, Entry: a.Entry.Seq, ID: a.Entry.ID, Size: a.State.Session.Size()})
}

// insist asks until the answer is not a fault.
func (w *writer) insist(c room.Command) (room.Answer, error) {
	for {
		a, err := w.room.Do(context.Background(), c)
		var f *room.Fault
		if !errors.As(err, &f) {
			return a, err
		}
		if err := w.mark(mark{What: commitError, ID: f.Error()}); err != nil {
			return room.Answer{}, err
		}
	}
}

// vote opens a vote, lets every member tap at once and closes it.
func (w *writer) vote(number int) error {
	id := voteNo(number)
	err := w.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, id, agenda, "Thông qua Nghị quyết", 0, "")
	})
	if err != nil {
		return err
	}
	if err := w.askFor(number); err != nil {
		return err
	}
	var g errgroup.Group
	for i := range w.Members {
		t := &tablet{writer: w, vote: id, member: member(i), rng: rand.New(rand.NewPCG(w.Seed, uint64(number*1000+i)))}
		g.Go(t.sit)
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return w.close(id)
}

func (w *writer) close(id meeting.VoteID) error {
	return w.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, id, true) })
}

// tablet is one member in one vote: a few changes of mind, and a network that
// loses requests and answers. What was lost is sent again later, too late.
type tablet struct {
	*writer
	vote   meeting.VoteID
	member meeting.PersonID
	rng    *rand.Rand
}

type tap struct {
	n      int
	choice rules.Choice
}

func (t *tablet) sit() error {
	choices := []rules.Choice{rules.For, rules.Against, rules.Abstain}
	at := t.rng.IntN(3)
	var late []tap
	for n := 1; n <= 1+t.rng.IntN(3); n++ {
		at = (at + 1 + t.rng.IntN(2)) % 3 // never the same twice running
		p := tap{n, choices[at]}
		if err := t.mark(mark{What: sent, Vote: string(t.vote), Member: string(t.member), Tap: n, Choice: string(p.choice)}); err != nil {
			return err
		}
		lost, err := t.send(p)
		if err != nil {
			return err
		}
		if lost {
			late = append(late, p)
		}
	}
	for _, p := range late {
		if err := t.tap(p, shown); err != nil {
			return err
		}
	}
	return nil
}

// send sends a tap once; lost tells that the member got no answer.
func (t *tablet) send(p tap) (lost bool, err error) {
	switch t.rng.IntN(6) {
	case 0: // the request was lost
		return true, nil
	case 1: // the answer was lost
		return true, t.tap(p, unread)
	}
	return false, t.tap(p, shown)
}

// tap asks until there is an answer, which says which ballot stands.
func (t *tablet) tap(p tap, what string) error {
	n := p.n
	if t.WithoutN {
		n = 0
	}
	a, err := t.insist(room.Command{By: t.member, Saw: -1, Verb: func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Cast(a, t.vote, n, p.choice)
	}})
	if err != nil {
		return err
	}
	s := a.State.Session
	b, ok := s.BallotOf(t.member, t.vote)
	if !ok {
		return fmt.Errorf("%s tapped %d and no ballot stands", t.member, p.n)
	}
	return t.mark(mark{
		What: what, Vote: string(t.vote), Member: string(t.member), Tap: p.n, Choice: string(b.Choice), N: b.N,
		Log: string(s.ID()), Entry: b.Entry, Code: b.Code, Size: s.Size(),
	})
}
