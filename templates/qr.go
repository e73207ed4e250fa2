package templates

import (
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"
)

// qrPath draws a text as one SVG path in module units and says how wide it is,
// without a quiet zone: the frame round it gives that. A text too long for a
// code has no path.
func qrPath(text string) (path string, side int) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", 0
	}
	code.DisableBorder = true
	return modules(code.Bitmap())
}

// modules writes every run of dark modules in a row as one rectangle.
func modules(bits [][]bool) (path string, side int) {
	var b strings.Builder
	for y, row := range bits {
		for x := 0; x < len(row); {
			w := 0
			for x+w < len(row) && row[x+w] {
				w++
			}
			if w > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x, y, w, w)
			}
			x += w + 1
		}
	}
	return b.String(), len(bits)
}

func qrBox(side int) string { return fmt.Sprintf("0 0 %d %d", side, side) }
