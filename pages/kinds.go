package pages

import (
	"errors"
	"fmt"
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

// openPaper opens a paper in the child. old tells of fonts of the time before
// Unicode.
func (d *desk) openPaper(a ask) (p paper, old bool, err error) {
	switch t := bare(a.Type); {
	case t == typePDF:
		p, err = d.openPDF(a.Path)
	case t == "image/png" || t == "image/jpeg":
		p, err = openPicture(a.Path)
	case t == "text/plain":
		p, err = d.openText(a.Path)
	case t == typeDOCX && a.Text:
		return d.openDOCX(a.Path)
	default:
		err = ErrUnsupported
	}
	return p, false, err
}

func failName(err error) string {
	switch {
	case errors.Is(err, ErrEncrypted):
		return "encrypted"
	case errors.Is(err, ErrTooMany):
		return "too-many"
	case errors.Is(err, ErrUnsupported):
		return "unsupported"
	}
	return "damaged"
}

const (
	textMost = 4 << 20 // bytes of a text that is set as pages
)

func readSmall(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, fmt.Errorf("%w: %d bytes of text", ErrTooMany, info.Size())
	}
	return os.ReadFile(path)
}
