package templates

import (
	"net/url"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// The addresses a centre's pages lead to, and the words its figures are told in.

func centreRoomPath(room string) string { return "/rooms/" + room }

func centreSessionPath(room, session string) string {
	return centreRoomPath(room) + "/sessions/" + session
}

func centrePaperPath(room, session string, paper CentrePaper) string {
	return centreSessionPath(room, session) + "/documents/" + paper.Ref + "/" + url.PathEscape(paper.Name)
}

// centreChip is the colour of a state; its word says the same.
func centreChip(s CentreState) string {
	switch s {
	case CentreDamaged:
		return "alarm"
	case CentreEpoch, CentreComing, CentrePapers:
		return "brass live"
	case CentreWhole:
		return "tea live"
	case CentreSilent:
		return "brass"
	}
	return ""
}

func centreStateWord(p Page, r CentreRoom) string {
	if r.State == CentreSilent {
		return p.T("centre.state.silent", centreDay(p, r.Seen))
	}
	return p.T("centre.state." + string(r.State))
}

// centreStateSays is what a state means, and what to do about it.
func centreStateSays(p Page, r CentreRoom) string {
	if r.State == CentreComing {
		return p.T("centre.says.coming", viet.Number(r.Here), viet.Number(r.Signed))
	}
	return p.T("centre.says." + string(r.State))
}

// centreDay is a day in figures; nothing where there is none.
func centreDay(p Page, t time.Time) string {
	switch {
	case t.IsZero():
		return "…"
	case p.Lang == English:
		return t.In(viet.Zone()).Format("2 Jan 2006")
	}
	return viet.Date(t)
}

func centreMoment(p Page, t time.Time) string {
	if t.IsZero() {
		return p.T("centre.never")
	}
	return viet.Clock(t) + ", " + centreDay(p, t)
}

// centreToday is the day as a heading.
func centreToday(p Page) string {
	if p.Lang == English {
		return p.Now.In(viet.Zone()).Format("Monday, 2 January 2006")
	}
	return viet.LongDate(p.Now)
}

func centreSessionName(p Page, s CentreSession) string {
	if s.Header.Number == 0 && s.Header.Title == "" {
		return p.T("centre.session.unnamed")
	}
	return SessionName(p.Lang, s.Header)
}

// SessionName is what people call a session: its title, or its kind and number.
func SessionName(l Lang, h meeting.Header) string { return sessionName(Page{Lang: l}, h) }

func centreReceiptWords(p Page, r CentreReceipt) string {
	if r.Number == "" {
		return p.T("centre.receipt.none")
	}
	return p.T("centre.receipt.some", r.Number, centreMoment(p, r.At))
}

// centreEntries is how many entries are here of those signed.
func centreEntries(s CentreSession) string {
	if s.Here >= s.Signed {
		return viet.Number(s.Here)
	}
	return viet.Number(s.Here) + " / " + viet.Number(s.Signed)
}

// centreLogName is what people call a log.
func centreLogName(p Page, own bool, h meeting.Header) string {
	if own {
		return p.T("centre.own-log")
	}
	return centreSessionName(p, CentreSession{Header: h})
}

// centrePhaseWord is how far a session has come; of one that is still on its way
// nobody here knows.
func centrePhaseWord(p Page, s CentreSession) string {
	if s.Here < s.Signed {
		return p.T("centre.session.coming")
	}
	return p.T("centre.phase." + string(s.Phase))
}

// centreNone says that there is none of something, where all has come.
func centreNone(p Page, s CentreSessionPage, key string) string {
	if s.Here < s.Signed {
		return p.T("centre.session.not-yet")
	}
	return p.T(key)
}

func centreVerdict(p Page, v meeting.VoteView) string {
	switch {
	case v.State == meeting.VoteAnnuled:
		return p.T("centre.vote.annulled")
	case v.State == meeting.VoteOpen:
		return p.T("centre.vote.open")
	case v.Result.Outcome == rules.Passed:
		return p.T("centre.vote.carried")
	}
	return p.T("centre.vote.lost")
}

func centreCounts(p Page, v meeting.VoteView) string {
	return p.T("centre.vote.counts", v.Result.For, v.Result.Against, v.Result.Abstain, v.Result.Need)
}

func centreMotion(p Page, v meeting.VoteView) string {
	if v.Hidden || v.Motion == "" {
		return p.T("centre.withheld")
	}
	return v.Motion
}

func centrePaperName(p Page, paper CentrePaper) string {
	if paper.Name == "" {
		return p.T("centre.paper.unnamed")
	}
	return paper.Name
}

// centrePaperFacts is where a paper belongs, which version it is, its size, and
// that it was read again.
func centrePaperFacts(p Page, paper CentrePaper) string {
	var item, version, same string
	if paper.Item > 0 {
		item = p.T("centre.item", paper.Item)
	}
	if paper.Version > 1 {
		version = p.T("centre.paper.version", paper.Version)
	}
	if paper.Checked {
		same = p.T("centre.paper.checked")
	}
	return joinNonEmpty(", ", item, version, Bytes(paper.Size), same)
}

func centreOrphanWords(p Page, o CentreOrphan) string {
	name := centreLogName(p, o.Own, o.Header)
	if o.Whole {
		return p.T("centre.room.orphan.whole", name, o.Size, o.Epoch)
	}
	return p.T("centre.room.orphan", name, o.Size, o.From, o.Epoch)
}

func centreFiledName(p Page, f CentreFiled) string {
	switch {
	case f.Back:
		return p.T("centre.filed.back", centreMoment(p, f.At))
	case f.Of == 0:
		return p.T("centre.filed.closing", centreMoment(p, f.At))
	}
	return p.T("centre.filed.lock", f.Of, centreMoment(p, f.At))
}

func centreHitPlace(p Page, h CentreHit) string {
	if h.Number > 0 {
		return p.T("centre.hit."+h.What+".n", h.Number)
	}
	return p.T("centre.hit." + h.What)
}

// centreRoomHolds is how many sessions of a room are here, and what room it is.
func centreRoomHolds(p Page, r CentreRoom) string {
	sample := ""
	if r.Sample {
		sample = p.T("centre.sample")
	}
	return joinNonEmpty(", ", p.T("centre.sessions.n", r.Sessions), sample)
}

func centreRoomCount(p Page, n int) string { return p.T("centre.rooms.n", n) }

// centreTook is how long something took, to a tenth of a second.
func centreTook(p Page, d time.Duration) string {
	if d < 100*time.Millisecond {
		return p.T("centre.instant")
	}
	return p.T("centre.seconds", viet.Decimal(d.Seconds(), 1))
}

func centreWrongAt(p Page, l CentreLogCheck) string {
	if l.Entry < 0 {
		return p.T("centre.check.log-bad")
	}
	return p.T("centre.check.entry", l.Entry)
}
