package courier

import (
	"bufio"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The plainest durable receivers: one writes what comes into a file and fsyncs it
// before it answers. What ours does beyond that, it does for proof.
func plainReceiver(b *testing.B) *httptest.Server {
	b.Helper()
	dir := b.TempDir()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := os.Create(filepath.Join(dir, time.Now().Format("150405.000000000")))
		if err != nil {
			b.Error(err)
			return
		}
		defer f.Close()
		sum := sha256.New()
		if _, err := io.Copy(io.MultiWriter(f, sum), r.Body); err != nil {
			b.Error(err)
		}
		if err := f.Sync(); err != nil {
			b.Error(err)
		}
	}))
	b.Cleanup(s.Close)
	return s
}

func post(b *testing.B, url string, body io.Reader) {
	b.Helper()
	a, err := http.Post(url, "application/octet-stream", body)
	if err != nil {
		b.Fatal(err)
	}
	a.Body.Close()
}

// BenchmarkSyncEntries brings 10,000 entries to an empty centre, beside the same
// bytes handed to the plainest durable receiver as one stream.
func BenchmarkSyncEntries(b *testing.B) {
	box := newBox(b)
	for range 10 {
		box.sit(session, 1000)
	}
	var ours, floor time.Duration
	for range b.N {
		p := newPlace(b, nil)
		if err := box.pair(p.url, ""); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		got, err := box.deliver()
		done(b, got, err)
		ours += time.Since(began)

		plain := plainReceiver(b)
		began = time.Now()
		in, out := io.Pipe()
		go func() {
			w := bufio.NewWriter(out)
			for rec, err := range box.j.Records(b.Context(), session, 0) {
				if err != nil {
					b.Error(err)
				}
				w.Write(rec.Line())
				w.Write(rec.Salt)
				w.Write(rec.Body)
			}
			w.Flush()
			out.Close()
		}()
		post(b, plain.URL, in)
		floor += time.Since(began)
	}
	b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ours-ms")
	b.ReportMetric(float64(floor.Milliseconds())/float64(b.N), "floor-ms")
	b.ReportMetric(float64(ours)/float64(floor), "ratio")
}

// BenchmarkSyncPapers brings 200 MB of papers to an empty centre, beside the same
// files handed to the plainest durable receiver.
func BenchmarkSyncPapers(b *testing.B) {
	box := newBox(b)
	var refs []string
	for range 10 {
		refs = append(refs, string(box.paper(session, 20<<20, false)))
	}
	var ours, floor time.Duration
	for range b.N {
		p := newPlace(b, nil)
		if err := box.pair(p.url, ""); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		got, err := box.deliver()
		done(b, got, err)
		ours += time.Since(began)

		plain := plainReceiver(b)
		began = time.Now()
		for _, ref := range refs {
			f, err := os.Open(filepath.Join(box.dir, "documents", ref[:2], ref))
			if err != nil {
				b.Fatal(err)
			}
			post(b, plain.URL, f)
		}
		floor += time.Since(began)
	}
	b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ours-ms")
	b.ReportMetric(float64(floor.Milliseconds())/float64(b.N), "floor-ms")
	b.ReportMetric(float64(ours)/float64(floor), "ratio")
}
