package room

import (
	"context"
	"errors"
	"time"

	"phonghop/store"
)

const (
	batchMost = 512             // commands decided and committed together at most
	fullEvery = 5 * time.Second // how often a full disk is looked at again
)

// order is a command on its way through a batch.
type order struct {
	decide func(*desk) (Answer, error)
	answer Answer       // owned by run
	err    error        // owned by run
	done   chan outcome // receives once; buffered, so run never waits for an asker
}

type outcome struct {
	answer Answer
	err    error
}

// order queues a command and waits for its outcome.
func (r *Room) order(ctx context.Context, decide func(*desk) (Answer, error)) (Answer, error) {
	o := &order{decide: decide, done: make(chan outcome, 1)}
	select {
	case <-r.stop:
		return Answer{}, ErrClosed
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	case r.orders <- o:
	}
	select {
	case out := <-o.done:
		return out.answer, out.err
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	case <-r.gone:
	}
	select { // answered just before run returned?
	case out := <-o.done:
		return out.answer, out.err
	default:
		return Answer{}, ErrClosed
	}
}

// run is the one writer: it owns the desk and the journal's batch.
func (r *Room) run() {
	defer close(r.gone)
	look := time.NewTicker(fullEvery)
	defer look.Stop()
	for {
		select {
		case <-r.stop:
			return
		case <-look.C:
			r.lookForSpace()
		case o := <-r.orders:
			r.batch(r.gather(o))
		}
	}
}

// gather takes what is waiting, and never waits for more.
func (r *Room) gather(first *order) []*order {
	orders := []*order{first}
	for len(orders) < batchMost {
		select {
		case o := <-r.orders:
			orders = append(orders, o)
		default:
			return orders
		}
	}
	return orders
}

// batch decides the orders one after the other, commits what they recorded and
// answers. A command that recorded nothing is answered with the others: what it
// read may rest on entries before it in the batch.
func (r *Room) batch(orders []*order) {
	err := r.State().Ended
	if err == nil {
		err = r.carryOut(orders)
	}
	for _, o := range orders {
		if err != nil {
			o.answer, o.err = Answer{}, err
		}
		if o.err == nil {
			o.answer.State = r.State()
		}
		o.done <- outcome{o.answer, o.err}
	}
}

func (r *Room) carryOut(orders []*order) error {
	d := r.newDesk()
	for _, o := range orders {
		o.answer, o.err = o.decide(d)
	}
	if d.batch.Len() == 0 {
		d.batch.Discard()
		return nil
	}
	if err := r.commit(context.Background(), d.batch); err != nil {
		return r.afterFailure(err)
	}
	r.show(d.onto)
	return nil
}

// afterFailure is what every asker of a batch hears whose commit failed. The
// working copy is dropped with the desk.
func (r *Room) afterFailure(err error) error {
	r.log.Error("a batch was not committed", "err", err)
	switch {
	case errors.Is(err, store.ErrFull):
		r.diskFull()
		return ErrFull
	case errors.Is(err, store.ErrEnd):
		return r.end(ErrEnd)
	}
	return r.recovered(&Fault{err})
}

// recovered reads the journal anew after a commit that may or may not be on
// disk. It answers with the fault, or with ErrEnd if that fails twice.
func (r *Room) recovered(fault error) error {
	ctx := context.Background()
	for range 2 {
		err := r.recover(ctx)
		if err == nil {
			err = r.load(ctx)
		}
		if err == nil {
			r.log.Warn("the journal was reopened and read again")
			return fault
		}
		r.log.Error("reopening the journal", "err", err)
		switch {
		case errors.Is(err, store.ErrEnd):
			return r.end(ErrEnd)
		case errors.Is(err, store.ErrFull):
			r.diskFull() // the reserve makes room for the second try
		}
	}
	return r.end(ErrEnd)
}

// end stops the room for good; every screen says so.
func (r *Room) end(err error) error {
	r.log.Error("the room takes nothing more", "err", err)
	r.show(func(s *Snapshot) { s.Ended = err })
	return err
}

// diskFull gives up the reserve, so that there is room to close what is open.
func (r *Room) diskFull() {
	if r.reserve != nil && !r.State().Full {
		if err := r.reserve.Release(); err != nil {
			r.log.Error("giving up the reserve", "err", err)
		}
	}
	r.show(func(s *Snapshot) { s.Full = true })
}

// lookForSpace ends the emergency once the reserve can be laid aside again.
func (r *Room) lookForSpace() {
	if !r.State().Full {
		return
	}
	if r.reserve != nil {
		if err := r.reserve.Refill(); err != nil {
			return
		}
	}
	r.log.Info("there is space on the disk again")
	r.show(func(s *Snapshot) { s.Full = false })
}
