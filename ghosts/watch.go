package ghosts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Watch is a crowd whose screens are on: every tablet follows its stream, and
// dials again when it ends, as a tablet does.
type Watch struct {
	cancel  context.CancelFunc
	all     sync.WaitGroup
	mu      sync.Mutex
	crowd   Crowd
	screens []watched
	marks   []*Mark
	refused error // why a screen will never be on
}

type watched struct {
	journal int64     // entries it shows
	at      time.Time // since when
	bytes   int64     // heard so far
	on      bool
	dropped int
	err     error // of the last stream
}

// WatchScreens has every tablet listen. It returns at once; a Mark waits.
func (c Crowd) WatchScreens(ctx context.Context, screen string) *Watch {
	ctx, cancel := context.WithCancel(ctx)
	w := &Watch{cancel: cancel, crowd: c, screens: make([]watched, len(c))}
	for i, t := range c {
		w.all.Go(func() { w.follow(ctx, i, t, screen) })
	}
	return w
}

// again is how soon a tablet whose stream ended dials again.
const again = 2 * time.Second

func (w *Watch) follow(ctx context.Context, i int, t *Tablet, screen string) {
	for ctx.Err() == nil {
		err := t.Listen(ctx, screen, func(h Heard) error {
			w.heard(i, h)
			return nil
		})
		w.lost(i, err)
		if ctx.Err() != nil || errors.Is(err, ErrRefused) {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
}

func (w *Watch) heard(i int, h Heard) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &w.screens[i]
	s.bytes += int64(h.Bytes)
	if h.Journal == 0 {
		return
	}
	s.on = true
	if h.Journal <= s.journal {
		return
	}
	s.journal, s.at = h.Journal, h.At
	for _, m := range w.marks {
		m.reached(i, s)
	}
}

func (w *Watch) lost(i int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &w.screens[i]
	if s.on {
		s.dropped++
	}
	s.on, s.err = false, err
	if errors.Is(err, ErrRefused) && w.refused == nil {
		w.refused = fmt.Errorf("%s: %w", w.crowd[i].Seat, err)
		for _, m := range w.marks {
			m.settle()
		}
	}
}

// Mark is a number of entries that every screen is to show.
type Mark struct {
	watch   *Watch
	journal int64
	at      []time.Time // when each screen first showed it; guarded by watch.mu
	missing int
	settled bool
	done    chan struct{}
}

// Mark begins to wait for so many entries. Ask before the press that makes them.
func (w *Watch) Mark(journal int64) *Mark {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := &Mark{watch: w, journal: journal, at: make([]time.Time, len(w.screens)), missing: len(w.screens), done: make(chan struct{})}
	w.marks = append(w.marks, m)
	for i := range w.screens {
		m.reached(i, &w.screens[i])
	}
	if w.refused != nil {
		m.settle()
	}
	return m
}

// reached notes a screen that shows the mark. mu is held.
func (m *Mark) reached(i int, s *watched) {
	if !m.at[i].IsZero() || s.journal < m.journal {
		return
	}
	m.at[i] = s.at
	if m.missing--; m.missing == 0 {
		m.settle()
	}
}

// settle ends the wait. mu is held.
func (m *Mark) settle() {
	if !m.settled {
		m.settled = true
		close(m.done)
	}
}

// Wait returns when each screen showed the mark, as soon as all do. The error is
// the context's, or ErrRefused where the room turned a screen away; a screen that
// has not shown the mark by then has a zero time.
func (m *Mark) Wait(ctx context.Context) (at []time.Time, err error) {
	select {
	case <-m.done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	m.watch.mu.Lock()
	defer m.watch.mu.Unlock()
	m.watch.marks = slices.DeleteFunc(m.watch.marks, func(o *Mark) bool { return o == m })
	if err == nil && m.missing > 0 {
		err = m.watch.refused
	}
	return slices.Clone(m.at), err
}

// Bytes is what all screens have heard so far.
func (w *Watch) Bytes() (sum int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.screens {
		sum += s.bytes
	}
	return sum
}

// Dropped counts the streams that ended though nobody wanted them to.
func (w *Watch) Dropped() (sum int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.screens {
		sum += s.dropped
	}
	return sum
}

// Stop turns every screen off.
func (w *Watch) Stop() {
	w.cancel()
	w.all.Wait()
}
