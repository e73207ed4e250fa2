package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"

	"phonghop/access"
	"phonghop/meeting"
	"phonghop/store"
)

// seatsFile holds the demo's links; real rooms keep tokens nowhere.
const seatsFile = "seats.csv"

// seatLink is one line of seats.csv.
type seatLink struct{ seat, name, role, token string }

const roleHall = "hall"

// issueSeats makes a card for everybody of the session and for the hall screen,
// and writes them down. Nobody in a demo needs a PIN.
func (h *house) issueSeats(ctx context.Context) error {
	s := h.room.State().Session
	roll := s.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Roll
	people := []access.Person{{ID: roleHall, Roles: access.Hall}}
	links := []seatLink{{name: "Màn hình lớn", role: roleHall}}
	for _, seat := range roll {
		people = append(people, access.Person{ID: string(seat.ID), Seat: seat.Seat})
		links = append(links, seatLink{seat: seat.Seat, name: seat.Name, role: string(seat.Role)})
	}
	cards, err := h.access.IssueCards(ctx, string(s.ID()), people, h.clock.now())
	if err != nil {
		return err
	}
	for i := range links {
		links[i].token = cards[i].Token
	}
	h.seats = links
	return h.writeSeats()
}

func (h *house) writeSeats() error {
	rows := [][]string{{"seat", "name", "role", "token"}}
	for _, s := range h.seats {
		rows = append(rows, []string{s.seat, s.name, s.role, s.token})
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		return fmt.Errorf("writing %s: %w", seatsFile, err)
	}
	return store.WriteFile(filepath.Join(h.dir, seatsFile), out.Bytes(), 0o600)
}

func (h *house) readSeats() ([]seatLink, error) {
	f, err := os.Open(filepath.Join(h.dir, seatsFile))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = 4
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", seatsFile, err)
	}
	var links []seatLink
	for _, row := range rows[min(1, len(rows)):] {
		links = append(links, seatLink{row[0], row[1], row[2], row[3]})
	}
	return links, nil
}

// shown are the five screens of the demo's board: chair, secretary, two members
// and the hall.
func shown(seats []seatLink) []seatLink {
	var out []seatLink
	take := func(role meeting.Role, most int) {
		for _, s := range seats {
			if s.role == string(role) && most > 0 {
				out, most = append(out, s), most-1
			}
		}
	}
	take(meeting.RoleChair, 1)
	take(meeting.RoleSecretary, 1)
	take(meeting.RoleMember, 2)
	take(roleHall, 1)
	return out
}
