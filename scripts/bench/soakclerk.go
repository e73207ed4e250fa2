package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/url"
	"path/filepath"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"phonghop/access"
	"phonghop/ghosts"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
)

// The secretary of a soak: stages of the figures have cards for members only.

// seatClerk gives the secretary a card and sits them down.
func (s *stage) seatClerk(ctx context.Context) (c cookie, err error) {
	clerk, err := s.clerk(ctx)
	if err != nil {
		return c, err
	}
	a, err := access.Open(ctx, s.Dir, time.Now())
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	now := time.Now()
	cards, err := a.IssueCards(ctx, string(s.Session), []access.Person{{ID: string(clerk.ID), Seat: clerk.Seat}}, now)
	if err != nil {
		return c, err
	}
	c.Seat = clerk.Seat
	if c.Value, _, err = a.EnterToken(ctx, cards[0].Token, access.Device{Cookie: access.NewDevice()}, now); err != nil {
		return c, err
	}
	_, err = a.Bind(ctx, c.Value, now)
	return c, err
}

// clerk is who keeps the record of the session on stage.
func (s *stage) clerk(ctx context.Context) (p meeting.Person, err error) {
	key, err := journal.OpenKey(s.Dir)
	if err != nil {
		return p, err
	}
	j, err := journal.Open(ctx, journal.Config{Path: filepath.Join(s.Dir, "journal.db"), Key: key})
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	r, err := room.Open(ctx, room.Config{Journal: j, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return p, err
	}
	p = r.State().Session.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Clerk.Person
	return p, r.Close()
}

// turnTo puts another item with a paper on the agenda, and opens it.
func (s *soak) turnTo(ctx context.Context, hour int) error {
	form := url.Values{"title": {fmt.Sprintf("Báo cáo số %d", hour+1)}, "presenter": {"Bà Lò Thị Mai"}, "unit": {"Văn phòng"}, "minutes": {"45"}}
	if _, err := s.clerk.Press(ctx, "/items", form); err != nil {
		return fmt.Errorf("adding an item: %w", err)
	}
	seen, err := s.seen(ctx)
	if err != nil {
		return err
	}
	s.hall.item = seen.Agenda[len(seen.Agenda)-1].ID
	if s.papers() {
		if err := s.handIn(ctx, hour); err != nil {
			return fmt.Errorf("handing in a paper: %w", err)
		}
	}
	if _, err := s.hall.chair.Press(ctx, "/items/"+s.hall.item+"/open", nil); err != nil {
		return fmt.Errorf("opening an item: %w", err)
	}
	return nil
}

// papers tells whether there is time for papers: the program that draws them ends
// 20 s after the last page, and an hour has to see that.
func (s *soak) papers() bool { return s.length/time.Duration(s.hours) >= time.Minute }

// handIn uploads a paper of three pages to the open item.
func (s *soak) handIn(ctx context.Context, hour int) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("paper", fmt.Sprintf("bao-cao-%d.pdf", hour+1))
	if err != nil {
		return err
	}
	if err := drawPaper(part, hour); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	wire := s.clerk.Request("POST", "/items/"+s.hall.item+"/papers", "application/json", body.Bytes())
	wire = bytes.Replace(wire, []byte("application/x-www-form-urlencoded"), []byte(form.FormDataContentType()), 1)
	a, err := s.clerk.Send(ctx, wire)
	if err != nil {
		return err
	}
	var said struct{ Taken int }
	if err := json.Unmarshal(a.Body, &said); err != nil || said.Taken != 1 {
		return fmt.Errorf("%d: %s", a.Status, a.Body)
	}
	s.counts.papers++
	return nil
}

func drawPaper(to io.Writer, hour int) error {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetFont("Helvetica", "", 12)
	for page := range 3 {
		f.AddPage()
		for line := range 30 {
			f.CellFormat(0, 8, fmt.Sprintf("%d.%d.%d: 1234567890", hour+1, page+1, line+1), "", 1, "L", false, 0, "")
		}
	}
	return f.Output(to)
}

// conclude writes a conclusion and a note.
func (s *soak) conclude(ctx context.Context, slot int) error {
	text := url.Values{"text": {fmt.Sprintf("Kết luận lần %d: thống nhất với báo cáo, giao Văn phòng tiếp thu.", slot+1)}}
	if _, err := s.hall.chair.Press(ctx, "/items/"+s.hall.item+"/conclusion", text); err != nil {
		return fmt.Errorf("concluding: %w", err)
	}
	text = url.Values{"item": {s.hall.item}, "text": {fmt.Sprintf("Ghi chú %d: đại biểu đề nghị bổ sung số liệu.", slot+1)}}
	if _, err := s.clerk.Press(ctx, "/notes", text); err != nil {
		return fmt.Errorf("noting: %w", err)
	}
	return nil
}

// sessionSeen is the part of GET /api/session that a soak needs.
type sessionSeen struct {
	Agenda []struct {
		ID     string
		Papers []struct {
			ID    string
			Total int
		}
	}
	Roll  []struct{ Person, Seat string }
	Votes []struct {
		ID      string
		Result  struct{ For, Against, Abstain int }
		Ballots []struct{ Person, Choice string }
	}
}

func (s *soak) seen(ctx context.Context) (v sessionSeen, err error) {
	a, err := s.hall.chair.Get(ctx, "/api/session")
	if err == nil {
		err = json.Unmarshal(a.Body, &v)
	}
	return v, err
}

// know learns who sits where.
func (s *soak) know(ctx context.Context) error {
	seen, err := s.seen(ctx)
	if err != nil {
		return err
	}
	person := map[string]string{}
	for _, p := range seen.Roll {
		person[p.Seat] = p.Person
	}
	for _, p := range s.people {
		p.person = person[p.Seat]
	}
	s.hall.item = seen.Agenda[len(seen.Agenda)-1].ID
	return nil
}

// stranger types a wrong code at the door, on a tablet nobody knows.
func (s *soak) stranger(ctx context.Context) error {
	room, err := s.hall.room()
	if err != nil {
		return err
	}
	t := ghosts.NewTablet(room, "stranger")
	defer t.Hang()
	if _, err := t.Get(ctx, "/join"); err != nil {
		return err
	}
	_, err = t.Press(ctx, "/join", url.Values{"code": {fmt.Sprintf("%06d", s.dice.IntN(1e6))}})
	if err != nil && !errors.Is(err, ghosts.ErrRefused) {
		return err
	}
	s.counts.strangers++
	return nil
}
