package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write generated files anew")

// linkedModules are the modules of others that the program is linked from, with
// the folders they lie in.
func linkedModules(t *testing.T) map[string]string {
	t.Helper()
	c := exec.Command("go", "list", "-deps", "-f", `{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}`, ".")
	out, err := c.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dirs := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, dir, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			dirs[path] = dir
		}
	}
	return dirs
}

func mustRows(t *testing.T) []licenceRow {
	t.Helper()
	rows, err := licenceRows()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestEveryModuleLinkedHasARowOfItsLicence(t *testing.T) {
	linked, listed := linkedModules(t), map[string]bool{}
	for _, r := range mustRows(t) {
		if r.kind == "go" {
			listed[r.name] = true
			if linked[r.name] == "" {
				t.Errorf("licences.csv: %s is not linked any more", r.name)
			}
		}
		if r.spdx == "" || r.holder == "" {
			t.Errorf("licences.csv: %s has no terms or no holder", r.name)
		}
	}
	for path := range linked {
		if !listed[path] {
			t.Errorf("licences.csv: no row for %s", path)
		}
	}
}

func TestEveryEmbeddedPackageHasARowOfItsLicence(t *testing.T) {
	raw, err := os.ReadFile("../package.json")
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Dependencies map[string]string }
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	for _, r := range mustRows(t) {
		if r.kind == "npm" && list.Dependencies[r.name] != r.version {
			t.Errorf("licences.csv has %s %s, package.json %q", r.name, r.version, list.Dependencies[r.name])
		}
		delete(list.Dependencies, r.name)
	}
	for name := range list.Dependencies {
		t.Errorf("licences.csv: no row for %s", name)
	}
}

// The texts are those that lie in the modules and packages themselves.
func TestLicenceTextsAreThoseOfTheModules(t *testing.T) {
	if _, err := os.Stat("../node_modules"); err != nil {
		t.Skip("the npm packages are not here: run make generate")
	}
	want := gathered(t)
	if *update {
		if err := os.WriteFile("licences.txt", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, []byte(licenceTexts)) {
		t.Fatal("licences.txt is not fresh: go test ./appliance -run TestLicenceTexts -update")
	}
	for _, r := range mustRows(t) {
		for holder := range strings.SplitSeq(r.holder, "; ") {
			name, _, _ := strings.Cut(holder, " (")
			if strings.HasPrefix(r.spdx, "Apache") || r.kind == "part" || r.spdx == "0BSD" {
				continue // their texts name nobody
			}
			if !strings.Contains(strings.Join(strings.Fields(licenceTexts), " "), name) {
				t.Errorf("%s: no text names %s", r.name, name)
			}
		}
	}
}

// gathered puts equal texts together, under the names of all they belong to.
func gathered(t *testing.T) []byte {
	linked := linkedModules(t)
	names := map[string][]string{}
	var order []string
	for _, r := range mustRows(t) {
		dir := linked[r.name]
		switch {
		case r.kind == "npm":
			dir = filepath.Join("..", "node_modules", r.name)
		case r.name == "Go":
			dir = goRoot(t)
		case r.kind == "part":
			continue
		}
		text := termsIn(t, dir)
		if names[text] == nil {
			order = append(order, text)
		}
		names[text] = append(names[text], r.name)
	}
	var out bytes.Buffer
	for _, text := range order {
		fmt.Fprintf(&out, "==== %s\n\n%s\n\n", strings.Join(names[text], ", "), text)
	}
	return out.Bytes()
}

// termsIn is every licence and notice of a module's folder.
func termsIn(t *testing.T, dir string) string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"LICENSE*", "COPYING*", "NOTICE*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if info, err := os.Stat(f); err == nil && info.Mode().IsRegular() { // REUSE keeps a folder of that name too
				files = append(files, f)
			}
		}
	}
	if len(files) == 0 {
		t.Fatalf("no licence in %s", dir)
	}
	slices.Sort(files)
	var texts []string
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, strings.TrimSpace(strings.ReplaceAll(string(raw), "\r\n", "\n")))
	}
	return strings.Join(texts, "\n\n")
}

// goRoot is where the toolchain keeps its own licence.
func goRoot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
