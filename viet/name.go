package viet

import (
	"slices"
	"strings"
)

// The three ways an office addresses a person.
const (
	Comrade = "Đồng chí"
	Mister  = "Ông"
	Madam   = "Bà"
)

// ParseSalutation reads the ways people write a form of address: "Đ/c", "ông",
// "B.", "Mr". False: it is not one.
func ParseSalutation(s string) (string, bool) {
	switch strings.TrimRight(Fold(Clean(s)), ".:") {
	case "dong chi", "d/c", "dc", "comrade":
		return Comrade, true
	case "ong", "o", "mr":
		return Mister, true
	case "ba", "b", "ms", "mrs":
		return Madam, true
	}
	return "", false
}

// SplitName cuts a full name into family, middle and given name. A name of one
// word is a given name.
func SplitName(full string) (family, middle, given string) {
	words := strings.Fields(full)
	switch len(words) {
	case 0:
		return "", "", ""
	case 1:
		return "", "", words[0]
	}
	last := len(words) - 1
	return words[0], strings.Join(words[1:last], " "), words[last]
}

// ShortName is how the narrow lists of the secretary and the hall name a
// person: "Ô. Bảo", "B. Thảo", "Đ/c Hưng". Beside it always stands the seat or
// the unit, since two people may share a given name.
func ShortName(salutation, full string) string {
	_, _, given := SplitName(full)
	switch salutation {
	case Comrade:
		return "Đ/c " + given
	case Mister:
		return "Ô. " + given
	case Madam:
		return "B. " + given
	}
	return given
}

// Initialled keeps the given name whole: "Hoàng Thị Thảo" is "H.T.Thảo".
func Initialled(full string) string {
	words := strings.Fields(full)
	for i := range max(len(words)-1, 0) {
		words[i] = string([]rune(words[i])[:1]) + "."
	}
	return strings.Join(words, "")
}

// Person is what a line about somebody is made of. Title is the post in the
// government; only it stands in a signature block.
type Person struct {
	Salutation, Name, PartyTitle, Title, Unit string
}

// Line writes a person as minutes do, the party post first:
// "Đồng chí Trịnh Văn A, Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh", and without a
// party post "Bà Hoàng Thị Thảo – Giám đốc Sở Y tế".
func (p Person) Line() string {
	who := strings.TrimSpace(p.Salutation + " " + p.Name)
	post := p.Post()
	switch {
	case p.PartyTitle != "" && post != "":
		return who + ", " + p.PartyTitle + ", " + post
	case p.PartyTitle != "":
		return who + ", " + p.PartyTitle
	case post == "":
		return who
	case p.Salutation == Comrade:
		return who + ", " + post
	}
	return who + " – " + post
}

// Post joins title and unit without saying the unit twice: "Giám đốc" of "Sở Y
// tế" is "Giám đốc Sở Y tế", "Chánh Văn phòng" of "Văn phòng UBND tỉnh" is
// "Chánh Văn phòng UBND tỉnh", "Ủy viên UBND tỉnh" of "Sở Y tế" keeps a comma.
func (p Person) Post() string {
	title, unit := strings.Fields(p.Title), strings.Fields(p.Unit)
	switch {
	case len(title) == 0:
		return strings.Join(unit, " ")
	case len(unit) == 0 || strings.Contains(Fold(p.Title), Fold(p.Unit)):
		return strings.Join(title, " ")
	}
	if n := sharedWords(title, unit); n > 0 {
		return strings.Join(slices.Concat(title, unit[n:]), " ")
	}
	if headsUnit(p.Title) {
		return strings.Join(slices.Concat(title, unit), " ")
	}
	return strings.Join(title, " ") + ", " + strings.Join(unit, " ")
}

// sharedWords counts how many words end the title and begin the unit.
func sharedWords(title, unit []string) int {
	for n := min(len(title), len(unit)); n > 0; n-- {
		if Fold(strings.Join(title[len(title)-n:], " ")) == Fold(strings.Join(unit[:n], " ")) {
			return n
		}
	}
	return 0
}

// headsUnit tells a post that is named together with the body it heads.
func headsUnit(title string) bool {
	folded := Fold(title)
	for _, post := range []string{"giam doc", "chu tich", "bi thu", "truong", "tong bien tap", "chanh an", "chuyen vien"} {
		if strings.HasSuffix(folded, post) {
			return true
		}
	}
	return false
}
