package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"phonghop/access"
	"phonghop/store"
)

func claimCommand(l language) *cobra.Command {
	o := serveOptions{plain: "off"}
	c := &cobra.Command{
		Use: "claim", Args: noArgs,
		Short: l.or("tạo liên kết nhận quyền thư ký và quản trị, dùng trong 30 phút",
			"make a link that makes one person secretary and IT, good for 30 minutes"),
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := o.settled()
			if err != nil {
				return err
			}
			link, err := claim(c.Context(), o)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), link)
			return err
		},
	}
	c.Flags().StringVar(&o.data, "data", "", l.or("thư mục dữ liệu (mặc định phonghop-data)", "data folder (default phonghop-data)"))
	c.Flags().StringVar(&o.listen, "listen", "", l.or("địa chỉ sẽ phục vụ, khi phòng chưa chạy (mặc định :8443)", "the address it will serve on, where the room does not run (default :8443)"))
	return c
}

// claim asks the room that runs, or, where none does, takes the folder's lock
// and makes the link itself.
func claim(ctx context.Context, o serveOptions) (string, error) {
	if _, err := os.Stat(filepath.Join(o.data, "journal.db")); err != nil {
		return "", &usageError{err}
	}
	folder, err := store.LockFolder(o.data)
	if errors.Is(err, store.ErrLocked) {
		return askControl(o.data, "claim", controlWait, nil)
	}
	if err != nil {
		return "", err
	}
	defer folder.Close()
	a, err := access.Open(ctx, o.data, time.Now())
	if err != nil {
		return "", err
	}
	defer a.Close()
	addresses, err := access.Addresses()
	if err != nil {
		return "", err
	}
	n := &network{o: o} // as it will be, once it listens
	n.addresses.Store(&addresses)
	return claimLink(ctx, a, n.address())
}
