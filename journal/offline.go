package journal

import (
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// CheckLines checks a log that was handed on as bare lines: each entry's form, its
// place, ids, the seal, and that a checkpoint signed by one of the room's keys (as
// PublicKeys gives them) signs exactly these. It needs nothing of the room.
func CheckLines(lines iter.Seq[[]byte], checkpoint []byte, publicKeys ...string) (size int64, root tlog.Hash, err error) {
	s, err := openCheckpoint(checkpoint, func(o Origin) ([]byte, error) { return chooseKey(o, publicKeys) })
	if err != nil {
		return 0, root, fmt.Errorf("the checkpoint: %w", err)
	}
	t := newTree(0, s.Log)
	for line := range lines {
		if err := t.check(line); err != nil {
			return t.size, root, err
		}
	}
	if root, err = tlog.TreeHash(t.size, &t.edge); err != nil {
		return t.size, root, err
	}
	if t.size != s.size || root != s.root {
		return t.size, root, &Wrong{s.Log, -1, fmt.Sprintf("its %d entries are not the %d that were signed", t.size, s.size)}
	}
	return t.size, root, nil
}

// check takes the next line into the tree.
func (t *tree) check(line []byte) error {
	bad := func(err error) error { return &Wrong{t.name, t.size, err.Error()} }
	e, err := ParseEntry(line)
	if err != nil {
		return bad(err)
	}
	_, twice := t.ids[e.ID]
	switch {
	case e.Log != t.name || e.Seq != t.size:
		return bad(errors.New("another entry stands in its place"))
	case twice:
		return bad(ErrDuplicate)
	case t.sealed:
		return bad(errors.New("it follows the seal"))
	}
	t.ids[e.ID], t.sealed = t.size, e.Kind == RecordSealed
	if _, err := t.edge.grow(t.size, tlog.RecordHash(line)); err != nil {
		return err
	}
	t.size++
	return nil
}

// CheckDetail tells whether a body is the one an entry names.
func CheckDetail(e Entry, salt, body []byte) bool {
	return len(salt) == 32 && len(body) > 0 && len(body) <= MaxBody && detail(salt, body) == e.Detail
}

// KeyOf gives the fingerprint of a public key, for people to compare: the SHA-256
// of its 32 bytes.
func KeyOf(publicKey string) ([]byte, error) {
	_, public, err := parseVerifier(publicKey)
	return public, err
}
