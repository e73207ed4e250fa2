package access

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const session = "0198c0de-0000-7000-8000-000000000047"

// room is an Access with a clock that stands still until moved.
type room struct {
	*Access
	t   *testing.T
	dir string
	now time.Time
}

func open(t *testing.T) *room {
	r := &room{t: t, dir: t.TempDir(), now: time.Date(2026, 6, 24, 8, 0, 0, 0, time.UTC)}
	r.start()
	t.Cleanup(func() { r.Close() })
	return r
}

func (r *room) start() {
	a, err := Open(r.t.Context(), r.dir, r.now)
	r.must(err)
	r.Access = a
}

func (r *room) restart() {
	r.must(r.Close())
	r.start()
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) want(got, want error) {
	r.t.Helper()
	if !errors.Is(got, want) {
		r.t.Fatalf("got %v, want %v", got, want)
	}
}

func (r *room) card(person string, roles Roles) Card {
	r.t.Helper()
	cards, err := r.IssueCards(r.t.Context(), session, []Person{{person, "12", roles}}, r.now)
	r.must(err)
	return cards[0]
}

// tablet is a device with its cookie.
type tablet struct {
	*room
	device Device
	cookie string
}

func (r *room) tablet(address string) *tablet {
	return &tablet{room: r, device: Device{NewDevice(), netip.MustParseAddr(address)}}
}

func (b *tablet) scan(c Card) Seat {
	b.t.Helper()
	cookie, s, err := b.EnterToken(b.t.Context(), c.Token, b.device, b.now)
	b.must(err)
	b.cookie = cookie
	return s
}

func (b *tablet) bind() (Seat, error) { return b.Bind(b.t.Context(), b.cookie, b.now) }

func (b *tablet) sit(c Card) Seat {
	b.t.Helper()
	b.scan(c)
	s, err := b.bind()
	b.must(err)
	return s
}

func (b *tablet) who() Seat {
	b.t.Helper()
	s, ok := b.Who(b.cookie, b.now)
	if !ok {
		b.t.Fatal("the tablet is not signed in")
	}
	return s
}

func (b *tablet) gone() {
	b.t.Helper()
	if s, ok := b.Who(b.cookie, b.now); ok {
		b.t.Fatalf("still signed in: %+v", s)
	}
}

// officer is a bound secretary with a PIN.
func (r *room) officer() *tablet {
	r.t.Helper()
	b := r.tablet("10.47.0.2")
	b.scan(r.card("secretary", Secretary))
	r.must(b.ChoosePIN(r.t.Context(), b.cookie, "204717", r.now))
	_, err := b.bind()
	r.must(err)
	return b
}

func TestALinkPreviewBindsNothing(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	preview := r.tablet("10.47.0.99")
	if s := preview.scan(c); s.Bound || s.Waits || s.Person != "thao" || s.Session != session {
		t.Errorf("the preview got %+v", s)
	}
	member := r.tablet("10.47.0.12")
	if s := member.sit(c); !s.Bound || s.Person != "thao" {
		t.Errorf("the member got %+v", s)
	}
	if s, err := preview.bind(); !errors.Is(err, ErrTaken) || s.Bound {
		t.Errorf("the preview then got %+v, %v", s, err)
	}
}

func TestPreviewsWithoutEndAreForgottenOldestFirst(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	member := r.tablet("10.47.0.12")
	member.sit(c)
	first, last := r.tablet("10.47.0.99"), r.tablet("10.47.0.99")
	first.scan(c)
	for range mostUnbound - 1 {
		r.tablet("10.47.0.99").scan(c)
	}
	last.scan(c)
	first.gone()
	last.who()
	member.who()
}

func second(_ string, _ Seat, err error) error { return err }

func TestTheSameTabletMayScanAgain(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	b := r.tablet("10.47.0.12")
	b.sit(c)
	old := b.cookie
	if s := b.scan(c); !s.Bound {
		t.Errorf("got %+v", s)
	}
	if _, ok := r.Who(old, r.now); ok || old == b.cookie {
		t.Error("the old cookie still works")
	}
}

