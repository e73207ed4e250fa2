package minutes

import (
	"errors"
	"slices"
	"time"

	"phonghop/meeting"
	"phonghop/viet"
)

// Prices is what a page, a set of papers and a way to deliver them cost on
// paper. They are estimates that each office sets for itself.
type Prices struct {
	Page     int64   `json:"page"`     // đồng to print or copy one page
	Set      int64   `json:"set"`      // đồng to sort and bind one person's set
	Delivery int64   `json:"delivery"` // đồng to bring a set to one person
	Hours    float64 `json:"hours"`    // of work to bring it
}

// DefaultPrices is where an office begins.
func DefaultPrices() Prices { return Prices{Page: 350, Set: 5_000, Delivery: 20_000, Hours: 0.5} }

const (
	mostPrice = 10_000_000 // đồng
	mostHours = 100
)

// ErrPrices says that a price is below nothing or beyond reason.
var ErrPrices = errors.New("minutes: impossible prices")

// Check refuses prices nobody can have meant.
func (p Prices) Check() error {
	if min(p.Page, p.Set, p.Delivery) < 0 || max(p.Page, p.Set, p.Delivery) > mostPrice || !(p.Hours >= 0 && p.Hours <= mostHours) {
		return ErrPrices
	}
	return nil
}

// Savings is what one session did not print and did not carry. What is counted
// is exact: papers, pages, people. Money and hours are estimates: the counts
// times the prices.
//
// It errs on the low side. Only people with a place and a tablet who came are
// counted; only papers whose number of pages is known; a withdrawn paper is not;
// a version replaced before the opening is not, since nobody would have printed
// it. A set is delivered once, however many papers it has; what came in during
// the session was at most handed out in the room.
type Savings struct {
	Session meeting.SessionID `json:"session"`
	Number  int               `json:"number"`
	Name    string            `json:"name"`
	Held    time.Time         `json:"held"`

	People     int      `json:"people"`    // with a place and a tablet, and here
	Papers     int      `json:"papers"`    // counted, each version by itself
	Unknown    int      `json:"unknown"`   // not counted: pages not known
	Documents  int64    `json:"documents"` // papers x those who would have got them
	Copies     []Copies `json:"copies"`
	Pages      int64    `json:"pages"` // not printed
	Sets       int      `json:"sets"`
	Deliveries int      `json:"deliveries"`

	Prices    Prices  `json:"prices"`
	Printing  int64   `json:"printing"` // đồng, as are the next three
	Binding   int64   `json:"binding"`
	Delivered int64   `json:"delivered"`
	Money     int64   `json:"money"`
	Hours     float64 `json:"hours"`
}

// Copies is pages that would have been printed for so many people.
type Copies struct {
	Pages int64 `json:"pages"`
	Sets  int   `json:"sets"`
}

// Saved counts what a session saved. pages is how many each paper has, where
// the account does not say.
func Saved(a meeting.Account, pages map[meeting.PaperID]int, p Prices) Savings {
	s := Savings{Session: a.ID, Number: a.Header.Number, Name: (&composer{a: a}).sessionName(), Held: a.Opened, Prices: p}
	if s.Held.IsZero() {
		s.Held = a.Header.Starts
	}
	got, brought := map[meeting.PersonID]bool{}, map[meeting.PersonID]bool{}
	here := withTablets(a.People)
	s.People = len(here)
	for _, it := range a.Items {
		for _, paper := range printedOf(it.Papers) {
			n := pagesOf(paper, pages)
			if n == 0 {
				s.Unknown++
				continue
			}
			readers := readersOf(here, it, paper)
			if len(readers) == 0 {
				continue
			}
			s.count(n, len(readers))
			for _, id := range readers {
				got[id] = true
				brought[id] = brought[id] || !paper.Late
			}
		}
	}
	s.Sets = len(got)
	for _, yes := range brought {
		if yes {
			s.Deliveries++
		}
	}
	s.price()
	return s
}

