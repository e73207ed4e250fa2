package meeting

import (
	"slices"
	"strings"
	"time"
)

// Filed is a document of the minutes, by its hash.
type Filed struct {
	Name string `json:"name"`
	Ref  string `json:"ref"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// FiledSet is the documents drawn at one moment: 0 at closing, n at lock n.
type FiledSet struct {
	Of    int       `json:"of"`
	At    time.Time `json:"at"`
	Files []Filed   `json:"files"`
}

// Confirmed is somebody's yes, by PIN, to the filed minutes.
type Confirmed struct {
	Person
	As   Role      `json:"as"`
	At   time.Time `json:"at"`
	Ref  string    `json:"ref"`
	Code string    `json:"code"`
}

// The sorts of file that come back.
const (
	ReturnedDOCX   = "docx"   // edited outside
	ReturnedSigned = "signed" // a signed PDF
	ReturnedScan   = "scan"   // a scan of the signed paper
)

// Returned is a file of the minutes that came back from outside.
type Returned struct {
	Filed
	Sort        string   `json:"sort"`
	Signers     []string `json:"signers,omitempty"`
	Differences int      `json:"differences,omitempty"` // of its numbers against the record
	Reason      string   `json:"reason,omitempty"`      // needed where there are differences
}

// ReturnedFile is a returned file on record.
type ReturnedFile struct {
	Returned
	At  time.Time `json:"at"`
	By  Person    `json:"by"`
	Seq int64     `json:"entry"`
}

// MinutesState is how far the minutes have come.
type MinutesState struct {
	Locked    bool           `json:"locked,omitempty"`
	Version   int            `json:"version,omitempty"` // of the last lock
	LockedAt  time.Time      `json:"locked_at,omitzero"`
	LockedBy  Person         `json:"locked_by,omitzero"`
	Filed     []FiledSet     `json:"filed,omitempty"`
	Confirmed []Confirmed    `json:"confirmed,omitempty"` // of the lock that stands
	Returned  []ReturnedFile `json:"returned,omitempty"`
	Unlocked  []string       `json:"unlocked,omitempty"` // the reasons, oldest first
}

// locking is permit for the lock of the minutes, which comes after the sitting.
func (s *Session) locking(a Act, right Right) error {
	switch {
	case s.phase == Nothing:
		return NoSession
	case a.By != "" && !s.May(a.By, right):
		return NotAllowed
	case s.phase == Sealed:
		return RecordOver
	case s.phase != Closed:
		return NotClosed
	}
	return nil
}

// Lock fixes the text of the minutes: they are drawn, confirmed and signed as
// they are now.
func (s *Session) Lock(a Act) ([]Event, error) {
	if err := s.locking(a, ToLock); err != nil {
		return nil, err
	}
	switch {
	case a.By == "":
		return nil, NotAllowed
	case s.minutes.Locked:
		return nil, AlreadyLocked
	}
	return one(MinutesLocked, dataLocked{s.minutes.Version + 1}), nil
}

// Unlock opens the text again, with a reason; confirmations are void.
func (s *Session) Unlock(a Act, reason string) ([]Event, error) {
	if err := s.locking(a, ToLock); err != nil {
		return nil, err
	}
	reason, err := needed(reason, MissingReason)
	switch {
	case err != nil:
		return nil, err
	case a.By == "":
		return nil, NotAllowed
	case !s.minutes.Locked:
		return nil, NotLocked
	}
	return said(MinutesUnlocked, dataLocked{s.minutes.Version}, texts{Reason: reason}, false), nil
}

// FileMinutes records the documents drawn of the minutes: 0 is what they were at
// closing, n at lock n. The box does it by itself. Minutes that tell of an
// in-camera item are held as that item is.
func (s *Session) FileMinutes(a Act, of int, files []Filed) ([]Event, error) {
	if a.By != "" {
		return nil, NotAllowed
	}
	if err := s.locking(a, ToLock); err != nil {
		return nil, err
	}
	if of < 0 || len(files) == 0 || len(files) > MaxFiles {
		return nil, BadFile
	}
	switch {
	case slices.ContainsFunc(s.minutes.Filed, func(f FiledSet) bool { return f.Of == of }):
		return nil, nil
	case of > 0 && (!s.minutes.Locked || of != s.minutes.Version):
		return nil, NotLocked // drawn of a text that may have changed since
	}
	var refs []string
	for _, f := range files {
		if !f.valid() {
			return nil, BadFile
		}
		refs = append(refs, f.Ref)
	}
	return []Event{{Kind: MinutesFiled, Data: dataFiled{of, files}, Refs: refs, Hold: s.heldMinutes()}}, nil
}

func (f Filed) valid() bool {
	name, err := short(f.Name)
	return err == nil && name != "" && name == f.Name && len(f.Ref) == 64 && f.Size > 0 && len(f.Type) <= MaxShort
}

// ConfirmMinutes is the chair's or a secretary's yes, by PIN, to the filed
// minutes: a "xác nhận bằng PIN", never a signature.
func (s *Session) ConfirmMinutes(a Act, as Role, ref string) ([]Event, error) {
	if s.phase == Nothing {
		return nil, NoSession
	}
	p := s.find(a.By)
	switch {
	case p == nil:
		return nil, NotAllowed
	case as == RoleChair && a.By != s.presiding:
		return nil, NotTheChair
	case as == RoleSecretary && p.Role != RoleSecretary, as != RoleChair && as != RoleSecretary:
		return nil, NotAllowed
	case s.phase == Sealed:
		return nil, RecordOver
	case !s.minutes.Locked:
		return nil, NotLocked
	case !s.isFiled(ref):
		return nil, NotFiled
	}
	if slices.ContainsFunc(s.minutes.Confirmed, func(c Confirmed) bool { return c.ID == a.By && c.As == as && c.Ref == ref }) {
		return nil, nil
	}
	d := dataConfirmed{as, ref, s.minutes.Version}
	return []Event{{Kind: MinutesConfirmed, Data: d, Refs: []string{ref}, Hold: s.heldMinutes()}}, nil
}

// heldMinutes tells whether the minutes tell of an in-camera item.
func (s *Session) heldMinutes() bool {
	return slices.ContainsFunc(s.items, func(it *item) bool { return it.InCamera })
}

// isFiled tells whether a document is the PDF of the lock that stands.
func (s *Session) isFiled(ref string) bool {
	for _, set := range s.minutes.Filed {
		if set.Of == s.minutes.Version && slices.ContainsFunc(set.Files, func(f Filed) bool { return f.Ref == ref && f.Type == "application/pdf" }) {
			return true
		}
	}
	return false
}

// ReturnFile records a file of the minutes that came back: edited, signed, or
// scanned. Where its numbers differ from the record somebody has to say why.
func (s *Session) ReturnFile(a Act, r Returned) ([]Event, error) {
	if err := s.locking(a, ToReturn); err != nil {
		return nil, err
	}
	reason, err := short(r.Reason)
	switch {
	case a.By == "":
		return nil, NotAllowed
	case err != nil:
		return nil, err
	case !r.valid() || r.Sort != ReturnedDOCX && r.Sort != ReturnedSigned && r.Sort != ReturnedScan:
		return nil, BadFile
	case r.Sort != ReturnedDOCX && !s.minutes.Locked:
		return nil, NotLocked
	case r.Differences > 0 && reason == "":
		return nil, MissingReason
	}
	if slices.ContainsFunc(s.minutes.Returned, func(f ReturnedFile) bool { return f.Ref == r.Ref && f.Sort == r.Sort }) {
		return nil, nil
	}
	signers, err := long(strings.Join(r.Signers, "\n"))
	if err != nil {
		return nil, err
	}
	d := dataReturned{r.Ref, r.Type, r.Size, r.Sort, r.Differences}
	t := texts{Name: r.Name, Reason: reason, Signers: signers}
	return []Event{{Kind: FileReturned, Data: d, Detail: t, Refs: []string{r.Ref}, Hold: s.heldMinutes()}}, nil
}

// minutes is the state of the minutes as an audience may know it. The documents
// tell of every item: hall and guests are not given those of a session with an
// in-camera item, and the hall none at all.
func (c cutter) minutes() MinutesState {
	m := c.s.minutes.copied()
	if c.inside() {
		return m
	}
	m.Returned, m.Unlocked = nil, nil
	if c.outside() || c.guest != nil && c.s.heldMinutes() {
		m.Filed, m.Confirmed = nil, nil
	}
	return m
}

// copied shares nothing with the session.
func (m MinutesState) copied() MinutesState {
	m.LockedBy.Items = slices.Clone(m.LockedBy.Items)
	m.Filed, m.Confirmed = slices.Clone(m.Filed), slices.Clone(m.Confirmed)
	m.Returned, m.Unlocked = slices.Clone(m.Returned), slices.Clone(m.Unlocked)
	for i := range m.Filed {
		m.Filed[i].Files = slices.Clone(m.Filed[i].Files)
	}
	for i := range m.Returned {
		m.Returned[i].Signers = slices.Clone(m.Returned[i].Signers)
	}
	return m
}

func (s *Session) personAs(id PersonID) Person {
	if i, ok := s.byID[id]; ok {
		return s.people[i].copied()
	}
	return Person{ID: id}
}

func (s *Session) foldLocked(e Entry) {
	m := &s.minutes
	m.Locked, m.Version, m.LockedAt, m.LockedBy = true, data[dataLocked](e).Version, e.At, s.personAs(e.By)
	m.Confirmed = nil
	s.tell(e, Line{Count: m.Version})
}

func (s *Session) foldUnlocked(e Entry) {
	t, _ := words(e)
	m := &s.minutes
	m.Locked, m.Confirmed = false, nil
	m.Unlocked = append(slices.Clip(m.Unlocked), t.Reason)
	s.tell(e, Line{Count: m.Version, Text: t.Reason})
}

func (s *Session) foldFiled(e Entry) {
	d := data[dataFiled](e)
	s.minutes.Filed = append(slices.Clip(s.minutes.Filed), FiledSet{d.Of, e.At, d.Files})
}

func (s *Session) foldMinutesConfirmed(e Entry) {
	d := data[dataConfirmed](e)
	if d.Version != s.minutes.Version {
		return
	}
	c := Confirmed{Person: s.personAs(e.By), As: d.As, At: e.At, Ref: d.Ref, Code: e.Code}
	s.minutes.Confirmed = append(slices.Clip(s.minutes.Confirmed), c)
	s.tell(e, Line{Person: e.By, Title: string(d.As), Count: d.Version})
}

func (s *Session) foldReturned(e Entry) {
	d := data[dataReturned](e)
	t, _ := words(e)
	r := ReturnedFile{At: e.At, By: s.personAs(e.By), Seq: e.Seq}
	r.Filed = Filed{Name: t.Name, Ref: d.Ref, Type: d.Type, Size: d.Size}
	r.Sort, r.Differences, r.Reason = d.Sort, d.Differences, t.Reason
	if t.Signers != "" {
		r.Signers = strings.Split(t.Signers, "\n")
	}
	s.minutes.Returned = append(slices.Clip(s.minutes.Returned), r)
	s.tell(e, Line{Title: t.Name, Count: d.Differences, Text: t.Reason})
}
