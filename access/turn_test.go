package access

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// TestManyWantTheSameSeatsAtOnce has three tablets race for each of forty seats:
// whoever shares a transaction must not sit down on the same chair.
func TestManyWantTheSameSeatsAtOnce(t *testing.T) {
	r := open(t)
	const seats, rivals = 40, 3
	var bound [seats]atomic.Int32
	var all sync.WaitGroup
	for seat := range seats {
		c := r.card(fmt.Sprint("m", seat), 0)
		for range rivals {
			b := r.tablet("10.0.0.9")
			all.Go(func() {
				cookie, _, err := b.EnterToken(t.Context(), c.Token, b.device, b.now)
				if err != nil {
					t.Error(err)
					return
				}
				switch s, err := b.Bind(t.Context(), cookie, b.now); {
				case err == nil && s.Bound:
					bound[seat].Add(1)
				case !errors.Is(err, ErrTaken) || !s.Waits:
					t.Errorf("seat %d: %+v, %v", seat, s, err)
				}
			})
		}
	}
	all.Wait()
	for seat := range seats {
		if n := bound[seat].Load(); n != 1 {
			t.Errorf("seat %d has %d tablets", seat, n)
		}
	}
	if n := len(r.Bound(session)); n != seats {
		t.Errorf("%d seats are bound, want %d", n, seats)
	}
	r.restart()
	if n := len(r.Bound(session)); n != seats {
		t.Errorf("%d seats are bound after a restart, want %d", n, seats)
	}
}

// BenchmarkSigningIn is a hall of people with their cards at once; one operation
// is one tablet signed in and bound, on disk.
func BenchmarkSigningIn(b *testing.B) {
	a, err := Open(b.Context(), b.TempDir(), at())
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	people := make([]Person, b.N)
	for i := range people {
		people[i] = Person{ID: fmt.Sprint("m", i)}
	}
	cards, err := a.IssueCards(b.Context(), session, people, at())
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	var all sync.WaitGroup
	for _, c := range cards {
		all.Go(func() {
			cookie, _, err := a.EnterToken(b.Context(), c.Token, Device{Cookie: NewDevice()}, at())
			if err == nil {
				_, err = a.Bind(b.Context(), cookie, at())
			}
			if err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
}
