package room

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/rules"
)

func TestABallotIsAnsweredFromDisk(t *testing.T) {
	h := voting(t, t.TempDir(), 5)
	a := h.do("m02", cast(1, rules.For))
	if !a.Fresh || a.Entry.Kind != meeting.BallotCast || a.Entry.ID != "v1/m02/1" || len(a.Entry.Code) != 4 {
		t.Fatalf("answer = %+v", a)
	}
	ballot, ok := a.State.Session.BallotOf("m02", "v1")
	if !ok || ballot.Entry != a.Entry.Seq || ballot.Code != a.Entry.Code || ballot.Choice != rules.For {
		t.Fatalf("the ballot that stands = %+v", ballot)
	}
	h = h.again()
	defer h.leave()
	if again, _ := h.State().Session.BallotOf("m02", "v1"); again != ballot {
		t.Fatalf("after a restart %+v, before %+v", again, ballot)
	}
}

func TestAnOldTapIsAnsweredWithTheBallotThatStands(t *testing.T) {
	h := voting(t, t.TempDir(), 5)
	defer h.leave()
	h.do("m02", cast(1, rules.For))
	h.do("m02", cast(2, rules.Against))
	size := h.State().Journal
	late := h.do("m02", cast(1, rules.For))
	stands, _ := late.State.Session.BallotOf("m02", "v1")
	if late.Fresh || late.Entry.ID != "" || stands.N != 2 || stands.Choice != rules.Against || h.State().Journal != size {
		t.Fatalf("late tap: %+v, stands %+v", late.Entry, stands)
	}
	h.do(chair, closeVote)
	late = h.do("m02", cast(2, rules.For))
	if stands, _ := late.State.Session.BallotOf("m02", "v1"); stands.Choice != rules.Against {
		t.Fatalf("after closing: %+v", stands)
	}
	if _, err := h.try("m02", cast(3, rules.For)); !errors.Is(err, meeting.VoteEnded) {
		t.Fatalf("a new tap after closing: %v", err)
	}
}

func TestARepeatedKeyIsAnsweredFromTheLog(t *testing.T) {
	h := voting(t, t.TempDir(), 5)
	press := Command{Key: "k1", By: "m02", Seat: "02", Saw: -1, Verb: func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AskFloor(a, "dự án số 2", false)
	}}
	first, err := h.Do(t.Context(), press)
	if err != nil || !first.Fresh || first.Entry.ID != "k1" || first.Entry.Seat != "02" {
		t.Fatalf("first: %+v, %v", first, err)
	}
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.WithdrawAsk(a, "m02") })
	h = h.again()
	defer h.leave()
	size := h.State().Journal
	second, err := h.Do(t.Context(), press)
	if err != nil || second.Fresh || second.Entry.Seq != first.Entry.Seq || h.State().Journal != size {
		t.Fatalf("second: %+v, %v", second, err)
	}
	press.By = "m03"
	if _, err := h.Do(t.Context(), press); !errors.Is(err, meeting.KeyOfAnother) {
		t.Fatalf("somebody else's key: %v", err)
	}
}

func TestFurtherEntriesOfACommandAreNumbered(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	defer h.leave()
	h.do(chair, closeVote)
	a, err := h.Do(t.Context(), Command{Key: "next", By: chair, Saw: -1, Verb: func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenItem(a, "i2")
	}})
	if err != nil || a.Entry.ID != "next" || a.Entry.Kind != meeting.ItemClosed {
		t.Fatalf("%+v, %v", a.Entry, err)
	}
	log := h.entries()
	if last := log[len(log)-1]; last.ID != "next/2" || last.Kind != meeting.ItemOpened {
		t.Fatalf("last entry %+v", last)
	}
}

func TestARefusedCommandLeavesNothing(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	defer h.leave()
	before := h.State()
	want := seen(before.Session)
	for name, verb := range map[string]Verb{
		"not allowed": func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) },
		"no such":     func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, "v9", 1, rules.For) },
		"too long": func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.WriteOpinion(a, "i1", strings.Repeat("ý", meeting.MaxText+1), false)
		},
	} {
		if _, err := h.Do(t.Context(), Command{Key: name, By: "m02", Saw: -1, Verb: verb}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if h.State() != before {
		t.Error("a snapshot was published for refusals")
	}
	for name, view := range seen(h.State().Session) {
		if !reflect.DeepEqual(view, want[name]) {
			t.Errorf("%s sees something else", name)
		}
	}
}

// An entry that does not fit its limits stops its whole command, also the
// entries before it, and no other command of the batch.
func TestACommandIsRecordedWholeOrNotAtAll(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	defer h.leave()
	size := h.State().Journal
	_, err := h.try(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		events, err := s.Note(a, "i1", "Ghi nhận ý kiến")
		return append(events, meeting.Event{Kind: meeting.RecordNoted, Data: "not an object"}), err
	})
	var fault *Fault
	if !errors.As(err, &fault) || h.State().Journal != size || int64(len(h.entries()))+1 != size {
		t.Fatalf("err %v, journal %d, was %d", err, h.State().Journal, size)
	}
	if a := h.do("m02", cast(1, rules.For)); !a.Fresh {
		t.Fatal("the room did not go on")
	}
}

