package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"phonghop/ghosts"
)

// The figure of voting while papers are drawn.

// pagesEach is how many pages a paper has that was scanned for the figure.
const pagesEach = 10

// besideDrawing is one ballot after the other, at the 99th of a hundred, while so
// many bytes of scanned papers are drawn. Its floor is the same room in the same
// minute, with the process that draws held still.
func besideDrawing(size int) func(context.Context, *bench) (*play, error) {
	return func(ctx context.Context, b *bench) (*play, error) {
		st, err := b.stage(ctx, b.many(300), "room")
		if err != nil {
			return nil, err
		}
		s, err := start(ctx, b.serve(st.Dir, false)...)
		if err != nil {
			return nil, err
		}
		h, err := enter(s, st, len(st.Members))
		if err == nil {
			err = h.open(ctx)
		}
		if err != nil {
			return nil, err
		}
		if b.most > 0 {
			size = 1 // one paper
		}
		d := &drawing{server: s, dir: st.Dir}
		if err := d.handIn(ctx, size); err != nil {
			return nil, err
		}
		return &play{
			room: func(ctx context.Context) (float64, error) {
				p99, err := h.oneByOne(ctx)
				if err == nil && b.most == 0 {
					err = d.stillOn()
				}
				return p99, err
			},
			floor: func(ctx context.Context) (float64, error) {
				if err := d.send(syscall.SIGSTOP); err != nil {
					return 0, err
				}
				p99, err := h.oneByOne(ctx)
				return p99, errors.Join(err, d.send(syscall.SIGCONT))
			},
			end: ends(h),
		}, nil
	}
}

// oneByOne has the members vote one after the other, and answers with what 99 of a
// hundred waited at most.
func (h *hall) oneByOne(ctx context.Context) (float64, error) {
	h.n++
	form := url.Values{"choice": {"for"}, "n": {strconv.Itoa(h.n)}}
	took := h.crowd.Each(1, func(t *ghosts.Tablet) error {
		_, err := t.Press(ctx, "/votes/"+h.vote+"/ballot", form)
		return err
	})
	if failed := ghosts.Failed(took); len(failed) > 0 {
		return 0, fmt.Errorf("a ballot was not acknowledged: %w", failed[0].Err)
	}
	return ms(ghosts.Answered(took).At(99)), nil
}

// drawing is papers on their way to being pages in a room.
type drawing struct {
	*server
	dir   string
	pages int // handed in
}

// handIn lays papers into the hot folder and waits until the first page is drawn.
func (d *drawing) handIn(ctx context.Context, size int) error {
	scan, err := scanned()
	if err != nil {
		return err
	}
	folders, err := filepath.Glob(filepath.Join(d.dir, "inbox", "[^.]*", "bien-ban"))
	if err != nil || len(folders) != 1 {
		return fmt.Errorf("looking for the folder of the session: %d, %w", len(folders), err)
	}
	for paper := 0; paper*pagesEach*len(scan) < size; paper++ {
		var pdf bytes.Buffer
		if err := bind(&pdf, scan, paper); err != nil {
			return fmt.Errorf("making a paper: %w", err)
		}
		if err := os.WriteFile(filepath.Join(filepath.Dir(folders[0]), fmt.Sprintf("Báo cáo %d.pdf", paper+1)), pdf.Bytes(), 0o644); err != nil {
			return err
		}
		d.pages += pagesEach
	}
	for {
		drawn, err := d.drawn()
		if drawn > 0 || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// drawn is how many pages have a picture by now: what the room keeps of papers
// beside the papers themselves.
func (d *drawing) drawn() (pictures int, err error) {
	err = filepath.WalkDir(filepath.Join(d.dir, "documents"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		head := make([]byte, 4)
		if n, _ := f.Read(head); n == len(head) && string(head) != "%PDF" {
			pictures++
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) { // a file that was just given its name
		return pictures, nil
	}
	return pictures, err
}

// stillOn is an error once all is drawn: what was measured then was no drawing.
func (d *drawing) stillOn() error {
	drawn, err := d.drawn()
	if err == nil && drawn >= d.pages {
		err = fmt.Errorf("all %d pages were drawn before the figure was measured", d.pages)
	}
	return err
}

// send stops the processes that draw, or has them go on.
func (d *drawing) send(signal syscall.Signal) error {
	for _, pid := range d.children() {
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	return nil
}

// scanned is a page as a scanner makes one: A4 at 300 dots an inch, and grain.
func scanned() ([]byte, error) {
	page := image.NewGray(image.Rect(0, 0, 2480, 3508))
	grain := rand.New(rand.NewPCG(47, 48))
	for i := 0; i+8 <= len(page.Pix); i += 8 {
		binary.LittleEndian.PutUint64(page.Pix[i:], grain.Uint64()&0x1f1f1f1f1f1f1f1f|0xc0c0c0c0c0c0c0c0)
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, page, &jpeg.Options{Quality: 85})
	return b.Bytes(), err
}

// bind makes a paper of pages that look alike and are not the same bytes.
func bind(to *bytes.Buffer, scan []byte, paper int) error {
	f := fpdf.New("P", "mm", "A4", "")
	for page := range pagesEach {
		name := fmt.Sprintf("%d-%d", paper, page)
		comment := append([]byte{0xff, 0xfe, 0, 0}, name...)
		binary.BigEndian.PutUint16(comment[2:], uint16(len(comment)-2))
		different := bytes.Join([][]byte{scan[:2], comment, scan[2:]}, nil)
		f.AddPage()
		f.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(different))
		f.ImageOptions(name, 0, 0, 210, 297, false, fpdf.ImageOptions{}, 0, "")
	}
	return f.Output(to)
}
