package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// What a soak reads when the room rests, and what it makes of it.

// reading is the server's own figures at a moment of rest.
type reading struct {
	name       string
	at         time.Duration
	entries    int
	streams    int
	goroutines int
	fds        int
	heap       float64 // bytes in use after a collection
	stack      float64
	resident   float64
}

const readingHead = "at         time    entries  streams  goroutines  files    heap MB  stack MB  resident MB"

func (r reading) String() string {
	return fmt.Sprintf("%-9s %6s %9d %8d %11d %6d %10.2f %9.2f %12.1f", r.name, r.at.Round(time.Second), r.entries, r.streams,
		r.goroutines, r.fds, mb(r.heap), mb(r.stack), mb(r.resident))
}

func mb(bytes float64) float64 { return bytes / MB }

const (
	steadyFor   = 2 * time.Second // goroutines and files must not have moved for so long
	steadyMost  = 45 * time.Second
	steadyEvery = 200 * time.Millisecond
	sweeps      = 2 // collections before memory is read: the second empties what the first only aged
)

// rest waits until nothing goes on, has the server collect its garbage, and reads
// its figures.
func (s *soak) rest(ctx context.Context, name string) error {
	s.hang()
	if err := s.steady(ctx); err != nil {
		return err
	}
	if err := s.collected(ctx); err != nil {
		return err
	}
	r, err := s.least(ctx)
	if err != nil {
		return err
	}
	r.name, r.at = name, time.Since(s.began)
	s.readings = append(s.readings, r)
	fmt.Fprintln(s.out, r)
	return nil
}

// steady waits until as many streams are open as tablets listen, the program that
// draws pages has ended, and the numbers of goroutines and files have not moved for
// a while.
func (s *soak) steady(ctx context.Context) error {
	listening := 0
	for _, p := range s.people {
		if p.watch != nil {
			listening++
		}
	}
	var last reading
	since, till := time.Now(), time.Now().Add(steadyMost)
	for {
		r, err := s.now(ctx)
		if err != nil {
			return err
		}
		if r.streams != listening || len(s.hall.children()) > 0 || r.goroutines != last.goroutines || r.fds != last.fds {
			last, since = r, time.Now()
		}
		if time.Since(since) >= steadyFor {
			return nil
		}
		if time.Now().After(till) {
			return fmt.Errorf("the room does not come to rest: %d streams of %d, %d goroutines, %d files", r.streams, listening, r.goroutines, r.fds)
		}
		if err := sleep(ctx, steadyEvery); err != nil {
			return err
		}
	}
}

// collected reads the figures until the server has collected the garbage of that
// and of all before.
func (s *soak) collected(ctx context.Context) error {
	for from := -1.0; ; {
		f, err := s.figures(ctx)
		if err != nil {
			return err
		}
		if from < 0 {
			from = f[collections]
		}
		if f[collections] >= from+sweeps {
			return nil
		}
	}
}

// least is the smallest of a few readings in a row: a request in hand adds, and
// what was collected is swept away within moments.
func (s *soak) least(ctx context.Context) (reading, error) {
	best := reading{goroutines: math.MaxInt, fds: math.MaxInt, heap: math.Inf(1)}
	for range 5 {
		r, err := s.now(ctx)
		if err != nil {
			return r, err
		}
		r.goroutines, r.fds, r.heap = min(r.goroutines, best.goroutines), min(r.fds, best.fds), min(r.heap, best.heap)
		best = r
		if err := sleep(ctx, steadyEvery/4); err != nil {
			return r, err
		}
	}
	return best, nil
}

const collections = "go_gc_duration_seconds_count"

func (s *soak) now(ctx context.Context) (reading, error) {
	f, err := s.figures(ctx)
	return reading{
		entries: int(f["phonghop_entries"]), streams: int(f["phonghop_streams"]), goroutines: int(f["go_goroutines"]),
		fds: int(f["process_open_fds"]), heap: f["go_memstats_heap_alloc_bytes"], stack: f["go_memstats_stack_inuse_bytes"],
		resident: f["process_resident_memory_bytes"],
	}, err
}