func TestAVerbThatPanicsIsAFaultOfItsCommandAlone(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	defer h.leave()
	var fault *Fault
	_, err := h.try(chair, func(*meeting.Session, meeting.Act) ([]meeting.Event, error) { panic("lỗi") })
	if !errors.As(err, &fault) {
		t.Fatalf("err = %v", err)
	}
	h.do("m02", cast(1, rules.For))
}

func TestOneSessionIsInTheRoomAtATime(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	set, _ := rules.Named("ubnd-2015")
	next := func(last *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return last.CopyTo(a, id, header(48), set, true, func() meeting.ItemID { return "copied" })
	}
	if _, err := h.Prepare(t.Context(), "p", clerk, next); !errors.Is(err, meeting.SessionInRoom) {
		t.Fatalf("while session 47 sits: %v", err)
	}
	h.do(chair, closeVote)
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
	first := h.State().Session
	a, err := h.Prepare(t.Context(), "p", clerk, next)
	if err != nil || a.Entry.Kind != meeting.SessionPrepared || a.State.Session.Header().Number != 48 {
		t.Fatalf("afterwards: %+v, %v", a.Entry, err)
	}
	if again, err := h.Prepare(t.Context(), "p", clerk, next); err != nil || again.Fresh || again.Entry.Seq != 0 {
		t.Fatalf("the same key again: %+v, %v", again.Entry, err)
	}
	h = h.again()
	defer h.leave()
	list := h.Sessions()
	if len(list) != 2 || list[0].Number != 47 || list[0].Phase != meeting.Closed || list[1].Number != 48 || list[1].Phase != meeting.Preparing {
		t.Fatalf("sessions: %+v", list)
	}
	old, err := h.Record(t.Context(), first.ID())
	if err != nil {
		t.Fatal(err)
	}
	sameAs(t, "the record of session 47", old, first)
	if _, err := h.Record(t.Context(), "another"); !errors.Is(err, meeting.NoSession) {
		t.Fatalf("a stranger's record: %v", err)
	}
}

func TestClosingPinsTheRootInTheRoomsLog(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	defer h.leave()
	h.do("m02", cast(1, rules.For))
	h.do(chair, closeVote)
	// Closing in a batch with entries before and after it.
	h.together(
		func() {
			h.do("m03", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkAway(a, "m03", "") })
		},
		func() {
			h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
		},
	)
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.SealRecord(a) })
	log := h.logOf(string(h.State().Session.ID()))
	if root := h.lastRoot(); root.Log != log.Name || root.Size != log.Size || root.Root != hex.EncodeToString(log.Root[:]) {
		t.Fatalf("pinned %+v, the log is %d long with root %x", root, log.Size, log.Root[:])
	}
	if h.State().House.Size() != 3 || h.State().Journal != log.Size+3 {
		t.Fatalf("the room's log holds %d entries, want founding and two roots", h.State().House.Size())
	}
}

type pinned struct {
	Log  string
	Size int64
	Root string
}

func (h *house) lastRoot() (p pinned) {
	h.t.Helper()
	for rec, err := range h.j.Records(context.Background(), journal.RoomLog, 0) {
		if err != nil {
			h.t.Fatal(err)
		}
		if meeting.Kind(rec.Kind) == meeting.SessionRoot {
			if err := json.Unmarshal(rec.Data, &p); err != nil {
				h.t.Fatal(err)
			}
		}
	}
	return p
}

func (h *house) logOf(name string) journal.Log {
	h.t.Helper()
	logs := h.j.Logs()
	i := slices.IndexFunc(logs, func(l journal.Log) bool { return l.Name == name })
	if i < 0 {
		h.t.Fatalf("no log %s", name)
	}
	return logs[i]
}

// together makes the commands of these functions one batch, in this order.
func (h *house) together(commands ...func()) {
	h.t.Helper()
	entered, open := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		h.try("", func(*meeting.Session, meeting.Act) ([]meeting.Event, error) {
			close(entered)
			<-open
			return nil, nil
		})
	})
	<-entered
	for i, command := range commands {
		all.Go(command)
		for len(h.orders) <= i {
			runtime.Gosched() // until it is queued; run is held in the first command
		}
	}
	close(open)
	all.Wait()
}

func TestCommandsOfABatchAreDecidedOneAfterTheOther(t *testing.T) {
	h := voting(t, t.TempDir(), 5)
	defer h.leave()
	commits := 0
	inner := h.commit
	h.commit = func(ctx context.Context, b *journal.Batch) error { commits++; return inner(ctx, b) }
	var late error
	h.together(
		func() { h.do("m02", cast(1, rules.For)) },
		func() { h.do("m02", cast(2, rules.Against)) },
		func() { h.do(chair, closeVote) },
		func() { _, late = h.try("m03", cast(1, rules.For)) },
	)
	if !errors.Is(late, meeting.VoteEnded) {
		t.Fatalf("a ballot behind the close: %v", late)
	}
	r := h.counted()
	if commits != 1 || r.For != 0 || r.Against != 1 || r.Silent != 4 {
		t.Fatalf("%d commits, result %+v", commits, r.Count)
	}
}

