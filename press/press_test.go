package press

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/pages"
	"phonghop/store"
)

func TestAPaperIsDrawnIndexedAndRecorded(t *testing.T) {
	s := shut(t)
	a := s.paper("a", 3, inHand)
	s.open()
	s.untilRecorded("a 1-3 of 3")
	st := s.State(a)
	if st.Total != 3 || st.Drawn != 3 || st.Renderer != "fake 1" || st.Trouble != "" || st.Failed != nil {
		t.Errorf("state %+v", st)
	}
	im, err := s.Page(t.Context(), a, "", 2)
	if err != nil || im.W != 100 || im.H != 141 || !s.docs.Has(im.Ref) {
		t.Errorf("%+v, %v", im, err)
	}
	for _, page := range []int{-1, 0, 4, 1 << 40} {
		if _, err := s.Page(t.Context(), a, "", page); !errors.Is(err, ErrNoPage) {
			t.Errorf("page %d: %v", page, err)
		}
	}
	hits, _, err := s.index.Find(t.Context(), "chu cua a", []string{string(a)}, 10)
	if err != nil || len(hits) != 3 || !s.index.Has(t.Context(), string(a), 3) {
		t.Errorf("%v, %v", hits, err)
	}
	if got := s.State("unknown"); got.Total != 0 {
		t.Errorf("of an unknown one: %+v", got)
	}
}

func TestTheMostUrgentComesFirst(t *testing.T) {
	s := shut(t)
	for name, u := range map[string]urgency{"old": replaced, "other": placedAt, "next": upNext, "now": inHand} {
		s.paper(name, 1, u)
	}
	hold := s.gate("gate/1")
	s.open()
	gate := s.paper("gate", 1, arriving)
	s.until("others drawn", func() bool { return len(s.drawer.list()) == 4 })
	if got := s.drawer.list(); !slices.Equal(got, []string{"now/1", "next/1", "other/1", "old/1"}) {
		t.Errorf("drawn in the order %q", got)
	}
	s.Prepare(pages.Paper{Ref: gate})
	hold()
	s.until("the arrival is drawn", func() bool { return s.State(gate).Drawn == 1 })
	if slices.ContainsFunc(s.ledger.recorded(), func(e string) bool { return strings.HasPrefix(e, "gate") }) {
		t.Error("an arrival was recorded")
	}
}

func TestAnArrivalIsRecordedOnceItIsPlaced(t *testing.T) {
	s := shut(t).open()
	ref := s.paper("late", 2, arriving)
	s.Prepare(pages.Paper{Ref: ref})
	s.until("drawn ahead", func() bool { return s.State(ref).Drawn == 2 && s.State(ref).Total == 2 })
	s.paper("late", 2, inHand)
	s.untilRecorded("late 1-2 of 2")
	if got := s.drawer.list(); len(got) != 2 {
		t.Errorf("drawn again: %q", got)
	}
}

