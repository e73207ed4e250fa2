package courier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/sync/centre"
	"phonghop/sync/letters"
)

const session = "0197c0de-0000-7000-8000-000000000047"

// box is a room's end: a journal, papers, receipts, a courier.
type box struct {
	t        testing.TB
	dir      string
	j        *journal.Journal
	docs     *documents.Store
	receipts *Receipts
	n        int // entries made
	change   func(*Config)
}

func newBox(t testing.TB) *box {
	t.Helper()
	b := openBox(t, t.TempDir())
	batch := b.j.Begin()
	data, _ := json.Marshal(map[string]any{"name": "Phòng A2", "slug": "phong-a2", "key": b.j.PublicKey(), "epoch": 1})
	b.add(batch, journal.RoomLog, journal.Draft{ID: "found", Kind: journal.RoomFounded, Data: data})
	b.commit(batch)
	return b
}

func openBox(t testing.TB, dir string) *box {
	t.Helper()
	key, err := journal.OpenKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	b := &box{t: t, dir: dir}
	if b.j, err = journal.Open(t.Context(), journal.Config{Path: filepath.Join(dir, "journal.db"), Key: key}); err != nil {
		t.Fatal(err)
	}
	if b.docs, err = documents.Open(filepath.Join(dir, "documents")); err != nil {
		t.Fatal(err)
	}
	b.receipts = NewReceipts(filepath.Join(dir, "receipts.db"))
	t.Cleanup(b.close)
	return b
}

func (b *box) close() { b.j.Close(); b.receipts.Close() }

func (b *box) add(batch *journal.Batch, log string, d journal.Draft) {
	b.t.Helper()
	d.At = time.Date(2026, 11, 24, 8, 0, b.n%60, 0, time.UTC)
	b.n++
	if _, err := batch.Add(log, d); err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) commit(batch *journal.Batch) {
	b.t.Helper()
	if err := batch.Commit(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// sit adds n entries to a session's log.
func (b *box) sit(log string, n int) {
	b.t.Helper()
	batch := b.j.Begin()
	for range n {
		b.add(batch, log, journal.Draft{ID: fmt.Sprint("e", b.n), Kind: "RecordNoted", Data: []byte(`{}`), Body: fmt.Appendf(nil, "ghi chú %d", b.n)})
	}
	b.commit(batch)
}

// paper puts a paper of that size on the session.
func (b *box) paper(log string, size int, hold bool) documents.Ref {
	b.t.Helper()
	data := make([]byte, size)
	rand.NewChaCha8([32]byte{byte(b.n), byte(size)}).Read(data)
	ref, _, err := b.docs.PutBytes(b.t.Context(), data)
	if err != nil {
		b.t.Fatal(err)
	}
	batch := b.j.Begin()
	b.add(batch, log, journal.Draft{ID: fmt.Sprint("p", b.n), Kind: "PaperPlaced", Data: []byte(`{}`), Refs: []string{string(ref)}, Hold: hold})
	b.commit(batch)
	return ref
}

func (b *box) config() Config {
	c := Config{Journal: b.j, Documents: b.docs, Receipts: b.receipts, Name: "Phòng A2", Prefix: "phonghop", Log: slog.New(slog.DiscardHandler), Now: time.Now}
	if b.change != nil {
		b.change(&c)
	}
	return c
}

func (b *box) pair(url, code string) error {
	_, err := Pair(b.t.Context(), b.config(), url, code)
	return err
}

func (b *box) deliver() (Progress, error) {
	c, err := New(b.t.Context(), b.config())
	if err != nil {
		return Progress{}, err
	}
	return c.Deliver(b.t.Context())
}

// place is a centre behind an address, whose clock is years behind.
type place struct {
	*centre.Centre
	url  string
	asks atomic.Int64
	dir  string
}

func newPlace(t testing.TB, change func(*centre.Config)) *place {
	t.Helper()
	p := &place{dir: t.TempDir()}
	p.open(t, change)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asks.Add(1)
		p.API().ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.Close(); p.Close() })
	p.url = server.URL
	return p
}

