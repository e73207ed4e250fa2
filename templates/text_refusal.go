package templates

import (
	"errors"

	"phonghop/meeting"
)

// Refusal is the sentence for a rule that said no, or for a room that can take
// nothing. A Counted refusal's sentence holds its number.
func Refusal(l Lang, err error) string {
	var counted *meeting.Counted
	if errors.As(err, &counted) {
		if allTexts[refusalKey(counted.Refusal)+".n"] != nil {
			return l.T(refusalKey(counted.Refusal)+".n", counted.N)
		}
	}
	var r meeting.Refusal
	if errors.As(err, &r) {
		return l.T(refusalKey(r))
	}
	return l.T("refusal.other")
}

func refusalKey(r meeting.Refusal) string { return "refusal." + string(r) }

// refusalText holds a sentence for every refusal; those ending in .n hold the
// number a Counted refusal brings.
var refusalText = texts{
	{"refusal.other", "Không thực hiện được việc này.", "This cannot be done."},
	{"refusal.not-allowed", "Việc này không thuộc quyền của người đang dùng máy.", "The person at this tablet may not do this."},
	{"refusal.stale", "Phiên họp đã sang bước khác. Xin xem lại màn hình rồi bấm lại nếu cần.", "The session has moved on. Please look again, then press if still needed."},
	{"refusal.not-present", "Chưa điểm danh có mặt. Xin bấm CÓ MẶT trước.", "Not marked present yet. Please press PRESENT first."},
	{"refusal.no-vote", "Người này không biểu quyết trong phiên họp.", "This person does not vote in the session."},
	{"refusal.no-such-vote", "Không có cuộc biểu quyết này.", "There is no such vote."},
	{"refusal.no-such-item", "Không có nội dung này trong chương trình.", "There is no such item on the agenda."},
	{"refusal.no-such-person", "Không có người này trong danh sách dự họp.", "This person is not on the list of attendees."},
	{"refusal.no-such-paper", "Không có tài liệu này, hoặc tài liệu đã được thu lại.", "There is no such paper, or it was withdrawn."},
	{"refusal.no-such-entry", "Không có dòng này trong nhật ký phiên họp.", "There is no such line in the journal."},
	{"refusal.vote-closed", "Cuộc biểu quyết đã đóng, không nhận thêm phiếu.", "The vote is closed; no more ballots are taken."},
	{"refusal.vote-annulled", "Cuộc biểu quyết này đã bị hủy. Xin chờ chủ tọa mở lại.", "This vote was annulled. Please wait for the chair to open another."},
	{"refusal.vote-running", "Đang biểu quyết. Cần đóng cuộc biểu quyết trước.", "A vote is open. Close it first."},
	{"refusal.unvoted", "Còn thành viên có mặt chưa bỏ phiếu.", "Some members present have not voted."},
	{"refusal.unvoted.n", "Còn %d người có mặt chưa bỏ phiếu.", "%d members present have not voted."},
	{"refusal.unknown-choice", "Lựa chọn này không có trong cuộc biểu quyết.", "The vote has no such choice."},
	{"refusal.unknown-form", "Phần mềm chưa có hình thức biểu quyết này.", "This program does not have that form of vote."},
	{"refusal.bad-n", "Số thứ tự lần bấm không hợp lệ. Xin tải lại trang.", "The number of the tap is not valid. Please reload the page."},
	{"refusal.no-change", "Theo quy định của phiên họp, phiếu đã ghi thì không đổi được.", "By the rules of this session a recorded ballot cannot be changed."},
	{"refusal.not-quorate", "Chưa đủ số thành viên có mặt theo quy định.", "Too few members are present by the rules."},
	{"refusal.not-quorate.n", "Chưa đủ số thành viên có mặt theo quy định, cần ít nhất %d người.", "Too few members are present; at least %d are needed."},
	{"refusal.not-preparing", "Phiên họp đã khai mạc, không sửa phần này được nữa.", "The session has opened; this can no longer be changed."},
	{"refusal.not-sitting", "Phiên họp chưa khai mạc.", "The session is not open."},
	{"refusal.in-recess", "Phiên họp đang giải lao.", "The session is in recess."},
	{"refusal.not-in-recess", "Phiên họp không ở trong giờ giải lao.", "The session is not in recess."},
	{"refusal.session-over", "Phiên họp đã bế mạc.", "The session has ended."},
	{"refusal.session-in-room", "Phiên họp hiện tại chưa bế mạc, chưa lập phiên mới được.", "The present session has not closed; a new one cannot be prepared yet."},
	{"refusal.no-session", "Chưa có phiên họp nào được lập.", "No session has been prepared yet."},
	{"refusal.no-item-open", "Chưa mở nội dung nào.", "No item is open."},
	{"refusal.item-open", "Nội dung khác đang được mở.", "Another item is open."},
	{"refusal.item-over", "Nội dung này đã kết thúc hoặc đã hoãn.", "This item is done or deferred."},
	{"refusal.item-begun", "Nội dung này đã mở, không làm việc này được nữa.", "This item has been opened; it is too late for this."},
	{"refusal.already-asked", "Đã đăng ký phát biểu rồi.", "Already registered to speak."},
	{"refusal.not-asking", "Chưa đăng ký phát biểu.", "Not registered to speak."},
	{"refusal.nobody-speaks", "Hiện không có ai đang phát biểu.", "Nobody is speaking now."},
	{"refusal.may-not-speak", "Theo quy định của phiên họp, người này không đăng ký phát biểu.", "By the rules of this session this person does not ask for the floor."},
	{"refusal.too-long", "Nội dung nhập quá dài.", "The text is too long."},
	{"refusal.too-long.n", "Nội dung nhập quá dài, nhiều nhất %d ký tự.", "The text is too long; at most %d characters."},
	{"refusal.too-many", "Quá số lượng cho phép.", "Too many."},
	{"refusal.too-many.n", "Quá số lượng cho phép, nhiều nhất %d.", "Too many; at most %d."},
	{"refusal.missing", "Cần nhập nội dung.", "A text is needed."},
	{"refusal.missing-reason", "Cần ghi lý do.", "A reason is needed."},
	{"refusal.bad-header", "Thiếu số phiên, tên cơ quan hoặc thời gian họp.", "The number, the body or the time of the session is missing."},
	{"refusal.bad-rules", "Bộ quy tắc không hợp lệ.", "The rule set is not valid."},
	{"refusal.seat-taken", "Ghế này đã có người.", "This seat is taken."},
	{"refusal.second-chair", "Một phiên họp chỉ có một chủ tọa.", "A session has one chair."},
	{"refusal.no-chair", "Phiên họp chưa có chủ tọa.", "The session has no chair yet."},
	{"refusal.no-members", "Phiên họp chưa có thành viên nào.", "The session has no members yet."},
	{"refusal.no-items", "Chương trình họp chưa có nội dung nào.", "The agenda has no items yet."},
	{"refusal.person-acts", "Người này đã tham gia phiên họp, không đưa ra khỏi danh sách được.", "This person has taken part; they cannot be taken off the list."},
	{"refusal.last-secretary", "Phiên họp cần ít nhất một thư ký.", "A session needs at least one secretary."},
	{"refusal.must-be-member", "Chỉ thành viên có quyền biểu quyết mới chủ trì được.", "Only a voting member can preside."},
	{"refusal.undo-too-late", "Đã quá 10 giây, không thu lại được. Xin dùng đính chính.", "10 seconds have passed. Please use a correction."},
	{"refusal.undo-rested", "Đã có việc khác dựa vào thao tác này, không thu lại được.", "Something already rests on this; it cannot be taken back."},
	{"refusal.undo-never", "Phiếu, kết quả biểu quyết và việc bế mạc không thu lại được.", "Ballots, results and closings cannot be taken back."},
	{"refusal.undo-others", "Chỉ người đã làm mới thu lại được.", "Only whoever did it can take it back."},
	{"refusal.already-founded", "Phòng họp này đã được lập.", "This room has been founded already."},
	{"refusal.paper-recalled", "Tài liệu này đã được thu hồi khi phiên họp bế mạc.", "This paper was recalled when the session closed."},
	{"refusal.bad-readers", "Cần chọn người được đọc tài liệu này trong danh sách dự họp.", "Please name, from the list of attendees, who may read this paper."},
	{"refusal.bad-pages", "Số trang của tài liệu không hợp lệ.", "The page numbers of the paper are not valid."},
	{"refusal.no-such-place", "Không có phần này trong biên bản.", "There is no such part in the minutes."},
	{"refusal.no-such-turn", "Không có lượt phát biểu này.", "There is no such speech."},
	{"refusal.not-your-words", "Đây không phải là ý kiến phát biểu của người đang dùng máy.", "This is not the speech of the person at this tablet."},
	{"refusal.nothing-proposed", "Chưa có đề nghị chỉnh sửa nào cho ý kiến phát biểu này.", "No change of this speech has been proposed."},
	{"refusal.not-closed", "Phiên họp chưa bế mạc, chưa làm việc này được.", "The session has not closed yet; it is too early for this."},
	{"refusal.minutes-locked", "Biên bản đã khóa, không sửa được nữa.", "The minutes are locked and can no longer be changed."},
	{"refusal.minutes-not-locked", "Biên bản chưa khóa.", "The minutes are not locked yet."},
	{"refusal.record-sealed", "Hồ sơ phiên họp đã niêm phong, không ghi thêm được nữa.", "The record of the session is sealed; nothing more can be added."},
	{"refusal.not-the-chair", "Chỉ người chủ trì khi bế mạc mới xác nhận được với tư cách chủ tọa.", "Only whoever presided at closing can confirm as chair."},
	{"refusal.not-filed", "Đây không phải là biên bản đã lưu của lần khóa hiện tại.", "These are not the filed minutes of the present lock."},
	{"refusal.bad-file", "Thông tin về tệp không hợp lệ.", "What is said of the file is not valid."},
	{"refusal.no-such-task", "Không có nhiệm vụ này.", "There is no such task."},
	{"refusal.bad-task", "Trạng thái, thời hạn hoặc tỷ lệ hoàn thành của nhiệm vụ không hợp lệ.", "The state, the due date or the percentage of the task is not valid."},
	{"refusal.key-of-another", "Yêu cầu này trùng với yêu cầu của người khác. Xin tải lại trang.", "This request collides with somebody else's. Please reload the page."},
}
