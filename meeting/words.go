package meeting

import (
	"slices"
	"time"
)

// Block is a part of the minutes that is the secretary's own text.
type Block string

const (
	BlockOpening    Block = "opening"
	BlockPresented  Block = "presented" // of an item: what was presented
	BlockDigest     Block = "digest"    // of an item: what was said, in sum
	BlockOther      Block = "other"     // of an item
	BlockSpeech     Block = "speech"    // of a turn
	BlockClosing    Block = "closing"
	BlockRecipients Block = "recipients"
	BlockNumber     Block = "number" // of the minutes
)

// Place is where in the minutes a text stands.
type Place struct {
	Block Block
	Item  ItemID // presented, digest, other
	Turn  int64  // speech: the entry FloorGiven
}

// Blocks are the secretary's texts that belong to no item.
type Blocks struct {
	Opening    string `json:"opening,omitempty"`
	Closing    string `json:"closing,omitempty"`
	Recipients string `json:"recipients,omitempty"`
	Number     string `json:"number,omitempty"`
}

// WordsState says what a speaker thinks of the summary of their speech.
type WordsState string

const (
	WordsOpen      WordsState = ""
	WordsAgreed    WordsState = "confirmed"
	WordsSuggested WordsState = "proposed"
)

// Turn is one speech: who had the floor, when, and what the minutes say of it.
type Turn struct {
	Seq      int64         `json:"entry"` // of FloorGiven
	Person   Person        `json:"person"`
	Item     ItemID        `json:"item,omitempty"`
	ItemNo   int           `json:"item_number,omitempty"`
	Topic    string        `json:"topic,omitempty"`
	Reply    bool          `json:"reply,omitempty"`
	From     time.Time     `json:"from"`
	To       time.Time     `json:"to,omitzero"` // zero: still speaking
	Allowed  time.Duration `json:"allowed"`
	Summary  string        `json:"summary,omitempty"`
	State    WordsState    `json:"state,omitempty"`
	Proposal string        `json:"proposal,omitempty"`
}

// speech is one turn at the floor as the session keeps it.
type speech struct {
	Seq      int64
	Person   PersonID
	Item     ItemID
	Topic    string
	Reply    bool
	From, To time.Time
	Allowed  time.Duration
	Summary  string
	State    WordsState
	Proposal string
}

// wording is permit for the words of the minutes: from the opening until they are
// locked, after the sitting too.
func (s *Session) wording(a Act) error {
	switch {
	case s.phase == Nothing:
		return NoSession
	case !s.May(a.By, ToWrite):
		return NotAllowed
	}
	return s.unlocked()
}

// unlocked refuses when nothing may be changed in the minutes any more, or yet.
func (s *Session) unlocked() error {
	switch {
	case s.phase == Sealed:
		return SessionOver
	case s.minutes.Locked:
		return AlreadyLocked
	case s.phase == Preparing:
		return NotSitting
	}
	return nil
}

// Write sets a text of the minutes; "" clears it.
func (s *Session) Write(a Act, at Place, text string) ([]Event, error) {
	if err := s.wording(a); err != nil {
		return nil, err
	}
	was, it, err := s.written(at)
	if err != nil {
		return nil, err
	}
	clean := long
	if at.Block == BlockNumber {
		clean = short
	}
	if text, err = clean(text); err != nil || text == was {
		return nil, err
	}
	return s.writing(at, text, it, false), nil
}

func (s *Session) writing(at Place, text string, it *item, accepts bool) []Event {
	d := dataWritten{Block: at.Block, Item: at.Item, Turn: at.Turn, Accepts: accepts}
	return said(MinutesWritten, d, texts{Text: text}, it != nil && it.InCamera)
}

// written is the text that stands at a place, and the item it belongs to.
func (s *Session) written(at Place) (text string, it *item, err error) {
	switch at.Block {
	case BlockOpening:
		return s.blocks.Opening, nil, nil
	case BlockClosing:
		return s.blocks.Closing, nil, nil
	case BlockRecipients:
		return s.blocks.Recipients, nil, nil
	case BlockNumber:
		return s.blocks.Number, nil, nil
	case BlockSpeech:
		t := s.turn(at.Turn)
		if t == nil {
			return "", nil, NoSuchTurn
		}
		return t.Summary, s.item(t.Item), nil
	}
	if it = s.item(at.Item); it == nil {
		return "", nil, NoSuchPlace
	}
	text, ok := map[Block]string{BlockPresented: it.presented, BlockDigest: it.digest, BlockOther: it.other}[at.Block]
	if !ok {
		return "", nil, NoSuchPlace
	}
	return text, it, nil
}

// ownTurn is a turn of the person who acts, while its words may still change.
func (s *Session) ownTurn(a Act, seq int64) (*speech, error) {
	if s.phase == Nothing {
		return nil, NoSession
	}
	if err := s.unlocked(); err != nil {
		return nil, err
	}
	t := s.turn(seq)
	switch {
	case t == nil:
		return nil, NoSuchTurn
	case t.Person != a.By:
		return nil, NotYourWords
	}
	return t, nil
}

// ConfirmWords is a speaker's yes to the summary of their speech.
func (s *Session) ConfirmWords(a Act, turn int64) ([]Event, error) {
	t, err := s.ownTurn(a, turn)
	switch {
	case err != nil:
		return nil, err
	case t.Summary == "":
		return nil, NothingProposed
	case t.State == WordsAgreed:
		return nil, nil
	}
	return one(WordsConfirmed, dataTurn{turn}), nil
}

