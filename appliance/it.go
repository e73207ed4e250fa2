package main

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"phonghop/backup"
	"phonghop/checkup"
	"phonghop/documents"
	"phonghop/inbox"
	"phonghop/meeting"
	"phonghop/store"
	"phonghop/sync/courier"
	"phonghop/templates"
	"phonghop/web"
)

// How often the box is looked at while nobody is in session: a disk fills and a
// clock drifts slowly. The whole record is read more rarely.
const (
	lookEvery   = 10 * time.Minute
	verifyEvery = 12 * time.Hour
)

// device is the box under a running room, as its page shows it. Everything slow is
// looked at in the background; the page adds what changes by the second.
type device struct {
	h    *house
	n    *network
	life context.Context // ends with close
	all  sync.WaitGroup

	drives drives

	mu      sync.Mutex
	facts   checkup.Facts // of the last round
	checked time.Time     // zero: not yet
	job     templates.ITJob
	saved   backup.Info // the newest that was made from the page
	drift   *time.Duration
	receipt time.Time // the newest that was compared with our clock
	office  func() bool
}

// device begins looking after the box; nil where nothing is delivered, as in a
// test that wants pages alone.
func (h *house) device(o serveOptions, n *network) web.IT {
	if h.errands == nil {
		return nil
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &device{h: h, n: n, life: ctx, office: sync.OnceValue(hasOffice)}
	d.drives.media = d.media
	d.all.Go(func() { d.rounds(o.backup) })
	d.all.Go(d.compare)
	h.closing(func() error { stop(); d.all.Wait(); return nil })
	return d
}

// rounds looks at the box now and then, never while a session sits: its ballots
// want the disk.
func (d *device) rounds(folder string) {
	d.settle()
	for d.life.Err() == nil {
		if !d.sitting() || d.lastChecked().IsZero() {
			d.round(folder)
		}
		d.pause(lookEvery)
	}
}

// settle waits for the end of the start.
func (d *device) settle() {
	select {
	case <-d.life.Done():
	case <-d.h.settled:
	}
}

func (d *device) pause(length time.Duration) {
	select {
	case <-d.life.Done():
	case <-time.After(length):
	}
}

func (d *device) round(folder string) {
	now := time.Now()
	d.mu.Lock()
	before := d.facts.Record
	d.mu.Unlock()
	verify := now.Sub(before.Verified) > verifyEvery
	f := checkup.Gather(d.life, checkup.Look{Data: d.h.dir, Backup: folder, Now: now, Verify: verify})
	if d.life.Err() != nil {
		return
	}
	if !verify {
		f.Record.Verified, f.Record.Wrong = before.Verified, before.Wrong
	}
	if all := checkup.Judge(f); checkup.Worst(all) == checkup.Act {
		for _, one := range all {
			if one.State == checkup.Act {
				d.h.log.Warn("this box needs somebody", "check", one.Name, "figure", one.Figure, "say", one.Say.EN)
			}
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.facts, d.checked = f, now
}

// compare sees how far the clocks are apart whenever a receipt comes.
func (d *device) compare() {
	d.settle()
	if d.life.Err() != nil {
		return
	}
	signed := d.h.signed(d.life)
	d.mu.Lock()
	for _, r := range signed {
		d.receipt = later(d.receipt, r.At)
	}
	d.mu.Unlock()
	for {
		s, changed := d.h.errands.State()
		for _, l := range s.Progress.Logs {
			d.mu.Lock()
			if l.At.After(d.receipt) {
				apart := time.Since(l.At).Round(time.Second)
				d.receipt, d.drift = l.At, &apart
			}
			d.mu.Unlock()
		}
		select {
		case <-d.life.Done():
			return
		case <-changed:
		}
	}
}

func (d *device) sitting() bool {
	phase := d.h.room.State().Session.Phase()
	return phase == meeting.Sitting || phase == meeting.Recess
}

func (d *device) lastChecked() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.checked
}

// Look is the box now.
func (d *device) Look(ctx context.Context) templates.IT {
	signed := d.h.signed(ctx)
	centre, rows := d.line(ctx, signed), d.rows(signed)
	for _, r := range rows {
		centre.Waiting += max(r.Here-r.Confirmed, 0)
	}
	f := d.now(centre)
	x := templates.IT{
		Sitting: d.sitting(), Centre: centre, Rows: shortened(rows), Drives: d.drives.plugged(), Checked: d.lastChecked(),
		Version: f.Version,
		Backup:  templates.ITBackup{Folder: f.Backup.Dir, Last: f.Backup.Last, Bytes: f.Backup.Size, Recovery: f.Backup.Recovery},
	}
	if !x.Checked.IsZero() {
		for _, one := range checkup.Judge(f) {
			x.Health = append(x.Health, templates.ITFinding{Name: one.Name, State: string(one.State), Figure: one.Figure,
				Title: templates.Told(one.Title), Say: templates.Told(one.Say), Do: templates.Told(one.Do)})
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	x.Job = d.job
	return x
}

// now is the last round with what has changed since.
func (d *device) now(centre templates.ITCentre) checkup.Facts {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.facts
	f.Now, f.Built, f.Version, f.Office, f.Running = time.Now(), built(), versionText(), d.office(), true
	f.Disk.Reserve = d.h.reserve.Held()
	if free, err := store.Free(d.h.dir); err == nil {
		f.Disk.Free = free
	}
	f.Clock.Drift = d.drift
	f.Centre = checkup.Centre{Paired: centre.Paired, Name: centre.Name, Waiting: centre.Waiting, Running: centre.Running, Sitting: d.sitting(),
		Last: later(centre.Good, d.receipt), Fault: checkup.Sentence(centre.Fault)}
	f.Backup.Recovery = d.hasRecovery()
	d.h.backups.add(&f.Backup)
	if d.saved.Made.After(f.Backup.Last) {
		f.Backup.Last, f.Backup.Size = d.saved.Made, d.saved.Bytes
	}
	f.Desk = d.desk()
	return f
}

// add notes what the nightly backups know.
func (b *backups) add(to *checkup.Backup) {
	b.mu.Lock()
	defer b.mu.Unlock()
	to.Dir, to.Err = b.dir, b.err
	if b.last.Made.After(to.Last) {
		to.Last, to.Size = b.last.Made, b.last.Bytes
	}
}

func (d *device) hasRecovery() bool {
	_, err := backup.Recovery(d.h.dir)
	return err == nil
}

// desk is who is here, and which papers wait.
func (d *device) desk() *checkup.Desk {
	s := d.h.room.State()
	v := s.Session.SeenBy(meeting.Audience{Screen: meeting.SecretaryScreen})
	out := &checkup.Desk{Seats: len(v.Roll), Arrivals: len(s.Arrivals)}
	for _, p := range v.Roll {
		if s.Tablets[p.ID].Connected {
			out.Tablets++
		}
	}
	for _, it := range v.Agenda {
		for _, paper := range it.Papers {
			switch state := d.h.work.press.State(documents.Ref(paper.Ref)); {
			case paper.Superseded || paper.Withdrawn:
			case state.Trouble != "":
				out.Troubled++
			case paper.Total == 0 || paper.Pages < paper.Total:
				out.Undrawn++
			}
		}
	}
	return out
}

// media are the drives that may be written to and taken out: not the disk that holds
// the data or the nightly backups, which may be mounted beside them.
func (d *device) media() []inbox.Medium {
	return slices.DeleteFunc(d.h.work.inbox.Media(), func(m inbox.Medium) bool {
		return within(m.Path, d.h.dir) || within(m.Path, d.h.backups.dir)
	})
}

// within tells whether a path lies in a folder; "" lies in none.
func within(folder, path string) bool {
	if path == "" {
		return false
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	rest, err := filepath.Rel(folder, whole)
	return err == nil && filepath.IsLocal(rest)
}

// Called is the name the room is announced under.
func (d *device) Called() string { return d.n.called() }

// Send goes to the centre now, even while a session sits: somebody wants it.
func (d *device) Send() {
	if s, _ := d.h.errands.State(); s.Running {
		return
	}
	d.all.Go(func() {
		err := d.h.errands.Now(d.life)
		if err == nil || d.life.Err() != nil {
			return // the columns say so
		}
		job := templates.ITJob{Bad: true, At: time.Now()}
		job.Said.VI, job.Said.EN = courier.Sentence(err)
		d.mu.Lock()
		defer d.mu.Unlock()
		if !d.job.Running {
			d.job = job
		}
	})
}

// NewRecovery makes the recovery key, once.
func (d *device) NewRecovery() (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.hasRecovery() {
		return "", web.ErrMade
	}
	return backup.NewRecovery(d.h.dir)
}

// signed are the centre's receipts by log.
func (h *house) signed(ctx context.Context) map[string]courier.Receipt {
	list, err := h.receipts.All(ctx)
	if err != nil {
		h.log.Error("reading the receipts", "err", err)
	}
	out := map[string]courier.Receipt{}
	for _, r := range list {
		out[r.Log] = r
	}
	return out
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
