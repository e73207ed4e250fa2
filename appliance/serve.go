package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"phonghop/web"
)

func serveCommand(l language) *cobra.Command {
	o := serveOptions{}
	c := &cobra.Command{
		Use: "serve", Args: noArgs,
		Short: l.or("chạy phòng họp", "run the room"),
		Long: l.or(
			"Chạy phòng họp. Không có tùy chọn nào: máy tính bảng vào qua https ở cổng 8443; cổng 8080 hướng dẫn cài chứng thư.\nVới --demo: một phiên họp mẫu ở http://127.0.0.1:8080.",
			"Runs the room. Without options tablets come in by https on port 8443; port 8080 explains how to trust it.\nWith --demo: a sample session on http://127.0.0.1:8080."),
		RunE: func(c *cobra.Command, _ []string) error {
			return serve(c.Context(), l, o, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", "", l.or("thư mục dữ liệu (mặc định phonghop-data, phiên mẫu: phonghop-demo)", "data folder (default phonghop-data; of the demo: phonghop-demo)"))
	f.StringVar(&o.listen, "listen", "", l.or("địa chỉ phục vụ (mặc định :8443, phiên mẫu: 127.0.0.1:8080)", "address to serve on (default :8443; of the demo: 127.0.0.1:8080)"))
	f.StringVar(&o.plain, "plain", "", l.or("cổng http hướng dẫn cài chứng thư (mặc định :8080; off để tắt)", "plain http port that explains the certificate (default :8080; off for none)"))
	f.StringVar(&o.backup, "backup", "", l.or("thư mục sao lưu trên ổ đĩa thứ hai; tự sao lưu khi bế mạc và mỗi đêm", "folder on a second disk; backed up at closing and each night"))
	f.BoolVar(&o.demo, "demo", false, l.or("chạy một phiên họp mẫu", "run a sample session"))
	f.StringVar(&o.cert, "cert", "", l.or("chứng thư TLS có sẵn (PEM)", "a TLS certificate of your own (PEM)"))
	f.StringVar(&o.key, "key", "", l.or("khóa của chứng thư đó (PEM)", "the key of that certificate (PEM)"))
	f.BoolVar(&o.allowHTTP, "allow-http", false, l.or("cho đăng nhập và biểu quyết qua http; chỉ dùng trong mạng riêng có dây", "allow sign-in and votes over http; only for a closed wired network"))
	return c
}

// How much garbage may lie about, in percent of what is in use. A start keeps nearly
// all that it allocates. Later, 60 instead of Go's 100 takes some megabytes off a vote
// of a thousand tablets, and tidy sees to it that a collection seldom falls into one.
const (
	starting = 400
	serving  = 60
)

// breath is what a start leaves to the first page before it does what can wait.
const breath = 300 * time.Millisecond

// started lets begin what can wait.
func (h *house) started(ctx context.Context) {
	debug.SetGCPercent(serving)
	close(h.settled)
	h.work.warm()
	h.lookBack()
	go h.tidy(ctx)
}

// lookBack says which earlier log is not what was signed. The start has read none of
// them, and the session of today goes on all the same.
func (h *house) lookBack() {
	for _, wrong := range h.room.Damaged() {
		h.log.Error("an earlier log is not what was signed: nothing is read of it or added to it", "err", wrong)
	}
}

// serve runs a room until ctx ends.
func serve(ctx context.Context, l language, o serveOptions, out, errs io.Writer) (err error) {
	if o, err = o.settled(); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(errs, nil))
	debug.SetGCPercent(starting)
	h, err := openHouse(ctx, o, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.begin(ctx, o.demo); err != nil {
		return err
	}
	back := make(chan string, 64) // files that came back into the folder of the minutes
	if err := h.takePapers(ctx, func(path string) { handOn(back, path) }); err != nil {
		return err
	}
	n, err := listen(o, h)
	if err != nil {
		return err
	}
	defer n.close()
	h.deliver()
	h.backUpTo(o.backup)
	defer n.announce(h)()
	w := web.New(h.pages(o, n))
	defer w.Close()
	go takeBack(ctx, back, w)
	ctl, err := control(h, n.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ctl.Close()) }()
	failed := n.serve(w, log)
	fmt.Fprintln(out, "ready", n.address())
	defer time.AfterFunc(breath, func() { h.started(ctx) }).Stop()
	if err := h.greet(ctx, l, n.address(), out, terminal(out)); err != nil && ctx.Err() == nil {
		return err
	}
	return h.attend(ctx, n, w, failed)
}

// handOn keeps the inbox from waiting; a file that is not taken now is told of
// again at the next start.
func handOn(back chan<- string, path string) {
	select {
	case back <- path:
	default:
	}
}

func takeBack(ctx context.Context, back <-chan string, w *web.Web) {
	for {
		select {
		case path := <-back:
			w.TakeReturned(path)
		case <-ctx.Done():
			return
		}
	}
}

// terminal tells whether a person reads along.
func terminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// attend waits for the end, and sees every few seconds whether the addresses of
// the box have changed.
func (h *house) attend(ctx context.Context, n *network, w *web.Web, failed <-chan error) error {
	look := time.NewTicker(5 * time.Second)
	defer look.Stop()
	for {
		select {
		case err := <-failed:
			return err
		case <-look.C:
			n.look(h.log)
		case <-ctx.Done():
			h.log.Info("stopping")
			w.Close()
			return n.shutdown()
		}
	}
}
