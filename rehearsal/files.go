package rehearsal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"phonghop/store"
)

// The files of a rehearsal, in the data folder. All begin alike, and nothing else
// there does.
const (
	journalFile = "rehearsal.db"
	accessFile  = "rehearsal-access.db"
	beginAlike  = "rehearsal"
)

// Sweep removes whatever a rehearsal has left in a data folder. A start does it
// before anything else is opened there.
func Sweep(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("looking for a rehearsal's files: %w", err)
	}
	for _, f := range list {
		if !strings.HasPrefix(f.Name(), beginAlike) {
			continue
		}
		if err := store.Remove(filepath.Join(dir, f.Name())); err != nil {
			return fmt.Errorf("removing a rehearsal's file: %w", err)
		}
	}
	return nil
}
