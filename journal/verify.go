package journal

import (
	"context"
	"database/sql"
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
	walks, err := v.all(ctx, everyLog, func(walk) bool { return true })
	if err != nil {
		return Report{}, fmt.Errorf("verifying: %w", err)
	}
	report := Report{Room: v.epochs.room}
	for i, public := range v.epochs.keys {
		report.Keys = append(report.Keys, verifierText(Origin{v.prefix, v.epochs.room, RoomLog, i + 1}.String(), public))
	}
	var first error
	for _, w := range walks {
		report.Logs = append(report.Logs, LogReport{Log: w.t.log(), Withheld: w.withheld, Wrong: w.wrong})
		if w.wrong != nil && first == nil {
			first = w.wrong
		}
	}
	return report, first
}

func (j *Journal) verifier() *verifier {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return &verifier{db: j.db.Read(), prefix: j.prefix, epochs: firstEpoch(j.key)}
}

// load is the start: it verifies the room's log and the log that was begun last,
// and takes them over. The others are left aside until somebody glances at them; with
// readOnly all are glanced at, and of a copy those verified that are not sealed, since
// they still receive.
func (j *Journal) load(ctx context.Context, readOnly bool, follow func(Record)) error {
	v := j.verifier()
	if readOnly || j.copies {
		return j.takeOver(ctx, v, everyLog, readOnly)
	}
	v.follow = follow
	return j.db.Alone(func(c *sql.Conn) error {
		v.db = c
		return j.takeOver(ctx, v, logsAtWork, readOnly)
	})
}

func (j *Journal) takeOver(ctx context.Context, v *verifier, which string, readOnly bool) error {
	walks, err := v.all(ctx, which, func(w walk) bool {
		return w.t.name == RoomLog || !readOnly && !w.t.sealed && (v.copy || w.t.n == v.last)
	})
	if err != nil {
		return err
	}
	logs := map[string]*tree{}
	for _, w := range walks {
		if w.wrong != nil && !readOnly {
			return w.wrong
		}
		logs[w.t.name] = w.t
	}
	if err := v.epochs.fit(j.key); err != nil {
		return err
	}
	var aside map[string]int64
	if which == logsAtWork {
		if aside, err = v.others(ctx, logs); err != nil {
			return err
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.prefix, j.epochs, j.logs, j.aside = v.prefix, v.epochs, logs, aside
	return nil
}
