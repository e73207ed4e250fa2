package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"phonghop/ghosts"
)

// hall is a server with its tablets. Room and floor answer the same addresses, so
// both are measured by the same lines.
type hall struct {
	*server
	item  string
	chair *ghosts.Tablet
	crowd ghosts.Crowd
	vote  string
	n     int   // ballots of each member in the vote so far
	at    int64 // entries before the last change
}

// enter puts tablets in front of a server: so many of the stage's members.
func enter(s *server, st *stage, members int) (*hall, error) {
	r, err := s.room()
	if err != nil {
		return nil, err
	}
	seat := "seat"
	if r.TLS != nil {
		seat = "__Host-seat"
	}
	h := &hall{server: s, item: string(st.Item), chair: ghosts.NewTablet(r, "chair").Holding(map[string]string{seat: st.Chair.Value})}
	for _, c := range st.Members[:members] {
		h.crowd = append(h.crowd, ghosts.NewTablet(r, c.Seat).Holding(map[string]string{seat: c.Value}))
	}
	return h, nil
}

// leave hangs up every line.
func (h *hall) leave() {
	h.chair.Hang()
	for _, t := range h.crowd {
		t.Hang()
	}
}

// entries is how many the server has recorded.
func (h *hall) entries(ctx context.Context) (int64, error) {
	var health struct {
		Entries int64 `json:"entries"`
	}
	a, err := h.chair.Get(ctx, "/healthz")
	if err == nil {
		err = json.Unmarshal(a.Body, &health)
	}
	return health.Entries, err
}

// open has the chair open a vote, which puts a sheet on every screen.
func (h *hall) open(ctx context.Context) error {
	a, err := h.chair.Press(ctx, "/items/"+h.item+"/votes", url.Values{"motion": {"Thông qua nghị quyết"}})
	if err != nil {
		return fmt.Errorf("opening a vote: %w", err)
	}
	var opened struct {
		Vote string `json:"vote"`
	}
	if err := json.Unmarshal(a.Body, &opened); err != nil {
		return fmt.Errorf("which vote was opened: %w", err)
	}
	h.vote, h.n = opened.Vote, 0
	return nil
}

// close has the chair close the vote, whoever has not voted.
func (h *hall) close(ctx context.Context) error {
	_, err := h.chair.Press(ctx, "/votes/"+h.vote+"/close", url.Values{"anyway": {"1"}})
	return err
}

// cast has every tablet vote in the same instant, and returns how long each
// waited. A ballot that is not acknowledged is an error: the bench measures no
// room that loses any.
func (h *hall) cast(ctx context.Context) (ghosts.Times, error) {
	h.n++
	form := []byte(url.Values{"choice": {"for"}, "n": {strconv.Itoa(h.n)}}.Encode())
	took := h.crowd.AtOnce(ctx, func(t *ghosts.Tablet) []byte {
		return t.Request("POST", "/votes/"+h.vote+"/ballot", "application/json", form)
	})
	if failed := ghosts.Failed(took); len(failed) > 0 {
		return nil, fmt.Errorf("%d of %d ballots were not acknowledged, the first: %w", len(failed), len(took), failed[0].Err)
	}
	return ghosts.Answered(took), nil
}

// calm waits until the machine has finished what came before.
func calm() { time.Sleep(150 * time.Millisecond) }
