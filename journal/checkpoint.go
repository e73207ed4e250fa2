package journal

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is the newest signed checkpoint of a log: a C2SP signed note.
func (j *Journal) Checkpoint(log string) ([]byte, error) {
	t, err := j.begun(context.Background(), log)
	if err != nil {
		return nil, err
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	return bytes.Clone(t.note), nil
}

// sign computes the root of a log that has grown and signs it.
func (j *Journal) sign(t *tree, e epochs) error {
	root, err := tlog.TreeHash(t.size, &t.edge)
	if err != nil {
		return err
	}
	o := Origin{j.prefix, e.room, t.name, j.key.epoch}
	signer, err := t.signerOf(j.key, o)
	if err != nil {
		return err
	}
	text, err := note.Sign(&note.Note{Text: checkpointText(o, t.size, root)}, signer)
	if err != nil {
		return err
	}
	t.root, t.epoch, t.note, t.signed = root, o.Epoch, text, t.size
	return nil
}

func checkpointText(o Origin, size int64, root tlog.Hash) string {
	return o.String() + "\n" + strconv.FormatInt(size, 10) + "\n" + root.String() + "\n"
}

// signed is a checkpoint whose signature was checked.
type signed struct {
	Origin
	size int64
	root tlog.Hash
}

// openCheckpoint checks a checkpoint's form and its signature by a public key.
func openCheckpoint(text []byte, key func(Origin) ([]byte, error)) (signed, error) {
	first, _, _ := strings.Cut(string(text), "\n")
	o, err := ParseOrigin(first)
	if err != nil {
		return signed{}, err
	}
	public, err := key(o)
	if err != nil {
		return signed{}, err
	}
	v, err := note.NewVerifier(verifierText(o.String(), public))
	if err != nil {
		return signed{}, err
	}
	n, err := note.Open(text, note.VerifierList(v))
	if err != nil {
		return signed{}, fmt.Errorf("the checkpoint is not signed by the key of %s: %w", o, err)
	}
	for _, s := range n.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return signed{}, fmt.Errorf("the signature of %s is not in its canonical form", o)
		}
	}
	return parseCheckpoint(o, n.Text)
}

func parseCheckpoint(o Origin, text string) (signed, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return signed{}, fmt.Errorf("a checkpoint has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return signed{}, fmt.Errorf("a checkpoint's size: %w", err)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return signed{}, fmt.Errorf("a checkpoint's root is 32 bytes in base64")
	}
	s := signed{o, size, tlog.Hash(root)}
	if checkpointText(o, s.size, s.root) != text {
		return signed{}, fmt.Errorf("the checkpoint is not in its canonical form")
	}
	return s, nil
}

// CheckpointOrigin tells whose checkpoint a text says it is. It checks nothing.
func CheckpointOrigin(text []byte) (Origin, error) {
	first, _, _ := strings.Cut(string(text), "\n")
	return ParseOrigin(first)
}
