package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"phonghop/documents"
	"phonghop/dossier"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/sync/courier"
)

// exportOptions are the flags of export.
type exportOptions struct {
	data, session, to string
	noTexts           bool
}

func exportCommand(l language) *cobra.Command {
	o := exportOptions{}
	c := &cobra.Command{
		Use: "export", Args: noArgs,
		Short: l.or("xuất hồ sơ phiên họp: biên bản, bảng số liệu, tài liệu, nhật ký, chữ ký", "write a session's file: minutes, tables, papers, log, signatures"),
		RunE:  func(c *cobra.Command, _ []string) error { return export(c.Context(), l, o, c.OutOrStdout()) },
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", "phonghop-data", l.or("thư mục dữ liệu của phòng họp", "the room's data folder"))
	f.StringVar(&o.session, "session", "", l.or("số phiên họp, hoặc mã khi số bị trùng", "number of the session, or its id where numbers repeat"))
	f.StringVar(&o.to, "to", "", l.or("thư mục mới, hoặc tệp .zip", "a new folder, or a .zip file"))
	f.BoolVar(&o.noTexts, "without-texts", false, l.or("không kèm phần chữ và tài liệu", "leave out free text and papers"))
	return c
}

// export reads beside the room, which may be running.
func export(ctx context.Context, l language, o exportOptions, out io.Writer) error {
	if o.session == "" || o.to == "" {
		return &usageError{errors.New("--session --to")}
	}
	path := filepath.Join(o.data, "journal.db")
	if _, err := os.Stat(path); err != nil {
		return &usageError{err}
	}
	j, err := journal.Open(ctx, journal.Config{Path: path, ReadOnly: true})
	if err != nil {
		return err
	}
	defer j.Close()
	s, err := sessionNamed(ctx, l, j, o.session)
	if err != nil {
		return err
	}
	office, err := newOfficeFile(o.data).Load()
	if err != nil {
		return err
	}
	src := dossier.Source{Journal: j, Documents: documents.Read(filepath.Join(o.data, "documents")), Session: s, Office: office.Office,
		Receipt: receiptOf(ctx, o.data, s.ID()), Demo: j.Prefix() == prefixDemo, Made: time.Now(), NoTexts: o.noTexts}
	if err := writeDossier(ctx, o.to, src); err != nil {
		return err
	}
	fmt.Fprintf(out, l.or("Đã xuất hồ sơ phiên %d: %s\nTự kiểm tra: phonghop verify %s\n", "Wrote the file of session %d: %s\nCheck it: phonghop verify %s\n"), s.Header().Number, o.to, o.to)
	return nil
}

func writeDossier(ctx context.Context, to string, src dossier.Source) error {
	if filepath.Ext(to) != ".zip" {
		sink, err := dossier.Folder(to)
		if err != nil {
			return err
		}
		return dossier.Write(ctx, sink, src)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	z := dossier.NewZIP(f)
	return errors.Join(dossier.Write(ctx, z, src), z.Close(), f.Sync())
}

// sessionNamed finds a session by its number, or by its id.
func sessionNamed(ctx context.Context, l language, j *journal.Journal, name string) (*meeting.Session, error) {
	var found *meeting.Session
	for _, log := range j.Logs() {
		if log.Name == journal.RoomLog {
			continue
		}
		s, err := room.Replay(ctx, j, log.Name)
		if err != nil {
			return nil, err
		}
		if log.Name == name {
			return s.Session, nil
		}
		if strconv.Itoa(s.Header().Number) != name {
			continue
		}
		if found != nil {
			return nil, &usageError{fmt.Errorf(l.or("có hai phiên số %s; hãy dùng mã: %s, %s", "two sessions have the number %s; name one by its id: %s, %s"), name, found.ID(), log.Name)}
		}
		found = s.Session
	}
	if found == nil {
		return nil, &usageError{fmt.Errorf(l.or("không có phiên %s", "there is no session %s"), name)}
	}
	return found, nil
}

// receiptOf is the centre's receipt of a session, where there is one.
func receiptOf(ctx context.Context, data string, id meeting.SessionID) []byte {
	path := filepath.Join(data, receiptsFile)
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	r, err := courier.ReadReceipt(ctx, path, string(id))
	if err != nil {
		return nil
	}
	return r.Note
}
