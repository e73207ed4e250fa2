package centre

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"phonghop/dossier"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/room"
	"phonghop/rules"
	"phonghop/templates"
)

// reading is a session's log as it was read now, from its first entry.
type reading struct {
	*meeting.Session
	unknown meeting.Kind // the first this program does not know; it was passed over
	broken  bool         // it could not be folded to its end, and is not shown
	leaves  []tlog.Hash
	again   *dossier.Recount // nil: nothing is counted again
	unread  bool             // an entry of the votes makes no sense to it
	free    map[string]bool  // documents of entries that are not held
	held    map[string]bool
}

// readLog folds a log and keeps what its entries name. With recount its votes are
// counted again, by what shares no state with the fold.
func readLog(ctx context.Context, j *journal.Journal, log string, recount bool) (*reading, error) {
	x := &reading{Session: meeting.NewSession(), free: map[string]bool{}, held: map[string]bool{}}
	if recount {
		x.again = dossier.NewRecount()
	}
	for rec, err := range j.Records(ctx, log, 0) {
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", log, err)
		}
		e := room.EntryOf(rec)
		x.fold(e)
		if recount && x.again.Take(e) != nil {
			x.unread = true
		}
		x.leaves = append(x.leaves, rec.Leaf)
		refs := x.free
		if rec.Hold {
			refs = x.held
		}
		for _, ref := range rec.Refs {
			refs[ref] = true
		}
	}
	return x, nil
}

// fold takes the next entry. A log of a newer room may make no sense here without
// the kinds that are passed over: that hides the session, and nothing else.
func (x *reading) fold(e meeting.Entry) {
	if x.broken {
		return
	}
	defer func() { x.broken = recover() != nil }()
	if !x.Apply(e) && x.unknown == "" {
		x.unknown = e.Kind
	}
}

// agreed tells what a vote comes to when it is counted again from the bare entries,
// and whether the record says the same in every point.
func (x *reading) agreed(vote meeting.VoteView) (rules.Result, bool) {
	if x.again == nil {
		return rules.Result{}, false
	}
	c := x.again.Vote(vote.ID)
	if c == nil || c.State != meeting.VoteDone {
		return rules.Result{}, false
	}
	return c.Again, !x.unread && len(c.Wrong) == 0 && c.Again == vote.Result
}

// seen is the whole session: what is held back is not here anyway.
func (x *reading) seen() meeting.View {
	if x.broken {
		return meeting.View{Current: -1}
	}
	return x.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen})
}

// agrees tells whether the entries read come to the root the log is signed with.
func (x *reading) agrees(l journal.Log) bool {
	return int64(len(x.leaves)) >= l.Size && l.Size > 0 && room.TreeRoot(x.leaves[:l.Size]) == l.Root
}

// logKey names a log of a room.
type logKey struct{ room, log string }

// told is what a log told when it was read, kept until it grows: the list of
// sessions, decisions and search need no more of it.
type told struct {
	size      int64
	root      tlog.Hash
	header    meeting.Header
	phase     meeting.Phase
	unknown   meeting.Kind
	decisions []meeting.VoteView // closed, without the ballots
	sayings   []saying
	held      map[string]bool
}

// tell is what a log tells, read again only where it is not as it was.
func (d *desk) tell(ctx context.Context, c *copied, l journal.Log) (told, error) {
	key := logKey{c.ID, l.Name}
	d.mu.Lock()
	t, ok := d.told[key]
	d.mu.Unlock()
	if ok && t.size == l.Size && t.root == l.Root {
		return t, nil
	}
	x, err := readLog(ctx, c.journal, l.Name, false)
	if err != nil {
		return told{}, err
	}
	v := x.seen()
	t = told{size: l.Size, root: l.Root, header: v.Header, phase: v.Phase, unknown: x.unknown, held: x.held, sayings: sayingsOf(v)}
	for _, vote := range v.Votes {
		if vote.State == meeting.VoteDone {
			vote.Ballots = nil
			t.decisions = append(t.decisions, vote)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told[key] = t
	return t, nil
}

// known is a room of that name with its copy; errNothingHere where there is none.
func (d *desk) known(ctx context.Context, id string) (Room, *copied, error) {
	r, ok, err := d.z.ledger.room(ctx, id)
	switch {
	case err != nil:
		return r, nil, err
	case !ok:
		return r, nil, errNothingHere
	}
	c, err := d.z.copyOf(ctx, r)
	return r, c, err
}

// wrongIn tells what a copy that does not open is damaged by; ok is false for
// what is no damage.
func wrongIn(err error) (what string, ok bool) {
	var wrong *journal.Wrong
	if errors.As(err, &wrong) {
		return wrong.Error(), true
	}
	return "", false
}

// signedOf is the receipt of a log, as it stands now.
func (c *copied) signedOf(log string) Receipt {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.signed[log]
}

// line is a log of a session as lists show it.
func (d *desk) line(ctx context.Context, c *copied, l journal.Log) (templates.CentreSession, error) {
	s := templates.CentreSession{ID: l.Name, Here: l.Size, Signed: l.Signed, Receipt: shown(c.signedOf(l.Name))}
	t, err := d.tell(ctx, c, l)
	if err != nil {
		return s, err
	}
	s.Header, s.Phase, s.Unknown = t.header, t.phase, string(t.unknown)
	return s, nil
}
