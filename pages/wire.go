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

// ask is one request to the child.
type ask struct {
	Op   string `json:"op"` // open, draw, close
	Doc  string `json:"doc"`
	Path string `json:"path,omitempty"`
	Type string `json:"type,omitempty"`
	Text bool   `json:"text,omitempty"` // open: set its bare text, there is no LibreOffice
	Page int    `json:"page,omitempty"` // from 1
	DPI  int    `json:"dpi,omitempty"`
}

// answer is what the child found.
type answer struct {
	Fail    string `json:"fail,omitempty"` // encrypted, damaged, too-many, unsupported, page
	What    string `json:"what,omitempty"` // English, for the log
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
	case "encrypted":
		return ErrEncrypted
	case "too-many":
		return ErrTooMany
	case "unsupported":
		return ErrUnsupported
	}
	return fmt.Errorf("%w: %s", ErrDamaged, a.What)
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