func TestATabletGivenToAnotherMemberFreesTheFirstSeat(t *testing.T) {
	r := open(t)
	thao, long := r.card("thao", 0), r.card("long", 0)
	b, other := r.tablet("10.47.0.12"), r.tablet("10.47.0.13")
	b.sit(thao)
	thaos := b.cookie
	b.scan(long)
	if _, ok := r.Who(thaos, r.now); !ok {
		t.Fatal("a mere GET threw the member out")
	}
	if _, err := b.bind(); err != nil {
		t.Fatal(err)
	}
	if _, ok := r.Who(thaos, r.now); ok {
		t.Error("the first seat is still held by a tablet that left it")
	}
	other.sit(thao)
}

func TestReprintedCardsEndTheOldOnesAndKeepBoundTablets(t *testing.T) {
	r := open(t)
	old := r.card("thao", 0)
	bound, unbound := r.tablet("10.47.0.12"), r.tablet("10.47.0.13")
	bound.sit(old)
	unbound.scan(old)
	fresh := r.card("thao", 0)
	unbound.gone()
	bound.who()
	late := r.tablet("10.47.0.14")
	r.want(second(r.EnterToken(t.Context(), old.Token, late.device, r.now)), ErrUnknown)
	r.want(second(r.EnterCode(t.Context(), old.Code, late.device, r.now)), ErrUnknown)
	late.scan(fresh)
}

func TestIssuedTellsWhichCardsWereUsed(t *testing.T) {
	r := open(t)
	cards, err := r.IssueCards(t.Context(), session, []Person{{"b", "2", 0}, {"a", "1", 0}}, r.now)
	r.must(err)
	if cards[0].Person != "b" || cards[0].Seat != "2" || len(cards[0].Code) != 6 || len(cards[0].Token) < 26 || cards[0].Code == cards[1].Code {
		t.Errorf("cards %+v", cards)
	}
	r.tablet("10.47.0.12").scan(cards[0])
	list := r.Issued(session)
	if len(list) != 2 || list[0].Person != "a" || list[0].Used || !list[1].Used || !list[1].At.Equal(r.now) {
		t.Errorf("issued %+v", list)
	}
}

func TestCodesAreUnique(t *testing.T) {
	r := open(t)
	people := make([]Person, 2000) // a birthday would come after about a thousand
	for i := range people {
		people[i].ID = NewDevice()
	}
	cards, err := r.IssueCards(t.Context(), session, people, r.now)
	r.must(err)
	seen := map[string]bool{}
	for _, c := range cards {
		if seen[c.Code] || seen[c.Token] {
			t.Fatalf("twice: %+v", c)
		}
		seen[c.Code], seen[c.Token] = true, true
	}
}

func TestReleaseEndSessionAndLeave(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	b := r.tablet("10.47.0.12")
	b.sit(c)
	if _, ok := r.Bound(session)["thao"]; !ok {
		t.Error("not among the bound")
	}
	r.must(r.Release(t.Context(), session, "thao"))
	b.gone()
	b.sit(c)
	r.must(r.Leave(t.Context(), b.cookie))
	b.gone()
	b.sit(c)
	r.must(r.EndSession(t.Context(), session))
	b.gone()
	r.want(second(r.EnterToken(t.Context(), c.Token, b.device, r.now)), ErrUnknown)
	other := r.card("long", 0)
	r.must(r.EndCard(t.Context(), session, "long"))
	r.want(second(r.EnterToken(t.Context(), other.Token, b.device, r.now)), ErrUnknown)
	if len(r.Bound(session)) != 0 || len(r.Issued(session)) != 0 {
		t.Error("something is left")
	}
}

func TestManyHallScreensShareACard(t *testing.T) {
	r := open(t)
	c := r.card("hall", Hall)
	left, right := r.tablet("10.47.0.3"), r.tablet("10.47.0.4")
	left.sit(c)
	right.sit(c)
	left.who()
}

