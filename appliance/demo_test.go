package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"phonghop/documents"
	"phonghop/dossier"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

// demoHouse is a demo begun in a data folder.
func demoHouse(t *testing.T, dir string) *house {
	t.Helper()
	h, err := openHouse(t.Context(), serveOptions{data: dir, demo: true}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.begin(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	return h
}

func left(t *testing.T, h *house) {
	t.Helper()
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheDemoIsInTheMiddleOfItsSession(t *testing.T) {
	h := demoHouse(t, t.TempDir())
	defer left(t, h)
	s := h.room.State().Session
	v := s.SeenBy(meeting.Audience{Screen: meeting.ChairScreen})
	if v.Header.Number != 47 || v.Phase != meeting.Sitting || v.Quorum.Present != 20 || v.Quorum.Total != 22 || len(v.Agenda) != 8 {
		t.Fatalf("session %d, %s, %+v, %d items", v.Header.Number, v.Phase, v.Quorum, len(v.Agenda))
	}
	if v.Current != 2 || v.Vote != nil || len(v.Agenda[2].Papers) != 4 || v.Floor.Speaking != nil || len(v.Floor.Queue) != 0 {
		t.Fatalf("current item %d, vote %v, floor %+v", v.Current, v.Vote, v.Floor)
	}
	if age := time.Since(v.Agenda[2].Opened); age < 14*time.Minute || age > 25*time.Minute {
		t.Errorf("item 3 was opened %v ago", age)
	}
	if len(v.Votes) != 1 || v.Votes[0].State != meeting.VoteDone || v.Votes[0].Result.For != 18 || v.Votes[0].Result.Outcome != rules.Passed {
		t.Errorf("votes %+v", v.Votes)
	}
	absent := slices.DeleteFunc(slices.Clone(v.Roll), func(p meeting.SeatView) bool { return !p.Absent })
	if len(absent) != 2 || !absent[0].Agreed || absent[1].Answered || absent[0].Reason == "" {
		t.Errorf("absent %+v", absent)
	}
	if hall := s.SeenBy(meeting.Audience{Screen: meeting.HallScreen}); !hall.Agenda[7].Hidden || hall.Agenda[7].Title != "" {
		t.Error("the hall may read the item in camera")
	}
	if off := time.Since(h.clock.now()); off > time.Minute || off < -time.Minute {
		t.Errorf("the room's clock is %v off", off)
	}
}

func TestTheDemosPapersAreDocumentsByHash(t *testing.T) {
	h := demoHouse(t, t.TempDir())
	defer left(t, h)
	for _, it := range h.room.State().Session.SeenBy(meeting.Audience{Screen: meeting.ChairScreen}).Agenda {
		for _, p := range it.Papers {
			f, err := h.papers.Open(documents.Ref(p.Ref))
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(f)
			f.Close()
			if err != nil || !bytes.HasPrefix(raw, []byte("%PDF-")) || int64(len(raw)) != p.Size {
				t.Errorf("%s: %d bytes of %d, %v", p.Name, len(raw), p.Size, err)
			}
		}
	}
}

func TestTheDemosSeatsCanBeSatAt(t *testing.T) {
	dir := t.TempDir()
	h := demoHouse(t, dir)
	info, err := os.Stat(filepath.Join(dir, seatsFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	roles := map[string]int{}
	for _, s := range h.seats {
		roles[s.role]++
	}
	if roles["chair"] != 1 || roles["member"] != 21 || roles["secretary"] != 1 || roles["substitute"] != 2 || roles["guest"] != 2 || roles["hall"] != 1 {
		t.Errorf("seats %v", roles)
	}
	names := ""
	for _, p := range h.panes() {
		names += p.Name + "=" + string(p.Screen) + " "
		if p.Token == "" || p.Person == "" {
			t.Errorf("pane %+v", p)
		}
	}
	if names != "chair=chair secretary=secretary member1=member member2=member hall=hall " {
		t.Errorf("panes %s", names)
	}
	before := h.seats
	left(t, h)
	h = demoHouse(t, dir)
	defer left(t, h)
	if !slices.Equal(before, h.seats) {
		t.Error("a second start made other links")
	}
}

func TestADemoThatWasCutOffIsMadeAnew(t *testing.T) {
	dir := t.TempDir()
	left(t, demoHouse(t, dir))
	if err := os.Remove(filepath.Join(dir, seatsFile)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, making), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h := demoHouse(t, dir)
	defer left(t, h)
	if _, err := os.Stat(filepath.Join(dir, making)); err == nil {
		t.Error("the mark is still there")
	}
	if len(h.room.Sessions()) != 1 || len(h.seats) != 28 {
		t.Errorf("%d sessions, %d seats", len(h.room.Sessions()), len(h.seats))
	}
}

func TestVerifyFindsAPaperThatWasChanged(t *testing.T) {
	dir := t.TempDir()
	left(t, demoHouse(t, dir))
	papers, err := filepath.Glob(filepath.Join(dir, "documents", "??", "*"))
	if err != nil || len(papers) != 7 {
		t.Fatalf("%d papers, %v", len(papers), err)
	}
	var out bytes.Buffer
	if err := verify(t.Context(), english, dir, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if err := os.Chmod(papers[0], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(papers[0], []byte("%PDF-another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(papers[1]); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := verify(t.Context(), english, dir, &out); !errors.Is(err, errWrong) || strings.Count(out.String(), "WRONG: Document") != 2 {
		t.Fatalf("%v\n%s", err, &out)
	}
}

// A session whose whole log was taken out of the file is missed.
func TestVerifyMissesALogThatIsGone(t *testing.T) {
	dir := t.TempDir()
	h := demoHouse(t, dir)
	_, err := h.room.DoRoom(t.Context(), "gone", "", func(*meeting.Room, meeting.Act) ([]meeting.Event, error) {
		return []meeting.Event{meeting.Root("gone", 12, strings.Repeat("0", 64))}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	left(t, h)
	var out bytes.Buffer
	if err := verify(t.Context(), english, dir, &out); !errors.Is(err, errWrong) || !strings.Contains(out.String(), "Session gone ended at entry 12") {
		t.Fatalf("%v\n%s", err, &out)
	}
}

// A recount that is handed forged entries says what is wrong with them.
func TestARecountFindsWhatIsWrong(t *testing.T) {
	h := demoHouse(t, t.TempDir())
	defer left(t, h)
	var log []meeting.Entry
	for rec, err := range h.journal.Records(context.Background(), string(h.room.State().Session.ID()), 0) {
		if err != nil {
			t.Fatal(err)
		}
		log = append(log, room.EntryOf(rec))
	}
	if blamed := blame(t, log); blamed != "" {
		t.Fatalf("the demo itself: %s", blamed)
	}
	last := func(kind meeting.Kind) int {
		for i := len(log) - 1; i >= 0; i-- {
			if log[i].Kind == kind {
				return i
			}
		}
		t.Fatalf("no %s", kind)
		return 0
	}
	closed, ballot := last(meeting.VoteClosed), last(meeting.BallotCast)
	for name, c := range map[string]struct {
		forge func([]meeting.Entry) []meeting.Entry
		want  string
	}{
		"a ballot less":         {func(l []meeting.Entry) []meeting.Entry { return slices.Delete(l, ballot, ballot+1) }, "recorded"},
		"a ballot twice":        {func(l []meeting.Entry) []meeting.Entry { return slices.Insert(l, ballot, l[ballot]) }, "after ballot 1"},
		"a ballot too late":     {func(l []meeting.Entry) []meeting.Entry { return slices.Insert(l, closed+1, l[ballot]) }, "had ended"},
		"another choice":        {changed(ballot, `"for"`, `"abstain"`), "recorded"},
		"a better result":       {changed(closed, `"for":18`, `"for":19`), "recorded"},
		"another outcome":       {changed(closed, `"passed"`, `"not_passed"`), "recorded"},
		"another sentence":      {changed(closed, `đạt 18`, `đạt 20`), "sentence"},
		"somebody without vote": {changed(last(meeting.PersonSeated)-4, `"votes":true,`, ``), "without a vote"},
		"another chair":         {changed(closed, `"chair":"`, `"chair":"x`), "presiding"},
	} {
		if got := blame(t, c.forge(slices.Clone(log))); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q does not say %q", name, got, c.want)
		}
	}
}

func changed(i int, old, to string) func([]meeting.Entry) []meeting.Entry {
	return func(l []meeting.Entry) []meeting.Entry {
		l[i].Data = []byte(strings.Replace(string(l[i].Data), old, to, 1))
		return l
	}
}

func blame(t *testing.T, log []meeting.Entry) string {
	t.Helper()
	c := dossier.NewRecount()
	for _, e := range log {
		if err := c.Take(e); err != nil {
			t.Fatal(err)
		}
	}
	var all []string
	for _, v := range c.Votes() {
		all = append(all, v.Wrong...)
	}
	return strings.Join(all, "; ")
}
