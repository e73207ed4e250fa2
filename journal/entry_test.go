package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// golden is the line of doc.go with every escape there is. It never changes.
const golden = `{"v":1,"log":"room","seq":7,"id":"k/2","kind":"NoteWritten","at":"2026-11-24T08:00:01.200Z","by":"p\"\\","seat":"\b\t\n\f\r\u0000\u001f` + "\u007f\u2028" + `<&>/đ","refs":["` + zeros + `","` + zeros + `"],"hold":true,"data":{"b":[1.50,"<\u0001>"],"a":{}},"detail":"` + zeros + `"}`

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"

func goldenEntry() Entry {
	return Entry{V: 1, Log: "room", Seq: 7, ID: "k/2", Kind: "NoteWritten",
		At: time.Date(2026, 11, 24, 15, 0, 1, 200_999_999, time.FixedZone("+07", 7*3600)),
		By: `p"\`, Seat: "\b\t\n\f\r\x00\x1f\x7f\u2028<&>/đ", Refs: []string{zeros, zeros}, Hold: true,
		Data: json.RawMessage(" {\"b\" : [1.50,\"\\u003c\\u0001\\u003E\"],\n\"a\":{ } } "), Detail: zeros}
}

func TestLine(t *testing.T) {
	if got := goldenEntry().Line(); string(got) != golden {
		t.Errorf("\n%s, want\n%s", got, golden)
	}
	const empty = `{"v":1,"log":"a","seq":0,"id":"i","kind":"K","at":"0001-01-01T00:00:00.000Z","by":"","seat":"","refs":[],"hold":false,"data":{},"detail":""}`
	if got := (Entry{V: 1, Log: "a", ID: "i", Kind: "K"}).Line(); string(got) != empty {
		t.Errorf("\n%s, want\n%s", got, empty)
	}
	leaf := goldenEntry().Leaf()
	if leaf.String() != "5ZbIdmmWT1Zwt5rZD/1akzyI37Pq74v6mXvux0t+sI0=" || BallotCode(leaf) != "WPBC" {
		t.Errorf("leaf %s, code %s", leaf, BallotCode(leaf))
	}
}

func TestCodes(t *testing.T) {
	leaf := tlog.Hash{0b00000_000, 0b01_11111_1, 0b1110_1010, 0b1_10000_01, 0b010_00000}
	if BallotCode(leaf) != "01ZY" || ResultCode(leaf) != "01ZYNG" {
		t.Errorf("%s %s", BallotCode(leaf), ResultCode(leaf))
	}
}

func TestParseRefuses(t *testing.T) {
	if e, err := ParseEntry([]byte(golden)); err != nil || string(e.Line()) != golden {
		t.Fatalf("the golden line: %v", err)
	}
	tests := []struct {
		from, to string
		want     error
	}{
		{`"v":1`, `"v":2`, ErrVersion},
		{`"v":1`, `"v":1.0`, ErrCanonical},
		{`"v":1,`, `"v":1,"v":1,`, ErrCanonical},
		{`{"v"`, `{ "v"`, ErrCanonical},
		{`"by"`, `"By"`, ErrCanonical},
		{`"seq":7`, `"seq":07`, ErrCanonical},
		{`"seq":7`, `"seq":-1`, ErrCanonical},
		{`"log":"room"`, `"log":"Room"`, ErrLog},
		{`"log":"room"`, `"log":"` + strings.Repeat("a", 65) + `"`, ErrLog},
		{`"id":"k/2"`, `"id":""`, ErrID},
		{`"id":"k/2"`, `"id":"k 2"`, ErrID},
		{`"id":"k/2"`, `"id":"` + strings.Repeat("a", 201) + `"`, ErrID},
		{`NoteWritten`, `Note-Written`, ErrKind},
		{`.200Z`, `.2Z`, ErrCanonical},
		{`.200Z`, `.200+00:00`, ErrCanonical},
		{`01.200Z`, `61.200Z`, ErrCanonical},
		{`"by":"p`, `"by":"` + strings.Repeat("p", 200), ErrWho},
		{`<&>`, `\u003c&>`, ErrCanonical},
		{`/đ`, `\/đ`, ErrCanonical},
		{`đ`, "\xff", ErrCanonical},
		{`\u001f`, `\u001F`, ErrCanonical},
		{`\n`, `\u000a`, ErrCanonical},
		{`"refs":["0`, `"refs":["A`, ErrRef},
		{`"refs":["` + zeros + `","` + zeros + `"]`, `"refs":null`, ErrCanonical},
		{`"hold":true`, `"hold":1`, ErrCanonical},
		{`"a":{}`, `"b":{}`, ErrData},
		{`"a":{}`, `"a":[{"x":1,"y":{"x":1},"x":1}]`, ErrData},
		{`"a":{}`, `"a":"\ud800"`, ErrCanonical},
		{`"data":{"b":[1.50,"<\u0001>"],"a":{}}`, `"data":[]`, ErrData},
		{`"data":{"b":[1.50,"<\u0001>"],"a":{}}`, `"data":null`, ErrData},
		{`"a":{}`, `"a":{},"long":"` + strings.Repeat("x", 65600) + `"`, ErrTooLong},
		{`"detail":"0`, `"detail":"`, ErrDetail},
		{zeros + `"}`, zeros + `"} `, ErrCanonical},
		{zeros + `"}`, zeros + `","more":1}`, ErrCanonical},
	}
	for _, tt := range tests {
		line := strings.Replace(golden, tt.from, tt.to, 1)
		if line == golden {
			t.Fatalf("%s is not in the golden line", tt.from)
		}
		if _, err := ParseEntry([]byte(line)); !errors.Is(err, tt.want) {
			t.Errorf("%s -> %.40s: %v, want %v", tt.from, tt.to, err, tt.want)
		}
	}
}

func TestAddLimits(t *testing.T) {
	j := found(t, t.TempDir())
	text := func(n int) json.RawMessage { return json.RawMessage(`{"t":"` + strings.Repeat("x", n) + `"}`) }
	base := len(Entry{V: 1, Log: session, ID: "i", Kind: "K", Data: text(0)}.Line())
	tests := []struct {
		name  string
		log   string
		draft Draft
		want  error
	}{
		{"longest line", session, Draft{ID: "i", Kind: "K", Data: text(MaxLine - base)}, nil},
		{"line too long", session, Draft{ID: "i", Kind: "K", Data: text(MaxLine - base + 1)}, ErrTooLong},
		{"longest body", session, Draft{ID: "i", Kind: "K", Body: make([]byte, MaxBody)}, nil},
		{"body too long", session, Draft{ID: "i", Kind: "K", Body: make([]byte, MaxBody+1)}, ErrBody},
		{"log", "Phiên", Draft{ID: "i", Kind: "K"}, ErrLog},
		{"id", session, Draft{Kind: "K"}, ErrID},
		{"kind", session, Draft{ID: "i", Kind: "K1"}, ErrKind},
		{"by", session, Draft{ID: "i", Kind: "K", By: "\xff"}, ErrWho},
		{"ref", session, Draft{ID: "i", Kind: "K", Refs: []string{"x"}}, ErrRef},
		{"data", session, Draft{ID: "i", Kind: "K", Data: json.RawMessage(`{"a":`)}, ErrData},
		{"data not an object", session, Draft{ID: "i", Kind: "K", Data: json.RawMessage(`[1]`)}, ErrData},
		{"data not UTF-8", session, Draft{ID: "i", Kind: "K", Data: json.RawMessage("{\"a\":\"\xff\"}")}, ErrData},
		{"time", session, Draft{ID: "i", Kind: "K", At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, ErrTime},
		{"epoch by hand", session, Draft{ID: "i", Kind: EpochBegan}, ErrEpoch},
		{"erasing what is not there", session, Draft{ID: "i", Kind: DetailErased, Data: json.RawMessage(`{"entries":[0]}`)}, ErrData},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := j.Begin()
			r, err := b.Add(tt.log, tt.draft)
			if !errors.Is(err, tt.want) {
				t.Fatalf("%v, want %v", err, tt.want)
			}
			if err != nil && b.Len() != 0 {
				t.Errorf("%d entries are in the batch", b.Len())
			}
			if err == nil {
				if _, err := ParseEntry(r.Line()); err != nil {
					t.Errorf("what was added does not parse: %v", err)
				}
			}
		})
	}
}

// Any clock reading makes an entry that parses, or is refused.
func TestClockYearsOff(t *testing.T) {
	j := found(t, t.TempDir())
	b := j.Begin()
	for i, at := range []time.Time{at(0), at(0).AddDate(1, 0, 0), at(0).AddDate(-1, 0, 0), {}, time.Unix(0, 999_999_999), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)} {
		d := ballot(i)
		d.At = at
		r := add(t, b, session, d)
		if p, err := ParseEntry(r.Line()); err != nil || !p.At.Equal(r.At) {
			t.Errorf("%v: %v", at, err)
		}
	}
	commit(t, b)
	if _, err := j.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// Whatever parses is canonical: it writes itself again, and data written in any
// other way comes to the same bytes.
func FuzzParseEntry(f *testing.F) {
	f.Add([]byte(golden))
	f.Add(Entry{V: 1, Log: "a", ID: "i", Kind: "K"}.Line())
	f.Add([]byte(strings.Replace(golden, `"a":{}`, `"a":"\ud83d\ude00"`, 1)))
	f.Add([]byte(strings.Replace(golden, `"a":{}`, `"a":"`+"\u2028"+`","é":-0e-7`, 1)))
	f.Add([]byte(`{"v":1}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := ParseEntry(line)
		if err != nil {
			return
		}
		if !bytes.Equal(e.Line(), line) {
			t.Fatalf("%q is written again as %q", line, e.Line())
		}
		var html bytes.Buffer
		json.HTMLEscape(&html, e.Data)
		e.Data = html.Bytes()
		if !bytes.Equal(e.Line(), line) {
			t.Fatalf("with HTML escapes %q becomes %q", line, e.Line())
		}
	})
}

// Any data a program can marshal becomes canonical, and stays what it says.
func FuzzData(f *testing.F) {
	f.Add("a<b>\u2028", "\x00\\\"", "\xff\xfe")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		data, err := json.Marshal(map[string]any{a: b, "x": []string{c}})
		if err != nil {
			t.Skip()
		}
		e := Entry{V: 1, Log: "a", ID: "i", Kind: "K", Data: data}
		line := e.Line()
		if len(line) > MaxLine {
			t.Skip()
		}
		p, err := ParseEntry(line)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		var was, is any
		if json.Unmarshal(data, &was) != nil || json.Unmarshal(p.Data, &is) != nil {
			t.Fatal("not JSON")
		}
		x, _ := json.Marshal(was)
		y, _ := json.Marshal(is)
		if !bytes.Equal(x, y) {
			t.Errorf("%s became %s", x, y)
		}
	})
}
