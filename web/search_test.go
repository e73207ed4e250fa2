package web

import (
	"strings"
	"testing"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
)

func TestSearchSaysWhatItFound(t *testing.T) {
	l := newLibrary(t, nil)
	l.place("nq", 2, "Nghị quyết đầu tư công <b>", nil)
	tb := l.at("m1")
	found := tb.get("/search?q=nghi+quyet+dau+tu")
	holds(t, "the result", found.body, "<mark>Nghị quyết đầu tư</mark>", "/papers/nq/read?find=nghi+quyet+dau+tu&amp;page=1", "2 trang trong 1 tài liệu", "&lt;b&gt;")
	holds(t, "the page", tb.get("/papers/nq/read?page=1&find=dau+tu").body, `class="found-mark"`, "/search?q=dau+tu")
	holdsNot(t, "a page without the words", tb.get("/papers/nq/read?page=1&find=xyz").body, `class="found-mark"`)
	for q, says := range map[string]string{
		"": "ngoặc kép", "a": "ít nhất hai chữ cái", "%22%22": "ít nhất hai chữ cái", "zzz": "Không tìm thấy “zzz”",
		"%3Cscript%3E": "Không tìm thấy “&lt;script&gt;”",
	} {
		a := tb.get("/search?q=" + q)
		holds(t, "search for "+q, a.body, says)
		holdsNot(t, "search for "+q, a.body, "<script>", "/papers/nq/")
	}
	if a := tb.get("/search?q=" + strings.Repeat("dau+", 500)); a.status != 200 {
		t.Errorf("a long search: %d", a.status)
	}
	if a := l.tablet().get("/search?q=dau"); a.to() != "/join" {
		t.Errorf("a stranger is led to %q", a.to())
	}
}

// The papers of an earlier session are found by those who could read them there,
// and by nobody else.
func TestEarlierSessionsAreSearchedWithTheirRights(t *testing.T) {
	l := newLibrary(t, nil)
	l.place("cu", 2, "quy hoạch cũ", nil)
	l.place("cu-rieng", 1, "quy hoạch riêng", func(n *meeting.NewPaper) { n.Readers, n.People = meeting.ReadersNamed, []meeting.PersonID{"m1"} })
	l.place("cu-kin", 1, "quy hoạch kín", func(n *meeting.NewPaper) { n.Recall = true })
	old := l.room.State().Session.ID()
	l.end()
	l.prepareNext(false)
	l.issue()
	who := l.at("m1")
	found := who.get("/search?q=quy+hoach").body
	holds(t, "m1 finds", found, "/papers/cu/read?find=quy+hoach&amp;page=1&amp;session="+string(old), "/papers/cu-rieng/read", "Phiên 47")
	holdsNot(t, "m1 finds", found, "/papers/cu-kin/")
	in := "session=" + string(old)
	page := who.get("/papers/cu/read?page=2&" + in)
	im := string(l.picture("cu", 2))
	holds(t, "the page", page.body, "/papers/cu/pages/2/"+im+"?"+in, "Phiên 47", `name="session"`)
	if a := who.get("/papers/cu/pages/2/" + im + "?" + in); a.status != 200 {
		t.Errorf("the picture: %d", a.status)
	}
	if a := who.get("/papers/cu/pages/2?" + in); a.to() != "/papers/cu/pages/2/"+im+"?"+in {
		t.Errorf("the picture is at %q", a.to())
	}
	if a := who.get("/papers/cu-kin/read?" + in); a.status != 410 {
		t.Errorf("a returned paper: %d", a.status)
	}
	if a := who.get("/papers/cu/read?session=none"); a.status != 404 {
		t.Errorf("no such session: %d", a.status)
	}
	other := l.at("m2")
	holdsNot(t, "m2 finds", other.get("/search?q=quy+hoach").body, "/papers/cu-rieng/", "riêng")
	if a := other.get("/papers/cu-rieng/read?" + in); a.status != 404 {
		t.Errorf("m2 reads m1's paper of the earlier session: %d", a.status)
	}
}

// prepareNext puts a new session in the room, with m0 to m2 in it.
func (h *house) prepareNext(receipts bool) {
	h.t.Helper()
	set, _ := rules.Named("ubnd-2015")
	header := meeting.Header{Number: firstNum + 1, Term: "2021–2026", Kind: "regular", Body: "UBND tỉnh Trà Sơn", Place: "Phòng A2", Starts: time.Now(), Receipts: receipts}
	_, err := h.room.Prepare(h.t.Context(), "", clerkID, func(_ *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return meeting.Prepare(a, id, header, set, "", meeting.Person{ID: clerkID, Name: "Lã Kim Dung", Role: meeting.RoleSecretary})
	})
	h.check(err)
	for i := range 3 {
		p := meeting.Person{ID: member(i), Salutation: "Bà", Name: "Thành viên", Role: meeting.RoleMember, Votes: true, Order: i + 1}
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		h.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
	}
}
