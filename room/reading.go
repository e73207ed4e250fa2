package room

import (
	"phonghop/journal"
	"phonghop/meeting"
)

// Reading folds a journal while it is being opened, on a processor of its own: give its
// Take to the journal's Config.Follow, End it when the journal is open, and hand it to
// Open. Nobody sees anything of it before.
type Reading struct {
	batch   []journal.Record
	batches chan []journal.Record
	done    chan struct{}

	house   foldedHouse // of no room before the first record
	present Folded      // of no session before the first record
}

// readAtOnce is how many records change hands at a time: waking the other processor
// costs as much as folding a few.
const readAtOnce = 32

// Read begins a reading.
func Read() *Reading {
	r := &Reading{batches: make(chan []journal.Record, 64), done: make(chan struct{})}
	go r.fold()
	return r
}

// Take is the next record: those of the room's log, then those of the session's in the
// room.
func (r *Reading) Take(rec journal.Record) {
	if r.batch = append(r.batch, rec); len(r.batch) == readAtOnce {
		r.batches <- r.batch
		r.batch = make([]journal.Record, 0, readAtOnce)
	}
}

// End waits until all that was taken is folded.
func (r *Reading) End() {
	r.batches <- r.batch
	close(r.batches)
	<-r.done
}

func (r *Reading) fold() {
	defer close(r.done)
	for batch := range r.batches {
		for _, rec := range batch {
			r.one(rec)
		}
	}
}

func (r *Reading) one(rec journal.Record) {
	if rec.Log == journal.RoomLog {
		if r.house.Room == nil {
			r.house.Room = meeting.NewRoom()
		}
		r.house.take(rec)
		return
	}
	if r.present.Session == nil {
		r.present.Session = meeting.NewSession()
	}
	r.present.take(rec)
}

// take is what was read: nothing of a log of which there was nothing, or where there is
// no reading.
func (r *Reading) take() (foldedHouse, Folded) {
	if r == nil {
		return foldedHouse{}, Folded{}
	}
	return r.house, r.present
}
