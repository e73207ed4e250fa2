package web

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // pages may be kept as either
	"io"
	"sync"

	"phonghop/documents"
)

const (
	thumbWide  = 160      // pixels: twice what the strip shows, for fine screens
	thumbsMost = 24 << 20 // bytes of small pages kept in memory
)

// thumbs makes pages small, one at a time, and keeps the last ones used. All of
// it is lost with the program, and made again.
type thumbs struct {
	gate chan struct{} // one is made at a time: votes need the processor too

	mu    sync.Mutex
	order *list.List // of *thumb, the last used first
	known map[documents.Ref]*list.Element
	bytes int
}

type thumb struct {
	ref  documents.Ref
	data []byte
}

func newThumbs() *thumbs {
	return &thumbs{gate: make(chan struct{}, 1), order: list.New(), known: map[documents.Ref]*list.Element{}}
}

// of is the picture in small, as JPEG.
func (t *thumbs) of(ctx context.Context, ref documents.Ref, picture io.Reader) ([]byte, error) {
	if data := t.kept(ref); data != nil {
		return data, nil
	}
	select {
	case t.gate <- struct{}{}:
		defer func() { <-t.gate }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if data := t.kept(ref); data != nil { // made while we waited
		return data, nil
	}
	full, _, err := image.Decode(picture)
	if err != nil {
		return nil, fmt.Errorf("reading the picture of a page: %w", err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, shrunk(full, thumbWide), &jpeg.Options{Quality: 75}); err != nil {
		return nil, fmt.Errorf("making a page small: %w", err)
	}
	t.keep(ref, b.Bytes())
	return b.Bytes(), nil
}

func (t *thumbs) kept(ref documents.Ref) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.known[ref]
	if at == nil {
		return nil
	}
	t.order.MoveToFront(at)
	return at.Value.(*thumb).data
}

func (t *thumbs) keep(ref documents.Ref, data []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.known[ref] = t.order.PushFront(&thumb{ref, data})
	t.bytes += len(data)
	for t.bytes > thumbsMost {
		oldest := t.order.Remove(t.order.Back()).(*thumb)
		delete(t.known, oldest.ref)
		t.bytes -= len(oldest.data)
	}
}

// shrunk is a picture so many pixels wide: each the mean of those it stands for.
func shrunk(picture image.Image, wide int) image.Image {
	full := image.NewRGBA(image.Rect(0, 0, picture.Bounds().Dx(), picture.Bounds().Dy()))
	draw.Draw(full, full.Rect, picture, picture.Bounds().Min, draw.Src)
	b := full.Rect
	wide = max(min(wide, b.Dx()), 1)
	high := max(b.Dy()*wide/max(b.Dx(), 1), 1)
	out := image.NewRGBA(image.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			out.SetRGBA(x, y, mean(full, image.Rect(x*b.Dx()/wide, y*b.Dy()/high, (x+1)*b.Dx()/wide, (y+1)*b.Dy()/high)))
		}
	}
	return out
}

func mean(full *image.RGBA, of image.Rectangle) color.RGBA {
	var r, g, b, n uint32
	for y := of.Min.Y; y < max(of.Max.Y, of.Min.Y+1); y++ {
		for x := of.Min.X; x < max(of.Max.X, of.Min.X+1); x++ {
			at := full.PixOffset(x, y)
			r, g, b, n = r+uint32(full.Pix[at]), g+uint32(full.Pix[at+1]), b+uint32(full.Pix[at+2]), n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}
