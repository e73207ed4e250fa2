package courier

import (
	"context"
	"errors"
	"fmt"
	"net"

	"phonghop/store"
	"phonghop/sync/letters"
)

// Sentence says what went wrong and what to do, in Vietnamese and in English. It
// is never empty for an error.
func Sentence(err error) (vi, en string) {
	var refusal *letters.Refusal
	var ahead *Ahead
	switch {
	case errors.As(err, &refusal):
		return refused(refusal)
	case errors.As(err, &ahead):
		return fmt.Sprintf("Trung tâm đang giữ %d mục của phiên này, máy này chỉ có %d: thư mục dữ liệu ở đây là bản cũ. Không gửi gì. Hãy dùng thư mục mới nhất, hoặc phục hồi bằng \"phonghop restore\".", ahead.Held, ahead.Here),
			fmt.Sprintf("The centre holds %d entries of log %s and this box %d: the data folder here is an older copy. Nothing was sent. Use the newest folder, or \"phonghop restore\".", ahead.Held, ahead.Log, ahead.Here)
	}
	for _, known := range sentences() {
		if errors.Is(err, known.err) {
			return known.vi, known.en
		}
	}
	var down net.Error
	if errors.As(err, &down) {
		return "Chưa nối được với trung tâm. Dữ liệu vẫn an toàn trên máy này và sẽ tự gửi khi có đường truyền.",
			"The centre cannot be reached. Everything is safe on this box and goes by itself when there is a line."
	}
	return "Việc gửi bị ngắt giữa chừng. Phần đã đến nơi được giữ, lần sau gửi tiếp từ đó.",
		"Delivery broke off. What has arrived is kept; the next time goes on from there."
}

func refused(r *letters.Refusal) (vi, en string) {
	vi, en = r.Message, "The centre refuses: "+string(r.Name)+"."
	if r.Entry >= 0 && r.Log != "" {
		vi += fmt.Sprintf(" (nhật ký %s, mục %d)", r.Log, r.Entry)
		en += fmt.Sprintf(" (log %s, entry %d)", r.Log, r.Entry)
	}
	return vi, en
}

func sentences() []struct {
	err    error
	vi, en string
} {
	return []struct {
		err    error
		vi, en string
	}{
		{ErrUnpaired, "Chưa ghép nối với trung tâm. Hãy lấy mã ở trung tâm rồi chạy \"phonghop sync --centre ĐỊA_CHỈ --code MÃ\".", "No centre is paired. Take a code at the centre and run \"phonghop sync --centre URL --code CODE\"."},
		{ErrLost, "Một tài liệu của phiên họp không còn trên máy này. Hãy phục hồi thư mục documents từ bản sao lưu rồi gửi lại.", "A paper of the session is gone from this box. Restore the folder documents from a backup and send again."},
		{ErrStranger, "Máy chủ trả lời ở địa chỉ này không phải trung tâm đã ghép nối. Không gửi gì. Hãy hỏi người quản trị trước khi ghép nối lại.", "The server at this address is not the centre that was paired. Nothing was sent. Ask its administrator before pairing again."},
		{letters.ErrCode, "Mã ghép nối gồm 8 chữ (trên máy này) hoặc 34 chữ và số (qua mạng). Hãy nhập lại đúng như trung tâm in ra.", "A pairing code has 8 letters (on this computer) or 34. Type it as the centre printed it."},
		{store.ErrFull, "Đĩa của máy này đã đầy. Hãy giải phóng chỗ rồi gửi lại.", "The disk of this box is full. Free space and send again."},
		{context.Canceled, "Đã dừng gửi. Phần đã đến nơi được giữ, lần sau gửi tiếp từ đó.", "Stopped. What has arrived is kept; the next time goes on from there."},
	}
}
