package checkup

import (
	"fmt"
	"time"

	"phonghop/viet"
)

func record(f Facts) Finding {
	r := f.Record
	out := Finding{Name: "record", Title: Sentence{"Nhật ký phiên họp", "Record"}, Figure: viet.Number(r.Entries)}
	keep := Sentence{"Không sửa gì trong thư mục dữ liệu. Giữ nguyên máy, báo đơn vị hỗ trợ, phục hồi từ bản sao lưu vào thư mục khác.", "Change nothing in the data folder. Keep the box as it is, call for help, restore a backup into another folder."}
	switch {
	case r.Err != nil:
		out.State, out.Do, out.Figure = Act, keep, ""
		out.Say = Sentence{"Không đọc được nhật ký.", "The record cannot be read."}
	case r.Wrong != nil:
		out.State, out.Do = Act, keep
		out.Say = Sentence{"Nhật ký không còn đúng như đã ký: " + r.Wrong.Error() + ".", "The record is not what was signed: " + r.Wrong.Error() + "."}
	case r.Verified.IsZero():
		out.State = Quiet
		out.Say = Sentence{"Đang kiểm tra lại toàn bộ nhật ký.", "All of the record is being verified."}
	default:
		out.State = OK
		out.Say = Sentence{"Toàn bộ nhật ký đúng như đã ký, kiểm tra lúc " + moment(r.Verified) + ".", "All of the record is as signed, verified at " + moment(r.Verified) + "."}
	}
	return out
}

func papers(f Facts) Finding {
	p := f.Papers
	out := Finding{Name: "papers", Title: Sentence{"Tài liệu", "Papers"}, State: OK, Figure: viet.Number(int64(p.Named - p.Missing)), Say: Sentence{"Mọi tài liệu có tên trong nhật ký đều có trên máy.", "Every paper the record names is here."}}
	switch {
	case p.Missing > 0:
		out.State = Act
		out.Figure = fmt.Sprintf("%d / %d", p.Named-p.Missing, p.Named)
		out.Say = Sentence{fmt.Sprintf("Thiếu %d tài liệu (%.12s…).", p.Missing, p.First), fmt.Sprintf("%d papers are missing (%.12s…).", p.Missing, p.First)}
		out.Do = Sentence{"Chép lại thư mục documents từ bản sao lưu đã phục hồi.", "Copy the folder documents back from a restored backup."}
	case p.Images > 0:
		out.State = Quiet
		out.Say = Sentence{fmt.Sprintf("Đủ tài liệu; %d ảnh trang sẽ tự dựng lại khi cần.", p.Images), fmt.Sprintf("All papers are here; %d page images are drawn again when needed.", p.Images)}
	}
	return out
}