// ProposeWords is a speaker's own wording of their speech.
func (s *Session) ProposeWords(a Act, turn int64, text string) ([]Event, error) {
	t, err := s.ownTurn(a, turn)
	if err != nil {
		return nil, err
	}
	text, err = long(text)
	switch {
	case err != nil:
		return nil, err
	case text == "":
		return nil, Missing
	case text == t.Proposal && t.State == WordsSuggested:
		return nil, nil
	}
	it := s.item(t.Item)
	return said(WordsProposed, dataTurn{turn}, texts{Text: text}, it != nil && it.InCamera), nil
}

// AcceptWords takes a speaker's proposal as the text.
func (s *Session) AcceptWords(a Act, turn int64) ([]Event, error) {
	if err := s.wording(a); err != nil {
		return nil, err
	}
	t := s.turn(turn)
	switch {
	case t == nil:
		return nil, NoSuchTurn
	case t.State != WordsSuggested:
		return nil, NothingProposed
	}
	return s.writing(Place{Block: BlockSpeech, Turn: turn}, t.Proposal, s.item(t.Item), true), nil
}

func (s *Session) turnAt(seq int64) int {
	return slices.IndexFunc(s.turns, func(t *speech) bool { return t.Seq == seq })
}

func (s *Session) turn(seq int64) *speech {
	if i := s.turnAt(seq); i >= 0 {
		return s.turns[i]
	}
	return nil
}

// editTurn hands out a turn to be changed.
func (s *Session) editTurn(seq int64) *speech {
	i := s.turnAt(seq)
	if i < 0 {
		return nil
	}
	if !s.own.turns {
		s.turns, s.own.turns = slices.Clone(s.turns), true
	}
	if !s.own.turn[seq] {
		t := *s.turns[i]
		s.turns[i] = &t
		s.own.turn = mark(s.own.turn, seq)
	}
	return s.turns[i]
}

func (s *Session) addTurn(t *speech) {
	if !s.own.turns {
		s.turns, s.own.turns = slices.Clone(s.turns), true
	}
	s.turns = append(s.turns, t)
	s.own.turn = mark(s.own.turn, t.Seq)
}

// endTurn notes when whoever speaks has ended.
func (s *Session) endTurn(at time.Time) {
	if n := len(s.turns); n > 0 && s.floor.speaking != nil && s.turns[n-1].To.IsZero() {
		s.editTurn(s.turns[n-1].Seq).To = at
	}
}

func (s *Session) endRecess(at time.Time) {
	if n := len(s.recesses); n > 0 && s.recesses[n-1].To.IsZero() {
		s.recesses = slices.Clone(s.recesses)
		s.recesses[n-1].To = at
	}
}

// turnsAsBefore gives back the turns of an earlier moment; what was written of
// them since stays.
func (s *Session) turnsAsBefore(before []*speech) {
	out := make([]*speech, len(before))
	for i, was := range before {
		t := *was
		if now := s.turn(was.Seq); now != nil {
			t.Summary, t.State, t.Proposal = now.Summary, now.State, now.Proposal
		}
		out[i] = &t
	}
	s.turns, s.own.turns, s.own.turn = out, true, nil
}

func (s *Session) turnView(t *speech) Turn {
	v := Turn{
		Seq: t.Seq, Item: t.Item, ItemNo: s.itemAt(t.Item) + 1, Topic: t.Topic, Reply: t.Reply, From: t.From, To: t.To,
		Allowed: t.Allowed, Summary: t.Summary, State: t.State, Proposal: t.Proposal,
	}
	if i, ok := s.byID[t.Person]; ok {
		v.Person = s.people[i].copied()
	}
	return v
}

func (s *Session) turnViews() []Turn {
	out := make([]Turn, len(s.turns))
	for i, t := range s.turns {
		out[i] = s.turnView(t)
	}
	return out
}

func (s *Session) foldWritten(e Entry) {
	d := data[dataWritten](e)
	t, _ := words(e)
	switch d.Block {
	case BlockOpening:
		s.blocks.Opening = t.Text
	case BlockClosing:
		s.blocks.Closing = t.Text
	case BlockRecipients:
		s.blocks.Recipients = t.Text
	case BlockNumber:
		s.blocks.Number = t.Text
	case BlockSpeech:
		s.foldSpeech(d, t.Text)
	default:
		s.foldItemText(d, t.Text)
	}
}

func (s *Session) foldSpeech(d dataWritten, text string) {
	turn := s.editTurn(d.Turn)
	if turn == nil {
		return
	}
	turn.Summary, turn.State, turn.Proposal = text, WordsOpen, ""
	if d.Accepts {
		turn.State = WordsAgreed
	}
}

func (s *Session) foldItemText(d dataWritten, text string) {
	it := s.editItem(d.Item)
	if it == nil {
		return
	}
	switch d.Block {
	case BlockPresented:
		it.presented = text
	case BlockDigest:
		it.digest = text
	case BlockOther:
		it.other = text
	}
}

func (s *Session) foldWordsConfirmed(e Entry) {
	if t := s.editTurn(data[dataTurn](e).Turn); t != nil {
		t.State, t.Proposal = WordsAgreed, ""
	}
}

func (s *Session) foldWordsProposed(e Entry) {
	if t := s.editTurn(data[dataTurn](e).Turn); t != nil {
		said, _ := words(e)
		t.State, t.Proposal = WordsSuggested, said.Text
	}
}
