package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"phonghop/store"
)

// Fifty writers send to the one goroutine that owns the batch; it takes what is
// waiting and commits it together. Everything is there exactly once, in an order
// that keeps each writer's own, and whoever was answered is on disk.
func TestFiftyWriters(t *testing.T) {
	const writers, each = 50, 40
	dir := t.TempDir()
	j := found(t, dir)
	orders := make(chan order)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				o := order{Draft{ID: fmt.Sprintf("w%d/%d", w, i), Kind: "BallotCast", At: at(i)}, make(chan int64)}
				orders <- o
				if seq := <-o.done; j.Logs()[1].Size <= seq {
					t.Errorf("answered before it was published: %d", seq)
				}
				if i%10 == 0 { // a tablet that did not hear the answer sends again
					again := order{o.draft, make(chan int64)}
					orders <- again
					<-again.done
				}
			}
		})
	}
	go func() { wg.Wait(); close(orders) }()
	commits := serve(t, j, orders)

	all := collect(t, j, session, 0)
	if len(all) != writers*each || commits >= len(all) {
		t.Fatalf("%d entries in %d commits", len(all), commits)
	}
	next := map[string]int{}
	for _, r := range all {
		w, i, _ := strings.Cut(r.ID, "/")
		if i != fmt.Sprint(next[w]) {
			t.Fatalf("%s/%s comes after %d", w, i, next[w])
		}
		next[w]++
	}
	j.Close()
	if _, err := reopen(t, dir, j.key).Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

type order struct {
	draft Draft
	done  chan int64
}

// serve is a small owner goroutine: one batch of all that waits, one commit.
func serve(t *testing.T, j *Journal, orders <-chan order) (commits int) {
	for o := range orders {
		b, waiting := j.Begin(), []order{o}
		for more := true; more && len(waiting) < 50; {
			select {
			case o, ok := <-orders:
				if more = ok; ok {
					waiting = append(waiting, o)
				}
			default:
				more = false
			}
		}
		seqs := make([]int64, len(waiting))
		for i, o := range waiting {
			r, err := b.Add(session, o.draft)
			if err != nil && !errors.Is(err, ErrDuplicate) {
				t.Error(err)
			}
			seqs[i] = r.Seq
		}
		if err := b.Commit(context.Background()); err != nil {
			t.Error(err)
		}
		commits++
		for i, o := range waiting {
			o.done <- seqs[i]
		}
	}
	return commits
}

func TestRewind(t *testing.T) {
	j := found(t, t.TempDir())
	b := j.Begin()
	add(t, b, session, ballot(0))
	mark := b.Mark()
	add(t, b, session, ballot(1))
	add(t, b, session, Draft{ID: "seal", Kind: RecordSealed})
	if _, err := b.Add(session, ballot(2)); !errors.Is(err, ErrSealed) {
		t.Errorf("after the seal: %v", err)
	}
	b.Rewind(mark)
	if r := add(t, b, session, ballot(1)); r.Seq != 1 || b.Len() != 2 {
		t.Errorf("seq %d, %d in the batch", r.Seq, b.Len())
	}
	if r, found, err := b.Find(session, ballot(1).ID); !found || err != nil || r.Seq != 1 {
		t.Errorf("found %v, %v", r, err)
	}
	commit(t, b)
	if n := len(collect(t, j, session, 0)); n != 2 {
		t.Errorf("%d entries", n)
	}
	if _, err := b.Add(session, ballot(3)); !errors.Is(err, ErrBatch) {
		t.Errorf("a done batch takes more: %v", err)
	}
	if err := b.Commit(t.Context()); !errors.Is(err, ErrBatch) {
		t.Errorf("a done batch commits: %v", err)
	}
}

func TestDiscard(t *testing.T) {
	j := found(t, t.TempDir())
	b := j.Begin()
	add(t, b, session, ballot(0))
	b.Discard()
	if err := b.Commit(t.Context()); !errors.Is(err, ErrBatch) || len(j.Logs()) != 1 {
		t.Errorf("%v, %d logs", err, len(j.Logs()))
	}
}

