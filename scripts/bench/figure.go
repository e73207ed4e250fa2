package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// figure is one line of the table: what is measured, beside its floor or against
// a number, and the bar it has to pass.
type figure struct {
	name     string
	unit     string
	bar      float64 // of the ratio, or of the figure itself
	relative bool    // the bar is of the ratio
	begin    func(context.Context, *bench) (*play, error)
}

// play is a figure being measured: every round measures both sides, one after
// the other, so that what disturbs the machine disturbs both.
type play struct {
	room, floor func(context.Context) (float64, error)
	end         func() error
}

// samples are what a side came to, a round each.
type samples []float64

func (s samples) median() float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

func (s samples) spread() (least, most float64) { return slices.Min(s), slices.Max(s) }

// result is a measured figure.
type result struct {
	figure
	room, under samples
}

// ratio is the median of the rounds' own ratios: each compares two measurements
// that lie next to each other.
func (r result) ratio() float64 {
	var each samples
	for i := range r.under {
		each = append(each, r.room[i]/r.under[i])
	}
	return each.median()
}

func (r result) passes() bool {
	if r.bar == 0 {
		return true
	}
	if r.relative {
		return r.ratio() <= r.bar
	}
	return r.room.median() <= r.bar
}

// measure plays a figure for so many rounds, the first of which only warms up.
func (b *bench) measure(ctx context.Context, f figure) (r result, err error) {
	p, err := f.begin(ctx, b)
	if err != nil {
		return r, fmt.Errorf("%s: %w", f.name, err)
	}
	defer func() {
		if p.end != nil {
			err = cmp.Or(err, p.end())
		}
	}()
	r.figure = f
	for round := range b.rounds + 1 {
		sides := []struct {
			do   func(context.Context) (float64, error)
			into *samples
		}{{p.floor, &r.under}, {p.room, &r.room}}
		if round%2 == 1 {
			slices.Reverse(sides)
		}
		for _, side := range sides {
			if side.do == nil {
				continue
			}
			calm()
			v, err := side.do(ctx)
			if err != nil {
				return r, fmt.Errorf("%s: %w", f.name, err)
			}
			if round > 0 || b.rounds == 0 {
				*side.into = append(*side.into, v)
			}
		}
	}
	return r, nil
}
