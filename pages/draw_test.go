package pages

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"phonghop/documents"
)

// The page in view comes first, and equal papers give equal pictures, in another
// child too.
func TestWantedPagesFirst(t *testing.T) {
	need(t, "gs")
	path := psPDF(t, "ten.pdf", strings.Repeat(onePage, 10))
	p, again := drawer(t, nil), drawer(t, nil)
	paper := p.paperOf(t, path, typePDF)
	p.Want(paper.Ref, 7)
	p.Want(paper.Ref, 99)
	var order []int
	var pictures []documents.Ref
	_, err := p.Draw(t.Context(), paper, func(pg Page) error {
		if len(order) == 4 {
			p.Want(paper.Ref, 9) // drawn already, and the one after it is not
		}
		order = append(order, pg.Number)
		pictures = append(pictures, pg.Image)
		return nil
	})
	if err != nil || fmt.Sprint(order) != "[7 8 9 1 2 10 3 4 5 6]" {
		t.Errorf("%v, %v", order, err)
	}
	_, all, err := drawn(t, again, path, typePDF)
	if err != nil || all[6].Image != pictures[0] {
		t.Errorf("another time it is %s, not %s: %v", all[6].Image, pictures[0], err)
	}
	fine, err := p.Fine(t.Context(), paper, 3)
	if err != nil || fine.W < 2479 || fine.W > 2480 || fine.Words != nil {
		t.Errorf("closely: %+v, %v", fine, err)
	}
	if none, err := p.Fine(t.Context(), paper, 11); err != nil || !none.Failed {
		t.Errorf("a page that is not there: %+v, %v", none, err)
	}
}

// What an asker says ends the drawing as it is; a paper that is not there is no
// damaged one.
func TestAnAskerWhoStops(t *testing.T) {
	p := drawer(t, nil)
	paper := p.paperOf(t, wrote(t, "a.pdf", rawPDF(page("0 0 200 200", "", ""))), typePDF)
	stop := errors.New("enough")
	if _, err := p.Draw(t.Context(), paper, func(Page) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the asker's own error: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Draw(gone, paper, func(Page) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("an asker that has gone: %v", err)
	}
	paper.Ref = documents.Ref(strings.Repeat("0", 64))
	if _, err := p.Draw(t.Context(), paper, func(Page) error { return nil }); !errors.Is(err, documents.ErrMissing) {
		t.Errorf("a document that is not there: %v", err)
	}
}

// More papers than the child holds open, in turn.
func TestManyPapersInTurn(t *testing.T) {
	p := drawer(t, nil)
	for range 2 {
		for n := range papersOpen + 2 {
			_, all, err := drawn(t, p, wrote(t, "a.pdf", rawPDF(page(fmt.Sprintf("0 0 %d 200", 100+n), "", ""))), typePDF)
			if err != nil || len(all) != 1 || all[0].Failed {
				t.Fatalf("paper %d: %+v, %v", n, all, err)
			}
		}
	}
	if len(p.child.open) > papersOpen || len(p.child.books) > papersOpen {
		t.Errorf("the child holds %d papers open", len(p.child.open))
	}
}

// The record names the version that draws.
func TestTheRendererIsTheOneInUse(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(mod), "github.com/klippa-app/go-pdfium v")
	version := strings.Fields(after + " ?")[0]
	if version == "?" || !strings.Contains(Renderer(), "go-pdfium "+version+" ") {
		t.Errorf("%q is drawn with %q", Renderer(), version)
	}
}
