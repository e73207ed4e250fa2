package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"golang.org/x/mod/sumdb/tlog"
)

// Version is the "v" of every entry this program writes.
const Version = 1

// What an entry may measure. A line is counted without its newline.
const (
	MaxLine = 64<<10 - 1
	MaxBody = 256<<10 - 1
	MaxID   = 200
	MaxName = 64 // of a log and of a kind
	MaxWho  = 200
)

// The named reasons for which something cannot be an entry.
var (
	ErrTooLong   = errors.New("the entry is 64 KiB or longer")
	ErrBody      = errors.New("the body is 256 KiB or longer")
	ErrVersion   = errors.New("the entry is of a version this program does not know")
	ErrLog       = errors.New("a log is named by 1 to 64 of a-z, 0-9 and -")
	ErrID        = errors.New("an id has 1 to 200 printable ASCII characters")
	ErrKind      = errors.New("a kind is named by 1 to 64 ASCII letters")
	ErrTime      = errors.New("the time is outside the years 0 to 9999")
	ErrWho       = errors.New("by and seat are UTF-8 of at most 200 bytes")
	ErrRef       = errors.New("a reference is 64 lower-case hex digits")
	ErrData      = errors.New("data is one JSON object in UTF-8 without repeated names")
	ErrDetail    = errors.New("detail is empty or 64 lower-case hex digits")
	ErrCanonical = errors.New("the line is not in its one canonical form")
)

// Entry is one thing that happened, as it is hashed. doc.go gives its bytes.
type Entry struct {
	V      int
	Log    string
	Seq    int64
	ID     string
	Kind   string
	At     time.Time
	By     string
	Seat   string
	Refs   []string
	Hold   bool
	Data   json.RawMessage
	Detail string
}

const timeLayout = "2006-01-02T15:04:05.000Z"

// Line is the exact canonical bytes that are hashed, without a newline.
func (e Entry) Line() []byte {
	return e.appendTo(make([]byte, 0, 320+len(e.Data)+67*len(e.Refs)))
}

func (e Entry) appendTo(b []byte) []byte {
	b = append(b, `{"v":`...)
	b = strconv.AppendInt(b, int64(e.V), 10)
	b = appendField(b, `,"log":`, e.Log)
	b = append(b, `,"seq":`...)
	b = strconv.AppendInt(b, e.Seq, 10)
	b = appendField(b, `,"id":`, e.ID)
	b = appendField(b, `,"kind":`, e.Kind)
	b = append(b, `,"at":"`...)
	b = e.At.UTC().AppendFormat(b, timeLayout)
	b = appendField(b, `","by":`, e.By)
	b = appendField(b, `,"seat":`, e.Seat)
	b = append(b, `,"refs":[`...)
	for i, r := range e.Refs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, r)
	}
	b = append(b, `],"hold":`...)
	b = strconv.AppendBool(b, e.Hold)
	b = append(b, `,"data":`...)
	b = appendData(b, e.Data)
	b = appendField(b, `,"detail":`, e.Detail)
	return append(b, '}')
}

func appendField(b []byte, name, value string) []byte {
	return appendString(append(b, name...), value)
}

// wire is how a line is read; writing is appendTo's alone.
type wire struct {
	V      int            `json:"v"`
	Log    string         `json:"log"`
	Seq    int64          `json:"seq"`
	ID     string         `json:"id"`
	Kind   string         `json:"kind"`
	At     string         `json:"at"`
	By     string         `json:"by"`
	Seat   string         `json:"seat"`
	Refs   []string       `json:"refs"`
	Hold   bool           `json:"hold"`
	Data   jsontext.Value `json:"data"`
	Detail string         `json:"detail"`
}

// ParseEntry reads a line and accepts it only in its canonical form: writing the
// entry again gives the same bytes. It keeps no part of line.
func ParseEntry(line []byte) (Entry, error) {
	e, _, err := parseEntry(line, nil)
	return e, err
}

// parseEntry is ParseEntry for who reads many; again is where one is written anew, and
// comes back for the next.
func parseEntry(line, again []byte) (Entry, []byte, error) {
	if len(line) > MaxLine {
		return Entry{}, again, ErrTooLong
	}
	var w wire
	// What is read too kindly here is written otherwise below, and refused.
	if err := jsonv2.Unmarshal(line, &w, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)); err != nil {
		return Entry{}, again, fmt.Errorf("%w: %w", ErrCanonical, err)
	}
	if w.V != Version {
		return Entry{}, again, fmt.Errorf("%w: %d", ErrVersion, w.V)
	}
	at, err := time.Parse(timeLayout, w.At)
	if err != nil {
		return Entry{}, again, fmt.Errorf("%w: %w", ErrCanonical, err)
	}
	e := Entry{V: w.V, Log: w.Log, Seq: w.Seq, ID: w.ID, Kind: w.Kind, At: at, By: w.By,
		Seat: w.Seat, Refs: w.Refs, Hold: w.Hold, Data: json.RawMessage(w.Data), Detail: w.Detail}
	if err := e.check(); err != nil {
		return Entry{}, again, err
	}
	if again = e.appendTo(slices.Grow(again[:0], len(line))); !bytes.Equal(again, line) {
		return Entry{}, again, ErrCanonical
	}
	return e, again, nil
}

// check holds every rule about an entry's parts but those on the whole line.
func (e *Entry) check() error {
	switch {
	case !logName(e.Log):
		return ErrLog
	case e.Seq < 0:
		return ErrCanonical
	case !printable(e.ID, MaxID):
		return ErrID
	case !kindName(e.Kind):
		return ErrKind
	case e.At.UTC().Year() < 0 || e.At.UTC().Year() > 9999:
		return ErrTime
	case !words(e.By) || !words(e.Seat):
		return ErrWho
	case e.Detail != "" && !hex64(e.Detail):
		return ErrDetail
	}
	for _, r := range e.Refs {
		if !hex64(r) {
			return ErrRef
		}
	}
	if !isObject(e.Data) {
		return ErrData
	}
	return nil
}

func logName(s string) bool {
	return all(s, MaxName, func(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' })
}

func kindName(s string) bool {
	return all(s, MaxName, func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' })
}

func printable(s string, most int) bool {
	return all(s, most, func(c byte) bool { return c > ' ' && c < 0x7f })
}

func hex64(s string) bool {
	return len(s) == 64 && all(s, 64, func(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' })
}

func words(s string) bool { return len(s) <= MaxWho && utf8.ValidString(s) }

// all tells whether s has 1 to most bytes, each of which is one of those.
func all(s string, most int, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return s != "" && len(s) <= most
}

// Leaf is the RFC 6962 hash of the entry's line.
func (e Entry) Leaf() tlog.Hash { return tlog.RecordHash(e.Line()) }
