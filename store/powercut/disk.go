package powercut

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Disk is the folder of a writer, as a trace tells it: what the writer sees, and
// what may be left of it. It is not for use by several goroutines.
type Disk struct {
	applied int              // calls applied so far
	names   map[string]*file // as the writer sees them
	durable map[string]*file // as the last sync of the folder left them
	pending []naming         // what happened to names since
	open    map[int]*file    // by descriptor; the folder itself is nil
	shm     bool             // an index in shared memory is there
}

// naming is a change of the folder: to names f, from names nothing any more.
type naming struct {
	op       int
	from, to string
	f        *file
}

// NewDisk is an empty folder.
func NewDisk() *Disk {
	return &Disk{names: map[string]*file{}, durable: map[string]*file{}, open: map[int]*file{}}
}

// Apply carries out the next call of a trace. It refuses what it cannot model.
func (d *Disk) Apply(op Op) error {
	d.applied++
	if op.Failed != 0 && op.Kind != Sync {
		return nil
	}
	switch op.Kind {
	case Begin:
		d.open = map[int]*file{}
	case Open:
		return d.opened(op)
	case Close:
		delete(d.open, op.FD)
	case Write, Truncate, Map:
		return d.changed(op)
	case Sync:
		return d.synced(op)
	case Unlink:
		d.rename(string(op.Bytes), "")
	case Rename:
		from, to, _ := strings.Cut(string(op.Bytes), "\x00")
		d.rename(from, to)
	case Mark:
	default:
		return fmt.Errorf("call %d: the model does not know %s", d.applied, op.Bytes)
	}
	return nil
}

func (d *Disk) opened(op Op) error {
	name := string(op.Bytes)
	if name == "." {
		d.open[op.FD] = nil
		return nil
	}
	f := d.names[name]
	if f == nil && op.At&syscall.O_CREAT == 0 {
		return fmt.Errorf("call %d: %s was not created under the recorder", d.applied, name)
	}
	if f == nil {
		f = newFile(d.applied)
		d.names[name] = f
		d.pending = append(d.pending, naming{op: d.applied, to: name, f: f})
	}
	if op.At&syscall.O_TRUNC != 0 {
		f.truncate(d.applied, 0)
	}
	d.open[op.FD] = f
	d.shm = d.shm || isIndex(name)
	return nil
}

// isIndex tells the index in shared memory, which needs no durability.
func isIndex(name string) bool { return strings.HasSuffix(name, "-shm") }

func (d *Disk) changed(op Op) error {
	f := d.open[op.FD]
	switch {
	case f == nil:
		return fmt.Errorf("call %d: a change through descriptor %d, which is not open", d.applied, op.FD)
	case op.Kind == Write:
		f.write(d.applied, op.At, op.Bytes)
	case op.Kind == Truncate:
		f.truncate(d.applied, op.At)
	case !isIndex(d.nameOf(f)):
		return fmt.Errorf("call %d: %s is mapped for writing", d.applied, d.nameOf(f))
	}
	return nil
}

func (d *Disk) nameOf(f *file) string {
	for name, g := range d.names {
		if f == g {
			return name
		}
	}
	return ""
}

func (d *Disk) synced(op Op) error {
	f, known := d.open[op.FD]
	switch {
	case !known:
		return fmt.Errorf("call %d: a sync of descriptor %d, which is not open", d.applied, op.FD)
	case f == nil && op.Failed == 0:
		d.durable, d.pending = maps.Clone(d.names), nil
	case f != nil && op.Failed == 0:
		f.synced(d.applied)
	case f != nil:
		f.syncFailed()
	}
	return nil
}

// rename gives from's file the name to, or none.
func (d *Disk) rename(from, to string) {
	f := d.names[from]
	n := naming{op: d.applied, from: from, to: to, f: f}
	n.apply(d.names)
	d.pending = append(d.pending, n)
}

func (n naming) apply(names map[string]*file) {
	if n.from != "" {
		if names[n.from] != n.f {
			return // it never got that name on this disk
		}
		delete(names, n.from)
	}
	if n.to != "" && n.f != nil {
		names[n.to] = n.f
	}
}

// Image is the files of a folder by name.
type Image map[string][]byte

// Write makes a folder of it.
func (i Image) Write(dir string) error {
	for name, b := range i {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}
