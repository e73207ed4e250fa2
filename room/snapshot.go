package room

import (
	"slices"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
)

// Snapshot is the state of the room at one moment. It never changes; the next
// one shares with it what did not change.
type Snapshot struct {
	Session *meeting.Session // the one in the room; of phase Nothing before the first
	House   *meeting.Room
	Journal int64 // entries in the session's log plus the room's
	Present int64 // counts changes of the present
	Acts    int64 // Journal without ballots: tells whether more than a count changed
	Tablets map[meeting.PersonID]Tablet
	Ended   error // ErrEnd or ErrNewer: nothing more can be recorded; shown on every screen
	Full    bool  // the disk is full: only what ends something is taken

	Arrivals []meeting.Arrival // files that came in and are no papers yet; never change it

	closed     []*meeting.Session // earlier sessions that are not sealed, as far as anybody has asked for them
	past       []bygone           // the sessions before the one in the room, oldest first
	superseded chan struct{}
}

// Tablet is what is known of one person's screen now.
type Tablet struct {
	Connected bool
	Seen      time.Time // of the last change
}

// SessionInfo is one line of the list of sessions.
type SessionInfo struct {
	ID     meeting.SessionID
	Number int
	Term   string
	Kind   string
	Title  string
	Starts time.Time
	Phase  meeting.Phase

	wrong *journal.Wrong // its log is not what was signed: nothing else is known of it
}

// bygone is a session that has left the room. What the list says of it is read
// from its log when somebody first asks: a start does not wait for it.
type bygone struct {
	id     meeting.SessionID
	sealed bool               // since the start
	brief  func() SessionInfo // read once
}

func (b bygone) info() SessionInfo {
	info := b.brief()
	if b.sealed {
		info.Phase = meeting.Sealed
	}
	return info
}

func emptySnapshot() *Snapshot {
	return &Snapshot{
		Session: meeting.NewSession(), House: meeting.NewRoom(),
		superseded: make(chan struct{}),
	}
}

// Superseded is closed when the next snapshot is published. A watcher takes the
// newest State then; it may skip some, and nobody waits for it.
func (s *Snapshot) Superseded() <-chan struct{} { return s.superseded }

// Sessions lists every session of the room, oldest first, the present one last; but
// for the Damaged.
func (r *Room) Sessions() []SessionInfo {
	s := r.State()
	var list []SessionInfo
	for _, b := range s.past {
		if info := b.info(); info.wrong == nil {
			list = append(list, info)
		}
	}
	if s.Session.Phase() == meeting.Nothing {
		return list
	}
	return append(list, infoOf(s.Session))
}

// Damaged are the earlier sessions whose log is not what was signed. Nothing is read of
// it or added to it any more; the session of today goes on.
func (r *Room) Damaged() []*journal.Wrong {
	var all []*journal.Wrong
	for _, b := range r.State().past {
		if wrong := b.brief().wrong; wrong != nil {
			all = append(all, wrong)
		}
	}
	return all
}

func infoOf(s *meeting.Session) SessionInfo {
	h := s.Header()
	return SessionInfo{
		ID: s.ID(), Number: h.Number, Term: h.Term, Kind: h.Kind, Title: h.Title,
		Starts: h.Starts, Phase: s.Phase(),
	}
}

// Closed is an earlier session that was worked on since the start, as it stands
// now; else nil: Room.Session finds any.
func (s *Snapshot) Closed(id meeting.SessionID) *meeting.Session {
	i := slices.IndexFunc(s.closed, func(c *meeting.Session) bool { return c.ID() == id })
	if i < 0 {
		return nil
	}
	return s.closed[i]
}

// Bygone are the earlier sessions that were worked on since the start, as they
// stand now.
func (s *Snapshot) Bygone() []*meeting.Session { return slices.Clone(s.closed) }

// show publishes the next snapshot: the newest one, changed.
func (r *Room) show(change func(*Snapshot)) *Snapshot {
	r.publish.Lock()
	defer r.publish.Unlock()
	last := r.state.Load()
	next := *last
	next.superseded = make(chan struct{})
	change(&next)
	r.state.Store(&next)
	close(last.superseded)
	return &next
}
