package checkup

import (
	"fmt"
	"time"

	"phonghop/viet"
)

// What is still good.
const (
	freeLow  = 5 << 30
	freeAct  = 1 << 30
	syncSlow = 30 * time.Millisecond
	syncAct  = 500 * time.Millisecond
	driftLow = 2 * time.Minute
	driftAct = time.Hour
	certSoon = 30 * 24 * time.Hour
	oldAfter = 2 * 24 * time.Hour // a backup, when something is new since
	oldAct   = 7 * 24 * time.Hour
	offline  = 3 * 24 * time.Hour // entries nobody has signed for
)

// Judge says of each thing how it is and what to do.
func Judge(f Facts) []Finding {
	all := []Finding{disk(f), speed(f), reserve(f), record(f), papers(f), clock(f)}
	if f.Cert != nil {
		all = append(all, certificate(f))
	}
	all = append(all, copies(f), recovery(f), centre(f))
	if f.Desk != nil {
		all = append(all, tablets(*f.Desk), waiting(*f.Desk))
	}
	return append(all, office(f), version(f))
}

func disk(f Facts) Finding {
	out := Finding{Name: "disk", Title: Sentence{"Ổ đĩa", "Disk"}, Figure: fmt.Sprintf("%s / %s", Size(f.Disk.Free), Size(f.Disk.Total))}
	switch {
	case f.Disk.Err != nil:
		out.State, out.Figure = Act, ""
		out.Say = Sentence{"Không đọc được tình trạng ổ đĩa.", "The disk cannot be asked."}
		out.Do = Sentence{"Kiểm tra quyền của thư mục dữ liệu, rồi xem nhật ký của hệ điều hành.", "Check the rights of the data folder, then the system’s log."}
	case f.Disk.Memory:
		out.State = Attention
		out.Say = Sentence{"Thư mục dữ liệu nằm trong bộ nhớ, không phải trên đĩa: mất điện là mất hết.", "The data folder lies in memory, not on a disk: it is gone with the power."}
		out.Do = Sentence{"Chuyển thư mục dữ liệu sang ổ đĩa thật.", "Move the data folder to a real disk."}
	case f.Disk.Free < freeAct:
		out.State = Act
		out.Say = Sentence{"Ổ đĩa sắp đầy.", "The disk is almost full."}
		out.Do = Sentence{"Chuyển các tệp không thuộc phòng họp đi nơi khác trước phiên họp tới.", "Move files that are not the room’s elsewhere before the next session."}
	case f.Disk.Free < freeLow:
		out.State = Attention
		out.Say = Sentence{"Ổ đĩa còn ít chỗ.", "The disk has little room left."}
		out.Do = Sentence{"Dọn bớt tệp cũ, hoặc thay ổ đĩa lớn hơn.", "Clear old files away, or fit a larger disk."}
	default:
		out.State = OK
		out.Say = Sentence{"Ổ đĩa còn đủ chỗ.", "There is room on the disk."}
	}
	return out
}

func speed(f Facts) Finding {
	out := Finding{Name: "sync", Title: Sentence{"Tốc độ ghi bền", "Durable writes"}, State: OK, Say: Sentence{"Ổ đĩa ghi bền đủ nhanh cho biểu quyết.", "The disk writes fast enough for votes."}}
	switch took := f.Disk.Sync; {
	case took == 0:
		out.State = Attention
		out.Say = Sentence{"Không ghi thử được lên ổ đĩa.", "A trial write did not succeed."}
		out.Do = Sentence{"Chạy lệnh kiểm tra bằng tài khoản của phòng họp, rồi kiểm tra ổ đĩa.", "Run this as the room’s user, then check the disk."}
		return out
	case took > syncAct:
		out.State = Act
		out.Say = Sentence{"Ổ đĩa ghi bền rất chậm: mỗi phiếu phải chờ lâu mới được ghi.", "The disk is very slow: every ballot waits."}
		out.Do = Sentence{"Thay ổ đĩa, hoặc chuyển dữ liệu sang ổ SSD.", "Replace the disk, or move the data to an SSD."}
	case took > syncSlow:
		out.State = Attention
		out.Say = Sentence{"Ổ đĩa ghi bền hơi chậm.", "The disk is rather slow."}
		out.Do = Sentence{"Nên dùng ổ SSD; không đặt dữ liệu trên thẻ nhớ.", "Use an SSD, not a memory card."}
	}
	out.Figure = viet.Decimal(float64(f.Disk.Sync.Microseconds())/1000, 1) + " ms"
	return out
}

func reserve(f Facts) Finding {
	out := Finding{Name: "reserve", Title: Sentence{"Phần đĩa dự phòng", "Reserve"}, State: OK, Say: Sentence{"Có chỗ dự phòng để bế mạc được cả khi đĩa đầy.", "Space is laid aside for closing a session on a full disk."}}
	if !f.Disk.Reserve {
		out.State = Act
		out.Say = Sentence{"Chỗ dự phòng đã dùng hết vì đĩa đầy.", "The reserve was given up: the disk has been full."}
		out.Do = Sentence{"Dọn ổ đĩa rồi khởi động lại phòng họp; chỗ dự phòng tự có lại.", "Free space and start the room again; it is laid aside by itself."}
	}
	return out
}

