package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// inRoot runs a test where main runs: in the root of the source, with packages.
func inRoot(t *testing.T) {
	t.Helper()
	t.Chdir("../..")
	if _, err := os.Stat(packages); err == nil {
		return
	}
	lacking(t, "the packages of package.json are not there: npm ci")
}

// lacking skips a test that cannot run here; on the build machine it fails.
func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

func TestBundleIsWhatOldTabletsRead(t *testing.T) {
	inRoot(t)
	files, err := bundle()
	if err != nil {
		t.Fatal(err)
	}
	css, js := content(t, files, "main-*.css"), content(t, files, "main-*.js")
	for _, c := range []struct{ what, text, pattern string }{
		{"nested rules", css, `&`},
		{"letters from another host", css, `https?://`},
		{"inline letters", css, `url\(data:`},
		{"a module", js, `(^|\n)(import|export)\b`},
	} {
		if regexp.MustCompile(c.pattern).MatchString(c.text) {
			t.Errorf("the bundle has %s", c.what)
		}
	}
	for _, name := range regexp.MustCompile(`url\(\.?/?([^)"']+)\)`).FindAllStringSubmatch(css, -1) {
		if strings.HasSuffix(name[1], ".woff2") && files[name[1]] == nil {
			t.Errorf("main.css asks for %s, which is not built", name[1])
		}
	}
	if !strings.HasPrefix(css, "@layer tokens,reset,base,components,screens,states;") {
		t.Error("the order of layers does not come first")
	}
}

func content(t *testing.T, files fileSet, pattern string) string {
	t.Helper()
	for name, text := range files {
		if ok, _ := filepath.Match(pattern, name); ok {
			return string(text)
		}
	}
	t.Fatalf("no %s was built", pattern)
	return ""
}

func TestSpriteHoldsOurSignsAndTheListed(t *testing.T) {
	inRoot(t)
	got, err := sprite(sources+"/icons", packages+"/lucide-static")
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(sources + "/icons/lucide.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"g-for", "g-against", "g-abstain", "g-absent", "g-asks", "g-lost", "g-speaks", "mark"}
	for name := range strings.FieldsSeq(string(list)) {
		want = append(want, "l-"+name)
	}
	for _, id := range want {
		if n := strings.Count(string(got), `id="`+id+`"`); n != 1 {
			t.Errorf("symbol %s stands in the sprite %d times", id, n)
		}
	}
}

func TestLicencesNameEveryPackage(t *testing.T) {
	inRoot(t)
	got, err := licences(packages)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"@fontsource/be-vietnam-pro", "htmx.org", "lucide-static", "SIL OPEN FONT LICENSE", "ISC"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("the notices lack %q", want)
		}
	}
}

func TestWriteReplacesWhatWasThere(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"main-AAAAAAAA.css", ".gitkeep"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files := fileSet{}
	files.add("main.css", []byte("body{}"))
	if err := files.write(dir); err != nil {
		t.Fatal(err)
	}
	var got []string
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		got = append(got, e.Name())
	}
	if len(got) != 3 || got[0] != ".gitkeep" || !hashed.MatchString(got[1]) || got[2] != "manifest.json" {
		t.Errorf("the folder holds %q", got)
	}
	if err := (fileSet{"main.css": nil}).write(dir); err == nil {
		t.Error("a name without a mark of its content was taken")
	}
}
