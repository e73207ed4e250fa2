package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/store"
	"phonghop/sync/courier"
)

// syncOptions are the flags of sync.
type syncOptions struct {
	data, centre, code, usb string
	rate                    int64 // KB a second
}

func syncCommand(l language) *cobra.Command {
	o := syncOptions{}
	c := &cobra.Command{
		Use: "sync", Args: noArgs,
		Short: l.or("gửi nhật ký và tài liệu về trung tâm, lấy biên nhận", "deliver records and papers to the centre, and fetch receipts"),
		Long: l.or("Gửi về trung tâm những gì trung tâm chưa có. Lần đầu cần --centre và --code do trung tâm in ra.\nVới --usb: ghi một gói niêm phong ra USB và đọc biên nhận đã có trên đó.",
			"Sends the centre what it lacks. The first time needs --centre and the --code it printed.\nWith --usb: writes a sealed parcel to a stick, and reads receipts that lie on it."),
		RunE: func(c *cobra.Command, _ []string) error {
			return syncNow(c.Context(), l, o, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", "phonghop-data", l.or("thư mục dữ liệu của phòng họp", "the room's data folder"))
	f.StringVar(&o.centre, "centre", "", l.or("địa chỉ trung tâm, cho lần ghép nối đầu", "address of the centre, to pair"))
	f.StringVar(&o.code, "code", "", l.or("mã ghép nối dùng một lần", "one-time code to pair with"))
	f.StringVar(&o.usb, "usb", "", l.or("thư mục của USB, thay cho đường truyền", "folder of a stick, instead of a line"))
	f.Int64Var(&o.rate, "rate", 0, l.or("giới hạn tốc độ, KB mỗi giây (0: không)", "at most so many KB a second (0: no limit)"))
	return c
}

// syncNow asks the room that runs to deliver, or, where none does, takes the
// folder's lock and goes itself.
func syncNow(ctx context.Context, l language, o syncOptions, out, errs io.Writer) error {
	if _, err := os.Stat(filepath.Join(o.data, "journal.db")); err != nil {
		return &usageError{err}
	}
	folder, err := store.LockFolder(o.data)
	if errors.Is(err, store.ErrLocked) {
		return askSync(ctx, l, o, out)
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	c, done, err := courierOf(ctx, o.data, slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		return err
	}
	defer done()
	return inWords(l, out, errand(ctx, l, c, o, out))
}

// courierOf opens what a courier needs of a room that does not run.
func courierOf(ctx context.Context, data string, log *slog.Logger) (c courier.Config, done func(), err error) {
	key, err := journal.OpenKey(data)
	if err != nil {
		return c, nil, err
	}
	j, err := journal.Open(ctx, journal.Config{Path: filepath.Join(data, "journal.db"), Key: key, Prefix: prefixOf(ctx, data)})
	if err != nil {
		return c, nil, err
	}
	name, err := roomName(ctx, j)
	if err != nil {
		return c, nil, errors.Join(err, j.Close())
	}
	receipts := courier.NewReceipts(filepath.Join(data, receiptsFile))
	c = carrying(j, documents.Read(filepath.Join(data, "documents")), receipts, name, log)
	return c, func() { receipts.Close(); j.Close() }, nil
}

const receiptsFile = "receipts.db"

func carrying(j *journal.Journal, docs *documents.Store, receipts *courier.Receipts, name string, log *slog.Logger) courier.Config {
	return courier.Config{Journal: j, Documents: docs, Receipts: receipts, Name: name, Prefix: j.Prefix(), Log: log, Now: time.Now}
}

// roomName reads the room's name from its log.
func roomName(ctx context.Context, j *journal.Journal) (string, error) {
	house := meeting.NewRoom()
	for rec, err := range j.Records(ctx, journal.RoomLog, 0) {
		if err != nil {
			return "", err
		}
		house.Apply(room.EntryOf(rec))
	}
	return house.Name(), nil
}

// prefixOf tells whether a folder is a demo's.
func prefixOf(ctx context.Context, data string) string {
	prefix, err := journal.PrefixOf(ctx, filepath.Join(data, "journal.db"))
	if err != nil || prefix == "" {
		return prefixRoom // opening it says what is wrong
	}
	return prefix
}

// errand pairs where that was asked, and delivers by the way that was asked.
func errand(ctx context.Context, l language, c courier.Config, o syncOptions, out io.Writer) error {
	c.Rate = o.rate << 10
	if o.centre != "" {
		centre, err := courier.Pair(ctx, c, o.centre, o.code)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, l.or("Đã ghép nối với %s.\n", "Paired with %s.\n"), centre.Name)
	}
	if o.usb != "" {
		return byStick(ctx, l, c, o.usb, out)
	}
	return byLine(ctx, l, c, out)
}

func byLine(ctx context.Context, l language, c courier.Config, out io.Writer) error {
	w, err := courier.New(ctx, told(l, c, out))
	if err != nil {
		return err
	}
	p, err := w.Deliver(ctx)
	endProgress(out)
	if err != nil {
		return err
	}
	columns(l, out, p)
	return nil
}

// byStick reads what the centre left on the stick, then writes what is new.
func byStick(ctx context.Context, l language, c courier.Config, stick string, out io.Writer) error {
	if err := courier.TakeCard(ctx, c, stick); err != nil {
		return err
	}
	n, err := courier.TakeReceipts(ctx, c, stick)
	if err != nil {
		return err
	}
	if n > 0 {
		fmt.Fprintf(out, l.or("Đã nhận %d biên nhận của trung tâm.\n", "%d receipts of the centre came home.\n"), n)
	}
	p, err := courier.WriteParcel(ctx, c, stick)
	if errors.Is(err, courier.ErrNothing) {
		fmt.Fprintln(out, l.or("Không có gì mới: trung tâm đã xác nhận tất cả.", "Nothing is new: the centre has signed for everything."))
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, l.or("Đã ghi gói %s: %d tệp, %s. Có thể tháo USB sau khi hệ điều hành báo an toàn.\n", "Wrote the parcel %s: %d files, %s. Unmount the stick before taking it out.\n"),
		filepath.Base(p.Path), p.Files, bytesText(p.Bytes))
	return nil
}

// inWords says an error of delivery as a sentence with the next step.
func inWords(l language, out io.Writer, err error) error {
	if err == nil {
		return nil
	}
	vi, en := courier.Sentence(err)
	fmt.Fprintln(out, l.or(vi, en))
	return fmt.Errorf("%w (%w)", errWrong, err)
}