func (p *place) open(t testing.TB, change func(*centre.Config)) {
	t.Helper()
	c := centre.Config{Dir: p.dir, Name: "Trung tâm thử", Loopback: true, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Now().AddDate(-3, 0, 0) }}
	if change != nil {
		change(&c)
	}
	p.dir = c.Dir
	var err error
	if p.Centre, err = centre.Open(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func (p *place) documents(ref documents.Ref) bool {
	return documents.Read(filepath.Join(p.dir, "documents")).Has(ref)
}

// smallDisk mounts a disk of so many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("no small disk can be mounted here: ", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

func growDisk(t *testing.T, dir string, size int) {
	t.Helper()
	if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT, fmt.Sprintf("size=%d", size)); err != nil {
		t.Fatal(err)
	}
}

// same holds the centre's copy against the box.
func (p *place) same(t testing.TB, b *box) {
	t.Helper()
	copied, err := p.Journal(t.Context(), b.j.Room())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := copied.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	here, there := b.j.Logs(), map[string]journal.Log{}
	for _, l := range copied.Logs() {
		there[l.Name] = l
	}
	for _, l := range here {
		if there[l.Name].Root != l.Root || there[l.Name].Size != l.Size {
			t.Errorf("log %s: %d entries there, %d here", l.Name, there[l.Name].Size, l.Size)
		}
	}
}

func done(t testing.TB, p Progress, err error) {
	t.Helper()
	if err != nil || !p.Done() {
		t.Fatalf("%v; done %v: %+v", err, p.Done(), p.Logs)
	}
}

func TestDeliveredOnceWithAReceipt(t *testing.T) {
	b, p := newBox(t), newPlace(t, nil)
	if _, err := b.deliver(); !errors.Is(err, ErrUnpaired) {
		t.Errorf("before pairing: %v", err)
	}
	if err := b.pair(p.url, ""); err != nil {
		t.Fatal(err)
	}
	b.sit(session, 30)
	ref := b.paper(session, 100_000, false)
	held := b.paper(session, 5000, true)
	got, err := b.deliver()
	done(t, got, err)
	p.same(t, b)
	docs := documents.Read(filepath.Join(p.dir, "documents"))
	if err := docs.Check(ref); err != nil {
		t.Error(err)
	}
	if docs.Has(held) {
		t.Error("a paper that is held came to a centre that is not cleared")
	}
	all, err := b.receipts.All(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("receipts: %v, %v", all, err)
	}
	for _, r := range all {
		if _, size, _, err := journal.CheckCosigned(r.Note, p.PublicKey()); err != nil || size != r.Size {
			t.Errorf("the receipt of %s: %v", r.Log, err)
		}
	}

	before := p.asks.Load()
	got, err = b.deliver()
	done(t, got, err)
	if n := p.asks.Load() - before; n != 1 {
		t.Errorf("with nothing new there were %d requests", n)
	}
	if err := p.Clear(t.Context(), b.j.Room(), true); err != nil {
		t.Fatal(err)
	}
	got, err = b.deliver()
	done(t, got, err)
	copied, err := p.Journal(t.Context(), b.j.Room())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := copied.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	before = p.asks.Load()
	got, err = b.deliver()
	done(t, got, err)
	if n := p.asks.Load() - before; n != 1 {
		t.Errorf("afterwards, with nothing new, there were %d requests", n)
	}
	if !docs.Has(held) {
		t.Error("a cleared centre did not get what is held")
	}
}

// cutting breaks connections after a random number of bytes, both ways
// together. A transport dials, writes and reads at the same time.
type cutting struct {
	most int // bytes before a cut

	mu   sync.Mutex
	r    *rand.Rand
	left int // cuts still to make
}

func (c *cutting) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	n, ok := c.next()
	if !ok {
		return conn, nil
	}
	broken := &cut{Conn: conn}
	broken.left.Store(int64(n))
	return broken, nil
}

// next is the number of bytes the next connection lives for; false when none
// is to be cut any more.
func (c *cutting) next() (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == 0 {
		return 0, false
	}
	c.left--
	return 1 + c.r.IntN(c.most), true
}

func (c *cutting) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left == 0
}

type cut struct {
	net.Conn
	left atomic.Int64 // bytes
}

