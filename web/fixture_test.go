package web

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"phonghop/access"
	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

// house is a room with a session, served on this computer.
type house struct {
	t      *testing.T
	key    string // the room's public one
	room   *room.Room
	access *access.Access
	web    *Web
	server *httptest.Server
	cards  map[string]access.Card
}

const (
	clerkID  = "clerk"
	hallID   = "hall"
	anItem   = "item-1"
	aVote    = "vote-1"
	goodPIN  = "470812"
	firstNum = 47
)

// newHouse serves a room in which nothing was prepared; change adjusts how.
func newHouse(t *testing.T, change func(*Config)) *house {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	key := must(journal.OpenKey(dir))(t)
	j := must(journal.Open(ctx, journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key, Prefix: "phonghop"}))(t)
	t.Cleanup(func() { j.Close() })
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	h := &house{t: t, key: j.PublicKey(), cards: map[string]access.Card{}}
	h.room = must(room.Open(ctx, room.Config{Journal: j, Now: time.Now, Log: log}))(t)
	t.Cleanup(func() { h.room.Close() })
	h.access = must(access.Open(ctx, dir, time.Now()))(t)
	t.Cleanup(func() { h.access.Close() })
	c := Config{
		Room: h.room, Access: h.access, Documents: must(documents.Open(filepath.Join(dir, "documents")))(t), Log: log, Now: time.Now,
		Loopback: true, Hosts: func() []string { return nil }, Address: func() string { return "http://phong-a2.local" }, After: After{Journal: j},
	}
	if change != nil {
		change(&c)
	}
	h.web = New(c)
	h.server = httptest.NewServer(h.web.Handler())
	t.Cleanup(h.server.Close)
	t.Cleanup(h.web.Close)
	return h
}

// sitting is a house whose session 47 sits on its first item: chair m0, members
// m1 to m4, a guest, the secretary, and a card for each and for the hall.
func sitting(t *testing.T, change func(*Config)) *house {
	t.Helper()
	h := newHouse(t, change)
	h.prepare()
	h.issue()
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, anItem) })
	return h
}

func (h *house) prepare() {
	h.t.Helper()
	ctx := h.t.Context()
	_, err := h.room.DoRoom(ctx, "", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return r.Found("Phòng họp A2", "phong-a2", h.key)
	})
	h.check(err)
	set, _ := rules.Named("ubnd-2015")
	header := meeting.Header{Number: firstNum, Term: "2021–2026", Kind: "regular", Body: "UBND tỉnh Trà Sơn", Place: "Phòng A2", Starts: time.Now()}
	_, err = h.room.Prepare(ctx, "", clerkID, func(_ *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return meeting.Prepare(a, id, header, set, "", meeting.Person{ID: clerkID, Name: "Lã Kim Dung", Role: meeting.RoleSecretary})
	})
	h.check(err)
	for i := range 5 {
		p := meeting.Person{ID: member(i), Salutation: "Bà", Name: fmt.Sprintf("Thành viên %d", i), Role: meeting.RoleMember, Votes: true, Seat: fmt.Sprintf("%02d", i+1), Order: i + 1}
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
	}
	h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Seat(a, meeting.Person{ID: "guest", Name: "Khách mời", Role: meeting.RoleGuest, Items: []meeting.ItemID{anItem}})
	})
	h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, anItem, meeting.NewItem{Title: "Vốn đầu tư công", Minutes: 20})
	})
	h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.MarkAll(a, []meeting.PersonID{"m0", "m1", "m2", "m3", "m4"})
	})
}

func member(i int) meeting.PersonID { return meeting.PersonID(fmt.Sprintf("m%d", i)) }

// issue gives everybody a card.
func (h *house) issue() {
	h.t.Helper()
	people := []access.Person{{ID: hallID, Roles: access.Hall}, {ID: "guest"}, {ID: clerkID, Roles: access.Secretary}, {ID: "m0", Roles: access.Chair, Seat: "01"}}
	for i := 1; i < 5; i++ {
		people = append(people, access.Person{ID: string(member(i)), Seat: fmt.Sprintf("%02d", i+1)})
	}
	cards, err := h.access.IssueCards(h.t.Context(), string(h.room.State().Session.ID()), people, time.Now())
	h.check(err)
	for _, c := range cards {
		h.cards[c.Person] = c
	}
}

