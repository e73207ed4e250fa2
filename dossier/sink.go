package dossier

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"phonghop/store"
)

// ErrThere means that something lies there: a session file is never written over anything.
var ErrThere = errors.New("dossier: something lies there already")

// Folder is a sink that writes into a folder, durably: each file and its name are
// fsynced before the next begins.
func Folder(dir string) (Sink, error) {
	list, err := os.ReadDir(dir)
	if err == nil && len(list) > 0 {
		return nil, fmt.Errorf("%w: %s", ErrThere, dir)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return folder(dir), nil
}

type folder string

func (f folder) Create(name string, _ time.Time) (io.WriteCloser, error) {
	path := filepath.Join(string(f), filepath.FromSlash(name))
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := store.WriteFrom(path, in, 0o644)
		in.CloseWithError(err)
		done <- err
	}()
	return &piped{out, done}, nil
}

// piped hands what is written to a durable file; Close waits until it is one.
type piped struct {
	*io.PipeWriter
	done chan error
}

func (p *piped) Close() error {
	return errors.Join(p.PipeWriter.Close(), <-p.done)
}

// ZIP is a sink that writes one ZIP; Close finishes it.
type ZIP struct{ z *zip.Writer }

// NewZIP begins a ZIP.
func NewZIP(w io.Writer) *ZIP { return &ZIP{zip.NewWriter(w)} }

// Create begins the next file.
func (z *ZIP) Create(name string, made time.Time) (io.WriteCloser, error) {
	w, err := z.z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: made.UTC().Truncate(2 * time.Second)})
	return whole{w}, err
}

// Close writes the directory of the ZIP.
func (z *ZIP) Close() error { return z.z.Close() }

// whole is a file of a ZIP: the next one ends it.
type whole struct{ io.Writer }

func (whole) Close() error { return nil }