// figures are the server's metrics that have no labels.
func (s *soak) figures(ctx context.Context) (map[string]float64, error) {
	a, err := s.observer.Get(ctx, "/metrics")
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for line := range bytes.Lines(a.Body) {
		name, value, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			out[name] = v
		}
	}
	if out["go_goroutines"] == 0 {
		return nil, errors.New("the room tells nothing of itself at /metrics")
	}
	return out, nil
}

// What a room may keep beyond its record.
const (
	goroutinesMore = 3       // between two rests
	filesMore      = 4       // connections of the database pools, which open when needed and stay
	indexFiles     = 5       // of the search index, which opens with the first paper, in the first hour
	heapMore       = 2 << 20 // bytes: against the room opened anew
)

// soakVerdict is what a soak found.
type soakVerdict struct {
	counts     soakCounts
	entries    int     // recorded in the hours
	perEntry   float64 // bytes of heap for each of them
	compared   bool    // with the room opened anew
	leftBehind float64 // bytes of heap beyond what that one holds
	leaks      []string
}

func (v soakVerdict) String() string {
	c := v.counts
	var b strings.Builder
	fmt.Fprintf(&b, "\n%d votes, %d ballots acknowledged and counted, %d streams lost, %d pages, %d speeches, %d opinions, %d papers, %d wrong codes\n",
		c.votes, c.ballots, c.dropped, c.pages, c.speeches, c.opinions, c.papers, c.strangers)
	fmt.Fprintf(&b, "the record: %d entries, %.0f bytes of heap each", v.entries, v.perEntry)
	if v.compared {
		fmt.Fprintf(&b, "; beyond what the room opened anew holds: %.2f MB", mb(v.leftBehind))
	}
	fmt.Fprintln(&b)
	for _, leak := range v.leaks {
		fmt.Fprintln(&b, "LEAK:", leak)
	}
	if len(v.leaks) == 0 {
		fmt.Fprintln(&b, "flat")
	}
	return b.String()
}

func (v soakVerdict) err() error {
	if len(v.leaks) > 0 {
		return errors.New("a leak: " + strings.Join(v.leaks, "; "))
	}
	return nil
}

// judge compares the readings of the session.
func (s *soak) judge() soakVerdict {
	list := s.readings
	v := soakVerdict{counts: s.counts, compared: s.anew}
	in, hours := list[1], list[1:2+s.hours]
	last := hours[s.hours]
	v.entries = last.entries - in.entries
	v.perEntry = (last.heap - in.heap) / float64(max(1, v.entries))
	for _, judged := range []struct {
		what     string
		of       func(reading) int
		may      int
		readings []reading
	}{
		{"goroutines hour after hour", func(r reading) int { return r.goroutines }, goroutinesMore, hours},
		{"files hour after hour", func(r reading) int { return r.fds }, filesMore, hours[1:]},
		{"goroutines after everybody left", func(r reading) int { return r.goroutines }, goroutinesMore, []reading{list[0], list[2+s.hours]}},
		{"files after everybody left", func(r reading) int { return r.fds }, filesMore + indexFiles, []reading{list[0], list[2+s.hours]}},
	} {
		v.leaks = append(v.leaks, grown(judged.what, judged.of, judged.may, judged.readings)...)
	}
	if s.anew {
		v.leftBehind = last.heap - list[3+s.hours].heap
	}
	if v.leftBehind > heapMore {
		v.leaks = append(v.leaks, fmt.Sprintf("heap: %.2f MB more than the record", mb(v.leftBehind)))
	}
	return v
}

// grown is the sentence for a number that is now more above the least it ever was
// than it may be.
func grown(what string, of func(reading) int, may int, list []reading) []string {
	first, last := of(list[0]), of(list[len(list)-1])
	for _, r := range list {
		first = min(first, of(r))
	}
	if last-first <= may {
		return nil
	}
	return []string{fmt.Sprintf("%s: %d, at last %d", what, first, last)}
}
