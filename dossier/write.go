package dossier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/minutes"
	"phonghop/room"
	"phonghop/viet"
)

const manifestFile = "manifest.sha256"

// Source is a session to make a file of.
type Source struct {
	Journal   *journal.Journal
	Documents *documents.Store
	Session   *meeting.Session
	Office    minutes.Office
	Receipt   []byte // the centre's, of this log; nil where there is none
	Demo      bool
	Link      string    // what the QR of drawn minutes says
	Made      time.Time // stands in the read-me
	NoTexts   bool      // leave out free text: details, minutes, papers
}

// Sink takes the files of a session file, one after the other. Create may be
// called when the one before has been closed.
type Sink interface {
	Create(name string, made time.Time) (io.WriteCloser, error)
}

// Write makes the session file. The same session gives the same bytes.
func Write(ctx context.Context, to Sink, src Source) error {
	w := &writing{ctx: ctx, to: to, Source: src, names: map[string]bool{}}
	if err := w.fix(); err != nil {
		return fmt.Errorf("writing the session file: %w", err)
	}
	steps := []func() error{w.readMe, w.log, w.signatures, w.tables, w.data}
	if !src.NoTexts {
		steps = append(steps, w.minutes, w.papers, w.returned)
	}
	for _, step := range append(steps, w.manifest) {
		if err := step(); err != nil {
			return fmt.Errorf("writing the session file: %w", err)
		}
	}
	return nil
}

// writing is a session file being made.
type writing struct {
	ctx context.Context
	to  Sink
	Source
	at      journal.Log // the log as far as the checkpoint signs it
	note    []byte
	account meeting.Account // of so many entries
	sums    []string
	names   map[string]bool
}

// fix settles on one moment: a session that goes on, or whose papers are being
// drawn, grows while its file is made.
func (w *writing) fix() error {
	id := string(w.Session.ID())
	for range 100 {
		note, err := w.Journal.Checkpoint(id)
		if err != nil {
			return err
		}
		w.at, _ = w.Journal.Log(id)
		if again, err := w.Journal.Checkpoint(id); err == nil && bytes.Equal(again, note) {
			w.note = note
			return w.fold()
		}
	}
	return errors.New("the session does not stand still")
}

// fold reads the session again, up to that moment.
func (w *writing) fold() error {
	s := meeting.NewSession()
	err := w.each(func(r journal.Record) error { s.Apply(room.EntryOf(r)); return nil })
	w.Session, w.account = s, s.Account()
	return err
}

// file writes one file and notes its hash.
func (w *writing) file(name string, fill func(io.Writer) error) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	f, err := w.to.Create(name, w.Made)
	if err != nil {
		return err
	}
	sum := sha256.New()
	if err := errors.Join(fill(io.MultiWriter(f, sum)), f.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	w.names[name] = true
	if name != manifestFile {
		w.sums = append(w.sums, hex.EncodeToString(sum.Sum(nil))+"  "+name+"\n")
	}
	return nil
}

func (w *writing) text(name string, text []byte) error {
	return w.file(name, func(out io.Writer) error { _, err := out.Write(text); return err })
}

func (w *writing) manifest() error {
	slices.Sort(w.sums)
	return w.text(manifestFile, []byte(strings.Join(w.sums, "")))
}

// log writes every entry verbatim, and beside it the bodies.
func (w *writing) log() error {
	err := w.file("events.jsonl", func(out io.Writer) error {
		return w.each(func(r journal.Record) error { _, err := out.Write(append(r.Line(), '\n')); return err })
	})
	if err != nil || w.NoTexts {
		return err
	}
	return w.file("details.jsonl", func(out io.Writer) error {
		return w.each(func(r journal.Record) error {
			if r.Body == nil {
				return nil
			}
			return json.NewEncoder(out).Encode(detailLine{r.Seq, r.Salt, r.Body})
		})
	})
}

// detailLine is one line of details.jsonl; the byte strings are base64.
type detailLine struct {
	Seq  int64  `json:"seq"`
	Salt []byte `json:"salt"`
	Body []byte `json:"body"`
}

