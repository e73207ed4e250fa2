package room

import (
	"context"
	"errors"
	"testing"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/store"
)

// faulty stands before the journal's commit and spoils the next ones.
type faulty struct {
	next  []func(context.Context, *journal.Batch) error // owned by run
	inner func(context.Context, *journal.Batch) error
}

func (f *faulty) commit(ctx context.Context, b *journal.Batch) error {
	if len(f.next) == 0 {
		return f.inner(ctx, b)
	}
	spoil := f.next[0]
	f.next = f.next[1:]
	return spoil(ctx, b)
}

// lost fails before anything is written; kept fails although all of it was.
func lost(err error) func(context.Context, *journal.Batch) error {
	return func(_ context.Context, b *journal.Batch) error { b.Discard(); return err }
}

func kept(err error) func(context.Context, *journal.Batch) error {
	return func(ctx context.Context, b *journal.Batch) error { return errors.Join(b.Commit(ctx), err) }
}

// spoiled is a voting room whose next commits fail in these ways.
func spoiled(t *testing.T, c Config, ways ...func(context.Context, *journal.Batch) error) *house {
	t.Helper()
	h := voting(t, t.TempDir(), 5)
	h.leave()
	h = enterUnstarted(t, h.dir, time.Now)
	h.reserve = c.Reserve
	f := &faulty{next: ways, inner: h.commit}
	h.commit = f.commit
	if err := h.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	go h.run()
	return h
}

// Nobody is answered by an uncertain commit, whether it reached the disk or not;
// the tablet's retry with the same n is then answered once.
func TestNobodyIsAnsweredByAnUncertainCommit(t *testing.T) {
	for name, way := range map[string]func(context.Context, *journal.Batch) error{
		"lost": lost(store.ErrUncertain), "kept": kept(store.ErrUncertain),
	} {
		t.Run(name, func(t *testing.T) {
			h := spoiled(t, Config{}, way)
			defer func() { h.leave() }()
			before := h.State().Journal
			var errs [3]error
			h.together(
				func() { _, errs[0] = h.try("m02", cast(1, rules.For)) },
				func() { _, errs[1] = h.try("m03", cast(1, rules.Against)) },
				// This would be refused, but what it read was never on disk.
				func() { _, errs[2] = h.try("", cast(1, rules.For)) },
			)
			var fault *Fault
			for i, err := range errs {
				if !errors.As(err, &fault) || !errors.Is(err, store.ErrUncertain) {
					t.Errorf("asker %d was answered: %v", i, err)
				}
			}
			h.do("m02", cast(1, rules.For))
			h.do("m03", cast(1, rules.Against))
			if now := h.State().Journal; now != before+2 {
				t.Fatalf("%d entries more, want 2", now-before)
			}
			live := h.State().Session
			h = h.again()
			sameAs(t, "after a restart", h.State().Session, live)
			h.do(chair, closeVote)
			if r := h.counted(); r.For != 1 || r.Against != 1 {
				t.Fatalf("result %+v", r.Count)
			}
		})
	}
}

func TestAJournalThatCannotBeReopenedEndsTheRoom(t *testing.T) {
	h := spoiled(t, Config{}, lost(store.ErrUncertain))
	defer h.leave()
	tries := 0
	h.recover = func(context.Context) error { tries++; return errors.New("input/output error") }
	before := h.State()
	if _, err := h.try("m02", cast(1, rules.For)); !errors.Is(err, ErrEnd) {
		t.Fatalf("err = %v", err)
	}
	<-before.Superseded()
	s := h.State()
	if tries != 2 || !errors.Is(s.Ended, ErrEnd) || s.Session != before.Session {
		t.Fatalf("%d tries, ended %v", tries, s.Ended)
	}
	ran := false
	_, err := h.try(chair, func(*meeting.Session, meeting.Act) ([]meeting.Event, error) { ran = true; return nil, nil })
	if !errors.Is(err, ErrEnd) || ran {
		t.Fatalf("after the end: %v, verb ran %v", err, ran)
	}
}

func TestTheStoreMayEndTheRoomAtOnce(t *testing.T) {
	h := spoiled(t, Config{}, lost(store.ErrEnd))
	defer h.leave()
	if _, err := h.try("m02", cast(1, rules.For)); !errors.Is(err, ErrEnd) || !errors.Is(h.State().Ended, ErrEnd) {
		t.Fatalf("err = %v, ended %v", err, h.State().Ended)
	}
}

// One failure to reopen is not the end.
func TestReopeningIsTriedTwice(t *testing.T) {
	h := spoiled(t, Config{}, lost(store.ErrUncertain))
	defer h.leave()
	inner, failed := h.recover, false
	h.recover = func(ctx context.Context) error {
		if !failed {
			failed = true
			return errors.New("busy")
		}
		return inner(ctx)
	}
	var fault *Fault
	if _, err := h.try("m02", cast(1, rules.For)); !errors.As(err, &fault) {
		t.Fatalf("err = %v", err)
	}
	h.do("m02", cast(1, rules.For))
}

func TestOnAFullDiskOnlyClosingIsTaken(t *testing.T) {
	reserve, err := store.OpenReserve(t.TempDir(), 1<<16)
	if err != nil {
		t.Fatal(err)
	}
	h := spoiled(t, Config{Reserve: reserve}, lost(store.ErrFull))
	defer h.leave()
	if _, err := h.try("m02", cast(1, rules.For)); !errors.Is(err, ErrFull) {
		t.Fatalf("the ballot that did not fit: %v", err)
	}
	if s := h.State(); !s.Full || s.Ended != nil || reserve.Held() {
		t.Fatalf("full %v, ended %v, reserve held %v", s.Full, s.Ended, reserve.Held())
	}
	size := h.State().Journal
	if _, err := h.try("m02", cast(1, rules.For)); !errors.Is(err, ErrFull) || h.State().Journal != size {
		t.Fatalf("another ballot: %v", err)
	}
	if _, err := h.try("", cast(1, rules.For)); !errors.Is(err, meeting.NoVoice) {
		t.Fatalf("a refusal is still a refusal: %v", err)
	}
	h.do(chair, closeVote)
	if r := h.counted(); r.Silent != 5 {
		t.Fatalf("result %+v", r.Count)
	}
	h.lookForSpace()
	if h.State().Full || !reserve.Held() {
		t.Fatal("there is space again, and the room does not know")
	}
	h.do("m02", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AskFloor(a, "", false) })
}