func TestThePageInViewComesFirst(t *testing.T) {
	s := shut(t)
	annex, note := s.paper("annex", 50, placedAt), s.paper("note", 2, replaced)
	hold := s.gate("annex/2")
	s.open()
	s.until("the first page", func() bool { return s.State(annex).Drawn == 1 })
	// Page 2 hangs. Whoever asks for another paper is served all the same.
	if _, err := s.Page(t.Context(), note, "", 2); err != nil {
		t.Fatal(err)
	}
	if got := s.drawer.list(); !slices.Contains(got, "note/2") || slices.Contains(got, "annex/2") {
		t.Errorf("drawn: %q", got)
	}
	var all sync.WaitGroup
	for _, page := range []int{40, 40, 41, 7} {
		all.Go(func() {
			if _, err := s.Page(t.Context(), annex, "", page); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	hold()
	s.untilRecorded("annex 1-50 of 50", "note 1-2 of 2")
	if st := s.State(annex); st.Drawn != 50 || len(s.sheets[annex].waiting) != 0 {
		t.Errorf("%+v", st)
	}
}

func TestAMoreUrgentPaperTakesItsTurnAtTheNextPage(t *testing.T) {
	s := shut(t)
	s.pace.yield, s.pace.again = time.Hour, time.Hour
	annex := s.paper("annex", 9, placedAt)
	hold := s.gate("annex/4")
	s.open()
	s.until("three pages", func() bool { return s.State(annex).Drawn == 3 })
	s.paper("later", 1, placedAt)
	s.paper("last", 1, placedAt)
	s.paper("now", 1, inHand)
	hold()
	s.untilRecorded("annex 1-9 of 9", "last 1-1 of 1", "later 1-1 of 1", "now 1-1 of 1")
	if got := s.drawer.list(); !slices.Equal(got[3:6], []string{"annex/4", "now/1", "annex/5"}) || !slices.Equal(got[len(got)-2:], []string{"later/1", "last/1"}) {
		t.Errorf("drawn: %q", got)
	}
	s.paper("news", 1, inHand) // an idle press hears of it by the room's signal
	s.until("the news", func() bool { return len(s.ledger.recorded()) == 5 })
}

func TestAnInterruptedPaperGoesOnWhereItWas(t *testing.T) {
	s := shut(t)
	annex, note := s.paper("annex", 9, placedAt), s.paper("note", 1, replaced)
	hold := s.gate("annex/4")
	s.open()
	s.until("three pages", func() bool { return s.State(annex).Drawn == 3 })
	if _, err := s.Page(t.Context(), note, "", 1); err != nil {
		t.Fatal(err)
	}
	hold()
	s.untilRecorded("annex 1-9 of 9", "note 1-1 of 1")
	got := strings.Join(s.drawer.list()[4:10], " ")
	if got != "annex/4 annex/5 annex/6 annex/7 annex/8 annex/9" {
		t.Errorf("after the interruption: %q", s.drawer.list())
	}
}

func TestWhoeverWaitsMayGo(t *testing.T) {
	s := shut(t)
	a := s.paper("a", 1, inHand)
	hold := s.gate("a/1")
	s.open()
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := s.Page(ctx, a, "", 1)
		failed <- err
	}()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	go func() {
		_, err := s.Page(context.Background(), a, "", 1)
		failed <- err
	}()
	s.until("waiting", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.sheets[a].waiting[1] == 1 })
	p := s.Press
	s.close()
	if err := <-failed; !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if _, err := p.Page(t.Context(), a, "", 1); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if _, err := p.Fine(t.Context(), a, "", 1); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	hold()
}

func TestARestartDrawsOnlyWhatIsNotRecorded(t *testing.T) {
	s := shut(t)
	a := s.paper("a", 3, inHand)
	s.alter(a, func(fp *fakePaper) { fp.bad = map[int]bool{2: true} })
	s.open()
	s.untilRecorded("a 1-3 of 3")
	before, _ := s.Page(t.Context(), a, "", 1)
	s.close()
	s.drawer.ink = " by another renderer"
	b := s.paper("b", 1, inHand)
	s.open()
	s.untilRecorded("a 1-3 of 3", "b 1-1 of 1")
	if got := s.drawer.list(); len(got) != 4 {
		t.Errorf("drawn: %q", got)
	}
	if after, err := s.Page(t.Context(), a, "", 1); err != nil || after.Ref != before.Ref {
		t.Errorf("another image after the restart: %v, %v", after, err)
	}
	if _, err := s.Page(t.Context(), a, "", 2); !errors.Is(err, ErrFailed) {
		t.Errorf("the page that failed: %v", err)
	}
	if st := s.State(a); st.Drawn != 2 || !slices.Equal(st.Failed, []int{2}) {
		t.Errorf("%+v", st)
	}
	if st := s.State(b); st.Drawn != 1 {
		t.Errorf("%+v", st)
	}
}

func TestAnIndexThatIsGoneIsFilledAgain(t *testing.T) {
	s := shut(t)
	a := s.paper("a", 3, inHand)
	s.open()
	s.untilRecorded("a 1-3 of 3")
	before, _ := s.Page(t.Context(), a, "", 1)
	s.close()
	if err := os.Remove(filepath.Join(s.dir, "search.db")); err != nil {
		t.Fatal(err)
	}
	s.drawer.ink = " by another renderer"
	s.open()
	s.until("indexed", func() bool { return s.index.Has(t.Context(), string(a), 3) })
	if after, err := s.Page(t.Context(), a, "", 1); err != nil || after.Ref != before.Ref {
		t.Errorf("another image: %v, %v", after, err)
	}
	s.untilRecorded("a 1-3 of 3")
}

func TestALostImageIsDrawnAgain(t *testing.T) {
	for name, ink := range map[string]string{"the same bytes": "", "other bytes": " by another renderer"} {
		t.Run(name, func(t *testing.T) {
			s := shut(t)
			a := s.paper("a", 5, inHand)
			s.open()
			s.untilRecorded("a 1-5 of 5")
			kept, _ := s.Page(t.Context(), a, "", 1)
			lost, _ := s.Page(t.Context(), a, "", 4)
			if err := os.Remove(filepath.Join(s.dir, "documents", string(lost.Ref[:2]), string(lost.Ref))); err != nil {
				t.Fatal(err)
			}
			s.drawer.mu.Lock()
			s.drawer.ink = ink
			s.drawer.mu.Unlock()
			again, err := s.Page(t.Context(), a, "", 4)
			if err != nil || !s.docs.Has(again.Ref) || (again.Ref == lost.Ref) != (ink == "") {
				t.Fatalf("%v, was %v, %v", again, lost, err)
			}
			if other, err := s.Page(t.Context(), a, "", 1); err != nil || other.Ref != kept.Ref {
				t.Errorf("another page changed: %v, %v", other, err)
			}
			if twice, err := s.Page(t.Context(), a, "", 4); err != nil || twice.Ref != again.Ref {
				t.Errorf("changed once more: %v, %v", twice, err)
			}
		})
	}
}

func TestImagesLostBeforeAStartAreDrawnAgain(t *testing.T) {
	s := shut(t)
	a := s.paper("a", 3, inHand)
	s.open()
	s.untilRecorded("a 1-3 of 3")
	lost, _ := s.Page(t.Context(), a, "", 3)
	s.close()
	if err := os.Remove(filepath.Join(s.dir, "documents", string(lost.Ref[:2]), string(lost.Ref))); err != nil {
		t.Fatal(err)
	}
	s.open()
	s.until("there again", func() bool { return s.docs.Has(lost.Ref) })
}

func TestWhatCannotBeDrawnSaysWhy(t *testing.T) {
	broken := errors.New("the child ended")
	for name, c := range map[string]struct {
		pages   int
		err     []error
		book    pages.Book
		trouble meeting.Trouble
		drawn   int
	}{
		"encrypted":        {0, []error{pages.ErrEncrypted}, pages.Book{}, meeting.TroubleEncrypted, 0},
		"damaged":          {0, []error{pages.ErrDamaged}, pages.Book{}, meeting.TroubleUnreadable, 0},
		"too many":         {0, []error{pages.ErrTooMany}, pages.Book{}, meeting.TroubleTooLarge, 0},
		"unsupported":      {0, []error{pages.ErrUnsupported}, pages.Book{}, meeting.TroubleNoPages, 0},
		"empty":            {0, nil, pages.Book{}, meeting.TroubleNoPages, 0},
		"no office":        {0, []error{pages.ErrNoOffice}, pages.Book{}, meeting.TroubleOfficeMissing, 0},
		"only its text":    {2, []error{pages.ErrNoOffice}, pages.Book{NoOffice: true}, meeting.TroubleOfficeMissing, 2},
		"old fonts":        {2, nil, pages.Book{OldFont: true}, meeting.TroubleOldFont, 2},
		"broken once":      {2, []error{broken}, pages.Book{}, "", 2},
		"broken each time": {2, []error{broken, broken, broken}, pages.Book{}, meeting.TroubleUnreadable, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := shut(t)
			a := s.paper("a", c.pages, inHand)
			s.alter(a, func(fp *fakePaper) { fp.err, fp.book = c.err, c.book })
			good := s.paper("good", 1, placedAt)
			s.open()
			s.until("both have ended", func() bool {
				a, good := s.State(a), s.State(good)
				return good.Total == 1 && a.Trouble == c.trouble && a.Drawn == c.drawn && (a.Total > 0 || a.Trouble != "")
			})
			_, err := s.Page(t.Context(), a, "", 1)
			if (err == nil) != (c.drawn > 0) || err != nil && !errors.Is(err, ErrFailed) {
				t.Errorf("page 1: %v", err)
			}
		})
	}
}

