package journal

import (
	"context"
	"fmt"
)

// Wrong says where a log is not what was signed.
type Wrong struct {
	Log  string
	Seq  int64 // the first wrong entry; -1 when only the log as a whole is wrong
	What string
}

func (w *Wrong) Error() string {
	if w.Seq < 0 {
		return fmt.Sprintf("log %s: %s", w.Log, w.What)
	}
	return fmt.Sprintf("log %s, entry %d: %s", w.Log, w.Seq, w.What)
}

// Report is what Verify found, a line for each log.
type Report struct {
	Room string
	Keys []string // the public keys of all epochs, to compare with those written down elsewhere
	Logs []LogReport
}

// LogReport is one log as it was read.
type LogReport struct {
	Log
	Withheld int    // entries whose body is not here: withheld, erased, or not yet come
	Wrong    *Wrong // nil: all is as signed
}

// Verify reads every log from its first byte: each line, leaf and tree node, each
// body against its detail, ids, the order, the seal, the epochs and the signed
// checkpoints. It needs no key but those the room's log names. The error is the
// first *Wrong, or what kept it from reading.
func (j *Journal) Verify(ctx context.Context) (Report, error) {
	v := j.verifier()
	walks, err := v.all(ctx, func(walk) bool { return true })
	if err != nil {
		return Report{}, fmt.Errorf("verifying: %w", err)
	}
	report := Report{Room: v.epochs.room}
	for i, public := range v.epochs.keys {
		report.Keys = append(report.Keys, verifierText(Origin{v.prefix, v.epochs.room, RoomLog, i + 1}.String(), public))
	}
	var first error
	for _, w := range walks {
		report.Logs = append(report.Logs, LogReport{Log{w.t.name, w.t.size, w.t.root, w.t.epoch, w.t.sealed, w.t.signed}, w.withheld, w.wrong})
		if w.wrong != nil && first == nil {
			first = w.wrong
		}
	}
	return report, first
}

// wake verifies a log that a start took over unread, before something is added to
// it: a command may only follow what was read entry by entry.
func (j *Journal) wake(ctx context.Context, log string) error {
	t := j.tree(log)
	if t == nil || t.ids != nil || t.sealed {
		return nil
	}
	j.mu.RLock()
	v := &verifier{db: j.db.Read(), prefix: j.prefix, epochs: j.epochs, copy: j.copies}
	j.mu.RUnlock()
	w := walk{v: v, t: newTree(t.n, log)}
	if err := w.read(ctx, func(walk) bool { return true }); err != nil {
		return fmt.Errorf("reading log %s: %w", log, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.logs[log] = w.t
	return nil
}

func (j *Journal) verifier() *verifier {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return &verifier{db: j.db.Read(), prefix: j.prefix, epochs: firstEpoch(j.key)}
}

// load is the start: it verifies the room's log and the log that was begun last,
// and takes them over. The others are taken over by their signed checkpoints, and
// verified when something is added to one (wake); so is every log with readOnly.
// A copy still receives all that is not sealed and verifies it. What a room's start
// has read is handed to the first who asks for it (Records).
func (j *Journal) load(ctx context.Context, readOnly bool) error {
	v := j.verifier()
	v.keep = !readOnly && !j.copies
	walks, err := v.all(ctx, func(w walk) bool {
		return w.t.name == RoomLog || !readOnly && !w.t.sealed && (v.copy || w.t.n == v.last)
	})
	if err != nil {
		return err
	}
	logs, read := map[string]*tree{}, map[string][]Record{}
	for _, w := range walks {
		if w.wrong != nil && !readOnly {
			return w.wrong
		}
		logs[w.t.name] = w.t
		if len(w.records) > 0 {
			read[w.t.name] = w.records
		}
	}
	if err := v.epochs.fit(j.key); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.prefix, j.epochs, j.logs, j.read = v.prefix, v.epochs, logs, read
	return nil
}