func (c *cut) Write(p []byte) (int, error) {
	if c.left.Add(-int64(len(p))) < 0 {
		c.Close()
		return 0, io.ErrClosedPipe
	}
	return c.Conn.Write(p)
}

func (c *cut) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.left.Add(-int64(n)) < 0 {
		c.Close()
		return 0, io.ErrClosedPipe
	}
	return n, err
}

// 10,000 entries and 200 MB of papers over a line that breaks 80 times.
func TestEightyCuts(t *testing.T) {
	size := 20 << 20
	if testing.Short() {
		size = 2 << 20
	}
	b, p := newBox(t), newPlace(t, nil)
	if err := b.pair(p.url, ""); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		b.paper(session, size, false)
		b.sit(session, 999)
	}
	c := &cutting{most: size / 4, r: rand.New(rand.NewPCG(4, 7)), left: 80}
	b.change = func(k *Config) {
		k.Transport = &http.Transport{DialContext: c.dial, DisableKeepAlives: true}
	}
	broke := 0
	for {
		got, err := b.deliver()
		if err == nil {
			done(t, got, err)
			break
		}
		if broke++; broke > 200 {
			t.Fatalf("it does not come to an end: %v", err)
		}
	}
	p.same(t, b)
	if !c.over() || broke < 10 {
		t.Errorf("not all cuts were made; it broke %d times", broke)
	}
	t.Logf("%d errands broke off", broke)
}

func wantRefusal(t *testing.T, err error, name letters.Name) *letters.Refusal {
	t.Helper()
	var r *letters.Refusal
	if !errors.As(err, &r) || r.Name != name {
		t.Fatalf("it answers %v, not %s", err, name)
	}
	if r.Message == "" {
		t.Errorf("%s has no sentence", name)
	}
	return r
}

func TestWhoMayPair(t *testing.T) {
	p := newPlace(t, func(c *centre.Config) { c.Loopback = false })
	b := newBox(t)
	wantRefusal(t, b.pair(p.url, ""), letters.BadCode)
	code, err := p.NewCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.pair(p.url, code.String()); err != nil {
		t.Fatal(err)
	}
	other := newBox(t)
	wantRefusal(t, other.pair(p.url, code.String()), letters.BadCode)
	b.change = func(c *Config) { c.Prefix = "phonghop-demo" }
	wantRefusal(t, b.pair(p.url, code.String()), letters.Demo)
	b.change = nil
	for range 5 {
		other.pair(p.url, "AAAA-AAAA")
	}
	wantRefusal(t, other.pair(p.url, "AAAA-AAAA"), letters.Slower)

	b.sit(session, 3)
	got, err := b.deliver()
	done(t, got, err)
	if err := p.Revoke(t.Context(), b.j.Room()); err != nil {
		t.Fatal(err)
	}
	b.sit(session, 3)
	_, err = b.deliver()
	wantRefusal(t, err, letters.Revoked)
}

