package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
)

// The figure of a room that is just waking up.

// firstPage is the time from starting the program until a page of it was read,
// with so many sessions that have closed in the data. The floor starts with none.
func firstPage(sessions int) func(context.Context, *bench) (*play, error) {
	return func(ctx context.Context, b *bench) (*play, error) {
		st, err := b.stage(ctx, 30, "room")
		if err == nil {
			err = closedSessions(ctx, st.Dir, sessions)
		}
		if err != nil {
			return nil, err
		}
		return &play{
			room:  func(ctx context.Context) (float64, error) { return readFirst(ctx, b.serve(st.Dir, false)) },
			floor: func(ctx context.Context) (float64, error) { return readFirst(ctx, b.serveFloor(st.Dir, false)) },
		}, nil
	}
}

// readFirst starts a server, reads a page of it and stops it again.
func readFirst(ctx context.Context, command []string) (float64, error) {
	s, err := start(ctx, command...)
	if err != nil {
		return 0, err
	}
	r, err := http.Get(s.url + "/join")
	if err != nil {
		return 0, err
	}
	took := time.Since(s.began)
	r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the first page: %s", r.Status)
	}
	return ms(took), s.stop()
}

// closedSessions closes the session of a stage and holds more, each with ten votes.
func closedSessions(ctx context.Context, dir string, sessions int) error {
	return inRoom(ctx, dir, func(r *room.Room, _ *journal.Journal) error {
		for n := range sessions {
			if n > 0 {
				s := &stage{Item: meeting.ItemID(newID())}
				if _, err := s.hold(ctx, r, n+1, 30); err != nil {
					return err
				}
			}
			if err := heldAndClosed(ctx, r); err != nil {
				return fmt.Errorf("session %d: %w", n+1, err)
			}
		}
		return nil
	})
}

// heldAndClosed votes ten times in the session in the room and closes it.
func heldAndClosed(ctx context.Context, r *room.Room) error {
	s := r.State().Session
	roll := s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen})
	var err error
	do := func(by meeting.PersonID, verb room.Verb) {
		if err == nil {
			_, err = r.Do(ctx, room.Command{By: by, Saw: -1, Verb: verb})
		}
	}
	for range 10 {
		vote := meeting.VoteID(newID())
		do(roll.Chair.ID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.OpenVote(a, vote, roll.Agenda[0].ID, "Thông qua nghị quyết", 0, "")
		})
		for _, who := range roll.Roll {
			if who.Votes {
				do(who.ID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, vote, 1, "for") })
			}
		}
		do(roll.Chair.ID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, vote, true) })
	}
	do(roll.Chair.ID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
	return err
}
