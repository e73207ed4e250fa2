package centre

import (
	"errors"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/store"
	"phonghop/sync/letters"
)

// refuse is a refusal in words.
func refuse(name letters.Name) *letters.Refusal {
	return &letters.Refusal{Name: name, Message: sentences()[name], Entry: -1}
}

// sentences are what people at the room's end read, with the next step.
func sentences() map[letters.Name]string {
	return map[letters.Name]string{
		letters.Unknown:   "Trung tâm không biết phòng họp này. Hãy ghép nối lại bằng mã mới của trung tâm.",
		letters.Revoked:   "Trung tâm không còn nhận dữ liệu của phòng họp này. Hãy hỏi người quản trị trung tâm.",
		letters.BadCode:   "Mã ghép nối không đúng, đã dùng hoặc đã quá 30 phút. Hãy lấy mã mới ở trung tâm.",
		letters.Slower:    "Đã nhập sai mã nhiều lần. Hãy chờ một phút rồi nhập lại.",
		letters.Demo:      "Đây là phòng họp mẫu; trung tâm trên mạng không nhận dữ liệu mẫu.",
		letters.Foreign:   "Dữ liệu gửi đến là của phòng họp khác. Hãy kiểm tra thư mục dữ liệu của máy này.",
		letters.Fork:      "Nội dung máy này gửi khác với nội dung trung tâm đã nhận trước đây. Trung tâm giữ bản cũ, không ghi đè. Hãy giữ nguyên máy và báo người quản trị.",
		letters.Gap:       "Trung tâm còn thiếu những mục trước đó. Lần gửi sau sẽ gửi từ chỗ thiếu.",
		letters.Unsigned:  "Phần gửi đến không có chữ ký của phòng họp. Lần gửi sau sẽ gửi lại.",
		letters.Wrong:     "Một mục gửi đến không đúng với chữ ký. Hãy chạy \"phonghop verify\" trên máy này và báo người quản trị.",
		letters.NewEpoch:  "Máy này đã được phục hồi từ bản sao lưu và ký bằng khóa mới. Người quản trị trung tâm cần bấm đồng ý rồi gửi lại.",
		letters.Offset:    "Trung tâm chờ phần khác của tài liệu. Sẽ gửi tiếp từ chỗ đã nhận.",
		letters.Busy:      "Tài liệu này đang được nhận từ nơi khác. Sẽ thử lại.",
		letters.Hash:      "Tài liệu đến nơi sai mã kiểm tra, sẽ gửi lại từ đầu.",
		letters.TooLarge:  "Tài liệu lớn hơn mức trung tâm nhận.",
		letters.Full:      "Đĩa của trung tâm đã đầy. Dữ liệu vẫn an toàn trên máy này; hãy báo người quản trị trung tâm.",
		letters.Malformed: "Trung tâm không đọc được yêu cầu này. Hãy dùng cùng phiên bản phần mềm ở hai đầu.",
	}
}

// refusalOf tells what went wrong as a refusal; ok is false for a fault of ours.
func refusalOf(err error) (r *letters.Refusal, ok bool) {
	var fork *journal.Fork
	var wrong *journal.Wrong
	switch {
	case errors.As(err, &r):
		return r, true
	case errors.As(err, &fork):
		return about(letters.Fork, fork.Log, fork.Seq), true
	case errors.As(err, &wrong):
		return about(letters.Wrong, wrong.Log, wrong.Seq), true
	}
	for _, known := range []struct {
		err  error
		name letters.Name
	}{
		{errForeign, letters.Foreign}, {journal.ErrForeignKey, letters.Foreign},
		{journal.ErrGap, letters.Gap}, {journal.ErrUnsigned, letters.Unsigned}, {journal.ErrNewEpoch, letters.NewEpoch},
		{journal.ErrLog, letters.Malformed}, {store.ErrFull, letters.Full},
		{documents.ErrOffset, letters.Offset}, {documents.ErrBusy, letters.Busy}, {documents.ErrOther, letters.Hash},
		{documents.ErrRef, letters.Malformed}, {documents.ErrTooLarge, letters.TooLarge},
	} {
		if errors.Is(err, known.err) {
			return refuse(known.name), true
		}
	}
	return nil, false
}

func about(name letters.Name, log string, entry int64) *letters.Refusal {
	r := refuse(name)
	r.Log, r.Entry = log, entry
	return r
}
