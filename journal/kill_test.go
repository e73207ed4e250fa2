package journal

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestMain lets the test binary be the process that is killed, or the one on the
// small disk.
func TestMain(m *testing.M) {
	for variable, child := range map[string]func(string) error{
		"PHONGHOP_TEST_WRITER": writeUntilKilled, "PHONGHOP_TEST_FULL": fillDisk,
	} {
		dir := os.Getenv(variable)
		if dir == "" {
			continue
		}
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writeUntilKilled commits batches for ever and says how far it has come, each
// time after Commit has returned.
func writeUntilKilled(dir string) error {
	key, err := OpenKey(dir)
	if err != nil {
		return err
	}
	ctx := context.Background()
	j, err := Open(ctx, Config{Path: filepath.Join(dir, "journal.db"), Key: key})
	if err != nil {
		return err
	}
	for n := int(j.Logs()[1].Size); ; {
		b := j.Begin()
		for range 1 + n%13 {
			if _, err := b.Add(session, ballot(n)); err != nil {
				return err
			}
			n++
		}
		if err := b.Commit(ctx); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// A process is killed in the middle of its commits, again and again: what it
// acknowledged is there, the log verifies, and the next process goes on. (This
// says nothing about power; the fault harness does.)
func TestKillAndReopen(t *testing.T) {
	dir := t.TempDir()
	j := found(t, dir)
	fill(t, j, 1)
	j.Close()
	key := j.key
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	for range rounds {
		acknowledged := killOnce(t, dir)
		j := reopen(t, dir, key)
		all := collect(t, j, session, 0)
		if len(all) < acknowledged {
			t.Fatalf("%d entries of %d acknowledged", len(all), acknowledged)
		}
		for i, r := range all {
			if r.ID != ballot(i).ID {
				t.Fatalf("entry %d is %s", i, r.ID)
			}
		}
		if _, err := j.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
		j.Close()
	}
}

// killOnce runs a writer, kills it -9 after some acknowledgements, and tells the
// last one.
func killOnce(t *testing.T, dir string) (acknowledged int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PHONGHOP_TEST_WRITER="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for after := 1 + rand.IntN(30); after > 0 && lines.Scan(); after-- {
		acknowledged, _ = strconv.Atoi(lines.Text())
	}
	time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond) // anywhere within a commit
	cmd.Process.Kill()
	for lines.Scan() { // what it said before it died counts too
		acknowledged, _ = strconv.Atoi(lines.Text())
	}
	if cmd.Wait(); acknowledged == 0 {
		t.Fatal("the writer acknowledged nothing")
	}
	return acknowledged
}
