package templates

import "phonghop/meeting"

// Import is a list from a file, as it would be taken.
type Import struct {
	Rows     []ImportRow
	Problems []string // sentences
	Blocked  bool     // the file must be set right first
	Ignored  []string // headings that mean nothing to us
	Token    string   // names the preview on the box
}

// ImportRow is one person of the list, and whether the session knows them.
type ImportRow struct {
	Person meeting.Person
	Items  string // those a guest attends, as typed
	News   News
}

// News is what taking a row would do.
type News string

// A row adds a person, changes one, or leaves one as they are.
const (
	Added   News = "new"
	Changed News = "changed"
	Same    News = "same"
)

func (in Import) count(n News) (sum int) {
	for _, row := range in.Rows {
		if row.News == n {
			sum++
		}
	}
	return sum
}

// summary says in one line what taking the list would do.
func (in Import) summary(p Page) string {
	return joinNonEmpty(" · ",
		someOf(p, "people.news.new", in.count(Added)),
		someOf(p, "people.news.changed", in.count(Changed)),
		someOf(p, "people.news.same", in.count(Same)),
	)
}

func someOf(p Page, key string, n int) string {
	if n == 0 {
		return ""
	}
	return p.T(key, n)
}
