package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "phonghop"

// arrows is the map of imports: what each package may import of ours, and why no
// more. A new package takes its place here first.
var arrows = map[string]struct {
	may []string
	why string
}{
	"rules":     {nil, "what an auditor reads stands alone"},
	"viet":      {nil, "how Vietnamese is written depends on nothing of ours"},
	"store":     {nil, "a durable file knows nothing of what is in it"},
	"meeting":   {[]string{"rules", "viet"}, "the law of the room is pure: no disk, no network, no clock"},
	"journal":   {[]string{"store"}, "an older centre must receive and verify kinds of a newer meeting"},
	"documents": {[]string{"store"}, "bytes are kept without knowing whose they are"},
	"access":    {[]string{"store"}, "who sits at a tablet is no part of any session"},
	"roster":    {[]string{"viet"}, "reading a list of people decides nothing about a session"},
	"room":      {[]string{"journal", "meeting", "store"}, "the one writer needs the law, the journal, and to tell a full disk from an uncertain one; no pages"},
	"templates": {[]string{"meeting", "minutes", "rules", "viet"}, "pages are drawn from views and can reach nothing else"},
	"pages":     {[]string{"documents", "viet"}, "the child that draws knows papers and nothing of a session"},
	"search":    {[]string{"store", "viet"}, "an index of words; whose they are is asked of the session"},
	"ghosts":    {[]string{"sync/letters"}, "a simulated tablet knows the room as tablets do: by its addresses and the key it is told to trust"},
	"rehearsal": {[]string{"access", "journal", "meeting", "room", "rules", "store", "viet"}, "a second room beside the first, without pages; who plays in it comes over the network"},
	"press":     {[]string{"documents", "meeting", "pages", "room", "search", "store"}, "turns the session's papers into pages and names them in its log"},
	"inbox":     {[]string{"documents", "meeting", "room", "store", "viet"}, "papers arrive; what becomes of them the room decides"},
	"drafts":    {[]string{"store"}, "text being typed is no part of any session"},
	"minutes":   {[]string{"meeting", "rules", "viet"}, "minutes are drawn from the account of a session and nothing else"},
	"dossier":   {[]string{"documents", "journal", "meeting", "minutes", "room", "rules", "store", "viet"}, "the session file is made from the log and the papers, and checked without the room"},
	"web":       {[]string{"access", "documents", "drafts", "dossier", "ghosts", "inbox", "journal", "meeting", "minutes", "pages", "press", "rehearsal", "room", "roster", "rules", "search", "store", "sync/courier", "checkup", "templates", "viet"}, "handlers never touch the disk themselves"},

	"backup":       {[]string{"documents", "journal", "store"}, "a copy is made and checked without understanding it"},
	"checkup":      {[]string{"access", "backup", "documents", "journal", "meeting", "room", "store", "sync/courier", "viet"}, "looks at every part of a box and changes none"},
	"announce":     {nil, "a name on the network knows nothing of what is behind it"},
	"sync/letters": {nil, "both ends speak it; it depends on neither"},
	"sync/courier": {[]string{"documents", "journal", "store", "sync/letters"}, "what is brought to the centre is not understood on the way"},
	"sync/centre":  {[]string{"documents", "dossier", "journal", "meeting", "minutes", "room", "rules", "search", "store", "sync/letters", "templates", "viet"}, "a centre holds copies; it never sits in a room"},

	"store/powercut": {nil, "only its tests know the parts it cuts off"},
}

// wirers import whatever they put together.
var wirers = []string{"appliance", "scripts"}

// pure packages must give the same answer years later.
var pure = map[string][]string{
	"rules":   {"os", "net", "database/sql", "io/fs", "math/rand", "crypto/rand"},
	"meeting": {"os", "net", "database/sql", "io/fs", "math/rand", "crypto/rand"},
	"viet":    {"os", "net", "database/sql", "io/fs"},
}

type listed struct {
	ImportPath string
	Dir        string
	Doc        string
	Name       string
	GoFiles    []string
	Imports    []string
}

// packages are those of this module, as go list knows them.
func packages(t *testing.T) []listed {
	t.Helper()
	c := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Doc,Name,GoFiles,Imports", "./...")
	c.Dir = ".."
	out, err := c.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.ImportPath, "/node_modules/") {
			all = append(all, p)
		}
	}
}

func (p listed) path() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

func (p listed) wires() bool {
	top, _, _ := strings.Cut(p.path(), "/")
	return slices.Contains(wirers, top)
}

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range packages(t) {
		if p.wires() {
			continue
		}
		arrow, known := arrows[p.path()]
		if !known {
			t.Errorf("package %s has no place in the map of imports", p.path())
			continue
		}
		for _, i := range p.Imports {
			ours, ok := strings.CutPrefix(i, module+"/")
			if ok && !slices.Contains(arrow.may, ours) {
				t.Errorf("%s imports %s: %s", p.path(), ours, arrow.why)
			}
			// search.db may be lost at any time; everything else must be durable.
			if i == "github.com/mattn/go-sqlite3" && p.path() != "store" && p.path() != "search" {
				t.Errorf("%s imports SQLite: store is the one way to open what must last", p.path())
			}
			if slices.Contains(pure[p.path()], i) {
				t.Errorf("%s imports %s and is no longer pure", p.path(), i)
			}
		}
	}
}

func TestPurePackagesReadNoClock(t *testing.T) {
	for _, p := range packages(t) {
		if pure[p.path()] == nil {
			continue
		}
		for _, name := range p.GoFiles {
			files := token.NewFileSet()
			f, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := call.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "After", "Sleep"}, call.Sel.Name) {
					t.Errorf("%s: time.%s", files.Position(call.Pos()), call.Sel.Name)
				}
				return true
			})
		}
	}
}
