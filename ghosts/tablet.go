package ghosts

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// ErrRefused is the room saying no: the sentence it gave follows.
var ErrRefused = errors.New("ghosts: the room refused")

const (
	dialWithin   = 10 * time.Second
	answerWithin = time.Minute // a press that takes longer is lost
	answerMost   = 16 << 20    // bytes of one answer that are read
)

// Room is where tablets go.
type Room struct {
	Address string      // host:port to dial
	Name    string      // what the Host header says; Address where empty
	TLS     *tls.Config // nil: plain http
}

// At reads a room's address as people type it: http://192.168.1.10:8080.
func At(address string, secure *tls.Config) (Room, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Room{}, fmt.Errorf("ghosts: %w", err)
	}
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	if port == "" || u.Hostname() == "" {
		return Room{}, fmt.Errorf("ghosts: %q is no address of a room", address)
	}
	if u.Port() != "" {
		port = u.Port()
	}
	r := Room{Address: net.JoinHostPort(u.Hostname(), port), Name: u.Host}
	if u.Scheme == "https" {
		r.TLS = secure.Clone()
		if r.TLS == nil {
			r.TLS = &tls.Config{}
		}
		if r.TLS.ServerName == "" {
			r.TLS.ServerName = u.Hostname()
		}
	}
	return r, nil
}

func (r Room) host() string {
	if r.Name != "" {
		return r.Name
	}
	return r.Address
}

func (r Room) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", r.Address)
	if err != nil || r.TLS == nil {
		return conn, err
	}
	secure := tls.Client(conn, r.TLS)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secure, nil
}

// Tablet is one signed-in tablet. Its presses go over one line, one after the
// other: a Tablet is used by one goroutine at a time, but may listen beside.
type Tablet struct {
	Seat    string // what reports call it
	room    Room
	cookies map[string]string
	line    net.Conn
	in      *bufio.Reader
}

// NewTablet is a tablet out of its box.
func NewTablet(room Room, seat string) *Tablet {
	return &Tablet{Seat: seat, room: room, cookies: map[string]string{}}
}

// Holding gives the tablet cookies it would have from an earlier sign-in.
func (t *Tablet) Holding(cookies map[string]string) *Tablet {
	for name, value := range cookies {
		t.cookies[name] = value
	}
	return t
}

// Enter follows the link of a seat card, as the camera of a tablet does, and
// every page it is led to.
func (t *Tablet) Enter(ctx context.Context, path string) error {
	for range 5 {
		a, err := t.Get(ctx, path)
		if err != nil {
			return err
		}
		if a.Status != http.StatusSeeOther {
			return a.fault()
		}
		path = a.Location
	}
	return fmt.Errorf("ghosts: led on and on, last to %s", path)
}

// Answer is what came back.
type Answer struct {
	Status   int
	Location string
	Body     []byte
}

// fault is nil for an answer that is no refusal.
func (a Answer) fault() error {
	if a.Status < 400 {
		return nil
	}
	return &Refused{a}
}

// Get fetches a page. A status of 400 and more is in the answer, no error.
func (t *Tablet) Get(ctx context.Context, path string) (Answer, error) {
	return t.Send(ctx, t.Request("GET", path, "text/html", nil))
}

// Press sends a form and reads the answer as a program does; a refusal is an
// error.
func (t *Tablet) Press(ctx context.Context, path string, form url.Values) (Answer, error) {
	a, err := t.Send(ctx, t.Request("POST", path, "application/json", []byte(form.Encode())))
	if err != nil {
		return a, err
	}
	return a, a.fault()
}

// Request is a press written out beforehand, so that a thousand can be sent in
// the same instant.
func (t *Tablet) Request(method, path, accept string, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nAccept: %s\r\n", method, path, t.room.host(), accept)
	if len(t.cookies) > 0 {
		b.WriteString("Cookie: ")
		sep := ""
		for name, value := range t.cookies {
			b.WriteString(sep + name + "=" + value)
			sep = "; "
		}
		b.WriteString("\r\n")
	}
	if body != nil {
		b.WriteString("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// Connect opens the line for presses, if it is not open.
func (t *Tablet) Connect(ctx context.Context) error {
	if t.line != nil {
		return nil
	}
	conn, err := t.room.dial(ctx)
	if err != nil {
		return fmt.Errorf("ghosts: reaching the room: %w", err)
	}
	t.line, t.in = conn, bufio.NewReaderSize(conn, 2048)
	return nil
}

// Send puts a request on the line and reads the answer. A line the room has
// closed meanwhile is dialled once more.
func (t *Tablet) Send(ctx context.Context, request []byte) (Answer, error) {
	fresh := t.line == nil
	a, err := t.send(ctx, request)
	if err != nil && !fresh && ctx.Err() == nil && !errors.Is(err, errLate) {
		t.Hang()
		a, err = t.send(ctx, request)
	}
	if err != nil {
		t.Hang()
		return Answer{}, fmt.Errorf("ghosts: %s: %w", t.Seat, err)
	}
	return a, nil
}

var errLate = errors.New("no answer in time")

func (t *Tablet) send(ctx context.Context, request []byte) (Answer, error) {
	if err := t.Connect(ctx); err != nil {
		return Answer{}, err
	}
	till := time.Now().Add(answerWithin)
	if d, ok := ctx.Deadline(); ok && d.Before(till) {
		till = d
	}
	if err := t.line.SetDeadline(till); err != nil {
		return Answer{}, err
	}
	if _, err := t.line.Write(request); err != nil {
		return Answer{}, late(err)
	}
	a, err := t.read()
	return a, late(err)
}

func late(err error) error {
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() {
		return errLate
	}
	return err
}

// read takes one answer off the line and keeps the cookies it brings.
func (t *Tablet) read() (Answer, error) {
	r, err := http.ReadResponse(t.in, nil)
	if err != nil {
		return Answer{}, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, answerMost))
	if err != nil {
		return Answer{}, err
	}
	t.keep(r.Cookies())
	if r.Close {
		t.Hang()
	}
	return Answer{Status: r.StatusCode, Location: r.Header.Get("Location"), Body: body}, nil
}

func (t *Tablet) keep(cookies []*http.Cookie) {
	for _, c := range cookies {
		if c.MaxAge < 0 {
			delete(t.cookies, c.Name)
		} else {
			t.cookies[c.Name] = c.Value
		}
	}
}

// Hang closes the line for presses; the next press opens another.
func (t *Tablet) Hang() {
	if t.line != nil {
		t.line.Close()
		t.line, t.in = nil, nil
	}
}
