package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/sync/courier"
)

// syncPatience is how long a delivery that was asked for may take.
const syncPatience = 12 * time.Hour

// deliver starts going to the centre by itself: at the start, when a session has
// ended, and when a line appears. A session in progress is left alone.
func (h *house) deliver() {
	c := carrying(h.journal, h.papers, h.receipts, h.room.State().House.Name(), h.log)
	c.Settled = h.settled
	h.errands = courier.Begin(c, func() (<-chan struct{}, bool) {
		s := h.room.State()
		phase := s.Session.Phase()
		return s.Superseded(), phase != meeting.Sitting && phase != meeting.Recess
	})
	h.closing(h.errands.Close)
}

// syncAsk is a delivery that somebody asks the running room for.
type syncAsk struct {
	Lang              language
	Centre, Code, USB string
	Rate              int64
}

// syncAsked delivers now, and says each line of the report to the asker.
func (h *house) syncAsked(c io.Writer, request string) error {
	var ask syncAsk
	if err := json.Unmarshal([]byte(request), &ask); err != nil {
		return err
	}
	out := &saying{to: c}
	carried := carrying(h.journal, h.papers, h.receipts, h.room.State().House.Name(), h.log)
	err := errand(context.Background(), ask.Lang, carried, syncOptions{centre: ask.Centre, code: ask.Code, usb: ask.USB, rate: ask.Rate}, out)
	h.errands.Kick()
	if err != nil {
		vi, en := courier.Sentence(err)
		h.log.Warn("a delivery that was asked for", "err", err)
		return fmt.Errorf("%s", ask.Lang.or(vi, en))
	}
	return nil
}

// saying hands each line on as "say LINE".
type saying struct {
	to   io.Writer
	rest string
}

func (s *saying) Write(p []byte) (int, error) {
	lines := strings.Split(s.rest+string(p), "\n")
	s.rest = lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		if _, err := fmt.Fprintln(s.to, "say", line); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// askSync has the running room deliver.
func askSync(_ context.Context, l language, o syncOptions, out io.Writer) error {
	request, err := json.Marshal(syncAsk{l, o.centre, o.code, o.usb, o.rate})
	if err != nil {
		return err
	}
	_, err = askControl(o.data, "sync "+string(request), syncPatience, func(line string) { fmt.Fprintln(out, line) })
	var said roomSaid
	if errors.As(err, &said) {
		fmt.Fprintln(out, string(said))
		return fmt.Errorf("%w (%w)", errWrong, err)
	}
	return err
}
