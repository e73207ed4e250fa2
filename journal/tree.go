package journal

import (
	"errors"
	"maps"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tree is what the journal keeps in memory of one log. A published one is only
// changed under the journal's lock.
type tree struct {
	n      int64 // the log's number in the tables
	name   string
	size   int64
	edge   edge
	root   tlog.Hash
	epoch  int    // of note
	note   []byte // the signed checkpoint of size and root
	signed int64  // entries note signs: size, but in a copy that still receives
	sealed bool
	wrong  error // a *Wrong a glance has found

	// ids finds an entry by its id, for logs that are not sealed. Every command
	// asks here whether it was taken before; 1,000 ballots would be 1,000 index
	// look-ups on disk, and opening has read every id anyway.
	ids map[string]int64

	signer note.Signer // made for signerOf, nil at first
	signs  Origin
}

func newTree(n int64, name string) *tree {
	return &tree{n: n, name: name, ids: map[string]int64{}}
}

func (t *tree) log() Log {
	return Log{t.name, t.size, t.root, t.epoch, t.sealed, t.signed, t.wrong}
}

// edge is the right edge of a tree: at [level] the complete subtree of 2^level
// leaves that the present size ends with, where its binary digit is 1. It is all
// that appending needs.
type edge [48]tlog.Hash

// ReadHashes answers for the nodes of the right edge only; appending and the
// root ask for no others.
func (e *edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, _ := tlog.SplitStoredHashIndex(index)
		if level >= len(e) {
			return nil, errors.New("the tree is too high")
		}
		hashes[i] = e[level]
	}
	return hashes, nil
}

// grow appends the leaf of entry seq and returns the nodes to store, the first
// at StoredHashIndex(0, seq).
func (e *edge) grow(seq int64, leaf tlog.Hash) ([]tlog.Hash, error) {
	hashes, err := tlog.StoredHashesForRecordHash(seq, leaf, e)
	if err != nil {
		return nil, err
	}
	if len(hashes) > len(e) {
		return nil, errors.New("the tree is too high")
	}
	e[len(hashes)-1] = hashes[len(hashes)-1]
	return hashes, nil
}

// signerOf makes the signer of the log's origin once.
func (t *tree) signerOf(k *Key, o Origin) (note.Signer, error) {
	if t.signer == nil || t.signs != o {
		s, err := k.signer(o.String())
		if err != nil {
			return nil, err
		}
		t.signer, t.signs = s, o
	}
	return t.signer, nil
}

// take makes next the published state, with the ids new to it.
func (t *tree) take(next *tree, ids map[string]int64) {
	t.size, t.edge, t.root, t.epoch, t.note, t.signed, t.sealed = next.size, next.edge, next.root, next.epoch, next.note, next.signed, next.sealed
	t.signer, t.signs = next.signer, next.signs
	maps.Copy(t.ids, ids)
}
