package main

import (
	"sync"
	"time"

	"phonghop/inbox"
	"phonghop/store"
	"phonghop/templates"
)

const (
	drivesEvery  = 5 * time.Second // with the page open
	drivesWithin = time.Second     // how long the page waits for a drive to say how it is
)

// drives are the USB drives as they were listed last. One that hangs holds up the
// next list, and neither the page nor anything else.
type drives struct {
	media func() []inbox.Medium

	mu     sync.Mutex
	list   []templates.ITDrive
	at     time.Time     // of the list
	listed chan struct{} // closed when the listing in hand has ended; nil: none is
}

// plugged are the drives, listed anew every few seconds at most.
func (d *drives) plugged() []templates.ITDrive {
	if listed := d.look(); listed != nil {
		select {
		case <-listed:
		case <-time.After(drivesWithin):
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.list
}

// changed has them listed anew for the next who asks.
func (d *drives) changed() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = time.Time{}
}

// look begins a listing where the last is too old. The channel closes when the
// listing in hand has ended; nil where none is.
func (d *drives) look() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listed == nil && time.Since(d.at) > drivesEvery {
		d.listed = make(chan struct{})
		go d.ask()
	}
	return d.listed
}

// ask asks each drive how much room it has. Nobody waits for its end at a stop: a
// drive that hangs would hold that up too.
func (d *drives) ask() {
	var list []templates.ITDrive
	for _, m := range d.media() {
		free, _ := store.Free(m.Path) // a drive that does not say has none
		list = append(list, templates.ITDrive{Name: m.Name, Path: m.Path, Free: int64(free)})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list, d.at = list, time.Now()
	close(d.listed)
	d.listed = nil
}
