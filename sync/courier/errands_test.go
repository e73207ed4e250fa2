package courier

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"phonghop/store"
	"phonghop/sync/centre"
	"phonghop/sync/letters"
)

// It goes by itself when something is new and the room is idle, waits while a
// session sits, and comes back when the line does.
func TestItGoesByItself(t *testing.T) {
	b, p := newBox(t), newPlace(t, nil)
	leaks := goleak.IgnoreCurrent()
	changed := make(chan struct{}, 1)
	idle := make(chan bool, 8)
	idle <- true
	is := true
	e := Begin(b.config(), func() (<-chan struct{}, bool) {
		select {
		case is = <-idle:
		default:
		}
		return changed, is
	})
	until := func(what string, ok func(State) bool) State {
		t.Helper()
		end := time.After(2 * time.Minute)
		for {
			s, told := e.State()
			if ok(s) {
				return s
			}
			select {
			case <-told:
			case <-end:
				t.Fatalf("%s does not come: %+v", what, s)
			}
		}
	}
	if err := e.Pair(t.Context(), p.url, ""); err != nil {
		t.Fatal(err)
	}
	until("the first delivery", func(s State) bool { return s.Paired && !s.Good.IsZero() && s.Progress.Done() })
	b.sit(session, 10)
	idle <- false
	changed <- struct{}{}
	time.Sleep(1200 * time.Millisecond) // it looks once, and leaves the session alone
	if s, _ := e.State(); s.Progress.Logs[session] != nil {
		t.Errorf("it went during a session: %+v", s.Progress.Logs[session])
	}
	idle <- true
	e.Kick()
	s := until("the session", func(s State) bool { l := s.Progress.Logs[session]; return l != nil && l.Confirmed == 10 })
	if s.Err != nil {
		t.Error(s.Err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, leaks,
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"), // lines kept open
		goleak.IgnoreAnyFunction("net/http.(*conn).serve"), goleak.IgnoreAnyFunction("database/sql.(*DB).connectionOpener")) // the centre's end
}

func TestEveryErrorHasASentence(t *testing.T) {
	for _, err := range []error{
		ErrUnpaired, ErrLost, ErrStranger, letters.ErrCode, store.ErrFull, context.Canceled, errors.New("anything"),
		&Ahead{session, 3, 5}, &net.OpError{Op: "dial", Err: errors.New("refused")}, &letters.Refusal{Name: letters.Fork, Message: "Khác.", Log: session, Entry: 4},
	} {
		if vi, en := Sentence(err); vi == "" || en == "" {
			t.Errorf("%v has no sentence", err)
		}
	}
}

// A disk that is full at the centre is said; nothing is lost on either side, and
// it goes on when there is room again. (A small tmpfs stands for the disk.)
func TestFullDiskAtTheCentre(t *testing.T) {
	dir := smallDisk(t, 12<<20)
	b := newBox(t)
	p := newPlace(t, func(c *centre.Config) { c.Dir = dir })
	if err := b.pair(p.url, ""); err != nil {
		t.Fatal(err)
	}
	b.paper(session, 4<<20, false)
	big := b.paper(session, 16<<20, false)
	_, err := b.deliver()
	wantRefusal(t, err, letters.Full)
	if p.documents(big) {
		t.Fatal("a paper larger than the disk is there")
	}
	growDisk(t, dir, 64<<20)
	got, err := b.deliver()
	done(t, got, err)
	p.same(t, b)
}
