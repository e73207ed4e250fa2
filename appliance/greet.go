package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	qrcode "github.com/skip2/go-qrcode"

	"phonghop/meeting"
	"phonghop/web"
)

// greet tells whoever started the room where to go: the demo's seats, or the
// claim link of a room that nobody looks after yet. A person at a terminal gets
// a QR too.
func (h *house) greet(ctx context.Context, l language, address string, out io.Writer, human bool) error {
	var b strings.Builder
	target := address
	switch {
	case len(h.seats) > 0:
		h.greetDemo(&b, l, address)
	case !h.access.Claimed():
		link, err := claimLink(ctx, h.access, address)
		if err != nil {
			return err
		}
		target = link
		fmt.Fprintf(&b, l.or("Liên kết nhận quyền thư ký và quản trị (dùng trong 30 phút):\n  %s\n",
			"Link that makes the first secretary and IT (good for 30 minutes):\n  %s\n"), link)
	}
	if human {
		code, err := qrcode.New(target, qrcode.Medium)
		if err != nil {
			return fmt.Errorf("drawing a QR: %w", err)
		}
		b.WriteString("\n" + code.ToSmallString(false))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (h *house) greetDemo(b *strings.Builder, l language, address string) {
	fmt.Fprintf(b, l.or("Phiên mẫu thứ %d đang họp. Mở trang này trong trình duyệt: %s\n", "Sample session %d is sitting. Open this page in a browser: %s\n"),
		h.room.State().Session.Header().Number, address)
	for _, s := range shown(h.seats) {
		fmt.Fprintf(b, "  %-10s %-2s %-22s %s/enter/%s\n", roleName(l, s.role), s.seat, s.name, address, s.token)
	}
	fmt.Fprintf(b, l.or("Liên kết của mọi chỗ ngồi: %s\n", "The links of all seats: %s\n"), filepath.Join(h.dir, seatsFile))
}

func roleName(l language, role string) string {
	switch meeting.Role(role) {
	case meeting.RoleChair:
		return l.or("Chủ tọa", "Chair")
	case meeting.RoleSecretary:
		return l.or("Thư ký", "Secretary")
	case meeting.RoleMember:
		return l.or("Thành viên", "Member")
	}
	return l.or("Màn hình", "Screen")
}

// panes are the screens of the demo's board; each needs a host name of its own.
func (h *house) panes() []web.Pane {
	if len(h.seats) == 0 {
		return nil // no demo, perhaps no session either
	}
	session := h.room.State().Session
	who := map[string]meeting.PersonID{}
	for _, p := range session.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen}).Roll {
		who[p.Seat] = p.ID
	}
	var panes []web.Pane
	members := 0
	for _, s := range shown(h.seats) {
		p := web.Pane{Name: s.role, Token: s.token, Person: who[s.seat]}
		switch p.Screen = session.ScreenOf(p.Person); {
		case s.role == roleHall:
			p.Screen, p.Person = meeting.HallScreen, roleHall
		case s.role == string(meeting.RoleMember):
			members++
			p.Name = fmt.Sprintf("%s%d", s.role, members)
		}
		panes = append(panes, p)
	}
	return panes
}
