package pages

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// What passes between the two processes: a length, so much JSON, and after an
// answer so many bytes of a picture. Both ends bound what they take.
const (
	wordsMost   = 8 << 20
	pictureMost = 64 << 20
)

// What the child is asked for.
const (
	opStart = "start" // make the renderer ready
	opLook  = "look"  // tell what an office paper is like, without opening it
	opOpen  = "open"
	opDraw  = "draw"
	opClose = "close"
)

// ask is one request to the child. With look and open a paper is handed over.
type ask struct {
	Op   string `json:"op"`
	Doc  string `json:"doc,omitempty"`
	Type string `json:"type,omitempty"`
	Text bool   `json:"text,omitempty"` // open: set its bare text, there is no LibreOffice
	Page int    `json:"page,omitempty"` // from 1
	DPI  int    `json:"dpi,omitempty"`
}

// What is wrong, as the child says it.
const (
	failEncrypted   = "encrypted"
	failDamaged     = "damaged"
	failTooMany     = "too-many"
	failUnsupported = "unsupported"
	failRenderer    = "renderer" // the renderer does not start: no fault of the paper
)

// answer is what the child found.
type answer struct {
	Fail    string `json:"fail,omitempty"`
	What    string `json:"what,omitempty"`  // English, for the log
	Spent   bool   `json:"spent,omitempty"` // the child should be replaced
	Pages   int    `json:"pages,omitempty"`
	OldFont bool   `json:"old_font,omitempty"`
	W       int    `json:"w,omitempty"`
	H       int    `json:"h,omitempty"`
	Words   []Word `json:"words,omitempty"`
	Text    string `json:"text,omitempty"`
	Picture int    `json:"picture,omitempty"` // bytes that follow
}

// failure is the error an answer means; nil where it is none.
func (a answer) failure() error {
	switch a.Fail {
	case "":
		return nil
	case failEncrypted:
		return ErrEncrypted
	case failTooMany:
		return ErrTooMany
	case failUnsupported:
		return ErrUnsupported
	case failRenderer:
		return fmt.Errorf("%w: %s", errRenderer, a.What)
	}
	return fmt.Errorf("%w: %s", ErrDamaged, a.What)
}

// failed is an error as an answer.
func failed(err error) answer {
	a := answer{Fail: failDamaged, What: err.Error(), Spent: errors.Is(err, errSpent)}
	switch {
	case errors.Is(err, ErrEncrypted):
		a.Fail = failEncrypted
	case errors.Is(err, ErrTooMany):
		a.Fail = failTooMany
	case errors.Is(err, ErrUnsupported):
		a.Fail = failUnsupported
	case errors.Is(err, errRenderer):
		a.Fail = failRenderer
	}
	return a
}

func send(w io.Writer, v any, picture []byte) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(text) > wordsMost || len(picture) > pictureMost {
		return errors.New("a page is too large to hand on")
	}
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(text)), uint32(len(text)))
	if _, err := w.Write(append(frame, text...)); err != nil {
		return err
	}
	_, err = w.Write(picture)
	return err
}

func receive(r io.Reader, v any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > wordsMost {
		return fmt.Errorf("%d bytes where at most %d are taken", n, wordsMost)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}
