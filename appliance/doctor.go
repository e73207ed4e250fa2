package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"phonghop/checkup"
	"phonghop/pages"
)

// doctorOptions are the flags of doctor.
type doctorOptions struct {
	data, backup string
	json         bool
}

func doctorCommand(l language) *cobra.Command {
	o := doctorOptions{}
	c := &cobra.Command{
		Use: "doctor", Args: noArgs,
		Short: l.or("máy này có gì cần xử lý, và xử lý thế nào", "what is wrong with this box, and what to do"),
		Long: l.or("Kiểm tra ổ đĩa, đồng hồ, chứng thư, nhật ký, tài liệu, sao lưu và đường về trung tâm.\nChỉ đọc; chạy được cả khi phòng họp đang chạy. Mã thoát 1 khi có việc phải xử lý.",
			"Looks at the disk, the clock, the certificate, the record, the papers, the backups and the line to the centre.\nReads only, also beside a running room. Exit code 1 when something must be seen to."),
		RunE: func(c *cobra.Command, _ []string) error { return doctor(c.Context(), l, o, c.OutOrStdout()) },
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", "phonghop-data", l.or("thư mục dữ liệu của phòng họp", "the room's data folder"))
	f.StringVar(&o.backup, "backup", "", l.or("thư mục sao lưu, như của serve", "the folder of backups, as serve has it"))
	f.BoolVar(&o.json, "json", false, l.or("in JSON cho chương trình khác", "print JSON for programs"))
	return c
}

// doctor says how the box is; what must be seen to is an error.
func doctor(ctx context.Context, l language, o doctorOptions, out io.Writer) error {
	if _, err := os.Stat(filepath.Join(o.data, "journal.db")); err != nil {
		return &usageError{err}
	}
	f := checkup.Gather(ctx, checkup.Look{Data: o.data, Backup: o.backup, Now: time.Now(), Verify: true})
	if err := ctx.Err(); err != nil {
		return err
	}
	f.Built, f.Version, f.Office, f.Running = built(), versionText(), hasOffice(), runs(o.data)
	all := checkup.Judge(f)
	say := sayFindings
	if o.json {
		say = printFindings
	}
	if err := say(l, f, all, out); err != nil {
		return err
	}
	if checkup.Worst(all) == checkup.Act {
		return errWrong
	}
	return nil
}

// diagnosis is what programs are told.
type diagnosis struct {
	State    checkup.State     `json:"state"`
	At       time.Time         `json:"at"`
	Running  bool              `json:"running"`
	Findings []checkup.Finding `json:"findings"`
}

func printFindings(_ language, f checkup.Facts, all []checkup.Finding, out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(diagnosis{checkup.Worst(all), f.Now.UTC().Truncate(time.Second), f.Running, all})
}

func sayFindings(l language, f checkup.Facts, all []checkup.Finding, out io.Writer) error {
	running := l.or("Phòng họp không chạy.", "The room is not running.")
	if f.Running {
		running = l.or("Phòng họp đang chạy.", "The room is running.")
	}
	fmt.Fprintln(out, running)
	for _, one := range all {
		figure := one.Figure
		if figure != "" {
			figure = " (" + figure + ")"
		}
		fmt.Fprintf(out, "%s %s%s: %s\n", stateWord(l, one.State, terminal(out)), one.Title.Or(l == english), figure, one.Say.Or(l == english))
		if do := one.Do.Or(l == english); do != "" {
			fmt.Fprintf(out, "%*s → %s\n", stateWidth, "", do)
		}
	}
	worst := map[checkup.State]string{
		checkup.Act:       l.or("KẾT LUẬN: có việc phải xử lý trước phiên họp tới.", "RESULT: something must be seen to before the next session."),
		checkup.Attention: l.or("KẾT LUẬN: họp được; có điều cần lưu ý.", "RESULT: sessions can be held; something needs attention."),
	}[checkup.Worst(all)]
	if worst == "" {
		worst = l.or("KẾT LUẬN: mọi thứ đều tốt.", "RESULT: everything is well.")
	}
	_, err := fmt.Fprintln(out, worst)
	return err
}

const stateWidth = 13 // of the longest word, as people see it

// stateWord is how a thing is, in colour for somebody at a terminal.
func stateWord(l language, s checkup.State, human bool) string {
	word, colour := l.or("TỐT", "GOOD"), "32"
	switch s {
	case checkup.Quiet:
		word, colour = l.or("BÌNH THƯỜNG", "NORMAL"), "90"
	case checkup.Attention:
		word, colour = l.or("LƯU Ý", "ATTENTION"), "33"
	case checkup.Act:
		word, colour = l.or("PHẢI XỬ LÝ", "ACT NOW"), "31"
	}
	word = fmt.Sprintf("%-*s", stateWidth, word)
	if human {
		return "\x1b[1;" + colour + "m" + word + "\x1b[0m"
	}
	return word
}

// runs tells whether a room runs in a data folder: it listens to its socket.
func runs(data string) bool {
	path, dir, err := controlPath(data)
	if err != nil {
		return false
	}
	defer dir.Close()
	c, err := net.DialTimeout("unix", path, time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// hasOffice tells whether LibreOffice is installed. Nothing is started for it.
func hasOffice() bool {
	p := pages.New(pages.Config{})
	defer p.Close()
	return p.HasOffice()
}

// built is when the program's source was committed; a plain build does not know.
func built() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			at, _ := time.Parse(time.RFC3339, s.Value) // zero where it is none
			return at
		}
	}
	return time.Time{}
}