// copies judges the newest backup by what was entered since, not by its age alone.
func copies(f Facts) Finding {
	b := f.Backup
	out := Finding{Name: "backup", Title: Sentence{"Sao lưu", "Backup"}, State: OK}
	act := Sentence{"Bấm SAO LƯU NGAY, hoặc chạy: phonghop backup --data THƯ_MỤC --to TỆP.", "Press BACK UP NOW, or run: phonghop backup --data DIR --to FILE."}
	since := f.Record.Began // what is not in any backup
	if !b.Last.IsZero() {
		out.Figure, since = moment(b.Last), b.Last
	}
	switch fresh, age := f.Clock.Entry.After(since), f.Now.Sub(since); {
	case b.Err != nil:
		out.State, out.Do = Act, act
		out.Say = Sentence{"Lần sao lưu gần nhất không thành công: " + b.Err.Error() + ".", "The last backup failed: " + b.Err.Error() + "."}
	case b.Last.IsZero():
		out.State, out.Do = Attention, act
		if age > oldAct && !f.Demo {
			out.State = Act
		}
		out.Say = Sentence{"Chưa có bản sao lưu nào.", "There is no backup yet."}
		if b.Dir == "" {
			out.Do = Sentence{"Gắn ổ đĩa thứ hai, đặt PHONGHOP_BACKUP là thư mục trên đó; phòng họp sẽ tự sao lưu mỗi đêm.", "Fit a second disk and set PHONGHOP_BACKUP to a folder on it; the room then backs up each night."}
		}
	case fresh && age > oldAct:
		out.State, out.Do = Act, act
		out.Say = Sentence{fmt.Sprintf("Đã %d ngày không sao lưu, trong khi có nội dung mới.", days(age)), fmt.Sprintf("No backup for %d days, though there are new entries.", days(age))}
	case fresh && age > oldAfter:
		out.State, out.Do = Attention, act
		out.Say = Sentence{fmt.Sprintf("Bản sao lưu đã %d ngày, trong khi có nội dung mới.", days(age)), fmt.Sprintf("The backup is %d days old, and there are new entries.", days(age))}
	case fresh:
		out.Say = Sentence{"Có bản sao lưu gần đây; nội dung mới sẽ được sao lưu đêm nay.", "There is a recent backup; what is new follows tonight."}
		if b.Dir == "" {
			out.Say = Sentence{"Có bản sao lưu gần đây.", "There is a recent backup."}
		}
	default:
		out.Say = Sentence{"Bản sao lưu có đủ mọi nội dung.", "The backup holds everything."}
	}
	return out
}

func recovery(f Facts) Finding {
	out := Finding{Name: "recovery", Title: Sentence{"Khóa phục hồi", "Recovery key"}, State: OK, Say: Sentence{"Khóa phục hồi đã được tạo; bản in phải nằm trong két.", "The recovery key was made; its print belongs in the safe."}}
	if !f.Backup.Recovery {
		out.State = Attention
		out.Say = Sentence{"Chưa có khóa phục hồi, nên chưa sao lưu được.", "There is no recovery key, so nothing can be backed up."}
		out.Do = Sentence{"Vào trang Thiết bị, bấm TẠO KHÓA PHỤC HỒI, in ra và cất vào két.", "On the page Device press MAKE THE RECOVERY KEY, print it and lock it away."}
	}
	return out
}

func centre(f Facts) Finding {
	c := f.Centre
	out := Finding{Name: "centre", Title: Sentence{"Đường về trung tâm", "Line to the centre"}, State: OK}
	if c.Waiting > 0 {
		out.Figure = viet.Number(c.Waiting)
	}
	late := !c.Last.IsZero() && f.Now.Sub(c.Last) > offline
	switch {
	case c.Err != nil:
		out.State = Act
		out.Say = Sentence{"Không đọc được tệp biên nhận.", "The receipts cannot be read."}
		out.Do = Sentence{"Phục hồi receipts.db từ bản sao lưu, hoặc xóa tệp đó rồi ghép nối lại.", "Restore receipts.db from a backup, or remove it and pair again."}
	case !c.Paired:
		out.State = Attention
		out.Say = Sentence{"Chưa ghép nối với trung tâm. Mọi thứ nằm an toàn trên máy này.", "No centre is paired. Everything is safe on this box."}
		out.Do = Sentence{"Lấy mã ở trung tâm, nhập vào trang Thiết bị.", "Take a code at the centre and enter it on the page Device."}
	case c.Waiting == 0:
		out.Say = Sentence{"Trung tâm đã xác nhận tất cả, có biên nhận.", "The centre has signed for everything."}
	case c.Running:
		out.Say = Sentence{"Đang gửi về trung tâm.", "It is being sent to the centre."}
	case c.Sitting:
		out.State = Quiet
		out.Say = Sentence{"Đang họp nên chưa gửi: bình thường. Sẽ tự gửi sau khi bế mạc.", "Nothing is sent during a session, which is normal. It goes by itself afterwards."}
	case late:
		out.State = Attention
		out.Say = Sentence{fmt.Sprintf("Đã %d ngày chưa gửi được về trung tâm.", days(f.Now.Sub(c.Last))), fmt.Sprintf("Nothing has reached the centre for %d days.", days(f.Now.Sub(c.Last)))}
		out.Do = Sentence{"Kiểm tra đường truyền, hoặc xuất ra USB mang về trung tâm.", "Check the line, or carry it to the centre on a stick."}
	default:
		out.State = Quiet
		out.Say = Sentence{"Chưa có đường truyền. Dữ liệu an toàn trên máy này và sẽ tự gửi khi có mạng.", "There is no line. Everything is safe here and goes by itself when there is one."}
	}
	if c.Fault.VI != "" && c.Paired && c.Waiting > 0 && !c.Running && !c.Sitting {
		out.Say = c.Fault
	}
	return out
}

