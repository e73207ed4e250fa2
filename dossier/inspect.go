package dossier

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
)

// Voice is where a check says what it finds, and in which language.
type Voice struct {
	Out     io.Writer
	English bool
}

func (v Voice) or(vi, en string) string {
	if v.English {
		return en
	}
	return vi
}

var (
	// ErrUnknown: there is nothing here that can be checked.
	ErrUnknown = errors.New("dossier: neither a data folder, a journal, a session file nor a centre")
)

// Check looks at whatever lies at a path: the data folder of a room or of a
// centre, a journal, or a session file (a folder or a ZIP). It reads only, says
// what it finds, counts every vote again, and answers how many things are wrong.
func Check(ctx context.Context, path string, v Voice) (wrong int, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	switch {
	case there(path, manifestFile):
		return checkFolder(ctx, path, v)
	case there(path, "centre.db"):
		return checkCentre(ctx, path, v)
	case there(path, "journal.db"):
		return checkJournal(ctx, filepath.Join(path, "journal.db"), documents.Read(filepath.Join(path, "documents")), v)
	case info.IsDir():
		return 0, fmt.Errorf("%w: %s", ErrUnknown, path)
	case filepath.Ext(path) == ".zip":
		return checkZIP(ctx, path, v)
	}
	return checkJournal(ctx, path, nil, v)
}

func there(folder, name string) bool {
	_, err := os.Stat(filepath.Join(folder, name))
	return err == nil
}

