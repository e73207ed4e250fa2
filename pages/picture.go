package pages

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // decodes what image.Decode is given
	"os"

	"golang.org/x/image/draw"
)

const pictureArea = 120_000_000 // pixels that are decoded: 120 megapixels

// picture is a paper that is one image.
type picture struct {
	path string
	turn int // EXIF orientation, 1 to 8
}

func openPicture(path string) (paper, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if size.Width*size.Height > pictureArea || size.Width < 1 || size.Height < 1 {
		return nil, fmt.Errorf("%w: %d x %d pixels", ErrTooMany, size.Width, size.Height)
	}
	head := make([]byte, 64<<10)
	n, err := f.ReadAt(head, 0)
	if n == 0 {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return &picture{path, orientation(head[:n])}, nil
}

func (p *picture) pages() int { return 1 }
func (p *picture) close()     {}

func (p *picture) draw(_, dpi int) (answer, []byte, error) {
	f, err := os.Open(p.path)
	if err != nil {
		return answer{}, nil, err
	}
	defer f.Close()
	m, _, err := image.Decode(f)
	if err != nil {
		return answer{}, nil, err
	}
	m = scaled(turned(m, p.turn), dpi)
	var b bytes.Buffer
	err = jpeg.Encode(&b, flat(m), &jpeg.Options{Quality: quality})
	return answer{W: m.Bounds().Dx(), H: m.Bounds().Dy()}, b.Bytes(), err
}

// scaled makes a picture no wider than a page is drawn; it never enlarges.
func scaled(m image.Image, dpi int) image.Image {
	most := widthMost * 2 / 3 // an A4 page at 150 dpi and a third
	if dpi > 150 {
		most = fineMost
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	if w <= most && h <= 2*most {
		return m
	}
	scale := min(float64(most)/float64(w), float64(2*most)/float64(h))
	to := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(w)*scale)), max(1, int(float64(h)*scale))))
	draw.ApproxBiLinear.Scale(to, to.Bounds(), m, m.Bounds(), draw.Src, nil)
	return to
}

// flat puts a picture with holes on white.
func flat(m image.Image) image.Image {
	if o, ok := m.(interface{ Opaque() bool }); ok && o.Opaque() {
		return m
	}
	to := image.NewRGBA(m.Bounds())
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(to, to.Bounds(), m, m.Bounds().Min, draw.Over)
	return to
}

// turned stands a photograph upright.
func turned(m image.Image, turn int) image.Image {
	if turn < 2 || turn > 8 {
		return m
	}
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.Rect(0, 0, w, h)
	if turn >= 5 {
		out = image.Rect(0, 0, h, w)
	}
	to := image.NewRGBA(out)
	for y := range h {
		for x := range w {
			tx, ty := place(turn, x, y, w, h)
			to.Set(tx, ty, m.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return to
}

// place is where a pixel goes, by EXIF's eight ways of holding a camera.
func place(turn, x, y, w, h int) (int, int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// orientation reads the one EXIF field that matters; 1 where there is none.
func orientation(head []byte) int {
	at := bytes.Index(head, []byte("Exif\x00\x00"))
	if len(head) < 2 || head[0] != 0xff || head[1] != 0xd8 || at < 0 {
		return 1
	}
	t := head[at+6:]
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if t[0] == 'I' {
		order = binary.LittleEndian
	}
	first := int(order.Uint32(t[4:]))
	if first < 8 || first+2 > len(t) {
		return 1
	}
	for i := range int(order.Uint16(t[first:])) {
		field := first + 2 + 12*i
		if field+12 > len(t) {
			return 1
		}
		if order.Uint16(t[field:]) == 0x0112 {
			return int(order.Uint16(t[field+8:]))
		}
	}
	return 1
}
