// Package meeting is the law of the room: what may happen in a session, what
// follows from it, and who sees what.
//
// A [Session] is a value made by folding the entries of one journal log. Verbs
// (Cast, OpenVote, AskFloor, MarkPresent, ...) take the time and the person as
// arguments and answer with the [Event]s to be recorded, or with a [Refusal].
// A verb never changes the session; [Session.Apply] does, once the journal has
// given the event its number, and Apply never fails. Nothing here reads a clock,
// a disk or a network, so a replay years later gives the same session.
//
// # The words
//
// One English word a Vietnamese term, in code, journal and interface alike:
//
//	Session     phiên họp              Item        nội dung (mục)
//	Agenda      chương trình           Paper       tài liệu
//	Member      thành viên, đại biểu   Guest       khách mời
//	Substitute  người dự thay          Chair       chủ tọa
//	Secretary   thư ký                 Presiding   người đang chủ trì
//	Seat        chỗ ngồi (tablet)      Roll        điểm danh
//	Present     có mặt                 Away        vắng
//	Floor       phát biểu              Ask, Give   đăng ký, mời phát biểu
//	Yield       kết thúc phát biểu     Opinion     ý kiến bằng văn bản
//	Vote        cuộc biểu quyết        Ballot      phiếu của một người
//	Tally       kết quả                Conclusion  kết luận
//	Recess      giải lao               In-camera   họp kín
//	Record      diễn biến              Annul       hủy cuộc biểu quyết
//
// "Session" is never a browser's login (that is a seat); a "vote" is the
// question, a "ballot" one person's answer.
//
// # Who may do what
//
// The table is [May]; the README prints the same one. The secretary may do all
// that the chair may, except confirm as chair and break a tie.
package meeting
