package journal

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// appendString writes a JSON string the one way doc.go allows: the way of
// JSON.stringify in ECMAScript and of RFC 8785.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		start = i + 1
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendEscape(b []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, '\\', 'b')
	case '\t':
		return append(b, '\\', 't')
	case '\n':
		return append(b, '\\', 'n')
	case '\f':
		return append(b, '\\', 'f')
	case '\r':
		return append(b, '\\', 'r')
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// appendData writes a JSON object in its canonical form: no white space, every
// string as appendString writes it; the order of names and the digits of numbers
// stay as they are. What is not JSON is written as it is, for the check to find.
func appendData(b []byte, data json.RawMessage) []byte {
	if len(data) == 0 {
		return append(b, '{', '}')
	}
	for i := 0; i < len(data); {
		switch c := data[i]; c {
		case ' ', '\t', '\n', '\r':
			i++
		case '"':
			n := stringLength(data[i:])
			b = appendLiteral(b, data[i:i+n])
			i += n
		default:
			b = append(b, c)
			i++
		}
	}
	return b
}

// stringLength is the length of the string literal s begins with, quotes included.
func stringLength(s []byte) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// appendLiteral writes a string literal anew; one without a backslash is
// canonical already.
func appendLiteral(b, literal []byte) []byte {
	if bytes.IndexByte(literal, '\\') < 0 {
		return append(b, literal...)
	}
	var s string
	if json.Unmarshal(literal, &s) != nil {
		return append(b, literal...)
	}
	return appendString(b, s)
}

// isObject tells whether data is nothing, or one JSON object in UTF-8 that names no
// member twice, at any depth: two programs could read that differently.
func isObject(data json.RawMessage) bool {
	t := bytes.TrimLeft(data, " \t\r\n")
	return len(data) == 0 || len(t) > 0 && t[0] == '{' && utf8.Valid(t) && jsontext.Value(t).IsValid(jsontext.AllowInvalidUTF8(true))
}
