package templates

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	iconUse  = regexp.MustCompile(`\bIcon\("([a-z0-9-]+)"`)
	glyphUse = regexp.MustCompile(`\bGlyph\("([a-z-]+)"`)
)

func TestEveryIconOfAPageIsInTheSprite(t *testing.T) {
	list, err := os.ReadFile("assets/icons/lucide.txt")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for name := range strings.FieldsSeq(string(list)) {
		listed[name] = true
	}
	ours, err := os.ReadFile("assets/icons/glyphs.svg")
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range pageSources(t) {
		for _, m := range iconUse.FindAllStringSubmatch(text, -1) {
			if !listed[m[1]] {
				t.Errorf("%s draws the icon %s, which assets/icons/lucide.txt does not name", file, m[1])
			}
		}
		for _, m := range glyphUse.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(string(ours), `id="g-`+m[1]+`"`) {
				t.Errorf("%s draws the sign %s, which assets/icons/glyphs.svg does not hold", file, m[1])
			}
		}
	}
}

// pageSources are the pages as they are written.
func pageSources(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.templ")
	if err != nil || len(names) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	all := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}

func TestAssetsAreFoundUnderTheirAddress(t *testing.T) {
	if manifest() == nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the assets are not built: make assets")
		}
		t.Skip("the assets are not built: make assets")
	}
	for _, name := range []string{"main.css", "main.js", "icons.svg", "icon.svg", "licences.txt"} {
		address := asset(name)
		file := strings.TrimPrefix(address, "/assets/")
		if file == name {
			t.Errorf("%s has no address marked by its content", name)
		}
		if content, err := fs.ReadFile(Assets(), file); err != nil || len(content) == 0 {
			t.Errorf("nothing under %s: %v", address, err)
		}
	}
}
