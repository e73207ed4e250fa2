package pages

import (
	"fmt"
	"io"
)

// paper is one that the child has open.
type paper interface {
	pages() int
	draw(page, dpi int) (answer, []byte, error)
	close()
}

// Serve is the child: it answers on out what it is asked on in, until in ends.
// cache is a folder for the compiled renderer.
func Serve(in io.Reader, out io.Writer, cache string) error {
	d := &desk{cache: cache, papers: map[string]paper{}}
	for {
		var a ask
		if err := receive(in, &a); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		reply, picture := d.answer(a)
		reply.Picture = len(picture)
		if err := send(out, reply, picture); err != nil {
			return fmt.Errorf("answering: %w", err)
		}
	}
}

// desk is the child's table.
type desk struct {
	cache  string
	press  *renderer // nil until the first PDF
	papers map[string]paper
}

func (d *desk) answer(a ask) (answer, []byte) {
	switch a.Op {
	case "open":
		return d.open(a), nil
	case "draw":
		p := d.papers[a.Doc]
		if p == nil || a.Page < 1 || a.Page > p.pages() {
			return answer{Fail: "page", What: "no such page"}, nil
		}
		reply, picture, err := guarded(func() (answer, []byte, error) { return p.draw(a.Page, a.DPI) })
		if err != nil {
			return answer{Fail: "page", What: err.Error()}, nil
		}
		return reply, picture
	case "close":
		if p := d.papers[a.Doc]; p != nil {
			p.close()
			delete(d.papers, a.Doc)
		}
		return answer{}, nil
	}
	return answer{Fail: "unsupported", What: "unknown request"}, nil
}

// guarded turns a panic of a decoder into an error: the next page may be drawn.
func guarded(fn func() (answer, []byte, error)) (a answer, picture []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it panicked: %v", p)
		}
	}()
	return fn()
}

func (d *desk) open(a ask) answer {
	reply, _, err := guarded(func() (answer, []byte, error) {
		p, old, err := d.openPaper(a)
		if err != nil {
			return answer{}, nil, err
		}
		if p.pages() > MaxPages {
			p.close()
			return answer{}, nil, ErrTooMany
		}
		d.papers[a.Doc] = p
		return answer{Pages: p.pages(), OldFont: old}, nil, nil
	})
	if err != nil {
		return answer{Fail: failName(err), What: err.Error()}
	}
	return reply
}
