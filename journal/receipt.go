package journal

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

const receiptHead = "c2sp.org/tlog-proof@v1\n"

// Receipt proves offline that an entry stands in a signed log: a C2SP tlog-proof
// against the newest checkpoint. It is under 1 KB up to 16,000 entries.
func (j *Journal) Receipt(ctx context.Context, log string, seq int64) ([]byte, error) {
	t, err := j.begun(ctx, log)
	if err != nil {
		return nil, err
	}
	j.mu.RLock()
	n, size, checkpoint := t.n, t.size, t.note
	j.mu.RUnlock()
	if seq < 0 || seq >= size {
		return nil, fmt.Errorf("%w: %d in log %s", ErrNoEntry, seq, log)
	}
	proof, err := tlog.ProveRecord(size, seq, nodes(ctx, j.db.Read(), n))
	if err != nil {
		return nil, fmt.Errorf("proving entry %d of log %s: %w", seq, log, err)
	}
	return receiptText(seq, proof, checkpoint), nil
}

func receiptText(seq int64, proof tlog.RecordProof, checkpoint []byte) []byte {
	b := []byte(receiptHead + "index ")
	b = strconv.AppendInt(b, seq, 10)
	b = append(b, '\n')
	for _, h := range proof {
		b = base64.StdEncoding.AppendEncode(b, h[:])
		b = append(b, '\n')
	}
	b = append(b, '\n')
	return append(b, checkpoint...)
}

// CheckReceipt tells, without any journal, whether line is the entry the receipt
// proves, in a log of a room one of the public keys belongs to (as PublicKeys
// gives them; any log's will do). nil: it is.
func CheckReceipt(receipt, line []byte, publicKeys ...string) error {
	r, err := parseReceipt(receipt)
	if err != nil {
		return fmt.Errorf("reading the receipt: %w", err)
	}
	s, err := openCheckpoint(r.checkpoint, func(o Origin) ([]byte, error) { return chooseKey(o, publicKeys) })
	if err != nil {
		return fmt.Errorf("checking the receipt: %w", err)
	}
	e, err := ParseEntry(line)
	if err != nil {
		return fmt.Errorf("reading the entry: %w", err)
	}
	if e.Log != s.Log || e.Seq != r.index {
		return fmt.Errorf("the receipt is for entry %d of log %s, not for %d of %s", r.index, s.Log, e.Seq, e.Log)
	}
	if err := tlog.CheckRecord(r.proof, s.size, s.root, r.index, tlog.RecordHash(line)); err != nil {
		return fmt.Errorf("the entry is not the one the receipt proves: %w", err)
	}
	return nil
}

// chooseKey finds the key of the origin's room and epoch.
func chooseKey(o Origin, publicKeys []string) ([]byte, error) {
	for _, text := range publicKeys {
		k, public, err := parseVerifier(text)
		if err != nil {
			return nil, err
		}
		if k.Prefix == o.Prefix && k.Room == o.Room && k.Epoch == o.Epoch {
			return public, nil
		}
	}
	return nil, fmt.Errorf("none of the public keys is of %s", o)
}

type receipt struct {
	index      int64
	proof      tlog.RecordProof
	checkpoint []byte
}

// parseReceipt is strict: writing it again gives the same bytes.
func parseReceipt(text []byte) (receipt, error) {
	var r receipt
	head, checkpoint, ok := bytes.Cut(text, []byte("\n\n"))
	if !ok || !bytes.HasPrefix(head, []byte(receiptHead)) {
		return r, errors.New("it is not a c2sp.org/tlog-proof@v1")
	}
	lines := bytes.Split(head[len(receiptHead):], []byte("\n"))
	index, ok := bytes.CutPrefix(lines[0], []byte("index "))
	n, err := strconv.ParseInt(string(index), 10, 64)
	if !ok || err != nil {
		return r, errors.New("it has no index")
	}
	for _, l := range lines[1:] {
		h, err := tlog.ParseHash(string(l))
		if err != nil {
			return r, err
		}
		r.proof = append(r.proof, h)
	}
	r.index, r.checkpoint = n, checkpoint
	if !bytes.Equal(receiptText(n, r.proof, checkpoint), text) {
		return r, errors.New("it is not in its canonical form")
	}
	return r, nil
}
