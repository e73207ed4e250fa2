package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"phonghop/access"
	"phonghop/store"
	"phonghop/sync/centre"
	"phonghop/sync/letters"
)

// centreOptions are the flags of centre.
type centreOptions struct {
	data, listen, name string
	cert, key          string
}

func centreCommand(l language) *cobra.Command {
	o := centreOptions{}
	c := &cobra.Command{
		Use: "centre", Args: noArgs,
		Short: l.or("chạy trung tâm: nhận, kiểm tra và giữ hồ sơ của các phòng họp", "run the centre: receive, check and keep the records of rooms"),
		Long: l.or("Chạy trung tâm. Lần đầu in ra liên kết quản trị và mã ghép nối cho phòng họp đầu tiên.\nTrên máy này (127.0.0.1) dùng http; trên mạng dùng https.",
			"Runs the centre. The first time it prints an administrator's link and a code for the first room.\nOn this computer (127.0.0.1) it speaks http, on a network https."),
		RunE: func(c *cobra.Command, _ []string) error {
			return runCentre(c.Context(), l, o, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", "phonghop-centre", l.or("thư mục dữ liệu của trung tâm", "the centre's data folder"))
	f.StringVar(&o.listen, "listen", ":8444", l.or("địa chỉ phục vụ", "address to serve on"))
	f.StringVar(&o.name, "name", l.or("Trung tâm", "Centre"), l.or("tên trung tâm, cho người đọc", "the centre's name, for people"))
	f.StringVar(&o.cert, "cert", "", l.or("chứng thư TLS có sẵn (PEM)", "a TLS certificate of your own (PEM)"))
	f.StringVar(&o.key, "key", "", l.or("khóa của chứng thư đó (PEM)", "the key of that certificate (PEM)"))
	return c
}

// runCentre runs a centre until ctx ends.
func runCentre(ctx context.Context, l language, o centreOptions, out, errs io.Writer) (err error) {
	so, err := serveOptions{data: o.data, listen: o.listen, cert: o.cert, key: o.key, plain: "off"}.settled()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(errs, nil))
	if err := os.MkdirAll(o.data, 0o700); err != nil {
		return err
	}
	folder, err := store.LockFolder(o.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	if _, err := os.Stat(filepath.Join(o.data, "journal.db")); err == nil {
		return &usageError{fmt.Errorf("%s: %s", o.data, l.or("đây là thư mục của một phòng họp", "this is the folder of a room"))}
	}
	n, err := centreNetwork(so)
	if err != nil {
		return err
	}
	defer n.close()
	z, err := centre.Open(ctx, centre.Config{Dir: o.data, Name: o.name, Now: time.Now, Log: log, Loopback: so.loopback(), Fingerprint: n.pin()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	return n.receive(ctx, z, func() error { return greetCentre(ctx, l, z, n.address(), out) })
}

// centreNetwork listens as a room does, with a certificate of the centre's own.
func centreNetwork(o serveOptions) (n *network, err error) {
	n = &network{o: o, slug: "phonghop-centre"}
	addresses, err := access.Addresses()
	if err != nil {
		return nil, err
	}
	n.addresses.Store(&addresses)
	if o.secure() {
		if err := n.certify(filepath.Join(o.data, "tls")); err != nil {
			return nil, err
		}
	}
	n.main, err = net.Listen("tcp", o.listen)
	return n, err
}

// pin is what a room's pairing code carries of the certificate.
func (n *network) pin() []byte {
	if n.authority == nil {
		return nil
	}
	return n.authority.Pin()
}

// receive serves the centre.
func (n *network) receive(ctx context.Context, z *centre.Centre, ready func() error) error {
	s := &http.Server{Handler: z.Handler(n.hosts), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	n.servers = append(n.servers, s)
	listener := n.main
	if n.authority != nil {
		listener = tls.NewListener(listener, n.authority.Config())
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(listener) }()
	if err := ready(); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return n.shutdown()
	}
}

// greetCentre prints where the centre is; at its first start the administrator's
// link, and while no room has paired a code for the first.
func greetCentre(ctx context.Context, l language, z *centre.Centre, address string, out io.Writer) error {
	fmt.Fprintln(out, "ready", address)
	link, fresh, err := z.AdminLink(ctx)
	if err != nil {
		return err
	}
	if fresh {
		fmt.Fprintf(out, l.or("Liên kết quản trị (chỉ in một lần, hãy giữ kín): %s\n", "Administrator's link (printed once, keep it): %s\n"), address+link)
	}
	rooms, err := z.Rooms(ctx)
	if err != nil || len(rooms) > 0 {
		return err
	}
	code, err := z.NewCode(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, l.or("Mã ghép nối cho phòng họp (dùng một lần, trong 30 phút): %s\n  phonghop sync --data THƯ_MỤC --centre %s --code %s\n", "Code for a room (once, within 30 minutes): %s\n  phonghop sync --data FOLDER --centre %s --code %s\n"), code, address, code)
	return nil
}

// receiveOptions are the flags of receive.
type receiveOptions struct {
	data    string
	newRoom bool
	card    string
}

func receiveCommand(l language) *cobra.Command {
	o := receiveOptions{}
	c := &cobra.Command{
		Use:   "receive " + l.or("[GÓI...]", "[PARCEL...]"),
		Short: l.or("nhận gói từ USB vào trung tâm và ghi biên nhận ra USB", "take parcels from a stick into the centre, and write the receipts beside them"),
		RunE: func(c *cobra.Command, args []string) error {
			return receiveParcels(c.Context(), l, o, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", "phonghop-centre", l.or("thư mục dữ liệu của trung tâm", "the centre's data folder"))
	f.BoolVar(&o.newRoom, "new-room", false, l.or("nhận cả phòng họp chưa từng ghép nối", "take a room that has never paired too"))
	f.StringVar(&o.card, "card", "", l.or("ghi thẻ của trung tâm ra thư mục USB này, cho phòng không có đường truyền", "write the centre's card to this stick, for rooms without a line"))
	return c
}

func receiveParcels(ctx context.Context, l language, o receiveOptions, paths []string, out, errs io.Writer) error {
	if len(paths) == 0 && o.card == "" {
		return &usageError{errors.New(l.or("hãy cho biết gói cần nhận", "name a parcel"))}
	}
	if _, err := os.Stat(filepath.Join(o.data, "centre.db")); err != nil {
		return &usageError{err}
	}
	folder, err := store.LockFolder(o.data)
	if err != nil {
		return err
	}
	defer folder.Close()
	z, err := centre.Open(ctx, centre.Config{Dir: o.data, Now: time.Now, Log: slog.New(slog.NewTextHandler(errs, nil))})
	if err != nil {
		return err
	}
	defer z.Close()
	if o.card != "" {
		path, err := z.WriteCard(o.card)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, l.or("Đã ghi thẻ của trung tâm:", "Wrote the centre's card:"), path)
	}
	for _, path := range paths {
		if err := receiveParcel(ctx, l, z, path, o.newRoom, out); err != nil {
			return err
		}
	}
	return nil
}

func receiveParcel(ctx context.Context, l language, z *centre.Centre, path string, admit bool, out io.Writer) error {
	t, err := z.TakeParcel(ctx, path, admit)
	var refusal *letters.Refusal
	switch {
	case errors.Is(err, centre.ErrNewRoom):
		fmt.Fprintln(out, l.or("Gói này của phòng họp chưa ghép nối. Nếu đúng là phòng của tỉnh, chạy lại với --new-room.", "This parcel is of a room that has not paired. If it is one of yours, run again with --new-room."))
		return errWrong
	case errors.As(err, &refusal):
		fmt.Fprintln(out, refusal.Message)
		return errWrong
	case errors.Is(err, centre.ErrParcel):
		fmt.Fprintln(out, l.or("Tệp này hỏng hoặc không phải gói gửi cho trung tâm này. Không nhận gì thêm.", "This file is damaged, or no parcel to this centre. Nothing more was taken."))
		return fmt.Errorf("%w (%w)", errWrong, err)
	case err != nil:
		return err
	}
	fmt.Fprintf(out, l.or("Đã nhận gói của %s (%s): %d tệp. Biên nhận: %s\n", "Took the parcel of %s (%s): %d files. Receipt: %s\n"), t.Room.Name, t.Room.ID, t.Files, filepath.Base(t.Receipt))
	return nil
}