func TestARestartKeepsTheSeats(t *testing.T) {
	r := open(t)
	officer := r.officer()
	c := r.card("thao", 0)
	bound, unbound, next := r.tablet("10.47.0.12"), r.tablet("10.47.0.13"), r.tablet("10.47.0.14")
	bound.sit(c)
	unbound.scan(c)
	r.now = r.now.Add(time.Hour)
	r.restart()
	if s := bound.who(); !s.Bound || s.Person != "thao" {
		t.Errorf("bound: %+v", s)
	}
	if s := officer.who(); !s.Bound || s.PIN != PINDone || s.Roles != Secretary {
		t.Errorf("officer: %+v", s)
	}
	if unbound.who().Bound {
		t.Error("unbound became bound")
	}
	r.restart() // nobody seen yet: a tablet of before must not yield at once
	next.scan(c)
	next.bind()
	if next.who().Yields {
		t.Error("the first tablet yields right after a restart")
	}
}

func TestNothingLiesInTheFileInPlain(t *testing.T) {
	r := open(t)
	officer := r.officer()
	c := r.card("thao", 0)
	b := r.tablet("10.47.0.12")
	b.sit(c)
	claim, err := r.NewClaim(t.Context(), r.now)
	r.must(err)
	secrets := []string{c.Token, c.Code, b.cookie, b.device.Cookie, officer.cookie, "204717", claim}
	files, err := filepath.Glob(filepath.Join(r.dir, "access.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		r.must(err)
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) || bytes.Contains(data, []byte(strings.ToLower(secret))) {
				t.Errorf("%s holds %q", filepath.Base(name), secret)
			}
		}
	}
}

func TestUnknownCookies(t *testing.T) {
	r := open(t)
	ctx := t.Context()
	d := Device{NewDevice(), netip.MustParseAddr("10.47.0.9")}
	for name, err := range map[string]error{
		"Bind":      third(r.Bind(ctx, "x", r.now)),
		"TakeOver":  third(r.TakeOver(ctx, "x", "1", d, r.now)),
		"ChoosePIN": r.ChoosePIN(ctx, "x", "204717", r.now),
		"EnterPIN":  r.EnterPIN(ctx, "x", "204717", d, r.now),
		"Deny":      r.Deny(ctx, "x", Seat{}),
		"token":     second(r.EnterToken(ctx, "", d, r.now)),
		"claim":     r.CheckClaim("", r.now),
	} {
		if !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, ok := r.Who("", r.now); ok {
		t.Error("an empty cookie is somebody")
	}
}

func third(_ Seat, err error) error { return err }

func TestChangesWakesItsReader(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	first, next := r.tablet("10.47.0.12"), r.tablet("10.47.0.13")
	first.sit(c)
	next.scan(c)
	<-r.Changes()
	next.bind()
	select {
	case <-r.Changes():
	default:
		t.Error("a waiting tablet woke nobody")
	}
	next.bind()
	select {
	case <-r.Changes():
		t.Error("asking again is no change")
	default:
	}
}

func TestSixtyTabletsAtOnce(t *testing.T) {
	r := open(t)
	people := make([]Person, 20)
	for i := range people {
		people[i] = Person{ID: NewDevice()}
	}
	cards, err := r.IssueCards(t.Context(), session, people, r.now)
	r.must(err)
	var wg sync.WaitGroup
	for i := range 60 { // three tablets fight for every seat
		wg.Go(func() {
			c := cards[i%len(cards)]
			cookie, _, err := r.EnterToken(context.Background(), c.Token, Device{Cookie: NewDevice()}, r.now)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := r.Bind(context.Background(), cookie, r.now); err != nil && !errors.Is(err, ErrTaken) {
				t.Error(err)
			}
			r.Waiting(r.now)
			if s, ok := r.Who(cookie, r.now); !ok || s.Person != c.Person || s.Bound == s.Waits {
				t.Errorf("%+v, %v", s, ok)
			}
		})
	}
	wg.Wait()
	if bound, waiting := len(r.Bound(session)), len(r.Waiting(r.now)); bound != 20 || waiting != 40 {
		t.Errorf("%d bound, %d waiting", bound, waiting)
	}
}
