package pages

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"log/slog"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

// BenchmarkVotingBesideDrawing compares how long a ballot takes until it is on
// disk, at the 99th of 100, while papers are drawn, with the same without:
// interleaved in one run, on the same disk. The ratio is what counts; 2 is the
// most.
func BenchmarkVotingBesideDrawing(b *testing.B) {
	need(b, "gs")
	for name, path := range map[string]string{"map": strokes(b, 300_000), "pages": psPDF(b, "pages.pdf", strings.Repeat(onePage, 200))} {
		b.Run(name, func(b *testing.B) {
			p := drawer(b, nil)
			paper := p.paperOf(b, path, typePDF)
			if err := p.Ready(b.Context()); err != nil {
				b.Fatal(err)
			}
			v := openVote(b)
			var quiet, busy []time.Duration
			for range max(b.N, 5) {
				quiet = append(quiet, v.ballots(b, 300)...)
				stop := drawForEver(b, p, paper)
				busy = append(busy, v.ballots(b, 300)...)
				stop()
			}
			q, w := at99(quiet), at99(busy)
			b.ReportMetric(float64(q.Microseconds()), "p99-quiet-µs")
			b.ReportMetric(float64(w.Microseconds()), "p99-drawing-µs")
			b.ReportMetric(float64(w)/float64(q), "ratio")
		})
	}
}

// drawForEver draws a paper again and again until stopped.
func drawForEver(b *testing.B, p *Pages, paper Paper) (stop func()) {
	ctx, cancel := context.WithCancel(b.Context())
	var drawing sync.WaitGroup
	drawing.Go(func() {
		for ctx.Err() == nil {
			if _, err := p.Draw(ctx, paper, func(Page) error { return nil }); err != nil && ctx.Err() == nil {
				b.Error(err)
			}
		}
	})
	return func() {
		cancel()
		drawing.Wait()
	}
}

// vote is a room of thirty with a vote open in it.
type vote struct {
	*room.Room
	j *journal.Journal
	n int // taps so far
}

func memberNo(i int) meeting.PersonID { return meeting.PersonID(fmt.Sprintf("m%02d", i)) }

func openVote(b *testing.B) *vote {
	b.Helper()
	dir := b.TempDir()
	key, err := journal.OpenKey(dir)
	if err != nil {
		b.Fatal(err)
	}
	j, err := journal.Open(b.Context(), journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key})
	if err != nil {
		b.Fatal(err)
	}
	r, err := room.Open(b.Context(), room.Config{Journal: j, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := errors.Join(r.Close(), j.Close()); err != nil {
			b.Error(err)
		}
	})
	v := &vote{Room: r, j: j}
	v.begin(b)
	return v
}

// begin brings the room to the vote.
func (v *vote) begin(b *testing.B) {
	b.Helper()
	const clerk, chair = meeting.PersonID("clerk"), meeting.PersonID("m01")
	_, err := v.DoRoom(b.Context(), "found", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
		return r.Found("Phòng họp số 1", "Phòng họp số 1", v.j.PublicKey())
	})
	if err != nil {
		b.Fatal(err)
	}
	set, _ := rules.Named("ubnd-2015")
	head := meeting.Header{Number: 47, Term: "2021–2026", Kind: "regular", Body: "Ủy ban nhân dân tỉnh Trà Sơn", Place: "Phòng họp số 1", Starts: time.Now()}
	_, err = v.Prepare(b.Context(), "", clerk, func(last *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
		return meeting.Prepare(a, id, head, set, last.ID(), meeting.Person{ID: clerk, Name: "Lã Kim Dung"})
	})
	if err != nil {
		b.Fatal(err)
	}
	var all []meeting.PersonID
	for i := 1; i <= 30; i++ {
		p := meeting.Person{ID: memberNo(i), Name: fmt.Sprint("Thành viên ", i), Role: meeting.RoleMember, Votes: true, Order: i}
		if i == 1 {
			p.Role = meeting.RoleChair
		}
		all = append(all, p.ID)
		v.do(b, clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, p) })
	}
	v.do(b, clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, "i1", meeting.NewItem{Title: "Giải ngân vốn đầu tư công"})
	})
	v.do(b, clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkAll(a, all) })
	v.do(b, chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	v.do(b, chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, "i1") })
	v.do(b, chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, "v1", "i1", "Thông qua dự thảo Nghị quyết", 0, "")
	})
}

func (v *vote) do(b *testing.B, by meeting.PersonID, verb room.Verb) {
	b.Helper()
	if _, err := v.Do(b.Context(), room.Command{By: by, Saw: -1, Verb: verb}); err != nil {
		b.Fatal(by, err)
	}
}

// ballots casts so many ballots, a little apart as thumbs are, and tells how long
// each took to be on disk.
func (v *vote) ballots(b *testing.B, many int) (took []time.Duration) {
	b.Helper()
	for range many {
		time.Sleep(2 * time.Millisecond)
		v.n++
		began := time.Now()
		v.do(b, memberNo(1+v.n%30), func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.Cast(a, "v1", 1+v.n/30, rules.For)
		})
		took = append(took, time.Since(began))
	}
	return took
}

func at99(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)*99/100]
}

// BenchmarkFirstPage tells how soon a paper's first page is there: with a child
// that runs, and with one that must start.
func BenchmarkFirstPage(b *testing.B) {
	need(b, "gs", "convert")
	for name, path := range map[string]string{"text": psPDF(b, "text.pdf", strings.Repeat(onePage, 40)), "scan": scan(b, 20<<20)} {
		for _, cold := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/cold=%v", name, cold), func(b *testing.B) {
				p := drawer(b, nil)
				paper := p.paperOf(b, path, typePDF)
				if err := p.Ready(b.Context()); err != nil {
					b.Fatal(err)
				}
				b.ResetTimer()
				for range b.N {
					if cold {
						p.used = time.Time{}
						p.rest()
					}
					if _, err := p.Draw(b.Context(), paper, func(Page) error { return context.Canceled }); !errors.Is(err, context.Canceled) {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
