package access

import (
	"errors"
	"sync"
	"testing"
	"time"
)

func TestTheChairChoosesAPINFirst(t *testing.T) {
	r := open(t)
	c := r.card("chair", Chair)
	b := r.tablet("10.47.0.1")
	if s := b.scan(c); s.PIN != PINChoose || s.Roles != Chair {
		t.Fatalf("got %+v", s)
	}
	_, err := b.bind()
	r.want(err, ErrPIN)
	for _, weak := range []string{"", "12345", "1234567", "12345a", "111111", "123456", "654321", "987654", "12345６"} {
		r.want(r.ChoosePIN(t.Context(), b.cookie, weak, r.now), ErrWeakPIN)
	}
	r.must(r.ChoosePIN(t.Context(), b.cookie, "204717", r.now))
	r.want(r.ChoosePIN(t.Context(), b.cookie, "204718", r.now), ErrHasPIN)
	if s, err := b.bind(); err != nil || !s.Bound || s.PIN != PINDone {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestThePINIsAskedOnANewDeviceOnly(t *testing.T) {
	r := open(t)
	c := r.card("chair", Chair)
	b := r.tablet("10.47.0.1")
	b.scan(c)
	r.must(r.ChoosePIN(t.Context(), b.cookie, "204717", r.now))
	b.bind()
	r.must(r.Leave(t.Context(), b.cookie))
	if s := b.scan(c); s.PIN != PINDone {
		t.Errorf("the same device is asked again: %+v", s)
	}
	other := r.tablet("10.47.0.2")
	if s := other.scan(c); s.PIN != PINEnter {
		t.Fatalf("a new device: %+v", s)
	}
	r.want(r.EnterPIN(t.Context(), other.cookie, "204718", other.device, r.now), ErrWrongPIN)
	r.must(r.EnterPIN(t.Context(), other.cookie, "204717", other.device, r.now))
	if s := other.who(); s.PIN != PINDone {
		t.Errorf("after the PIN: %+v", s)
	}
	r.must(r.EnterPIN(t.Context(), other.cookie, "204717", other.device, r.now)) // confirming by PIN
	r.restart()
	if s := other.who(); s.PIN != PINDone {
		t.Errorf("after a restart: %+v", s)
	}
}

func TestWrongPINsSlowTheDeviceNotTheSeat(t *testing.T) {
	r := open(t)
	c := r.card("chair", Chair)
	seated, thief, own := r.tablet("10.47.0.1"), r.tablet("10.47.0.66"), r.tablet("10.47.0.2")
	seated.scan(c)
	r.must(r.ChoosePIN(t.Context(), seated.cookie, "204717", r.now))
	seated.bind()
	thief.scan(c)
	for range freeTries {
		r.want(r.EnterPIN(t.Context(), thief.cookie, "999999", thief.device, r.now), ErrWrongPIN)
	}
	if err := r.EnterPIN(t.Context(), thief.cookie, "204717", thief.device, r.now); !errors.As(err, new(Slow)) {
		t.Errorf("the thief got %v", err)
	}
	own.scan(c)
	r.must(r.EnterPIN(t.Context(), own.cookie, "204717", own.device, r.now))
	if !seated.who().Bound {
		t.Error("the chair lost the seat")
	}
}

func TestAHundredPINsAtOnceAreAHundredTries(t *testing.T) {
	r := open(t)
	c := r.card("chair", Chair)
	owner, thief := r.tablet("10.47.0.1"), r.tablet("10.47.0.66")
	owner.scan(c)
	r.must(r.ChoosePIN(t.Context(), owner.cookie, "204717", r.now))
	thief.scan(c)
	var wg sync.WaitGroup
	judged := make(chan struct{}, 100)
	for range 100 {
		wg.Go(func() {
			if err := r.EnterPIN(t.Context(), thief.cookie, "999999", thief.device, r.now); errors.Is(err, ErrWrongPIN) {
				judged <- struct{}{}
			}
		})
	}
	wg.Wait()
	if len(judged) != freeTries {
		t.Errorf("%d were judged", len(judged))
	}
}

func TestACardWhosePINIsGuessedAtEnds(t *testing.T) {
	r := open(t)
	c := r.card("chair", Chair)
	seated, thief := r.tablet("10.47.0.1"), r.tablet("10.47.0.66")
	seated.scan(c)
	r.must(r.ChoosePIN(t.Context(), seated.cookie, "204717", r.now))
	seated.bind()
	thief.scan(c)
	for range mostWrongPINs {
		r.want(r.EnterPIN(t.Context(), thief.cookie, "999999", thief.device, r.now), ErrWrongPIN)
		r.now = r.now.Add(longestWait)
	}
	thief.gone()
	r.want(second(r.EnterToken(t.Context(), c.Token, thief.device, r.now)), ErrUnknown)
	seated.who()
	r.card("chair", Chair)
	seated.who()
}

func TestAForgottenPINIsChosenAnew(t *testing.T) {
	r := open(t)
	officer := r.officer()
	r.must(r.ResetPIN(t.Context(), "secretary"))
	if s := officer.who(); !s.Bound || s.PIN != PINDone {
		t.Errorf("the bound tablet: %+v", s)
	}
	other := r.tablet("10.47.0.9")
	if s := other.scan(r.card("secretary", Secretary)); s.PIN != PINChoose {
		t.Errorf("the next sign-in: %+v", s)
	}
}

func TestARoleGivenLaterAsksForAPIN(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	r.must(r.SetRoles(t.Context(), session, "thao", Secretary))
	b := r.tablet("10.47.0.12")
	if s := b.scan(c); s.PIN != PINChoose || !s.Roles.Has(Secretary) || s.Roles.Any(Chair|IT) {
		t.Errorf("got %+v", s)
	}
	r.must(r.SetRoles(t.Context(), session, "thao", 0))
	if s := b.who(); s.PIN != PINDone || s.Roles != 0 {
		t.Errorf("got %+v", s)
	}
}

func TestTheClaimLinkWorksOnceForThirtyMinutes(t *testing.T) {
	r := open(t)
	b := r.tablet("10.47.0.1")
	claim := func(token string) error {
		cookie, _, err := r.Claim(t.Context(), token, "first", "204717", b.device, r.now)
		b.cookie = cookie
		return err
	}
	token, err := r.NewClaim(t.Context(), r.now)
	r.must(err)
	if r.Claimed() {
		t.Error("claimed before")
	}
	r.must(r.CheckClaim(token, r.now.Add(claimFor)))
	r.want(r.CheckClaim(token, r.now.Add(claimFor+1)), ErrExpired)
	start := r.now
	r.now = start.Add(claimFor + time.Second)
	r.want(claim(token), ErrExpired)
	r.now = start
	r.restart() // the link outlives a restart
	r.want(second(r.Claim(t.Context(), token, "first", "123456", b.device, r.now)), ErrWeakPIN)
	r.must(claim(token))
	if s := b.who(); s.Person != "first" || s.Roles != Secretary|IT || !s.Bound || s.PIN != PINDone || s.Session != "" {
		t.Errorf("got %+v", s)
	}
	if !r.Claimed() {
		t.Error("not claimed after")
	}
	r.want(second(r.Claim(t.Context(), token, "second", "204717", b.device, r.now)), ErrUnknown)
	b.who()
}

func TestTwoClaimAtOnceOneWins(t *testing.T) {
	r := open(t)
	token, err := r.NewClaim(t.Context(), r.now)
	r.must(err)
	errs := make(chan error, 2)
	for _, person := range []string{"a", "b"} {
		go func() {
			_, _, err := r.Claim(t.Context(), token, person, "204717", Device{Cookie: NewDevice()}, r.now)
			errs <- err
		}()
	}
	if one, two := <-errs, <-errs; (one == nil) == (two == nil) {
		t.Errorf("got %v and %v", one, two)
	}
}

func TestANewClaimRevokesTheOldCard(t *testing.T) {
	r := open(t)
	ctx := t.Context()
	first, err := r.NewClaim(ctx, r.now)
	r.must(err)
	old := r.tablet("10.47.0.1")
	old.cookie, _, err = r.Claim(ctx, first, "old", "204717", old.device, r.now)
	r.must(err)
	cards, err := r.IssueCards(ctx, "", []Person{{"old", "", Secretary | IT}}, r.now)
	r.must(err)
	member := r.tablet("10.47.0.12")
	member.sit(r.card("thao", 0))

	next, err := r.NewClaim(ctx, r.now)
	r.must(err)
	if s := old.who(); !s.Bound || s.Roles != Secretary|IT {
		t.Errorf("before the link is used the bound secretary goes on: %+v", s)
	}
	r.want(second(r.EnterToken(ctx, cards[0].Token, old.device, r.now)), ErrUnknown)

	fresh := r.tablet("10.47.0.2")
	fresh.cookie, _, err = r.Claim(ctx, next, "new", "204719", fresh.device, r.now)
	r.must(err)
	old.gone()
	member.who()
	if s := fresh.who(); s.Person != "new" || s.Roles != Secretary|IT {
		t.Errorf("got %+v", s)
	}
}

func TestHandingOverTheChairAsksForNothing(t *testing.T) {
	r := open(t)
	b := r.tablet("10.47.0.12")
	b.sit(r.card("deputy", 0))
	r.must(r.SetRoles(t.Context(), session, "deputy", Chair))
	if s := b.who(); s.PIN != PINDone || s.Roles != Chair || !s.Bound {
		t.Errorf("got %+v", s)
	}
}

func TestAMemberOfTheSessionMayBeITOfTheRoom(t *testing.T) {
	r := open(t)
	r.must(r.SetRoles(t.Context(), "", "thao", IT))
	if s := r.tablet("10.47.0.12").scan(r.card("thao", 0)); s.Roles != IT || s.PIN != PINChoose || s.Session != session {
		t.Errorf("got %+v", s)
	}
}
