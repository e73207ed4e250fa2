package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
)

// play is the story of session 47 up to the moment a newcomer arrives, told with
// the product's own verbs at the room's own door.
type play struct {
	ctx    context.Context
	h      *house
	opened time.Time
	by     map[string]meeting.PersonID // by seat
	items  []meeting.ItemID
	err    error // the first refusal; what follows it is not tried
}

// playDemo plays the story so that item 3 has been open for a quarter of an hour.
func (h *house) playDemo(ctx context.Context) error {
	p := &play{
		ctx: ctx, h: h, opened: time.Now().Truncate(time.Minute).Add(-62 * time.Minute),
		by: map[string]meeting.PersonID{},
	}
	agenda := demoAgenda()
	p.at(-4 * 24 * time.Hour)
	p.prepare()
	p.agenda(agenda)
	p.at(-24 * time.Hour)
	p.absences()
	p.arrivals()
	p.firstItem(agenda[0])
	p.secondItem(agenda[1])
	p.thirdItem()
	return p.err
}

// at moves the room's clock to so long after the opening.
func (p *play) at(after time.Duration) {
	t := p.opened.Add(after)
	p.h.clock.at.Store(&t)
}

// do lets whoever sits at a seat press a key.
func (p *play) do(seat string, verb room.Verb) {
	if p.err != nil {
		return
	}
	_, err := p.h.room.Do(p.ctx, room.Command{By: p.by[seat], Seat: seat, Saw: -1, Verb: verb})
	if err != nil {
		p.err = fmt.Errorf("seat %s: %w", seat, err)
	}
}

const (
	seatChair     = "01"
	seatSecretary = "TK"
)

func (p *play) prepare() {
	clerk := demoSecretary()
	p.by[seatSecretary] = clerk.ID
	set, _ := rules.Named("ubnd-2015")
	header := meeting.Header{
		Number: 47, Term: demoTerm, Kind: "regular", Body: demoBody, Place: demoPlace,
		Starts: p.opened, Rows: 3, Cols: 10,
	}
	_, p.err = p.h.room.Prepare(p.ctx, "", clerk.ID,
		func(last *meeting.Session, id meeting.SessionID, a meeting.Act) ([]meeting.Event, error) {
			return meeting.Prepare(a, id, header, set, last.ID(), clerk)
		})
	for _, person := range demoPeople() {
		p.by[person.Seat] = person.ID
		p.do(seatSecretary, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Seat(a, person) })
	}
}

func (p *play) agenda(agenda []demoItem) {
	for _, it := range agenda {
		id := meeting.ItemID(newID())
		p.items = append(p.items, id)
		p.do(seatSecretary, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AddItem(a, id, it.NewItem) })
		for _, paper := range it.papers {
			p.paper(id, paper)
		}
	}
}

// paper draws a paper, keeps its bytes and places it on the tablets.
func (p *play) paper(item meeting.ItemID, d demoPaper) {
	if p.err != nil {
		return
	}
	pdf, err := d.pdf()
	if err != nil {
		p.err = err
		return
	}
	ref, size, err := p.h.papers.PutBytes(p.ctx, pdf)
	if err != nil {
		p.err = err
		return
	}
	p.do(seatSecretary, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.PlacePaper(a, meeting.NewPaper{
			ID: meeting.PaperID(newID()), Item: item, Name: d.name, Ref: string(ref), Size: size, Type: "application/pdf",
		})
	})
}

func (p *play) absences() {
	reasons := demoAbsences()
	for _, seat := range slices.Sorted(maps.Keys(reasons)) {
		who := p.by[seat]
		p.do(seat, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.ReportAbsence(a, who, reasons[seat])
		})
	}
	p.do(seatChair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AnswerAbsence(a, p.by[absentAgreed], true)
	})
}

// arrivals are the people pressing CÓ MẶT as they sit down, and the opening.
func (p *play) arrivals() {
	absent := demoAbsences()
	for i, seat := range slices.Sorted(maps.Keys(p.by)) {
		if _, away := absent[seat]; away {
			continue
		}
		p.at(-20*time.Minute + time.Duration(i*41)*time.Second)
		p.do(seat, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkPresent(a, p.by[seat]) })
	}
	p.at(0)
	p.do(seatChair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
}

