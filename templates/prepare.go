package templates

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"phonghop/meeting"
	"phonghop/rules"
	"phonghop/viet"
)

// Start is what the page shows on which a new session is made.
type Start struct {
	Header meeting.Header // proposed
	Sets   []rules.Set
	Chosen string // name of the rule set
	Last   int    // number of the session that can be copied; 0 = none
	Key    string
}

// headerForm is the part of a form that says which session it is.
type headerForm struct {
	Header meeting.Header
	Sets   []rules.Set
	Chosen string
}

// kindsOf are the kinds of session a secretary can choose.
func kindsOf() []string { return []string{"regular", "thematic", "urgent"} }

func isoDate(h meeting.Header) string {
	if h.Starts.IsZero() {
		return ""
	}
	return h.Starts.In(viet.Zone()).Format(time.DateOnly)
}

func isoTime(h meeting.Header) string {
	if h.Starts.IsZero() {
		return ""
	}
	return h.Starts.In(viet.Zone()).Format("15:04")
}

func describeRules(p Page, s rules.Set) string {
	if p.Lang == English {
		return s.DescribeEnglish()
	}
	return s.Describe()
}

// before is the item in front of an item, for moving it up by one.
func before(v meeting.View, i int) string {
	if i == 0 {
		return ""
	}
	return string(v.Agenda[i-1].ID)
}

// afterNext is what an item goes in front of when it moves down by one.
func afterNext(v meeting.View, i int) string {
	if i+2 < len(v.Agenda) {
		return string(v.Agenda[i+2].ID)
	}
	return ""
}

// Bytes says a size as people read it: "1,2 MB".
func Bytes(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return viet.Number(n>>20) + " MB"
	case n >= 1<<20:
		return viet.Decimal(float64(n)/(1<<20), 1) + " MB"
	case n >= 1<<10:
		return strconv.FormatInt(n>>10, 10) + " KB"
	}
	return strconv.FormatInt(n, 10) + " B"
}

// itemNumbers writes the items a guest attends by number: "3, 5".
func itemNumbers(v meeting.View, ids []meeting.ItemID) string {
	var out []string
	for _, it := range v.Agenda {
		for _, id := range ids {
			if it.ID == id {
				out = append(out, strconv.Itoa(it.Number))
			}
		}
	}
	return strings.Join(out, ", ")
}

// planned is how long the agenda is thought to take, items put off left out.
func planned(v meeting.View) time.Duration {
	minutes := 0
	for _, it := range v.Agenda {
		if it.State != meeting.ItemPutOff {
			minutes += it.Minutes
		}
	}
	return time.Duration(minutes) * time.Minute
}

// roles are the roles a person can be given, as they stand in a list.
func roles() []meeting.Role {
	return []meeting.Role{meeting.RoleMember, meeting.RoleChair, meeting.RoleSecretary, meeting.RoleSubstitute, meeting.RoleGuest}
}

// holdsPIN tells whether somebody's seat asks for a PIN.
func holdsPIN(s meeting.SeatView) bool {
	return s.Presiding || s.Role == meeting.RoleChair || s.Role == meeting.RoleSecretary
}

// joinNonEmpty joins what is there.
func joinNonEmpty(sep string, parts ...string) string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, sep)
}

// paperHref is where a paper is read.
func paperHref(paper meeting.PaperView) string {
	return "/papers/" + string(paper.ID) + "/" + url.PathEscape(paper.Name)
}

// atItem is the address of a form about an item; the browser is led back to
// where that item stands on the page.
func atItem(id meeting.ItemID, verb string) string {
	return "/items/" + string(id) + verb + "#item-" + string(id)
}

func atPerson(id meeting.PersonID, verb string) string {
	return "/people/" + string(id) + verb + "#person-" + string(id)
}

func numberOr(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func secondsOf(n int) time.Duration { return time.Duration(n) * time.Second }

// minutesOf says planned minutes; nothing where none are planned.
func minutesOf(p Page, n int) string {
	if n == 0 {
		return ""
	}
	return p.T("item.minutes.n", n)
}
