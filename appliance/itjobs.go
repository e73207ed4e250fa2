package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/backup"
	"phonghop/store"
	"phonghop/sync/courier"
	"phonghop/templates"
	"phonghop/viet"
	"phonghop/web"
)

// jobPatience is how long whoever pressed a key waits for the outcome; after that
// the page tells it.
const jobPatience = 2 * time.Second

// begin does one thing at a time, and says on the page what came of it.
func (d *device) begin(doing templates.Told, do func(ctx context.Context) (templates.Told, error)) error {
	d.mu.Lock()
	if d.job.Running {
		d.mu.Unlock()
		return web.ErrBusy
	}
	d.job = templates.ITJob{Running: true, Said: doing, At: time.Now()}
	d.mu.Unlock()
	done := make(chan struct{})
	d.all.Go(func() {
		defer close(done)
		said, err := do(d.life)
		if err != nil {
			d.h.log.Warn("asked for on the page of the box", "what", doing.EN, "err", err)
			if said.VI == "" {
				said.VI, said.EN = courier.Sentence(err)
			}
		}
		d.mu.Lock()
		d.job = templates.ITJob{Bad: err != nil, Said: said, At: time.Now()}
		d.mu.Unlock()
		d.drives.changed()
	})
	select {
	case <-done:
	case <-time.After(jobPatience):
	}
	return nil
}

// Pair introduces the room to a centre.
func (d *device) Pair(address, code string) error {
	doing := templates.Told{VI: "Đang ghép nối với trung tâm…", EN: "Pairing with the centre…"}
	return d.begin(doing, func(ctx context.Context) (said templates.Told, err error) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := d.h.errands.Pair(ctx, strings.TrimRight(strings.TrimSpace(address), "/"), strings.TrimSpace(code)); err != nil {
			return said, err
		}
		s, _ := d.h.errands.State()
		return templates.Told{VI: "Đã ghép nối với " + s.Centre + ". Máy đang gửi những gì trung tâm chưa có.", EN: "Paired with " + s.Centre + ". What it lacks is on its way."}, nil
	})
}

// BackUp makes a backup now, into the folder that was set or onto a drive.
func (d *device) BackUp(drive string) error {
	doing := templates.Told{VI: "Đang sao lưu và đọc thử lại…", EN: "Backing up, and reading it back…"}
	return d.begin(doing, func(ctx context.Context) (said templates.Told, err error) {
		to := d.h.backups.dir
		if drive != "" {
			to, err = d.drive(drive)
		}
		if err != nil || to == "" {
			return driveSays(errors.Join(err, errNoDrive)), errors.Join(err, errNoDrive)
		}
		info, err := backup.Write(ctx, d.h.dir, filepath.Join(to, backupName(time.Now())), time.Now())
		if err != nil {
			if said = driveSays(err); said.VI == "" {
				said = templates.Told{VI: "Không sao lưu được; không có gì bị ghi đè. Thử ổ khác và báo đơn vị hỗ trợ.", EN: "The backup failed; nothing was overwritten. Try another drive and call for help."}
			}
			return said, err
		}
		d.mu.Lock()
		d.saved = info
		d.mu.Unlock()
		return templates.Told{
			VI: fmt.Sprintf("Đã sao lưu và đọc thử lại: %s, %s, %s mục nhật ký.", filepath.Base(info.Path), templates.Bytes(info.Bytes), viet.Number(info.Entries)),
			EN: fmt.Sprintf("Backed up and read back: %s, %s, %d entries.", filepath.Base(info.Path), templates.Bytes(info.Bytes), info.Entries),
		}, nil
	})
}

// Export writes a parcel for the centre; receipts that lie on the drive are read
// first.
func (d *device) Export(drive string) error {
	doing := templates.Told{VI: "Đang ghi gói ra USB. Chưa được rút USB.", EN: "Writing a parcel. Leave the drive in."}
	return d.begin(doing, func(ctx context.Context) (said templates.Told, err error) {
		to, err := d.drive(drive)
		if err != nil {
			return driveSays(err), err
		}
		c := d.carrying()
		if err := courier.TakeCard(ctx, c, to); err != nil {
			return driveSays(err), err
		}
		if _, err := courier.TakeReceipts(ctx, c, to); err != nil {
			return driveSays(err), err
		}
		p, err := courier.WriteParcel(ctx, c, to)
		switch {
		case errors.Is(err, courier.ErrNothing):
			return templates.Told{VI: "Không có gì mới: trung tâm đã xác nhận tất cả.", EN: "Nothing is new: the centre has signed for everything."}, nil
		case err != nil:
			return driveSays(err), err
		}
		return templates.Told{
			VI: fmt.Sprintf("Đã ghi gói %s ra USB: %d tệp, %s. Bấm THÁO AN TOÀN trước khi rút, mang về trung tâm rồi đem USB về để đọc biên nhận.", filepath.Base(p.Path), p.Files, templates.Bytes(p.Bytes)),
			EN: fmt.Sprintf("Wrote the parcel %s: %d files, %s. Press EJECT SAFELY before taking it out; bring the drive back with the receipt.", filepath.Base(p.Path), p.Files, templates.Bytes(p.Bytes)),
		}, nil
	})
}

