// Package pages turns the papers of a session into pictures of their pages and
// the words on them, so that the weakest tablet can show them.
//
// It is done by a child process: the program starts itself (phonghop pages) with
// the lowest claim on processor and disk, no network and little memory. A paper
// comes from outside and may be broken or hostile: what it can do is end the
// child, and that costs this one page its picture. The serving process itself
// reads nothing of a paper; what the child answers is bounded and only kept.
//
// PDF is drawn by pdfium, compiled to WebAssembly. Word, Excel and PowerPoint
// files go through LibreOffice where it is installed; else the text of a DOCX is
// set anew, and whoever asked is told so. Pictures are scaled. The same bytes
// give the same pictures with the same [Renderer].
package pages

import (
	"errors"

	"phonghop/documents"
)

// MaxPages is how many pages a paper may have.
const MaxPages = 5000

// Renderer names what draws, for the record: its version, its own fonts, how fine,
// how the pictures are packed. Another Renderer may give other bytes.
func Renderer() string { return "go-pdfium 1.21.4 wasm, Liberation, 150 dpi, JPEG 80" }

// Paper is what is to be drawn. Type is its media type, as told by its bytes.
type Paper struct {
	Ref        documents.Ref
	Type, Name string
}

// Word is a word on a page, its place as a share of the page's width and height,
// upright as drawn.
type Word struct {
	Text       string
	X, Y, W, H float32
}

// Page is one page, drawn. Without an Image it is Failed: "Trang này không dựng
// được, mở bản gốc".
type Page struct {
	Number int
	Total  int // pages of the paper
	Image  documents.Ref
	W, H   int // pixels
	Words  []Word
	Text   string
	Coarse bool // 75 dpi, because 150 took too long
	Failed bool
}

// Book is what was learnt of a paper. Via is the PDF LibreOffice made of it.
type Book struct {
	Pages    int
	Renderer string
	NoOffice bool // drawn from its bare text, because LibreOffice is not here or failed
	OldFont  bool // set in .VnTime or VNI fonts: it looks right, its words cannot be found
	Via      documents.Ref
}

// What can be wrong with a paper.
var (
	ErrEncrypted   = errors.New("pages: the paper is locked with a password")
	ErrDamaged     = errors.New("pages: the paper is damaged")
	ErrNoOffice    = errors.New("pages: LibreOffice is needed for this paper")
	ErrTooMany     = errors.New("pages: the paper has too many pages")
	ErrUnsupported = errors.New("pages: nothing draws this sort of paper")
	ErrClosed      = errors.New("pages: closed")
)
