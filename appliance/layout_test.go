package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	fileMost     = 500 // lines
	functionMost = 80
)

// forbidden are names that say nothing.
var forbidden = []string{"util", "utils", "common", "helper", "helpers", "manager", "service", "model", "models", "core", "base", "types", "handler", "handlers"}

// sources are the Go files of the repository, from its root.
func sources(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go"):
			out = append(out, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func generated(path string) bool { return strings.HasSuffix(path, "_templ.go") }

// parsed reads a file; complain makes a wish of what is a duty elsewhere, for
// tests.
func parsed(t *testing.T, path string) (*token.FileSet, *ast.File, func(string, ...any)) {
	t.Helper()
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(path, "_test.go") {
		return files, f, t.Logf
	}
	return files, f, t.Errorf
}

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	for _, path := range sources(t) {
		if generated(path) {
			continue
		}
		files, f, complain := parsed(t, path)
		if n := files.Position(f.End()).Line; n > fileMost {
			complain("%s has %d lines; %d is the most: find a better cut", path, n, fileMost)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || f.Name.Name == "web" && fn.Name.Name == "routes" { // the one table may be as long as it is
				continue
			}
			from, to := files.Position(fn.Pos()), files.Position(fn.End())
			if n := to.Line - from.Line + 1; n > functionMost {
				complain("%s: %s has %d lines; %d is the most", from, fn.Name.Name, n, functionMost)
			}
		}
	}
}

func TestNoNameSaysNothing(t *testing.T) {
	for _, path := range sources(t) {
		name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".go"), "_test")
		if slices.Contains(forbidden, name) {
			t.Errorf("%s: a file name that says nothing", path)
		}
		if generated(path) {
			continue
		}
		files, f, _ := parsed(t, path)
		if slices.Contains(forbidden, f.Name.Name) {
			t.Errorf("%s: package %s", path, f.Name.Name)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && slices.Contains(forbidden, strings.ToLower(spec.Name.Name)) && !meant(f, spec) {
				t.Errorf("%s: type %s", files.Position(spec.Pos()), spec.Name.Name)
			}
			return true
		})
	}
}

// meant: a majority is taken of a base; that word is the law's.
func meant(f *ast.File, spec *ast.TypeSpec) bool {
	return f.Name.Name == "rules" && spec.Name.Name == "Base"
}

func TestNoFunctionInits(t *testing.T) {
	for _, path := range sources(t) {
		files, f, _ := parsed(t, path)
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: func init", files.Position(fn.Pos()))
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && !saysWhatItIs(t, p) {
			t.Errorf("package %s has no doc that begins %q", p.path(), "Package "+p.Name+" ")
		}
	}
}

func saysWhatItIs(t *testing.T, p listed) bool {
	t.Helper()
	for _, name := range p.GoFiles {
		if generated(name) {
			continue
		}
		_, f, _ := parsed(t, filepath.Join(p.Dir, name))
		doc := f.Doc.Text()
		if strings.HasPrefix(doc, "Package "+p.Name+" ") || p.Name == "main" && doc != "" {
			return true
		}
	}
	return false
}

func TestGoModReplacesNothing(t *testing.T) {
	mods, err := filepath.Glob("../tools/*/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(mods, "../go.mod", "../tools/go.mod") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`(?m)^\s*replace\b`).Match(raw) {
			t.Errorf("%s has a replace: the program must build from its own tag alone", path)
		}
	}
}

// The generated code of the templates is what the generator makes of them now.
func TestGeneratedTemplatesAreFresh(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "templates")
	templs, err := filepath.Glob("../templates/*.templ")
	if err != nil || len(templs) == 0 {
		t.Fatalf("no templates found: %v", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range templs {
		copyFile(t, path, filepath.Join(dir, filepath.Base(path)))
	}
	c := exec.Command("go", "tool", "-modfile=tools/go.mod", "templ", "generate", "-path", dir)
	c.Dir = ".."
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("templ generate: %v\n%s", err, out)
	}
	fresh, err := filepath.Glob(filepath.Join(dir, "*_templ.go"))
	if err != nil || len(fresh) != len(templs) {
		t.Fatalf("%d files generated of %d templates: %v", len(fresh), len(templs), err)
	}
	for _, path := range fresh {
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("../templates", filepath.Base(path)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("templates/%s is not fresh: make generate (%v)", filepath.Base(path), err)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}
