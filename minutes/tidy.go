package minutes

import (
	"strings"

	"phonghop/viet"
)

// tidy is what every text passes through before it is drawn: what Clean does,
// line breaks and a space at either end kept, since runs are parts of a line.
func tidy(s string) string {
	clean := viet.CleanText(strings.Map(drawable, s))
	if clean == "" {
		if strings.ContainsAny(s, " \t\n") {
			return " "
		}
		return ""
	}
	if startsWithSpace(s) {
		clean = " " + clean
	}
	if s[len(s)-1] == ' ' {
		clean += " "
	}
	return clean
}

func startsWithSpace(s string) bool { return s[0] == ' ' }

// drawable replaces the two code points that XML forbids and Clean lets by.
func drawable(r rune) rune {
	if r == 0xFFFE || r == 0xFFFF {
		return '\uFFFD'
	}
	return r
}

// points are a list's paragraphs with their marks.
func (l List) points() []Para {
	out := make([]Para, len(l.Items))
	for i, item := range l.Items {
		out[i] = Para{Runs: append([]Run{{Text: l.Marks.of(i) + " "}}, item...)}
	}
	return out
}

func (m Marks) of(i int) string {
	switch m {
	case Numbers:
		return viet.Number(int64(i+1)) + "."
	case Letters:
		return viet.Letter(i) + ")"
	}
	return "-"
}

// upper is a text in capitals, as bodies and titles stand in heads.
func upper(s string) string { return strings.ToUpper(tidy(s)) }

// bodyName is the issuing body in capitals; a long name is broken before its
// province, as offices do.
func bodyName(s string) string {
	s = upper(s)
	for _, before := range []string{" TỈNH ", " THÀNH PHỐ ", " XÃ ", " PHƯỜNG ", " ĐẶC KHU "} {
		if head, tail, ok := strings.Cut(s, before); ok && len([]rune(s)) > 24 {
			return head + "\n" + strings.TrimSpace(before) + " " + tail
		}
	}
	return s
}

const (
	nation     = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	motto      = "Độc lập - Tự do - Hạnh phúc"
	mottoWidth = 56.0 // mm, as it stands in the head
	bodyRule   = 16.0 // below the issuing body
	titleRule  = 30.0
	tick       = '☐'
)

// The page of decree 30/2020, in mm, and its sizes, in points.
const (
	point      = 25.4 / 72
	pageWidth  = 210.0
	pageHeight = 297.0
	marginY    = 20.0
	marginLeft = 30.0
	marginEnd  = 15.0
	bodySize   = 14.0
	tableSize  = 12.0
	gapAfter   = 6 * point
	indent     = 10.0
	leftColumn = 0.40 // of the head
	signRoom   = 26.0 // for a signature
)

func (sh Sheet) page() (width, height float64) {
	if sh.Landscape {
		return pageHeight, pageWidth
	}
	return pageWidth, pageHeight
}

// measure is how wide the text is.
func (sh Sheet) measure() float64 {
	w, _ := sh.page()
	return w - marginLeft - marginEnd
}

func orElse(x, other float64) float64 {
	if x > 0 {
		return x
	}
	return other
}
