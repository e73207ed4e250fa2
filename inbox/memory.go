package inbox

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"phonghop/meeting"
	"phonghop/store"
)

// memory is what an inbox remembers of one session over restarts.
type memory struct {
	Session meeting.SessionID          `json:"session"`
	Folder  string                     `json:"folder"`
	Items   map[meeting.ItemID]string  `json:"items"`             // the folder of each
	Taken   map[string]bool            `json:"taken,omitempty"`   // by mark: a paper, or dismissed
	Held    map[string]bool            `json:"held,omitempty"`    // by mark
	Aimed   map[string]meeting.ItemID  `json:"aimed,omitempty"`   // by mark: where the secretary put it
	Origins map[string]origin          `json:"origins,omitempty"` // by path: uploads and drives
	Papers  map[string]meeting.PaperID `json:"papers,omitempty"`  // by item and folded file name: the last paper of it

	Seen map[string]seen `json:"seen,omitempty"` // by path: bytes that are in documents

	path  string
	dirty bool
}

// origin is what is known of a file beside its bytes.
type origin struct {
	From     string          `json:"from"`
	Replaces meeting.PaperID `json:"replaces,omitempty"`
	File     string          `json:"file,omitempty"` // as it was called; in the folder it may be "name (2)"
}

// mark names a content in the place it was dropped in.
func mark(item meeting.ItemID, ref string) string { return string(item) + "/" + ref }

// recall reads what is remembered of a session. A damaged file is begun anew:
// the journal still knows every paper.
func recall(dir string, id meeting.SessionID) (*memory, error) {
	m := &memory{Session: id, path: filepath.Join(dir, "."+string(id)+".json")}
	raw, err := os.ReadFile(m.path)
	if err == nil {
		err = json.Unmarshal(raw, m)
	}
	m.Session = id
	m.Items, m.Taken, m.Held = made(m.Items), made(m.Taken), made(m.Held)
	m.Aimed, m.Origins, m.Papers = made(m.Aimed), made(m.Origins), made(m.Papers)
	m.Seen = made(m.Seen)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return m, err
}

func made[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}

// save writes it down where something changed.
func (m *memory) save() error {
	if m == nil || !m.dirty {
		return nil
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := store.WriteFile(m.path, raw, 0o600); err != nil {
		return err
	}
	m.dirty = false
	return nil
}

// claimed are the folders of other sessions.
func claimed(dir string, id meeting.SessionID) map[string]bool {
	out := map[string]bool{}
	paths, _ := filepath.Glob(filepath.Join(dir, ".*.json")) // the pattern is ours
	for _, path := range paths {
		var other memory
		raw, err := os.ReadFile(path)
		if err == nil && json.Unmarshal(raw, &other) == nil && other.Session != id && other.Folder != "" {
			out[strings.ToLower(other.Folder)] = true
		}
	}
	return out
}