func clock(f Facts) Finding {
	out := Finding{Name: "clock", Title: Sentence{"Đồng hồ", "Clock"}, State: OK, Figure: viet.Clock(f.Now) + " " + viet.Date(f.Now)}
	wrong := Sentence{"Chỉnh đồng hồ của máy, hoặc nối máy vào mạng có máy chủ giờ; kiểm tra pin của bo mạch.", "Set the clock, or connect a time server; check the board’s battery."}
	ahead := func(t time.Time) bool { return t.After(f.Now.Add(driftLow)) }
	drift := time.Duration(0)
	if f.Clock.Drift != nil {
		drift = *f.Clock.Drift
	}
	switch {
	case !f.Built.IsZero() && f.Now.Before(f.Built):
		out.State, out.Do = Act, wrong
		out.Say = Sentence{"Đồng hồ chỉ ngày trước khi phần mềm này ra đời.", "The clock says a day before this program was made."}
	case ahead(f.Clock.Entry):
		out.State, out.Do = Act, wrong
		out.Say = Sentence{"Đồng hồ chậm hơn mục cuối của nhật ký phiên họp (" + moment(f.Clock.Entry) + ").", "The clock is behind the newest entry (" + moment(f.Clock.Entry) + ")."}
	case ahead(f.Clock.Receipt):
		out.State, out.Do = Act, wrong
		out.Say = Sentence{"Đồng hồ chậm hơn biên nhận của trung tâm (" + moment(f.Clock.Receipt) + ").", "The clock is behind the centre’s receipt (" + moment(f.Clock.Receipt) + ")."}
	case ahead(f.Clock.File):
		out.State, out.Do = Attention, wrong
		out.Say = Sentence{"Có tệp dữ liệu mang giờ trong tương lai: đồng hồ đã từng bị chỉnh.", "A file carries a time still to come: the clock was changed."}
	case drift.Abs() >= driftLow:
		out.State, out.Do = Attention, wrong
		if drift.Abs() >= driftAct {
			out.State = Act
		}
		out.Say = Sentence{"Đồng hồ lệch " + viet.Duration(drift.Abs()) + " so với trung tâm.", "The clock is " + drift.Abs().Round(time.Second).String() + " away from the centre’s."}
	case f.Clock.Drift != nil:
		out.Say = Sentence{"Đồng hồ khớp với trung tâm.", "The clock agrees with the centre’s."}
	default:
		out.Say = Sentence{"Đồng hồ hợp lý; chưa so được với trung tâm.", "The clock is plausible; it was not yet compared with the centre’s."}
	}
	return out
}

func certificate(f Facts) Finding {
	c := *f.Cert
	out := Finding{Name: "certificate", Title: Sentence{"Chứng thư", "Certificate"}, State: OK, Say: Sentence{"Chứng thư của phòng họp còn hạn.", "The certificate is in force."}}
	again := Sentence{"Khởi động lại phòng họp; chứng thư mới được tự cấp, máy tính bảng không phải cài lại.", "Start the room again; it signs a new one, and tablets need nothing."}
	if c.Given {
		again = Sentence{"Xin chứng thư mới rồi chạy lại với --cert và --key.", "Ask for a new one and start again with --cert and --key."}
	}
	if c.Err != nil {
		out.State, out.Do = Act, again
		out.Say = Sentence{"Không đọc được chứng thư của phòng họp.", "The certificate cannot be read."}
		return out
	}
	out.Figure = viet.Date(c.Until)
	switch {
	case f.Now.After(c.Until):
		out.State, out.Do = Act, again
		out.Say = Sentence{"Chứng thư đã hết hạn: máy tính bảng không vào được.", "The certificate has expired: tablets cannot come in."}
	case f.Now.Before(c.From):
		out.State = Act
		out.Say = Sentence{"Chứng thư chưa có hiệu lực: đồng hồ của máy có thể sai.", "The certificate is not in force yet: the clock may be wrong."}
		out.Do = Sentence{"Chỉnh đồng hồ trước.", "Set the clock first."}
	case c.Until.Sub(f.Now) < certSoon && c.Given:
		out.State, out.Do = Attention, again
		out.Say = Sentence{"Chứng thư sắp hết hạn.", "The certificate ends soon."}
	case c.Until.Sub(f.Now) < 7*24*time.Hour:
		out.State, out.Do = Attention, again
		out.Say = Sentence{"Chứng thư sắp hết hạn mà chưa được tự cấp lại.", "The certificate ends soon and was not renewed by itself."}
	}
	return out
}

func moment(t time.Time) string { return viet.Clock(t) + " " + viet.Date(t) }

// Size says a number of bytes.
func Size[N int64 | uint64](n N) string {
	switch x := float64(n); {
	case x >= 1<<40:
		return viet.Decimal(x/(1<<40), 1) + " TB"
	case x >= 1<<30:
		return viet.Decimal(x/(1<<30), 1) + " GB"
	case x >= 1<<20:
		return viet.Decimal(x/(1<<20), 1) + " MB"
	}
	return viet.Number((int64(n)+1023)>>10) + " KB"
}
