package pages

import (
	"image"
	"image/jpeg"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"phonghop/documents"
)

// TestMain runs the tests; started as "child" this binary is what phonghop pages
// is, and as "parent" a process that draws until it is killed.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == "child":
		if err := Main(os.Args[2:], os.Stdin, os.Stdout); err != nil {
			slog.Error("child", "err", err)
			os.Exit(1)
		}
	case len(os.Args) > 4 && os.Args[1] == "dying":
		times, _ := strconv.Atoi(os.Args[2])
		if err := Main(os.Args[4:], dying{os.Stdin, times, os.Args[3]}, os.Stdout); err != nil {
			os.Exit(1)
		}
	case len(os.Args) > 1 && os.Args[1] == "parent":
		drawUntilKilled(os.Args[2], os.Args[3])
	default:
		os.Exit(withChild(m.Run))
	}
}

// self is where tests find the child.
const self = "PAGES_TEST_CHILD"

// withChild runs the tests with this binary as the child; under the race detector, with
// one that is built without it, which draws ten times as fast and in the memory it
// is allowed.
func withChild(run func() int) int {
	child := os.Args[0]
	if built, ok := debug.ReadBuildInfo(); ok && slices.Contains(built.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		dir, err := os.MkdirTemp("", "phonghop-test-child")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		child = filepath.Join(dir, "pages.test")
		if out, err := exec.Command("go", "test", "-c", "-o", child, ".").CombinedOutput(); err != nil {
			panic(string(out))
		}
	}
	os.Setenv(self, child)
	return run()
}

// cacheFor is one folder for all tests and runs: the renderer is compiled once.
func cacheFor(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), "phonghop-test-renderer")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func drawer(t testing.TB, change func(*Config)) *Pages {
	t.Helper()
	docs, err := documents.Open(filepath.Join(t.TempDir(), "documents"))
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Documents: docs, Cache: cacheFor(t), Command: []string{os.Getenv(self), "child"}, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&c)
	}
	p := New(c)
	t.Cleanup(func() { p.Close() })
	return p
}

func need(t testing.TB, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(name, " is missing")
			}
			t.Skip(name, " is not installed")
		}
	}
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	need(t, name)
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// wrote is a file with these bytes.
func wrote(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func bytesOf(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// paperOf keeps a file as a document.
func (p *Pages) paperOf(t testing.TB, path, mime string) Paper {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ref, _, err := p.Documents.Put(t.Context(), f, 1<<31)
	if err != nil {
		t.Fatal(err)
	}
	return Paper{ref, mime, filepath.Base(path)}
}

// drawn draws a file whole.
func drawn(t testing.TB, p *Pages, path, mime string) (Book, []Page, error) {
	t.Helper()
	var all []Page
	book, err := p.Draw(t.Context(), p.paperOf(t, path, mime), func(pg Page) error {
		all = append(all, pg)
		return nil
	})
	return book, all, err
}

// stillDraws fails where an innocent paper is not drawn now.
func stillDraws(t *testing.T, p *Pages) {
	t.Helper()
	if _, all, err := drawn(t, p, wrote(t, "innocent.pdf", rawPDF(page("0 0 200 200", "", "10 10 100 100 re f"))), typePDF); err != nil || len(all) != 1 || all[0].Failed || all[0].Coarse {
		t.Errorf("the next paper: %+v, %v", all, err)
	}
}

// picture is what was drawn of a page.
func (p *Pages) picture(t testing.TB, pg Page) image.Image {
	t.Helper()
	f, err := p.Documents.Open(pg.Image)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := jpeg.Decode(f)
	if err != nil || m.Bounds().Dx() != pg.W || m.Bounds().Dy() != pg.H {
		t.Fatalf("the picture is %v, %v; it is said to be %d x %d", m.Bounds(), err, pg.W, pg.H)
	}
	return m
}

// marked counts the pixels of a part of a page that are like none of the paper.
func marked(m image.Image, x, y, w, h float32) (n int) {
	b := m.Bounds()
	for py := int(y * float32(b.Dy())); py < int((y+h)*float32(b.Dy())); py++ {
		for px := int(x * float32(b.Dx())); px < int((x+w)*float32(b.Dx())); px++ {
			if r, g, b, _ := m.At(px, py).RGBA(); min(r, g, b) < 0x8000 {
				n++
			}
		}
	}
	return n
}