// do carries out a verb as somebody would, not over the web.
func (h *house) do(by meeting.PersonID, verb room.Verb) {
	h.t.Helper()
	_, err := h.room.Do(context.Background(), room.Command{By: by, Saw: -1, Verb: verb})
	h.check(err)
}

func (h *house) openVote() {
	h.t.Helper()
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, aVote, anItem, "Thông qua dự thảo", 0, "")
	})
}

func (h *house) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// tablet is a browser: it keeps cookies, and follows redirects only when asked.
type tablet struct {
	h      *house
	client *http.Client
	accept string
}

func (h *house) tablet() *tablet {
	jar := must(cookiejar.New(nil))(h.t)
	return &tablet{h: h, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// at is a tablet at somebody's seat: entered by the card, with a PIN where one
// is asked, and bound.
func (h *house) at(who string) *tablet {
	h.t.Helper()
	tb := h.tablet()
	tb.get("/enter/" + h.cards[who].Token)
	if a := tb.get("/pin"); a.status == http.StatusOK {
		tb.post("/pin", url.Values{"pin": {goodPIN}, "again": {goodPIN}})
	}
	tb.post("/prefs", nil)
	tb.program().post("/floor/withdraw", nil) // binds; there is nothing to withdraw
	return tb
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) to() string { return a.header.Get("Location") }

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("not JSON: %v: %s", err, a.body)
	}
	return v
}

// program is the same tablet asking for JSON.
func (tb *tablet) program() *tablet {
	p := *tb
	p.accept = "application/json"
	return &p
}

func (tb *tablet) get(path string) answer { return tb.send(http.MethodGet, path, nil, nil) }

func (tb *tablet) post(path string, form url.Values) answer {
	return tb.send(http.MethodPost, path, form, nil)
}

func (tb *tablet) send(method, path string, form url.Values, header http.Header) answer {
	tb.h.t.Helper()
	r := must(http.NewRequest(method, tb.h.server.URL+path, strings.NewReader(form.Encode())))(tb.h.t)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if tb.accept != "" {
		r.Header.Set("Accept", tb.accept)
	}
	for name, v := range header {
		r.Header[name] = v
	}
	if host := header.Get("Host"); host != "" {
		r.Host = host
	}
	res := must(tb.client.Do(r))(tb.h.t)
	defer res.Body.Close()
	return answer{res.StatusCode, res.Header, string(must(io.ReadAll(res.Body))(tb.h.t))}
}

// line is an open stream.
type line struct {
	t    *testing.T
	res  *http.Response
	read *bufio.Scanner
	stop context.CancelFunc
}

// live opens a tablet's stream.
func (tb *tablet) live(screen string) *line {
	tb.h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := must(http.NewRequestWithContext(ctx, http.MethodGet, tb.h.server.URL+"/live?screen="+screen, nil))(tb.h.t)
	res := must(tb.client.Do(r))(tb.h.t)
	l := &line{t: tb.h.t, res: res, read: bufio.NewScanner(res.Body), stop: cancel}
	l.read.Buffer(nil, 4<<20)
	tb.h.t.Cleanup(l.close)
	return l
}

func (l *line) close() {
	l.stop()
	l.res.Body.Close()
}

// message is one message of a stream.
type message struct{ event, id, data string }

// next is the next message; false when the stream has ended.
func (l *line) next() (message, bool) {
	var m message
	for l.read.Scan() {
		name, value, _ := strings.Cut(l.read.Text(), ": ")
		switch name {
		case "":
			return m, true
		case "event":
			m.event = value
		case "id":
			m.id = value
		case "data":
			m.data += value + "\n"
		}
	}
	return m, false
}

// panels is the next message that brings panels.
func (l *line) panels() message {
	l.t.Helper()
	for {
		m, ok := l.next()
		if !ok {
			l.t.Fatal("the stream ended")
		}
		if m.event == "" {
			return m
		}
	}
}

// until reads messages until one brings the text.
func (l *line) until(text string) message {
	l.t.Helper()
	for {
		if m := l.panels(); strings.Contains(m.data, text) {
			return m
		}
	}
}
