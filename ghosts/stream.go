package ghosts

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Heard is one message of a stream.
type Heard struct {
	At      time.Time // when its last byte was here
	Event   string    // "" for panels; "tick", "go"
	Journal int64     // entries the screen shows; 0 where the message names none
	Data    []byte    // valid until hear returns
	Bytes   int       // of the whole message on the line, chunk headers left out
}

// messageMost bounds one line of a message.
const messageMost = 4 << 20

// Listen follows a screen as a tablet does, and hands on what it hears until ctx
// ends, the room ends the stream (io.EOF) or hear wants no more (its error).
func (t *Tablet) Listen(ctx context.Context, screen string, hear func(Heard) error) error {
	conn, err := t.room.dial(ctx)
	if err != nil {
		return fmt.Errorf("ghosts: reaching the room: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if _, err := conn.Write(t.Request("GET", "/live?screen="+screen, "text/event-stream", nil)); err != nil {
		return ended(ctx, err)
	}
	r, err := http.ReadResponse(bufio.NewReaderSize(conn, 4096), nil)
	if err != nil {
		return ended(ctx, err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(r.Body, answerMost))
		return Answer{Status: r.StatusCode, Body: body}.fault()
	}
	return ended(ctx, messages(r.Body, hear))
}

// ended is the context's own error where the line was closed for it.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// messages reads server-sent events (WHATWG HTML, 9.2) as the room writes them:
// a field, a colon and a blank, the value.
func messages(body io.Reader, hear func(Heard) error) error {
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 0, 4096), messageMost)
	var h Heard
	var data bytes.Buffer
	for lines.Scan() {
		line := lines.Bytes()
		h.Bytes += len(line) + 1
		switch name, value, _ := bytes.Cut(line, []byte(": ")); string(name) {
		case "":
			h.At, h.Data = time.Now(), data.Bytes()
			if err := hear(h); err != nil {
				return err
			}
			h = Heard{}
			data.Reset()
		case "event":
			h.Event = string(value)
		case "id":
			journal, _, _ := bytes.Cut(value, []byte("."))
			h.Journal, _ = strconv.ParseInt(string(journal), 10, 64)
		case "data":
			data.Write(value)
			data.WriteByte('\n')
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return io.EOF
}
