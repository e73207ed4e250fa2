package inbox

import "phonghop/meeting"

// law is what the inbox asks of a session, worked out once for each state of it.
type law struct {
	of     *meeting.Session
	view   meeting.View    // as its secretary sees it
	papers map[string]bool // by mark: bytes that are or were a paper of an item
}

// law reads a session as its secretary sees it.
func (in *Inbox) law(s *meeting.Session) *law {
	if l := in.laws.Load(); l != nil && l.of == s {
		return l
	}
	l := &law{of: s, view: s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}), papers: map[string]bool{}}
	for _, it := range l.view.Agenda {
		for _, p := range it.Papers {
			l.papers[mark(it.ID, p.Ref)] = true
		}
	}
	for _, p := range s.Drawings() {
		l.papers[mark(p.Item, p.Ref)] = true
	}
	in.laws.Store(l)
	return l
}

// now is the session in the room.
func (in *Inbox) now() *law { return in.law(in.c.Room.State().Session) }
