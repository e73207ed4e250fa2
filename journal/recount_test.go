package journal

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exported is a log as it is handed to a stranger.
type exported struct{ log, checkpoint, keys, bodies string }

func export(t *testing.T, j *Journal, log string) exported {
	t.Helper()
	var lines, bodies bytes.Buffer
	for _, r := range collect(t, j, log, 0) {
		lines.Write(append(r.Line(), '\n'))
		if r.Body != nil {
			fmt.Fprintf(&bodies, "{\"seq\":%d,\"salt\":%q,\"body\":%q}\n", r.Seq, hex.EncodeToString(r.Salt), hex.EncodeToString(r.Body))
		}
	}
	checkpoint, err := j.Checkpoint(log)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	put := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return exported{put("log.jsonl", lines.Bytes()), put("checkpoint", checkpoint),
		put("keys", []byte(strings.Join(j.PublicKeys(), "\n")+"\n")), put("bodies.jsonl", bodies.Bytes())}
}

// counted is what recount.mjs prints.
type counted struct {
	Log     string
	Epoch   int
	Size    int64
	Root    string
	Bodies  int
	Votes   map[string]map[string]int
	Codes   []string
	Results []string

	Seq   int64
	Wrong string
}

func recount(t *testing.T, x exported) counted {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("the recount needs Node.js 20: apt-get install nodejs, or https://nodejs.org")
		}
		t.Skip("the recount needs Node.js 20: apt-get install nodejs, or https://nodejs.org")
	}
	out, err := exec.Command(node, "testdata/recount.mjs", x.log, x.checkpoint, x.keys, x.bodies).Output()
	var c counted
	if uerr := json.Unmarshal(out, &c); uerr != nil {
		t.Fatalf("recount.mjs printed %q: %v, %v", out, err, uerr)
	}
	if (err == nil) != (c.Wrong == "") {
		t.Fatalf("recount.mjs ended with %v after printing %s", err, out)
	}
	return c
}

// strange are texts that two JSON writers could put down in different ways.
func strange() []string {
	all := []string{"<b>&'\"\\/</b>", "\u2028\u2029\u007f\u0080\ufeff", "Nghị quyết số 47/2026/NQ-HĐND", "😀𝒳", ""}
	for c := range 0x20 {
		all = append(all, "a"+string(rune(c))+"z")
	}
	return all
}

// sitting records three votes with changes of mind, and entries with strange texts.
func sitting(t *testing.T, j *Journal) map[string]map[string]int {
	t.Helper()
	votes := map[string]map[string]int{}
	b := j.Begin()
	for v := range 3 {
		vote, counts := fmt.Sprintf("vote-%d", v), map[string]int{}
		for m := range 20 {
			last := ""
			for n := 1; n <= 1+m%3; n++ {
				last = []string{"for", "against", "abstain"}[(v+m*n)%3]
				data, _ := json.Marshal(map[string]any{"vote": vote, "member": fmt.Sprint("m", m), "n": n, "choice": last})
				add(t, b, session, Draft{ID: fmt.Sprintf("%s/m%d/%d", vote, m, n), Kind: "BallotCast", At: at(m), By: fmt.Sprint("m", m), Data: data})
			}
			counts[last]++
		}
		votes[vote] = counts
		commit(t, b)
		b = j.Begin()
	}
	for i, s := range strange() {
		data, _ := json.Marshal(map[string]any{s: []any{s, 1.50, 1e21, nil, true, map[string]string{"x": s}}, "z": "\n"})
		add(t, b, session, Draft{ID: fmt.Sprint("strange-", i), Kind: "NoteWritten", At: at(i), By: s, Seat: s, Hold: i%2 == 0,
			Refs: []string{strings.Repeat("ab", 32), strings.Repeat("09", 32)}[:i%3], Data: data, Body: []byte(s)})
	}
	commit(t, b)
	return votes
}

