package access

import (
	"errors"
	"testing"
)

func TestTenWrongCodesDoNotLockTheMember(t *testing.T) {
	r := open(t)
	c := r.card("thao", 0)
	seated := r.tablet("10.47.0.12")
	seated.sit(c)
	stranger := r.tablet("10.47.0.66")
	wrong := "000000"
	if c.Code == wrong {
		wrong = "000001"
	}
	slowed := 0
	for range 10 {
		_, _, err := r.EnterCode(t.Context(), wrong, stranger.device, r.now)
		if slow, ok := errors.AsType[Slow](err); ok {
			if slowed++; slow.Wait != firstWait {
				t.Errorf("wait %v", slow.Wait)
			}
		} else {
			r.want(err, ErrUnknown)
		}
	}
	if slowed != 10-freeTries {
		t.Errorf("slowed %d times", slowed)
	}
	stranger.device.Cookie = NewDevice() // the address stays slowed
	if _, _, err := r.EnterCode(t.Context(), c.Code, stranger.device, r.now); !errors.As(err, new(Slow)) {
		t.Errorf("a new cookie got %v", err)
	}
	seated.who()
	other := r.tablet("10.47.0.13")
	_, s, err := r.EnterCode(t.Context(), " "+c.Code[:3]+" "+c.Code[3:], other.device, r.now)
	if err != nil || s.Person != "thao" {
		t.Errorf("the member on another tablet got %+v, %v", s, err)
	}
}

func TestSlowingGrowsAndIsForgiven(t *testing.T) {
	r := open(t)
	b := r.tablet("10.47.0.66")
	try := func() error {
		_, _, err := r.EnterCode(t.Context(), "nothing", b.device, r.now)
		return err
	}
	for range freeTries {
		r.want(try(), ErrUnknown)
	}
	for wait := firstWait; wait < longestWait; wait *= 2 {
		r.now = r.now.Add(wait - 1)
		if slow, ok := errors.AsType[Slow](try()); !ok || slow.Wait != 1 {
			t.Fatalf("just before %v: %v", wait, slow)
		}
		r.now = r.now.Add(1)
		r.want(try(), ErrUnknown)
	}
	r.now = r.now.Add(longestWait)
	r.want(try(), ErrUnknown)
	r.now = r.now.Add(forgiven)
	for range freeTries {
		r.want(try(), ErrUnknown)
	}
}

func TestOwnCodeForgivesNoGuessing(t *testing.T) {
	r := open(t)
	own := r.card("long", 0)
	b := r.tablet("10.47.0.66")
	for range freeTries {
		r.want(second(r.EnterCode(t.Context(), "nothing", b.device, r.now)), ErrUnknown)
		if _, _, err := r.EnterCode(t.Context(), own.Code, b.device, r.now); err != nil && !errors.As(err, new(Slow)) {
			t.Fatal(err)
		}
	}
	if _, _, err := r.EnterCode(t.Context(), "nothing", b.device, r.now); !errors.As(err, new(Slow)) {
		t.Errorf("got %v", err)
	}
}
