package meeting

import (
	"slices"
	"strconv"
	"time"
)

// piece names a part of the session that an act changes and an undo gives back.
type piece struct {
	part part
	id   string
}

type part byte

const (
	everything part = iota // what later acts rest on as a whole
	ofPerson
	ofItem
	ofAgenda
	ofFloor
	ofPhase
	ofChair
	ofTurn    // what is written of a speech: rested on, never given back
	ofCurrent // which item is open: changed with the item itself
)

// moment is an act that may still be taken back, with the session before it.
type moment struct {
	seq    int64
	at     time.Time
	by     PersonID
	kind   Kind
	pieces []piece
	before *Session
}

// undoable says what an act of this kind changes; kinds that are not here can
// never be taken back (a ballot, a closed vote, a closed session, a signature).
func undoable(e Entry) []piece {
	person := func() piece { return piece{ofPerson, string(data[dataPersonRef](e).Person)} }
	item := func() piece { return piece{ofItem, string(data[dataItemRef](e).Item)} }
	switch e.Kind {
	case MarkedPresent, AbsenceReported, AbsenceAnswered:
		return []piece{person()}
	case MarkedAway:
		return []piece{person(), {ofFloor, ""}}
	case FloorWithdrawn, FloorExtended, FloorYielded:
		return []piece{{ofFloor, ""}}
	case FloorGiven:
		return []piece{{ofFloor, ""}, turnPiece(e.Seq)}
	case ItemOpened:
		return []piece{item(), {ofCurrent, ""}}
	case ItemDeferred, ItemRestored, ItemConcluded:
		return []piece{item()}
	case ItemClosed:
		return []piece{item(), {ofFloor, ""}, {ofCurrent, ""}}
	case ItemMoved:
		return []piece{{ofAgenda, ""}}
	case RecessBegan, RecessEnded:
		return []piece{{ofPhase, ""}}
	case ChairHandedOver:
		return []piece{{ofChair, ""}}
	}
	return nil
}

// rests says what an entry rests on beyond what it changes: while it stands,
// those pieces cannot be given back.
func (s *Session) rests(e Entry) []piece {
	switch e.Kind {
	case SessionOpened, VoteOpened, VoteClosed, VoteAnnulled, SessionClosed, RecordSealed:
		return []piece{{everything, ""}}
	case BallotCast:
		return []piece{{ofPerson, string(e.ballot.Member)}}
	case FloorAsked:
		d := data[dataFloorAsked](e)
		return []piece{{ofFloor, ""}, {ofPerson, string(d.Person)}, {ofItem, string(d.Item)}}
	case FloorGiven:
		d := data[dataFloorGiven](e)
		return []piece{{ofPerson, string(d.Person)}, {ofItem, string(d.Item)}}
	case ItemOpened, ItemClosed:
		return []piece{{ofPhase, ""}, {ofAgenda, ""}}
	case ItemAdded, ItemChanged:
		return []piece{{ofAgenda, ""}, {ofItem, string(data[dataItem](e).Item)}}
	case PaperPlaced, OpinionWritten, PaperMoved:
		return []piece{{ofItem, string(data[dataItemRef](e).Item)}}
	case PaperWithdrawn, PaperChanged:
		if it, _ := s.paper(data[dataPaperWithdrawn](e).Paper); it != nil {
			return []piece{{ofItem, string(it.ID)}}
		}
	case MinutesWritten, WordsConfirmed, WordsProposed:
		return []piece{turnPiece(data[dataTurn](e).Turn)}
	case PersonSeated, PersonRemoved:
		return []piece{{ofPerson, string(data[dataPersonRef](e).Person)}}
	}
	return nil
}

func turnPiece(seq int64) piece { return piece{ofTurn, strconv.FormatInt(seq, 10)} }

// remember notes what an entry touches, before it is folded.
func (s *Session) remember(e Entry) {
	pieces := undoable(e)
	if pieces != nil {
		s.keep(e, pieces)
	}
	for _, p := range slices.Concat(pieces, s.rests(e)) {
		if !s.own.touched {
			s.touched, s.own.touched = s.touched.fork(), true
		}
		s.touched.set(p, e.Seq)
	}
}