func TestAFullDiskStopsTheDrawingAndNothingElse(t *testing.T) {
	for name, c := range map[string]struct {
		begin func(*shop)
		end   func(*shop)
	}{
		"the room says so": {func(s *shop) { s.ledger.isFull = true }, func(s *shop) { s.ledger.isFull = false }},
		"little is left":   {func(s *shop) { s.free = leaveFree - 1 }, func(s *shop) { s.free = leaveFree }},
	} {
		t.Run(name, func(t *testing.T) {
			s := shut(t)
			c.begin(s)
			a := s.paper("a", 2, inHand)
			s.open()
			s.until("trouble", func() bool { return s.State(a).Trouble == meeting.TroubleDiskFull })
			if _, err := s.Page(t.Context(), a, "", 1); !errors.Is(err, store.ErrFull) {
				t.Error(err)
			}
			if got := s.drawer.list(); len(got) != 0 {
				t.Errorf("drawn: %q", got)
			}
			s.ledger.change(func() { c.end(s) })
			s.untilRecorded("a 1-2 of 2")
			if st := s.State(a); st.Trouble != "" || st.Drawn != 2 {
				t.Errorf("%+v", st)
			}
		})
	}
	t.Run("for a while", func(t *testing.T) {
		s := shut(t)
		s.pace.again = time.Hour
		a := s.paper("a", 2, inHand)
		s.alter(a, func(fp *fakePaper) { fp.err = []error{store.ErrFull} })
		s.open()
		s.until("trouble", func() bool { return s.State(a).Trouble == meeting.TroubleDiskFull })
		b := s.paper("b", 2, inHand)
		s.until("trouble of another", func() bool { return s.State(b).Trouble == meeting.TroubleDiskFull })
		if got := s.drawer.list(); len(got) != 2 {
			t.Errorf("drawn: %q", got)
		}
	})
	t.Run("met while drawing", func(t *testing.T) {
		s := shut(t)
		a := s.paper("a", 2, inHand)
		s.alter(a, func(fp *fakePaper) { fp.err = []error{store.ErrFull, store.ErrFull, store.ErrFull, store.ErrFull} })
		s.open()
		s.untilRecorded("a 1-2 of 2")
		if st := s.State(a); st.Trouble != "" || st.Drawn != 2 {
			t.Errorf("%+v", st)
		}
	})
}

