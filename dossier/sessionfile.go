package dossier

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"strings"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
)

const manifestMost = 16 << 20

func checkFolder(ctx context.Context, dir string, v Voice) (int, error) {
	return checkFiles(ctx, os.DirFS(dir), v)
}

func checkZIP(ctx context.Context, path string, v Voice) (int, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	defer z.Close()
	return checkFiles(ctx, z, v)
}

// checkFiles checks a session file: the hash of every file, the signature over
// the log, each body against its detail, and every vote.
func checkFiles(ctx context.Context, files fs.FS, v Voice) (int, error) {
	c := &checking{Voice: v, ctx: ctx, files: files, hashes: map[string]bool{}}
	for _, step := range []func() error{c.manifest, c.log} {
		if err := step(); err != nil {
			return c.wrong, err
		}
	}
	return c.wrong, nil
}

// checking is one session file being checked.
type checking struct {
	Voice
	ctx    context.Context
	files  fs.FS
	hashes map[string]bool // SHA-256 of every file that is as listed
	wrong  int
}

func (c *checking) say(vi, en string, args ...any) { fmt.Fprintf(c.Out, c.or(vi, en)+"\n", args...) }

func (c *checking) blame(vi, en string, args ...any) {
	c.wrong++
	fmt.Fprintf(c.Out, c.or("SAI: ", "WRONG: ")+c.or(vi, en)+"\n", args...)
}

func (c *checking) read(name string) ([]byte, error) {
	f, err := c.files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, manifestMost))
}

// manifest compares each listed file, and finds those that are listed nowhere.
func (c *checking) manifest() error {
	text, err := c.read(manifestFile)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	listed := map[string]bool{manifestFile: true}
	for line := range strings.Lines(string(text)) {
		hash, name, ok := strings.Cut(strings.TrimRight(line, "\n"), "  ")
		if !ok || !fs.ValidPath(name) || listed[name] {
			c.blame("Danh mục tệp có dòng không hợp lệ: %q", "The list of files has a line that cannot be: %q", line)
			continue
		}
		listed[name] = true
		c.compare(name, hash)
	}
	c.say("Tệp: %d/%d đúng mã băm.", "Files: %d of %d are as listed.", len(c.hashes), len(listed)-1)
	return fs.WalkDir(c.files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !listed[name] {
			c.blame("Tệp %s không có trong danh mục", "File %s is not in the list", name)
		}
		return err
	})
}

func (c *checking) compare(name, want string) {
	f, err := c.files.Open(name)
	if err != nil {
		c.blame("Thiếu tệp %s", "File %s is missing", name)
		return
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		c.blame("Không đọc được tệp %s: %v", "File %s cannot be read: %v", name, err)
		return
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		c.blame("Tệp %s đã bị thay đổi", "File %s has been changed", name)
	} else {
		c.hashes[got] = true
	}
}

// log checks the entries against the signature, and counts.
func (c *checking) log() error {
	checkpoint, err := c.read("checkpoint.txt")
	keys, err2 := c.read("khoa-cong-khai.txt")
	if err := errors.Join(err, err2); err != nil {
		c.blame("Thiếu chữ ký hoặc khóa: %v", "The signature or the keys are missing: %v", err)
		return nil //nolint:nilerr // it is said and counted
	}
	public := strings.Fields(string(keys))
	lines, failed := c.lines("events.jsonl")
	size, root, err := journal.CheckLines(lines, checkpoint, public...)
	if err := errors.Join(err, *failed); err != nil {
		c.blame("Nhật ký: %v", "The log: %v", err)
		return nil //nolint:nilerr // it is said and counted
	}
	c.say("Nhật ký: %d mục, đúng chữ ký; gốc %x.", "Log: %d entries, as signed; root %x.", size, root[:])
	for _, key := range public {
		c.say("Dấu vân tay khóa: %s", "Fingerprint of the key: %s", Fingerprint(key))
	}
	bodies, err := c.details()
	if err != nil {
		return err
	}
	return c.recount(bodies)
}

// lines reads a file line by line. What went wrong is known when it has ended.
func (c *checking) lines(name string) (iter.Seq[[]byte], *error) {
	failed := new(error)
	return func(yield func([]byte) bool) {
		f, err := c.files.Open(name)
		if err != nil {
			*failed = err
			return
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			if c.ctx.Err() != nil || !yield(bytes.Clone(s.Bytes())) {
				return
			}
		}
		*failed = s.Err()
	}, failed
}

// details reads the bodies; without the file all are withheld.
func (c *checking) details() (map[int64]detailLine, error) {
	bodies := map[int64]detailLine{}
	if _, err := fs.Stat(c.files, "details.jsonl"); errors.Is(err, fs.ErrNotExist) {
		return bodies, nil
	}
	lines, failed := c.lines("details.jsonl")
	for line := range lines {
		var d detailLine
		if err := json.Unmarshal(line, &d); err != nil {
			c.blame("Phần chữ có dòng không đọc được", "A line of the details cannot be read")
			continue
		}
		bodies[d.Seq] = d
	}
	return bodies, *failed
}

// recount folds the bare entries and counts every vote again.
func (c *checking) recount(bodies map[int64]detailLine) error {
	again := NewRecount()
	withheld, named := 0, 0
	lines, failed := c.lines("events.jsonl")
	for line := range lines {
		e, err := journal.ParseEntry(line)
		if err != nil {
			return err
		}
		rec := journal.Record{Entry: e, Leaf: e.Leaf()}
		d, here := bodies[e.Seq]
		switch {
		case e.Detail != "" && !here:
			withheld++
		case here && !journal.CheckDetail(e, d.Salt, d.Body):
			c.blame("Mục %d: phần chữ không khớp", "Entry %d: its words are not the ones it names", e.Seq)
		}
		named += c.documents(e)
		if err := again.Take(room.EntryOf(rec)); err != nil {
			c.blame("%v", "%v", err)
		}
	}
	if *failed != nil {
		return *failed
	}
	if withheld > 0 {
		c.say("%d phần chữ không kèm trong hồ sơ này.", "%d texts are not in this file.", withheld)
	}
	if named > 0 {
		c.say("%d tài liệu mà nhật ký nêu không kèm trong hồ sơ này.", "%d documents the log names are not in this file.", named)
	}
	for _, v := range again.Votes() {
		c.vote(v)
	}
	return nil
}

// documents counts what an entry names and the file does not hold; page images,
// which can be drawn again, are not expected.
func (c *checking) documents(e journal.Entry) (missing int) {
	if meeting.Kind(e.Kind) == meeting.PagesDrawn {
		return 0
	}
	for _, ref := range e.Refs {
		if !c.hashes[ref] {
			missing++
		}
	}
	return missing
}

func (c *checking) vote(v *Counted) {
	in := &inspection{Voice: c.Voice}
	in.vote(v)
	c.wrong += in.wrong
}
