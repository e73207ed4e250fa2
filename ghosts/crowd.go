package ghosts

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

// Crowd is many tablets of one room.
type Crowd []*Tablet

// Times is how long each of a crowd waited.
type Times []time.Duration

// At is the wait that so many of a hundred stayed within; At(100) is the longest.
func (t Times) At(percent float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	i := int(math.Ceil(percent / 100 * float64(len(sorted))))
	return sorted[min(max(i-1, 0), len(sorted)-1)]
}

// Took is what one tablet met with.
type Took struct {
	Seat   string
	Wait   time.Duration
	Answer Answer
	Err    error
}

// Each has every tablet do something, so many at a time, and returns what became
// of each, in the order of the crowd.
func (c Crowd) Each(atOnce int, do func(*Tablet) error) []Took {
	out := make([]Took, len(c))
	turns := make(chan struct{}, max(1, atOnce))
	var all sync.WaitGroup
	for i, t := range c {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			began := time.Now()
			err := do(t)
			out[i] = Took{Seat: t.Seat, Wait: time.Since(began), Err: err}
		})
	}
	all.Wait()
	return out
}

// AtOnce sends one request of every tablet in the same instant and waits for
// every answer. Waits are counted from that instant, the same for all: a tablet
// that had to stand in line is not flattered. The lines are open before.
func (c Crowd) AtOnce(ctx context.Context, request func(*Tablet) []byte) []Took {
	out := make([]Took, len(c))
	start := make(chan struct{})
	var ready, all sync.WaitGroup
	var instant time.Time
	for i, t := range c {
		ready.Add(1)
		all.Go(func() {
			wire, err := request(t), t.Connect(ctx)
			ready.Done()
			<-start
			if err == nil {
				out[i].Answer, err = t.Send(ctx, wire)
			}
			if err == nil {
				err = out[i].Answer.fault()
			}
			out[i].Seat, out[i].Wait, out[i].Err = t.Seat, time.Since(instant), err
		})
	}
	ready.Wait()
	instant = time.Now()
	close(start)
	all.Wait()
	return out
}

// Answered are the waits of those who got their answer.
func Answered(took []Took) Times {
	var out Times
	for _, t := range took {
		if t.Err == nil {
			out = append(out, t.Wait)
		}
	}
	return out
}

// Slowest is who waited longest among those who got their answer.
func Slowest(took []Took) (slowest Took, ok bool) {
	got := slices.DeleteFunc(slices.Clone(took), func(t Took) bool { return t.Err != nil })
	if len(got) == 0 {
		return Took{}, false
	}
	return slices.MaxFunc(got, func(a, b Took) int { return cmp.Compare(a.Wait, b.Wait) }), true
}

// Failed are those who got none.
func Failed(took []Took) []Took {
	return slices.DeleteFunc(slices.Clone(took), func(t Took) bool { return t.Err == nil })
}
