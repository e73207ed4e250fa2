package powercut

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
	"phonghop/store"
)

// after is a folder found after a power cut, and what was promised before it.
type after struct {
	dir      string
	promised []placed // the marks before the cut
	whole    map[int64]bool
	calm     bool
	goOn     bool // hold the session further and let lost taps come again

	log     string // the session's
	records map[string][]journal.Record
	stands  map[voter]ballot // each member's ballot, by the raw entries alone
}

// examine opens the folder with the real code. Its error is what was lost.
func (a *after) examine() error {
	j, err := open(a.dir, store.Pragmas{})
	if err != nil {
		return fmt.Errorf("the journal does not open: %w", err)
	}
	defer j.Close()
	if err := a.read(j); err != nil {
		return err
	}
	checks := []func() error{a.keptEntries, a.wholeBatches, a.count, a.standing, a.tallies}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	if a.goOn && a.log != "" && a.log != batchLog {
		return a.retry(j)
	}
	return nil
}

// read reads the journal; opening it has verified all of it.
func (a *after) read(j *journal.Journal) error {
	a.records = map[string][]journal.Record{}
	for _, l := range j.Logs() {
		if l.Name != journal.RoomLog {
			a.log = l.Name
		}
		for rec, err := range j.Records(context.Background(), l.Name, 0) {
			if err != nil {
				return fmt.Errorf("reading log %s: %w", l.Name, err)
			}
			if rec.Seq != int64(len(a.records[l.Name])) {
				return fmt.Errorf("log %s has a gap before entry %d", l.Name, rec.Seq)
			}
			a.records[l.Name] = append(a.records[l.Name], rec)
		}
	}
	return nil
}

// keptEntries demands every acknowledged entry, at its number, byte for byte
// where its code was shown.
func (a *after) keptEntries() error {
	for _, m := range a.promised {
		if m.What != kept && m.What != shown {
			continue
		}
		id := m.ID
		if m.What == shown {
			id = fmt.Sprintf("%s/%s/%d", m.Vote, m.Member, m.N)
		}
		log := a.records[m.Log]
		if m.Entry >= int64(len(log)) {
			return fmt.Errorf("entry %d (%s) of log %s was acknowledged and is gone: the log ends at %d", m.Entry, id, m.Log, len(log))
		}
		rec := log[m.Entry]
		if rec.ID != id || m.Code != "" && m.Code != journal.BallotCode(rec.Leaf) {
			return fmt.Errorf("entry %d of log %s is %s, not the acknowledged %s", m.Entry, m.Log, rec.ID, id)
		}
	}
	return nil
}

// wholeBatches demands that the session's log ends where some batch ended.
func (a *after) wholeBatches() error {
	if size := int64(len(a.records[a.log])); a.calm && size > 0 && !a.whole[size] {
		return fmt.Errorf("the log ends at %d, in the middle of a batch", size)
	}
	return nil
}

// ballot is the data of an entry BallotCast.
type ballot struct {
	Vote   string       `json:"vote"`
	Member string       `json:"member"`
	N      int          `json:"n"`
	Choice rules.Choice `json:"choice"`
}

// voter is one member in one vote.
type voter struct{ vote, member string }

// count finds the ballots that stand, and demands that none is there twice.
func (a *after) count() error {
	a.stands = map[voter]ballot{}
	for _, rec := range a.records[a.log] {
		if rec.Kind != string(meeting.BallotCast) {
			continue
		}
		var b ballot
		if err := json.Unmarshal(rec.Data, &b); err != nil {
			return err
		}
		v := voter{b.Vote, b.Member}
		if b.N <= a.stands[v].N {
			return fmt.Errorf("entry %d: ballot %d of %s in %s comes after ballot %d", rec.Seq, b.N, b.Member, b.Vote, a.stands[v].N)
		}
		a.stands[v] = b
	}
	return nil
}

// wish is what a member has tapped, and which tap they know to be recorded.
type wish struct {
	choices map[int]rules.Choice
	known   int // the highest tap that was answered
	last    int
}

func (a *after) wishes() map[voter]*wish {
	all := map[voter]*wish{}
	for _, m := range a.promised {
		v := voter{m.Vote, m.Member}
		switch m.What {
		case sent:
			if all[v] == nil {
				all[v] = &wish{choices: map[int]rules.Choice{}}
			}
			all[v].choices[m.Tap], all[v].last = rules.Choice(m.Choice), m.Tap
		case shown:
			all[v].known = max(all[v].known, m.Tap)
		}
	}
	return all
}

