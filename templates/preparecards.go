package templates

import "phonghop/meeting"

// Card is one seat card, as it is printed.
type Card struct {
	Person  meeting.Person // empty for the hall screen
	Link    string         // what the QR opens
	Address string         // what is typed
	Code    string
	Hall    bool // of the hall screen, which is no person
}

// CardsPage is what the page of the cards shows beside the session itself.
type CardsPage struct {
	Out  CardsOut
	Hall bool   // the hall screen has a card
	New  []Card // just made: shown once, to be printed
}

// who names whose card it is.
func (c Card) who(p Page) string {
	if c.Hall {
		return p.RoomName
	}
	return nameOf(c.Person)
}

// large is the large word of a card: the seat, or the role of those without.
func (c Card) large(p Page) string {
	switch {
	case c.Hall:
		return p.T("cards.hall")
	case c.Person.Seat != "":
		return c.Person.Seat
	}
	return p.T("role." + string(c.Person.Role))
}

// isWord: the large word is letters, which take more room than a seat's number.
func (c Card) isWord() bool { return c.Hall || c.Person.Seat == "" }

// isLong: name and post together need more lines than a card has at its
// ordinary size.
func (c Card) isLong() bool {
	return len([]rune(nameOf(c.Person))) > 28 || len([]rune(placeOf(c.Person))) > 60
}

// spaced writes a six-digit code in two groups, to be typed without mistakes.
func spaced(code string) string {
	if len(code) != 6 {
		return code
	}
	return code[:3] + " " + code[3:]
}
