package centre

import (
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

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
	"phonghop/sync/courier"
)

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// hall is a real room: its journal, its papers, its courier.
type hall struct {
	t        testing.TB
	name     string
	dir      string
	now      time.Time
	journal  *journal.Journal
	papers   *documents.Store
	room     *room.Room
	receipts *courier.Receipts
}

func newHall(t testing.TB, name string) *hall {
	t.Helper()
	h := &hall{t: t, name: name, dir: t.TempDir(), now: time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)}
	key := must(journal.OpenKey(h.dir))(t)
	h.journal = must(journal.Open(t.Context(), journal.Config{Path: filepath.Join(h.dir, "journal.db"), Key: key}))(t)
	h.papers = must(documents.Open(filepath.Join(h.dir, "documents")))(t)
	h.receipts = courier.NewReceipts(filepath.Join(h.dir, "receipts.db"))
	h.room = must(room.Open(t.Context(), room.Config{Journal: h.journal, Now: h.clock, Log: slog.New(slog.DiscardHandler)}))(t)
	t.Cleanup(func() { h.room.Close(); h.receipts.Close(); h.journal.Close() })
	_, err := h.room.DoRoom(t.Context(), "", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return r.Found(name, "phong", h.journal.PublicKey())
	})
	h.check(err)
	return h
}

// clock goes on by a second each time it is read.
func (h *hall) clock() time.Time {
	h.now = h.now.Add(time.Second)
	return h.now
}

func (h *hall) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) do(by meeting.PersonID, verb room.Verb) {
	h.t.Helper()
	_, err := h.room.Do(h.t.Context(), room.Command{By: by, Saw: -1, Verb: verb})
	h.check(err)
}

// agendum is one item of a session in a test: its paper, its vote, its end.
type agendum struct {
	title, paper, motion, conclusion string
	inCamera                         bool
	against                          int // of the nine votes
}

const clerk = "clerk"

// sit holds a whole session of nine members, from preparing to closing.
func (h *hall) sit(number int, items ...agendum) meeting.SessionID {
	h.t.Helper()
	id := h.prepare(number, items)
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	for i, it := range items {
		h.hold(itemID(i), it)
	}
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
	return id
}

func itemID(i int) meeting.ItemID { return meeting.ItemID(fmt.Sprint("item-", i+1)) }

func (h *hall) prepare(number int, items []agendum) meeting.SessionID {
	h.t.Helper()
	set, _ := rules.Named("ubnd-2015")
	header := meeting.Header{Number: number, Term: "2021–2026", Kind: "regular", Body: "Ủy ban nhân dân tỉnh Trà Sơn", Place: h.name, Starts: h.now}
	_, err := h.room.Prepare(h.t.Context(), "", clerk, func(_ *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return meeting.Prepare(a, id, header, set, "", meeting.Person{ID: clerk, Salutation: "Bà", Name: "Lã Kim Dung", Role: meeting.RoleSecretary})
	})
	h.check(err)
	var here []meeting.PersonID
	for i, name := range []string{"Nông Quang Hưng", "Lê Thị Minh Hà", "Đặng Ngọc Khôi", "Hoàng Thị Sen", "Triệu Văn Bảo", "Lý Thị Xuân", "Vi Đức Toàn", "Ma Thị Nhung", "Phạm Quốc Việt"} {
		p := meeting.Person{ID: meeting.PersonID(fmt.Sprint("m", i)), Salutation: "Ông", Name: name, Role: meeting.RoleMember, Votes: true, Seat: fmt.Sprintf("%02d", i+1), Order: i + 1}
		if i == 0 {
			p.Role = meeting.RoleChair
		}
		h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
		here = append(here, p.ID)
	}
	for i, it := range items {
		h.place(itemID(i), it)
	}
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkAll(a, here) })
	return h.room.State().Session.ID()
}

func (h *hall) place(id meeting.ItemID, it agendum) {
	h.t.Helper()
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, id, meeting.NewItem{Title: it.title, Minutes: 20, InCamera: it.inCamera})
	})
	if it.paper == "" {
		return
	}
	ref, size, err := h.papers.PutBytes(h.t.Context(), []byte(paperText(it.paper)))
	h.check(err)
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.PlacePaper(a, meeting.NewPaper{ID: meeting.PaperID("paper-" + id), Item: id, Name: it.paper, Ref: string(ref), Size: size, Type: "application/pdf"})
	})
}