// keep holds on to the session as it is, for an undo.
func (s *Session) keep(e Entry, pieces []piece) {
	before := *s
	before.history = nil
	s.own = owned{} // what before shares, s must copy before changing
	recent := s.history[max(0, len(s.history)-undoDepth+1):]
	s.history = append(slices.Clone(recent), moment{e.Seq, e.At, e.By, e.Kind, pieces, &before})
}

// Undo takes back an act: within 10 seconds, by the person who did it, if
// nothing rests on it since.
func (s *Session) Undo(a Act, seq int64) ([]Event, error) {
	if s.phase == Nothing || s.over() {
		return nil, UndoNever
	}
	line, ok := s.line(seq)
	if ok && line.Undone {
		return nil, nil
	}
	m, ok := s.moment(seq)
	switch {
	case !ok:
		return nil, UndoNever
	case m.by != a.By:
		return nil, UndoOthers
	case a.At.Sub(m.at) > undoSeconds*time.Second || a.At.Before(m.at):
		return nil, UndoTooLate
	case s.restedOn(m):
		return nil, UndoRested
	}
	return one(Undone, dataSeq{seq}), nil
}

func (s *Session) moment(seq int64) (moment, bool) {
	i := slices.IndexFunc(s.history, func(m moment) bool { return m.seq == seq })
	if i < 0 {
		return moment{}, false
	}
	return s.history[i], true
}

func (s *Session) restedOn(m moment) bool {
	for _, p := range m.pieces {
		if s.touched.of(p) > m.seq {
			return true
		}
	}
	return s.touched.of(piece{everything, ""}) > m.seq
}

func (s *Session) foldUndone(e Entry) {
	s.roll = e.Seq + 1 // it may give somebody back
	d := data[dataSeq](e)
	m, ok := s.moment(d.Seq)
	if !ok {
		return
	}
	for _, p := range m.pieces {
		s.giveBack(p, m.before)
	}
	s.untouch(m)
	s.history = slices.DeleteFunc(slices.Clone(s.history), func(o moment) bool { return o.seq >= m.seq })
	if l := s.editLine(d.Seq); l != nil {
		l.Undone = true
		s.tell(e, Line{Person: l.Person, Item: l.Item, Refers: d.Seq})
	}
}

// untouch makes what the act touched rest where it rested before.
func (s *Session) untouch(m moment) {
	touched := s.touched.fork()
	for p, seq := range s.touched.all() {
		if seq == m.seq {
			touched.set(p, m.before.touched.of(p))
		}
	}
	s.touched, s.own.touched = touched, true
}

// giveBack restores one piece as it was; counts of acts stay, they key forms.
func (s *Session) giveBack(p piece, before *Session) {
	switch p.part {
	case ofPerson:
		if i, ok := before.byID[PersonID(p.id)]; ok {
			now, was := s.editPerson(PersonID(p.id)), *before.people[i]
			was.acts, was.votesCast = now.acts, now.votesCast
			*now = was
		}
	case ofItem:
		if was := before.item(ItemID(p.id)); was != nil {
			now, back := s.editItem(ItemID(p.id)), *was
			// Pages that were drawn and texts that were written meanwhile stay.
			back.papers, back.presented, back.digest, back.other = now.papers, now.presented, now.digest, now.other
			*now = back
			delete(s.own.item, was.ID) // its opinions are shared again
		}
	case ofAgenda:
		s.items, s.own.items = s.orderedAs(before.items), true
	case ofFloor:
		s.floor = before.floor
		s.turnsAsBefore(before.turns)
	case ofPhase:
		s.phase, s.recess, s.pause, s.recesses = before.phase, before.recess, before.pause, before.recesses
	case ofChair:
		s.presiding, s.chairs = before.presiding, before.chairs
	}
}

// orderedAs is the agenda of now in an earlier order.
func (s *Session) orderedAs(order []*item) []*item {
	out := make([]*item, 0, len(s.items))
	for _, was := range order {
		if it := s.item(was.ID); it != nil {
			out = append(out, it)
		}
	}
	for _, it := range s.items {
		if !slices.Contains(out, it) {
			out = append(out, it)
		}
	}
	return out
}