func TestARecordThatIsRefusedOrBrokenStopsNoDrawing(t *testing.T) {
	s := shut(t)
	a := s.paper("a", 2, inHand)
	s.ledger.err = errors.New("the world broke")
	s.open()
	s.until("drawn", func() bool { return s.State(a).Total == 2 })
	s.ledger.change(func() { s.ledger.err = nil })
	s.untilRecorded("a 1-2 of 2")
	s.ledger.change(func() { s.ledger.err = meeting.NotAllowed })
	b := s.paper("b", 2, inHand)
	s.until("drawn", func() bool { return s.State(b).Total == 2 })
	s.ledger.change(func() { s.ledger.err = nil })
	c := s.paper("c", 1, inHand)
	s.until("drawn", func() bool { return s.State(c).Total == 1 })
}

func TestALongPaperIsRecordedInRuns(t *testing.T) {
	s := shut(t)
	s.paper("annex", 1000, inHand)
	s.open()
	s.untilRecorded("annex 1-400 of 1000", "annex 401-800 of 1000", "annex 801-1000 of 1000")
}

func TestOneDocumentAsTwoPapersIsDrawnOnce(t *testing.T) {
	s := shut(t)
	ref := s.paper("a", 2, inHand)
	s.ledger.change(func() {
		pl := s.ledger.list[0]
		pl.ID, pl.urgency = "b", placedAt
		s.ledger.list = append(s.ledger.list, pl)
	})
	s.open()
	s.untilRecorded("a 1-2 of 2", "b 1-2 of 2")
	if got := s.drawer.list(); len(got) != 2 || s.State(ref).Drawn != 2 {
		t.Errorf("drawn %q", got)
	}
}

