package web

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"phonghop/room"
)

// meter counts what an IT officer watches. It knows how many ballots there are,
// never what they say: the directions of an open vote are in no figure.
type meter struct {
	all     *metrics.Set
	streams *metrics.Gauge   // screens connected now
	bytes   *metrics.Counter // sent to screens
}

func newMeter(state func() *room.Snapshot) *meter {
	m := &meter{all: metrics.NewSet()}
	m.streams = m.all.NewGauge("phonghop_streams", nil)
	m.bytes = m.all.NewCounter("phonghop_stream_bytes_total")
	for name, read := range map[string]func(*room.Snapshot) int64{
		"phonghop_entries":   func(s *room.Snapshot) int64 { return s.Journal }, // in the logs of the room and of its session
		"phonghop_ballots":   func(s *room.Snapshot) int64 { return s.Journal - s.Acts },
		"phonghop_ended":     func(s *room.Snapshot) int64 { return flag(s.Ended != nil) }, // the journal can no longer be written
		"phonghop_disk_full": func(s *room.Snapshot) int64 { return flag(s.Full) },
	} {
		m.all.NewGauge(name, func() float64 { return float64(read(state())) })
	}
	return m
}

func flag(on bool) int64 {
	if on {
		return 1
	}
	return 0
}

// answered are the bounds, in seconds, by which the times to answer are told apart.
var answered = []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10}

// timed measures a route, from its first request on. Streams last as long as a session
// and are left out.
func (m *meter) timed(pattern string, next http.HandlerFunc) http.HandlerFunc {
	if pattern == liveRoute {
		return next
	}
	spent := sync.OnceValue(func() *metrics.PrometheusHistogram {
		return m.all.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("phonghop_request_seconds{route=%q}", pattern), answered)
	})
	return func(rw http.ResponseWriter, r *http.Request) {
		began := time.Now()
		defer func() { spent().Update(time.Since(began).Seconds()) }()
		next(rw, r)
	}
}

// streaming counts a stream until the function it returns is called.
func (m *meter) streaming() (done func()) {
	m.streams.Inc()
	return m.streams.Dec
}

func (m *meter) streamed(n int) { m.bytes.Add(n) }

// metrics answers in the text that Prometheus and all who came after it read.
func (w *Web) metrics(rw http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	w.meter.all.WritePrometheus(&b)
	metrics.WriteProcessMetrics(&b)
	metrics.WriteFDMetrics(&b)
	rw.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = rw.Write(b.Bytes()) // whoever asked has gone
}
