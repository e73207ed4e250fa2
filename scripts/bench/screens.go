package main

import (
	"context"
	"fmt"
	"time"

	"phonghop/ghosts"
)

// The figures of what screens show.

// opens is a vote that the chair opens, until the last of so many screens shows the
// sheet. The floor sends as many bytes to each as the room did in its last round.
func opens(members int) func(context.Context, *bench) (*play, error) {
	return func(ctx context.Context, b *bench) (*play, error) {
		members := b.many(members)
		ours, floor, err := b.pair(ctx, members, false, nil)
		if err != nil {
			return nil, err
		}
		watch := map[*hall]*ghosts.Watch{}
		for _, h := range []*hall{ours, floor} {
			watch[h] = h.crowd.WatchScreens(ctx, "member")
			entries, err := h.entries(ctx)
			if err != nil {
				return nil, err
			}
			if _, err := watch[h].Mark(entries).Wait(ctx); err != nil {
				return nil, err
			}
		}
		payload := int64(4096)
		one := func(h *hall, after func(context.Context, int64) error) func(context.Context) (float64, error) {
			return func(ctx context.Context) (float64, error) {
				w := watch[h]
				entries, err := h.entries(ctx)
				if err != nil {
					return 0, err
				}
				h.at = entries
				before, all := w.Bytes(), w.Mark(entries+1)
				began := time.Now()
				if err := h.open(ctx); err != nil {
					return 0, err
				}
				shown, err := all.Wait(ctx)
				if err != nil {
					return 0, fmt.Errorf("not every screen shows the change: %w", err)
				}
				return ms(latest(shown).Sub(began)), after(ctx, (w.Bytes()-before)/int64(members))
			}
		}
		room := one(ours, func(ctx context.Context, sent int64) error {
			payload = sent
			closed := watch[ours].Mark(ours.at + 2)
			if err := ours.close(ctx); err != nil {
				return err
			}
			_, err := closed.Wait(ctx)
			return err
		})
		bare := one(floor, func(context.Context, int64) error { return nil })
		return &play{room: room, floor: func(ctx context.Context) (float64, error) {
			if _, err := floor.chair.Press(ctx, fmt.Sprintf("/payload/%d", payload), nil); err != nil {
				return 0, err
			}
			calm()
			return bare(ctx)
		}, end: func() error {
			watch[ours].Stop()
			watch[floor].Stop()
			return ends(ours, floor)()
		}}, nil
	}
}

// again is a crowd that lost its lines dialling at once: from the first dial to
// the last screen that shows the room.
func again(members int, secure bool) func(context.Context, *bench) (*play, error) {
	return func(ctx context.Context, b *bench) (*play, error) {
		ours, floor, err := b.pair(ctx, b.many(members), secure, nil)
		if err != nil {
			return nil, err
		}
		payload := int64(4096)
		one := func(h *hall) func(context.Context) (float64, error) {
			return func(ctx context.Context) (float64, error) {
				entries, err := h.entries(ctx)
				if err != nil {
					return 0, err
				}
				began := time.Now()
				w := h.crowd.WatchScreens(ctx, "member")
				shown, err := w.Mark(max(1, entries)).Wait(ctx)
				if err != nil {
					return 0, fmt.Errorf("not every screen came back: %w", err)
				}
				took := latest(shown).Sub(began)
				if h == ours {
					payload = w.Bytes() / int64(len(h.crowd))
				}
				w.Stop()
				return ms(took), nil
			}
		}
		bare := one(floor)
		return &play{room: one(ours), floor: func(ctx context.Context) (float64, error) {
			if err := floor.open(ctx); err != nil { // its first entry
				return 0, err
			}
			if _, err := floor.chair.Press(ctx, fmt.Sprintf("/payload/%d", payload), nil); err != nil {
				return 0, err
			}
			return bare(ctx)
		}, end: ends(ours, floor)}, nil
	}
}
