package pages

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

var (
	// errRenderer: the renderer does not start, as when its cache cannot be written.
	errRenderer = errors.New("pages: the renderer does not start")
	// errSpent: what draws may be broken inside, and the next page deserves another.
	errSpent = errors.New("pages: what draws broke")
)

// paper is one that the child has open.
type paper interface {
	pages() int
	draw(page, dpi int) (answer, []byte, error)
	close()
}

// serve is the child. next takes the paper that comes with a request; cache is a
// folder for the compiled renderer.
func serve(in io.Reader, out io.Writer, next func() (*os.File, error), cache string) error {
	d := &desk{cache: cache, next: next, papers: map[string]paper{}}
	for {
		var a ask
		if err := receive(in, &a); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		reply, picture, err := guarded(func() (answer, []byte, error) { return d.answer(a) })
		if err != nil {
			reply, picture = failed(err), nil
		}
		reply.Picture = len(picture)
		if err := send(out, reply, picture); err != nil {
			return fmt.Errorf("answering: %w", err)
		}
	}
}

// desk is the child's table.
type desk struct {
	cache    string
	next     func() (*os.File, error)
	renderer *renderer // nil until the first PDF
	papers   map[string]paper
}

func (d *desk) answer(a ask) (answer, []byte, error) {
	switch a.Op {
	case opStart:
		return answer{}, nil, d.start()
	case opLook:
		f, err := d.next()
		if err != nil {
			return answer{}, nil, err
		}
		defer f.Close()
		return look(f)
	case opOpen:
		return d.open(a)
	case opDraw:
		p := d.papers[a.Doc]
		if p == nil || a.Page < 1 || a.Page > p.pages() {
			return answer{}, nil, fmt.Errorf("%w: no such page", ErrDamaged)
		}
		return p.draw(a.Page, a.DPI)
	case opClose:
		if p := d.papers[a.Doc]; p != nil {
			p.close()
			delete(d.papers, a.Doc)
		}
		return answer{}, nil, nil
	}
	return answer{}, nil, ErrUnsupported
}

// guarded turns a panic of a decoder, and a fault inside the renderer, into an
// error that says so.
func guarded(fn func() (answer, []byte, error)) (a answer, picture []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: it panicked: %v", errSpent, p)
		}
		if err != nil && strings.Contains(err.Error(), "wasm error") {
			err = fmt.Errorf("%w: %w", errSpent, err)
		}
	}()
	return fn()
}

func (d *desk) open(a ask) (answer, []byte, error) {
	f, err := d.next()
	if err != nil {
		return answer{}, nil, err
	}
	p, err := d.openPaper(a, f)
	if err != nil {
		f.Close()
		return answer{}, nil, err
	}
	if p.pages() > MaxPages {
		p.close()
		return answer{}, nil, ErrTooMany
	}
	d.papers[a.Doc] = p
	return answer{Pages: p.pages()}, nil, nil
}
