package powercut

import (
	"debug/elf"
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestTheRecorderKnowsEveryCall: should SQLite begin to write in another way, the
// recorder must learn it before the cuts mean anything.
func TestTheRecorderKnowsEveryCall(t *testing.T) {
	source, err := os.ReadFile("testdata/recorder.c")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range imported(t) {
		defined := regexp.MustCompile(`(?m)^[a-z].*[ *]` + name + `\(.*\)`)
		if changes(name) && !defined.Match(source) {
			t.Errorf("this binary calls %s, which the recorder does not record", name)
		}
	}
}

// imported are the names this binary takes from libc.
func imported(t *testing.T) []string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	symbols, err := f.ImportedSymbols()
	if err != nil || len(symbols) == 0 {
		t.Fatalf("a test linked statically cannot be recorded: run without -extldflags -static (%v)", err)
	}
	names := make([]string, len(symbols))
	for i, s := range symbols {
		names[i] = s.Name
	}
	return names
}

// changes tells whether a call of libc can change a file, its name or its
// durability.
func changes(name string) bool {
	return slices.Contains([]string{
		"open", "open64", "openat", "openat64", "creat", "creat64", "close",
		"write", "writev", "pwrite", "pwrite64", "pwritev", "pwritev64", "pwritev2", "pwritev64v2",
		"truncate", "truncate64", "ftruncate", "ftruncate64",
		"fallocate", "fallocate64", "posix_fallocate", "posix_fallocate64",
		"fsync", "fdatasync", "sync_file_range", "syncfs", "msync",
		"unlink", "unlinkat", "remove", "rename", "renameat", "renameat2", "link", "linkat", "symlink",
		"mmap", "mmap64", "sendfile", "sendfile64", "splice", "copy_file_range", "dup2", "dup3",
		"aio_write", "aio_write64", "io_submit", "fopen", "fopen64", "fdopen",
	}, name)
}
