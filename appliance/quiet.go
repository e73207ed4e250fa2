package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// What is done once nothing has happened in the room for so long.
const (
	quiet = 100 * time.Millisecond // garbage is collected
	rest  = time.Second            // memory that has become free goes back to the system
)

// What either is worth doing for, in bytes.
const (
	litter = 2 << 20 // garbage
	spare  = 4 << 20 // free memory
)

// tidy uses the time between two happenings. Left to Go alone a collection comes
// while memory is being taken: just when a vote opens on a thousand screens, and
// takes a processor from it. And the papers are drawn on the same computer.
func (h *house) tidy(ctx context.Context) {
	chores := []struct {
		after time.Duration
		do    func()
	}{{quiet, collect}, {rest, giveBack}}
	next := 0
	for {
		var due <-chan time.Time
		if next < len(chores) {
			due = time.After(chores[next].after)
		}
		select {
		case <-h.room.State().Superseded():
			next = 0
		case <-due:
			chores[next].do()
			next++
		case <-ctx.Done():
			return
		}
	}
}

func collect() {
	if bytesOf("/memory/classes/heap/objects:bytes")-bytesOf("/gc/heap/live:bytes") > litter {
		runtime.GC()
	}
}

func giveBack() {
	if bytesOf("/memory/classes/heap/free:bytes") > spare {
		debug.FreeOSMemory()
	}
}

// bytesOf reads one of the runtime's figures.
func bytesOf(name string) int64 {
	figure := []metrics.Sample{{Name: name}}
	metrics.Read(figure)
	return int64(figure[0].Value.Uint64())
}
