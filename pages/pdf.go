package pages

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"math"
	"os"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	memoryPages = 8192 // of 64 KiB: what pdfium may use
	quality     = 80   // of JPEG
	widthMost   = 2480 // pixels at 150 dpi and below: an A4 page at 300
	fineMost    = 4960 // pixels at 300 dpi
	areaMost    = 16 << 20
	fineArea    = 36 << 20
)

// renderer is pdfium, compiled once and kept in the cache folder.
type renderer struct {
	pool     pdfium.Pool
	instance pdfium.Pdfium
}

func openRenderer(cache string) (*renderer, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling). // pdfium's setjmp needs it
		WithMemoryLimitPages(memoryPages)
	if cache != "" {
		compiled, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return nil, fmt.Errorf("opening the cache of the renderer: %w", err)
		}
		config = config.WithCompilationCache(compiled)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MinIdle: 0, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: config,
		FSConfig: wazero.NewFSConfig().WithFSMount(fonts(), "/"), // and no file of this machine
		Stdout:   io.Discard, Stderr: io.Discard, RandomSource: steady{},
	})
	if err != nil {
		return nil, fmt.Errorf("starting the renderer: %w", err)
	}
	instance, err := pool.GetInstance(30 * time.Second)
	if err != nil {
		return nil, fmt.Errorf("starting the renderer: %w", err)
	}
	return &renderer{pool, instance}, nil
}

// steady gives the same bytes each time, so that equal papers give equal pictures.
type steady struct{}

func (steady) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// pdf is an open PDF.
type pdf struct {
	r    *renderer
	doc  references.FPDF_DOCUMENT
	file io.Closer
	n    int
}

// start makes the renderer ready.
func (d *desk) start() error {
	if d.renderer != nil {
		return nil
	}
	r, err := openRenderer(d.cache)
	if err != nil {
		return fmt.Errorf("%w: %w", errRenderer, err)
	}
	d.renderer = r
	return nil
}

func (d *desk) openPDF(f *os.File) (paper, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	p, err := d.openStream(f, info.Size())
	if err != nil {
		return nil, err
	}
	p.file = f
	return p, nil
}

func (d *desk) openStream(r io.ReadSeeker, size int64) (*pdf, error) {
	if err := d.start(); err != nil {
		return nil, err
	}
	opened, err := d.renderer.instance.OpenDocument(&requests.OpenDocument{FileReader: r, FileReaderSize: size})
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword) || errors.Is(err, pdfiumerrors.ErrSecurity):
		return nil, ErrEncrypted
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	count, err := d.renderer.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if count.PageCount == 0 {
		return nil, fmt.Errorf("%w: it has no pages", ErrDamaged)
	}
	return &pdf{r: d.renderer, doc: opened.Document, n: count.PageCount}, nil
}

func (p *pdf) pages() int { return p.n }

func (p *pdf) close() {
	_, _ = p.r.instance.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: p.doc})
	if p.file != nil {
		p.file.Close()
	}
}

func (p *pdf) draw(n, dpi int) (answer, []byte, error) {
	at := requests.Page{ByIndex: &requests.PageByIndex{Document: p.doc, Index: n - 1}}
	size, err := p.r.instance.GetPageSize(&requests.GetPageSize{Page: at})
	if err != nil {
		return answer{}, nil, fmt.Errorf("measuring it: %w", err)
	}
	w, h := pixels(size.Width, size.Height, dpi)
	drawn, err := p.r.instance.RenderPageInPixels(&requests.RenderPageInPixels{
		Page: at, Width: w, Height: h, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT, RenderForm: true, Document: &p.doc,
	})
	if err != nil {
		return answer{}, nil, fmt.Errorf("drawing it: %w", err)
	}
	defer drawn.Cleanup()
	m := drawn.Result.RenderedImage
	picture, err := packed(m)
	if err != nil {
		return answer{}, nil, fmt.Errorf("packing it: %w", err)
	}
	a := answer{W: m.Bounds().Dx(), H: m.Bounds().Dy()} // as near to what was asked as the page's shape allows
	if dpi <= usualDPI {
		a.Words, a.Text = p.words(at, a.W, a.H)
	}
	return a, picture, nil
}

// pixels is how large a page of so many points is drawn: never wider, nor of more
// area, than a tablet can use.
func pixels(width, height float64, dpi int) (w, h int) {
	most, area := float64(widthMost), float64(areaMost)
	if dpi > usualDPI {
		most, area = fineMost, fineArea
	}
	if !(width > 0 && height > 0) || math.IsInf(width, 0) || math.IsInf(height, 0) {
		width, height = 595, 842
	}
	scale := float64(dpi) / 72
	scale = min(scale, most/width, most*2/height, math.Sqrt(area/(width*height)))
	return max(1, int(math.Round(width*scale))), max(1, int(math.Round(height*scale)))
}

// packed is the picture as JPEG, on white.
func packed(m image.Image) ([]byte, error) {
	on, ok := m.(*image.RGBA)
	if !ok || !on.Opaque() {
		on = image.NewRGBA(m.Bounds())
		draw.Draw(on, on.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(on, on.Bounds(), m, m.Bounds().Min, draw.Over)
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, on, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}
