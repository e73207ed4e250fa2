package minutes

import (
	"time"

	"phonghop/meeting"
)

// Office is what the head, the signatures and the recipients of a paper say of
// the office, where the session itself does not say it. Empty fields fall back
// to the session's own words.
type Office struct {
	Superior  string   // line above the body's name; "" none
	Body      string   // the issuing body; "" = the session's
	PlaceName string   // "Trà Sơn", for papers that carry place and date
	Notation  string   // "UBND": Số: 12/BB-UBND
	Archive   string   // who keeps copies: "VT, Hồ sơ"
	ForChair  []string // titles of whoever signs for the chair: "TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"
	ChiefName string   // their name
}

// Source is all that a paper may be drawn from.
type Source struct {
	Account meeting.Account
	Office  Office
	Root    string // of the session's log, for the technical page; "" = no such page
	Key     string // fingerprint of the room's key
	Size    int64  // entries the root is of
	Origin  string // name of the log
	Link    string // what the QR code says
	Demo    bool   // BẢN MẪU below every page
	Draft   bool   // DỰ THẢO above every page
	At      time.Time
	Pages   map[meeting.PaperID]int // pages of each paper, where known
}
