// Package dossier makes the session file: everything a session leaves behind, as
// files that need no program of ours to be read, and checks such a file, a data
// folder or a journal without the room.
//
// A session file is a folder, or the same folder as one ZIP:
//
//	DOC-TRUOC.txt        what each file is, and how to check it, in plain Vietnamese
//	bien-ban.pdf, .docx  the minutes: the filed bytes once they are filed, else a draft
//	thong-bao-ket-luan.docx, tong-hop-y-kien.docx, bien-ban-kiem-phieu.docx, danh-sach-diem-danh.docx
//	diem-danh, bieu-quyet, phieu, phat-bieu, nhiem-vu as .csv and .xlsx
//	tep-tra-ve/          files of the minutes that came back, as they came
//	tai-lieu/NN/         the papers, as they were received
//	session.json         the account of the session, for programs
//	rules.json           the rule set the votes were counted by
//	events.jsonl         every entry of the log, verbatim, a line each
//	details.jsonl        salt and body of each detail; left out on wish
//	checkpoint.txt       the room's signature over the log
//	bien-nhan.txt        the centre's receipt, where there is one
//	khoa-cong-khai.txt   the room's public keys
//	manifest.sha256      the hash of every file, as sha256sum -c reads it
//
// What it costs to forge: whoever changes a file must change the manifest; an entry,
// the signature; a result, the ballots it was counted from. Without details.jsonl
// the log still verifies and every vote is still counted: words are withheld, not
// missing.
package dossier
