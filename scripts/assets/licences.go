package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// licences is the notices of every package whose work is in the bundle, as
// their licences ask.
func licences(dir string) ([]byte, error) {
	names, err := dependencies("package.json")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name, "LICENSE"))
		if err != nil {
			return nil, fmt.Errorf("reading the licence of %s: %w", name, err)
		}
		fmt.Fprintf(&out, "%s\n\n%s\n\n", name, bytes.TrimSpace(text))
	}
	return out.Bytes(), nil
}

func dependencies(path string) ([]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the list of packages: %w", err)
	}
	var list struct{ Dependencies map[string]string }
	if err := json.Unmarshal(content, &list); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return slices.Sorted(maps.Keys(list.Dependencies)), nil
}
