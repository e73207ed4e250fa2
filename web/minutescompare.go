package web

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"phonghop/templates"
	"phonghop/viet"
)

// documentMost bounds the text of a returned DOCX once it is unpacked.
const documentMost = 64 << 20

// docxLines is the text of a DOCX, a line for each paragraph. Text that somebody
// deleted with changes tracked is not in it. The file is hostile.
func docxLines(data []byte) ([]string, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotMinutes, err)
	}
	body, err := archive.Open("word/document.xml")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotMinutes, err)
	}
	defer body.Close()
	d := xml.NewDecoder(io.LimitReader(body, documentMost))
	var lines []string
	var line strings.Builder
	inText := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNotMinutes, err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			inText = x.Name.Local == "t"
			if slices.Contains([]string{"tab", "br", "cr"}, x.Name.Local) {
				line.WriteByte(' ')
			}
		case xml.EndElement:
			inText = false
			if x.Name.Local == "p" {
				lines = append(lines, line.String())
				line.Reset()
			}
		case xml.CharData:
			if inText {
				line.Write(x)
			}
		}
	}
}

// figure is a sentence of the minutes whose numbers come from the record.
type figure struct {
	what string // text key of its name
	of   int    // item or vote; 0 none
}

func (f figure) words(lang templates.Lang) string {
	if f.of == 0 {
		return lang.T(f.what)
	}
	return lang.T(f.what, f.of)
}

// figuresIn finds those sentences in the lines of a document. The words that lead
// to them are those minutes.Minutes writes.
func figuresIn(lines []string) (found map[figure]string, order []figure) {
	found = map[figure]string{}
	item, vote := 0, 0
	for _, line := range lines {
		line = viet.Clean(strings.ReplaceAll(line, "\u00a0", " "))
		switch {
		case numbered(line, "Biểu quyết lần ", &vote):
		case numbered(line, "Nội dung ", &item):
			vote = 0
		}
		f, ok := figureOf(line, item, vote)
		if _, twice := found[f]; ok && !twice {
			found[f] = line
			order = append(order, f)
		}
	}
	return found, order
}

func figureOf(line string, item, vote int) (figure, bool) {
	begins := func(words string) bool { return strings.HasPrefix(line, words) }
	switch {
	case begins("Thời gian bắt đầu:"):
		return figure{what: "min.diff.begun"}, true
	case strings.Contains(line, "Thành viên: tổng số"):
		return figure{what: "min.diff.present"}, true
	case begins("Khi khai mạc:"):
		return figure{what: "min.diff.quorum"}, true
	case item > 0 && begins("Thời gian: "):
		return figure{"min.diff.times", item}, true
	case vote > 0 && (begins("Kết quả (") || begins("Cuộc biểu quyết mở lúc")):
		return figure{"min.diff.vote", vote}, true
	case begins("Cuộc họp kết thúc vào"):
		return figure{what: "min.diff.ended"}, true
	}
	return figure{}, false
}

// numbered reads the number of a heading: "Nội dung 3: …".
func numbered(line, words string, into *int) bool {
	rest, ok := strings.CutPrefix(line, words)
	digits, _, colon := strings.Cut(rest, ":")
	n, err := strconv.Atoi(digits)
	if !ok || !colon || err != nil {
		return false
	}
	*into = n
	return true
}

// differences sets the numbers of a returned document against the record, as the
// minutes tell it. Other words are the secretary's to change.
func differences(lang templates.Lang, record string, file []string) []templates.Difference {
	want, order := figuresIn(strings.Split(record, "\n"))
	have, _ := figuresIn(file)
	numbers := regexp.MustCompile(`\d+(?:[.,/:]\d+)*`)
	var out []templates.Difference
	for _, f := range order {
		if !slices.Equal(numbers.FindAllString(want[f], -1), numbers.FindAllString(have[f], -1)) {
			out = append(out, templates.Difference{What: f.words(lang), Record: want[f], File: have[f]})
		}
	}
	return out
}
