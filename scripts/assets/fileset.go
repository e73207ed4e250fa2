package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// fileSet is the finished files, by the name they are served under.
type fileSet map[string][]byte

// hashed is a name with the mark of its content: "main-3F2K7QAB.css".
var hashed = regexp.MustCompile(`^(.+)-[A-Z2-7]{8}(\.[a-z0-9]+)$`)

// add names content after itself.
func (f fileSet) add(name string, content []byte) {
	sum := sha256.Sum256(content)
	mark := base32.StdEncoding.EncodeToString(sum[:])[:8]
	ext := filepath.Ext(name)
	f[name[:len(name)-len(ext)]+"-"+mark+ext] = content
}

// keep takes content whose name already carries its mark.
func (f fileSet) keep(name string, content []byte) { f[name] = content }

// write replaces what dir held, and writes manifest.json: plain name to marked
// name. Nothing is touched where nothing changed, so builds stay cached.
func (f fileSet) write(dir string) error {
	names := map[string]string{}
	for name := range f {
		m := hashed.FindStringSubmatch(name)
		if m == nil {
			return fmt.Errorf("%s carries no mark of its content", name)
		}
		names[m[1]+m[2]] = name
	}
	manifest, err := json.MarshalIndent(names, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the manifest: %w", err)
	}
	f["manifest.json"] = append(manifest, '\n')
	if err := f.sweep(dir); err != nil {
		return err
	}
	for name, content := range f {
		if err := writeChanged(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes what an earlier build left.
func (f fileSet) sweep(dir string) error {
	old, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("reading what was built before: %w", err)
	}
	for _, e := range old {
		if _, stays := f[e.Name()]; stays || e.Name() == ".gitkeep" {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("removing an old asset: %w", err)
		}
	}
	return nil
}

func writeChanged(path string, content []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return fmt.Errorf("writing an asset: %w", err)
	}
	return nil
}
