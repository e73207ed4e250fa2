package courier

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// lingering breaks while it is sending, and reads on after it has said so.
type lingering struct {
	returned chan struct{} // closed by the test once the line has answered
	read     chan error
}

func (l *lingering) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := r.Body.Read(make([]byte, 10)); err != nil {
		return nil, err
	}
	go func() {
		<-l.returned
		_, err := r.Body.Read(make([]byte, 10))
		l.read <- err
	}()
	return nil, errors.New("the line broke")
}

// A try that broke must not count bytes, nor pay for them, beside the next one.
func TestABrokenTryReadsNoMore(t *testing.T) {
	l := &lingering{make(chan struct{}), make(chan error)}
	c := &Courier{}
	from := newLine(Centre{URL: "http://centre.invalid"}, l, 0)
	body := &counting{strings.NewReader(strings.Repeat("a", 100)), c}
	if err := from.piece(t.Context(), "/", 0, 100, body, 100); err == nil {
		t.Fatal("a broken line is no error")
	}
	close(l.returned)
	if err := <-l.read; !errors.Is(err, io.ErrClosedPipe) || c.p.BytesSent != 10 {
		t.Errorf("it reads on (%v), %d bytes are counted", err, c.p.BytesSent)
	}
}
