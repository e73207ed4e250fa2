package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"phonghop/dossier"
)

func verifyCommand(l language) *cobra.Command {
	return &cobra.Command{
		Use: "verify " + l.or("ĐƯỜNG_DẪN", "PATH"), Args: oneArg,
		Short: l.or("kiểm tra thư mục dữ liệu, nhật ký, hồ sơ phiên họp hoặc trung tâm; tính lại mọi kết quả biểu quyết",
			"check a data folder, a journal, a session file or a centre, and count every vote again"),
		RunE: func(c *cobra.Command, args []string) error {
			return verify(c.Context(), l, args[0], c.OutOrStdout())
		},
	}
}

func verify(ctx context.Context, l language, path string, out io.Writer) error {
	wrong, err := dossier.Check(ctx, path, dossier.Voice{Out: out, English: l == english})
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, dossier.ErrUnknown):
		return &usageError{err}
	case err != nil:
		return err
	case wrong > 0:
		fmt.Fprintf(out, l.or("KẾT LUẬN: có %d chỗ SAI.\n", "RESULT: %d things are WRONG.\n"), wrong)
		return errWrong
	}
	fmt.Fprintln(out, l.or("KẾT LUẬN: tất cả đúng.", "RESULT: everything is right."))
	return nil
}
