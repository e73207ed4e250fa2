package inbox

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/store"
)

const (
	bombRatio = 200         // a document is never pressed to less
	bombFrom  = 10 << 20    // bytes, below which nobody is harmed
	archiveIn = 1_000 << 20 // bytes of all files in one archive
)

var errBomb = errors.New("it grows without end")

// unpack looks at each paper of an archive as if it had been dropped beside it.
// Names in it are names to read and never paths to write.
func (in *Inbox) unpack(f *os.File, name string, l looks) ([]*arrival, error) {
	z, err := openZip(f, l.size)
	if err != nil {
		return in.refused(name, l, refuse(meeting.TroubleArchive, "")), nil //nolint:nilerr // that is the verdict
	}
	entries := papersOf(z)
	if why := excess(entries); why != "" {
		in.c.Log.Warn("an archive in the inbox is not opened", "file", name, "why", why)
		return in.refused(name, l, refuse(meeting.TroubleArchive, why)), nil
	}
	var list []*arrival
	for _, e := range entries {
		a, err := in.unpackOne(e, name)
		if errors.Is(err, store.ErrFull) || in.ctx.Err() != nil {
			return in.unread(name, l, err)
		}
		if err != nil {
			in.c.Log.Error("a file of an archive could not be taken", "file", name, "entry", a.File, "err", err)
		}
		list = append(list, a)
	}
	return list, nil
}

// papersOf leaves out folders and what systems leave about.
func papersOf(z *zip.Reader) []*zip.File {
	var out []*zip.File
	for _, f := range z.File {
		folder := strings.HasSuffix(f.Name, "/") || strings.HasSuffix(f.Name, `\`)
		if folder || ignoredPath(f.Name) {
			continue
		}
		out = append(out, f)
	}
	return out
}

func ignoredPath(name string) bool {
	for part := range strings.SplitSeq(slashed(name), "/") {
		if part != ".." && part != "." && ignored(part) {
			return true
		}
	}
	return false
}

func slashed(name string) string { return strings.ReplaceAll(name, `\`, "/") }

// excess says in the secretary's words why an archive is not opened.
func excess(entries []*zip.File) string {
	total, packed := uint64(0), uint64(0)
	for _, f := range entries {
		if f.UncompressedSize64 > archiveIn {
			return "quá lớn"
		}
		total += f.UncompressedSize64
		packed += f.CompressedSize64
	}
	switch {
	case len(entries) == 0:
		return "không có tài liệu"
	case len(entries) > entriesMost:
		return fmt.Sprintf("%d tệp", len(entries))
	case total > archiveIn, total > bombFrom && total/(packed+1) > bombRatio:
		return "quá lớn"
	}
	return ""
}

// unpackOne takes one file out of an archive: into a nameless file first, since
// only a whole file can be judged, then into documents.
func (in *Inbox) unpackOne(e *zip.File, archive string) (*arrival, error) {
	name, guessed := zipName(e.Name, e.Flags&0x800 != 0)
	inner := strings.TrimPrefix(path.Clean("/"+slashed(name)), "/")
	refused := func(t meeting.Trouble) *arrival {
		return in.newArrival(archive, inner, int64(min(e.UncompressedSize64, archiveIn)), refuse(t, ""))
	}
	switch {
	case e.Mode().Type() == fs.ModeSymlink:
		return refused(meeting.TroubleLink), nil
	case e.UncompressedSize64 > uint64(in.c.Most):
		return refused(meeting.TroubleTooLarge), nil
	}
	f, size, err := in.spoolEntry(e)
	if err != nil {
		return refused(meeting.TroubleArchive), err
	}
	defer f.Close()
	v, err := judge(f, size, name)
	switch {
	case err != nil:
		return refused(meeting.TroubleUnreadable), err
	case v.refused:
		return in.newArrival(archive, inner, size, v), nil
	case v.typ == typeZIP: // an archive in an archive
		return refused(meeting.TroubleArchive), nil
	}
	if guessed {
		v.trouble, v.detail, v.waits = meeting.TroubleArchiveNames, paperName(path.Base(inner)), true
	}
	return in.keepEntry(f, size, in.newArrival(archive, inner, size, v))
}

func (in *Inbox) keepEntry(f *os.File, size int64, a *arrival) (*arrival, error) {
	ref, _, err := in.c.Documents.Put(in.ctx, io.NewSectionReader(f, 0, size), in.c.Most)
	if err != nil {
		a.verdict = refuse(meeting.TroubleUnreadable, "")
		a.Trouble, a.Detail = a.trouble, ""
		return a, err
	}
	a.Ref = string(ref)
	return a, nil
}

// spoolEntry reads an entry into a file without a name, of no more bytes than a
// paper may have, whatever the directory of the archive says.
func (in *Inbox) spoolEntry(e *zip.File) (*os.File, int64, error) {
	r, err := e.Open()
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	f, err := os.CreateTemp(in.c.Dir, ".unpack-*.part")
	if err != nil {
		return nil, 0, store.Full(err)
	}
	err = os.Remove(f.Name())
	size := int64(0)
	if err == nil {
		size, err = io.Copy(f, io.LimitReader(r, in.c.Most+1))
	}
	if err == nil && size > in.c.Most {
		err = fmt.Errorf("%w: %w", errBomb, documents.ErrTooLarge)
	}
	if err != nil {
		return nil, 0, errors.Join(store.Full(err), f.Close())
	}
	return f, size, nil
}
