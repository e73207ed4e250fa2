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
	v, aside := j.lookAside()
	if !aside {
		return nil
	}
	walks, err := v.all(ctx, logsAside, func(walk) bool { return false })
	if err != nil {
		return fmt.Errorf("looking at the earlier logs: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, w := range walks {
		if t := j.logs[w.t.name]; t != nil && t.aside {
			if w.wrong != nil {
				w.t.wrong = w.wrong
			}
			j.logs[w.t.name] = w.t
		}
	}
	return nil
}

// lookAside is a verifier that knows the room's keys, if any log is aside.
func (j *Journal) lookAside() (v *verifier, aside bool) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	for _, t := range j.logs {
		aside = aside || t.aside
	}
	return &verifier{db: j.db.Read(), prefix: j.prefix, epochs: j.epochs, copy: j.copies}, aside
}

// leaveAside adds the names of the logs that were not read.
func (v *verifier) leaveAside(ctx context.Context, logs map[string]*tree) error {
	rows, err := v.db.QueryContext(ctx, `SELECT n, name FROM log`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		t := tree{aside: true}
		if err := rows.Scan(&t.n, &t.name); err != nil {
			return err
		}
		if logs[t.name] == nil {
			logs[t.name] = &t
		}
	}
	return rows.Err()
}

// tree is the log of a name, looked at; nil where nobody has begun it.
func (j *Journal) tree(ctx context.Context, log string) (*tree, error) {
	t := j.known(log)
	if t != nil && t.aside {
		if err := j.Glance(ctx); err != nil {
			return nil, err
		}
		t = j.known(log)
	}
	if t != nil && t.wrong != nil {
		return nil, t.wrong
	}
	return t, nil
}

func (j *Journal) known(log string) *tree {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.logs[log]
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
	v, _ := j.lookAside()
	w := walk{v: v, t: newTree(t.n, log)}
	if err := w.read(ctx, func(walk) bool { return true }); err != nil {
		return nil, fmt.Errorf("reading log %s: %w", log, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.logs[log] = w.t
	return w.t, nil
}