func (w *writing) each(fn func(journal.Record) error) error {
	for rec, err := range w.Journal.Records(w.ctx, w.at.Name, 0) {
		if err != nil {
			return err
		}
		if rec.Seq >= w.at.Size {
			return nil
		}
		if err := fn(rec); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) signatures() error {
	if err := w.text("checkpoint.txt", w.note); err != nil {
		return err
	}
	if err := w.text("khoa-cong-khai.txt", []byte(strings.Join(w.Journal.PublicKeys(), "\n")+"\n")); err != nil {
		return err
	}
	if w.Receipt == nil {
		return nil
	}
	return w.text("bien-nhan.txt", w.Receipt)
}

// tables are those of DOMAIN.md 7.5, for Excel and for programs.
func (w *writing) tables() error {
	footer := w.footer()
	for _, t := range []struct {
		name string
		fill func(io.Writer) error
	}{
		{"bieu-quyet.csv", func(o io.Writer) error { return minutes.WriteVotesCSV(o, w.account) }},
		{"bieu-quyet.xlsx", func(o io.Writer) error { return minutes.WriteVotesXLSX(o, w.account, footer...) }},
		{"phieu.csv", func(o io.Writer) error { return minutes.WriteBallotsCSV(o, w.account) }},
		{"diem-danh.csv", func(o io.Writer) error { return minutes.WriteAttendanceCSV(o, w.account) }},
		{"diem-danh.xlsx", func(o io.Writer) error { return minutes.WriteAttendanceXLSX(o, w.account, footer...) }},
		{"phat-bieu.csv", func(o io.Writer) error { return minutes.WriteSpeechCSV(o, w.account) }},
		{"phat-bieu.xlsx", func(o io.Writer) error { return minutes.WriteSpeechXLSX(o, w.account, footer...) }},
		{"nhiem-vu.csv", func(o io.Writer) error { return minutes.WriteTasksCSV(o, w.account) }},
		{"nhiem-vu.xlsx", func(o io.Writer) error { return minutes.WriteTasksXLSX(o, w.account, footer...) }},
	} {
		if w.NoTexts && (strings.HasPrefix(t.name, "nhiem-vu") || strings.HasPrefix(t.name, "phat-bieu")) {
			continue
		}
		if err := w.file(t.name, t.fill); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) footer() []string {
	if w.Demo {
		return []string{"BẢN MẪU"}
	}
	return nil
}

// data is the session for programs. Without texts it is what the bare log says.
func (w *writing) data() error {
	account := w.account
	if w.NoTexts {
		bare, err := w.withoutTexts()
		if err != nil {
			return err
		}
		account = bare
	}
	for name, v := range map[string]any{"session.json": account, "rules.json": w.account.Rules} {
		text, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return err
		}
		if err := w.text(name, append(text, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// withoutTexts folds the log as somebody reads it who was given no bodies.
func (w *writing) withoutTexts() (meeting.Account, error) {
	s := meeting.NewSession()
	err := w.each(func(r journal.Record) error {
		r.Body, r.Salt = nil, nil
		s.Apply(room.EntryOf(r))
		return nil
	})
	return s.Account(), err
}

// minutes hands out what was filed; before that it is drawn as a draft.
func (w *writing) minutes() error {
	if n := len(w.account.Minutes.Filed); n > 0 {
		for _, f := range w.account.Minutes.Filed[n-1].Files {
			if err := w.document(path.Base(f.Name), f.Ref); err != nil {
				return err
			}
		}
	}
	src := DrawSource(w.Journal, w.Session, w.Office, w.Link, w.Demo)
	src.Root, src.Size = hex.EncodeToString(w.at.Root[:]), w.at.Size
	for _, d := range []struct {
		name  string
		sheet func(minutes.Source) minutes.Sheet
	}{
		{"bien-ban", minutes.Minutes}, {"thong-bao-ket-luan", minutes.ConclusionNotice},
		{"tong-hop-y-kien", func(s minutes.Source) minutes.Sheet { return minutes.OpinionDigest(s, "") }},
		{"bien-ban-kiem-phieu", func(s minutes.Source) minutes.Sheet { return minutes.CountRecord(s, "") }}, {"danh-sach-diem-danh", minutes.RollList},
	} {
		sheet := d.sheet(src)
		if err := w.drawn(d.name+".docx", sheet.WriteDOCX); err != nil {
			return err
		}
		if err := w.drawn(d.name+".pdf", sheet.WritePDF); err != nil {
			return err
		}
	}
	return nil
}

// drawn writes what was not filed.
func (w *writing) drawn(name string, fill func(io.Writer) error) error {
	if w.names[name] {
		return nil
	}
	return w.file(name, fill)
}

// DrawSource is what papers of a session are drawn from: a draft until its minutes
// are locked, with the time of the entry that fixed them and never the clock's.
func DrawSource(j *journal.Journal, s *meeting.Session, office minutes.Office, link string, demo bool) minutes.Source {
	a := s.Account()
	src := minutes.Source{Account: a, Office: office, Link: link, Demo: demo, Draft: !a.Minutes.Locked, Pages: map[meeting.PaperID]int{}, At: a.Opened}
	switch {
	case a.Minutes.Locked:
		src.At = a.Minutes.LockedAt
	case !a.Ended.IsZero():
		src.At = a.Ended
	}
	for _, p := range s.Drawings() {
		src.Pages[p.ID] = p.Total
	}
	if l, ok := j.Log(string(a.ID)); ok && l.Err == nil {
		src.Root, src.Size = hex.EncodeToString(l.Root[:]), l.Size
		src.Origin = j.Prefix() + "/" + j.Room() + "/" + l.Name
	}
	src.Key = Fingerprint(j.PublicKey())
	return src
}

// Fingerprint is how a room's key is printed for people: 16 bytes of its SHA-256 in
// groups of four digits.
func Fingerprint(publicKey string) string {
	raw, err := journal.KeyOf(publicKey)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	digits := strings.ToUpper(hex.EncodeToString(sum[:16]))
	var groups []string
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, " ")
}

// papers writes each paper as it was received, by item.
func (w *writing) papers() error {
	for _, it := range w.account.Items {
		for _, p := range it.Papers {
			name := path.Join("tai-lieu", fmt.Sprintf("%02d", it.Number), fileName(p))
			if err := w.document(w.fresh(name), p.Ref); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writing) returned() error {
	for _, f := range w.account.Minutes.Returned {
		if err := w.document(w.fresh(path.Join("tep-tra-ve", path.Base(f.Name))), f.Ref); err != nil {
			return err
		}
	}
	return nil
}

// document copies one; that it is missing here is said in its place.
func (w *writing) document(name, ref string) error {
	f, err := w.Documents.Open(documents.Ref(ref))
	if errors.Is(err, documents.ErrMissing) {
		return w.text(name+".THIEU.txt", []byte("Tài liệu này không còn trên máy khi xuất hồ sơ.\nSHA-256: "+ref+"\n"))
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return w.file(name, func(out io.Writer) error { _, err := io.Copy(out, f); return err })
}

// fresh is a name that is not taken yet.
func (w *writing) fresh(name string) string {
	ending := path.Ext(name)
	for n, tried := 2, name; ; n++ {
		if !w.names[tried] {
			return tried
		}
		tried = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ending), n, ending)
	}
}

// fileName is a paper's name as every system can keep it.
func fileName(p meeting.PaperView) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '-'
		}
		return r
	}, viet.Clean(p.Name))
	ending := endingOf(p.Type)
	if strings.HasSuffix(strings.ToLower(name), ending) {
		name = name[:len(name)-len(ending)]
	}
	name = strings.Trim(name, ". ")
	if len(name) > 150 {
		name = strings.ToValidUTF8(name[:150], "")
	}
	if p.Version > 1 {
		name += fmt.Sprintf(" (bản %d)", p.Version)
	}
	if name == "" {
		name = "tai-lieu"
	}
	return name + ending
}

func endingOf(mediaType string) string {
	bare, _, _ := strings.Cut(mediaType, ";")
	known := map[string]string{
		"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "text/plain": ".txt", "application/msword": ".doc",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   ".docx",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         ".xlsx",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
		"application/vnd.oasis.opendocument.text":                                   ".odt",
		"application/rtf": ".rtf", "text/rtf": ".rtf", "application/vnd.ms-excel": ".xls", "application/vnd.ms-powerpoint": ".ppt",
	}
	return known[bare]
}

func (w *writing) readMe() error {
	a := w.account
	var b bytes.Buffer
	fmt.Fprintf(&b, "HỒ SƠ PHIÊN HỌP SỐ %d\n%s\n%s\n\n", a.Header.Number, a.Header.Body, a.Header.Title)
	if w.Demo {
		b.WriteString("BẢN MẪU: người và địa phương trong hồ sơ này không có thật.\n\n")
	}
	fmt.Fprintf(&b, "Xuất lúc %s, từ nhật ký có %d mục.\nDấu vân tay khóa của phòng họp: %s\n\n", w.Made.Format("15:04 02/01/2006"), a.Size, Fingerprint(w.Journal.PublicKey()))
	b.WriteString(readMeText)
	if w.NoTexts {
		b.WriteString("\nHồ sơ này không kèm phần chữ (ý kiến, kết luận, tài liệu). Kết quả biểu quyết vẫn tính lại được đầy đủ.\n")
	}
	return w.text("DOC-TRUOC.txt", b.Bytes())
}

const readMeText = `Các tệp trong thư mục này mở được bằng phần mềm thông thường:
- bien-ban.pdf, bien-ban.docx: biên bản phiên họp.
- thong-bao-ket-luan, tong-hop-y-kien, bien-ban-kiem-phieu, danh-sach-diem-danh: các văn bản kèm theo.
- bieu-quyet, phieu, diem-danh, phat-bieu, nhiem-vu: bảng số liệu (mở bằng Excel hoặc LibreOffice).
- tai-lieu: tài liệu của từng nội dung, đúng như khi nhận.
- tep-tra-ve: biên bản đã ký hoặc đã sửa, nếu có.
- events.jsonl, details.jsonl, checkpoint.txt, khoa-cong-khai.txt: nhật ký gốc và chữ ký của phòng họp.

Tự kiểm tra, không cần tin chúng tôi:
1. Các tệp còn nguyên:       sha256sum -c manifest.sha256
2. Nhật ký và kết quả:       phonghop verify THƯ_MỤC_NÀY
   Lệnh này tính lại chữ ký của từng mục và đếm lại mọi phiếu.
3. Không có phần mềm phonghop: định dạng của nhật ký được mô tả đủ để viết chương trình
   kiểm tra bằng ngôn ngữ khác (tài liệu của gói "journal").
So dấu vân tay khóa ở trên với dấu vân tay in ở trang cuối của biên bản.
`
