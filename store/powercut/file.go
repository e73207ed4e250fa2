package powercut

import (
	"math/rand/v2"
	"slices"
)

const (
	pageSize   = 4096
	sectorSize = 512
)

// file is one inode: what its writer sees, and what may be on disk.
type file struct {
	cache  []byte // as the writer reads it
	disk   []byte // as the last sync left it, apart from unsure pages
	sizes  []sized
	unsure map[int64]*page // by number: what is not known to be on disk
}

// sized is a size the file had since its last sync, and since which call.
type sized struct {
	op   int
	size int64
}

// page is a page that may be on disk in any of these states, the first being
// what was there before.
type page struct {
	states []state
	dirty  bool // the next sync writes it; false: a failed sync has dropped it
}

type state struct {
	op    int
	bytes []byte // a whole page
}

func newFile(op int) *file {
	return &file{sizes: []sized{{op, 0}}, unsure: map[int64]*page{}}
}

// write is a write that succeeded.
func (f *file) write(op int, at int64, b []byte) {
	end := at + int64(len(b))
	if end > int64(len(f.cache)) {
		f.cache = append(f.cache, make([]byte, end-int64(len(f.cache)))...)
		f.sizes = append(f.sizes, sized{op, end})
	}
	copy(f.cache[at:end], b)
	for n := at / pageSize; n*pageSize < end; n++ {
		f.touch(op, n)
	}
}

// truncate sets the size; pages beyond it read as zeros from now on.
func (f *file) truncate(op int, size int64) {
	was := int64(len(f.cache))
	if size <= was {
		f.cache = f.cache[:size:size]
	} else {
		f.cache = append(f.cache, make([]byte, size-was)...)
	}
	f.sizes = append(f.sizes, sized{op, size})
	for n := size / pageSize; n*pageSize < was; n++ {
		f.touch(op, n)
	}
}

// touch adds a state to a page.
func (f *file) touch(op int, n int64) {
	p := f.unsure[n]
	if p == nil {
		p = &page{states: []state{{-1, pageOf(f.disk, n)}}}
		f.unsure[n] = p
	}
	p.states = append(p.states, state{op, pageOf(f.cache, n)})
	p.dirty = true
}

// pageOf copies one page, zeros where there is nothing.
func pageOf(b []byte, n int64) []byte {
	out := make([]byte, pageSize)
	if at := n * pageSize; at < int64(len(b)) {
		copy(out, b[at:])
	}
	return out
}

// synced brings the dirty pages and the size to disk. Pages that a failed sync
// has dropped stay unsure.
func (f *file) synced(op int) {
	f.disk = resized(f.disk, int64(len(f.cache)))
	f.sizes = []sized{{op, int64(len(f.cache))}}
	for n, p := range f.unsure {
		if !p.dirty {
			continue
		}
		if at := n * pageSize; at < int64(len(f.disk)) {
			copy(f.disk[at:], pageOf(f.cache, n))
		}
		delete(f.unsure, n)
	}
}

// syncFailed makes the kernel forget that the dirty pages are to be written.
func (f *file) syncFailed() {
	for _, p := range f.unsure {
		p.dirty = false
	}
}

// after is what the file may hold after a cut of this kind.
func (f *file) after(c cut) []byte {
	size := c.size(f.sizes)
	out := resized(slices.Clone(f.disk), max(size, int64(len(f.disk))))
	numbers := make([]int64, 0, len(f.unsure))
	for n := range f.unsure {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers) // for the same seed the same disk
	odd := int64(-1)
	if len(numbers) > 0 {
		odd = numbers[c.rng.IntN(len(numbers))]
	}
	for _, n := range numbers {
		if at := n * pageSize; at < int64(len(out)) {
			copy(out[at:], c.page(f.unsure[n].states, n == odd))
		}
	}
	return out[:size]
}

func resized(b []byte, size int64) []byte {
	if size <= int64(len(b)) {
		return b[:size:size]
	}
	return append(b, make([]byte, size-int64(len(b)))...)
}

// rubbish is what an index in shared memory may look like afterwards.
func rubbish(rng *rand.Rand) []byte {
	b := make([]byte, 32*1024)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}