func (s *Savings) count(pages, sets int) {
	s.Papers++
	s.Documents += int64(sets)
	s.Pages += int64(pages) * int64(sets)
	i, found := slices.BinarySearchFunc(s.Copies, sets, func(c Copies, sets int) int { return sets - c.Sets })
	if !found {
		s.Copies = slices.Insert(s.Copies, i, Copies{Sets: sets})
	}
	s.Copies[i].Pages += int64(pages)
}

func (s *Savings) price() {
	s.Printing = s.Pages * s.Prices.Page
	s.Binding = int64(s.Sets) * s.Prices.Set
	s.Delivered = int64(s.Deliveries) * s.Prices.Delivery
	s.Money = s.Printing + s.Binding + s.Delivered
	s.Hours = float64(s.Deliveries) * s.Prices.Hours
}

// withTablets are the people who would have needed paper: those with a place of
// their own who came.
func withTablets(people []meeting.Attended) []meeting.Attended {
	var out []meeting.Attended
	for _, p := range people {
		if p.Seat != "" && p.WasPresent {
			out = append(out, p)
		}
	}
	return out
}

// printedOf are the versions that would have been printed.
func printedOf(papers []meeting.PaperView) []meeting.PaperView {
	late := map[meeting.PaperID]bool{} // replaced after the opening
	for _, p := range papers {
		if p.Before != "" && p.Late {
			late[p.Before] = true
		}
	}
	var out []meeting.PaperView
	for _, p := range papers {
		if !p.Withdrawn && (!p.Superseded || late[p.ID]) {
			out = append(out, p)
		}
	}
	return out
}

func pagesOf(p meeting.PaperView, pages map[meeting.PaperID]int) int {
	if n := pages[p.ID]; n > 0 {
		return n
	}
	return max(p.Total, 0)
}

// readersOf are those who may read a paper, and so would have been given it.
func readersOf(here []meeting.Attended, it meeting.AccountItem, p meeting.PaperView) []meeting.PersonID {
	var out []meeting.PersonID
	for _, person := range here {
		if reads(person, it, p) {
			out = append(out, person.ID)
		}
	}
	return out
}

func reads(person meeting.Attended, it meeting.AccountItem, p meeting.PaperView) bool {
	if !invited(person, it) {
		return false
	}
	switch p.Readers {
	case meeting.ReadersMembers:
		return person.Role != meeting.RoleGuest
	case meeting.ReadersNamed:
		return person.Role == meeting.RoleChair || person.Role == meeting.RoleSecretary || slices.Contains(p.People, person.ID)
	}
	return true
}

// Quarter is a quarter of a year.
type Quarter struct {
	Year   int `json:"year"`
	Number int `json:"quarter"` // 1 to 4
}

// QuarterOf is the quarter of a moment, by the calendar of Việt Nam.
func QuarterOf(t time.Time) Quarter {
	t = t.In(viet.Zone())
	return Quarter{t.Year(), (int(t.Month()) + 2) / 3}
}

// QuarterSavings is the sum of a quarter's sessions.
type QuarterSavings struct {
	Quarter
	Sessions []Savings `json:"sessions"` // oldest first

	Documents  int64   `json:"documents"`
	Pages      int64   `json:"pages"`
	Sets       int64   `json:"sets"`
	Deliveries int64   `json:"deliveries"`
	Unknown    int     `json:"unknown"`
	Money      int64   `json:"money"`
	Hours      float64 `json:"hours"`
}

// ByQuarter sums sessions by quarter, the oldest first. A session without a
// date is in no quarter.
func ByQuarter(list []Savings) []QuarterSavings {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Savings) int { return a.Held.Compare(b.Held) })
	var out []QuarterSavings
	for _, s := range list {
		if s.Held.IsZero() {
			continue
		}
		q := QuarterOf(s.Held)
		if len(out) == 0 || out[len(out)-1].Quarter != q {
			out = append(out, QuarterSavings{Quarter: q})
		}
		out[len(out)-1].add(s)
	}
	return out
}

func (q *QuarterSavings) add(s Savings) {
	q.Sessions = append(q.Sessions, s)
	q.Documents += s.Documents
	q.Pages += s.Pages
	q.Sets += int64(s.Sets)
	q.Deliveries += int64(s.Deliveries)
	q.Unknown += s.Unknown
	q.Money += s.Money
	q.Hours += s.Hours
}
