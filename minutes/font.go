package minutes

import (
	"encoding/binary"
	"errors"

	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifbolditalic"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"
)

// style picks one of the four faces.
type style int

const (
	bold   style = 1
	italic style = 2
)

func (r Run) style() (s style) {
	if r.Bold {
		s |= bold
	}
	if r.Italic {
		s |= italic
	}
	return s
}

// tickRoom is the blank in whose place a box to tick is drawn.
const tickRoom = "\u00a0\u00a0\u00a0"

// faces are the four faces of Liberation Serif, whose letters are as wide as
// those of Times New Roman.
type faces [4]face

// face knows which letters a font has and how wide they are.
type face struct {
	file   []byte
	widths map[rune]int // in thousandths of the size
}

var errFont = errors.New("minutes: the font cannot be read")

func newFaces() (faces, error) {
	var all faces
	for i, file := range [][]byte{
		liberationserifregular.TTF, liberationserifbold.TTF,
		liberationserifitalic.TTF, liberationserifbolditalic.TTF,
	} {
		widths, err := letterWidths(file)
		if err != nil {
			return all, err
		}
		widths[tick] = len([]rune(tickRoom)) * widths['\u00a0']
		all[i] = face{file, widths}
	}
	return all, nil
}

// has tells whether the font can draw a letter. Those above the first plane
// cannot be written by the PDF library at all.
func (f face) has(r rune) bool {
	_, ok := f.widths[r]
	return ok && r <= 0xFFFF
}

// width is how wide a text is at a size, in mm.
func (f face) width(text string, size float64) float64 {
	sum := 0
	for _, r := range text {
		sum += f.widths[r]
	}
	return float64(sum) / 1000 * size * point
}

// letterWidths reads what it needs of a TrueType file: cmap (format 4) and hmtx.
func letterWidths(file []byte) (map[rune]int, error) {
	head, hhea, hmtx := fontPart(file, "head"), fontPart(file, "hhea"), fontPart(file, "hmtx")
	letters := glyphs(fontPart(file, "cmap"))
	if len(head) < 20 || len(hhea) < 36 || len(letters) == 0 {
		return nil, errFont
	}
	em := int(binary.BigEndian.Uint16(head[18:]))
	metrics := int(binary.BigEndian.Uint16(hhea[34:]))
	if em == 0 || metrics == 0 || len(hmtx) < 4*metrics {
		return nil, errFont
	}
	widths := make(map[rune]int, len(letters))
	for r, glyph := range letters {
		at := 4 * min(int(glyph), metrics-1)
		widths[r] = (1000*int(binary.BigEndian.Uint16(hmtx[at:])) + em/2) / em
	}
	return widths, nil
}

func fontPart(file []byte, tag string) []byte {
	count := int(binary.BigEndian.Uint16(file[4:]))
	for i := range count {
		entry := file[12+16*i:]
		if string(entry[:4]) == tag {
			from, size := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
			return file[from : from+size]
		}
	}
	return nil
}

// glyphs reads the Unicode table of the first plane.
func glyphs(cmap []byte) map[rune]uint16 {
	if len(cmap) < 4 {
		return nil
	}
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		record := cmap[4+8*i:]
		sub := cmap[binary.BigEndian.Uint32(record[4:]):]
		if binary.BigEndian.Uint16(record) == 3 && binary.BigEndian.Uint16(sub) == 4 {
			return segments(sub)
		}
	}
	return nil
}

func segments(sub []byte) map[rune]uint16 {
	at := func(i int) uint16 { return binary.BigEndian.Uint16(sub[i:]) }
	twice := int(at(6))
	ends, starts := 14, 16+twice
	deltas, offsets := starts+twice, starts+2*twice
	out := map[rune]uint16{}
	for s := 0; s < twice; s += 2 {
		first, last, offset := int(at(starts+s)), int(at(ends+s)), int(at(offsets+s))
		for c := first; c <= last && c < 0xFFFF; c++ {
			glyph := uint16(c) + at(deltas+s)
			if offset != 0 {
				if glyph = at(offsets + s + offset + 2*(c-first)); glyph != 0 {
					glyph += at(deltas + s)
				}
			}
			if glyph != 0 {
				out[rune(c)] = glyph
			}
		}
	}
	return out
}
