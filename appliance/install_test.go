package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// installs runs scripts/install on a folder that stands for a box.
func installs(t *testing.T, box string, args ...string) (string, error) {
	t.Helper()
	c := exec.Command("bash", append([]string{"../scripts/install"}, args...)...)
	c.Env = append(os.Environ(), "DESTDIR="+box)
	out, err := c.CombinedOutput()
	return string(out), err
}

// treeOf is every file of a folder: its mode, when it was written, and its content.
func treeOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		tree[strings.TrimPrefix(path, dir)] = fmt.Sprint(info.Mode(), info.ModTime().UnixNano(), string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestInstallingTwiceIsInstallingOnce(t *testing.T) {
	box, program := t.TempDir(), filepath.Join(t.TempDir(), "phonghop")
	write(t, program, "first")
	if out, err := installs(t, box, program); err != nil || !strings.Contains(out, "Đã chép chương trình") {
		t.Fatalf("%v\n%s", err, out)
	}
	first := treeOf(t, box)
	for _, want := range []string{"/usr/local/bin/phonghop", "/etc/systemd/system/phonghop.service", "/etc/phonghop.env"} {
		if first[want] == "" {
			t.Errorf("%s is not there", want)
		}
	}
	if len(first) != 3 {
		t.Errorf("installed %d files", len(first))
	}
	if out, err := installs(t, box, program); err != nil || !strings.Contains(out, "Không có gì mới") {
		t.Errorf("%v\n%s", err, out)
	}
	if again := treeOf(t, box); !maps.Equal(first, again) {
		t.Errorf("the second run changed something: %v", again)
	}
}

func TestInstallingANewerProgramKeepsTheSettings(t *testing.T) {
	box, program := t.TempDir(), filepath.Join(t.TempDir(), "phonghop")
	write(t, program, "first")
	installs(t, box, program)
	settings, data := filepath.Join(box, "etc/phonghop.env"), filepath.Join(box, "var/lib/phonghop/journal.db")
	write(t, settings, "PHONGHOP_BACKUP=/mnt/saoluu\n")
	write(t, data, "the record")
	write(t, program, "second")
	if out, err := installs(t, box, program); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := readText(t, filepath.Join(box, "usr/local/bin/phonghop")); got != "second" {
		t.Errorf("the program is %q", got)
	}
	for range 2 {
		if out, err := installs(t, box, "--uninstall"); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if left := treeOf(t, box); len(left) != 2 || !strings.HasSuffix(left["/etc/phonghop.env"], "/mnt/saoluu\n") || !strings.HasSuffix(left["/var/lib/phonghop/journal.db"], "the record") {
		t.Errorf("left after taking it off: %v", left)
	}
}

func TestInstallingRefusesWhatItCannotDo(t *testing.T) {
	box := t.TempDir()
	for _, args := range [][]string{{filepath.Join(box, "none")}, {"--purge"}, {"a", "b"}} {
		if out, err := installs(t, box, args...); err == nil {
			t.Errorf("%v: %s", args, out)
		}
	}
	if left := treeOf(t, box); len(left) != 0 {
		t.Errorf("it left %v", left)
	}
}

// The unit is read by the system's own checker; the program stands in for ours,
// which is not installed here.
func TestUnitIsUnderstoodBySystemd(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "phonghop.service")
	text := readText(t, "../scripts/phonghop.service")
	write(t, unit, strings.Replace(text, "/usr/local/bin/phonghop", self, 1))
	out, err := exec.Command("systemd-analyze", "verify", unit).CombinedOutput()
	if err != nil || strings.Contains(string(out), "phonghop.service") {
		t.Errorf("%v\n%s", err, out)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