func (p *play) openItem(at time.Duration, number int) {
	p.at(at)
	p.do(seatChair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenItem(a, p.items[number-1])
	})
}

// presents gives the floor to whoever presents an item, and takes it back.
func (p *play) presents(at time.Duration, seat string, spoke time.Duration) {
	p.at(at)
	p.do(seatChair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.GiveFloor(a, p.by[seat], s.Rules().PresentSeconds)
	})
	p.at(at + spoke)
	p.do(seatChair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Yield(a, p.by[seat]) })
}

// speaks is a member asking for the floor, being given it and ending.
func (p *play) speaks(at time.Duration, seat, topic string, spoke time.Duration) {
	p.at(at)
	p.do(seat, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.AskFloor(a, topic, false) })
	p.at(at + 20*time.Second)
	p.do(seatChair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.GiveFloor(a, p.by[seat], 0) })
	p.at(at + 20*time.Second + spoke)
	p.do(seat, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Yield(a, p.by[seat]) })
}

func (p *play) concludes(at time.Duration, number int, text string) {
	p.at(at)
	p.do(seatSecretary, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Conclude(a, p.items[number-1], text)
	})
}

func (p *play) firstItem(it demoItem) {
	p.openItem(2*time.Minute, 1)
	p.presents(2*time.Minute+30*time.Second, "05", 9*time.Minute+10*time.Second)
	p.speaks(12*time.Minute, "10", "Xuất khẩu qua cửa khẩu trong quý III", 2*time.Minute+20*time.Second)
	p.speaks(16*time.Minute, "14", "Diện tích lúa hè thu bị hạn", 2*time.Minute)
	p.concludes(22*time.Minute, 1, it.conclusion)
}

func (p *play) secondItem(it demoItem) {
	p.openItem(24*time.Minute, 2)
	p.presents(24*time.Minute+20*time.Second, "15", 7*time.Minute+30*time.Second)
	p.speaks(33*time.Minute, "08", "Nguồn kinh phí hằng năm", 2*time.Minute+45*time.Second)
	p.vote(it.motion)
	p.concludes(45*time.Minute, 2, it.conclusion)
}

// vote is the one vote that was held before the newcomer arrives.
func (p *play) vote(motion string) {
	id := meeting.VoteID(newID())
	p.at(40 * time.Minute)
	p.do(seatChair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.OpenVote(a, id, p.items[1], motion, 0, "")
	})
	absent, dissent := demoAbsences(), demoDissent()
	for i := range demoMembers() {
		seat := fmt.Sprintf("%02d", i+1)
		if _, away := absent[seat]; away {
			continue
		}
		choice := rules.For
		if c, other := dissent[seat]; other {
			choice = rules.Choice(c)
		}
		p.at(40*time.Minute + time.Duration(4+i*7%37)*time.Second)
		p.do(seat, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Cast(a, id, 1, choice) })
	}
	p.at(41*time.Minute + 10*time.Second)
	p.do(seatChair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseVote(a, id, false) })
}

func (p *play) thirdItem() {
	p.openItem(47*time.Minute, 3)
	p.presents(47*time.Minute+30*time.Second, "06", 6*time.Minute+40*time.Second)
	p.at(55 * time.Minute)
	p.do("12", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.WriteOpinion(a, p.items[2], "Đề nghị ưu tiên vốn tu bổ Khu di tích Đồn Cao trước mùa lễ hội.", false)
	})
	p.speaks(56*time.Minute, "09", "Lý do giảm 24 tỷ đồng của dự án số 2", 2*time.Minute+50*time.Second)
	p.at(60 * time.Minute)
	p.do(seatSecretary, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.Note(a, p.items[2], "Ông Trần Quốc Bảo đề nghị làm rõ lý do giảm 24 tỷ đồng của dự án số 2; kiến nghị bố trí lại ngay trong quý I năm 2027.")
	})
}
