package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// The figures of voting.

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// pair starts a room and a floor on the same members, each with lines for so many.
func (b *bench) pair(ctx context.Context, members int, secure bool, around func(side string, command []string) []string) (ours, floor *hall, err error) {
	if around == nil {
		around = func(_ string, command []string) []string { return command }
	}
	for _, side := range []string{"room", "floor"} {
		st, err := b.stage(ctx, members, side)
		if err != nil {
			return nil, nil, err
		}
		command := b.serve(st.Dir, secure)
		if side == "floor" {
			command = b.serveFloor(st.Dir, secure)
		}
		s, err := start(ctx, around(side, command)...)
		if err != nil {
			return nil, nil, err
		}
		h, err := enter(s, st, members)
		if err != nil {
			return nil, nil, err
		}
		if side == "room" {
			ours = h
		} else {
			floor = h
		}
	}
	return ours, floor, nil
}

// instant is everybody voting in the same instant, until the last is acknowledged.
func instant(members int, slow time.Duration) func(context.Context, *bench) (*play, error) {
	return func(ctx context.Context, b *bench) (*play, error) {
		var around func(string, []string) []string
		if slow > 0 {
			around = func(side string, c []string) []string {
				return slowed(slow, filepath.Join(b.dir, side+".strace"), c...)
			}
		}
		ours, floor, err := b.pair(ctx, b.many(members), false, around)
		if err != nil {
			return nil, err
		}
		one := func(h *hall) func(context.Context) (float64, error) {
			return func(ctx context.Context) (float64, error) {
				if err := h.open(ctx); err != nil {
					return 0, err
				}
				calm()
				waits, err := h.cast(ctx)
				if err != nil {
					return 0, err
				}
				return ms(waits.At(100)), h.close(ctx)
			}
		}
		return &play{room: one(ours), floor: one(floor), end: ends(ours, floor)}, nil
	}
}

func ends(halls ...*hall) func() error {
	return func() error {
		var errs []error
		for _, h := range halls {
			h.leave()
			errs = append(errs, h.stop())
		}
		return errors.Join(errs...)
	}
}

// fsyncs counts what a hundred ballots at once cost the disk.
func fsyncs(ctx context.Context, b *bench) (*play, error) {
	st, err := b.stage(ctx, b.many(1000), "room")
	if err != nil {
		return nil, err
	}
	log := filepath.Join(b.dir, "fsyncs.strace")
	s, err := start(ctx, slowed(0, log, b.serve(st.Dir, false)...)...)
	if err != nil {
		return nil, err
	}
	h, err := enter(s, st, b.many(100))
	if err != nil {
		return nil, err
	}
	count := func() (int, error) {
		out, err := os.ReadFile(log)
		return bytes.Count(out, []byte("sync(")), err
	}
	return &play{room: func(ctx context.Context) (float64, error) {
		if err := h.open(ctx); err != nil {
			return 0, err
		}
		calm()
		before, err := count()
		if err != nil {
			return 0, err
		}
		if _, err := h.cast(ctx); err != nil {
			return 0, err
		}
		calm()
		after, err := count()
		if err != nil {
			return 0, err
		}
		return float64(after - before), h.close(ctx)
	}, end: ends(h)}, nil
}

// watched is everybody voting while everybody watches: from the last
// acknowledgement to the last screen that shows the final count.
func watched(what string) func(context.Context, *bench) (*play, error) {
	return func(ctx context.Context, b *bench) (*play, error) {
		members := b.many(1000)
		st, err := b.stage(ctx, members, "room")
		if err != nil {
			return nil, err
		}
		s, err := start(ctx, b.serve(st.Dir, false)...)
		if err != nil {
			return nil, err
		}
		h, err := enter(s, st, members)
		if err != nil {
			return nil, err
		}
		read := (*server).memory
		if what == "resident" {
			read = (*server).resident
		}
		w := h.crowd.WatchScreens(ctx, "member")
		return &play{room: func(ctx context.Context) (float64, error) {
			if err := h.open(ctx); err != nil {
				return 0, err
			}
			entries, err := h.entries(ctx)
			if err != nil {
				return 0, err
			}
			if _, err := w.Mark(entries).Wait(ctx); err != nil {
				return 0, fmt.Errorf("not every screen shows the vote: %w", err)
			}
			calm()
			bytes, last := w.Bytes(), w.Mark(entries+int64(members))
			began := time.Now()
			waits, err := h.cast(ctx)
			if err != nil {
				return 0, err
			}
			acknowledged := began.Add(waits.At(100))
			shown, err := last.Wait(ctx)
			if err != nil {
				return 0, fmt.Errorf("not every screen shows the count: %w", err)
			}
			calm()
			sent := w.Bytes() - bytes
			held, err := read(h.server)
			if err != nil {
				return 0, err
			}
			if err := h.close(ctx); err != nil {
				return 0, err
			}
			switch what {
			case "bytes":
				return float64(sent) / float64(members), nil
			case "memory", "resident":
				return mb(float64(held)), nil
			case "acknowledged":
				return ms(waits.At(100)), nil
			}
			return ms(latest(shown).Sub(acknowledged)), nil
		}, end: func() error { w.Stop(); return ends(h)() }}, nil
	}
}

func latest(times []time.Time) (last time.Time) {
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