func TestRecountInAnotherLanguage(t *testing.T) {
	j := found(t, t.TempDir())
	votes := sitting(t, j)
	x := export(t, j, session)
	got := recount(t, x)
	log := j.Logs()[1]
	want := counted{Log: session, Epoch: 1, Size: log.Size, Root: log.Root.String(), Votes: votes}
	for _, r := range collect(t, j, session, 0) {
		want.Codes = append(want.Codes, BallotCode(r.Leaf))
		want.Results = append(want.Results, ResultCode(r.Leaf))
		if r.Body != nil {
			want.Bodies++
		}
	}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("the stranger counts\n%+v\nwe count\n%+v", got, want)
	}
	if room := recount(t, export(t, j, RoomLog)); room.Size != 1 || room.Log != RoomLog {
		t.Errorf("the room's log: %+v", room)
	}
}

func TestRecountFindsWhatIsWrong(t *testing.T) {
	j := found(t, t.TempDir())
	sitting(t, j)
	tests := map[string]struct {
		change func(*testing.T, exported)
		seq    int64
	}{
		"a choice":      {edit(func(x exported) string { return x.log }, nthLine(30, "for", "fox")), -1},
		"a byte":        {edit(func(x exported) string { return x.log }, nthLine(30, `{"v":1`, `{"v":2`)), 30},
		"white space":   {edit(func(x exported) string { return x.log }, nthLine(7, `,"n"`, `, "n"`)), 7},
		"an escape":     {edit(func(x exported) string { return x.log }, nthLine(8, `choice`, `\u0063hoice`)), 8},
		"an entry gone": {edit(func(x exported) string { return x.log }, func(l []string) []string { return slices.Delete(l, 12, 13) }), 12},
		"the last gone": {edit(func(x exported) string { return x.log }, func(l []string) []string { return l[:len(l)-1] }), int64(len(collect(t, j, session, 0)) - 1)},
		"two swapped":   {edit(func(x exported) string { return x.log }, func(l []string) []string { l[3], l[4] = l[4], l[3]; return l }), 3},
		"one added":     {edit(func(x exported) string { return x.log }, repeatLast), int64(len(collect(t, j, session, 0)))},
		"a body":        {edit(func(x exported) string { return x.bodies }, nthLine(0, `"body":"3c`, `"body":"3d`)), int64(len(collect(t, j, session, 0)) - len(strange()))},
		"the size":      {edit(func(x exported) string { return x.checkpoint }, nthLine(1, "1", "2")), -1},
		"the key": {func(t *testing.T, x exported) {
			if err := os.WriteFile(x.keys, []byte(found(t, t.TempDir()).PublicKey()+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, -1},
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		t.Run(name, func(t *testing.T) {
			x := export(t, j, session)
			tests[name].change(t, x)
			got := recount(t, x)
			if got.Wrong == "" || got.Seq != tests[name].seq {
				t.Errorf("found %q at %d, want it at %d", got.Wrong, got.Seq, tests[name].seq)
			}
		})
	}
}

// edit changes the lines of one of the exported files; it must change something.
func edit(which func(exported) string, change func([]string) []string) func(*testing.T, exported) {
	return func(t *testing.T, x exported) {
		t.Helper()
		data, err := os.ReadFile(which(x))
		if err != nil {
			t.Fatal(err)
		}
		lines := change(strings.Split(strings.TrimSuffix(string(data), "\n"), "\n"))
		after := []byte(strings.Join(lines, "\n") + "\n")
		if bytes.Equal(after, data) {
			t.Fatal("nothing was changed")
		}
		if err := os.WriteFile(which(x), after, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func nthLine(n int, from, to string) func([]string) []string {
	return func(lines []string) []string {
		lines[n] = strings.Replace(lines[n], from, to, 1)
		return lines
	}
}

// repeatLast adds a last line that is well-formed and was never signed.
func repeatLast(lines []string) []string {
	last := lines[len(lines)-1]
	seq := len(lines) - 1
	last = strings.Replace(last, fmt.Sprintf(`"seq":%d`, seq), fmt.Sprintf(`"seq":%d`, seq+1), 1)
	return append(lines, strings.Replace(last, `"id":"`, `"id":"x`, 1))
}
