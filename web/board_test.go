package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"phonghop/meeting"
)

// withBoard is a demo whose board shows the chair, a member and the hall.
func withBoard(t *testing.T) *house {
	h := sitting(t, demo)
	h.web.Board = []Pane{
		{Name: "chair", Screen: meeting.ChairScreen, Person: "m0", Token: h.cards["m0"].Token},
		{Name: "member1", Screen: meeting.MemberScreen, Person: "m1", Token: h.cards["m1"].Token},
		{Name: "hall", Screen: meeting.HallScreen, Person: hallID, Token: h.cards[hallID].Token},
	}
	return h
}

func TestTheBoardFramesItsPanes(t *testing.T) {
	h := withBoard(t)
	tb := h.tablet()
	if a := tb.get("/"); a.to() != "/board" {
		t.Fatalf("the first page is %q", a.to())
	}
	a := tb.get("/board")
	for _, p := range h.web.Board {
		if !strings.Contains(a.body, "//"+p.Name+".localhost:") {
			t.Errorf("no pane of %s", p.Name)
		}
	}
	if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-src http://*.localhost:") {
		t.Errorf("the board may not frame: %s", csp)
	}
	pane := http.Header{"Host": {"chair.localhost:80"}}
	screen := tb.send(http.MethodGet, "/join", nil, pane)
	if csp := screen.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors http://localhost:80 http://127.0.0.1:80") {
		t.Errorf("a pane may not be framed: %s", csp)
	}
	if a := tb.send(http.MethodGet, "/board", nil, pane); a.status != http.StatusNotFound {
		t.Errorf("a board in a pane: %d", a.status)
	}
}

// A pane and a window of the same person are one seat: neither throws the other
// out, and no PIN is asked.
func TestAPaneAndAWindowShareTheirSeat(t *testing.T) {
	h := withBoard(t)
	pane, window := h.tablet(), h.tablet()
	for _, tb := range []*tablet{pane, window, pane} {
		tb.get("/enter/" + h.cards["m0"].Token)
		if a := tb.get("/"); a.to() != "/chair" {
			t.Fatalf("led to %q", a.to())
		}
	}
	for name, tb := range map[string]*tablet{"pane": pane, "window": window} {
		if a := tb.program().post("/session/recess", url.Values{"minutes": {"5"}}); a.status != http.StatusOK && a.json(t)["refused"] != "in-recess" {
			t.Errorf("the %s acts: %d %s", name, a.status, a.body)
		}
	}
}

func TestNoBoardOutsideTheDemo(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"a real room": nil,
		"a demo on a network": func(c *Config) {
			demo(c)
			c.Loopback, c.Hosts = false, func() []string { return []string{"127.0.0.1"} }
		},
	} {
		h := sitting(t, change)
		a := h.tablet().get("/board")
		if csp := a.header.Get("Content-Security-Policy"); a.status != http.StatusNotFound || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: %d %s", name, a.status, csp)
		}
	}
}