func TestPapersOfSealedSessionsKeepTheirImages(t *testing.T) {
	s := shut(t)
	image, _, err := s.docs.PutBytes(t.Context(), []byte("as it was read then"))
	if err != nil {
		t.Fatal(err)
	}
	ref := s.paper("old", 2, arriving)
	pl := placed{session: "s0", sealed: true, urgency: bygone}
	pl.ID, pl.Ref, pl.Total, pl.Pages.Pages = "old", string(ref), 2, 1
	pl.Images, pl.W, pl.H = []string{string(image)}, []int{9}, []int{9}
	s.ledger.old, s.ledger.reading = []placed{pl}, make(chan struct{})
	s.open()
	done := make(chan bool)
	go func() {
		defer close(done)
		if im, err := s.Page(t.Context(), ref, "", 1); err != nil || im.Ref != image || im.W != 9 {
			t.Errorf("%v, %v", im, err)
		}
	}()
	s.until("waiting", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.sheets[ref] != nil && s.sheets[ref].waiting[1] == 1
	})
	hold := s.gate("old/1") // the record answers, not the drawing
	close(s.ledger.reading)
	<-done
	hold()
	s.until("indexed", func() bool { return s.index.Has(t.Context(), string(ref), 2) })
	s.paper("new", 1, inHand)
	s.untilRecorded("new 1-1 of 1")
	if im, _ := s.Page(t.Context(), ref, "", 1); im.Ref != image {
		t.Errorf("%v", im)
	}
}

// What was handed out stays, whatever a record says later.
func TestAnImageHandedOutStays(t *testing.T) {
	s := shut(t)
	a := s.paper("a", 1, inHand)
	s.open()
	s.untilRecorded("a 1-1 of 1")
	before, _ := s.Page(t.Context(), a, "", 1)
	other, _, err := s.docs.PutBytes(t.Context(), []byte("another image"))
	if err != nil {
		t.Fatal(err)
	}
	s.ledger.change(func() { s.ledger.list[0].Images = []string{string(other)} })
	b := s.paper("b", 1, inHand)
	s.until("looked again", func() bool { return s.State(b).Drawn == 1 })
	if after, err := s.Page(t.Context(), a, "", 1); err != nil || after.Ref != before.Ref {
		t.Errorf("%v, was %v, %v", after, before, err)
	}
}

func TestFineIsDrawnOnceForMany(t *testing.T) {
	s := shut(t)
	a := s.paper("a", 1, inHand)
	s.open()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if im, err := s.Fine(t.Context(), a, "", 1); err != nil || im.W != 2480 {
				t.Errorf("%v, %v", im, err)
			}
		})
	}
	all.Wait()
	if s.drawer.fines != 1 {
		t.Errorf("drawn %d times", s.drawer.fines)
	}
	if _, err := s.Fine(t.Context(), a, "", 2); !errors.Is(err, ErrNoPage) {
		t.Error(err)
	}
}

// Tablets leaf, papers come and change their place, and all see one image a page.
func TestManyTabletsSeeOneImage(t *testing.T) {
	s := shut(t).open()
	var refs []documents.Ref
	for _, name := range []string{"a", "b", "c", "d"} {
		refs = append(refs, s.paper(name, 30, placedAt))
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	seen := map[fineKey]documents.Ref{}
	for tablet := range 8 {
		all.Go(func() {
			for i := range 30 {
				key := fineKey{refs[(tablet+i)%len(refs)], (tablet*7+i)%30 + 1}
				im, err := s.Page(t.Context(), key.ref, "", key.page)
				mu.Lock()
				if err != nil || seen[key] != "" && seen[key] != im.Ref {
					t.Errorf("%v: %v, %v before; %v", key, im.Ref, seen[key], err)
				}
				seen[key] = im.Ref
				mu.Unlock()
			}
		})
	}
	for i := range 20 {
		s.ledger.change(func() {
			pl := &s.ledger.list[i%4]
			pl.urgency = (pl.urgency + 1) % replaced
		})
	}
	all.Wait()
	s.untilRecorded("a 1-30 of 30", "b 1-30 of 30", "c 1-30 of 30", "d 1-30 of 30")
}
