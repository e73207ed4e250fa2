package access

import (
	"errors"
	"net/netip"
	"testing"
	"time"
)

func TestARoomBeingGuessedAtAsksForAYes(t *testing.T) {
	r := open(t)
	officer := r.officer()
	c := r.card("thao", 0)
	for i := range alarmCodes {
		guess := Device{NewDevice(), netip.AddrFrom4([4]byte{10, 47, 1, byte(i)})}
		r.want(second(r.EnterCode(t.Context(), "nothing", guess, r.now)), ErrUnknown)
	}
	b := r.tablet("10.47.0.12")
	cookie, _, err := r.EnterCode(t.Context(), c.Code, b.device, r.now)
	r.must(err)
	b.cookie = cookie
	_, err = b.bind()
	r.want(err, ErrTaken)
	list := r.Waiting(r.now)
	if len(list) != 1 || list[0].Taken || list[0].Yields {
		t.Fatalf("waiting %+v", list)
	}
	r.must(r.Allow(t.Context(), list[0].ID, officer.who(), r.now))
	if !b.who().Bound {
		t.Error("not bound after the yes")
	}
	byQR := r.tablet("10.47.0.14")
	if s := byQR.sit(r.card("long", 0)); !s.Bound {
		t.Error("a scanned card must not wait")
	}
	r.now = r.now.Add(alarmWithin)
	calm := r.tablet("10.47.0.15")
	calm.cookie, _, err = r.EnterCode(t.Context(), r.card("dung", 0).Code, calm.device, r.now)
	r.must(err)
	if _, err := calm.bind(); err != nil {
		t.Errorf("ten minutes later: %v", err)
	}
}

func TestASecondTabletWaitsForAYes(t *testing.T) {
	r := open(t)
	officer := r.officer()
	c := r.card("thao", 0)
	stranger := r.tablet("10.47.0.50")
	stranger.sit(r.card("long", 0))
	for name, by := range map[string]func(first *tablet) Seat{
		"the first tablet": (*tablet).who,
		"the secretary":    func(*tablet) Seat { return officer.who() },
	} {
		t.Run(name, func(t *testing.T) {
			r.must(r.Release(t.Context(), session, "thao"))
			first, next := r.tablet("10.47.0.12"), r.tablet("10.47.0.13")
			first.sit(c)
			next.scan(c)
			s, err := next.bind()
			if !errors.Is(err, ErrTaken) || !s.Waits || s.Yields {
				t.Fatalf("got %+v, %v", s, err)
			}
			list := r.Waiting(r.now)
			if len(list) != 1 || list[0].Person != "thao" || !list[0].Taken || list[0].ID != s.ID || len(list[0].Code) != 4 {
				t.Fatalf("waiting %+v", list)
			}
			r.want(r.Allow(t.Context(), s.ID, stranger.who(), r.now), ErrNotYours)
			r.want(r.Allow(t.Context(), s.ID, next.who(), r.now), ErrNotYours)
			r.want(r.Allow(t.Context(), first.who().ID, officer.who(), r.now), ErrUnknown)
			first.who()
			r.must(r.Allow(t.Context(), s.ID, by(first), r.now))
			first.gone()
			if got := next.who(); !got.Bound || got.Waits || len(r.Waiting(r.now)) != 0 {
				t.Errorf("after the yes: %+v, %+v", got, r.Waiting(r.now))
			}
		})
	}
}

func TestDenySendsTheSecondTabletAway(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	first, next := r.tablet("10.47.0.12"), r.tablet("10.47.0.13")
	first.sit(c)
	next.scan(c)
	s, _ := next.bind()
	r.must(r.Deny(t.Context(), s.ID, first.who()))
	next.gone()
	if !first.who().Bound || len(r.Waiting(r.now)) != 0 {
		t.Error("the first tablet lost something")
	}
}

func TestAnUnseenTabletYieldsToTheSecretarysCode(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	first, next := r.tablet("10.47.0.12"), r.tablet("10.47.0.13")
	first.sit(c)
	next.scan(c)
	next.bind()
	code := r.Waiting(r.now)[0].Code
	takeOver := func(code string) error {
		_, err := r.TakeOver(t.Context(), next.cookie, code, next.device, r.now)
		return err
	}
	r.want(takeOver(code), ErrSeen)
	r.now = r.now.Add(unseen - 1)
	r.want(takeOver(code), ErrSeen)
	r.now = r.now.Add(1)
	if s := next.who(); !s.Yields || !r.Waiting(r.now)[0].Yields {
		t.Fatalf("after 30 s: %+v", s)
	}
	r.want(takeOver(code+"0"), ErrUnknown)
	first.who() // it was only asleep
	r.want(takeOver(code), ErrSeen)
	r.now = r.now.Add(unseen)
	r.must(takeOver(code))
	first.gone()
	if !next.who().Bound {
		t.Error("not bound")
	}
}

func TestTheSecretarysCodeChangesWhenGuessedAt(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	first, next := r.tablet("10.47.0.12"), r.tablet("10.47.0.13")
	first.sit(c)
	next.scan(c)
	next.bind()
	r.now = r.now.Add(unseen)
	next.who()
	before := r.Waiting(r.now)[0].Code
	for range mostTakeOvers {
		_, err := r.TakeOver(t.Context(), next.cookie, "wrong", next.device, r.now)
		r.want(err, ErrUnknown)
	}
	_, err := r.TakeOver(t.Context(), next.cookie, r.Waiting(r.now)[0].Code, next.device, r.now)
	if !errors.As(err, new(Slow)) {
		t.Errorf("got %v", err)
	}
	if after := r.Waiting(r.now)[0].Code; after == before {
		t.Errorf("still %s", after)
	}
}

func TestATabletThatStoppedAskingLeavesTheList(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	first, next := r.tablet("10.47.0.12"), r.tablet("10.47.0.13")
	first.sit(c)
	next.scan(c)
	next.bind()
	r.now = r.now.Add(waitingGone + 1)
	if list := r.Waiting(r.now); len(list) != 0 {
		t.Errorf("waiting %+v", list)
	}
	next.who()
	if list := r.Waiting(r.now); len(list) != 1 {
		t.Errorf("it asks again, waiting %+v", list)
	}
}

func TestAnotherTabletsSignInDoesNotAgeTheFirst(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	first, next := r.tablet("10.47.0.12"), r.tablet("10.47.0.13")
	first.sit(c)
	r.now = r.now.Add(time.Hour)
	first.who()
	r.tablet("10.47.0.14").sit(r.card("long", 0))
	next.scan(c)
	if s, _ := next.bind(); !s.Waits || s.Yields {
		t.Errorf("got %+v", s)
	}
	if got := r.Bound(session)["thao"]; !got.Equal(r.now) {
		t.Errorf("last seen %v", got)
	}
}