func TestSealed(t *testing.T) {
	dir := t.TempDir()
	j := found(t, dir)
	fill(t, j, 10)
	b := j.Begin()
	add(t, b, session, Draft{ID: "seal", Kind: RecordSealed})
	commit(t, b)
	for range 2 {
		if _, err := j.Begin().Add(session, ballot(99)); !errors.Is(err, ErrSealed) {
			t.Errorf("a sealed log: %v", err)
		}
		if r, ok, err := j.ByID(session, ballot(4).ID); !ok || err != nil || r.Seq != 4 {
			t.Errorf("by id: %v %v %v", r.Seq, ok, err)
		}
		if _, ok, err := j.ByID(session, "nobody"); ok || err != nil {
			t.Errorf("an unknown id: %v %v", ok, err)
		}
		if l := j.Logs()[1]; !l.Sealed || l.Size != 11 {
			t.Errorf("%+v", l)
		}
		j.Close()
		j = reopen(t, dir, j.key)
	}
	if r, err := j.Receipt(t.Context(), session, 3); err != nil || len(r) == 0 {
		t.Error(err)
	}
	if _, err := j.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestErased(t *testing.T) {
	dir := t.TempDir()
	j := found(t, dir)
	fill(t, j, 10)
	before := j.Logs()[1].Root
	b := j.Begin()
	add(t, b, session, Draft{ID: "erase", Kind: DetailErased, Data: json.RawMessage(`{"entries":[3,6]}`), Body: []byte("theo yêu cầu")})
	commit(t, b)
	for _, r := range collect(t, j, session, 0) {
		if gone := r.Seq == 3 || r.Seq == 6; r.Detail != "" && (r.Body == nil) != gone {
			t.Errorf("entry %d: body %q", r.Seq, r.Body)
		}
	}
	report, err := j.Verify(t.Context())
	if err != nil || report.Logs[1].Withheld != 2 || report.Logs[1].Root == before {
		t.Errorf("%+v, %v", report, err)
	}
	j.Close()
	reopen(t, dir, j.key)
}

// The commit-error rule: after an uncertain commit the caller learns from Recover
// whether the batch is there, and either way goes on without a gap or a double.
func TestUncertainCommit(t *testing.T) {
	for _, durable := range []bool{true, false} {
		t.Run(fmt.Sprintf("durable=%v", durable), func(t *testing.T) {
			j := found(t, t.TempDir())
			fill(t, j, 5)
			whole := j.write
			j.write = func(ctx context.Context, fn func(tx) error) error {
				if durable {
					if err := whole(ctx, fn); err != nil {
						t.Error(err)
					}
				}
				return fmt.Errorf("fsync: %w", store.ErrUncertain)
			}
			b := j.Begin()
			add(t, b, session, ballot(5))
			if err := b.Commit(t.Context()); !errors.Is(err, store.ErrUncertain) {
				t.Fatal(err)
			}
			if n := j.Logs()[1].Size; n != 5 {
				t.Errorf("published before it was certain: %d", n)
			}
			j.write = whole
			if err := j.Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			b = j.Begin()
			if _, err := b.Add(session, ballot(5)); errors.Is(err, ErrDuplicate) != durable {
				t.Errorf("sent again: %v", err)
			}
			add(t, b, session, ballot(6))
			commit(t, b)
			if n := len(collect(t, j, session, 0)); n != 7 {
				t.Errorf("%d entries", n)
			}
		})
	}
}

func TestFullDisk(t *testing.T) {
	j := found(t, t.TempDir())
	fill(t, j, 5)
	whole := j.write
	j.write = func(ctx context.Context, fn func(tx) error) error {
		return whole(ctx, func(t tx) error {
			if _, err := t.Exec(`PRAGMA max_page_count = 1`); err != nil { // of the pages there are: the file cannot grow
				return err
			}
			return fn(t)
		})
	}
	b := j.Begin()
	for i := 5; i < 50; i++ {
		d := ballot(i)
		d.Body = make([]byte, 10_000)
		add(t, b, session, d)
	}
	if err := b.Commit(t.Context()); !errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrUncertain) {
		t.Fatal(err)
	}
	j.write = func(ctx context.Context, fn func(tx) error) error {
		return whole(ctx, func(t tx) error {
			if _, err := t.Exec(`PRAGMA max_page_count = 1000000`); err != nil {
				return err
			}
			return fn(t)
		})
	}
	b = j.Begin()
	if r := add(t, b, session, ballot(5)); r.Seq != 5 {
		t.Errorf("seq %d after a batch that is gone", r.Seq)
	}
	commit(t, b)
	if _, err := j.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// While the owner writes, anybody may read.
func TestReadersBesideTheWriter(t *testing.T) {
	j := found(t, t.TempDir())
	fill(t, j, 50)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				l := j.Logs()[1]
				receipt, err := j.Receipt(t.Context(), session, l.Size-1)
				r, err2 := j.At(t.Context(), session, l.Size-1)
				if err := errors.Join(err, err2, CheckReceipt(receipt, r.Line(), j.PublicKey())); err != nil {
					t.Error(err)
				}
				if _, ok, err := j.ByID(session, r.ID); !ok || err != nil {
					t.Error(ok, err)
				}
				if _, err := j.Verify(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := 50; i < 150; i++ {
		b := j.Begin()
		add(t, b, session, ballot(i))
		commit(t, b)
	}
	wg.Wait()
}

func TestReceiptUnderOneKilobyte(t *testing.T) {
	j := found(t, t.TempDir())
	b := j.Begin()
	for i := range 10_000 {
		add(t, b, session, Draft{ID: fmt.Sprint(i), Kind: "BallotCast", At: at(i)})
	}
	commit(t, b)
	r, err := j.Receipt(t.Context(), session, 0)
	if err != nil || len(r) >= 1024 {
		t.Errorf("%d bytes, %v:\n%s", len(r), err, r)
	}
}

func BenchmarkCommit(b *testing.B) {
	for _, size := range []int{1, 50} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			j := found(b, b.TempDir())
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				batch := j.Begin()
				for range size {
					add(b, batch, session, ballot(n))
					n++
				}
				commit(b, batch)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/entry")
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	j := found(b, b.TempDir())
	batch, n := j.Begin(), 1
	b.ReportAllocs()
	for b.Loop() {
		add(b, batch, session, ballot(n))
		n += 3 // without a body
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	j := found(b, dir)
	fill(b, j, 5000)
	j.Close()
	for b.Loop() {
		j, err := Open(b.Context(), Config{Path: filepath.Join(dir, "journal.db"), Key: j.key})
		if err != nil {
			b.Fatal(err)
		}
		j.Close()
	}
}
