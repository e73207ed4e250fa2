package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"phonghop/journal"
)

// BenchmarkVotingBesideDrawing compares how long a ballot's commit takes, at the
// 99th of 100, while a map of 300,000 strokes is drawn, with the same without:
// interleaved in one run, on the same disk. The ratio is what counts.
func BenchmarkVotingBesideDrawing(b *testing.B) {
	need(b, "gs")
	p := drawer(b, nil)
	paper := p.paperOf(b, strokes(b, 300_000), typePDF)
	j := openJournal(b)
	var quiet, busy []time.Duration
	for n := range max(b.N, 5) {
		quiet = append(quiet, ballots(b, j, fmt.Sprint("quiet", n), nil)...)
		ctx, stop := context.WithCancel(b.Context())
		var drawing sync.WaitGroup
		began := make(chan struct{})
		drawing.Go(func() {
			close(began)
			for ctx.Err() == nil {
				_, _ = p.Draw(ctx, paper, func(Page) error { return nil })
			}
		})
		<-began
		busy = append(busy, ballots(b, j, fmt.Sprint("busy", n), nil)...)
		stop()
		drawing.Wait()
	}
	q, w := at99(quiet), at99(busy)
	b.ReportMetric(float64(q.Microseconds()), "p99-quiet-µs")
	b.ReportMetric(float64(w.Microseconds()), "p99-drawing-µs")
	b.ReportMetric(float64(w)/float64(q), "ratio")
}

func openJournal(b *testing.B) *journal.Journal {
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
	b.Cleanup(func() { j.Close() })
	data, _ := json.Marshal(map[string]any{"key": j.PublicKey(), "epoch": 1})
	batch := j.Begin()
	if _, err := batch.Add(journal.RoomLog, journal.Draft{ID: "found", Kind: journal.RoomFounded, Data: data}); err != nil {
		b.Fatal(err)
	}
	if err := batch.Commit(b.Context()); err != nil {
		b.Fatal(err)
	}
	return j
}

// ballots commits 300 ballots one after the other, each with its own fsync, a
// little apart as thumbs are.
func ballots(b *testing.B, j *journal.Journal, key string, took []time.Duration) []time.Duration {
	b.Helper()
	for i := range 300 {
		time.Sleep(2 * time.Millisecond)
		began := time.Now()
		batch := j.Begin()
		if _, err := batch.Add("0197c0de-0000-7000-8000-000000000047", journal.Draft{ID: fmt.Sprint(key, "/", i), Kind: "BallotCast", Data: []byte(`{"choice":"for"}`)}); err != nil {
			b.Fatal(err)
		}
		if err := batch.Commit(b.Context()); err != nil {
			b.Fatal(err)
		}
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
	need(b, "gs")
	path := psPDF(b, "ten.pdf", onePage+onePage)
	for name, idle := range map[string]time.Duration{"warm": time.Minute, "cold": time.Nanosecond} {
		b.Run(name, func(b *testing.B) {
			p := drawer(b, func(c *Config) { c.Limits.Idle = idle })
			paper := p.paperOf(b, path, typePDF)
			for range b.N {
				if idle == time.Nanosecond {
					p.rest()
				}
				_, _ = p.Draw(b.Context(), paper, func(Page) error { return context.Canceled })
			}
		})
	}
}
