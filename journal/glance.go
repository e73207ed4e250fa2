package journal

import (
	"context"
	"fmt"
)

// Glance looks at the logs that a start has left aside: each must be as long as its
// newest signed checkpoint says. What is not is in Logs, and nothing is read of it any
// more; the error is what kept it from looking. Whoever asks for one of those logs
// glances first; a room does it soon after its start, to say what it finds.
func (j *Journal) Glance(ctx context.Context) error {
	j.glancing.Lock()
	defer j.glancing.Unlock()
	j.mu.RLock()
	all := len(j.aside) == 0
	j.mu.RUnlock()
	if all {
		return nil
	}
	walks, err := j.knowing().all(ctx, logsAside, func(walk) bool { return false })
	if err != nil {
		return fmt.Errorf("looking at the earlier logs: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, w := range walks {
		if _, aside := j.aside[w.t.name]; !aside {
			continue
		}
		if w.wrong != nil {
			w.t.wrong = w.wrong
		}
		j.logs[w.t.name] = w.t
		delete(j.aside, w.t.name)
	}
	return nil
}

// knowing is a verifier that has learnt the room's keys.
func (j *Journal) knowing() *verifier {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return &verifier{db: j.db.Read(), prefix: j.prefix, epochs: j.epochs, copy: j.copies}
}

// others are the numbers of the logs that were not read.
func (v *verifier) others(ctx context.Context, read map[string]*tree) (map[string]int64, error) {
	rows, err := v.db.QueryContext(ctx, `SELECT n, name FROM log`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	numbers := map[string]int64{}
	for rows.Next() {
		var (
			n    int64
			name string
		)
		if err := rows.Scan(&n, &name); err != nil {
			return nil, err
		}
		if read[name] == nil {
			numbers[name] = n
		}
	}
	return numbers, rows.Err()
}

// tree is the log of a name, looked at; nil where nobody has begun it.
func (j *Journal) tree(ctx context.Context, log string) (*tree, error) {
	t, aside := j.known(log)
	if aside {
		if err := j.Glance(ctx); err != nil {
			return nil, err
		}
		t, _ = j.known(log)
	}
	if t != nil && t.wrong != nil {
		return nil, t.wrong
	}
	return t, nil
}

func (j *Journal) known(log string) (t *tree, aside bool) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	_, aside = j.aside[log]
	return j.logs[log], aside
}

// begun is tree where there must be one.
func (j *Journal) begun(ctx context.Context, log string) (*tree, error) {
	t, err := j.tree(ctx, log)
	if t == nil && err == nil {
		err = fmt.Errorf("%w: %s", ErrNoLog, log)
	}
	return t, err
}

// wake is tree for who adds something: a log that was only glanced at is verified
// first, since a command may only follow what was read entry by entry.
func (j *Journal) wake(ctx context.Context, log string) (*tree, error) {
	t, err := j.tree(ctx, log)
	if t == nil || err != nil || t.ids != nil || t.sealed {
		return t, err
	}
	w := walk{v: j.knowing(), t: newTree(t.n, log)}
	if err := w.read(ctx, func(walk) bool { return true }); err != nil {
		return nil, fmt.Errorf("reading log %s: %w", log, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.logs[log] = w.t
	return w.t, nil
}
