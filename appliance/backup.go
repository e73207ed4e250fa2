package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"phonghop/backup"
	"phonghop/store"
	"phonghop/sync/courier"
	"phonghop/viet"
)

func backupCommand(l language) *cobra.Command {
	var data, to string
	c := &cobra.Command{
		Use: "backup", Args: noArgs,
		Short: l.or("sao lưu phòng họp vào một tệp niêm phong, có đọc thử lại", "back the room up into one sealed file, and try it"),
		RunE:  func(c *cobra.Command, _ []string) error { return backUp(c.Context(), l, data, to, c.OutOrStdout()) },
	}
	c.Flags().StringVar(&data, "data", "phonghop-data", l.or("thư mục dữ liệu của phòng họp", "the room's data folder"))
	c.Flags().StringVar(&to, "to", "", l.or("tệp sao lưu, hoặc thư mục để tự đặt tên", "the file to write, or a folder to name it in"))
	return c
}

// backUp backs up a room, whether or not it runs. The first time it makes the
// recovery key and shows it, once.
func backUp(ctx context.Context, l language, data, to string, out io.Writer) error {
	if to == "" {
		return &usageError{errors.New("--to")}
	}
	if _, err := os.Stat(filepath.Join(data, "journal.db")); err != nil {
		return &usageError{err}
	}
	if err := showRecovery(l, data, out); err != nil {
		return err
	}
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		to = filepath.Join(to, backupName(time.Now()))
	}
	info, err := backup.Write(ctx, data, to, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, l.or("Đã sao lưu và đọc thử lại: %s (%s, %d tệp, %s mục nhật ký).\n", "Backed up and tried: %s (%s, %d files, %s entries).\n"),
		info.Path, bytesText(info.Bytes), info.Files, viet.Number(info.Entries))
	return nil
}

func showRecovery(l language, data string, out io.Writer) error {
	if _, err := backup.Recovery(data); !errors.Is(err, backup.ErrRecovery) {
		return err
	}
	secret, err := backup.NewRecovery(data)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, l.or("KHÓA PHỤC HỒI, chỉ hiện một lần. Hãy in ra và cất vào két; mất khóa này thì không đọc được bản sao lưu nào:\n\n  %s\n\n",
		"RECOVERY KEY, shown once. Print it and lock it away; without it no backup can be read:\n\n  %s\n\n"), secret)
	return nil
}

const backupEnding = ".saoluu"

func backupName(now time.Time) string {
	return "phonghop-" + now.Format("20060102-150405") + backupEnding
}

// restoreOptions are the flags of restore.
type restoreOptions struct{ data, from, identity, reason string }

func restoreCommand(l language) *cobra.Command {
	o := restoreOptions{}
	c := &cobra.Command{
		Use: "restore", Args: noArgs,
		Short: l.or("phục hồi phòng họp từ bản sao lưu vào thư mục trống, mở kỳ khóa mới", "put a room back from a backup into an empty folder, in a new epoch"),
		RunE: func(c *cobra.Command, _ []string) error {
			return restore(c.Context(), l, o, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", "phonghop-data", l.or("thư mục dữ liệu mới, chưa có hoặc trống", "the new data folder, empty or not there"))
	f.StringVar(&o.from, "from", "", l.or("tệp sao lưu", "the backup"))
	f.StringVar(&o.identity, "identity", "", l.or("tệp chứa khóa phục hồi đã in", "a file that holds the recovery key"))
	f.StringVar(&o.reason, "reason", l.or("phục hồi từ bản sao lưu", "restored from a backup"), l.or("lý do, được ghi vào nhật ký", "the reason, which is recorded"))
	return c
}

func restore(ctx context.Context, l language, o restoreOptions, out, errs io.Writer) error {
	if o.from == "" || o.identity == "" {
		return &usageError{errors.New("--from --identity")}
	}
	text, err := os.ReadFile(o.identity)
	if err != nil {
		return &usageError{err}
	}
	id, err := age.ParseX25519Identity(strings.ToUpper(strings.TrimSpace(string(text))))
	if err != nil {
		return &usageError{fmt.Errorf("%s: %w", o.identity, err)}
	}
	r, err := backup.Restore(ctx, o.from, o.data, id, time.Now(), o.reason)
	if err != nil {
		return restoreFailed(l, out, err)
	}
	fmt.Fprintf(out, l.or("Đã phục hồi phòng %s từ bản sao lưu lúc %s: %s mục nhật ký, đúng chữ ký. Từ nay phòng ký bằng khóa của kỳ %d.\n",
		"Restored room %s from the backup of %s: %s entries, as signed. From now on it signs with the key of epoch %d.\n"),
		r.Room, r.Made.Local().Format("15:04 02/01/2006"), viet.Number(r.Entries), r.Epoch)
	return sayLacking(ctx, l, o.data, out, errs)
}

func restoreFailed(l language, out io.Writer, err error) error {
	for _, known := range []struct {
		err    error
		vi, en string
	}{
		{backup.ErrIdentity, "Khóa phục hồi này không mở được bản sao lưu. Hãy dùng khóa đã in khi tạo bản sao lưu đó.", "This recovery key does not open the backup."},
		{backup.ErrNotEmpty, "Thư mục đích không trống. Phục hồi không bao giờ ghi đè; hãy chọn thư mục khác.", "The folder is not empty. A restore never overwrites; choose another."},
		{backup.ErrDamaged, "Tệp sao lưu bị hỏng. Không phục hồi gì. Hãy dùng bản sao lưu khác.", "The backup is damaged. Nothing was restored. Use another."},
	} {
		if errors.Is(err, known.err) {
			fmt.Fprintln(out, l.or(known.vi, known.en))
			return fmt.Errorf("%w (%w)", errWrong, err)
		}
	}
	return err
}

// sayLacking tells what the centre holds that the backup was too old to know. No
// line is no error: the next delivery says it too.
func sayLacking(ctx context.Context, l language, data string, out, errs io.Writer) error {
	folder, err := store.LockFolder(data)
	if err != nil {
		return err
	}
	defer folder.Close()
	c, done, err := courierOf(ctx, data, slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		return err
	}
	defer done()
	w, err := courier.New(ctx, c)
	if errors.Is(err, courier.ErrUnpaired) {
		return nil
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	lacks, err := w.Lacking(ctx)
	if err != nil {
		vi, en := courier.Sentence(err)
		fmt.Fprintln(out, l.or("Chưa hỏi được trung tâm bản sao lưu còn thiếu gì. ", "The centre could not be asked what the backup lacks. ")+l.or(vi, en))
		return nil
	}
	for _, lack := range lacks {
		fmt.Fprintf(out, l.or("Trung tâm có %s mục của nhật ký %s (từ mục %d) mà bản sao lưu này không có; trung tâm vẫn giữ.\n",
			"The centre holds %s entries of log %s (from %d on) that this backup lacks; it keeps them.\n"), viet.Number(lack.Count), lack.Log, lack.From)
	}
	return nil
}