// copyBox copies a data folder as a backup would, without the files in use.
func copyBox(t *testing.T, b *box) string {
	t.Helper()
	b.close()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(b.dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestForkAndRewind(t *testing.T) {
	b, p := newBox(t), newPlace(t, nil)
	if err := b.pair(p.url, ""); err != nil {
		t.Fatal(err)
	}
	b.sit(session, 20)
	old := copyBox(t, b)
	b = openBox(t, b.dir)
	b.n = 21
	b.sit(session, 20)
	got, err := b.deliver()
	done(t, got, err)

	older := openBox(t, old) // an old copy of the folder put back, key and all
	_, err = older.deliver()
	var ahead *Ahead
	if !errors.As(err, &ahead) || ahead.Log != session || ahead.Here != 20 || ahead.Held != 40 {
		t.Errorf("a rewound journal: %v", err)
	}
	older.n = 200
	older.sit(session, 30) // and goes on
	_, err = older.deliver()
	if r := wantRefusal(t, err, letters.Fork); r.Log != session || r.Entry != 20 {
		t.Errorf("a fork is named as %+v", r)
	}
	p.same(t, b)
}

func TestARestoredRoom(t *testing.T) {
	b, p := newBox(t), newPlace(t, nil)
	if err := b.pair(p.url, ""); err != nil {
		t.Fatal(err)
	}
	b.sit(session, 20)
	got, err := b.deliver()
	done(t, got, err)
	backup := copyBox(t, b)
	b = openBox(t, b.dir)
	b.n = 21
	b.sit(session, 5)
	got, err = b.deliver()
	done(t, got, err)

	key, err := journal.SucceedKey(backup, b.j.Room(), 2)
	if err != nil {
		t.Fatal(err)
	}
	restored := openBox(t, backup)
	if err := restored.j.BeginEpoch(t.Context(), key, time.Now(), "khôi phục"); err != nil {
		t.Fatal(err)
	}
	restored.n = 300
	restored.sit(session, 2)
	_, err = restored.deliver()
	wantRefusal(t, err, letters.NewEpoch)
	if err := p.AllowEpoch(t.Context(), b.j.Room()); err != nil {
		t.Fatal(err)
	}
	got, err = restored.deliver()
	done(t, got, err)
	p.same(t, restored)
	_, err = b.deliver()
	var ahead *Ahead
	if !errors.As(err, &ahead) {
		wantRefusal(t, err, letters.Fork)
	}
	copied, err := p.Journal(t.Context(), b.j.Room())
	if err != nil {
		t.Fatal(err)
	}
	orphans, err := copied.Orphans(t.Context())
	if err != nil || len(orphans) != 1 || orphans[0].From != 20 || orphans[0].Size != 5 {
		t.Errorf("what the backup lacked: %+v, %v", orphans, err)
	}
}

// spoiled changes a byte of each document on the way, the first times.
type spoiled struct {
	http.RoundTripper
	times int
}

func (s *spoiled) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPatch && s.times > 0 {
		s.times--
		data, _ := io.ReadAll(r.Body)
		data[len(data)/2] ^= 1
		r.Body = io.NopCloser(bytes.NewReader(data))
	}
	return s.RoundTripper.RoundTrip(r)
}

func TestPapersThatGoWrong(t *testing.T) {
	b, p := newBox(t), newPlace(t, nil)
	if err := b.pair(p.url, ""); err != nil {
		t.Fatal(err)
	}
	ref := b.paper(session, 50_000, false)
	b.change = func(c *Config) { c.Transport = &spoiled{http.DefaultTransport, 3} }
	_, err := b.deliver()
	wantRefusal(t, err, letters.Hash)
	b.change = func(c *Config) { c.Transport = &spoiled{http.DefaultTransport, 1} }
	got, err := b.deliver()
	done(t, got, err)

	lost := b.paper(session, 60_000, false)
	path := filepath.Join(b.dir, "documents", string(lost[:2]), string(lost))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err = b.deliver(); !errors.Is(err, ErrLost) {
		t.Errorf("a paper that is gone here: %v", err)
	}
	if documents.Read(filepath.Join(p.dir, "documents")).Check(ref) != nil {
		t.Error("the first paper suffered")
	}
}

func TestACentreThatIsAnother(t *testing.T) {
	b := newBox(t)
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	sum := sha256.Sum256([]byte("the real centre's key"))
	err := b.pair(server.URL, letters.NewCode(sum[:]).String())
	if !errors.Is(err, ErrStranger) {
		t.Errorf("another server at the address: %v", err)
	}
	p := newPlace(t, func(c *centre.Config) { c.Loopback = false })
	sum = sha256.Sum256(server.Certificate().RawSubjectPublicKeyInfo)
	code, err := p.NewCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	code.Fingerprint = letters.Fingerprint(sum[:])
	server.Config.Handler = p.API()
	if err := b.pair(server.URL, code.String()); err != nil {
		t.Errorf("the centre itself, by its fingerprint: %v", err)
	}
	b.sit(session, 2)
	got, err := b.deliver()
	done(t, got, err)
	if hex.EncodeToString(sum[:4]) == "" {
		t.Fatal()
	}
}

// The centre is killed between any two requests and comes back.
func TestTheCentreRestarts(t *testing.T) {
	b, p := newBox(t), newPlace(t, nil)
	if err := b.pair(p.url, ""); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		b.sit(session, 100)
		b.paper(session, 10_000, false)
		got, err := b.deliver()
		done(t, got, err)
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		p.open(t, nil)
	}
	p.same(t, b)
}