// checkCentre checks the copy of each room.
func checkCentre(ctx context.Context, path string, v Voice) (int, error) {
	rooms, err := os.ReadDir(filepath.Join(path, "rooms"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	total := 0
	docs := documents.Read(filepath.Join(path, "documents"))
	for _, r := range rooms {
		wrong, err := checkJournal(ctx, filepath.Join(path, "rooms", r.Name(), "journal.db"), docs, v)
		if err != nil {
			return total, err
		}
		total += wrong
	}
	return total, nil
}

func checkJournal(ctx context.Context, file string, docs *documents.Store, v Voice) (int, error) {
	j, err := journal.Open(ctx, journal.Config{Path: file, ReadOnly: true})
	var wrong *journal.Wrong
	if errors.As(err, &wrong) {
		fmt.Fprintf(v.Out, v.or("SAI: %s\n", "WRONG: %s\n"), wrong)
		return 1, nil
	}
	if err != nil {
		return 0, err
	}
	defer j.Close()
	in := newInspection(v, j, docs)
	err = in.all(ctx)
	return in.wrong, err
}

func newInspection(v Voice, j *journal.Journal, docs *documents.Store) *inspection {
	return &inspection{Voice: v, j: j, docs: docs, roots: map[string]rootRaw{}, named: map[string]bool{}, pages: map[string]bool{}}
}

func read[T any](e meeting.Entry) (d T, err error) { return d, json.Unmarshal(e.Data, &d) }

// inspection is one run of verify: it reads only, and says what it finds.
type inspection struct {
	Voice
	j     *journal.Journal
	docs  *documents.Store   // nil: a journal alone
	roots map[string]rootRaw // noted by the room; those of logs not yet looked at
	named map[string]bool    // documents that entries name
	pages map[string]bool    // page images, which can be drawn again
	wrong int
}

type rootRaw struct {
	Log  string
	Size int64
	Root string
}

func (in *inspection) all(ctx context.Context) error {
	report, err := in.j.Verify(ctx)
	var wrong *journal.Wrong
	if err != nil && !errors.As(err, &wrong) {
		return err
	}
	fmt.Fprintf(in.Out, in.or("Phòng %s\n", "Room %s\n"), report.Room)
	for i, key := range report.Keys {
		fmt.Fprintf(in.Out, in.or("Khóa công khai, kỳ %d: %s\n", "Public key, epoch %d: %s\n"), i+1, key)
	}
	for _, log := range report.Logs {
		if err := in.log(ctx, log); err != nil {
			return err
		}
	}
	for _, pin := range in.roots {
		in.blame(in.or("Phiên họp %s đã bế mạc ở mục %d, nhật ký của phiên không có ở đây", "Session %s ended at entry %d; its log is not here"), pin.Log, pin.Size)
	}
	in.documents()
	return nil
}

// log says how one log stands; only one that is as signed is counted.
func (in *inspection) log(ctx context.Context, log journal.LogReport) error {
	name := in.or("Nhật ký phiên họp ", "Log of session ") + log.Name
	if log.Name == journal.RoomLog {
		name = in.or("Nhật ký của phòng", "Log of the room")
	}
	if log.Wrong != nil {
		in.blame("%s: %s", name, log.Wrong)
		return nil //nolint:nilerr // it is said and counted; the next log is looked at all the same
	}
	sealed, withheld := "", ""
	if log.Sealed {
		sealed = in.or(", đã niêm phong", ", sealed")
	}
	if log.Withheld > 0 {
		withheld = fmt.Sprintf(in.or(", %d phần chữ không có ở đây", ", %d texts are not here"), log.Withheld)
	}
	fmt.Fprintf(in.Out, in.or("%s: %d mục, đúng chữ ký%s%s.\n", "%s: %d entries, as signed%s%s.\n"), name, log.Size, sealed, withheld)
	if log.Name == journal.RoomLog {
		return in.roomLog(ctx)
	}
	return in.session(ctx, log.Name)
}

// roomLog notes the roots the room wrote down when sessions ended.
func (in *inspection) roomLog(ctx context.Context) error {
	for rec, err := range in.j.Records(ctx, journal.RoomLog, 0) {
		if err != nil {
			return err
		}
		if e := room.EntryOf(rec); e.Kind == meeting.SessionRoot {
			d, err := read[rootRaw](e)
			if err != nil {
				return fmt.Errorf("entry %d of the room's log: %w", e.Seq, err)
			}
			in.roots[d.Log] = d
		}
	}
	return nil
}

// session counts a session's votes again and compares the root at its end.
func (in *inspection) session(ctx context.Context, log string) error {
	again := NewRecount()
	var leaves []tlog.Hash
	for rec, err := range in.j.Records(ctx, log, 0) {
		if err != nil {
			return err
		}
		leaves = append(leaves, rec.Leaf)
		for _, ref := range rec.Refs {
			if meeting.Kind(rec.Kind) == meeting.PagesDrawn {
				in.pages[ref] = true
			} else {
				in.named[ref] = true
			}
		}
		if err := again.Take(room.EntryOf(rec)); err != nil {
			in.blame("%s: %v", log, err)
		}
	}
	for _, v := range again.Votes() {
		in.vote(v)
	}
	in.pinned(log, leaves)
	return nil
}

func (in *inspection) pinned(log string, leaves []tlog.Hash) {
	pin, ok := in.roots[log]
	delete(in.roots, log)
	switch {
	case !ok:
		return
	case pin.Size < 1 || pin.Size > int64(len(leaves)):
		in.blame(in.or("%s: phòng đã ghi %d mục khi bế mạc, ở đây chỉ có %d", "%s: the room noted %d entries at the end, here are %d"),
			log, pin.Size, len(leaves))
		return
	}
	if root := room.TreeRoot(leaves[:pin.Size]); hex.EncodeToString(root[:]) != pin.Root {
		in.blame(in.or("%s: nội dung khác với lúc bế mạc", "%s: differs from what it was at the end"), log)
	}
}

// vote says one vote as it was counted again.
func (in *inspection) vote(v *Counted) {
	name := fmt.Sprintf(in.or("  Biểu quyết số %d", "  Vote %d"), v.Number)
	for _, what := range v.Wrong {
		in.blame("%s: %s", name, what)
	}
	if len(v.Wrong) > 0 {
		return
	}
	switch v.State {
	case meeting.VoteOpen:
		fmt.Fprintf(in.Out, in.or("%s: đang mở, %d phiếu.\n", "%s: open, %d ballots.\n"), name, v.Ballots())
	case meeting.VoteAnnuled:
		fmt.Fprintf(in.Out, in.or("%s: đã hủy, %d phiếu còn lưu.\n", "%s: annulled, %d ballots kept.\n"), name, v.Ballots())
	default:
		r := v.Again
		fmt.Fprintf(in.Out, in.or(
			"%s: tán thành %d, không tán thành %d, không biểu quyết %d, không bỏ phiếu %d, vắng %d; tính lại khớp. Mã %s\n",
			"%s: for %d, against %d, abstained %d, cast nothing %d, absent %d; the recount agrees. Code %s\n"),
			name, r.For, r.Against, r.Abstain, r.Silent, r.Absent, v.Code)
	}
}

// documents checks every document an entry names.
func (in *inspection) documents() {
	if in.docs == nil || len(in.named) == 0 {
		return
	}
	good := 0
	for ref := range in.named {
		if err := in.docs.Check(documents.Ref(ref)); err != nil {
			in.blame(in.or("Tài liệu %s: %v", "Document %s: %v"), ref, err)
			continue
		}
		good++
	}
	fmt.Fprintf(in.Out, in.or("Tài liệu: %d/%d đúng mã băm.\n", "Documents: %d of %d are as named.\n"), good, len(in.named))
	in.pageImages()
}

// pageImages checks the pictures members read. One that is lost is drawn again
// from its paper; that is told, and no fault as long as the paper is right.
func (in *inspection) pageImages() {
	good, lost := 0, 0
	for ref := range in.pages {
		switch err := in.docs.Check(documents.Ref(ref)); {
		case err == nil:
			good++
		case errors.Is(err, documents.ErrMissing):
			lost++
		default:
			in.blame(in.or("Ảnh trang %s: %v", "Page image %s: %v"), ref, err)
		}
	}
	if len(in.pages) > 0 {
		fmt.Fprintf(in.Out, in.or("Ảnh trang: %d/%d đúng mã băm, %d ảnh sẽ dựng lại từ tài liệu gốc.\n", "Page images: %d of %d are as named, %d will be drawn again from their papers.\n"), good, len(in.pages), lost)
	}
}

func (in *inspection) blame(format string, args ...any) {
	in.wrong++
	fmt.Fprintf(in.Out, in.or("SAI: ", "WRONG: ")+format+"\n", args...)
}
