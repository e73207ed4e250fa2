package web

import (
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"phonghop/room"
)

// meter counts what an IT officer watches. It knows how many ballots there are,
// never what they say: the directions of an open vote are in no figure.
type meter struct {
	registry func() *prometheus.Registry // made when it is first asked for
	requests *prometheus.HistogramVec
	streams  prometheus.Gauge
	bytes    prometheus.Counter
}

func newMeter(state func() *room.Snapshot) *meter {
	m := &meter{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "phonghop_request_seconds", Help: "Time to answer a request, by route.",
			Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10},
		}, []string{"route"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{Name: "phonghop_streams", Help: "Screens connected now."}),
		bytes:   prometheus.NewCounter(prometheus.CounterOpts{Name: "phonghop_stream_bytes_total", Help: "Bytes sent to screens."}),
	}
	m.registry = sync.OnceValue(func() *prometheus.Registry { return m.registered(state) })
	return m
}

func (m *meter) registered(state func() *room.Snapshot) *prometheus.Registry {
	all := prometheus.NewRegistry()
	all.MustRegister(m.requests, m.streams, m.bytes,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("phonghop_entries", "Entries in the logs of the room and of its session.", state, func(s *room.Snapshot) int64 { return s.Journal }),
		gauge("phonghop_ballots", "Ballots recorded in the session.", state, func(s *room.Snapshot) int64 { return s.Journal - s.Acts }),
		gauge("phonghop_ended", "1 when the journal can no longer be written.", state, func(s *room.Snapshot) int64 { return flag(s.Ended != nil) }),
		gauge("phonghop_disk_full", "1 while the disk is full.", state, func(s *room.Snapshot) int64 { return flag(s.Full) }),
	)
	return all
}

func gauge(name, help string, state func() *room.Snapshot, read func(*room.Snapshot) int64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(read(state())) })
}

func flag(on bool) int64 {
	if on {
		return 1
	}
	return 0
}

// timed measures a route, from its first request on. Streams last as long as a session
// and are left out.
func (m *meter) timed(pattern string, next http.HandlerFunc) http.HandlerFunc {
	if pattern == liveRoute {
		return next
	}
	spent := sync.OnceValue(func() prometheus.Observer { return m.requests.WithLabelValues(pattern) })
	return func(rw http.ResponseWriter, r *http.Request) {
		began := time.Now()
		defer func() { spent().Observe(time.Since(began).Seconds()) }()
		next(rw, r)
	}
}

// streaming counts a stream until the function it returns is called.
func (m *meter) streaming() (done func()) {
	m.streams.Inc()
	return m.streams.Dec
}

func (m *meter) streamed(n int) { m.bytes.Add(float64(n)) }

func (w *Web) metrics(rw http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(w.meter.registry(), promhttp.HandlerOpts{}).ServeHTTP(rw, r)
}
