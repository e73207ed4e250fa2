package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestMain runs the tests, or, where a figure started this binary again as its
// floor, that floor.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "floor" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestOnce runs every figure and a soak once, with few tablets: that they measure
// what they say. How long anything takes is no matter here.
func TestOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program and runs it for about a minute")
	}
	binary := filepath.Join(t.TempDir(), "phonghop")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../../appliance").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	t.Run("figures", func(t *testing.T) { everyFigure(t, binary) })
	t.Run("soak", func(t *testing.T) { shortSoak(t, binary) })
}

func everyFigure(t *testing.T, binary string) {
	t.Parallel() // the soak mostly waits
	b := &bench{binary: binary, most: 20, dir: t.TempDir()}
	if err := certify(b.cert(), b.key()); err != nil {
		t.Fatal(err)
	}
	for _, f := range figures() {
		t.Run(f.name, func(t *testing.T) {
			r, err := b.measure(t.Context(), f)
			if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") == "" {
				t.Skipf("a program is missing here: %v", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(r.room) == 0 || f.relative && len(r.under) != len(r.room) {
				t.Errorf("measured %v of the room, %v of its floor", r.room, r.under)
			}
		})
	}
}

// shortSoak: whatever the load, every ballot is acknowledged and counted, and a
// room that everybody has left is as it was before they came.
func shortSoak(t *testing.T, binary string) {
	t.Parallel()
	err := soakRun(t.Context(), []string{"-binary", binary, "-length", "20s", "-hours", "2", "-tablets", "12", "-votes", "8", "-anew=false"}, t.Output())
	if err != nil {
		t.Error(err)
	}
}
