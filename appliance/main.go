// Package main is phonghop: one program that serves the tablets of a meeting
// room, keeps what happened there, and checks it afterwards.
//
// A file per command; each wires the packages together and decides nothing. The
// process answers 0 when it did what was asked, 1 when the thing checked is
// wrong or could not be done, 2 when it was asked wrongly.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"phonghop/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program without the process around it.
func run(ctx context.Context, args []string, env func(string) string, out, errs io.Writer) int {
	l := languageOf(args, env)
	root := newRoot(l, env)
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintln(errs, err)
		fmt.Fprintln(errs, l.or("Xem cách dùng: phonghop --help", "See: phonghop --help"))
		return 2
	case errors.Is(err, errWrong): // already said what, and where
		return 1
	}
	fmt.Fprintln(errs, l.or("Không thực hiện được: ", "Failed: ")+plainly(l, err))
	return 1
}

// plainly says what people can mend in their own words, and anything else as
// the program knows it.
func plainly(l language, err error) string {
	switch {
	case errors.Is(err, store.ErrFull):
		return l.or("ổ đĩa đã đầy. Xin giải phóng ít nhất 64 MB ở ổ chứa dữ liệu rồi chạy lại.",
			"the disk is full. Free at least 64 MB on the disk that holds the data, and start again.")
	case errors.Is(err, store.ErrLocked):
		return l.or("một chương trình phonghop khác đang dùng thư mục dữ liệu này.",
			"another phonghop is using this data folder.")
	}
	return err.Error()
}

// errWrong: what was checked is wrong, and the report has said how.
var errWrong = errors.New("what was checked is wrong")

// usageError is a wrong way of asking.
type usageError struct{ err error }

func (u *usageError) Error() string { return u.err.Error() }
func (u *usageError) Unwrap() error { return u.err }
