package courier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"phonghop/sync/letters"
)

const (
	silence    = 60 * time.Second // without an answer, after everything was sent
	answerMost = 4 << 20
)

// ErrStranger means that whoever answers at the centre's address is not the centre that was
// paired.
var ErrStranger = errors.New("courier: another server answers at the centre's address")

// line is the way to one centre.
type line struct {
	centre Centre
	http   *http.Client
	pace   *pace
}

func newLine(c Centre, t http.RoundTripper, rate int64) *line {
	if t == nil {
		t = pinned(c.Fingerprint)
	}
	return &line{c, &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, newPace(rate)}
}

// pinned trusts the one key the pairing code named, the server's own or that of
// the authority above it, whatever the dates: clocks of boxes are years apart.
func pinned(fingerprint string) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = silence
	t.Proxy = nil
	if fingerprint == "" {
		return t
	}
	t.TLSClientConfig = letters.Pinned(func(sum []byte) bool { return letters.Fingerprint(sum) == fingerprint }, ErrStranger)
	return t
}

// ask sends a letter and reads the answer.
func (l *line) ask(ctx context.Context, method, path string, body io.Reader, answer any) error {
	r, err := l.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	text, _, err := l.do(r)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("the centre's answer is not one: %w", err)
	}
	return nil
}

func (l *line) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(l.centre.URL, "/")+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+l.centre.Token)
	return r, nil
}

// do carries a request out. A refusal is a *letters.Refusal.
func (l *line) do(r *http.Request) ([]byte, http.Header, error) {
	a, err := l.http.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, answerMost))
	if err != nil {
		return nil, nil, err
	}
	if a.StatusCode >= 300 {
		refusal := &letters.Refusal{Entry: -1}
		if json.Unmarshal(text, refusal) == nil && refusal.Name != "" && a.StatusCode < 500 || a.StatusCode == http.StatusInsufficientStorage {
			return nil, nil, refusal
		}
		return nil, nil, fmt.Errorf("the centre answers %s", a.Status)
	}
	return text, a.Header, nil
}

// offset asks how many bytes of a document have come.
func (l *line) offset(ctx context.Context, path string) (int64, error) {
	r, err := l.request(ctx, http.MethodHead, path, nil)
	if err != nil {
		return 0, err
	}
	_, head, err := l.do(r)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(head.Get(letters.OffsetHeader), 10, 64)
}

// piece sends n bytes of a document. Nobody reads body any more once it has
// returned.
func (l *line) piece(ctx context.Context, path string, from, size int64, body io.Reader, n int64) error {
	lent := &lent{r: l.pace.through(ctx, body)}
	defer lent.takeBack()
	r, err := l.request(ctx, http.MethodPatch, path, lent)
	if err != nil {
		return err
	}
	r.ContentLength = n
	r.Header.Set(letters.OffsetHeader, strconv.FormatInt(from, 10))
	r.Header.Set(letters.LengthHeader, strconv.FormatInt(size, 10))
	_, _, err = l.do(r)
	return err
}

// lent is a body that can be taken back: where an answer comes early or a line
// breaks, net/http still reads for a while after it has returned (the contract
// of http.RoundTripper), from a goroutine of its own.
type lent struct {
	mu   sync.Mutex
	r    io.Reader
	gone bool
}

func (l *lent) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return 0, io.ErrClosedPipe
	}
	return l.r.Read(p)
}

func (l *lent) takeBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = true
}

func jsonOf(v any) io.Reader {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own letters come here
	}
	return bytes.NewReader(text)
}

// pace holds a stream of bytes to a rate.
type pace struct {
	rate  int64
	until time.Time // when what has passed so far is paid for
}

func newPace(rate int64) *pace { return &pace{rate: rate} }

func (p *pace) through(ctx context.Context, r io.Reader) io.Reader {
	if p.rate <= 0 {
		return r
	}
	return paced{ctx, r, p}
}

type paced struct {
	ctx context.Context
	r   io.Reader
	p   *pace
}

func (s paced) Read(b []byte) (int, error) {
	now := time.Now()
	if s.p.until.Before(now) {
		s.p.until = now
	}
	select {
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	case <-time.After(time.Until(s.p.until)):
	}
	n, err := s.r.Read(b[:min(len(b), int(max(s.p.rate/10, 512)))])
	s.p.until = s.p.until.Add(time.Duration(n) * time.Second / time.Duration(s.p.rate))
	return n, err
}
