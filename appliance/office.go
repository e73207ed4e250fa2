package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"phonghop/minutes"
	"phonghop/store"
	"phonghop/web"
)

// officeFile is office.json of the data folder: what the office says of itself on
// its papers, and what paper costs it. No session rests on it; who loses it types
// it again.
type officeFile struct {
	path string
	mu   sync.Mutex
}

func newOfficeFile(data string) *officeFile {
	return &officeFile{path: filepath.Join(data, "office.json")}
}

// officeText is the file's form. A field the office left out is empty; prices it
// left out are those every office begins with.
type officeText struct {
	Superior  string         `json:"superior,omitempty"`
	Body      string         `json:"body,omitempty"`
	PlaceName string         `json:"place_name,omitempty"`
	Notation  string         `json:"notation,omitempty"`
	Archive   string         `json:"archive,omitempty"`
	ForChair  []string       `json:"for_chair,omitempty"`
	ChiefName string         `json:"chief_name,omitempty"`
	Prices    minutes.Prices `json:"prices"`
}

// Load reads the file; without one the office has said nothing yet.
func (f *officeFile) Load() (web.Particulars, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := officeText{Prices: minutes.DefaultPrices()}
	data, err := os.ReadFile(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return web.Particulars{}, fmt.Errorf("reading the office's particulars: %w", err)
	default:
		if err := errors.Join(json.Unmarshal(data, &t), t.Prices.Check()); err != nil {
			return web.Particulars{}, fmt.Errorf("reading %s: %w", f.path, err)
		}
	}
	office := minutes.Office{Superior: t.Superior, Body: t.Body, PlaceName: t.PlaceName, Notation: t.Notation, Archive: t.Archive, ForChair: t.ForChair, ChiefName: t.ChiefName}
	return web.Particulars{Office: office, Prices: t.Prices}, nil
}

// Save puts the particulars into the file. A crash leaves the old ones or the new.
func (f *officeFile) Save(p web.Particulars) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := p.Office
	data, err := json.MarshalIndent(officeText{o.Superior, o.Body, o.PlaceName, o.Notation, o.Archive, o.ForChair, o.ChiefName, p.Prices}, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the office's particulars: %w", err)
	}
	return store.WriteFile(f.path, append(data, '\n'), 0o600)
}
