package main

import (
	"context"
	"slices"

	"phonghop/journal"
	"phonghop/sync/centre"
	"phonghop/sync/courier"
	"phonghop/templates"
)

// line is how delivery stands.
func (d *device) line(ctx context.Context, signed map[string]courier.Receipt) templates.ITCentre {
	s, _ := d.h.errands.State()
	paired, err := d.h.receipts.Centre(ctx)
	c := templates.ITCentre{
		Paired: err == nil, Name: paired.Name, URL: paired.URL, Running: s.Running, Good: s.Good, Next: s.Next,
		Papers: s.Progress.Bytes, Sent: s.Progress.BytesSent, Rate: s.Progress.Rate, Left: s.Progress.Left,
	}
	for _, r := range signed {
		c.Good = later(c.Good, r.At)
	}
	if s.Err != nil && c.Paired && c.URL != "" {
		c.Fault.VI, c.Fault.EN = courier.Sentence(s.Err)
	}
	return c
}

// rows are the logs on their way, the newest session first and the room's own last.
func (d *device) rows(signed map[string]courier.Receipt) []templates.ITRow {
	s, _ := d.h.errands.State()
	sizes := map[string]int64{}
	for _, l := range d.h.journal.Logs() {
		sizes[l.Name] = l.Size
	}
	row := func(log string) templates.ITRow {
		r := signed[log]
		out := templates.ITRow{Here: sizes[log], Sent: r.Size, Confirmed: min(r.Size, sizes[log]), Receipt: centre.ReceiptNumber(r.Note), At: r.At}
		if p := s.Progress.Logs[log]; p != nil {
			out.Sent = max(out.Sent, p.Sent)
		}
		out.Sent = min(out.Sent, out.Here)
		return out
	}
	var rows []templates.ITRow
	for _, info := range slices.Backward(d.h.room.Sessions()) {
		r := row(string(info.ID))
		r.Session, r.Title = info.Number, info.Title
		rows = append(rows, r)
	}
	return append(rows, row(journal.RoomLog))
}

// rowsShown are the sessions listed when all is well.
const rowsShown = 6

// shortened leaves out older sessions of which nothing is left to say.
func shortened(rows []templates.ITRow) []templates.ITRow {
	var out []templates.ITRow
	for i, r := range rows {
		if i < rowsShown || r.Confirmed < r.Here || i == len(rows)-1 {
			out = append(out, r)
		}
	}
	return out
}