// standing demands that no older tap wins over one the member knows recorded.
func (a *after) standing() error {
	for v, w := range a.wishes() {
		if w.known > 0 && !w.allows(a.stands[v].Choice, w.known) {
			return fmt.Errorf("wrong ballot: %s in %s stands as %q; tap %d, known to be recorded, was %q", v.member, v.vote, a.stands[v].Choice, w.known, w.choices[w.known])
		}
	}
	return nil
}

// allows tells whether a choice is that of the tap, or of one after it.
func (w *wish) allows(c rules.Choice, tap int) bool {
	for n := tap; n <= w.last; n++ {
		if w.choices[n] == c {
			return true
		}
	}
	return false
}

// tallies demands tally = ballots = journal for every closed vote.
func (a *after) tallies() error {
	s := a.fold()
	if s.Phase() == meeting.Nothing {
		return nil
	}
	for _, v := range s.SeenBy(meeting.Audience{Screen: meeting.ChairScreen}).Votes {
		if v.State != meeting.VoteDone {
			continue
		}
		var c rules.Count
		for who, b := range a.stands {
			if who.vote == string(v.ID) {
				add(&c, b.Choice)
			}
		}
		if r := v.Result; r.For != c.For || r.Against != c.Against || r.Abstain != c.Abstain || !r.Adds() {
			return fmt.Errorf("vote %s was closed with %+v; its ballots say %+v", v.ID, r.Count, c)
		}
	}
	return nil
}

func add(c *rules.Count, choice rules.Choice) {
	switch choice {
	case rules.For:
		c.For++
	case rules.Against:
		c.Against++
	case rules.Abstain:
		c.Abstain++
	}
}

func (a *after) fold() *meeting.Session {
	s := meeting.NewSession()
	for _, rec := range a.records[a.log] {
		s.Apply(room.EntryOf(rec))
	}
	return s
}

// retry starts the room again and sends every tap of the running vote once more,
// the newest first: each member's last wish must stand, once.
func (a *after) retry(j *journal.Journal) error {
	r, err := room.Open(context.Background(), room.Config{Journal: j, Now: time.Now, Log: quiet()})
	if err != nil {
		return fmt.Errorf("the room does not open: %w", err)
	}
	defer r.Close()
	if r.State().Session.Phase() == meeting.Nothing {
		return nil
	}
	open := r.State().Session.SeenBy(meeting.Audience{Screen: meeting.ChairScreen}).Vote
	if open == nil {
		return nil
	}
	for v, w := range a.wishes() {
		if v.vote == string(open.ID) {
			if err := v.again(r, w); err != nil {
				return err
			}
		}
	}
	if _, err := j.Verify(context.Background()); err != nil {
		return fmt.Errorf("after going on the journal does not verify: %w", err)
	}
	if err := a.read(j); err != nil {
		return fmt.Errorf("after going on: %w", err)
	}
	return a.count()
}

// again repeats all taps of a member, in the worst order.
func (v voter) again(r *room.Room, w *wish) error {
	vote, who := meeting.VoteID(v.vote), meeting.PersonID(v.member)
	for n := w.last; n > 0; n-- {
		_, err := r.Do(context.Background(), room.Command{By: who, Saw: -1, Verb: func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
			return s.Cast(a, vote, n, w.choices[n])
		}})
		if err != nil {
			return fmt.Errorf("tap %d of %s, sent again: %w", n, v.member, err)
		}
	}
	b, ok := r.State().Session.BallotOf(who, vote)
	if !ok || b.N != w.last || b.Choice != w.choices[w.last] {
		return fmt.Errorf("wrong ballot: after all taps came again, %s in %s stands as %d %q; the last tap was %d %q", v.member, v.vote, b.N, b.Choice, w.last, w.choices[w.last])
	}
	return nil
}

// place makes the folder of a cut.
func place(dir string, image Image, key []byte) error {
	if err := os.MkdirAll(filepath.Join(dir, "keys"), 0o700); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(filepath.Join(dir, "keys", "room"), key, 0o600), image.Write(dir))
}