func tablets(d Desk) Finding {
	out := Finding{Name: "tablets", Title: Sentence{"Máy tính bảng", "Tablets"}, State: OK, Figure: fmt.Sprintf("%d / %d", d.Tablets, d.Seats)}
	switch {
	case d.Seats == 0:
		out.State, out.Figure = Quiet, ""
		out.Say = Sentence{"Chưa có phiên họp nào được chuẩn bị.", "No session is being prepared."}
	case d.Tablets == d.Seats:
		out.Say = Sentence{"Mọi chỗ ngồi đều đã nối với phòng họp.", "Every seat is connected."}
	default:
		out.State = Quiet
		out.Say = Sentence{fmt.Sprintf("%d chỗ chưa nối; trước giờ họp là bình thường.", d.Seats-d.Tablets), fmt.Sprintf("%d seats are not connected, which is normal before a session.", d.Seats-d.Tablets)}
	}
	return out
}

func waiting(d Desk) Finding {
	out := Finding{Name: "waiting", Title: Sentence{"Tài liệu đang chờ", "Papers waiting"}, State: OK, Figure: fmt.Sprint(d.Arrivals + d.Undrawn), Say: Sentence{"Không có tài liệu nào đang chờ.", "No papers are waiting."}}
	switch {
	case d.Troubled > 0:
		out.State = Attention
		out.Say = Sentence{fmt.Sprintf("%d tài liệu không dựng được trang.", d.Troubled), fmt.Sprintf("%d papers could not be drawn.", d.Troubled)}
		out.Do = Sentence{"Thư ký mở Chương trình, tài liệu để xem từng lý do.", "The secretary finds the reasons under Agenda, papers."}
	case d.Arrivals+d.Undrawn > 0:
		out.State = Quiet
		out.Say = Sentence{fmt.Sprintf("%d tệp chờ thư ký phát, %d tài liệu đang dựng trang.", d.Arrivals, d.Undrawn), fmt.Sprintf("%d files wait for the secretary, %d papers are being drawn.", d.Arrivals, d.Undrawn)}
	}
	return out
}

func office(f Facts) Finding {
	out := Finding{Name: "office", Title: Sentence{"LibreOffice", "LibreOffice"}, State: OK, Say: Sentence{"Có LibreOffice: dựng được tệp Word, Excel, PowerPoint.", "LibreOffice is here: Word, Excel and PowerPoint can be drawn."}}
	if !f.Office {
		out.State = Attention
		out.Say = Sentence{"Không có LibreOffice: chỉ dựng được PDF và phần chữ của Word.", "LibreOffice is missing: only PDF and the text of Word papers can be drawn."}
		out.Do = Sentence{"Cài LibreOffice, hoặc nộp tài liệu dạng PDF.", "Install LibreOffice, or hand papers in as PDF."}
	}
	return out
}

func version(f Facts) Finding {
	return Finding{Name: "version", Title: Sentence{"Phiên bản", "Version"}, State: OK, Figure: f.Version, Say: Sentence{"Phần mềm đang dùng trên máy này.", "The program on this box."}}
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }
