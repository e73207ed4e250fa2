package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	_ "github.com/mattn/go-sqlite3" // the floor's disk
)

// floor is the smallest server that does the same durable work as a room: it
// knows who asks by a cookie, writes each ballot as a row with one fsync for all
// that wait, answers after it, and sends bytes that were made beforehand to every
// stream. It has no rules, no log that can be proven, no pages. What a room costs
// more than this is the price of being a room.
type floor struct {
	db      *sql.DB
	seats   map[string]string // cookie to seat
	orders  chan *floorOrder
	entries atomic.Int64
	votes   atomic.Int64
	message atomic.Pointer[message]
	payload atomic.Int64
}

type floorOrder struct {
	seat, choice string
	seq          int64
	done         chan error
}

// message is what every stream is to show now.
type message struct {
	bytes []byte
	over  chan struct{}
}

// floorLine is as long as an entry of the journal.
const floorLine = `{"v":1,"log":"0198c0de-0000-7000-8000-000000000047","seq":%d,"id":"0198c0de-0000-7000-8000-000000000048/0198c0de-0000-7000-8000-%s/1","kind":"BallotCast","at":"2026-06-24T08:00:00.000Z","by":"0198c0de-0000-7000-8000-%s","seat":"%s","data":{"vote":"0198c0de-0000-7000-8000-000000000048","n":1,"choice":"%s"}}`

// serveFloor runs until ctx ends.
func serveFloor(ctx context.Context, dir, cert, key string) error {
	db, err := sql.Open("sqlite3", filepath.Join(dir, "floor.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS ballot (seq INTEGER PRIMARY KEY, line BLOB NOT NULL)`); err != nil {
		return err
	}
	f := &floor{db: db, seats: map[string]string{}, orders: make(chan *floorOrder, 512)}
	f.payload.Store(4096)
	if err := f.readSeats(dir); err != nil {
		return err
	}
	f.publish(0)
	go f.write(ctx)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	scheme := "http"
	if cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return err
		}
		scheme, l = "https", tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	}
	server := &http.Server{Handler: f.handler(), ReadHeaderTimeout: 10 * time.Second}
	fmt.Printf("ready %s://%s\n", scheme, l.Addr())
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (f *floor) readSeats(dir string) error {
	var s stage
	b, err := os.ReadFile(filepath.Join(dir, "stage.json"))
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	for _, c := range append(s.Members, s.Chair) {
		f.seats[c.Value] = c.Seat
	}
	return err
}

func (f *floor) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /votes/{vote}/ballot", f.ballot)
	mux.HandleFunc("POST /votes/{vote}/close", func(rw http.ResponseWriter, _ *http.Request) {})
	mux.HandleFunc("POST /items/{item}/votes", f.change)
	mux.HandleFunc("POST /floor/give", f.change)
	mux.HandleFunc("POST /payload/{bytes}", func(_ http.ResponseWriter, r *http.Request) {
		n, _ := strconv.ParseInt(r.PathValue("bytes"), 10, 64)
		f.payload.Store(n)
		f.publish(f.entries.Load())
	})
	mux.HandleFunc("GET /live", f.live)
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(rw, `{"entries":%d}`, f.entries.Load())
	})
	mux.HandleFunc("GET /join", func(rw http.ResponseWriter, _ *http.Request) { rw.Write([]byte(strings.Repeat(" ", 4096))) })
	return mux
}

func (f *floor) ballot(rw http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("seat")
	if err != nil {
		c, err = r.Cookie("__Host-seat")
	}
	if err != nil || f.seats[c.Value] == "" {
		http.Error(rw, "who?", http.StatusUnauthorized)
		return
	}
	o := &floorOrder{seat: f.seats[c.Value], choice: r.PostFormValue("choice"), done: make(chan error, 1)}
	f.orders <- o
	if err := <-o.done; err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(rw, `{"entry":%d,"n":1,"at":"2026-06-24T08:00:00.000Z","choice":"%s","code":"ABCD","clock":"08:00:00"}`, o.seq, o.choice)
}

// write commits whatever waits with one fsync.
func (f *floor) write(ctx context.Context) {
	for {
		var batch []*floorOrder
		select {
		case o := <-f.orders:
			batch = append(batch, o)
		case <-ctx.Done():
			return
		}
	gather:
		for len(batch) < cap(f.orders) {
			select {
			case o := <-f.orders:
				batch = append(batch, o)
			default:
				break gather
			}
		}
		err := f.commit(batch)
		for _, o := range batch {
			o.done <- err
		}
	}
}

func (f *floor) commit(batch []*floorOrder) error {
	tx, err := f.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.Prepare(`INSERT INTO ballot (seq, line) VALUES (?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, o := range batch {
		o.seq = f.entries.Add(1)
		if _, err := insert.Exec(o.seq, fmt.Appendf(nil, floorLine, o.seq, o.seat, o.seat, o.seat, o.choice)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// change is one press that every screen must show: one row, one fsync, and the
// same bytes for everybody.
func (f *floor) change(rw http.ResponseWriter, _ *http.Request) {
	o := &floorOrder{done: make(chan error, 1)}
	f.orders <- o
	if err := <-o.done; err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	f.publish(o.seq)
	fmt.Fprintf(rw, `{"vote":"%d"}`, f.votes.Add(1))
}

func (f *floor) publish(entries int64) {
	head := fmt.Sprintf("id: %d.0\ndata: ", entries)
	fill := max(0, int(f.payload.Load())-len(head)-2)
	next := &message{bytes: []byte(head + strings.Repeat("x", fill) + "\n\n"), over: make(chan struct{})}
	if last := f.message.Swap(next); last != nil {
		close(last.over)
	}
}

func (f *floor) live(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/event-stream")
	rc := http.NewResponseController(rw)
	for {
		m := f.message.Load()
		if _, err := rw.Write(m.bytes); err != nil {
			return
		}
		if err := rc.Flush(); err != nil {
			return
		}
		select {
		case <-m.over:
		case <-r.Context().Done():
			return
		}
	}
}
