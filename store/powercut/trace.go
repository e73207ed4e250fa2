package powercut

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Kind is what happened; testdata/recorder.c has the same letters.
type Kind uint32

// The calls recorded, and the writer's own marks.
const (
	Begin    Kind = 'B' // a writer started: it has no open files yet
	Open     Kind = 'O'
	Close    Kind = 'C'
	Write    Kind = 'W'
	Truncate Kind = 'T'
	Sync     Kind = 'S'
	Unlink   Kind = 'U'
	Rename   Kind = 'R'
	Map      Kind = 'P'
	Other    Kind = '?' // a call the model does not know
	Mark     Kind = 'M'
)

// Op is one recorded call, or one mark.
type Op struct {
	Kind   Kind
	FD     int
	Failed int    // errno; 0 = it succeeded
	At     int64  // offset, new size, or flags of an open
	Bytes  []byte // path relative to the folder, bytes written, or the mark
}

// head is the fixed part of a record, little-endian.
type head struct {
	Kind       uint32
	FD, Failed int32
	Size       uint32
	At         int64
}

const headSize = 24

// ReadTrace reads a trace. A last record cut short, as a killed writer leaves
// it, is left out.
func ReadTrace(path string) ([]Op, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a trace: %w", err)
	}
	var ops []Op
	for r := bytes.NewReader(raw); r.Len() >= headSize; {
		var h head
		if err := binary.Read(r, binary.LittleEndian, &h); err != nil {
			return nil, fmt.Errorf("reading record %d of %s: %w", len(ops), path, err)
		}
		op := Op{Kind: Kind(h.Kind), FD: int(h.FD), Failed: int(h.Failed), At: h.At, Bytes: make([]byte, h.Size)}
		if _, err := io.ReadFull(r, op.Bytes); errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			break
		}
		ops = append(ops, op)
	}
	return ops, nil
}

// Marker appends a writer's marks to the trace the recorder writes.
type Marker struct{ file *os.File }

// OpenMarker opens the trace for marks.
func OpenMarker(path string) (*Marker, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, fmt.Errorf("opening the trace for marks: %w", err)
	}
	return &Marker{f}, nil
}

// Mark appends one mark. What happened before it in this process stands before
// it in the trace. Safe for use by many at once.
func (m *Marker) Mark(text []byte) error {
	var b bytes.Buffer
	h := head{Kind: uint32(Mark), FD: -1, Size: uint32(len(text))}
	if err := binary.Write(&b, binary.LittleEndian, h); err != nil {
		return err
	}
	b.Write(text)
	_, err := m.file.Write(b.Bytes())
	return err
}
