package roster

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readWorkbook takes the first sheet that has a heading for names. The parser is
// not ours and the file is a stranger's: if it panics the file is unreadable,
// and the session goes on.
func readWorkbook(data []byte) (p Preview, err error) {
	defer func() {
		if crash := recover(); crash != nil {
			p, err = Preview{}, fmt.Errorf("%w: %v", ErrUnreadable, crash)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return Preview{}, refusal(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	reason := ErrNoHeading
	for _, sheet := range f.GetSheetList() {
		lines, err := sheetLines(f, sheet)
		if err != nil {
			return Preview{}, err
		}
		if _, at := findHeading(lines); at >= 0 {
			return understand(lines)
		}
		if errors.Is(noHeading(lines), ErrOldFont) {
			reason = ErrOldFont
		}
	}
	return Preview{}, reason
}

func refusal(err error) error {
	if strings.Contains(err.Error(), "unzip size exceeds") {
		return ErrTooLarge
	}
	return fmt.Errorf("%w: %w", ErrUnreadable, err)
}

// sheetLines reads no further than the limits allow: a row may claim to be the
// millionth, and to be sixteen thousand cells wide.
func sheetLines(f *excelize.File, sheet string) ([]line, error) {
	rows, err := f.Rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("%w: sheet %q: %w", ErrUnreadable, sheet, err)
	}
	defer rows.Close()
	var lines []line
	for number := 1; rows.Next(); number++ {
		if number > maxLines {
			return nil, ErrTooMany
		}
		cells, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("%w: sheet %q, line %d: %w", ErrUnreadable, sheet, number, err)
		}
		if len(cells) > 0 {
			lines = append(lines, line{number, slices.Clone(cells[:min(len(cells), maxColumns)])})
		}
	}
	if err := rows.Error(); err != nil {
		return nil, fmt.Errorf("%w: sheet %q: %w", ErrUnreadable, sheet, err)
	}
	return lines, nil
}