func paperText(name string) string { return "%PDF-1.7 " + name }

func (h *hall) hold(id meeting.ItemID, it agendum) {
	h.t.Helper()
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, id) })
	if it.motion != "" {
		h.vote(id, it)
	}
	if it.conclusion != "" {
		h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.Conclude(a, id, it.conclusion)
		})
	}
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseItem(a, id) })
}

func (h *hall) vote(on meeting.ItemID, it agendum) {
	h.t.Helper()
	vote := meeting.VoteID("vote-" + on)
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, vote, on, it.motion, 0, "")
	})
	for i := range 9 {
		choice := rules.For
		if i >= 9-it.against {
			choice = rules.Against
		}
		h.do(meeting.PersonID(fmt.Sprint("m", i)), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.Cast(a, vote, 1, choice)
		})
	}
	h.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, vote, false) })
}

func (h *hall) config() courier.Config {
	return courier.Config{Journal: h.journal, Documents: h.papers, Receipts: h.receipts, Name: h.name, Prefix: "phonghop", Log: slog.New(slog.DiscardHandler), Now: time.Now}
}

// town is a centre behind an address, with somebody in front of its pages.
type town struct {
	*Centre
	t       testing.TB
	dir     string
	server  *httptest.Server
	browser *http.Client
}

func newTown(t testing.TB, change func(*Config)) *town {
	t.Helper()
	c := Config{Dir: t.TempDir(), Name: "Trung tâm tỉnh Trà Sơn", Loopback: true, Now: time.Now, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))}
	if change != nil {
		change(&c)
	}
	z := &town{Centre: must(Open(t.Context(), c))(t), t: t, dir: c.Dir}
	z.server = httptest.NewServer(z.Handler(func() []string { return []string{"127.0.0.1"} }))
	jar, _ := cookiejar.New(nil)
	z.browser = &http.Client{Jar: jar}
	t.Cleanup(func() { z.server.Close(); z.Close() })
	return z
}

func (z *town) pair(h *hall) {
	z.t.Helper()
	code := must(z.NewCode(z.t.Context()))(z.t)
	if _, err := courier.Pair(z.t.Context(), h.config(), z.server.URL, code.String()); err != nil {
		z.t.Fatal(err)
	}
}

// take pairs a room and takes all it has.
func (z *town) take(h *hall) {
	z.t.Helper()
	z.pair(h)
	if err := z.deliver(h); err != nil {
		z.t.Fatal(err)
	}
}

func (z *town) deliver(h *hall) error {
	c, err := courier.New(z.t.Context(), h.config())
	if err != nil {
		return err
	}
	_, err = c.Deliver(z.t.Context())
	return err
}

// answer is a page as a browser has it.
type answer struct {
	*http.Response
	body string
}

func (z *town) get(path string) answer {
	z.t.Helper()
	r := must(z.browser.Get(z.server.URL + path))(z.t)
	return z.read(r)
}

func (z *town) post(path string, form url.Values) answer {
	z.t.Helper()
	return z.read(must(z.browser.PostForm(z.server.URL+path, form))(z.t))
}

func (z *town) read(r *http.Response) answer {
	z.t.Helper()
	defer r.Body.Close()
	return answer{r, string(must(io.ReadAll(r.Body))(z.t))}
}

// page reads a page that must be there.
func (z *town) page(path string, wants ...string) string {
	z.t.Helper()
	a := z.get(path)
	if a.StatusCode != http.StatusOK {
		z.t.Errorf("%s answers %s", path, a.Status)
	}
	z.says(path, a.body, wants...)
	return a.body
}

func (z *town) says(where, body string, wants ...string) {
	z.t.Helper()
	for _, want := range wants {
		if !strings.Contains(body, want) {
			z.t.Errorf("%s does not say %q", where, want)
		}
	}
	if i := strings.Index(body, "‹"); i >= 0 {
		z.t.Errorf("%s has a key without a text: %s", where, body[i:min(len(body), i+60)])
	}
}

// write adds a bare entry to a room's journal, beside the room: for kinds this
// program does not know, or has no verb for.
func (h *hall) write(log string, d journal.Draft) {
	h.t.Helper()
	h.room.Close()
	b := h.journal.Begin()
	d.At = h.clock()
	_, err := b.Add(log, d)
	h.check(err)
	h.check(b.Commit(context.Background()))
}

func raw(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}
