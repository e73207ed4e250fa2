package pages

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/png" // decodes what image.Decode is given
	"io"
	"os"

	"golang.org/x/image/draw"
)

const (
	pictureArea  = 120_000_000       // pixels that are decoded
	pictureWidth = widthMost * 2 / 3 // an A4 page at 150 dpi and a third
)

// picture is a paper that is one image.
type picture struct {
	file *os.File
	turn int // EXIF orientation, 1 to 8
}

func openPicture(f *os.File) (paper, error) {
	size, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > pictureArea/size.Height {
		return nil, fmt.Errorf("%w: %d x %d pixels", ErrTooMany, size.Width, size.Height)
	}
	head := make([]byte, 128<<10)
	n, err := f.ReadAt(head, 0)
	if n == 0 {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return &picture{f, orientation(head[:n])}, nil
}

func (p *picture) pages() int { return 1 }
func (p *picture) close()     { p.file.Close() }

func (p *picture) draw(_, dpi int) (answer, []byte, error) {
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return answer{}, nil, err
	}
	m, _, err := image.Decode(bufio.NewReader(p.file))
	if err != nil {
		return answer{}, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	m = turned(scaled(m, p.turn, dpi), p.turn)
	packed, err := packed(m)
	return answer{W: m.Bounds().Dx(), H: m.Bounds().Dy()}, packed, err
}

// scaled makes a picture that will be turned no wider than a page is drawn; it
// never enlarges.
func scaled(m image.Image, turn, dpi int) image.Image {
	most := float64(pictureWidth)
	switch {
	case dpi > usualDPI:
		most = fineMost
	case dpi < usualDPI:
		most /= 2
	}
	w, h := float64(m.Bounds().Dx()), float64(m.Bounds().Dy())
	across, down := w, h
	if turn >= 5 {
		across, down = h, w
	}
	scale := min(most/across, 2*most/down)
	if scale >= 1 {
		return m
	}
	to := image.NewRGBA(image.Rect(0, 0, max(1, int(w*scale)), max(1, int(h*scale))))
	draw.BiLinear.Scale(to, to.Bounds(), m, m.Bounds(), draw.Src, nil)
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
			if turn := int(order.Uint16(t[field+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
	}
	return 1
}
