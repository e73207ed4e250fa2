package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// readText understands a table of text. Of the three separators it takes the
// one that recognises most headings.
func readText(data []byte) (Preview, error) {
	text, err := decode(data)
	if err != nil {
		return Preview{}, err
	}
	var best []line
	most := -1
	for _, separator := range ";,\t" {
		lines, err := split(text, separator)
		if err != nil {
			return Preview{}, err
		}
		if h, _ := findHeading(lines); len(h.at) > most {
			best, most = lines, len(h.at)
		}
	}
	return understand(best)
}

// decode makes UTF-8 of what Excel, Google Sheets and old programs save.
func decode(data []byte) (string, error) {
	text := string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if from := foreign(data); from != nil {
		decoded, err := from.NewDecoder().Bytes(data)
		if err != nil {
			return "", fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
		text = string(decoded)
	}
	if strings.ContainsRune(text, 0) {
		return "", ErrUnreadable
	}
	return text, nil
}

// foreign names the encoding to convert from; nil is UTF-8.
func foreign(data []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case zeroes(data, 1):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeroes(data, 0):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case utf8.Valid(data):
		return nil
	}
	return charmap.Windows1258
}

// zeroes tells UTF-16 without a mark at its head: separators and line ends put
// a zero in every second byte of some pair.
func zeroes(data []byte, at int) bool {
	count := 0
	for i := at; i < len(data); i += 2 {
		if data[i] == 0 {
			count++
		}
	}
	return count > len(data)/8
}

func split(text string, separator rune) ([]line, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
	var lines []line
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
		if len(lines) == maxLines {
			return nil, ErrTooMany
		}
		number, _ := r.FieldPos(0)
		lines = append(lines, line{number, cells[:min(len(cells), maxColumns)]})
	}
}
