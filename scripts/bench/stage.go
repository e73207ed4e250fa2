package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"phonghop/access"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

// stage is a data folder with a session open in it and everybody signed in, as
// the real packages write it.
type stage struct {
	Dir     string
	Session meeting.SessionID
	Item    meeting.ItemID
	Chair   cookie
	Members []cookie // of the others who vote
}

// cookie is what one signed-in tablet holds.
type cookie struct {
	Seat, Value string
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// stageRoom makes the folder of a room with so many members beside the chair.
func stageRoom(ctx context.Context, dir string, members int) (*stage, error) {
	s := &stage{Dir: dir, Item: meeting.ItemID(newID())}
	var people []meeting.Person
	err := inRoom(ctx, dir, func(r *room.Room, j *journal.Journal) (err error) {
		_, err = r.DoRoom(ctx, "found", "", func(h *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
			return h.Found("Hội trường", "Hội trường", j.PublicKey())
		})
		if err != nil {
			return fmt.Errorf("founding the room: %w", err)
		}
		people, err = s.hold(ctx, r, 1, members)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, s.signIn(ctx, people)
}

// inRoom opens the room of a folder for what do does there.
func inRoom(ctx context.Context, dir string, do func(*room.Room, *journal.Journal) error) error {
	key, err := journal.OpenKey(dir)
	if err != nil {
		return err
	}
	j, err := journal.Open(ctx, journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key})
	if err != nil {
		return err
	}
	defer j.Close()
	r, err := room.Open(ctx, room.Config{Journal: j, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer r.Close()
	return do(r, j)
}

// hold prepares a session and opens it, with its first item open.
func (s *stage) hold(ctx context.Context, r *room.Room, number, members int) ([]meeting.Person, error) {
	set, _ := rules.Named("hdnd-2015")
	header := meeting.Header{Number: number, Term: "2026–2031", Kind: "regular", Body: "Hội đồng nhân dân tỉnh", Place: "Hội trường", Starts: time.Now(), Rows: 50, Cols: 50}
	clerk := meeting.Person{ID: meeting.PersonID(newID()), Name: "Thư ký", Role: meeting.RoleSecretary, Seat: "TK"}
	people := []meeting.Person{clerk}
	for i := range members + 1 {
		p := meeting.Person{ID: meeting.PersonID(newID()), Salutation: "Ông", Name: fmt.Sprintf("Đại biểu Nguyễn Văn %04d", i+1), Title: "Đại biểu", Role: meeting.RoleMember, Votes: true, Seat: fmt.Sprintf("%04d", i+1), Order: i + 1}
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		people = append(people, p)
	}
	chair := people[1].ID
	_, err := r.Prepare(ctx, "", clerk.ID, func(last *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		s.Session = id
		return meeting.Prepare(a, id, header, set, last.ID(), clerk)
	})
	do := func(by meeting.PersonID, verb room.Verb) {
		if err == nil {
			_, err = r.Do(ctx, room.Command{By: by, Saw: -1, Verb: verb})
		}
	}
	do(clerk.ID, func(m *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return m.SeatAll(a, people) })
	do(clerk.ID, func(m *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return m.AddItem(a, s.Item, meeting.NewItem{Title: "Báo cáo tình hình kinh tế - xã hội", Presenter: "Ông Hà Trung Kiên", Unit: "Văn phòng", Minutes: 30})
	})
	do(clerk.ID, func(m *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		var all []meeting.PersonID
		for _, p := range people {
			all = append(all, p.ID)
		}
		return m.MarkAll(a, all)
	})
	do(chair, func(m *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return m.Open(a, "") })
	do(chair, func(m *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return m.OpenItem(a, s.Item) })
	return people, err
}

// signIn gives everybody a card and sits them down.
func (s *stage) signIn(ctx context.Context, people []meeting.Person) error {
	a, err := access.Open(ctx, s.Dir, time.Now())
	if err != nil {
		return err
	}
	defer a.Close()
	var who []access.Person
	for _, p := range people[1:] {
		who = append(who, access.Person{ID: string(p.ID), Seat: p.Seat})
	}
	cards, err := a.IssueCards(ctx, string(s.Session), who, time.Now())
	if err != nil {
		return err
	}
	s.Members = make([]cookie, len(cards))
	errs := make([]error, len(cards))
	var all sync.WaitGroup
	for i, c := range cards {
		all.Go(func() {
			value, _, err := a.EnterToken(ctx, c.Token, access.Device{Cookie: access.NewDevice()}, time.Now())
			if err == nil {
				_, err = a.Bind(ctx, value, time.Now())
			}
			s.Members[i], errs[i] = cookie{c.Seat, value}, err
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("signing in: %w", err)
		}
	}
	s.Chair, s.Members = s.Members[0], s.Members[1:]
	return nil
}

// keep and keptStage spare the rounds of a long measurement the staging.
func (s *stage) keep() error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.Dir, "stage.json"), b, 0o600)
}