func TestWatchersAreWokenAndSkip(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	defer h.leave()
	before := h.State()
	h.do("m01", cast(1, rules.For))
	h.do("m02", cast(1, rules.For))
	<-before.Superseded()
	after := h.State()
	if after.Journal != before.Journal+2 || after.Acts != before.Acts || after.Present != before.Present {
		t.Fatalf("journal %d→%d, acts %d→%d", before.Journal, after.Journal, before.Acts, after.Acts)
	}
	if _, cast := before.Session.BallotOf("m01", "v1"); cast {
		t.Fatal("a snapshot that was published has changed")
	}
	h.do("m02", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AskFloor(a, "", false) })
	if h.State().Acts != after.Acts+1 {
		t.Fatal("an act was not counted")
	}
}

func TestThePresentIsShownAndNotRecorded(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	defer h.leave()
	h.present.leave = 20 * time.Millisecond
	before := h.State()
	gone := h.Connected("m02")
	again := h.Connected("m02")
	<-before.Superseded()
	now := h.State()
	if !now.Tablets["m02"].Connected || now.Present != before.Present+1 || now.Journal != before.Journal {
		t.Fatalf("tablets %+v, present %d", now.Tablets, now.Present)
	}
	gone()
	gone()
	again()
	<-now.Superseded()
	if last := h.State(); last.Tablets["m02"].Connected || last.Tablets["m02"].Seen.IsZero() || last.Present != now.Present+1 {
		t.Fatalf("tablets %+v, present %d", last.Tablets, last.Present)
	}
}

func TestATabletThatTurnsAPageHasNotLeft(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	defer h.leave()
	before := h.State()
	gone := h.Connected("m02")
	<-before.Superseded()
	gone()
	h.Connected("m02")
	h.refresh()
	shown := h.State()
	if !shown.Tablets["m02"].Connected || shown.Present != before.Present+1 {
		t.Fatalf("tablets %+v, present %d", shown.Tablets, shown.Present)
	}
}

func TestNothingIsTakenAfterClose(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	h.leave()
	if _, err := h.try("m02", cast(1, rules.For)); !errors.Is(err, ErrClosed) {
		t.Fatalf("err = %v", err)
	}
}

func TestAnAskerMayGiveUpWaiting(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	defer h.leave()
	gone, cancel := context.WithCancel(t.Context())
	_, err := h.Do(gone, Command{By: "m02", Saw: -1, Verb: func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		cancel()
		return s.Cast(a, "v1", 1, rules.For)
	}})
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatalf("err = %v", err)
	}
	retried := h.do("m02", cast(1, rules.For))
	if b, _ := retried.State.Session.BallotOf("m02", "v1"); b.N != 1 || b.Choice != rules.For {
		t.Fatalf("stands %+v", b)
	}
}

func TestANewerJournalIsShownAndNotWritten(t *testing.T) {
	h := voting(t, t.TempDir(), 3)
	b := h.j.Begin()
	if _, err := b.Add(string(h.State().Session.ID()), journal.Draft{ID: "x", Kind: "BallotSealed", At: time.Now(), Data: json.RawMessage(`{}`)}); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	h = h.again()
	defer h.leave()
	if s := h.State(); !errors.Is(s.Ended, ErrNewer) || s.Session.Header().Number != 47 {
		t.Fatalf("ended %v, session %d", s.Ended, s.Session.Header().Number)
	}
	if _, err := h.try("m02", cast(1, rules.For)); !errors.Is(err, ErrNewer) {
		t.Fatalf("a ballot: %v", err)
	}
}

// The wall clock is years off and jumps with every entry: order, tally and
// replay do not change.
func TestTheClockMayJump(t *testing.T) {
	years := []int{0, 1, -1, 3, -2}
	var calls int
	jumping := func() time.Time {
		calls++
		return time.Date(2026+years[calls%len(years)], 6, 26, 8, 0, 0, 0, time.UTC)
	}
	h := enter(t, t.TempDir(), jumping)
	h.openVote(5)
	for i, c := range []rules.Choice{rules.For, rules.Against, rules.For, rules.Abstain} {
		h.do(member(i), cast(1, rules.Against))
		h.do(member(i), cast(2, c))
		h.do(member(i), cast(1, rules.Abstain))
	}
	h.do(chair, closeVote)
	if r := h.counted(); r.For != 2 || r.Against != 1 || r.Abstain != 1 || r.Silent != 1 {
		t.Fatalf("result %+v", r.Count)
	}
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
	h.prepare(48, 2) // its id sorts before or behind that of 47, whichever the clock said
	live := h.State().Session
	h = h.again()
	defer h.leave()
	sameAs(t, "after a restart", h.State().Session, live)
}