// TakeReceipts reads what the centre left on a drive.
func (d *device) TakeReceipts(drive string) error {
	doing := templates.Told{VI: "Đang đọc biên nhận trên USB…", EN: "Reading receipts…"}
	return d.begin(doing, func(ctx context.Context) (said templates.Told, err error) {
		from, err := d.drive(drive)
		if err != nil {
			return driveSays(err), err
		}
		n, err := courier.TakeReceipts(ctx, d.carrying(), from)
		switch {
		case err != nil:
			return driveSays(err), err
		case n == 0:
			return templates.Told{VI: "Trên USB này chưa có biên nhận nào của trung tâm cho phòng này.", EN: "No receipt for this room lies on this drive."}, nil
		}
		return templates.Told{VI: fmt.Sprintf("Đã nhận %d biên nhận của trung tâm.", n), EN: fmt.Sprintf("%d receipts of the centre came home.", n)}, nil
	})
}

// Eject lets go of a drive: everything is on it, and it is not mounted any more.
func (d *device) Eject(drive string) error {
	doing := templates.Told{VI: "Đang tháo USB. Chưa được rút.", EN: "Ejecting. Leave the drive in."}
	return d.begin(doing, func(context.Context) (templates.Told, error) {
		path, err := d.drive(drive)
		if err != nil {
			return driveSays(err), err
		}
		if err := flush(path); err != nil {
			return driveSays(err), err
		}
		switch err := unix.Unmount(path, 0); {
		case errors.Is(err, unix.EPERM):
			return templates.Told{VI: "Mọi dữ liệu đã nằm trên USB, nhưng phòng họp không có quyền tháo. Hãy bấm tháo (Eject) trong hệ điều hành rồi mới rút.",
				EN: "Everything is on the drive, but the room may not unmount it. Eject it in the operating system before taking it out."}, err
		case err != nil:
			return templates.Told{VI: "USB đang được dùng nên chưa tháo được. Đóng các tệp đang mở trên USB rồi bấm lại.", EN: "The drive is in use. Close what is open on it and press again."}, err
		}
		return templates.Told{VI: "Đã tháo an toàn. Rút USB được rồi.", EN: "The drive may be taken out."}, nil
	})
}

// flush waits until all that was written to a drive is on it.
func flush(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = unix.Syncfs(int(dir.Fd()))
	return errors.Join(err, dir.Close())
}

var (
	errNoDrive = errors.New("there is no such drive")
	errPulled  = errors.New("the drive is not plugged in")
)

// drive is a path that is a drive's, and nothing else.
func (d *device) drive(path string) (string, error) {
	for _, m := range d.media() {
		if m.Path == path {
			return path, nil
		}
	}
	return "", errPulled
}

func (d *device) carrying() courier.Config {
	return carrying(d.h.journal, d.h.papers, d.h.receipts, d.h.room.State().House.Name(), d.h.log)
}

// driveSays says what is wrong with a drive; nothing where it is not the drive.
func driveSays(err error) templates.Told {
	for _, known := range []struct {
		err    error
		vi, en string
	}{
		{errPulled, "USB này không còn cắm. Cắm lại, chờ hiện tên rồi bấm lại.", "The drive is not plugged in any more. Plug it in and press again."},
		{errNoDrive, "Chưa có nơi sao lưu. Cắm USB, hoặc đặt PHONGHOP_BACKUP.", "There is nowhere to back up to. Plug a drive in, or set PHONGHOP_BACKUP."},
		{backup.ErrRecovery, "Chưa có khóa phục hồi. Bấm TẠO KHÓA PHỤC HỒI trước.", "Make the recovery key first."},
		{store.ErrFull, "Không đủ chỗ để ghi. Không có gì bị ghi đè; dọn bớt hoặc dùng ổ khác.", "There is not enough space. Nothing was overwritten; free some, or use another drive."},
		{unix.EROFS, "USB chỉ cho đọc. Gạt khóa ghi trên USB, hoặc dùng USB khác.", "The drive is read-only. Use another."},
		{fs.ErrPermission, "Phòng họp không có quyền ghi lên ổ này. Dùng USB định dạng FAT hoặc exFAT, hoặc chỉnh quyền.", "The room may not write there. Use a FAT or exFAT drive, or change the rights."},
		{unix.EIO, "USB lỗi khi đọc hoặc ghi. Dùng USB khác.", "The drive fails. Use another."},
	} {
		if errors.Is(store.Full(err), known.err) {
			return templates.Told{VI: known.vi, EN: known.en}
		}
	}
	if errors.Is(err, courier.ErrUnpaired) {
		return templates.Told{VI: "Chưa ghép nối với trung tâm và trên USB không có thẻ của trung tâm. Ghép nối ở trang này, hoặc lấy thẻ ở trung tâm ra USB.", EN: "No centre is paired, and its card is not on the drive. Pair here, or have the centre write its card."}
	}
	return templates.Told{}
}
