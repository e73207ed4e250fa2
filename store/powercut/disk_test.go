package powercut

import (
	"bytes"
	"syscall"
	"testing"
)

func opened(fd int, name string) Op {
	return Op{Kind: Open, FD: fd, At: syscall.O_CREAT, Bytes: []byte(name)}
}
func wrote(fd int, at int64, b string) Op { return Op{Kind: Write, FD: fd, At: at, Bytes: []byte(b)} }
func synced(fd int) Op                    { return Op{Kind: Sync, FD: fd} }
func failed(fd int) Op                    { return Op{Kind: Sync, FD: fd, Failed: int(syscall.EIO)} }
func unlinked(name string) Op             { return Op{Kind: Unlink, Bytes: []byte(name)} }
func renamed(from, to string) Op          { return Op{Kind: Rename, Bytes: []byte(from + "\x00" + to)} }

// named is a file whose name is on disk.
func named(ops ...Op) []Op {
	return append([]Op{opened(1, "."), opened(2, "a"), synced(1)}, ops...)
}

type diskCase struct {
	name string
	ops  []Op
	may  []string
}

// What a cut may leave of file a: every one of these, and nothing else. "-" says
// that there is no such file.
func TestDisk(t *testing.T) {
	long := string(bytes.Repeat([]byte("x"), sectorSize))
	for _, c := range []diskCase{
		{"a write that was synced", named(wrote(2, 0, "one"), synced(2)), []string{"one"}},
		{"a write that was not", named(wrote(2, 0, "one")), []string{"", "one", "\x00\x00\x00"}},
		{"one after the other", named(wrote(2, 0, "one"), synced(2), wrote(2, 0, "two")), []string{"one", "two"}},
		{"a failed sync keeps its pages lost", named(wrote(2, 0, "one"), synced(2), wrote(2, 0, "two"), failed(2), synced(2)), []string{"one", "two"}},
		{"unless they are written again", named(wrote(2, 0, "one"), failed(2), wrote(2, 1, "N"), synced(2)), []string{"oNe"}},
		{"cut to nothing, not synced", named(wrote(2, 0, "one"), synced(2), Op{Kind: Truncate, FD: 2}), []string{"one", "", "\x00\x00\x00"}},
		{"cut to nothing, synced", named(wrote(2, 0, "one"), synced(2), Op{Kind: Truncate, FD: 2}, synced(2)), []string{""}},
		{"a name that was not synced", []Op{opened(2, "a"), wrote(2, 0, "one"), synced(2)}, []string{"-", "one"}},
		{"removed, not synced", named(wrote(2, 0, "one"), synced(2), unlinked("a")), []string{"-", "one"}},
		{"removed, synced", named(unlinked("a"), synced(1)), []string{"-"}},
		{"renamed over, not synced", named(wrote(2, 0, "one"), synced(2), opened(3, "b"), synced(1), wrote(3, 0, "two"), synced(3), renamed("b", "a")), []string{"one", "two"}},
		{"renamed over, synced", named(wrote(2, 0, "one"), synced(2), opened(3, "b"), wrote(3, 0, "two"), synced(3), renamed("b", "a"), synced(1)), []string{"two"}},
		{"torn between sectors", named(wrote(2, 0, long+"one"), synced(2), wrote(2, sectorSize-1, "y"+"two")), []string{long + "one", long[1:] + "ytwo", long + "two", long[1:] + "yone"}},
	} {
		t.Run(c.name, c.check)
	}
}

func (c diskCase) check(t *testing.T) {
	d := NewDisk()
	for _, op := range c.ops {
		if err := d.Apply(op); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for seed := range uint64(400) {
		b, there := d.Cut(seed)["a"]
		if !there {
			b = []byte("-")
		}
		seen[string(b)] = true
	}
	for _, want := range c.may {
		if !seen[want] {
			t.Errorf("never found %q", want)
		}
		delete(seen, want)
	}
	for other := range seen {
		t.Errorf("found %q, which cannot be", other)
	}
}

// The same seed gives the same folder: a loss can be looked at again.
func TestCutIsRepeatable(t *testing.T) {
	d := NewDisk()
	for _, op := range named(wrote(2, 0, string(make([]byte, 20*pageSize))), wrote(2, 5000, "one"), opened(3, "b"), wrote(3, 7, "two")) {
		if err := d.Apply(op); err != nil {
			t.Fatal(err)
		}
	}
	for seed := range uint64(50) {
		a, b := d.Cut(seed), d.Cut(seed)
		if len(a) != len(b) || !bytes.Equal(a["a"], b["a"]) || !bytes.Equal(a["b"], b["b"]) {
			t.Fatalf("seed %d gave two folders", seed)
		}
	}
}

// What the model does not know it refuses, or its silence would prove nothing.
func TestDiskRefuses(t *testing.T) {
	for name, op := range map[string]Op{
		"an unknown call":     {Kind: Other, Bytes: []byte("fallocate")},
		"a mapped database":   {Kind: Map, FD: 2},
		"a foreign file":      {Kind: Open, FD: 9, Bytes: []byte("stranger")},
		"a closed descriptor": {Kind: Write, FD: 7},
	} {
		d := NewDisk()
		for _, before := range named() {
			if err := d.Apply(before); err != nil {
				t.Fatal(err)
			}
		}
		if d.Apply(op) == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
