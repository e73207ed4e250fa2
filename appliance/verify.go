package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/tlog"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
)

func verifyCommand(l language) *cobra.Command {
	return &cobra.Command{
		Use: "verify " + l.or("ĐƯỜNG_DẪN", "PATH"), Args: oneArg,
		Short: l.or("kiểm tra một thư mục dữ liệu hoặc tệp nhật ký, tính lại mọi kết quả biểu quyết",
			"check a data folder or a journal, and count every vote again"),
		RunE: func(c *cobra.Command, args []string) error {
			return verify(c.Context(), l, args[0], c.OutOrStdout())
		},
	}
}

// inspection is one run of verify: it reads only, and says what it finds.
type inspection struct {
	l     language
	out   io.Writer
	j     *journal.Journal
	docs  *documents.Store   // nil: a journal alone
	roots map[string]rootRaw // noted by the room; those of logs not yet looked at
	named map[string]bool    // documents that entries name
	wrong int
}

type rootRaw struct {
	Log  string
	Size int64
	Root string
}

func verify(ctx context.Context, l language, path string, out io.Writer) error {
	file, docs, err := whatToVerify(path)
	if err != nil {
		return err
	}
	j, err := journal.Open(ctx, journal.Config{Path: file, ReadOnly: true})
	if err != nil {
		return wrongJournal(l, out, err)
	}
	defer j.Close()
	in := &inspection{l: l, out: out, j: j, docs: docs, roots: map[string]rootRaw{}, named: map[string]bool{}}
	if err := in.all(ctx); err != nil {
		return err
	}
	if in.wrong > 0 {
		fmt.Fprintf(out, l.or("KẾT LUẬN: có %d chỗ SAI.\n", "RESULT: %d things are WRONG.\n"), in.wrong)
		return errWrong
	}
	fmt.Fprintln(out, l.or("KẾT LUẬN: tất cả đúng.", "RESULT: everything is right."))
	return nil
}

// whatToVerify finds the journal, and the documents where they lie beside it.
func whatToVerify(path string) (file string, docs *documents.Store, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", nil, &usageError{err}
	}
	if !info.IsDir() {
		return path, nil, nil
	}
	file = filepath.Join(path, "journal.db")
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return "", nil, &usageError{fmt.Errorf("%s: no journal.db", path)}
	}
	return file, documents.Read(filepath.Join(path, "documents")), nil
}

// wrongJournal tells a journal that is not what was signed from one that could
// not be opened.
func wrongJournal(l language, out io.Writer, err error) error {
	var wrong *journal.Wrong
	if !errors.As(err, &wrong) {
		return err
	}
	fmt.Fprintf(out, l.or("SAI: %s\n", "WRONG: %s\n"), wrong)
	return errWrong
}

func (in *inspection) all(ctx context.Context) error {
	report, err := in.j.Verify(ctx)
	var wrong *journal.Wrong
	if err != nil && !errors.As(err, &wrong) {
		return err
	}
	fmt.Fprintf(in.out, in.l.or("Phòng %s\n", "Room %s\n"), report.Room)
	for i, key := range report.Keys {
		fmt.Fprintf(in.out, in.l.or("Khóa công khai, kỳ %d: %s\n", "Public key, epoch %d: %s\n"), i+1, key)
	}
	for _, log := range report.Logs {
		if err := in.log(ctx, log); err != nil {
			return err
		}
	}
	for _, pin := range in.roots {
		in.blame(in.l.or("Phiên họp %s đã bế mạc ở mục %d, nhật ký của phiên không có ở đây", "Session %s ended at entry %d; its log is not here"), pin.Log, pin.Size)
	}
	in.documents()
	return nil
}

// log says how one log stands; only one that is as signed is counted.
func (in *inspection) log(ctx context.Context, log journal.LogReport) error {
	name := in.l.or("Nhật ký phiên họp ", "Log of session ") + log.Name
	if log.Name == journal.RoomLog {
		name = in.l.or("Nhật ký của phòng", "Log of the room")
	}
	if log.Wrong != nil {
		in.blame("%s: %s", name, log.Wrong)
		return nil //nolint:nilerr // it is said and counted; the next log is looked at all the same
	}
	sealed, withheld := "", ""
	if log.Sealed {
		sealed = in.l.or(", đã niêm phong", ", sealed")
	}
	if log.Withheld > 0 {
		withheld = fmt.Sprintf(in.l.or(", %d phần chữ không có ở đây", ", %d texts are not here"), log.Withheld)
	}
	fmt.Fprintf(in.out, in.l.or("%s: %d mục, đúng chữ ký%s%s.\n", "%s: %d entries, as signed%s%s.\n"), name, log.Size, sealed, withheld)
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
	again := newRecount()
	var leaves []tlog.Hash
	for rec, err := range in.j.Records(ctx, log, 0) {
		if err != nil {
			return err
		}
		leaves = append(leaves, rec.Leaf)
		for _, ref := range rec.Refs {
			in.named[ref] = true
		}
		if err := again.entry(room.EntryOf(rec)); err != nil {
			in.blame("%s: %v", log, err)
		}
	}
	for _, v := range again.order {
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
		in.blame(in.l.or("%s: phòng đã ghi %d mục khi bế mạc, ở đây chỉ có %d", "%s: the room noted %d entries at the end, here are %d"),
			log, pin.Size, len(leaves))
		return
	}
	if root := room.TreeRoot(leaves[:pin.Size]); hex.EncodeToString(root[:]) != pin.Root {
		in.blame(in.l.or("%s: nội dung khác với lúc bế mạc", "%s: differs from what it was at the end"), log)
	}
}

// vote says one vote as it was counted again.
func (in *inspection) vote(v *counted) {
	name := fmt.Sprintf(in.l.or("  Biểu quyết số %d", "  Vote %d"), v.number)
	for _, what := range v.wrong {
		in.blame("%s: %s", name, what)
	}
	if len(v.wrong) > 0 {
		return
	}
	switch v.state {
	case meeting.VoteOpen:
		fmt.Fprintf(in.out, in.l.or("%s: đang mở, %d phiếu.\n", "%s: open, %d ballots.\n"), name, len(v.ballots))
	case meeting.VoteAnnuled:
		fmt.Fprintf(in.out, in.l.or("%s: đã hủy, %d phiếu còn lưu.\n", "%s: annulled, %d ballots kept.\n"), name, len(v.ballots))
	default:
		r := v.again
		fmt.Fprintf(in.out, in.l.or(
			"%s: tán thành %d, không tán thành %d, không biểu quyết %d, không bỏ phiếu %d, vắng %d; tính lại khớp. Mã %s\n",
			"%s: for %d, against %d, abstained %d, cast nothing %d, absent %d; the recount agrees. Code %s\n"),
			name, r.For, r.Against, r.Abstain, r.Silent, r.Absent, v.code)
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
			in.blame(in.l.or("Tài liệu %s: %v", "Document %s: %v"), ref, err)
			continue
		}
		good++
	}
	fmt.Fprintf(in.out, in.l.or("Tài liệu: %d/%d đúng mã băm.\n", "Documents: %d of %d are as named.\n"), good, len(in.named))
}

func (in *inspection) blame(format string, args ...any) {
	in.wrong++
	fmt.Fprintf(in.out, in.l.or("SAI: ", "WRONG: ")+format+"\n", args...)
}
