package pages

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// The media types that are drawn.
const (
	typePDF  = "application/pdf"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// forOffice are the endings LibreOffice knows the types by.
func forOffice() map[string]string {
	return map[string]string{
		typeDOCX: ".docx",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         ".xlsx",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
		"application/msword":                              ".doc",
		"application/vnd.ms-excel":                        ".xls",
		"application/vnd.ms-powerpoint":                   ".ppt",
		"application/vnd.oasis.opendocument.text":         ".odt",
		"application/vnd.oasis.opendocument.spreadsheet":  ".ods",
		"application/vnd.oasis.opendocument.presentation": ".odp",
		"application/rtf":                                 ".rtf",
		"text/rtf":                                        ".rtf",
	}
}

// bare is a media type without its parameters.
func bare(mediaType string) string {
	t, _, _ := strings.Cut(mediaType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// openPaper opens a paper in the child. The file is the paper's when that opens.
func (d *desk) openPaper(a ask, f *os.File) (paper, error) {
	switch t := bare(a.Type); {
	case t == typePDF:
		return d.openPDF(f)
	case t == "image/png" || t == "image/jpeg":
		return openPicture(f)
	case t == "text/plain":
		return d.openText(f)
	case t == typeDOCX && a.Text:
		return d.openDOCX(f)
	}
	return nil, ErrUnsupported
}

// whole reads a small file to its end.
func whole(f *os.File, most int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(raw)) > most {
		return nil, fmt.Errorf("%w: more than %d bytes of text", ErrTooMany, most)
	}
	return raw, err
}
