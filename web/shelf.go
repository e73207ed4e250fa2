package web

import (
	"context"
	"sync"

	"phonghop/meeting"
	"phonghop/room"
)

// shelfMost is how many earlier sessions are kept read.
const shelfMost = 64

// shelf keeps earlier sessions as they were read, since reading one takes its
// whole log. One that was worked on since is the room's to tell.
type shelf struct {
	mu       sync.Mutex
	sessions map[meeting.SessionID]*meeting.Session
}

// session is an earlier session, for reading.
func (s *shelf) session(ctx context.Context, from *room.Room, id meeting.SessionID) (*meeting.Session, error) {
	if worked := from.State().Closed(id); worked != nil {
		return worked, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.sessions[id]; known != nil {
		return known, nil
	}
	read, err := from.Session(ctx, id)
	if err != nil || id == from.State().Session.ID() {
		return read, err
	}
	if s.sessions == nil {
		s.sessions = map[meeting.SessionID]*meeting.Session{}
	}
	if len(s.sessions) < shelfMost { // a search walks through all: what is full stays, or each would be read each time
		s.sessions[id] = read
	}
	return read, nil
}
