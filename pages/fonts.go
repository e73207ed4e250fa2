package pages

import (
	"bytes"
	"encoding/binary"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifbolditalic"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"
)

// fonts stand in for those that a PDF names and does not bring along. Without
// them pdfium takes its own, which lack the letters of Vietnamese: a line would
// have holes. They are in memory, the same on every machine, under the names that
// are asked for; Liberation is as wide as these.
func fonts() folder {
	const times, arial = "Times New Roman", "Arial"
	return folder{
		fontFolder + "serif.ttf":            called(liberationserifregular.TTF, times, "Regular"),
		fontFolder + "serif-bold.ttf":       called(liberationserifbold.TTF, times, "Bold"),
		fontFolder + "serif-italic.ttf":     called(liberationserifitalic.TTF, times, "Italic"),
		fontFolder + "serif-bolditalic.ttf": called(liberationserifbolditalic.TTF, times, "Bold Italic"),
		fontFolder + "sans.ttf":             called(liberationsansregular.TTF, arial, "Regular"),
		fontFolder + "sans-bold.ttf":        called(liberationsansbold.TTF, arial, "Bold"),
	}
}

// called is a TrueType font under another name: its table of names is replaced by
// one at the end.
func called(ttf []byte, family, style string) []byte {
	out, names := bytes.Clone(ttf), nameTable(family, style)
	for i := range int(binary.BigEndian.Uint16(out[4:])) {
		if entry := out[12+16*i:]; string(entry[:4]) == "name" {
			binary.BigEndian.PutUint32(entry[8:], uint32(len(out)))
			binary.BigEndian.PutUint32(entry[12:], uint32(len(names)))
		}
	}
	return append(out, names...)
}

// nameTable is a font's name, as Windows reads it.
func nameTable(family, style string) []byte {
	const windows, unicode, english = 3, 1, 0x409
	names := []string{1: family, 2: style, 4: family + " " + style}
	var records, text []uint16
	for id, name := range names {
		if name == "" {
			continue
		}
		letters := utf16.Encode([]rune(name))
		records = append(records, windows, unicode, english, uint16(id), uint16(2*len(letters)), uint16(2*len(text)))
		text = append(text, letters...)
	}
	table := []uint16{0, uint16(len(records) / 6), uint16(6 + 2*len(records))}
	var out []byte
	for _, n := range append(append(table, records...), text...) {
		out = binary.BigEndian.AppendUint16(out, n)
	}
	return out
}

// fontFolder is where pdfium looks for fonts.
const fontFolder = "usr/share/fonts/"

// folder is files in memory by their paths.
type folder map[string][]byte

func (f folder) Open(name string) (fs.File, error) {
	if data, ok := f[name]; ok {
		return &opened{bytes.NewReader(data), entry{path.Base(name), int64(len(data))}}, nil
	}
	if name == "." || strings.HasPrefix(fontFolder, name+"/") {
		return &listing{entry: entry{path.Base(name), isFolder}, left: f.inside(name)}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// inside lists a folder.
func (f folder) inside(name string) (all []fs.DirEntry) {
	seen := map[string]bool{}
	for _, file := range slices.Sorted(maps.Keys(f)) {
		rest, ok := strings.CutPrefix(file, name+"/")
		if name == "." {
			rest, ok = file, true
		}
		child, _, deeper := strings.Cut(rest, "/")
		if !ok || seen[child] {
			continue
		}
		seen[child] = true
		size := int64(len(f[file]))
		if deeper {
			size = isFolder
		}
		all = append(all, entry{child, size})
	}
	return all
}

type opened struct {
	*bytes.Reader
	entry
}

func (o *opened) Stat() (fs.FileInfo, error) { return o.entry, nil }
func (o *opened) Size() int64                { return o.entry.size }
func (o *opened) Close() error               { return nil }

type listing struct {
	entry
	left []fs.DirEntry
}

func (l *listing) Stat() (fs.FileInfo, error) { return l.entry, nil }
func (l *listing) Read([]byte) (int, error)   { return 0, fs.ErrInvalid }
func (l *listing) Close() error               { return nil }

func (l *listing) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(l.left) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(l.left) {
		n = len(l.left)
	}
	part := l.left[:n]
	l.left = l.left[n:]
	return part, nil
}

const isFolder = -1 // in the place of a size

// entry is a file or a folder.
type entry struct {
	name string
	size int64
}

func (e entry) Name() string               { return e.name }
func (e entry) Size() int64                { return max(0, e.size) }
func (e entry) ModTime() time.Time         { return time.Unix(0, 0) }
func (e entry) IsDir() bool                { return e.size < 0 }
func (e entry) Sys() any                   { return nil }
func (e entry) Type() fs.FileMode          { return e.Mode().Type() }
func (e entry) Info() (fs.FileInfo, error) { return e, nil }
func (e entry) Mode() fs.FileMode {
	if e.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
