package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var svgBody = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)

// sprite is one SVG file of symbols: ours from glyphs.svg, and the line icons
// named in lucide.txt as "l-NAME", drawn by a page with <use href="…#l-mic">.
func sprite(ours, lucide string) ([]byte, error) {
	glyphs, err := body(filepath.Join(ours, "glyphs.svg"))
	if err != nil {
		return nil, err
	}
	list, err := os.ReadFile(filepath.Join(ours, "lucide.txt"))
	if err != nil {
		return nil, fmt.Errorf("reading the list of icons: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("<svg xmlns=\"http://www.w3.org/2000/svg\">\n<!-- l-*: Lucide, ISC licence. g-* and mark: drawn for phonghop. -->")
	out.WriteString(glyphs)
	for name := range strings.FieldsSeq(string(list)) {
		icon, err := body(filepath.Join(lucide, "icons", name+".svg"))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "<symbol id=\"l-%s\" viewBox=\"0 0 24 24\">%s</symbol>\n", name, strings.Join(strings.Fields(icon), " "))
	}
	out.WriteString("</svg>\n")
	return out.Bytes(), nil
}

// body is what stands inside the outermost <svg> of a file.
func body(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("reading an icon: %w", err)
	}
	m := svgBody.FindSubmatch(content)
	if m == nil {
		return "", fmt.Errorf("%s: no <svg> in it", path)
	}
	return string(m[1]), nil
}
